//! Rows of the commission file about the till and the rent: each by its own function and, where a contract can say the
//! same, through a statement.

use std::collections::BTreeMap;

use endcap_settlement::*;
use endcap_types::*;

use crate::support::*;

type Pairs = BTreeMap<String, String>;

fn percent_rate(text: &str) -> Rate {
    Rate::percent(decimal(text)).unwrap()
}

fn one_sale(amount: Money) -> Vec<Sale> {
    let mut sold = sale("S", "2025-01-10", "A1", 1, "0");
    sold.amount = amount;
    vec![sold]
}

fn settled(method: TurnoverDeduction, sales: &[Sale]) -> Statement {
    let contract = Contract::new(terms(Method::TurnoverDeduction(method))).unwrap();
    settle(&contract, &Facts { sales, ..Facts::default() }, period("2025-01"), &[]).unwrap()
}

/// Every named money of a row.
fn matches(case: &str, expected: &Pairs, told: &[(&str, Money)]) {
    let told: Pairs =
        told.iter().map(|(name, money)| ((*name).to_owned(), money.to_amount_string())).collect();
    assert_eq!(&told, expected, "{case}");
}

pub(crate) fn percentage_rent(case: &str, given: &Pairs, expected: &Pairs) {
    let rent = PercentageRent {
        base_rent: money(&given["base_rent"]),
        rate: percent_rate(&given["rate_pct"]),
        breakpoint: match given["breakpoint"].as_str() {
            "natural" => Breakpoint::Natural,
            figure => Breakpoint::At(money(figure)),
        },
    };
    let due = rent.due(money(&given["sales"]), &Rounding::HALF_AWAY).unwrap();
    let breakpoint = due.breakpoint.round(&Rounding::HALF_AWAY).unwrap();
    matches(case, expected, &[("breakpoint", breakpoint), ("overage", due.overage), ("total", due.total)]);
    // The same as rent and marginal bands.
    let bands = [Tier::rate(0.into(), rate("0%")), Tier::rate(breakpoint.to_decimal().unwrap(), rent.rate)];
    let mut method = TurnoverDeduction::at(rate("0%"));
    method.tiers = Some(CommissionTiers {
        method: TierMethod::Marginal,
        table: TierTable::new(bands, Boundary::ReachedAt).unwrap(),
    });
    let base_rent = rent.base_rent.to_decimal().unwrap();
    method.occupancy = Some(Occupancy { rent: base_rent, mode: OccupancyMode::Sum });
    let statement = settled(method, &one_sale(money(&given["sales"])));
    assert_eq!(statement.totals().invoice_deduct, due.total, "{case}");
}

pub(crate) fn turnover_base(case: &str, given: &Pairs, expected: &Pairs) {
    let till = TillMoney {
        tag: money(&given["tag"]),
        discount: money(&given["discount"]),
        voucher_void: money(&given["voucher_void"]),
        points: money(&given["points"]),
    };
    let base = match given["base"].as_str() {
        "gross_tag" => TurnoverBase::GrossTag,
        "received" => TurnoverBase::Received,
        "received_less_voucher_void" => TurnoverBase::ReceivedLessVoucherVoid,
        "received_less_points" => TurnoverBase::ReceivedLessPoints,
        other => panic!("{other}"),
    };
    let amount = till.base(base).unwrap();
    let statement = settled(TurnoverDeduction::at(percent_rate(&given["rate_pct"])), &one_sale(amount));
    let commission = statement.lines_of(LineKind::Commission).next().unwrap().amount;
    matches(case, expected, &[("base_amount", statement.totals().goods), ("commission", commission)]);
}

pub(crate) fn burden(case: &str, given: &Pairs, expected: &Pairs) {
    let discount =
        SharedDiscount { amount: money(&given["discount"]), supplier: percent_rate(&given["supplier_pct"]) };
    let on = match given["mode"].as_str() {
        "contract_rate_on_tag" => CommissionOn::Tag,
        "rate_on_received" => CommissionOn::Received,
        other => panic!("{other}"),
    };
    let commission = (percent_rate(&given["rate_pct"]), on);
    let split = share_discounts(money(&given["tag"]), &[discount], commission, &Rounding::HALF_AWAY).unwrap();
    let told = [
        ("commission", split.commission),
        ("retailer_bears", split.retailer_bears),
        ("supplier_net", split.supplier_net),
    ];
    matches(case, expected, &told);
}

/// `key:value|key:value`.
fn by_key(text: &str) -> Pairs {
    text.split('|')
        .map(|part| part.split_once(':').unwrap())
        .map(|(k, v)| (k.to_owned(), v.to_owned()))
        .collect()
}

pub(crate) fn tender_rate(case: &str, given: &Pairs, expected: &Pairs) {
    let by = by_key(&given["rates"]).into_iter().map(|(tender, text)| (tender, percent_rate(&text)));
    let rates = TenderRates { default: rate("99%"), by: by.collect() };
    let sales = by_key(&given["sales"]).into_iter().map(|(tender, text)| (tender, money(&text))).collect();
    let charged = rates.commission(&sales, &Rounding::HALF_AWAY).unwrap();
    let told: Pairs =
        charged.iter().map(|(tender, money)| (tender.clone(), money.to_amount_string())).collect();
    assert_eq!(told, by_key(&expected["commission"]), "{case}");
    let total = Money::sum(charged.into_values(), Currency::CNY).unwrap();
    assert_eq!(total, money(&expected["total"]), "{case}");
    // A tender without a rate of its own has the default.
    let other = BTreeMap::from([("points".to_owned(), money("100"))]);
    assert_eq!(rates.commission(&other, &Rounding::HALF_AWAY).unwrap()["points"], money("99.00"));
}
