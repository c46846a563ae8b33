//! Which function a compiler fails at, and in which step.

use crate::compiled::DEFINED_NAMESPACE;
use crate::compiler::{BodyError, Workspace};
use crate::parse::ParsedModule;
use crate::{Compiler, compiled, parse};
use cranelift_codegen::ir::UserFuncName;
use serde::{Deserialize, Serialize};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use trapline_abi::{DefinedFuncIndex, FuncKey, Symbols};
use wasmparser::WasmFeatures;

/// A step on the way from a function's body to its code.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// From WebAssembly to Cranelift's IR.
    Translate,
    /// Cranelift's check of what was translated.
    Verify,
    /// Cranelift's passes over its IR, each checked if the profile says so.
    Optimize,
    /// Lowering, register allocation and its check, and emission.
    Generate,
}

impl Stage {
    /// The passes in words.
    pub const fn passes(self) -> &'static str {
        match self {
            Stage::Translate => "translation from WebAssembly to CLIF",
            Stage::Verify => "verification of the translated CLIF",
            Stage::Optimize => "optimisation of CLIF",
            Stage::Generate => "lowering, register allocation and emission",
        }
    }
}

/// A function that cannot be compiled.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Diagnosis {
    /// Its index.
    pub function: u32,
    /// Its symbol.
    pub symbol: String,
    /// Where it fails.
    pub stage: Stage,
    /// What is said of it.
    pub message: String,
    /// Cranelift's intermediate representation of it, as far as it came.
    pub clif: String,
}

impl Compiler {
    /// Compiles the functions of a module one by one, and finds the first that fails or panics. `None` if none does, or the
    /// module is refused before. Panics are caught.
    pub fn diagnose(&self, wasm: &[u8], features: WasmFeatures) -> Option<Diagnosis> {
        let ParsedModule { info, bodies, .. } = parse::parse(wasm, features).ok()?;
        let env = self.environment(&info, wasm);
        let symbols = Symbols::new(&info);
        for (index, body) in (0..).zip(bodies) {
            let mut workspace = Workspace::new(self.detour());
            let mut stage = Stage::Translate;
            let key = FuncKey::Defined(DefinedFuncIndex::new(index));
            let compile = || {
                match workspace.translate(&env, body) {
                    Ok(_) => {}
                    // A module that is refused has a diagnosis already.
                    Err(BodyError::Refused(_)) => return Ok(()),
                    Err(BodyError::Compile(error)) => return Err(error.to_string()),
                }
                if env.isa.flags().enable_verifier() {
                    stage = Stage::Verify;
                    workspace.codegen.context.verify(env.isa).map_err(|error| error.to_string())?;
                }
                stage = Stage::Optimize;
                workspace.codegen.optimize(env.isa).map_err(|error| error.to_string())?;
                stage = Stage::Generate;
                compiled::finish(&mut workspace.codegen, env.isa, key).map_err(|error| error.to_string())?;
                Ok(())
            };
            let message = match catch_unwind(AssertUnwindSafe(compile)) {
                Ok(Ok(())) => continue,
                Ok(Err(message)) => message,
                Err(payload) => format!("panicked: {}", text(payload.as_ref())),
            };
            // Calls name functions by their place among the defined ones, and so does this.
            workspace.codegen.context.func.name = UserFuncName::user(DEFINED_NAMESPACE, index);
            // Half a function may be what its display does not expect.
            let display = || workspace.codegen.context.func.display().to_string();
            let clif = catch_unwind(AssertUnwindSafe(display)).unwrap_or_default();
            let (function, symbol) = (info.func_index(DefinedFuncIndex::new(index)), symbols.symbol(key));
            return Some(Diagnosis { function: function.as_u32(), symbol, stage, message, clif });
        }
        None
    }
}

/// What a panic says.
fn text(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("with a payload that is not text")
}
