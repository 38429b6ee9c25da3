//! Classes with a memory: an account near a limit keeps its class.

use core::num::NonZeroU32;

use endcap_types::Exact;

use crate::abc::{Class, Cutoffs};
use crate::error::AccountError;

/// A band around every class limit (滞后带): one Schmitt trigger per limit.
///
/// With position `s = prior/V`, half-width `δ` and former class `f`:
/// `lo = #{k : s ≥ c_k + δ}`, `hi = #{k : s ≥ c_k − δ}`, `new = min(max(f, lo), hi)`.
///
/// The total number of class steps over any series never rises with `δ`.
///
/// # Examples
///
/// ```
/// use endcap_account::{Band, Class, Cutoffs};
/// use endcap_types::Exact;
///
/// let band = Band::new(Cutoffs::percent(&[80, 95])?, Exact::ratio(3, 100)?)?;
/// let a = Class::new(0).ok_or("no class")?;
/// assert_eq!(band.next(a, &Exact::ratio(829, 1000)?)?.letter(), 'A'); // still inside the band
/// assert_eq!(band.next(a, &Exact::ratio(83, 100)?)?.letter(), 'B');
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    cutoffs: Cutoffs,
    half_width: Exact,
}

impl Band {
    /// A band of `half_width` (a fraction of the total) on both sides of every limit; 0 has no memory.
    ///
    /// # Errors
    ///
    /// - [`AccountError::InvalidHysteresis`] where `half_width` is below 0, or 1 or more.
    pub fn new(cutoffs: Cutoffs, half_width: Exact) -> Result<Self, AccountError> {
        if half_width < Exact::ZERO || half_width >= Exact::ONE {
            let (what, rule) = ("the half-width of the band", "it must be at least 0 and below 1");
            return Err(AccountError::InvalidHysteresis { what, value: half_width.to_string(), rule });
        }
        Ok(Self { cutoffs, half_width })
    }

    /// The class of an account without a former class: `#{k : s ≥ c_k}`.
    ///
    /// # Errors
    ///
    /// - [`AccountError::Value`] where the position outgrows the limit of exact numbers.
    pub fn first(&self, position: &Exact) -> Result<Class, AccountError> {
        Ok(Class::from_count(self.reached(position)?))
    }

    /// The class of an account that was in `former`, now at `position` = share of the total ahead of it.
    ///
    /// # Errors
    ///
    /// - [`AccountError::Value`] where the position outgrows the limit of exact numbers.
    pub fn next(&self, former: Class, position: &Exact) -> Result<Class, AccountError> {
        let low = self.reached(&position.sub(&self.half_width)?)?;
        let high = self.reached(&position.add(&self.half_width)?)?;
        Ok(Class::from_count(usize::from(former.position()).max(low).min(high)))
    }

    fn reached(&self, position: &Exact) -> Result<usize, AccountError> {
        let mut reached = 0_usize;
        for cut in self.cutoffs.cuts() {
            let limit = Exact::ratio(i128::from(cut.numerator()), i128::from(cut.denominator()))?;
            reached = reached.saturating_add(usize::from(*position >= limit));
        }
        Ok(reached)
    }
}

/// A class that changes only after the same new class was proposed in several periods in a row (连续确认).
///
/// The counter starts again when the proposal changes; one period has no memory.
///
/// # Examples
///
/// ```
/// use core::num::NonZeroU32;
/// use endcap_account::{Class, Confirmed};
///
/// let (a, b) = (Class::new(0).ok_or("no class")?, Class::new(1).ok_or("no class")?);
/// let mut class = Confirmed::new(a, NonZeroU32::new(2).ok_or("zero")?);
/// assert_eq!([b, a, b, b].map(|raw| class.propose(raw)), [a, a, a, b]);
/// # Ok::<(), &'static str>(())
/// ```
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Confirmed {
    class: Class,
    periods: NonZeroU32,
    proposed: Class,
    times: u32,
}

impl Confirmed {
    /// An account in `class`, whose class changes after `periods` equal proposals.
    #[must_use]
    pub const fn new(class: Class, periods: NonZeroU32) -> Self {
        Self { class, periods, proposed: class, times: 0 }
    }

    /// The class now.
    #[must_use]
    pub const fn class(&self) -> Class {
        self.class
    }

    /// Takes the raw class of the next period; answers the class that holds.
    pub fn propose(&mut self, raw: Class) -> Class {
        if raw == self.class {
            self.times = 0;
        } else if raw == self.proposed && self.times > 0 {
            self.times = self.times.saturating_add(1);
        } else {
            self.times = 1;
        }
        self.proposed = raw;
        if self.times >= self.periods.get() {
            self.class = raw;
            self.times = 0;
        }
        self.class
    }
}

/// Both rules together, the band first (带宽加确认): what the band proposes must hold for several periods in a row.
///
/// Noise within the half-width of the band proposes nothing, so it never starts a count; a count that has started
/// begins again when the band proposes another class.
///
/// # Examples
///
/// ```
/// use core::num::NonZeroU32;
/// use endcap_account::{Band, BandThenConfirmed, Class, Cutoffs};
/// use endcap_types::Exact;
///
/// let band = Band::new(Cutoffs::percent(&[80, 95])?, Exact::ratio(3, 100)?)?;
/// let mut class = BandThenConfirmed::new(band, Class::A, NonZeroU32::new(2).ok_or("zero")?);
/// let at = |percent| Exact::ratio(percent, 100);
/// assert_eq!(class.observe(&at(82)?)?, Class::A); // inside the band: no proposal
/// assert_eq!(class.observe(&at(84)?)?, Class::A); // proposed once
/// assert_eq!(class.observe(&at(84)?)?, Class::B); // twice in a row
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BandThenConfirmed {
    band: Band,
    confirmed: Confirmed,
}

impl BandThenConfirmed {
    /// An account in `class`, whose class changes after the band proposed the same new one in `periods` in a row.
    #[must_use]
    pub const fn new(band: Band, class: Class, periods: NonZeroU32) -> Self {
        Self { band, confirmed: Confirmed::new(class, periods) }
    }

    /// The class now.
    #[must_use]
    pub const fn class(&self) -> Class {
        self.confirmed.class()
    }

    /// Takes the position of the next period, the share of the total ahead of the account; answers the class that holds.
    ///
    /// # Errors
    ///
    /// - [`AccountError::Value`] where the position outgrows the limit of exact numbers; the state is then unchanged.
    pub fn observe(&mut self, position: &Exact) -> Result<Class, AccountError> {
        let proposed = self.band.next(self.confirmed.class(), position)?;
        Ok(self.confirmed.propose(proposed))
    }
}

/// Total class steps `Σ |Δclass|` from `start` over a series of classes (等级变动总步数).
#[must_use]
pub fn class_steps(start: Class, series: &[Class]) -> u64 {
    let mut steps = 0_u64;
    let mut former = start;
    for class in series {
        steps = steps.saturating_add(u64::from(former.position().abs_diff(class.position())));
        former = *class;
    }
    steps
}
