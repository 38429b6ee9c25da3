//! United Kingdom: late payment and the groceries code. United States: produce, and proportional allowances.

use endcap_types::{Currency, Rate};

use super::super::condition::Condition;
use super::super::dossier::GoodsKind;
use super::super::fact::{Conduct, DayBase, Evidence};
use super::super::rule::{Check, Confidence, Jurisdiction, Rule, Severity, StatutoryRate};
use super::{Instrument, day, millions};
use crate::credit::CompensationTable;
use crate::{ClauseKind, MethodKind, SettlementError};

pub(super) fn united_kingdom(rules: &mut Vec<Rule>) -> Result<(), SettlementError> {
    let act = Instrument {
        jurisdiction: Jurisdiction::UnitedKingdom,
        name: "Late Payment of Commercial Debts (Interest) Act 1998",
        from: day(2002, 8, 7)?,
        to: None,
        applies_if: Condition::Always,
        confidence: Confidence::ArticleUnverified,
        source: "practitioners' pages (creditcorp, paymentcheck): base rate + 8 %, simple, £40 / £70 / £100",
    };
    rules.push(act.rule(
        ("UK-LP-interest", "s. 1, 6"),
        Check::StatutoryInterest {
            rate: StatutoryRate::OverReference(Rate::percent(8.into())?),
            default_days: 30,
        },
        Severity::Notice,
        (
            "late money bears the base rate of the half year plus 8 %, simple on 365 days",
            "逾期款项按半年度基准利率加8%计单利（365天）",
        ),
    ));
    rules.push(act.rule(
        ("UK-LP-compensation", "s. 5A"),
        Check::Compensation { table: CompensationTable::united_kingdom()?, default_days: 30 },
        Severity::Notice,
        (
            "a late debt brings £40 below 1,000, £70 below 10,000, £100 above",
            "逾期债务补偿：不足1000英镑40英镑，不足10000英镑70英镑，其余100英镑",
        ),
    ));
    groceries_code(rules)
}

fn groceries_code(rules: &mut Vec<Rule>) -> Result<(), SettlementError> {
    let code = Instrument {
        jurisdiction: Jurisdiction::UnitedKingdom,
        name: "Groceries Supply Code of Practice",
        from: day(2010, 2, 4)?,
        to: None,
        applies_if: Condition::AllOf(vec![
            Condition::BuyerTurnoverAbove(millions(1_000, Currency::GBP)?),
            Condition::GoodsAre(
                [
                    GoodsKind::PerishableFood,
                    GoodsKind::FreshProduce,
                    GoodsKind::OtherFood,
                    GoodsKind::OtherGroceries,
                ]
                .into(),
            ),
        ]),
        confidence: Confidence::Sourced,
        source: "page of the adjudicator on the eight paragraphs; the order of 2009 lists the retailers by name",
    };
    let conduct = |conduct: &[Conduct]| Check::NoConduct { conduct: conduct.iter().copied().collect() };
    let mut push = |id, paragraph, check, severity, text| {
        rules.push(code.rule((id, paragraph), check, severity, text));
    };
    push(
        "UK-GSCOP-3",
        "¶3",
        conduct(&[Conduct::RetrospectiveChange, Conduct::UnilateralChange]),
        Severity::Violation,
        ("agreements are not varied by one side, nor for the past", "不得单方或追溯变更供货协议"),
    );
    push(
        "UK-GSCOP-5",
        "¶5",
        Check::PaidByDue,
        Severity::Violation,
        ("payment is made in the agreed time", "应按约定时间付款，不得迟延"),
    );
    push(
        "UK-GSCOP-9",
        "¶9",
        Check::NoClause { kinds: [ClauseKind::Entry, ClauseKind::Renewal].into() },
        Severity::Warning,
        (
            "no payment for being or staying a supplier, beyond a promotion or the risk of a new line",
            "除促销或新品风险外，不得以成为或继续作为供应商为由收费",
        ),
    );
    push(
        "UK-GSCOP-10",
        "¶10",
        conduct(&[Conduct::ForecastErrorCharged]),
        Severity::Violation,
        ("forecast errors of the retailer are compensated", "零售商预测误差造成的损失应由零售商补偿"),
    );
    push(
        "UK-GSCOP-12",
        "¶12",
        Check::ClauseNeeds {
            kinds: [ClauseKind::Display].into(),
            evidence: [Evidence::ServiceRendered].into(),
        },
        Severity::Warning,
        ("no payment for better positioning unless for a promotion", "除促销外，不得收取更好陈列位置的费用"),
    );
    push(
        "UK-GSCOP-13",
        "¶13",
        Check::ClauseNeeds {
            kinds: [ClauseKind::PromotionFunding].into(),
            evidence: [Evidence::PriorAgreement].into(),
        },
        Severity::Warning,
        (
            "a promotion is not mainly paid by the supplier unless agreed with notice",
            "未经事先通知和约定，不得要求供应商主要承担促销费用",
        ),
    );
    push(
        "UK-GSCOP-15",
        "¶15",
        conduct(&[Conduct::ComplaintCharged]),
        Severity::Violation,
        ("no unjustified payment for consumer complaints", "不得无依据收取消费者投诉费用"),
    );
    push(
        "UK-GSCOP-16",
        "¶16",
        Check::NoticeOf { conduct: Conduct::Delisted, days: 1 },
        Severity::Warning,
        (
            "delisting needs a genuine commercial reason and reasonable notice; none at all is none",
            "终止采购须有真实商业理由并合理提前通知；当日通知视为未通知",
        ),
    );
    Ok(())
}

pub(super) fn united_states(rules: &mut Vec<Rule>) -> Result<(), SettlementError> {
    let produce = Condition::GoodsAre([GoodsKind::FreshProduce].into());
    let under = |method| Condition::AllOf(vec![produce.clone(), Condition::MethodIs([method].into())]);
    let from = day(2011, 5, 13)?;
    let regulation = |applies_if| Instrument {
        jurisdiction: Jurisdiction::UnitedStates,
        name: "7 CFR 46.2(aa) (PACA)",
        from,
        to: None,
        applies_if,
        confidence: Confidence::Sourced,
        source: "AMS page on prompt payment; FR 2011-8718; first day in effect not checked",
    };
    let paid = |from, days| Check::PaidWithin { from, days };
    rules.push(regulation(under(MethodKind::CreditTerms)).rule(
        ("US-PACA-10", "46.2(aa)(5)"),
        Check::PaidWithin { from: DayBase::Acceptance, days: 10 },
        Severity::Warning,
        (
            "produce is paid within 10 days of acceptance unless agreed otherwise in writing",
            "生鲜果蔬应在验收后10天内付款，书面另有约定除外",
        ),
    ));
    rules.push(regulation(under(MethodKind::Consignment)).rule(
        ("US-PACA-consigned-10", "46.2(aa)(1)"),
        paid(DayBase::FinalSale, 10),
        Severity::Warning,
        (
            "consigned produce is paid within 10 days of the final sale",
            "代销果蔬应在最后一笔销售后10天内付款",
        ),
    ));
    rules.push(regulation(under(MethodKind::Consignment)).rule(
        ("US-PACA-consigned-20", "46.2(aa)(1)"),
        paid(DayBase::Receipt, 20),
        Severity::Warning,
        ("consigned produce is paid within 20 days of receipt", "代销果蔬应在收货后20天内付款"),
    ));
    rules.push(regulation(produce.clone()).rule(
        ("US-PACA-30", "46.46(e)"),
        Check::AgreedWithin { from: DayBase::Acceptance, days: 30 },
        Severity::Warning,
        ("terms beyond 30 days lose the rights of the trust", "约定账期超过30天将丧失信托保护"),
    ));
    let act = Instrument {
        jurisdiction: Jurisdiction::UnitedStates,
        name: "Robinson–Patman Act",
        from: day(1936, 6, 19)?,
        to: None,
        applies_if: Condition::Always,
        confidence: Confidence::Unverified,
        source: "general knowledge of sections 2(d) and 2(e); to be read in the official text",
    };
    rules.push(act.rule(
        ("US-RP", "2(d), 2(e)"),
        Check::ProportionalAllowances { tolerance: Rate::ZERO },
        Severity::Warning,
        (
            "allowances are open to competing customers on proportionally equal terms",
            "促销补贴应按比例平等向相互竞争的客户提供",
        ),
    ));
    Ok(())
}
