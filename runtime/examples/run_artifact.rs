//! Runs a module that was compiled before, without a compiler: nothing but `trapline-runtime` is linked.
//!
//! ```text
//! trapline compile module.wat -o module.so
//! cargo run -p trapline-runtime --example run_artifact -- module.so NAME ARGS...
//! ```
//!
//! Arguments are numbers. The module may import `host.print`, a function without results that takes one number.

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use trapline_runtime::abi::{EntityType, FuncType, ModuleInfo, TypeId, ValType};
use trapline_runtime::{CallError, Extern, Func, Linker, Module, Store, StoreConfig, Val};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, name, arguments @ ..] = &arguments[..] else {
        eprintln!("usage: run_artifact OUT.o|OUT.so NAME ARGS...");
        return ExitCode::from(2);
    };
    match run(Path::new(file), name, arguments) {
        Ok(results) => {
            results.iter().for_each(|value| println!("{}", shown(value)));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: failed to run {file}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Loads a module, links it with what the host offers, and calls one of its functions.
fn run(file: &Path, name: &str, arguments: &[String]) -> Result<Vec<Val>, Box<dyn Error>> {
    let module = load(file)?;
    let memory_style = module.manifest().target.memory_style;
    let mut store = Store::new(StoreConfig { memory_style, ..StoreConfig::default() })?;
    let mut linker = Linker::new();
    offer_print(&mut store, &mut linker, module.info());
    let instance = linker.instantiate(&mut store, &module)?;
    let Some(Extern::Func(func)) = instance.export(&store, name) else {
        return Err(format!("no function is exported as `{name}`").into());
    };
    let params = &func.ty(&store).params;
    if params.len() != arguments.len() {
        return Err(format!("`{name}` takes {} arguments", params.len()).into());
    }
    let arguments: Result<Vec<Val>, _> =
        arguments.iter().zip(params).map(|(word, &ty)| parse(word, ty)).collect();
    func.call(&mut store, &arguments?).map_err(|error| match error {
        CallError::Trap(report) => format!("`{name}` trapped: {report}").into(),
        error => error.into(),
    })
}

/// Loads an object, or opens a shared object. Either is checked before any of its code can run.
fn load(file: &Path) -> Result<Module, Box<dyn Error>> {
    let loaded = match file.extension().is_some_and(|extension| extension == "so") {
        // SAFETY: I2, I10: the user names a file that `trapline compile` has written, and leaves it as it is.
        true => unsafe { Module::from_shared_object(file) },
        // SAFETY: I2: as above.
        false => unsafe { Module::from_object(&std::fs::read(file)?) },
    };
    Ok(loaded.map_err(|error| format!("failed to {error}"))?)
}

/// Defines `host.print` with the type that the module wants, if it takes one number.
fn offer_print(store: &mut Store, linker: &mut Linker, info: &ModuleInfo) {
    let print = info.imports.iter().find(|import| (&*import.module, &*import.name) == ("host", "print"));
    let Some(EntityType::Func(ty)) = print.map(|import| &import.ty) else { return };
    let Some(param) = info.func_type_at(*ty).and_then(number) else { return };
    let ty = FuncType { params: vec![param], results: Vec::new() };
    let print = Func::new_host(store, ty, |_, values| {
        values.iter().for_each(|value| println!("host.print: {}", shown(value)));
        Ok(Vec::new())
    });
    linker.define("host", "print", Extern::Func(print));
}

/// The parameter of a function without results that takes one number.
fn number(ty: &FuncType) -> Option<ValType<TypeId>> {
    match (&ty.params[..], &ty.results[..]) {
        ([ValType::I32], []) => Some(ValType::I32),
        ([ValType::I64], []) => Some(ValType::I64),
        ([ValType::F32], []) => Some(ValType::F32),
        ([ValType::F64], []) => Some(ValType::F64),
        _ => None,
    }
}

fn parse(word: &str, ty: ValType<TypeId>) -> Result<Val, Box<dyn Error>> {
    Ok(match ty {
        ValType::I32 => Val::I32(word.parse()?),
        ValType::I64 => Val::I64(word.parse()?),
        ValType::F32 => Val::F32(word.parse::<f32>()?.to_bits()),
        ValType::F64 => Val::F64(word.parse::<f64>()?.to_bits()),
        ValType::V128 | ValType::Ref(_) => return Err(format!("`{word}` cannot be read as {ty}").into()),
    })
}

fn shown(value: &Val) -> String {
    match value {
        Val::I32(value) => value.to_string(),
        Val::I64(value) => value.to_string(),
        Val::F32(bits) => f32::from_bits(*bits).to_string(),
        Val::F64(bits) => f64::from_bits(*bits).to_string(),
        other => format!("{other:?}"),
    }
}
