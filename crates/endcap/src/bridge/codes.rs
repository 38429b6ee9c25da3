//! Which ledger account takes what.

use std::collections::BTreeMap;

use endcap_settlement::{ClauseKind, ClauseNature, LineKind};
use endcap_types::{ClauseId, Rate};

use super::{FeeTreatment, Presentation};

/// Codes of the ledger accounts the bridges post to (记账科目).
///
/// The default fits [`endcap_ledger::chart::key_account_supplier`]: price-linked terms lower revenue, services a chain
/// renders are selling expenses. A contract whose consideration is to be treated otherwise overrides its kinds.
///
/// # Source
///
/// IFRS 15.70–72 and CAS 14 §19: consideration payable to a customer lowers revenue unless it pays for a distinct
/// service. The codes are those of the default chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Codes {
    /// Control account of open items (应收账款).
    pub receivable: String,
    /// Bank (银行存款).
    pub bank: String,
    /// Sales (主营业务收入).
    pub sales: String,
    /// Output VAT (销项税额).
    pub output_vat: String,
    /// Input VAT (进项税额).
    pub input_vat: String,
    /// What is owed to a key account apart from its statements (其他应付款).
    pub payable: String,
    /// Advances of key accounts (预收账款).
    pub advances: String,
    /// Goods in stock (库存商品).
    pub stock: String,
    /// Goods at consigned accounts (发出商品).
    pub dispatched: String,
    /// Cost of sales (主营业务成本).
    pub cost_of_sales: String,
    /// Stock losses (盘亏).
    pub losses: String,
    /// Rebates, as a reduction of sales (返利冲减).
    pub rebates: String,
    /// Consideration payable to customers, as a reduction of sales (应付客户对价).
    pub consideration: String,
    /// Adjustments of statements (结算调整).
    pub adjustments: String,
    /// Codes of kinds of lines that differ from the default.
    pub overrides: BTreeMap<LineKind, String>,
    /// Whether commission, top-up and rent are expenses or lower sales.
    pub presentation: Presentation,
    /// What the contract says of single fees, by clause; without an entry the account of the kind bears the fee.
    pub treatments: BTreeMap<ClauseId, FeeTreatment>,
    /// The VAT in adjustments.
    pub adjustment_vat: AdjustmentVat,
}

/// The VAT that adjustments of a statement contain (结算调整税额).
///
/// # Source
///
/// 国税发〔2006〕1279号: a change of the price of goods is documented by a (red) VAT invoice at the rate of the goods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AdjustmentVat {
    /// A change of price at the rates of the goods of the statement, in proportion to them where there are several; a
    /// statement without goods has no rate, and its adjustments are outside VAT.
    #[default]
    OfGoods,
    /// A change of price at this rate.
    At(Rate),
    /// Outside VAT, such as a penalty or a rounding of the payment.
    Outside,
}

impl Default for Codes {
    fn default() -> Self {
        Self {
            receivable: "1122".to_owned(),
            bank: "1002".to_owned(),
            sales: "6001".to_owned(),
            output_vat: "2221.01".to_owned(),
            input_vat: "2221.02".to_owned(),
            payable: "2241".to_owned(),
            advances: "2203".to_owned(),
            stock: "1405".to_owned(),
            dispatched: "1406".to_owned(),
            cost_of_sales: "6401".to_owned(),
            losses: "6601.09".to_owned(),
            rebates: "6001.01".to_owned(),
            consideration: "6001.02".to_owned(),
            adjustments: "6001.04".to_owned(),
            overrides: BTreeMap::new(),
            presentation: Presentation::Gross,
            treatments: BTreeMap::new(),
            adjustment_vat: AdjustmentVat::OfGoods,
        }
    }
}

impl Codes {
    /// The account that bears a line of this kind, without tax; goods that are not named here are sales.
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap::bridge::Codes;
    /// use endcap::settlement::{ClauseKind, LineKind};
    ///
    /// let display = LineKind::Clause(ClauseKind::Display);
    /// let mut codes = Codes::default();
    /// assert_eq!(codes.bearing(display), "6601.03"); // a service of the chain: selling expense
    /// // Our display fee buys nothing we could buy elsewhere: it lowers revenue instead.
    /// codes.overrides.insert(display, "6001.02".to_owned());
    /// assert_eq!(codes.bearing(display), "6001.02");
    /// ```
    ///
    /// # Source
    ///
    /// IFRS 15.70–72: a fee for a distinct service is an expense, any other lowers revenue; which it is, is judged by
    /// contract, and the default goes by the kind.
    #[must_use]
    pub fn bearing(&self, kind: LineKind) -> &str {
        if let Some(code) = self.overrides.get(&kind) {
            return code;
        }
        match kind {
            LineKind::ReturnedGoods => "6001.03",
            LineKind::Commission | LineKind::TopUp | LineKind::Rent | LineKind::AboveGuarantee => {
                match self.presentation {
                    Presentation::Gross => "6601.02",
                    Presentation::Net => &self.sales,
                }
            }
            LineKind::DiscountShare => &self.consideration,
            LineKind::Adjustment => &self.adjustments,
            LineKind::Clause(clause) => match clause {
                ClauseKind::Display => "6601.03",
                ClauseKind::Entry | ClauseKind::Listing => "6601.04",
                ClauseKind::Leaflet => "6601.06",
                ClauseKind::Logistics => "6601.08",
                ClauseKind::Promoter => "6601.12",
                ClauseKind::PromotionFunding | ClauseKind::PriceProtection | ClauseKind::Damage => {
                    &self.consideration
                }
                // Goods left unpaid until the contract ends count as not sold, like goods that came back.
                ClauseKind::BaseStock => "6001.03",
                _ => match clause.nature() {
                    ClauseNature::PriceLinked => &self.rebates,
                    ClauseNature::Loss => &self.consideration,
                    ClauseNature::Penalty => "6601.10",
                    ClauseNature::Service => "6601",
                },
            },
            _ => &self.sales,
        }
    }

    /// The account that takes the VAT of a deduction that leaves the invoice whole: a price-linked one lowers our output
    /// VAT with a red invoice; a service, and what a counter costs, brings an invoice of the chain and input VAT.
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap::bridge::Codes;
    /// use endcap::settlement::{ClauseKind, LineKind};
    ///
    /// let codes = Codes::default();
    /// assert_eq!(codes.vat_of(LineKind::Clause(ClauseKind::Rebate)), "2221.01");
    /// assert_eq!(codes.vat_of(LineKind::Clause(ClauseKind::Leaflet)), "2221.02");
    /// assert_eq!(codes.vat_of(LineKind::Commission), "2221.02");
    /// ```
    ///
    /// # Source
    ///
    /// 国税发〔2004〕136号: refunds linked to quantity or amount sold change the price of the goods, other charges of a
    /// retailer are services.
    #[must_use]
    pub fn vat_of(&self, kind: LineKind) -> &str {
        match kind {
            LineKind::Commission | LineKind::TopUp | LineKind::Rent | LineKind::AboveGuarantee => {
                &self.input_vat
            }
            LineKind::Clause(clause) if clause.nature() == ClauseNature::Service => &self.input_vat,
            _ => &self.output_vat,
        }
    }
}
