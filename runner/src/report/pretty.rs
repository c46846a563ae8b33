//! The report for people: failures as they come, and again at the end, and totals that add up.

use super::failure::{write_failure, write_output};
use super::repeated::{Failure, Repeated};
use super::totals::{Totals, counted};
use super::words::blocked_by;
use super::{Reporter, Style, script_fault_text, sides};
use crate::outcome::{BlockedBy, Event, FileReport, Outcome, OutcomeKind, Problem};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};
use trapline_abi::Readable;

/// Slowest scripts that are named.
const SLOWEST: usize = 10;

/// Failures that are named once more at the end, by the first line of what was said.
const REPEATED: usize = 50;

/// Bytes of a file's failures that are written at once, at least.
const AT_ONCE: usize = 64 << 10;

/// How a [`Pretty`] report looks.
#[derive(Clone, Copy, Default, Debug)]
pub struct PrettyOptions {
    /// Its colours.
    pub style: Style,
    /// Whether a progress bar stands for the scripts without failures; otherwise each has a line.
    pub progress: bool,
    /// Whether the slowest scripts are named at the end.
    pub slowest: bool,
    /// Whether only what is not as expected is said, once, and the totals.
    pub quiet: bool,
}

/// What the progress bar says.
#[derive(Default)]
struct AtWork {
    /// Directives so far that are red.
    failures: u64,
    /// For each script on each engine with a directive that takes long, the directive and since when it runs.
    slow: BTreeMap<(Arc<str>, Arc<str>), (String, Instant)>,
}

impl AtWork {
    fn message(&self) -> String {
        let failures = match self.failures {
            0 => String::new(),
            count => format!("{} ", counted(count, "failure")),
        };
        let slow =
            self.slow.values().map(|(what, since)| format!("slow: {what} ({} s)", since.elapsed().as_secs()));
        failures + &slow.collect::<Vec<_>>().join(", ")
    }
}

/// Writes for people.
pub struct Pretty<W> {
    out: W,
    options: PrettyOptions,
    bar: ProgressBar,
    totals: Totals,
    at_work: AtWork,
    repeated: Repeated<String>,
    times: Vec<(Duration, String)>,
}

impl<W: Write> Pretty<W> {
    /// A report that is written to `out`.
    pub fn new(out: W, options: PrettyOptions) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        Pretty {
            out,
            options,
            bar,
            totals: Totals::default(),
            at_work: AtWork::default(),
            repeated: Repeated::new(REPEATED),
            times: Vec::new(),
        }
    }

    fn start(&mut self, files: usize) {
        if self.options.progress {
            self.bar = ProgressBar::with_draw_target(Some(files as u64), ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}") {
                self.bar.set_style(style);
            }
        }
    }

    fn print(&mut self, text: &str) -> io::Result<()> {
        let out = &mut self.out;
        self.bar.suspend(|| {
            out.write_all(text.as_bytes())?;
            out.flush()
        })
    }

    fn file(&mut self, file: &FileReport) -> io::Result<()> {
        let mut text = String::new();
        if !self.options.progress && !self.options.quiet {
            text.push_str(&self.line(file));
        }
        let (style, engine) = (self.options.style, &file.engine);
        let mut known = 0;
        if let Some(fault) = file.script_error.as_ref().filter(|fault| fault.expected.is_none()) {
            let fault = script_fault_text(file, fault, style);
            let failure = Failure::new(&(&file.file, &fault));
            if self.repeated.again(failure, engine) {
                known += 1;
            } else {
                self.repeated.push(failure, engine, || first_line(&fault));
                text.push_str(&fault);
            }
        }
        let mut blocked: BTreeMap<&BlockedBy, u64> = BTreeMap::new();
        for directive in &file.directives {
            if !file.is_red(directive) {
                if let Some(output) = directive.output() {
                    write_output(&mut text, file, directive, output);
                }
                continue;
            }
            // The notes count them.
            if file.only_counts(directive) {
                continue;
            }
            if let Outcome::Blocked(by) = &directive.outcome {
                // Everything that an instance was needed for; one line says it all.
                *blocked.entry(by).or_default() += 1;
                continue;
            }
            let sides = sides(directive);
            let failure = Failure::of(&file.file, directive, &sides);
            if self.repeated.again(failure, engine) {
                known += 1;
                continue;
            }
            let start = text.len();
            write_failure(&mut text, file, directive, &sides, style);
            self.repeated.push(failure, engine, || first_line(&text[start..]));
            if text.len() > AT_ONCE {
                self.print(&text)?;
                text.clear();
            }
        }
        for (by, count) in blocked {
            let directives = if count == 1 { "directive" } else { "directives" };
            let (blocked, by) = (style.bad("blocked"), blocked_by(by));
            let (file, by) = (Readable(&file.file), Readable(&by));
            let line = format!("{blocked} {file}: {count} {directives} by {by}\n");
            let failure = Failure::new(&line);
            if self.repeated.again(failure, engine) {
                known += count;
                continue;
            }
            text.push_str(&line);
            self.repeated.push(failure, engine, || first_line(&line));
        }
        if known > 0 && !self.options.progress && !self.options.quiet {
            text.push_str(&format!("    {} as on an earlier engine\n", counted(known, "failure")));
        }
        let name = self.name(file);
        self.times.push((file.elapsed, name));
        if self.times.len() > 2 * SLOWEST {
            self.keep_slowest();
        }
        if !text.is_empty() {
            self.print(&text)?;
        }
        self.bar.inc(1);
        Ok(())
    }

    fn keep_slowest(&mut self) {
        self.times.sort_by_key(|(time, _)| std::cmp::Reverse(*time));
        self.times.truncate(SLOWEST);
    }

    /// What a file is called: with its engine, from the second engine on.
    fn name(&self, file: &FileReport) -> String {
        match self.totals.engines.len() {
            0 | 1 => Readable(&file.file).to_string(),
            _ => format!("{}/{}", file.engine, Readable(&file.file)),
        }
    }

    /// One line for a file: its name and its outcomes.
    fn line(&self, file: &FileReport) -> String {
        let style = self.options.style;
        let name = self.name(file);
        let proposal = file.proposal.as_ref().filter(|_| !file.has_red());
        let why = proposal.map(|proposal| format!(": {}", Readable(proposal))).unwrap_or_default();
        match (&file.script_error, proposal) {
            (Some(_), Some(_)) => {
                return format!("{name}: {}\n", style.note(format!("cannot be parsed{why}")));
            }
            (Some(_), None) => return format!("{name}: {}\n", style.bad("cannot be parsed")),
            (None, _) => {}
        }
        if file.directives.is_empty() {
            return format!("{name}: {}\n", style.note("no directives"));
        }
        let count = |kind| file.directives.iter().filter(|d| d.outcome.kind() == kind).count();
        let counts: Vec<String> = OutcomeKind::ALL
            .into_iter()
            .map(|kind| (count(kind), kind))
            .filter(|(count, kind)| *count > 0 || *kind == OutcomeKind::Pass)
            .map(|(count, kind)| match kind {
                OutcomeKind::Pass => style.good(format!("{count} {}", kind.name())),
                OutcomeKind::Unsupported if proposal.is_some() => {
                    style.note(format!("{count} {}{why}", kind.name()))
                }
                _ if file.oracle && !file.has_red() => style.note(format!("{count} {}", kind.name())),
                _ if !file.has_red() => style.note(format!("{count} {} as listed", kind.name())),
                _ => style.bad(format!("{count} {}", kind.name())),
            })
            .map(|count| count.to_string())
            .collect();
        format!("{name}: {}\n", counts.join(", "))
    }

    fn finish(&mut self) -> io::Result<()> {
        self.bar.finish_and_clear();
        let style = self.options.style;
        let mut text = String::new();
        if let Some(failures) = self.repeated.text().filter(|_| !self.options.quiet) {
            text.push('\n');
            text.push_str(&failures);
        }
        if self.options.slowest {
            self.keep_slowest();
            text.push_str("\nslowest:\n");
            for (time, file) in &self.times {
                text.push_str(&format!("  {:>9.3} ms  {file}\n", time.as_secs_f64() * 1e3));
            }
        }
        if !self.options.quiet {
            text.push('\n');
        }
        text.extend(self.totals.notes.iter().map(|note| format!("{}\n", style.note(note))));
        for (engine, totals) in &self.totals.engines {
            text.push_str(&format!("{engine}: {}\n", totals.line()));
            for note in totals.notes() {
                text.push_str(&format!("{engine}: {note}\n"));
            }
        }
        text.extend(self.totals.compared().map(|line| line + "\n"));
        if !self.options.quiet {
            let verdict = if self.totals.is_green() { style.good("ok") } else { style.bad("FAILED") };
            text.push_str(&format!("{verdict} in {:.2} s\n", self.totals.elapsed.as_secs_f64()));
        }
        self.print(&text)
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

impl<W: Write> Reporter for Pretty<W> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        self.totals.event(event);
        match event {
            Event::RunStarted { files, run } => {
                self.repeated.several = run.engines.len() > 1;
                self.start(*files);
                Ok(())
            }
            Event::FileStarted { .. } => Ok(()),
            Event::DirectiveFinished { red, outcome, .. } => {
                let failed = *red && *outcome != OutcomeKind::NotRun;
                self.at_work.failures += u64::from(failed);
                if failed && self.options.progress {
                    self.bar.set_message(self.at_work.message());
                }
                Ok(())
            }
            Event::Slow { engine, file, line, directive, elapsed } => {
                let since = Instant::now().checked_sub(*elapsed).unwrap_or_else(Instant::now);
                let what = format!("{}:{line} {directive}", Readable(file));
                self.at_work.slow.insert((engine.clone(), file.clone()), (what, since));
                self.bar.set_message(self.at_work.message());
                Ok(())
            }
            // The notes count what is left out.
            Event::FileFinished(file) if file.is_left_out() => {
                self.bar.inc(1);
                Ok(())
            }
            Event::FileFinished(file) => {
                if self.at_work.slow.remove(&(file.engine.clone(), file.file.clone())).is_some() {
                    self.bar.set_message(self.at_work.message());
                }
                self.file(file)
            }
            Event::Problem(Problem { file, message }) => {
                let (problem, file) = (self.options.style.bad("problem"), Readable(file));
                let line = format!("{problem} {file}: {}", Readable(message));
                self.print(&format!("{line}\n"))?;
                self.repeated.push_problem(|| first_line(&line));
                Ok(())
            }
            Event::EngineFinished { .. } => Ok(()),
            Event::RunFinished { .. } => self.finish(),
        }
    }
}
