//! Names: the name section, its parts, and the names of functions.

use super::error::EditError;
use super::outline::Outline;
use super::write::{Rewrite, write};
use super::{Apply, Found};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{NameSection, SectionId};
use wasmparser::{KnownCustom, Name, NameSectionReader};

/// An edit of names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Edit {
    /// A custom section goes.
    Section(usize),
    /// A part of the name sections goes, by its number.
    Part(usize),
    /// The name of a function goes, by its number among them.
    Function(usize),
}

/// The edits.
struct Names {
    edits: Vec<Edit>,
}

/// The edits that remove names.
pub(super) fn find(outline: &Outline<'_>) -> Result<Found, EditError> {
    let mut edits = Vec::new();
    let mut weights = Vec::new();
    let mut part = 0;
    let mut function = 0;
    for (number, custom) in outline.customs.iter().enumerate() {
        let KnownCustom::Name(names) = custom.reader.as_known() else { continue };
        edits.push(Edit::Section(number));
        weights.push(custom.contents.len() as u32);
        // A name section that is malformed can only go as a whole.
        let Ok(parts) = names.into_iter().collect::<Result<Vec<_>, _>>() else { continue };
        for name in parts {
            edits.push(Edit::Part(part));
            weights.push(2);
            part += 1;
            if let Name::Function(functions) = name {
                for name in functions.into_iter().map_while(Result::ok) {
                    edits.push(Edit::Function(function));
                    weights.push(name.name.len() as u32 + 2);
                    function += 1;
                }
            }
        }
    }
    Ok(Found { weights, edits: Box::new(Names { edits }) })
}

impl Apply for Names {
    fn apply(&self, outline: &Outline<'_>, numbers: &[usize]) -> Result<Vec<u8>, EditError> {
        let mut fewer =
            Fewer { sections: Vec::new(), parts: Vec::new(), functions: Vec::new(), part: 0, function: 0 };
        for &number in numbers {
            match self.edits[number] {
                Edit::Section(number) => fewer.sections.push(number),
                Edit::Part(number) => fewer.parts.push(number),
                Edit::Function(number) => fewer.functions.push(number),
            }
        }
        write(outline, &mut fewer)
    }
}

/// A module with fewer names.
struct Fewer {
    sections: Vec<usize>,
    parts: Vec<usize>,
    functions: Vec<usize>,
    /// The part that is next.
    part: usize,
    /// The name of a function that is next.
    function: usize,
}

impl Reencode for Fewer {
    type Error = EditError;

    fn custom_name_section(
        &mut self,
        section: NameSectionReader<'_>,
    ) -> Result<NameSection, Error<EditError>> {
        let mut names = NameSection::new();
        for part in section.into_iter().collect::<Result<Vec<_>, _>>()? {
            let goes = self.parts.binary_search(&self.part).is_ok();
            self.part += 1;
            match part {
                Name::Function(functions) => {
                    let mut kept = wasm_encoder::NameMap::new();
                    for name in functions.into_iter().map_while(Result::ok) {
                        if self.functions.binary_search(&self.function).is_err() {
                            kept.append(name.index, name.name);
                        }
                        self.function += 1;
                    }
                    if !goes {
                        names.functions(&kept);
                    }
                }
                part if !goes => utils::parse_custom_name_subsection(self, &mut names, part)?,
                _ => {}
            }
        }
        Ok(names)
    }
}

impl Rewrite for Fewer {
    fn rewrites(&self, section: SectionId) -> bool {
        section == SectionId::Custom
    }

    fn keeps_custom(&self, number: usize) -> bool {
        !self.sections.contains(&number)
    }
}
