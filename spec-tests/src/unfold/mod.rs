//! The folded form of legacy exceptions.
//!
//! The `wast` crate knows `try`, `catch`, `catch_all` and `delegate` as plain instructions only, and takes a folded
//! instruction for one that follows its operands. So `end` and `delegate` are put in front of a folded `try`, and the
//! parentheses of its parts are blanked out:
//!
//! ```text
//! (try $l (result i32) (do A) (catch $e B))        (end try $l (result i32)     A   catch $e B )
//! (try (do A) (delegate $l))                       (delegate $l try     A               )
//! ```
//!
//! Everything else stays as it is, and each place in the result leads back to one in the original.

mod edits;

#[cfg(test)]
mod tests;

pub use edits::Unfolded;

use edits::Edits;
use std::fmt;
use std::ops::Range;
use wast::lexer::{Lexer, Token, TokenKind};

/// Why a text is not an unfolded one: a part of a `try` where it cannot stand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Misplaced {
    /// The byte of the text that it is at.
    pub offset: usize,
    /// What is wrong there.
    pub message: &'static str,
}

impl fmt::Display for Misplaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message)
    }
}

impl std::error::Error for Misplaced {}

/// Unfolds a text: a script, or a module. What is in its strings is left alone. A text that has tokens or parentheses
/// which the parser refuses is unfolded up to there.
///
/// # Errors
///
/// If a part of a folded `try` is missing, too many or in a wrong place.
pub fn unfold(text: &str) -> Result<Unfolded<'_>, Misplaced> {
    if !["try", "catch", "delegate"].iter().any(|word| text.contains(word)) {
        return Ok(Unfolded::unchanged(text));
    }
    let mut lexer = Lexer::new(text);
    lexer.allow_confusing_unicode(true);
    let mut unfolder =
        Unfolder { text, groups: Vec::new(), opening: None, table: None, edits: Edits::default() };
    for token in lexer.iter(0).map_while(Result::ok) {
        unfolder.token(token)?;
    }
    Ok(unfolder.edits.apply(text))
}

/// Something in parentheses.
enum Group {
    /// An annotation, in which nothing has a meaning.
    Annotation,
    /// `try_table`, which has clauses of its own.
    TryTable,
    Try(Try),
    /// A part of a `try` whose parentheses go.
    Part,
    /// A `delegate`, all of which goes.
    Delegate {
        /// The places of its parentheses and words.
        tokens: Vec<Range<usize>>,
    },
    Other,
}

/// A folded `try`.
struct Try {
    /// Where its keyword is.
    keyword: usize,
    state: State,
}

enum State {
    /// Its label and type have been read.
    Header,
    /// Its code.
    Body,
    /// A clause, behind which others can follow.
    Clauses,
    /// A clause that catches all.
    Closed,
    /// The places of the keyword and the label.
    Delegated(Range<usize>, Range<usize>),
}

const PART: &str = "unexpected token: a part of a folded `try` in a wrong place";
const BODY: &str = "unexpected token: expected `(do` behind the type of a folded `try`";
const LABEL: &str = "unexpected token: expected `delegate` to have one label";

struct Unfolder<'a> {
    text: &'a str,
    /// What is open, innermost last.
    groups: Vec<Group>,
    /// The parenthesis behind which the first token of the innermost group follows.
    opening: Option<usize>,
    /// How many groups are open around a plain `try_table` whose type and clauses are being read: they are in parentheses, too.
    table: Option<usize>,
    edits: Edits<'a>,
}

impl Unfolder<'_> {
    fn token(&mut self, token: Token) -> Result<(), Misplaced> {
        let place = token.offset..token.offset + token.len as usize;
        match token.kind {
            TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment => Ok(()),
            TokenKind::LParen => {
                self.begin_other(place.start)?;
                self.opening = Some(place.start);
                Ok(())
            }
            TokenKind::RParen => {
                self.begin_other(place.start)?;
                self.table = self.table.filter(|&depth| depth < self.groups.len());
                match self.groups.pop() {
                    Some(group) => self.end(group, place),
                    None => Ok(()),
                }
            }
            TokenKind::Keyword | TokenKind::Annotation if self.opening.is_some() => {
                let opening = self.opening.take().unwrap_or(place.start);
                let group = match token.kind {
                    TokenKind::Annotation => Group::Annotation,
                    _ => self.begin(opening, &place)?,
                };
                self.groups.push(group);
                Ok(())
            }
            TokenKind::String
            | TokenKind::Id
            | TokenKind::Keyword
            | TokenKind::Annotation
            | TokenKind::Reserved
            | TokenKind::Integer(_)
            | TokenKind::Float(_) => {
                self.begin_other(place.start)?;
                self.word(token.kind, place)
            }
        }
    }

    /// Begins a group that starts with no keyword.
    fn begin_other(&mut self, at: usize) -> Result<(), Misplaced> {
        if self.opening.take().is_some() {
            let misplaced = |message| Err(Misplaced { offset: at, message });
            let group = match self.groups.last() {
                Some(Group::Try(_)) => return misplaced(PART),
                Some(Group::Delegate { .. }) => return misplaced(LABEL),
                Some(Group::Annotation) => Group::Annotation,
                Some(Group::TryTable | Group::Part | Group::Other) | None => Group::Other,
            };
            self.groups.push(group);
        }
        Ok(())
    }

    /// Begins a group with a keyword.
    fn begin(&mut self, opening: usize, keyword: &Range<usize>) -> Result<Group, Misplaced> {
        let misplaced = |message| Err(Misplaced { offset: keyword.start, message });
        let parenthesis = opening..opening + 1;
        let word = &self.text[keyword.clone()];
        if self.table == Some(self.groups.len()) {
            match word {
                "type" | "param" | "result" => {}
                clause if clause.starts_with("catch") => return Ok(Group::Other),
                _ => self.table = None,
            }
        }
        let within = match self.groups.last_mut() {
            Some(Group::Annotation) => return Ok(Group::Annotation),
            Some(Group::TryTable) if word.starts_with("catch") => return Ok(Group::Other),
            Some(Group::Try(within)) => within,
            Some(Group::Delegate { .. }) => return misplaced(LABEL),
            Some(Group::TryTable | Group::Part | Group::Other) | None => {
                return match word {
                    "try" => Ok(Group::Try(Try { keyword: keyword.start, state: State::Header })),
                    "try_table" => Ok(Group::TryTable),
                    "do" | "catch" | "catch_all" | "delegate" => misplaced(PART),
                    _ => Ok(Group::Other),
                };
            }
        };
        match (word, &within.state) {
            ("type" | "param" | "result", State::Header) => return Ok(Group::Other),
            ("do", State::Header) => {
                within.state = State::Body;
                self.edits.blank(keyword.clone());
            }
            ("catch", State::Body | State::Clauses) => within.state = State::Clauses,
            ("catch_all", State::Body | State::Clauses) => within.state = State::Closed,
            ("delegate", State::Body) => {
                return Ok(Group::Delegate { tokens: vec![parenthesis, keyword.clone()] });
            }
            (_, State::Header) => return misplaced(BODY),
            (_, State::Body | State::Clauses | State::Closed | State::Delegated(..)) => {
                return misplaced(PART);
            }
        }
        self.edits.blank(parenthesis);
        Ok(Group::Part)
    }

    /// A word that does not begin a group.
    fn word(&mut self, kind: TokenKind, place: Range<usize>) -> Result<(), Misplaced> {
        if kind == TokenKind::Keyword {
            let depth = self.groups.len();
            match &self.text[place.clone()] {
                "try_table" => self.table = Some(depth),
                _ => self.table = self.table.filter(|&table| table != depth),
            }
        }
        match self.groups.last_mut() {
            Some(Group::Try(within)) => match (&within.state, kind) {
                (State::Header, TokenKind::Id) => Ok(()),
                (State::Header, _) => Err(Misplaced { offset: place.start, message: BODY }),
                (State::Body | State::Clauses | State::Closed | State::Delegated(..), _) => {
                    Err(Misplaced { offset: place.start, message: PART })
                }
            },
            Some(Group::Delegate { tokens }) => {
                tokens.push(place);
                Ok(())
            }
            Some(Group::Annotation | Group::TryTable | Group::Part | Group::Other) | None => Ok(()),
        }
    }

    /// Ends a group with its parenthesis.
    fn end(&mut self, group: Group, parenthesis: Range<usize>) -> Result<(), Misplaced> {
        match group {
            Group::Annotation | Group::TryTable | Group::Other => {}
            Group::Part => self.edits.blank(parenthesis),
            Group::Delegate { tokens } => {
                let [_, keyword, label] = &tokens[..] else {
                    return Err(Misplaced { offset: parenthesis.start, message: LABEL });
                };
                if let Some(Group::Try(within)) = self.groups.last_mut() {
                    within.state = State::Delegated(keyword.clone(), label.clone());
                }
                for token in tokens.into_iter().chain([parenthesis]) {
                    self.edits.blank(token);
                }
            }
            Group::Try(Try { state: State::Header, .. }) => {
                return Err(Misplaced { offset: parenthesis.start, message: BODY });
            }
            Group::Try(Try { keyword, state: State::Body | State::Clauses | State::Closed }) => {
                self.edits.insert(keyword, "end ", parenthesis.start);
            }
            Group::Try(Try { keyword, state: State::Delegated(delegate, label) }) => {
                self.edits.insert(keyword, "delegate ", delegate.start);
                self.edits.insert(keyword, &self.text[label.clone()], label.start);
                self.edits.insert(keyword, " ", label.start);
            }
        }
        Ok(())
    }
}
