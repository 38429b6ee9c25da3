//! The quick way through a sound journal: one pass, no entry kept, every rule of the slow way.
//!
//! Whatever it does not know for certain, a problem above all, it leaves to the slow way by answering nothing.
//!
//! # Source
//!
//! House rule: the quick way and the slow way give one answer.

use chrono::NaiveDate;
use endcap_types::Currency;

use super::accounts::{Accounts, PathId};
use super::balances::JournalBalances;
use super::build::Journal;
use super::cut::{cut, cut_gap, date, digest, each_tag, is_document, is_nature, is_short, trim};
use super::digits::{in_range, minor};
use super::problem::Piece;
use super::read::{ENTRY_TAGS, LEG_TAGS};
use super::tags::{CLEARS_WORDS, policy};
use crate::escape::unescape;
use crate::{Account, IdempotencyKey};

/// What an indented line belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Above {
    #[default]
    Nothing,
    Account,
    Entry,
}

/// The entry being read.
#[derive(Debug, Default)]
struct Open<'t> {
    effective: NaiveDate,
    code: Option<&'t str>,
    key: Option<&'t str>,
    recorded: Option<NaiveDate>,
    tags: u8,
    legs: u32,
    moved: u32,
    sums: Vec<(Currency, i128)>,
    /// The leg without an amount, and its place among the moves.
    elided: Option<(PathId, usize)>,
    /// The last leg: its account, currency and tags.
    leg: Option<(PathId, Option<Currency>)>,
    leg_tags: u8,
}

/// A movement, kept only where the text asserts balances.
#[derive(Debug, Clone, Copy)]
struct Move {
    day: NaiveDate,
    slot: u32,
    minor: i128,
    /// The slot and the balance it must have after this.
    asserted: Option<(u32, i128)>,
}

#[derive(Debug, Default)]
struct Quick<'t> {
    above: Above,
    open: Open<'t>,
    accounts: Accounts<'t>,
    /// Lines about accounts and commodities, for the slow way.
    declared: String,
    /// Digests of explicit keys, and whether a key was made up from a document.
    keys: Vec<u64>,
    made_up: bool,
    /// Whether an explicit key, or a document with a key made up, looks like what a made-up key may look like.
    doubtful: bool,
    recorded: Option<NaiveDate>,
    asserts: bool,
    moves: Vec<Move>,
    entries: u64,
    legs: u64,
    date: Option<(&'t str, NaiveDate)>,
    currency: Option<(&'t str, Currency)>,
}

/// Balances of a journal without a problem; nothing where the slow way must say what is the matter.
pub(super) fn scan(text: &str, chart: &[Account]) -> Option<JournalBalances> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut quick = Quick { asserts: text.contains('='), ..Quick::default() };
    for line in text.split('\n') {
        quick.line(line.strip_suffix('\r').unwrap_or(line))?;
    }
    quick.close()?;
    quick.finish(chart)
}

impl<'t> Quick<'t> {
    fn line(&mut self, line: &'t str) -> Option<()> {
        let body = trim(line);
        if body.is_empty() {
            self.close()?;
            self.above = Above::Nothing;
            return Some(());
        }
        let odd = body.bytes().fold(false, |odd, byte| odd | !(b' '..=b'~').contains(&byte));
        if odd && body.chars().any(char::is_control) {
            return None;
        }
        let indented = line.starts_with([' ', '\t']);
        match (indented, body.as_bytes().first()) {
            (false, Some(b';' | b'#')) => Some(()),
            (true, Some(b';')) => self.comment(body.get(1..)?, body),
            (true, _) => self.leg(body),
            (false, Some(b'0'..=b'9')) => self.head(body),
            (false, _) => {
                self.close()?;
                self.above = if body.starts_with("account ") { Above::Account } else { Above::Nothing };
                if self.above == Above::Nothing && !body.starts_with("commodity ") {
                    return None;
                }
                self.declared.push('\n');
                self.declare(body);
                Some(())
            }
        }
    }

    fn declare(&mut self, line: &str) {
        self.declared.push_str(line);
        self.declared.push('\n');
    }

    fn comment(&mut self, comment: &'t str, body: &'t str) -> Option<()> {
        match self.above {
            Above::Nothing => Some(()),
            Above::Account => {
                self.declared.push(' ');
                self.declare(body);
                Some(())
            }
            Above::Entry if self.open.legs == 0 => self.entry_tags(comment),
            Above::Entry => self.leg_tags(comment),
        }
    }

    fn head(&mut self, body: &'t str) -> Option<()> {
        self.close()?;
        self.above = Above::Entry;
        let (head, comment) = match cut(body, b';') {
            Some((head, comment)) => (trim(head), comment),
            None => (body, ""),
        };
        let (date, rest) = cut(head, b' ').map_or((head, ""), |(date, rest)| (date, trim(rest)));
        if rest.starts_with(['*', '!']) {
            return None;
        }
        let (code, description) = match rest.strip_prefix('(').and_then(|rest| cut(rest, b')')) {
            Some((code, description)) => (Some(code), trim(description)),
            None => (None, rest),
        };
        let text =
            |text: &str| crate::error::check_text("description", text, crate::limits::MAX_TEXT_CHARS).is_ok();
        if !description.is_empty() && !is_short(description) && !text(&unescape(description)?) {
            return None;
        }
        if code.is_some_and(|code| !is_document(code)) {
            return None;
        }
        let effective = self.date(date)?;
        let mut sums = core::mem::take(&mut self.open.sums);
        sums.clear();
        self.open = Open { effective, code, sums, ..Open::default() };
        self.entry_tags(comment)
    }

    /// Reads a date; most stand below one like it.
    fn date(&mut self, text: &'t str) -> Option<NaiveDate> {
        if let Some((known, date)) = self.date.filter(|(known, _)| *known == text) {
            self.date = Some((known, date));
            return Some(date);
        }
        let date = date(text)?;
        self.date = Some((text, date));
        Some(date)
    }

    fn entry_tags(&mut self, comment: &'t str) -> Option<()> {
        each_tag(comment, ENTRY_TAGS.0, |index, value| {
            let bit = 1_u8.checked_shl(index)?;
            if self.open.tags & bit != 0 {
                return None;
            }
            self.open.tags |= bit;
            match index {
                0 => self.open.key = Some(value),
                1 => self.open.recorded = Some(date(value)?),
                _ => is_nature(value)?,
            }
            Some(())
        })
    }

    fn leg_tags(&mut self, comment: &'t str) -> Option<()> {
        let (path, currency) = self.open.leg?;
        each_tag(comment, LEG_TAGS.0, |index, value| {
            let bit = 1_u8.checked_shl(index)?;
            if self.open.leg_tags & bit != 0 {
                return None;
            }
            self.open.leg_tags |= bit;
            if matches!(index, 1..=4 | 6) {
                self.accounts.needs_items(path)?;
            }
            match index {
                0 => is_nature(value)?,
                1 if !is_document(value) => return None,
                1 => {}
                2 => drop(date(value)?),
                3 if value == "none" => {}
                3 => drop(date(value)?),
                5 if matches!(value, "red" | "blue") => {}
                5 => return None,
                6 => drop(date(value)?),
                _ if CLEARS_WORDS.contains(&value) => {}
                _ => drop(policy(Piece { line: 0, column: 1, text: value }, currency?).ok()?),
            }
            // An item is opened or cleared, not both.
            let clears = self.open.leg_tags & 0b001_0000 != 0;
            (!clears || self.open.leg_tags & 0b100_1110 == 0).then_some(())
        })
    }

    fn leg(&mut self, body: &'t str) -> Option<()> {
        if self.above != Above::Entry || body.starts_with(['(', '[', '*', '!']) {
            return None;
        }
        let (content, comment) = match cut(body, b';') {
            Some((content, comment)) => (trim(content), comment),
            None => (body, ""),
        };
        self.open.legs = self.open.legs.checked_add(1)?;
        self.open.leg_tags = 0;
        let Some((path, rest)) = cut_gap(content) else {
            if content.contains(' ') || self.open.elided.is_some() {
                return None;
            }
            let path = self.accounts.path(content)?;
            self.open.elided = Some((path, self.moves.len()));
            if self.asserts {
                self.moves.push(Move { day: self.open.effective, slot: 0, minor: 0, asserted: None });
            }
            self.open.leg = Some((path, None));
            return self.leg_tags(comment);
        };
        let path = self.accounts.path(path)?;
        let (amount, asserted) = match cut(rest, b'=') {
            Some((amount, asserted)) => (trim(amount), Some(trim(asserted))),
            None => (trim(rest), None),
        };
        let (minor, currency) = self.amount(amount)?;
        let asserted = match asserted {
            Some(text) => {
                let (expected, currency) = self.amount(text)?;
                Some((self.accounts.slot(path, currency)?, expected))
            }
            None => None,
        };
        if minor == 0 && asserted.is_none() {
            return None;
        }
        match self.open.sums.iter_mut().find(|(known, _)| *known == currency) {
            Some((_, sum)) => *sum = in_range(sum.checked_add(minor)?)?,
            None => self.open.sums.push((currency, minor)),
        }
        let slot = self.accounts.slot(path, currency)?;
        self.add(slot, minor)?;
        if self.asserts {
            self.moves.push(Move { day: self.open.effective, slot, minor, asserted });
        }
        self.open.leg = Some((path, Some(currency)));
        self.leg_tags(comment)
    }

    fn amount(&mut self, text: &'t str) -> Option<(i128, Currency)> {
        let (number, code) = cut(text, b' ')?;
        let currency = match self.currency {
            Some((known, currency)) if known == code => currency,
            _ => {
                let currency = Currency::from_code(code).ok()?;
                self.currency = Some((code, currency));
                currency
            }
        };
        Some((minor(number, currency)?, currency))
    }

    fn add(&mut self, slot: u32, minor: i128) -> Option<()> {
        if minor != 0 {
            self.open.moved = self.open.moved.checked_add(1)?;
            self.accounts.add(slot, minor)?;
        }
        Some(())
    }

    /// Ends the entry being read.
    fn close(&mut self) -> Option<()> {
        if self.above != Above::Entry {
            return Some(());
        }
        self.above = Above::Nothing;
        if self.open.legs == 0 {
            return None;
        }
        match self.open.elided {
            Some((path, place)) => {
                let [(currency, sum)] = *self.open.sums.as_slice() else { return None };
                let rest = sum.checked_neg().filter(|rest| *rest != 0)?;
                let slot = self.accounts.slot(path, currency)?;
                self.add(slot, rest)?;
                if let Some(moved) = self.moves.get_mut(place) {
                    (moved.slot, moved.minor) = (slot, rest);
                }
            }
            None if self.open.sums.iter().any(|(_, sum)| *sum != 0) => return None,
            None => {}
        }
        self.key()?;
        let floor = self.recorded;
        self.recorded = match self.open.recorded {
            Some(date) if floor.is_some_and(|floor| date < floor) => return None,
            Some(date) => Some(date),
            None => Some(floor.map_or(self.open.effective, |floor| floor.max(self.open.effective))),
        };
        self.entries = self.entries.checked_add(u64::from(self.open.moved > 0))?;
        self.legs = self.legs.checked_add(u64::from(self.open.moved))?;
        Some(())
    }

    /// Remembers enough of the key to know for certain, at the end, that no two are the same.
    fn key(&mut self) -> Option<()> {
        let Some(raw) = self.open.key else {
            self.made_up = true;
            self.doubtful |= self.open.code.is_some_and(|code| code.contains(['#', '%']));
            return Some(());
        };
        if raw.contains('%') || !raw.is_ascii() || raw.len() > crate::limits::MAX_KEY_CHARS || raw.is_empty()
        {
            let key = IdempotencyKey::new(unescape(raw)?).ok()?;
            self.doubtful |= key.as_str().starts_with("journal/");
            self.keys.push(digest(key.as_str()));
        } else {
            self.doubtful |= raw.starts_with("journal/");
            self.keys.push(digest(raw));
        }
        Some(())
    }

    fn finish(mut self, chart: &[Account]) -> Option<JournalBalances> {
        // Keys made up from documents differ from each other; from explicit ones only if none looks like them.
        let apart = if self.keys.is_empty() { !self.doubtful } else { !(self.made_up && self.doubtful) };
        self.keys.sort_unstable();
        if !apart || self.keys.windows(2).any(|pair| pair.first() == pair.last()) {
            return None;
        }
        let declared = Journal::parse(&self.declared, chart).ok()?;
        if self.moves.iter().any(|moved| moved.asserted.is_some()) {
            self.judge()?;
        }
        let sums = self.accounts.finish(chart, declared.accounts())?;
        let rows = super::balances::rows(sums)?;
        Some(JournalBalances { entries: self.entries, legs: self.legs, rows })
    }

    /// Judges the balances asserted, in the order of effective dates and of the text.
    fn judge(&mut self) -> Option<()> {
        self.moves.sort_by_key(|moved| moved.day);
        let mut balances = vec![0_i128; self.accounts.slots()];
        for Move { slot, minor, asserted, .. } in &self.moves {
            let balance = balances.get_mut(usize::try_from(*slot).ok()?)?;
            *balance = in_range(balance.checked_add(*minor)?)?;
            if let Some((slot, expected)) = asserted
                && balances.get(usize::try_from(*slot).ok()?) != Some(expected)
            {
                return None;
            }
        }
        Some(())
    }
}
