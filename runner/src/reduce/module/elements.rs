//! Items of element segments: cut off at an end of their segment, else null.

use super::error::EditError;
use super::offset::{Offset, chosen_of, ends};
use super::outline::{Outline, Space};
use super::write::{Rewrite, write};
use super::{Apply, Found};
use std::collections::BTreeSet;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{ConstExpr, ElementSection, Elements, HeapType, RefType, SectionId};
use wasmparser::{Element, ElementItems, ElementKind, ElementSectionReader, Operator};

/// The edits: one for each item that is not null, or at the end of a segment.
struct Items {
    /// Segment and item of each edit.
    items: Vec<(u32, u32)>,
}

/// The edits that remove items.
pub(super) fn find(outline: &Outline<'_>) -> Result<Found, EditError> {
    let mut items = Vec::new();
    let mut weights = Vec::new();
    for (segment, element) in (0..).zip(outline.entries::<Element<'_>>(SectionId::Element)?) {
        let element = element?;
        let nulls = nulls(&element.items)?;
        let each = (element.range.end - element.range.start) as usize / nulls.len().max(1);
        for (item, &null) in nulls.iter().enumerate() {
            let first = item == 0 && Offset::of_element(&element.kind).is_some();
            if !null || first || item + 1 == nulls.len() {
                items.push((segment, item as u32));
                weights.push((each as u32).max(1));
            }
        }
    }
    Ok(Found { weights, edits: Box::new(Items { items }) })
}

/// The module whose segments refer to no functions but imported ones and some.
///
/// # Errors
///
/// If the module is malformed.
pub(super) fn refer_to_none_but(outline: &Outline<'_>, keep: &BTreeSet<u32>) -> Result<Vec<u8>, EditError> {
    let mut chosen = Vec::new();
    for (segment, element) in (0..).zip(outline.entries::<Element<'_>>(SectionId::Element)?) {
        let goes = |function| function >= outline.imported(Space::Function) && !keep.contains(&function);
        match element?.items {
            ElementItems::Functions(functions) => {
                for (item, function) in (0..).zip(functions) {
                    goes(function?).then(|| chosen.push((segment, item)));
                }
            }
            ElementItems::Expressions(_, values) => {
                for (item, value) in (0..).zip(values) {
                    if let Operator::RefFunc { function_index } = value?.get_operators_reader().read()? {
                        goes(function_index).then(|| chosen.push((segment, item)));
                    }
                }
            }
        }
    }
    write(outline, &mut Cut { chosen })
}

/// Which items are null.
fn nulls(items: &ElementItems<'_>) -> Result<Vec<bool>, EditError> {
    match items {
        ElementItems::Functions(functions) => Ok(vec![false; functions.count() as usize]),
        ElementItems::Expressions(_, values) => {
            let mut nulls = Vec::with_capacity(values.count() as usize);
            for value in values.clone() {
                let mut operators = value?.get_operators_reader();
                let null = matches!(operators.read()?, Operator::RefNull { .. });
                nulls.push(null && operators.is_end_then_eof());
            }
            Ok(nulls)
        }
    }
}

impl Apply for Items {
    fn apply(&self, outline: &Outline<'_>, numbers: &[usize]) -> Result<Vec<u8>, EditError> {
        let chosen = numbers.iter().map(|&number| self.items[number]).collect();
        write(outline, &mut Cut { chosen })
    }
}

struct Cut {
    chosen: Vec<(u32, u32)>,
}

impl Reencode for Cut {
    type Error = EditError;

    fn parse_element_section(
        &mut self,
        elements: &mut ElementSection,
        section: ElementSectionReader<'_>,
    ) -> Result<(), Error<EditError>> {
        for (segment, element) in (0..).zip(section) {
            let element = element?;
            let chosen = chosen_of(&self.chosen, segment);
            if chosen.is_empty() {
                self.parse_element(elements, element)?;
            } else {
                self.cut(elements, element, &chosen)?;
            }
        }
        Ok(())
    }
}

impl Cut {
    fn cut(
        &mut self,
        elements: &mut ElementSection,
        element: Element<'_>,
        chosen: &[usize],
    ) -> Result<(), Error<EditError>> {
        let nulls = nulls(&element.items)?;
        let mut goes = vec![false; nulls.len()];
        for &item in chosen {
            goes[item] = true;
        }
        let offset = Offset::of_element(&element.kind);
        let kept = ends(&goes, &nulls, offset.is_some());
        let items = match element.items.clone() {
            ElementItems::Functions(functions) => {
                let functions = functions.into_iter().collect::<Result<Vec<u32>, _>>()?;
                if goes[kept.clone()].contains(&true) {
                    let null = ConstExpr::ref_null(HeapType::FUNC);
                    let value = |item: usize| {
                        if goes[item] { null.clone() } else { ConstExpr::ref_func(functions[item]) }
                    };
                    Elements::Expressions(RefType::FUNCREF, kept.clone().map(value).collect())
                } else {
                    Elements::Functions(functions[kept.clone()].to_vec().into())
                }
            }
            ElementItems::Expressions(ty, values) => {
                let ty = self.ref_type(ty)?;
                let mut left = Vec::with_capacity(kept.len());
                for (item, value) in values.into_iter().enumerate() {
                    let value = self.const_expr(value?)?;
                    if kept.contains(&item) {
                        let null = goes[item] && ty.nullable;
                        left.push(if null { ConstExpr::ref_null(ty.heap_type) } else { value });
                    }
                }
                Elements::Expressions(ty, left.into())
            }
        };
        match element.kind {
            ElementKind::Active { table_index, offset_expr } => {
                let value = match offset {
                    Some(offset) if kept.start > 0 => offset.plus(kept.start),
                    Some(_) | None => self.const_expr(offset_expr)?,
                };
                elements.active(table_index, &value, items);
            }
            ElementKind::Passive => {
                elements.passive(items);
            }
            ElementKind::Declared => {
                elements.declared(items);
            }
        }
        Ok(())
    }
}

impl Rewrite for Cut {
    fn rewrites(&self, section: SectionId) -> bool {
        section == SectionId::Element
    }
}
