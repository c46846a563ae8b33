use crate::{CompileError, WasmFeatures, supported_features, validate};

fn features() -> WasmFeatures {
    supported_features()
        .union(WasmFeatures::GC)
        .union(WasmFeatures::FUNCTION_REFERENCES)
        .union(WasmFeatures::EXCEPTIONS)
        .union(WasmFeatures::MULTI_MEMORY)
}

fn text(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap()
}

/// A module of sections, each with its number and content.
fn module(sections: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut wasm = b"\0asm\x01\0\0\0".to_vec();
    for (number, content) in sections {
        wasm.push(*number);
        wasm.extend(leb(content.len()));
        wasm.extend(content);
    }
    wasm
}

fn leb(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let byte = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            bytes.push(byte);
            return bytes;
        }
        bytes.push(byte | 0x80);
    }
}

/// A section of `count` equal entries.
fn many(count: usize, entry: &[u8]) -> Vec<u8> {
    [leb(count), entry.repeat(count)].concat()
}

const NO_TYPE: &[u8] = &[0x60, 0, 0];

#[track_caller]
fn is_limit(wasm: &[u8], name: &str, limit: u64) {
    match validate(wasm, features()) {
        Err(CompileError::Limit(exceeded)) => {
            assert_eq!((exceeded.name, exceeded.limit), (name, Some(limit)), "{exceeded}");
        }
        Err(other) => panic!("{name}: {other}"),
        Ok(()) => panic!("{name}: it is taken"),
    }
}

#[test]
fn sizes_in_types() {
    let repeated = |what: &str, count| vec![what; count].join(" ");
    is_limit(
        &text(&format!("(module (type (func (param {}))))", repeated("i32", 1001))),
        "function parameters",
        1000,
    );
    is_limit(
        &text(&format!("(module (type (func (result {}))))", repeated("i32", 1001))),
        "function results",
        1000,
    );
    let fields = repeated("(field i32)", 10_001);
    is_limit(&text(&format!("(module (type (struct {fields})))")), "fields of a struct", 10_000);
    let chain: String = (1..=64).map(|i| format!("(type $t{i} (sub $t{} (struct)))", i - 1)).collect();
    is_limit(&text(&format!("(module (type $t0 (sub (struct))) {chain})")), "levels of subtypes", 63);
    let group = [vec![1, 0x4e], many(1_000_001, NO_TYPE)].concat();
    is_limit(&module(&[(1, group)]), "types of a recursion group", 1_000_000);
}

#[test]
fn sizes_in_bodies() {
    let body = |code: &[u8]| {
        let body = [&[0][..], code].concat();
        module(&[(1, many(1, NO_TYPE)), (3, many(1, &[0])), (10, [vec![1], leb(body.len()), body].concat())])
    };
    let locals = format!("(module (func (local {})))", vec!["i32"; 50_001].join(" "));
    is_limit(&text(&locals), "locals of a function", 50_000);
    is_limit(&body(&[vec![1; 7_654_321], vec![0x0b]].concat()), "bytes of a function body", 7_654_321);
    let catches = "(catch_all 0)".repeat(10_001);
    is_limit(
        &text(&format!("(module (func (block (try_table {catches}))))")),
        "catch clauses of a try_table",
        10_000,
    );
}

#[test]
fn counts() {
    is_limit(&module(&[(1, many(1_000_001, NO_TYPE))]), "types", 1_000_000);
    let import = |kind: &[u8]| [&[0, 0][..], kind].concat();
    let types = (1, many(1, NO_TYPE));
    is_limit(&module(&[types.clone(), (2, many(1_000_001, &import(&[0, 0])))]), "imports", 1_000_000);
    let bodies = (10, many(1_000_001, &[2, 0, 0x0b]));
    is_limit(&module(&[types.clone(), (3, many(1_000_001, &[0])), bodies]), "functions", 1_000_000);
    is_limit(&module(&[(4, many(100_001, &[0x70, 0, 0]))]), "tables", 100_000);
    is_limit(&module(&[(5, many(101, &[0, 0]))]), "memories", 100);
    is_limit(&module(&[types, (13, many(1_000_001, &[0, 0]))]), "tags", 1_000_000);
    is_limit(&module(&[(6, many(1_000_001, &[0x7f, 0, 0x41, 0, 0x0b]))]), "globals", 1_000_000);
    is_limit(&module(&[(9, many(100_001, &[1, 0, 0]))]), "element segments", 100_000);
    is_limit(&module(&[(11, many(100_001, &[1, 0]))]), "data segments", 100_000);
    let export = |i: u32| [&[5][..], format!("{i:05x}").as_bytes(), &[3, 0]].concat();
    let exports: Vec<u8> = (0..1_000_001).flat_map(export).collect();
    let exports = [leb(1_000_001), exports].concat();
    is_limit(&module(&[(6, many(1, &[0x7f, 0, 0x41, 0, 0x0b])), (7, exports)]), "exports", 1_000_000);
}

#[test]
fn names_and_segments() {
    let long = "n".repeat(100_001);
    is_limit(&text(&format!("(module (func (export \"{long}\")))")), "bytes of a name", 100_000);
    is_limit(&text(&format!("(module (import \"{long}\" \"\" (func)))")), "bytes of a name", 100_000);
    let functions = [vec![1, 1, 0], leb(10_000_001), vec![0; 10_000_001]].concat();
    let body = (10, vec![1, 2, 0, 0x0b]);
    let wasm = module(&[(1, many(1, NO_TYPE)), (3, many(1, &[0])), (9, functions), body]);
    is_limit(&wasm, "elements of a segment", 10_000_000);
}

/// A size that more bytes would have to follow than there are is not about a limit.
#[test]
fn what_is_cut_off_is_malformed() {
    let type_section = |count: usize| (1, [vec![1, 0x60], leb(count), vec![0x7f; 20]].concat());
    for sections in [
        vec![type_section(1001)],
        vec![type_section(0xffff_ffff)],
        vec![(2, [vec![1], leb(200_000)].concat())],
    ] {
        let refused = validate(&module(&sections), features());
        assert!(matches!(refused, Err(CompileError::Malformed { .. })), "{refused:?}");
    }
}
