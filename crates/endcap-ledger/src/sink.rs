//! Bytes gathered before they are hashed: a hash of a few long runs is much cheaper than one of many short ones.

use sha2::{Digest, Sha256};

/// Bytes gathered at most.
const RUN: usize = 4096;

/// SHA-256 of everything written.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    /// What was hashed already; nothing while all of it fits into one run.
    hashed: Option<Sha256>,
    gathered: Vec<u8>,
}

impl Sink {
    /// A sink that gathers in `buffer`, whatever is in it.
    pub(crate) fn over(mut buffer: Vec<u8>) -> Self {
        buffer.clear();
        Self { hashed: None, gathered: buffer }
    }

    #[inline]
    pub(crate) fn update(&mut self, bytes: impl AsRef<[u8]>) {
        self.gathered.extend_from_slice(bytes.as_ref());
        if self.gathered.len() >= RUN {
            self.hash_run();
        }
    }

    #[cold]
    fn hash_run(&mut self) {
        self.hashed.get_or_insert_default().update(&self.gathered);
        self.gathered.clear();
    }

    /// The hash, and the buffer to use again.
    pub(crate) fn finish(self) -> ([u8; 32], Vec<u8>) {
        let Self { hashed, gathered } = self;
        let hash = match hashed {
            None => Sha256::digest(&gathered),
            Some(hashed) => hashed.chain_update(&gathered).finalize(),
        };
        (hash.into(), gathered)
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
            let mut sink = Sink::over(vec![7; 9]);
            runs.iter().for_each(|run| sink.update(run));
            let whole: [u8; 32] = Sha256::digest(runs.concat()).into();
            prop_assert_eq!(sink.finish().0, whole);
        }
    }
}
