//! Safety stock in a supply tree with guaranteed service times.
#![allow(clippy::float_arithmetic, reason = "a statistics module: costs of a model are f64")]

use super::super::ModelError;
use super::super::num::{float_len, not_negative, positive};
use super::guaranteed_table::{Limits, Parent, Solved, summed};

/// What a stage promises its outside customers (对外承诺).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Customers {
    /// It has none.
    None,
    /// Demand with this deviation a unit of time, served within `service_time`.
    Promised {
        /// Longest time quoted.
        service_time: u32,
        /// Deviation of demand.
        sd: f64,
    },
}

/// One stage (环节), times in whole units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SupplyStage {
    /// Holding cost a piece and unit of time.
    pub holding: f64,
    /// Processing time.
    pub processing: u32,
    /// Time quoted by an outside supplier; zero without one.
    pub supplier_time: u32,
    /// Its outside customers.
    pub customers: Customers,
}

/// A supply tree (供应树): `links` lead from supplier to customer stage, both numbered from 0.
#[derive(Debug, Clone, PartialEq)]
pub struct SupplyTree {
    /// The stages.
    pub stages: Vec<SupplyStage>,
    /// Supplier and customer of each link; together they connect all stages without a circle.
    pub links: Vec<(usize, usize)>,
    /// Safety factor `k`: demand stays within mean + `k` deviations.
    pub factor: f64,
}

/// Service times of all stages and the cost of their safety stock (服务时间方案), per unit of time.
#[derive(Debug, Clone, PartialEq)]
pub struct ServicePlan {
    /// Time each stage quotes its customers.
    pub service_times: Vec<u32>,
    /// Net replenishment time each stage covers with stock.
    pub net_times: Vec<u32>,
    /// Safety stock of each stage, pieces.
    pub safety: Vec<f64>,
    /// Its holding cost.
    pub cost: f64,
}

/// Longest path of processing times accepted.
const MAX_TIME: usize = 4_000;

impl SupplyTree {
    fn check(&self) -> Result<(), ModelError> {
        if self.stages.is_empty() {
            return Err(ModelError::Empty { what: "stages" });
        }
        positive("safety factor", self.factor)?;
        for stage in &self.stages {
            not_negative("holding cost", stage.holding)?;
            if let Customers::Promised { sd, .. } = stage.customers {
                not_negative("deviation", sd)?;
            }
        }
        let stages = self.stages.len();
        for &(from, to) in &self.links {
            for stage in [from, to] {
                if stage >= stages {
                    return Err(ModelError::UnknownStage { stage, stages });
                }
            }
        }
        if self.links.len().saturating_add(1) != stages {
            return Err(ModelError::NotATree { why: "it needs one link less than stages" });
        }
        Ok(())
    }

    /// Suppliers and customers of each stage.
    #[allow(clippy::type_complexity, reason = "two adjacency lists")]
    fn neighbours(&self) -> (Vec<Vec<usize>>, Vec<Vec<usize>>) {
        let mut suppliers = vec![Vec::new(); self.stages.len()];
        let mut customers = vec![Vec::new(); self.stages.len()];
        for &(from, to) in &self.links {
            if let Some(list) = suppliers.get_mut(to) {
                list.push(from);
            }
            if let Some(list) = customers.get_mut(from) {
                list.push(to);
            }
        }
        (suppliers, customers)
    }

    /// Stages so that each has at most one neighbour further on: leaves are taken off one by one.
    fn leaf_order(&self) -> Result<Vec<(usize, Option<usize>)>, ModelError> {
        let (suppliers, customers) = self.neighbours();
        let around = |stage: usize| {
            let of = |lists: &Vec<Vec<usize>>| lists.get(stage).cloned().unwrap_or_default();
            let mut all = of(&suppliers);
            all.extend(of(&customers));
            all
        };
        let mut degree: Vec<usize> = (0..self.stages.len()).map(|stage| around(stage).len()).collect();
        let mut done = vec![false; self.stages.len()];
        let mut leaves: std::collections::BTreeSet<usize> =
            degree.iter().enumerate().filter(|(_, d)| **d <= 1).map(|(stage, _)| stage).collect();
        let mut order = Vec::with_capacity(self.stages.len());
        while let Some(stage) = leaves.pop_first() {
            if let Some(flag) = done.get_mut(stage) {
                *flag = true;
            }
            let parent = around(stage).into_iter().find(|next| done.get(*next) == Some(&false));
            if let Some(parent) = parent
                && let Some(d) = degree.get_mut(parent)
            {
                *d = d.saturating_sub(1);
                if *d <= 1 {
                    leaves.insert(parent);
                }
            }
            order.push((stage, parent));
        }
        if order.len() != self.stages.len()
            || order.iter().filter(|(_, parent)| parent.is_none()).count() != 1
        {
            return Err(ModelError::NotATree { why: "its links form a circle" });
        }
        Ok(order)
    }

    /// Deviation of each stage's demand, `σ_j² = Σ σ²` of its customers, and its longest replenishment time.
    fn spreads(
        &self,
        order: &[usize],
        suppliers: &[Vec<usize>],
    ) -> Result<(Vec<f64>, Vec<usize>), ModelError> {
        let mut variance: Vec<f64> = self
            .stages
            .iter()
            .map(|stage| match stage.customers {
                Customers::Promised { sd, .. } => sd * sd,
                Customers::None => 0.0,
            })
            .collect();
        // `order` runs from suppliers to customers: longest times forwards, variances backwards.
        let mut longest = vec![0_usize; self.stages.len()];
        for &stage in order {
            let Some(own) = self.stages.get(stage) else { continue };
            let inbound = suppliers.get(stage).into_iter().flatten();
            let wait = inbound.filter_map(|from| longest.get(*from)).max().copied().unwrap_or(0);
            let wait = wait.max(usize::try_from(own.supplier_time).unwrap_or(usize::MAX));
            let total = wait.saturating_add(usize::try_from(own.processing).unwrap_or(usize::MAX));
            if total > MAX_TIME {
                let as_u64 = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
                return Err(ModelError::TooLarge {
                    what: "longest replenishment time",
                    value: as_u64(total),
                    limit: as_u64(MAX_TIME),
                });
            }
            if let Some(slot) = longest.get_mut(stage) {
                *slot = total;
            }
        }
        for &stage in order.iter().rev() {
            let add = variance.get(stage).copied().unwrap_or(0.0);
            for from in suppliers.get(stage).into_iter().flatten() {
                if let Some(slot) = variance.get_mut(*from) {
                    *slot += add;
                }
            }
        }
        Ok((variance.into_iter().map(f64::sqrt).collect(), longest))
    }

    /// Stages from suppliers to customers.
    fn downstream_order(&self) -> Result<Vec<usize>, ModelError> {
        let (suppliers, customers) = self.neighbours();
        let mut waiting: Vec<usize> = suppliers.iter().map(Vec::len).collect();
        let mut ready: Vec<usize> =
            waiting.iter().enumerate().filter(|(_, n)| **n == 0).map(|(stage, _)| stage).collect();
        let mut order = Vec::with_capacity(self.stages.len());
        while let Some(stage) = ready.pop() {
            order.push(stage);
            for &to in customers.get(stage).into_iter().flatten() {
                if let Some(n) = waiting.get_mut(to) {
                    *n = n.saturating_sub(1);
                    if *n == 0 {
                        ready.push(to);
                    }
                }
            }
        }
        if order.len() == self.stages.len() {
            Ok(order)
        } else {
            Err(ModelError::NotATree { why: "its links form a circle" })
        }
    }

    /// The cheapest service times (最优承诺服务时间), by dynamic programming over the tree in O(N·M²).
    ///
    /// Stage `j` covers `τ_j = SI_j + T_j − S_j ≥ 0` with `k·σ_j·√τ_j` pieces; `SI_j` is the longest time of its suppliers.
    /// Among equal plans: the shortest times on the side solved last.
    ///
    /// # Errors
    ///
    /// - [`ModelError::Empty`], [`ModelError::NotATree`], [`ModelError::UnknownStage`], [`ModelError::TooLarge`] for a
    ///   path above 4,000 units; [`ModelError::NotPositive`], [`ModelError::Negative`], [`ModelError::NotFinite`].
    ///
    /// # Source
    ///
    /// Graves and Willems 2000, "Optimizing strategic safety stock placement in supply chains".
    pub fn optimum(&self) -> Result<ServicePlan, ModelError> {
        self.check()?;
        let (suppliers, customers) = self.neighbours();
        let leaves = self.leaf_order()?;
        let (sigma, longest) = self.spreads(&self.downstream_order()?, &suppliers)?;
        let most = longest.iter().max().copied().unwrap_or(0).saturating_add(1);
        let roots: Vec<f64> = (0..=most).map(|time| float_len(time).sqrt()).collect();
        let mut solved: Vec<Option<Solved>> = (0..self.stages.len()).map(|_| None).collect();
        for &(stage, parent) in &leaves {
            let Some(own) = self.stages.get(stage) else { continue };
            let at = |list: &[usize]| list.get(stage).copied().unwrap_or(0);
            let side = match parent {
                None => Parent::Root,
                Some(parent) if customers.get(stage).is_some_and(|list| list.contains(&parent)) => {
                    Parent::Downstream
                }
                Some(_) => Parent::Upstream,
            };
            let around = |lists: &[Vec<usize>]| -> Vec<usize> {
                let list = lists.get(stage).cloned().unwrap_or_default();
                list.into_iter().filter(|next| Some(*next) != parent).collect()
            };
            let scale = own.holding * self.factor * sigma.get(stage).copied().unwrap_or(0.0);
            let time = usize::try_from(own.processing).unwrap_or(usize::MAX);
            let limit = Limits {
                inbound_min: usize::try_from(own.supplier_time).unwrap_or(usize::MAX),
                inbound_max: at(&longest).saturating_sub(time),
                outbound_max: match own.customers {
                    Customers::Promised { service_time, .. } => {
                        usize::try_from(service_time).unwrap_or(usize::MAX)
                    }
                    Customers::None => usize::MAX,
                },
                time,
            };
            let ups = summed(&around(&suppliers), &solved, limit.inbound_max.saturating_add(1));
            let downs = summed(
                &around(&customers),
                &solved,
                limit.inbound_max.saturating_add(time).saturating_add(1),
            );
            let table = limit.solve(side, scale, &roots, &ups, &downs);
            if let Some(slot) = solved.get_mut(stage) {
                *slot = Some(table);
            }
        }
        Ok(self.trace(&leaves, &solved, &sigma, &suppliers, &customers))
    }

    /// Reads the plan back from the root.
    fn trace(
        &self,
        leaves: &[(usize, Option<usize>)],
        solved: &[Option<Solved>],
        sigma: &[f64],
        suppliers: &[Vec<usize>],
        customers: &[Vec<usize>],
    ) -> ServicePlan {
        // (inbound, outbound) of each stage.
        let mut times: Vec<(usize, usize)> = vec![(0, 0); self.stages.len()];
        for &(stage, parent) in leaves.iter().rev() {
            let Some(Some(own)) = solved.get(stage) else { continue };
            let parent_times = parent.and_then(|parent| times.get(parent)).copied();
            let pair = match (parent_times, parent) {
                (Some((inbound, _)), Some(parent))
                    if customers.get(stage).is_some_and(|list| list.contains(&parent)) =>
                {
                    // Any quoted time up to what the parent waits for anyway.
                    let place = inbound.min(own.best.len().saturating_sub(1));
                    let quoted = own.best.get(place).map_or(0, |(_, at)| *at);
                    (own.other.get(quoted).copied().unwrap_or(0), quoted)
                }
                (Some((_, outbound)), _) => {
                    let inbound = own.best.get(outbound).map_or(outbound, |(_, at)| *at);
                    (inbound, own.other.get(inbound).copied().unwrap_or(0))
                }
                (None, _) => {
                    let inbound = own.best.first().map_or(0, |(_, at)| *at);
                    (inbound, own.other.get(inbound).copied().unwrap_or(0))
                }
            };
            if let Some(slot) = times.get_mut(stage) {
                *slot = pair;
            }
        }
        let as_u32 = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let mut plan =
            ServicePlan { service_times: Vec::new(), net_times: Vec::new(), safety: Vec::new(), cost: 0.0 };
        for (stage, own) in self.stages.iter().enumerate() {
            let outbound = times.get(stage).map_or(0, |pair| pair.1);
            let inbound = suppliers
                .get(stage)
                .into_iter()
                .flatten()
                .filter_map(|from| times.get(*from))
                .map(|pair| as_u32(pair.1))
                .fold(own.supplier_time, u32::max);
            let net = inbound.saturating_add(own.processing).saturating_sub(as_u32(outbound));
            let safety = self.factor * sigma.get(stage).copied().unwrap_or(0.0) * f64::from(net).sqrt();
            plan.service_times.push(as_u32(outbound));
            plan.net_times.push(net);
            plan.safety.push(safety);
            plan.cost += own.holding * safety;
        }
        plan
    }

    /// Cost of given service times; inbound times follow from them.
    ///
    /// # Errors
    ///
    /// - [`ModelError::LengthMismatch`]; [`ModelError::OutOfRange`] for a time above the promise to outside customers or
    ///   above the replenishment time; else as [`SupplyTree::optimum`].
    ///
    /// # Source
    ///
    /// As [`SupplyTree::optimum`].
    pub fn cost_of(&self, service_times: &[u32]) -> Result<ServicePlan, ModelError> {
        self.check()?;
        super::super::num::same_length("service times", service_times.len(), self.stages.len())?;
        self.leaf_order()?;
        let (suppliers, _) = self.neighbours();
        let (sigma, _) = self.spreads(&self.downstream_order()?, &suppliers)?;
        let mut plan = ServicePlan {
            service_times: service_times.to_vec(),
            net_times: Vec::new(),
            safety: Vec::new(),
            cost: 0.0,
        };
        for (stage, (own, &quoted)) in self.stages.iter().zip(service_times).enumerate() {
            let quotes =
                suppliers.get(stage).into_iter().flatten().filter_map(|from| service_times.get(*from));
            let inbound = quotes.copied().fold(own.supplier_time, u32::max);
            let total = inbound.saturating_add(own.processing);
            let promised = match own.customers {
                Customers::Promised { service_time, .. } => service_time,
                Customers::None => u32::MAX,
            };
            if quoted > total || quoted > promised {
                return Err(ModelError::OutOfRange {
                    what: "service time",
                    value: f64::from(quoted),
                    range: "at most the replenishment time and the promise to customers",
                });
            }
            let net = total.saturating_sub(quoted);
            let safety = self.factor * sigma.get(stage).copied().unwrap_or(0.0) * f64::from(net).sqrt();
            plan.net_times.push(net);
            plan.safety.push(safety);
            plan.cost += own.holding * safety;
        }
        Ok(plan)
    }
}
