//! Raw entries to drafts: accounts resolved, sums proved, balances asserted.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use endcap_types::{AccountId, Currency, DocumentId, Money};

use super::problem::{InputFault, InputProblem, Piece};
use super::read::{Path, Placed, RawEntry, Reader, plain, read_date, root_of};
use super::tags::{account, document, effect, find, ink, nature, text_fault};
use crate::{Account, Dimension, Due, EntryDraft, IdempotencyKey, ItemDraft, LegDraft, Nature};

/// An entry of a journal and where it stands.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalEntry {
    /// Its line, from 1.
    pub line: u64,
    /// What it says up to the comment, for messages.
    pub head: String,
    /// What is to be posted.
    pub draft: EntryDraft,
}

/// A journal that was read without a problem (日记账): the accounts it needs and its entries, in the order of the text.
///
/// # Examples
///
/// ```
/// use endcap_ledger::{At, Ledger, Settings, chart, journal::Journal};
/// use endcap_types::Currency;
/// let text = "\
/// 2026-06-02 (INV-1) goods delivered
///     Assets:1122:KA001  11300.00 CNY  ; due:2026-06-20
///     Liabilities:2221.01  -1300.00 CNY
///     Income:6001
/// ";
/// let journal = Journal::parse(text, &chart::key_account_supplier()?).expect("sound");
/// let mut ledger = Ledger::new(Settings::new("demo")?);
/// journal.post_into(&mut ledger).expect("accepted");
/// assert_eq!(ledger.balance("6001", Currency::CNY, At::Now)?.to_string(), "CNY -10000.00");
///
/// let problems = Journal::parse(&text.replace("-1300.00", "-1300.005"), &chart::key_account_supplier()?).unwrap_err();
/// assert_eq!(problems[0].to_string(), "3:26: \"-1300.005\": expected at most 2 decimals for CNY");
/// # Ok::<(), endcap_ledger::LedgerError>(())
/// ```
///
/// # Source
///
/// House rule; see the [module](crate::journal).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Journal {
    accounts: Vec<Account>,
    entries: Vec<JournalEntry>,
}

impl Journal {
    /// Reads a journal; accounts may stand in `chart` instead of the text.
    ///
    /// # Errors
    ///
    /// - Every [`InputProblem`] of the text, by line and column. Balances are judged when nothing else is wrong.
    pub fn parse(text: &str, chart: &[Account]) -> Result<Self, Vec<InputProblem>> {
        let Reader { accounts, entries, problems, .. } = Reader::read(text);
        let mut builder = Builder { problems, ..Builder::default() };
        builder.chart = chart.iter().map(|account| (account.code().to_owned(), account.clone())).collect();
        let mut declared = BTreeSet::new();
        // A line with a key account names it; only its account is declared.
        let (named, own): (Vec<_>, Vec<_>) =
            accounts.iter().partition(|raw| raw.path.key_account.is_some() && raw.tags.is_empty());
        for raw in own {
            match account(raw) {
                Ok(account) if !declared.insert(account.code().to_owned()) => {
                    builder.problems.push(raw.path.piece.fault(InputFault::DeclaredTwice));
                }
                Ok(account) => {
                    builder.opened.push(account.code().to_owned());
                    builder.known.insert(account.code().to_owned());
                    builder.chart.insert(account.code().to_owned(), account);
                }
                Err(problem) => builder.problems.push(problem),
            }
        }
        for raw in named {
            builder.account(&raw.path);
        }
        let mut drafts = Vec::with_capacity(entries.len());
        builder.asserts = entries.iter().flat_map(|entry| &entry.legs).any(|leg| leg.assertion.is_some());
        for raw in entries {
            drafts.extend(builder.entry(&raw));
        }
        if builder.problems.is_empty() {
            builder.judge();
        }
        if !builder.problems.is_empty() {
            builder.problems.sort_by_key(|problem| (problem.line, problem.column));
            return Err(builder.problems);
        }
        let Builder { chart, opened, .. } = builder;
        let accounts = opened.iter().filter_map(|code| chart.get(code)).cloned().collect();
        Ok(Self { accounts, entries: drafts })
    }

    /// The accounts the text declares, then those of the chart that it uses.
    #[must_use]
    pub fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// The entries, in the order of the text.
    #[must_use]
    pub fn entries(&self) -> &[JournalEntry] {
        &self.entries
    }
}

/// A movement of one account, key account and currency, or a balance asserted after it.
#[derive(Debug)]
struct Move<'t> {
    effective: NaiveDate,
    account: (String, Option<AccountId>),
    amount: Money,
    assertion: Option<(Path<'t>, Placed<'t>)>,
}

#[derive(Debug, Default)]
struct Builder<'t> {
    problems: Vec<InputProblem>,
    chart: BTreeMap<String, Account>,
    /// Codes in the order in which they are to be opened.
    opened: Vec<String>,
    /// The same codes, to be found again.
    known: BTreeSet<String>,
    asserts: bool,
    keys: BTreeSet<IdempotencyKey>,
    /// How often a document, or a date without one, was met.
    met: BTreeMap<String, u64>,
    recorded: Option<NaiveDate>,
    moves: Vec<Move<'t>>,
}

/// What is known of an entry before its legs are read.
struct Head {
    key: IdempotencyKey,
    document: DocumentId,
    description: String,
    recorded: NaiveDate,
    nature: Nature,
}

impl<'t> Builder<'t> {
    fn keep<T>(&mut self, result: Result<T, InputProblem>) -> Option<T> {
        result.map_err(|problem| self.problems.push(problem)).ok()
    }

    fn count(&mut self, name: &str) -> u64 {
        let count = self.met.entry(name.to_owned()).or_default();
        *count = count.saturating_add(1);
        *count
    }

    fn entry(&mut self, raw: &RawEntry<'t>) -> Option<JournalEntry> {
        if raw.legs.is_empty() && !raw.broken {
            self.problems.push(raw.head.fault(InputFault::NoLegs));
        }
        let head = self.head(raw);
        let before = self.problems.len();
        let legs = self.legs(raw, head.as_ref());
        let head = head?;
        if self.problems.len() > before || raw.broken || legs.is_empty() {
            return None;
        }
        let mut draft = EntryDraft::new(head.key, head.document, raw.effective, head.recorded)
            .describe(head.description)
            .nature(head.nature);
        draft.legs = legs;
        Some(JournalEntry { line: raw.head.line, head: raw.head.text.to_owned(), draft })
    }

    fn head(&mut self, raw: &RawEntry<'t>) -> Option<Head> {
        let document = match raw.code {
            Some(code) => self.keep(document(code)),
            None => {
                let name = raw.effective.to_string();
                let number = self.count(&name);
                self.keep(DocumentId::new(format!("{name}/{number}")).map_err(|e| raw.head.fault(e.into())))
            }
        };
        let description = self.keep(plain(raw.description).and_then(|text| {
            if text.is_empty() {
                return Ok(text);
            }
            crate::error::check_text("description", &text, crate::limits::MAX_TEXT_CHARS)
                .map_err(text_fault(raw.description))?;
            Ok(text)
        }));
        let key = document.as_ref().and_then(|document| self.key(raw, document));
        let recorded = self.recorded(raw);
        let nature = self.keep(nature(&raw.tags));
        Some(Head {
            key: key?,
            document: document?,
            description: description?,
            recorded: recorded?,
            nature: nature?.unwrap_or_default(),
        })
    }

    fn key(&mut self, raw: &RawEntry<'t>, document: &DocumentId) -> Option<IdempotencyKey> {
        let tag = find(&raw.tags, "key");
        let (place, text) = match tag {
            Some(tag) => (tag.value, self.keep(plain(tag.value))?),
            None => {
                let name = format!("journal/{document}");
                match self.count(&name) {
                    1 => (raw.head, name),
                    number => (raw.head, format!("{name}#{number}")),
                }
            }
        };
        let key = self.keep(IdempotencyKey::new(text).map_err(text_fault(place)))?;
        if !self.keys.insert(key.clone()) {
            self.problems
                .push(place.fault(InputFault::BadTag { expected: "a key of its own for each entry" }));
            return None;
        }
        Some(key)
    }

    fn recorded(&mut self, raw: &RawEntry<'t>) -> Option<NaiveDate> {
        let before = self.recorded;
        let recorded = match find(&raw.tags, "recorded") {
            Some(tag) => {
                let date = self.keep(read_date(tag.value))?;
                if let Some(before) = before.filter(|before| date < *before) {
                    self.problems.push(tag.value.fault(InputFault::RecordedBack { before }));
                    return None;
                }
                date
            }
            None => before.map_or(raw.effective, |before| before.max(raw.effective)),
        };
        self.recorded = Some(recorded);
        Some(recorded)
    }

    fn legs(&mut self, raw: &RawEntry<'t>, head: Option<&Head>) -> Vec<LegDraft> {
        let mut sums: BTreeMap<Currency, Money> = BTreeMap::new();
        let mut elided: Option<Piece<'t>> = None;
        let mut whole = !raw.broken;
        for leg in &raw.legs {
            let Some((place, amount)) = leg.amount else {
                if let Some(first) = elided {
                    self.problems.push(leg.path.piece.fault(InputFault::SecondElided { first: first.line }));
                    whole = false;
                }
                elided = elided.or(Some(leg.path.piece));
                continue;
            };
            let sum = sums.entry(amount.currency()).or_insert(Money::zero(amount.currency()));
            match sum.checked_add(&amount) {
                Ok(total) => *sum = total,
                Err(_) => {
                    self.problems.push(place.fault(InputFault::AmountOutOfRange));
                    whole = false;
                }
            }
        }
        let rest = if whole { self.rest(raw, elided, &sums) } else { None };
        let mut drafts = Vec::with_capacity(raw.legs.len());
        for leg in &raw.legs {
            let account = self.account(&leg.path);
            let currency =
                leg.amount.map_or(rest, |(_, amount)| Some(amount)).map(|amount| amount.currency());
            let nature = self.keep(nature(&leg.tags));
            let ink = self.keep(ink(&leg.tags));
            let (Some(dimension), Some(head)) = (account, head) else { continue };
            let default = || ItemDraft {
                document: head.document.clone(),
                dated: raw.effective,
                due: Due::NoDate,
                delivered: None,
            };
            let item = self.keep(effect(leg, dimension, currency, default));
            let (Some(item), Some(nature), Some(ink)) = (item, nature, ink) else { continue };
            let Some(amount) = leg.amount.map_or(rest, |(_, amount)| Some(amount)) else { continue };
            if self.asserts {
                self.moves.push(Move {
                    effective: raw.effective,
                    account: (leg.path.code.clone(), leg.path.key_account.clone()),
                    amount,
                    assertion: leg.assertion.map(|assertion| (leg.path.clone(), assertion)),
                });
            }
            if amount.is_zero() {
                if let (Some((place, _)), None) = (leg.amount, leg.assertion) {
                    self.problems.push(place.fault(InputFault::ZeroAmount));
                }
                continue;
            }
            let mut draft = LegDraft::inked(leg.path.code.as_str(), amount, ink);
            draft.key_account.clone_from(&leg.path.key_account);
            draft.nature = nature;
            draft.item = item;
            drafts.push(draft);
        }
        drafts
    }

    /// Proves the sums; what an elided leg takes.
    fn rest(
        &mut self,
        raw: &RawEntry<'t>,
        elided: Option<Piece<'t>>,
        sums: &BTreeMap<Currency, Money>,
    ) -> Option<Money> {
        let surplus: Vec<Money> = sums.values().filter(|sum| !sum.is_zero()).copied().collect();
        let fault = match (elided, sums.len(), surplus.as_slice()) {
            (Some(_), 1, [sum]) => return Some(sum.negated()),
            (Some(piece), 0 | 1, _) => piece.fault(InputFault::NothingElided),
            (Some(piece), count, _) => piece.fault(InputFault::ElidedCurrency { count }),
            (None, _, []) => return None,
            (None, _, _) => raw.head.fault(InputFault::Unbalanced { surplus }),
        };
        self.problems.push(fault);
        None
    }

    /// How the account that a path names is broken down, if the path names it as it is.
    fn account(&mut self, path: &Path<'t>) -> Option<Dimension> {
        let fault = match self.chart.get(&path.code) {
            None => InputFault::UnknownAccount,
            Some(account) if account.kind() != path.kind => {
                InputFault::KindDiffers { root: root_of(account.kind()), code: path.piece_code() }
            }
            Some(account) => match (account.dimension(), &path.key_account) {
                (Dimension::None, Some(_)) => InputFault::KeyAccountNotAllowed,
                (Dimension::KeyAccount | Dimension::OpenItems, None) => InputFault::MissingKeyAccount,
                (dimension, _) => {
                    if !self.known.contains(&path.code) {
                        self.known.insert(path.code.clone());
                        self.opened.push(path.code.clone());
                    }
                    return Some(dimension);
                }
            },
        };
        self.problems.push(path.piece.fault(fault));
        None
    }

    /// Judges the balances asserted, in the order of effective dates and of the text.
    fn judge(&mut self) {
        // Moves stand in the order of the text; a stable sort keeps that within a day.
        self.moves.sort_by_key(|moved| moved.effective);
        let mut balances: BTreeMap<(String, Option<AccountId>, Currency), Money> = BTreeMap::new();
        for moved in &self.moves {
            let (code, key_account) = &moved.account;
            let of = |currency| (code.clone(), key_account.clone(), currency);
            let currency = moved.amount.currency();
            let balance = balances.entry(of(currency)).or_insert(Money::zero(currency));
            match balance.checked_add(&moved.amount) {
                Ok(sum) => *balance = sum,
                Err(_) => continue, // the ledger refuses it with its own limit
            }
            let Some((path, (place, expected))) = &moved.assertion else { continue };
            let asserted = expected.currency();
            let found = balances.get(&of(asserted)).copied().unwrap_or(Money::zero(asserted));
            if found != *expected {
                let account = path.piece.text.to_owned();
                let fault = InputFault::AssertionFailed { account, expected: *expected, found };
                self.problems.push(place.fault(fault));
            }
        }
    }
}

impl Path<'_> {
    /// The code as written.
    fn piece_code(&self) -> String {
        self.piece.text.split(':').nth(1).unwrap_or_default().to_owned()
    }
}
