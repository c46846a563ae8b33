//! What the outcomes of a script on several engines mean.

use super::bucket::normalized;
use super::{Finding, Reached, Verdict, instruction, named, rules, section};
use crate::compare::is_ended;
use crate::engine::EngineKind;
use crate::module_script::import_of;
use crate::outcome::{Difference, DirectiveRecord, Divergence, FileReport, Outcome, OutcomeKind};
use crate::report::{divergence_text, one_line};
use crate::script::{DirectiveKind, Keyword, Script};
use crate::trail::{CrashInfo, Ending, Got, Lack, Layer, Mismatch, Refusal, TrapInfo};
use std::collections::HashMap;
use trapline_abi::{Trap, TrapDetail};

/// One directive on one engine.
#[derive(Clone, Copy)]
struct Case<'r> {
    engine: &'r str,
    oracle: bool,
    record: &'r DirectiveRecord,
    wasm: Option<&'r [u8]>,
}

/// The version and the layer of a component (component model, "Binary Format", preamble).
pub(crate) const COMPONENT: [u8; 4] = [0x0d, 0, 1, 0];

/// The functions that tell one `unreachable` from another: that which has it, and those that called it.
const FRAMES: usize = 3;

/// The cause of a finding about a directive that takes more time than it may.
pub(crate) const TIME: &str = "time";

/// The cause of one about a directive that ends at once on another engine.
pub(crate) const NO_END: &str = "endless";

/// Findings as they are made.
#[derive(Default)]
struct Findings {
    all: Vec<Finding>,
    /// The places in `all` of those about a directive, by verdict.
    places: HashMap<(Verdict, Option<u32>), Vec<usize>>,
}

impl Findings {
    /// Adds a finding, or the engine to the one that is the same.
    fn add(&mut self, (engine, oracle): (&str, bool), finding: Finding) {
        // An engine of others may know less of the cause.
        let alike = |one: &str, other: &str| {
            one.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        // Where trapline's trap names the import that has nothing, that of an engine of others is the same one.
        let verdict = match finding.verdict {
            Verdict::SpecTrap if oracle && self.places.contains_key(&(Verdict::Unlinked, finding.index)) => {
                Verdict::Unlinked
            }
            verdict => verdict,
        };
        let places = self.places.entry((verdict, finding.index)).or_default();
        // An engine of others has its own words for an import that nothing provides.
        let is_same = verdict != finding.verdict || oracle && verdict == Verdict::Unlinked;
        let is_known = |at: &usize| is_same || alike(&self.all[*at].cause, &finding.cause);
        let known = places.iter().copied().find(is_known);
        match known.map(|at| &mut self.all[at]) {
            Some(known) if known.engines.iter().all(|other| other != engine) => {
                known.engines.push(engine.to_owned())
            }
            Some(_) => {}
            None => {
                places.push(self.all.len());
                self.all.push(Finding { engines: vec![engine.to_owned()], ..finding });
            }
        }
    }
}

/// All findings, each with all engines that show it.
pub(crate) fn classify(reports: &[FileReport], wasm: Option<&[u8]>) -> Vec<Finding> {
    let mut findings = Findings::default();
    let stop = |report: &FileReport| {
        report.directives.iter().find(|record| is_ended(record)).map(|record| record.index)
    };
    let stops: Vec<Option<u32>> = reports.iter().map(stop).collect();
    for (report, &stop) in reports.iter().zip(&stops) {
        if let Some(fault) = &report.script_error {
            let place = if fault.line > 0 { Some((fault.line, "script".to_owned())) } else { None };
            let finding = Finding {
                summary: fault.message.lines().next().unwrap_or_default().to_owned(),
                directive: place,
                cause: normalized(&fault.message),
                ..Finding::new(Verdict::Malformed, Some(Layer::Decode))
            };
            findings.add((&report.engine, report.oracle), finding);
        }
        for record in &report.directives {
            if is_consequence(record, stop, reports, &stops) {
                continue;
            }
            let case = Case { engine: &report.engine, oracle: report.oracle, record, wasm };
            for finding in case.findings() {
                findings.add((&report.engine, report.oracle), finding);
            }
        }
    }
    disagreements(reports, &mut findings.all);
    endless(reports, &mut findings.all);
    limits_of_others(reports, &mut findings.all);
    findings.all
}

/// Whether a directive only ended as it did because the engine was stopped in the midst of an earlier one, and goes on without what
/// that would have done: an engine that was not stopped so far has another outcome. `stops` are the ordinals at which engines were
/// stopped first.
fn is_consequence(
    record: &DirectiveRecord,
    stop: Option<u32>,
    others: &[FileReport],
    stops: &[Option<u32>],
) -> bool {
    let goes_on = |stop: Option<u32>| stop.is_some_and(|stop| stop < record.index);
    // What diverges has been compared, which it is only where states are known to agree.
    record.outcome.kind() == OutcomeKind::Fail
        && goes_on(stop)
        && others.iter().zip(stops).filter(|(_, stop)| !goes_on(**stop)).any(|(other, _)| {
            let there = other.directives.get(record.index as usize);
            there.is_some_and(|there| there.outcome.kind() != record.outcome.kind())
        })
}

/// Finds what is too much for engines of others alone, which may have other limits.
fn limits_of_others(reports: &[FileReport], findings: &mut [Finding]) {
    if reports.iter().all(|report| report.oracle) {
        return;
    }
    let is_other = |name: &String| reports.iter().any(|report| report.oracle && *report.engine == **name);
    // What does not end there may be what should not end elsewhere.
    let is_limit =
        |finding: &&mut Finding| finding.verdict == Verdict::ResourceLimit && finding.cause != TIME;
    for finding in findings.iter_mut().filter(is_limit) {
        if finding.engines.iter().all(is_other) {
            finding.verdict = Verdict::LegalDivergence;
            finding.rule = Some(LIMITS.to_owned());
        }
    }
}

/// The rule by which engines may differ in what is too much for them.
const LIMITS: &str =
    "an implementation may limit what it takes and runs (appendix, \"Implementation Limitations\")";

/// The rule by which a module is not instantiated.
const LINKING: &str = "each import needs something of a type that matches (execution, \"Instantiation\"); --imports zero or trap \
                       puts something in the place of most that nothing provides";

/// How many times as long as on another engine a directive has to run for its not ending to be no matter of speed.
const ENDLESS: u32 = 1000;

/// Finds what does not end on some of trapline's engines and ends at once on another one.
fn endless(reports: &[FileReport], findings: &mut [Finding]) {
    let own: Vec<&FileReport> = reports.iter().filter(|report| !report.oracle).collect();
    for finding in findings.iter_mut().filter(|finding| finding.verdict == Verdict::ResourceLimit) {
        let Some(index) = finding.index else { continue };
        let on = |report: &&FileReport| finding.engines.iter().any(|engine| **engine == *report.engine);
        let limit = |report: &FileReport| match report.directives.get(index as usize)?.outcome {
            // A heap that moves at every allocation is slow by itself.
            Outcome::Timeout { limit } if !is_stressed(&report.engine) => Some(limit),
            _ => None,
        };
        let limit = own.iter().copied().filter(on).find_map(limit);
        // Compiling takes the time that it takes, and none where another engine has done it.
        let calls = |record: &&DirectiveRecord| {
            !matches!(record.directive, Keyword::Module | Keyword::ModuleDefinition)
        };
        let at_once = |report: &&FileReport| {
            let record = report.directives.get(index as usize).filter(|_| !on(report)).filter(calls);
            record
                .zip(limit)
                .is_some_and(|(record, limit)| record.outcome.is_pass() && record.elapsed() * ENDLESS < limit)
        };
        if let Some(report) = own.iter().copied().find(at_once) {
            finding.verdict = Verdict::Miscompile;
            finding.layer = Some(Layer::Codegen);
            finding.rule = None;
            finding.cause = NO_END.to_owned();
            finding.evidence.push(format!("on {} it ends at once", report.engine));
        }
    }
}

/// Whether the objects of an engine move at every allocation, as its name says.
fn is_stressed(engine: &str) -> bool {
    engine.split('-').any(|part| part == "gc")
}

/// Finds what passes on an engine of others and fails on all of trapline's.
fn disagreements(reports: &[FileReport], findings: &mut [Finding]) {
    let own: Vec<&FileReport> = reports.iter().filter(|report| !report.oracle).collect();
    for other in reports.iter().filter(|report| report.oracle) {
        for finding in findings.iter_mut().filter(|finding| finding.verdict == Verdict::Expectation) {
            let shown_by_all =
                own.iter().all(|report| finding.engines.iter().any(|engine| **engine == *report.engine));
            let at = finding.index.and_then(|index| other.directives.get(index as usize));
            let passes = at.is_some_and(|record| record.outcome.is_pass());
            if shown_by_all && passes {
                finding.verdict = Verdict::OtherEngine;
                finding.evidence.push(format!("on {} it passes", other.engine));
                finding.layer = Some(Layer::Translate);
            }
        }
    }
}

impl Case<'_> {
    fn findings(&self) -> Vec<Finding> {
        let mut findings: Vec<Finding> = match &self.record.outcome {
            Outcome::Pass | Outcome::Blocked(_) | Outcome::NotRun(_) => Vec::new(),
            Outcome::Crash(info) => match info.ending {
                Ending::Signal(_) | Ending::Exit(_) if self.oracle => vec![self.failure_of_other()],
                Ending::Signal(_) | Ending::Exit(_) | Ending::Memory(_) => vec![self.crash(info)],
            },
            Outcome::Timeout { limit } => vec![Finding {
                rule: Some("--timeout S allows more".to_owned()),
                cause: TIME.to_owned(),
                reached: self.called(),
                ..self.about(
                    Verdict::ResourceLimit,
                    Some(Layer::Run),
                    format!("it runs for longer than {} s", limit.as_secs()),
                )
            }],
            Outcome::HarnessError(_) if self.oracle => vec![self.failure_of_other()],
            Outcome::HarnessError(refusal) => vec![self.refused(refusal)],
            Outcome::Unsupported(lack) => self.lack(lack).into_iter().collect(),
            Outcome::Diverged(divergence) => self.divergence(divergence).into_iter().collect(),
            Outcome::Fail(mismatch) => vec![self.mismatch(mismatch)],
        };
        findings.extend(self.record.permitted().iter().map(|permitted| Finding {
            rule: Some(permitted.rule().to_owned()),
            cause: permitted.name().to_owned(),
            ..self.about(
                Verdict::LegalDivergence,
                None,
                format!("differs in what may differ: {}", permitted.name()),
            )
        }));
        findings
    }

    /// A finding about the directive, with its text and what happened.
    fn about(&self, verdict: Verdict, layer: Option<Layer>, summary: String) -> Finding {
        let source = self.record.source().and_then(|source| source.lines().next());
        let text = source.map(|line| line.chars().take(200).collect());
        Finding {
            summary,
            directive: Some(named(self.record)),
            index: Some(self.record.index),
            evidence: text.into_iter().collect(),
            ..Finding::new(verdict, layer)
        }
    }

    fn crash(&self, info: &CrashInfo) -> Finding {
        let place = info.fault.as_ref().and_then(|fault| fault.place.as_ref());
        let compiles = self.record.directive == Keyword::ModuleDefinition;
        let summary = one_line(self.record);
        let instruction =
            place.and_then(|place| place.offset).and_then(|offset| instruction::at(self.wasm?, offset));
        match (&info.ending, place) {
            (Ending::Memory(limit), _) => Finding {
                rule: Some("--max-memory MIB allows more".to_owned()),
                cause: "memory".to_owned(),
                reached: self.called(),
                ..self.about(Verdict::ResourceLimit, Some(Layer::Run), format!("it uses more than {} MiB of memory", limit >> 20))
            },
            (_, Some(_)) => Finding {
                rule: Some(
                    "a fault is a trap only at an instruction that is recorded as able to trap, with an address that may fault \
                     there"
                        .to_owned(),
                ),
                cause: format!("{}/{}", ending(&info.ending), instruction.as_deref().unwrap_or("no instruction")),
                ..self.about(Verdict::HostFault, Some(Layer::Codegen), summary)
            },
            (_, None) if compiles => Finding {
                cause: format!("crash/{}", ending(&info.ending)),
                ..self.about(Verdict::CompilerFault, Some(Layer::Codegen), summary)
            },
            (_, None) => Finding {
                cause: format!("{}/{}", ending(&info.ending), self.record.directive),
                ..self.about(Verdict::RuntimeFault, Some(Layer::Run), summary)
            },
        }
    }

    /// An engine of others that went wrong by itself.
    fn failure_of_other(&self) -> Finding {
        let what = one_line(self.record);
        let how = match &self.record.outcome {
            Outcome::Crash(info) => ending(&info.ending),
            Outcome::HarnessError(refusal) => normalized(&refusal.message),
            other => other.kind().name().to_owned(),
        };
        Finding {
            cause: format!("{}/{}/{how}", self.engine, self.record.directive),
            ..self.about(Verdict::OtherEngineFailure, None, format!("{} failed: {what}", self.engine))
        }
    }

    /// The export that the directive calls, if it calls one.
    fn called(&self) -> Reached {
        let script = self.record.source().and_then(|source| Script::parse(source.to_owned()).ok());
        let kind = script.as_ref().and_then(|script| Some(&script.directives().first()?.kind));
        match kind {
            Some(DirectiveKind::Invoke(invoke)) => Reached::Export(invoke.name.to_string()),
            // What else takes long is not the code of one function.
            _ => Reached::Nothing,
        }
    }

    /// What no script can ask for.
    fn refused(&self, refusal: &Refusal) -> Finding {
        let Refusal { panicked, .. } = *refusal;
        let verdict = match refusal.layer {
            Layer::Translate | Layer::Codegen | Layer::Emit => Verdict::CompilerFault,
            Layer::Decode | Layer::Validate if panicked => Verdict::CompilerFault,
            Layer::Decode | Layer::Object => Verdict::Malformed,
            Layer::Validate => Verdict::Invalid,
            Layer::Load | Layer::Link | Layer::Instantiate | Layer::Run => Verdict::RuntimeFault,
            Layer::Harness => Verdict::HarnessFault,
        };
        // Which part of the compiler it was, a panic does not say.
        let layer = Some(refusal.layer).filter(|_| !panicked || verdict != Verdict::CompilerFault);
        let who = if verdict == Verdict::CompilerFault { "the compiler" } else { "the runner" };
        let summary = match panicked {
            true => format!("{who} {}", refusal.message),
            false => one_line(self.record),
        };
        Finding { cause: normalized(&refusal.message), ..self.about(verdict, layer, summary) }
    }

    fn lack(&self, lack: &Lack) -> Option<Finding> {
        let (verdict, cause) = match lack {
            Lack::Limit(limit) => (Verdict::ResourceLimit, limit.name.clone()),
            Lack::Foreign(limit) => (Verdict::LegalDivergence, normalized(limit)),
            // What engines of others do not have says nothing about the module.
            Lack::Proposal(_) | Lack::Feature(_) if self.oracle => return None,
            Lack::Proposal(name) | Lack::Feature(name) => (Verdict::Unsupported, name.clone()),
        };
        let rule = matches!(lack, Lack::Foreign(_)).then(|| LIMITS.to_owned());
        Some(Finding {
            cause,
            rule,
            ..self.about(verdict, self.record.outcome.layer(), one_line(self.record))
        })
    }

    /// `None` if a directive could not run on one of the two because of what went wrong before: that is a finding of its own.
    fn divergence(&self, divergence: &Divergence) -> Option<Finding> {
        let is_consequence = |difference: &Difference| match difference {
            Difference::Outcome(left, right) => {
                [left, right].iter().any(|ended| matches!(ended.outcome, Outcome::Blocked(_)))
            }
            _ => false,
        };
        if divergence.differences.iter().any(is_consequence) {
            return None;
        }
        let (reference, got) = divergence_text(divergence);
        let others =
            self.oracle || EngineKind::ORACLES.iter().any(|kind| kind.name() == divergence.reference);
        // Whether a module is one is asked before there is code.
        let (own, layer) = match self.record.directive {
            Keyword::AssertMalformed | Keyword::AssertMalformedCustom => {
                (Verdict::CompilerFault, Layer::Decode)
            }
            Keyword::AssertInvalid | Keyword::AssertInvalidCustom => {
                (Verdict::CompilerFault, Layer::Validate)
            }
            _ => (Verdict::Miscompile, Layer::Codegen),
        };
        let verdict = if others { Verdict::OtherEngine } else { own };
        let kinds: Vec<&str> = divergence.differences.iter().map(kind).collect();
        let mut finding = self.about(
            verdict,
            Some(layer),
            format!("{} does not do what {} does", self.engine, divergence.reference),
        );
        finding.evidence.extend([reference, got]);
        finding.cause = format!("{}/{}", kinds.join("+"), self.engine);
        Some(finding)
    }

    fn mismatch(&self, mismatch: &Mismatch) -> Finding {
        let summary = one_line(self.record);
        match &mismatch.got {
            Got::Refused(refusal) | Got::RefusedText(refusal) | Got::RefusedCustom(refusal) => {
                if self.wasm.is_some_and(|wasm| wasm.get(4..8) == Some(&COMPONENT)) {
                    return Finding {
                        cause: "component-model".to_owned(),
                        ..self.about(Verdict::Unsupported, Some(refusal.layer), "a component".to_owned())
                    };
                }
                let verdict = match refusal.layer {
                    Layer::Validate => Verdict::Invalid,
                    Layer::Decode => Verdict::Malformed,
                    _ => return self.refused(refusal),
                };
                let mut finding = self.about(verdict, Some(refusal.layer), summary);
                finding.cause = normalized(&refusal.message);
                let place = refusal.offset.filter(|_| verdict == Verdict::Malformed).zip(self.wasm);
                if let Some((offset, wasm)) = place {
                    let part =
                        section::at(wasm, usize::try_from(offset).unwrap_or(usize::MAX), is_end(refusal));
                    finding.cause = format!("{}/{}", finding.cause, normalized(&part));
                    finding.evidence.push(format!("offset {offset:#x} is in {part}"));
                }
                finding
            }
            Got::Unlinkable(refusal) => Finding {
                rule: Some(LINKING.to_owned()),
                cause: normalized(&refusal.message),
                ..self.about(Verdict::Unlinked, Some(Layer::Link), summary)
            },
            Got::Trapped => match self.record.trap() {
                Some(trap) => self.trap(trap),
                None => Finding {
                    cause: "trap".to_owned(),
                    ..self.about(Verdict::SpecTrap, Some(Layer::Run), summary)
                },
            },
            Got::Threw => Finding {
                cause: "exception".to_owned(),
                rule: Some(
                    "an exception that nothing catches ends the call (exception handling, throw)".to_owned(),
                ),
                ..self.about(Verdict::UncaughtException, Some(Layer::Run), summary)
            },
            Got::Returned(_)
            | Got::Instantiated
            | Got::Valid
            | Got::NoExport
            | Got::ElsewhereUnknown
            | Got::ExportIs(_)
            | Got::WrongArguments(_)
            | Got::Nothing
            | Got::NoModuleBefore
            | Got::NotWaitedFor => Finding {
                cause: format!(
                    "{}/{}",
                    self.record.directive,
                    self.record.outcome.layer().map(|layer| format!("{layer:?}")).unwrap_or_default()
                ),
                ..self.about(Verdict::Expectation, Some(Layer::Harness), summary)
            },
        }
    }

    fn trap(&self, trap: &TrapInfo) -> Finding {
        let named = trap.operands.as_ref().and_then(TrapDetail::instruction);
        let instruction =
            named.or_else(|| trap.offset.and_then(|offset| instruction::at(self.wasm?, offset)));
        let is_segment =
            matches!(trap.operands, Some(TrapDetail::DataSegment { .. } | TrapDetail::ElementSegment { .. }));
        let (verdict, layer) = match trap.kind {
            Trap::StackOverflow | Trap::HeapExhausted => (Verdict::ResourceLimit, Layer::Run),
            _ => (Verdict::SpecTrap, Layer::Run),
        };
        if let Some(import) = trap.function.as_ref().and_then(|function| import_of(function.name.as_ref()?)) {
            return Finding {
                rule: Some(
                    "--imports zero puts a function in its place that returns zeros, if results can be zero"
                        .to_owned(),
                ),
                cause: format!("called: {import}"),
                ..self.about(
                    Verdict::Unlinked,
                    Some(Layer::Link),
                    format!("the import {import} is called, and nothing provides it"),
                )
            };
        }
        let mut finding = self.about(verdict, Some(layer), crate::report::trap(trap));
        let functions = || trap.frames.iter().map(|frame| frame.function.index);
        finding.reached = match trap.kind {
            Trap::Unreachable => Reached::Functions(functions().take(FRAMES).collect()),
            Trap::StackOverflow => Reached::Cycle(functions().collect()),
            // Whether a part of a segment is there does not depend on the code around.
            _ if instruction.as_deref().is_some_and(takes_segment) => Reached::Nothing,
            _ => Reached::Functions(functions().take(1).collect()),
        };
        if let Some(host) = &trap.host {
            finding.rule =
                Some("a function of the host has ended the call, which scripts take for a trap".to_owned());
            // Which import it was is the cause, and no detail of the module.
            finding.cause = format!("host/{host}");
            finding.reached = Reached::Nothing;
            return finding;
        }
        finding.rule = Some(rules::of(trap.kind, instruction.as_deref(), is_segment));
        finding.cause = match &instruction {
            Some(instruction) => format!("{}/{instruction}", trap.kind),
            None => trap.kind.to_string(),
        };
        finding
    }
}

/// Whether what is missing is more: then its offset is where something ends, and not where the next thing begins.
fn is_end(refusal: &Refusal) -> bool {
    refusal.message.starts_with("unexpected end")
}

/// Whether an instruction takes a part of a segment.
fn takes_segment(instruction: &str) -> bool {
    matches!(
        instruction,
        "memory.init"
            | "table.init"
            | "array.init_data"
            | "array.init_elem"
            | "array.new_data"
            | "array.new_elem"
    )
}

fn ending(ending: &Ending) -> String {
    match ending {
        Ending::Signal(signal) => signal.to_string(),
        Ending::Exit(_) => "exit".to_owned(),
        Ending::Memory(_) => "memory".to_owned(),
    }
}

fn kind(difference: &Difference) -> &'static str {
    match difference {
        Difference::Outcome(..) => "outcome",
        Difference::Results(..) => "results",
        Difference::Exception(..) => "exception",
        Difference::Trap(..) => "trap",
        Difference::State(_)
        | Difference::MoreState(_)
        | Difference::SomeState
        | Difference::UnstableState => "state",
        Difference::Code(..) => "code",
        Difference::Reproducibility(_) => "reproducibility",
    }
}
