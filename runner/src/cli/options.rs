//! Arguments that several commands share.

use clap::error::ErrorKind;
use clap::{ArgMatches, Args, Command, FromArgMatches, ValueEnum};
use trapline_abi::artifact::MemoryStyle;
use trapline_compiler::{Compiler, Cpu, OptLevel, Profile, RelaxedSimd, WasmFeatures};

use super::exit::{Exit, Failure, OrExit};
use super::headings::{CODE, FEATURES, REPORTS};
use crate::engine::{EngineKind, HeapSettings, Profiler, Variant};
use crate::feature_names::module_features_named;

/// A form of what a command shows.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Form {
    /// Text.
    Pretty,
    /// JSON, an object on each line.
    Json,
}

/// An engine by its name.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum EngineName {
    /// Compiled ahead of time into an object, which is loaded into the process.
    Aot,
    /// The same code, placed in memory by a just-in-time compiler.
    Jit,
    /// The same object, linked by the system's linker and opened by its dynamic linker. Needs `cc`.
    Linked,
    /// An interpreter that is not trapline's, to compare with.
    #[cfg(feature = "oracles")]
    Wasmi,
}

impl EngineName {
    pub(super) const fn kind(self) -> EngineKind {
        match self {
            EngineName::Aot => EngineKind::Aot,
            EngineName::Jit => EngineKind::Jit,
            EngineName::Linked => EngineKind::Linked,
            #[cfg(feature = "oracles")]
            EngineName::Wasmi => EngineKind::Wasmi,
        }
    }

    /// The engine with a profile, if there is a choice. Memories and tables are as large on all.
    pub(super) fn variant(self, profile: Profile, heap: HeapSettings) -> Variant {
        let kind = self.kind();
        match kind.is_oracle() {
            true => {
                let heap = HeapSettings::default().with_sizes_of(heap);
                Variant { kind, profile: Profile::default(), heap }
            }
            false => Variant { kind, profile, heap },
        }
    }
}

/// MiB that all objects of a store may have, unless the user says otherwise.
const DEFAULT_GC_HEAP: u64 = 1024;

/// MiB that one memory may have, unless the user says otherwise.
const DEFAULT_LINEAR_MEMORY: u64 = 4096;
/// Elements that one table may have, unless the user says otherwise.
const DEFAULT_TABLE_ELEMENTS: u64 = 10_000_000;

/// How code is generated, objects are kept, and how large memories and tables may be.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = CODE)]
pub(super) struct ProfileArguments {
    /// How much to optimise.
    #[arg(long, value_enum, default_value = "speed", value_name = "LEVEL")]
    opt: Opt,
    /// How accesses to memories are kept within bounds: by address space, or by comparing every address.
    #[arg(long, value_enum, default_value = "guarded", value_name = "STYLE")]
    memory: MemoryChoice,
    /// Which processor features to use: those of this machine, or those that every machine has.
    #[arg(long, value_enum, default_value = "native", value_name = "FEATURES")]
    cpu: CpuChoice,
    /// Which of the permitted results relaxed SIMD instructions have: those of the specification's
    /// deterministic profile, or those of the machine's own instructions.
    #[arg(long, value_enum, default_value = "deterministic", value_name = "CHOICE")]
    relaxed: Relaxed,
    /// Whether Cranelift verifies its intermediate representation.
    #[arg(long, value_enum, default_value = "off", value_name = "SWITCH")]
    verify: Switch,
    /// Whether all objects are moved at every allocation, and what is left behind is made inaccessible: a reference that the
    /// collector does not know of faults.
    #[arg(
        long,
        value_enum,
        default_value = "off",
        value_name = "SWITCH",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "on"
    )]
    gc_stress: Switch,
    /// How many MiB all objects of a store may have.
    #[arg(long, default_value_t = DEFAULT_GC_HEAP, value_name = "MIB", value_parser = clap::value_parser!(u64).range(1..=2047))]
    max_gc_heap: u64,
    /// How many MiB one memory may have. It uses only what is written to: `--max-memory` limits that.
    #[arg(long, default_value_t = DEFAULT_LINEAR_MEMORY, value_name = "MIB", value_parser = clap::value_parser!(u64).range(1..=1 << 26))]
    max_linear_memory: u64,
    /// How many elements one table may have.
    #[arg(long, default_value_t = DEFAULT_TABLE_ELEMENTS, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1 << 40))]
    max_table_elements: u64,
    /// Describe code to debuggers: frames, functions and, in the place of lines, WebAssembly offsets. Without this flag,
    /// `compile` and `run` do, and what runs scripts does not.
    #[arg(
        short = 'g',
        long,
        value_enum,
        value_name = "SWITCH",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "on"
    )]
    debug_info: Option<Switch>,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum Opt {
    None,
    Speed,
    #[value(name = "speed_and_size")]
    SpeedAndSize,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum MemoryChoice {
    Guarded,
    Checked,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum CpuChoice {
    Native,
    Baseline,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum Relaxed {
    Deterministic,
    Native,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum Switch {
    Off,
    On,
}

impl ProfileArguments {
    pub(super) fn profile(&self) -> Profile {
        Profile {
            opt_level: match self.opt {
                Opt::None => OptLevel::None,
                Opt::Speed => OptLevel::Speed,
                Opt::SpeedAndSize => OptLevel::SpeedAndSize,
            },
            memory_style: match self.memory {
                MemoryChoice::Guarded => MemoryStyle::Guarded,
                MemoryChoice::Checked => MemoryStyle::Checked,
            },
            cpu: match self.cpu {
                CpuChoice::Native => Cpu::Native,
                CpuChoice::Baseline => Cpu::Baseline,
            },
            relaxed: match self.relaxed {
                Relaxed::Deterministic => RelaxedSimd::Deterministic,
                Relaxed::Native => RelaxedSimd::Native,
            },
            verifier: self.verify == Switch::On,
            debug_info: self.debug_info == Some(Switch::On),
            ..Profile::default()
        }
    }

    /// How objects are kept, and how large memories and tables may be.
    pub(super) fn heap(&self) -> HeapSettings {
        let mib = |mib: u64, default: u64| (mib != default).then_some(mib << 20);
        HeapSettings {
            stress: self.gc_stress == Switch::On,
            max_bytes: mib(self.max_gc_heap, DEFAULT_GC_HEAP),
            max_memory_bytes: mib(self.max_linear_memory, DEFAULT_LINEAR_MEMORY),
            max_table_elements: (self.max_table_elements != DEFAULT_TABLE_ELEMENTS)
                .then_some(self.max_table_elements),
        }
    }

    /// The same choices, with code described to debuggers unless that is unwanted.
    pub(super) fn described(self) -> ProfileArguments {
        ProfileArguments { debug_info: self.debug_info.or(Some(Switch::On)), ..self }
    }

    pub(super) fn compiler(&self) -> Result<Compiler, Failure> {
        Compiler::new(self.profile())
            .map_err(|error| anyhow::anyhow!("failed to set up the compiler: {error}"))
            .or_exit(Exit::Internal)
    }

    /// A flag that asks for another than the default code, if there is one.
    pub(super) fn flag(&self) -> Option<&'static str> {
        let debug_info = self.debug_info.map(|_| "--debug-info");
        self.differing().first().map(|(flag, _)| *flag).or(debug_info)
    }

    /// A flag that asks for another than the default way of keeping objects, if there is one.
    pub(super) fn heap_flag(&self) -> Option<&'static str> {
        let stress = (self.gc_stress == Switch::On).then_some("--gc-stress");
        stress.or((self.max_gc_heap != DEFAULT_GC_HEAP).then_some("--max-gc-heap"))
    }

    /// All choices that are not the default ones, as a command line has them, each after a space.
    pub(super) fn command(&self) -> String {
        let mut command: String =
            self.differing().iter().map(|(flag, choice)| format!(" {flag} {choice}")).collect();
        if self.gc_stress == Switch::On {
            command.push_str(" --gc-stress");
        }
        command.push_str(&differing_numbers([("--max-gc-heap", self.max_gc_heap, DEFAULT_GC_HEAP)]));
        command + &self.sizes_command() + self.description_command()
    }

    /// How large memories and tables may be, if that is not the default, like [`ProfileArguments::command`].
    pub(super) fn sizes_command(&self) -> String {
        differing_numbers([
            ("--max-linear-memory", self.max_linear_memory, DEFAULT_LINEAR_MEMORY),
            ("--max-table-elements", self.max_table_elements, DEFAULT_TABLE_ELEMENTS),
        ])
    }

    /// Whether code is described to debuggers, if the user has said so.
    pub(super) fn description_command(&self) -> &'static str {
        match self.debug_info {
            Some(Switch::On) => " --debug-info",
            Some(Switch::Off) => " --debug-info=off",
            None => "",
        }
    }

    /// The choices about code that are not the default ones, as flags and their values.
    fn differing(&self) -> Vec<(&'static str, String)> {
        let name =
            |value: Option<clap::builder::PossibleValue>| value.map(|value| value.get_name().to_owned());
        let mut differing = Vec::new();
        if self.opt != Opt::Speed {
            differing.push(("--opt", name(self.opt.to_possible_value())));
        }
        if self.memory != MemoryChoice::Guarded {
            differing.push(("--memory", name(self.memory.to_possible_value())));
        }
        if self.cpu != CpuChoice::Native {
            differing.push(("--cpu", name(self.cpu.to_possible_value())));
        }
        if self.relaxed != Relaxed::Deterministic {
            differing.push(("--relaxed", name(self.relaxed.to_possible_value())));
        }
        if self.verify != Switch::Off {
            differing.push(("--verify", name(self.verify.to_possible_value())));
        }
        differing.into_iter().filter_map(|(flag, value)| Some((flag, value?))).collect()
    }
}

/// The options whose numbers are not the default ones, as a command line has them, each after a space.
pub(super) fn differing_numbers<const N: usize>(options: [(&str, u64, u64); N]) -> String {
    let differing = options.into_iter().filter(|(_, number, default)| number != default);
    differing.map(|(flag, number, _)| format!(" {flag} {number}")).collect()
}

/// Which profilers are told of code.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = REPORTS)]
pub(super) struct ProfilerArguments {
    /// Name code for a profiler: `perfmap` writes /tmp/perf-PID.map for `perf`, in workers too.
    #[arg(long = "profile", value_enum, value_name = "PROFILER")]
    profiler: Option<ProfilerName>,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum ProfilerName {
    Perfmap,
}

impl ProfilerArguments {
    pub(super) fn profiler(&self) -> Option<Profiler> {
        self.profiler.map(|ProfilerName::Perfmap| Profiler::PerfMap)
    }
}

/// Which features modules may use.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = FEATURES)]
struct WrittenFeatures {
    /// Switch features on, or with `-` before the name or `=n` behind it off, whatever else says so: `-W simd,-threads` or
    /// `-W simd=y,threads=n`. `all` is every feature of modules; `trapline features` lists them. Names that other tools have
    /// for a feature are understood.
    #[arg(
        short = 'W',
        value_name = "FEATURE",
        value_delimiter = ',',
        allow_hyphen_values = true,
        value_parser = parse_feature
    )]
    features: Vec<Feature>,
}

/// Which features modules may use, where the choices go together.
#[derive(Clone, Debug)]
pub(super) struct FeatureArguments {
    features: Vec<Feature>,
}

impl Args for FeatureArguments {
    fn augment_args(command: Command) -> Command {
        WrittenFeatures::augment_args(command)
    }

    fn augment_args_for_update(command: Command) -> Command {
        WrittenFeatures::augment_args_for_update(command)
    }
}

impl FromArgMatches for FeatureArguments {
    fn from_arg_matches(matches: &ArgMatches) -> Result<FeatureArguments, clap::Error> {
        let WrittenFeatures { features } = WrittenFeatures::from_arg_matches(matches)?;
        check(&features).map_err(|message| clap::Error::raw(ErrorKind::ArgumentConflict, message))?;
        Ok(FeatureArguments { features })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = FeatureArguments::from_arg_matches(matches)?;
        Ok(())
    }
}

/// A feature that is part of another one cannot be off while that one is on (specification: proposals, GC, which "builds on"
/// typed function references). Where a script or a file switches gc off is not known yet; naming both says the same there.
fn check(features: &[Feature]) -> Result<(), String> {
    let last = |set| features.iter().rfind(|feature| feature.set.contains(set));
    let (references, gc) = (last(WasmFeatures::FUNCTION_REFERENCES), last(WasmFeatures::GC));
    let is_alone = |feature: &Feature| !feature.on && !feature.set.contains(WasmFeatures::GC);
    match references.is_some_and(is_alone) && gc.is_none_or(|gc| gc.on) {
        true => Err("-W -function-references alone changes nothing where gc is on, because gc includes it: \
                     -W -function-references,-gc switches both off\n"
            .to_owned()),
        false => Ok(()),
    }
}

#[derive(Clone, Debug)]
struct Feature {
    written: String,
    set: WasmFeatures,
    on: bool,
}

fn parse_feature(text: &str) -> Result<Feature, String> {
    let (name, on) = match (text.strip_prefix('-'), text.split_once('=')) {
        (Some(name), _) => (name, false),
        (None, Some((name, "y" | "yes" | "true" | "on"))) => (name, true),
        (None, Some((name, "n" | "no" | "false" | "off"))) => (name, false),
        (None, Some((name, other))) => {
            return Err(format!("`{name}` is switched by `y` or `n`, not by `{other}`"));
        }
        (None, None) => (text, true),
    };
    let set = module_features_named(name).map_err(|error| error.to_string())?;
    Ok(Feature { written: text.to_owned(), set, on })
}

impl FeatureArguments {
    /// The switches in order.
    pub(super) fn overrides(&self) -> Vec<(WasmFeatures, bool)> {
        self.features.iter().map(|feature| (feature.set, feature.on)).collect()
    }

    /// A set of features with the switches applied.
    pub(super) fn apply(&self, mut features: WasmFeatures) -> WasmFeatures {
        for (set, on) in self.overrides() {
            features.set(set, on);
        }
        features
    }

    /// The switches as words of a command.
    pub(super) fn command(&self) -> String {
        self.written().map(|features| format!(" -W {features}")).unwrap_or_default()
    }

    /// The switches as they were written, if there are any.
    pub(super) fn written(&self) -> Option<String> {
        let written: Vec<&str> = self.features.iter().map(|feature| feature.written.as_str()).collect();
        (!written.is_empty()).then(|| written.join(","))
    }
}
