//! Laws of the suggested order, against an oracle in exact rationals that searches for the answer.

use endcap_inventory::*;
use endcap_types::{CasePack, Exact, RoundingMode, SkuId, StoreId};
use proptest::prelude::*;
use rust_decimal::Decimal;

/// One row, as a typed request with options.
fn requests() -> impl Strategy<Value = OrderRequest> {
    let demand = prop_oneof![
        (0_i64..400, 1_u16..40, 0_u16..20, 0_u16..20).prop_map(
            |(sold, sold_days, lead_days, review_days)| {
                DemandOf::Rate { sold, sold_days, lead_days, review_days }
            }
        ),
        (0_i64..400).prop_map(DemandOf::Forecast),
        (0_i64..400).prop_map(DemandOf::Target),
        (0_i64..300, 150_i64..300, 1_i64..300).prop_map(|(previous_stock, received, hundredths)| {
            let factor = SalesFactor::new(Decimal::new(hundredths, 2)).unwrap();
            DemandOf::SalesMultiple { previous_stock, received, factor }
        }),
    ];
    let safety = (0_usize..3, 0_i64..50_000);
    let limit = || prop_oneof![Just(Limit::None), (0_i64..400).prop_map(Limit::Pieces)];
    let counts = (0_i64..40, 0_i64..60, 0_i64..150, 0_i64..150, 0_i64..80, 0_i64..60);
    (demand, safety, counts, 1_u32..30, limit(), limit()).prop_map(
        |(demand, (form, thousandths), counts, case, order_cap, shelf_capacity)| {
            let safety = match (form, demand) {
                (0, DemandOf::Rate { .. }) => SafetyOf::Days(u16::try_from(thousandths / 5_000).unwrap()),
                (1, _) => SafetyOf::Thousandths(thousandths),
                _ => SafetyOf::Pieces(thousandths / 1_000),
            };
            let (backorder, promotion, on_hand, unusable, in_transit, minimum) = counts;
            OrderRequest {
                safety,
                backorder,
                promotion,
                unusable: unusable.min(on_hand),
                in_transit,
                minimum,
                order_cap,
                shelf_capacity,
                ..OrderRequest::new(
                    SkuId::new("SKU").unwrap(),
                    StoreId::new("STORE").unwrap(),
                    on_hand,
                    demand,
                    CasePack::new(case).unwrap(),
                )
            }
        },
    )
}

fn options() -> impl Strategy<Value = OrderOptions> {
    (any::<bool>(), any::<bool>()).prop_map(|(nearest, lift)| OrderOptions {
        case_rounding: if nearest { CaseRounding::Nearest } else { CaseRounding::Up },
        minimum: if lift { MinimumRule::Lift } else { MinimumRule::OrderNothing },
        conflict: ConflictRule::Refuse,
        ..OrderOptions::default()
    })
}

fn int(value: i64) -> Exact {
    Exact::from_int(i128::from(value))
}

/// The need in exact rationals, before it becomes whole pieces.
fn exact_need(r: &OrderRequest) -> Exact {
    let ratio = |n: i64, d: i64| Exact::ratio(i128::from(n), i128::from(d)).unwrap();
    let rate = match r.demand {
        DemandOf::Rate { sold, sold_days, .. } => ratio(sold, i64::from(sold_days)),
        _ => Exact::ZERO,
    };
    let demand = match r.demand {
        DemandOf::Rate { lead_days, review_days, .. } => {
            rate.mul(&int(i64::from(lead_days) + i64::from(review_days))).unwrap()
        }
        DemandOf::Forecast(pieces) | DemandOf::Target(pieces) => int(pieces),
        DemandOf::SalesMultiple { previous_stock, received, factor } => {
            int(previous_stock + received - r.on_hand).mul(&Exact::from_decimal(factor.value())).unwrap()
        }
        _ => unreachable!(),
    };
    let safety = match r.safety {
        SafetyOf::Pieces(pieces) => int(pieces),
        SafetyOf::Thousandths(thousandths) => ratio(thousandths, 1000),
        SafetyOf::Days(days) => rate.mul(&int(i64::from(days))).unwrap(),
        _ => unreachable!(),
    };
    let rest = r.backorder + r.promotion - r.on_hand + r.unusable - r.in_transit;
    demand.add(&safety).unwrap().add(&int(rest)).unwrap()
}

/// Oracle: the quantity by search over case multiples.
fn slow_quantity(r: &OrderRequest, options: &OrderOptions) -> i64 {
    let case = i64::from(r.case_pack.get());
    let need = exact_need(r);
    let whole = i64::try_from(need.round_to_int(RoundingMode::Ceil).unwrap()).unwrap().max(0);
    // Every multiple up to one past the need and past the minimum, however large the request.
    let last = whole.max(r.minimum) / case + 2;
    let multiples = || (0..=last).map(|n| n * case);
    let mut quantity = match options.case_rounding {
        CaseRounding::Up => multiples().find(|q| *q >= whole).unwrap(),
        // The nearest multiple; of two equally near the larger.
        CaseRounding::Nearest => multiples().min_by_key(|q| ((q - whole).abs(), -q)).unwrap(),
    };
    let least = multiples().find(|q| *q >= r.minimum).unwrap();
    if quantity > 0 && quantity < r.minimum {
        quantity = if options.minimum == MinimumRule::Lift { least } else { 0 };
    }
    let room = match r.shelf_capacity {
        Limit::None => i64::MAX,
        Limit::Pieces(pieces) => (pieces - (r.on_hand - r.unusable) - r.in_transit).max(0),
    };
    let cap = match r.order_cap {
        Limit::None => room,
        Limit::Pieces(pieces) => pieces.min(room),
    };
    if quantity > cap {
        quantity = multiples().take_while(|q| *q <= cap).last().unwrap();
        if quantity < r.minimum {
            quantity = 0;
        }
    }
    quantity
}

fn order(r: &OrderRequest, options: &OrderOptions) -> SuggestedOrder {
    suggest(r, options).unwrap()
}

fn quantity(r: &OrderRequest, options: &OrderOptions) -> i64 {
    order(r, options).quantity()
}

/// The same position with more demand.
fn with_more_demand(r: &OrderRequest, more: i64) -> OrderRequest {
    let demand = match r.demand {
        DemandOf::Rate { sold, sold_days, lead_days, review_days } => {
            DemandOf::Rate { sold: sold + more, sold_days, lead_days, review_days }
        }
        DemandOf::Forecast(pieces) => DemandOf::Forecast(pieces + more),
        DemandOf::Target(pieces) => DemandOf::Target(pieces + more),
        DemandOf::SalesMultiple { previous_stock, received, factor } => {
            DemandOf::SalesMultiple { previous_stock: previous_stock + more, received, factor }
        }
        other => other,
    };
    OrderRequest { demand, ..r.clone() }
}

/// Every count in pieces times `k`.
fn scaled(r: &OrderRequest, k: i64) -> OrderRequest {
    let limit = |l: Limit| match l {
        Limit::None => Limit::None,
        Limit::Pieces(pieces) => Limit::Pieces(pieces * k),
    };
    let demand = match r.demand {
        DemandOf::Rate { sold, sold_days, lead_days, review_days } => {
            DemandOf::Rate { sold: sold * k, sold_days, lead_days, review_days }
        }
        DemandOf::Forecast(pieces) => DemandOf::Forecast(pieces * k),
        DemandOf::Target(pieces) => DemandOf::Target(pieces * k),
        DemandOf::SalesMultiple { previous_stock, received, factor } => {
            DemandOf::SalesMultiple { previous_stock: previous_stock * k, received: received * k, factor }
        }
        other => other,
    };
    let safety = match r.safety {
        SafetyOf::Pieces(pieces) => SafetyOf::Pieces(pieces * k),
        SafetyOf::Thousandths(pieces) => SafetyOf::Thousandths(pieces * k),
        other => other,
    };
    OrderRequest {
        demand,
        safety,
        backorder: r.backorder * k,
        promotion: r.promotion * k,
        on_hand: r.on_hand * k,
        unusable: r.unusable * k,
        in_transit: r.in_transit * k,
        case_pack: CasePack::new(r.case_pack.get() * u32::try_from(k).unwrap()).unwrap(),
        minimum: r.minimum * k,
        order_cap: limit(r.order_cap),
        shelf_capacity: limit(r.shelf_capacity),
        ..r.clone()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn order_equals_the_slow_oracle(r in requests(), options in options()) {
        prop_assert_eq!(quantity(&r, &options), slow_quantity(&r, &options), "{:?}", &r);
    }

    #[test]
    fn reasons_add_up_to_the_order(r in requests(), options in options()) {
        let order = order(&r, &options);
        let reasons = order.reasons();
        prop_assert_eq!(reasons.iter().map(|reason| reason.quantity).sum::<i64>(), order.quantity());
        // Each kind once, in the order of application, with its sign.
        prop_assert!(reasons.windows(2).all(|pair| pair[0].kind < pair[1].kind));
        for reason in &reasons {
            use ReasonKind::*;
            let fine = match reason.kind {
                OnHand | InTransit | OrderCap | ShelfCapacity => reason.quantity < 0,
                CaseRound => reason.quantity.abs() < i64::from(r.case_pack.get()),
                Pallet => false,
                Minimum => options.minimum == MinimumRule::OrderNothing || reason.quantity > 0,
                WholePiece => reason.quantity == 1 || reason.quantity == 2,
                _ => reason.quantity > 0,
            };
            prop_assert!(fine, "{}", reason);
        }
        // What was put in comes out under its own name.
        let line = order.line();
        prop_assert_eq!(line.reason(ReasonKind::OnHand), -r.on_hand);
        prop_assert_eq!(line.reason(ReasonKind::Unusable), r.unusable);
        prop_assert_eq!(line.reason(ReasonKind::InTransit), -r.in_transit);
        prop_assert_eq!(line.reason(ReasonKind::Backorder), r.backorder);
        prop_assert_eq!(line.reason(ReasonKind::Promotion), r.promotion);
        // The need with its fractions closed is the exact need, up to a whole piece.
        let need: i64 = reasons.iter().filter(|x| x.kind <= ReasonKind::WholePiece).map(|x| x.quantity).sum();
        prop_assert_eq!(i128::from(need), exact_need(&r).round_to_int(RoundingMode::Ceil).unwrap());
        prop_assert_eq!(line.unmet(), (need.max(0) - order.quantity()).max(0));
    }

    #[test]
    fn order_is_whole_cases_within_its_bounds(r in requests(), options in options()) {
        let order = order(&r, &options);
        let (quantity, case) = (order.quantity(), i64::from(r.case_pack.get()));
        prop_assert!(quantity >= 0 && quantity % case == 0);
        prop_assert_eq!(order.cases() * case, quantity);
        prop_assert!(quantity == 0 || quantity >= r.minimum);
        if let Limit::Pieces(cap) = r.order_cap {
            prop_assert!(quantity <= cap);
        }
        if let Limit::Pieces(capacity) = r.shelf_capacity {
            prop_assert!(quantity == 0 || quantity + r.on_hand - r.unusable + r.in_transit <= capacity);
        }
        let ordered = matches!(order.line().outcome(), Outcome::Ordered | Outcome::Capped);
        prop_assert_eq!(ordered, quantity > 0);
        if order.line().outcome() == Outcome::Ordered && options.case_rounding == CaseRounding::Up {
            prop_assert_eq!(order.line().unmet(), 0);
        }
    }

    #[test]
    fn asking_again_orders_nothing(r in requests(), options in options()) {
        let first = order(&r, &options);
        // What was capped may be asked for again; what was ordered in full is on its way.
        if first.line().outcome() == Outcome::Ordered {
            let again = OrderRequest { in_transit: r.in_transit + first.quantity(), ..r };
            prop_assert_eq!(quantity(&again, &options), 0);
        }
    }

    #[test]
    fn more_demand_never_lowers_the_order(r in requests(), options in options(), more in 1_i64..80) {
        let now = quantity(&r, &options);
        prop_assert!(quantity(&with_more_demand(&r, more), &options) >= now);
        let promoted = OrderRequest { promotion: r.promotion + more, ..r.clone() };
        prop_assert!(quantity(&promoted, &options) >= now);
        let owing = OrderRequest { backorder: r.backorder + more, ..r };
        prop_assert!(quantity(&owing, &options) >= now);
    }

    #[test]
    fn more_stock_never_raises_the_order(r in requests(), options in options(), more in 1_i64..80) {
        let now = quantity(&r, &options);
        let expecting = OrderRequest { in_transit: r.in_transit + more, ..r.clone() };
        prop_assert!(quantity(&expecting, &options) <= now);
        let fuller = OrderRequest { on_hand: r.on_hand + more, ..r };
        // With the sales multiple, more stock without a delivery may contradict the data.
        if let Ok(order) = suggest(&fuller, &options) {
            prop_assert!(order.quantity() <= now);
        }
    }

    #[test]
    fn another_counting_unit_scales_the_order(r in requests(), k in 2_i64..40) {
        // Up to whole cases only: the nearest case of a fraction depends on the size of a piece.
        let options = OrderOptions::default();
        prop_assert_eq!(quantity(&scaled(&r, k), &options), k * quantity(&r, &options));
    }

    #[test]
    fn batch_equals_single(rs in proptest::collection::vec(requests(), 1..30), options in options()) {
        // A batch has one form of demand: forecasts and safety stock in thousandths.
        let rs: Vec<OrderRequest> = rs.into_iter().enumerate().map(|(i, r)| OrderRequest {
            demand: DemandOf::Forecast(i64::try_from(i).unwrap() * 37 % 400),
            safety: SafetyOf::Thousandths(i64::try_from(i).unwrap() * 7_919 % 60_000),
            ..r
        }).collect();
        let column = |f: fn(&OrderRequest) -> i64| rs.iter().map(f).collect::<Vec<i64>>();
        let limit = |l: Limit| match l { Limit::None => limits::UNLIMITED, Limit::Pieces(p) => p };
        let forecast = column(|r| match r.demand { DemandOf::Forecast(p) => p, _ => unreachable!() });
        let safety = column(|r| match r.safety { SafetyOf::Thousandths(p) => p, _ => unreachable!() });
        let on_hand = column(|r| r.on_hand);
        let (backorder, promotion) = (column(|r| r.backorder), column(|r| r.promotion));
        let (unusable, in_transit) = (column(|r| r.unusable), column(|r| r.in_transit));
        let (case_pack, minimum) = (column(|r| i64::from(r.case_pack.get())), column(|r| r.minimum));
        let order_cap: Vec<i64> = rs.iter().map(|r| limit(r.order_cap)).collect();
        let shelf_capacity: Vec<i64> = rs.iter().map(|r| limit(r.shelf_capacity)).collect();
        let columns = OrderColumns {
            on_hand: &on_hand,
            demand: Demand::Forecast(Column::Each(&forecast)),
            safety: Safety::Thousandths(Column::Each(&safety)),
            backorder: Column::Each(&backorder),
            promotion: Column::Each(&promotion),
            unusable: Column::Each(&unusable),
            in_transit: Column::Each(&in_transit),
            case_pack: Column::Each(&case_pack),
            minimum: Column::Each(&minimum),
            pallet: Column::Same(0),
            order_cap: Column::Each(&order_cap),
            shelf_capacity: Column::Each(&shelf_capacity),
        };
        let lines = suggest_all(&columns, &options).unwrap();
        let mut totals = OrderTotals::default();
        for (line, r) in lines.iter().zip(&rs) {
            prop_assert_eq!(*line, *suggest(r, &options).unwrap().line());
            totals.add(line);
        }
        // In parts, as threads would do it, and merged.
        let middle = rs.len() / 2;
        let (mut parts, mut merged) = (Vec::new(), OrderTotals::default());
        for range in [0..middle, middle..rs.len()] {
            let part = suggest_all(&columns.rows(range).unwrap(), &options).unwrap();
            let mut sum = OrderTotals::default();
            part.iter().for_each(|line| sum.add(line));
            merged.merge(&sum);
            parts.extend(part);
        }
        prop_assert_eq!(parts, lines);
        prop_assert_eq!(merged, totals);
        // The reasons of the totals add up as well.
        let reasons: i128 = ReasonKind::ALL.into_iter().map(|kind| totals.reason(kind)).sum();
        prop_assert_eq!(reasons, totals.quantity());
    }

    #[test]
    fn any_integers_give_an_order_or_an_error(v in proptest::array::uniform12(any::<i64>()), small in proptest::array::uniform12(0_i64..3)) {
        for v in [v, small] {
            let same = Column::Same;
            let factor = SalesFactor::new(Decimal::new(15, 1)).unwrap();
            let rate = Demand::Rate { sold: same(v[0]), sold_days: same(v[1]), lead_days: same(v[2]), review_days: same(v[3]) };
            let multiple = Demand::SalesMultiple { previous_stock: same(v[0]), received: same(v[1]), factor };
            for (demand, safety) in [
                (rate, Safety::Days(same(v[4]))),
                (multiple, Safety::Thousandths(same(v[4]))),
                (Demand::Target(same(v[0])), Safety::Pieces(same(v[4]))),
            ] {
                let columns = OrderColumns {
                    safety, backorder: same(v[5]), promotion: same(v[6]), unusable: same(v[7]), in_transit: same(v[8]),
                    case_pack: same(v[9]), minimum: same(v[10]), order_cap: same(v[11]),
                    ..OrderColumns::new(core::slice::from_ref(&v[3]), demand)
                };
                if let Ok(lines) = suggest_all(&columns, &OrderOptions::default()) {
                    prop_assert_eq!(lines[0].reasons().map(|reason| reason.quantity).sum::<i64>(), lines[0].quantity());
                }
            }
        }
    }
}

#[test]
fn the_largest_cells_fit() {
    let most = Column::Same(limits::MAX_PIECES);
    let days = Column::Same(limits::MAX_DAYS);
    let factor = SalesFactor::new(Decimal::new(999_999, 4)).unwrap();
    let rate = Demand::Rate { sold: most, sold_days: Column::Same(1), lead_days: days, review_days: days };
    let multiple = Demand::SalesMultiple { previous_stock: most, received: most, factor };
    for (demand, safety) in [(rate, Safety::Days(days)), (multiple, Safety::Pieces(most))] {
        let columns = OrderColumns {
            safety,
            backorder: most,
            promotion: most,
            case_pack: Column::Same(limits::MAX_CASE_PIECES),
            minimum: most,
            ..OrderColumns::new(&[0], demand)
        };
        let lines = suggest_all(&columns, &OrderOptions::default()).unwrap();
        assert!(lines[0].quantity() > limits::MAX_PIECES);
        assert_eq!(lines[0].reasons().map(|reason| reason.quantity).sum::<i64>(), lines[0].quantity());
    }
}

#[test]
fn the_two_languages_say_the_same() {
    let request = OrderRequest {
        safety: SafetyOf::Thousandths(500),
        unusable: 3,
        order_cap: Limit::Pieces(20),
        ..OrderRequest::new(
            SkuId::new("A").unwrap(),
            StoreId::new("S").unwrap(),
            10,
            DemandOf::Rate { sold: 13, sold_days: 2, lead_days: 2, review_days: 5 },
            CasePack::new(12).unwrap(),
        )
    };
    let order = suggest(&request, &OrderOptions::default()).unwrap();
    assert_eq!(
        order.explain(Language::En),
        "order 12 pieces = demand over lead time and review interval +45, stock on hand −10, unusable stock +3, \
         up to a whole piece +1, to whole cases +9, order cap −36; cut by a cap, 27 pieces unmet"
    );
    assert_eq!(
        order.explain(Language::Zh),
        "建议订货12件 = 提前期与订货周期需求 +45,现有库存 −10,不可售库存 +3,补足整件 +1,凑整箱 +9,订货上限 −36;受上限削减,未满足27件"
    );
    assert_eq!(order.line().basis(), Basis::Rate);
}
