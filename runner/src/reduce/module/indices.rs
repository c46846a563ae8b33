//! The index spaces, as [`Reencode`](wasm_encoder::reencode::Reencode) has them: one method for each.

/// Within an `impl Reencode`, the methods for indices: each gives the index to put in place of an index in a [`Space`], or why there
/// is none.
///
/// [`Space`]: super::outline::Space
macro_rules! each_index {
    (|$edit:ident, $space:ident, $index:ident| $new:expr) => {
        each_index! {
            |$edit, $space, $index| $new;
            function_index Function
            table_index Table
            memory_index Memory
            tag_index Tag
            global_index Global
            element_index Element
            data_index Data
            type_index Type
        }
    };
    (|$edit:ident, $space:ident, $index:ident| $new:expr; $($method:ident $of:ident)*) => {
        $(
            fn $method(&mut self, $index: u32) -> Result<u32, Error<EditError>> {
                let ($edit, $space) = (self, Space::$of);
                $new
            }
        )*
    };
}

pub(super) use each_index;
