//! What can be made smaller in a document, one kind of thing at a time.

use super::document::{Document, Part, constants};
use super::frame;
use super::judge::Candidate;
use super::module::{self, EditError, Level};
use crate::script::Keyword;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use trapline_compiler::WasmFeatures;

/// The edits of a document that can be tried together, by their numbers.
pub(super) trait Edits: Sync {
    /// About how many bytes each of them saves.
    fn weights(&self) -> &[u32];

    /// The document with some of them, whose numbers ascend; `None` if that cannot be made.
    fn apply(&self, numbers: &[usize]) -> Option<Candidate>;
}

/// Directives that are left out, one by one or with all that need them.
pub(super) struct Directives<'d> {
    document: &'d Document,
    /// The places that go together.
    groups: Vec<Vec<usize>>,
    weights: Vec<u32>,
}

impl<'d> Directives<'d> {
    /// Single directives.
    pub(super) fn single(document: &'d Document) -> Directives<'d> {
        let places = 0..document.parts.len();
        Directives::of(document, places.map(|place| vec![place]).collect())
    }

    /// Each module, and each instance, with all directives that need it.
    pub(super) fn with_uses(document: &'d Document) -> Directives<'d> {
        let needs = needs(&document.parts);
        let defining = document.parts.iter().enumerate().filter(|(_, part)| part.names.defines);
        let group = |(place, _): (usize, &Part)| {
            let mut group = BTreeSet::from([place]);
            // What is needed comes before.
            for (user, needed) in needs.iter().enumerate().skip(place) {
                if needed.is_some_and(|needed| group.contains(&needed)) {
                    group.insert(user);
                }
            }
            group.into_iter().collect()
        };
        Directives::of(document, defining.map(group).collect())
    }

    fn of(document: &'d Document, groups: Vec<Vec<usize>>) -> Directives<'d> {
        let is_main = |place: &usize| Some(document.parts[*place].number) == document.main;
        let groups: Vec<Vec<usize>> = groups.into_iter().filter(|group| !group.iter().any(is_main)).collect();
        let weight =
            |group: &Vec<usize>| short(group.iter().map(|&place| document.parts[place].size()).sum());
        Directives { document, weights: groups.iter().map(weight).collect(), groups }
    }
}

impl Edits for Directives<'_> {
    fn weights(&self) -> &[u32] {
        &self.weights
    }

    fn apply(&self, numbers: &[usize]) -> Option<Candidate> {
        let places: BTreeSet<usize> =
            numbers.iter().flat_map(|&number| &self.groups[number]).copied().collect();
        let places: Vec<usize> = places.into_iter().collect();
        Some(Candidate { document: self.document.without(&places), edited: None })
    }
}

/// The place of the part that each part needs, if it needs one that is there.
fn needs(parts: &[Part]) -> Vec<Option<usize>> {
    let (mut last, mut named) = (None, HashMap::new());
    let mut needs = Vec::with_capacity(parts.len());
    for (place, part) in parts.iter().enumerate() {
        needs.push(match &part.names.needs {
            Some(Some(name)) => named.get(name.as_str()).copied(),
            Some(None) => last,
            None => None,
        });
        if part.names.defines {
            last = Some(place);
            if let Some(name) = &part.names.own {
                named.insert(name.as_str(), place);
            }
        }
    }
    needs
}

/// Arguments of calls that become zero.
pub(super) struct Arguments<'d> {
    document: &'d Document,
    /// The place of each, where it is in the text, and what is put there.
    places: Vec<(usize, Range<usize>, &'static str)>,
    weights: Vec<u32>,
}

impl<'d> Arguments<'d> {
    pub(super) fn of(document: &'d Document) -> Arguments<'d> {
        let parts = document.parts.iter().enumerate().filter(|(_, part)| part.module.is_none());
        let places: Vec<_> = parts
            .flat_map(|(place, part)| not_zero(&part.before).map(move |(range, zero)| (place, range, zero)))
            .collect();
        let weights = places.iter().map(|(_, range, _)| short(range.len())).collect();
        Arguments { document, places, weights }
    }
}

impl Edits for Arguments<'_> {
    fn weights(&self) -> &[u32] {
        &self.weights
    }

    fn apply(&self, numbers: &[usize]) -> Option<Candidate> {
        let mut document = self.document.clone();
        // From the end, so that places before stay what they are.
        for &number in numbers.iter().rev() {
            let (place, range, zero) = &self.places[number];
            let before = &mut document.parts[*place].before;
            let mut text = before.to_string();
            text.replace_range(range.clone(), zero);
            *before = text.into();
        }
        Some(Candidate { document, edited: None })
    }
}

/// The constants of a text that are not zero, and the zero of each.
fn not_zero(text: &str) -> impl Iterator<Item = (Range<usize>, &'static str)> {
    let with_zero = |range: Range<usize>| {
        let zero = if text[..range.start].ends_with("v128.const ") { "i64x2 0 0" } else { "0" };
        (text[range.clone()].trim() != zero).then_some((range, zero))
    };
    constants(text).into_iter().filter_map(with_zero)
}

/// Edits of a module in a part.
pub(super) struct OfModule<'d> {
    document: &'d Document,
    place: usize,
    edits: module::Edits<'d>,
}

impl<'d> OfModule<'d> {
    /// Those of a level of the module in the part at a place, if it has one.
    pub(super) fn of(
        document: &'d Document,
        place: usize,
        features: WasmFeatures,
        level: Level,
    ) -> Option<Result<OfModule<'d>, EditError>> {
        let module = document.parts.get(place)?.module.as_ref()?;
        let edits = module::Edits::new(&module.wasm, features, level);
        Some(edits.map(|edits| OfModule::with(document, place, edits)))
    }

    /// Edits of the module in the part at a place.
    pub(super) fn with(document: &'d Document, place: usize, edits: module::Edits<'d>) -> OfModule<'d> {
        OfModule { document, place, edits }
    }
}

impl Edits for OfModule<'_> {
    fn weights(&self) -> &[u32] {
        self.edits.weights()
    }

    fn apply(&self, numbers: &[usize]) -> Option<Candidate> {
        match self.edits.apply(numbers) {
            Ok(wasm) => {
                let document = self.document.with_module(self.place, wasm);
                Some(Candidate { document, edited: Some(self.place) })
            }
            Err(error) => {
                tracing::debug!(%error, "edits that cannot be made");
                None
            }
        }
    }
}

/// Bytes of a module that is not valid, or characters of a text that is no module.
pub(super) struct Bytes<'d> {
    document: &'d Document,
    place: usize,
    /// Where each begins; there is one more for the end.
    starts: Vec<usize>,
    weights: Vec<u32>,
}

impl<'d> Bytes<'d> {
    /// Those of the part at a place, if it has a module, or is one that does not parse.
    pub(super) fn of(document: &'d Document, place: usize) -> Option<Bytes<'d>> {
        let part = document.parts.get(place)?;
        let mut starts: Vec<usize> = match (&part.module, part.keyword) {
            (Some(module), _) => (0..module.wasm.len()).collect(),
            (None, Keyword::Module | Keyword::ModuleDefinition | Keyword::Unknown) => {
                part.before.char_indices().map(|(start, _)| start).collect()
            }
            (None, _) => return None,
        };
        let weights = vec![1; starts.len()];
        starts.push(part.module.as_ref().map_or(part.before.len(), |module| module.wasm.len()));
        Some(Bytes { document, place, starts, weights })
    }
}

impl Edits for Bytes<'_> {
    fn weights(&self) -> &[u32] {
        &self.weights
    }

    fn apply(&self, numbers: &[usize]) -> Option<Candidate> {
        let is_cut = |number: usize| numbers.binary_search(&number).is_ok();
        let part = &self.document.parts[self.place];
        let document = match &part.module {
            Some(module) => {
                let wasm = &module.wasm;
                let left = frame::without(wasm, 0..wasm.len(), &frame::sizes(wasm), &is_cut);
                self.document.with_module(self.place, left)
            }
            None => {
                let pieces = self.starts.windows(2).enumerate().filter(|(number, _)| !is_cut(*number));
                let left = pieces.map(|(_, piece)| &part.before[piece[0]..piece[1]]).collect();
                self.document.with_text(self.place, left)
            }
        };
        Some(Candidate { document, edited: None })
    }
}

/// A number of bytes as a weight.
fn short(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}
