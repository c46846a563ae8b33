use super::*;
use crate::suite::{Edition, Suite};

const SMALL: &str = r#"
[[suite]]
id = "v2"
revision = "1"
features = ["simd", "multi-value"]

[suite.files]
"core/a.wast" = { directives = 3, blake3 = "aa" }
"core/b.wast" = { blake3 = "bb", enable = ["gc"], disable = ["simd"], note = "why" }
"#;

#[test]
fn features_of_a_file() {
    let manifest = Manifest::parse(SMALL).expect("a manifest");
    let suite = manifest.suite(SuiteId::V2).expect("the suite");
    assert_eq!(suite.features_of("core/a.wast"), ["simd", "multi-value"]);
    assert_eq!(suite.features_of("core/b.wast"), ["multi-value", "gc"]);
    assert_eq!(suite.features_of("core/unknown.wast"), ["simd", "multi-value"]);
    assert_eq!(suite.directives(), 3);
    assert_eq!(manifest.pinned_directives(SuiteId::V2, "core/a.wast"), Some(3));
    assert_eq!(manifest.pinned_directives(SuiteId::V2, "core/b.wast"), None);
    assert_eq!(manifest.pinned_directives(SuiteId::V2, "core/c.wast"), None);
}

#[test]
fn typing_errors_are_refused() {
    assert!(Manifest::parse(&SMALL.replace("enable", "enabled")).is_err());
    assert!(Manifest::parse(&SMALL.replace("\"v2\"", "\"v9\"")).is_err());
    assert!(Manifest::parse("[[suite]").is_err());
}

#[test]
fn the_bundled_one_pins_every_embedded_file() {
    let manifest = Manifest::bundled().expect("a manifest");
    let mut suites: Vec<Suite> = Edition::ALL.into_iter().map(Suite::edition).collect();
    suites.push(Suite::proposals());
    for suite in suites {
        let pinned = manifest.suite(suite.id).unwrap_or_else(|| panic!("{} is in the manifest", suite.id));
        assert_eq!(pinned.files.len(), suite.files.len(), "{}", suite.id);
        for file in &suite.files {
            let pin = pinned.files.get(&file.name).unwrap_or_else(|| panic!("{} has no pin", file.name));
            assert_eq!(pin.blake3, content_hash(&file.read().expect("embedded")), "{}", file.name);
        }
    }
}

#[test]
fn the_bundled_one_pins_the_official_suite() {
    let manifest = Manifest::bundled().expect("a manifest");
    let suite = manifest.suite(SuiteId::Testsuite).expect("the suite");
    assert_eq!(suite.files.len(), 288);
    assert_eq!(suite.files.values().filter(|pin| pin.directives.is_none()).count(), 0);
    assert_eq!(suite.directives(), 67_119);
}
