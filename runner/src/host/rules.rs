//! What emscripten's and wasm-bindgen's modules import of JavaScript, as far as it can be had without: by rules, each of which
//! can be shown.

use super::HostFailure;
use super::guest::{CallerMemory, Guest, GuestMemory};
use super::log::Shape;
use super::wasi::{Exited, World};
use std::cell::RefCell;
use std::io::{self, Write};
use trapline_abi::{ReadableText, TypeId, ValType};
use trapline_runtime::{CallError, Caller, HostError, Val};

/// A rule for an import that is a function.
pub(crate) struct Rule {
    from: From,
    name: Name,
    /// What the function does, in a few words.
    pub(crate) says: &'static str,
    /// What its parameters are, as far as a rule looks at them.
    pub(crate) params: &'static [Shape],
    act: Act,
}

/// The modules that a rule is for.
#[derive(Clone, Copy)]
enum From {
    /// Emscripten's, and other languages' without a module of their own.
    Env,
    /// wasm-bindgen's.
    Bindgen,
}

#[derive(Clone, Copy)]
enum Name {
    Is(&'static str),
    Starts(&'static str),
}

/// What a function does.
#[derive(Clone, Copy)]
enum Act {
    /// It returns a number.
    Return(i32),
    /// It says why, from text in memory if it has any, and ends the program.
    Abort,
    /// It ends the program with its argument, which is a code.
    Exit,
    /// It grows the memory to its argument.
    Grow,
    /// It copies in memory.
    Copy,
    /// It returns the milliseconds since 1970.
    Date,
    /// It returns the milliseconds since the start.
    Elapsed,
    /// It calls a function of the table, by its first argument, with the others.
    Invoke,
    /// It prints text in memory to the standard error.
    Print,
}

/// A call of a rule.
pub(super) struct Call<'a, 'b> {
    pub(super) caller: &'a mut Caller<'b>,
    pub(super) guest: &'a Guest,
    pub(super) args: &'a [Val],
    pub(super) results: &'a [ValType<TypeId>],
    pub(super) world: &'a RefCell<World>,
    pub(super) import: (&'a str, &'a str),
}

macro_rules! rules {
    ($($from:ident $pattern:ident $name:literal ($($shape:ident),*) $act:expr, $says:literal;)*) => {
        /// The rules; the first that fits counts.
        static RULES: &[Rule] = &[$(Rule {
            from: From::$from,
            name: Name::$pattern($name),
            says: $says,
            params: &[$(Shape::$shape),*],
            act: $act,
        },)*];
    };
}

rules! {
    Env Is "emscripten_resize_heap" () Act::Grow, "grows the memory";
    Env Is "emscripten_notify_memory_growth" () Act::Return(0), "does nothing";
    Env Is "_emscripten_memcpy_js" () Act::Copy, "copies memory";
    Env Is "emscripten_memcpy_js" () Act::Copy, "copies memory";
    Env Is "emscripten_memcpy_big" () Act::Copy, "copies memory";
    Env Is "emscripten_get_now" () Act::Elapsed, "returns the milliseconds since the start";
    Env Is "emscripten_date_now" () Act::Date, "returns the milliseconds since 1970";
    Env Is "_emscripten_get_now_is_monotonic" () Act::Return(1), "returns 1";
    Env Is "abort" () Act::Abort, "ends the program as a trap does";
    Env Is "_abort_js" () Act::Abort, "ends the program as a trap does";
    Env Is "__assert_fail" () Act::Abort, "ends the program as a trap does";
    Env Is "__cxa_throw" () Act::Abort, "ends the program as a trap does";
    Env Is "_emscripten_throw_longjmp" () Act::Abort, "ends the program as a trap does";
    Env Is "exit" () Act::Exit, "ends the program with its argument as exit code";
    Env Is "_exit" () Act::Exit, "ends the program with its argument as exit code";
    Env Is "emscripten_force_exit" () Act::Exit, "ends the program with its argument as exit code";
    Env Starts "invoke_" () Act::Invoke, "calls a function of the table";
    Env Starts "__syscall_" () Act::Return(-52), "fails with ENOSYS (-52)";
    Bindgen Is "__wbindgen_throw" (Bytes, Word) Act::Abort, "ends the program with its text, as a trap does";
    Bindgen Starts "__wbg___wbindgen_throw_" (Bytes, Word) Act::Abort, "ends the program with its text, as a trap does";
    Bindgen Is "__wbindgen_init_externref_table" () Act::Return(0), "does nothing";
    Bindgen Is "__wbindgen_object_drop_ref" () Act::Return(0), "does nothing";
    Bindgen Is "__wbindgen_is_undefined" () Act::Return(1), "returns 1: every object is undefined";
    Bindgen Starts "__wbg_now_" () Act::Date, "returns the milliseconds since 1970";
    Bindgen Starts "__wbg_log_" (Bytes, Word) Act::Print, "prints its text, if it has any, to the standard error";
    Bindgen Starts "__wbg_error_" (Bytes, Word) Act::Print, "prints its text, if it has any, to the standard error";
}

impl Rule {
    /// The rule for an import, if there is one.
    pub(crate) fn of_import(module: &str, name: &str) -> Option<&'static Rule> {
        let is_bindgen = ["wbg", "__wbindgen_placeholder__"].contains(&module) || module.ends_with("_bg.js");
        RULES.iter().find(|rule| {
            let from = match rule.from {
                From::Env => module == "env",
                From::Bindgen => is_bindgen,
            };
            from && match rule.name {
                Name::Is(known) => name == known,
                Name::Starts(start) => name.starts_with(start),
            }
        })
    }

    /// Calls the function, whatever its type.
    pub(super) fn call(&self, call: Call<'_, '_>) -> Result<Vec<Val>, HostError> {
        match self.act {
            Act::Return(value) => call.number(f64::from(value)),
            // Only some have a text with its length as their first arguments.
            Act::Abort => {
                let has_text = matches!(self.params, [Shape::Bytes, ..]);
                Err(call.aborted(has_text.then(|| call.text()).flatten()))
            }
            Act::Exit => Err(HostError::new(Exited(call.word(0).unwrap_or(0)))),
            Act::Grow => {
                let bytes = call.word(0).unwrap_or(0);
                let grown = match call.guest.memory() {
                    Some(memory) => CallerMemory::new(call.caller, memory).grow_to(bytes.into()),
                    None => false,
                };
                call.number(f64::from(u8::from(grown)))
            }
            Act::Copy => {
                let (to, from, len) = (call.word(0), call.word(1), call.word(2));
                let (Some(to), Some(from), Some(len), Some(memory)) = (to, from, len, call.guest.memory())
                else {
                    return Err(call.aborted(None));
                };
                let mut memory = CallerMemory::new(call.caller, memory);
                let mut memory = GuestMemory::new(&mut memory);
                let copied =
                    memory.read(from.into(), len.into()).and_then(|bytes| memory.write(to.into(), &bytes));
                copied.map_err(|error| call.aborted(Some(error.to_string())))?;
                call.number(to.into())
            }
            Act::Date => {
                let date = call.world.borrow_mut().date();
                call.number(date)
            }
            Act::Elapsed => {
                let elapsed = call.world.borrow_mut().elapsed();
                call.number(elapsed)
            }
            Act::Invoke => {
                let index = call.word(0).unwrap_or(u32::MAX);
                let callee =
                    call.guest.table().and_then(|table| table.get(call.caller.store(), index.into()));
                let Some(Val::FuncRef(Some(callee))) = callee else {
                    return Err(call.aborted(Some(format!("the table has no function {index}"))));
                };
                let (ty, args) = (callee.ty(call.caller.store()), call.args.get(1..).unwrap_or_default());
                let is_other = ty.results != call.results;
                match if is_other { None } else { Some(call.caller.call(callee, args)) } {
                    None | Some(Err(CallError::Arguments { .. })) => {
                        Err(call.aborted(Some(format!("function {index} of the table has type {ty}"))))
                    }
                    Some(result) => Ok(result?),
                }
            }
            Act::Print => {
                // A text that cannot be shown changes nothing about the program.
                if let Some(text) = call.text().filter(|_| !call.world.borrow().is_closed()) {
                    let _ = writeln!(io::stderr(), "{}", ReadableText(&text));
                }
                call.number(0.0)
            }
        }
    }
}

impl Call<'_, '_> {
    fn word(&self, index: usize) -> Option<u32> {
        match self.args.get(index) {
            Some(Val::I32(value)) => Some(value.cast_unsigned()),
            Some(_) | None => None,
        }
    }

    /// A number as the results of the function: the first has it, and what is not a number is null.
    fn number(&self, value: f64) -> Result<Vec<Val>, HostError> {
        let result = |&ty: &ValType<TypeId>| match ty {
            ValType::I32 => Some(Val::I32(value as i64 as i32)),
            ValType::I64 => Some(Val::I64(value as i64)),
            ValType::F32 => Some(Val::F32((value as f32).to_bits())),
            ValType::F64 => Some(Val::F64(value.to_bits())),
            ValType::V128 => Some(Val::V128(0)),
            ValType::Ref(ty) => super::stand_in::null(ty),
        };
        let results = self.results.iter().map(result).collect::<Option<_>>();
        results.ok_or_else(|| self.aborted(Some("its result cannot be null".to_owned())))
    }

    /// The text that the first two arguments name, if they name any.
    fn text(&self) -> Option<String> {
        let (at, len) = (self.word(0)?, self.word(1)?);
        let memory = self.guest.memory()?;
        let mut bytes = vec![0; len.min(1 << 16) as usize];
        memory.read(self.caller.store(), at.into(), &mut bytes).ok()?;
        String::from_utf8(bytes).ok().filter(|text| !text.is_empty())
    }

    fn aborted(&self, message: Option<String>) -> HostError {
        let (module, name) = self.import;
        HostError::new(HostFailure::Aborted { module: module.to_owned(), name: name.to_owned(), message })
    }
}
