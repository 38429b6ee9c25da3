//! Bytes gathered before they are hashed: a hash of a few long runs is much cheaper than one of many short ones.

use sha2::{Digest, Sha256};

/// Bytes gathered at most.
const RUN: usize = 4096;

/// SHA-256 of everything written.
#[derive(Debug)]
pub(crate) struct Sink {
    hasher: Sha256,
    gathered: Vec<u8>,
}

impl Default for Sink {
    fn default() -> Self {
        Self { hasher: Sha256::new(), gathered: Vec::with_capacity(512) }
    }
}

impl Sink {
    pub(crate) fn update(&mut self, bytes: impl AsRef<[u8]>) {
        self.gathered.extend_from_slice(bytes.as_ref());
        if self.gathered.len() >= RUN {
            self.hasher.update(&self.gathered);
            self.gathered.clear();
        }
    }

    pub(crate) fn finish(mut self) -> [u8; 32] {
        self.hasher.update(&self.gathered);
        self.hasher.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn runs_of_any_length_hash_as_a_whole(runs in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..3000), 0..8)) {
            let mut sink = Sink::default();
            runs.iter().for_each(|run| sink.update(run));
            let whole: [u8; 32] = Sha256::digest(runs.concat()).into();
            prop_assert_eq!(sink.finish(), whole);
        }
    }
}
