//! Published and agreed figures of receivables, discounts and accruals, row by row.

use std::collections::BTreeMap;

use endcap_calendar::{CashDiscount, DayCount, DiscountStep};
use endcap_settlement::accrual::{AccrualRule, Estimator};
use endcap_settlement::credit::*;
use endcap_settlement::discount::*;
use endcap_settlement::{Boundary, Tier, TierMethod, TierTable};
use endcap_types::*;

use crate::support::*;

type Row = BTreeMap<String, String>;

/// The rows of a golden file; every row names its source and has a name of its own.
fn rows(text: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<Row> = reader.deserialize().map(Result::unwrap).collect();
    assert!(rows.iter().all(|row| !row["source"].is_empty()));
    let names: std::collections::BTreeSet<&String> = rows.iter().map(|row| &row["case"]).collect();
    assert_eq!(names.len(), rows.len());
    rows
}

fn pairs(text: &str) -> Row {
    let pairs = text.split(';').map(|pair| pair.split_once('=').unwrap());
    pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
}

fn list(text: &str) -> Vec<&str> {
    if text.is_empty() { vec![] } else { text.split('|').collect() }
}

fn cents(value: &Exact) -> String {
    value.to_fixed(2, RoundingMode::HalfAwayFromZero)
}

fn percent_rate(text: &str) -> Rate {
    Rate::percent(decimal(text)).unwrap()
}

fn shown(amounts: &[Money]) -> String {
    amounts.iter().map(Money::to_amount_string).collect::<Vec<_>>().join("|")
}

fn exact(text: &str) -> Exact {
    text.parse().unwrap_or_else(|_| Exact::from_decimal(decimal(text)))
}

fn interest_rule(given: &Row) -> LateInterestRule {
    let steps = list(&given["rate_pct"]);
    let mut steps = steps.iter().map(|step| step.split_once(':').unwrap_or(("-", step)));
    let (start, initial) = steps.next().unwrap();
    assert_eq!(start, "-");
    let changes = steps.map(|(from, rate)| RateChange { from: day(from), rate: percent_rate(rate) });
    let basis = match given["basis"].as_str() {
        "act365" => InterestBasis::Yearly(DayCount::Act365F),
        "act360" => InterestBasis::Yearly(DayCount::Act360),
        "30e360" => InterestBasis::Yearly(DayCount::Thirty360E),
        "per_day_pct" => InterestBasis::PerDay,
        other => panic!("{other}"),
    };
    LateInterestRule::new(RateTable::new(percent_rate(initial), changes).unwrap(), basis)
}

fn interest(given: &Row) -> String {
    let item = LateItem::new(money(&given["principal"]), day(&given["due"]));
    let told = late_interest(&item, day(&given["paid"]), &interest_rule(given)).unwrap();
    format!("days={};interest={}", told.days_late, told.interest.to_amount_string())
}

fn compensation(given: &Row) -> String {
    let debt = Money::parse(&given["debt"], Currency::GBP).unwrap();
    let amount = CompensationTable::united_kingdom().unwrap().amount(debt).unwrap();
    format!("compensation={}", amount.to_amount_string())
}

fn dunning(given: &Row) -> String {
    let due = day("2026-01-01");
    let as_of = endcap_calendar::dates::add_days(due, given["days"].parse().unwrap()).unwrap();
    let level = DunningLevel { from_days: 1, fee: money(&given["fee"]), interest: DunningInterest::Charged };
    let rule = DunningRule::new([level], interest_rule(given)).unwrap();
    let told = rule.notice(&LateItem::new(money(&given["outstanding"]), due), as_of).unwrap();
    let [interest, charges, total] =
        [told.interest, told.charges, told.total].map(|amount| amount.to_amount_string());
    format!("interest={interest};dunning={charges};total={total}")
}

fn ecl(given: &Row) -> String {
    let rates = list(&given["loss_rates"]).into_iter().map(|rate| LossRate::new(exact(rate)).unwrap());
    let balances: Vec<Money> = list(&given["balances"]).into_iter().map(money).collect();
    let told = ProvisionMatrix::new(rates).unwrap().provide(&balances, &Rounding::HALF_AWAY).unwrap();
    format!("parts={};total={}", shown(&told.parts), told.total.to_amount_string())
}

fn roll_rates(given: &Row) -> String {
    let flow: Vec<Money> = list(&given["flow"]).into_iter().map(money).collect();
    let losses = RollRates::from_flow(&flow).unwrap().losses;
    let rates: Vec<String> = losses.rates().iter().map(|rate| rate.as_exact().to_string()).collect();
    format!("rates={}", rates.join("|"))
}

fn allocation(given: &Row) -> String {
    let items: Vec<OpenItem> = list(&given["items"])
        .into_iter()
        .map(|item| {
            let parts: Vec<&str> = item.split(':').collect();
            OpenItem::new(document(parts[0]), day("2026-01-01"), day(parts[1]), money(parts[2]))
        })
        .collect();
    let order = match given["policy"].as_str() {
        "oldest_due_first" => AllocationOrder::OldestDueFirst,
        "pro_rata" => AllocationOrder::ProRata,
        "specific" => AllocationOrder::Specific(given["specific"].split('+').map(document).collect()),
        other => panic!("{other}"),
    };
    let told = allocate_receipt(&items, money(&given["payment"]), &AllocationPolicy::new(order)).unwrap();
    let open = items.iter().map(|item| {
        let line = told.lines.iter().find(|line| line.id == item.id).unwrap();
        format!("{}:{}", item.id, line.open_principal.to_amount_string())
    });
    format!("open={};unapplied={}", open.collect::<Vec<_>>().join("|"), told.unapplied.to_amount_string())
}

fn allocation_split(given: &Row) -> String {
    let item = OpenItem::new(document("i"), day("2026-01-01"), day("2026-01-31"), money(&given["principal"]))
        .with_interest(money(&given["interest"]), rate("12%"));
    assert_eq!(given["policy"], "interest_then_principal");
    let policy = AllocationPolicy::new(AllocationOrder::Fifo);
    let told = allocate_receipt(&[item], money(&given["payment"]), &policy).unwrap();
    let (interest, principal) = (told.lines[0].open_interest, told.lines[0].open_principal);
    format!("interest_open={};principal_open={}", interest.to_amount_string(), principal.to_amount_string())
}

fn tolerance(given: &Row) -> String {
    let tolerance = Tolerance::both(WriteOffLimit::Amount(money(&given["tolerance"])));
    let told = write_off(money(&given["open"]), money(&given["payment"]), &tolerance).unwrap();
    format!("open={};write_off={}", told.open.to_amount_string(), told.write_off.to_amount_string())
}

fn aged(given: &Row) -> String {
    let items: Vec<OpenItem> = list(&given["items"])
        .into_iter()
        .enumerate()
        .map(|(index, item)| {
            let (due, amount) = item.split_once(':').unwrap();
            OpenItem::new(document(&format!("i{index}")), day("2026-01-01"), day(due), money(amount))
        })
        .collect();
    let edges = AgeEdges::new(list(&given["edges"]).into_iter().map(|edge| edge.parse().unwrap())).unwrap();
    let told = ageing(&items, day(&given["as_of"]), (AgeBy::DueDate, &edges), Currency::CNY).unwrap();
    format!("buckets={}", shown(&told.balances()))
}

fn dso(given: &Row) -> String {
    let told = days_sales_outstanding(&SalesOutstanding {
        receivable: money(&given["ar"]),
        current: money(&given["current_ar"]),
        credit_sales: money(&given["credit_sales"]),
        days: given["days"].parse().unwrap(),
    })
    .unwrap();
    let (dso, best) = (cents(&told.days_sales_outstanding), cents(&told.best_possible));
    format!("dso={dso};best_possible={best};avg_days_delinquent={}", cents(&told.average_days_delinquent))
}

fn countback(given: &Row) -> String {
    let months: Vec<SalesMonth> = list(&given["months_latest_first"])
        .into_iter()
        .map(|month| {
            let (sales, days) = month.split_once(':').unwrap();
            SalesMonth { sales: money(sales), days: days.parse().unwrap() }
        })
        .collect();
    let told = count_back(money(&given["ar"]), &months).unwrap();
    format!("days={};unexplained={}", cents(&told.days), told.unexplained.to_amount_string())
}

fn component(text: &str) -> ExposureComponent {
    match text {
        "open_ar" => ExposureComponent::OpenReceivables,
        other => ExposureComponent::ALL.into_iter().find(|component| component.word() == other).unwrap(),
    }
}

fn exposed(given: &Row) -> String {
    let amounts = list(&given["components"]).into_iter().map(|part| {
        let (name, amount) = part.split_once(':').unwrap();
        (component(name), money(amount))
    });
    let limit = CreditLimit::new(money(&given["limit"])).unwrap();
    let policy = ExposurePolicy::including(limit, given["include"].split('+').map(component));
    let told = exposure(&amounts.collect(), &policy).unwrap();
    let release = told.release(money(&given["new_order"])).unwrap() == Release::Released;
    let (total, headroom) = (told.total.to_amount_string(), told.headroom.to_amount_string());
    format!("exposure={total};headroom={headroom};release={release}")
}

#[test]
fn receivables() {
    let rows = rows(include_str!("../golden/receivables.csv"));
    assert_eq!(rows.len(), 35);
    for row in rows {
        let given = pairs(&row["inputs"]);
        let told = match row["topic"].as_str() {
            "interest" => interest(&given),
            "compensation_uk" => compensation(&given),
            "dunning" => dunning(&given),
            "ecl" => ecl(&given),
            "roll_rates" => roll_rates(&given),
            "allocation" => allocation(&given),
            "allocation_split" => allocation_split(&given),
            "tolerance" => tolerance(&given),
            "ageing" => aged(&given),
            "dso" => dso(&given),
            "dso_countback" => countback(&given),
            "exposure" => exposed(&given),
            other => panic!("{other}"),
        };
        assert_eq!(told, row["expected"], "{}", row["case"]);
    }
}

#[test]
fn early_payment() {
    let rows = rows(include_str!("../golden/early_payment.csv"));
    assert_eq!(rows.len(), 20);
    for row in rows {
        let lines = list(&row["lines"]).into_iter().map(|line| {
            let (net, tax) = line.split_once(':').unwrap();
            DiscountLine { net: money(net), tax_rate: percent_rate(tax) }
        });
        let mut invoice = EarlyPayment::new(Currency::CNY, lines);
        if !row["fixed_tax"].is_empty() {
            invoice.fixed_tax = money(&row["fixed_tax"]);
        }
        invoice.treatment = match row["tax_treatment"].as_str() {
            "included" => DiscountTax::Included,
            "excluded" => DiscountTax::Excluded,
            "mixed" => DiscountTax::Mixed,
            other => panic!("{other}"),
        };
        invoice.site = match row["site"].as_str() {
            "document" => DiscountSite::Document,
            "discount" => DiscountSite::Discount,
            "line" => DiscountSite::Line,
            other => panic!("{other}"),
        };
        let mode = match row["round_mode"].as_str() {
            "half_away" => RoundingMode::HalfAwayFromZero,
            "up" => RoundingMode::Up,
            other => panic!("{other}"),
        };
        invoice.rounding = Rounding::new(mode).with_step(&money(&row["step"])).unwrap();
        let told = invoice.settled_at(percent_rate(&row["discount_pct"])).unwrap();
        for (name, amount) in [
            ("expected_total", told.total),
            ("expected_discount", told.discount),
            ("expected_pay", told.pay),
            ("expected_tax", told.tax),
        ] {
            assert_eq!(amount.to_amount_string(), row[name], "{} {name}", row["case"]);
        }
    }
}

#[test]
fn discount_steps() {
    let rows = rows(include_str!("../golden/discount_steps.csv"));
    assert_eq!(rows.len(), 12);
    for row in rows {
        let steps = list(&row["steps"]).into_iter().map(|step| {
            let (rate, days) = step.split_once('/').unwrap();
            DiscountStep { rate: percent_rate(rate), days: days.parse().unwrap() }
        });
        let offer = CashDiscount::new(steps, row["grace_days"].parse().unwrap()).unwrap();
        let line = DiscountLine { net: money(&row["total"]), tax_rate: Rate::ZERO };
        let invoice = EarlyPayment::new(Currency::CNY, [line]);
        let base = day(&row["invoice_date"]);
        let told = invoice.paid_on(&offer, base, day(&row["pay_date"])).unwrap();
        assert_eq!(told.pay.to_amount_string(), row["expected_pay"], "{}", row["case"]);
        assert_eq!(told.rate, percent_rate(&row["expected_pct"]), "{}", row["case"]);
        let windows = invoice.windows(&offer, base).unwrap();
        assert_eq!(windows.len(), offer.steps().len(), "{}", row["case"]);
        let due = endcap_calendar::dates::add_days(base, row["net_days"].parse().unwrap()).unwrap();
        assert_eq!(due, day(&row["expected_due"]), "{}", row["case"]);
        assert!(windows.iter().all(|window| window.last_day_with_grace < due));
    }
}

#[test]
fn discount_cost() {
    let rows = rows(include_str!("../golden/discount_cost.csv"));
    assert_eq!(rows.len(), 6);
    for row in rows {
        let discount = percent_rate(&row["discount_pct"]);
        let (early, net) = (row["discount_day"].parse().unwrap(), row["net_day"].parse().unwrap());
        let simple = |year| {
            let share = simple_cost(discount, early, net, year).unwrap();
            cents(&share.mul(&Exact::from_int(100)).unwrap())
        };
        let told = match row["kind"].as_str() {
            "simple_360" => simple(YearDays::Days360),
            "simple_365" => simple(YearDays::Days365),
            "effective_365" => effective_cost(discount, early, net).unwrap().as_percent().to_string(),
            other => panic!("{other}"),
        };
        assert_eq!(told, row["expected_pct"], "{}", row["case"]);
    }
}

#[test]
fn accrual() {
    let rows = rows(include_str!("../golden/accrual.csv"));
    assert_eq!(rows.len(), 5);
    for row in rows {
        let rates = list(&row["rates"]);
        let tiers = list(&row["thresholds"]);
        let tiers = tiers.iter().zip(rates).map(|(from, rate)| Tier::rate(decimal(from), percent_rate(rate)));
        assert_eq!(row["method"], "whole");
        let table = TierTable::new(tiers, Boundary::ReachedAt).unwrap();
        let rule = AccrualRule::new(table, TierMethod::Whole, Currency::CNY);
        let estimator = match row["estimator"].as_str() {
            "current_tier" => Estimator::CurrentTier,
            "forecast_tier" => Estimator::ForecastTier { forecast: exact(&row["forecast_base"]) },
            "historical" => Estimator::Historical(percent_rate(&row["historical_rate_pct"])),
            other => panic!("{other}"),
        };
        let told =
            rule.accrue(&estimator, &exact(&row["base_to_date"]), money(&row["accrued_to_date"])).unwrap();
        let percent = told.effective_rate.mul(&Exact::from_int(100)).unwrap();
        assert_eq!(percent, exact(&row["expected_rate_pct"]), "{}", row["case"]);
        assert_eq!(told.delta.to_amount_string(), row["expected_delta"], "{}", row["case"]);
    }
}
