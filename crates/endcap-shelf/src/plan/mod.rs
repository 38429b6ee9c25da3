//! From products and furniture to a planogram with a proof of quality.
//!
//! | step | file | what happens |
//! |---|---|---|
//! | 1 | `choices` | for every product and shelf: does it fit, how many facings may it have, what does each earn |
//! | 2 | here | all shelves joined into one and every product on its best one: a knapsack that no plan can beat |
//! | 3 | `dual` | a price for the width of each kind of shelf: a sharper bound, and advice where to put what |
//! | 4 | `pack` | products put on shelves, best earners first and nearest eye level, brands kept in one segment |
//! | 5 | `improve` | facings of each shelf made exact; products moved and swapped while that earns more |
//! | 6 | `exact` | the whole as one knapsack of several capacities: shares are kept there, and small plans proven |
//! | 7 | `gather` | brands and categories brought together where that costs no more than allowed |
//! | 8 | `arrange` | brand blocks in one order on all shelves, left to right |

mod arrange;
mod choices;
mod dual;
mod exact;
mod gather;
mod improve;
mod pack;

use std::collections::BTreeMap;

use endcap_types::{Currency, Rate, SkuId, Unrounded};

use crate::facings::money;
use crate::limits::MAX_PRODUCTS;
use crate::mckp::{Budget, Item, Selection, solve};
use crate::{Certificate, Fixture, Planogram, Product, ShareRule, ShelfError, mmkp};
use choices::Choices;

/// What a plan is made for, and how much work it may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanOptions {
    /// Currency of the unit margins.
    pub currency: Currency,
    /// Budget of each knapsack.
    pub budget: Budget,
    /// Most moves and swaps tried; each solves one or two small knapsacks.
    pub max_trials: u32,
    /// Share of the profit that may be given up to bring brands and categories together; not negative.
    pub block_tolerance: Rate,
    /// Shares of the width of all shelves to keep.
    pub shares: Vec<ShareRule>,
    /// Budget of the knapsack over all shelves at once, which proves small plans and keeps shares.
    pub several: mmkp::Budget,
}

impl PlanOptions {
    /// The default budget, 20,000 trials, no profit given up for blocks, no shares, and twenty million prices for the proof.
    #[must_use]
    pub fn new(currency: Currency) -> Self {
        Self {
            currency,
            budget: Budget::default(),
            max_trials: 20_000,
            block_tolerance: Rate::ZERO,
            shares: Vec::new(),
            several: mmkp::Budget { max_nodes: 20_000, max_prices: 20_000_000 },
        }
    }
}

/// What one product got, and what it earns by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanLine {
    /// The product.
    pub sku: SkuId,
    /// Facings; 0 for delisted.
    pub facings: u32,
    /// Units its place holds.
    pub capacity_units: u64,
    /// Weekly profit at these facings on this shelf.
    pub profit: Unrounded,
}

/// A planogram, what it earns, and how far from the best it can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShelfPlan {
    /// What stands where; it validates without problems.
    pub planogram: Planogram,
    /// One line a product, in the order given; their profits add up to `profit`.
    pub lines: Vec<PlanLine>,
    /// Products left out, in the order given.
    pub delisted: Vec<SkuId>,
    /// Σ weekly profits.
    pub profit: Unrounded,
    /// Bounds in profit units, a millionth of a minor unit. The upper one joins all shelves into one and puts every product on
    /// its best shelf, so it holds for every plan with one block a product.
    pub certificate: Certificate,
}

/// Facings and places for all products of a fixture (陈列方案).
///
/// `max Σ profit_i(f_i, shelf_i)`: one block a product, on a shelf high and deep enough; widths fit each shelf; facings keep each
/// product's rule; products of one brand and category stand together. Facings on a shelf are exact for the products on it;
/// which product goes on which shelf is found by bounded search, and the certificate says what that may have cost.
///
/// # Errors
///
/// - [`ShelfError::FitsNowhere`], [`ShelfError::FacingsOutOfReach`] listing every product that must be stocked and cannot be.
/// - [`ShelfError::TooNarrow`] when what must be stocked is wider than all shelves together,
///   [`ShelfError::NoPlacementFound`] when it is not but does not go on them.
/// - [`ShelfError::SharesOutOfReach`] when no plan keeps the shares, [`ShelfError::NothingFound`] when the budget ran out before
///   one was found, [`ShelfError::TooManyChoices`], [`ShelfError::ShareOutOfRange`].
/// - [`ShelfError::DuplicateProduct`], [`ShelfError::TooManyProducts`], [`ShelfError::CurveTooShort`],
///   [`ShelfError::ProfitOutOfRange`].
///
/// # Examples
///
/// ```
/// use endcap_shelf::{plan, Fixture, FixtureSpec, Notches, PlanOptions, Product, ProductSpec, Segment, Shelf, SizeMm, Status};
/// use endcap_types::{CategoryId, Currency, Rounding, SkuId};
/// let shelf = |appeal: &str| -> Result<Shelf, Box<dyn std::error::Error>> {
///     Ok(Shelf::board(420, 300, 400).with_appeal(appeal.parse()?))
/// };
/// let fixture = Fixture::new(FixtureSpec {
///     name: "端架".into(), base_mm: 150, board_mm: 30, headroom_mm: 20,
///     segments: vec![Segment { name: "A".into(), shelves: vec![shelf("0.8")?, shelf("1")?, shelf("1.2")?], notches: Notches::None }],
/// })?;
/// let product = |sku: &str, brand: &str, weekly: i64, margin: &str| -> Result<Product, Box<dyn std::error::Error>> {
///     let size = SizeMm { width: 70, height: 220, depth: 70 };
///     let spec = ProductSpec::new(SkuId::new(sku)?, format!("{brand} {sku}"), brand, CategoryId::new("饮料")?, size);
///     Ok(Product::new(ProductSpec { weekly_units: weekly.into(), unit_margin: margin.parse()?, ..spec })?)
/// };
/// let products = vec![
///     product("cola", "红", 90, "0.80")?, product("lemon", "红", 30, "0.90")?,
///     product("tea", "绿", 40, "1.60")?, product("water", "蓝", 120, "0.30")?,
/// ];
/// let best = plan(&fixture, &products, &PlanOptions::new(Currency::CNY))?;
/// assert!(best.planogram.validate().is_empty());
/// // 18 places of 70 mm: cola and tea, the best earners, at eye level.
/// let shelves: Vec<(&str, usize, u32)> =
///     best.planogram.placements.iter().map(|p| (p.sku.as_str(), p.shelf, p.facings)).collect();
/// assert_eq!(shelves, [("lemon", 0, 6), ("water", 1, 6), ("cola", 2, 3), ("tea", 2, 3)]);
/// assert_eq!(best.profit.round(&Rounding::HALF_AWAY)?.to_string(), "CNY 274.82");
/// assert_eq!(best.certificate.status(), Status::Optimal);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Hansen & Heinsbroek (1979) with one shelf factor a level; bound by surrogate relaxation (Glover 1968): one width constraint
/// in place of many can only allow more.
pub fn plan(fixture: &Fixture, products: &[Product], options: &PlanOptions) -> Result<ShelfPlan, ShelfError> {
    if products.len() > MAX_PRODUCTS {
        return Err(ShelfError::TooManyProducts { count: products.len(), limit: MAX_PRODUCTS });
    }
    let choices = Choices::of(fixture, products, options.currency)?.with_shares(&options.shares)?;
    let (bound, target) = relaxation(&choices, &options.budget)?;

    let start = improve::filled(&choices, pack::pack(&choices, &target)?, &options.budget)?;
    let earned = improve::total(&choices, &start);
    let dual = dual::descend(fixture, &choices, bound.certificate.upper(), earned);
    let mut upper = dual.upper;
    let mut layout = improve::improve(&choices, start, upper, &options.budget, options.max_trials / 2);
    if let Some(priced) = pack::by_prices(&choices, &dual.prices) {
        let priced = improve::filled(&choices, priced, &options.budget)?;
        let priced = improve::improve(&choices, priced, upper, &options.budget, options.max_trials / 2);
        if improve::total(&choices, &priced) > improve::total(&choices, &layout) {
            layout = priced;
        }
    }
    if options.shares.is_empty() {
        let lower = improve::total(&choices, &layout);
        if lower < upper && exact::is_small(&choices) {
            match exact::solve(&choices, &options.several, Some(lower))? {
                exact::Answer::Better(better, proof) => {
                    layout = better;
                    upper = upper.min(proof.upper());
                }
                exact::Answer::AtMost(most) => upper = upper.min(most),
                exact::Answer::TooLarge(_) | exact::Answer::Nothing => {}
            }
        }
    } else {
        (layout, upper) = shared(&choices, upper, options)?;
    }
    gather::gather(&choices, &mut layout, options)?;

    let placements = arrange::arrange(fixture, products, &choices, &layout);
    let capacities: BTreeMap<&SkuId, u64> =
        placements.iter().map(|placement| (&placement.sku, placement.capacity_units())).collect();
    let mut lines = Vec::with_capacity(products.len());
    let mut total = 0_i64;
    for (index, product) in products.iter().enumerate() {
        let facings = layout.facings(index);
        let units = layout.profit(&choices, index);
        total = total.saturating_add(units);
        lines.push(PlanLine {
            sku: product.sku().clone(),
            facings,
            capacity_units: capacities.get(product.sku()).copied().unwrap_or(0),
            profit: money(units, options.currency)?,
        });
    }
    let delisted = lines.iter().filter(|line| line.facings == 0).map(|line| line.sku.clone()).collect();
    let planned = placements.iter().map(|p| (p.sku.clone(), p.facings)).collect();
    let planogram = Planogram { fixture: fixture.clone(), products: products.to_vec(), planned, placements };
    Ok(ShelfPlan {
        planogram,
        lines,
        delisted,
        profit: money(total, options.currency)?,
        certificate: Certificate::new(total, upper),
    })
}

/// A layout that keeps all shares, and what none exceeds.
fn shared(
    choices: &Choices,
    upper: i64,
    options: &PlanOptions,
) -> Result<(improve::Layout, i64), ShelfError> {
    match exact::solve(choices, &options.several, None)? {
        exact::Answer::Better(layout, proof) => {
            let upper = upper.min(proof.upper());
            Ok((improve::improve(choices, layout, upper, &options.budget, options.max_trials / 2), upper))
        }
        exact::Answer::TooLarge(uses) => Err(ShelfError::TooManyChoices { uses, limit: exact::MAX_USES }),
        exact::Answer::Nothing | exact::Answer::AtMost(_) => {
            let names = options.shares.iter().map(|rule| rule.name.clone()).collect();
            Err(ShelfError::SharesOutOfReach { names })
        }
    }
}

/// All shelves joined into one, each product free to stand on the best: its optimum, and the facings in it.
fn relaxation(choices: &Choices, budget: &Budget) -> Result<(Selection, Vec<u32>), ShelfError> {
    let mut classes: Vec<Vec<Item>> = Vec::with_capacity(choices.products.len());
    let mut facings: Vec<Vec<u32>> = Vec::with_capacity(choices.products.len());
    for product in &choices.products {
        let all = product.hidden.map(|item| (0, item)).into_iter();
        let all = all.chain(product.kinds.iter().flat_map(|kind| kind.options.iter().copied()));
        let (counts, items) = all.unzip();
        facings.push(counts);
        classes.push(items);
    }
    let bound = solve(&classes, choices.total_width(), budget)?;
    let target = facings.iter().zip(&bound.choice).map(|(counts, choice)| counts.get(*choice).copied());
    let target = target.map(|count| count.unwrap_or(0)).collect();
    Ok((bound, target))
}
