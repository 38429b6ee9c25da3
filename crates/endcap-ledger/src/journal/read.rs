//! Lines to raw entries: what stands where, without asking what it means.
//!
//! # Source
//!
//! The layout of plain-text accounting as the hledger manual documents it; what is refused is a house rule.

use chrono::NaiveDate;
use endcap_types::{AccountId, Currency, Money, TypesError};

use super::problem::{InputFault, InputProblem, Piece};
use crate::escape::unescape;
use crate::{AccountKind, LedgerError};

/// The roots of account paths, and the kind each one means.
pub(crate) const ROOTS: [(&str, AccountKind); 5] = [
    ("Assets", AccountKind::Asset),
    ("Liabilities", AccountKind::Liability),
    ("Equity", AccountKind::Equity),
    ("Income", AccountKind::Income),
    ("Expenses", AccountKind::Expense),
];

/// The root of a kind.
pub(crate) fn root_of(kind: AccountKind) -> &'static str {
    ROOTS.iter().find(|(_, other)| *other == kind).map_or("Assets", |(root, _)| root)
}

const ACCOUNT_TAGS: (&[&str], &str) =
    (&["name", "name_zh", "by", "grows", "currency"], "name, name_zh, by, grows, currency");
pub(super) const ENTRY_TAGS: (&[&str], &str) = (&["key", "recorded", "nature"], "key, recorded, nature");
pub(super) const LEG_TAGS: (&[&str], &str) = (
    &["nature", "item", "dated", "due", "clears", "ink", "delivered"],
    "nature, item, dated, due, clears, ink, delivered",
);

/// A tag and its value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tag<'t> {
    pub(super) name: Piece<'t>,
    pub(super) value: Piece<'t>,
}

/// An account as a path names it.
#[derive(Debug, Clone)]
pub(super) struct Path<'t> {
    pub(super) piece: Piece<'t>,
    pub(super) kind: AccountKind,
    pub(super) code: String,
    pub(super) key_account: Option<AccountId>,
}

/// An `account` line.
#[derive(Debug)]
pub(super) struct RawAccount<'t> {
    pub(super) path: Path<'t>,
    pub(super) tags: Vec<Tag<'t>>,
}

/// An amount and where it stands.
pub(super) type Placed<'t> = (Piece<'t>, Money);

/// A leg line.
#[derive(Debug)]
pub(super) struct RawLeg<'t> {
    pub(super) path: Path<'t>,
    pub(super) amount: Option<Placed<'t>>,
    pub(super) assertion: Option<Placed<'t>>,
    pub(super) tags: Vec<Tag<'t>>,
}

/// An entry line and what belongs to it.
#[derive(Debug)]
pub(super) struct RawEntry<'t> {
    pub(super) head: Piece<'t>,
    pub(super) effective: NaiveDate,
    pub(super) code: Option<Piece<'t>>,
    pub(super) description: Piece<'t>,
    pub(super) tags: Vec<Tag<'t>>,
    pub(super) legs: Vec<RawLeg<'t>>,
    /// Whether a line of it could not be read, so that its sum says nothing.
    pub(super) broken: bool,
}

/// What an indented line belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Above {
    Nothing,
    /// A line that could not be read: its problem is told once.
    Unreadable,
    Account,
    Entry,
}

/// Everything that stands in a text.
#[derive(Debug)]
pub(super) struct Reader<'t> {
    pub(super) accounts: Vec<RawAccount<'t>>,
    pub(super) entries: Vec<RawEntry<'t>>,
    pub(super) problems: Vec<InputProblem>,
    above: Above,
}

impl<'t> Reader<'t> {
    pub(super) fn read(text: &'t str) -> Self {
        let mut reader =
            Self { accounts: Vec::new(), entries: Vec::new(), problems: Vec::new(), above: Above::Nothing };
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (line, text) in (1_u64..).zip(text.split('\n')) {
            let text = text.strip_suffix('\r').unwrap_or(text);
            reader.line(Piece { line, column: 1, text });
        }
        reader
    }

    fn note(&mut self, problem: InputProblem) {
        self.problems.push(problem);
    }

    fn keep<T>(&mut self, result: Result<T, InputProblem>) -> Option<T> {
        result.map_err(|problem| self.note(problem)).ok()
    }

    fn line(&mut self, line: Piece<'t>) {
        let body = line.trim();
        let indented = line.text.starts_with([' ', '\t']);
        if body.text.is_empty() {
            self.above = Above::Nothing;
            return;
        }
        let stray = body.text.char_indices().find(|(_, character)| character.is_control());
        if let Some((at, _)) = stray {
            let before = body.text.get(..at).unwrap_or_default().chars().count();
            let place = Piece { column: body.column.saturating_add(before), ..body };
            self.note(place.fault(InputFault::Refused { what: "tabs and control characters inside a line" }));
            self.spoil(indented);
            return;
        }
        match (indented, body.text.chars().next()) {
            (false, Some(';' | '#')) => {}
            (true, Some(';')) => self.comment_below(body),
            (true, _) => self.leg(body),
            (false, _) => self.head(body),
        }
    }

    /// What follows from a line that could not be read.
    fn spoil(&mut self, indented: bool) {
        if !indented {
            self.above = Above::Unreadable;
        } else if self.above == Above::Entry
            && let Some(entry) = self.entries.last_mut()
        {
            entry.broken = true;
        }
    }

    fn comment_below(&mut self, body: Piece<'t>) {
        let known = match self.above {
            Above::Account => ACCOUNT_TAGS,
            Above::Entry if self.entries.last().is_some_and(|entry| entry.legs.is_empty()) => ENTRY_TAGS,
            Above::Entry => LEG_TAGS,
            Above::Nothing | Above::Unreadable => return,
        };
        let mut found = Vec::new();
        self.tags(body.strip(";"), known, &mut found);
        let tags = match self.above {
            Above::Account => self.accounts.last_mut().map(|account| &mut account.tags),
            _ => self.entries.last_mut().map(|entry| match entry.legs.last_mut() {
                Some(leg) => &mut leg.tags,
                None => &mut entry.tags,
            }),
        };
        let Some(tags) = tags else { return };
        let (repeated, fresh): (Vec<_>, Vec<_>) = found
            .into_iter()
            .partition(|tag: &Tag<'t>| tags.iter().any(|other| other.name.text == tag.name.text));
        tags.extend(fresh);
        for tag in repeated {
            self.note(tag.name.fault(InputFault::RepeatedTag));
        }
    }

    /// Reads the tags of a comment: the pieces between commas that begin with a word and a colon.
    fn tags(
        &mut self,
        comment: Option<Piece<'t>>,
        (known, listed): (&[&str], &'static str),
        found: &mut Vec<Tag<'t>>,
    ) {
        for piece in comment.into_iter().flat_map(|comment| comment.split(",")) {
            let Some((name, value)) = piece.trim().split_once(":") else { continue };
            let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            if name.text.is_empty() || !name.text.chars().all(word) {
                continue;
            }
            if !known.contains(&name.text) {
                self.note(name.fault(InputFault::UnknownTag { known: listed }));
            } else if found.iter().any(|tag| tag.name.text == name.text) {
                self.note(name.fault(InputFault::RepeatedTag));
            } else {
                found.push(Tag { name, value: value.trim() });
            }
        }
    }

    fn head(&mut self, body: Piece<'t>) {
        self.above = Above::Unreadable;
        let refused = |what| body.fault(InputFault::Refused { what });
        if let Some(rest) = body.strip("account ") {
            self.account(rest);
        } else if let Some(rest) = body.strip("commodity ") {
            self.keep(read_commodity(rest));
        } else if body.text.starts_with(|c: char| c.is_ascii_digit()) {
            self.entry(body);
        } else {
            let problem = match body.text.chars().next() {
                Some('=') => refused("automated entries"),
                Some('~') => refused("periodic entries"),
                _ => {
                    let word = body.split_once(" ").map_or(body, |(word, _)| word);
                    word.fault(InputFault::NotALine)
                }
            };
            self.note(problem);
        }
    }

    fn account(&mut self, rest: Piece<'t>) {
        let (path, comment) = match rest.split_once(";") {
            Some((path, comment)) => (path, Some(comment)),
            None => (rest, None),
        };
        let mut tags = Vec::new();
        self.tags(comment, ACCOUNT_TAGS, &mut tags);
        if let Some(path) = self.keep(read_path(path.trim())) {
            self.accounts.push(RawAccount { path, tags });
            self.above = Above::Account;
        }
    }

    fn entry(&mut self, body: Piece<'t>) {
        let (head, comment) = match body.split_once(";") {
            Some((head, comment)) => (head.trim(), Some(comment)),
            None => (body, None),
        };
        let mut tags = Vec::new();
        self.tags(comment, ENTRY_TAGS, &mut tags);
        let (date, rest) = match head.split_once(" ") {
            Some((date, rest)) => (date, rest.trim()),
            None => (head, Piece { text: "", ..head }),
        };
        let Some(effective) = self.keep(read_date(date)) else { return };
        if rest.text.starts_with(['*', '!']) {
            self.note(rest.fault(InputFault::Refused { what: "status marks" }));
            return;
        }
        let (code, description) = match rest.strip("(").and_then(|rest| rest.split_once(")")) {
            Some((code, description)) => (Some(code), description.trim()),
            None => (None, rest),
        };
        self.above = Above::Entry;
        self.entries.push(RawEntry {
            head,
            effective,
            code,
            description,
            tags,
            legs: Vec::new(),
            broken: false,
        });
    }

    fn leg(&mut self, body: Piece<'t>) {
        if matches!(self.above, Above::Nothing | Above::Account) {
            self.note(body.fault(InputFault::NoEntry));
            return;
        }
        let mut tags = Vec::new();
        let (content, comment) = match body.split_once(";") {
            Some((content, comment)) => (content.trim(), Some(comment)),
            None => (body, None),
        };
        self.tags(comment, LEG_TAGS, &mut tags);
        let leg = self.keep(read_leg(content, tags));
        if self.above != Above::Entry {
            return; // the entry line could not be read; the problems of its legs are told all the same
        }
        let Some(entry) = self.entries.last_mut() else { return };
        match leg {
            Some(leg) => entry.legs.push(leg),
            None => entry.broken = true,
        }
    }
}

fn read_leg<'t>(content: Piece<'t>, tags: Vec<Tag<'t>>) -> Result<RawLeg<'t>, InputProblem> {
    let refused = |what| Err(content.fault(InputFault::Refused { what }));
    match content.text.chars().next() {
        Some('(' | '[') => return refused("virtual postings"),
        Some('*' | '!') => return refused("status marks"),
        _ => {}
    }
    let Some((path, rest)) = content.split_once("  ") else {
        if let Some(last) = content.text.split(' ').next_back()
            && last != content.text
            && (Currency::from_code(last).is_ok()
                || last.starts_with(|c: char| c.is_ascii_digit() || c == '-'))
        {
            return Err(content.fault(InputFault::OneSpace));
        }
        return Ok(RawLeg { path: read_path(content)?, amount: None, assertion: None, tags });
    };
    let path = read_path(path)?;
    let (amount, assertion) = match rest.split_once("=") {
        Some((amount, assertion)) => (amount.trim(), Some(assertion)),
        None => (rest.trim(), None),
    };
    if amount.text.is_empty() {
        return Err(rest.trim().fault(InputFault::Refused { what: "balances instead of an amount" }));
    }
    let assertion = match assertion {
        Some(balance) if balance.text.starts_with(['=', '*']) => {
            return Err(
                balance.fault(InputFault::Refused { what: "balances over currencies or sub-accounts" })
            );
        }
        Some(balance) => Some((balance.trim(), read_amount(balance.trim())?)),
        None => None,
    };
    Ok(RawLeg { path, amount: Some((amount, read_amount(amount)?)), assertion, tags })
}

/// Reads `Root:CODE` or `Root:CODE:KEY-ACCOUNT`.
pub(super) fn read_path(piece: Piece<'_>) -> Result<Path<'_>, InputProblem> {
    let wrong = || piece.fault(InputFault::NotAnAccount);
    let parts: Vec<Piece<'_>> = piece.split(":").collect();
    let (root, code, key_account) = match parts.as_slice() {
        [root, code] => (root, code, None),
        [root, code, key_account] => (root, code, Some(key_account)),
        _ => return Err(wrong()),
    };
    let (_, kind) = ROOTS.iter().find(|(name, _)| *name == root.text).ok_or_else(wrong)?;
    if code.text.is_empty() {
        return Err(wrong());
    }
    let key_account = match key_account {
        Some(piece) => Some(AccountId::new(plain(*piece)?).map_err(|error| piece.fault(error.into()))?),
        None => None,
    };
    Ok(Path { piece, kind: *kind, code: plain(*code)?, key_account })
}

/// The text of a piece without its escapes.
pub(super) fn plain(piece: Piece<'_>) -> Result<String, InputProblem> {
    unescape(piece.text).ok_or_else(|| piece.fault(InputFault::NotUtf8))
}

/// Reads `2026-06-30` and nothing else.
pub(super) fn read_date(piece: Piece<'_>) -> Result<NaiveDate, InputProblem> {
    let date = piece.text.parse::<NaiveDate>().ok().filter(|date| date.to_string() == piece.text);
    date.ok_or_else(|| piece.fault(InputFault::NotADate))
}

/// Checks `1000.00 CNY` of a `commodity` line, which other programs take their format from.
fn read_commodity(rest: Piece<'_>) -> Result<(), InputProblem> {
    let sample = rest.split_once(";").map_or(rest, |(sample, _)| sample).trim();
    let Some((number, currency)) = sample.split_once(" ") else {
        return Err(sample.fault(InputFault::NotAnAmount));
    };
    if !number.text.chars().all(|c| c.is_ascii_digit() || c == '.') {
        return Err(sample.fault(InputFault::NotAnAmount));
    }
    Currency::from_code(currency.text).map(drop).map_err(|_| currency.fault(InputFault::NotACurrency))
}

/// Reads `-1234.50 CNY` to minor units, exactly.
pub(super) fn read_amount(piece: Piece<'_>) -> Result<Money, InputProblem> {
    let refused = |what| Err(piece.fault(InputFault::Refused { what }));
    if piece.text.contains('@') || piece.text.contains('{') {
        return refused("prices and costs");
    }
    if piece.text.contains(['*', '/', '(']) {
        return refused("calculated amounts");
    }
    let Some((number, currency)) = piece.split_once(" ") else {
        return Err(piece.fault(InputFault::NotAnAmount));
    };
    let digits = number.text.strip_prefix('-').unwrap_or(number.text);
    let wellformed = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.');
    if !wellformed || digits.matches('.').count() > 1 {
        return Err(piece.fault(InputFault::NotAnAmount));
    }
    let unit = Currency::from_code(currency.text).map_err(|_| currency.fault(InputFault::NotACurrency))?;
    Money::parse(number.text, unit).map_err(|error| {
        number.fault(match error {
            TypesError::TooPrecise { .. } => {
                InputFault::TooManyDecimals { currency: unit, limit: unit.exponent() }
            }
            TypesError::AmountOutOfRange { .. } | TypesError::InvalidAmount { .. } => {
                InputFault::AmountOutOfRange
            }
            other => InputFault::BadText(LedgerError::from(other)),
        })
    })
}
