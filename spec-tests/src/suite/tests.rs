use super::*;

#[test]
fn editions_have_their_files() {
    for (edition, files) in [(Edition::V1, 73), (Edition::V2, 90), (Edition::V3, 97), (Edition::Latest, 97)] {
        let suite = Suite::edition(edition);
        assert_eq!(suite.files.len(), files, "{edition}");
        assert!(suite.files.iter().all(|file| file.name.starts_with("core/")));
        assert!(suite.files.iter().all(|file| !file.read().expect("embedded").is_empty()));
        assert!(suite.files.is_sorted_by(|a, b| a.name < b.name));
    }
}

#[test]
fn every_listed_proposal_is_embedded() {
    let suite = Suite::proposals();
    for proposal in PROPOSALS {
        let prefix = format!("proposals/{proposal}/");
        assert!(suite.files.iter().any(|file| file.name.starts_with(&prefix)), "{proposal}");
    }
    assert!(!suite.files.iter().any(|file| file.name.starts_with("proposals/bulk-memory/")));
}

#[test]
fn names_of_a_checkout() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    std::fs::create_dir_all(root.join("proposals/threads")).expect("folders");
    std::fs::create_dir_all(root.join(".git")).expect("folders");
    for name in ["b.wast", "a.wast", "proposals/threads/c.wast", ".git/d.wast", "README.md"] {
        std::fs::write(root.join(name), "").expect("a file");
    }
    let suite = Suite::checkout(root).expect("a suite");
    let names: Vec<&str> = suite.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["core/a.wast", "core/b.wast", "proposals/threads/c.wast"]);
    assert_eq!(suite.files[0].path(), Some(root.join("a.wast").as_path()));
}

#[test]
fn folders_that_are_no_suite() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(matches!(Suite::checkout(folder.path()), Err(SuiteError::Empty(_))));
    assert!(matches!(Suite::checkout(&folder.path().join("none")), Err(SuiteError::NotAFolder(_))));
}

#[test]
fn names_parse_back() {
    for id in SuiteId::ALL {
        assert_eq!(id.name().parse::<SuiteId>().expect("a suite"), id);
    }
    assert!("v4".parse::<Edition>().is_err());
}

#[test]
fn the_workspace_is_found_from_below() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = workspace_root(&here.join("src")).expect("a workspace");
    assert_eq!(root.join("spec-tests"), here);
}
