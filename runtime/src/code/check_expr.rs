//! Typing of constant expressions: what passes is evaluated without a check.

use super::check::{Check, can_be_referred_to, ensure, heap_type_below};
use crate::types::TypeRegistry;
use std::cell::OnceCell;
use trapline_abi::{
    CompositeType, ConcreteType, ConstExpr, ConstOp, GlobalIndex, HeapType, ModuleInfo, RefType, TypeId,
    TypeIndex, TypeKind, ValType,
};

/// What the constant expressions of a module are checked against.
pub(super) struct Expressions<'a> {
    pub(super) module: &'a ModuleInfo,
    /// The module's types by their identity. Few modules have expressions whose types differ in name.
    canonical: OnceCell<(TypeRegistry, Vec<TypeId>)>,
}

impl<'a> Expressions<'a> {
    pub(super) fn of(module: &'a ModuleInfo) -> Self {
        Self { module, canonical: OnceCell::new() }
    }

    /// Checks that an expression leaves exactly one value, of the type `wanted`. Only the first
    /// `globals` globals exist for it.
    pub(super) fn check(
        &self,
        expr: &ConstExpr,
        wanted: ValType,
        globals: usize,
        what: &'static str,
        index: usize,
    ) -> Check {
        let module = self.module;
        let refuse = |holds, reason| ensure(holds, what, index, reason);
        let mut stack: Vec<ValType> = Vec::with_capacity(expr.ops.len().min(16));
        for op in &expr.ops {
            let pushed = match *op {
                ConstOp::I32Const(_) => ValType::I32,
                ConstOp::I64Const(_) => ValType::I64,
                ConstOp::F32Const(_) => ValType::F32,
                ConstOp::F64Const(_) => ValType::F64,
                ConstOp::V128Const(_) => ValType::V128,
                ConstOp::GlobalGet(global) => {
                    refuse(
                        global.index() < globals,
                        "its expression names a global that does not exist yet",
                    )?;
                    global_type(module, global)
                }
                ConstOp::RefFunc(func) => {
                    refuse(
                        can_be_referred_to(module, func),
                        "its expression names a function that does not exist",
                    )?;
                    let index = module.funcs[func.index()].ty;
                    let heap = HeapType::Concrete(ConcreteType { kind: TypeKind::Func, index, exact: true });
                    ValType::Ref(RefType { nullable: false, heap })
                }
                ConstOp::RefNull(heap) => {
                    refuse(
                        heap_type_below(heap, &module.types, module.types.len()),
                        "its expression names a type that does not exist",
                    )?;
                    ValType::Ref(RefType { nullable: true, heap })
                }
                ConstOp::I32Add | ConstOp::I32Sub | ConstOp::I32Mul => {
                    let operands = (stack.pop(), stack.pop());
                    refuse(
                        operands == (Some(ValType::I32), Some(ValType::I32)),
                        "its expression is ill-typed",
                    )?;
                    ValType::I32
                }
                ConstOp::I64Add | ConstOp::I64Sub | ConstOp::I64Mul => {
                    let operands = (stack.pop(), stack.pop());
                    refuse(
                        operands == (Some(ValType::I64), Some(ValType::I64)),
                        "its expression is ill-typed",
                    )?;
                    ValType::I64
                }
                ConstOp::RefI31 => {
                    refuse(stack.pop() == Some(ValType::I32), "its expression is ill-typed")?;
                    reference(HeapType::I31, false)
                }
                ConstOp::AnyConvertExtern | ConstOp::ExternConvertAny => {
                    let (from, to) = match op {
                        ConstOp::AnyConvertExtern => (HeapType::<TypeIndex>::Extern, HeapType::Any),
                        _ => (HeapType::Any, HeapType::Extern),
                    };
                    let nullable = match stack.pop() {
                        Some(ValType::Ref(ty)) if ty.heap.hierarchy() == from.hierarchy() => ty.nullable,
                        _ => return refuse(false, "its expression is ill-typed"),
                    };
                    reference(to, nullable)
                }
                ConstOp::StructNew(ty)
                | ConstOp::StructNewDefault(ty)
                | ConstOp::StructNewDesc(ty)
                | ConstOp::StructNewDefaultDesc(ty)
                | ConstOp::ArrayNew(ty)
                | ConstOp::ArrayNewDefault(ty)
                | ConstOp::ArrayNewFixed(ty, _) => {
                    let made = self.operands_of_new(*op, ty, &mut stack);
                    refuse(made, "its expression is ill-typed")?;
                    let kind = match module.types[ty.index()].composite {
                        CompositeType::Array(_) => TypeKind::Array,
                        _ => TypeKind::Struct,
                    };
                    reference(HeapType::Concrete(ConcreteType { kind, index: ty, exact: true }), false)
                }
            };
            stack.push(pushed);
        }
        let fits = matches!(stack[..], [value] if self.matches(value, wanted));
        refuse(fits, "its expression does not leave one value of its type")
    }

    /// Takes what an operator that makes an object wants off the stack. Gives whether it was there and the type is one of
    /// such objects.
    fn operands_of_new(&self, op: ConstOp, ty: TypeIndex, stack: &mut Vec<ValType>) -> bool {
        let Some(sub) = self.module.types.get(ty.index()) else { return false };
        let mut take = |want: ValType| stack.pop().is_some_and(|have| self.matches(have, want));
        let described = |exact: TypeIndex| {
            let heap = HeapType::Concrete(ConcreteType { kind: TypeKind::Struct, index: exact, exact: true });
            ValType::Ref(RefType { nullable: true, heap })
        };
        match (op, &sub.composite) {
            (ConstOp::StructNew(_), CompositeType::Struct(fields)) => {
                sub.descriptor.is_none() && fields.iter().rev().all(|field| take(field.storage.unpacked()))
            }
            (ConstOp::StructNewDefault(_), CompositeType::Struct(fields)) => {
                sub.descriptor.is_none() && fields.iter().all(|field| has_default(field.storage.unpacked()))
            }
            (ConstOp::StructNewDesc(_), CompositeType::Struct(fields)) => {
                let descriptor = sub.descriptor.is_some_and(|index| take(described(index)));
                descriptor && fields.iter().rev().all(|field| take(field.storage.unpacked()))
            }
            (ConstOp::StructNewDefaultDesc(_), CompositeType::Struct(fields)) => {
                let descriptor = sub.descriptor.is_some_and(|index| take(described(index)));
                descriptor && fields.iter().all(|field| has_default(field.storage.unpacked()))
            }
            (ConstOp::ArrayNew(_), CompositeType::Array(element)) => {
                take(ValType::I32) && take(element.storage.unpacked())
            }
            (ConstOp::ArrayNewDefault(_), CompositeType::Array(element)) => {
                take(ValType::I32) && has_default(element.storage.unpacked())
            }
            (ConstOp::ArrayNewFixed(_, len), CompositeType::Array(element)) => {
                (0..len).all(|_| take(element.storage.unpacked()))
            }
            _ => false,
        }
    }

    /// Whether a value of one type may stand where another is wanted.
    pub(super) fn matches(&self, have: ValType, want: ValType) -> bool {
        have.matches(want, |have, want| self.is_subtype(have, want))
    }

    /// Whether one type of the module is another or declared below it.
    fn is_subtype(&self, have: TypeIndex, want: TypeIndex) -> bool {
        if have == want {
            return true;
        }
        // Two declarations may make the same type. The store will know; before there is one, a registry
        // of the module's own tells.
        let (registry, ids) = self.canonical.get_or_init(|| {
            let mut registry = TypeRegistry::default();
            let ids = registry.intern_module(self.module);
            (registry, ids)
        });
        registry.is_subtype(ids[have.index()], ids[want.index()])
    }
}

fn reference(heap: HeapType, nullable: bool) -> ValType {
    ValType::Ref(RefType { nullable, heap })
}

/// Whether zero or null is a value of the type.
fn has_default(ty: ValType) -> bool {
    match ty {
        ValType::Ref(ty) => ty.nullable,
        ValType::I32 | ValType::I64 | ValType::F32 | ValType::F64 | ValType::V128 => true,
    }
}

fn global_type(module: &ModuleInfo, global: GlobalIndex) -> ValType {
    module.globals[global.index()].ty.val
}
