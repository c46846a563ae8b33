//! The layout of the memory that compiled code and the runtime both touch.
//!
//! Every structure is written once: `vm_struct!` makes of it a `repr(C)` type for the runtime, the
//! offsets for the compiler, and a line of the description that goes into the [ABI hash].
//!
//! [ABI hash]: crate::abi_hash

use crate::{FuncRefIndex, GlobalIndex, ImportedFuncIndex, MemoryIndex, ModuleInfo, TableIndex, TypeIndex};

macro_rules! vm_struct {
    ($(
        $(#[$doc:meta])*
        pub struct $name:ident {
            $($(#[$field_doc:meta])* $field:ident: $ty:ty => $offset:ident,)*
        }
    )*) => {
        $(
            $(#[$doc])*
            #[repr(C)]
            #[derive(Clone, Copy, Debug)]
            pub struct $name {
                $($(#[$field_doc])* pub $field: $ty,)*
            }

            impl $name {
                $(
                    #[doc = concat!("Where `", stringify!($field), "` lies, in bytes.")]
                    pub const $offset: usize = core::mem::offset_of!($name, $field);
                )*
                /// The size of the structure in bytes.
                pub const SIZE: usize = size_of::<$name>();
            }
        )*

        /// Every structure with its fields and offsets, as text.
        pub(crate) fn description() -> String {
            let mut text = String::new();
            $(
                text.push_str(concat!("struct ", stringify!($name)));
                text.push_str(&format!(" {}:", $name::SIZE));
                $(text.push_str(&format!(" {}@{}:{}", stringify!($field), $name::$offset, stringify!($ty)));)*
                text.push('\n');
            )*
            text
        }

        #[cfg(test)]
        const ALL_FIELDS: &[(&str, usize, usize, usize)] = &[
            $($((
                concat!(stringify!($name), ".", stringify!($field)),
                $name::$offset,
                size_of::<$ty>(),
                $name::SIZE,
            ),)*)*
        ];
    };
}

vm_struct! {
    /// What all instances of a store share, and how the innermost activation of compiled code is
    /// left early.
    pub struct VMStoreContext {
        /// Functions trap with `StackOverflow` when the stack pointer would go below this address.
        stack_limit: usize => STACK_LIMIT,
        /// Where a trap resumes: in the entry stub of the innermost activation.
        entry_handler: usize => ENTRY_HANDLER,
        /// The stack pointer to resume with.
        entry_sp: usize => ENTRY_SP,
        /// The frame pointer to resume with; also where a walk over frames ends.
        entry_fp: usize => ENTRY_FP,
        /// The frame pointer of the exit stub that last called the host.
        exit_fp: usize => EXIT_FP,
        /// The first byte of the heap's address space; see [`crate::heap`]. Null as long as no instance of the store has
        /// references to what lies in it.
        heap_base: *mut u8 => HEAP_BASE,
        /// The reference that the next object gets.
        heap_next: usize => HEAP_NEXT,
        /// Where the space for objects ends, as a reference.
        heap_end: usize => HEAP_END,
        /// The first row of the table of supertypes; see [`crate::heap::DISPLAY_STRIDE`]. Never changes once it is there.
        displays: *const u8 => DISPLAYS,
        /// The functions that the heap refers to, by number; 0 is null. So long a table that its size is a power of two.
        heap_funcs: *const *mut VMFuncRef => HEAP_FUNCS,
        /// One less than the size of that table, in elements.
        heap_funcs_mask: usize => HEAP_FUNCS_MASK,
        /// What a trap site that a comparison leads to leaves for the report, see [`crate::Site`]: the reference of a failed
        /// cast; index and length of an access to an array, a table, or a memory that has no such address at all, and then
        /// the function of a failed call. [`NO_OPERANDS`] if it has left nothing.
        trap_operands: [u64; 3] => TRAP_OPERANDS,
    }

    /// What the contexts of instances and of host functions have in common.
    pub struct VMContextHeader {
        /// [`INSTANCE_MAGIC`] or [`HOST_FUNC_MAGIC`].
        magic: u64 => MAGIC,
        /// The store.
        store: *mut VMStoreContext => STORE,
        /// The table of builtins: one pointer each, in the order of [`crate::Builtin::ALL`].
        builtins: *const usize => BUILTINS,
        /// The runtime's own view of the instance or host function.
        owner: *mut u8 => OWNER,
    }

    /// The fixed part of an instance's context; [`VMOffsets`] tells what follows.
    pub struct VMContext {
        /// The common part.
        header: VMContextHeader => HEADER,
    }

    /// The context of a host function.
    pub struct VMHostFuncContext {
        /// The common part.
        header: VMContextHeader => HEADER,
    }

    /// What a function reference points to.
    pub struct VMFuncRef {
        /// The code, for callers in compiled code.
        code: *const u8 => CODE,
        /// The entry stub for callers in the host: an [`EntryStubFn`], null for host functions.
        entry: *const u8 => ENTRY,
        /// The context that the code wants as its first argument.
        vmctx: *mut VMContextHeader => VMCTX,
        /// The number of the function's type in the store.
        type_id: u32 => TYPE_ID,
        /// How many supertypes that type has.
        type_depth: u32 => TYPE_DEPTH,
        /// The numbers of its supertypes from the root down, and last its own.
        supertypes: *const u32 => SUPERTYPES,
        /// Its number among the functions that the heap refers to; 0 as long as it has none.
        heap_number: u64 => HEAP_NUMBER,
    }

    /// An imported function.
    pub struct VMFunctionImport {
        /// The code.
        code: *const u8 => CODE,
        /// The context that the code wants as its first argument.
        vmctx: *mut VMContextHeader => VMCTX,
        /// The reference that `ref.func` gives.
        func_ref: *mut VMFuncRef => FUNC_REF,
    }

    /// A linear memory.
    pub struct VMMemoryDefinition {
        /// The first byte. Never changes for a memory that is shared or has a guard.
        base: *mut u8 => BASE,
        /// The current size in bytes. That of a shared memory may grow at any time; it is accessed
        /// as one aligned word.
        current_length: usize => CURRENT_LENGTH,
    }

    /// A table.
    pub struct VMTableDefinition {
        /// The first slot, [`TABLE_SLOT_SIZE`] bytes each: a `*mut VMFuncRef` or a zero-extended
        /// 32-bit heap index.
        base: *mut u64 => BASE,
        /// The current number of elements.
        current_elements: usize => CURRENT_ELEMENTS,
    }

    /// The value of a global, in the representation of a [`ValRaw`].
    pub struct VMGlobalDefinition {
        /// The value.
        value: ValRaw => VALUE,
    }
}

/// Trap operands where no trap site has left any: nothing has so large a length.
pub const NO_OPERANDS: [u64; 3] = [u64::MAX; 3];

/// `magic` of an instance's context.
pub const INSTANCE_MAGIC: u64 = u64::from_le_bytes(*b"trapinst");
/// `magic` of a host function's context.
pub const HOST_FUNC_MAGIC: u64 = u64::from_le_bytes(*b"traphost");
/// Bytes of one table slot.
pub const TABLE_SLOT_SIZE: usize = 8;

/// A value as compiled code exchanges it with the host: little-endian, in the lowest bytes.
///
/// Integers and floats (as bits) are zero-extended; a function reference is a `*mut VMFuncRef` or
/// null; any other reference is a 32-bit heap index, 0 being null.
#[repr(C, align(16))]
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ValRaw {
    /// The sixteen bytes, little-endian.
    pub bytes: [u8; 16],
}

impl ValRaw {
    /// Bytes of one value in an array of arguments or results.
    pub const SIZE: usize = size_of::<ValRaw>();

    /// A value of up to 128 bits.
    pub const fn from_u128(bits: u128) -> Self {
        Self { bytes: bits.to_le_bytes() }
    }

    /// A value of up to 64 bits.
    pub const fn from_u64(bits: u64) -> Self {
        Self::from_u128(bits as u128)
    }

    /// A value of 32 bits.
    pub const fn from_u32(bits: u32) -> Self {
        Self::from_u128(bits as u128)
    }

    /// All 128 bits.
    pub const fn as_u128(self) -> u128 {
        u128::from_le_bytes(self.bytes)
    }

    /// The lowest 64 bits.
    pub const fn as_u64(self) -> u64 {
        self.as_u128() as u64
    }

    /// The lowest 32 bits.
    pub const fn as_u32(self) -> u32 {
        self.as_u128() as u32
    }
}

/// The type of an entry stub: `(context of the callee, code of the callee, values) -> returned`.
///
/// `values` holds the arguments and receives the results, and has room for the longer of the two
/// lists. The result is 1 if the callee returned and 0 if it was left by a trap.
pub type EntryStubFn =
    unsafe extern "C" fn(vmctx: *mut VMContextHeader, code: *const u8, values: *mut ValRaw) -> u32;

/// Where the parts of an instance's context lie that depend on the module. They follow the
/// [`VMContext`]: imported functions, memories, tables, globals (pointers to the definitions,
/// whether imported or not), function references; then the values of the globals that the instance defines, and for each
/// type of the module the number that its equals have throughout the store.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct VMOffsets {
    imported_funcs: usize,
    memories: usize,
    tables: usize,
    globals: usize,
    func_refs: usize,
    defined_globals: usize,
    type_ids: usize,
    size: usize,
}

const POINTER: usize = size_of::<usize>();

impl VMOffsets {
    /// The offsets for instances of a module.
    pub fn new(module: &ModuleInfo) -> Self {
        let counts = [module.memories.len(), module.tables.len(), module.globals.len()];
        Self::of_counts(module, counts)
    }

    /// The offsets for a module's functions and so many memories, tables and globals.
    pub(crate) fn of_counts(
        module: &ModuleInfo,
        [memory_count, table_count, global_count]: [usize; 3],
    ) -> Self {
        let imported_funcs = VMContext::SIZE;
        let memories = imported_funcs + module.imported_funcs as usize * VMFunctionImport::SIZE;
        let tables = memories + memory_count * POINTER;
        let globals = tables + table_count * POINTER;
        let func_refs = globals + global_count * POINTER;
        let defined_globals =
            (func_refs + module.func_refs as usize * VMFuncRef::SIZE).next_multiple_of(align_of::<ValRaw>());
        // A module that was not checked may claim to import more than there are.
        let defined = global_count.saturating_sub(module.imported_globals as usize);
        let type_ids = defined_globals + defined * VMGlobalDefinition::SIZE;
        let size = type_ids + module.types.len() * size_of::<u32>();
        Self { imported_funcs, memories, tables, globals, func_refs, defined_globals, type_ids, size }
    }

    /// Where the [`VMFunctionImport`] of an imported function lies.
    pub fn imported_func(&self, index: ImportedFuncIndex) -> usize {
        self.imported_funcs + index.index() * VMFunctionImport::SIZE
    }

    /// Where the pointer to the [`VMMemoryDefinition`] of a memory lies.
    pub fn memory(&self, index: MemoryIndex) -> usize {
        self.memories + index.index() * POINTER
    }

    /// Where the pointer to the [`VMTableDefinition`] of a table lies.
    pub fn table(&self, index: TableIndex) -> usize {
        self.tables + index.index() * POINTER
    }

    /// Where the pointer to the [`VMGlobalDefinition`] of a global lies.
    pub fn global(&self, index: GlobalIndex) -> usize {
        self.globals + index.index() * POINTER
    }

    /// Where a [`VMFuncRef`] of the instance lies.
    pub fn func_ref(&self, index: FuncRefIndex) -> usize {
        self.func_refs + index.index() * VMFuncRef::SIZE
    }

    /// Where the value of a global lies, counted from the first that the instance defines.
    pub fn defined_global(&self, index: usize) -> usize {
        self.defined_globals + index * VMGlobalDefinition::SIZE
    }

    /// Where the number of a type lies.
    pub fn type_id(&self, index: TypeIndex) -> usize {
        self.type_ids + index.index() * size_of::<u32>()
    }

    /// The size of the whole context in bytes.
    pub fn size(&self) -> usize {
        self.size
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compiled code reaches fields without padding in mind: fields must not overlap, and must lie
    /// within their structure.
    #[test]
    fn fields_are_disjoint_and_inside() {
        let mut end = ("", 0);
        for &(name, offset, size, whole) in ALL_FIELDS {
            let owner = name.split('.').next().unwrap();
            if owner != end.0 {
                end = (owner, 0);
            }
            assert!(offset >= end.1, "{name} overlaps the field before it");
            assert!(offset + size <= whole, "{name} leaves its structure");
            end.1 = offset + size;
        }
    }

    #[test]
    fn the_header_comes_first() {
        assert_eq!(VMContext::HEADER, 0);
        assert_eq!(VMHostFuncContext::HEADER, 0);
    }

    #[test]
    fn parts_of_a_context_follow_each_other() {
        let module = ModuleInfo { imported_funcs: 2, func_refs: 3, ..ModuleInfo::default() };
        let offsets = VMOffsets::new(&module);
        assert_eq!(offsets.imported_func(ImportedFuncIndex::new(0)), VMContext::SIZE);
        assert_eq!(offsets.func_ref(FuncRefIndex::new(0)), VMContext::SIZE + 2 * VMFunctionImport::SIZE);
        assert!(offsets.defined_global(0) >= offsets.func_ref(FuncRefIndex::new(3)));
        assert!(offsets.defined_global(0).is_multiple_of(align_of::<ValRaw>()));
        assert_eq!(offsets.type_id(TypeIndex::new(0)), offsets.defined_global(0));
        assert_eq!(offsets.size(), offsets.type_id(TypeIndex::new(0)));
    }
}
