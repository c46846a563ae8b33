//! Parts of a selection, for runs that are spread over several machines.

use super::Input;
use std::fmt;
use std::str::FromStr;

/// One part of several, which together hold every script once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Partition {
    scheme: Scheme,
    /// Which part, from 0.
    part: u64,
    /// How many there are.
    parts: u64,
}

/// What decides on the part that a script belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Scheme {
    /// Its place among all scripts that are selected: one after the other, round and round.
    Count,
    /// Its name and nothing else, so that it stays where it is when others come and go.
    Hash,
}

/// Why a text names no part.
#[derive(thiserror::Error, PartialEq, Eq, Debug)]
pub enum PartitionError {
    /// It is not of the form.
    #[error("it is to be count:I/N or hash:I/N")]
    Form,
    /// There is no such part.
    #[error("there is no part {part} of {parts}; parts are counted from 1")]
    Part {
        /// Which one.
        part: u64,
        /// How many there are.
        parts: u64,
    },
}

impl Partition {
    /// The other parts of the same whole, this one included, in order.
    pub fn all(&self) -> impl Iterator<Item = Partition> + use<> {
        let Partition { scheme, parts, .. } = *self;
        (0..parts).map(move |part| Partition { scheme, part, parts })
    }

    /// The scripts of this part, in order.
    pub fn of(&self, inputs: &[Input]) -> Vec<Input> {
        let mine = |(at, input): &(u64, &Input)| self.part == self.place(*at, &input.name) % self.parts;
        (0..).zip(inputs).filter(mine).map(|(_, input)| input.clone()).collect()
    }

    fn place(&self, at: u64, name: &str) -> u64 {
        match self.scheme {
            Scheme::Count => at,
            // The same on every machine and in every version.
            Scheme::Hash => blake3::hash(name.as_bytes()).as_bytes()[..8]
                .iter()
                .rev()
                .fold(0, |number, &byte| number << 8 | u64::from(byte)),
        }
    }
}

impl FromStr for Partition {
    type Err = PartitionError;

    fn from_str(text: &str) -> Result<Partition, PartitionError> {
        let (scheme, fraction) = text.split_once(':').ok_or(PartitionError::Form)?;
        let scheme = match scheme {
            "count" => Scheme::Count,
            "hash" => Scheme::Hash,
            _ => return Err(PartitionError::Form),
        };
        let (part, parts) = fraction.split_once('/').ok_or(PartitionError::Form)?;
        let number = |text: &str| text.parse::<u64>().map_err(|_| PartitionError::Form);
        let (part, parts) = (number(part)?, number(parts)?);
        if part == 0 || part > parts {
            return Err(PartitionError::Part { part, parts });
        }
        Ok(Partition { scheme, part: part - 1, parts })
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.scheme {
            Scheme::Count => "count",
            Scheme::Hash => "hash",
        };
        write!(f, "{scheme}:{}/{}", self.part + 1, self.parts)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Source;
    use super::*;

    fn inputs(count: usize) -> Vec<Input> {
        let named = |number: usize| Input {
            name: format!("core/{number}.wast").into(),
            source: Source::Stdin(Vec::new().into()),
        };
        (0..count).map(named).collect()
    }

    fn names(inputs: &[Input]) -> Vec<&str> {
        inputs.iter().map(|input| &*input.name).collect()
    }

    fn part(text: &str) -> Partition {
        text.parse().expect("a part")
    }

    #[test]
    fn counting_goes_round() {
        let all = inputs(5);
        assert_eq!(names(&part("count:1/2").of(&all)), ["core/0.wast", "core/2.wast", "core/4.wast"]);
        assert_eq!(names(&part("count:2/2").of(&all)), ["core/1.wast", "core/3.wast"]);
        assert_eq!(names(&part("count:1/1").of(&all)), names(&all));
        assert!(part("count:6/6").of(&all).is_empty());
    }

    #[test]
    fn the_parts_hold_every_script_once() {
        let all = inputs(200);
        for scheme in ["count", "hash"] {
            let mut seen: Vec<Input> =
                (1..=7).flat_map(|i| part(&format!("{scheme}:{i}/7")).of(&all)).collect();
            seen.sort_by_key(|input| names(&all).iter().position(|name| *name == &*input.name));
            assert_eq!(names(&seen), names(&all), "{scheme}");
        }
    }

    #[test]
    fn hashes_depend_on_the_name_alone() {
        let all = inputs(200);
        let third = part("hash:3/4");
        let here = third.of(&all);
        assert!((20..80).contains(&here.len()), "{}", here.len());
        // Scripts that go do not move those that stay.
        let staying = |name: &&str| all[100..].iter().any(|input| *input.name == **name);
        let of_staying: Vec<&str> = names(&here).into_iter().filter(staying).collect();
        assert_eq!(names(&third.of(&all[100..])), of_staying);
        // Pinned: a part must hold the same scripts on every machine.
        assert_eq!(part("hash:1/1000").place(0, "core/0.wast"), 17_413_673_935_444_674_028);
    }

    #[test]
    fn what_names_no_part() {
        for text in
            ["", "1/2", "count", "count:1", "count:1/", "count:/2", "count:x/2", "count:-1/2", "slice:1/2"]
        {
            assert_eq!(text.parse::<Partition>(), Err(PartitionError::Form), "{text}");
        }
        for (text, part, parts) in [("count:0/2", 0, 2), ("hash:3/2", 3, 2), ("hash:0/0", 0, 0)] {
            assert_eq!(text.parse::<Partition>(), Err(PartitionError::Part { part, parts }), "{text}");
        }
        assert_eq!(part("hash:2/3").to_string(), "hash:2/3");
    }
}
