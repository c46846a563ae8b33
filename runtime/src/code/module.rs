//! Modules: code that is ready to be instantiated.

use super::check;
use super::debugger::Registered;
use super::dl::OpenText;
use super::elf::{self, Object};
use super::shared::Shared;
use super::text::{MapError, Text};
use super::{CodeImage, LoadError, LoadOptions, PlacedCode, features};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use trapline_abi::artifact::Manifest;
use trapline_abi::vmlayout::VMOffsets;
use trapline_abi::{EntityIndex, FuncIndex, FuncKey, ModuleInfo, Symbols, TypeIndex};

/// A compiled module in memory. Clones share it; its code is unmapped with the last of them and of
/// the stores in which it was instantiated.
#[derive(Clone, Debug)]
pub struct Module(Arc<Loaded>);

#[derive(Debug)]
struct Loaded {
    /// Dropped before the code that it names.
    _debugged: Option<Registered>,
    image: CodeImage,
    data: Box<[u8]>,
    offsets: VMOffsets,
    signatures: Box<[TypeIndex]>,
    func_refs: Box<[FuncRefSlot]>,
    exports_by_name: Box<[u32]>,
}

/// What is known before instantiation about one slot of function references.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FuncRefSlot {
    /// Its type.
    pub(crate) ty: TypeIndex,
    /// Its code.
    pub(crate) code: *const u8,
    /// The entry stub for its type.
    pub(crate) entry: *const u8,
}

// SAFETY: I2: the pointers are into the text of the same module, which is not written to.
unsafe impl Send for FuncRefSlot {}
// SAFETY: I2: as above.
unsafe impl Sync for FuncRefSlot {}

impl Module {
    /// Loads an object that `trapline-compiler` wrote: parses it, checks all that it says, maps and
    /// relocates its code.
    ///
    /// # Errors
    ///
    /// When the bytes are not such an object, or the machine cannot run its code.
    ///
    /// # Safety
    ///
    /// The code must be what `trapline-compiler` made for the manifest beside it. The hashes show damage, not malice:
    /// code that was made to do harm will do it. To refuse damaged bytes without running anything,
    /// [`Module::check_object`] is safe.
    ///
    /// ```compile_fail,E0133
    /// let module = trapline_runtime::Module::from_object(&[]);
    /// ```
    pub unsafe fn from_object(bytes: &[u8]) -> Result<Module, LoadError> {
        // SAFETY: I2: the caller vouches for the code.
        unsafe { Module::from_object_with(bytes, LoadOptions::default()) }
    }

    /// Loads an object like [`Module::from_object`], with a choice of what is checked.
    ///
    /// # Errors
    ///
    /// As [`Module::from_object`].
    ///
    /// # Safety
    ///
    /// As [`Module::from_object`].
    pub unsafe fn from_object_with(bytes: &[u8], options: LoadOptions) -> Result<Module, LoadError> {
        let object = Object::parse(bytes, options)?;
        let place =
            |object: &Object<'_>| Text::place(object.text, |text| elf::relocate(text, &object.relocations));
        Module::new(object, place)
    }

    /// Checks an object like [`Module::from_object`], without mapping its code: an object that passes is refused later only
    /// if the system has no memory for it.
    ///
    /// # Errors
    ///
    /// As [`Module::from_object`].
    pub fn check_object(bytes: &[u8]) -> Result<(), LoadError> {
        let object = Object::parse(bytes, LoadOptions::default())?;
        let relocated = &mut object.text.to_vec();
        elf::relocate(relocated, &object.relocations)?;
        accept(&object).map(drop)
    }

    /// Takes code that a just-in-time compiler in the same process has placed and relocated. Its manifest is checked like
    /// that of an object.
    ///
    /// # Errors
    ///
    /// When the manifest does not fit the code, or the machine cannot run it.
    ///
    /// # Safety
    ///
    /// The code must be what `trapline-compiler` made for this very manifest: with the manifest of another module, its
    /// functions would be called under wrong signatures.
    ///
    /// ```compile_fail,E0133
    /// # fn load(manifest: trapline_abi::artifact::Manifest, code: Box<dyn trapline_runtime::PlacedCode>) {
    /// let module = trapline_runtime::Module::from_placed(manifest, &[], code);
    /// # }
    /// ```
    pub unsafe fn from_placed(
        manifest: Manifest,
        data: &[u8],
        code: Box<dyn PlacedCode>,
    ) -> Result<Module, LoadError> {
        let code: Arc<dyn PlacedCode> = code.into();
        let kept = Text::keep(code.clone());
        // SAFETY: I10: the bytes stay as they are for as long as `code` lives, which is until the end of this function.
        let text = unsafe { std::slice::from_raw_parts(kept.base(), kept.len()) };
        let relocations = manifest.relocations.clone();
        let debug_image = code.debug_image();
        Module::new(Object { text, relocations, manifest, data, debug_image }, |_| Ok(kept))
    }

    /// Opens a shared object that a linker has made of an artefact. The dynamic linker maps it and does nothing else:
    /// a library with initialisers, dependencies or relocations of its own is refused before it is opened, and so is
    /// one whose code does not match the artefact's content hash. What is then in memory is compared with the file.
    ///
    /// The file is read, and then opened by its path once more. No other file may be put in its place in between, and
    /// the file must not be written to, or shortened, for as long as the module lives: what is mapped would change with
    /// it. A new file under the same path leaves the module as it is, and cannot be loaded before all modules of the old
    /// one are gone.
    ///
    /// # Errors
    ///
    /// When it cannot be opened, holds no artefact of this build or a damaged one, or the machine
    /// cannot run its code; and when the path is open already, with other contents.
    ///
    /// # Safety
    ///
    /// As [`Module::from_object`]; and the file must stay as it is, as said above.
    ///
    /// ```compile_fail,E0133
    /// let module = trapline_runtime::Module::from_shared_object("a.so".as_ref());
    /// ```
    pub unsafe fn from_shared_object(path: &Path) -> Result<Module, LoadError> {
        // SAFETY: I2, I10: the caller vouches for the code and the file.
        unsafe { Module::from_shared_object_with(path, LoadOptions::default()) }
    }

    /// Opens a shared object like [`Module::from_shared_object`], with a choice of what is checked.
    ///
    /// # Errors
    ///
    /// As [`Module::from_shared_object`].
    ///
    /// # Safety
    ///
    /// As [`Module::from_shared_object`].
    pub unsafe fn from_shared_object_with(path: &Path, options: LoadOptions) -> Result<Module, LoadError> {
        let unreadable = |cause| LoadError::Unreadable { path: path.to_owned(), cause };
        let bytes = std::fs::read(path).map_err(unreadable)?;
        let shared = Shared::parse(&bytes, options)?;
        let text = shared.text;
        Module::new(shared.into_object(), |_| match text.bytes {
            [] => Text::place(&[], |_| Ok(())),
            _ => Ok(Text::keep(Arc::new(OpenText::open(path, text)?))),
        })
    }

    /// Checks a shared object like [`Module::from_shared_object`], without opening it: a file that passes is refused
    /// later only by the dynamic linker or the system.
    ///
    /// # Errors
    ///
    /// As [`Module::from_shared_object`], but for those of opening the file.
    pub fn check_shared_object(bytes: &[u8]) -> Result<(), LoadError> {
        let shared = Shared::parse(bytes, LoadOptions::default())?;
        accept(&shared.into_object()).map(drop)
    }

    fn new(
        object: Object<'_>,
        place: impl FnOnce(&Object<'_>) -> Result<Text, LoadError>,
    ) -> Result<Module, LoadError> {
        let checked = accept(&object)?;
        let text = place(&object)?;
        let data = object.data.into();
        let image = CodeImage::new(text, object.manifest);
        let func_refs = func_ref_slots(&image, &checked)?;
        let offsets = VMOffsets::new(&image.manifest().module);
        // Nothing can fail behind this: code must not go before it is out of the debugger's list.
        let described = object.debug_image.filter(|_| !image.text().is_empty());
        let debugged = described.and_then(|image_of| Registered::new(image_of, image.base()));
        Ok(Module(Arc::new(Loaded {
            _debugged: debugged,
            image,
            data,
            offsets,
            signatures: checked.signatures,
            func_refs,
            exports_by_name: checked.exports_by_name,
        })))
    }

    /// What the module imports, defines and exports.
    pub fn info(&self) -> &ModuleInfo {
        &self.manifest().module
    }

    /// All that the artefact says about the module and its code.
    pub fn manifest(&self) -> &Manifest {
        self.0.image.manifest()
    }

    /// The code as it runs: placed and relocated. Text offsets of the manifest count from its first
    /// byte.
    pub fn text(&self) -> &[u8] {
        self.0.image.text()
    }

    /// The names and addresses of all its code, stubs included, by ascending address.
    pub fn symbols(&self) -> impl Iterator<Item = (String, Range<usize>)> {
        let symbols = Symbols::new(self.info());
        self.manifest().functions.iter().map(move |function| {
            let start = self.image().address(function).addr();
            (symbols.symbol(function.key), start..start + function.code_len as usize)
        })
    }

    /// Whether both are the same loaded module.
    pub fn same(&self, other: &Module) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    pub(crate) fn image(&self) -> &CodeImage {
        &self.0.image
    }

    /// Where things lie in the context of an instance.
    pub(crate) fn offsets(&self) -> &VMOffsets {
        &self.0.offsets
    }

    /// The slots of function references, in order.
    pub(crate) fn func_refs(&self) -> &[FuncRefSlot] {
        &self.0.func_refs
    }

    /// The bytes of a data segment.
    pub(crate) fn data(&self, segment: usize) -> &[u8] {
        let range = &self.info().data[segment].bytes;
        &self.0.data[range.start as usize..range.end as usize]
    }

    /// The first type of the module with the same function signature: the name of its stubs.
    pub(crate) fn signature(&self, ty: TypeIndex) -> TypeIndex {
        self.0.signatures[ty.index()]
    }

    /// The stub by which functions of a type call the host.
    pub(crate) fn exit_stub(&self, ty: TypeIndex) -> Option<*const u8> {
        let stub = self.manifest().function(FuncKey::ExitStub(self.signature(ty)))?;
        Some(self.image().address(stub))
    }

    /// All stubs by which compiled code calls the host, with a type that they are for.
    pub(crate) fn exit_stubs(&self) -> impl Iterator<Item = (TypeIndex, *const u8)> {
        // Exit stubs have the highest keys but for those of stubs of builtins.
        let functions = self.manifest().functions.iter().rev();
        let functions = functions.skip_while(|function| matches!(function.key, FuncKey::BuiltinStub(_)));
        functions.map_while(|function| match function.key {
            FuncKey::ExitStub(ty) => Some((ty, self.image().address(function))),
            FuncKey::Defined(_) | FuncKey::EntryStub(_) | FuncKey::BuiltinStub(_) => None,
        })
    }

    /// What is exported under a name.
    pub(crate) fn export(&self, name: &str) -> Option<EntityIndex> {
        let exports = &self.info().exports;
        let by_name = &self.0.exports_by_name;
        let at = by_name.binary_search_by(|&at| exports[at as usize].name.as_str().cmp(name)).ok()?;
        Some(exports[by_name[at] as usize].index)
    }
}

impl From<MapError> for LoadError {
    fn from(error: MapError) -> Self {
        LoadError::Map(error.0)
    }
}

/// Whether this machine can run an object, whose parts fit each other.
fn accept(object: &Object<'_>) -> Result<check::Checked, LoadError> {
    let target = &object.manifest.target;
    if target.architecture != std::env::consts::ARCH {
        return Err(LoadError::WrongArchitecture(target.architecture.clone()));
    }
    if let Some(missing) = target.cpu_features.iter().find(|name| !features::is_present(name)) {
        return Err(LoadError::MissingCpuFeature(missing.clone()));
    }
    check::check(object)
}

/// Looks up code and entry stub for each function that can be referred to.
fn func_ref_slots(image: &CodeImage, checked: &check::Checked) -> Result<Box<[FuncRefSlot]>, LoadError> {
    let manifest = image.manifest();
    let slot = |&func: &FuncIndex| {
        let ty = manifest.module.funcs[func.index()].ty;
        let stub = FuncKey::EntryStub(checked.signatures[ty.index()]);
        let body = manifest.module.split_func(func).ok().map(FuncKey::Defined);
        let code = body.and_then(|key| manifest.function(key));
        match (code, manifest.function(stub)) {
            (Some(code), Some(entry)) => {
                Ok(FuncRefSlot { ty, code: image.address(code), entry: image.address(entry) })
            }
            _ => Err(LoadError::BadManifest {
                what: "function",
                index: func.index(),
                reason: "its code or the entry stub of its type is missing",
            }),
        }
    };
    checked.func_refs.iter().map(slot).collect()
}
