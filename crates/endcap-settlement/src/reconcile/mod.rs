//! 对账: three-way match, reconciliation of two sets of books, claims.
//!
//! | item | what it is |
//! |---|---|
//! | [`three_way_match`]; [`OrderLine`], [`ReceiptLine`], [`InvoiceLine`] → [`MatchResult`] | 三单匹配: order, receipt and bill of one line |
//! | [`MatchRules`], [`OverDelivery`], [`PayablePolicy`] | its tolerances and policies |
//! | [`MatchStatus`], [`MatchReason`], [`MatchFinding`] | its verdict, every reason with its money |
//! | [`Tolerance`], [`ToleranceBand`] | 容差: percent, money, the lesser or the greater of both; up and down |
//! | [`reconcile()`]; [`LedgerLine`], [`EntryKind`], [`Side`] → [`ReconReport`] | 对账: the lines of both sides |
//! | [`ReconRules`], [`KeyField`], [`Known`], [`Allowance`] | keys, windows, what is known and agreed |
//! | [`LineResult`], [`LineClass`], [`Pass`] | one class for every line |
//! | [`Bridge`], [`BridgeRow`], [`BridgeCause`], [`BridgeSide`] | 余额调节表: from their balance to ours |
//! | [`ReconReport::explained`], [`MatchResult::explained`] | why each amount is what it is |
//! | [`ReconReport::claim_sheet`] → [`ClaimSheet`], [`ClaimProposal`], [`ClaimReason`], [`ClaimBasis`] | 索赔清单: what to claim, and what happens to the rest of the difference |
//! | [`Claim`], [`ClaimState`], [`ClaimAction`], [`ClaimAmounts`], [`ClaimStep`], [`DisputeRules`] | 索赔: states, money and deadlines |

mod bridge;
mod claim_rules;
mod claim_sheet;
mod claims;
mod classify;
mod error;
mod explained;
mod key;
mod line;
mod match_explained;
mod pairing;
mod render;
mod report;
mod rules;
#[cfg(feature = "serde")]
mod rules_text;
mod run;
mod three_way;
mod tolerance;

pub use bridge::{Bridge, BridgeCause, BridgeRow, BridgeSide};
pub use claim_rules::{ClaimAction, ClaimState, DisputeRules};
pub use claim_sheet::{ClaimBasis, ClaimProposal, ClaimReason, ClaimSheet};
pub use claims::{Claim, ClaimAmounts, ClaimStep};
pub use error::ReconcileError;
pub use line::{EntryKind, KeyField, LedgerLine, Side};
pub use report::{LineClass, LineResult, Pass, ReconReport};
pub use rules::{Allowance, Known, ReconRules};
pub use run::reconcile;
pub(crate) use three_way::same_basis;
pub use three_way::{
    InvoiceLine, MatchFinding, MatchReason, MatchResult, MatchRules, MatchStatus, OrderLine, OverDelivery,
    PayablePolicy, ReceiptLine, three_way_match,
};
pub use tolerance::{Tolerance, ToleranceBand};
