//! European Union: unfair trading practices in the food chain, late payment.

use endcap_types::{Currency, Money, Rate};

use super::super::condition::Condition;
use super::super::dossier::GoodsKind;
use super::super::fact::{Conduct, DayBase, Evidence};
use super::super::rule::{Check, Confidence, Jurisdiction, Rule, Severity, StatutoryRate};
use super::{Instrument, day, millions};
use crate::credit::{CompensationBand, CompensationTable};
use crate::{ClauseKind, SettlementError};

pub(super) fn unfair_practices(rules: &mut Vec<Rule>) -> Result<(), SettlementError> {
    let classes = [2, 10, 50, 150, 350].map(|count| millions(count, Currency::EUR));
    let classes: Vec<Money> = classes.into_iter().collect::<Result<_, _>>()?;
    let protected = Condition::TurnoverClassBetween(classes);
    let goods = |kinds: &[GoodsKind]| {
        Condition::AllOf(vec![protected.clone(), Condition::GoodsAre(kinds.iter().copied().collect())])
    };
    let from = day(2021, 11, 1)?;
    let directive = |applies_if, confidence, source| Instrument {
        jurisdiction: Jurisdiction::EuropeanUnion,
        name: "Directive (EU) 2019/633",
        from,
        to: None,
        applies_if,
        confidence,
        source,
    };
    let summary = "summary of the directive (LEGISSUM 4396544); applied by member states from 2021-11-01";
    let perishable = [GoodsKind::PerishableFood, GoodsKind::FreshProduce];
    let food = [GoodsKind::PerishableFood, GoodsKind::FreshProduce, GoodsKind::OtherFood];
    let days = |days| Check::PaidWithin { from: DayBase::Receipt, days };
    rules.push(directive(goods(&perishable), Confidence::Sourced, summary).rule(
        ("EU-UTP-30", "Art. 3(1)(a)(i)"),
        days(30),
        Severity::Violation,
        ("perishable food is paid within 30 days", "易腐农产品和食品应在30天内付款"),
    ));
    rules.push(directive(goods(&[GoodsKind::OtherFood]), Confidence::Sourced, summary).rule(
        ("EU-UTP-60", "Art. 3(1)(a)(ii)"),
        days(60),
        Severity::Violation,
        ("other agricultural and food products are paid within 60 days", "其他农产品和食品应在60天内付款"),
    ));
    rules.push(
        directive(goods(&food), Confidence::Sourced, summary).rule(
            ("EU-UTP-conduct", "Art. 3(1)(c)-(e)"),
            Check::NoConduct {
                conduct: [
                    Conduct::UnilateralChange,
                    Conduct::RetrospectiveChange,
                    Conduct::UnrelatedPayment,
                    Conduct::LossWithoutFault,
                ]
                .into(),
            },
            Severity::Violation,
            (
                "no unilateral change of terms, unrelated payment, or payment for a loss without fault",
                "不得单方变更条件、收取无关费用或要求承担非其过错的损失",
            ),
        ),
    );
    let grey =
        "general knowledge of the notice of 30 days and of the grey list; to be read in the official text";
    rules.push(directive(goods(&perishable), Confidence::Unverified, grey).rule(
        ("EU-UTP-notice", "Art. 3(1)(b)"),
        Check::NoticeOf { conduct: Conduct::OrderCancelled, days: 30 },
        Severity::Violation,
        ("orders of perishable food are cancelled 30 days before", "易腐食品订单须提前30天取消"),
    ));
    rules.push(
        directive(goods(&food), Confidence::Unverified, grey).rule(
            ("EU-UTP-grey", "Art. 3(2)"),
            Check::ClauseNeeds {
                kinds: [
                    ClauseKind::ReturnsHandling,
                    ClauseKind::Listing,
                    ClauseKind::Entry,
                    ClauseKind::Display,
                    ClauseKind::Leaflet,
                    ClauseKind::PromotionFunding,
                    ClauseKind::Refurbishment,
                ]
                .into(),
                evidence: [Evidence::PriorAgreement].into(),
            },
            Severity::Violation,
            (
                "returns, listing, promotion, marketing and fitting-out are paid only as agreed before",
                "退货、上架、促销、营销、装修费用须事先明确约定",
            ),
        ),
    );
    Ok(())
}

pub(super) fn late_payment(rules: &mut Vec<Rule>) -> Result<(), SettlementError> {
    let directive = Instrument {
        jurisdiction: Jurisdiction::EuropeanUnion,
        name: "Directive 2011/7/EU",
        from: day(2013, 3, 16)?,
        to: None,
        applies_if: Condition::Always,
        confidence: Confidence::Sourced,
        source: "Directive 2011/7/EU, Art. 2, 3 and 6; a regulation to replace it was proposed in 2023",
    };
    rules.push(directive.rule(
        ("EU-LP-60", "Art. 3(5)"),
        Check::AgreedWithin { from: DayBase::InvoiceReceived, days: 60 },
        Severity::Warning,
        (
            "more than 60 days must be agreed expressly and not be grossly unfair",
            "超过60天的付款期须明示约定且不得显失公平",
        ),
    ));
    rules.push(directive.rule(
        ("EU-LP-interest", "Art. 2(6), 3"),
        Check::StatutoryInterest {
            rate: StatutoryRate::OverReference(Rate::percent(8.into())?),
            default_days: 30,
        },
        Severity::Notice,
        (
            "late money bears the reference rate plus 8 points, simple, from the day after the due date",
            "逾期款项自到期次日起按参考利率加8个百分点计单利",
        ),
    ));
    let euro = |cents| Money::from_minor(cents, Currency::EUR);
    let table = CompensationTable::new([CompensationBand { from: euro(1)?, amount: euro(4_000)? }])?;
    rules.push(directive.rule(
        ("EU-LP-40", "Art. 6"),
        Check::Compensation { table, default_days: 30 },
        Severity::Notice,
        ("a late payment brings at least EUR 40", "逾期付款至少补偿40欧元"),
    ));
    Ok(())
}
