//! Decodes bytes as a manifest. What decodes is encoded again and decoded to the same manifest, and shown.

#![no_main]

use libfuzzer_sys::fuzz_target;
use trapline_abi::artifact::{decode_manifest, encode_manifest};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(manifest) = decode_manifest(bytes) {
        let _ = trapline::cli::functions_of_manifest(&manifest);
        let encoded = encode_manifest(&manifest).expect("a decoded manifest can be encoded");
        let again = decode_manifest(&encoded).expect("an encoded manifest can be decoded");
        assert_eq!(encoded, encode_manifest(&again).expect("a decoded manifest can be encoded"));
    }
});
