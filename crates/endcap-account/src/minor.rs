//! The integers that kernels read: minor units as `i64` or `i128`.
//!
//! # Source
//!
//! House rule.

/// What kernels need to know about an integer, out of reach of other crates.
pub(crate) mod sealed {
    /// Zero, and positions in a histogram.
    pub trait Sealed: Copy + Ord {
        /// Zero.
        const ZERO: Self;
        /// Number of the range that the distance `self − low` falls into, for `self ≥ low`; it never falls as `self` rises.
        ///
        /// Distances below 128 have a range each; above, each power of two has 64 equal ones.
        fn bucket(self, low: Self) -> usize;
    }

    /// Bits of a distance that its range keeps.
    const KEPT_BITS: u32 = 7;

    impl Sealed for i64 {
        const ZERO: Self = 0;

        #[inline]
        fn bucket(self, low: Self) -> usize {
            let distance = self.abs_diff(low);
            let shift = u64::BITS.saturating_sub(distance.leading_zeros()).saturating_sub(KEPT_BITS);
            range(shift, usize::try_from(distance.wrapping_shr(shift)).unwrap_or(usize::MAX))
        }
    }

    impl Sealed for i128 {
        const ZERO: Self = 0;

        #[inline]
        fn bucket(self, low: Self) -> usize {
            let distance = self.abs_diff(low);
            let shift = u128::BITS.saturating_sub(distance.leading_zeros()).saturating_sub(KEPT_BITS);
            range(shift, usize::try_from(distance.wrapping_shr(shift)).unwrap_or(usize::MAX))
        }
    }

    /// `top` is below 128, and at least 64 where `shift` is not zero: the ranges follow each other without a gap.
    #[inline]
    fn range(shift: u32, top: usize) -> usize {
        usize::try_from(shift).unwrap_or(usize::MAX).wrapping_mul(64).wrapping_add(top)
    }
}

/// An integer of minor units (最小货币单位) that a kernel can read without a copy: `i64` or `i128`.
pub trait MinorUnits: sealed::Sealed + Copy + Ord {
    /// The same number in 128 bits.
    fn widen(self) -> i128;
}

impl MinorUnits for i64 {
    #[inline]
    fn widen(self) -> i128 {
        i128::from(self)
    }
}

impl MinorUnits for i128 {
    #[inline]
    fn widen(self) -> i128 {
        self
    }
}
