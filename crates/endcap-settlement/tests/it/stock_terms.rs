//! Rent, till, stock credit: refusals and laws.

use endcap_settlement::*;
use endcap_types::*;
use proptest::prelude::*;

use crate::support::*;
use crate::world::{cents, seeds};

const HALF: Rounding = Rounding::HALF_AWAY;

#[test]
fn rents_that_have_no_breakpoint() {
    let rent = |base: &str, percent: &str, breakpoint| {
        let rent = PercentageRent { base_rent: money(base), rate: rate(percent), breakpoint };
        rent.due(money("100"), &HALF).unwrap_err().to_string()
    };
    assert_eq!(
        rent("500", "0%", Breakpoint::Natural),
        "a base rent of CNY 500.00 at 0% has no natural breakpoint"
    );
    assert_eq!(rent("-1", "4%", Breakpoint::Natural), "base rent must not be negative: CNY -1.00");
    assert_eq!(rent("1", "4%", Breakpoint::At(money("-2"))), "breakpoint must not be negative: CNY -2.00");
    assert!(rent("1", "-4%", Breakpoint::Natural).contains("-4"));
    let usd = Money::parse("1", Currency::USD).unwrap();
    let rent = PercentageRent { base_rent: usd, rate: rate("4%"), breakpoint: Breakpoint::Natural };
    assert!(matches!(rent.due(money("1"), &HALF), Err(SettlementError::Types(_))));
}

#[test]
fn shares_outside_the_whole() {
    for text in ["-1%", "100.5%"] {
        let discount = SharedDiscount { amount: money("30"), supplier: rate(text) };
        let on = (rate("25%"), CommissionOn::Tag);
        let error = share_discounts(money("100"), &[discount], on, &HALF).unwrap_err();
        assert_eq!(error, SettlementError::ShareOutside { share: rate(text) });
        assert_eq!(error.to_string(), format!("a share of {text} is outside 0% to 100%"));
    }
    let negative = (rate("-25%"), CommissionOn::Tag);
    assert!(matches!(share_discounts(money("100"), &[], negative, &HALF), Err(SettlementError::Types(_))));
    let rates = TenderRates { default: rate("-1%"), by: [].into() };
    let sales = [("cash".to_owned(), money("1"))].into();
    assert!(matches!(rates.commission(&sales, &HALF), Err(SettlementError::Types(_))));
    let till = TillMoney {
        tag: money("1"),
        discount: Money::zero(Currency::USD),
        voucher_void: money("0"),
        points: money("0"),
    };
    assert!(matches!(till.base(TurnoverBase::Received), Err(SettlementError::Types(_))));
}

#[test]
fn cuts_and_bases_that_cannot_be() {
    let price = |text: &str, tax| Price::new(decimal(text), Currency::CNY, Unit::Piece, tax).unwrap();
    let (with, without) = (TaxBasis::Inclusive, TaxBasis::Exclusive);
    let cut = PriceCut { old: price("2", with), new: price("1", with), on_hand: pieces(-1) };
    let error = cut.credit(StockTerms::Prepaid, &HALF).unwrap_err();
    assert!(matches!(error, SettlementError::NegativeQuantity { .. }));
    let mixed = PriceCut { new: price("1", without), on_hand: pieces(1), ..cut };
    let error = mixed.credit(StockTerms::Prepaid, &HALF).unwrap_err();
    assert!(matches!(error, SettlementError::TaxBasisMismatch { .. }));
    let cut = PriceCut { on_hand: pieces(7), ..cut };
    assert_eq!(cut.credit(StockTerms::Prepaid, &HALF).unwrap(), money("7"));
    let refused = |base: &str, event| base_stock_payables(money(base), &[event]).unwrap_err().to_string();
    let minus = money("-1");
    assert_eq!(refused("-1", BaseStockEvent::Terminated), "base stock must not be negative: CNY -1.00");
    assert_eq!(refused("1", BaseStockEvent::Delivered(minus)), "delivery must not be negative: CNY -1.00");
    assert_eq!(refused("1", BaseStockEvent::Returned(minus)), "return must not be negative: CNY -1.00");
}

fn averages() -> Method {
    Method::Consignment(Consignment {
        price_basis: PriceBasis::AverageOfPeriod,
        prices: vec![SupplyPrice {
            sku: sku("A1"),
            from: day("2025-01-01"),
            price: decimal("7.5"),
            unit: Unit::Piece,
        }],
        shrink: ShrinkBearer::Retailer,
        shrink_agreement: None,
    })
}

/// 30 bought at 10.00 and 20.00 in two months, counted short once: nothing of their value is lost.
#[test]
fn averages_over_two_months() {
    let contract = Contract::new(terms(averages())).unwrap();
    let deliveries = [
        delivery("D1", "2025-01-02", "A1", 10, "100.00"),
        delivery("D2", "2025-01-20", "A1", 20, "400.00"),
        delivery("D3", "2025-03-01", "A1", 10, "0.00"),
    ];
    let sales = [sale("S1", "2025-01-25", "A1", 7, "0"), sale("S2", "2025-03-25", "A1", 40, "0")];
    let facts = Facts { deliveries: &deliveries, sales: &sales, ..Facts::default() };
    let first = settle(&contract, &facts, period("2025-01"), &[]).unwrap();
    assert_eq!(first.totals().goods, money("116.67")); // 7 × 500 / 30
    first.trace().verify().unwrap();
    let layers = &first.stock().unwrap().closing_layers;
    let told: Vec<String> =
        layers.iter().map(|l| format!("{} {} {}", l.document, l.remaining, l.amount)).collect();
    assert_eq!(told, ["D1 3 pc CNY 50.00", "D2 20 pc CNY 333.33"]);
    // A month without sales, two pieces missing: at the average.
    let counts = [StockCount { date: day("2025-02-28"), sku: sku("A1"), quantity: pieces(21) }];
    let opening = layers.clone();
    let facts = Facts { opening_layers: &opening, counts: &counts, ..facts };
    let second = settle(&contract, &facts, period("2025-02"), &[]).unwrap();
    let lost = second.lines_of(LineKind::ShrinkCharge).next().unwrap();
    assert_eq!(lost.amount, money("33.33")); // 2 × 383.33 / 23
    // 21 left and 10 for nothing; nine more than there are, at the contract price.
    let opening = second.stock().unwrap().closing_layers.clone();
    let facts = Facts { opening_layers: &opening, ..facts };
    let third = settle(&contract, &facts, period("2025-03"), &[]).unwrap();
    assert_eq!(third.totals().goods, money("417.50")); // 350.00 + 9 × 7.50
    let closing = &third.stock().unwrap().closing_layers;
    assert_eq!((closing.len(), closing[0].remaining), (1, pieces(-9)));
}

proptest! {
    #![proptest_config(crate::support::at_least(96))]

    /// What came in is what was settled and what is left.
    #[test]
    fn averages_lose_no_value(facts in seeds(8), sold in 0_i64..40) {
        let mut deliveries: Vec<Delivery> = Vec::new();
        for (n, (d, _, q, c)) in facts.iter().enumerate() {
            let mut one = delivery(&format!("D{n}"), &format!("2025-01-{d:02}"), "A1", *q, "0");
            one.amount = cents(*c);
            deliveries.push(one);
        }
        let there: i64 = facts.iter().map(|(_, _, q, _)| q).sum();
        let sold = sold.min(there);
        let sales = [sale("S", "2025-01-31", "A1", sold, "0")];
        let facts = Facts { deliveries: &deliveries, sales: &sales, ..Facts::default() };
        let statement = settle(&Contract::new(terms(averages())).unwrap(), &facts, period("2025-01"), &[]).unwrap();
        statement.trace().verify().unwrap();
        let stock = statement.stock().unwrap();
        let left: i128 = stock.closing_layers.iter().map(|layer| layer.amount.minor()).sum();
        let came: i128 = deliveries.iter().map(|d| d.amount.minor()).sum();
        prop_assert_eq!(statement.totals().goods.minor() + left, came);
        // The oracle: half away from zero of came × sold / there.
        if there > 0 {
            let (came, sold, there) = (came, i128::from(sold), i128::from(there));
            prop_assert_eq!(statement.totals().goods.minor(), (2 * came * sold + there) / (2 * there));
        }
        let pieces_left: Quantity = stock.closing_layers.iter().fold(pieces(0), |sum, l| sum.checked_add(&l.remaining).unwrap());
        prop_assert_eq!(pieces_left, pieces(there - sold));
    }

    /// With the natural breakpoint the total is the larger of the rent and the share of all sales.
    #[test]
    fn natural_breakpoints(rent in 0_i64..9_000_000, sales in 0_i64..90_000_000, hundredths in 1_i64..2_000) {
        let share = Rate::percent(rust_decimal::Decimal::new(hundredths, 2)).unwrap();
        let lease = PercentageRent { base_rent: cents(rent), rate: share, breakpoint: Breakpoint::Natural };
        let due = lease.due(cents(sales), &HALF).unwrap();
        let all = (i128::from(sales) * i128::from(hundredths) * 2 + 10_000) / 20_000;
        prop_assert_eq!(due.total.minor(), all.max(rent.into()));
        // More sales never cost less.
        prop_assert!(lease.due(cents(sales + 1), &HALF).unwrap().total.minor() >= due.total.minor());
    }

    /// Nothing of the sale is lost between the two sides.
    #[test]
    fn shared_discounts_add_up(tag in -9_000_000_i64..9_000_000, cuts in prop::collection::vec((0_i64..900_000, 0_i64..=10_000), 0..5), received in any::<bool>()) {
        let discounts: Vec<SharedDiscount> = cuts.iter().map(|(minor, share)| SharedDiscount {
            amount: cents(*minor),
            supplier: Rate::percent(rust_decimal::Decimal::new(*share, 2)).unwrap(),
        }).collect();
        let on = if received { CommissionOn::Received } else { CommissionOn::Tag };
        let split = share_discounts(cents(tag), &discounts, (rate("22.5%"), on), &HALF).unwrap();
        let all: i128 = cuts.iter().map(|(minor, _)| i128::from(*minor)).sum();
        let (supplier, retailer) = (split.supplier_bears.minor(), split.retailer_bears.minor());
        prop_assert_eq!(supplier + retailer, all);
        prop_assert!(supplier >= 0 && retailer >= 0);
        prop_assert_eq!(split.supplier_net.minor() + split.commission.minor() + supplier, i128::from(tag));
    }

    /// What became payable so far is what is beyond the base, and after termination everything.
    #[test]
    fn base_stock_sums_to_the_goods(base in 0_i64..9_000_000, moves in prop::collection::vec((any::<bool>(), 0_i64..5_000_000), 1..9)) {
        let mut events: Vec<BaseStockEvent> = moves.iter().map(|(back, minor)| match back {
            true => BaseStockEvent::Returned(cents(*minor)),
            false => BaseStockEvent::Delivered(cents(*minor)),
        }).collect();
        events.push(BaseStockEvent::Terminated);
        let payables = base_stock_payables(cents(base), &events).unwrap();
        prop_assert_eq!(payables.len(), events.len());
        let goods = |count: usize| moves.iter().take(count).map(|(back, minor)| if *back { -minor } else { *minor }).sum::<i64>();
        for count in 1..=moves.len() {
            let sum: i128 = payables.iter().take(count).map(Money::minor).sum();
            prop_assert_eq!(sum, i128::from((goods(count) - base).max(0)));
        }
        let all: i128 = payables.iter().map(Money::minor).sum();
        prop_assert_eq!(all, i128::from(goods(moves.len()).max(0)));
    }
}
