//! Where annotations stand.

use super::tokens::{Kind, Token};
use super::{Annotation, Misuse};

/// The forms that have a name of their own, or whose members have.
const NAMED: [&str; 12] =
    ["module", "func", "type", "table", "memory", "global", "tag", "elem", "data", "param", "local", "field"];

/// The instructions whose labels have names, wherever they stand in a form.
const LABELLED: [&str; 5] = ["block", "loop", "if", "try", "try_table"];

/// Keywords of forms in functions that are not instructions.
const CLAUSES: [&str; 9] = ["param", "result", "local", "type", "export", "import", "then", "else", "catch"];

/// The open forms around a place in a module's text.
#[derive(Default)]
pub(super) struct Context<'t> {
    /// The forms, outermost first; in front of them, the text itself.
    outer: Vec<Form<'t>>,
    inner: Form<'t>,
    /// The annotation in front of the place, if nothing else is between.
    previous: Option<Annotation>,
}

#[derive(Default)]
struct Form<'t> {
    head: Option<&'t str>,
    empty: bool,
    /// The keyword in front of the place, if a name for it can stand here.
    nameable: Option<&'t str>,
    /// Whether its identifier has come.
    identified: bool,
}

impl<'t> Context<'t> {
    /// Moves over a token. `None` if it closes what is not open.
    pub(super) fn pass(&mut self, token: &Token<'t>) -> Option<()> {
        self.previous = None;
        let form = &mut self.inner;
        let first = std::mem::take(&mut form.empty);
        match token.kind {
            Kind::Open => {
                form.nameable = None;
                let opened = Form { empty: true, ..Form::default() };
                self.outer.push(std::mem::replace(form, opened));
            }
            Kind::Close => self.inner = self.outer.pop()?,
            Kind::Keyword(keyword) => {
                if first {
                    form.head = Some(keyword);
                }
                let nameable = first && NAMED.contains(&keyword) || LABELLED.contains(&keyword);
                form.nameable = nameable.then_some(keyword);
                form.identified = false;
            }
            Kind::Id if form.nameable.is_some() && !form.identified => form.identified = true,
            Kind::Id | Kind::String(_) | Kind::Number | Kind::Reserved | Kind::Annotation(_) => {
                form.nameable = None;
            }
        }
        Some(())
    }

    /// Moves over an annotation.
    pub(super) fn annotated(&mut self, annotation: Annotation) {
        self.previous = Some(annotation);
    }

    /// Whether no form is open.
    pub(super) fn is_closed(&self) -> bool {
        self.outer.is_empty()
    }

    /// Checks the place of an annotation at an offset, with the tokens behind it.
    pub(super) fn check(
        &self,
        annotation: Annotation,
        offset: usize,
        behind: &[Token<'_>],
    ) -> Result<(), Misuse> {
        let misuse = |message: String| Err(Misuse { message, offset });
        match annotation {
            Annotation::Custom if !self.among_fields() => misuse("misplaced @custom annotation".into()),
            Annotation::Name => match (self.inner.nameable, self.previous) {
                (None, _) => misuse("misplaced @name annotation".into()),
                (Some(kind), Some(Annotation::Name)) => {
                    misuse(format!("@name annotation: multiple {}", word(kind)))
                }
                (Some(_), _) => Ok(()),
            },
            Annotation::BranchHint if !self.in_function() => {
                misuse("@metadata.code.branch_hint annotation: not in a function".into())
            }
            Annotation::BranchHint if self.previous == Some(Annotation::BranchHint) => {
                misuse("@metadata.code.branch_hint annotation: duplicate annotation".into())
            }
            Annotation::BranchHint if !begins_instruction(behind) => {
                misuse("misplaced @metadata.code.branch_hint annotation".into())
            }
            Annotation::Custom | Annotation::BranchHint | Annotation::Tool | Annotation::Foreign => Ok(()),
        }
    }

    /// Whether fields of a module can stand here. A text may be fields without a module around them.
    fn among_fields(&self) -> bool {
        self.outer.is_empty() || self.outer.len() == 1 && self.inner.head == Some("module")
    }

    fn in_function(&self) -> bool {
        let in_module = self.outer.get(1).is_some_and(|form| form.head == Some("module"));
        let field = if in_module { 2 } else { 1 };
        let form = self.outer.get(field).or_else(|| (self.outer.len() == field).then_some(&self.inner));
        form.is_some_and(|form| form.head == Some("func"))
    }
}

/// The specification's word for what a keyword defines.
fn word(keyword: &str) -> &str {
    match keyword {
        "func" => "function",
        "param" => "local",
        other if LABELLED.contains(&other) => "label",
        other => other,
    }
}

/// Whether tokens begin with an instruction, or with another annotation in front of one.
fn begins_instruction(tokens: &[Token<'_>]) -> bool {
    let kind = |at: usize| tokens.get(at).map(|token| &token.kind);
    match (kind(0), kind(1)) {
        (Some(Kind::Keyword(_)), _) | (Some(Kind::Open), Some(Kind::Annotation(_))) => true,
        (Some(Kind::Open), Some(Kind::Keyword(keyword))) => !CLAUSES.contains(keyword),
        _ => false,
    }
}
