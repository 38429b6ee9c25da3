//! Golden cases: figures worked out by hand or published, one CSV a topic, each row with its source.

use std::collections::BTreeMap;

use endcap_promo::commitment::{self, CouponDrop, Prize};
use endcap_promo::kpi::{self, Composition, EfficiencyFlag};
use endcap_promo::{
    Baseline, BridgeInput, DecisionRule, Estimate, EvidenceGap, FundedEvent, FundingAmount, FundingBasis,
    FundingVolume, Gate, Measure, NetLiftInput, NotEvaluable, Party, Shortfall, Verdict, baseline,
    break_even, bridge, net_lift, verdict,
};
use endcap_types::{Currency, Exact, Money, PromotionId, Rate, Rounding};

use crate::support::{dec, exact, int, line};

pub(crate) type Row = BTreeMap<&'static str, &'static str>;

/// Rows of a CSV whose fields hold no comma.
pub(crate) fn rows(csv: &'static str) -> Vec<Row> {
    let mut lines = csv.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    lines
        .map(|line| {
            let fields: Vec<&str> = line.split(',').collect();
            assert_eq!(fields.len(), header.len(), "{line}");
            header.iter().copied().zip(fields).collect()
        })
        .collect()
}

/// `a=1;b=2` as a map; a missing key reads as zero.
struct Inputs(BTreeMap<&'static str, &'static str>);

impl Inputs {
    fn of(row: &Row) -> Self {
        Self(row["inputs"].split(';').filter_map(|pair| pair.split_once('=')).collect())
    }

    fn get(&self, key: &str) -> Exact {
        self.0.get(key).map_or(Exact::ZERO, |text| exact(text))
    }

    fn minor(&self, key: &str) -> Exact {
        self.get(key).mul(&int(100)).unwrap()
    }

    fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    fn rate(&self, key: &str) -> Rate {
        rate(self.0[key])
    }
}

/// A fraction such as `0.42` as a rate.
fn rate(fraction: &str) -> Rate {
    Rate::percent(dec(fraction).checked_mul(100.into()).unwrap()).unwrap()
}

/// Compares a measure with `never`, `undefined` or a number within the tolerance of the row.
fn agree(row: &Row, got: &Measure) {
    match (row["expected"], got) {
        ("never", Measure::Never) | ("undefined", Measure::Undefined(_)) => {}
        (number, Measure::Value(value)) => {
            let miss = value.sub(&exact(number)).unwrap().abs();
            assert!(miss <= exact(row["tolerance"]), "{row:?}: got {value}, off by {miss}");
        }
        _ => panic!("{row:?}: got {got:?}"),
    }
}

#[test]
fn baseline_cases() {
    let series = rows(include_str!("../golden/weekly_series.csv"));
    let units: Vec<f64> = series.iter().map(|row| row["units"].parse().unwrap_or(0.0)).collect();
    let known: Vec<bool> = series.iter().map(|row| !row["units"].is_empty()).collect();
    let clean: Vec<bool> = series.iter().map(|row| row["mark"] == "clean").collect();
    let window = [59, 60]; // weeks 60 and 61
    let alpha = "30%".parse().unwrap();
    let method = |case: &str| match case {
        "trailing_mean_8" | "trailing_mean_8_unmasked" => Some(Baseline::TrailingMean { weeks: 8 }),
        "trailing_median_8" => Some(Baseline::TrailingMedian { weeks: 8 }),
        "trimmed_mean_10" => Some(Baseline::TrimmedMean { weeks: 10, trim: "20%".parse().unwrap() }),
        "pre_post_4" => Some(Baseline::PrePostMean { weeks: 4 }),
        "linear_trend_13" => Some(Baseline::LinearTrend { weeks: 13 }),
        "ses_03" => Some(Baseline::ExponentialSmoothing { alpha }),
        _ => None,
    };
    let admissible = [
        "trailing_mean_8",
        "trailing_median_8",
        "trimmed_mean_10",
        "pre_post_4",
        "linear_trend_13",
        "ses_03",
    ];
    let event_lift = |case: &str| {
        let base: f64 =
            baseline::expected(&method(case).unwrap(), &units, &clean, &window).unwrap().iter().sum();
        (units[59] + units[60]) / base - 1.0
    };
    let lifts: Vec<f64> = admissible.into_iter().map(event_lift).collect();
    let golden = rows(include_str!("../golden/baseline.csv"));
    assert_eq!(golden.len(), 26);
    for row in &golden {
        let near = |key: &str, got: f64| {
            let (want, tolerance): (f64, f64) =
                (row[key].parse().unwrap(), row["tolerance"].parse().unwrap());
            assert!((got - want).abs() <= tolerance, "{row:?}: {key} is {got}");
        };
        match row["case"] {
            "sensitivity_min" => near("lift", lifts.iter().copied().fold(f64::INFINITY, f64::min)),
            "sensitivity_max" => near("lift", lifts.iter().copied().fold(f64::NEG_INFINITY, f64::max)),
            case => {
                let base = if case == "year_ago" {
                    let year_ago = baseline::year_ago(&units, &clean, &known, &window, 52).unwrap();
                    assert_eq!(year_ago.not_clean, [7, 8]); // last year's weeks were on promotion
                    year_ago.expected
                } else {
                    let mask = if case == "trailing_mean_8_unmasked" { &known } else { &clean };
                    baseline::expected(&method(case).unwrap(), &units, mask, &window).unwrap()
                };
                let (base, actual) = match row["week"] {
                    "60" => (base[0], units[59]),
                    "61" => (base[1], units[60]),
                    _ => (base.iter().sum(), units[59] + units[60]),
                };
                near("expected", base);
                near("incremental", actual - base);
                near("lift", actual / base - 1.0);
            }
        }
    }
}

#[test]
fn break_even_cases() {
    let golden = rows(include_str!("../golden/break_even.csv"));
    assert_eq!(golden.len(), 37);
    for row in &golden {
        let inputs = Inputs::of(row);
        let got = match row["form"] {
            "margin_ratio" => {
                break_even::of_price_change(&inputs.rate("contribution_margin"), &inputs.rate("price_change"))
                    .unwrap()
            }
            "fixed_cost" => break_even::of_fixed_cost(
                &inputs.get("price"),
                &inputs.get("unit_cost"),
                &inputs.get("fixed_cost"),
            )
            .unwrap(),
            _ => {
                let point = break_even::of_funding(&FundedEvent {
                    base_units: inputs.get("base_units"),
                    unit_contribution: inputs.get("unit_contribution"),
                    unit_funding: inputs.get("unit_funding"),
                    fixed_spend: inputs.get("fixed_spend"),
                    pull_forward_share: inputs.get("pull_forward_share"),
                    cannibalised_share: inputs.get("cannibalised_share"),
                    cannibalised_unit_contribution: inputs.get("cannibalised_unit_contribution"),
                })
                .unwrap();
                match row["quantity"] {
                    "break_even_lift" => point.lift,
                    "break_even_incremental_units" => point.incremental_units,
                    _ => point.units,
                }
            }
        };
        if row["quantity"] == "break_even_whole_units" {
            assert_eq!(got.ceiling().unwrap().to_string(), row["expected"], "{row:?}");
        } else {
            agree(row, &got);
        }
    }
}

#[test]
fn kpi_cases() {
    let golden = rows(include_str!("../golden/kpi.csv"));
    assert_eq!(golden.len(), 29);
    for row in &golden {
        let i = Inputs::of(row);
        let efficiency = || kpi::efficiency(&i.get("incremental"), &i.get("promoted_volume")).unwrap();
        let units = i.get("incremental_units");
        let margin = units.mul(&i.get("unit_gross_margin")).unwrap();
        let returns = kpi::return_on_spend(&margin, &i.get("spend"), &units).unwrap();
        let composed = |how| {
            let lifts: Vec<Rate> = i.0["lifts"].split('|').map(rate).collect();
            Measure::Value(kpi::composed_volume(&i.get("base"), &lifts, how).unwrap())
        };
        let bonus = |k: &Exact| kpi::bonus_pack_lift(&i.get("packs_sold"), k, &i.get("base_packs")).unwrap();
        let coupons = || {
            commitment::coupons(&CouponDrop {
                distributed: i.0["distributed"].parse().unwrap(),
                redemption: i.rate("redemption_rate"),
                misredemption: i.rate("misredemption_rate"),
                face: i.get("face"),
                handling: i.get("handling"),
            })
            .unwrap()
        };
        let got = match (row["case"], row["quantity"]) {
            ("prize_cap", "flag") => {
                assert_eq!(row["expected"], "PrizeAboveLegalCap");
                let prize = Prize { count: 1, value: i.get("max_single_prize") };
                assert_eq!(commitment::prize_pool(&[prize], &i.get("cap")).unwrap().above_cap, [0]);
                continue;
            }
            ("rebate_claims", _) => Measure::Value(
                commitment::rebate(&i.get("units"), &i.get("rebate"), &i.rate("claim_rate")).unwrap(),
            ),
            _ => Measure::Never,
        };
        let got = match row["quantity"] {
            _ if got != Measure::Never => got,
            "expected_redemptions" => Measure::Value(coupons().redemptions),
            "expected_cost" => Measure::Value(coupons().cost),
            "expected_valid_uses" => Measure::Value(coupons().valid_uses),
            "liability" => {
                let points = i.0["points"].parse().unwrap();
                let liability =
                    commitment::points_liability(points, &i.get("value_per_point"), &i.rate("breakage"));
                Measure::Value(liability.unwrap())
            }
            "pool_cost" => {
                let prizes: Vec<Prize> = i.0["prizes"]
                    .split('|')
                    .map(|text| text.split_once('x').unwrap())
                    .map(|(count, value)| Prize { count: count.parse().unwrap(), value: exact(value) })
                    .collect();
                let pool = commitment::prize_pool(&prizes, &int(50_000)).unwrap();
                assert!(pool.above_cap.is_empty());
                Measure::Value(pool.cost)
            }
            "lift" => kpi::lift(&i.get("incremental"), &i.get("base")).unwrap(),
            "efficiency" => efficiency().efficiency,
            "subsidised_base_share" => efficiency().subsidised_base_share,
            "flag" => {
                assert_eq!(row["expected"], "EfficiencyAboveOne");
                assert_eq!(efficiency().flag, EfficiencyFlag::EfficiencyAboveOne);
                continue;
            }
            "cost_per_incremental_unit" => returns.cost_per_incremental_unit,
            "net_per_incremental_unit" => returns.net_per_incremental_unit,
            "net_profit" => Measure::Value(returns.net_profit),
            "roi_gross" => returns.roi_gross,
            "roi_net" => returns.roi_net,
            "pass_through" => {
                kpi::pass_through(&i.get("retail_cut_per_unit"), &i.get("allowance_per_unit")).unwrap()
            }
            "total_multiplicative" => composed(Composition::Multiplicative),
            "total_additive" => composed(Composition::Additive),
            "lift_in_packs" => bonus(&Exact::ONE),
            "lift_in_content" => bonus(&i.get("content_multiplier")),
            "gmroi" => kpi::gmroi(&i.get("gross_margin"), &i.get("average_inventory_cost")).unwrap(),
            other => panic!("no such quantity: {other}"),
        };
        agree(row, &got);
    }
}

#[test]
fn net_lift_cases() {
    let golden = rows(include_str!("../golden/net_lift.csv"));
    assert_eq!(golden.len(), 43);
    for row in &golden {
        let i = Inputs::of(row);
        let net = net_lift::net(&NetLiftInput {
            base: i.get("base"),
            actual: i.get("actual"),
            post_base: i.get("post_base"),
            post_actual: i.get("post_actual"),
            pre_base: i.get("pre_base"),
            pre_actual: i.get("pre_actual"),
            cannibalised_units: i.get("cannibalised_units"),
            halo_units: i.get("halo_units"),
            // Without margins the file counts every unit as 1.
            margin_own: if i.has("margin_own") { i.get("margin_own") } else { Exact::ONE },
            margin_cannibalised: i.get("margin_cannibalised"),
            margin_halo: i.get("margin_halo"),
        })
        .unwrap();
        let got = match row["quantity"] {
            "gross_incremental" => Measure::Value(net.gross_incremental),
            "post_dip" => Measure::Value(net.post_dip),
            "pre_dip" => Measure::Value(net.pre_dip),
            "net_incremental_own_item" => Measure::Value(net.net_incremental),
            "net_incremental_margin" => Measure::Value(net.net_incremental_margin),
            "pull_forward_share" => net.pull_forward_share,
            "retailer_forward_buy" => Measure::Value(
                net_lift::forward_buy(&i.get("sell_in"), &i.get("actual"), &i.get("stock_change_planned"))
                    .unwrap(),
            ),
            other => panic!("no such quantity: {other}"),
        };
        agree(row, &got);
    }
}

/// The funding lines of a money-bridge row and what they come to.
fn funding(i: &Inputs) -> Vec<FundingAmount> {
    let per_unit = |key: &str| i.0.get(key).map_or_else(|| dec("0"), |text| dec(text));
    let free: u32 = i.0.get("free_goods_units").map_or(0, |text| text.parse().unwrap());
    let lines = [
        line("off", FundingBasis::OffInvoice { per_unit: per_unit("off_invoice") }),
        line("scan", FundingBasis::ScanBack { per_unit: per_unit("scan_back") }),
        line("lump", FundingBasis::LumpSum { amount: per_unit("lump_fee") }),
        line("free", FundingBasis::FreeGoods { units: free }),
    ];
    let volume = FundingVolume {
        scanned: i.get("actual_units"),
        invoiced: i.get("sell_in_units"),
        supply_price_minor: i.minor("invoice_price"),
        shelf_price_minor: i.minor("shelf_promo"),
        currency: Currency::CNY,
        rounding: Rounding::HALF_AWAY,
    };
    let id: PromotionId = "gold".parse().unwrap();
    lines.iter().map(|line| line.amount(&id, &volume).unwrap()).collect()
}

#[test]
fn money_bridge_cases() {
    let golden = rows(include_str!("../golden/money_bridge.csv"));
    assert_eq!(golden.len(), 147);
    for row in &golden {
        let i = Inputs::of(row);
        let funding = funding(&i);
        let bridge = bridge::build(
            &BridgeInput {
                base_units: i.get("base_units"),
                actual_units: i.get("actual_units"),
                sell_in_units: i.get("sell_in_units"),
                dip_units: Exact::ZERO,
                supply_price: i.minor("invoice_price"),
                unit_cost: i.minor("unit_cost"),
                shelf_regular: i.minor("shelf_regular"),
                shelf_promo: i.minor("shelf_promo"),
                currency: Currency::CNY,
                rounding: Rounding::HALF_AWAY,
            },
            &funding,
        )
        .unwrap();
        let paid = |at: usize| funding[at].amount;
        let net = |party| bridge.net(party).unwrap();
        let got = match row["line"] {
            "consumer:price_saving" => bridge.shopper_saving,
            "consumer:of_which_to_base_buyers" => bridge.saving_of_base_buyers,
            "consumer:payment_change" => net(Party::Consumer).negated(),
            "funding:off_invoice" => paid(0),
            "funding:scan_back" => paid(1),
            "funding:lump" => paid(2),
            "funding:free_goods_at_invoice_value" => paid(3),
            "info:free_goods_at_supplier_cost" => bridge.free_goods_at_cost,
            "consumer_discount:supplier_funded" => bridge.saving_funded_by_supplier,
            "consumer_discount:retailer_funded" => bridge.saving_funded_by_retailer,
            "supplier:incremental_margin" => bridge.supplier_margin_change().unwrap(),
            "supplier:off_invoice_on_units_sold" => bridge.off_invoice_on_units_sold.negated(),
            "supplier:off_invoice_on_forward_buy" => bridge.off_invoice_on_forward_buy.negated(),
            "supplier:scan_back" => paid(1).negated(),
            "supplier:lump_fees" => paid(2).negated(),
            "supplier:free_goods_forgone_revenue" => paid(3).negated(),
            "supplier:net" => net(Party::Supplier),
            "retailer:front_margin_change" => bridge.front_margin_change().unwrap(),
            "retailer:back_margin_change" => bridge.funding().unwrap(),
            "retailer:net" => net(Party::Retailer),
            "check:supplier_plus_retailer" => {
                let both = net(Party::Supplier).checked_add(&net(Party::Retailer)).unwrap();
                let outside = net(Party::Consumer).checked_add(&net(Party::Production)).unwrap();
                assert_eq!(both, outside.negated());
                both
            }
            other => panic!("no such line: {other}"),
        };
        assert_eq!(got, Money::parse(row["expected"], Currency::CNY).unwrap(), "{row:?}");
    }
}

fn verdict_name(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Works => "works",
        Verdict::DoesNot { because: Shortfall::BelowZero } => "does_not:below_zero",
        Verdict::DoesNot { because: Shortfall::Immaterial } => "does_not:immaterial",
        Verdict::NotEnoughEvidence { because, .. } => match because {
            EvidenceGap::Underpowered => "not_enough:underpowered",
            EvidenceGap::PoorFit => "not_enough:poor_fit",
            EvidenceGap::NotEvaluable(NotEvaluable::OverlappingEvents) => "not_enough:overlapping_events",
            EvidenceGap::NotEvaluable(NotEvaluable::PrePeriodTooShort) => "not_enough:pre_period_too_short",
            EvidenceGap::NotEvaluable(NotEvaluable::NoControls) => "not_enough:no_controls",
            other => panic!("unexpected gap: {other:?}"),
        },
    }
}

#[test]
fn verdict_cases() {
    let golden = rows(include_str!("../golden/verdict.csv"));
    assert_eq!(golden.len(), 14);
    for row in &golden {
        let number = |key: &str| row[key].parse::<f64>().unwrap();
        let gate = match row["gate"] {
            "pass" => Gate::Pass,
            "poor_fit" => Gate::PoorFit,
            "overlapping_events" => Gate::NotEvaluable(NotEvaluable::OverlappingEvents),
            "pre_period_too_short" => Gate::NotEvaluable(NotEvaluable::PrePeriodTooShort),
            "no_controls" => Gate::NotEvaluable(NotEvaluable::NoControls),
            other => panic!("no such gate: {other}"),
        };
        let estimate =
            Estimate { point: number("point"), standard_error: number("se"), df: row["df"].parse().unwrap() };
        let rule = DecisionRule { alpha: number("alpha"), material_effect: number("material_effect") };
        let decision = verdict::decide(&estimate, &rule, gate).unwrap();
        assert_eq!(verdict_name(&decision.verdict), row["verdict"], "{row:?}");
        assert_eq!(decision.evidence.is_none(), row["low"].is_empty(), "{row:?}");
        let Some(evidence) = decision.evidence else { continue };
        let near = |key: &str, got: f64| {
            assert!((got - number(key)).abs() <= number("tolerance"), "{row:?}: {key} is {got}");
        };
        near("low", evidence.low);
        near("high", evidence.high);
        near("p", evidence.p_two_sided);
        near("detectable", evidence.detectable);
        match evidence.p_equivalence {
            Some(p) => near("p_equivalence", p),
            None => assert!(row["p_equivalence"].is_empty(), "{row:?}"),
        }
    }
}
