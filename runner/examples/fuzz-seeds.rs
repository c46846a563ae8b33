//! Writes the seed corpora from files of the repository: `seeds CORPUS` fills `CORPUS/TARGET/` for each target but
//! `report`, whose seed is the report of a run.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use trapline::script::{DirectiveKind, Script};
use trapline_abi::artifact::encode_manifest;
use trapline_compiler::{Compiler, Profile, supported_features};

fn main() -> Result<(), Box<dyn Error>> {
    let corpus = PathBuf::from(std::env::args_os().nth(1).ok_or("usage: seeds CORPUS")?);
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the repository is missing")?;
    for target in ["manifest", "object", "script", "expectations", "report"] {
        fs::create_dir_all(corpus.join(target))?;
    }
    let expectations = repository.join("spec-tests/expectations.toml");
    fs::copy(expectations, corpus.join("expectations/bundled"))?;

    let compiler = Compiler::new(Profile::default())?;
    let mut count = 0;
    for entry in walkdir::WalkDir::new(repository.join("regressions")).sort_by_file_name() {
        let entry = entry?;
        if entry.path().extension().is_none_or(|extension| extension != "wast") {
            continue;
        }
        count += 1;
        fs::copy(entry.path(), corpus.join(format!("script/{count}")))?;
        let script = Script::read(entry.path())?;
        for (index, directive) in script.directives().iter().enumerate() {
            let (DirectiveKind::Module(source) | DirectiveKind::ModuleDefinition(source)) = &directive.kind
            else {
                continue;
            };
            let Ok(wasm) = &source.wasm else { continue };
            // Some scripts hold modules that no feature of this build makes valid.
            let Ok(object) = compiler.compile(wasm, supported_features()) else { continue };
            let code = compiler.place(&compiler.compile_module(wasm, supported_features())?.0)?;
            fs::write(corpus.join(format!("object/{count}.{index}")), object)?;
            fs::write(corpus.join(format!("manifest/{count}.{index}")), encode_manifest(code.manifest())?)?;
        }
    }
    if count == 0 {
        return Err("regressions/ holds no script".into());
    }
    Ok(())
}
