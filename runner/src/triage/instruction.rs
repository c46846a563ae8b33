//! The instruction at a place of a binary.

use wasmparser::{Operator, Parser, Payload};

/// The name of the instruction at an offset, in bytes from the start of the module's binary.
pub(super) fn at(wasm: &[u8], offset: u32) -> Option<String> {
    for payload in Parser::new(0).parse_all(wasm) {
        let Payload::CodeSectionEntry(body) = payload.ok()? else { continue };
        if !body.range().contains(&u64::from(offset)) {
            continue;
        }
        let mut operators = body.get_operators_reader().ok()?;
        while !operators.eof() {
            let start = operators.original_position();
            let operator = operators.read().ok()?;
            if start == u64::from(offset) {
                return Some(name(&operator));
            }
        }
    }
    None
}

macro_rules! define_name {
    ($(@$proposal:ident $op:ident $({ $($arg:ident: $argty:ty),* })? => $visit:ident ($($ann:tt)*))*) => {
        /// The name as wasmparser's visitor spells it.
        fn visitor_name(operator: &Operator<'_>) -> &'static str {
            match operator {
                $(Operator::$op { .. } => stringify!($visit),)*
                // The enumeration may grow with the parser.
                _ => "visit_unknown",
            }
        }
    };
}
wasmparser::for_each_operator!(define_name);

/// What instructions belong to, before the dot of their names.
const GROUPS: [&str; 24] = [
    "i32", "i64", "f32", "f64", "v128", "i8x16", "i16x8", "i32x4", "i64x2", "f32x4", "f64x2", "memory",
    "table", "data", "elem", "local", "global", "ref", "struct", "array", "any", "extern", "i31", "atomic",
];

/// The name in the text format.
pub(super) fn name(operator: &Operator<'_>) -> String {
    let spelled = visitor_name(operator).trim_start_matches("visit_");
    // What the text format writes alike, the binary has several opcodes for.
    let spelled = match spelled {
        "ref_cast_non_null" | "ref_cast_nullable" => "ref_cast",
        "ref_test_non_null" | "ref_test_nullable" => "ref_test",
        "typed_select" | "typed_select_multi" => "select",
        _ => spelled,
    };
    let Some((group, rest)) = spelled.split_once('_') else { return spelled.to_owned() };
    if !GROUPS.contains(&group) {
        return spelled.to_owned();
    }
    // The operations of atomics have parts of their own.
    let rest = match rest.strip_prefix("atomic_") {
        None => rest.to_owned(),
        Some(rest) => {
            let rest =
                ["rmw_", "rmw8_", "rmw16_", "rmw32_"].into_iter().fold(rest.to_owned(), |rest, part| {
                    match rest.strip_prefix(part) {
                        Some(after) => format!("{}.{after}", part.trim_end_matches('_')),
                        None => rest,
                    }
                });
            format!("atomic.{rest}")
        }
    };
    format!("{group}.{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_have_their_names() {
        let body = "(drop (i32.atomic.rmw8.add_u (i32.const 0) (i32.const 1)))
            (memory.init 0 (i32.const 0) (i32.const 0) (i32.const 0))
            (call_indirect (i32.const 0)) (drop (ref.cast (ref i31) (ref.null any)))";
        let text = format!("(module (memory 1) (table 1 funcref) (data \"\") (func {body}))");
        let wasm = wat::parse_str(text).expect("a module");
        let mut names = Vec::new();
        for payload in Parser::new(0).parse_all(&wasm) {
            let Ok(Payload::CodeSectionEntry(body)) = payload else { continue };
            let mut operators = body.get_operators_reader().expect("operators");
            while !operators.eof() {
                names.extend(at(&wasm, operators.original_position() as u32));
                operators.read().expect("an operator");
            }
        }
        for wanted in
            ["i32.const", "i32.atomic.rmw8.add_u", "drop", "memory.init", "call_indirect", "ref.cast", "end"]
        {
            assert!(names.iter().any(|name| name == wanted), "{wanted} in {names:?}");
        }
        assert_eq!(at(&wasm, 3), None);
    }
}
