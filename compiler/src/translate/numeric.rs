//! Numeric operators on scalars.

use super::Translator;
use crate::fault::PANIC_VALUE;
use cranelift_codegen::ir::condcodes::{CondCode, FloatCC, IntCC};
use cranelift_codegen::ir::immediates::{Ieee32, Ieee64};
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Type, Value, types};
use cranelift_frontend::FuncInstBuilder;
use trapline_abi::{Builtin, InjectedFault};
use types::{F32, F64, I8, I16, I32, I64, I128};
use wasmparser::Operator;

impl Translator<'_, '_> {
    /// Translates a numeric operator; `false` if it is none.
    pub(super) fn numeric(&mut self, operator: &Operator<'_>) -> bool {
        use Operator as O;
        match *operator {
            O::I32Const { value } => self.constant(|ins| ins.iconst(I32, i64::from(value as u32))),
            O::I64Const { value } => {
                if self.env.fault.is(InjectedFault::Panic) && value == PANIC_VALUE {
                    panic!("an injected fault");
                }
                self.constant(|ins| ins.iconst(I64, value))
            }
            O::F32Const { value } => self.constant(|ins| ins.f32const(Ieee32::with_bits(value.bits()))),
            O::F64Const { value } => self.constant(|ins| ins.f64const(Ieee64::with_bits(value.bits()))),

            O::I32Eqz | O::I64Eqz => self.eqz(),
            O::I32Eq | O::I64Eq => self.icmp(IntCC::Equal),
            O::I32Ne | O::I64Ne => self.icmp(IntCC::NotEqual),
            O::I32LtS | O::I64LtS => self.icmp(IntCC::SignedLessThan),
            O::I32LtU | O::I64LtU => self.icmp(IntCC::UnsignedLessThan),
            O::I32GtS | O::I64GtS => self.icmp(IntCC::SignedGreaterThan),
            O::I32GtU | O::I64GtU => self.icmp(IntCC::UnsignedGreaterThan),
            O::I32LeS | O::I64LeS => self.icmp(IntCC::SignedLessThanOrEqual),
            O::I32LeU | O::I64LeU => self.icmp(IntCC::UnsignedLessThanOrEqual),
            O::I32GeS | O::I64GeS => self.icmp(IntCC::SignedGreaterThanOrEqual),
            O::I32GeU | O::I64GeU => self.icmp(IntCC::UnsignedGreaterThanOrEqual),
            O::F32Eq | O::F64Eq => self.fcmp(FloatCC::Equal),
            O::F32Ne | O::F64Ne => self.fcmp(FloatCC::NotEqual),
            O::F32Lt | O::F64Lt => self.fcmp(FloatCC::LessThan),
            O::F32Gt | O::F64Gt => self.fcmp(FloatCC::GreaterThan),
            O::F32Le | O::F64Le => self.fcmp(FloatCC::LessThanOrEqual),
            O::F32Ge | O::F64Ge => self.fcmp(FloatCC::GreaterThanOrEqual),

            O::I32Clz | O::I64Clz => self.unary(|ins, x| ins.clz(x)),
            O::I32Ctz | O::I64Ctz => self.unary(|ins, x| ins.ctz(x)),
            O::I32Popcnt | O::I64Popcnt => self.unary(|ins, x| ins.popcnt(x)),
            O::I32Add | O::I64Add => self.binary(|ins, x, y| ins.iadd(x, y)),
            O::I32Sub | O::I64Sub => self.subtract(),
            O::I32Mul | O::I64Mul => self.binary(|ins, x, y| ins.imul(x, y)),
            // These trap by themselves, with marks that say why.
            O::I32DivS | O::I64DivS => self.binary(|ins, x, y| ins.sdiv(x, y)),
            O::I32DivU | O::I64DivU => self.binary(|ins, x, y| ins.udiv(x, y)),
            O::I32RemS | O::I64RemS => self.binary(|ins, x, y| ins.srem(x, y)),
            O::I32RemU | O::I64RemU => self.binary(|ins, x, y| ins.urem(x, y)),
            O::I32And | O::I64And => self.binary(|ins, x, y| ins.band(x, y)),
            O::I32Or | O::I64Or => self.binary(|ins, x, y| ins.bor(x, y)),
            O::I32Xor | O::I64Xor => self.binary(|ins, x, y| ins.bxor(x, y)),
            // Shifts and rotations take their amount modulo the width, as WebAssembly's do.
            O::I32Shl | O::I64Shl => self.binary(|ins, x, y| ins.ishl(x, y)),
            O::I32ShrS | O::I64ShrS => self.binary(|ins, x, y| ins.sshr(x, y)),
            O::I32ShrU | O::I64ShrU => self.binary(|ins, x, y| ins.ushr(x, y)),
            O::I32Rotl | O::I64Rotl => self.binary(|ins, x, y| ins.rotl(x, y)),
            O::I32Rotr | O::I64Rotr => self.binary(|ins, x, y| ins.rotr(x, y)),

            O::F32Abs | O::F64Abs => self.unary(|ins, x| ins.fabs(x)),
            O::F32Neg | O::F64Neg => self.unary(|ins, x| ins.fneg(x)),
            O::F32Sqrt | O::F64Sqrt => self.unary(|ins, x| ins.sqrt(x)),
            O::F32Ceil => self.round(Builtin::f32_ceil, |ins, x| ins.ceil(x)),
            O::F32Floor => self.round(Builtin::f32_floor, |ins, x| ins.floor(x)),
            O::F32Trunc => self.round(Builtin::f32_trunc, |ins, x| ins.trunc(x)),
            O::F32Nearest => self.round(Builtin::f32_nearest, |ins, x| ins.nearest(x)),
            O::F64Ceil => self.round(Builtin::f64_ceil, |ins, x| ins.ceil(x)),
            O::F64Floor => self.round(Builtin::f64_floor, |ins, x| ins.floor(x)),
            O::F64Trunc => self.round(Builtin::f64_trunc, |ins, x| ins.trunc(x)),
            O::F64Nearest => self.round(Builtin::f64_nearest, |ins, x| ins.nearest(x)),
            O::F32Add | O::F64Add => self.binary(|ins, x, y| ins.fadd(x, y)),
            O::F32Sub | O::F64Sub => self.binary(|ins, x, y| ins.fsub(x, y)),
            O::F32Mul | O::F64Mul => self.binary(|ins, x, y| ins.fmul(x, y)),
            O::F32Div | O::F64Div => self.binary(|ins, x, y| ins.fdiv(x, y)),
            O::F32Min | O::F64Min => self.binary(|ins, x, y| ins.fmin(x, y)),
            O::F32Max | O::F64Max => self.binary(|ins, x, y| ins.fmax(x, y)),
            O::F32Copysign | O::F64Copysign => self.binary(|ins, x, y| ins.fcopysign(x, y)),

            O::I32WrapI64 => self.unary(|ins, x| ins.ireduce(I32, x)),
            O::I64ExtendI32S => self.unary(|ins, x| ins.sextend(I64, x)),
            O::I64ExtendI32U => self.unary(|ins, x| ins.uextend(I64, x)),
            O::I32Extend8S => self.sign_extend(I8, I32),
            O::I32Extend16S => self.sign_extend(I16, I32),
            O::I64Extend8S => self.sign_extend(I8, I64),
            O::I64Extend16S => self.sign_extend(I16, I64),
            O::I64Extend32S => self.sign_extend(I32, I64),

            O::I32TruncF32S | O::I32TruncF64S => self.unary(|ins, x| ins.fcvt_to_sint(I32, x)),
            O::I32TruncF32U | O::I32TruncF64U => self.unary(|ins, x| ins.fcvt_to_uint(I32, x)),
            O::I64TruncF32S | O::I64TruncF64S => self.unary(|ins, x| ins.fcvt_to_sint(I64, x)),
            O::I64TruncF32U | O::I64TruncF64U => self.unary(|ins, x| ins.fcvt_to_uint(I64, x)),
            O::I32TruncSatF32S | O::I32TruncSatF64S => self.unary(|ins, x| ins.fcvt_to_sint_sat(I32, x)),
            O::I32TruncSatF32U | O::I32TruncSatF64U => self.unary(|ins, x| ins.fcvt_to_uint_sat(I32, x)),
            O::I64TruncSatF32S | O::I64TruncSatF64S => self.unary(|ins, x| ins.fcvt_to_sint_sat(I64, x)),
            O::I64TruncSatF32U | O::I64TruncSatF64U => self.unary(|ins, x| ins.fcvt_to_uint_sat(I64, x)),
            O::F32ConvertI32S | O::F32ConvertI64S => self.unary(|ins, x| ins.fcvt_from_sint(F32, x)),
            O::F32ConvertI32U | O::F32ConvertI64U => self.unary(|ins, x| ins.fcvt_from_uint(F32, x)),
            O::F64ConvertI32S | O::F64ConvertI64S => self.unary(|ins, x| ins.fcvt_from_sint(F64, x)),
            O::F64ConvertI32U | O::F64ConvertI64U => self.unary(|ins, x| ins.fcvt_from_uint(F64, x)),
            O::F32DemoteF64 => self.unary(|ins, x| ins.fdemote(F32, x)),
            O::F64PromoteF32 => self.unary(|ins, x| ins.fpromote(F64, x)),
            O::I32ReinterpretF32 => self.reinterpret(I32),
            O::I64ReinterpretF64 => self.reinterpret(I64),
            O::F32ReinterpretI32 => self.reinterpret(F32),
            O::F64ReinterpretI64 => self.reinterpret(F64),

            O::I64Add128 => self.wide(|ins, x, y| ins.iadd(x, y)),
            O::I64Sub128 => self.wide(|ins, x, y| ins.isub(x, y)),
            O::I64MulWideS => self.mul_wide(|ins, x| ins.sextend(I128, x)),
            O::I64MulWideU => self.mul_wide(|ins, x| ins.uextend(I128, x)),
            _ => return false,
        }
        true
    }

    /// An operation on two 128-bit integers, each given and returned as its halves, low half first
    /// (wide-arithmetic proposal).
    fn wide(&mut self, build: impl FnOnce(FuncInstBuilder<'_, '_>, Value, Value) -> Value) {
        let (low, high) = self.pop2();
        let second = self.builder.ins().iconcat(low, high);
        let (low, high) = self.pop2();
        let first = self.builder.ins().iconcat(low, high);
        let value = build(self.builder.ins(), first, second);
        self.push_halves(value);
    }

    /// The full product of two 64-bit integers (wide-arithmetic proposal).
    fn mul_wide(&mut self, extend: impl Fn(FuncInstBuilder<'_, '_>, Value) -> Value) {
        let (first, second) = self.pop2();
        let first = extend(self.builder.ins(), first);
        let second = extend(self.builder.ins(), second);
        let value = self.builder.ins().imul(first, second);
        self.push_halves(value);
    }

    fn push_halves(&mut self, value: Value) {
        let (low, high) = self.builder.ins().isplit(value);
        self.push(low);
        self.push(high);
    }

    fn constant(&mut self, build: impl FnOnce(FuncInstBuilder<'_, '_>) -> Value) {
        let value = build(self.builder.ins());
        self.push(value);
    }

    fn unary(&mut self, build: impl FnOnce(FuncInstBuilder<'_, '_>, Value) -> Value) {
        let operand = self.pop();
        let value = build(self.builder.ins(), operand);
        self.push(value);
    }

    fn binary(&mut self, build: impl FnOnce(FuncInstBuilder<'_, '_>, Value, Value) -> Value) {
        let (first, second) = self.pop2();
        let value = build(self.builder.ins(), first, second);
        self.push(value);
    }

    /// Comparisons give an `i8` in the IR and an `i32` in WebAssembly.
    pub(super) fn push_bool(&mut self, value: Value) {
        let value = self.builder.ins().uextend(I32, value);
        self.push(value);
    }

    fn subtract(&mut self) {
        match self.env.fault.is(InjectedFault::Operands) {
            false => self.binary(|ins, x, y| ins.isub(x, y)),
            true => self.binary(|ins, x, y| ins.isub(y, x)),
        }
    }

    fn eqz(&mut self) {
        let operand = self.pop();
        let value = self.builder.ins().icmp_imm_u(IntCC::Equal, operand, 0);
        self.push_bool(value);
    }

    fn icmp(&mut self, condition: IntCC) {
        let (first, second) = self.pop2();
        let condition = match self.env.fault.is(InjectedFault::Compare) {
            false => condition,
            true => condition.swap_args(),
        };
        let value = self.builder.ins().icmp(condition, first, second);
        self.push_bool(value);
    }

    fn fcmp(&mut self, condition: FloatCC) {
        let (first, second) = self.pop2();
        let value = self.builder.ins().fcmp(condition, first, second);
        self.push_bool(value);
    }

    fn sign_extend(&mut self, from: Type, to: Type) {
        let operand = self.pop();
        let from = match self.env.fault.is(InjectedFault::SignExtension) {
            false => from,
            true => from.half_width().unwrap_or(from),
        };
        let narrow = self.builder.ins().ireduce(from, operand);
        let value = self.builder.ins().sextend(to, narrow);
        self.push(value);
    }

    fn reinterpret(&mut self, ty: Type) {
        let operand = self.pop();
        let value = self.builder.ins().bitcast(ty, MemFlagsData::new(), operand);
        self.push(value);
    }

    /// Rounds by instruction where the machine has one; Cranelift would call a library function
    /// elsewhere, which no artefact may do.
    fn round(&mut self, builtin: Builtin, build: impl FnOnce(FuncInstBuilder<'_, '_>, Value) -> Value) {
        if self.env.isa.has_round() {
            return self.unary(build);
        }
        let operand = self.pop();
        if let Some(value) = self.call_builtin(builtin, &[operand]) {
            self.push(value);
        }
    }
}
