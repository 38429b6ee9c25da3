//! Wrong models: each breaks one invariant, and the simulation must notice.

/// A defect put into the model, named after the invariant that it breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mutant {
    P01AcceptWhatIsNotBalanced,
    P03TakeASequenceNumberForARefusal,
    P04KeepPartOfABatch,
    P05ReverseTwice,
    P05ForgetRedInk,
    P06AnswerAnyPayload,
    P07AcknowledgeBeforeItIsKept,
    P10PostIntoClosedPeriods,
    P11LeaveOutTheLastDay,
    P12KnowTheFuture,
    P13ClearTheNewestFirst,
    P13WriteOffBeyondAuthority,
    P18ForgetWhatIsPending,
    P29CheckCurrentBalancesOnly,
    P29ForgetLockedBalances,
    P32BurnTheKeyOfARefusal,
}

impl Mutant {
    pub(crate) const ALL: [Self; 16] = [
        Self::P01AcceptWhatIsNotBalanced,
        Self::P03TakeASequenceNumberForARefusal,
        Self::P04KeepPartOfABatch,
        Self::P05ReverseTwice,
        Self::P05ForgetRedInk,
        Self::P06AnswerAnyPayload,
        Self::P07AcknowledgeBeforeItIsKept,
        Self::P10PostIntoClosedPeriods,
        Self::P11LeaveOutTheLastDay,
        Self::P12KnowTheFuture,
        Self::P13ClearTheNewestFirst,
        Self::P13WriteOffBeyondAuthority,
        Self::P18ForgetWhatIsPending,
        Self::P29CheckCurrentBalancesOnly,
        Self::P29ForgetLockedBalances,
        Self::P32BurnTheKeyOfARefusal,
    ];
}
