//! [`Dossier`]: what is checked: a contract, its statements, the parties and what they did.

use std::collections::BTreeSet;

use endcap_types::{Money, Rate};

use super::fact::{AllowanceFact, ConductFact, ConsignedFact, EvidenceFact, PaymentFact, TargetFact};
use super::rule::Jurisdiction;
use crate::credit::RateTable;
use crate::{Contract, Statement};

/// 付款方类型: who buys.
///
/// # Source
/// Regulation on payments to small and medium enterprises (保障中小企业款项支付条例, decree 802): public bodies and
/// enterprises have different limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum BuyerKind {
    /// 企业.
    Enterprise,
    /// 机关、事业单位.
    PublicBody,
}

/// 企业规模: smallest first.
///
/// # Source
/// The four classes of the Chinese statistical standard for enterprise size (统计上大中小微型企业划分办法).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum EnterpriseSize {
    /// 微型.
    Micro,
    /// 小型.
    Small,
    /// 中型.
    Medium,
    /// 大型.
    Large,
}

/// 中小企业告知: whether the supplier told its size when the contract was made.
///
/// # Source
/// 保障中小企业款项支付条例, article 3: a supplier tells its size when the contract is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum SmeStatus {
    /// 已告知.
    Declared,
    /// 未告知.
    NotDeclared,
}

/// 商品性质: what the goods are to a law.
///
/// # Source
/// Directive (EU) 2019/633, article 3: limits for perishable and for other food; 7 CFR 46 (PACA): fresh produce; the GSCOP
/// covers groceries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum GoodsKind {
    /// 易腐农产品和食品.
    PerishableFood,
    /// 其他农产品和食品.
    OtherFood,
    /// 日用杂货: groceries other than food.
    OtherGroceries,
    /// 生鲜果蔬: fresh fruit and vegetables.
    FreshProduce,
    /// 其他商品.
    Other,
}

/// 约定逾期利息: what the contract says about late money.
///
/// # Source
/// 保障中小企业款项支付条例, article 17: a floor for what is agreed, and a rate where nothing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum AgreedInterest {
    /// 未约定.
    Silent,
    /// So much a year.
    Yearly(Rate),
}

/// 交易双方: what is known of the parties; what is not known makes a rule apply only if.
///
/// # Source
/// House rule: every fact on which a rule of the sample set depends, and none is guessed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Parties {
    /// Whose law governs.
    pub jurisdictions: BTreeSet<Jurisdiction>,
    /// Who buys.
    pub buyer_kind: BuyerKind,
    /// Size of the buyer.
    #[cfg_attr(feature = "serde", serde(default))]
    pub buyer_size: Option<EnterpriseSize>,
    /// Yearly sales of the buyer.
    #[cfg_attr(feature = "serde", serde(default))]
    pub buyer_turnover: Option<Money>,
    /// Number of stores of the buyer.
    #[cfg_attr(feature = "serde", serde(default))]
    pub stores: Option<u32>,
    /// Square metres of its largest store.
    #[cfg_attr(feature = "serde", serde(default))]
    pub largest_store: Option<u32>,
    /// Size of the supplier.
    #[cfg_attr(feature = "serde", serde(default))]
    pub supplier_size: Option<EnterpriseSize>,
    /// Whether the supplier told its size.
    pub sme_status: SmeStatus,
    /// Yearly sales of the supplier.
    #[cfg_attr(feature = "serde", serde(default))]
    pub supplier_turnover: Option<Money>,
    /// What the goods are.
    pub goods: BTreeSet<GoodsKind>,
    /// Late interest agreed.
    pub late_interest: AgreedInterest,
    /// 签约时参考利率: the reference rate (LPR, central bank) of the day of signing.
    #[cfg_attr(feature = "serde", serde(default))]
    pub reference_at_signing: Option<Rate>,
    /// 参考利率: the reference rate of each day.
    #[cfg_attr(feature = "serde", serde(default))]
    pub reference_rates: Option<RateTable>,
}

impl Parties {
    /// An enterprise that buys, of which nothing else is known, under the laws named.
    #[must_use]
    pub fn under(jurisdictions: impl IntoIterator<Item = Jurisdiction>) -> Self {
        Self {
            jurisdictions: jurisdictions.into_iter().collect(),
            buyer_kind: BuyerKind::Enterprise,
            buyer_size: None,
            buyer_turnover: None,
            stores: None,
            largest_store: None,
            supplier_size: None,
            sme_status: SmeStatus::NotDeclared,
            supplier_turnover: None,
            goods: BTreeSet::new(),
            late_interest: AgreedInterest::Silent,
            reference_at_signing: None,
            reference_rates: None,
        }
    }
}

/// 检查对象: a contract with its parties, statements and facts; the order of records changes nothing.
///
/// # Source
/// House rule: a check is a function of its dossier, its rules and a day.
#[derive(Debug, Clone, Copy)]
pub struct Dossier<'a> {
    /// The contract.
    pub contract: &'a Contract,
    /// The parties.
    pub parties: &'a Parties,
    /// Statements of the contract.
    pub statements: &'a [Statement],
    /// What became of deliveries and invoices.
    pub payments: &'a [PaymentFact],
    /// What was done.
    pub conduct: &'a [ConductFact],
    /// What clauses rest on.
    pub evidence: &'a [EvidenceFact],
    /// Targets of rebates.
    pub targets: &'a [TargetFact],
    /// Consigned goods not yet invoiced, besides those of the statements.
    pub consigned: &'a [ConsignedFact],
    /// Allowances of competing accounts.
    pub allowances: &'a [AllowanceFact],
}

impl<'a> Dossier<'a> {
    /// A contract and its parties, without facts.
    #[must_use]
    pub const fn new(contract: &'a Contract, parties: &'a Parties) -> Self {
        Self {
            contract,
            parties,
            statements: &[],
            payments: &[],
            conduct: &[],
            evidence: &[],
            targets: &[],
            consigned: &[],
            allowances: &[],
        }
    }
}
