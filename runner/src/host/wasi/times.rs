//! Clocks, times of files, and waiting.

use super::errno::Errno;
use super::memory::{Call, MAX_PARTS, Pointer};
use super::world::{BEGIN, MILLISECOND, World};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::{Timestamps, UTIME_NOW, UTIME_OMIT};
use rustix::time::{ClockId, Timespec, clock_getres, clock_gettime};
use std::thread;
use std::time::Duration;

const SECOND: u64 = 1_000_000_000;

/// A clock by its number (`clockid`).
fn clock(number: u32) -> Result<ClockId, Errno> {
    match number {
        0 => Ok(ClockId::Realtime),
        1 => Ok(ClockId::Monotonic),
        2 => Ok(ClockId::ProcessCPUTime),
        3 => Ok(ClockId::ThreadCPUTime),
        _ => Err(Errno::Inval),
    }
}

/// A time in nanoseconds.
fn nanoseconds(time: Timespec) -> Result<u64, Errno> {
    let time = i128::from(time.tv_sec) * i128::from(SECOND) + i128::from(time.tv_nsec);
    u64::try_from(time).map_err(|_| Errno::Overflow)
}

fn timespec(nanoseconds: u64) -> Timespec {
    // Neither part of the quotient is out of range.
    Timespec { tv_sec: (nanoseconds / SECOND) as _, tv_nsec: (nanoseconds % SECOND) as _ }
}

pub(super) fn resolution(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    let out = call.out(1, 8)?;
    let clock = clock(call.word(0))?;
    // Of a counted time, no more is to be seen than that.
    let resolution = match call.world.is_closed() {
        true => MILLISECOND,
        false => nanoseconds(clock_getres(clock))?,
    };
    call.write_long(out, resolution)
}

pub(super) fn time(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    let out = call.out(2, 8)?;
    let clock = clock(call.word(0))?;
    let now = now(call.world, clock)?;
    call.write_long(out, now)
}

/// What a clock shows, in nanoseconds.
fn now(world: &mut World, clock: ClockId) -> Result<u64, Errno> {
    match world.tick() {
        Some(now) => Ok(shown(now, clock)),
        None => nanoseconds(clock_gettime(clock)),
    }
}

/// What a clock shows of a counted time: only one begins in 1970, the others with the program.
fn shown(now: u64, clock: ClockId) -> u64 {
    if clock == ClockId::Realtime { now } else { now.saturating_sub(BEGIN) }
}

/// The times to give a file (`fstflags`: 1 and 4 say that a time is given, 2 and 8 that it is now).
pub(super) fn times(accessed: u64, modified: u64, flags: u32) -> Result<Timestamps, Errno> {
    let one = |time, given, now| match (flags & given != 0, flags & now != 0) {
        (true, true) => Err(Errno::Inval),
        (true, false) => Ok(timespec(time)),
        (false, true) => Ok(Timespec { tv_sec: 0, tv_nsec: UTIME_NOW }),
        (false, false) => Ok(Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT }),
    };
    Ok(Timestamps { last_access: one(accessed, 1, 2)?, last_modification: one(modified, 4, 8)? })
}

/// What a program waits for.
#[derive(Clone, Copy, Debug)]
enum Awaited {
    /// A number of nanoseconds.
    Time(u64),
    Readable(u32),
    Writable(u32),
}

impl Awaited {
    /// Its number in an event (`eventtype`).
    fn tag(self) -> u8 {
        match self {
            Awaited::Time(_) => 0,
            Awaited::Readable(_) => 1,
            Awaited::Writable(_) => 2,
        }
    }
}

/// Bytes of a subscription and of an event.
const SUBSCRIPTION: u64 = 48;
const EVENT: u64 = 32;

fn subscription(counted: Option<u64>, bytes: &[u8; SUBSCRIPTION as usize]) -> Result<Awaited, Errno> {
    let word = |at: usize| bytes[at..].first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes));
    let long = |at: usize| bytes[at..].first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
    match bytes[8] {
        0 => {
            let (clock, time, is_absolute) = (clock(word(16))?, long(24), word(40) & 1 != 0);
            let now = match (is_absolute, counted) {
                (false, _) => 0,
                (true, Some(now)) => shown(now, clock),
                (true, None) => nanoseconds(clock_gettime(clock))?,
            };
            Ok(Awaited::Time(time.saturating_sub(now)))
        }
        1 => Ok(Awaited::Readable(word(16))),
        2 => Ok(Awaited::Writable(word(16))),
        _ => Err(Errno::Inval),
    }
}

/// Waits until one of the events has come.
pub(super) fn wait(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    let count = call.word(2);
    if count == 0 || count > MAX_PARTS {
        return Err(Errno::Inval);
    }
    let bytes = call.read(call.pointer(0), u64::from(count) * SUBSCRIPTION)?;
    let (events, out) = (call.out(1, u64::from(count) * EVENT)?, call.out(3, 4)?);
    let subscriptions = bytes.as_chunks::<{ SUBSCRIPTION as usize }>().0;
    let counted = call.world.tick();
    let awaited = subscriptions.iter().map(|bytes| subscription(counted, bytes));
    let awaited = awaited.collect::<Result<Vec<_>, _>>()?;
    let come = come(call, &awaited)?;
    for (index, (place, error)) in come.iter().enumerate() {
        let mut event = [0; EVENT as usize];
        event[..8].copy_from_slice(&subscriptions[*place][..8]);
        event[8] = error.map_or(0, |error| error as u8);
        event[10] = awaited[*place].tag();
        call.write(event_at(events, index), &event)?;
    }
    call.write_word(out, come.len() as u32)
}

fn event_at(events: Pointer, index: usize) -> Pointer {
    events.plus(index as u64 * EVENT)
}

/// Waits, and says which events have come, by their places, and which cannot come.
fn come(call: &mut Call<'_, '_>, awaited: &[Awaited]) -> Result<Vec<(usize, Option<Errno>)>, Errno> {
    let mut come = Vec::new();
    let mut waited = 0;
    let mut polled = Vec::new();
    let mut places = Vec::new();
    for (place, awaited) in awaited.iter().enumerate() {
        let (number, flags) = match *awaited {
            Awaited::Time(_) => continue,
            Awaited::Readable(number) => (number, PollFlags::IN),
            Awaited::Writable(number) => (number, PollFlags::OUT),
        };
        match call.world.descriptors.get(number) {
            Ok(descriptor) => {
                polled.push(PollFd::new(&descriptor.file, flags));
                places.push(place);
            }
            Err(error) => come.push((place, Some(error))),
        }
    }
    let times = awaited.iter().filter_map(|awaited| match awaited {
        Awaited::Time(time) => Some(*time),
        Awaited::Readable(_) | Awaited::Writable(_) => None,
    });
    let shortest = if come.is_empty() { times.min() } else { Some(0) };
    if let Some(shortest) = shortest.filter(|_| call.world.is_closed()) {
        poll(&mut polled, Some(&Timespec::default()))?;
        if polled.iter().all(|polled| polled.revents().is_empty()) {
            waited = shortest;
        }
    } else if polled.is_empty() {
        thread::sleep(Duration::from_nanos(shortest.unwrap_or(0)));
    } else {
        poll(&mut polled, shortest.map(timespec).as_ref())?;
    }
    let ready = polled.iter().zip(places).filter(|(polled, _)| !polled.revents().is_empty());
    come.extend(ready.map(|(_, place)| (place, None)));
    if come.is_empty() {
        let over = |awaited: &Awaited| matches!(awaited, Awaited::Time(time) if Some(*time) == shortest);
        come.extend(awaited.iter().enumerate().filter(|(_, it)| over(it)).map(|(place, _)| (place, None)));
    }
    // A counted time goes on by what was waited for.
    call.world.wait(waited);
    Ok(come)
}
