//! Laws of value-added tax: net + tax = gross, one rounding per site, credit notes mirror.

use std::collections::BTreeMap;

use endcap_types::vat::{self, DocumentTax, TaxSite, VatSplit};
use endcap_types::{Currency, Exact, Money, Rate, Rounding, RoundingMode, TaxBasis, TypesError};
use num_rational::BigRational;
use num_traits::Signed;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::common::{any_minor, any_mode, money, post_slowly, rate, rational, rational_of, whole};

const BASES: [TaxBasis; 2] = [TaxBasis::Inclusive, TaxBasis::Exclusive];
const SITES: [TaxSite; 3] = [TaxSite::PerLine, TaxSite::PerRateGroup, TaxSite::PerDocument];

fn any_tax_rate() -> impl Strategy<Value = Rate> {
    prop_oneof![
        4 => prop::sample::select(vec!["0%", "3%", "6%", "9%", "13%", "19%", "21%"]).prop_map(rate),
        1 => (0_i64..=1_000_000_000, 0_u32..=9).prop_map(|(m, s)| Rate::percent(Decimal::new(m / 10, s)).unwrap()),
    ]
}

fn any_rule() -> impl Strategy<Value = Rounding> {
    (any_mode(), prop_oneof![3 => Just(1_u64), 1 => 2_u64..=50])
        .prop_map(|(mode, step)| Rounding::new(mode).with_step_minor(step.try_into().unwrap()))
}

fn any_lines() -> impl Strategy<Value = Vec<(Money, Rate)>> {
    let minor = prop_oneof![
        4 => -100_000_i128..=100_000,
        1 => any_minor().prop_map(|minor| minor / 1_000_000_000_000),
    ];
    prop::collection::vec((minor, any_tax_rate()), 0..8).prop_map(|lines| {
        lines
            .into_iter()
            .map(|(minor, rate)| (Money::from_minor(minor, Currency::CNY).unwrap(), rate))
            .collect()
    })
}

fn share(basis: TaxBasis, rate: &Rate) -> BigRational {
    let rate = rational_of(rate.as_percent()) / whole(100);
    match basis {
        TaxBasis::Exclusive => rate,
        TaxBasis::Inclusive => &rate / (whole(1) + &rate),
    }
}

/// The exact tax of each rate group, in minor units.
fn exact_tax(lines: &[(Money, Rate)], basis: TaxBasis) -> BTreeMap<Rate, BigRational> {
    let mut groups = BTreeMap::new();
    for (amount, rate) in lines {
        *groups.entry(*rate).or_insert_with(|| whole(0)) += whole(amount.minor()) * share(basis, rate);
    }
    groups
}

fn document(lines: &[(Money, Rate)], basis: TaxBasis, site: TaxSite, rounding: &Rounding) -> DocumentTax {
    vat::document(lines, Currency::CNY, (basis, site), rounding).unwrap()
}

fn balances(split: &VatSplit) -> bool {
    split.net().checked_add(&split.tax()) == Ok(split.gross())
}

fn amount_side(split: &VatSplit, basis: TaxBasis) -> Money {
    match basis {
        TaxBasis::Inclusive => split.gross(),
        TaxBasis::Exclusive => split.net(),
    }
}

proptest! {
    #[test]
    fn one_amount_splits_as_the_oracle_says(minor in any_minor(), rate in any_tax_rate(), rounding in any_rule()) {
        let amount = Money::from_minor(minor / 100_000_000_000, Currency::CNY).unwrap();
        for basis in BASES {
            let split = vat::split(&amount, basis, &rate, &rounding).unwrap();
            prop_assert!(balances(&split));
            prop_assert_eq!(amount_side(&split, basis), amount);
            let tax = post_slowly(&(whole(amount.minor()) * share(basis, &rate)), &rounding);
            prop_assert_eq!(Some(split.tax().minor()), tax);
            prop_assert_eq!(rational(&vat::tax_share(basis, &rate).unwrap()), share(basis, &rate));
            prop_assert_eq!(VatSplit::new(split.net(), split.tax(), split.gross()), Ok(split));
        }
        let gross = vat::split_inclusive(&amount, &rate, &rounding);
        prop_assert_eq!(gross, vat::split(&amount, TaxBasis::Inclusive, &rate, &rounding));
        let net = vat::add_exclusive(&amount, &rate, &rounding);
        prop_assert_eq!(net, vat::split(&amount, TaxBasis::Exclusive, &rate, &rounding));
    }

    #[test]
    fn net_plus_tax_is_gross_at_every_site(lines in any_lines(), rounding in any_rule()) {
        let stated = Money::sum(lines.iter().map(|(amount, _)| *amount), Currency::CNY).unwrap();
        for (basis, site) in BASES.into_iter().flat_map(|basis| SITES.map(|site| (basis, site))) {
            let tax = document(&lines, basis, site, &rounding);
            prop_assert!(balances(&tax.total()));
            prop_assert!(tax.groups().values().all(balances));
            prop_assert_eq!(amount_side(&tax.total(), basis), stated);
            let groups = Money::sum(tax.groups().values().map(VatSplit::tax), Currency::CNY);
            prop_assert_eq!(groups, Ok(tax.total().tax()));
            prop_assert_eq!(DocumentTax::new(tax.groups().clone(), tax.total()), Ok(tax.clone()));
            prop_assert!(tax.groups().get(&Rate::ZERO).is_none_or(|group| group.tax().is_zero()));
        }
    }

    #[test]
    fn the_document_site_posts_the_rounding_of_the_exact_tax(lines in any_lines(), rounding in any_rule()) {
        let step = whole(i128::from(rounding.step_minor().get()));
        for basis in BASES {
            let exact = exact_tax(&lines, basis);
            let total = exact.values().fold(whole(0), |sum, tax| sum + tax);
            let tax = document(&lines, basis, TaxSite::PerDocument, &rounding);
            prop_assert_eq!(Some(tax.total().tax().minor()), post_slowly(&total, &rounding));
            for (rate, group) in tax.groups() {
                let moved = (whole(group.tax().minor()) - &exact[rate]).abs();
                prop_assert!(moved < step, "group {} is a step or more from its exact tax", rate);
            }
        }
    }

    #[test]
    fn the_group_site_posts_the_rounding_of_each_group(lines in any_lines(), rounding in any_rule()) {
        for basis in BASES {
            let tax = document(&lines, basis, TaxSite::PerRateGroup, &rounding);
            let exact = exact_tax(&lines, basis);
            prop_assert_eq!(tax.groups().len(), exact.len());
            for (rate, group) in tax.groups() {
                prop_assert_eq!(Some(group.tax().minor()), post_slowly(&exact[rate], &rounding));
            }
        }
    }

    #[test]
    fn the_line_site_sums_the_splits_of_its_lines(lines in any_lines(), rounding in any_rule()) {
        for basis in BASES {
            let total = lines.iter().fold(VatSplit::zero(Currency::CNY), |sum, (amount, rate)| {
                sum.checked_add(&vat::split(amount, basis, rate, &rounding).unwrap()).unwrap()
            });
            prop_assert_eq!(document(&lines, basis, TaxSite::PerLine, &rounding).total(), total);
        }
    }

    #[test]
    fn a_credit_note_mirrors_its_invoice(lines in any_lines(), rounding in any_rule()) {
        // A third of the modes is not, more than a long run may reject.
        if !rounding.mode().is_symmetric() {
            return Ok(());
        }
        let credit: Vec<(Money, Rate)> = lines.iter().map(|(amount, rate)| (amount.negated(), *rate)).collect();
        for (basis, site) in BASES.into_iter().flat_map(|basis| SITES.map(|site| (basis, site))) {
            let invoice = document(&lines, basis, site, &rounding);
            let note = document(&credit, basis, site, &rounding);
            prop_assert_eq!(note.total(), invoice.total().negated());
            for (rate, group) in invoice.groups() {
                prop_assert_eq!(note.groups()[rate], group.negated());
            }
        }
    }

    #[test]
    fn the_order_of_lines_changes_nothing(lines in any_lines(), rounding in any_rule(), by in 0_usize..8) {
        let mut moved = lines.clone();
        moved.reverse();
        moved.rotate_left(by.min(lines.len()));
        for (basis, site) in BASES.into_iter().flat_map(|basis| SITES.map(|site| (basis, site))) {
            prop_assert_eq!(document(&moved, basis, site, &rounding), document(&lines, basis, site, &rounding));
        }
    }

    /// Rounded sites differ from the document by less than one step per rounding: a declared residual, never more.
    #[test]
    fn sites_differ_by_less_than_a_step_per_rounding(lines in any_lines(), rounding in any_rule()) {
        let step = i128::from(rounding.step_minor().get());
        for basis in BASES {
            let [line, group, whole_document] =
                SITES.map(|site| document(&lines, basis, site, &rounding).total().tax().minor());
            let groups = exact_tax(&lines, basis).len() as i128;
            prop_assert!((line - whole_document).abs() <= step * (lines.len() as i128 + 1));
            prop_assert!((group - whole_document).abs() <= step * (groups + 1));
        }
    }
}

/// Three groups whose exact taxes all end in .5 fen: one step is left to give under down, two under up.
#[test]
fn the_document_site_hands_out_more_than_one_step() {
    let lines = [(money("0.50"), rate("3%")), (money("0.50"), rate("5%")), (money("0.50"), rate("7%"))];
    let taxes = |lines: &[(Money, Rate)], mode| -> Vec<i128> {
        let tax = document(lines, TaxBasis::Exclusive, TaxSite::PerDocument, &Rounding::new(mode));
        tax.groups().values().map(|group| group.tax().minor()).collect()
    };
    // Exact: 1.5 + 2.5 + 3.5 = 7.5 fen.
    assert_eq!(taxes(&lines, RoundingMode::Down), [2, 2, 3]);
    assert_eq!(taxes(&lines, RoundingMode::Up), [2, 3, 3]);
    assert_eq!(taxes(&lines, RoundingMode::HalfEven), [2, 3, 3]);
    let credit = lines.map(|(amount, rate)| (amount.negated(), rate));
    assert_eq!(taxes(&credit, RoundingMode::Up), [-2, -3, -3]);
    assert_eq!(taxes(&credit, RoundingMode::Floor), [-2, -3, -3]);
    assert_eq!(taxes(&credit, RoundingMode::Ceil), [-2, -2, -3]);
    // Opposite signs: 1.5 − 2.5 = −1 exactly; the dropped halves cancel and no step is handed out.
    let mixed = [(money("0.50"), rate("3%")), (money("-0.50"), rate("5%"))];
    assert_eq!(taxes(&mixed, RoundingMode::Up), [1, -2]);
}

#[test]
fn tax_refuses_what_it_must() {
    let negative = rate("-1%");
    let refused = Err(TypesError::NegativeRate { percent: negative.as_percent() });
    assert_eq!(vat::split_inclusive(&money("1.00"), &negative, &Rounding::HALF_AWAY), refused);
    assert_eq!(vat::add_exclusive(&money("1.00"), &negative, &Rounding::HALF_AWAY), refused);
    for site in SITES {
        let rule = (TaxBasis::Inclusive, site);
        let lines = [(money("1.00"), negative)];
        assert!(vat::document(&lines, Currency::CNY, rule, &Rounding::HALF_AWAY).is_err());
        let lines = [(money("1.00"), rate("6%"))];
        let foreign = vat::document(&lines, Currency::EUR, rule, &Rounding::HALF_AWAY);
        assert!(matches!(foreign, Err(TypesError::CurrencyMismatch { .. })), "{site:?}");
        let empty = vat::document(&[], Currency::EUR, rule, &Rounding::HALF_AWAY).unwrap();
        assert_eq!(empty.total(), VatSplit::zero(Currency::EUR));
    }
    assert_eq!(
        vat::tax_share(TaxBasis::Inclusive, &rate("100000000%")).unwrap(),
        Exact::ratio(1_000_000, 1_000_001).unwrap()
    );
}
