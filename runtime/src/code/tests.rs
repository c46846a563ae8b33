use super::*;
use object::write;
use object::{Architecture, BinaryFormat, Endianness, RelocationFlags, SectionKind, SymbolFlags, SymbolKind};
use object::{SymbolScope, elf::*};
use trapline_abi::artifact::{
    self, ArtifactError, Header, Manifest, MemoryStyle, Target, TextRelocation, content_hash, encode_manifest,
};
use trapline_abi::*;

/// An artefact in the making, with every part open to be spoiled.
pub(crate) struct Artifact {
    pub(crate) text: Vec<u8>,
    pub(crate) relocations: Vec<(u64, u64, i64, u32)>,
    pub(crate) manifest: Manifest,
    pub(crate) data: Vec<u8>,
    pub(crate) architecture: Architecture,
    pub(crate) spoil_section: fn(&mut Vec<u8>),
    pub(crate) debug_info: Option<Vec<u8>>,
}

impl Artifact {
    /// Of a module without code.
    pub(crate) fn without_code(module: ModuleInfo) -> Self {
        let target = Target {
            architecture: "x86_64".to_owned(),
            cpu_features: vec!["sse2".to_owned()],
            memory_style: MemoryStyle::Guarded,
            opt_level: "none".to_owned(),
        };
        let manifest = Manifest {
            target,
            wasm_hash: [0; 32],
            module,
            functions: Vec::new(),
            text_len: 0,
            relocations: Vec::new(),
        };
        Artifact {
            text: Vec::new(),
            relocations: Vec::new(),
            manifest,
            data: Vec::new(),
            architecture: Architecture::X86_64,
            spoil_section: |_| {},
            debug_info: None,
        }
    }

    /// Of a module with two functions, the first of which calls the second and is exported.
    fn with_code() -> Self {
        let ty = SubType::plain(CompositeType::Func(FuncType::default()));
        let func = |func_ref| FuncInfo { ty: TypeIndex::new(0), func_ref };
        let module = ModuleInfo {
            types: vec![ty],
            rec_groups: vec![1],
            funcs: vec![func(Some(FuncRefIndex::new(0))), func(None)],
            func_refs: 1,
            exports: vec![Export { name: "f".to_owned(), index: EntityIndex::Func(FuncIndex::new(0)) }],
            ..ModuleInfo::default()
        };
        let mut artifact = Self::without_code(module);
        // call +0; ret; ret; ret
        artifact.text = vec![0xe8, 0, 0, 0, 0, 0xc3, 0xc3, 0xc3];
        artifact.relocations = vec![(1, 6, -4, R_X86_64_PLT32)];
        let record = |key, text_offset, code_len| FunctionRecord {
            key,
            text_offset,
            code_len,
            traps: vec![TrapSite { offset: 0, code: TrapCode::Pending }],
            calls: vec![CallSite { return_offset: code_len, handled: None }],
            stack_maps: vec![],
            source: vec![SourceLocation { offset: 0, wasm_offset: Some(1) }],
            sites: vec![],
        };
        artifact.manifest.functions = vec![
            record(FuncKey::Defined(DefinedFuncIndex::new(0)), 0, 6),
            record(FuncKey::Defined(DefinedFuncIndex::new(1)), 6, 1),
            record(FuncKey::EntryStub(TypeIndex::new(0)), 7, 1),
        ];
        artifact
    }

    /// The object file, its hash that of its content.
    pub(crate) fn object(&self) -> Vec<u8> {
        let mut manifest = self.manifest.clone();
        manifest.text_len = self.text.len() as u32;
        manifest.relocations = self.calls();
        self.object_with(&encode_manifest(&manifest).unwrap())
    }

    fn calls(&self) -> Vec<TextRelocation> {
        let call = |&(offset, target, addend, _): &(u64, u64, i64, u32)| TextRelocation {
            offset: offset as u32,
            target: (target as i64).wrapping_add(addend).wrapping_add(4) as u32,
        };
        self.relocations.iter().map(call).collect()
    }

    /// The object file with other bytes for its manifest.
    fn object_with(&self, manifest: &[u8]) -> Vec<u8> {
        let mut file = write::Object::new(BinaryFormat::Elf, self.architecture, Endianness::Little);
        let text = file.section_id(write::StandardSection::Text);
        file.append_section_data(text, &self.text, 16);
        for &(offset, target, addend, r_type) in &self.relocations {
            let symbol = file.add_symbol(write::Symbol {
                name: format!("f{target}").into_bytes(),
                value: target,
                size: 0,
                kind: SymbolKind::Text,
                scope: SymbolScope::Compilation,
                weak: false,
                section: write::SymbolSection::Section(text),
                flags: SymbolFlags::None,
            });
            let flags = RelocationFlags::Elf { r_type };
            let relocation = write::Relocation { offset, symbol, addend, flags };
            file.add_relocation(text, relocation).unwrap();
        }
        let own = file.add_section(Vec::new(), artifact::SECTION.into(), SectionKind::Other);
        let header = Header {
            manifest_len: manifest.len() as u32,
            data_len: self.data.len() as u32,
            content_hash: content_hash(&self.text, &self.calls(), manifest, &self.data),
            frame_hash: [0; 32],
        };
        let mut section = header.encode().to_vec();
        section.extend_from_slice(manifest);
        section.extend_from_slice(&self.data);
        (self.spoil_section)(&mut section);
        file.append_section_data(own, &section, 1);
        if let Some(bytes) = &self.debug_info {
            let section = file.add_section(Vec::new(), b".debug_info".into(), SectionKind::Debug);
            file.append_section_data(section, bytes, 1);
        }
        let mut file = file.write().unwrap();
        // A spoilt section may have no room for the hash; then the object is refused for what it is.
        let _ = seal(&mut file);
        file
    }

    pub(crate) fn load(&self) -> Result<Module, LoadError> {
        load(&self.object())
    }
}

/// Loads an object whose code is not run, or is made of returns.
fn load(object: &[u8]) -> Result<Module, LoadError> {
    // SAFETY: I2: the code of these artefacts returns at once, wherever it is entered.
    unsafe { Module::from_object(object) }
}

/// The error for an artefact with code after a change.
fn refused(spoil: impl FnOnce(&mut Artifact)) -> LoadError {
    let mut artifact = Artifact::with_code();
    spoil(&mut artifact);
    artifact.load().expect_err("a spoiled artefact was accepted")
}

#[test]
fn code_is_placed_and_relocated() {
    let module = Artifact::with_code().load().unwrap();
    let image = module.image();
    // SAFETY: I2: the eight bytes of the text are readable.
    let text = unsafe { std::slice::from_raw_parts(image.base(), 8) };
    assert_eq!(text, [0xe8, 1, 0, 0, 0, 0xc3, 0xc3, 0xc3], "the call goes to the function behind it");
    let base = image.base().addr();
    assert_eq!(image.place(base + 6).unwrap().function.key, FuncKey::Defined(DefinedFuncIndex::new(1)));
    assert_eq!(image.place(base + 5).unwrap().offset, 5);
    assert!(image.place(base + 8).is_none() && image.place(base - 1).is_none());
    assert_eq!(image.trap_at(base + 6), Some(TrapCode::Pending));
    assert_eq!(image.trap_at(base + 1), None);
}

/// What describes code to debuggers is passed on unread, for as long as the code is there; no hash covers it.
#[test]
fn described_code_is_registered_until_it_goes() {
    let mut artifact = Artifact::with_code();
    let plain = artifact.load().unwrap();
    let is_known = |module: &Module| {
        let address = module.image().base().addr() as u64;
        move || debugger::tests::addresses_of_texts().contains(&address)
    };
    assert!(!is_known(&plain)());
    artifact.debug_info = Some(b"whatever this is".into());
    let module = artifact.load().unwrap();
    let known = is_known(&module);
    assert!(known());
    let clone = module.clone();
    drop(module);
    assert!(known());
    drop(clone);
    assert!(!known());
}

/// Every piece of code by its name and addresses.
#[test]
fn symbols_are_where_the_code_is() {
    let module = Artifact::with_code().load().unwrap();
    let base = module.image().base().addr();
    let symbols: Vec<_> = module.symbols().collect();
    let wanted = [
        ("wasm[0]::function[0]::f".to_owned(), base..base + 6),
        ("wasm[0]::function[1]".to_owned(), base + 6..base + 7),
        ("wasm[0]::entry[0]".to_owned(), base + 7..base + 8),
    ];
    assert_eq!(symbols, wanted);
}

#[test]
fn what_is_no_artefact_is_refused() {
    assert!(matches!(load(&[]), Err(LoadError::Elf(_))));
    assert!(matches!(load(b"\0asm\x01\0\0\0"), Err(LoadError::Elf(_))));
    assert!(matches!(
        refused(|artifact| artifact.architecture = Architecture::Aarch64),
        LoadError::WrongKind
    ));
    let other = write::Object::new(BinaryFormat::Elf, Architecture::X86_64, Endianness::Little);
    assert!(matches!(load(&other.write().unwrap()), Err(LoadError::NotAnArtifact)));
    let big = write::Object::new(BinaryFormat::Elf, Architecture::X86_64, Endianness::Big);
    assert!(load(&big.write().unwrap()).is_err());
    let mut executable = Artifact::with_code().object();
    executable[16] = ET_EXEC.to_le_bytes()[0];
    assert!(matches!(load(&executable), Err(LoadError::WrongKind)));
}

#[test]
fn the_section_must_be_as_this_build_writes_it() {
    let artifact_error = |spoil| match refused(|artifact| artifact.spoil_section = spoil) {
        LoadError::Artifact(error) => error,
        other => panic!("{other}"),
    };
    assert_eq!(artifact_error(|bytes| bytes[0] ^= 1), ArtifactError::BadMagic);
    assert!(matches!(artifact_error(|bytes| bytes[8] ^= 1), ArtifactError::BadVersion(_)));
    assert!(matches!(artifact_error(|bytes| bytes[12] ^= 1), ArtifactError::BadAbi { .. }));
    assert!(matches!(artifact_error(|bytes| bytes.truncate(20)), ArtifactError::Truncated { .. }));
    assert!(matches!(
        artifact_error(|bytes| bytes.truncate(bytes.len() - 1)),
        ArtifactError::Truncated { .. }
    ));
    assert_eq!(artifact_error(|bytes| bytes[40] ^= 1), ArtifactError::BadHash);
    assert_eq!(artifact_error(|bytes| *bytes.last_mut().unwrap() ^= 1), ArtifactError::BadHash);
}

#[test]
fn code_for_other_machines_is_refused() {
    let error = refused(|artifact| artifact.manifest.target.architecture = "riscv64".to_owned());
    assert!(matches!(error, LoadError::WrongArchitecture(_)));
    for unknown in ["a-feature-of-tomorrow", ""] {
        let error = refused(|artifact| artifact.manifest.target.cpu_features.push(unknown.to_owned()));
        assert!(matches!(error, LoadError::MissingCpuFeature(_)));
    }
}

#[test]
fn only_calls_within_the_text_are_relocated() {
    let reason = |relocation| match refused(|artifact| artifact.relocations = vec![relocation]) {
        LoadError::BadRelocation { reason, .. } => reason,
        other => panic!("{other}"),
    };
    assert_eq!(reason((1, 6, -4, R_X86_64_64)), "its kind is not that of a near call");
    assert_eq!(reason((1, 6, -4, R_X86_64_GOTPCREL)), "its kind is not that of a near call");
    assert_eq!(reason((5, 6, -4, R_X86_64_PLT32)), "it is outside the text");
    assert_eq!(reason((u64::MAX, 6, -4, R_X86_64_PLT32)), "it is outside the text");
    assert_eq!(reason((1, 8, -4, R_X86_64_PLT32)), "its target is outside the text");
    assert_eq!(reason((1, 0, -5, R_X86_64_PLT32)), "its target is outside the text");
    assert_eq!(reason((1, 6, i64::MAX, R_X86_64_PLT32)), "its target is outside the text");
    assert_eq!(reason((1, 5, -4, R_X86_64_PLT32)), "its target is not the start of a function");
    assert_eq!(reason((1, 7, -4, R_X86_64_PLT32)), "its target is not the start of a function");
    let call = (1, 6, -4, R_X86_64_PLT32);
    let overlapping = refused(|artifact| artifact.relocations = vec![call, (3, 6, -4, R_X86_64_PC32)]);
    assert!(matches!(overlapping, LoadError::BadRelocation { offset: 3, .. }), "{overlapping}");
}

#[test]
fn the_code_must_be_where_and_as_the_manifest_says() {
    type Spoil = fn(&mut Vec<FunctionRecord>);
    let cases: &[(Spoil, &str)] = &[
        (|functions| functions.swap(0, 1), "keys are not ascending"),
        (|functions| functions[1].text_offset = 5, "it overlaps the one before it"),
        (|functions| functions[0].text_offset = u32::MAX, "it is not within the text"),
        (|functions| functions[2].code_len = 2, "it is not within the text"),
        (|functions| functions[2].code_len = 0, "it has no code"),
        (
            |functions| {
                functions[0].code_len = 4;
                functions[0].calls.clear();
                functions[0].source.clear();
            },
            "it is not within a function",
        ),
        (|functions| functions[0].traps[0].offset = 6, "a trap site is outside it"),
        (
            |functions| {
                let site = functions[0].traps[0];
                functions[0].traps.push(site);
            },
            "trap sites are not ascending",
        ),
        (|functions| functions[0].calls[0].return_offset = 7, "a call is outside it"),
        (|functions| functions[0].source[0].offset = 7, "a source location is outside it"),
        (
            |functions| {
                let map = StackMap { return_offset: 1, frame_size: 8, slots: vec![8] };
                functions[0].stack_maps.push(map);
            },
            "a stack map leaves its frame",
        ),
        (|functions| drop(functions.remove(1)), "its target is not the start of a function"),
        (|functions| drop(functions.remove(2)), "the entry stub of its type is missing"),
        (
            |functions| functions[2].key = FuncKey::EntryStub(TypeIndex::new(1)),
            "it is a stub for a type that does not exist",
        ),
    ];
    for (spoil, reason) in cases {
        let error = refused(|artifact| spoil(&mut artifact.manifest.functions)).to_string();
        assert!(error.ends_with(reason), "{error}, wanted: {reason}");
    }
    let missing = refused(|artifact| {
        artifact.relocations.clear();
        artifact.manifest.functions.remove(1);
    });
    assert!(missing.to_string().ends_with("the code of the defined functions is not complete"), "{missing}");
}

#[test]
fn every_index_and_expression_of_a_manifest_is_checked() {
    let expr = |op| ConstExpr { ops: vec![op] };
    let i32_const = expr(ConstOp::I32Const(0));
    let limits = Limits { min: 1, max: Some(2) };
    let table = |limits| TableInfo {
        ty: TableType { index: IndexType::I32, element: RefType::FUNCREF, limits },
        init: None,
    };
    let memory = |limits| MemoryType { index: IndexType::I32, limits, shared: false, page_size_log2: 16 };
    let global = |init| GlobalInfo { ty: GlobalType { val: ValType::I32, mutable: false }, init: Some(init) };
    let concrete =
        |kind, index| HeapType::Concrete(ConcreteType { kind, index: TypeIndex::new(index), exact: false });
    let elements = |items| ElementSegment { ty: RefType::FUNCREF, mode: ElementMode::Passive, items };
    let active = |table, offset| ElementMode::Active { table: TableIndex::new(table), offset };
    type Spoil<'a> = Box<dyn Fn(&mut ModuleInfo) + 'a>;
    let cases: Vec<Spoil<'_>> = vec![
        Box::new(|info| info.rec_groups.push(1)),
        Box::new(|info| info.rec_groups = vec![u32::MAX, 2]),
        Box::new(|info| info.types[0].supertype = Some(TypeIndex::new(0))),
        Box::new(|info| {
            let ty = ValType::Ref(RefType { nullable: true, heap: concrete(TypeKind::Func, 1) });
            info.types[0].composite = CompositeType::Func(FuncType { params: vec![ty], results: vec![] });
        }),
        Box::new(|info| {
            let ty = ValType::Ref(RefType { nullable: true, heap: concrete(TypeKind::Struct, 0) });
            info.types[0].composite = CompositeType::Func(FuncType { params: vec![ty], results: vec![] });
        }),
        Box::new(|info| {
            let ty = ValType::Ref(RefType { nullable: true, heap: HeapType::Cont });
            info.types[0].composite = CompositeType::Func(FuncType { params: vec![ty], results: vec![] });
        }),
        // One supertype more than validation allows.
        Box::new(|info| {
            for depth in info.types.len()..=65 {
                let supertype = depth.checked_sub(1).map(|above| TypeIndex::new(above as u32));
                info.types.push(SubType { supertype, ..info.types[0].clone() });
                info.rec_groups.push(1);
            }
        }),
        Box::new(|info| info.imported_funcs = 1),
        Box::new(|info| info.func_names = vec![(FuncIndex::new(999), "f".to_owned())]),
        Box::new(|info| {
            info.func_names = [1, 0].map(|index| (FuncIndex::new(index), "f".to_owned())).to_vec()
        }),
        Box::new(|info| info.imported_memories = 1),
        Box::new(|info| {
            let import = |ty| Import { module: String::new(), name: String::new(), ty };
            info.imports.push(import(EntityType::Memory(memory(limits))));
        }),
        Box::new(|info| info.funcs[0].ty = TypeIndex::new(1)),
        Box::new(|info| info.funcs[0].func_ref = Some(FuncRefIndex::new(1))),
        Box::new(|info| info.funcs[1].func_ref = Some(FuncRefIndex::new(0))),
        Box::new(|info| info.func_refs = 2),
        Box::new(|info| info.func_refs = u32::MAX),
        Box::new(|info| info.exports[0].index = EntityIndex::Func(FuncIndex::new(1))),
        Box::new(|info| info.exports[0].index = EntityIndex::Func(FuncIndex::new(2))),
        Box::new(|info| info.exports[0].index = EntityIndex::Table(TableIndex::new(0))),
        Box::new(|info| info.exports[0].index = EntityIndex::Memory(MemoryIndex::new(0))),
        Box::new(|info| info.exports[0].index = EntityIndex::Global(GlobalIndex::new(0))),
        Box::new(|info| info.exports.push(info.exports[0].clone())),
        Box::new(|info| info.start = Some(FuncIndex::new(1))),
        Box::new(|info| info.start = Some(FuncIndex::new(9))),
        Box::new(|info| info.tables.push(table(Limits { min: 3, max: Some(2) }))),
        Box::new(|info| info.tables.push(table(Limits { min: 1 << 32, max: None }))),
        Box::new(|info| {
            info.tables.push(table(limits));
            info.tables[0].ty.element.nullable = false;
        }),
        Box::new(|info| {
            info.tables.push(table(limits));
            info.tables[0].init = Some(expr(ConstOp::RefNull(HeapType::Extern)));
        }),
        Box::new(|info| info.memories.push(memory(Limits { min: 65537, max: None }))),
        Box::new(|info| info.memories.push(MemoryType { page_size_log2: 200, ..memory(limits) })),
        Box::new(|info| info.globals.push(global(expr(ConstOp::I64Const(0))))),
        Box::new(|info| info.globals.push(global(expr(ConstOp::GlobalGet(GlobalIndex::new(0)))))),
        Box::new(|info| info.globals.push(global(expr(ConstOp::I32Add)))),
        Box::new(|info| info.globals.push(global(ConstExpr { ops: vec![] }))),
        Box::new(|info| info.globals.push(global(ConstExpr { ops: vec![ConstOp::I32Const(0); 2] }))),
        Box::new(|info| info.globals.push(GlobalInfo { init: None, ..global(i32_const.clone()) })),
        Box::new(|info| {
            let ty = GlobalType { val: ValType::FUNCREF, mutable: false };
            for op in [ConstOp::I64Const(1), ConstOp::RefFunc(FuncIndex::new(1))] {
                info.globals.push(GlobalInfo { ty, init: Some(expr(op)) });
            }
        }),
        Box::new(|info| info.elements.push(elements(ElementItems::Funcs(vec![FuncIndex::new(1)])))),
        Box::new(|info| info.elements.push(elements(ElementItems::Exprs(vec![i32_const.clone()])))),
        Box::new(|info| {
            let ty = RefType::EXTERNREF;
            let items = ElementItems::Funcs(vec![FuncIndex::new(0)]);
            info.elements.push(ElementSegment { ty, ..elements(items) });
        }),
        Box::new(|info| {
            let mode = active(0, i32_const.clone());
            info.elements.push(ElementSegment { mode, ..elements(ElementItems::Funcs(vec![])) });
        }),
        Box::new(|info| {
            info.tables.push(table(limits));
            let mode = active(0, expr(ConstOp::I64Const(0)));
            info.elements.push(ElementSegment { mode, ..elements(ElementItems::Funcs(vec![])) });
        }),
        Box::new(|info| info.data.push(DataSegment { mode: DataMode::Passive, bytes: 0..1 })),
        #[allow(clippy::reversed_empty_ranges, reason = "that is what is wrong with it")]
        Box::new(|info| info.data.push(DataSegment { mode: DataMode::Passive, bytes: 1..0 })),
        Box::new(|info| {
            let mode = DataMode::Active { memory: MemoryIndex::new(0), offset: i32_const.clone() };
            info.data.push(DataSegment { mode, bytes: 0..0 });
        }),
    ];
    for (i, spoil) in cases.iter().enumerate() {
        let error = refused(|artifact| spoil(&mut artifact.manifest.module));
        assert!(matches!(error, LoadError::BadManifest { .. }), "case {i}: {error}");
    }
}

#[test]
fn imported_functions_need_an_exit_stub() {
    let mut artifact = Artifact::with_code();
    let info = &mut artifact.manifest.module;
    let ty = EntityType::Func(TypeIndex::new(0));
    info.imports.push(Import { module: String::new(), name: String::new(), ty });
    info.funcs.insert(0, FuncInfo { ty: TypeIndex::new(0), func_ref: None });
    info.imported_funcs = 1;
    info.exports.clear();
    let error = artifact.load().unwrap_err();
    assert!(error.to_string().ends_with("the exit stub of its type is missing"), "{error}");
}

/// A module without code and with a bit of everything else.
fn with_definitions() -> Artifact {
    let expr = |ops: &[ConstOp]| ConstExpr { ops: ops.to_vec() };
    let zero = || expr(&[ConstOp::I32Const(0)]);
    let limits = Limits { min: 1, max: Some(2) };
    let export = |name: &str, index| Export { name: name.to_owned(), index };
    let ty = TableType { index: IndexType::I32, element: RefType::EXTERNREF, limits };
    let null = || expr(&[ConstOp::RefNull(HeapType::Extern)]);
    let info = ModuleInfo {
        tables: vec![TableInfo { ty, init: Some(null()) }],
        memories: vec![MemoryType { index: IndexType::I32, limits, shared: false, page_size_log2: 16 }],
        globals: vec![GlobalInfo {
            ty: GlobalType { val: ValType::I32, mutable: true },
            init: Some(expr(&[ConstOp::I32Const(2), ConstOp::I32Const(1), ConstOp::I32Sub])),
        }],
        elements: vec![ElementSegment {
            ty: RefType::EXTERNREF,
            mode: ElementMode::Active { table: TableIndex::new(0), offset: zero() },
            items: ElementItems::Exprs(vec![null()]),
        }],
        data: vec![
            DataSegment {
                mode: DataMode::Active { memory: MemoryIndex::new(0), offset: zero() },
                bytes: 0..2,
            },
            DataSegment { mode: DataMode::Passive, bytes: 1..3 },
        ],
        exports: vec![
            export("m", EntityIndex::Memory(MemoryIndex::new(0))),
            export("g", EntityIndex::Global(GlobalIndex::new(0))),
        ],
        ..ModuleInfo::default()
    };
    let mut artifact = Artifact::without_code(info);
    artifact.data = b"abc".to_vec();
    artifact
}

/// The hash guards against damage, but it guards nothing if someone makes it anew: any manifest has
/// to be refused or to work.
#[test]
fn no_manifest_whatever_breaks_the_loader() {
    let mut loaded = 0;
    for artifact in [Artifact::with_code(), with_definitions()] {
        artifact.load().unwrap();
        let manifest = encode_manifest(&artifact.manifest).unwrap();
        for at in 0..manifest.len() {
            for value in [0, 1, 2, 3, 0x7f, 0x80, 0xff, manifest[at] ^ 1, manifest[at] ^ 0x40] {
                let mut damaged = manifest.clone();
                damaged[at] = value;
                let Ok(module) = load(&artifact.object_with(&damaged)) else { continue };
                loaded += 1;
                if module.manifest().functions.is_empty() {
                    let config = crate::StoreConfig { max_memory_bytes: 1 << 20, ..Default::default() };
                    let mut store = crate::Store::new(config).unwrap();
                    drop(store.instantiate(&module, &[]));
                }
            }
        }
    }
    assert!(loaded > 100, "most bytes are names and hashes that nothing depends on: {loaded}");
}
