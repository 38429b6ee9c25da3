//! [`reconcile`]: two sets of books of one account, line against line.

use endcap_types::Money;

use super::bridge::Bridge;
use super::classify::classify;
use super::line::{LedgerLine, Side};
use super::pairing::pair;
use super::report::ReconReport;
use super::rules::ReconRules;
use crate::SettlementError;
use crate::intern::Interner;

/// 对账: pairs the lines of both sides, gives every line one class, and bridges their balance to ours.
///
/// Lines are paired on full keys, then on reduced keys, then by amount and date; a balance is the sum of the lines its
/// side booked in the period. Lines of other periods may be given: they are what late and early bookings are paired
/// with, and count nothing. The order of lines changes nothing, and
/// `reconcile(theirs, ours) = reconcile(ours, theirs).mirrored()`.
///
/// # Errors
/// - [`SettlementError::Reconcile`] when the rules break one of their own ([`ReconRules::check`]).
/// - [`SettlementError::RepeatedLine`] when two lines of one side have one id.
/// - [`SettlementError::FactCurrency`] when a line is in another currency than the rules.
/// - [`SettlementError::Types`] when a sum is out of range.
/// - [`SettlementError::Calendar`] when a period next to a date is outside the supported range.
///
/// # Examples
/// ```
/// use endcap_calendar::{Period, dates};
/// use endcap_settlement::reconcile::*;
/// use endcap_types::{Currency, DocumentId, Money};
/// let june = |day| dates::ymd(2025, 6, day);
/// let yuan = |text: &str| Money::parse(text, Currency::CNY);
/// let line = |id: &str, kind, day, amount: &str| -> Result<LedgerLine, Box<dyn std::error::Error>> {
///     Ok(LedgerLine::new(DocumentId::new(id)?, kind, june(day)?, yuan(amount)?))
/// };
/// // They have not booked the delivery of the 29th, and took 300.00 that no clause allows.
/// let ours = [line("D1", EntryKind::Delivery, 5, "1000.00")?, line("D2", EntryKind::Delivery, 29, "200.00")?];
/// let theirs = [line("R1", EntryKind::Delivery, 6, "1000.00")?, line("K1", EntryKind::Deduction, 30, "-300.00")?];
/// let mut rules = ReconRules::new(Period::month(2025, 6)?, Currency::CNY);
/// rules.transit_days = 3;
/// let report = reconcile(&ours, &theirs, &rules)?;
/// // 700.00 + 200.00 in transit + 300.00 deducted without a clause = 1,200.00
/// assert_eq!(report.bridge.their_balance, yuan("700.00")?);
/// assert_eq!(report.bridge.amount(BridgeCause::Timing)?, yuan("200.00")?);
/// assert_eq!(report.bridge.amount(BridgeCause::Unauthorised)?, yuan("300.00")?);
/// assert_eq!(report.bridge.our_balance, yuan("1200.00")?);
/// assert!(report.bridge.residual.is_zero());
/// assert_eq!(report.undisputed, yuan("1000.00")?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// Balance reconciliation as bookkeeping teaches it (余额调节表); order of passes and of classes are house rules. That the
/// undisputed part is paid meanwhile: 保障中小企业款项支付条例 (2025), Art. 15.
pub fn reconcile(
    ours: &[LedgerLine],
    theirs: &[LedgerLine],
    rules: &ReconRules,
) -> Result<ReconReport, SettlementError> {
    rules.check()?;
    check(ours, Side::Ours, rules)?;
    check(theirs, Side::Theirs, rules)?;
    let paired = pair(ours, theirs, rules)?;
    let results = classify(&paired, rules)?;
    let balance = |lines: &[LedgerLine]| {
        let booked = lines.iter().filter(|line| rules.period.contains(line.posted));
        Money::sum(booked.map(|line| line.amount), rules.currency)
    };
    let bridge = Bridge::new(&results.lines, balance(ours)?, balance(theirs)?, rules.currency)?;
    Ok(ReconReport {
        period: rules.period,
        currency: rules.currency,
        lines: results.lines,
        bridge,
        undisputed: results.undisputed,
    })
}

fn check(lines: &[LedgerLine], side: Side, rules: &ReconRules) -> Result<(), SettlementError> {
    let mut seen = Interner::default();
    for (line, known) in lines.iter().zip(0..) {
        if seen.number(line.id.as_str()) != known {
            return Err(SettlementError::RepeatedLine { side, line: line.id.clone() });
        }
        if line.amount.currency() != rules.currency {
            return Err(SettlementError::FactCurrency {
                fact: format!("line {}", line.id),
                currency: line.amount.currency(),
                expected: rules.currency,
            });
        }
    }
    Ok(())
}
