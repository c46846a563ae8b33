//! Files that a command is about to write: none of them may destroy an input of the same command, another of its outputs,
//! or be a folder. This is checked before any of them is opened.

use super::exit::{Exit, Failure, OrExit};
use anyhow::anyhow;
use std::collections::HashMap;
use std::fs::FileType;
use std::io::ErrorKind;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

/// Which file a path leads to, through links.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum Identity {
    /// A file that exists: its device and inode.
    Existing(u64, u64),
    /// A file that does not exist yet: the device and inode of its folder, and its name.
    Absent(u64, u64, PathBuf),
}

/// Links that the system follows on the way to a file.
const MAX_LINKS: u32 = 40;

/// The file that the standard input comes from, if it comes from one.
const STDIN: &str = "/dev/stdin";

/// Refuses outputs that are a folder, one of `inputs`, or the same file as an output before them. `outputs` pairs the
/// argument that names the file, for the message, with its path. The input `-` is the standard input. Devices, such as
/// `/dev/null`, may be named several times.
pub(super) fn check<'a>(
    outputs: impl IntoIterator<Item = (String, &'a Path)>,
    inputs: impl IntoIterator<Item = &'a Path>,
) -> Result<(), Failure> {
    let mut outputs = outputs.into_iter().peekable();
    if outputs.peek().is_none() {
        return Ok(());
    }
    let inputs: HashMap<Identity, &Path> =
        inputs.into_iter().filter_map(|path| Some((identity(opened(path))?, path))).collect();
    let mut earlier: HashMap<Identity, String> = HashMap::new();
    for (argument, path) in outputs {
        let refuse = |why: String| Err(anyhow!("failed to choose {argument} as an output: {why}"));
        if path.is_dir() {
            return refuse("it is a folder".to_owned()).or_exit(Exit::Usage);
        }
        // A path without an identity leads through a folder that does not exist; opening it says so.
        let Some(identity) = identity(path) else { continue };
        if let Some(input) = inputs.get(&identity) {
            let why = format!("it would overwrite {}, which is an input of this command", input.display());
            return refuse(why).or_exit(Exit::Usage);
        }
        if let Some(other) = earlier.insert(identity, argument.clone()) {
            return refuse(format!("{other} writes to the same file")).or_exit(Exit::Usage);
        }
    }
    Ok(())
}

/// Refuses outputs in a folder that the command reads from, whatever it reads there.
pub(super) fn check_outside(outputs: &[(String, &Path)], folder: &Path) -> Result<(), Failure> {
    let Ok(whole) = folder.canonicalize() else { return Ok(()) };
    for (argument, path) in outputs {
        if lands(path, MAX_LINKS).is_some_and(|place| place.starts_with(&whole)) {
            let why = format!("it is in {}, which this command reads from", folder.display());
            return Err(anyhow!("failed to choose {argument} as an output: {why}")).or_exit(Exit::Usage);
        }
    }
    Ok(())
}

/// Where a file is, or would be made, without links.
fn lands(path: &Path, links: u32) -> Option<PathBuf> {
    if let Ok(place) = path.canonicalize() {
        return Some(place);
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match path.read_link() {
        // Opening a link that dangles creates the file that it names.
        Ok(named) => lands(&parent.join(named), links.checked_sub(1)?),
        Err(_) => Some(parent.canonicalize().ok()?.join(path.file_name()?)),
    }
}

/// What is opened for an input.
fn opened(input: &Path) -> &Path {
    if input == Path::new("-") { Path::new(STDIN) } else { input }
}

/// Which file a path leads to; `None` for devices, which hold nothing that could be lost, and for paths through folders
/// that do not exist.
fn identity(path: &Path) -> Option<Identity> {
    identity_through(path, MAX_LINKS)
}

fn identity_through(path: &Path, links: u32) -> Option<Identity> {
    match path.metadata() {
        Ok(metadata) if is_device(metadata.file_type()) => None,
        Ok(metadata) => Some(Identity::Existing(metadata.dev(), metadata.ino())),
        // A link that dangles: opening it creates the file that it names.
        Err(error) if error.kind() == ErrorKind::NotFound && path.is_symlink() => {
            let named = path.read_link().ok()?;
            // The system follows as many; a file cannot be created through more.
            let deeper = links.checked_sub(1)?;
            identity_through(&path.parent()?.join(named), deeper)
        }
        Err(_) => {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            let folder = folder.unwrap_or(Path::new(".")).metadata().ok()?;
            Some(Identity::Absent(folder.dev(), folder.ino(), path.file_name()?.into()))
        }
    }
}

fn is_device(kind: FileType) -> bool {
    kind.is_char_device() || kind.is_block_device()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn refusal(outputs: &[&Path], inputs: &[&Path]) -> Option<String> {
        let named = outputs.iter().map(|path| (path.display().to_string(), *path));
        check(named, inputs.iter().copied()).err().map(|failure| failure.error.to_string())
    }

    #[test]
    fn an_output_is_refused_if_it_is_an_input_by_any_path() {
        let folder = tempfile::tempdir().unwrap();
        let (script, hard, soft) =
            (folder.path().join("a.wast"), folder.path().join("hard"), folder.path().join("soft"));
        std::fs::write(&script, "").unwrap();
        std::fs::hard_link(&script, &hard).unwrap();
        symlink("a.wast", &soft).unwrap();
        let around = folder.path().join(".").join("a.wast");
        for output in [&script, &hard, &soft, &around] {
            assert!(refusal(&[output], &[&script]).unwrap().contains("would overwrite"), "{output:?}");
        }
        assert_eq!(refusal(&[&folder.path().join("b.wast")], &[&script]), None);
    }

    #[test]
    fn an_output_is_refused_if_it_is_a_folder_or_another_output() {
        let folder = tempfile::tempdir().unwrap();
        assert!(refusal(&[folder.path()], &[]).unwrap().ends_with("it is a folder"));
        let (new, again) = (folder.path().join("new"), folder.path().join(".").join("new"));
        assert!(refusal(&[&new, &again], &[]).unwrap().contains("writes to the same file"));
        assert_eq!(refusal(&[&new, &folder.path().join("other")], &[]), None);
        let link = folder.path().join("link");
        symlink("new", &link).unwrap();
        assert!(refusal(&[&link, &new], &[]).unwrap().contains("writes to the same file"));
        let null = Path::new("/dev/null");
        assert_eq!(refusal(&[null, null], &[null]), None);
    }
}
