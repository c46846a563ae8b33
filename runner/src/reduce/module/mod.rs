//! Edits of modules.

use std::collections::BTreeSet;
use trapline_compiler::WasmFeatures;
use wasmparser::{BinaryReader, Parser, Payload};

/// Why a module cannot be edited. Messages follow "failed to".
#[derive(Debug, thiserror::Error)]
#[error("edit the module: {0}")]
pub(crate) struct EditError(String);

impl From<wasmparser::Error> for EditError {
    fn from(error: wasmparser::Error) -> EditError {
        EditError(error.to_string())
    }
}

/// One kind of edit of a module.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Level {
    Bodies,
    Exports,
}

impl Level {
    pub(crate) const ALL: &[Level] = &[Level::Bodies, Level::Exports];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Level::Bodies => "functions",
            Level::Exports => "exports",
        }
    }

    fn id(self) -> u8 {
        match self {
            Level::Bodies => 10,
            Level::Exports => 7,
        }
    }
}

/// The edits of a level that a module allows.
#[derive(Debug)]
pub(crate) struct Edits<'a> {
    wasm: &'a [u8],
    level: Level,
    weights: Vec<u32>,
    items: Vec<&'a [u8]>,
}

impl Edits<'_> {
    pub(crate) fn new(wasm: &[u8], _: WasmFeatures, level: Level) -> Result<Edits<'_>, EditError> {
        let mut items: Vec<&[u8]> = Vec::new();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::CodeSectionEntry(body) if level == Level::Bodies => {
                    let range = body.range();
                    items.push(&wasm[range.start as usize..range.end as usize]);
                }
                Payload::ExportSection(reader) if level == Level::Exports => {
                    let end = reader.range().end as usize;
                    let mut ends = Vec::new();
                    for item in reader.into_iter_with_offsets() {
                        ends.push(item?.0 as usize);
                    }
                    ends.push(end);
                    items.extend(ends.windows(2).map(|pair| &wasm[pair[0]..pair[1]]));
                }
                _ => {}
            }
        }
        let weights = items.iter().map(|item| item.len() as u32).collect();
        Ok(Edits { wasm, level, weights, items })
    }

    pub(crate) fn weights(&self) -> &[u32] {
        &self.weights
    }

    pub(crate) fn apply(&self, numbers: &[usize]) -> Result<Vec<u8>, EditError> {
        let mut content = Vec::new();
        let mut count = 0;
        for (number, item) in self.items.iter().enumerate() {
            let hit = numbers.binary_search(&number).is_ok();
            match (self.level, hit) {
                (Level::Exports, true) => continue,
                (Level::Exports, false) => content.extend_from_slice(item),
                (Level::Bodies, true) => content.extend_from_slice(&[3, 0, 0x00, 0x0b]),
                (Level::Bodies, false) => {
                    leb(&mut content, item.len());
                    content.extend_from_slice(item);
                }
            }
            count += 1;
        }
        let mut section = Vec::new();
        leb(&mut section, count);
        section.extend(content);
        let mut out = self.wasm[..8].to_vec();
        let mut at = 8;
        while at < self.wasm.len() {
            let id = self.wasm[at];
            let mut reader = BinaryReader::new(&self.wasm[at + 1..], 0);
            let len = reader.read_var_u32()? as usize;
            let end = at + 1 + reader.current_position() as usize + len;
            if id == self.level.id() {
                out.push(id);
                leb(&mut out, section.len());
                out.extend_from_slice(&section);
            } else {
                out.extend_from_slice(&self.wasm[at..end]);
            }
            at = end;
        }
        Ok(out)
    }
}

fn leb(out: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

pub(crate) fn stub_all_but(
    wasm: &[u8],
    features: WasmFeatures,
    _keep: &BTreeSet<u32>,
) -> Result<Vec<u8>, EditError> {
    Edits::new(wasm, features, Level::Bodies)?.apply(&[])
}
