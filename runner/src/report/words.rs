//! What happened, in words. This is the only place where the trail becomes text.

use super::compared;
use crate::executor::EngineError;
use crate::feature_names;
use crate::matchers;
use crate::outcome::{BlockedBy, DirectiveRecord, NotRun, Outcome};
use crate::trail::{
    CrashInfo, Ending, Exception, FaultInfo, FaultPlace, FrameInfo, FunctionName, Got, Lack, Layer, Limit,
    Mismatch, Refusal, Signal, SourcePlace, TagIdentity, TagInfo, ThreadPlace, TrapInfo, Wanted,
};
use std::fmt::Write;
use trapline_abi::{Readable, Trap};

/// What was expected, if that can be said, and what came, after the word for it.
pub(crate) struct Sides {
    /// What was expected.
    pub(crate) expected: Option<String>,
    /// What introduces the other side, such as `got` or `needs`.
    pub(crate) word: &'static str,
    /// What came.
    pub(crate) got: String,
}

/// A share in percent, or `-` of nothing. Never rounded up to 100.
pub(crate) fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "-".to_owned();
    }
    // Thousandths of a percent are more than enough for an integer, and integers round down.
    let thousandths = u128::from(part) * 100_000 / u128::from(whole);
    format!("{}.{:02} %", thousandths / 1000, thousandths % 1000 / 10)
}

/// The two sides of a directive.
pub(crate) fn sides(record: &DirectiveRecord) -> Sides {
    let happened = Happened { trap: record.trap(), exception: record.exception() };
    sides_of(&record.outcome, happened, record.thread())
}

/// The trap or the exception that an action ended in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Happened<'a> {
    pub(super) trap: Option<&'a TrapInfo>,
    pub(super) exception: Option<&'a Exception>,
}

/// The two sides of an outcome, with what happened and the directive of a thread that it is about.
pub(super) fn sides_of(outcome: &Outcome, happened: Happened<'_>, of: Option<&ThreadPlace>) -> Sides {
    let (expected, word, got) = match outcome {
        Outcome::Pass => (None, "got", "what was expected".to_owned()),
        Outcome::Fail(mismatch) => (Some(wanted(mismatch)), "got", got(mismatch, happened)),
        Outcome::Unsupported(missing) => (None, "needs", lack(missing)),
        Outcome::Blocked(by) => (None, "by", blocked_by(by)),
        Outcome::Crash(info) => (None, "crash", crash(info)),
        Outcome::Timeout { limit } => (None, "limit", format!("{} s", limit.as_secs_f64())),
        Outcome::HarnessError(cause) => (None, "cause", refusal(cause)),
        Outcome::NotRun(why) => (None, "because", not_run(*why).to_owned()),
        Outcome::Diverged(divergence) => {
            let (reference, got) = compared::divergence_text(divergence);
            (Some(reference), "got", got)
        }
    };
    let got = match of {
        Some(place) => format!("{}: {got}", thread(place)),
        None => got,
    };
    Sides { expected, word, got }
}

/// Why directives were not reached.
pub(super) const fn not_run(why: NotRun) -> &'static str {
    match why {
        NotRun::EarlierFailure => "an earlier failure ended the run",
        NotRun::Interrupted => "the run was interrupted",
    }
}

/// What came, on one line, in the form of a directive's one-line report.
pub(crate) fn one_line(record: &DirectiveRecord) -> String {
    sides(record).one_line()
}

impl Sides {
    /// Both on one line.
    pub(crate) fn one_line(&self) -> String {
        let Sides { expected, word, got } = self;
        match expected {
            Some(expected) => ["expected ", expected, ", ", word, " ", got].concat(),
            None => [word, " ", got].concat(),
        }
    }
}

/// What a script wants.
fn wanted(mismatch: &Mismatch) -> String {
    match &mismatch.wanted {
        Wanted::Directive => "a directive that parses".to_owned(),
        Wanted::Instance => "an instance".to_owned(),
        Wanted::ValidModule => "a valid module".to_owned(),
        Wanted::TrappingModule => "a module that traps".to_owned(),
        Wanted::Return => "a return".to_owned(),
        Wanted::Results(patterns) => match mismatch.got {
            Got::Returned(_) => matchers::patterns(patterns),
            _ => format!("a return of {}", matchers::patterns(patterns)),
        },
        Wanted::Trap(text) => format!("trap: {text}"),
        Wanted::Exception => "an exception that nothing catches".to_owned(),
        Wanted::Exhaustion(text) => format!("exhaustion: {text}"),
        Wanted::Malformed(text) => format!("a malformed module: {text}"),
        Wanted::Invalid(text) => format!("an invalid module: {text}"),
        Wanted::MalformedCustom(text) => format!("a module with a malformed custom section: {text}"),
        Wanted::InvalidCustom(text) => format!("a module with an invalid custom section: {text}"),
        Wanted::Unlinkable(text) => format!("a link error: {text}"),
        Wanted::Export(kind, name) => format!("an exported {} {name:?}", kind.name()),
        Wanted::Arguments => "arguments of the function's parameter types".to_owned(),
        Wanted::NamedInstance(name) => format!("an instance named ${}", Readable(name)),
        Wanted::NamedModule(name) => format!("a module named ${}", Readable(name)),
        Wanted::CurrentInstance => "a current instance".to_owned(),
        Wanted::PrecedingModule => "a module defined before".to_owned(),
        Wanted::RunningThread(name) => format!("a running thread named ${}", Readable(name)),
        Wanted::WaitForThread(name) => format!("a `wait` for the thread ${}", Readable(name)),
    }
}

/// What happened.
fn got(mismatch: &Mismatch, happened: Happened<'_>) -> String {
    match &mismatch.got {
        Got::Returned(values) => match &mismatch.wanted {
            Wanted::Results(patterns) => matchers::values(values, patterns),
            _ => format!("returned {}", matchers::values(values, &[])),
        },
        Got::Instantiated => "it was instantiated".to_owned(),
        Got::Trapped => happened.trap.map_or_else(|| "a trap".to_owned(), trap_or_exhaustion),
        Got::Threw => happened.exception.map_or_else(
            || "threw an exception".to_owned(),
            |exception| format!("threw {}", uncaught(exception)),
        ),
        Got::Unlinkable(cause) | Got::WrongArguments(cause) => refusal(cause),
        Got::Refused(cause) => format!("{}{}", instead_of(&mismatch.wanted), refusal(cause)),
        Got::RefusedText(cause) if mismatch.wanted == Wanted::Directive => refused_text(cause),
        Got::RefusedText(cause) => match instead_of(&mismatch.wanted) {
            "" => format!("its text is malformed: {}", refused_text(cause)),
            instead => format!("{instead}{}", refused_text(cause)),
        },
        Got::RefusedCustom(cause) => refused_custom(cause),
        Got::Valid => "it decodes and is valid".to_owned(),
        Got::NoExport => "there is no export of this name".to_owned(),
        Got::ElsewhereUnknown => {
            "of another thread's instance, only the shared memories are known here".to_owned()
        }
        Got::ExportIs(kind) => format!("it is a {}", kind.name()),
        Got::Nothing => "there is none".to_owned(),
        Got::NoModuleBefore => "no module comes before this directive".to_owned(),
        Got::NotWaitedFor => {
            "none follows, so the end of the thread would go unnoticed; it was not started".to_owned()
        }
    }
}

/// What introduces a refusal where another one was wanted.
fn instead_of(wanted: &Wanted) -> &'static str {
    match wanted {
        Wanted::Malformed(_) => "invalid, not malformed: ",
        Wanted::Invalid(_) => "malformed, not invalid: ",
        Wanted::MalformedCustom(_) | Wanted::InvalidCustom(_) => "refused for another reason: ",
        _ => "",
    }
}

fn trap_or_exhaustion(happened: &TrapInfo) -> String {
    let kind = if happened.is_exhaustion() { "exhaustion" } else { "trap" };
    format!("{kind}: {}", trap(happened))
}

/// A trap with its place, its operands and the limits in force, on one line.
pub(crate) fn trap(happened: &TrapInfo) -> String {
    if let Some(host) = &happened.host {
        return format!("ended by the host: {}", Readable(host));
    }
    let mut text = happened.kinds().map(Trap::spec_text).collect::<Vec<_>>().join(" or ");
    // Writing to a String cannot fail, here and below.
    if let Some(function) = &happened.function {
        let _ = write!(text, " in function {}", function_name(function));
    }
    text.push_str(&wasm_place(happened.offset.map(u64::from), happened.place));
    if let Some(operands) = &happened.operands {
        let _ = write!(text, ": {operands}");
    }
    text
}

/// An exception that nothing caught, with its tag and what it carries, on one line.
pub(crate) fn uncaught(happened: &Exception) -> String {
    let values = happened.payload.iter().map(|value| matchers::values(&[*value], &[]));
    exception(happened.tag.as_ref(), values.collect())
}

/// An exception of a tag that carries some values.
pub(super) fn exception(tag: Option<&TagInfo>, values: Vec<String>) -> String {
    let tag = tag.map(|tag| format!(" of {}", self::tag(tag))).unwrap_or_default();
    let values = match values.len() {
        0 => "without values".to_owned(),
        1 => format!("with {}", values.concat()),
        count => format!("with {count} values: {}", values.join(", ")),
    };
    format!("an exception{tag} {values}")
}

fn tag(tag: &TagInfo) -> String {
    let name = tag.name.as_ref().map(|name| format!(" <{}>", Readable(name))).unwrap_or_default();
    match tag.identity {
        TagIdentity::Instance { instance, tag } => format!("tag {tag}{name} of instance {instance}"),
        TagIdentity::Host(tag) => format!("tag {tag}{name} of the host"),
    }
}

/// Why a layer refused something.
pub(crate) fn refusal(cause: &Refusal) -> String {
    let message = &cause.message;
    let verdict = match cause.layer {
        Layer::Decode => "malformed module",
        Layer::Validate => "invalid module",
        Layer::Translate
        | Layer::Codegen
        | Layer::Emit
        | Layer::Object
        | Layer::Load
        | Layer::Link
        | Layer::Instantiate
        | Layer::Run
        | Layer::Harness => return message.clone(),
    };
    let mut text = verdict.to_owned();
    if let Some(function) = &cause.function {
        let _ = write!(text, " in function {}", function_name(function));
    }
    text.push_str(&wasm_place(cause.offset, cause.place));
    let _ = write!(text, ": {message}");
    match &*cause.missing {
        [] => {}
        missing => {
            let keys = missing.iter().map(|name| format!("{} = true", feature_names::key(name)));
            let keys = keys.collect::<Vec<_>>().join("`, `;;! ");
            let _ = write!(
                text,
                "; it needs {}: `-W {}`, or `;;! {keys}`",
                missing.join(" and "),
                missing.join(",")
            );
        }
    }
    text
}

/// An active function of a trap, with its place.
pub(super) fn frame(frame: &FrameInfo) -> String {
    format!(
        "function {}{}",
        function_name(&frame.function),
        wasm_place(frame.offset.map(u64::from), frame.place)
    )
}

fn function_name(function: &FunctionName) -> String {
    let name = function.name.as_ref().map(|name| format!(" <{}>", Readable(name))).unwrap_or_default();
    format!("{}{name}", function.index)
}

/// An instruction, by its offset in the binary and its place in the script.
fn wasm_place(offset: Option<u64>, place: Option<SourcePlace>) -> String {
    let offset = offset.map(|offset| format!(" at offset {offset:#x}")).unwrap_or_default();
    let place = place.map(|SourcePlace { line, col }| format!(" (line {line}, column {col})"));
    offset + &place.unwrap_or_default()
}

fn refused_text(cause: &Refusal) -> String {
    match cause.place {
        Some(SourcePlace { line, col }) => format!("{} at line {line}, column {col}", cause.message),
        None => cause.message.clone(),
    }
}

/// A custom section that was refused.
fn refused_custom(cause: &Refusal) -> String {
    let verdict = if cause.layer == Layer::Decode { "malformed" } else { "invalid" };
    format!("{verdict} custom section{}: {}", wasm_place(cause.offset, cause.place), cause.message)
}

/// What an engine does not have.
pub(crate) fn lack(missing: &Lack) -> String {
    match missing {
        Lack::Proposal(what) | Lack::Feature(what) | Lack::Foreign(what) => what.clone(),
        Lack::Limit(limit) => exceeded(limit),
    }
}

fn exceeded(exceeded: &Limit) -> String {
    let Limit { name, limit, wanted, .. } = exceeded;
    let what = match (wanted, limit) {
        (Some(wanted), Some(limit)) => format!("{wanted} {name}, where the limit is {limit}"),
        (None, Some(limit)) => format!("more {name} than the limit of {limit}"),
        (Some(wanted), None) => format!("{wanted} {name}, which is more than the limit"),
        (None, None) => format!("more {name} than the limit"),
    };
    match exceeded.option() {
        Some(option) => format!("{what} ({option} allows more)"),
        None => what,
    }
}

/// The directive that another one needs, and what became of it.
pub(crate) fn blocked_by(by: &BlockedBy) -> String {
    format!("{}:{} ({})", by.file, by.line, by.outcome.name())
}

/// How a process died, and where.
pub(crate) fn crash(info: &CrashInfo) -> String {
    let ending = ending(info);
    if let Ending::Memory(limit) = info.ending {
        let mib = limit >> 20;
        return format!("{ending}: the process used more than {mib} MiB of memory and was killed for it");
    }
    match &info.fault {
        Some(seen) => format!("{ending} at {}", fault(seen)),
        None => format!("{ending}: no fault was seen; the process was ended from outside or ended itself"),
    }
}

/// The signal that a process ended by, or its exit code.
pub(crate) fn ending(info: &CrashInfo) -> String {
    match info.ending {
        Ending::Signal(signal) => signal.to_string(),
        Ending::Exit(code) => format!("exit code {code}"),
        Ending::Memory(_) => Signal::KILL.to_string(),
    }
}

fn fault(seen: &FaultInfo) -> String {
    let mut text = format!("pc {:#x}", seen.pc);
    if let Some(address) = seen.address {
        let _ = write!(text, ", fault address {address:#x}");
    }
    let Some(FaultPlace { function, offset, source, .. }) = &seen.place else {
        text.push_str(", outside compiled code");
        if let Some(FaultPlace { function, offset, source, .. }) = &seen.caller {
            let _ = write!(text, ", called by wasm function {}", function_name(function));
            text.push_str(&wasm_place(offset.map(u64::from), *source));
        }
        return text;
    };
    let _ = write!(text, ", in wasm function {}", function_name(function));
    text.push_str(&wasm_place(offset.map(u64::from), *source));
    text.push_str(", at no trap site");
    text
}

fn thread(place: &ThreadPlace) -> String {
    let ThreadPlace { thread, line, directive, later } = place;
    let later = if *later == 0 { String::new() } else { format!(" (and {later} later)") };
    format!("thread ${}, line {line}, {directive}{later}", Readable(thread))
}

/// Why an engine did not take a module.
pub(crate) fn engine_error(error: &EngineError) -> String {
    match error {
        EngineError::Malformed(cause) | EngineError::Invalid(cause) | EngineError::Harness(cause) => {
            refusal(cause)
        }
        EngineError::Unsupported(missing) => format!("unsupported: {}", lack(missing)),
    }
}
