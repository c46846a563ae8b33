//! Items that nothing refers to, removed together with what only they refer to.

use super::error::EditError;
use super::graph::Graph;
use super::maps::Remap;
use super::outline::{Outline, Space};
use super::write::write;
use super::{Apply, Found};
use wasmparser::KnownCustom;

/// The items that may go.
struct Unused {
    graph: Graph,
    /// The nodes that stay whatever is chosen, and all that they refer to.
    fixed: Vec<u32>,
    /// The node of each edit.
    sources: Vec<u32>,
    /// The custom section of each edit after those.
    customs: Vec<usize>,
}

/// The edits that remove what is unused: functions, globals, tables, memories, tags, segments, types (whole recursion
/// groups), imports, the start section, and custom sections except for names.
///
/// An active segment and the start section are unused unless an operator refers to the segment: nothing refers to
/// them, although they have an effect.
pub(super) fn find(outline: &Outline<'_>) -> Result<Found, EditError> {
    let graph = Graph::new(outline, true)?;
    let fixed = graph.exported.clone();
    let without_start = outline.start()?.is_none().then(|| graph.start());
    let candidate = |node| Some(node) != without_start;
    let (sources, mut weights) = sources(&graph, &fixed, candidate);
    let mut customs = Vec::new();
    for (number, custom) in outline.customs.iter().enumerate() {
        if !matches!(custom.reader.as_known(), KnownCustom::Name(_)) {
            customs.push(number);
            weights.push(custom.contents.len() as u32 + 2);
        }
    }
    Ok(Found { weights, edits: Box::new(Unused { graph, fixed, sources, customs }) })
}

/// The edits that remove unused members of recursion groups, each on its own.
pub(super) fn find_members(outline: &Outline<'_>) -> Result<Found, EditError> {
    let graph = Graph::new(outline, false)?;
    let mut candidates = vec![false; graph.len()];
    for group in outline.groups.windows(2).filter(|group| group[1] - group[0] > 1) {
        for ty in group[0]..group[1] {
            candidates[graph.node(Space::Type, ty) as usize] = true;
        }
    }
    let fixed: Vec<u32> = (0..graph.len() as u32).filter(|&node| !candidates[node as usize]).collect();
    let (sources, weights) = sources(&graph, &fixed, |node| candidates[node as usize]);
    Ok(Found { weights, edits: Box::new(Unused { graph, fixed, sources, customs: Vec::new() }) })
}

/// Nodes from which, together with the fixed ones, all candidates are reached, with what only they reach in bytes:
/// first those that nothing refers to, then one of each circle that nothing else refers to.
fn sources(graph: &Graph, fixed: &[u32], candidate: impl Fn(u32) -> bool) -> (Vec<u32>, Vec<u32>) {
    let mut marked = vec![false; graph.len()];
    for &node in fixed {
        graph.mark(node, &mut marked);
    }
    let mut referred = vec![false; graph.len()];
    for node in 0..graph.len() as u32 {
        for &target in graph.targets(node) {
            referred[target as usize] = true;
        }
    }
    let mut sources = Vec::new();
    for circles in [false, true] {
        for node in 0..graph.len() as u32 {
            if !marked[node as usize] && candidate(node) && (circles || !referred[node as usize]) {
                let size = graph.mark(node, &mut marked);
                sources.push((node, size));
            }
        }
    }
    sources.sort_unstable();
    sources.into_iter().unzip()
}

impl Apply for Unused {
    fn apply(&self, outline: &Outline<'_>, numbers: &[usize]) -> Result<Vec<u8>, EditError> {
        let mut kept = vec![false; self.graph.len()];
        for &node in &self.fixed {
            self.graph.mark(node, &mut kept);
        }
        let (items, customs) =
            numbers.split_at(numbers.partition_point(|&number| number < self.sources.len()));
        for (number, &node) in self.sources.iter().enumerate() {
            if items.binary_search(&number).is_err() {
                self.graph.mark(node, &mut kept);
            }
        }
        let removed = |space, index| !kept[self.graph.node(space, index) as usize];
        let mut remap = Remap::new(outline, &[], removed);
        remap.without_start = !kept[self.graph.start() as usize];
        remap.without_customs =
            customs.iter().map(|number| self.customs[number - self.sources.len()]).collect();
        write(outline, &mut remap)
    }
}
