//! The name section (specification: "Name Section"; proposal extended-name-section).

use super::spaces::{Space, Spaces};
use super::{CustomError, Defect, malformed};
use wasmparser::BinaryReader;

/// The name of the section.
pub(super) const SECTION: &str = "name";

/// Something that a name is given to.
pub(super) struct Reference {
    space: Space,
    /// The function or type that has the space, if the module itself does not.
    within: Option<u32>,
    index: u32,
    /// Where the index is in the module, in bytes.
    offset: u64,
}

/// The form of a subsection.
enum Form {
    /// One name.
    Name,
    /// Names by index.
    Map(Space),
    /// Names by two indices, the first of which is of this space.
    Indirect(Space, Space),
    /// Any bytes: later specifications may give them a form.
    Unknown,
}

impl Form {
    fn of(id: u8) -> Form {
        match id {
            0 => Form::Name,
            1 => Form::Map(Space::Funcs),
            2 => Form::Indirect(Space::Funcs, Space::Locals),
            3 => Form::Indirect(Space::Funcs, Space::Labels),
            4 => Form::Map(Space::Types),
            5 => Form::Map(Space::Tables),
            6 => Form::Map(Space::Memories),
            7 => Form::Map(Space::Globals),
            8 => Form::Map(Space::Elements),
            9 => Form::Map(Space::Data),
            10 => Form::Indirect(Space::Types, Space::Fields),
            11 => Form::Map(Space::Tags),
            _ => Form::Unknown,
        }
    }
}

/// Decodes the content of a section that begins at an offset of its module.
pub(super) fn decode(content: &[u8], offset: u64) -> Result<Vec<Reference>, Defect> {
    let mut reader = BinaryReader::new(content, offset);
    let mut references = Vec::new();
    let mut last = None;
    while !reader.eof() {
        let place = reader.original_position();
        let id = reader.read_u8()?;
        match last.replace(id) {
            Some(last) if last == id => return malformed(place, "duplicate subsection"),
            Some(last) if last > id => return malformed(place, "subsections out of order"),
            Some(_) | None => {}
        }
        let mut content = reader.read_reader()?;
        match Form::of(id) {
            Form::Name => drop(content.read_unlimited_string()?),
            Form::Map(space) => map(&mut content, space, None, &mut references)?,
            Form::Indirect(outer, inner) => indirect(&mut content, outer, inner, &mut references)?,
            Form::Unknown => continue,
        }
        if !content.eof() {
            return malformed(content.original_position(), "subsection size mismatch");
        }
    }
    Ok(references)
}

fn map(
    reader: &mut BinaryReader<'_>,
    space: Space,
    within: Option<u32>,
    references: &mut Vec<Reference>,
) -> Result<(), Defect> {
    let mut last = None;
    for _ in 0..reader.read_var_u32()? {
        references.push(index(reader, space, within, &mut last)?);
        reader.read_unlimited_string()?;
    }
    Ok(())
}

fn indirect(
    reader: &mut BinaryReader<'_>,
    outer: Space,
    inner: Space,
    references: &mut Vec<Reference>,
) -> Result<(), Defect> {
    let mut last = None;
    for _ in 0..reader.read_var_u32()? {
        let reference = index(reader, outer, None, &mut last)?;
        let within = Some(reference.index);
        references.push(reference);
        map(reader, inner, within, references)?;
    }
    Ok(())
}

/// An index of a map, which is above the one before.
fn index(
    reader: &mut BinaryReader<'_>,
    space: Space,
    within: Option<u32>,
    last: &mut Option<u32>,
) -> Result<Reference, Defect> {
    let offset = reader.original_position();
    let index = reader.read_var_u32()?;
    match last.replace(index) {
        Some(last) if last == index => malformed(offset, "duplicate name"),
        Some(last) if last > index => malformed(offset, "names out of order"),
        Some(_) | None => Ok(Reference { space, within, index, offset }),
    }
}

/// Checks that what is named is there.
pub(super) fn check(references: &[Reference], spaces: &Spaces<'_>) -> Result<(), CustomError> {
    // Names of one space come one behind the other, and the size of a function's space takes a look at its body.
    let mut known = None;
    for &Reference { space, within, index, offset } in references {
        let len = match known {
            Some((of, len)) if of == (space, within) => len,
            _ => spaces.len(space, within),
        };
        known = Some(((space, within), len));
        if u64::from(index) >= len {
            let message = format!("@name annotation: unknown {}", space.word());
            return Err(CustomError::Invalid { offset, message });
        }
    }
    Ok(())
}
