//! Golden cases: every row of every file under `tests/golden` is run.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use endcap_inventory::*;
use endcap_types::{CasePack, Exact, SkuId, StoreId};
use rust_decimal::Decimal;

pub(crate) type Row = BTreeMap<String, String>;

/// Rows of a file whose cells hold no comma.
pub(crate) fn rows(text: &str) -> Vec<Row> {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            assert_eq!(cells.len(), header.len(), "{line}");
            assert!(!cells.last().unwrap().is_empty(), "no source: {line}");
            header.iter().map(|h| (*h).to_owned()).zip(cells.iter().map(|c| (*c).to_owned())).collect()
        })
        .collect()
}

pub(crate) fn list(text: &str) -> Vec<&str> {
    text.split(';').filter(|part| !part.is_empty()).collect()
}

pub(crate) fn dec(text: &str) -> Decimal {
    text.parse().unwrap_or_else(|_| panic!("not a decimal: {text}"))
}

/// `5/3`, `2.5` or `7`, exactly.
pub(crate) fn exact(text: &str) -> Exact {
    if text.contains('/') { text.parse().unwrap() } else { Exact::from_decimal(dec(text)) }
}

pub(crate) fn float(text: &str) -> f64 {
    text.parse().unwrap()
}

/// The value in hundredths, which every row of the roll-forward file fits.
fn hundredths(text: &str) -> i64 {
    let value = dec(text) * Decimal::ONE_HUNDRED;
    assert!(value.is_integer());
    i64::try_from(value).unwrap()
}

#[test]
fn roll_forward_rows() {
    let rows = rows(include_str!("../golden/roll_forward.csv"));
    assert_eq!(rows.len(), 6);
    for row in rows {
        let flows = Flows {
            receipts: hundredths(&row["receipts"]),
            transfers_in: hundredths(&row["transfers_in"]),
            customer_returns: hundredths(&row["customer_returns"]),
            sales: hundredths(&row["sales"]),
            supplier_returns: hundredths(&row["returns_to_supplier"]),
            transfers_out: hundredths(&row["transfers_out"]),
            scrap: hundredths(&row["scrap"]),
            adjustment: hundredths(&row["adjustment"]),
        };
        let optional = |name: &str| (!row[name].is_empty()).then(|| hundredths(&row[name]));
        let line = roll_forward(hundredths(&row["opening"]), &flows, optional("counted")).unwrap();
        assert_eq!(line.closing(), hundredths(&row["expected_closing"]), "{}", row["case"]);
        assert_eq!(line.variance(), optional("expected_variance"), "{}", row["case"]);
    }
}

#[test]
fn days_of_supply_rows() {
    let rows = rows(include_str!("../golden/days_of_supply.csv"));
    assert_eq!(rows.len(), 7);
    for row in rows {
        let forecast: Vec<Decimal> = list(&row["daily_forecast"]).into_iter().map(dec).collect();
        let cover = cover_forward(dec(&row["on_hand"]), &forecast).unwrap();
        match row["expected_days"].as_str() {
            "beyond_horizon" => {
                assert!(matches!(cover, Cover::BeyondHorizon { .. }), "{}: {cover:?}", row["case"]);
            }
            days => assert_eq!(cover, Cover::Days(exact(days)), "{}", row["case"]),
        }
    }
}

#[test]
fn safety_stock_rows() {
    let rows = rows(include_str!("../golden/safety_stock.csv"));
    assert_eq!(rows.len(), 8);
    for row in rows {
        let risk = DemandRisk {
            daily_mean: float(&row["daily_mean"]),
            daily_sd: float(&row["daily_sd"]),
            lead_days: float(&row["lead_time"]),
            lead_sd_days: float(&row["lead_time_sd"]),
            review_days: float(&row["review_period"]),
        };
        let target = float(&row["target_value"]);
        let goal = match row["target"].as_str() {
            "cycle" => ServiceGoal::Cycle(target),
            "fill_rate_first_order" => {
                ServiceGoal::FillFirstOrder { fill: target, order_quantity: float(&row["order_quantity"]) }
            }
            other => panic!("unknown target {other}"),
        };
        let stock = safety_stock(&risk, &goal).unwrap();
        // The file gives 13 significant digits, or fewer where its figures stop at the ninth decimal.
        for (ours, name) in [
            (stock.sigma(), "expected_sigma"),
            (stock.z(), "expected_z"),
            (stock.pieces(), "expected_safety_stock"),
        ] {
            let theirs = float(&row[name]);
            assert!((ours - theirs).abs() <= 6e-11 * theirs.abs().max(1.0), "{} {name}: {ours}", row["case"]);
        }
        let level = risk.daily_mean * (risk.lead_days + risk.review_days) + stock.pieces();
        assert!((stock.level() - level).abs() < 1e-9);
    }
}

#[test]
fn normal_rows() {
    let rows = rows(include_str!("../golden/normal.csv"));
    assert_eq!(rows.len(), 41);
    for row in rows {
        let (x, first) = (float(&row["argument"]), float(&row["expected_1"]));
        let close = |ours: f64, theirs: f64, relative: f64| {
            assert!((ours / theirs - 1.0).abs() < relative, "{}: {ours:e} against {theirs:e}", row["case"]);
        };
        match row["kind"].as_str() {
            "quantile" => close(normal_quantile(x).unwrap(), first, 1e-14),
            _ => {
                close(normal_upper_tail(x), first, 1e-13);
                close(normal_cdf(-x), first, 1e-13);
                // φ − zQ cancels z² times over.
                close(normal_loss(x), float(&row["expected_2"]), 1e-13 * (1.0 + x * x));
            }
        }
    }
}

#[test]
fn abc_xyz_rows() {
    let rows = rows(include_str!("../golden/abc_xyz.csv"));
    assert_eq!(rows.len(), 10);
    for row in rows {
        let cuts = Cuts::new(dec(&row["limit_1"]), dec(&row["limit_2"])).unwrap();
        match row["kind"].as_str() {
            "abc" => {
                let items: Vec<(&str, Decimal)> = list(&row["values"])
                    .into_iter()
                    .map(|part| part.split_once(':').map(|(id, value)| (id, dec(value))).unwrap())
                    .collect();
                let classes = abc_classes(&items, &cuts).unwrap();
                let ours: Vec<String> =
                    items.iter().zip(&classes).map(|((id, _), class)| format!("{id}:{class:?}")).collect();
                assert_eq!(ours.join(";"), row["expected_classes"], "{}", row["case"]);
            }
            _ => {
                let demand: Vec<Decimal> = list(&row["values"]).into_iter().map(dec).collect();
                let class = xyz_class(&demand, &cuts).unwrap();
                assert_eq!(format!("{class:?}"), row["expected_classes"], "{}", row["case"]);
            }
        }
    }
}

#[test]
fn fefo_rows() {
    let rows = rows(include_str!("../golden/fefo.csv"));
    assert_eq!(rows.len(), 7);
    for row in rows {
        let batches: Vec<Batch> = list(&row["batches"])
            .into_iter()
            .map(|part| {
                let cells: Vec<&str> = part.split(':').collect();
                Batch {
                    lot: cells[0].to_owned(),
                    expires_on: cells[1].parse().unwrap(),
                    quantity: cells[2].parse().unwrap(),
                }
            })
            .collect();
        let request = FefoRequest {
            as_of: row["as_of"].parse().unwrap(),
            min_remaining_days: row["min_remaining_days"].parse().unwrap(),
            quantity: row["quantity"].parse().unwrap(),
        };
        let plan = fefo(&batches, &request).unwrap();
        let picks: Vec<String> = plan.picks().iter().map(|p| format!("{}:{}", p.lot, p.quantity)).collect();
        assert_eq!(picks.join(";"), row["expected_picks"], "{}", row["case"]);
        assert_eq!(plan.short().to_string(), row["expected_short"], "{}", row["case"]);
        assert_eq!(plan.rejected_lots().join(";"), row["expected_rejected_lots"], "{}", row["case"]);
    }
}

#[test]
fn usable_stock_rows() {
    let rows = rows(include_str!("../golden/usable_stock.csv"));
    assert_eq!(rows.len(), 6);
    for row in rows {
        let lots: Vec<SellingLot> = list(&row["batches"])
            .into_iter()
            .map(|part| {
                let cells: Vec<&str> = part.split(':').collect();
                SellingLot {
                    lot: cells[0].to_owned(),
                    days_left: cells[1].parse().unwrap(),
                    quantity: dec(cells[2]),
                }
            })
            .collect();
        let stock = usable_stock(&lots, dec(&row["daily_rate"])).unwrap();
        assert_eq!(*stock.usable(), exact(&row["expected_usable"]), "{}", row["case"]);
        assert_eq!(*stock.waste(), exact(&row["expected_waste"]), "{}", row["case"]);
        let expected: Vec<(String, Exact)> = list(&row["expected_waste_by_lot"])
            .into_iter()
            .map(|part| part.split_once(':').map(|(lot, waste)| (lot.to_owned(), exact(waste))).unwrap())
            .collect();
        assert_eq!(stock.waste_by_lot(), expected, "{}", row["case"]);
    }
}

fn table(name: &str) -> BandTable {
    if name.starts_with("common") { BandTable::common() } else { BandTable::variant() }
}

#[test]
fn near_expiry_band_rows() {
    let rows = rows(include_str!("../golden/near_expiry_bands.csv"));
    assert_eq!(rows.len(), 12);
    for row in rows {
        let table = table(&row["table"]);
        let threshold: i64 = row["near_expiry_days"].parse().unwrap();
        let shortest: i64 = row["min_life_days"].parse().unwrap();
        let longest: i64 = row["max_life_days"].parse().unwrap_or(shortest + 3650);
        for life in [shortest, (shortest + longest) / 2, longest] {
            assert_eq!(table.threshold_days(life).unwrap(), threshold, "{} at {life}", row["table"]);
        }
    }
}

#[test]
fn near_expiry_status_rows() {
    let rows = rows(include_str!("../golden/near_expiry_status.csv"));
    assert_eq!(rows.len(), 10);
    for row in rows {
        let day = |name: &str| row[name].parse::<NaiveDate>().unwrap();
        let state =
            expiry_on(day("manufactured"), day("expires"), day("as_of"), &table(&row["table"])).unwrap();
        let expected = |name: &str| row[name].parse::<i64>().unwrap();
        assert_eq!(state.life_days, expected("expected_life_days"), "{}", row["case"]);
        assert_eq!(state.remaining_days, expected("expected_remaining_days"), "{}", row["case"]);
        assert_eq!(state.threshold_days, expected("expected_threshold_days"), "{}", row["case"]);
        let status = match state.status {
            ExpiryStatus::Normal => "normal",
            ExpiryStatus::NearExpiry => "near_expiry",
            ExpiryStatus::Expired => "expired",
        };
        assert_eq!(status, row["expected_status"], "{}", row["case"]);
    }
}

fn request(on_hand: i64, demand: DemandOf, case_pack: &str) -> OrderRequest {
    let pack = CasePack::new(case_pack.parse().unwrap()).unwrap();
    OrderRequest::new(SkuId::new("SKU").unwrap(), StoreId::new("STORE").unwrap(), on_hand, demand, pack)
}

#[test]
fn suggested_order_rows() {
    let rows = rows(include_str!("../golden/suggested_order.csv"));
    assert_eq!(rows.len(), 12);
    for row in rows {
        let whole = |name: &str| row[name].parse::<i64>().unwrap();
        let demand = match row["rule"].as_str() {
            "sales_multiple" => DemandOf::SalesMultiple {
                previous_stock: whole("previous_stock"),
                received: whole("received"),
                factor: SalesFactor::new(dec(&row["multiple"])).unwrap(),
            },
            // A rate with one decimal is so many pieces in ten days.
            _ => DemandOf::Rate {
                sold: i64::try_from(dec(&row["daily_rate"]) * Decimal::TEN).unwrap(),
                sold_days: 10,
                lead_days: 0,
                review_days: row["cover_days"].parse().unwrap(),
            },
        };
        let request = OrderRequest {
            safety: SafetyOf::Thousandths(
                i64::try_from(dec(&row["safety"]) * Decimal::ONE_THOUSAND).unwrap(),
            ),
            backorder: whole("backorders"),
            unusable: whole("unusable"),
            in_transit: whole("in_transit"),
            minimum: whole("minimum_order"),
            order_cap: row["cap"].parse().map_or(Limit::None, Limit::Pieces),
            ..request(whole("on_hand"), demand, &row["case_pack"])
        };
        let order = suggest(&request, &OrderOptions::default()).unwrap();
        let case = &row["case"];
        assert_eq!(order.quantity(), whole("expected_quantity"), "{case}");
        assert_eq!(
            order.reasons().iter().map(|reason| reason.quantity).sum::<i64>(),
            order.quantity(),
            "{case}"
        );

        let ours = |kind| order.line().reason(kind);
        for (kind, name) in [
            (ReasonKind::Backorder, "step_backorders"),
            (ReasonKind::OnHand, "step_on_hand"),
            (ReasonKind::Unusable, "step_unusable"),
            (ReasonKind::InTransit, "step_in_transit"),
            (ReasonKind::Floor, "step_floor"),
            (ReasonKind::Minimum, "step_minimum"),
            (ReasonKind::OrderCap, "step_cap"),
        ] {
            assert_eq!(ours(kind), whole(name), "{case} {name}");
        }
        // The file keeps fractions of demand and safety stock and closes them in the case step;
        // here the terms are whole pieces and a term of its own closes the fractions.
        let cover = ours(ReasonKind::Cover) + ours(ReasonKind::SalesMultiple);
        assert_eq!(Decimal::from(cover), dec(&row["step_cover"]).floor(), "{case}");
        assert_eq!(Decimal::from(ours(ReasonKind::Safety)), dec(&row["step_safety"]).floor(), "{case}");
        let closing =
            cover + ours(ReasonKind::Safety) + ours(ReasonKind::WholePiece) + ours(ReasonKind::CaseRound);
        let theirs = dec(&row["step_cover"]) + dec(&row["step_safety"]) + dec(&row["step_case_round"]);
        assert_eq!(Decimal::from(closing), theirs, "{case}");
    }
}

#[test]
fn order_up_to_rows() {
    let rows = rows(include_str!("../golden/order_up_to.csv"));
    assert_eq!(rows.len(), 8);
    for row in rows {
        let whole = |name: &str| row[name].parse::<i64>().unwrap();
        let request = OrderRequest {
            in_transit: whole("in_transit"),
            backorder: whole("backorder"),
            minimum: whole("moq"),
            order_cap: row["shelf_life_cap"].parse().map_or(Limit::None, Limit::Pieces),
            ..request(whole("on_hand"), DemandOf::Target(whole("target")), &row["case_size"])
        };
        let order = suggest(&request, &OrderOptions::default()).unwrap();
        let case = &row["case"];
        assert_eq!(order.quantity(), whole("expected_order_quantity"), "{case}");
        // The need is what the reasons come to before cases, minimum and caps.
        let need: i64 = order
            .reasons()
            .iter()
            .filter(|reason| reason.kind <= ReasonKind::Floor)
            .map(|reason| reason.quantity)
            .sum();
        assert_eq!(need, whole("expected_raw_need"), "{case}");
        let status = match order.line().outcome() {
            Outcome::Ordered | Outcome::NothingNeeded => "ok",
            Outcome::Capped => "capped",
            Outcome::CapBelowMinimum => "cap_below_moq",
            other => panic!("{case}: {other:?}"),
        };
        assert_eq!(status, row["expected_status"], "{case}");
    }
}
