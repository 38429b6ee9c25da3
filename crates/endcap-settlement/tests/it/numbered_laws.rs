//! The laws of a settlement, each over contracts that use everything, a thousand cases each.

use endcap_settlement::*;
use endcap_types::*;
use proptest::prelude::*;

use crate::support::*;
use crate::wide::*;

pub(crate) fn thousand() -> ProptestConfig {
    crate::support::at_least(1000)
}

fn minor(money: Money) -> i128 {
    money.minor()
}

proptest! {
    #![proptest_config(thousand())]

    /// Σ lines = payable, column by column; what is on hold or separate is in no other sum.
    #[test]
    fn law_1_conservation(wide in wide()) {
        let statement = wide.settle();
        let sum = |columns: &[Column]| -> i128 {
            let lines = statement.lines().iter().filter(|line| columns.contains(&line.column));
            lines.map(|line| minor(line.amount)).sum()
        };
        let t = statement.totals();
        let invoice = sum(&[Column::Goods]) - sum(&[Column::OnInvoice, Column::InvoiceDeduct]);
        prop_assert_eq!(minor(t.invoice), invoice);
        prop_assert_eq!(minor(t.goods), invoice + minor(t.on_invoice) + minor(t.invoice_deduct));
        let payment = invoice - sum(&[Column::PaymentDeduct, Column::Advance]) + sum(&[Column::Adjustment]);
        prop_assert_eq!(minor(t.payment), payment);
        prop_assert_eq!(invoice, payment + minor(t.payment_deduct) + minor(t.advances) - minor(t.adjustments));
        prop_assert_eq!((minor(t.separate), minor(t.on_hold)), (sum(&[Column::Separate]), sum(&[Column::OnHold])));
        // Advances: opening balances are used or left, and nothing is used that there is nothing to pay with.
        let opening: i128 = wide.opening_advances.iter().map(|left| minor(left.amount)).sum();
        let left: i128 = statement.advances_left().iter().map(|left| minor(left.amount)).sum();
        let used = minor(t.advances) - wide.world.advances.iter().map(|paid| minor(paid.amount)).sum::<i128>();
        prop_assert_eq!(opening, used + left);
        prop_assert!(used >= 0 && (used == 0 || minor(t.payment) >= 0));
    }

    /// Lists in another order give the same bytes.
    #[test]
    fn law_5_order_independence(wide in wide(), seed in any::<u64>()) {
        let (one, other) = (wide.settle(), wide.shuffled(seed).settle());
        prop_assert_eq!(one.fingerprint(), other.fingerprint());
        prop_assert_eq!(one, other);
    }

    /// Layers are what the roll-forward leaves, and taking every movement back restores the opening stock.
    #[test]
    fn law_9_roll_forward(wide in wide_with(4..8)) {
        let statement = wide.settle();
        let stock = statement.stock().unwrap();
        for roll in &stock.rolls {
            let layers = stock.closing_layers.iter().filter(|layer| layer.sku == roll.sku);
            let left = layers.fold(pieces(0), |sum, layer| sum.checked_add(&layer.remaining).unwrap());
            let expected = match roll.variance().unwrap() {
                Some(variance) if variance.is_negative() => roll.counted.unwrap(),
                _ => roll.expected_close().unwrap(),
            };
            prop_assert_eq!(left, expected);
            let outs = [roll.transfers_out, roll.destroyed, roll.samples, roll.agreed_shrink, roll.returns_to_supplier];
            let ins = [roll.deliveries, roll.transfers_in, roll.customer_returns];
            let back = outs.iter().fold(roll.expected_close().unwrap(), |sum, q| sum.checked_add(q).unwrap());
            let back = back.checked_add(&roll.sales).unwrap();
            let back = ins.iter().fold(back, |sum, q| sum.checked_sub(q).unwrap());
            prop_assert_eq!(back, roll.opening);
        }
    }

    /// settle(new) − settle(old) = Σ Δ, and there is nothing more to restate afterwards.
    #[test]
    fn law_12_restatement(wide in wide(), more in 0_i64..9_000, drop in any::<bool>()) {
        let mut late = wide.clone();
        for sale in late.world.sales.iter_mut().take(1) {
            sale.amount = sale.amount.checked_add(&crate::world::cents(more)).unwrap();
        }
        for delivery in late.world.deliveries.iter_mut().take(2) {
            delivery.amount = delivery.amount.checked_add(&crate::world::cents(2 * more)).unwrap();
        }
        late.till_sales.pop();
        if drop {
            late.evidence.clear();
        }
        let (old, new) = (wide.settle(), late.settle());
        let deltas = restate(std::slice::from_ref(&old), std::slice::from_ref(&new)).unwrap();
        let effect: i128 = deltas.iter().map(|delta| minor(delta.effect())).sum();
        prop_assert_eq!(minor(new.totals().payment) - minor(old.totals().payment), effect);
        let again = restate_after(&[old], &deltas, std::slice::from_ref(&new)).unwrap();
        prop_assert!(again.is_empty());
        prop_assert!(restate(std::slice::from_ref(&new), std::slice::from_ref(&new)).unwrap().is_empty());
    }

    /// Money of another currency anywhere is an error, never a sum.
    #[test]
    fn law_17_mixed_currency_is_refused(mut wide in wide(), which in 0_usize..7) {
        let usd = Money::parse("1.00", Currency::USD).unwrap();
        let side = SideAmount { document: document("X"), date: day("2025-01-15"), amount: usd };
        match which {
            0 => wide.world.advances.push(side),
            1 => wide.opening_advances.push(side),
            2 => wide.peer_sales.push(side),
            3 => {
                let mut d = delivery("X", "2025-01-15", "A1", 1, "1");
                d.amount = usd;
                wide.world.deliveries.push(d);
            }
            4 => {
                let mut s = sale("X", "2025-01-15", "A1", 1, "1");
                s.amount = usd;
                wide.world.sales.push(s);
            }
            5 => {
                wide.references[0].base = Basis::Amount(usd);
            }
            _ => {
                let mut sold = crate::till_engine::till("X", &[], &[(Tender::Cash, 100, 0)]);
                sold.tenders[0].amount = usd;
                wide.till_sales.push(sold);
            }
        }
        let told = wide.try_settle().unwrap_err();
        let fits = matches!(
            told,
            SettlementError::FactCurrency { .. } | SettlementError::Types(_) | SettlementError::Fact(_)
        );
        prop_assert!(fits, "{told}");
    }

    /// net + tax = gross on every line, and the invoice's VAT is that of its lines at the site the contract names.
    #[test]
    fn law_18_tax(wide in wide()) {
        let statement = wide.settle();
        let mut invoice = Vec::new();
        for line in statement.lines() {
            prop_assert_eq!(minor(line.net) + minor(line.tax), minor(line.amount));
            let split = vat::split_inclusive(&line.amount, &line.vat, &Rounding::HALF_AWAY).unwrap();
            prop_assert_eq!(line.tax, split.tax());
            match line.column {
                Column::Goods => invoice.push((line.amount, line.vat)),
                Column::OnInvoice | Column::InvoiceDeduct => invoice.push((line.amount.negated(), line.vat)),
                _ => {}
            }
        }
        let rule = (TaxBasis::Inclusive, wide.world.terms.tax_site);
        let document = vat::document(&invoice, Currency::CNY, rule, &Rounding::HALF_AWAY).unwrap();
        prop_assert_eq!(statement.totals().invoice_tax, document.total().tax());
    }

    /// Nothing panics: facts at the edges of their ranges settle or are refused.
    #[test]
    fn law_21_no_panic(
        mut wide in wide(), edge in 0_usize..6, which in 0_usize..6, of in prop::sample::select(vec!["2025-01", "2025", "2024", "1900-01", "2025-01-15..2025-01-16"]),
    ) {
        let big = [i128::MAX, i128::MIN, 0, 1, -1, i128::from(i64::MAX)][edge];
        let Ok(amount) = Money::from_minor(big, Currency::CNY) else { return Ok(()) };
        match which {
            0 => wide.world.deliveries.iter_mut().for_each(|d| d.amount = amount),
            1 => wide.world.sales.iter_mut().for_each(|s| s.amount = amount),
            2 => wide.till_sales.iter_mut().for_each(|s| s.tag = amount),
            3 => wide.references.iter_mut().for_each(|r| r.base = Basis::Amount(amount)),
            4 => wide.opening_advances.iter_mut().for_each(|a| a.amount = amount),
            _ => wide.world.layers.iter_mut().for_each(|l| l.amount = amount),
        }
        if let Ok(statement) = settle(&wide.contract(), &wide.facts(), period(of), &[]) {
            statement.trace().verify().unwrap();
        }
    }

    /// Recomputing every node from its inputs gives the statement, and every amount can be told in both languages.
    #[test]
    fn law_22_trace(wide in wide()) {
        let statement = wide.settle();
        statement.trace().verify().unwrap();
        for line in statement.lines() {
            let en = statement.explain(line, Language::En).unwrap();
            let zh = statement.explain(line, Language::Zh).unwrap();
            prop_assert_eq!(en.len(), zh.len());
            prop_assert!(zh[0].starts_with(line.kind.name_zh()), "{}", zh[0]);
        }
    }
}

#[cfg(feature = "serde")]
proptest! {
    #![proptest_config(thousand())]

    /// Contracts, statements and what they are made of survive as documents; unknown fields do not.
    #[test]
    fn law_16_serde_round_trip(wide in wide()) {
        let contract = wide.contract();
        let text = serde_json::to_string(&contract).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Contract>(&text).unwrap(), &contract);
        let unknown = text.replacen('{', r#"{"surprise":1,"#, 1);
        prop_assert!(serde_json::from_str::<Contract>(&unknown).is_err());
        let text = serde_json::to_string(&wide.till_sales).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Vec<TillSale>>(&text).unwrap(), &wide.till_sales);
        let statement = wide.settle();
        let text = serde_json::to_string(&statement).unwrap();
        prop_assert_eq!(serde_json::from_str::<Statement>(&text).unwrap(), statement);
    }

    /// A second reader, who knows only the document, recomputes every node in fractions.
    #[test]
    fn law_22_trace_by_a_second_reader(wide in wide()) {
        crate::oracle::reading::walk(&wide.settle());
    }
}

/// The months are wide enough: every formula and every kind of line occurs.
#[cfg(feature = "serde")]
#[test]
fn the_months_meet_every_formula() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut seen = std::collections::BTreeSet::new();
    let mut kinds = std::collections::BTreeSet::new();
    for _ in 0..150 {
        let statement = wide().new_tree(&mut runner).unwrap().current().settle();
        seen.extend(crate::oracle::reading::walk(&statement).into_keys());
        kinds.extend(statement.lines().iter().map(|line| (line.column, line.kind)));
    }
    for word in [
        "given",
        "take",
        "sum",
        "subtract",
        "multiply",
        "prorate",
        "tax_inside",
        "without_tax",
        "larger",
        "smaller",
        "excess",
        "share",
        "band",
        "not_chosen",
        "ratio",
        "full_multiples",
        "tier_rate",
        "on_hold",
    ] {
        assert!(seen.contains(word), "{word}: {seen:?}");
    }
    for kind in [LineKind::DiscountShare, LineKind::AboveGuarantee, LineKind::TopUp, LineKind::ShrinkCharge] {
        assert!(kinds.iter().any(|(_, seen)| *seen == kind), "{kind:?}");
    }
    assert!(kinds.iter().any(|(column, _)| *column == Column::OnHold));
}
