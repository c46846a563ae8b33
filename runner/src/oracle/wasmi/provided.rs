//! What modules of scripts get of a host of programs: WASI, in a store of wasmi's.

use crate::executor::Failure;
use crate::host::{Ended, Function, GUEST_MEMORY, GuestBytes, HostFailure, World, WorldOptions};
use crate::trail::Refusal;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use trapline_abi::{FuncType, TypeId, ValType};
use wasmi::{Caller, Extern, Func, Instance, Memory, Store, StoreLimits, Val};

/// What the programs of a store see of the world.
pub(super) type SharedWorld = Arc<Mutex<World>>;

/// The memory of the module that functions are provided to, once it is known.
type GuestMemory = Arc<Mutex<Option<Memory>>>;

/// What is provided to the next module that is instantiated.
#[derive(Default)]
pub(super) struct Provided {
    functions: HashMap<(String, String), Extern>,
    guest: GuestMemory,
}

impl Provided {
    /// Adds a function of WASI for an import.
    pub(super) fn add(
        &mut self,
        store: &mut Store<StoreLimits>,
        world: SharedWorld,
        (module, name): (&str, &str),
        function: &'static Function,
    ) {
        let made = self::function(store, world, self.guest.clone(), (module, name), function);
        self.functions.insert((module.to_owned(), name.to_owned()), made);
    }

    /// What is provided for an import.
    pub(super) fn get(&self, module: &str, name: &str) -> Option<Extern> {
        self.functions.get(&(module.to_owned(), name.to_owned())).copied()
    }

    /// Takes the memory from what the module imports: the first counts.
    pub(super) fn importing(&self, imports: &[Extern]) {
        *locked(&self.guest) = imports.iter().find_map(|import| import.into_memory());
    }

    /// Takes it from what the instance exports: that of the name that programs have it by, else the first if none was imported.
    pub(super) fn instantiated(&self, store: &Store<StoreLimits>, instance: Instance) {
        let mut guest = locked(&self.guest);
        for export in instance.exports(store) {
            let is_named = export.name() == GUEST_MEMORY;
            if let Some(memory) = export.into_memory().filter(|_| is_named || guest.is_none()) {
                *guest = Some(memory);
            }
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is behind the locks is whole at any time.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A world that is the same in every run.
pub(super) fn world() -> Result<SharedWorld, Failure> {
    let world = World::new(WorldOptions::closed())
        .map_err(|error| Failure::Harness(Refusal::harness(format!("failed to {error}"))))?;
    Ok(Arc::new(Mutex::new(world)))
}

/// A function of WASI for a module to import, by this name.
fn function(
    store: &mut Store<StoreLimits>,
    world: SharedWorld,
    guest: GuestMemory,
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
        let args = args.iter().map(|arg| match *arg {
            Val::I64(value) => trapline_runtime::Val::I64(value),
            Val::I32(value) => trapline_runtime::Val::I32(value),
            _ => unreachable!("WASI has no parameters of other types"),
        });
        let args: Vec<_> = args.collect();
        let mut bytes = locked(&guest).map(|memory| Bytes { caller: &mut caller, memory });
        let bytes = bytes.as_mut().map(|bytes| bytes as &mut dyn GuestBytes);
        let errno = match function.call(&mut locked(&world), bytes, &args) {
            Ended::Returned(Ok(())) => 0,
            Ended::Returned(Err(error)) => error as i32,
            Ended::Exited(exited) => return Err(wasmi::Error::i32_exit(exited.0.cast_signed())),
            Ended::NoMemory => {
                let (module, name) = import.clone();
                return Err(wasmi::Error::new(HostFailure::NoMemory { module, name }.to_string()));
            }
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
