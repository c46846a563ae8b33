//! The hash that tells builds apart whose compiled code does not fit the other's runtime.

use crate::artifact::{GUARDED_MAX_OFFSET, GUARDED_RESERVATION};
use crate::heap::{self, StructLayout};
use crate::vmlayout::{self, HOST_FUNC_MAGIC, INSTANCE_MAGIC, TABLE_SLOT_SIZE, VMOffsets, ValRaw};
use crate::{
    Builtin, DefinedFuncIndex, FieldType, FuncKey, ModuleInfo, StorageType, Trap, TrapCode, TypeIndex,
    ValType,
};
use std::sync::OnceLock;

/// A hash of everything that compiled code takes for granted about the runtime: layouts, values, magic numbers, builtins,
/// the order of code, and the numbers of traps.
pub fn abi_hash() -> u64 {
    static HASH: OnceLock<u64> = OnceLock::new();
    *HASH.get_or_init(|| hash(&facts()))
}

fn hash(facts: &[String]) -> u64 {
    let mut first = [0; 8];
    first.copy_from_slice(&blake3::hash(facts.join("\n").as_bytes()).as_bytes()[..8]);
    u64::from_le_bytes(first)
}

/// What is hashed, a line for each fact.
fn facts() -> Vec<String> {
    let mut facts: Vec<String> = vmlayout::description().lines().map(str::to_owned).collect();
    // The parts of a context whose place depends on the module, each of another length.
    let module = ModuleInfo { imported_funcs: 2, func_refs: 3, ..ModuleInfo::default() };
    facts.push(format!("offsets {:?}", VMOffsets::of_counts(&module, [5, 7, 11])));
    let value = ValRaw::from_u32(0x0403_0201);
    facts.push(format!("value {} {} {:?}", size_of::<ValRaw>(), align_of::<ValRaw>(), value.bytes));
    facts.push(format!("slot {TABLE_SLOT_SIZE}"));
    facts.push(format!("magics {INSTANCE_MAGIC:x} {HOST_FUNC_MAGIC:x}"));
    let mut keys = [
        FuncKey::ExitStub(TypeIndex::new(0)),
        FuncKey::EntryStub(TypeIndex::new(0)),
        FuncKey::Defined(DefinedFuncIndex::new(1)),
        FuncKey::Defined(DefinedFuncIndex::new(0)),
    ];
    keys.sort_unstable();
    facts.push(format!("keys {keys:?}"));
    for builtin in Builtin::ALL {
        let (params, result) = (builtin.params(), builtin.result());
        facts.push(format!("builtin {} {params:?} {result:?}", builtin.name()));
    }
    for trap in Trap::ALL {
        facts.push(format!("trap {} {trap:?}", *trap as u8));
    }
    facts.push("operands of traps: index, length, function".to_owned());
    facts.push(format!("pending {}", TrapCode::Pending.as_u8()));
    facts.push(format!("guard {GUARDED_RESERVATION} {GUARDED_MAX_OFFSET}"));
    facts.push(format!("header {} {} {}", heap::HEADER_SIZE, heap::DISPLAY_STRIDE, heap::DISPLAY_KIND));
    facts.push(format!("array {} {}", heap::ARRAY_LENGTH, heap::ARRAY_ELEMENTS));
    facts.push(format!("objects {:?} {:?} {}", heap::EXTERN_TYPE, heap::EXCEPTION_TYPE, heap::EXCEPTION_TAG));
    let fields = [StorageType::I8, StorageType::I16, StorageType::Val(ValType::I64)];
    let fields = fields.map(|storage: StorageType| FieldType { storage, mutable: false });
    facts.push(format!("structure {:?}", StructLayout::new(&fields, true, None)));
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_counts() {
        let known = facts();
        for wanted in [
            "struct VMContext ",
            "struct VMStoreContext ",
            "offsets VMOffsets",
            "value 16 16 [1, 2, 3, 4, 0,",
            "slot 8",
            "magics ",
            "keys [Defined(",
            "builtin memory_grow ",
            "trap 1 Unreachable",
            "pending 250",
            "guard ",
        ] {
            assert!(known.iter().any(|fact| fact.starts_with(wanted)), "{wanted} is missing in {known:#?}");
        }
        assert_eq!(hash(&known), abi_hash());
        for at in 0..known.len() {
            let mut changed = known.clone();
            changed[at].push('0');
            assert_ne!(hash(&changed), abi_hash(), "{}", known[at]);
            changed.swap_remove(at);
            assert_ne!(hash(&changed), abi_hash(), "{}", known[at]);
        }
    }

    /// The fact about offsets changes with each of them.
    #[test]
    fn every_part_of_a_context_has_a_place_of_its_own() {
        let base = ModuleInfo { imported_funcs: 2, func_refs: 3, ..ModuleInfo::default() };
        let offsets = |module: &ModuleInfo, counts| format!("{:?}", VMOffsets::of_counts(module, counts));
        let own = offsets(&base, [5, 7, 11]);
        for counts in [[6, 7, 11], [5, 8, 11], [5, 7, 12]] {
            assert_ne!(own, offsets(&base, counts));
        }
        assert_ne!(own, offsets(&ModuleInfo { imported_funcs: 3, ..base.clone() }, [5, 7, 11]));
        assert_ne!(own, offsets(&ModuleInfo { func_refs: 4, ..base.clone() }, [5, 7, 11]));
    }
}
