//! The audit: everything the ledger claims, proved again from the log alone.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use endcap_types::{AccountId, Currency, DocumentId, Money, SkuId};

use crate::state::{BalanceKey, State, Totals, is_control};
use crate::{
    AgeBasis, AgeingQuery, At, Buckets, Entry, EntryId, EventBody, Hash, Head, ItemId, LedgerError, Leg,
    verify,
};

/// Something an audit found wrong.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// The log does not hash to what it says.
    BrokenChain {
        /// First sequence number that fails.
        seq: u64,
    },
    /// An entry does not balance.
    UnbalancedEntry {
        /// The entry.
        entry: EntryId,
        /// The currency.
        currency: Currency,
        /// Debits minus credits, in minor units.
        surplus: i128,
    },
    /// A running balance, or the sum of its days, is not the sum of its legs.
    BalanceDrift {
        /// Code of the account.
        code: String,
        /// The key account, if any.
        key_account: Option<AccountId>,
        /// What the index says.
        kept: i128,
        /// What the log says.
        proved: i128,
    },
    /// On some day more of an item is cleared than it holds, or what is kept as open is not what the log says.
    ItemDrift {
        /// Its document.
        document: DocumentId,
        /// What is kept as open.
        kept: i128,
        /// What the log says.
        proved: i128,
    },
    /// The ageing does not sum to the control account.
    AgeingDrift {
        /// Code of the account.
        code: String,
        /// The day.
        as_of: NaiveDate,
        /// What age is counted from.
        basis: AgeBasis,
        /// Sum of the ageing.
        aged: Money,
        /// Balance of the account.
        balance: Money,
    },
    /// Stock on hand is not what the moves leave.
    StockDrift {
        /// The key account.
        key_account: AccountId,
        /// The article.
        sku: SkuId,
        /// What is kept.
        kept: i64,
        /// What the log says.
        proved: i64,
    },
    /// A balance someone vouched for is another one now.
    AssertionBroken {
        /// Code of the account.
        code: String,
        /// The key account, if any.
        key_account: Option<AccountId>,
        /// The day.
        day: NaiveDate,
        /// What was vouched for, in minor units.
        expected: i128,
        /// What it is, in minor units.
        actual: i128,
    },
    /// The members of a group owe more together than they were ever allowed.
    GroupLimitBroken {
        /// The group.
        group: AccountId,
        /// Code of the account.
        code: String,
        /// The most, override included, in minor units.
        limit: i128,
        /// What they owe, in minor units.
        exposure: i128,
    },
    /// What is kept as pending is not what the reservations say.
    PendingDrift {
        /// Code of the account.
        code: String,
        /// What is kept, debits and credits in minor units.
        kept: (i128, i128),
        /// What the log says.
        proved: (i128, i128),
    },
    /// Ageing, open items, control account and trial balance are not one on a day.
    ApartOnDay {
        /// The day.
        as_of: NaiveDate,
        /// The four figures.
        tie_out: Box<crate::TieOut>,
    },
    /// A query that cannot fail on a sound ledger failed.
    QueryFailed(LedgerError),
}

/// The outcome of an audit (审计报告).
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditReport {
    /// Events proved.
    pub events: usize,
    /// Entries proved.
    pub entries: usize,
    /// Legs added up.
    pub legs: usize,
    /// Items of the sub-ledger proved.
    pub items: usize,
    /// Ageing totals compared with balances: by each basis, per control account and currency, as a whole and per key
    /// account.
    pub ageings: usize,
    /// The hash of the last event.
    pub head: Hash,
    /// What is wrong, in the order found; nothing in a sound ledger.
    pub findings: Vec<Finding>,
}

impl AuditReport {
    /// Whether nothing is wrong.
    #[must_use]
    pub const fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }
}

type Balances = BTreeMap<(u32, Option<AccountId>, Currency), i128>;

/// What the log says, added up naively.
#[derive(Debug, Default)]
struct Proof {
    balances: Balances,
    originals: Vec<(i128, DocumentId)>,
    cleared: BTreeMap<ItemId, BTreeMap<NaiveDate, i128>>,
    stock: BTreeMap<(AccountId, SkuId), i64>,
    findings: Vec<Finding>,
    legs: usize,
    days: BTreeSet<NaiveDate>,
}

impl Proof {
    fn entry(&mut self, id: EntryId, entry: &Entry) {
        let mut surplus: BTreeMap<Currency, i128> = BTreeMap::new();
        for leg in &entry.legs {
            let key = (leg.account.0, leg.key_account.clone(), leg.amount.currency());
            let balance = self.balances.entry(key).or_default();
            *balance = balance.saturating_add(leg.signed_minor());
            let sum = surplus.entry(leg.amount.currency()).or_default();
            *sum = sum.saturating_add(leg.signed_minor());
            self.legs = self.legs.saturating_add(1);
        }
        surplus.retain(|_, surplus| *surplus != 0);
        let unbalanced = surplus.into_iter().map(|(currency, surplus)| Finding::UnbalancedEntry {
            entry: id,
            currency,
            surplus,
        });
        self.findings.extend(unbalanced);
        for opened in &entry.items {
            let leg = usize::try_from(opened.leg).ok().and_then(|index| entry.legs.get(index));
            self.originals.push((leg.map_or(0, Leg::size), opened.document.clone()));
        }
        for clearing in &entry.clearings {
            for id in [clearing.debit, clearing.credit] {
                let days = self.cleared.entry(id).or_default();
                let cleared = days.entry(clearing.effective).or_default();
                *cleared = cleared.saturating_add(clearing.amount.minor());
            }
            self.days.insert(clearing.effective);
        }
        for moved in &entry.stock {
            let stock = self.stock.entry((moved.key_account.clone(), moved.sku.clone())).or_default();
            *stock = stock.saturating_add(moved.flow.change(moved.pieces));
        }
        self.days.insert(entry.effective);
    }
}

impl State {
    /// Proves everything again from the log (审计): the chain, every entry, every running balance and its day index,
    /// every item, the ageing of every control account at its last day, and stock.
    ///
    /// Time: `O(events + items)`.
    #[must_use]
    pub fn audit(&self) -> AuditReport {
        let mut proof = Proof::default();
        let mut entries: usize = 0;
        if let Err(error) = verify(&self.settings, self.events(), Head::At(self.head)) {
            proof.findings.push(match error {
                LedgerError::BrokenChain { seq } => Finding::BrokenChain { seq },
                other => Finding::QueryFailed(other),
            });
        }
        for event in self.events() {
            if let EventBody::EntryPosted(entry) = &event.body {
                entries = entries.saturating_add(1);
                proof.entry(EntryId(event.seq), entry);
            }
        }
        self.prove_balances(&mut proof);
        self.prove_items(&mut proof);
        self.prove_stock(&mut proof);
        self.prove_pending(&mut proof);
        self.prove_assertions(&mut proof);
        proof.findings.extend(self.prove_groups());
        let ageings = self.prove_ageing(&mut proof);
        AuditReport {
            events: self.log.headers.len(),
            entries,
            legs: proof.legs,
            items: proof.originals.len(),
            ageings,
            head: self.head,
            findings: proof.findings,
        }
    }

    fn prove_balances(&self, proof: &mut Proof) {
        for slot in &self.slots {
            let key_account = self.party(slot.party).cloned();
            let key = (slot.account, key_account.clone(), slot.currency);
            let proved = proof.balances.remove(&key).unwrap_or(0);
            let indexed = self.totals_at(slot, At::Now).net();
            if let Some(kept) = [slot.balance, indexed].into_iter().find(|kept| *kept != proved) {
                let account = self.account(crate::LedgerAccountId(slot.account));
                let code = account.map_or_else(String::new, |account| account.code().to_owned());
                proof.findings.push(Finding::BalanceDrift { code, key_account, kept, proved });
            }
        }
        for ((account, key_account, _), proved) in core::mem::take(&mut proof.balances) {
            let account = self.account(crate::LedgerAccountId(account));
            let code = account.map_or_else(String::new, |account| account.code().to_owned());
            proof.findings.push(Finding::BalanceDrift { code, key_account, kept: 0, proved });
        }
    }

    /// Each item holds between nothing and its full amount on every day, and what is kept as open is what is left.
    fn prove_items(&self, proof: &mut Proof) {
        for (index, (original, document)) in (0_u64..).zip(&proof.originals) {
            let id = ItemId(index);
            let mut proved = *original;
            let mut beyond = None;
            for cleared in proof.cleared.get(&id).into_iter().flat_map(BTreeMap::values) {
                proved = proved.saturating_sub(*cleared);
                if proved < 0 || proved > *original {
                    beyond = beyond.or(Some(proved));
                }
            }
            let kept = self.item(id).map_or(0, |item| item.open);
            if kept != proved || beyond.is_some() {
                let proved = beyond.unwrap_or(proved);
                proof.findings.push(Finding::ItemDrift { document: document.clone(), kept, proved });
            }
        }
    }

    fn prove_stock(&self, proof: &mut Proof) {
        for ((key_account, sku), proved) in &proof.stock {
            let stock = self.stock.get(key_account).and_then(|shelf| shelf.get(sku));
            let last = self.stock_on(key_account, sku, NaiveDate::MAX);
            let kept = stock.map_or(0, |stock| stock.on_hand);
            if let Some(kept) = [kept, last].into_iter().find(|kept| kept != proved) {
                let (key_account, sku) = (key_account.clone(), sku.clone());
                proof.findings.push(Finding::StockDrift { key_account, sku, kept, proved: *proved });
            }
        }
    }

    /// What is pending now is what was reserved and neither confirmed nor voided.
    fn prove_pending(&self, proof: &mut Proof) {
        let mut proved: BTreeMap<BalanceKey, Totals> = BTreeMap::new();
        for leg in self.pending().flat_map(|(_, held)| &held.legs).map(|pending| &pending.leg) {
            let (account, currency) = (leg.account.0, leg.amount.currency());
            let one = leg.key_account.clone().map(|id| (account, Some(id), currency));
            for key in [Some((account, None, currency)), one].into_iter().flatten() {
                proved.entry(key).or_default().add(leg.side, leg.amount.minor());
            }
        }
        for (key, kept) in &self.pending {
            let proved = proved.remove(key).unwrap_or_default();
            if *kept != proved {
                let (kept, proved) = ((kept.debit, kept.credit), (proved.debit, proved.credit));
                proof.findings.push(Finding::PendingDrift { code: self.code_of(key), kept, proved });
            }
        }
    }

    /// Every balance that was vouched for is still what it was.
    fn prove_assertions(&self, proof: &mut Proof) {
        for (key, days) in &self.asserted {
            for (day, (expected, _)) in days {
                let actual = self.posted_at(key, *day);
                if actual != *expected {
                    let (code, key_account) = (self.code_of(key), key.1.clone());
                    let (day, expected) = (*day, *expected);
                    proof.findings.push(Finding::AssertionBroken {
                        code,
                        key_account,
                        day,
                        expected,
                        actual,
                    });
                }
            }
        }
    }

    /// Compares the ageing of every control account by each basis with its balance, as a whole and per key account, at
    /// the last day anything counts; how many balances were compared.
    fn prove_ageing(&self, proof: &mut Proof) -> usize {
        let Some(as_of) = proof.days.last().copied() else { return 0 };
        let currencies: BTreeSet<Currency> = self.slots.iter().map(|slot| slot.currency).collect();
        let mut compared: usize = 0;
        for account in self.accounts.iter().filter(|account| is_control(account)) {
            for currency in &currencies {
                for basis in AgeBasis::ALL {
                    match self.compare_ageing(account.code(), *currency, (as_of, basis)) {
                        Ok((count, drifts)) => {
                            compared = compared.saturating_add(count);
                            proof.findings.extend(drifts);
                        }
                        Err(error) => proof.findings.push(Finding::QueryFailed(error)),
                    }
                }
            }
        }
        compared
    }

    fn compare_ageing(
        &self,
        code: &str,
        currency: Currency,
        (as_of, basis): (NaiveDate, AgeBasis),
    ) -> Result<(usize, Vec<Finding>), LedgerError> {
        let query = AgeingQuery { account: code, currency, as_of, basis };
        let ageing = self.ageing(&query, &Buckets::standard(), NaiveDate::MAX)?;
        let at = At::EndOf(as_of);
        let mut pairs = vec![(ageing.total.total, self.balance(code, currency, at)?)];
        for (key_account, split) in &ageing.rows {
            pairs.push((split.total, self.balance_of(code, key_account, currency, at)?));
        }
        let drifted = pairs.iter().filter(|(aged, balance)| aged != balance);
        let drifts = drifted.map(|(aged, balance)| Finding::AgeingDrift {
            code: code.to_owned(),
            as_of,
            basis,
            aged: *aged,
            balance: *balance,
        });
        Ok((pairs.len(), drifts.collect()))
    }
}
