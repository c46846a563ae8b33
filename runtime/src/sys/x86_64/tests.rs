use super::*;

fn registers() -> Registers {
    let mut registers = Registers { general: [0; 16], vector: [0; 16] };
    for i in 0..16 {
        registers.general[i] = 0x1000 * (i as u64 + 1);
        registers.vector[i] = u64::MAX << 32 | i as u64;
    }
    registers
}

/// One stretch: all of the code.
fn all(code: &[u8]) -> impl Iterator<Item = Range<u32>> {
    std::iter::once(0..code.len() as u32)
}

#[test]
fn addresses_are_made_of_base_index_and_displacement() {
    // Each with how many bytes it has, and what it accesses.
    let cases: [(&[u8], u64); 14] = [
        (&[0x8b, 0x00], 0x1000),                                              // mov eax, [rax]
        (&[0x48, 0x8b, 0x44, 0x37, 0x10], 0x8000 + 0x7000 + 0x10),            // mov rax, [rdi+rsi+16]
        (&[0x4f, 0x8b, 0x84, 0xe0, 0, 1, 0, 0], 0x9000 + 0xd000 * 8 + 0x100), // mov r8, [r8+r12*8+256]
        (&[0x8b, 0x44, 0x24, 0xf8], 0x5000 - 8),                              // mov eax, [rsp-8]
        (&[0x41, 0x8b, 0x04, 0x24], 0xd000),                                  // mov eax, [r12]
        (&[0x41, 0x8b, 0x45, 0x00], 0xe000),                                  // mov eax, [r13]
        (&[0x8b, 0x04, 0x25, 4, 0, 0, 0], 4),                                 // mov eax, [4]
        (&[0x0f, 0xb6, 0x06], 0x7000),                                        // movzx eax, byte [rsi]
        (&[0x66, 0x89, 0x0e], 0x7000),                                        // mov [rsi], cx
        (&[0xf3, 0x44, 0x0f, 0x6f, 0x0e], 0x7000),                            // movdqu xmm9, [rsi]
        (&[0x66, 0x0f, 0x3a, 0x20, 0x06, 3], 0x7000),                         // pinsrb xmm0, [rsi], 3
        (&[0xc5, 0xfa, 0x6f, 0x46, 0x20], 0x7020),                            // vmovdqu xmm0, [rsi+32]
        (&[0xc4, 0xc1, 0x7a, 0x6f, 0x00], 0x9000),                            // vmovdqu xmm0, [r8]
        (&[0xf0, 0x4c, 0x0f, 0xb1, 0x06], 0x7000),                            // lock cmpxchg [rsi], r8
    ];
    for (code, address) in cases {
        assert_eq!(decode(code).map(|it| it.length), Some(code.len()), "{code:02x?}");
        assert_eq!(accessed_address(code, &registers()), Some(address), "{code:02x?}");
        assert_eq!(accessed_address(&code[..code.len() - 1], &registers()), None, "{code:02x?}, cut off");
    }
    // Relative to the instruction, with a displacement that counts accesses, in another segment, or not in memory.
    let others: [&[u8]; 4] = [
        &[0x8b, 0x05, 4, 0, 0, 0],
        &[0x62, 0xf1, 0x7e, 0x08, 0x6f, 0x46, 0x01],
        &[0x64, 0x8b, 0x00],
        &[0x8b, 0xc1],
    ];
    for code in others {
        assert_eq!(accessed_address(code, &registers()), None, "{code:02x?}");
    }
}

#[test]
fn a_division_has_its_dividend_in_rax() {
    assert_eq!(dividend(&[0xf7, 0xf1], &registers()), Some(0x1000)); // div ecx
    assert_eq!(dividend(&[0x49, 0xf7, 0xf8], &registers()), Some(0x1000)); // idiv r8
    assert_eq!(dividend(&[0xf7, 0xe1], &registers()), None); // mul ecx
}

#[test]
fn moves_between_a_check_and_a_division_are_followed() {
    let of = |code: &[u8]| {
        let load = |address| (address == 0x5010).then_some(0xffff_ffff_0000_0007);
        dividend_behind_check(code, all(code), code.len() as u32, &registers(), load)
    };
    // test ecx, ecx; je to the end; cdq; idiv ecx
    assert_eq!(of(&[0x85, 0xc9, 0x0f, 0x84, 3, 0, 0, 0, 0x99, 0xf7, 0xf9]), Some(0x1000));
    // …; mov rax, r9; mov rcx, rax; idiv ecx
    let moved = [0x85, 0xc9, 0x0f, 0x84, 8, 0, 0, 0, 0x4c, 0x89, 0xc8, 0x48, 0x89, 0xc1, 0xf7, 0xf9];
    assert_eq!(of(&moved), Some(0xa000));
    // …; mov eax, [rsp+16]; idiv ecx
    let loaded = [0x85, 0xc9, 0x0f, 0x84, 6, 0, 0, 0, 0x8b, 0x44, 0x24, 0x10, 0xf7, 0xf9];
    assert_eq!(of(&loaded), Some(7));
    // …; mov eax, [rsp+24]: nothing is known of that.
    let elsewhere = [0x85, 0xc9, 0x0f, 0x84, 6, 0, 0, 0, 0x8b, 0x44, 0x24, 0x18, 0xf7, 0xf9];
    assert_eq!(of(&elsewhere), None);
    // …; add eax, ecx: no move.
    assert_eq!(of(&[0x85, 0xc9, 0x0f, 0x84, 4, 0, 0, 0, 0x01, 0xc8, 0xf7, 0xf9]), None);
    // The branch goes elsewhere.
    assert_eq!(of(&[0x85, 0xc9, 0x0f, 0x84, 4, 0, 0, 0, 0x99, 0xf7, 0xf9]), None);
}

#[test]
fn a_conversion_starts_from_a_register() {
    // movaps xmm1, xmm2; cvttsd2si eax, xmm9
    let code = [0x0f, 0x28, 0xca, 0xf2, 0x41, 0x0f, 0x2c, 0xc1];
    assert_eq!(converted(&code, all(&code), true, &registers()), Some(u64::MAX << 32 | 9));
    assert_eq!(converted(&code, all(&code), false, &registers()), None);
    // mov r8, an immediate that looks like such an instruction; cvttss2si rax, xmm3
    let code = [0x49, 0xb8, 0xf3, 0x0f, 0x2c, 0xc7, 0, 0, 0, 0, 0xf3, 0x48, 0x0f, 0x2c, 0xc3];
    assert_eq!(converted(&code, all(&code), false, &registers()), Some(3));
}

/// A branch to behind the code.
const BRANCH: [u8; 6] = [0x0f, 0x82, 0, 0, 0, 0];

#[test]
fn a_sum_that_was_too_large_is_where_it_was_added() {
    let of = |code: &[u8]| {
        let code = [code, &BRANCH].concat();
        checked_end(&code, all(&code), code.len() as u32, &registers(), |_| None)
    };
    let sum = |end| Some(Beyond { end, length: None });
    assert_eq!(of(&[0x48, 0x83, 0xc6, 8]), sum(0x7000)); // add rsi, 8
    assert_eq!(of(&[0x4d, 0x01, 0xc1]), sum(0xa000)); // add r9, r8
    assert_eq!(of(&[0x4d, 0x03, 0xc1]), sum(0x9000)); // add r8, r9
    assert_eq!(of(&[0x48, 0x05, 1, 0, 0, 1]), sum(0x1000)); // add rax, imm32
    assert_eq!(of(&[0x01, 0xc1]), None); // of 32 bits
    assert_eq!(of(&[0x48, 0x29, 0xc1]), None); // sub rcx, rax
}

#[test]
fn an_end_is_compared_with_a_length() {
    let of = |code: &[u8]| {
        let code = [code, &BRANCH].concat();
        let load = |address| (address == 0x9008).then_some(0x42);
        checked_end(&code, all(&code), code.len() as u32, &registers(), load)
    };
    let beyond = |end, length| Some(Beyond { end, length: Some(length) });
    assert_eq!(of(&[0x49, 0x3b, 0x78, 0x08]), beyond(0x8000, 0x42)); // cmp rdi, [r8+8]
    assert_eq!(of(&[0x4d, 0x3b, 0xc8]), beyond(0xa000, 0x9000)); // cmp r9, r8
    assert_eq!(of(&[0x4d, 0x39, 0xc8]), beyond(0xa000, 0x9000)); // cmp r8, r9
    assert_eq!(of(&[0x48, 0x81, 0xff, 0x12, 0, 1, 0]), beyond(0x10012, 0x8000)); // cmp rdi, 0x10012
    assert_eq!(of(&[0x49, 0x83, 0x78, 0x08, 0x7f]), beyond(0x7f, 0x42)); // cmp qword [r8+8], 127
    assert_eq!(of(&[0x48, 0x3d, 0, 0, 1, 0]), beyond(0x10000, 0x1000)); // cmp rax, 0x10000
    assert_eq!(of(&[0x49, 0x83, 0x78, 0x08, 0x00]), beyond(1, 0x42)); // cmp qword [r8+8], 0
    // cmp rdi, [rip]: a constant behind the code, which the branch skips
    let mut code = [&[0x48, 0x3b, 0x3d, 6, 0, 0, 0], &BRANCH[..], &[8, 0, 0, 0, 1, 0, 0, 0]].concat();
    code[9] = 8;
    let found = checked_end(&code, std::iter::once(0..13), code.len() as u32, &registers(), |_| None);
    assert_eq!(found, beyond(0x1_0000_0008, 0x8000));
    assert_eq!(of(&[0x49, 0x3b, 0x78, 0x10]), None); // cmp rdi, [r8+16]: not known
    assert_eq!(of(&[0x3b, 0xc1]), None); // of 32 bits
    // test rdx, rdx: a length of zero
    let code = [&[0x48, 0x85, 0xd2], &BRANCH[..]].concat();
    let mut registers = registers();
    registers.general[2] = 0;
    let found = checked_end(&code, all(&code), code.len() as u32, &registers, |_| None);
    assert_eq!(found, beyond(1, 0));
}

#[test]
fn an_address_is_tested() {
    let of = |code: &[u8]| {
        let code = [code, &BRANCH].concat();
        tested_address(&code, all(&code), code.len() as u32, &registers())
    };
    assert_eq!(of(&[0x49, 0xf7, 0xc1, 7, 0, 0, 0]), Some(0xa000)); // test r9, 7
    assert_eq!(of(&[0x40, 0xf6, 0xc6, 3]), Some(0x7000)); // test sil, 3
    assert_eq!(of(&[0xa8, 1]), Some(0x1000)); // test al, 1
    assert_eq!(of(&[0x85, 0xc9]), None); // test ecx, ecx
}
