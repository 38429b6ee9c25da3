//! [`ClaimSheet`]: what follows from a reconciliation: what to claim, what to book, what to wait for.

use chrono::NaiveDate;
use endcap_types::{DocumentId, Money};

use super::claim_rules::DisputeRules;
use super::claims::Claim;
use super::line::{EntryKind, Side};
use super::report::{LineClass, LineResult, ReconReport};
use crate::{Language, SettlementError};

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident $code:literal $en:literal $zh:literal;)*) => {
        /// 索赔原因: why an amount is claimed; the code is what goes on paper.
        ///
        /// # Source
        /// House rule; reasons follow the classes of [`LineClass`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
        pub enum ClaimReason {
            $($(#[$doc])* $name,)*
        }

        impl ClaimReason {
            /// Every reason.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

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

reasons! {
    /// 价差.
    Price "PRICE" "booked at a lower price" "价差";
    /// 量差.
    Quantity "QTY" "booked with a smaller quantity" "量差";
    /// 对方未入账.
    NotBooked "NOBOOK" "not in their books" "对方未入账";
    /// 我方无记录.
    NotOurs "NOTOURS" "a return, payment or adjustment we have no record of" "我方无记录";
    /// 重复扣减.
    Duplicate "DUP" "taken twice" "重复扣减";
    /// 期间错误.
    WrongPeriod "PERIOD" "booked in the wrong period" "期间错误";
    /// 未知单品.
    UnknownSku "SKU" "of an SKU the account does not know" "未知单品";
    /// 未知门店.
    UnknownStore "STORE" "of a store the account does not know" "未知门店";
    /// 无依据扣款.
    NoClause "NOCLAUSE" "deducted without an agreed clause" "无依据扣款";
    /// 超条款扣款.
    BeyondClause "OVER" "deducted beyond its clause" "超条款扣款";
}

/// 索赔基础: what a claim is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum ClaimBasis {
    /// 单价: the price of the same quantity.
    Price,
    /// 数量: the quantity.
    Quantity,
    /// 金额: the amount as a whole.
    Amount,
}

impl ClaimReason {
    /// What a claim for this reason is about.
    #[must_use]
    pub const fn basis(self) -> ClaimBasis {
        match self {
            Self::Price => ClaimBasis::Price,
            Self::Quantity => ClaimBasis::Quantity,
            _ => ClaimBasis::Amount,
        }
    }
}

/// 拟索赔项: one amount to claim, tax included and positive.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct ClaimProposal {
    /// In whose books the line is.
    pub side: Side,
    /// The line it is about.
    pub line: DocumentId,
    /// The line of the other side it is paired with.
    pub partner: Option<DocumentId>,
    /// Why.
    pub reason: ClaimReason,
    /// What it is about.
    pub basis: ClaimBasis,
    /// How much.
    pub amount: Money,
}

impl ClaimProposal {
    /// 提出索赔: the claim, made on `opened` under the deadlines of the account.
    ///
    /// # Errors
    /// As [`Claim::open`].
    pub fn open(
        &self,
        id: DocumentId,
        opened: NaiveDate,
        rules: DisputeRules,
    ) -> Result<Claim, SettlementError> {
        Claim::open(id, self.amount, opened, rules)
    }
}

/// 索赔清单: where every part of the difference between the balances goes.
///
/// `our balance − their balance = claimed + to_book + tolerated + waiting − in_our_favour`.
///
/// # Source
/// House rule. That the undisputed part is paid while claims are open: 保障中小企业款项支付条例 (2025), Art. 15.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct ClaimSheet {
    /// What to claim, in the order of the report.
    pub claims: Vec<ClaimProposal>,
    /// 索赔合计: the sum of the claims.
    pub claimed: Money,
    /// 我方待调整: authorised deductions we have not booked, and our own duplicates to take out.
    pub to_book: Money,
    /// 容差: small differences that are let go.
    pub tolerated: Money,
    /// 未达: what the other side will book in another period; below zero when it booked more.
    pub waiting: Money,
    /// 对我方有利: they book more than we do; theirs to object to.
    pub in_our_favour: Money,
    /// 无争议金额: to be paid meanwhile, whatever becomes of the claims.
    pub payable_meanwhile: Money,
}

/// What becomes of one difference.
enum Fate {
    Claim(ClaimReason, Money),
    ToBook,
    Tolerated,
    Waiting,
}

impl ReconReport {
    /// 索赔清单: what to claim of the other side, seen as the supplier whose books are ours.
    ///
    /// Where they book less than we do, the difference is claimed, except what is in transit, within tolerance, agreed by
    /// a clause, or our own repeated line. A deduction beyond its clause is claimed for the part beyond.
    ///
    /// # Errors
    /// - [`SettlementError::Types`] when a sum is out of range.
    ///
    /// # Examples
    /// ```
    /// use endcap_calendar::{Period, dates};
    /// use endcap_settlement::reconcile::*;
    /// use endcap_types::{Currency, DocumentId, Money};
    /// let yuan = |text: &str| Money::parse(text, Currency::CNY);
    /// let line = |id: &str, kind, amount: &str| -> Result<LedgerLine, Box<dyn std::error::Error>> {
    ///     Ok(LedgerLine::new(DocumentId::new(id)?, kind, dates::ymd(2025, 6, 10)?, yuan(amount)?))
    /// };
    /// let ours = [line("D1", EntryKind::Delivery, "1000.00")?];
    /// let theirs = [line("R1", EntryKind::Delivery, "1000.00")?, line("K1", EntryKind::Deduction, "-300.00")?];
    /// let rules = ReconRules::new(Period::month(2025, 6)?, Currency::CNY);
    /// let sheet = reconcile(&ours, &theirs, &rules)?.claim_sheet()?;
    /// assert_eq!(sheet.claims[0].reason, ClaimReason::NoClause);
    /// assert_eq!(sheet.claimed, yuan("300.00")?);
    /// assert_eq!(sheet.payable_meanwhile, yuan("1000.00")?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Source
    /// As [`ClaimSheet`].
    pub fn claim_sheet(&self) -> Result<ClaimSheet, SettlementError> {
        let zero = Money::zero(self.currency);
        let mut sheet = ClaimSheet {
            claims: Vec::new(),
            claimed: zero,
            to_book: zero,
            tolerated: zero,
            waiting: zero,
            in_our_favour: zero,
            payable_meanwhile: self.undisputed,
        };
        for (result, difference) in self.differences()? {
            if difference.is_zero() {
                continue;
            }
            match fate(result, difference) {
                Fate::Tolerated => sheet.tolerated = sheet.tolerated.checked_add(&difference)?,
                Fate::Waiting => sheet.waiting = sheet.waiting.checked_add(&difference)?,
                _ if difference.is_negative() => {
                    sheet.in_our_favour = sheet.in_our_favour.checked_sub(&difference)?;
                }
                Fate::ToBook => sheet.to_book = sheet.to_book.checked_add(&difference)?,
                Fate::Claim(reason, most) => {
                    let amount = difference.smaller(&most)?;
                    sheet.claimed = sheet.claimed.checked_add(&amount)?;
                    sheet.to_book = sheet.to_book.checked_add(&difference.checked_sub(&amount)?)?;
                    let (side, line) = (result.side, result.line.clone());
                    let (partner, basis) = (result.partner.clone(), reason.basis());
                    sheet.claims.push(ClaimProposal { side, line, partner, reason, basis, amount });
                }
            }
        }
        Ok(sheet)
    }

    /// What each pair and each lone line adds to `our balance − their balance`; a pair stands under our line.
    pub(super) fn differences(&self) -> Result<Vec<(&LineResult, Money)>, SettlementError> {
        let mut differences = Vec::new();
        let theirs: std::collections::BTreeMap<&DocumentId, &LineResult> = self
            .lines
            .iter()
            .filter(|result| result.side == Side::Theirs)
            .map(|result| (&result.line, result))
            .collect();
        for result in &self.lines {
            let difference = match (result.side, &result.partner) {
                (Side::Ours, None) => result.counted,
                (Side::Ours, Some(partner)) => {
                    let booked = theirs.get(partner).map(|partner| partner.counted);
                    result.counted.checked_sub(&booked.unwrap_or(Money::zero(self.currency)))?
                }
                (Side::Theirs, None) => result.counted.negated(),
                (Side::Theirs, Some(_)) => continue,
            };
            differences.push((result, difference));
        }
        Ok(differences)
    }
}

fn fate(result: &LineResult, difference: Money) -> Fate {
    let claim = |reason| Fate::Claim(reason, difference);
    match (&result.class, result.side) {
        (LineClass::Matched | LineClass::MatchedWithinTolerance { .. }, _) => Fate::Tolerated,
        (LineClass::CutOffTiming { .. }, _) => Fate::Waiting,
        (LineClass::PriceVariance { .. }, _) => claim(ClaimReason::Price),
        (LineClass::QtyVariance { .. }, _) => claim(ClaimReason::Quantity),
        (LineClass::Duplicate { .. }, Side::Theirs) => claim(ClaimReason::Duplicate),
        (LineClass::Duplicate { .. }, Side::Ours) => Fate::ToBook,
        (LineClass::OnlyOurs, _) => claim(ClaimReason::NotBooked),
        // An agreed deduction that we have not booked yet.
        (LineClass::OnlyTheirs, _) if result.kind == EntryKind::Deduction => Fate::ToBook,
        (LineClass::OnlyTheirs, _) => claim(ClaimReason::NotOurs),
        (LineClass::WrongPeriod, _) => claim(ClaimReason::WrongPeriod),
        (LineClass::UnknownSku, _) => claim(ClaimReason::UnknownSku),
        (LineClass::UnknownStore, _) => claim(ClaimReason::UnknownStore),
        (LineClass::UnauthorisedDeduction, _) => claim(ClaimReason::NoClause),
        (LineClass::AmountExceedsClause { excess }, Side::Theirs) => {
            Fate::Claim(ClaimReason::BeyondClause, *excess)
        }
        (LineClass::AmountExceedsClause { .. }, Side::Ours) => claim(ClaimReason::BeyondClause),
    }
}
