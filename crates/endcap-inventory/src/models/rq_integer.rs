//! Reorder point and fixed order in whole pieces, continuous review, any counting demand: exact.
#![allow(clippy::float_arithmetic, reason = "a statistics module: costs of a model are f64")]

use super::cost_table::CostTable;
use super::num::{float, not_negative, positive};
use super::{Distribution, ModelError, UnitCosts};

/// A stock of whole pieces reviewed at any moment (整数连续盘点).
#[derive(Debug, Clone, PartialEq)]
pub struct PieceReview {
    /// Holding and shortage cost a piece and unit of time.
    pub costs: UnitCosts,
    /// Fixed cost of an order.
    pub fixed: f64,
    /// Demand of one unit of time, arriving piece by piece (Poisson is the exact case).
    pub demand: Distribution,
    /// Lead time.
    pub lead: f64,
}

/// A reorder point and an order in whole pieces (订货点与订货量), with the expected cost per unit of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PiecePlan {
    /// Order when the position falls to this; may be negative.
    pub reorder: i64,
    /// Pieces an order.
    pub quantity: i64,
    /// `Kλ/Q`.
    pub ordering: f64,
    /// Holding and shortage.
    pub stock: f64,
}

impl PiecePlan {
    /// Expected cost, money per unit of time.
    #[must_use]
    pub fn cost(&self) -> f64 {
        self.ordering + self.stock
    }
}

impl PieceReview {
    fn lead_demand(&self) -> Result<Distribution, ModelError> {
        not_negative("fixed cost", self.fixed)?;
        not_negative("lead time", self.lead)?;
        positive("mean demand", self.demand.mean())?;
        self.demand.over(self.lead)
    }

    /// Expected cost of a pair: `(Kλ + Σ_{y=r+1}^{r+Q} g(y))/Q`.
    ///
    /// # Errors
    ///
    /// - [`ModelError::NotPositive`] for the quantity; [`ModelError::NotFinite`], [`ModelError::Negative`],
    ///   [`ModelError::NoSolution`] for demand that is not in whole pieces.
    ///
    /// # Source
    ///
    /// Hadley and Whitin 1963; Snyder and Shen, §5.4.
    pub fn cost_of(&self, reorder: i64, quantity: i64) -> Result<PiecePlan, ModelError> {
        positive("order quantity", float(quantity))?;
        super::num::signed("reorder point", float(reorder))?;
        if quantity > 10_000_000 {
            return Err(ModelError::TooLarge {
                what: "order quantity",
                value: u64::try_from(quantity).unwrap_or(u64::MAX),
                limit: 10_000_000,
            });
        }
        let demand = self.lead_demand()?;
        let mut stock = 0.0;
        for y in reorder.saturating_add(1)..=reorder.saturating_add(quantity) {
            stock += self.costs.of(demand.loss(float(y))?);
        }
        Ok(PiecePlan {
            reorder,
            quantity,
            ordering: self.fixed * self.demand.mean() / float(quantity),
            stock: stock / float(quantity),
        })
    }

    /// The best pair (最优订货点与订货量), exactly: the `Q` smallest values of `g` lie side by side.
    ///
    /// Levels are added, the cheaper neighbour first, while the next one costs less than the average so far.
    ///
    /// # Errors
    ///
    /// - As [`PieceReview::cost_of`].
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_inventory::models::{rq_integer::PieceReview, Distribution, UnitCosts};
    /// let stock = PieceReview {
    ///     costs: UnitCosts::new(20.0, 150.0)?, fixed: 100.0, demand: Distribution::poisson(1.5)?, lead: 2.0,
    /// };
    /// let plan = stock.optimum()?;
    /// assert_eq!((plan.reorder, plan.quantity), (3, 5));
    /// assert!((plan.cost() - 107.923_580_633_149_75).abs() < 1e-9);
    /// # Ok::<(), endcap_inventory::models::ModelError>(())
    /// ```
    ///
    /// # Source
    ///
    /// Federgruen and Zheng 1992, "An efficient algorithm for computing an optimal (r,Q) policy", Operations Research.
    pub fn optimum(&self) -> Result<PiecePlan, ModelError> {
        let demand = self.lead_demand()?;
        let mut table = CostTable::new(&self.costs, &demand)?;
        let set_up = self.fixed * self.demand.mean();
        let (mut low, mut high) = (table.best(), table.best());
        let mut sum = table.at(low);
        let mut quantity = 1.0_f64;
        let (mut below, mut above) = (table.at(low.saturating_sub(1)), table.at(high.saturating_add(1)));
        while below.min(above) < (set_up + sum) / quantity {
            if below < above {
                sum += below;
                low = low.saturating_sub(1);
                below = table.at(low.saturating_sub(1));
            } else {
                sum += above;
                high = high.saturating_add(1);
                above = table.at(high.saturating_add(1));
            }
            quantity += 1.0;
        }
        Ok(PiecePlan {
            reorder: low.saturating_sub(1),
            quantity: high.saturating_sub(low).saturating_add(1),
            ordering: set_up / quantity,
            stock: sum / quantity,
        })
    }
}
