//! What mutants a module has, and which of them are worth running.

use super::{ClifChange, ClifMutant, change, instructions};
use crate::compiled::{self, CompiledFunction};
use crate::compiler::Workspace;
use crate::error::CompileError;
use crate::parse::{self, ParsedModule};
use crate::{Compiler, WasmFeatures};
use cranelift_codegen::ir::{Function, Inst};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use trapline_abi::{DefinedFuncIndex, FuncIndex, FuncKey};

/// The functions of a module, translated, with all their mutants.
pub struct ClifMutants<'a> {
    compiler: &'a Compiler,
    /// The number of the module.
    module: u32,
    functions: Vec<Translated>,
}

struct Translated {
    index: FuncIndex,
    key: FuncKey,
    name: Option<String>,
    func: Function,
    /// The code of the function as it is, once it is needed.
    code: OnceLock<Result<CompiledFunction, Unviable>>,
}

/// What a mutant comes to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Examined {
    /// The name of the function, if it has one.
    pub function: Option<String>,
    /// Where the instruction comes from, if it comes from one of WebAssembly.
    pub wasm_offset: Option<u32>,
    /// The instruction as it is.
    pub before: String,
    /// The instruction as it becomes.
    pub after: String,
    /// Whether the mutant is worth running.
    pub viability: Viability,
}

/// Whether a mutant is worth running.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Viability {
    /// Its code differs from that of the function.
    Viable,
    /// Its code, and what is recorded of traps and calls, are those of the function.
    Equivalent,
    /// It is not compiled.
    Unviable(Unviable),
}

/// Why a mutant is not compiled.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Unviable {
    /// Cranelift's verifier refuses it, with these words.
    #[error("{0}")]
    Verifier(String),
    /// The code generator fails, with these words.
    #[error("{0}")]
    Generator(String),
    /// The code generator panics.
    #[error("the code generator panicked")]
    Panicked,
}

impl Compiler {
    /// Translates the functions of a module, to be changed.
    ///
    /// # Errors
    ///
    /// As [`Compiler::compile`].
    pub fn mutants(&self, wasm: &[u8], features: WasmFeatures) -> Result<ClifMutants<'_>, CompileError> {
        let ParsedModule { info, bodies, .. } =
            parse::parse(wasm, features).map_err(|error| parse::refused(error, wasm, features))?;
        let env = self.environment(&info, wasm);
        let mut workspace = Workspace::new(self.detour());
        let mut functions = Vec::with_capacity(bodies.len());
        for (number, body) in bodies.into_iter().enumerate() {
            workspace.translate(&env, body).map_err(|error| error.of_module(wasm, features))?;
            let defined = DefinedFuncIndex::new(number as u32);
            let index = info.func_index(defined);
            functions.push(Translated {
                index,
                key: FuncKey::Defined(defined),
                name: info.func_name(index).map(str::to_owned),
                func: workspace.codegen.context.func.clone(),
                code: OnceLock::new(),
            });
        }
        Ok(ClifMutants { compiler: self, module: ClifMutant::module_number(wasm), functions })
    }

    /// The code of a function, or why there is none.
    fn code_of(&self, func: Function, key: FuncKey) -> Result<CompiledFunction, Unviable> {
        let mut workspace = Workspace::new(self.detour());
        workspace.codegen.context.func = func;
        // Cranelift has lowering rules for what translation makes, and panics at some of what it never makes.
        let compile = || compiled::compile(&mut workspace.codegen, self.isa(), key);
        match catch_unwind(AssertUnwindSafe(compile)) {
            Ok(Ok((code, _))) => Ok(code),
            Ok(Err(error)) => Err(Unviable::Generator(error.to_string())),
            Err(_) => Err(Unviable::Panicked),
        }
    }
}

impl ClifMutants<'_> {
    /// All mutants, in order.
    pub fn all(&self) -> impl Iterator<Item = ClifMutant> {
        let module = self.module;
        self.functions.iter().flat_map(move |Translated { index, func, .. }| {
            let numbered = (0..).zip(instructions(func));
            numbered.flat_map(move |(instruction, inst)| {
                let changes = ClifChange::all().filter(move |change| change.of(func, inst).is_some());
                changes.map(move |change| ClifMutant { module, function: *index, instruction, change })
            })
        })
    }

    /// What a mutant comes to; nothing if the module has none such.
    pub fn examine(&self, mutant: ClifMutant) -> Option<Examined> {
        let function = self.functions.iter().find(|function| function.index == mutant.function)?;
        let inst = instructions(&function.func).nth(mutant.instruction as usize)?;
        let mut changed = function.func.clone();
        if mutant.module != self.module || !change(&mut changed, inst, mutant.change) {
            return None;
        }
        let location = function.func.srcloc(inst);
        let after = shown(&changed, inst);
        Some(Examined {
            function: function.name.clone(),
            wasm_offset: (!location.is_default()).then(|| location.bits()),
            before: shown(&function.func, inst),
            after,
            viability: self.viability(function, changed),
        })
    }

    fn viability(&self, function: &Translated, changed: Function) -> Viability {
        if let Err(errors) = cranelift_codegen::verify_function(&changed, self.compiler.isa()) {
            return Viability::Unviable(Unviable::Verifier(errors.to_string()));
        }
        let own = || self.compiler.code_of(function.func.clone(), function.key);
        match (function.code.get_or_init(own), self.compiler.code_of(changed, function.key)) {
            (_, Err(reason)) => Viability::Unviable(reason),
            // Where an instruction comes from is in reports only; no script can see it.
            (Ok(own), Ok(mut code)) => {
                code.source.clone_from(&own.source);
                if *own == code { Viability::Equivalent } else { Viability::Viable }
            }
            (Err(_), Ok(_)) => Viability::Viable,
        }
    }
}

/// An instruction as text.
fn shown(func: &Function, inst: Inst) -> String {
    func.dfg.display_inst(inst).to_string()
}
