//! What becomes of single functions on the way to machine code, as text for people.

mod anatomy;
mod assembly;
mod decode;

pub use anatomy::{Anatomy, Instruction};

use crate::compiled;
use crate::compiler::{BodyError, Workspace};
use crate::error::CompileError;
use crate::parse::{self, Body, ParsedModule};
use crate::translate::ModuleEnv;
use crate::{Compiler, WasmFeatures};
use cranelift_codegen::ir::{Function, UserFuncName};
use std::fmt::Write;
use trapline_abi::{DefinedFuncIndex, FuncIndex, FuncKey, ModuleInfo, Symbols};

/// A stage of a function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// Cranelift's intermediate representation as it was translated, before any optimisation. `@0042` before an
    /// instruction is the WebAssembly offset, in hexadecimal.
    Clif,
    /// The same after Cranelift's passes over it.
    Optimized,
    /// Machine instructions with allocated registers, as Cranelift writes them.
    Vcode,
    /// Machine code, disassembled, beside the WebAssembly offsets.
    Asm,
}

/// One function at the stages that were asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listing {
    /// The function.
    pub func: FuncIndex,
    /// A text for each form, in the order of the forms. Each begins with the function's symbol and type.
    pub texts: Vec<String>,
}

impl Compiler {
    /// Compiles functions of a module and shows what they look like on the way. `wanted` chooses them by index, and by
    /// name if they have one. Bodies of others are neither validated nor compiled.
    ///
    /// # Errors
    ///
    /// As [`Compiler::compile`].
    pub fn inspect(
        &self,
        wasm: &[u8],
        features: WasmFeatures,
        forms: &[Form],
        wanted: impl Fn(FuncIndex, Option<&str>) -> bool,
    ) -> Result<Vec<Listing>, CompileError> {
        let ParsedModule { info, bodies, .. } =
            parse::parse(wasm, features).map_err(|error| parse::refused(error, wasm, features))?;
        let env = self.environment(&info, wasm);
        let symbols = Symbols::new(&info);
        let mut workspace = Workspace::new(self.detour());
        let mut listings = Vec::new();
        for (index, body) in bodies.into_iter().enumerate() {
            let defined = DefinedFuncIndex::new(index as u32);
            let func = info.func_index(defined);
            if !wanted(func, info.func_name(func)) {
                continue;
            }
            let shown = Shown { info: &info, symbols: &symbols, defined, func };
            let texts = shown.texts(&env, &mut workspace, body, forms);
            let texts = texts.map_err(|error| error.of_module(wasm, features))?;
            listings.push(Listing { func, texts });
        }
        Ok(listings)
    }
}

/// A function that is shown.
struct Shown<'a> {
    info: &'a ModuleInfo,
    symbols: &'a Symbols<'a>,
    defined: DefinedFuncIndex,
    func: FuncIndex,
}

impl Shown<'_> {
    fn texts(
        &self,
        env: &ModuleEnv<'_>,
        workspace: &mut Workspace,
        body: Body<'_>,
        forms: &[Form],
    ) -> Result<Vec<String>, BodyError> {
        workspace.translate(env, body)?;
        let context = &mut workspace.codegen.context;
        context.set_disasm(forms.contains(&Form::Vcode));
        // Calls name functions by their place among the defined ones, and so does this.
        context.func.name = UserFuncName::user(compiled::DEFINED_NAMESPACE, self.defined.as_u32());
        let clif = context.func.display().to_string();
        let [by_name, by_reference] = self.callees(&context.func);
        let key = FuncKey::Defined(self.defined);
        let codegen = &mut workspace.codegen;
        codegen.optimize(env.isa).map_err(|error| {
            BodyError::Compile(CompileError::Codegen { function: key, error: Box::new(error) })
        })?;
        let optimized = codegen.context.func.display().to_string();
        let (function, vcode) = compiled::finish(codegen, env.isa, key).map_err(BodyError::Compile)?;
        let heading = self.heading();
        let text = |form: &Form| match form {
            Form::Clif => format!("{heading}{by_name}{clif}"),
            Form::Optimized => format!("{heading}{by_name}{optimized}"),
            Form::Vcode => format!("{heading}{by_reference}{vcode}"),
            Form::Asm => format!("{heading}{}", assembly::listing(&function, self.symbols)),
        };
        Ok(forms.iter().map(text).collect())
    }

    fn heading(&self) -> String {
        let ty = self.info.func_type(self.func).map(ToString::to_string).unwrap_or_default();
        format!("; {} {ty}\n", self.symbols.symbol(FuncKey::Defined(self.defined)))
    }

    /// Which functions Cranelift means, by the names that CLIF has for them, and by those of machine instructions.
    fn callees(&self, func: &Function) -> [String; 2] {
        let [mut by_name, mut by_reference] = [const { String::new() }; 2];
        for (reference, name) in func.params.user_named_funcs() {
            let Some(key) = compiled::callee(name) else { continue };
            let symbol = self.symbols.symbol(key);
            // Writing to a String cannot fail.
            let _ = writeln!(by_name, "; {name} is {symbol}");
            let _ = writeln!(by_reference, "; {reference} is {symbol}");
        }
        [by_name, by_reference]
    }
}
