//! The instructions that may trap, as the report names them.

use super::memory::memory_of;
use super::{StaticType, Translator};
use crate::parse::ParseError;
use trapline_abi::{
    MemoryInstruction, MemorySite, NumericInstruction, Site, SiteInstruction, TableIndex, TableInstruction,
    TableSite, TypeIndex,
};
use wasmparser::{MemArg, Operator};

impl Translator<'_, '_> {
    /// Enters an instruction into the table of the function, if it may trap in compiled code.
    pub(super) fn note_site(
        &mut self,
        operator: &Operator<'_>,
        operand: StaticType,
        offset: u64,
    ) -> Result<(), ParseError> {
        let instruction = match memory_site(operator).or_else(|| other_site(operator)) {
            Some(instruction) => Some(instruction),
            None => self.heap_site(operator, operand, offset)?.map(SiteInstruction::Heap),
        };
        // Modules of 4 GiB and more are refused before.
        let wasm_offset = offset as u32;
        self.findings.sites.extend(instruction.map(|instruction| Site { wasm_offset, instruction }));
        Ok(())
    }
}

macro_rules! define_memory_instruction {
    ($($name:ident = $text:literal, $bytes:literal;)*) => {
        /// The instruction with its immediates, if it accesses one stretch of a memory.
        fn memory_instruction<'a>(operator: &'a Operator<'_>) -> Option<(MemoryInstruction, &'a MemArg)> {
            match operator {
                $(Operator::$name { memarg, .. } => Some((MemoryInstruction::$name, memarg)),)*
                _ => None,
            }
        }
    };
}

trapline_abi::for_each_memory_instruction!(define_memory_instruction);

macro_rules! define_numeric_instruction {
    ($($name:ident = $text:literal, $operand:expr;)*) => {
        /// The instruction, if it is a numeric one that traps.
        fn numeric_instruction(operator: &Operator<'_>) -> Option<NumericInstruction> {
            match operator {
                $(Operator::$name => Some(NumericInstruction::$name),)*
                _ => None,
            }
        }
    };
}

trapline_abi::for_each_numeric_instruction!(define_numeric_instruction);

fn memory_site(operator: &Operator<'_>) -> Option<SiteInstruction> {
    let (instruction, memarg) = memory_instruction(operator)?;
    let memory = memory_of(memarg)?;
    Some(SiteInstruction::Memory(MemorySite { instruction, memory, offset: memarg.offset }))
}

fn other_site(operator: &Operator<'_>) -> Option<SiteInstruction> {
    use TableInstruction as T;
    let site = |instruction, table, ty: Option<u32>| {
        let (table, ty) = (TableIndex::new(table), ty.map(TypeIndex::new));
        Some(SiteInstruction::Table(TableSite { instruction, table, ty }))
    };
    match *operator {
        Operator::TableGet { table } => site(T::TableGet, table, None),
        Operator::TableSet { table } => site(T::TableSet, table, None),
        Operator::CallIndirect { type_index, table_index } => {
            site(T::CallIndirect, table_index, Some(type_index))
        }
        Operator::ReturnCallIndirect { type_index, table_index } => {
            site(T::ReturnCallIndirect, table_index, Some(type_index))
        }
        _ => numeric_instruction(operator).map(SiteInstruction::Numeric),
    }
}
