//! A fixed random stream: the sample must come out byte for byte the same on every machine and in every year,
//! which a library's generator does not promise across its versions.

/// SplitMix64 (Steele, Lea & Flood, 2014).
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64, stream: &str) -> Self {
        let mut state = seed;
        for byte in stream.bytes() {
            state = state.wrapping_mul(0x0000_0100_0000_01B3) ^ u64::from(byte);
        }
        Self(state)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }

    /// A bell-shaped whole number of mean `centre` and standard deviation about `spread` (sum of twelve uniforms).
    pub fn around(&mut self, centre: i64, spread: i64) -> i64 {
        let sum: i64 = (0..12).map(|_| self.below(1001) as i64).sum();
        centre + spread * (sum - 6000) / 1000
    }
}
