//! China: fair trade between retailers and suppliers, payment of small enterprises, VAT.

use endcap_types::{Currency, Rate};

use super::super::condition::Condition;
use super::super::dossier::{BuyerKind, EnterpriseSize};
use super::super::fact::{Conduct, DayBase, Evidence};
use super::super::rule::{Check, Confidence, Jurisdiction, Rule, Severity, StatutoryRate};
use super::{Instrument, day, millions};
use crate::{ClauseKind, MethodKind, SettlementError};

pub(super) fn fair_trade(rules: &mut Vec<Rule>) -> Result<(), SettlementError> {
    let measures = Instrument {
        jurisdiction: Jurisdiction::China,
        name: "零售商供应商公平交易管理办法（2006年第17号令）",
        from: day(2006, 11, 15)?,
        to: None,
        applies_if: Condition::AllOf(vec![
            Condition::BuyerIs(BuyerKind::Enterprise),
            Condition::BuyerTurnoverAtLeast(millions(10, Currency::CNY)?),
        ]),
        confidence: Confidence::Sourced,
        source: "public copy of the decree (fsou 805/80561); Art. 3 for the RMB 10 million",
    };
    // The sixty days are in the press text; which article holds them was not checked.
    let unnumbered = Instrument {
        confidence: Confidence::ArticleUnverified,
        source: "press text of 2006-10-19 (qqwo article-85); article number not checked",
        applies_if: measures.applies_if.clone(),
        ..measures
    };
    rules.push(unnumbered.rule(
        ("CN-FT-13", "第十三条"),
        Check::PaidWithin { from: DayBase::Receipt, days: 60 },
        Severity::Violation,
        ("goods are paid within 60 days of receipt", "货款支付期限最长不超过收货后60天"),
    ));
    rules.push(measures.rule(
        ("CN-FT-6-target", "第六条（四）"),
        Check::NoRebateBelowTarget,
        Severity::Violation,
        (
            "no rebate is taken when the agreed sales were not reached",
            "约定以销售额为返利前提的，未完成约定销售额不得收取返利",
        ),
    ));
    rules.push(measures.rule(
        ("CN-FT-6-conduct", "第六条"),
        Check::NoConduct {
            conduct: [
                Conduct::RefusedAgreedGoods,
                Conduct::UnagreedShrink,
                Conduct::DelistedWithoutCause,
                Conduct::ForcedRebate,
                Conduct::TiedPurchase,
            ]
            .into(),
        },
        Severity::Violation,
        (
            "no refusal of agreed goods, unagreed loss, delisting without cause, forced rebate or tied purchase",
            "不得拒收约定商品、要求承担未约定损耗、无故下架撤柜、强迫无条件返利或强迫购买",
        ),
    ));
    let fees = Instrument {
        confidence: Confidence::Unverified,
        source: "general knowledge of the fee articles; to be read in the official text",
        applies_if: measures.applies_if.clone(),
        ..measures
    };
    rules.push(fees.rule(
        ("CN-FT-fees-listed", "收费条款"),
        Check::NoClause { kinds: [ClauseKind::Renewal, ClauseKind::Listing].into() },
        Severity::Warning,
        (
            "no fee for signing or renewing a contract, nor for registered barcodes",
            "不得以签订或续签合同为由收费，不得对已注册条码收取条码费",
        ),
    ));
    rules.push(fees.rule(
        ("CN-FT-fees-service", "收费条款"),
        Check::ClauseNeeds {
            kinds: [ClauseKind::Refurbishment, ClauseKind::Anniversary, ClauseKind::NewStore].into(),
            evidence: [Evidence::ServiceRendered].into(),
        },
        Severity::Violation,
        (
            "no fitting-out, festival or new-store fee without a service",
            "未提供服务不得以装修、节庆店庆、新店开业为由收费",
        ),
    ));
    rules.push(fees.rule(
        ("CN-FT-fees-promotion", "促销服务费条款"),
        Check::ClauseNeeds {
            kinds: [ClauseKind::Display, ClauseKind::Leaflet, ClauseKind::Promoter].into(),
            evidence: [Evidence::PriorAgreement, Evidence::Invoice].into(),
        },
        Severity::Violation,
        (
            "a promotion service fee needs a prior agreement and an invoice of the retailer",
            "促销服务费须事先约定并由零售商开具发票",
        ),
    ));
    let clean_up = Instrument {
        jurisdiction: Jurisdiction::China,
        name: "清理整顿大型零售企业向供应商违规收费工作方案（商秩发[2011]485号）",
        from: day(2011, 12, 19)?,
        to: None,
        applies_if: Condition::AllOf(vec![
            Condition::LargestStoreAtLeast(6_000),
            Condition::StoresAtLeast(20),
            Condition::BuyerTurnoverAtLeast(millions(2_000, Currency::CNY)?),
        ]),
        confidence: Confidence::ArticleUnverified,
        source: "press of 2011-12-27 and 2012-01-12 on scope and list of fees; the campaign ran to June 2012",
    };
    rules.push(clean_up.rule(
        ("CN-2011-fees", "违规收费清单"),
        Check::NoClause {
            kinds: [
                ClauseKind::Renewal,
                ClauseKind::Logistics,
                ClauseKind::Anniversary,
                ClauseKind::NewStore,
                ClauseKind::Data,
                ClauseKind::CardFee,
                ClauseKind::Listing,
                ClauseKind::Entry,
            ]
            .into(),
        },
        Severity::Warning,
        (
            "contract, handling, delivery, festival, opening, data, card, barcode and account fees are on the list",
            "合同费、搬运费、配送费、节庆费、店庆费、新店开业费、信息查询费、刷卡费、条码费、开户费列入违规收费清单",
        ),
    ));
    rules.push(clean_up.rule(
        ("CN-2011-rebate", "违规收费清单"),
        Check::NoUnconditionalRebate,
        Severity::Warning,
        ("an unconditional rebate is on the list", "无条件返利列入违规收费清单"),
    ));
    Ok(())
}

pub(super) fn small_enterprises(rules: &mut Vec<Rule>) -> Result<(), SettlementError> {
    let small = Condition::SupplierAtMost(EnterpriseSize::Medium);
    let enterprise = Condition::AllOf(vec![
        small.clone(),
        Condition::BuyerIs(BuyerKind::Enterprise),
        Condition::BuyerAtLeast(EnterpriseSize::Large),
    ]);
    let either = Condition::AllOf(vec![
        small.clone(),
        Condition::AnyOf(vec![
            Condition::BuyerIs(BuyerKind::PublicBody),
            Condition::BuyerAtLeast(EnterpriseSize::Large),
        ]),
    ]);
    let decree = |applies_if: Condition| -> Result<Instrument, SettlementError> {
        Ok(Instrument {
            jurisdiction: Jurisdiction::China,
            name: "保障中小企业款项支付条例（国务院令第802号）",
            from: day(2025, 6, 1)?,
            to: None,
            applies_if,
            confidence: Confidence::Sourced,
            source: "public copy of Decree 802 (gov.cn mirror; hengtai-law)",
        })
    };
    let days = |from, days| Check::PaidWithin { from, days };
    let public = decree(Condition::AllOf(vec![small, Condition::BuyerIs(BuyerKind::PublicBody)]))?;
    let unnumbered =
        |instrument: Instrument| Instrument { confidence: Confidence::ArticleUnverified, ..instrument };
    let public = unnumbered(public);
    rules.push(public.rule(
        ("CN-SME-public-30", "机关、事业单位付款期限"),
        days(DayBase::Receipt, 30),
        Severity::Warning,
        (
            "public bodies pay within 30 days of delivery unless agreed otherwise",
            "机关、事业单位应自交付之日起30日内支付款项，另有约定除外",
        ),
    ));
    rules.push(public.rule(
        ("CN-SME-public-60", "机关、事业单位付款期限"),
        days(DayBase::Receipt, 60),
        Severity::Violation,
        ("public bodies never agree on more than 60 days", "机关、事业单位约定的付款期限最长不得超过60日"),
    ));
    rules.push(unnumbered(decree(enterprise.clone())?).rule(
        ("CN-SME-60", "大型企业付款期限"),
        days(DayBase::Receipt, 60),
        Severity::Warning,
        (
            "large enterprises pay small ones within 60 days of delivery, or as is usual in the trade",
            "大型企业应自交付之日起60日内向中小企业支付款项，另有约定的应符合行业规范、交易习惯",
        ),
    ));
    rules.push(decree(either.clone())?.rule(
        ("CN-SME-9", "第九条"),
        Check::NoConduct { conduct: [Conduct::PayWhenPaid].into() },
        Severity::Violation,
        ("payment does not wait for money from others", "不得以收到第三方付款作为向中小企业付款的条件"),
    ));
    rules.push(decree(either.clone())?.rule(
        ("CN-SME-15", "第十五条"),
        Check::UndisputedPaid,
        Severity::Violation,
        ("the undisputed part is paid while the rest is disputed", "部分存在争议的，无争议部分应及时支付"),
    ));
    rules.push(decree(either.clone())?.rule(
        ("CN-SME-17-agreed", "第十七条"),
        Check::InterestAtLeast { margin: Rate::ZERO },
        Severity::Violation,
        (
            "agreed late interest is at least the one-year LPR of the day of signing",
            "约定的逾期利率不得低于合同订立时一年期贷款市场报价利率",
        ),
    ));
    rules.push(decree(either)?.rule(
        ("CN-SME-17-silent", "第十七条"),
        Check::StatutoryInterest {
            rate: StatutoryRate::PerDay(Rate::basis_points(5.into())?),
            default_days: 60,
        },
        Severity::Notice,
        ("without agreement, late money bears 0.05 % a day", "未约定逾期利率的，按每日万分之五支付逾期利息"),
    ));
    Ok(())
}

pub(super) fn vat(rules: &mut Vec<Rule>) -> Result<(), SettlementError> {
    let change = day(2026, 1, 1)?;
    let consigned = |from, to, confidence, name, source| Instrument {
        jurisdiction: Jurisdiction::China,
        name,
        from,
        to,
        applies_if: Condition::MethodIs([MethodKind::Consignment].into()),
        confidence,
        source,
    };
    let text = (
        "consigned goods without a list for 180 days are taxed as sold",
        "发出代销商品满180天未收到代销清单及货款的，纳税义务发生",
    );
    let old = consigned(
        day(2009, 1, 1)?,
        Some(change),
        Confidence::ArticleUnverified,
        "增值税暂行条例实施细则",
        "implementing rules of the provisional VAT regulation, time of the tax obligation of consigned goods",
    );
    let age = Check::ConsignedStockAge { days: 180 };
    rules.push(old.rule(("CN-VAT-180", "第三十八条"), age.clone(), Severity::Violation, text));
    let new = consigned(
        change,
        None,
        Confidence::Unverified,
        "增值税法（2026年起施行）",
        "general knowledge: whether the VAT law in force from 2026 keeps the 180 days was not checked",
    );
    rules.push(new.rule(("CN-VAT-180-2026", "纳税义务发生时间"), age, Severity::Warning, text));
    let rebates = Instrument {
        jurisdiction: Jurisdiction::China,
        name: "国税发[2004]136号",
        from: day(2004, 7, 1)?,
        to: None,
        applies_if: Condition::Always,
        confidence: Confidence::Sourced,
        source: "国税发[2004]136号 on fees that shops take from suppliers; Art. 1",
    };
    rules.push(rebates.rule(
        ("CN-VAT-REB-input", "第一条（二）"),
        Check::RebateOnInvoice,
        Severity::Notice,
        (
            "a rebate linked to sales off the goods invoice lowers the retailer's input VAT; the supplier needs a red \
             invoice",
            "与销量、销售额挂钩的返还应冲减当期进项税金，供应商须凭红字发票处理",
        ),
    ));
    rules.push(rebates.rule(
        ("CN-VAT-REB-service", "第一条（一）"),
        Check::ServiceTaxedApart,
        Severity::Notice,
        (
            "a fee for a service is invoiced as a service, not as a discount on goods",
            "与销量无必然联系的服务收入应按服务开票，不得作为商品折扣",
        ),
    ));
    Ok(())
}
