//! From a function body to an `ir::Function`, validating on the way: one file for each family of
//! operators.

mod atomics;
mod bounds;
mod builtin;
mod call;
mod control;
mod exceptions;
mod gc;
mod global;
mod handlers;
mod known;
mod legacy;
mod likelihood;
mod locals;
mod memory;
mod numeric;
mod references;
mod refs;
mod simd;
mod sites;
mod table;
mod traps;

use crate::RelaxedSimd;
use crate::clif::{self, POINTER};
use crate::parse::{self, Body, ParseError};
use call::Ending;
use control::Control;
use cranelift_codegen::ir::{
    FuncRef, Function, GlobalValueData, InstBuilder, MemFlagsData, SigRef, SourceLoc, StackSlot,
    UserFuncName, Value, types,
};
use cranelift_codegen::isa::TargetIsa;
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use gc::StaticType;
pub(crate) use gc::struct_layouts;
use likelihood::Likelihood;
use locals::Locals;
use references::References;
use rustc_hash::FxHashMap;
use trapline_abi::artifact::MemoryStyle;
use trapline_abi::heap::StructLayout;
use trapline_abi::vmlayout::{VMContextHeader, VMOffsets, VMStoreContext};
use trapline_abi::{
    Builtin, FuncIndex, FuncType, IndexType, Injected, ModuleInfo, Site, TypeIndex, TypeKind, ValType,
};
use wasmparser::{FuncValidatorAllocations, Operator, OperatorsReader};

/// What the translation of every body of a module has in common.
pub(crate) struct ModuleEnv<'a> {
    pub(crate) info: &'a ModuleInfo,
    /// The kinds of the module's types.
    pub(crate) kinds: Vec<TypeKind>,
    /// For each type, where the fields of structures of the type lie.
    pub(crate) layouts: Vec<Option<StructLayout>>,
    pub(crate) offsets: VMOffsets,
    pub(crate) isa: &'a dyn TargetIsa,
    pub(crate) memory_style: MemoryStyle,
    pub(crate) relaxed: RelaxedSimd,
    pub(crate) fault: Injected,
    /// The mutant to compile, if it is one of this module.
    #[cfg(feature = "faults")]
    pub(crate) mutant: Option<crate::ClifMutant>,
}

/// What translation of one body has found out beside its IR.
#[derive(Default)]
pub(crate) struct Findings {
    /// Types by which functions are called that are not known until they are.
    pub(crate) indirect_callees: Vec<TypeIndex>,
    /// Builtins that it calls through their stubs.
    pub(crate) builtin_stubs: Vec<Builtin>,
    /// Instructions that may trap.
    pub(crate) sites: Vec<Site>,
}

/// Memory that translations use one after the other.
#[derive(Default)]
pub(crate) struct Scratch {
    builder: FunctionBuilderContext,
    validator: FuncValidatorAllocations,
}

impl Scratch {
    pub(crate) fn builder(&mut self) -> &mut FunctionBuilderContext {
        &mut self.builder
    }
}

/// Validates a body and translates it into `func`.
pub(crate) fn translate(
    env: &ModuleEnv<'_>,
    body: Body<'_>,
    func: &mut Function,
    scratch: &mut Scratch,
) -> Result<Findings, ParseError> {
    let index = FuncIndex::new(body.validation.index);
    let mut validator = body.validation.into_validator(std::mem::take(&mut scratch.validator));
    // The validator has accepted the function section, so the type is there.
    let Some(ty) = env.info.func_type(index) else {
        return parse::unsupported("function of unknown type", 0);
    };

    func.name = UserFuncName::user(crate::compiled::DEFINED_NAMESPACE, index.as_u32());
    func.signature = clif::wasm_signature(ty);
    set_stack_limit(func);

    let mut reader = body.code.get_binary_reader();
    let start = reader.original_position();
    let mut translator = Translator::new(env, ty, FunctionBuilder::new(func, &mut scratch.builder), start);
    translator.likelihood = Likelihood::new(start, body.hints);
    for _ in 0..reader.read_var_u32()? {
        let offset = reader.original_position();
        let (count, ty) = (reader.read_var_u32()?, reader.read()?);
        validator.define_locals(offset, count, ty)?;
        translator.locals.declare(count, parse::val_type(ty, &env.kinds, offset)?);
    }
    let size = reader.bytes_remaining();
    let mut operators = OperatorsReader::new(reader);
    translator.place_locals(&operators, size);
    while !operators.eof() {
        let (operator, offset) = operators.read_with_offset()?;
        let operand = gc::of_operand(&validator, &operator);
        validator.op(offset, &operator)?;
        if let Operator::Try { .. } = operator {
            translator.ahead.read(offset, &operators);
        }
        translator.builder.set_srcloc(source_location(offset));
        translator.operator(&operator, operand, offset)?;
        translator.check_live()?;
    }
    operators.finish()?;
    let findings = translator.finish();
    scratch.validator = validator.into_allocations();
    Ok(findings)
}

/// A WebAssembly offset as Cranelift carries it. Modules of 4 GiB and more are refused before.
fn source_location(offset: u64) -> SourceLoc {
    SourceLoc::new(offset as u32)
}

/// Makes the function compare its stack pointer with the store's limit on entry.
fn set_stack_limit(func: &mut Function) {
    let vmctx = func.create_global_value(GlobalValueData::VMContext);
    let load = |func: &mut Function, base, offset: usize, flags: MemFlagsData| {
        let flags = func.dfg.mem_flags.insert_unchecked(flags);
        let offset = (offset as i32).into();
        func.create_global_value(GlobalValueData::Load { base, offset, global_type: POINTER, flags })
    };
    let trusted = MemFlagsData::trusted();
    let store = load(func, vmctx, VMContextHeader::STORE, trusted.with_readonly());
    func.stack_limit = Some(load(func, store, VMStoreContext::STACK_LIMIT, trusted));
}

/// The state of a translation.
struct Translator<'a, 'f> {
    env: &'a ModuleEnv<'a>,
    builder: FunctionBuilder<'f>,
    vmctx: Value,
    locals: Locals,
    /// The operand stack.
    stack: Vec<Value>,
    control: Control,
    signatures: FxHashMap<TypeIndex, SigRef>,
    builtin_signatures: FxHashMap<Builtin, SigRef>,
    callees: FxHashMap<FuncIndex, FuncRef>,
    builtin_stubs: FxHashMap<Builtin, FuncRef>,
    ahead: legacy::Ahead,
    vector_slots: simd::VectorSlots,
    /// A slot of the frame for the value that elements of an array are filled with.
    element_slot: Option<StackSlot>,
    passed_checks: known::PassedChecks,
    references: References,
    likelihood: Likelihood,
    findings: Findings,
}

impl<'a, 'f> Translator<'a, 'f> {
    fn new(env: &'a ModuleEnv<'a>, ty: &FuncType, mut builder: FunctionBuilder<'f>, start: u64) -> Self {
        let entry = builder.create_block();
        builder.append_block_params_for_function_params(entry);
        builder.switch_to_block(entry);
        builder.seal_block(entry);
        builder.set_srcloc(source_location(start));
        let params = builder.block_params(entry).to_vec();
        let mut translator = Translator {
            env,
            vmctx: params[0],
            locals: Locals::default(),
            stack: Vec::new(),
            control: Control::default(),
            signatures: FxHashMap::default(),
            builtin_signatures: FxHashMap::default(),
            callees: FxHashMap::default(),
            builtin_stubs: FxHashMap::default(),
            ahead: legacy::Ahead::default(),
            vector_slots: simd::VectorSlots::default(),
            element_slot: None,
            passed_checks: known::PassedChecks::default(),
            references: References::default(),
            likelihood: Likelihood::default(),
            findings: Findings::default(),
            builder,
        };
        for (&ty, &value) in ty.params.iter().zip(&params[1..]) {
            translator.locals.declare(1, ty);
            translator.track(value, ty);
        }
        translator.push_body_frame(&ty.results);
        translator
    }

    /// The value that locals and new table slots start with: zero or null.
    fn default_value(&mut self, ty: ValType) -> Value {
        match ty {
            ValType::F32 => self.builder.ins().f32const(0.0),
            ValType::F64 => self.builder.ins().f64const(0.0),
            ValType::V128 => self.zero_vector(simd::VECTOR),
            ValType::I32 | ValType::I64 | ValType::Ref(_) => self.builder.ins().iconst(clif::val_type(ty), 0),
        }
    }

    fn finish(mut self) -> Findings {
        self.mark_cold_blocks();
        self.builder.finalize(self.env.isa.frontend_config());
        self.findings
    }

    fn push(&mut self, value: Value) {
        self.stack.push(value);
    }

    /// Takes the topmost operand. Validation has shown that there is one.
    fn pop(&mut self) -> Value {
        self.stack.pop().unwrap_or_else(|| unreachable!("operand stack underflow in a validated body"))
    }

    fn pop2(&mut self) -> (Value, Value) {
        let second = self.pop();
        (self.pop(), second)
    }

    fn pop3(&mut self) -> (Value, Value, Value) {
        let third = self.pop();
        let (first, second) = self.pop2();
        (first, second, third)
    }

    /// The topmost `count` operands, in the order they were pushed.
    fn top(&self, count: usize) -> &[Value] {
        &self.stack[self.stack.len() - count..]
    }

    fn drop_top(&mut self, count: usize) {
        self.stack.truncate(self.stack.len() - count);
    }

    /// Loads a pointer-sized field of the context that never changes while the instance lives.
    fn context_field(&mut self, offset: usize) -> Value {
        let flags = MemFlagsData::trusted().with_readonly().with_can_move();
        self.builder.ins().load(POINTER, flags, self.vmctx, offset as i32)
    }

    /// An index operand as 64 bits.
    fn widen_index(&mut self, value: Value, ty: IndexType) -> Value {
        match ty {
            IndexType::I32 => self.builder.ins().uextend(types::I64, value),
            IndexType::I64 => value,
        }
    }

    /// A 64-bit size or index as an operand. The all-ones pattern of a failed growth survives.
    fn narrow_index(&mut self, value: Value, ty: IndexType) -> Value {
        match ty {
            IndexType::I32 => self.builder.ins().ireduce(types::I32, value),
            IndexType::I64 => value,
        }
    }

    fn const_u32(&mut self, value: u32) -> Value {
        self.builder.ins().iconst(types::I32, i64::from(value))
    }

    /// Routes an operator to its family. Offsets are given where a refusal needs one; `operand` is what is known of the
    /// reference that it looks into.
    fn operator(
        &mut self,
        operator: &Operator<'_>,
        operand: gc::StaticType,
        offset: u64,
    ) -> Result<(), ParseError> {
        if !self.control.reachable() {
            self.unreachable_operator(operator);
            return Ok(());
        }
        self.note_site(operator, operand, offset)?;
        match *operator {
            Operator::Nop => {}
            Operator::Unreachable => self.unreachable(),
            Operator::Block { blockty } => self.block(blockty, offset)?,
            Operator::Loop { blockty } => self.loop_(blockty, offset)?,
            Operator::If { blockty } => self.if_(blockty, offset)?,
            Operator::Else => self.else_(),
            Operator::End => self.end(),
            Operator::Br { relative_depth } => self.br(relative_depth),
            Operator::BrIf { relative_depth } => self.br_if(relative_depth, offset),
            Operator::BrTable { ref targets } => self.br_table(targets)?,
            Operator::Return => self.return_(),
            Operator::BrOnNull { relative_depth } => self.br_on_null(relative_depth),
            Operator::BrOnNonNull { relative_depth } => self.br_on_non_null(relative_depth),
            Operator::Call { function_index } => self.call(FuncIndex::new(function_index), Ending::Returns),
            Operator::CallIndirect { type_index, table_index } => {
                self.call_indirect(type_index, table_index, Ending::Returns);
            }
            Operator::CallRef { type_index } => self.call_ref(type_index, Ending::Returns),
            Operator::ReturnCall { function_index } => {
                self.call(FuncIndex::new(function_index), Ending::Replaces);
            }
            Operator::ReturnCallIndirect { type_index, table_index } => {
                self.call_indirect(type_index, table_index, Ending::Replaces);
            }
            Operator::ReturnCallRef { type_index } => self.call_ref(type_index, Ending::Replaces),

            Operator::TryTable { ref try_table } => self.try_table(try_table, offset)?,
            Operator::Throw { tag_index } => self.throw(tag_index),
            Operator::ThrowRef => self.throw_ref(),
            Operator::Try { blockty } => self.try_(blockty, offset)?,
            Operator::Catch { .. } | Operator::CatchAll => self.catch(),
            Operator::Delegate { .. } => self.end(),
            Operator::Rethrow { relative_depth } => self.rethrow(relative_depth),

            Operator::Drop => drop(self.pop()),
            Operator::Select => self.select(),
            Operator::TypedSelect { ty } => self.typed_select(ty, offset)?,

            Operator::LocalGet { local_index } => {
                let value = self.local_get(local_index);
                self.push(value);
            }
            Operator::LocalSet { local_index } => {
                let value = self.pop();
                self.local_set(local_index, value);
            }
            Operator::LocalTee { local_index } => {
                let value = self.top(1)[0];
                self.local_set(local_index, value);
            }
            Operator::GlobalGet { global_index } => self.global_get(global_index),
            Operator::GlobalSet { global_index } => self.global_set(global_index),

            Operator::RefNull { hty } => self.ref_null(hty, offset)?,
            Operator::RefIsNull => self.ref_is_null(),
            Operator::RefAsNonNull => self.ref_as_non_null(),
            Operator::RefFunc { function_index } => self.ref_func(FuncIndex::new(function_index)),

            Operator::TableGet { table } => self.table_get(table),
            Operator::TableSet { table } => self.table_set(table),
            Operator::TableSize { table } => self.table_size(table),
            Operator::TableGrow { table } => self.table_grow(table),
            Operator::TableFill { table } => self.table_fill(table),
            Operator::TableCopy { dst_table, src_table } => self.table_copy(dst_table, src_table),
            Operator::TableInit { elem_index, table } => self.table_init(elem_index, table),
            Operator::ElemDrop { elem_index } => self.elem_drop(elem_index),

            Operator::MemorySize { mem } => self.memory_size(mem),
            Operator::MemoryGrow { mem } => self.memory_grow(mem),
            Operator::MemoryFill { mem } => self.memory_fill(mem),
            Operator::MemoryCopy { dst_mem, src_mem } => self.memory_copy(dst_mem, src_mem),
            Operator::MemoryInit { data_index, mem } => self.memory_init(data_index, mem),
            Operator::DataDrop { data_index } => self.data_drop(data_index),

            ref other => {
                if !self.memory_access(other)
                    && !self.numeric(other)
                    && !self.simd(other)
                    && !self.atomic(other)
                    && !self.gc(other, operand, offset)?
                {
                    return parse::unsupported(
                        &format!("instruction {}", parse::operator_name(other)),
                        offset,
                    );
                }
            }
        }
        Ok(())
    }

    fn select(&mut self) {
        let (first, second, condition) = self.pop3();
        let value = self.builder.ins().select(condition, first, second);
        self.push(value);
    }

    fn typed_select(&mut self, ty: wasmparser::ValType, offset: u64) -> Result<(), ParseError> {
        self.select();
        self.track(self.top(1)[0], parse::val_type(ty, &self.env.kinds, offset)?);
        Ok(())
    }

    fn block_params_for(&mut self, block: cranelift_codegen::ir::Block, tys: &[ValType]) {
        for &ty in tys {
            let param = self.builder.append_block_param(block, clif::val_type(ty));
            self.track(param, ty);
        }
    }

    /// The signature of a WebAssembly function type, imported into the function once.
    fn signature(&mut self, ty: TypeIndex) -> SigRef {
        if let Some(&signature) = self.signatures.get(&ty) {
            return signature;
        }
        let func_type = self.func_type(ty);
        let signature = self.builder.import_signature(clif::wasm_signature(func_type));
        self.signatures.insert(ty, signature);
        signature
    }

    /// A function type. Validation has shown that the index names one.
    fn func_type(&self, ty: TypeIndex) -> &'a FuncType {
        self.env.info.func_type_at(ty).unwrap_or_else(|| unreachable!("type index beyond validation"))
    }
}
