//! Shares of the shelf that a brand, a category or any other set of products must have or may not exceed.

use std::collections::BTreeSet;

use endcap_types::{CategoryId, Exact, Rate, RoundingMode, SkuId};

use crate::{Planogram, Problem, Product, ShelfError};

/// A share of the width of all shelves that a set of products must have and may not exceed (陈列占比约定).
///
/// `least × width ≤ Σ width of the blocks of its members ≤ most × width`, in millimetres, the lower bound rounded up and the
/// upper one down.
///
/// # Source
///
/// House rule: joint business plans and category captains agree on shares of linear shelf.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct ShareRule {
    /// What it is called in problems.
    pub name: String,
    /// The products that count.
    pub members: BTreeSet<SkuId>,
    /// From 0 % to `most`.
    pub least: Rate,
    /// To 100 %.
    pub most: Rate,
}

/// A share rule in millimetres.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Quota {
    pub(crate) least_mm: i64,
    pub(crate) most_mm: i64,
}

impl ShareRule {
    /// A rule for all products of a brand.
    #[must_use]
    pub fn of_brand(brand: &str, products: &[Product], least: Rate, most: Rate) -> Self {
        let of = products.iter().filter(|product| product.spec().brand == brand);
        Self {
            name: brand.to_owned(),
            members: of.map(|product| product.sku().clone()).collect(),
            least,
            most,
        }
    }

    /// A rule for all products of a category.
    #[must_use]
    pub fn of_category(category: &CategoryId, products: &[Product], least: Rate, most: Rate) -> Self {
        let of = products.iter().filter(|product| product.spec().category == *category);
        let members = of.map(|product| product.sku().clone()).collect();
        Self { name: category.to_string(), members, least, most }
    }

    /// The rule on so many millimetres of shelf.
    pub(crate) fn quota(&self, width_mm: i64) -> Result<Quota, ShelfError> {
        let (least, most) = (self.least.to_exact(), self.most.to_exact());
        if least.signum() < 0 || least > most || most > Exact::ONE {
            let (least, most) = (self.least.as_percent(), self.most.as_percent());
            return Err(ShelfError::ShareOutOfRange { name: self.name.clone(), least, most });
        }
        let width = Exact::from_int(i128::from(width_mm));
        let least = least.mul(&width)?.round_to_int(RoundingMode::Ceil)?;
        let most = most.mul(&width)?.round_to_int(RoundingMode::Floor)?;
        // Both lie between nothing and the width.
        let millimetres = |length: i128| i64::try_from(length).unwrap_or(width_mm);
        Ok(Quota { least_mm: millimetres(least), most_mm: millimetres(most) })
    }
}

impl Quota {
    pub(crate) fn holds(self, used_mm: i64) -> bool {
        (self.least_mm..=self.most_mm).contains(&used_mm)
    }
}

impl Planogram {
    /// Every share rule that is broken, in the order of the rules (陈列占比校验).
    ///
    /// # Errors
    ///
    /// - [`ShelfError::ShareOutOfRange`] for a rule that asks for less than nothing, more than all, or more than it allows.
    ///
    /// # Source
    ///
    /// House rule.
    pub fn validate_shares(&self, rules: &[ShareRule]) -> Result<Vec<Problem>, ShelfError> {
        let boards = self.fixture.places().map(|place| i64::from(place.board.width_mm));
        let width_mm = boards.fold(0_i64, i64::saturating_add);
        let mut problems = Vec::new();
        for rule in rules {
            let quota = rule.quota(width_mm)?;
            let own = self.placements.iter().filter(|placed| rule.members.contains(&placed.sku));
            let used = own.filter_map(|placed| self.block_mm(placed)).map(|(width, _)| width);
            let used_mm = i64::try_from(used.fold(0_u64, u64::saturating_add)).unwrap_or(i64::MAX);
            if !quota.holds(used_mm) {
                let Quota { least_mm, most_mm } = quota;
                problems.push(Problem::ShareOutOfRule {
                    name: rule.name.clone(),
                    used_mm,
                    least_mm,
                    most_mm,
                });
            }
        }
        Ok(problems)
    }
}
