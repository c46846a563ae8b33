//! Arguments about modules that are run like scripts.

use super::exit::{Exit, Failure, OrExit};
use super::headings::MODULES;
use super::values::parse_values;
use crate::discover::{Input, Source, make_scripts, quoted};
use crate::module_script::{Absent, Callee, ModuleOptions, ModuleScript, constant};
use crate::terms::ReadingChoice;
use crate::trail::Value;
use anyhow::anyhow;
use clap::{Args, ValueEnum};
use std::io::{self, Write};
use std::path::Path;
use trapline_abi::{ModuleInfo, ReadableText};

/// What is done with modules, in binary or text, among the scripts.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = MODULES)]
pub(super) struct ModuleArguments {
    /// Of modules, call only this export, with these arguments: numbers as the text format has them, vectors as `i32x4 1 2 3 4`,
    /// references as `null` or a number of the host; `--` ends them. Without it, every exported function is called.
    #[arg(long, num_args = 1.., value_names = ["NAME", "ARGS"], allow_hyphen_values = true, value_terminator = "--")]
    invoke: Vec<String>,
    /// How often an exported function of a module is called, first with zeros, then with other values at boundaries, then with
    /// mixed ones. By default once, by `regress` six times, by `compare` eight times, by `triage` twelve times.
    #[arg(long, value_name = "N", conflicts_with = "invoke", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    calls: Option<u32>,
    /// What the arguments of such calls are chosen by.
    #[arg(long, value_name = "N", default_value = "0", conflicts_with = "invoke")]
    call_seed: u64,
    /// What stands in for imports of a module that nothing provides: nothing, which is the default but of `triage`, functions that
    /// return zeros, functions that trap, or, as `stub`, what there are rules for (emscripten, wasm-bindgen) and zeros for the rest.
    /// WASI is provided in any case, in a world without files and streams that is the same in every run.
    #[arg(long, value_enum, value_name = "WHAT")]
    imports: Option<AbsentName>,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum AbsentName {
    Refused,
    Zero,
    Trap,
    Stub,
}

impl From<AbsentName> for Absent {
    fn from(name: AbsentName) -> Absent {
        match name {
            AbsentName::Refused => Absent::Refused,
            AbsentName::Zero | AbsentName::Stub => Absent::Zero,
            AbsentName::Trap => Absent::Trap,
        }
    }
}

/// Says what is left out.
fn tell(notes: &[String]) {
    for note in notes {
        // A standard error that is closed is not an error of the run.
        let _ = writeln!(io::stderr(), "note: {}", ReadableText(note));
    }
}

/// The arguments of a call as constants of a script.
fn read_arguments(_: &ModuleInfo, callee: Callee<'_>, words: &[String]) -> Result<Vec<String>, String> {
    let values = parse_values(words, &callee.ty.params).map_err(|error| error.to_string())?;
    let constants = values.iter().map(|value| constant(&Value::from(value)));
    constants.collect::<Option<_>>().ok_or_else(|| "a script cannot give it such a reference".to_owned())
}

impl ModuleArguments {
    /// Makes scripts of the modules, in which functions are called `calls` times if the user does not say how often, and says
    /// what is left out.
    pub(super) fn make_scripts(&self, inputs: &mut [Input], calls: u32) -> Result<(), Failure> {
        self.make(inputs, self.options(calls, Absent::Refused))
    }

    /// Makes scripts of modules like [`ModuleArguments::make_scripts`], in which compiling and instantiating are two directives.
    /// If the user does not say what stands in for imports, `absent` does.
    pub(super) fn make_scripts_apart(
        &self,
        inputs: &mut [Input],
        calls: u32,
        absent: Absent,
    ) -> Result<(), Failure> {
        self.make(inputs, ModuleOptions { apart: true, ..self.options(calls, absent) })
    }

    /// The same with one call and no other, if there is one.
    pub(super) fn with_call(self, words: Option<Vec<String>>) -> ModuleArguments {
        match words {
            Some(invoke) => ModuleArguments { invoke, calls: None, ..self },
            None => self,
        }
    }

    fn options(&self, calls: u32, absent: Absent) -> ModuleOptions {
        ModuleOptions {
            invoke: (!self.invoke.is_empty()).then(|| self.invoke.clone()),
            calls: self.calls.unwrap_or(calls),
            seed: self.call_seed,
            absent: self.imports.map_or(absent, Absent::from),
            by_rule: self.by_rule(),
            apart: false,
        }
    }

    /// Whether what modules import of JavaScript is provided by rule.
    pub(super) fn by_rule(&self) -> bool {
        self.imports == Some(AbsentName::Stub)
    }

    /// How scripts are read, with what is said of imports.
    pub(super) fn reading(&self, choice: ReadingChoice) -> ReadingChoice {
        ReadingChoice { by_rule: self.by_rule(), ..choice }
    }

    /// The option that says something of modules, if the user has given one.
    fn given(&self) -> Option<&'static str> {
        let given = [
            (!self.invoke.is_empty(), "--invoke"),
            (self.calls.is_some(), "--calls"),
            (self.call_seed != 0, "--call-seed"),
            (self.imports.is_some(), "--imports"),
        ];
        given.into_iter().find_map(|(is_given, option)| is_given.then_some(option))
    }

    /// Makes a script of an object like [`ModuleArguments::make_scripts_apart`] does of modules. Its manifest describes the
    /// module.
    pub(super) fn make_object_script(
        &self,
        input: &mut Input,
        object: &[u8],
        info: &ModuleInfo,
        calls: u32,
        absent: Absent,
    ) -> Result<(), Failure> {
        let options = ModuleOptions { apart: true, ..self.options(calls, absent) };
        let script = ModuleScript::of_object(object, info, &options, &read_arguments);
        let ModuleScript { text, notes, wasm } =
            script.map_err(|error| anyhow!("{}: failed to {error}", input.name)).or_exit(Exit::Usage)?;
        let path = input.path().map(Path::to_owned);
        input.source = Source::Module { path, script: text.into_bytes().into(), wasm: wasm.map(Into::into) };
        tell(&notes);
        Ok(())
    }

    fn make(&self, inputs: &mut [Input], options: ModuleOptions) -> Result<(), Failure> {
        let notes = make_scripts(inputs, &options, &read_arguments);
        let notes =
            notes.map_err(|(module, error)| anyhow!("{module}: failed to {error}")).or_exit(Exit::Usage)?;
        // What cannot be read may be one, and is refused when it is run.
        let is_module = |input: &Input| matches!(input.source, Source::Module { .. } | Source::Unreadable(_));
        if let (Some(option), false) = (self.given(), inputs.iter().any(is_module)) {
            return Err(anyhow!(
                "failed to find modules: {option} is for them, and no script is one (paths come before --invoke, or behind `--`)"
            ))
            .or_exit(Exit::Usage);
        }
        tell(&notes);
        Ok(())
    }

    /// What [`ModuleArguments::make_scripts_apart`] has done with the same arguments, as `wast` and `compare` have it.
    pub(super) fn command_of_apart(&self, calls: u32, absent: Absent) -> String {
        let name = match absent {
            Absent::Refused => AbsentName::Refused,
            Absent::Zero => AbsentName::Zero,
            Absent::Trap => AbsentName::Trap,
        };
        let mut said = self.clone();
        said.imports = self.imports.or(Some(name));
        said.calls = self.calls.or(self.invoke.is_empty().then_some(calls));
        said.command()
    }

    /// What is not the default, as a command line has it, each option after a space.
    pub(super) fn command(&self) -> String {
        let mut command = String::new();
        if !self.invoke.is_empty() {
            command.push_str(" --invoke");
            self.invoke.iter().for_each(|word| command.push_str(&format!(" {}", quoted(word))));
        }
        if let Some(calls) = self.calls {
            command.push_str(&format!(" --calls {calls}"));
        }
        if self.call_seed != 0 {
            command.push_str(&format!(" --call-seed {}", self.call_seed));
        }
        // It also ends the arguments of the call.
        if self.imports.is_some() || !self.invoke.is_empty() {
            let name = self.imports.unwrap_or(AbsentName::Refused).to_possible_value();
            let name = name.map(|name| name.get_name().to_owned()).unwrap_or_default();
            command.push_str(&format!(" --imports {name}"));
        }
        command
    }
}
