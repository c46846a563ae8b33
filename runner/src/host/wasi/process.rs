//! Arguments, environment, random numbers, and the end of the program.

use super::errno::Errno;
use super::memory::{Call, Pointer, TRANSFER};

pub(super) fn arguments(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    let strings = call.world.arguments.clone();
    put_strings(call, &strings)
}

pub(super) fn arguments_sizes(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    let sizes = sizes(&call.world.arguments);
    put_sizes(call, sizes)
}

pub(super) fn environment(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    let strings = call.world.environment.clone();
    put_strings(call, &strings)
}

pub(super) fn environment_sizes(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    let sizes = sizes(&call.world.environment);
    put_sizes(call, sizes)
}

/// The number of strings, and their bytes with a zero behind each.
fn sizes(strings: &[Vec<u8>]) -> (u32, u32) {
    (strings.len() as u32, strings.iter().map(|string| string.len() as u32 + 1).sum())
}

fn put_sizes(call: &mut Call<'_, '_>, (count, bytes): (u32, u32)) -> Result<(), Errno> {
    let (count_at, bytes_at) = (call.out(0, 4)?, call.out(1, 4)?);
    call.write_word(count_at, count)?;
    call.write_word(bytes_at, bytes)
}

/// Puts a pointer to each string into one place, and the strings into another.
fn put_strings(call: &mut Call<'_, '_>, strings: &[Vec<u8>]) -> Result<(), Errno> {
    let (count, bytes) = sizes(strings);
    let (pointers, at) = (call.out(0, u64::from(count) * 4)?, call.out(1, bytes.into())?);
    let start = call.word(1);
    let (mut addresses, mut text) = (Vec::new(), Vec::new());
    for string in strings {
        // A larger memory than programs have addresses for can hold text beyond them.
        addresses.extend(start.wrapping_add(text.len() as u32).to_le_bytes());
        text.extend(string);
        text.push(0);
    }
    call.write(pointers, &addresses)?;
    call.write(at, &text)
}

pub(super) fn random(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    let len = call.word(1);
    let at: Pointer = call.out(0, len.into())?;
    let mut bytes = vec![0; u64::from(len).min(TRANSFER) as usize];
    let mut done = 0;
    while done < u64::from(len) {
        let part = bytes.len().min((u64::from(len) - done) as usize);
        call.world.random.fill(&mut bytes[..part]);
        call.write(at.plus(done), &bytes[..part])?;
        done += part as u64;
    }
    Ok(())
}

pub(super) fn yield_now(_: &mut Call<'_, '_>) -> Result<(), Errno> {
    std::thread::yield_now();
    Ok(())
}

/// A program cannot send itself signals.
pub(super) fn raise(_: &mut Call<'_, '_>) -> Result<(), Errno> {
    Err(Errno::Nosys)
}
