//! [`Contract`]: checked terms between one supplier and one account.

use endcap_calendar::{PaymentTerms, Period};
use endcap_types::{
    AccountId, ContractId, Currency, Money, Rate, Rounding, SkuId, TaxBasis, TypesError, vat::TaxSite,
};
use rust_decimal::Decimal;

use crate::{
    Catalogue, Clause, GoodsVat, Method, Problem, Scope, SettlementError, Stack, TaxRule, goods_vat, validate,
};

/// 合同文本: the terms as written, not yet checked.
///
/// Amounts are plain decimals in major units of `currency`, rates carry their unit (`"22%"`), periods may be written
/// closed (`"2025-01-01..=2025-12-31"`) or by name (`"2025"`), payment terms in the language of
/// [`PaymentTerms`](endcap_calendar::PaymentTerms).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct ContractTerms {
    /// The id.
    pub id: ContractId,
    /// The account.
    pub account: AccountId,
    /// The currency of every amount.
    pub currency: Currency,
    /// Days in force.
    pub valid: Period,
    /// Goods the contract is about.
    #[cfg_attr(feature = "serde", serde(default))]
    pub scope: Scope,
    /// When payment is due.
    pub payment_terms: PaymentTerms,
    /// VAT of the goods that `goods_vat_by` does not name.
    pub goods_vat: Rate,
    /// VAT of part of the goods; the most specific wins.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub goods_vat_by: Vec<GoodsVat>,
    /// VAT of the retailer's services.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub service_vat: Option<Rate>,
    /// Whether the amounts of facts and prices contain VAT.
    #[cfg_attr(feature = "serde", serde(default = "crate::clause::inclusive"))]
    pub amounts: TaxBasis,
    /// Where the VAT of the goods invoice is rounded.
    #[cfg_attr(feature = "serde", serde(default))]
    pub tax_site: TaxSite,
    /// How amounts are rounded; tax is rounded in the same mode to the minor unit.
    #[cfg_attr(feature = "serde", serde(default))]
    pub rounding: Rounding,
    /// How goods are settled.
    pub method: Method,
    /// Stacks of clauses.
    #[cfg_attr(feature = "serde", serde(default))]
    pub stacks: Vec<Stack>,
    /// Trade terms.
    #[cfg_attr(feature = "serde", serde(default))]
    pub clauses: Vec<Clause>,
}

impl ContractTerms {
    /// Every broken rule, in the order of the document; none when the terms are sound.
    ///
    /// # Examples
    /// See [`Contract`].
    #[must_use]
    pub fn validate(&self) -> Vec<Problem> {
        validate::problems(self)
    }
}

/// 合同: terms that break no rule.
///
/// # Examples
/// ```
/// # #[cfg(feature = "serde")] {
/// use endcap_settlement::{Contract, ContractTerms};
/// let text = r#"
///     id = "C-2025-017"
///     account = "WANYUE"
///     currency = "CNY"
///     valid = "2025"
///     payment_terms = "from(statement_confirmed);days(45)"
///     goods_vat = "13%"
///
///     [method.turnover_deduction]
///     rate = "22%"
///
///     [[clauses]]
///     id = "card"
///     kind = "card_fee"
///     rule = { percent = { of = "turnover", rate = "0.6%" } }
///     settle = "payment_deduct"
///     tax = "service"
/// "#;
/// let terms: ContractTerms = toml::from_str(text).unwrap();
/// assert_eq!(terms.validate().len(), 1);
/// assert_eq!(
///     terms.validate()[0].to_string(),
///     "clauses[card].tax: service VAT is used, but `service_vat` is not stated"
/// );
/// // `Contract` takes only sound terms.
/// assert!(toml::from_str::<Contract>(text).is_err());
/// let sound = text.replace("goods_vat", "service_vat = \"6%\"\ngoods_vat");
/// let contract: Contract = toml::from_str(&sound).unwrap();
/// assert_eq!(contract.terms().clauses.len(), 1);
/// # }
/// ```
///
/// # Source
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "ContractTerms", into = "ContractTerms"))]
pub struct Contract {
    terms: ContractTerms,
}

impl Contract {
    /// Checks the terms.
    ///
    /// # Errors
    /// - [`SettlementError::InvalidContract`] with every broken rule.
    pub fn new(terms: ContractTerms) -> Result<Self, SettlementError> {
        let problems = terms.validate();
        if problems.is_empty() {
            Ok(Self { terms })
        } else {
            Err(SettlementError::InvalidContract { problems })
        }
    }

    /// The terms.
    #[must_use]
    pub const fn terms(&self) -> &ContractTerms {
        &self.terms
    }

    /// The id.
    #[must_use]
    pub const fn id(&self) -> &ContractId {
        &self.terms.id
    }

    /// The account.
    #[must_use]
    pub const fn account(&self) -> &AccountId {
        &self.terms.account
    }

    /// The currency.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.terms.currency
    }

    /// 商品税率: the VAT rate of one SKU's goods.
    ///
    /// # Errors
    /// - [`SettlementError::UnknownProduct`] when a rate is for a brand or category and the SKU has no product record.
    ///
    /// # Examples
    /// See [`GoodsVat`].
    ///
    /// # Source
    /// As [`GoodsVat`].
    pub fn goods_vat_of(&self, sku: &SkuId, catalogue: &Catalogue<'_>) -> Result<Rate, SettlementError> {
        goods_vat::rate_of(&self.terms, sku, catalogue)
    }

    /// The VAT rate a tax rule means in this contract; for goods, the rate of those that `goods_vat_by` does not name.
    #[must_use]
    pub fn vat_of(&self, rule: &TaxRule) -> Rate {
        match rule {
            TaxRule::Goods => self.terms.goods_vat,
            // Checked terms state a service rate wherever it is used.
            TaxRule::Service => self.terms.service_vat.unwrap_or(Rate::ZERO),
            TaxRule::Rate(rate) => *rate,
            TaxRule::OutOfScope => Rate::ZERO,
        }
    }

    /// An amount written in the contract as money.
    pub(crate) fn money(&self, amount: Decimal) -> Result<Money, TypesError> {
        Money::from_decimal(amount, self.terms.currency)
    }

    /// Rounding of tax: the contract's mode, to the minor unit.
    pub(crate) const fn tax_rounding(&self) -> Rounding {
        Rounding::new(self.terms.rounding.mode())
    }
}

impl TryFrom<ContractTerms> for Contract {
    type Error = SettlementError;

    fn try_from(terms: ContractTerms) -> Result<Self, SettlementError> {
        Self::new(terms)
    }
}

impl From<Contract> for ContractTerms {
    fn from(contract: Contract) -> Self {
        contract.terms
    }
}
