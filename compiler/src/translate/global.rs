//! Globals.

use super::Translator;
use crate::clif;
use cranelift_codegen::ir::InstBuilder;
use trapline_abi::GlobalIndex;
use trapline_abi::vmlayout::VMGlobalDefinition;

impl Translator<'_, '_> {
    pub(super) fn global_get(&mut self, global: u32) {
        let ty = self.env.info.globals[global as usize].ty.val;
        let definition = self.context_field(self.env.offsets.global(GlobalIndex::new(global)));
        let offset = VMGlobalDefinition::VALUE as i32;
        let value = self.builder.ins().load(clif::val_type(ty), clif::shared_value(), definition, offset);
        let value = self.track(value, ty);
        self.push(value);
    }

    pub(super) fn global_set(&mut self, global: u32) {
        let value = self.pop();
        let definition = self.context_field(self.env.offsets.global(GlobalIndex::new(global)));
        let offset = VMGlobalDefinition::VALUE as i32;
        self.builder.ins().store(clif::shared_value(), value, definition, offset);
    }
}
