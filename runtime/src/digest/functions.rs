//! Functions by their place among the instances or the host's functions.

use super::value::FuncIdentity;
use crate::store::StoreInner;
use rustc_hash::FxHashMap;
use trapline_abi::FuncIndex;
use trapline_abi::vmlayout::VMFuncRef;

/// The function that each reference refers to.
#[derive(Default, Debug)]
pub(super) struct Functions {
    by_address: FxHashMap<usize, FuncIdentity>,
    instances: usize,
    hosts: usize,
}

impl Functions {
    /// Learns of the functions that are new in a store.
    pub(super) fn learn(&mut self, store: &StoreInner) {
        for (number, instance) in store.instances.iter().enumerate().skip(self.instances) {
            let info = instance.module.info();
            for (index, func) in info.funcs.iter().enumerate().skip(info.imported_funcs as usize) {
                if func.func_ref.is_some() {
                    let reference = instance.func_ref(FuncIndex::new(index as u32));
                    let identity = FuncIdentity::Instance { instance: number as u32, func: index as u32 };
                    self.by_address.insert(reference.addr(), identity);
                }
            }
        }
        self.instances = store.instances.len();
        for (number, host) in store.funcs.iter().enumerate().skip(self.hosts) {
            self.by_address.insert(host.reference().addr(), FuncIdentity::Host(number as u32));
        }
        self.hosts = store.funcs.len();
    }

    /// The function behind a reference of the store that was learned from.
    pub(super) fn identity(&self, reference: *const VMFuncRef) -> FuncIdentity {
        match self.by_address.get(&reference.addr()) {
            Some(identity) => *identity,
            None => unreachable!("every function of a store is one of its instances' or of its host's"),
        }
    }
}
