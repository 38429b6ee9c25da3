//! Why receipts, small differences and age buckets are what they are.

use std::collections::BTreeMap;

use endcap_calendar::dates;
use endcap_types::{DocumentId, Exact, Money};

use super::allocation::{book_of, ordered};
use super::explained::same;
use super::{
    AgeBy, AgeEdges, Ageing, Allocation, AllocationOrder, AllocationPolicy, CreditError, CreditNotes,
    OpenItem, Residual, WithinItem,
};
use crate::explained::{Explained, Explainer};
use crate::trace::Cell;
use crate::{Formula, Measure, SettlementError, Subject, What};

fn refs(cells: &[Cell]) -> Vec<&Cell> {
    cells.iter().collect()
}

impl Allocation {
    /// 核销说明: why each item got what it got, what stays open on it, and what is left of the receipt.
    ///
    /// Items, receipt and policy are those of [`allocate_receipt`](super::allocate_receipt); amounts are found by item.
    ///
    /// # Errors
    /// - [`SettlementError::IdentityBroken`] when the allocation does not follow from what is given.
    /// - Those of [`allocate_receipt`](super::allocate_receipt).
    ///
    /// # Examples
    /// ```
    /// use endcap_calendar::dates;
    /// use endcap_settlement::credit::{AllocationOrder, AllocationPolicy, OpenItem, allocate_receipt};
    /// use endcap_settlement::{Language, What};
    /// use endcap_types::{Currency, DocumentId, Money};
    /// let day = dates::ymd(2026, 1, 28)?;
    /// let items = [OpenItem::new(DocumentId::new("i1")?, day, day, Money::parse("60.00", Currency::CNY)?)];
    /// let (receipt, policy) = (Money::parse("40.00", Currency::CNY)?, AllocationPolicy::new(AllocationOrder::Fifo));
    /// let why = allocate_receipt(&items, receipt, &policy)?.explained(&items, receipt, &policy)?;
    /// assert_eq!(why.explain(What::OpenPrincipal, "i1", Language::En)?[0], "open principal [i1]: 20.00 = 60.00 − 40.00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Source
    /// House rule: every amount can be asked why.
    pub fn explained(
        &self,
        items: &[OpenItem],
        receipt: Money,
        policy: &AllocationPolicy,
    ) -> Result<Explained, SettlementError> {
        let book = book_of(items, receipt)?;
        let (credits, debits): (Vec<&OpenItem>, Vec<&OpenItem>) =
            ordered(&book, &policy.order)?.into_iter().partition(|item| item.is_credit());
        let credits = if policy.credit_notes == CreditNotes::First { credits } else { Vec::new() };
        let mut why = Explainer::new(receipt.currency());
        let zero = Money::zero(receipt.currency());

        let mut payables = Vec::with_capacity(debits.len());
        for item in &debits {
            let principal = why.money(Subject::of(What::Principal, &item.id), &item.principal);
            payables.push(if policy.within == WithinItem::PrincipalOnly {
                principal
            } else {
                let interest = why.money(Subject::of(What::OpenInterest, &item.id), &item.interest);
                let subject = Subject::of(What::OpenItem, &item.id);
                why.step(subject, Measure::Amount, Formula::Sum, &[&principal, &interest])?
            });
        }
        let mut credit_cells = Vec::with_capacity(credits.len());
        for item in &credits {
            credit_cells.push(why.money(Subject::of(What::OpenItem, &item.id), &item.principal.negated()));
        }
        let total =
            why.step(Subject::of(What::OpenItem, "total"), Measure::Amount, Formula::Sum, &refs(&payables))?;
        let of = Subject::of(What::CreditUsed, "total");
        let credit = why.step(of, Measure::Amount, Formula::Sum, &refs(&credit_cells))?;
        let subject = Subject::new(What::CreditUsed);
        let (used, told) = why.amount(subject, Formula::Smaller, &[&credit, &total])?;
        same("credit used = credit notes, at most what is payable", told, self.credit_used)?;
        let money = why.money(Subject::new(What::Receipt), &receipt);
        let of = Subject::of(What::OpenItem, "after credit notes");
        let wanted = why.step(of, Measure::Amount, Formula::Subtract, &[&total, &used])?;
        let of = Subject::of(What::Applied, "of the receipt");
        let cash = why.step(of, Measure::Amount, Formula::Smaller, &[&money, &wanted])?;
        let subject = Subject::new(What::Unapplied);
        let (_, told) = why.amount(subject, Formula::Subtract, &[&money, &cash])?;
        same("unapplied = receipt − applied", told, self.unapplied)?;

        let of = Subject::of(What::LeftToApply, "start");
        let pool = why.step(of, Measure::Amount, Formula::Sum, &[&used, &cash])?;
        let mut applied: BTreeMap<&DocumentId, Cell> = BTreeMap::new();
        if policy.order == AllocationOrder::ProRata && !pool.value.is_zero() {
            // Ties of the largest remainder go to the lowest id.
            let mut by_id: Vec<(&DocumentId, &Cell)> =
                debits.iter().zip(&payables).map(|(item, cell)| (&item.id, cell)).collect();
            by_id.sort_by_key(|(id, _)| *id);
            let mut inputs = vec![&pool];
            inputs.extend(by_id.iter().map(|(_, cell)| *cell));
            for (index, (id, _)) in by_id.iter().enumerate() {
                let index = u32::try_from(index).unwrap_or(u32::MAX);
                let subject = Subject::of(What::Applied, id);
                applied.insert(id, why.amount(subject, Formula::Share { index }, &inputs)?.0);
            }
        } else {
            in_order(&mut why, &mut applied, pool, debits.iter().zip(&payables))?;
        }
        in_order(&mut why, &mut applied, used, credits.iter().zip(&credit_cells))?;

        for line in &self.lines {
            let Some(item) = book.get(&line.id) else {
                return Err(CreditError::UnknownItem { item: line.id.clone() }.into());
            };
            let none = || Subject::of(What::Applied, "nothing");
            let got = match applied.get(&line.id) {
                Some(cell) => cell.clone(),
                None => why.money(none(), &zero),
            };
            let principal = why.money(Subject::of(What::Principal, &line.id), &item.principal);
            let interest = why.money(Subject::of(What::OpenInterest, &line.id), &item.interest);
            let (to_interest, to_principal) =
                (Subject::of(What::ToInterest, &line.id), Subject::of(What::ToPrincipal, &line.id));
            let open = Subject::of(What::OpenPrincipal, &line.id);
            if item.is_credit() {
                let (left, told) = why.amount(open, Formula::Sum, &[&principal, &got])?;
                same("open credit note = principal + used", told, line.open_principal)?;
                let (_, told) = why.amount(to_principal, Formula::Subtract, &[&principal, &left])?;
                same("applied of a credit note", told, line.to_principal)?;
                continue;
            }
            let (interest_paid, principal_paid) = if policy.within == WithinItem::InterestThenPrincipal {
                let first = why.amount(to_interest, Formula::Smaller, &[&got, &interest])?;
                let second = why.amount(to_principal, Formula::Subtract, &[&got, &first.0])?;
                (first, second)
            } else {
                let first = why.amount(to_principal, Formula::Smaller, &[&got, &principal])?;
                let second = why.amount(to_interest, Formula::Subtract, &[&got, &first.0])?;
                (second, first)
            };
            same("applied to interest", interest_paid.1, line.to_interest)?;
            same("applied to principal", principal_paid.1, line.to_principal)?;
            let (_, told) = why.amount(open, Formula::Subtract, &[&principal, &principal_paid.0])?;
            same("open principal = principal − applied", told, line.open_principal)?;
        }
        Ok(why.done())
    }
}

/// Each item takes what it can of what the ones before it left.
fn in_order<'a>(
    why: &mut Explainer,
    applied: &mut BTreeMap<&'a DocumentId, Cell>,
    pool: Cell,
    wanted: impl Iterator<Item = (&'a &'a OpenItem, &'a Cell)>,
) -> Result<(), SettlementError> {
    let mut left = pool;
    for (item, payable) in wanted {
        let subject = Subject::of(What::Applied, &item.id);
        let (cell, _) = why.amount(subject, Formula::Smaller, &[&left, payable])?;
        let rest = Subject::of(What::LeftToApply, &item.id);
        left = why.step(rest, Measure::Amount, Formula::Subtract, &[&left, &cell])?;
        applied.insert(&item.id, cell);
    }
    Ok(())
}

impl Residual {
    /// 尾差说明: why a difference was written off, stays open, or is left of the payment.
    ///
    /// # Errors
    /// - [`SettlementError::IdentityBroken`] when the parts do not make up `open − payment`.
    /// - [`SettlementError::Types`] when currencies differ.
    ///
    /// # Source
    /// House rule: every amount can be asked why.
    pub fn explained(&self, open: Money, payment: Money) -> Result<Explained, SettlementError> {
        let mut why = Explainer::new(open.currency());
        let owed = why.money(Subject::new(What::OpenItem), &open);
        let paid = why.money(Subject::new(What::Receipt), &payment);
        let none = why.number(Subject::of(What::Applied, "nothing"), Measure::Amount, Exact::ZERO);
        let subject = Subject::new(What::Difference);
        let (difference, _) = why.amount(subject, Formula::Subtract, &[&owed, &paid])?;
        let kept = self.write_off.is_zero();
        let parts = [
            (What::Residual, if kept { [&none, &none] } else { [&difference, &none] }, self.write_off),
            (What::OpenPrincipal, if kept { [&owed, &paid] } else { [&none, &none] }, self.open),
            (What::Unapplied, if kept { [&paid, &owed] } else { [&none, &none] }, self.unapplied),
        ];
        for (what, inputs, stated) in parts {
            let formula = if what == What::Residual { Formula::Subtract } else { Formula::Excess };
            let (_, told) = why.amount(Subject::new(what), formula, &inputs)?;
            same("write-off + open − unapplied = owed − paid", told, stated)?;
        }
        Ok(why.done())
    }
}

impl Ageing {
    /// 账龄说明: why the balance of each bucket is what it is; buckets are counted from 0, not due first.
    ///
    /// # Errors
    /// - [`CreditError::BucketCount`](super::CreditError::BucketCount) when the edges are not those of the table.
    /// - [`SettlementError::IdentityBroken`] when the balances do not follow from the items.
    /// - [`SettlementError::Types`] when a sum is out of range.
    ///
    /// # Source
    /// House rule: every amount can be asked why.
    pub fn explained(&self, items: &[OpenItem], edges: &AgeEdges) -> Result<Explained, SettlementError> {
        if edges.buckets() != self.buckets.len() {
            return Err(
                CreditError::BucketCount { balances: self.buckets.len(), rates: edges.buckets() }.into()
            );
        }
        let mut why = Explainer::new(self.balance.currency());
        let mut parts: Vec<Vec<Cell>> = vec![Vec::new(); edges.buckets()];
        for item in items {
            let (day, first) = match self.by {
                AgeBy::DueDate => (item.due, 1),
                AgeBy::DocumentDate => (item.dated, 0),
            };
            let bucket = edges.bucket_of(dates::days_between(day, self.as_of), first);
            let cell = why.money(Subject::fact(What::OpenItem, &item.id, day), &item.open()?);
            if let Some(part) = parts.get_mut(bucket) {
                part.push(cell);
            }
        }
        let mut all = Vec::with_capacity(parts.len());
        for (index, (part, bucket)) in parts.iter().zip(&self.buckets).enumerate() {
            let subject = Subject::of(What::AgeBucket, index);
            let (cell, told) = why.amount(subject, Formula::Sum, &refs(part))?;
            same("balance of a bucket = Σ items", told, bucket.balance)?;
            all.push(cell);
        }
        let (_, told) = why.amount(Subject::new(What::Balance), Formula::Sum, &refs(&all))?;
        same("balance = Σ buckets", told, self.balance)?;
        Ok(why.done())
    }
}
