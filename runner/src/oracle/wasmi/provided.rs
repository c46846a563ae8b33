//! What modules of scripts get of a host of programs: WASI, in a store of wasmi's.

use crate::executor::Failure;
use crate::host::{Ended, Function, GuestBytes, HostFailure, World, WorldOptions};
use crate::trail::Refusal;
use std::sync::{Arc, Mutex, PoisonError};
use trapline_abi::{FuncType, TypeId, ValType};
use wasmi::{Caller, Extern, Func, Memory, Store, StoreLimits, Val};

/// The memory of a WASI program (WASI, "Current Unstable ABI").
const MEMORY: &str = "memory";

/// What the programs of a store see of the world.
pub(super) type SharedWorld = Arc<Mutex<World>>;

/// A world that is the same in every run.
pub(super) fn world() -> Result<SharedWorld, Failure> {
    let world = World::new(WorldOptions::closed())
        .map_err(|error| Failure::Harness(Refusal::harness(format!("failed to {error}"))))?;
    Ok(Arc::new(Mutex::new(world)))
}

/// A function of WASI for a module to import, by this name.
pub(super) fn function(
    store: &mut Store<StoreLimits>,
    world: SharedWorld,
    (module, name): (&str, &str),
    function: &'static Function,
) -> Extern {
    let import = (module.to_owned(), name.to_owned());
    let FuncType { params, results } = function.ty::<TypeId>();
    let number = |ty: &ValType<TypeId>| match ty {
        ValType::I64 => wasmi::ValType::I64,
        // WASI has no others.
        _ => wasmi::ValType::I32,
    };
    let ty = wasmi::FuncType::new(params.iter().map(number), results.iter().map(number));
    let call = move |mut caller: Caller<'_, StoreLimits>, args: &[Val], results: &mut [Val]| {
        let Some(Extern::Memory(memory)) = caller.get_export(MEMORY) else {
            let (module, name) = import.clone();
            return Err(wasmi::Error::new(HostFailure::NoMemory { module, name }.to_string()));
        };
        let args = args.iter().map(|arg| match *arg {
            Val::I64(value) => trapline_runtime::Val::I64(value),
            Val::I32(value) => trapline_runtime::Val::I32(value),
            _ => unreachable!("WASI has no parameters of other types"),
        });
        let args: Vec<_> = args.collect();
        let mut bytes = Bytes { caller: &mut caller, memory };
        let mut world = world.lock().unwrap_or_else(PoisonError::into_inner);
        let errno = match function.call(&mut world, &mut bytes, &args) {
            Ended::Returned(Ok(())) => 0,
            Ended::Returned(Err(error)) => error as i32,
            Ended::Exited(exited) => return Err(wasmi::Error::i32_exit(exited.0.cast_signed())),
        };
        if let Some(result) = results.first_mut() {
            *result = Val::I32(errno);
        }
        Ok(())
    };
    Extern::Func(Func::new(store, ty, call))
}

/// A memory of wasmi's during a call.
struct Bytes<'a, 'c> {
    caller: &'a mut Caller<'c, StoreLimits>,
    memory: Memory,
}

impl GuestBytes for Bytes<'_, '_> {
    fn size(&self) -> u64 {
        self.memory.data_size(&*self.caller) as u64
    }

    fn read(&self, at: u64, into: &mut [u8]) -> bool {
        usize::try_from(at).is_ok_and(|at| self.memory.read(&*self.caller, at, into).is_ok())
    }

    fn write(&mut self, at: u64, bytes: &[u8]) -> bool {
        usize::try_from(at).is_ok_and(|at| self.memory.write(&mut *self.caller, at, bytes).is_ok())
    }
}
