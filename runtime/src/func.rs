//! Functions, as the host uses them: calls, and functions of its own.

use crate::builtins;
use crate::error::{GlobalError, HostError, MemoryAccessError, ThrownByHost};
use crate::funcs::{Callback, HostFunc};
use crate::handle::{Func, Global, Memory, Val};
use crate::stable::Stable;
use crate::store::{Store, StoreInner};
use crate::trap::{CallError, Failure, TrapReport, list};
use crate::vm;
use smallvec::SmallVec;
use std::ptr::{self, NonNull};
use trapline_abi::vmlayout::{HOST_FUNC_MAGIC, VMContextHeader, VMHostFuncContext, VMStoreContext, ValRaw};
use trapline_abi::{FuncType, TypeId};

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

impl Func {
    /// Makes a function of the host.
    ///
    /// What the callback returns is checked against the type; a wrong result fails the call. It may
    /// panic: the panic goes on in the caller of compiled code.
    ///
    /// # Panics
    ///
    /// If the type names what is not a type of the store.
    pub fn new_host(
        store: &mut Store,
        ty: FuncType<TypeId>,
        callback: impl Fn(Caller<'_>, &[Val]) -> Result<Vec<Val>, HostError> + 'static,
    ) -> Func {
        let vm = store.as_ptr().cast();
        let store = store.inner_mut();
        ty.params.iter().chain(&ty.results).for_each(|&ty| store.types.assert_knows(ty));
        let type_id = store.types.intern_func(&ty);
        let code = store.exit_stubs.get(type_id.index()).copied().unwrap_or(ptr::null());
        let header = VMContextHeader {
            magic: HOST_FUNC_MAGIC,
            store: vm,
            builtins: builtins::table(),
            owner: ptr::null_mut(),
        };
        let host = Stable::new(HostFunc {
            context: VMHostFuncContext { header },
            func_ref: store.types.func_ref(type_id, code, ptr::null(), ptr::null_mut()),
            callback: Box::new(Closure(callback)),
        });
        let at = host.as_ptr();
        // SAFETY: I4: the host function stays at its address as long as the store lives.
        let ptr = unsafe {
            (*at).context.header.owner = at.cast();
            (*at).func_ref.vmctx = (&raw mut (*at).context).cast();
            NonNull::new_unchecked(&raw mut (*at).func_ref)
        };
        store.funcs.push(host);
        Func { store: store.id, ptr }
    }

    /// Its type.
    pub fn ty(self, store: &Store) -> FuncType<TypeId> {
        let store = store.inner();
        store.types.func(store.type_of(self)).clone()
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
        let type_id = inner.type_of(self);
        let ty = inner.types.func(type_id);
        let suitable = args.len() == ty.params.len()
            && args.iter().zip(&ty.params).all(|(arg, &param)| inner.is_of_type(arg, param));
        if !suitable {
            let found = args.iter().map(Val::ty).collect();
            return Err(CallError::Arguments { expected: ty.params.clone(), found });
        }
        if let Some(host) = inner.host_func(callee) {
            // SAFETY: I5: the host function is one of this store, to which no reference is in use.
            return unsafe { (*host).callback.call(store.as_ptr().cast(), host, args) }.map_err(|failure| {
                match failure {
                    Failure::Nested(report) => CallError::Trap(report),
                    Failure::Trap(trap, detail) => {
                        CallError::Trap(Box::new(TrapReport::outside(trap, detail)))
                    }
                    Failure::Exception(exception) => {
                        CallError::Exception(Box::new(store.inner().uncaught(exception)))
                    }
                    Failure::Host(error) => CallError::Host(error),
                }
            });
        }
        let room = ty.params.len().max(ty.results.len());
        let mut values: SmallVec<[ValRaw; 8]> = SmallVec::with_capacity(room);
        values.extend(inner.lower_all(args)?);
        values.resize(room, ValRaw::default());
        // SAFETY: I5: the callee is a compiled function of this store, to which no reference is in
        // use; the values are of its parameters' types, with room for its results.
        unsafe { vm::invoke(store.as_ptr(), callee, values.as_mut_ptr())? };
        let inner = store.inner();
        let results = &inner.types.func(type_id).results;
        Ok(results.iter().zip(values).map(|(&ty, value)| inner.lift(value, ty)).collect())
    }
}

/// A closure of the host as a function of WebAssembly.
struct Closure<F>(F);

impl<F> Callback for Closure<F>
where
    F: Fn(Caller<'_>, &[Val]) -> Result<Vec<Val>, HostError>,
{
    unsafe fn call(
        &self,
        store: *mut VMStoreContext,
        host: *const HostFunc,
        args: &[Val],
    ) -> Result<Vec<Val>, Failure> {
        // SAFETY: I3, I5: the handle that was used to call into this store is borrowed by that call, so
        // this one stands in for it; the caller of the host function cannot move it. The store owns the
        // callback, which stays where it is.
        unsafe {
            let mut lent = Store::lend(NonNull::new_unchecked(store.cast::<StoreInner>()));
            let results = match (self.0)(Caller { store: &mut lent }, args) {
                Ok(results) => results,
                Err(error) => {
                    return Err(match error.0.downcast::<ThrownByHost>() {
                        Ok(thrown) => lent.inner_mut().throw_of_host(*thrown),
                        Err(error) => HostError(error).into(),
                    });
                }
            };
            let store = lent.inner();
            let wanted = &store.types.func((*host).type_id()).results;
            let suitable = results.len() == wanted.len()
                && results.iter().zip(wanted).all(|(result, &ty)| store.is_of_type(result, ty));
            if !suitable {
                let found: Vec<_> = results.iter().map(Val::ty).collect();
                let message = format!("the host function returned {}, not {}", list(&found), list(wanted));
                return Err(HostError::new(message).into());
            }
            Ok(results)
        }
    }
}
