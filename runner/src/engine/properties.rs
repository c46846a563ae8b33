//! What can be chosen about the code that an engine makes.

use std::collections::BTreeMap;
use trapline_abi::artifact::MemoryStyle;
use trapline_compiler::{Cpu, InjectedFault, OptLevel, Profile, RelaxedSimd};

/// A value of a property by its name, and what gives a profile the value.
pub(super) type Setting = (&'static str, fn(&mut Profile));

/// What a profile says about one property, by name.
pub(super) struct Property {
    pub(super) key: &'static str,
    /// The values; the first is the default, and is not written.
    pub(super) values: &'static [Setting],
    /// Whether a value is part of a name by itself; otherwise the key is.
    pub(super) speaks: bool,
}

pub(super) const PROPERTIES: &[Property] = &[
    Property {
        key: "opt",
        values: &[
            ("speed", |profile| profile.opt_level = OptLevel::Speed),
            ("none", |profile| profile.opt_level = OptLevel::None),
            ("speed_and_size", |profile| profile.opt_level = OptLevel::SpeedAndSize),
        ],
        speaks: true,
    },
    Property {
        key: "memory",
        values: &[
            ("guarded", |profile| profile.memory_style = MemoryStyle::Guarded),
            ("checked", |profile| profile.memory_style = MemoryStyle::Checked),
        ],
        speaks: true,
    },
    Property {
        key: "cpu",
        values: &[
            ("native", |profile| profile.cpu = Cpu::Native),
            ("baseline", |profile| profile.cpu = Cpu::Baseline),
        ],
        speaks: true,
    },
    Property {
        key: "relaxed",
        values: &[
            ("deterministic", |profile| profile.relaxed = RelaxedSimd::Deterministic),
            ("native", |profile| profile.relaxed = RelaxedSimd::Native),
        ],
        speaks: false,
    },
    Property {
        key: "verify",
        values: &[("off", |profile| profile.verifier = false), ("on", |profile| profile.verifier = true)],
        speaks: false,
    },
    Property {
        key: "checker",
        values: &[
            ("off", |profile| profile.regalloc_checker = false),
            ("on", |profile| profile.regalloc_checker = true),
        ],
        speaks: false,
    },
    Property {
        key: "nan",
        values: &[
            ("any", |profile| profile.nan_canonicalization = false),
            ("canonical", |profile| profile.nan_canonicalization = true),
        ],
        speaks: false,
    },
    Property {
        key: FAULT,
        values: &[
            ("nothing", |profile| profile.fault = None),
            ("bounds", |profile| profile.fault = Some(InjectedFault::Bounds)),
            ("relocation", |profile| profile.fault = Some(InjectedFault::Relocation)),
            ("panic", |profile| profile.fault = Some(InjectedFault::Panic)),
        ],
        speaks: false,
    },
];

/// The property that only tests may ask for.
pub(super) const FAULT: &str = "break";

impl Property {
    /// Which of its values a profile has.
    pub(super) fn value_in(&self, profile: &Profile) -> Option<usize> {
        let is_it = |set: fn(&mut Profile)| {
            let mut changed = *profile;
            set(&mut changed);
            changed == *profile
        };
        self.values.iter().position(|&(_, set)| is_it(set))
    }
}

/// All that a profile says, by property. Injected faults are there only if there are any.
pub(crate) fn describe_profile(profile: &Profile) -> BTreeMap<String, String> {
    let value = |property: &Property| {
        let at = property.value_in(profile)?;
        let shown = property.key != FAULT || at > 0;
        shown.then(|| (property.key.to_owned(), property.values[at].0.to_owned()))
    };
    PROPERTIES.iter().filter_map(value).collect()
}
