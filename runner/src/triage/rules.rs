//! The rules by which instructions trap (WebAssembly core specification, "Execution", "Instructions").

use trapline_abi::Trap;

/// The rule by which an instruction traps, or by which a segment does at instantiation.
pub(super) fn of(trap: Trap, instruction: Option<&str>, is_segment: bool) -> String {
    let rule = match (trap, instruction) {
        (Trap::Unreachable, _) => "unreachable always traps",
        (Trap::MemoryOutOfBounds, Some("memory.init")) => {
            "memory.init traps if src + len is larger than the segment, or dst + len than the memory, also if len is 0; an active \
             segment has no bytes left once it was written, and a dropped one has none"
        }
        (Trap::MemoryOutOfBounds, Some("memory.copy")) => {
            "memory.copy traps if src + len is larger than the one memory, or dst + len than the other, also if len is 0"
        }
        (Trap::MemoryOutOfBounds, Some("memory.fill")) => {
            "memory.fill traps if dst + len is larger than the memory, also if len is 0"
        }
        (Trap::MemoryOutOfBounds, None) if is_segment => {
            "an active data segment traps at instantiation if it does not fit into its memory"
        }
        (Trap::MemoryOutOfBounds, _) => {
            "an access traps if its address, its offset and its width together are larger than the memory"
        }
        (Trap::TableOutOfBounds, Some("table.init")) => {
            "table.init traps if src + len is larger than the segment, or dst + len than the table, also if len is 0; an active or \
             declared segment has no elements left after instantiation"
        }
        (Trap::TableOutOfBounds, Some("table.copy" | "table.fill")) => {
            "a bulk operation traps if a position and the length together are larger than the table, also if the length is 0"
        }
        (Trap::TableOutOfBounds, None) if is_segment => {
            "an active element segment traps at instantiation if it does not fit into its table"
        }
        (Trap::TableOutOfBounds, _) => "an access traps if the index is not less than the size of the table",
        (Trap::UndefinedElement, _) => {
            "an indirect call traps if the index is not less than the size of the table"
        }
        (Trap::UninitializedElement, _) => "an indirect call traps if the element is null",
        (Trap::IndirectCallTypeMismatch, _) => {
            "an indirect call traps if the type of the function is no subtype of the type that is wanted"
        }
        (Trap::IntegerDivideByZero, _) => "an integer division or remainder traps if the divisor is 0",
        (Trap::IntegerOverflow, Some("i32.div_s" | "i64.div_s")) => {
            "a signed division traps if its result is no value of the type, which is the least value divided by -1"
        }
        (Trap::IntegerOverflow, None) => "the result of the instruction is no value of its type",
        (Trap::IntegerOverflow, Some(_)) => {
            "a conversion traps if the truncated float is no value of the integer type"
        }
        (Trap::InvalidConversionToInteger, _) => "a conversion of a NaN to an integer traps",
        (Trap::StackOverflow, _) => {
            "an implementation may limit the call stack (appendix, \"Implementation Limitations\")"
        }
        (Trap::UnalignedAtomic, _) => {
            "an atomic access traps if its address is no multiple of its width (threads proposal)"
        }
        (Trap::ExpectedSharedMemory, _) => "waiting traps if the memory is not shared (threads proposal)",
        (
            Trap::NullReference
            | Trap::NullFuncReference
            | Trap::NullExceptionReference
            | Trap::NullStructReference
            | Trap::NullArrayReference
            | Trap::NullI31Reference
            | Trap::NullDescriptorReference,
            _,
        ) => "an instruction that needs what a reference refers to traps if the reference is null",
        (Trap::ArrayOutOfBounds, _) => {
            "an access of an array traps if the index, or a position and the length together, are larger than the array"
        }
        (Trap::CastFailure, _) => "a cast traps if the reference is not of the type that is wanted",
        (Trap::DescriptorCastFailure, _) => {
            "a cast to a descriptor traps if the object has another one (custom-descriptors proposal)"
        }
        (Trap::HeapExhausted, _) => {
            "an implementation may limit the heap (appendix, \"Implementation Limitations\")"
        }
    };
    rule.to_owned()
}
