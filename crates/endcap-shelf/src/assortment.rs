//! Which products to keep, list and delist when buyers of a missing product partly turn to its neighbours.

use std::collections::{BTreeMap, BTreeSet};

use endcap_types::{CategoryId, Exact, SkuId};
use rust_decimal::Decimal;

use crate::ShelfError;
use crate::facings::not_negative;
use crate::limits::MAX_CANDIDATES;

/// Where a product stands before the review (汰换前状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Listing {
    /// Listed, and must stay: a listing agreement or a core item.
    Protected,
    /// Listed.
    Listed,
    /// Proposed, not listed yet.
    Proposed,
}

/// A product under review.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "crate::read::Candidate"))]
pub struct Candidate {
    /// The product.
    pub sku: SkuId,
    /// Its category: buyers turn to products of the same one.
    pub category: CategoryId,
    /// Units asked for a week when it is listed, without what it takes over from others; not negative.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub weekly_units: Decimal,
    /// Margin of a unit in major units.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub unit_margin: Decimal,
    /// Where it stands.
    pub listing: Listing,
}

/// What the review decides (汰换决定).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Decision {
    /// Stays listed (保留).
    Keep,
    /// Is newly listed (引进).
    List,
    /// Leaves the shelf (汰除).
    Delist,
    /// Proposed, and not taken (不引进).
    Reject,
}

/// Role of a product in its category (商品角色): demand at or above the mean of the products of the category or below it, and
/// margin of a unit at or above the demand-weighted mean of the category or below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Role {
    /// Much demand, high margin (主力).
    Core,
    /// Much demand, low margin (引流).
    Traffic,
    /// Little demand, high margin (利润).
    Profit,
    /// Little demand, low margin (长尾).
    Tail,
}

/// One product after the review. `weekly units = transferred + lost` for a product not listed, exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct AssortmentLine {
    /// The product.
    pub sku: SkuId,
    /// The decision.
    pub decision: Decision,
    /// Its role.
    pub role: Role,
    /// Weekly profit of the assortment with it less without it, everything else as decided.
    pub contribution: Exact,
    /// Own demand that turns to others; nothing for a listed product.
    pub transferred: Exact,
    /// Own demand that is lost; nothing for a listed product.
    pub lost: Exact,
    /// Demand taken over from others; nothing for a product not listed.
    pub received: Exact,
}

/// The assortment decided (选品方案), with bounds on its profit.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "crate::read::Assortment"))]
pub struct Assortment {
    /// One line a product, by id. Σ transferred = Σ received.
    pub lines: Vec<AssortmentLine>,
    /// One in, one out (一进一出): each newly listed product with a delisted one of its category while there are any, the
    /// largest contribution with the smallest.
    pub swaps: Vec<(SkuId, SkuId)>,
    /// Weekly profit of the assortment.
    pub profit: Exact,
    /// No assortment of so many places earns more.
    pub upper: Exact,
}

/// Demand and profit of the listed products of a category, and all its demand.
#[derive(Debug, Clone)]
struct Sums {
    profit: Exact,
    units: Exact,
    all: Exact,
}

/// Chooses at most `places` products (选品优化): each exchange that raises profit most, until none does.
///
/// Of the demand of a product not listed, the share `transfer` turns to the listed products of its category in proportion to
/// their own demand, once; the rest is lost, and all of it where the category has no demand left. A local optimum with a
/// bound: no single listing, delisting or exchange inside the rules earns more; not claimed to be the best of all.
///
/// # Errors
///
/// - [`ShelfError::TransferOutOfRange`] outside 0 to 1, [`ShelfError::NegativeValue`] for negative units.
/// - [`ShelfError::TooManyProtected`] when the protected products need more places than there are.
/// - [`ShelfError::DuplicateProduct`], [`ShelfError::TooManyProducts`] beyond 500.
///
/// # Examples
///
/// ```
/// use endcap_shelf::{assortment, Candidate, Decision, Listing};
/// let ask = |sku: &str, units: i64, margin: &str, listing| -> Result<Candidate, Box<dyn std::error::Error>> {
///     let (category, unit_margin) = ("tea".parse()?, margin.parse()?);
///     Ok(Candidate { sku: sku.parse()?, category, weekly_units: units.into(), unit_margin, listing })
/// };
/// let review = assortment(
///     &[ask("a", 60, "1.00", Listing::Listed)?, ask("b", 20, "0.50", Listing::Listed)?, ask("c", 30, "2.00", Listing::Proposed)?],
///     2, "0.25".parse()?)?;
/// let decided: Vec<Decision> = review.lines.iter().map(|line| line.decision).collect();
/// assert_eq!(decided, [Decision::Keep, Decision::Delist, Decision::List]);
/// // 120 of their own, and five of the twenty who bought b turn to a and c, at 4/3 on average.
/// assert_eq!(review.profit.to_string(), "380/3");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Kök & Fisher, "Demand estimation and assortment optimization under substitution", Operations Research 55 (2007):
/// proportional substitution, one attempt; the search and the bound are house rules.
pub fn assortment(
    candidates: &[Candidate],
    places: usize,
    transfer: Decimal,
) -> Result<Assortment, ShelfError> {
    let review = Review::of(candidates, transfer)?;
    let mut listed = review.start(places)?;
    while let Some(better) = review.best_exchange(&listed, places)? {
        listed = better;
    }
    review.answer(&listed, places)
}

/// The products by id, and what is common to all.
struct Review<'a> {
    products: Vec<&'a Candidate>,
    transfer: Exact,
}

/// A listed set by index of product.
type Set = BTreeSet<usize>;

impl<'a> Review<'a> {
    fn of(candidates: &'a [Candidate], transfer: Decimal) -> Result<Self, ShelfError> {
        if candidates.len() > MAX_CANDIDATES {
            return Err(ShelfError::TooManyProducts { count: candidates.len(), limit: MAX_CANDIDATES });
        }
        if !(Decimal::ZERO..=Decimal::ONE).contains(&transfer) {
            return Err(ShelfError::TransferOutOfRange { value: transfer });
        }
        let mut products: Vec<&Candidate> = candidates.iter().collect();
        products.sort_by(|a, b| a.sku.cmp(&b.sku));
        for (product, next) in products.iter().zip(products.iter().skip(1)) {
            if product.sku == next.sku {
                return Err(ShelfError::DuplicateProduct { sku: product.sku.clone() });
            }
        }
        for product in &products {
            not_negative("weekly units", product.weekly_units)?;
        }
        Ok(Self { products, transfer: Exact::from_decimal(transfer) })
    }

    /// Everything listed so far, less what contributes least while there are too few places.
    fn start(&self, places: usize) -> Result<Set, ShelfError> {
        let all = self.products.iter().enumerate();
        let count = all.clone().filter(|(_, p)| p.listing == Listing::Protected).count();
        if count > places {
            return Err(ShelfError::TooManyProtected { count, places });
        }
        let mut listed: Set = all.filter(|(_, p)| p.listing != Listing::Proposed).map(|(i, _)| i).collect();
        while listed.len() > places {
            let mut best: Option<(Exact, Set)> = None;
            for out in listed.iter().filter(|index| self.may_leave(**index)) {
                self.try_set(&listed, Some(*out), None, &mut best)?;
            }
            let Some((_, set)) = best else { break };
            listed = set;
        }
        Ok(listed)
    }

    fn may_leave(&self, index: usize) -> bool {
        self.products.get(index).is_some_and(|product| product.listing != Listing::Protected)
    }

    /// The listing, delisting or exchange that raises profit most; `None` when none does.
    fn best_exchange(&self, listed: &Set, places: usize) -> Result<Option<Set>, ShelfError> {
        let mut best = Some((self.profit(listed)?, listed.clone()));
        let missing: Vec<usize> = (0..self.products.len()).filter(|index| !listed.contains(index)).collect();
        let leaving = listed.iter().filter(|index| self.may_leave(**index)).map(|index| Some(*index));
        for out in core::iter::once(None).chain(leaving) {
            if out.is_some() {
                self.try_set(listed, out, None, &mut best)?;
            }
            if out.is_some() || listed.len() < places {
                for into in &missing {
                    self.try_set(listed, out, Some(*into), &mut best)?;
                }
            }
        }
        Ok(best.map(|(_, set)| set).filter(|set| set != listed))
    }

    fn try_set(
        &self,
        listed: &Set,
        out: Option<usize>,
        into: Option<usize>,
        best: &mut Option<(Exact, Set)>,
    ) -> Result<(), ShelfError> {
        let mut set = listed.clone();
        out.iter().for_each(|out| _ = set.remove(out));
        set.extend(into);
        let profit = self.profit(&set)?;
        if best.as_ref().is_none_or(|(most, _)| profit > *most) {
            *best = Some((profit, set));
        }
        Ok(())
    }

    fn sums(&self, listed: &Set) -> Result<BTreeMap<&CategoryId, Sums>, ShelfError> {
        let mut sums: BTreeMap<&CategoryId, Sums> = BTreeMap::new();
        for (index, product) in self.products.iter().enumerate() {
            let none = || Sums { profit: Exact::ZERO, units: Exact::ZERO, all: Exact::ZERO };
            let sum = sums.entry(&product.category).or_insert_with(none);
            let units = Exact::from_decimal(product.weekly_units);
            sum.all = sum.all.add(&units)?;
            if listed.contains(&index) {
                sum.profit = sum.profit.add(&units.mul(&Exact::from_decimal(product.unit_margin))?)?;
                sum.units = sum.units.add(&units)?;
            }
        }
        Ok(sums)
    }

    /// `Σ profit × (1 + transfer × demand not listed ÷ demand listed)` over categories.
    fn profit(&self, listed: &Set) -> Result<Exact, ShelfError> {
        let mut total = Exact::ZERO;
        for sum in self.sums(listed)?.values().filter(|sum| !sum.units.is_zero()) {
            let factor = Exact::ONE.add(&self.taken_over(sum)?)?;
            total = total.add(&sum.profit.mul(&factor)?)?;
        }
        Ok(total)
    }

    /// Demand that turns to a category's listed products, for each unit of their own.
    fn taken_over(&self, sum: &Sums) -> Result<Exact, ShelfError> {
        Ok(self.transfer.mul(&sum.all.sub(&sum.units)?)?.div(&sum.units)?)
    }

    /// `(1 − transfer) × Σ of the largest own profits + transfer × Σ over categories of all demand × the largest margin`.
    fn upper(&self, places: usize) -> Result<Exact, ShelfError> {
        let mut own = Vec::with_capacity(self.products.len());
        let mut margins: BTreeMap<&CategoryId, Exact> = BTreeMap::new();
        for product in &self.products {
            let margin = Exact::from_decimal(product.unit_margin).max(Exact::ZERO);
            own.push(margin.mul(&Exact::from_decimal(product.weekly_units))?);
            let most = margins.entry(&product.category).or_insert(Exact::ZERO);
            if margin > *most {
                *most = margin;
            }
        }
        own.sort_by(|a, b| b.cmp(a));
        let mut upper = Exact::sum(own.iter().take(places))?.mul(&Exact::ONE.sub(&self.transfer)?)?;
        for (category, sum) in self.sums(&Set::new())? {
            let margin = margins.get(category).cloned().unwrap_or(Exact::ZERO);
            upper = upper.add(&self.transfer.mul(&sum.all)?.mul(&margin)?)?;
        }
        Ok(upper)
    }

    fn answer(&self, listed: &Set, places: usize) -> Result<Assortment, ShelfError> {
        let (profit, sums) = (self.profit(listed)?, self.sums(listed)?);
        let everything = self.sums(&(0..self.products.len()).collect())?;
        let mut lines = Vec::with_capacity(self.products.len());
        let mut moved: Vec<(&Candidate, Decision, Exact)> = Vec::new();
        for (index, product) in self.products.iter().enumerate() {
            let is_in = listed.contains(&index);
            let mut other = listed.clone();
            if is_in {
                other.remove(&index)
            } else {
                other.insert(index)
            };
            let other = self.profit(&other)?;
            let contribution = if is_in { profit.sub(&other)? } else { other.sub(&profit)? };
            let decision = match (is_in, product.listing) {
                (true, Listing::Proposed) => Decision::List,
                (true, _) => Decision::Keep,
                (false, Listing::Proposed) => Decision::Reject,
                (false, _) => Decision::Delist,
            };
            let units = Exact::from_decimal(product.weekly_units);
            let sum = sums.get(&product.category).filter(|sum| !sum.units.is_zero());
            let (mut transferred, mut lost, mut received) = (Exact::ZERO, Exact::ZERO, Exact::ZERO);
            match sum {
                Some(sum) if is_in => received = units.mul(&self.taken_over(sum)?)?,
                Some(_) => {
                    transferred = units.mul(&self.transfer)?;
                    lost = units.sub(&transferred)?;
                }
                None if is_in => {}
                None => lost = units,
            }
            moved.push((product, decision, contribution.clone()));
            let role = self.role(product, everything.get(&product.category))?;
            let sku = product.sku.clone();
            lines.push(AssortmentLine { sku, decision, role, contribution, transferred, lost, received });
        }
        Ok(Assortment { lines, swaps: swaps(moved), profit, upper: self.upper(places)? })
    }

    fn role(&self, product: &Candidate, category: Option<&Sums>) -> Result<Role, ShelfError> {
        let Some(sum) = category else { return Ok(Role::Tail) };
        let count = self.products.iter().filter(|other| other.category == product.category).count();
        let units = Exact::from_decimal(product.weekly_units);
        let count = Exact::from_int(i128::try_from(count).unwrap_or(i128::MAX));
        let much = units.mul(&count)? >= sum.all;
        let high = Exact::from_decimal(product.unit_margin).mul(&sum.all)? >= sum.profit;
        Ok(match (much, high) {
            (true, true) => Role::Core,
            (true, false) => Role::Traffic,
            (false, true) => Role::Profit,
            (false, false) => Role::Tail,
        })
    }
}

/// Newly listed products with delisted ones of their category.
fn swaps(mut moved: Vec<(&Candidate, Decision, Exact)>) -> Vec<(SkuId, SkuId)> {
    moved.sort_by(|a, b| a.2.cmp(&b.2).then(a.0.sku.cmp(&b.0.sku)));
    let of = |wanted: Decision| move |all: &&(&Candidate, Decision, Exact)| all.1 == wanted;
    let mut out: Vec<&Candidate> = moved.iter().filter(of(Decision::Delist)).map(|all| all.0).collect();
    let mut swaps = Vec::new();
    for (into, _, _) in moved.iter().rev().filter(of(Decision::List)) {
        if let Some(at) = out.iter().position(|product| product.category == into.category) {
            swaps.push((into.sku.clone(), out.remove(at).sku.clone()));
        }
    }
    swaps
}
