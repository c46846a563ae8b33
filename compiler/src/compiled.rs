//! From an `ir::Function` to machine code with its side tables, free of any position.

use crate::clif;
use crate::detour::{self, Detour};
use crate::error::CompileError;
use crate::places;
use cranelift_codegen::binemit::Reloc;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::{self, ExternalName};
use cranelift_codegen::isa::TargetIsa;
use cranelift_codegen::isa::unwind::{self, UnwindInfoKind, systemv::UnwindInfo};
use cranelift_codegen::{CodegenResult, CompiledCode, Context, FinalizedRelocTarget};
use cranelift_codegen::{ExceptionContextLoc, FinalizedMachCallSite, FinalizedMachExceptionHandler};
use trapline_abi::{
    Builtin, CallSite, DefinedFuncIndex, FuncKey, Handler, Site, SourceLocation, StackMap, TagIndex, Trap,
    TrapCode, TrapSite, TrySite,
};

/// Machine code of one function and what is known about places in it. Offsets are in bytes from the
/// start of the function.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CompiledFunction {
    /// The code, with constants and jump tables.
    pub code: Vec<u8>,
    /// The alignment that the code needs, in bytes.
    pub alignment: u32,
    /// Calls to other functions of the module.
    pub relocations: Vec<Relocation>,
    /// Instructions that may trap, by ascending offset.
    pub traps: Vec<TrapSite>,
    /// Calls, by ascending offset.
    pub calls: Vec<CallSite>,
    /// References that live across calls, by ascending offset.
    pub stack_maps: Vec<StackMap>,
    /// Where code comes from, by ascending offset.
    pub source: Vec<SourceLocation>,
    /// Instructions that may trap, by ascending WebAssembly offset.
    pub sites: Vec<Site>,
    /// How a debugger finds the caller's frame, if the profile asks for debug information.
    pub(crate) frame: Option<UnwindInfo>,
}

/// A 32-bit field that wants the distance from itself to a function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Relocation {
    /// Where the field is.
    pub offset: u32,
    /// The function.
    pub target: FuncKey,
    /// What is added to the distance, in bytes.
    pub addend: i64,
}

/// The namespace of the names that calls of the module's own functions have in the IR.
pub(crate) const DEFINED_NAMESPACE: u32 = 0;
/// The namespace of the stubs of builtins, which the number of the builtin is a name in.
pub(crate) const BUILTIN_NAMESPACE: u32 = 1;

/// The code that a name in the IR is that of.
pub(crate) fn callee(name: &ir::UserExternalName) -> Option<FuncKey> {
    match name.namespace {
        DEFINED_NAMESPACE => Some(FuncKey::Defined(DefinedFuncIndex::new(name.index))),
        BUILTIN_NAMESPACE => {
            Builtin::ALL.get(name.index as usize).map(|&builtin| FuncKey::BuiltinStub(builtin))
        }
        _ => None,
    }
}

/// Memory that compilations use one after the other.
pub(crate) struct Workspace {
    /// The function, and what Cranelift finds out about it.
    pub(crate) context: Context,
    registers: regalloc2::Ctx,
    /// What is left out or exchanged.
    detour: Option<Detour>,
}

impl Workspace {
    pub(crate) fn new(detour: Option<Detour>) -> Workspace {
        Workspace { context: Context::new(), registers: regalloc2::Ctx::default(), detour }
    }

    /// Optimises the function in the context.
    pub(crate) fn optimize(&mut self, isa: &dyn TargetIsa) -> CodegenResult<()> {
        detour::optimize(&mut self.context, isa, self.detour)?;
        places::attribute_folded_loads(&mut self.context.func);
        Ok(())
    }

    /// Generates code for the function in the context, once it is optimised.
    fn generate(&mut self, isa: &dyn TargetIsa) -> CodegenResult<CompiledCode> {
        let Workspace { context, registers, .. } = self;
        let (disassemble, control) = (context.want_disasm, &mut ControlPlane::default());
        let code = isa.compile_function(&context.func, &context.domtree, registers, disassemble, control)?;
        Ok(code.apply_params(&context.func.params))
    }
}

/// Generates code for the function in a workspace. The second result is Cranelift's listing of machine instructions, empty
/// if the context does not want one.
///
/// # Errors
///
/// When Cranelift refuses the function, its code holds a relocation other than a direct call, or an instruction of a
/// WebAssembly function may trap and has no WebAssembly offset.
pub(crate) fn compile(
    workspace: &mut Workspace,
    isa: &dyn TargetIsa,
    key: FuncKey,
) -> Result<(CompiledFunction, String), CompileError> {
    let refused = |error| CompileError::Codegen { function: key, error: Box::new(error) };
    workspace.optimize(isa).map_err(refused)?;
    finish(workspace, isa, key)
}

/// Generates code like [`compile`], for a function that is optimised.
pub(crate) fn finish(
    workspace: &mut Workspace,
    isa: &dyn TargetIsa,
    key: FuncKey,
) -> Result<(CompiledFunction, String), CompileError> {
    let refused = |error| CompileError::Codegen { function: key, error: Box::new(error) };
    let code = workspace.generate(isa).map_err(refused)?;
    let assembly = |reason: String| CompileError::Assembly { function: key, reason };
    let buffer = &code.buffer;

    let names = workspace.context.func.params.user_named_funcs();
    let mut relocations = Vec::with_capacity(buffer.relocs().len());
    for relocation in buffer.relocs() {
        let target = match &relocation.target {
            FinalizedRelocTarget::ExternalName(ExternalName::User(name)) => &names[*name],
            other => return Err(assembly(format!("relocation against {other:?}"))),
        };
        let target = match (relocation.kind, callee(target)) {
            (Reloc::X86CallPCRel4, Some(key)) => key,
            (kind, _) => return Err(assembly(format!("relocation {kind} against {target}"))),
        };
        relocations.push(Relocation { offset: relocation.offset, target, addend: relocation.addend });
    }

    let mut traps = Vec::with_capacity(buffer.traps().len());
    for trap in buffer.traps() {
        let code = clif::trap_of(trap.code).ok_or_else(|| assembly(format!("trap code {}", trap.code)))?;
        traps.push(TrapSite { offset: trap.offset, code });
    }

    let calls =
        buffer.call_sites().map(|call| call_site(&call, key).map_err(assembly)).collect::<Result<_, _>>()?;
    let source = source_locations(buffer.get_srclocs_sorted());
    if let (FuncKey::Defined(_), Some(site)) = (key, traps.iter().find(|site| !has_place(site, &source))) {
        return Err(assembly(format!("no WebAssembly offset for the trap at {:#x}", site.offset)));
    }

    let frame = match isa.flags().unwind_info() {
        true => {
            frame(&code, isa).map_err(|error| assembly(format!("frame that cannot be described: {error}")))?
        }
        false => None,
    };

    let function = CompiledFunction {
        code: buffer.data().to_vec(),
        alignment: buffer.alignment,
        relocations,
        traps,
        calls,
        stack_maps: buffer.user_stack_maps().iter().map(stack_map).collect(),
        source,
        sites: Vec::new(),
        frame,
    };
    Ok((function, code.vcode.unwrap_or_default()))
}

/// Whether a trap can be reported with a WebAssembly offset. The check of the stack on entry belongs to no instruction.
fn has_place(site: &TrapSite, source: &[SourceLocation]) -> bool {
    SourceLocation::wasm_offset_at(source, site.offset).is_some()
        || site.code == TrapCode::Trap(Trap::StackOverflow)
}

/// A call with its handlers. That of an entry stub is where traps resume, which no exception does.
fn call_site(call: &FinalizedMachCallSite<'_>, key: FuncKey) -> Result<CallSite, String> {
    let mut site = CallSite { return_offset: call.ret_addr, handled: None };
    if call.exception_handlers.is_empty() || !matches!(key, FuncKey::Defined(_)) {
        return Ok(site);
    }
    let frame_size = call.frame_offset.ok_or("a handler in a frame of unknown size")?;
    let (mut context, mut handlers) = (None, Vec::new());
    for item in call.exception_handlers {
        match *item {
            FinalizedMachExceptionHandler::Context(ExceptionContextLoc::SPOffset(offset)) => {
                context = Some(offset)
            }
            FinalizedMachExceptionHandler::Context(location) => {
                return Err(format!("the context of a handler in {location:?}"));
            }
            FinalizedMachExceptionHandler::Tag(tag, pad) => {
                handlers.push(Handler { tag: Some(TagIndex::new(tag.as_u32())), pad });
            }
            FinalizedMachExceptionHandler::Default(pad) => handlers.push(Handler { tag: None, pad }),
        }
    }
    let context = context.ok_or("a handler without a context")?;
    site.handled = Some(Box::new(TrySite { frame_size, context, handlers }));
    Ok(site)
}

/// Where the frame keeps what the caller needs again, at each instruction.
fn frame(code: &CompiledCode, isa: &dyn TargetIsa) -> CodegenResult<Option<UnwindInfo>> {
    match code.create_unwind_info_of_kind(isa, UnwindInfoKind::SystemV)? {
        Some(unwind::UnwindInfo::SystemV(frame)) => Ok(Some(frame)),
        _ => Ok(None),
    }
}

fn stack_map((return_offset, frame_size, map): &(u32, u32, ir::UserStackMap)) -> StackMap {
    let slots = map.entries().map(|(_, offset)| offset).collect();
    StackMap { return_offset: *return_offset, frame_size: *frame_size, slots }
}

/// Joins neighbouring stretches from one instruction and marks the gaps between stretches, so that a
/// look-up needs only the start of each.
fn source_locations(
    sorted: &[cranelift_codegen::MachSrcLoc<cranelift_codegen::Final>],
) -> Vec<SourceLocation> {
    let mut locations: Vec<SourceLocation> = Vec::with_capacity(sorted.len());
    let mut push = |offset, wasm_offset| match locations.last() {
        Some(last) if last.wasm_offset == wasm_offset => {}
        None if wasm_offset.is_none() => {}
        _ => locations.push(SourceLocation { offset, wasm_offset }),
    };
    let mut end = 0;
    for location in sorted {
        if location.start > end {
            push(end, None);
        }
        push(location.start, (!location.loc.is_default()).then(|| location.loc.bits()));
        end = location.end;
    }
    push(end, None);
    locations
}
