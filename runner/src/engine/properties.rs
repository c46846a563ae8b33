//! What can be chosen about an engine, by name.

use super::settings::Settings;
use std::collections::BTreeMap;
use trapline_abi::artifact::MemoryStyle;
use trapline_compiler::{Cpu, OptLevel, RelaxedSimd};

/// A value of a property by its name, and what gives an engine the value.
pub(super) type Setting = (&'static str, fn(&mut Settings));

/// One property, by name.
pub(super) struct Property {
    pub(super) key: &'static str,
    /// The values; the first is the default, and is not written.
    pub(super) values: &'static [Setting],
    /// Whether a value is part of a name by itself; otherwise the key is, and says which value if there are several that it can be.
    pub(super) speaks: bool,
}

pub(super) const PROPERTIES: &[Property] = &[
    Property {
        key: "opt",
        values: &[
            ("speed", |it| it.profile.opt_level = OptLevel::Speed),
            ("none", |it| it.profile.opt_level = OptLevel::None),
            ("speed_and_size", |it| it.profile.opt_level = OptLevel::SpeedAndSize),
        ],
        speaks: true,
    },
    Property {
        key: "memory",
        values: &[
            ("guarded", |it| it.profile.memory_style = MemoryStyle::Guarded),
            ("checked", |it| it.profile.memory_style = MemoryStyle::Checked),
        ],
        speaks: true,
    },
    Property {
        key: "cpu",
        values: &[
            ("native", |it| it.profile.cpu = Cpu::Native),
            ("baseline", |it| it.profile.cpu = Cpu::Baseline),
        ],
        speaks: true,
    },
    Property {
        key: "relaxed",
        values: &[
            ("deterministic", |it| it.profile.relaxed = RelaxedSimd::Deterministic),
            ("native", |it| it.profile.relaxed = RelaxedSimd::Native),
        ],
        speaks: false,
    },
    Property {
        key: "verify",
        values: &[("off", |it| it.profile.verifier = false), ("on", |it| it.profile.verifier = true)],
        speaks: false,
    },
    Property {
        key: "checker",
        values: &[
            ("off", |it| it.profile.regalloc_checker = false),
            ("on", |it| it.profile.regalloc_checker = true),
        ],
        speaks: false,
    },
    Property {
        key: "nan",
        values: &[
            ("any", |it| it.profile.nan_canonicalization = false),
            ("canonical", |it| it.profile.nan_canonicalization = true),
        ],
        speaks: false,
    },
    Property {
        key: "gc",
        values: &[("normal", |it| it.heap.stress = false), ("stress", |it| it.heap.stress = true)],
        speaks: false,
    },
    #[cfg(feature = "faults")]
    Property { key: FAULT, values: FAULTS, speaks: false },
];

/// The property that builds have in which faults can be injected.
pub(super) const FAULT: &str = "break";
/// The property whose values are mutants of CLIF, in the same builds.
pub(super) const MUTANT: &str = "mutant";

#[cfg(feature = "faults")]
macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident $text:literal,)*) => {
        const FAULTS: &[Setting] = &[
            ("nothing", |it| it.profile.fault = trapline_abi::Injected::default()),
            $(($text, |it| it.profile.fault = trapline_abi::InjectedFault::$name.into()),)*
        ];
    };
}

#[cfg(feature = "faults")]
trapline_abi::for_each_fault!(faults);

impl Property {
    /// What the name of an engine says of a value that is not default.
    pub(super) fn part_of_name(&self, value: &str) -> String {
        match (self.speaks, self.values) {
            (true, _) => value.to_owned(),
            (false, [_, _]) => self.key.to_owned(),
            (false, _) => format!("{}={value}", self.key),
        }
    }

    /// Which of its values an engine has.
    pub(super) fn value_in(&self, settings: &Settings) -> Option<usize> {
        let is_it = |set: fn(&mut Settings)| {
            let mut changed = *settings;
            set(&mut changed);
            changed == *settings
        };
        self.values.iter().position(|&(_, set)| is_it(set))
    }
}

/// All that is chosen, by property. Injected faults are there only if there are any.
pub(super) fn describe(settings: &Settings) -> BTreeMap<String, String> {
    let value = |property: &Property| {
        let at = property.value_in(settings)?;
        let shown = property.key != FAULT || at > 0;
        shown.then(|| (property.key.to_owned(), property.values[at].0.to_owned()))
    };
    PROPERTIES.iter().filter_map(value).chain(mutant(settings)).collect()
}

/// The mutant, in builds that have them, as a property.
pub(super) fn mutant(settings: &Settings) -> Option<(String, String)> {
    #[cfg(feature = "faults")]
    return settings.profile.mutant.map(|mutant| (MUTANT.to_owned(), mutant.to_string()));
    #[cfg(not(feature = "faults"))]
    {
        let _ = settings;
        None
    }
}
