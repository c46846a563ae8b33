//! Debug information and listings of every module of the official suite.

use object::{Object, ObjectSection};
use trapline::script::{DirectiveKind, ModuleSource, Script};
use trapline_abi::artifact::{self, Header};
use trapline_compiler::{Compiler, Form, OptLevel, Profile, supported_features};
use trapline_spec_tests::{Edition, Suite};

/// The modules of the embedded suite that can be compiled, with the names of their files.
fn modules() -> Vec<(String, Vec<u8>)> {
    let suites = [Suite::edition(Edition::Latest), Suite::proposals()];
    let mut modules = Vec::new();
    for file in suites.iter().flat_map(|suite| &suite.files) {
        let bytes = file.read().expect("an embedded file").into_owned();
        // What cannot be parsed yet is in the expectations of the suite.
        let Ok(script) = Script::from_bytes(bytes) else { continue };
        for directive in script.directives() {
            if let DirectiveKind::Module(ModuleSource { wasm: Ok(wasm), .. }) = &directive.kind {
                modules.push((file.name.clone(), wasm.clone()));
            }
        }
    }
    modules
}

/// What the content hash covers, and whether there is debug information.
fn covered(object: &[u8]) -> (Option<Vec<u8>>, Option<Vec<u8>>, bool) {
    let file = object::File::parse(object).expect("an object");
    let data = |name| file.section_by_name(name).map(|section| section.data().expect("data").to_vec());
    let own = data(artifact::SECTION).map(|mut own| {
        let (header, ..) = Header::parse(&own).expect("an artefact");
        // The frame has the headers of the sections with debug information.
        own[..Header::SIZE].copy_from_slice(&Header { frame_hash: [0; 32], ..header }.encode());
        own
    });
    (data(".text"), own, file.section_by_name(".debug_info").is_some())
}

#[test]
fn debug_information_changes_no_code() {
    let plain = Compiler::new(Profile::default()).expect("a compiler");
    let described = Compiler::new(Profile { debug_info: true, ..Profile::default() }).expect("a compiler");
    let mut compared = 0;
    for (name, wasm) in modules() {
        let Ok(without) = plain.compile(&wasm, supported_features()) else { continue };
        let with = described.compile(&wasm, supported_features()).expect("it compiles without");
        let (without, with) = (covered(&without), covered(&with));
        assert!(without.0 == with.0, "the code of a module of {name}");
        assert!(without.1 == with.1, "the manifest of a module of {name}");
        assert!(!without.2);
        assert_eq!(with.2, with.0.is_some_and(|text| !text.is_empty()), "{name}");
        compared += 1;
    }
    assert!(compared > 2000, "{compared}");
}

/// Listings show every byte of every function, whatever the code is.
#[test]
fn listings_leave_nothing_out() {
    let profile = Profile { opt_level: OptLevel::None, ..Profile::default() };
    let compiler = Compiler::new(profile).expect("a compiler");
    let mut shown = 0;
    for (name, wasm) in modules() {
        let Ok(listings) = compiler.inspect(&wasm, supported_features(), &[Form::Asm], |_, _| true) else {
            continue;
        };
        for listing in listings {
            let mut end = 0;
            for line in listing.texts[0].lines().skip(2) {
                let (_, rest) = line.split_once('+').expect("an offset");
                let mut columns = rest.split("  ");
                let offset = columns.next().and_then(|text| text.strip_prefix("0x")).expect("an offset");
                assert_eq!(usize::from_str_radix(offset, 16), Ok(end), "{name}: {line}");
                let bytes = columns.next().expect("bytes");
                end += bytes.split(' ').filter(|byte| !byte.is_empty()).count();
            }
            assert!(end > 0, "{name}");
            shown += 1;
        }
    }
    assert!(shown > 6000, "{shown}");
}
