//! Laws of stock, cover, batches and classes, each against a slow oracle.

use chrono::{Days, NaiveDate};
use endcap_calendar::Period;
use endcap_inventory::*;
use endcap_types::Exact;
use proptest::prelude::*;
use rust_decimal::Decimal;

const KINDS: [MoveKind; 8] = MoveKind::ALL;

fn flows() -> impl Strategy<Value = Flows> {
    (proptest::array::uniform7(0_i64..1000), -300_i64..300).prop_map(|(q, adjustment)| Flows {
        receipts: q[0],
        transfers_in: q[1],
        customer_returns: q[2],
        sales: q[3],
        supplier_returns: q[4],
        transfers_out: q[5],
        scrap: q[6],
        adjustment,
    })
}

/// A movement: group, kind, quantity.
fn movements() -> impl Strategy<Value = Vec<(usize, usize, i64)>> {
    proptest::collection::vec((0_usize..4, 0_usize..8, 0_i64..500), 0..40)
}

fn state(rows: &[(usize, usize, i64)]) -> RollState {
    let groups: Vec<usize> = rows.iter().map(|r| r.0).collect();
    let kinds: Vec<MoveKind> = rows.iter().map(|r| KINDS[r.1]).collect();
    let quantities: Vec<i64> = rows.iter().map(|r| r.2).collect();
    let mut state = RollState::new(4);
    state.accumulate(&groups, &kinds, &quantities).unwrap();
    state
}

fn batches() -> impl Strategy<Value = Vec<Batch>> {
    let first: NaiveDate = "2025-06-01".parse().unwrap();
    proptest::collection::vec((0_u64..12, 0_i64..9), 0..8).prop_map(move |rows| {
        let batch = |(i, (days, quantity))| Batch {
            lot: format!("L{i}"),
            expires_on: first.checked_add_days(Days::new(days)).unwrap(),
            quantity,
        };
        rows.into_iter().enumerate().map(batch).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn stock_closes_to_the_piece(opening in -500_i64..5000, rows in movements(), counted in proptest::option::of(0_i64..5000)) {
        let lines = state(&rows).finish(&[opening; 4], &[counted; 4]).unwrap();
        for (group, line) in lines.iter().enumerate() {
            // Oracle: walk the movements one by one.
            let mut stock = opening;
            for (_, kind, quantity) in rows.iter().filter(|r| r.0 == group) {
                match KINDS[*kind] {
                    MoveKind::Sale | MoveKind::SupplierReturn | MoveKind::TransferOut | MoveKind::Scrap => stock -= quantity,
                    _ => stock += quantity,
                }
            }
            prop_assert_eq!(line.closing(), stock);
            prop_assert_eq!(line.variance(), counted.map(|c| c - stock));
            prop_assert_eq!(line.best_stock(), counted.unwrap_or(stock));
            // One record through the single call gives the same.
            prop_assert_eq!(*line, roll_forward(opening, line.flows(), counted).unwrap());
        }
    }

    #[test]
    fn movements_merge_in_any_split_and_order(mut rows in movements(), cut in 0_usize..40) {
        let whole = state(&rows);
        let cut = cut.min(rows.len());
        let mut left = state(&rows[..cut]);
        let right = state(&rows[cut..]);
        let mut swapped = right.clone();
        swapped.merge(&left).unwrap();
        left.merge(&right).unwrap();
        prop_assert_eq!(&left, &whole);
        prop_assert_eq!(&swapped, &whole);
        rows.reverse();
        prop_assert_eq!(state(&rows), whole.clone());
        // The empty state changes nothing.
        left.merge(&RollState::new(4)).unwrap();
        prop_assert_eq!(left, whole);
    }

    #[test]
    fn chained_periods_close_like_one(opening in 0_i64..5000, months in proptest::collection::vec((flows(), 0_i64..3000), 1..6)) {
        let mut by_book = Vec::new();
        let mut by_count = Vec::new();
        let (mut book, mut count) = (opening, opening);
        for (month, (flows, counted)) in (1..).zip(&months) {
            let period = Period::month(2025, month).unwrap();
            let line = roll_forward(book, flows, None).unwrap();
            book = line.closing();
            by_book.push((period, line));
            by_count.push((period, roll_forward(count, flows, Some(*counted)).unwrap()));
            count = *counted;
        }
        let net: i64 = months.iter().map(|(flows, _)| flows.net().unwrap()).sum();
        let (span, line) = chain(&by_book, Carry::Book).unwrap();
        prop_assert_eq!(line.closing(), opening + net);
        prop_assert_eq!(span.start(), by_book[0].0.start());
        prop_assert_eq!(span.end(), by_book.last().unwrap().0.end());
        let (_, counted) = chain(&by_count, Carry::Count).unwrap();
        prop_assert_eq!(counted.closing(), by_count.last().unwrap().1.closing());
        prop_assert_eq!(counted.variance(), by_count.last().unwrap().1.variance());
        // Chaining a part first gives the same.
        if by_book.len() > 2 {
            let (head, tail) = by_book.split_at(2);
            let first = chain(head, Carry::Book).unwrap();
            let again: Vec<_> = core::iter::once(first).chain(tail.iter().copied()).collect();
            prop_assert_eq!(chain(&again, Carry::Book).unwrap(), (span, line));
        }
    }

    #[test]
    fn implied_sell_out_is_what_closes(opening in 0_i64..500, flows in flows(), counted in 0_i64..500) {
        match implied_sell_out(opening, &flows, counted) {
            Ok(sales) => {
                let closed = roll_forward(opening, &Flows { sales, ..flows }, Some(counted)).unwrap();
                prop_assert_eq!(closed.variance(), Some(0));
            }
            Err(error) => {
                let without = roll_forward(opening, &Flows { sales: 0, ..flows }, Some(counted)).unwrap();
                prop_assert!(without.closing() < counted);
                prop_assert!(matches!(error, InventoryError::NegativeSellOut { .. }), "{}", error);
            }
        }
    }

    #[test]
    fn forward_cover_sells_piece_by_piece(on_hand in 0_i64..60, forecast in proptest::collection::vec(0_i64..9, 0..14)) {
        let mut left = on_hand;
        let mut days = Exact::ZERO;
        let mut uncovered = false;
        'days: for demand in &forecast {
            if *demand == 0 {
                days = days.add(&Exact::ONE).unwrap();
            }
            for _ in 0..*demand {
                if left == 0 {
                    uncovered = true;
                    break 'days;
                }
                left -= 1;
                days = days.add(&Exact::ratio(1, i128::from(*demand)).unwrap()).unwrap();
            }
        }
        let decimals: Vec<Decimal> = forecast.iter().map(|d| Decimal::from(*d)).collect();
        let expected = if uncovered {
            Cover::Days(days)
        } else {
            Cover::BeyondHorizon { horizon_days: forecast.len(), left: Exact::from_int(i128::from(left)) }
        };
        prop_assert_eq!(cover_forward(Decimal::from(on_hand), &decimals).unwrap(), expected);
    }

    #[test]
    fn backward_cover_agrees_with_a_flat_forecast(on_hand in 0_i64..500, rate in 1_i64..50) {
        let flat = vec![Decimal::from(rate); 501];
        let Cover::Days(forward) = cover_forward(Decimal::from(on_hand), &flat).unwrap() else {
            return Err(TestCaseError::fail("beyond the horizon"));
        };
        prop_assert_eq!(cover_backward(on_hand, rate * 30, 30).unwrap(), Cover::Days(forward));
        prop_assert_eq!(cover_backward(on_hand, 0, 30).unwrap(), Cover::NoSales);
    }

    #[test]
    fn turns_times_days_is_the_window(sold in 0_i64..900, stocks in proptest::collection::vec(0_i64..900, 1..6), days in 1_u32..400) {
        prop_assume!(stocks.iter().sum::<i64>() > 0);
        let turns = turns_in_pieces(sold, &stocks, days).unwrap();
        match turns.days() {
            None => prop_assert_eq!(sold, 0),
            Some(per_turn) => {
                prop_assert_eq!(per_turn.mul(turns.turns()).unwrap(), Exact::from_int(i128::from(days)));
            }
        }
        let sum: i64 = stocks.iter().sum();
        let mean = Exact::ratio(i128::from(sum), stocks.len() as i128).unwrap();
        prop_assert_eq!(turns.mean_stock(), &mean);
    }

    #[test]
    fn fefo_conserves_and_never_ships_later_expiry_first(batches in batches(), min in 0_u32..6, asked in 0_i64..40) {
        let as_of: NaiveDate = "2025-06-03".parse().unwrap();
        let request = FefoRequest { as_of, min_remaining_days: min, quantity: asked };
        let plan = fefo(&batches, &request).unwrap();

        // Oracle: take one piece at a time from the earliest acceptable batch that has any.
        let acceptable = |b: &Batch| (b.expires_on - as_of).num_days() >= i64::from(min);
        let mut left: Vec<Batch> = batches.clone();
        let mut taken = 0;
        while taken < asked {
            let next = left.iter_mut().filter(|b| b.quantity > 0 && acceptable(b)).min_by_key(|b| (b.expires_on, b.lot.clone()));
            let Some(batch) = next else { break };
            batch.quantity -= 1;
            taken += 1;
        }
        prop_assert_eq!(plan.short(), asked - taken);
        for (before, after) in batches.iter().zip(&left) {
            let picked: i64 = plan.picks().iter().filter(|p| p.lot == before.lot).map(|p| p.quantity).sum();
            prop_assert_eq!(picked, before.quantity - after.quantity, "{}", &before.lot);
        }
        let mut rejected: Vec<&Batch> = batches.iter().filter(|b| b.quantity > 0 && !acceptable(b)).collect();
        rejected.sort_by_key(|b| (b.expires_on, b.lot.clone()));
        let rejected: Vec<&String> = rejected.iter().map(|b| &b.lot).collect();
        prop_assert_eq!(plan.rejected_lots().iter().collect::<Vec<_>>(), rejected);

        // The order of the input does not matter.
        let mut reversed = batches.clone();
        reversed.reverse();
        prop_assert_eq!(fefo(&reversed, &request).unwrap(), plan);
    }

    #[test]
    fn usable_and_waste_are_the_stock(lots in proptest::collection::vec((0_u32..12, 0_i64..30), 0..7), rate in 0_i64..9) {
        let lots: Vec<SellingLot> = lots.into_iter().enumerate().map(|(i, (days_left, quantity))| SellingLot {
            lot: format!("L{i}"), days_left, quantity: Decimal::from(quantity),
        }).collect();
        let stock = usable_stock(&lots, Decimal::from(rate)).unwrap();

        // Oracle: day by day, sell `rate` pieces from the earliest lot that still has a day.
        let mut left: Vec<(u32, i64)> = lots.iter().map(|l| (l.days_left, i64::try_from(l.quantity).unwrap())).collect();
        left.sort();
        let mut sold = 0;
        for day in 0..12 {
            for _ in 0..rate {
                if let Some(lot) = left.iter_mut().find(|(days, quantity)| *days > day && *quantity > 0) {
                    lot.1 -= 1;
                    sold += 1;
                }
            }
        }
        let total: Decimal = lots.iter().map(|l| l.quantity).sum();
        prop_assert_eq!(stock.usable(), &Exact::from_int(sold));
        prop_assert_eq!(stock.usable().add(stock.waste()).unwrap(), Exact::from_decimal(total));
        let by_lot = stock.waste_by_lot().iter().fold(Exact::ZERO, |sum, (_, waste)| sum.add(waste).unwrap());
        prop_assert_eq!(&by_lot, stock.waste());
    }

    #[test]
    fn near_expiry_is_a_run_of_days_before_the_end(life in 1_u64..800, late in 0_i64..900) {
        let made: NaiveDate = "2024-01-31".parse().unwrap();
        let expires = made.checked_add_days(Days::new(life)).unwrap();
        let as_of = expires.checked_sub_signed(chrono::TimeDelta::days(450 - late)).unwrap();
        let state = expiry_on(made, expires, as_of, &BandTable::common()).unwrap();
        let expected = match 450 - late {
            remaining if remaining < 0 => ExpiryStatus::Expired,
            remaining if remaining <= state.threshold_days => ExpiryStatus::NearExpiry,
            _ => ExpiryStatus::Normal,
        };
        prop_assert_eq!(state.status, expected);
        // Oracle for the band: the life counted in days, by the words of the table.
        let words = if life >= 365 { 45 } else if life >= 180 { 20 } else if life >= 90 { 15 }
            else if life >= 30 { 10 } else if life > 15 { 5 } else { 4 };
        prop_assert_eq!(state.threshold_days, words);
    }

    #[test]
    fn abc_partitions_by_the_share_before(values in proptest::collection::vec(0_i64..40, 0..12), scale in 1_i64..50) {
        let items: Vec<(String, Decimal)> =
            values.iter().enumerate().map(|(i, v)| (format!("I{i:02}"), Decimal::from(*v))).collect();
        let classes = abc_classes(&items, &Cuts::abc()).unwrap();
        let total: i64 = values.iter().sum();
        for (i, class) in classes.iter().enumerate() {
            // Oracle: everything strictly ahead, by scanning all pairs.
            let before: i64 = (0..values.len())
                .filter(|&j| values[j] > values[i] || (values[j] == values[i] && j < i))
                .map(|j| values[j])
                .sum();
            let expected = if values[i] == 0 || before * 100 >= 95 * total {
                Abc::C
            } else if before * 10 >= 8 * total {
                Abc::B
            } else {
                Abc::A
            };
            prop_assert_eq!(*class, expected, "item {}", i);
        }
        // Another unit of money changes nothing.
        let scaled: Vec<(String, Decimal)> =
            items.iter().map(|(id, v)| (id.clone(), *v * Decimal::from(scale))).collect();
        prop_assert_eq!(abc_classes(&scaled, &Cuts::abc()).unwrap(), classes.clone());
        // An item without sales changes nothing else.
        let mut more = items.clone();
        more.push(("ZZ".into(), Decimal::ZERO));
        prop_assert_eq!(&abc_classes(&more, &Cuts::abc()).unwrap()[..items.len()], &classes[..]);
    }

    #[test]
    fn variation_is_the_textbook_one_and_has_no_unit(demand in proptest::collection::vec(0_i64..50, 1..12), scale in 1_i64..20) {
        let decimals: Vec<Decimal> = demand.iter().map(|d| Decimal::from(*d)).collect();
        let ours = squared_variation(&decimals).unwrap();
        let n = demand.len() as i128;
        let sum: i128 = demand.iter().map(|d| i128::from(*d)).sum();
        if sum == 0 {
            prop_assert_eq!(ours, None);
        } else {
            // Σ(x − mean)² / n / mean², with everything times n: Σ(n·x − sum)² / (n · sum²).
            let squares: i128 = demand.iter().map(|d| (n * i128::from(*d) - sum).pow(2)).sum();
            prop_assert_eq!(ours.clone(), Some(Exact::ratio(squares, n * sum * sum).unwrap()));
            let scaled: Vec<Decimal> = decimals.iter().map(|d| *d * Decimal::from(scale)).collect();
            prop_assert_eq!(squared_variation(&scaled).unwrap(), ours);
        }
    }
}

#[test]
fn money_turns_match_piece_turns_at_one_price() {
    use endcap_types::{Currency, Money};
    let money = |pieces: i64| Money::from_minor(i128::from(pieces) * 350, Currency::CNY).unwrap();
    let pieces = turns_in_pieces(70, &[100, 40], 30).unwrap();
    let value = turns_in_money(money(70), &[money(100), money(40)], 30).unwrap();
    assert_eq!(pieces.turns(), value.turns());
    assert_eq!(pieces.days(), value.days());
}
