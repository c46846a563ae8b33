//! Which bytes of a function are instructions. The others are constants and jump tables.

use iced_x86::{Code, Decoder, DecoderOptions, FlowControl, Instruction, OpKind};
use std::collections::{BTreeMap, BTreeSet};

/// Finds the instructions that control can reach, by offset: from the start of the function, and from where the runtime goes
/// on with an exception.
pub(super) fn instructions(code: &[u8], pads: impl Iterator<Item = u32>) -> BTreeMap<u32, Instruction> {
    let mut walk = Walk {
        code,
        found: BTreeMap::new(),
        starts: std::iter::once(0).chain(pads).collect(),
        targets: BTreeSet::new(),
        tables: BTreeSet::new(),
    };
    while let Some(start) = walk.starts.pop() {
        walk.follow(start);
    }
    walk.found
}

struct Walk<'a> {
    code: &'a [u8],
    found: BTreeMap<u32, Instruction>,
    /// Where to go on.
    starts: Vec<u32>,
    /// Targets of branches so far.
    targets: BTreeSet<u32>,
    /// Places whose address is taken: by Cranelift those of constants and jump tables only.
    tables: BTreeSet<u32>,
}

impl Walk<'_> {
    /// Decodes from an offset to where control does not go on.
    fn follow(&mut self, start: u32) {
        let Some(bytes) = self.code.get(start as usize..) else { return };
        let mut decoder = Decoder::with_ip(64, bytes, start.into(), DecoderOptions::NONE);
        while decoder.can_decode() {
            let instruction = decoder.decode();
            let at = instruction.ip() as u32;
            if self.found.contains_key(&at) || instruction.is_invalid() {
                return;
            }
            self.found.insert(at, instruction);
            if instruction.code() == Code::Lea_r64_m && instruction.is_ip_rel_memory_operand() {
                self.tables.extend(u32::try_from(instruction.ip_rel_memory_address()));
            }
            match instruction.flow_control() {
                FlowControl::Next | FlowControl::Call | FlowControl::IndirectCall => {}
                FlowControl::ConditionalBranch => self.branch(&instruction),
                FlowControl::UnconditionalBranch => {
                    self.branch(&instruction);
                    return;
                }
                FlowControl::IndirectBranch => {
                    self.jump_table(instruction.next_ip() as u32);
                    return;
                }
                FlowControl::Return
                | FlowControl::Exception
                | FlowControl::Interrupt
                | FlowControl::XbeginXabortXend => return,
            }
        }
    }

    fn branch(&mut self, instruction: &Instruction) {
        // A jump out of the function has its target filled in later.
        let near = instruction.op0_kind() == OpKind::NearBranch64;
        let target = u32::try_from(instruction.near_branch_target()).ok();
        if let Some(target) = target.filter(|&target| near && (target as usize) < self.code.len()) {
            self.go(target);
        }
    }

    fn go(&mut self, target: u32) {
        self.targets.insert(target);
        self.starts.push(target);
    }

    /// Takes the targets from a table of distances from itself. It lies behind the jump that uses it, and ends where
    /// code begins; behind the jump of a tail call is none.
    fn jump_table(&mut self, table: u32) {
        if !self.tables.contains(&table) {
            return;
        }
        let mut at = table;
        while !self.targets.contains(&at) && !self.found.contains_key(&at) {
            let entry = self.code.get(at as usize..).and_then(|rest| rest.first_chunk());
            let target = entry.and_then(|entry| table.checked_add_signed(i32::from_le_bytes(*entry)));
            let Some(target) = target.filter(|&target| (target as usize) < self.code.len()) else { return };
            self.go(target);
            at += 4;
        }
    }
}
