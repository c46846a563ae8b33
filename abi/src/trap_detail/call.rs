//! What traps of calls tell: wanted and found types, and how the stack was used up.

use super::heap::OfModule;
use super::{Count, Extent, OtherModule, TableSize, TypeName};
use crate::{FuncType, Readable, TableInstruction, ValType};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A function that a module defines or imports.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CodeFunction {
    /// Its index there.
    pub index: u32,
    /// Its name, from the name section or an export.
    pub name: Option<String>,
    /// The module, if it is another than that of the trapping function.
    pub module: Option<OtherModule>,
}

impl fmt::Display for CodeFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.index)?;
        if let Some(name) = &self.name {
            write!(f, " <{}>", Readable(name))?;
        }
        OfModule(&self.module).fmt(f)
    }
}

/// A type of a module with what it consists of.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Signature {
    /// The type.
    pub ty: TypeName,
    /// Its parameters and results.
    pub func: FuncType<TypeName>,
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "type {} {}", self.ty, TextFormat(&self.func))
    }
}

/// A function type as the text format has it.
struct TextFormat<'a>(&'a FuncType<TypeName>);

impl fmt::Display for TextFormat<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, word, types: &[ValType<TypeName>]| {
            if types.is_empty() {
                return Ok(());
            }
            write!(f, " ({word}")?;
            types.iter().try_for_each(|ty| write!(f, " {ty}"))?;
            f.write_str(")")
        };
        f.write_str("(func")?;
        list(f, "param", &self.0.params)?;
        list(f, "result", &self.0.results)?;
        f.write_str(")")
    }
}

/// What an element of a table was found to be.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FoundFunction {
    /// A function of a module.
    Code(CodeFunction),
    /// A function of the host.
    Host,
}

impl fmt::Display for FoundFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FoundFunction::Code(function) => write!(f, "function {function}"),
            FoundFunction::Host => f.write_str("a function of the host"),
        }
    }
}

/// An indirect call of a function of another type.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct IndirectCallDetail {
    /// The instruction.
    pub instruction: TableInstruction,
    /// The table.
    pub table: Extent,
    /// The index operand.
    pub index: u64,
    /// The type that the instruction names.
    pub wanted: Signature,
    /// The element.
    pub found: FoundFunction,
    /// Its type; `None` if no module has it.
    pub found_type: Option<Signature>,
}

impl fmt::Display for IndirectCallDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let IndirectCallDetail { instruction, table, index, wanted, found, found_type } = self;
        write!(f, "{instruction}: index={index}; wanted {wanted}, found {found} of ")?;
        match found_type {
            Some(ty) => ty.fmt(f)?,
            None => f.write_str("a type of no module")?,
        }
        write!(f, ", {}", TableSize(*table))
    }
}

/// The end of the call stack. How deep it is depends on the machine, the engine and the stack that the thread has.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CallStackDetail {
    /// How many functions of WebAssembly were active.
    pub depth: u64,
    /// The functions that called each other in a cycle at the end, in the order of the calls, beginning with the one that
    /// was entered first; none if no cycle was seen.
    pub cycle: Vec<CodeFunction>,
    /// How many times the cycle was gone through as a whole.
    pub times: u64,
}

impl fmt::Display for CallStackDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let CallStackDetail { depth, cycle, times } = self;
        match depth {
            1 => f.write_str("1 function was active")?,
            _ => write!(f, "{} functions were active", Grouped(*depth))?,
        }
        match cycle.as_slice() {
            [] => Ok(()),
            [function] => write!(f, "; function {function} calls itself ×{}", Grouped(*times)),
            [first, rest @ ..] => {
                write!(f, "; function {first}")?;
                rest.iter().try_for_each(|function| write!(f, " → {function}"))?;
                write!(f, " → {first} ×{}", Grouped(*times))
            }
        }
    }
}

/// A number with commas between its groups of three digits.
struct Grouped(u64);

impl fmt::Display for Grouped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            small @ 0..1000 => write!(f, "{small}"),
            large => write!(f, "{},{:03}", Grouped(large / 1000), large % 1000),
        }
    }
}

/// An element of a table that a call or another access names.
pub(super) struct Element<'a> {
    pub(super) instruction: TableInstruction,
    pub(super) table: Extent,
    pub(super) index: u64,
    pub(super) wanted: Option<&'a Signature>,
}

impl fmt::Display for Element<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Element { instruction, table, index, wanted } = self;
        write!(f, "{instruction}: index={index}; ")?;
        if let Some(wanted) = wanted {
            write!(f, "wanted {wanted}, ")?;
        }
        if *index < table.len {
            f.write_str("found null, ")?;
        }
        write!(f, "table {} has {}", table.index, Count(table.len, "element"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(index: u32, name: &str) -> CodeFunction {
        CodeFunction { index, name: Some(name.to_owned()), module: None }
    }

    #[test]
    fn a_cycle_is_one_line() {
        let text = |depth, cycle, times| CallStackDetail { depth, cycle, times }.to_string();
        assert_eq!(text(1, vec![], 0), "1 function was active");
        assert_eq!(
            text(4813, vec![function(0, "f")], 4812),
            "4,813 functions were active; function 0 <f> calls itself ×4,812"
        );
        assert_eq!(
            text(1_000_005, vec![function(0, "f"), function(1, "g")], 500_002),
            "1,000,005 functions were active; function 0 <f> → 1 <g> → 0 <f> ×500,002"
        );
    }

    #[test]
    fn a_mismatch_names_both_types_and_the_function() {
        let signature = |index, params, results| Signature {
            ty: TypeName { index, name: None, module: None },
            func: FuncType { params, results },
        };
        let other = Some(OtherModule { name: Some("lib".to_owned()) });
        let detail = IndirectCallDetail {
            instruction: TableInstruction::ReturnCallIndirect,
            table: Extent { index: 1, len: 8 },
            index: 3,
            wanted: signature(0, vec![ValType::I32], vec![]),
            found: FoundFunction::Code(CodeFunction { module: other, ..function(2, "have") }),
            found_type: Some(signature(4, vec![], vec![ValType::F64, ValType::I64])),
        };
        assert_eq!(
            detail.to_string(),
            "return_call_indirect: index=3; wanted type 0 (func (param i32)), found function 2 <have> of module \
             <lib> of type 4 (func (result f64 i64)), table 1 has 8 elements"
        );
        let host = IndirectCallDetail { found: FoundFunction::Host, found_type: None, ..detail };
        assert!(host.to_string().contains("found a function of the host of a type of no module"), "{host}");
    }
}
