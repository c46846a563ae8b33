//! Functions: references to them, calls, and those of the host.

use crate::activation;
use crate::builtins;
use crate::global::GlobalError;
use crate::memory::MemoryAccessError;
use crate::stable::Stable;
use crate::store::{ResourceError, Store, StoreId, StoreInner};
use crate::trap::{Failure, TrapReport};
use crate::types::{TypeId, is_abstract};
use crate::{Global, Memory, Val};
use smallvec::SmallVec;
use std::error::Error;
use std::fmt;
use std::ptr::{self, NonNull};
use trapline_abi::vmlayout::{HOST_FUNC_MAGIC, VMContextHeader, VMFuncRef, VMHostFuncContext, ValRaw};
use trapline_abi::{FuncType, ValType};

/// A function of a store. Handles are equal if they mean the same function, whichever way they were
/// come by.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Func {
    pub(crate) store: StoreId,
    pub(crate) ptr: NonNull<VMFuncRef>,
}

// SAFETY: I4: the pointer is only followed with the store at hand, which is on its own thread.
unsafe impl Send for Func {}
// SAFETY: I4: as above.
unsafe impl Sync for Func {}

/// How a call can fail.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// It trapped.
    #[error(transparent)]
    Trap(Box<TrapReport>),
    /// A host function failed.
    #[error(transparent)]
    Host(#[from] HostError),
    /// The arguments do not suit the function.
    #[error("call the function: it takes {}, not {}", list(expected), list(found))]
    Arguments {
        /// The types of its parameters.
        expected: Vec<ValType>,
        /// The types of the arguments.
        found: Vec<ValType>,
    },
    /// The system did not grant what a call needs.
    #[error(transparent)]
    Resource(#[from] ResourceError),
    /// Compiled code trapped without a recorded reason: the object or the runtime is
    /// broken.
    #[error("explain why the function was left: no failure is known")]
    NoReason,
}

fn list(types: &[ValType]) -> String {
    let ty = FuncType { params: types.to_vec(), results: Vec::new() };
    ty.to_string().trim_end_matches(" -> []").to_owned()
}

/// Why a host function failed. Made from a [`CallError`], it passes a trap on as the trap that it
/// was.
#[derive(Debug)]
pub struct HostError(Box<dyn Error + Send + Sync>);

impl HostError {
    /// An error of the host's own, or a message.
    pub fn new(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(error.into())
    }

    /// The error within.
    pub fn get(&self) -> &(dyn Error + Send + Sync + 'static) {
        &*self.0
    }
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for HostError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

impl From<CallError> for HostError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Host(error) => error,
            error => Self(Box::new(error)),
        }
    }
}

impl From<HostError> for Failure {
    fn from(error: HostError) -> Self {
        match error.0.downcast::<CallError>().map(|call| *call) {
            Ok(CallError::Trap(report)) => Failure::Nested(report),
            Ok(other) => Failure::Host(HostError(Box::new(other))),
            Err(error) => Failure::Host(HostError(error)),
        }
    }
}

/// The store as a host function may use it: to look at anything, and to change what handles name.
///
/// The calling code waits in the middle of an instruction, so a host function cannot have the
/// `&mut Store` itself, which could be swapped for another.
#[derive(Debug)]
pub struct Caller<'a> {
    store: &'a mut Store,
}

impl Caller<'_> {
    /// The store.
    pub fn store(&self) -> &Store {
        self.store
    }

    /// Calls a function.
    ///
    /// # Errors
    ///
    /// As [`Func::call`].
    pub fn call(&mut self, func: Func, args: &[Val]) -> Result<Vec<Val>, CallError> {
        func.call(self.store, args)
    }

    /// Copies bytes into a memory.
    ///
    /// # Errors
    ///
    /// As [`Memory::write`].
    pub fn write_memory(&mut self, memory: Memory, at: u64, bytes: &[u8]) -> Result<(), MemoryAccessError> {
        memory.write(self.store, at, bytes)
    }

    /// Grows a memory, as [`Memory::grow`].
    pub fn grow_memory(&mut self, memory: Memory, delta: u64) -> Option<u64> {
        memory.grow(self.store, delta)
    }

    /// Sets a global.
    ///
    /// # Errors
    ///
    /// As [`Global::set`].
    pub fn set_global(&mut self, global: Global, val: Val) -> Result<(), GlobalError> {
        global.set(self.store, val)
    }
}

type Callback = dyn Fn(Caller<'_>, &[Val]) -> Result<Vec<Val>, HostError>;

/// A function of the host.
pub(crate) struct HostFunc {
    context: VMHostFuncContext,
    func_ref: VMFuncRef,
    callback: Box<Callback>,
}

impl HostFunc {
    /// Its type in the store.
    pub(crate) fn type_id(&self) -> TypeId {
        self.func_ref.type_id
    }

    /// The reference by which it is known everywhere in its store.
    pub(crate) fn reference(&self) -> *const VMFuncRef {
        &raw const self.func_ref
    }

    /// Gives compiled code a way to call it, if it has none yet.
    pub(crate) fn set_code(&mut self, code: *const u8) {
        if self.func_ref.code.is_null() {
            self.func_ref.code = code;
        }
    }
}

impl fmt::Debug for HostFunc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostFunc").field("type_id", &self.type_id()).finish_non_exhaustive()
    }
}

impl Func {
    /// Makes a function of the host.
    ///
    /// What the callback returns is checked against the type; a wrong result fails the call. It may
    /// panic: the panic goes on in the caller of compiled code.
    ///
    /// # Panics
    ///
    /// If the type names a type of a module: there is no module.
    pub fn new_host(
        store: &mut Store,
        ty: FuncType,
        callback: impl Fn(Caller<'_>, &[Val]) -> Result<Vec<Val>, HostError> + 'static,
    ) -> Func {
        let known = ty.params.iter().chain(&ty.results).all(|&ty| is_abstract(ty));
        assert!(known, "a function of the host cannot name a module's types");
        let vm = store.as_ptr().cast();
        let store = store.inner_mut();
        let type_id = store.types.intern_func(ty);
        let code = store.exit_stubs.get(type_id as usize).copied().unwrap_or(ptr::null());
        let header = VMContextHeader {
            magic: HOST_FUNC_MAGIC,
            store: vm,
            builtins: builtins::table(),
            owner: ptr::null_mut(),
        };
        let host = Stable::new(HostFunc {
            context: VMHostFuncContext { header },
            func_ref: VMFuncRef { code, entry: ptr::null(), vmctx: ptr::null_mut(), type_id },
            callback: Box::new(callback),
        });
        let at = host.as_ptr();
        // SAFETY: I4: the host function stays at its address as long as the store lives.
        let ptr = unsafe {
            (*at).context.header.owner = at.cast();
            (*at).func_ref.vmctx = (&raw mut (*at).context).cast();
            NonNull::new_unchecked(&raw mut (*at).func_ref)
        };
        store.host_funcs.push(host);
        Func { store: store.id, ptr }
    }

    /// Its type. Concrete types carry the numbers that they have in the store, not indices into any
    /// module.
    pub fn ty(self, store: &Store) -> FuncType {
        let store = store.inner();
        store.types.func(store.func_ref(self).type_id).clone()
    }

    /// Calls it.
    ///
    /// # Errors
    ///
    /// When it traps, a host function fails, or the arguments are not of its parameters' types.
    ///
    /// # Panics
    ///
    /// If the function, or an argument that is a function, is of another store; or if a host
    /// function panics.
    pub fn call(self, store: &mut Store, args: &[Val]) -> Result<Vec<Val>, CallError> {
        let inner = store.inner_mut();
        let callee = inner.func_ref(self);
        let ty = inner.types.func(callee.type_id);
        let suitable = args.len() == ty.params.len()
            && args.iter().zip(&ty.params).all(|(&arg, &param)| inner.is_of_type(arg, param));
        if !suitable {
            let found = args.iter().map(Val::ty).collect();
            return Err(CallError::Arguments { expected: ty.params.clone(), found });
        }
        if let Some(host) = inner.host_func(callee) {
            // SAFETY: I5: the host function is one of this store, to which no reference is in use.
            return unsafe { call_host(store.as_ptr(), host, args) }.map_err(|failure| match failure {
                Failure::Nested(report) => CallError::Trap(report),
                Failure::Trap(trap, detail) => CallError::Trap(Box::new(TrapReport::outside(trap, detail))),
                Failure::Host(error) => CallError::Host(error),
            });
        }
        let room = ty.params.len().max(ty.results.len());
        let mut values: SmallVec<[ValRaw; 8]> = SmallVec::with_capacity(room);
        values.extend(args.iter().map(|&arg| inner.lower(arg)));
        values.resize(room, ValRaw::default());
        // SAFETY: I5: the callee is a compiled function of this store, to which no reference is in
        // use; the values are of its parameters' types, with room for its results.
        unsafe { activation::invoke(store.as_ptr(), callee, values.as_mut_ptr())? };
        let inner = store.inner();
        let results = &inner.types.func(callee.type_id).results;
        Ok(results.iter().zip(values).map(|(&ty, value)| inner.lift(value, ty)).collect())
    }
}

/// Calls a host function and checks what it returns.
///
/// # Safety
///
/// I5: no reference to the store exists, and `host` is a function of it.
pub(crate) unsafe fn call_host(
    store: *mut StoreInner,
    host: *const HostFunc,
    args: &[Val],
) -> Result<Vec<Val>, Failure> {
    // SAFETY: I3, I5: the handle that was used to call into this store is borrowed by that call, so
    // this one stands in for it; the caller of the host function cannot move it. The store owns the
    // callback, which stays where it is.
    unsafe {
        let mut lent = Store::lend(NonNull::new_unchecked(store));
        let results = ((*host).callback)(Caller { store: &mut lent }, args)?;
        let store = lent.inner();
        let wanted = &store.types.func((*host).type_id()).results;
        let suitable = results.len() == wanted.len()
            && results.iter().zip(wanted).all(|(&result, &ty)| store.is_of_type(result, ty));
        if !suitable {
            let found: Vec<_> = results.iter().map(Val::ty).collect();
            let message = format!("the host function returned {}, not {}", list(&found), list(wanted));
            return Err(HostError::new(message).into());
        }
        Ok(results)
    }
}
