//! Tells builds of the compiler apart: artefacts of another one are not what this one would make.

use std::collections::hash_map::DefaultHasher;
use std::hash::Hasher;
use std::path::{Path, PathBuf};
use std::{fs, io};

fn main() -> io::Result<()> {
    let mut files = vec![PathBuf::from("Cargo.toml")];
    for folder in folders() {
        collect(folder, &mut files)?;
        println!("cargo::rerun-if-changed={}", folder.display());
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in &files {
        hasher.write(file.as_os_str().as_encoded_bytes());
        hasher.write(&fs::read(file)?);
    }
    println!("cargo::rustc-env=TRAPLINE_COMPILER_SOURCES={:016x}", hasher.finish());
    println!("cargo::rerun-if-changed=Cargo.toml");
    Ok(())
}

/// Where the sources are: the compiler's, and in the workspace those of what it shares with the runtime. Elsewhere the
/// version of that crate stands for them.
fn folders() -> impl Iterator<Item = &'static Path> {
    ["src", "../abi/src"].map(Path::new).into_iter().filter(|folder| folder.is_dir())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        match path.is_dir() {
            true => collect(&path, files)?,
            false => files.push(path),
        }
    }
    Ok(())
}
