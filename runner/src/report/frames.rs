//! The functions that were active at a trap, in words.

use super::words;
use crate::trail::FrameInfo;

/// A line for each active function, innermost first. Functions that come again in the same order are said once, with how many
/// times.
pub(crate) fn frames(frames: &[FrameInfo]) -> Vec<String> {
    let lines: Vec<_> = frames.iter().map(|frame| format!("in {}", words::frame(frame))).collect();
    let (mut out, mut at) = (Vec::new(), 0);
    while at < lines.len() {
        let (period, times) = repetition(&lines[at..]);
        out.extend_from_slice(&lines[at..at + period]);
        match (period, times, out.last_mut()) {
            (_, 1, _) | (_, _, None) => {}
            (1, _, Some(last)) => *last += &format!(" ×{times}"),
            (_, _, Some(_)) => out.push(format!("these {period} functions ×{times}")),
        }
        at += period * times;
    }
    out
}

/// How many lines at the beginning come again at once, and how many times they are there: the longest stretch of such, with
/// the fewest lines. One line, once, if none comes again.
fn repetition(lines: &[String]) -> (usize, usize) {
    let mut best = (1, 1);
    for period in 1..=lines.len() / 2 {
        let (first, rest) = lines.split_at(period);
        let times = 1 + rest.chunks_exact(period).take_while(|chunk| *chunk == first).count();
        if times > 1 && period * times > best.0 * best.1 {
            best = (period, times);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trail::FunctionName;

    fn of(indices: &[u32]) -> Vec<String> {
        let frame = |&index: &u32| FrameInfo {
            module: None,
            function: FunctionName { index, name: None },
            offset: None,
            place: None,
            binary: None,
        };
        frames(&indices.iter().map(frame).collect::<Vec<_>>())
    }

    #[test]
    fn what_comes_again_is_said_once() {
        assert_eq!(of(&[]), [""; 0]);
        assert_eq!(of(&[1, 2, 1]), ["in function 1", "in function 2", "in function 1"]);
        assert_eq!(of(&[4, 1, 1, 1, 2]), ["in function 4", "in function 1 ×3", "in function 2"]);
        assert_eq!(
            of(&[1, 2, 1, 2, 1]),
            ["in function 1", "in function 2", "these 2 functions ×2", "in function 1"]
        );
        assert_eq!(of(&[7; 48]), ["in function 7 ×48"]);
    }
}
