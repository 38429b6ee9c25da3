//! The integers that kernels read: minor units as `i64` or `i128`.

mod sealed {
    pub trait Sealed {}
    impl Sealed for i64 {}
    impl Sealed for i128 {}
}

/// An integer of minor units (最小货币单位) that a kernel can read without a copy: `i64` or `i128`.
pub trait MinorUnits: sealed::Sealed + Copy + Ord {
    /// The same number in 128 bits.
    fn widen(self) -> i128;
}

impl MinorUnits for i64 {
    fn widen(self) -> i128 {
        i128::from(self)
    }
}

impl MinorUnits for i128 {
    fn widen(self) -> i128 {
        self
    }
}
