//! The functions of the runtime that compiled code calls, written once: their order is the order of
//! the table that compiled code finds through its vmctx.
//!
//! Compiled code calls them with the platform's C convention. A builtin declared `-> trapped`
//! returns 0 if all went well and 1 if it failed; one declared `-> i64_or_trapped` returns its result,
//! and `u64::MAX` if it failed. Before it says so it leaves the trap with the store, and the caller
//! then runs into a [`crate::TrapCode::Pending`] site.

use serde::{Deserialize, Serialize};

/// Calls a macro with every builtin.
///
/// Each entry is `name(parameter: kind, …) -> result`, with the kinds `vmctx` and `pointer`
/// (pointers), `i32`, `i64`, `f32`, `f64` (integers unsigned), and the results `trapped`, `i64`,
/// `i64_or_trapped`, `f32`, `f64` and `nothing`.
#[macro_export]
macro_rules! for_each_builtin {
    ($mac:ident) => {
        $mac! {
            /// Calls the host function whose context is the vmctx. `values` holds the arguments
            /// and receives the results, one `ValRaw` each.
            host_call(vmctx: vmctx, values: pointer) -> trapped;
            /// Makes an exception of a tag. `values` holds what it carries, one `ValRaw` each. Gives the reference.
            exception_new(vmctx: vmctx, tag: i32, values: pointer) -> i64_or_trapped;
            /// Throws an exception. Returns only if it is not caught before the host is reached.
            exception_throw(vmctx: vmctx, exception: i32) -> trapped;
            /// Makes room for an object of so many bytes, which are undefined, and gives the reference to it.
            heap_allocate(vmctx: vmctx, size: i64) -> i64_or_trapped;
            /// Makes an array of a type of the module, of zeros or null. Gives the reference.
            array_new(vmctx: vmctx, ty: i32, len: i32) -> i64_or_trapped;
            /// `array.new_data`. Gives the reference.
            array_new_data(vmctx: vmctx, ty: i32, segment: i32, src: i32, len: i32) -> i64_or_trapped;
            /// `array.new_elem`. Gives the reference.
            array_new_elem(vmctx: vmctx, ty: i32, segment: i32, src: i32, len: i32) -> i64_or_trapped;
            /// `array.init_data`
            array_init_data(vmctx: vmctx, ty: i32, segment: i32, array: i32, dst: i32, src: i32, len: i32) -> trapped;
            /// `array.init_elem`
            array_init_elem(vmctx: vmctx, ty: i32, segment: i32, array: i32, dst: i32, src: i32, len: i32) -> trapped;
            /// `array.copy` between arrays whose elements have so many bytes.
            array_copy(vmctx: vmctx, size: i32, dst_array: i32, dst: i32, src_array: i32, src: i32, len: i32) -> trapped;
            /// `array.fill` of an array whose elements have so many bytes, with the lowest bytes of `value`.
            array_fill(vmctx: vmctx, size: i32, array: i32, dst: i32, value: pointer, len: i32) -> trapped;
            /// The number of a function among those that the heap refers to; 0 for null.
            heap_func_number(vmctx: vmctx, func: i64) -> i64;
            /// Whether objects with a header are of a type of the module: 1 if so, else 0.
            is_subtype(vmctx: vmctx, header: i32, ty: i32) -> i64;
            /// `memory.grow`: the size before, in pages, or `u64::MAX`.
            memory_grow(vmctx: vmctx, memory: i32, delta: i64) -> i64;
            /// `memory.init`
            memory_init(vmctx: vmctx, memory: i32, segment: i32, dst: i64, src: i32, len: i32) -> trapped;
            /// `memory.copy`
            memory_copy(vmctx: vmctx, dst_memory: i32, src_memory: i32, dst: i64, src: i64, len: i64) -> trapped;
            /// `memory.fill`; the lowest byte of `value` counts.
            memory_fill(vmctx: vmctx, memory: i32, dst: i64, value: i32, len: i64) -> trapped;
            /// `data.drop`
            data_drop(vmctx: vmctx, segment: i32) -> nothing;
            /// `table.grow`: the size before, in elements, or `u64::MAX`. `value` is a table slot.
            table_grow(vmctx: vmctx, table: i32, value: i64, delta: i64) -> i64;
            /// `table.init`
            table_init(vmctx: vmctx, table: i32, segment: i32, dst: i64, src: i32, len: i32) -> trapped;
            /// `table.copy`
            table_copy(vmctx: vmctx, dst_table: i32, src_table: i32, dst: i64, src: i64, len: i64) -> trapped;
            /// `table.fill`; `value` is a table slot.
            table_fill(vmctx: vmctx, table: i32, dst: i64, value: i64, len: i64) -> trapped;
            /// `elem.drop`
            elem_drop(vmctx: vmctx, segment: i32) -> nothing;
            /// `memory.atomic.notify` at `index + offset`: how many were woken.
            memory_atomic_notify(vmctx: vmctx, memory: i32, index: i64, offset: i64, count: i32) -> i64_or_trapped;
            /// `memory.atomic.wait32` at `index + offset`: 0 woken, 1 not equal, 2 timed out.
            memory_atomic_wait32(vmctx: vmctx, memory: i32, index: i64, offset: i64, expected: i32, timeout: i64) -> i64_or_trapped;
            /// `memory.atomic.wait64`, likewise.
            memory_atomic_wait64(vmctx: vmctx, memory: i32, index: i64, offset: i64, expected: i64, timeout: i64) -> i64_or_trapped;
            /// `f32.ceil`, where the processor has no instruction for it.
            f32_ceil(vmctx: vmctx, value: f32) -> f32;
            /// `f32.floor`, likewise.
            f32_floor(vmctx: vmctx, value: f32) -> f32;
            /// `f32.trunc`, likewise.
            f32_trunc(vmctx: vmctx, value: f32) -> f32;
            /// `f32.nearest`, likewise.
            f32_nearest(vmctx: vmctx, value: f32) -> f32;
            /// `f64.ceil`, likewise.
            f64_ceil(vmctx: vmctx, value: f64) -> f64;
            /// `f64.floor`, likewise.
            f64_floor(vmctx: vmctx, value: f64) -> f64;
            /// `f64.trunc`, likewise.
            f64_trunc(vmctx: vmctx, value: f64) -> f64;
            /// `f64.nearest`, likewise.
            f64_nearest(vmctx: vmctx, value: f64) -> f64;
        }
    };
}

/// The kind of a builtin's parameter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BuiltinParam {
    /// The calling instance's (or host function's) context.
    Vmctx,
    /// A pointer.
    Pointer,
    /// An unsigned 32-bit integer.
    I32,
    /// An unsigned 64-bit integer.
    I64,
    /// A binary32 float.
    F32,
    /// A binary64 float.
    F64,
}

/// The result of a builtin.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BuiltinResult {
    /// No result.
    Nothing,
    /// A 32-bit integer: 0, or 1 after a failure that the store holds.
    Trapped,
    /// An unsigned 64-bit integer.
    I64,
    /// An unsigned 64-bit integer, or `u64::MAX` after a failure that the store holds.
    I64OrTrapped,
    /// A binary32 float.
    F32,
    /// A binary64 float.
    F64,
}

macro_rules! kind_of {
    (vmctx) => {
        BuiltinParam::Vmctx
    };
    (pointer) => {
        BuiltinParam::Pointer
    };
    (i32) => {
        BuiltinParam::I32
    };
    (i64) => {
        BuiltinParam::I64
    };
    (f32) => {
        BuiltinParam::F32
    };
    (f64) => {
        BuiltinParam::F64
    };
}

macro_rules! result_of {
    (nothing) => {
        BuiltinResult::Nothing
    };
    (trapped) => {
        BuiltinResult::Trapped
    };
    (i64) => {
        BuiltinResult::I64
    };
    (i64_or_trapped) => {
        BuiltinResult::I64OrTrapped
    };
    (f32) => {
        BuiltinResult::F32
    };
    (f64) => {
        BuiltinResult::F64
    };
}

macro_rules! define_builtins {
    ($($(#[$doc:meta])* $name:ident($($param:ident: $kind:ident),*) -> $result:ident;)*) => {
        /// A function of the runtime that compiled code calls.
        #[allow(non_camel_case_types, reason = "named as in the list, so that the list is all there is")]
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[repr(u32)]
        pub enum Builtin {
            $($(#[$doc])* $name,)*
        }

        impl Builtin {
            /// Every builtin, in the order of the table.
            pub const ALL: &'static [Builtin] = &[$(Builtin::$name,)*];

            /// Its name in the list.
            pub const fn name(self) -> &'static str {
                match self { $(Builtin::$name => stringify!($name),)* }
            }

            /// The kinds of its parameters.
            pub const fn params(self) -> &'static [BuiltinParam] {
                match self { $(Builtin::$name => &[$(kind_of!($kind)),*],)* }
            }

            /// Its result.
            pub const fn result(self) -> BuiltinResult {
                match self { $(Builtin::$name => result_of!($result),)* }
            }

            /// Where its pointer lies in the table, in bytes.
            pub const fn table_offset(self) -> usize {
                self as usize * size_of::<usize>()
            }
        }
    };
}

for_each_builtin!(define_builtins);

impl Builtin {
    /// Whether it may have to look at the frames of compiled code: to move what they refer to, to find a handler, or to note
    /// who has dropped a segment. Such a builtin is called through a stub that leaves its frame pointer with the store.
    pub const fn walks(self) -> bool {
        matches!(
            self,
            Builtin::exception_new
                | Builtin::exception_throw
                | Builtin::heap_allocate
                | Builtin::array_new
                | Builtin::array_new_data
                | Builtin::array_new_elem
                | Builtin::data_drop
                | Builtin::elem_drop
        )
    }
}
