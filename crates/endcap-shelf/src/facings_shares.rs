//! Facings on one run of shelf with shares of its width agreed.

use endcap_types::Currency;

use crate::facings::{answer, classes};
use crate::mmkp::{Budget, Item, solve};
use crate::quota::Quota;
use crate::{FacingPlan, FacingRequest, ShareRule, ShelfError};

/// The most profitable facings on one run of shelf that keep agreed shares of its width (占比约束的排面优化).
///
/// As [`plan_facings`](crate::plan_facings), and for every rule `least × width ≤ Σ widths of its members ≤ most × width`: a
/// knapsack of several capacities. A share of at least so much is a capacity on what its members leave of the most they could
/// take.
///
/// # Errors
///
/// - As [`plan_facings`](crate::plan_facings), but for the width: [`ShelfError::SharesOutOfReach`] when nothing keeps the width
///   and the shares together.
/// - [`ShelfError::NothingFound`] when the budget ran out before facings were found, [`ShelfError::ShareOutOfRange`].
///
/// # Examples
///
/// ```
/// use endcap_shelf::{mmkp::Budget, plan_facings_with_shares, FacingRequest, FacingRule, ProfitCurve, ShareRule, SpaceElasticity};
/// use endcap_types::{Currency, Rate, SkuId};
/// let ask = |sku: &str, weekly: i64, margin: &str| -> Result<FacingRequest, Box<dyn std::error::Error>> {
///     Ok(FacingRequest {
///         sku: SkuId::new(sku)?, width_mm: 70, units_per_facing: 4, weekly_units: weekly.into(), unit_margin: margin.parse()?,
///         appeal: 1.into(), curve: ProfitCurve::SpaceElastic(SpaceElasticity::TYPICAL), rule: FacingRule::default(),
///     })
/// };
/// let asks = [ask("cola", 90, "0.80")?, ask("tea", 40, "1.60")?, ask("house", 60, "0.50")?];
/// // The house brand has 40 % of the metre at least: six facings of 70 mm.
/// let house = ShareRule { name: "house".into(), members: ["house".parse()?].into(), least: "40%".parse()?, most: "100%".parse()? };
/// let plan = plan_facings_with_shares(&asks, 1_000, Currency::CNY, (&[house], &Budget::default()))?;
/// let facings: Vec<u32> = plan.lines.iter().map(|line| line.facings).collect();
/// assert_eq!((facings, plan.certificate.gap()), (vec![4, 4, 6], 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Kellerer, Pferschy, Pisinger, *Knapsack Problems* (2004), ch. 9 and 11; shares as capacities: house rule.
pub fn plan_facings_with_shares(
    requests: &[FacingRequest],
    width_mm: i64,
    currency: Currency,
    (shares, budget): (&[ShareRule], &Budget),
) -> Result<FacingPlan, ShelfError> {
    let classes = classes(requests, currency)?;
    if width_mm < 0 {
        return Err(ShelfError::NegativeCapacity { capacity: width_mm });
    }
    let out_of_reach = || {
        let names = shares.iter().map(|rule| rule.name.clone()).collect();
        ShelfError::SharesOutOfReach { names }
    };
    let mut capacities = vec![width_mm];
    for rule in shares {
        let Quota { least_mm, most_mm } = rule.quota(width_mm)?;
        let members =
            requests.iter().zip(&classes).filter(|(request, _)| rule.members.contains(&request.sku));
        let widest = members.map(|(_, class)| widest(class)).fold(0_i64, i64::saturating_add);
        let spare = widest.saturating_sub(least_mm);
        if spare < 0 {
            return Err(out_of_reach());
        }
        capacities.extend([most_mm, spare]);
    }
    let items = requests.iter().zip(&classes).map(|(request, class)| {
        let widest = widest(class);
        let item = |(_, item): &(u32, crate::mckp::Item)| {
            let each = shares.iter().flat_map(|rule| {
                let counts = rule.members.contains(&request.sku);
                if counts { [item.width, widest.saturating_sub(item.width)] } else { [0, 0] }
            });
            Item { uses: core::iter::once(item.width).chain(each).collect(), profit: item.profit }
        };
        class.iter().map(item).collect()
    });
    let items: Vec<Vec<Item>> = items.collect();
    let best = match solve(&items, &capacities, budget) {
        Err(ShelfError::NothingFits) => return Err(out_of_reach()),
        other => other?,
    };
    answer(requests, &classes, &best.choice, (currency, best.certificate))
}

fn widest(class: &[(u32, crate::mckp::Item)]) -> i64 {
    class.iter().map(|(_, item)| item.width).max().unwrap_or(0)
}
