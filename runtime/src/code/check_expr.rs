//! Typing of constant expressions: what passes is evaluated without a check.

use super::check::{Check, can_be_referred_to, ensure};
use crate::types::{TypeId, TypeRegistry};
use std::cell::OnceCell;
use trapline_abi::{ConstExpr, ConstOp, GlobalIndex, HeapType, ModuleInfo, RefType, TypeIndex, ValType};

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
                    let heap = HeapType::Concrete(module.funcs[func.index()].ty);
                    ValType::Ref(RefType { nullable: false, heap })
                }
                ConstOp::RefNull(heap) => {
                    let known = !matches!(heap, HeapType::Concrete(ty) if ty.index() >= module.types.len());
                    refuse(known, "its expression names a type that does not exist")?;
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
            };
            stack.push(pushed);
        }
        let fits = matches!(stack[..], [value] if self.matches(value, wanted));
        refuse(fits, "its expression does not leave one value of its type")
    }

    /// Whether a value of one type may stand where another is wanted.
    fn matches(&self, have: ValType, want: ValType) -> bool {
        let (ValType::Ref(have), ValType::Ref(want)) = (have, want) else { return have == want };
        // `ref.null` of an abstract type is the null of every type below it.
        let heap = match (have.heap, want.heap) {
            (HeapType::Extern, HeapType::Extern) => true,
            (HeapType::Func | HeapType::Concrete(_), HeapType::Func) => true,
            (HeapType::Concrete(have), HeapType::Concrete(want)) => self.is_subtype(have, want),
            (HeapType::Func | HeapType::Extern | HeapType::Concrete(_), _) => false,
        };
        heap && (want.nullable || !have.nullable)
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

fn global_type(module: &ModuleInfo, global: GlobalIndex) -> ValType {
    module.globals[global.index()].ty.val
}
