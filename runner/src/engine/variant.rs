//! Variants of engines: their names in reports and on the command line.

use super::kind::EngineKind;
use super::properties::{FAULT, MUTANT, PROPERTIES, Property, mutant};
use super::settings::{HeapSettings, Settings};
use super::spec::EngineSpec;
use std::fmt;
use std::str::FromStr;
use trapline_compiler::{Profile, RelaxedSimd};

/// Why a text names no variant.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum VariantError {
    /// The first part is not an engine, nor of the form `KEY=VALUE`.
    #[error("no engine is called `{0}`; there are {known}", known = known_engines())]
    Engine(String),
    /// A property of code that the engine does not make.
    #[error("`{engine}` has no `{key}`: it makes no code of which there is a choice")]
    Choice {
        /// The engine.
        engine: &'static str,
        /// The property.
        key: &'static str,
    },
    /// An engine behind something else.
    #[error("`{0}` is out of place: an engine comes first, and only once")]
    Place(&'static str),
    /// A key that is not known.
    #[error(
        "no property of a variant is called `{0}`; there are opt, memory, cpu, relaxed, verify, checker, nan and gc"
    )]
    Key(String),
    /// A fault, of which this build has none.
    #[error("`{0}` needs a build with injected faults: `cargo build --release --features faults`")]
    Faults(String),
    /// A mutant that is none.
    #[cfg(feature = "faults")]
    #[error("`mutant` cannot be that: {0}")]
    Mutant(#[from] trapline_compiler::UnknownMutant),
    /// A key that is given twice.
    #[error("`{0}` is given twice")]
    Twice(String),
    /// A value that the key does not have.
    #[error("`{key}` cannot be `{value}`; it is one of {known}")]
    Value {
        /// The key.
        key: &'static str,
        /// The value.
        value: String,
        /// What it could be.
        known: String,
    },
}

/// What is wrong with a key that no property has.
fn unknown(key: &str) -> VariantError {
    match [FAULT, MUTANT].contains(&key) {
        true => VariantError::Faults(key.to_owned()),
        false => VariantError::Key(key.to_owned()),
    }
}

fn known_engines() -> String {
    EngineKind::all().map(EngineKind::name).collect::<Vec<_>>().join(", ")
}

/// A kind of engine with a profile. Its text form is `aot,opt=none,memory=checked`: the kind, by default `aot`, and
/// whatever is not default about the profile.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Variant {
    /// How compiled code comes into memory.
    pub kind: EngineKind,
    /// How code is generated.
    pub profile: Profile,
    /// How objects are kept.
    pub heap: HeapSettings,
}

impl Variant {
    /// An engine that is like any other but for its code.
    pub fn new(kind: EngineKind, profile: Profile) -> Variant {
        Variant { kind, profile, heap: HeapSettings::default() }
    }

    /// The same engine with canonical NaNs; `None` if there is no choice.
    pub(crate) fn with_canonical_nans(self) -> Option<Variant> {
        self.with_profile(Profile { nan_canonicalization: true, ..self.profile })
    }

    /// The same engine with one choice of what the specification leaves open: canonical NaNs, and if that is asked for the
    /// deterministic results of relaxed SIMD. `None` if there is no choice.
    pub(crate) fn deterministic(self, relaxed: bool) -> Option<Variant> {
        let relaxed = if relaxed { RelaxedSimd::Deterministic } else { self.profile.relaxed };
        self.with_profile(Profile { nan_canonicalization: true, relaxed, ..self.profile })
    }

    /// The same engine with the results of relaxed SIMD that the processor has; `None` if there is no choice.
    pub(crate) fn with_native_relaxed_simd(self) -> Option<Variant> {
        self.with_profile(Profile { relaxed: RelaxedSimd::Native, ..self.profile })
    }

    /// The same with other code. An engine of others has no choice of it.
    fn with_profile(self, profile: Profile) -> Option<Variant> {
        (!self.kind.is_oracle()).then_some(Variant { profile, ..self })
    }

    fn settings(&self) -> Settings {
        Settings { profile: self.profile, heap: self.heap }
    }

    /// Whether it changes the code of one module, which it knows by its hash.
    pub(crate) fn is_mutant(&self) -> bool {
        mutant(&self.settings()).is_some()
    }

    /// The engine, named `aot-none-checked`: the kind and whatever is not default. No other variant's engine has the name.
    pub fn spec(&self) -> EngineSpec {
        let mut name = self.kind.name().to_owned();
        for (property, value) in self.differing() {
            name.push('-');
            name.push_str(&property.part_of_name(value));
        }
        if let Some((key, value)) = mutant(&self.settings()) {
            name.push_str(&format!("-{key}={value}"));
        }
        let Variant { kind, profile, heap } = *self;
        EngineSpec {
            name,
            kind,
            profile,
            heap,
            precompiled: None,
            profiler: None,
            graft: None,
            takes_objects: false,
        }
    }

    /// The few variants that find most: each engine, and each property changed alone.
    pub fn quick_matrix() -> Vec<Variant> {
        let mut variants: Vec<_> =
            EngineKind::OWN.into_iter().map(|kind| Variant::new(kind, Profile::default())).collect();
        for text in ["opt=none", "opt=speed_and_size", "memory=checked", "cpu=baseline", "gc=stress"] {
            variants.extend(Variant::from_str(text));
        }
        variants
    }

    /// All optimisation levels, memory styles, processor features, with and without the register allocation's checker
    /// and with and without moving all objects all the time, on `aot`, and the other engines.
    pub fn full_matrix() -> Vec<Variant> {
        let mut variants: Vec<_> =
            EngineKind::OWN.into_iter().map(|kind| Variant::new(kind, Profile::default())).collect();
        let varied = PROPERTIES
            .iter()
            .filter(|property| matches!(property.key, "opt" | "memory" | "cpu" | "checker" | "gc"));
        let mut all = vec![Settings::default()];
        for property in varied {
            let with = |&settings: &Settings| {
                property.values.iter().map(move |(_, set)| {
                    let mut settings = settings;
                    set(&mut settings);
                    settings
                })
            };
            all = all.iter().flat_map(with).collect();
        }
        let aot = |Settings { profile, heap }| Variant { kind: EngineKind::Aot, profile, heap };
        variants.extend(all.into_iter().map(aot));
        variants
    }

    /// The properties of code that another variant has otherwise: each as it is written, and this variant with that value.
    pub(crate) fn changes_to(&self, other: &Variant) -> Vec<(String, Variant)> {
        let (own, wanted) = (self.settings(), other.settings());
        let change = |property: &Property| {
            let (at, to) = (property.value_in(&own)?, property.value_in(&wanted)?);
            let (name, set) = property.values[to];
            let mut settings = own;
            set(&mut settings);
            let changed = Variant { profile: settings.profile, ..*self };
            (at != to && changed != *self).then(|| (format!("{}={name}", property.key), changed))
        };
        let changes = PROPERTIES.iter().filter_map(change);
        #[cfg(feature = "faults")]
        let changes = changes.chain({
            let mutant = other.profile.mutant.filter(|mutant| self.profile.mutant != Some(*mutant));
            let profile = Profile { mutant, ..self.profile };
            mutant.map(|mutant| (format!("{MUTANT}={mutant}"), Variant { profile, ..*self }))
        });
        changes.collect()
    }

    /// The properties that are not default, with their values.
    fn differing(&self) -> Vec<(&'static Property, &'static str)> {
        let value = |property: &'static Property| {
            let at = property.value_in(&self.settings())?;
            (at > 0).then(|| (property, property.values[at].0))
        };
        PROPERTIES.iter().filter_map(value).collect()
    }
}

impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.name())?;
        self.differing()
            .into_iter()
            .try_for_each(|(property, value)| write!(f, ",{}={value}", property.key))?;
        if let Some((key, value)) = mutant(&self.settings()) {
            write!(f, ",{key}={value}")?;
        }
        Ok(())
    }
}

impl FromStr for Variant {
    type Err = VariantError;

    fn from_str(text: &str) -> Result<Variant, VariantError> {
        let mut variant = Variant::new(EngineKind::Aot, Profile::default());
        let mut given: Vec<&str> = Vec::new();
        for (number, part) in text.split(',').enumerate() {
            let Some((key, value)) = part.split_once('=') else {
                variant.kind = match EngineKind::from_name(part) {
                    Some(kind) if number == 0 => kind,
                    Some(kind) => return Err(VariantError::Place(kind.name())),
                    None => return Err(VariantError::Engine(part.to_owned())),
                };
                continue;
            };
            if given.contains(&key) {
                return Err(VariantError::Twice(key.to_owned()));
            }
            given.push(key);
            #[cfg(feature = "faults")]
            if key == MUTANT {
                if variant.kind.is_oracle() {
                    return Err(VariantError::Choice { engine: variant.kind.name(), key: MUTANT });
                }
                variant.profile.mutant = Some(value.parse()?);
                continue;
            }
            let property = PROPERTIES.iter().find(|property| property.key == key);
            let property = property.ok_or_else(|| unknown(key))?;
            let known = property.values.iter().find(|(name, _)| *name == value);
            let (_, set) = known.ok_or_else(|| VariantError::Value {
                key: property.key,
                value: value.to_owned(),
                known: property.values.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", "),
            })?;
            if variant.kind.is_oracle() {
                return Err(VariantError::Choice { engine: variant.kind.name(), key: property.key });
            }
            let mut settings = variant.settings();
            set(&mut settings);
            (variant.profile, variant.heap) = (settings.profile, settings.heap);
        }
        Ok(variant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_and_written_again() {
        for (text, written, name) in [
            ("aot", "aot", "aot"),
            ("jit,opt=speed", "jit", "jit"),
            #[cfg(feature = "oracles")]
            ("wasmi", "wasmi", "wasmi"),
            ("opt=none", "aot,opt=none", "aot-none"),
            (
                "mutant=0000ab12:3:17:invert,opt=none",
                "aot,opt=none,mutant=0000ab12:3:17:invert",
                "aot-none-mutant=0000ab12:3:17:invert",
            ),
            ("memory=checked,break=bounds", "aot,memory=checked,break=bounds", "aot-checked-break=bounds"),
            (
                "aot,memory=checked,opt=speed_and_size",
                "aot,opt=speed_and_size,memory=checked",
                "aot-speed_and_size-checked",
            ),
            (
                "linked,cpu=baseline,gc=stress,checker=on,relaxed=native",
                "linked,cpu=baseline,relaxed=native,checker=on,gc=stress",
                "linked-baseline-relaxed-checker-gc",
            ),
        ] {
            let variant: Variant = text.parse().unwrap();
            assert_eq!(variant.to_string(), written);
            assert_eq!(written.parse(), Ok(variant));
            assert_eq!(variant.spec().name, name);
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for bad in [
            "",
            "pulley",
            "aot,jit",
            "opt",
            "opt=fast",
            "size=1",
            "opt=none,aot",
            "break=bones",
            "mutant=1:2",
        ] {
            assert!(bad.parse::<Variant>().is_err(), "{bad}");
        }
        #[cfg(feature = "oracles")]
        for choice in ["wasmi,opt=speed", "wasmi,memory=checked"] {
            assert!(matches!(choice.parse::<Variant>(), Err(VariantError::Choice { engine: "wasmi", .. })));
        }
        // Without the feature, that is the one that no property has.
        for key in ["break", "mutant"] {
            assert!(unknown(key).to_string().contains("--features faults"));
        }
        for late in ["aot,jit", "jit,jit", "opt=none,jit"] {
            assert_eq!(late.parse::<Variant>(), Err(VariantError::Place("jit")));
        }
    }

    #[test]
    fn the_full_matrix_has_every_combination_and_every_engine() {
        let full = Variant::full_matrix();
        let mut names: Vec<_> = full.iter().map(|variant| variant.spec().name).collect();
        names.sort();
        names.dedup();
        // The default one is there twice: as an engine and as a combination.
        assert_eq!((names.len(), full.len()), (3 * 2 * 2 * 2 * 2 + 2, 3 * 2 * 2 * 2 * 2 + 3));
        assert!(Variant::quick_matrix().iter().all(|variant| full.contains(variant)));
    }
}
