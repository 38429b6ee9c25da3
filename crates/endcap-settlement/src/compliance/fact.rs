//! Facts a rule can be held against: payments, conduct, evidence, targets, stock, allowances.

use chrono::NaiveDate;
use endcap_types::{AccountId, ClauseId, DocumentId, Money, SkuId};

use crate::Language;

/// 起算日: the day a time limit counts from.
///
/// # Source
/// The events from which the laws of the sample set count: receipt (零售商供应商公平交易管理办法, Directive 2019/633),
/// acceptance (PACA), receipt of the invoice (Directive 2011/7), final sale (PACA, consignment).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum DayBase {
    /// 收货.
    Receipt,
    /// 验收.
    Acceptance,
    /// 收票.
    InvoiceReceived,
    /// 最后一笔销售: of consigned goods.
    FinalSale,
}

impl DayBase {
    /// The name in a language.
    #[must_use]
    pub const fn name(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Receipt, Language::En) => "receipt",
            (Self::Receipt, Language::Zh) => "收货",
            (Self::Acceptance, Language::En) => "acceptance",
            (Self::Acceptance, Language::Zh) => "验收",
            (Self::InvoiceReceived, Language::En) => "receipt of the invoice",
            (Self::InvoiceReceived, Language::Zh) => "收票",
            (Self::FinalSale, Language::En) => "the final sale",
            (Self::FinalSale, Language::Zh) => "最后一笔销售",
        }
    }
}

/// 付款事实: one delivery or invoice and what became of its money; what is not known stays open.
///
/// # Source
/// House rule; the undisputed part apart from the disputed one by article 15 of 保障中小企业款项支付条例.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct PaymentFact {
    /// The delivery note or invoice.
    pub document: DocumentId,
    /// What is owed for it.
    pub amount: Money,
    /// 有争议金额: the part the buyer objects to; zero when nothing is.
    pub disputed: Money,
    /// Day the goods came.
    #[cfg_attr(feature = "serde", serde(default))]
    pub received: Option<NaiveDate>,
    /// Day they were accepted; without it, the day they came.
    #[cfg_attr(feature = "serde", serde(default))]
    pub accepted: Option<NaiveDate>,
    /// Day the invoice came.
    #[cfg_attr(feature = "serde", serde(default))]
    pub invoiced: Option<NaiveDate>,
    /// Day of the final sale, of consigned goods.
    #[cfg_attr(feature = "serde", serde(default))]
    pub sold: Option<NaiveDate>,
    /// Due date agreed.
    #[cfg_attr(feature = "serde", serde(default))]
    pub due: Option<NaiveDate>,
    /// Day the undisputed part was paid; none while it is open.
    #[cfg_attr(feature = "serde", serde(default))]
    pub paid: Option<NaiveDate>,
}

impl PaymentFact {
    /// An amount on which nothing else is known yet, and nothing is disputed.
    #[must_use]
    pub const fn new(document: DocumentId, amount: Money) -> Self {
        Self {
            document,
            amount,
            disputed: Money::zero(amount.currency()),
            received: None,
            accepted: None,
            invoiced: None,
            sold: None,
            due: None,
            paid: None,
        }
    }

    pub(super) fn base(&self, from: DayBase) -> Option<NaiveDate> {
        match from {
            DayBase::Receipt => self.received,
            DayBase::Acceptance => self.accepted.or(self.received),
            DayBase::InvoiceReceived => self.invoiced,
            DayBase::FinalSale => self.sold,
        }
    }
}

macro_rules! named {
    ($(#[$outer:meta])* $type:ident { $($(#[$doc:meta])* $name:ident $en:literal $zh:literal;)* }) => {
        $(#[$outer])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
        #[non_exhaustive]
        pub enum $type {
            $($(#[$doc])* $name,)*
        }

        impl $type {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The name in a language.
            #[must_use]
            pub const fn name(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$name, Language::En) => $en, (Self::$name, Language::Zh) => $zh,)*
                }
            }
        }
    };
}

named! {
    /// 行为: something a buyer does that no clause shows.
    Conduct {
        /// 拒收约定商品.
        RefusedAgreedGoods "goods refused that were agreed" "拒收约定商品";
        /// 要求承担未约定损耗.
        UnagreedShrink "a loss charged that was not agreed" "要求承担未约定的损耗";
        /// 无故下架撤柜.
        DelistedWithoutCause "goods delisted without cause" "无正当理由下架或撤柜";
        /// 强迫无条件返利.
        ForcedRebate "a rebate forced without condition" "强迫无条件返利";
        /// 强制购买.
        TiedPurchase "goods or services forced on the supplier" "强迫购买指定商品或服务";
        /// 背靠背付款.
        PayWhenPaid "payment made to wait for money from others" "以收到第三方付款为付款条件";
        /// 取消订单.
        OrderCancelled "an order cancelled" "取消订单";
        /// 单方变更.
        UnilateralChange "terms changed by one side" "单方变更交易条件";
        /// 追溯变更.
        RetrospectiveChange "terms changed for the past" "追溯变更协议";
        /// 无关收费.
        UnrelatedPayment "a payment asked for that has nothing to do with the goods" "收取与商品销售无关的费用";
        /// 无过错损失.
        LossWithoutFault "a loss charged that is not the supplier's fault" "要求供应商承担非其过错的损失";
        /// 预测误差.
        ForecastErrorCharged "the buyer's forecast error charged" "要求承担零售商预测误差";
        /// 投诉费用.
        ComplaintCharged "a consumer complaint charged without cause" "无依据收取消费者投诉费用";
        /// 终止采购.
        Delisted "the supplier delisted" "终止采购";
    }
}

named! {
    /// 证据: what a clause has to rest on.
    Evidence {
        /// 事先约定.
        PriorAgreement "agreed in writing beforehand" "事先书面约定";
        /// 提供服务.
        ServiceRendered "the service was rendered" "已提供服务";
        /// 发票.
        Invoice "an invoice of the buyer" "零售商发票";
    }
}

/// 行为事实: one case of conduct.
///
/// # Source
/// House rule: a case of conduct has its document and its day; the day it was told decides whether notice was too short.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct ConductFact {
    /// What was done.
    pub conduct: Conduct,
    /// The document that shows it.
    pub document: DocumentId,
    /// The day.
    pub on: NaiveDate,
    /// The day it was told; without it, not before it was done.
    #[cfg_attr(feature = "serde", serde(default))]
    pub told: Option<NaiveDate>,
}

/// 条款证据: what a clause rests on, and when it was there.
///
/// # Source
/// House rule: a fee for a service needs the service, the agreement before it, and the invoice after it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct EvidenceFact {
    /// The clause.
    pub clause: ClauseId,
    /// What there is.
    pub evidence: Evidence,
    /// The document.
    pub document: DocumentId,
    /// Its day.
    pub on: NaiveDate,
}

/// 销售目标: a target a rebate was made to depend on.
///
/// # Source
/// 零售商供应商公平交易管理办法, article 6: no rebate for a target that was missed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct TargetFact {
    /// The rebate.
    pub clause: ClauseId,
    /// What was to be reached.
    pub target: Money,
    /// What was reached.
    pub reached: Money,
    /// The rebate taken.
    pub taken: Money,
}

/// 代销库存: consigned goods not yet invoiced.
///
/// # Source
/// China VAT: goods on consignment are deemed sold on the 180th day after dispatch without list or money.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct ConsignedFact {
    /// The delivery note.
    pub document: DocumentId,
    /// The SKU.
    pub sku: SkuId,
    /// Day of delivery.
    pub delivered: NaiveDate,
}

/// 各户补贴: what one of several competing accounts bought and got.
///
/// # Source
/// Robinson–Patman Act, section 2(d) and (e): allowances to competing customers on proportionally equal terms (not checked
/// in the official text).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct AllowanceFact {
    /// The account.
    pub account: AccountId,
    /// What it bought.
    pub purchases: Money,
    /// What it got for promotion.
    pub allowances: Money,
}
