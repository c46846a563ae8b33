//! What a loader insists on.

use super::LoadError;
use trapline_abi::artifact::{self, ArtifactError, TextRelocation};
use trapline_abi::frame_hash;

/// What has to be right about an object before its code may run. The structure of an object is always checked.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct LoadOptions {
    /// Takes an object whose content does not match its hash: for one that was changed by hand, to see what comes of
    /// it. Its code may then do anything to the process.
    pub allow_unchecked: bool,
}

impl LoadOptions {
    /// Compares content with the hash that it must have.
    pub(super) fn check(
        self,
        wanted: [u8; 32],
        text: &[u8],
        relocations: &[TextRelocation],
        manifest: &[u8],
        data: &[u8],
    ) -> Result<(), LoadError> {
        if self.allow_unchecked || artifact::content_hash(text, relocations, manifest, data) == wanted {
            return Ok(());
        }
        Err(ArtifactError::BadHash.into())
    }

    /// Compares the frame of an object with the hash that it must have.
    pub(super) fn check_frame(self, wanted: [u8; 32], object: &[u8]) -> Result<(), LoadError> {
        if self.allow_unchecked || frame_hash(object) == Some(wanted) {
            return Ok(());
        }
        Err(ArtifactError::BadHash.into())
    }
}
