//! The form of the machine's instructions: prefixes, opcode, operands.

const RSP: u8 = 4;
const RBP: u8 = 5;

/// The map that an opcode is in: one byte, or what follows `0F`, `0F 38` and `0F 3A`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Map {
    One,
    Two,
    ThreeA,
    ThreeB,
}

/// A memory operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Memory {
    pub(super) base: Option<u8>,
    /// A register, and how far it is shifted to the left.
    pub(super) index: Option<(u8, u8)>,
    pub(super) displacement: i64,
}

impl Memory {
    /// The address, with these general-purpose registers.
    pub(super) fn address(self, general: &[u64; 16]) -> u64 {
        let base = self.base.map_or(0, |base| general[usize::from(base)]);
        let index = self.index.map_or(0, |(index, shift)| general[usize::from(index)] << shift);
        base.wrapping_add(index).wrapping_add_signed(self.displacement)
    }
}

/// The operand that is a register or in memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Operand {
    None,
    Register(u8),
    Memory(Memory),
    /// In memory, so many bytes behind the end of the instruction.
    Behind(i32),
    /// In memory, at an address that is not made of registers and a plain displacement.
    Elsewhere,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Instruction {
    pub(super) length: usize,
    pub(super) map: Map,
    pub(super) opcode: u8,
    /// Whether the operands have 64 bits.
    pub(super) wide: bool,
    /// Whether the prefix `66` makes them have 16 bits.
    pub(super) narrow: bool,
    /// The prefix `F2` or `F3`.
    pub(super) repeat: Option<u8>,
    /// The operand that is a register, or more of the opcode.
    pub(super) register: u8,
    pub(super) operand: Operand,
    /// The end of the instruction as a number, if it has 8 or 32 bits: the distance of a branch, or an operand.
    pub(super) immediate: Option<i32>,
}

struct Bytes<'a> {
    code: &'a [u8],
    at: usize,
}

impl Bytes<'_> {
    fn peek(&self) -> Option<u8> {
        self.code.get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn next_i32(&mut self) -> Option<i32> {
        let bytes = self.code.get(self.at..)?.first_chunk::<4>()?;
        self.at += 4;
        Some(i32::from_le_bytes(*bytes))
    }
}

/// What prefixes say.
#[derive(Clone, Copy, Default)]
struct Prefixes {
    wide: bool,
    narrow: bool,
    repeat: Option<u8>,
    /// Bits to be added to the numbers of the register, the index and the base.
    extensions: [u8; 3],
    /// Whether a displacement of one byte is to be multiplied by the width of the access.
    scaled: bool,
}

/// The instruction at the beginning of some code, if it is one of those that compiled code consists of.
pub(super) fn decode(code: &[u8]) -> Option<Instruction> {
    let mut bytes = Bytes { code, at: 0 };
    let (prefixes, map) = decode_prefixes(&mut bytes)?;
    let opcode = bytes.next()?;
    let (register, operand) = match has_operand_byte(map, opcode) {
        true => decode_operands(&mut bytes, prefixes)?,
        false => (0, Operand::None),
    };
    let immediate = match immediate_length(map, opcode, register, prefixes)? {
        1 => Some(bytes.next()?.cast_signed().into()),
        4 => Some(bytes.next_i32()?),
        length => {
            bytes.at += length;
            None
        }
    };
    let Prefixes { wide, repeat, .. } = prefixes;
    let length = bytes.at;
    (length <= code.len()).then_some(Instruction {
        narrow: prefixes.narrow,
        length,
        map,
        opcode,
        wide,
        repeat,
        register,
        operand,
        immediate,
    })
}

fn decode_prefixes(bytes: &mut Bytes<'_>) -> Option<(Prefixes, Map)> {
    let mut prefixes = Prefixes::default();
    let bit = |byte: u8, at: u8| (byte >> at & 1) << 3;
    loop {
        match bytes.peek()? {
            0x66 => prefixes.narrow = true,
            repeat @ (0xf2 | 0xf3) => prefixes.repeat = Some(repeat),
            0xf0 => {}
            _ => break,
        }
        bytes.at += 1;
    }
    match bytes.peek()? {
        // VEX and EVEX hold all prefixes and the map; registers are extended by the inverted bits.
        vex @ (0xc4 | 0xc5 | 0x62) => {
            bytes.at += 1;
            let first = bytes.next()?;
            prefixes.extensions[0] = bit(!first, 7);
            let (map, last) = match vex {
                0xc5 => (1, first),
                _ => {
                    prefixes.extensions = [bit(!first, 7), bit(!first, 6), bit(!first, 5)];
                    let second = bytes.next()?;
                    prefixes.wide = second & 0x80 != 0;
                    (first & if vex == 0x62 { 7 } else { 0x1f }, second)
                }
            };
            if vex == 0x62 {
                prefixes.scaled = true;
                bytes.at += 1;
            }
            match last & 3 {
                1 => prefixes.narrow = true,
                2 => prefixes.repeat = Some(0xf3),
                3 => prefixes.repeat = Some(0xf2),
                _ => {}
            }
            let map = match map {
                1 => Map::Two,
                2 => Map::ThreeA,
                3 => Map::ThreeB,
                _ => return None,
            };
            return Some((prefixes, map));
        }
        rex @ 0x40..=0x4f => {
            bytes.at += 1;
            prefixes.wide = rex & 8 != 0;
            prefixes.extensions = [bit(rex, 2), bit(rex, 1), bit(rex, 0)];
        }
        _ => {}
    }
    if bytes.peek()? != 0x0f {
        return Some((prefixes, Map::One));
    }
    bytes.at += 1;
    let map = match bytes.peek()? {
        0x38 => Map::ThreeA,
        0x3a => Map::ThreeB,
        _ => return Some((prefixes, Map::Two)),
    };
    bytes.at += 1;
    Some((prefixes, map))
}

/// The two operands: a register, and a register or memory.
fn decode_operands(bytes: &mut Bytes<'_>, prefixes: Prefixes) -> Option<(u8, Operand)> {
    let [register_bit, index_bit, base_bit] = prefixes.extensions;
    let byte = bytes.next()?;
    let (mode, register, operand) = (byte >> 6, byte >> 3 & 7 | register_bit, byte & 7);
    if mode == 3 {
        return Some((register, Operand::Register(operand | base_bit)));
    }
    let (mut base, mut index) = (Some(operand | base_bit), None);
    if operand == RSP {
        let scale = bytes.next()?;
        let number = scale >> 3 & 7 | index_bit;
        index = (number != RSP).then_some((number, scale >> 6));
        base = Some(scale & 7 | base_bit);
    }
    // In this mode, the number of RBP says that there is no base but 32 bits of displacement, and without an index that they
    // count from the end of the instruction.
    let without_base = mode == 0 && base.is_some_and(|base| base & 7 == RBP);
    if without_base && operand != RSP {
        return Some((register, Operand::Behind(bytes.next_i32()?)));
    }
    let displacement = match mode {
        0 if without_base => bytes.next_i32()?.into(),
        0 => 0,
        1 => i64::from(bytes.next()?.cast_signed()),
        _ => bytes.next_i32()?.into(),
    };
    if mode == 1 && prefixes.scaled {
        return Some((register, Operand::Elsewhere));
    }
    let base = if without_base { None } else { base };
    Some((register, Operand::Memory(Memory { base, index, displacement })))
}

/// Whether a byte that names two operands follows an opcode.
fn has_operand_byte(map: Map, opcode: u8) -> bool {
    match (map, opcode) {
        (Map::One, 0x00..=0x3f) => opcode & 7 < 4,
        (Map::One, 0x50..=0x5f | 0x68 | 0x6a | 0x70..=0x7f | 0x90..=0x9f | 0xa8 | 0xa9 | 0xb0..=0xbf) => {
            false
        }
        (Map::One, 0xc2 | 0xc3 | 0xcc | 0xe8 | 0xe9 | 0xeb) => false,
        (Map::Two, 0x05 | 0x0b | 0x31 | 0x77 | 0x80..=0x8f | 0xa2 | 0xc8..=0xcf) => false,
        (Map::One | Map::Two | Map::ThreeA | Map::ThreeB, _) => true,
    }
}

/// How many bytes of an instruction follow its operands.
fn immediate_length(map: Map, opcode: u8, register: u8, prefixes: Prefixes) -> Option<usize> {
    let full = if prefixes.narrow { 2 } else { 4 };
    Some(match (map, opcode) {
        (Map::One, 0x00..=0x3f) => match opcode & 7 {
            0..=3 => 0,
            4 => 1,
            5 => full,
            _ => return None,
        },
        (Map::One, 0x50..=0x5f | 0x63 | 0x84..=0x8b | 0x8d | 0x8f | 0x90..=0x99 | 0xc3 | 0xcc) => 0,
        (Map::One, 0xd0..=0xd3 | 0xfe | 0xff) => 0,
        (
            Map::One,
            0x6a | 0x6b | 0x70..=0x7f | 0x80 | 0x83 | 0xa8 | 0xb0..=0xb7 | 0xc0 | 0xc1 | 0xc6 | 0xeb,
        ) => 1,
        (Map::One, 0x68 | 0x69 | 0x81 | 0xa9 | 0xc7) => full,
        (Map::One, 0xb8..=0xbf) if prefixes.wide => 8,
        (Map::One, 0xb8..=0xbf) => full,
        (Map::One, 0xc2) => 2,
        (Map::One, 0xe8 | 0xe9) => 4,
        (Map::One, 0xf6) => usize::from(register & 7 < 2),
        (Map::One, 0xf7) => {
            if register & 7 < 2 {
                full
            } else {
                0
            }
        }
        (Map::One, _) => return None,
        (Map::Two, 0x80..=0x8f) => 4,
        (Map::Two, 0x70..=0x73 | 0xa4 | 0xac | 0xba | 0xc2 | 0xc4..=0xc6) => 1,
        (Map::Two | Map::ThreeA, _) => 0,
        (Map::ThreeB, _) => 1,
    })
}
