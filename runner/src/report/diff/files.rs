//! The directives of a run by script.

use crate::report::{DirectiveKey, Recorded, RecordedDirective};
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

/// The directives of a script on an engine, in order.
pub(super) type Scripts<'r, 'a> = Vec<(&'r DirectiveKey, &'r RecordedDirective<'a>)>;

/// The directives of a run by engine and plain name of the script.
pub(super) fn scripts<'r, 'a>(run: &'r Recorded<'a>) -> BTreeMap<(&'r str, String), Scripts<'r, 'a>> {
    let mut scripts: BTreeMap<_, Scripts<'r, 'a>> = BTreeMap::new();
    let mut all = run.directives.iter().peekable();
    // Directives are in the order of their files.
    while let Some(&(first, _)) = all.peek() {
        let of_file = |key: &DirectiveKey| key.engine == first.engine && key.file == first.file;
        let lines = scripts.entry((&*first.engine, plain(&first.file))).or_default();
        lines.extend(std::iter::from_fn(|| all.next_if(|(key, _)| of_file(key))));
    }
    scripts
}

/// The name of a file without `.` and doubled separators.
pub(crate) fn plain(file: &str) -> String {
    let parts = Path::new(file).components().filter(|part| *part != Component::CurDir);
    parts.collect::<PathBuf>().to_string_lossy().into_owned()
}
