//! Second, slow answers for receivables in plain fractions: day by day and cent by cent.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use endcap_calendar::DayCount;
use endcap_settlement::credit::*;
use endcap_types::*;
use num_rational::Ratio;
use proptest::prelude::*;

use crate::credit_laws::{any_day, any_items, any_late_item, any_policy, any_rule, fen};
use crate::support::*;

type R = Ratio<i128>;

/// Half away from zero.
fn round(value: R) -> i128 {
    let half = R::new(1, 2);
    if value < R::from(0) {
        -((-value + half).floor().to_integer())
    } else {
        (value + half).floor().to_integer()
    }
}

fn basis_points(rate: Rate) -> i128 {
    let percent = rate.as_percent();
    percent.mantissa() * 100 / 10_i128.pow(percent.scale())
}

/// Interest in fen: every day by itself, with the rate of that day and what was open on its morning.
fn daily_interest(item: &LateItem, until: NaiveDate, rule: &LateInterestRule) -> R {
    let mut total = R::from(0);
    let mut eve = item.due;
    while eve < until {
        let today = eve.succ_opt().unwrap();
        let mut rate = rule.rates.initial();
        for change in rule.rates.changes() {
            if change.from <= today {
                rate = change.rate;
            }
        }
        let paid: i128 = item.payments.iter().filter(|p| p.on < today).map(|p| p.amount.minor()).sum();
        let thirty = |date: NaiveDate| {
            i128::from(date.year()) * 360 + i128::from(date.month()) * 30 + i128::from(date.day().min(30))
        };
        let year_part = match rule.basis {
            InterestBasis::PerDay => R::from(1),
            InterestBasis::Yearly(DayCount::Act365F) => R::new(1, 365),
            InterestBasis::Yearly(DayCount::Act360) => R::new(1, 360),
            InterestBasis::Yearly(DayCount::ActActIsda) => R::new(1, if eve.leap_year() { 366 } else { 365 }),
            InterestBasis::Yearly(DayCount::Thirty360E) => R::new(thirty(today) - thirty(eve), 360),
            other => panic!("{other:?}"),
        };
        total += R::new((item.principal.minor() - paid) * basis_points(rate), 10_000) * year_part;
        eve = today;
    }
    total
}

/// What each item is left with, in fen: interest and principal; and what is left of the receipt.
fn allocated(
    items: &[OpenItem],
    receipt: i128,
    policy: &AllocationPolicy,
) -> (BTreeMap<String, (i128, i128)>, i128) {
    let mut open: BTreeMap<String, (i128, i128)> =
        items.iter().map(|i| (i.id.to_string(), (i.interest.minor(), i.principal.minor()))).collect();
    let mut queue: Vec<&OpenItem> = items.iter().collect();
    if let AllocationOrder::Specific(named) = &policy.order {
        queue.retain(|item| named.contains(&item.id));
    }
    queue.sort_by_key(|item| match policy.order {
        AllocationOrder::Fifo => (0, item.dated, item.due, item.id.clone()),
        AllocationOrder::HighestInterestFirst => {
            (-basis_points(item.rate), item.due, item.dated, item.id.clone())
        }
        _ => (0, item.due, item.dated, item.id.clone()),
    });
    let payable = |item: &OpenItem| match policy.within {
        _ if item.is_credit() => 0,
        WithinItem::PrincipalOnly => item.principal.minor(),
        _ => item.principal.minor() + item.interest.minor(),
    };
    let wanted: i128 = queue.iter().map(|item| payable(item)).sum();
    let mut credit = 0;
    if policy.credit_notes == CreditNotes::First {
        for item in queue.iter().filter(|item| item.is_credit()) {
            // One fen at a time.
            while credit < wanted && open[item.id.as_str()].1 < 0 {
                open.get_mut(item.id.as_str()).unwrap().1 += 1;
                credit += 1;
            }
        }
    }
    let cash = receipt.min(wanted - credit);
    let pool = cash + credit;
    let mut shares: BTreeMap<String, i128> = BTreeMap::new();
    if policy.order == AllocationOrder::ProRata && wanted > 0 {
        let mut rests: Vec<(R, String)> = Vec::new();
        for item in &queue {
            let ideal = R::new(pool * payable(item), wanted);
            shares.insert(item.id.to_string(), ideal.floor().to_integer());
            rests.push((ideal.fract(), item.id.to_string()));
        }
        rests.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        let missing = pool - shares.values().sum::<i128>();
        for (_, id) in rests.into_iter().take(usize::try_from(missing).unwrap()) {
            *shares.get_mut(&id).unwrap() += 1;
        }
    } else {
        let mut left = pool;
        for item in &queue {
            let mut share = 0;
            while left > 0 && share < payable(item) {
                (left, share) = (left - 1, share + 1);
            }
            shares.insert(item.id.to_string(), share);
        }
    }
    for item in queue.iter().filter(|item| !item.is_credit()) {
        let (interest, principal) = open.get_mut(item.id.as_str()).unwrap();
        for _ in 0..shares.get(item.id.as_str()).copied().unwrap_or(0) {
            let interest_now = match policy.within {
                WithinItem::InterestThenPrincipal => *interest > 0,
                WithinItem::PrincipalThenInterest => *principal == 0,
                WithinItem::PrincipalOnly => false,
            };
            *(if interest_now { &mut *interest } else { &mut *principal }) -= 1;
        }
    }
    (open, receipt - cash)
}

proptest! {
    #![proptest_config(crate::support::at_least(1_000))]

    #[test]
    fn interest_day_by_day_agrees(rule in any_rule(), item in any_late_item(), until in any_day()) {
        let told = late_interest(&item, until, &rule).unwrap();
        prop_assert_eq!(told.interest.minor(), round(daily_interest(&item, until, &rule)));
    }

    #[test]
    fn allocation_cent_by_cent_agrees(items in any_items(), receipt in 0_i128..2500, policy in any_policy()) {
        let told = allocate_receipt(&items, fen(receipt), &policy).unwrap();
        let (open, unapplied) = allocated(&items, receipt, &policy);
        let shown: BTreeMap<String, (i128, i128)> = told.lines.iter()
            .map(|l| (l.id.to_string(), (l.open_interest.minor(), l.open_principal.minor()))).collect();
        prop_assert_eq!(shown, open);
        prop_assert_eq!(told.unapplied.minor(), unapplied);
    }

    #[test]
    fn credit_loss_agrees(rows in prop::collection::vec((0_i128..9_999_999, 0_i128..=23, 23_i128..99), 1..6)) {
        let rates = rows.iter().map(|(_, n, d)| LossRate::new(Exact::ratio(*n, *d).unwrap()).unwrap());
        let balances: Vec<Money> = rows.iter().map(|(balance, _, _)| fen(*balance)).collect();
        let told = ProvisionMatrix::new(rates).unwrap().provide(&balances, &Rounding::HALF_AWAY).unwrap();
        for (part, (balance, n, d)) in told.parts.iter().zip(&rows) {
            prop_assert_eq!(part.minor(), round(R::new(balance * n, *d)));
        }
    }

    #[test]
    fn dunning_agrees(rule in any_rule(), item in any_late_item(), as_of in any_day()) {
        let level = |from_days, fee, interest| DunningLevel { from_days, fee: fen(fee), interest };
        let levels = [
            level(10, 0, DunningInterest::Waived), level(30, 500, DunningInterest::Charged),
            level(60, 2500, DunningInterest::Charged),
        ];
        let dunning = DunningRule::new(levels, rule.clone()).unwrap();
        let told = dunning.notice(&item, as_of).unwrap();
        let days = (as_of - item.due).num_days();
        let paid: i128 = item.payments.iter().filter(|p| p.on <= as_of).map(|p| p.amount.minor()).sum();
        let open = item.principal.minor() - paid;
        let level = match days { _ if open == 0 => 0, ..10 => 0, 10..30 => 1, 30..60 => 2, 60.. => 3 };
        let fee = [0, 0, 500, 2500][level];
        let interest = if level >= 2 { round(daily_interest(&item, as_of, &rule)) } else { 0 };
        prop_assert_eq!(told.level, level);
        prop_assert_eq!(told.days_overdue, days);
        prop_assert_eq!((told.outstanding.minor(), told.fee.minor(), told.interest.minor()), (open, fee, interest));
        prop_assert_eq!(told.charges.minor(), fee + interest);
        prop_assert_eq!(told.total.minor(), open + fee + interest);
    }
}

#[test]
fn a_late_payment_in_two_parts() {
    // 10,000.00 due 31 March at 0.05 % a day; 4,000.00 comes on 10 April, the rest on 20 April.
    let item = LateItem::new(money("10000.00"), day("2026-03-31")).paid(day("2026-04-10"), money("4000.00"));
    let told = late_interest(&item, day("2026-04-20"), &LateInterestRule::china_default().unwrap()).unwrap();
    let days: Vec<(i64, String)> =
        told.segments.iter().map(|s| (s.days, s.principal.to_amount_string())).collect();
    assert_eq!(days, [(10, "10000.00".to_owned()), (10, "6000.00".to_owned())]);
    assert_eq!(told.interest, money("80.00")); // 50.00 + 30.00
}

#[test]
fn the_order_of_payment_is_the_policy() {
    let item = |id: &str, dated: &str, due: &str, rate_text: &str| {
        OpenItem::new(document(id), day(dated), day(due), money("10.00"))
            .with_interest(money("0.00"), rate(rate_text))
    };
    let items = [
        item("a", "2026-01-03", "2026-02-01", "5%"),
        item("b", "2026-01-01", "2026-03-01", "6%"),
        item("c", "2026-01-02", "2026-02-02", "9%"),
    ];
    for (order, first) in [
        (AllocationOrder::Fifo, "b"),
        (AllocationOrder::OldestDueFirst, "a"),
        (AllocationOrder::HighestInterestFirst, "c"),
        (AllocationOrder::Specific(vec![document("c"), document("a")]), "c"),
    ] {
        let told = allocate_receipt(&items, money("10.00"), &AllocationPolicy::new(order)).unwrap();
        let paid: Vec<&str> =
            told.lines.iter().filter(|l| l.open_principal.is_zero()).map(|l| l.id.as_str()).collect();
        assert_eq!(paid, [first]);
    }
}

#[test]
fn credit_notes_pay_first() {
    let at =
        |id: &str, due: &str, amount: &str| OpenItem::new(document(id), day(due), day(due), money(amount));
    let items =
        [at("cn", "2026-01-31", "-30.00"), at("i1", "2026-01-31", "60.00"), at("i2", "2026-02-28", "100.00")];
    let mut policy = AllocationPolicy::new(AllocationOrder::OldestDueFirst);
    policy.credit_notes = CreditNotes::First;
    let told = allocate_receipt(&items, money("40.00"), &policy).unwrap();
    let open: Vec<String> = told.lines.iter().map(|l| l.open_principal.to_amount_string()).collect();
    assert_eq!(open, ["0.00", "0.00", "90.00"]);
    assert_eq!((told.credit_used, told.unapplied), (money("30.00"), money("0.00")));
}

#[test]
fn a_matrix_looks_ahead() {
    let rates =
        [Exact::ratio(1, 50).unwrap(), Exact::ratio(2, 3).unwrap()].map(|rate| LossRate::new(rate).unwrap());
    let matrix = ProvisionMatrix::new(rates).unwrap().adjusted(&Exact::from_int(2)).unwrap();
    assert_eq!(matrix.rates()[0].as_exact(), &Exact::ratio(1, 25).unwrap());
    assert_eq!(matrix.rates()[1].as_exact(), &Exact::ONE);
}

#[test]
fn extremes_are_refused_or_answered_without_panic() {
    let most = Money::from_minor(limits::MAX_MINOR, Currency::CNY).unwrap();
    let rule = LateInterestRule::new(
        RateTable::flat(Rate::percent(limits::MAX_RATE_PERCENT.into()).unwrap()).unwrap(),
        InterestBasis::PerDay,
    );
    let far = NaiveDate::MAX;
    let (first, last) = (endcap_calendar::limits::FIRST_DATE, endcap_calendar::limits::LAST_DATE);
    assert!(late_interest(&LateItem::new(most, first), last, &rule).is_err());
    assert!(late_interest(&LateItem::new(most, first), far, &rule).is_err());
    assert!(late_interest(&LateItem::new(most, NaiveDate::MIN), last, &rule).is_err());
    let change = RateChange { from: first, rate: Rate::ZERO };
    let free = LateInterestRule::new(RateTable::new(Rate::ONE, [change]).unwrap(), InterestBasis::PerDay);
    assert!(late_interest(&LateItem::new(most, first), last, &free).unwrap().interest.is_zero());
    let item = |id: &str| OpenItem::new(document(id), NaiveDate::MIN, far, most);
    let pro_rata = AllocationPolicy::new(AllocationOrder::ProRata);
    assert!(allocate_receipt(&[item("a"), item("b")], most, &pro_rata).is_err());
    let fifo = AllocationPolicy::new(AllocationOrder::Fifo);
    assert!(allocate_receipt(&[item("a")], most, &fifo).unwrap().unapplied.is_zero());
    assert!(allocate_receipt(&[], most, &pro_rata).unwrap().unapplied == most);
    let edges = AgeEdges::new([u32::MAX]).unwrap();
    assert!(ageing(&[item("a")], last, (AgeBy::DueDate, &edges), Currency::CNY).is_err());
    assert!(ageing(&[], far, (AgeBy::DueDate, &edges), Currency::CNY).is_err());
    assert!(count_back(most, &[SalesMonth { sales: most, days: u32::MAX }]).is_ok());
    assert!(write_off(most, most, &Tolerance::both(WriteOffLimit::Amount(most))).is_ok());
}
