//! Canonical bytes: fixed-width integers little-endian, texts and lists length-prefixed, variants and absences tagged.
//! Two different values never share their bytes.

use crate::sink::Sink;
use chrono::{Datelike, NaiveDate};
use endcap_types::{AccountId, Currency, DocumentId, Money};

use crate::canon_control::write_draft_extension;
pub(crate) use crate::canon_control::{
    confirm_digest, directive_digest, foreign_digest, reserve_digest, revaluation_digest, unclear_digest,
    write_off_digest,
};
use crate::canon_entry::EntryHead;
use crate::command::{ClearRequest, Reversal};
use crate::{
    Account, ClearedItems, Clearing, ClearingPolicy, CorrectionDate, CurrencyRule, Dimension, Due, Entry,
    EntryDraft, EntryKind, EventBody, FormRule, Hash, ItemEffect, Leg, LegAmount, LegDraft, Link, Nature,
    OpenedItem, ReversalForm, Side, StockFlow, StockMove,
};

/// Writes canonical bytes into a hash.
#[derive(Debug)]
pub(crate) struct Canon(Sink);

impl Canon {
    /// Begins with a domain tag, so that values of different kinds never collide.
    pub(crate) fn new(domain: &str) -> Self {
        Self::over(Vec::with_capacity(512), domain)
    }

    /// As [`Canon::new`], gathering in a buffer that was used before.
    pub(crate) fn over(buffer: Vec<u8>, domain: &str) -> Self {
        let mut canon = Self(Sink::over(buffer));
        canon.text(domain);
        canon
    }

    pub(crate) fn finish(self) -> Hash {
        Hash(self.0.finish().0)
    }

    /// The hash, and the buffer to use again.
    pub(crate) fn finish_again(self) -> (Hash, Vec<u8>) {
        let (hash, buffer) = self.0.finish();
        (Hash(hash), buffer)
    }

    pub(crate) fn hash(&mut self, hash: &Hash) {
        self.0.update(hash.0);
    }

    pub(crate) fn u64(&mut self, value: u64) {
        self.0.update(value.to_le_bytes());
    }

    pub(crate) fn date(&mut self, date: NaiveDate) {
        self.0.update(date.num_days_from_ce().to_le_bytes());
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.len(text.len());
        self.0.update(text.as_bytes());
    }

    pub(crate) fn tag(&mut self, tag: u8) {
        self.0.update([tag]);
    }

    pub(crate) fn u32(&mut self, value: u32) {
        self.0.update(value.to_le_bytes());
    }

    pub(crate) fn len(&mut self, len: usize) {
        // Lists and texts are limited far below 2^64.
        self.u64(u64::try_from(len).unwrap_or(u64::MAX));
    }

    pub(crate) fn currency(&mut self, currency: Currency) {
        self.text(currency.code());
    }

    pub(crate) fn money(&mut self, money: &Money) {
        self.0.update(money.minor().to_le_bytes());
        self.currency(money.currency());
    }

    pub(crate) fn side(&mut self, side: Side) {
        self.tag(match side {
            Side::Debit => 0,
            Side::Credit => 1,
        });
    }

    pub(crate) fn key_account(&mut self, key_account: Option<&AccountId>) {
        match key_account {
            None => self.tag(0),
            Some(id) => {
                self.tag(1);
                self.text(id.as_str());
            }
        }
    }

    pub(crate) fn nature(&mut self, nature: Nature) {
        self.tag(match nature {
            Nature::Opening => 0,
            Nature::Invoice => 1,
            Nature::Return => 2,
            Nature::Deduction => 3,
            Nature::Rebate => 4,
            Nature::Receipt => 5,
            Nature::WriteOff => 6,
            Nature::Other => 7,
        });
    }

    /// When an item falls due and was delivered; one that was not has the bytes it always had.
    pub(crate) fn due(&mut self, due: Due, delivered: Option<NaiveDate>) {
        match (due, delivered) {
            (Due::NoDate, None) => self.tag(0),
            (Due::On(date), None) => {
                self.tag(1);
                self.date(date);
            }
            (Due::NoDate, Some(delivered)) => {
                self.tag(2);
                self.date(delivered);
            }
            (Due::On(date), Some(delivered)) => {
                self.tag(3);
                self.date(date);
                self.date(delivered);
            }
        }
    }

    pub(crate) fn stock(&mut self, stock: &[StockMove]) {
        self.len(stock.len());
        for StockMove { key_account, sku, flow, pieces } in stock {
            self.text(key_account.as_str());
            self.text(sku.as_str());
            self.tag(match flow {
                StockFlow::Opening => 0,
                StockFlow::Delivered => 1,
                StockFlow::Found => 2,
                StockFlow::Sold => 3,
                StockFlow::Returned => 4,
                StockFlow::Lost => 5,
            });
            self.0.update(pieces.to_le_bytes());
        }
    }

    fn account(&mut self, account: &Account) {
        self.text(account.code());
        self.text(account.name());
        self.text(account.name_zh());
        self.account_kind(account.kind());
        self.side(account.normal_side());
        self.tag(match account.dimension() {
            Dimension::None => 0,
            Dimension::KeyAccount => 1,
            Dimension::OpenItems => 2,
        });
        match account.currency() {
            CurrencyRule::Any => self.tag(0),
            CurrencyRule::Only(currency) => {
                self.tag(1);
                self.currency(currency);
            }
        }
    }

    pub(crate) fn kind(&mut self, kind: &EntryKind) {
        match kind {
            EntryKind::Posting => self.tag(0),
            EntryKind::Correction { of } => {
                self.tag(1);
                self.u64(of.0);
            }
            EntryKind::Reversal { of, reason } => {
                self.tag(2);
                self.u64(of.0);
                self.text(reason);
            }
            EntryKind::Clearing => self.tag(3),
            EntryKind::Confirmation { of } => {
                self.tag(4);
                self.u64(of.0);
            }
            EntryKind::Release { of, reason } => {
                self.tag(5);
                self.u64(of.0);
                self.text(reason);
            }
            EntryKind::WriteOff { reason } => {
                self.tag(6);
                self.text(reason);
            }
            EntryKind::Revaluation => self.tag(7),
        }
    }

    fn entry(&mut self, entry: &Entry) {
        self.entry_head(EntryHead {
            key: entry.key.as_str(),
            request: &entry.request,
            kind: &entry.kind,
            document: entry.document.as_str(),
            effective: entry.effective,
            description: &entry.description,
        });
        self.len(entry.legs.len());
        entry.legs.iter().for_each(|leg| self.leg(leg));
        self.len(entry.items.len());
        for OpenedItem { id, leg, document, dated, due, delivered } in &entry.items {
            self.opened(*id, *leg, document.as_str(), (*dated, *due, *delivered));
        }
        self.len(entry.clearings.len());
        for Clearing { debit, credit, amount, effective } in &entry.clearings {
            self.u64(debit.0);
            self.u64(credit.0);
            self.money(amount);
            self.date(*effective);
        }
        self.stock(&entry.stock);
        self.entry_extension(entry);
    }

    pub(crate) fn leg(&mut self, leg: &Leg) {
        let meaning = (leg.side, leg.nature);
        self.leg_parts(leg.account.0, leg.key_account.as_ref(), meaning, &leg.amount);
    }

    /// What an entry holds beyond the first version of the log: nothing for an entry that holds nothing more, so that
    /// its hash stays what it was. Nothing follows an entry, so no two entries share their bytes.
    fn entry_extension(&mut self, entry: &Entry) {
        let plain = entry.relates_to.is_none()
            && entry.override_reason.is_none()
            && entry.rates.is_empty()
            && entry.valuations.is_empty();
        if plain {
            return;
        }
        match entry.relates_to {
            None => self.tag(0),
            Some(day) => {
                self.tag(1);
                self.date(day);
            }
        }
        self.optional_text(entry.override_reason.as_deref());
        self.rates(&entry.rates);
        self.valuations(&entry.valuations);
    }

    pub(crate) fn optional_text(&mut self, text: Option<&str>) {
        match text {
            None => self.tag(0),
            Some(text) => {
                self.tag(1);
                self.text(text);
            }
        }
    }

    pub(crate) fn body(&mut self, body: &EventBody) {
        match body {
            EventBody::AccountOpened(account) => {
                self.tag(0);
                self.account(account);
            }
            EventBody::EntryPosted(entry) => {
                self.tag(1);
                self.entry(entry);
            }
            EventBody::PeriodClosed(period) => {
                self.tag(2);
                self.date(period.start());
                self.date(period.end());
            }
            EventBody::EntryReserved(reservation) => {
                self.tag(3);
                self.reservation(reservation);
            }
            EventBody::Directed(directed) => {
                self.tag(4);
                self.directed(directed);
            }
        }
    }

    fn documents<'a>(&mut self, documents: impl ExactSizeIterator<Item = &'a DocumentId>) {
        self.len(documents.len());
        documents.for_each(|document| self.text(document.as_str()));
    }

    pub(crate) fn policy(&mut self, policy: &ClearingPolicy) {
        match policy {
            ClearingPolicy::Fifo => self.tag(0),
            ClearingPolicy::OldestDue => self.tag(1),
            ClearingPolicy::Documents(documents) => {
                self.tag(2);
                self.documents(documents.iter());
            }
            ClearingPolicy::Amounts(amounts) => {
                self.tag(3);
                self.documents(amounts.iter().map(|(document, _)| document));
                amounts.iter().for_each(|(_, amount)| self.money(amount));
            }
            ClearingPolicy::Proportional => self.tag(4),
        }
    }

    fn leg_draft(&mut self, leg: &LegDraft, nature: Nature) {
        self.text(&leg.account);
        self.key_account(leg.key_account.as_ref());
        match leg.amount {
            LegAmount::Fixed(side, amount) => {
                self.tag(0);
                self.side(side);
                self.money(&amount);
            }
            LegAmount::Red(side, amount) => {
                self.tag(2);
                self.side(side);
                self.money(&amount);
            }
            LegAmount::Remainder(currency) => {
                self.tag(1);
                self.currency(currency);
            }
        }
        self.nature(leg.nature.unwrap_or(nature));
        self.item_effect(&leg.item);
    }

    pub(crate) fn item_effect(&mut self, item: &ItemEffect) {
        match item {
            ItemEffect::Plain => self.tag(0),
            ItemEffect::Open(item) => {
                self.tag(1);
                self.text(item.document.as_str());
                self.date(item.dated);
                self.due(item.due, item.delivered);
            }
            ItemEffect::Clear(policy) => {
                self.tag(2);
                self.policy(policy);
            }
        }
    }
}

/// Digest of what a draft asks for, without its recorded date.
pub(crate) fn draft_digest(draft: &EntryDraft) -> Hash {
    draft_digest_over(Vec::with_capacity(512), draft).0
}

/// As [`draft_digest`], gathering in a buffer that was used before and is handed back.
pub(crate) fn draft_digest_over(buffer: Vec<u8>, draft: &EntryDraft) -> (Hash, Vec<u8>) {
    let mut canon = Canon::over(buffer, "endcap-ledger/post/1");
    write_draft(&mut canon, draft);
    canon.finish_again()
}

/// Writes what a draft asks for, without its key and recorded date.
pub(crate) fn write_draft(canon: &mut Canon, draft: &EntryDraft) {
    canon.text(draft.document.as_str());
    canon.date(draft.effective);
    canon.text(&draft.description);
    match draft.link {
        Link::None => canon.tag(0),
        Link::Corrects(entry) => {
            canon.tag(1);
            canon.u64(entry.0);
        }
    }
    canon.len(draft.legs.len());
    draft.legs.iter().for_each(|leg| canon.leg_draft(leg, draft.nature));
    canon.stock(&draft.stock);
    write_draft_extension(canon, draft);
}

/// Digest of what a reversal asks for, without its recorded date.
pub(crate) fn reversal_digest(reversal: &Reversal) -> Hash {
    let mut canon = Canon::new("endcap-ledger/reverse/1");
    canon.u64(reversal.of.0);
    canon.text(reversal.document.as_str());
    canon.text(&reversal.reason);
    match reversal.date {
        CorrectionDate::On(date) => {
            canon.tag(0);
            canon.date(date);
        }
        CorrectionDate::OriginalOrFirstOpen => canon.tag(1),
    }
    canon.tag(match reversal.cleared {
        ClearedItems::Refuse => 0,
        ClearedItems::Release => 1,
    });
    // A reversal in the form of the ledger has the digest it always had.
    match reversal.form {
        FormRule::AsLedger => {}
        FormRule::Always(ReversalForm::SwappedSides) => canon.tag(0),
        FormRule::Always(ReversalForm::RedLetter) => canon.tag(1),
    }
    canon.finish()
}

/// Digest of what a clearing asks for, without its recorded date.
pub(crate) fn clear_digest(request: &ClearRequest) -> Hash {
    let mut canon = Canon::new("endcap-ledger/clear/1");
    canon.text(&request.account);
    canon.text(request.key_account.as_str());
    canon.currency(request.currency);
    canon.side(request.side);
    canon.text(request.document.as_str());
    canon.policy(&request.policy);
    canon.date(request.effective);
    canon.finish()
}
