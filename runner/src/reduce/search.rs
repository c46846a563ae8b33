//! The search for a smaller document: level by level, in passes, until a pass saves nothing.

use super::Status;
use super::document::Document;
use super::judge::{Answer, Candidate, Judge};
use super::levels::{Arguments, Bytes, Directives, Edits, OfModule};
use super::module::{self, EditError, Level};
use super::output::{Output, OutputError};
use super::schedule::{Size, chunks, total};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap, VecDeque};
use trapline_compiler::WasmFeatures;

/// By how many bits the least size of chunks shrinks from pass to pass. What only single edits can remove is left for later passes:
/// edits of other levels may remove it before.
const FINER: u32 = 6;

/// The passes from which on single edits are tried, whatever there are.
const COARSE: u32 = 3;

/// What is reduced at a time: a kind of edits, of a part if it is of a module.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Stage {
    Groups,
    Directives,
    Arguments,
    Entered,
    Results,
    Module(u32, Level),
    Bytes(u32),
}

impl Stage {
    fn name(self) -> &'static str {
        match self {
            Stage::Groups => "modules with their uses",
            Stage::Directives => "directives",
            Stage::Arguments => "arguments",
            Stage::Entered => "functions that are not entered",
            Stage::Results => "recorded results",
            Stage::Module(_, level) => level.name(),
            Stage::Bytes(_) => "bytes",
        }
    }
}

/// What a level has come to, in all passes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct LevelReport {
    /// Its name.
    pub(crate) name: &'static str,
    /// Candidates that were made.
    pub(crate) tried: u64,
    /// Edits that were kept.
    pub(crate) kept: u64,
    /// Bytes that they have saved.
    pub(crate) saved: i64,
}

/// The search under way.
pub(super) struct Search<'a> {
    judge: &'a Judge<'a>,
    features: WasmFeatures,
    /// The document that is being made smaller.
    current: Document,
    output: &'a mut Output,
    tell: &'a mut dyn FnMut(Status<'_>),
    sizes: HashMap<Stage, Size>,
    pub(super) reports: Vec<LevelReport>,
    /// Bytes at the beginning.
    from: usize,
    pass: u32,
    /// Whether a level of this pass has more to try.
    more: bool,
}

/// Why a search ends early.
#[derive(Debug)]
pub(super) enum Stop {
    /// The time is up, or a signal has come.
    Over,
    /// The best so far cannot be kept.
    Output(OutputError),
}

impl<'a> Search<'a> {
    pub(super) fn new(
        judge: &'a Judge<'a>,
        features: WasmFeatures,
        document: Document,
        output: &'a mut Output,
        tell: &'a mut dyn FnMut(Status<'_>),
    ) -> Search<'a> {
        Search {
            judge,
            features,
            from: document.size(),
            current: document,
            output,
            tell,
            sizes: HashMap::new(),
            reports: Vec::new(),
            pass: 0,
            more: false,
        }
    }

    /// Searches until a pass saves nothing. `bytes` is whether bytes of modules are cut: what is wrong is found before they
    /// are validated.
    pub(super) fn run(&mut self, bytes: bool) -> Result<(), Stop> {
        self.keep_entered()?;
        loop {
            let before = self.current.whole_size();
            self.more = false;
            self.one_pass(bytes)?;
            self.pass += 1;
            if self.current.whole_size() >= before && !self.more {
                return Ok(());
            }
        }
    }

    /// Leaves only the functions their bodies that are entered when the module runs, in one step.
    fn keep_entered(&mut self) -> Result<(), Stop> {
        let entered = self.entered();
        let (Some(place), Some(entered)) = (self.current.main_place(), entered) else { return Ok(()) };
        self.at_once(place, |wasm, features| module::stub_all_but(wasm, features, &entered))?;
        // Tables can have many of the others, and these cost time in every candidate.
        self.at_once(place, |wasm, features| {
            let referring = module::refer_to_none_but(wasm, features, &entered)?;
            let unused = module::Edits::new(&referring, features, Level::Unused)?;
            unused.apply(&(0..unused.weights().len()).collect::<Vec<_>>())
        })
    }

    /// Changes the module at a place to another one, if it is smaller and shows the fault.
    fn at_once(
        &mut self,
        place: usize,
        change: impl Fn(&[u8], WasmFeatures) -> Result<Vec<u8>, EditError>,
    ) -> Result<(), Stop> {
        let Some(module) = &self.current.parts[place].module else { return Ok(()) };
        let changed = match change(&module.wasm, self.features) {
            Ok(changed) if changed.len() < module.wasm.len() => changed,
            Ok(_) => return Ok(()),
            Err(error) => {
                tracing::debug!(%error, "an edit that cannot be made");
                return Ok(());
            }
        };
        let candidate = Candidate { document: self.current.with_module(place, changed), edited: Some(place) };
        self.report(Stage::Entered).tried += 1;
        if self.judge.shows(&candidate) {
            self.take(Stage::Entered, &[0], candidate, &mut Vec::new())?;
        }
        self.status(Stage::Entered);
        Ok(())
    }

    /// The functions of the module that are entered, if that can be seen.
    fn entered(&self) -> Option<BTreeSet<u32>> {
        let coverage = module::with_coverage(self.current.main_wasm()?, self.features);
        let coverage = coverage.inspect_err(|error| tracing::debug!(%error, "no coverage")).ok()?;
        let recording = self.current.with_main(coverage.wasm.clone());
        let engines = self.judge.globals(&recording, &coverage.exports)?;
        Some(engines.iter().flat_map(|globals| coverage.entered(globals)).collect())
    }

    /// Functions return what they returned last, as far as that can be seen.
    fn replay_results(&mut self) -> Result<(), Stop> {
        let base = self.current.clone();
        let (Some(place), Some(wasm)) = (base.main_place(), base.main_wasm()) else { return Ok(()) };
        match self.results(&base, wasm) {
            Ok(Some(edits)) => self.level(Stage::Results, &OfModule::with(&base, place, edits)),
            Ok(None) => Ok(()),
            Err(error) => {
                tracing::debug!(%error, "a level is left out");
                Ok(())
            }
        }
    }

    /// The edits that have functions of the module return what they returned on the first engine, if that can be seen.
    fn results<'w>(
        &self,
        document: &Document,
        wasm: &'w [u8],
    ) -> Result<Option<module::Edits<'w>>, EditError> {
        let recording = module::with_results(wasm, self.features)?;
        let engines = self.judge.globals(&document.with_main(recording.wasm.clone()), &recording.exports);
        let Some(first) = engines.and_then(|engines| engines.into_iter().next()) else { return Ok(None) };
        module::Edits::of_results(wasm, self.features, &recording, &first).map(Some)
    }

    fn one_pass(&mut self, bytes: bool) -> Result<(), Stop> {
        let base = self.current.clone();
        self.level(Stage::Groups, &Directives::with_uses(&base))?;
        let base = self.current.clone();
        self.level(Stage::Directives, &Directives::single(&base))?;
        if self.pass == 0 {
            // What is most of a module is what makes candidates slow.
            self.modules(Level::Data, |data, whole| data > whole / 2)?;
        }
        for &level in Level::ALL {
            self.modules(level, |_, _| true)?;
            if level == Level::Bodies {
                self.replay_results()?;
            }
        }
        let base = self.current.clone();
        self.level(Stage::Arguments, &Arguments::of(&base))?;
        for place in 0..self.current.parts.len() {
            let base = self.current.clone();
            let number = base.parts[place].number;
            if bytes
                && !self.judge.keeps_valid(number)
                && let Some(edits) = Bytes::of(&base, place)
            {
                self.level(Stage::Bytes(number), &edits)?;
            }
        }
        Ok(())
    }

    /// A level of each module, if that is worth while by what all its edits can save and by the size of the module, in bytes.
    fn modules(&mut self, level: Level, is_worth: impl Fn(u64, u64) -> bool) -> Result<(), Stop> {
        for place in 0..self.current.parts.len() {
            let base = self.current.clone();
            let stage = Stage::Module(base.parts[place].number, level);
            match OfModule::of(&base, place, self.features, level) {
                Some(Ok(edits)) => {
                    let all = edits.weights().iter().map(|&weight| u64::from(weight)).sum();
                    if is_worth(all, base.parts[place].size() as u64) {
                        self.level(stage, &edits)?;
                    }
                }
                Some(Err(error)) => tracing::debug!(%error, level = level.name(), "a level is left out"),
                None => {}
            }
        }
        Ok(())
    }

    /// Applies as many edits of a level as can be, all to the same document.
    fn level(&mut self, stage: Stage, edits: &dyn Edits) -> Result<(), Stop> {
        let weights = edits.weights();
        let mut left: Vec<usize> = (0..weights.len()).collect();
        let floor = if self.pass < COARSE { total(&left, weights) >> (FINER * (self.pass + 1)) } else { 0 };
        let mut size = self.sizes.get(&stage).copied().unwrap_or(Size::WHOLE);
        let mut least = size;
        let mut taken: Vec<usize> = Vec::new();
        while !left.is_empty() {
            let whole = total(&left, weights);
            let weight = size.weight(whole);
            let round = chunks(&left, weights, weight);
            let single = round.len() == left.len();
            let before = taken.len();
            self.round(stage, edits, round, &mut taken)?;
            left.retain(|edit| taken.binary_search(edit).is_err());
            let won = taken.len() > before;
            if won {
                least = size;
            }
            if single {
                break;
            }
            if !won {
                if weight <= floor {
                    self.more = true;
                    break;
                }
                size = size.smaller(whole);
            }
        }
        self.sizes.insert(stage, if taken.is_empty() { size } else { least.greater() });
        Ok(())
    }

    /// Tries each chunk once, as many at a time as there are jobs, and takes those that can be had together.
    fn round(
        &mut self,
        stage: Stage,
        edits: &dyn Edits,
        round: Vec<Vec<usize>>,
        taken: &mut Vec<usize>,
    ) -> Result<(), Stop> {
        let mut left: VecDeque<Vec<usize>> = round.into();
        while !left.is_empty() {
            let batch: Vec<Vec<usize>> = left.drain(..self.judge.jobs.clamp(1, left.len())).collect();
            let answers = self.judge.all(&batch, |chunk: &Vec<usize>| edits.apply(&united(taken, chunk)));
            self.report(stage).tried += batch.len() as u64;
            let mut won = Vec::new();
            for (chunk, answer) in batch.into_iter().zip(answers) {
                match answer {
                    Answer::Shows(candidate) => won.push((chunk, candidate)),
                    Answer::Not => {}
                    Answer::Open => left.push_front(chunk),
                }
            }
            if won.len() > 1 {
                let chunk = won.iter().fold(Vec::new(), |all, (chunk, _)| united(&all, chunk));
                if let Some(together) = self.applied(stage, edits, &united(taken, &chunk)) {
                    won = vec![(chunk, together)];
                }
            }
            let mut won = won.into_iter();
            if let Some((chunk, candidate)) = won.next() {
                self.take(stage, &chunk, candidate, taken)?;
            }
            // They were made without the first one.
            for (chunk, _) in won {
                if let Some(candidate) = self.applied(stage, edits, &united(taken, &chunk)) {
                    self.take(stage, &chunk, candidate, taken)?;
                }
            }
            self.status(stage);
            if self.judge.is_over() {
                return Err(Stop::Over);
            }
        }
        Ok(())
    }

    /// The document with some edits, if it shows the fault.
    fn applied(&mut self, stage: Stage, edits: &dyn Edits, numbers: &[usize]) -> Option<Candidate> {
        self.report(stage).tried += 1;
        edits.apply(numbers).filter(|candidate| self.judge.shows(candidate))
    }

    /// Goes on with a candidate that shows the fault.
    fn take(
        &mut self,
        stage: Stage,
        chunk: &[usize],
        Candidate { document, .. }: Candidate,
        taken: &mut Vec<usize>,
    ) -> Result<(), Stop> {
        *taken = united(taken, chunk);
        let saved = self.current.whole_size() as i64 - document.whole_size() as i64;
        let report = self.report(stage);
        report.kept += chunk.len() as u64;
        report.saved += saved;
        self.current = document;
        self.output.offer(&self.current).map_err(Stop::Output)
    }

    fn report(&mut self, stage: Stage) -> &mut LevelReport {
        let name = stage.name();
        let at = self.reports.iter().position(|report| report.name == name).unwrap_or_else(|| {
            self.reports.push(LevelReport { name, tried: 0, kept: 0, saved: 0 });
            self.reports.len() - 1
        });
        &mut self.reports[at]
    }

    fn status(&mut self, stage: Stage) {
        (self.tell)(Status {
            level: stage.name(),
            pass: self.pass + 1,
            size: self.current.size(),
            from: self.from,
            counts: self.judge.counts(),
        });
    }
}

/// The numbers of both, in ascending order.
fn united(left: &[usize], right: &[usize]) -> Vec<usize> {
    let mut all = [left, right].concat();
    all.sort_unstable();
    all
}
