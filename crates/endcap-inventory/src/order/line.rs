//! The result of the kernel for one SKU in one store.

use endcap_types::Language;

use super::reason::{Basis, Reason, ReasonKind, pieces};

/// How a suggested order ended (订货结果).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Outcome {
    /// Something is ordered and nothing was cut.
    Ordered,
    /// The stock suffices, or the need rounds to no case.
    #[default]
    NothingNeeded,
    /// A cap cut the order.
    Capped,
    /// A cap leaves less than one case: nothing is ordered.
    CapBelowCase,
    /// A cap leaves less than the minimum order: nothing is ordered.
    CapBelowMinimum,
    /// The need is below the minimum order and the rule is not to lift it.
    BelowMinimum,
    /// The counts contradict each other: nothing is ordered.
    DataConflict,
}

impl Outcome {
    /// The words for one language.
    #[must_use]
    pub const fn words(self, language: Language) -> &'static str {
        let (english, chinese) = match self {
            Self::Ordered => ("ordered", "订货"),
            Self::NothingNeeded => ("nothing needed", "无需订货"),
            Self::Capped => ("cut by a cap", "受上限削减"),
            Self::CapBelowCase => ("cap below one case", "上限不足一箱"),
            Self::CapBelowMinimum => ("cap below the minimum order", "上限低于最小订货量"),
            Self::BelowMinimum => ("need below the minimum order", "需求低于最小订货量"),
            Self::DataConflict => ("data conflict, count the stock", "数据矛盾,请盘点"),
        };
        match language {
            Language::En => english,
            Language::Zh => chinese,
        }
    }
}

/// Terms in the order of application; the first is named by the basis.
pub(crate) const TERMS: usize = 14;

const KINDS: [ReasonKind; TERMS] = [
    ReasonKind::Cover,
    ReasonKind::Safety,
    ReasonKind::Backorder,
    ReasonKind::Promotion,
    ReasonKind::OnHand,
    ReasonKind::Unusable,
    ReasonKind::InTransit,
    ReasonKind::WholePiece,
    ReasonKind::Floor,
    ReasonKind::CaseRound,
    ReasonKind::Minimum,
    ReasonKind::Pallet,
    ReasonKind::OrderCap,
    ReasonKind::ShelfCapacity,
];

/// One suggested order (建议订单行), in pieces, with the terms that add up to it. No allocation inside.
///
/// # Source
///
/// House rule: the sum of the terms is the quantity, exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct OrderLine {
    pub(crate) basis: Basis,
    pub(crate) outcome: Outcome,
    pub(crate) quantity: i64,
    pub(crate) unmet: i64,
    pub(crate) terms: [i64; TERMS],
}

impl OrderLine {
    /// What to order, in pieces: zero or a multiple of the case.
    #[must_use]
    pub const fn quantity(&self) -> i64 {
        self.quantity
    }
    /// The need that stays unmet, in pieces.
    #[must_use]
    pub const fn unmet(&self) -> i64 {
        self.unmet
    }
    /// How the order ended.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }
    /// How the demand was given.
    #[must_use]
    pub const fn basis(&self) -> Basis {
        self.basis
    }

    /// The reasons that are not zero, in the order of application; they add up to the quantity.
    pub fn reasons(&self) -> impl Iterator<Item = Reason> + '_ {
        self.terms().map(|(kind, quantity)| Reason { kind, quantity }).filter(|reason| reason.quantity != 0)
    }

    pub(crate) fn terms(&self) -> impl Iterator<Item = (ReasonKind, i64)> + '_ {
        let first = match self.basis {
            Basis::Rate | Basis::Forecast => ReasonKind::Cover,
            Basis::Target => ReasonKind::Target,
            Basis::SalesMultiple => ReasonKind::SalesMultiple,
        };
        let kinds = core::iter::once(first).chain(KINDS.into_iter().skip(1));
        kinds.zip(self.terms.iter().copied())
    }

    /// The signed quantity of one kind, in pieces; zero when it did not apply.
    #[must_use]
    pub fn reason(&self, kind: ReasonKind) -> i64 {
        self.terms().find(|(k, _)| *k == kind).map_or(0, |(_, quantity)| quantity)
    }

    /// The order and its reasons in words, on one line.
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_inventory::{suggest_all, Column, Demand, Language, OrderColumns, OrderOptions};
    /// let demand = Demand::Rate {
    ///     sold: Column::Same(125),
    ///     sold_days: Column::Same(10),
    ///     lead_days: Column::Same(3),
    ///     review_days: Column::Same(7),
    /// };
    /// let columns = OrderColumns { case_pack: Column::Same(6), ..OrderColumns::new(&[80], demand) };
    /// let lines = suggest_all(&columns, &OrderOptions::default())?;
    /// assert_eq!(
    ///     lines[0].explain(Language::En),
    ///     "order 48 pieces = demand over lead time and review interval +125, stock on hand −80, to whole cases +3"
    /// );
    /// assert_eq!(lines[0].explain(Language::Zh), "建议订货48件 = 提前期与订货周期需求 +125,现有库存 −80,凑整箱 +3");
    /// # Ok::<(), endcap_inventory::InventoryError>(())
    /// ```
    #[must_use]
    pub fn explain(&self, language: Language) -> String {
        let (head, comma) = match language {
            Language::En => (format!("order {}", pieces(self.quantity)), ", "),
            Language::Zh => (format!("建议订货{}件", self.quantity), ","),
        };
        let reasons: Vec<String> = self.reasons().map(|reason| reason.text(language)).collect();
        let mut text = if reasons.is_empty() { head } else { format!("{head} = {}", reasons.join(comma)) };
        if self.outcome != Outcome::Ordered {
            text.push_str(match language {
                Language::En => "; ",
                Language::Zh => ";",
            });
            text.push_str(self.outcome.words(language));
        }
        if self.unmet != 0 {
            text.push_str(&match language {
                Language::En => format!(", {} unmet", pieces(self.unmet)),
                Language::Zh => format!(",未满足{}件", self.unmet),
            });
        }
        text
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for OrderLine {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut fields = serializer.serialize_struct("OrderLine", 4)?;
        fields.serialize_field("quantity", &self.quantity)?;
        fields.serialize_field("outcome", &self.outcome)?;
        fields.serialize_field("unmet", &self.unmet)?;
        fields.serialize_field("reasons", &self.reasons().collect::<Vec<Reason>>())?;
        fields.end()
    }
}
