//! The laws of receivables, on random items.

use chrono::NaiveDate;
use endcap_calendar::{DayCount, dates};
use endcap_settlement::credit::*;
use endcap_types::*;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::support::*;

fn config() -> ProptestConfig {
    crate::support::at_least(1_000)
}

pub(crate) fn fen(minor: i128) -> Money {
    Money::from_minor(minor, Currency::CNY).unwrap()
}

/// A day of 2023 to 2025, so that a leap year and the ends of months are inside.
pub(crate) fn any_day() -> impl Strategy<Value = NaiveDate> {
    (0_i64..1000).prop_map(|days| dates::add_days(day("2023-01-01"), days).unwrap())
}

/// Few enough to meet twice.
fn few_days() -> impl Strategy<Value = NaiveDate> {
    (0_i64..5).prop_map(|weeks| dates::add_days(day("2024-01-01"), weeks * 61).unwrap())
}

fn few_rates() -> impl Strategy<Value = Rate> {
    prop::sample::select(vec![rate("0%"), rate("8%"), rate("12%")])
}

pub(crate) fn any_rate() -> impl Strategy<Value = Rate> {
    (0_i64..3000).prop_map(|bp| Rate::basis_points(bp.into()).unwrap())
}

pub(crate) fn any_basis() -> impl Strategy<Value = InterestBasis> {
    prop::sample::select(vec![
        InterestBasis::Yearly(DayCount::Act365F),
        InterestBasis::Yearly(DayCount::Act360),
        InterestBasis::Yearly(DayCount::ActActIsda),
        InterestBasis::Yearly(DayCount::Thirty360E),
        InterestBasis::PerDay,
    ])
}

prop_compose! {
    pub(crate) fn any_rule()(
        initial in any_rate(),
        days in prop::collection::btree_set(any_day(), 0..4),
        rates in vec(any_rate(), 4),
        basis in any_basis(),
    ) -> LateInterestRule {
        let changes = days.into_iter().zip(rates).map(|(from, rate)| RateChange { from, rate });
        LateInterestRule::new(RateTable::new(initial, changes).unwrap(), basis)
    }
}

prop_compose! {
    pub(crate) fn any_late_item()(
        parts in vec((1_i128..5_000_000, any_day()), 0..4),
        rest in prop_oneof![Just(0_i128), 0_i128..5_000_000],
        due in any_day(),
    ) -> LateItem {
        let principal = rest + parts.iter().map(|(amount, _)| amount).sum::<i128>();
        let item = LateItem::new(fen(principal), due);
        parts.into_iter().fold(item, |item, (amount, on)| item.paid(on, fen(amount)))
    }
}

prop_compose! {
    pub(crate) fn any_items()(
        parts in vec((-200_i128..600, 0_i128..50, few_days(), few_days(), few_rates()), 1..8),
    ) -> Vec<OpenItem> {
        let item = |(index, (principal, interest, dated, due, rate)): (usize, (i128, i128, _, _, _))| {
            let item = OpenItem::new(document(&format!("D{index}")), dated, due, fen(principal));
            item.with_interest(fen(if principal < 0 { 0 } else { interest }), rate)
        };
        parts.into_iter().enumerate().map(item).collect()
    }
}

pub(crate) fn any_policy() -> impl Strategy<Value = AllocationPolicy> {
    let orders = prop::sample::select(vec![
        AllocationOrder::Fifo,
        AllocationOrder::OldestDueFirst,
        AllocationOrder::HighestInterestFirst,
        AllocationOrder::ProRata,
        AllocationOrder::Specific(vec![document("D0")]),
    ]);
    let within = prop::sample::select(vec![
        WithinItem::InterestThenPrincipal,
        WithinItem::PrincipalThenInterest,
        WithinItem::PrincipalOnly,
    ]);
    let credit_notes = prop::sample::select(vec![CreditNotes::First, CreditNotes::Apart]);
    (orders, within, credit_notes).prop_map(|(order, within, credit_notes)| AllocationPolicy {
        order,
        within,
        credit_notes,
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn interest_adds_up_over_any_split(
        rule in any_rule(), due in any_day(), first in 0_i64..400, second in 0_i64..400, amount in 0_i128..9_999_999,
    ) {
        let middle = dates::add_days(due, first).unwrap();
        let end = dates::add_days(middle, second).unwrap();
        let raw = |due, until| late_interest(&LateItem::new(fen(amount), due), until, &rule).unwrap().raw;
        prop_assert_eq!(raw(due, middle).add(&raw(middle, end)).unwrap(), raw(due, end));
    }

    #[test]
    fn interest_is_zero_when_not_late(rule in any_rule(), item in any_late_item(), early in 0_i64..400) {
        let until = dates::add_days(item.due, -early).unwrap();
        let told = late_interest(&item, until, &rule).unwrap();
        prop_assert!(told.interest.is_zero() && told.raw.is_zero() && told.segments.is_empty());
        prop_assert_eq!(told.days_late, 0);
    }

    #[test]
    fn interest_never_falls_with_days(rule in any_rule(), item in any_late_item(), days in 0_i64..900, more in 1_i64..9) {
        let until = dates::add_days(item.due, days).unwrap();
        let later = dates::add_days(until, more).unwrap();
        let (one, other) = (late_interest(&item, until, &rule).unwrap(), late_interest(&item, later, &rule).unwrap());
        prop_assert!(one.raw.compare(&other.raw).unwrap().is_le());
        prop_assert!(one.interest.minor() <= other.interest.minor());
    }

    #[test]
    fn a_payment_saves_the_interest_on_itself(rule in any_rule(), item in any_late_item(), until in any_day()) {
        let mut expected = late_interest(&LateItem::new(item.principal, item.due), until, &rule).unwrap().raw;
        for payment in &item.payments {
            let paid = LateItem::new(payment.amount, payment.on.max(item.due));
            expected = expected.sub(&late_interest(&paid, until, &rule).unwrap().raw).unwrap();
        }
        prop_assert_eq!(late_interest(&item, until, &rule).unwrap().raw, expected);
        let mut turned = item.clone();
        turned.payments.reverse();
        prop_assert_eq!(late_interest(&turned, until, &rule), late_interest(&item, until, &rule));
    }

    #[test]
    fn segments_explain_the_interest(rule in any_rule(), item in any_late_item(), until in any_day()) {
        let told = late_interest(&item, until, &rule).unwrap();
        let raw = Unrounded::sum(told.segments.iter().map(|s| &s.interest), Currency::CNY).unwrap();
        prop_assert_eq!(&raw, &told.raw);
        prop_assert!(told.segments.windows(2).all(|pair| pair[0].to <= pair[1].from));
        prop_assert!(told.segments.iter().all(|s| s.from < s.to && item.due <= s.from && s.to <= until));
        prop_assert_eq!(told.interest, told.charged.round(&rule.rounding).unwrap());
    }

    #[test]
    fn a_cap_is_never_passed(mut rule in any_rule(), item in any_late_item(), until in any_day(), cap in 0_i128..90_000) {
        let free = late_interest(&item, until, &rule).unwrap();
        rule.cap = InterestCap::Amount(fen(cap));
        let capped = late_interest(&item, until, &rule).unwrap();
        prop_assert_eq!(capped.interest.minor(), free.interest.minor().min(cap));
        prop_assert_eq!(&capped.raw, &free.raw);
        rule.cap = InterestCap::ShareOfPrincipal(rate("0%"));
        prop_assert!(late_interest(&item, until, &rule).unwrap().interest.is_zero());
        rule.rates = rule.rates.at_most(rate("5%")).unwrap();
        rule.cap = InterestCap::None;
        prop_assert!(late_interest(&item, until, &rule).unwrap().segments.iter().all(|s| s.rate <= rate("5%")));
    }

    #[test]
    fn allocation_conserves_and_never_over_applies(
        items in any_items(), receipt in 0_i128..2500, policy in any_policy(),
    ) {
        let told = allocate_receipt(&items, fen(receipt), &policy).unwrap();
        let mut signed = told.unapplied.minor();
        let mut credits = 0;
        prop_assert_eq!(told.lines.len(), items.len());
        for line in &told.lines {
            let item = items.iter().find(|item| item.id == line.id).unwrap();
            signed += line.to_interest.minor() + line.to_principal.minor();
            prop_assert_eq!(line.to_interest.minor() + line.open_interest.minor(), item.interest.minor());
            prop_assert_eq!(line.to_principal.minor() + line.open_principal.minor(), item.principal.minor());
            prop_assert!(!line.to_interest.is_negative() && !line.open_interest.is_negative());
            if item.is_credit() {
                prop_assert!(line.to_principal.minor() <= 0 && line.open_principal.minor() <= 0);
                credits -= line.to_principal.minor();
            } else {
                prop_assert!(line.to_principal.minor() >= 0 && line.open_principal.minor() >= 0);
            }
        }
        prop_assert_eq!(signed, receipt);
        prop_assert_eq!(credits, told.credit_used.minor());
        // Money stays over only when nothing that takes part is open any more.
        let takes_part = |id: &DocumentId| !matches!(policy.order, AllocationOrder::Specific(_)) || id.as_str() == "D0";
        if told.unapplied.is_positive() {
            for line in told.lines.iter().filter(|line| takes_part(&line.id)) {
                prop_assert!(!line.open_principal.is_positive());
                prop_assert!(line.open_interest.is_zero() || policy.within == WithinItem::PrincipalOnly);
            }
        }
    }

    #[test]
    fn allocation_does_not_depend_on_the_order_of_items(
        items in any_items(), receipt in 0_i128..2500, policy in any_policy(),
    ) {
        let turned: Vec<OpenItem> = items.iter().rev().cloned().collect();
        prop_assert_eq!(
            allocate_receipt(&turned, fen(receipt), &policy).unwrap(),
            allocate_receipt(&items, fen(receipt), &policy).unwrap()
        );
    }

    #[test]
    fn interest_is_paid_before_principal(items in any_items(), receipt in 0_i128..2500, mut policy in any_policy()) {
        policy.within = WithinItem::InterestThenPrincipal;
        let told = allocate_receipt(&items, fen(receipt), &policy).unwrap();
        prop_assert!(told.lines.iter().all(|l| l.open_interest.is_zero() || !l.to_principal.is_positive()));
        policy.within = WithinItem::PrincipalThenInterest;
        let told = allocate_receipt(&items, fen(receipt), &policy).unwrap();
        prop_assert!(told.lines.iter().all(|l| !l.open_principal.is_positive() || l.to_interest.is_zero()));
        policy.within = WithinItem::PrincipalOnly;
        let told = allocate_receipt(&items, fen(receipt), &policy).unwrap();
        prop_assert!(told.lines.iter().all(|l| l.to_interest.is_zero()));
    }

    #[test]
    fn ageing_partitions_the_balance(
        items in any_items(), as_of in prop_oneof![any_day(), few_days()], edges in prop::collection::btree_set(2_u32..300, 0..5),
        by in prop::sample::select(vec![AgeBy::DueDate, AgeBy::DocumentDate]),
    ) {
        let edges = AgeEdges::new(edges).unwrap();
        let told = ageing(&items, as_of, (by, &edges), Currency::CNY).unwrap();
        prop_assert_eq!(told.buckets.len(), edges.buckets());
        let balance: i128 = items.iter().map(|item| item.open().unwrap().minor()).sum();
        prop_assert_eq!(told.balance.minor(), balance);
        prop_assert_eq!(told.buckets.iter().map(|b| b.balance.minor()).sum::<i128>(), balance);
        prop_assert_eq!(told.buckets.iter().map(|b| b.items).sum::<usize>(), items.len());
        prop_assert_eq!(told.late().unwrap().minor() + told.buckets[0].balance.minor(), balance);
        for bucket in &told.buckets {
            let inside = |item: &&OpenItem| {
                let (date, first) = match by {
                    AgeBy::DueDate => (item.due, 1),
                    AgeBy::DocumentDate => (item.dated, 0),
                };
                let days = (as_of - date).num_days();
                match bucket.range {
                    AgeRange::NotDue => days < first,
                    AgeRange::Days { from, to } => i64::from(from) <= days && days < i64::from(to),
                    AgeRange::Over { from } => i64::from(from) <= days,
                }
            };
            let of_bucket: i128 = items.iter().filter(inside).map(|item| item.open().unwrap().minor()).sum();
            prop_assert_eq!(bucket.balance.minor(), of_bucket);
            prop_assert_eq!(bucket.debits.minor() + bucket.credits.minor(), of_bucket);
            prop_assert!(!bucket.debits.is_negative() && !bucket.credits.is_positive());
        }
    }

    #[test]
    fn credit_loss_grows_with_rates_and_balances(
        rows in vec((-500_i128..90_000, 0_i128..900, 0_i128..=97, 0_i128..=2), 1..6),
    ) {
        let provide = |more_balance: i128, more_rate: i128| {
            let rates = rows.iter().map(|(_, _, rate, step)| {
                LossRate::new(Exact::ratio(rate + step * more_rate, 101).unwrap()).unwrap()
            });
            let balances: Vec<Money> = rows.iter().map(|(b, up, _, _)| fen(b + up * more_balance)).collect();
            ProvisionMatrix::new(rates).unwrap().provide(&balances, &Rounding::HALF_AWAY).unwrap()
        };
        let (low, balance, rate) = (provide(0, 0), provide(1, 0), provide(0, 1));
        for index in 0..rows.len() {
            prop_assert!(low.parts[index].minor() <= balance.parts[index].minor());
            prop_assert!(low.parts[index].minor() <= rate.parts[index].minor());
            prop_assert!(!low.parts[index].is_negative());
        }
        prop_assert_eq!(low.total.minor(), low.parts.iter().map(Money::minor).sum::<i128>());
    }

    #[test]
    fn rolls_multiply_to_loss_rates(drops in vec(0_i128..5_000, 0..6), lost in 1_i128..9_999) {
        let mut flow = vec![lost];
        for drop in drops {
            flow.insert(0, flow[0] + drop);
        }
        let flow: Vec<Money> = flow.into_iter().map(fen).collect();
        let told = RollRates::from_flow(&flow).unwrap();
        for (index, rate) in told.losses.rates().iter().enumerate() {
            let product = told.rolls[index..].iter().fold(Exact::ONE, |all, roll| all.mul(roll).unwrap());
            prop_assert_eq!(rate.as_exact(), &product);
        }
    }

    #[test]
    fn an_order_goes_exactly_when_no_limit_breaks(
        parts in vec((0_i128..900, 0_i128..900, any::<bool>()), 8), limit in 0_i128..4000, order in 0_i128..900,
    ) {
        let signed = |index: usize, amount: i128| {
            if ExposureComponent::ALL[index].reduces() { -amount } else { amount }
        };
        let amounts = (0..8).map(|i| (ExposureComponent::ALL[i], fen(signed(i, parts[i].0)))).collect();
        let rule = |index: usize| ComponentRule {
            inclusion: if parts[index].2 { Inclusion::Included } else { Inclusion::Excluded },
            limit: CreditLimit::new(fen(parts[index].1)).unwrap(),
        };
        let components = (0..8).map(|i| (ExposureComponent::ALL[i], rule(i))).collect();
        let policy = ExposurePolicy { limit: CreditLimit::new(fen(limit)).unwrap(), components };
        let told = exposure(&amounts, &policy).unwrap();
        let total: i128 = (0..8).filter(|i| parts[*i].2).map(|i| signed(i, parts[i].0)).sum();
        prop_assert_eq!(told.total.minor(), total);
        prop_assert_eq!(told.headroom.minor() + total, limit);
        let broken = |amount: i128, limit: i128| limit > 0 && amount > limit;
        let orders = |i: usize| if ExposureComponent::ALL[i] == ExposureComponent::OpenOrders { order } else { 0 };
        let first = (0..8).find(|i| broken(signed(*i, parts[*i].0) + orders(*i), parts[*i].1));
        let expected = match first {
            Some(index) => Some(Limited::Component(ExposureComponent::ALL[index])),
            None => broken(total + order, limit).then_some(Limited::Total),
        };
        let held = match told.release(fen(order)).unwrap() {
            Release::Released => None,
            Release::Held(breach) => {
                prop_assert!(breach.amount.minor() > breach.limit.minor());
                Some(breach.of)
            }
        };
        prop_assert_eq!(held, expected);
    }

    #[test]
    fn a_difference_is_written_off_or_kept(open in 0_i128..9_999, paid in 0_i128..9_999, amount in 0_i128..300) {
        let share = rate("1%");
        for (limit, bound) in [
            (WriteOffLimit::Amount(fen(amount)), amount * 100),
            (WriteOffLimit::Share(share), open),
            (WriteOffLimit::LesserOf(fen(amount), share), open.min(amount * 100)),
            (WriteOffLimit::GreaterOf(fen(amount), share), open.max(amount * 100)),
        ] {
            let told = write_off(fen(open), fen(paid), &Tolerance::both(limit)).unwrap();
            prop_assert_eq!(paid - told.unapplied.minor() + told.write_off.minor() + told.open.minor(), open);
            prop_assert_eq!(told.write_off.is_zero(), open == paid || (open - paid).abs() * 100 > bound);
            prop_assert!(told.open.is_zero() || told.unapplied.is_zero());
        }
    }

    #[test]
    fn days_of_sales_split_into_current_and_late(receivable in 0_i128..9_999, late in 0_i128..9_999, sales in 1_i128..9_999) {
        let facts = SalesOutstanding {
            receivable: fen(receivable + late), current: fen(receivable), credit_sales: fen(sales), days: 90,
        };
        let told = days_sales_outstanding(&facts).unwrap();
        prop_assert_eq!(told.average_days_delinquent, Exact::ratio(late * 90, sales).unwrap());
        prop_assert_eq!(told.best_possible.mul(&Exact::from_int(sales)).unwrap(), Exact::from_int(receivable * 90));
    }

    #[test]
    fn count_back_of_even_sales_is_days_of_sales(receivable in 0_i128..9_000, daily in 1_i128..60, months in 1_usize..6) {
        let months = vec![SalesMonth { sales: fen(daily * 30), days: 30 }; months];
        let told = count_back(fen(receivable), &months).unwrap();
        let whole = daily * 30 * i128::try_from(months.len()).unwrap();
        prop_assert_eq!(told.unexplained.minor(), (receivable - whole).max(0));
        prop_assert_eq!(told.days, Exact::ratio(receivable.min(whole), daily).unwrap());
    }
}
