//! What engines call traps and link errors: the texts of their scripts, by the source that has them.
//!
//! A text in a row is a whole message, or with `…` at its end the beginning of one that goes on with operands. `{module}` and
//! `{name}` are those of an import. Texts that are those of the specification are here too, because what an engine calls so
//! can be more than what the specification does.

use crate::trail::{LinkFailure, LinkFault};
use trapline_abi::Trap;

/// What one engine says.
pub(super) struct Engine {
    /// What can be in front of a text.
    pub(super) leads: &'static [&'static str],
    /// Texts, and the traps that are called so.
    pub(super) traps: &'static [(&'static str, &'static [Trap])],
    /// Texts, and the link errors that are called so.
    pub(super) links: &'static [(&'static str, &'static [LinkFault])],
}

/// The traps that null is for an engine which does not tell what the null was.
const NULL: &[Trap] = &[
    Trap::NullReference,
    Trap::NullFuncReference,
    Trap::NullExceptionReference,
    Trap::NullStructReference,
    Trap::NullArrayReference,
    Trap::NullI31Reference,
    Trap::NullDescriptorReference,
];

/// An index beyond a table, by whatever instruction.
const BEYOND_TABLE: &[Trap] = &[Trap::TableOutOfBounds, Trap::UndefinedElement];

/// A cast of a reference.
const CAST: &[Trap] = &[Trap::CastFailure, Trap::DescriptorCastFailure];

const UNKNOWN: &[LinkFault] = &[LinkFault::UnknownImport];
const INCOMPATIBLE: &[LinkFault] = &[LinkFault::IncompatibleImport];
const EITHER: &[LinkFault] = &[LinkFault::UnknownImport, LinkFault::IncompatibleImport];

pub(super) const ENGINES: &[Engine] = &[WASMTIME, WASMI, WASMER, WABT, V8];

/// wasmtime. Source: crates/environ/src/trap_encoding.rs, crates/wasmtime/src/runtime/linker.rs.
const WASMTIME: Engine = Engine {
    leads: &["wasm trap: "],
    traps: &[
        ("call stack exhausted", &[Trap::StackOverflow]),
        ("out of bounds memory access", &[Trap::MemoryOutOfBounds]),
        ("unaligned atomic", &[Trap::UnalignedAtomic]),
        ("undefined element: out of bounds table access", BEYOND_TABLE),
        ("uninitialized element", &[Trap::UninitializedElement]),
        ("indirect call type mismatch", &[Trap::IndirectCallTypeMismatch]),
        ("integer overflow", &[Trap::IntegerOverflow]),
        ("integer divide by zero", &[Trap::IntegerDivideByZero]),
        ("invalid conversion to integer", &[Trap::InvalidConversionToInteger]),
        ("wasm `unreachable` instruction executed", &[Trap::Unreachable]),
        ("atomic wait on non-shared memory", &[Trap::ExpectedSharedMemory]),
        ("null reference", NULL),
        ("out of bounds array access", &[Trap::ArrayOutOfBounds]),
        ("allocation size too large", &[Trap::HeapExhausted]),
        ("cast failure", CAST),
    ],
    links: &[
        ("unknown import: `{module}::{name}` has not been defined", UNKNOWN),
        ("incompatible import type for `{module}::{name}`", INCOMPATIBLE),
    ],
};

/// wasmi. Source: crates/core/src/trap.rs, crates/wasmi/src/linker.rs, crates/wasmi/src/module/instantiate/error.rs. Its
/// `uninitialized element 2` names no index, and is compared like one all the same: scripts have it from the official suite,
/// where it is one.
const WASMI: Engine = Engine {
    leads: &[],
    traps: &[
        ("wasm `unreachable` instruction executed", &[Trap::Unreachable]),
        ("out of bounds memory access", &[Trap::MemoryOutOfBounds]),
        ("undefined element: out of bounds table access", BEYOND_TABLE),
        ("integer divide by zero", &[Trap::IntegerDivideByZero]),
        ("integer overflow", &[Trap::IntegerOverflow]),
        ("invalid conversion to integer", &[Trap::InvalidConversionToInteger]),
        ("call stack exhausted", &[Trap::StackOverflow]),
        ("indirect call type mismatch", &[Trap::IndirectCallTypeMismatch]),
    ],
    links: &[
        ("cannot find definition for import {module}::{name} with type …", UNKNOWN),
        ("imported global {module}::{name} type mismatch. expected …", INCOMPATIBLE),
        ("imported function {module}::{name} type mismatch. expected …", INCOMPATIBLE),
        ("imported table {module}::{name} type mismatch. expected …", INCOMPATIBLE),
        ("imported memory {module}::{name} type mismatch. expected …", INCOMPATIBLE),
    ],
};

/// wasmer. Source: lib/types/src/trapcode.rs, lib/types/src/error.rs.
const WASMER: Engine = Engine {
    leads: &["RuntimeError: "],
    traps: &[
        ("call stack exhausted", &[Trap::StackOverflow]),
        ("out of bounds memory access", &[Trap::MemoryOutOfBounds]),
        ("misaligned heap", &[Trap::UnalignedAtomic]),
        ("unaligned atomic access", &[Trap::UnalignedAtomic]),
        ("undefined element: out of bounds table access", BEYOND_TABLE),
        ("uninitialized element", &[Trap::UninitializedElement]),
        ("indirect call type mismatch", &[Trap::IndirectCallTypeMismatch]),
        ("integer overflow", &[Trap::IntegerOverflow]),
        ("integer divide by zero", &[Trap::IntegerDivideByZero]),
        ("invalid conversion to integer", &[Trap::InvalidConversionToInteger]),
        ("unreachable", &[Trap::Unreachable]),
    ],
    links: &[
        ("Error while importing \"{module}\".\"{name}\": unknown import. Expected …", UNKNOWN),
        ("Error while importing \"{module}\".\"{name}\": incompatible import type. Expected …", INCOMPATIBLE),
    ],
};

/// WABT. Source: src/interp/interp.cc, src/tools/wasm-interp.cc.
const WABT: Engine = Engine {
    leads: &["error: "],
    traps: &[
        ("unreachable executed", &[Trap::Unreachable]),
        ("out of bounds memory access: …", &[Trap::MemoryOutOfBounds]),
        ("out of bounds table access: …", &[Trap::TableOutOfBounds]),
        ("undefined table index", &[Trap::UndefinedElement]),
        ("uninitialized table element", &[Trap::UninitializedElement]),
        ("indirect call signature mismatch", &[Trap::IndirectCallTypeMismatch]),
        ("integer divide by zero", &[Trap::IntegerDivideByZero]),
        ("integer overflow", &[Trap::IntegerOverflow]),
        ("invalid conversion to integer", &[Trap::InvalidConversionToInteger]),
        ("call stack exhausted", &[Trap::StackOverflow]),
    ],
    links: &[("invalid import \"{module}.{name}\"", EITHER)],
};

/// V8. Source: src/common/message-template.h, src/wasm/module-instantiate.cc.
const V8: Engine = Engine {
    leads: &[
        "RuntimeError: ",
        "RangeError: ",
        "LinkError: WebAssembly.Instance(): ",
        "WebAssembly.Instance(): ",
    ],
    traps: &[
        ("unreachable", &[Trap::Unreachable]),
        ("memory access out of bounds", &[Trap::MemoryOutOfBounds]),
        ("data segment out of bounds", &[Trap::MemoryOutOfBounds]),
        ("operation does not support unaligned accesses", &[Trap::UnalignedAtomic]),
        ("divide by zero", &[Trap::IntegerDivideByZero]),
        ("remainder by zero", &[Trap::IntegerDivideByZero]),
        ("divide result unrepresentable", &[Trap::IntegerOverflow]),
        (
            "float unrepresentable in integer range",
            &[Trap::IntegerOverflow, Trap::InvalidConversionToInteger],
        ),
        ("table index is out of bounds", BEYOND_TABLE),
        ("table access out of bounds", BEYOND_TABLE),
        ("element segment out of bounds", &[Trap::TableOutOfBounds]),
        (
            "null function or function signature mismatch",
            &[Trap::UninitializedElement, Trap::IndirectCallTypeMismatch, Trap::NullFuncReference],
        ),
        ("dereferencing a null pointer", NULL),
        ("rethrowing null value", &[Trap::NullExceptionReference]),
        ("illegal cast", CAST),
        ("array element access out of bounds", &[Trap::ArrayOutOfBounds]),
        ("requested new array is too large", &[Trap::HeapExhausted]),
        ("Maximum call stack size exceeded", &[Trap::StackOverflow]),
    ],
    // What is missing is `undefined` to it, and as such of a wrong type.
    links: &[("Import #…", EITHER)],
};

/// Whether a text is that of an engine for a trap.
pub(super) fn is_trap(text: &str, kind: Trap) -> bool {
    let named = |(row, kinds): &(&str, &[Trap]), text: &str| kinds.contains(&kind) && is_row(row, text);
    ENGINES
        .iter()
        .any(|engine| engine.texts(text).any(|text| engine.traps.iter().any(|row| named(row, text))))
}

/// Whether a text is a part of that of wasmtime for a trap.
pub(super) fn contains_trap(text: &str, kind: Trap) -> bool {
    let of_kind = WASMTIME.traps.iter().filter(|(_, kinds)| kinds.contains(&kind));
    of_kind.map(|(row, _)| WASMTIME.whole(row)).any(|message| message.contains(text))
}

/// Whether a text is that of an engine for a link error.
pub(super) fn is_link_error(text: &str, failure: &LinkFailure) -> bool {
    let named = |(row, faults): &(&str, &[LinkFault]), text: &str| {
        faults.contains(&failure.fault) && is_link_row(row, text, failure)
    };
    ENGINES
        .iter()
        .any(|engine| engine.texts(text).any(|text| engine.links.iter().any(|row| named(row, text))))
}

/// Whether a text is a part of that of wasmtime for a link error.
pub(super) fn contains_link_error(text: &str, failure: &LinkFailure) -> bool {
    let of_fault = WASMTIME.links.iter().filter(|(_, faults)| faults.contains(&failure.fault));
    of_fault.map(|(row, _)| filled(row, failure)).any(|message| message.contains(text))
}

impl Engine {
    /// A text, and what it is without what is in front of it.
    fn texts<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> {
        std::iter::once(text).chain(self.leads.iter().filter_map(move |lead| text.strip_prefix(lead)))
    }

    /// A text with what is in front of it.
    fn whole(&self, row: &str) -> String {
        [self.leads.first().copied().unwrap_or_default(), row].concat()
    }
}

/// Whether a text is a message, or continues the beginning of one.
fn is_row(row: &str, text: &str) -> bool {
    row.strip_suffix('…').map_or(row == text, |beginning| text.starts_with(beginning))
}

/// Whether a text is a message about an import. If the import is not known, any names will do.
fn is_link_row(row: &str, text: &str, failure: &LinkFailure) -> bool {
    let (Some((before, _)), Some((_, after)), None) =
        (row.split_once("{module}"), row.rsplit_once("{name}"), &failure.import)
    else {
        return is_row(&filled(row, failure), text);
    };
    let names = text.strip_prefix(before).and_then(|text| text.split_once(after.trim_end_matches('…')));
    names.is_some_and(|(_, rest)| rest.is_empty() || after.ends_with('…'))
}

/// A row with the names of the import, if they are known.
fn filled(row: &str, failure: &LinkFailure) -> String {
    match &failure.import {
        Some((module, name)) => row.replace("{module}", module).replace("{name}", name),
        None => row.to_owned(),
    }
}
