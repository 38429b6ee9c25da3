//! What a number in a trace is, with its names in both languages.

use chrono::NaiveDate;

use crate::ClauseKind;

macro_rules! whats {
    ($($name:ident $word:literal $en:literal $zh:literal;)*) => {
        /// 科目: what a number in a trace is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
        #[non_exhaustive]
        pub enum What {
            $(#[doc = concat!($zh, ": ", $en, ".")] $name,)*
        }

        impl What {
            /// Every subject.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The word used in documents.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// The English name.
            #[must_use]
            pub const fn name_en(self) -> &'static str {
                match self { $(Self::$name => $en,)* }
            }

            /// The Chinese name.
            #[must_use]
            pub const fn name_zh(self) -> &'static str {
                match self { $(Self::$name => $zh,)* }
            }
        }
    };
}

whats! {
    Delivery "delivery" "delivery" "送货";
    Return "return" "return to supplier" "退货";
    Sale "sale" "till sale" "实销";
    SaleQuantity "sale_quantity" "quantity sold" "实销数量";
    DeliveryQuantity "delivery_quantity" "quantity delivered" "送货数量";
    ReturnQuantity "return_quantity" "quantity returned" "退货数量";
    LayerValue "layer_value" "value of the delivery" "批次进价金额";
    LayerQuantity "layer_quantity" "quantity of the delivery" "批次数量";
    TakenQuantity "taken_quantity" "quantity taken from the layer" "批次出库数量";
    Occasions "occasions" "occasions" "次数";
    Stores "stores" "stores" "门店数";
    Funding "funding" "promotion money" "促销支持款";
    Advance "advance" "advance" "预付款";
    Adjustment "adjustment" "adjustment" "调整";
    Rate "rate" "rate" "费率";
    FixedAmount "fixed_amount" "amount per period" "每期金额";
    UnitAmount "unit_amount" "amount per unit" "单位金额";
    SupplyPrice "supply_price" "supply price" "供价";
    VatRate "vat_rate" "VAT rate" "增值税率";
    Floor "floor" "floor" "下限";
    Cap "cap" "cap" "上限";
    DaysCovered "days_covered" "days covered" "实际天数";
    DaysOfPeriod "days_of_period" "days of the period" "全期天数";
    GuaranteeAmount "guarantee_amount" "guarantee of the cycle" "周期保底额";
    Guarantee "guarantee" "guarantee" "保底额";
    GuaranteeBefore "guarantee_before" "guarantee measured before" "前期保底基数";
    Carry "carry" "excess carried forward" "结转超额";
    ChargedBefore "charged_before" "charged before" "前期已扣";
    PostedBefore "posted_before" "posted before" "前期已结";
    MeasuredBefore "measured_before" "measured before" "前期基数";
    GrossPurchases "gross_purchases" "gross purchases" "毛进货额";
    NetPurchases "net_purchases" "net purchases" "净进货额";
    Turnover "turnover" "turnover" "流水";
    PurchasedQuantity "purchased_quantity" "quantity purchased" "净进货量";
    SoldQuantity "sold_quantity" "quantity sold" "实销量";
    Cumulative "cumulative" "cumulative base" "累计基数";
    WithoutTax "without_tax" "base without VAT" "未税基数";
    Remainder "remainder" "base left by earlier clauses" "前项扣除后基数";
    Band "band" "tier" "阶梯档";
    Entitlement "entitlement" "entitlement" "应计金额";
    Prorated "prorated" "prorated" "按天折算";
    Floored "floored" "not below the floor" "不低于下限";
    Capped "capped" "not above the cap" "不高于上限";
    StackCapLeft "stack_cap_left" "left of the common cap" "共享上限余额";
    Shortfall "shortfall" "shortfall" "保底差额";
    Charge "charge" "charge at the guarantee rate" "保底应扣";
    Excess "excess" "turnover above the guarantee" "超额流水";
    UpToGuarantee "up_to_guarantee" "turnover up to the guarantee" "保底内流水";
    Loss "loss" "value of missing stock" "盘亏金额";
    SupplierShare "supplier_share" "borne by the supplier" "供方承担";
    LayerPart "layer_part" "part of the layer" "批次结算额";
    DeliveredGoods "delivered_goods" "goods delivered" "到货金额";
    ReturnedGoods "returned_goods" "goods returned" "退货金额";
    SoldGoods "sold_goods" "goods sold" "实销货款";
    ShrinkCharge "shrink_charge" "missing stock paid by the retailer" "损耗赔付";
    TurnoverLine "turnover_line" "turnover settled" "流水货款";
    Commission "commission" "commission" "扣点";
    Rent "rent" "rent" "租金";
    TopUp "top_up" "guarantee top-up" "保底补差";
    Clause "clause" "clause" "条款";
    Tax "tax" "VAT inside" "税额";
    Goods "goods" "goods" "货款";
    OnInvoice "on_invoice" "discount on the invoice" "票折";
    InvoiceDeduct "invoice_deduct" "deducted before invoicing" "票扣";
    Invoice "invoice" "invoice" "开票金额";
    InvoiceTax "invoice_tax" "VAT of the invoice" "开票税额";
    PaymentDeduct "payment_deduct" "deducted from the payment" "账扣";
    Advances "advances" "advances" "预付款合计";
    Adjustments "adjustments" "adjustments" "调整合计";
    Payment "payment" "payment" "应付金额";
    Separate "separate" "settled separately" "单独结算";
    TagPrice "tag_price" "tag price" "吊牌额";
    TillDiscount "till_discount" "discount at the till" "收银折扣";
    TenderPaid "tender_paid" "paid by tender" "支付金额";
    TenderVoid "tender_void" "void part of the tender" "支付虚值";
    TenderFee "tender_fee" "fee of the tender" "支付手续费";
    TurnoverBase "turnover_base" "turnover that bears commission" "计扣流水";
    DiscountShare "discount_share" "shared discount borne by the supplier" "供方承担折扣";
    PeerTurnover "peer_turnover" "turnover of the peer counter" "同柜流水";
    Multiple "multiple" "multiple" "倍数";
    AboveGuarantee "above_guarantee" "commission above the guarantee paid at the start" "超保底扣点";
    Reference "reference" "reference of the growth" "基期数";
    Increment "increment" "increment over the reference" "增长额";
    GrowthShare "growth_share" "growth" "增长率";
    BandRate "band_rate" "rate of the tier reached" "达成档费率";
    FlatAmount "flat_amount" "flat amount of the tier" "档位定额";
    FullMultiples "full_multiples" "full multiples" "满足倍数";
    PerMultiple "per_multiple" "free units per multiple" "每倍搭赠量";
    FreeQuantity "free_quantity" "free units" "搭赠数量";
    Deferred "deferred" "goods left unpaid as base stock" "铺底额";
    OldPrice "old_price" "price before the cut" "原供价";
    NewPrice "new_price" "price after the cut" "新供价";
    OnHandQuantity "on_hand_quantity" "stock on hand" "在手库存";
    PriceCut "price_cut" "credit for the price cut" "价格保护额";
    AdvanceLeft "advance_left" "balance of the advance" "预付款余额";
    PayableLeft "payable_left" "left to pay before the advance" "预付前应付";
    NextThreshold "next_threshold" "next threshold" "下一档起点";
    Missing "missing" "missing to the next threshold" "距下一档";
    MarginalValue "marginal_value" "gained at the next threshold" "达档增益";
    OnHold "on_hold" "on hold until evidence arrives" "待凭证";
    Markup "markup" "mark-up" "加价率";
    NotChosen "not_chosen" "not chosen, a larger amount wins" "取高未用";
    OurLine "our_line" "line in our books" "我方账目";
    TheirLine "their_line" "line in their books" "对方账目";
    NotCounted "not_counted" "not booked in the period" "本期未入账";
    Difference "difference" "difference" "差额";
    Agreed "agreed" "agreed part" "一致部分";
    ClauseTaken "clause_taken" "deduction taken" "已扣条款金额";
    ClauseUsed "clause_used" "taken under the clause" "条款累计已扣";
    ClauseLimit "clause_limit" "limit of the clause" "条款额度";
    BeyondClause "beyond_clause" "beyond the clause" "超条款金额";
    OurBalance "our_balance" "our balance" "我方余额";
    TheirBalance "their_balance" "their balance" "对方余额";
    BridgeRow "bridge_row" "row of the bridge" "调节项";
    Residual "residual" "residual" "未解释差额";
    Undisputed "undisputed" "undisputed amount" "无争议金额";
    Claim "claim" "claim" "索赔额";
    PaidQuantity "paid_quantity" "quantity paid" "应付数量";
    OrderPrice "order_price" "price of the order" "订单单价";
    BillPrice "bill_price" "price of the bill" "发票单价";
    Billed "billed" "bill" "发票金额";
    Payable "payable" "payable" "核准应付";
    Principal "principal" "principal" "本金";
    PartPaid "part_paid" "part payment" "部分付款";
    OpenPrincipal "open_principal" "open principal" "未付本金";
    YearlyInterest "yearly_interest" "interest of a year" "年息";
    DailyInterest "daily_interest" "interest of a day" "日息";
    DaysLate "days_late" "days charged" "计息天数";
    DaysOfYear "days_of_year" "days of the year" "年天数";
    YearPart "year_part" "part of a year" "年分数";
    SegmentInterest "segment_interest" "interest of the days" "分段利息";
    LateInterest "late_interest" "late interest" "逾期利息";
    Receipt "receipt" "receipt" "收款";
    OpenItem "open_item" "open item" "未清项";
    OpenInterest "open_interest" "open interest" "未付利息";
    Applied "applied" "applied" "核销额";
    ToInterest "to_interest" "applied to interest" "核销利息";
    ToPrincipal "to_principal" "applied to principal" "核销本金";
    LeftToApply "left_to_apply" "left to apply" "待核销余额";
    CreditUsed "credit_used" "credit notes used" "已用贷项";
    Unapplied "unapplied" "not applied" "未核销";
    AgeBucket "age_bucket" "balance of the age bucket" "账龄段余额";
    Balance "balance" "balance" "余额";
    LossRate "loss_rate" "loss rate" "损失率";
    BucketProvision "bucket_provision" "provision of the bucket" "账龄段准备";
    Provision "provision" "provision" "坏账准备";
    ExposurePart "exposure_part" "component of the exposure" "敞口构成";
    Exposure "exposure" "exposure" "信用敞口";
    CreditLimit "credit_limit" "credit limit" "信用额度";
    Headroom "headroom" "headroom" "剩余额度";
    DunningFee "dunning_fee" "fee of the reminder" "催款费";
    DunningTotal "dunning_total" "asked for by the reminder" "催款金额";
    Receivable "receivable" "receivables" "应收账款";
    NotDue "not_due" "not due yet" "未到期应收";
    CreditSales "credit_sales" "credit sales" "赊销额";
    SalesCounted "sales_counted" "sales counted back" "倒推销售额";
    DaysSalesOutstanding "days_sales_outstanding" "days sales outstanding" "应收账款周转天数";
    BestPossibleDays "best_possible_days" "best possible days" "最佳周转天数";
    DaysDelinquent "days_delinquent" "average days delinquent" "平均逾期天数";
    DaysCounted "days_counted" "days counted back" "倒推天数";
    Unexplained "unexplained" "older than the months given" "超出所给月份";
    LateDebt "late_debt" "late debt" "逾期债务";
    Compensation "compensation" "fixed compensation" "追偿补偿";
}

/// 标注: what a number is, of which record, on which day.
///
/// # Source
/// House rule: every number of a trace can be named in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Subject {
    /// What it is.
    pub what: What,
    /// The kind of clause, for amounts of clauses.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub kind: Option<ClauseKind>,
    /// The record or rule it belongs to; empty when there is only one.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "String::is_empty"))]
    pub of: String,
    /// The day, for facts.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub on: Option<NaiveDate>,
}

impl Subject {
    /// A number of the statement as a whole.
    #[must_use]
    pub const fn new(what: What) -> Self {
        Self { what, kind: None, of: String::new(), on: None }
    }

    /// A number of one record or rule.
    #[must_use]
    pub fn of(what: What, record: impl core::fmt::Display) -> Self {
        Self { what, kind: None, of: record.to_string(), on: None }
    }

    /// A number of one record on one day.
    #[must_use]
    pub fn fact(what: What, record: impl core::fmt::Display, on: NaiveDate) -> Self {
        Self { what, kind: None, of: record.to_string(), on: Some(on) }
    }

    /// An amount of a clause.
    #[must_use]
    pub fn clause(kind: ClauseKind, clause: impl core::fmt::Display) -> Self {
        Self { what: What::Clause, kind: Some(kind), of: clause.to_string(), on: None }
    }
}
