//! From the words of the model to the commands of the ledger.

use endcap_calendar::Period;
use endcap_ledger::*;
use endcap_types::Currency;

use super::model::Model;
use super::words::{Ask, Effect, ModelDraft, ModelLeg, part};
use super::world::on;
use crate::kit::{doc, fen, ka, key};

fn draft(asked: &ModelDraft, recorded: u64) -> EntryDraft {
    let mut draft = EntryDraft::new(key(&asked.key), doc(&asked.key), on(asked.effective), on(recorded));
    for leg in &asked.legs {
        let mut written = match leg.red {
            false => LegDraft::signed(leg.code, fen(leg.minor)),
            true if leg.minor < 0 => LegDraft::red_debit(leg.code, fen(-leg.minor)),
            true => LegDraft::red_credit(leg.code, fen(leg.minor)),
        };
        written.key_account = leg.who.map(ka);
        written = match &leg.effect {
            Effect::Plain => written,
            Effect::Due(due, dated) => written.opens(ItemDraft {
                document: doc(&asked.key),
                dated: on(*dated),
                due: Due::On(on(*due)),
                delivered: (*due % 2 == 0).then(|| on(*dated)),
            }),
            Effect::Fifo => written.clears(ClearingPolicy::Fifo),
            Effect::Documents(names) => {
                written.clears(ClearingPolicy::Documents(names.iter().map(|name| doc(name)).collect()))
            }
        };
        draft = draft.leg(written);
    }
    if asked.later {
        draft = draft.or_first_open_day();
    }
    if asked.reason { draft.overriding("found in the mail") } else { draft }
}

/// The command of an ask. A confirmation needs the legs of its reservation, so it is asked as a share.
pub(super) fn command(model: &Model, ask: &Ask, recorded: u64) -> Command {
    let direct = |name: &str, directive| {
        Command::Direct(Directing { key: key(name), recorded: on(recorded), directive })
    };
    let reason = || "because".to_owned();
    match ask {
        Ask::Post(asked) => Command::Post(draft(asked, recorded)),
        Ask::Batch(asked) => Command::PostBatch(asked.iter().map(|asked| draft(asked, recorded)).collect()),
        Ask::Reserve(asked, last) => Command::Reserve(ReserveDraft {
            draft: draft(asked, recorded),
            expires: last.map_or(Expiry::Never, |last| Expiry::After(on(last))),
        }),
        Ask::Confirm(name, of, percent, effective) => {
            let held = model.held.iter().find(|held| held.seq == *of);
            let legs = held.map_or(&[][..], |held| &held.legs);
            let amount = |leg: &ModelLeg| match percent {
                101.. => fen(leg.minor.abs() + 1),
                percent => fen(part(leg.minor, *percent).abs()),
            };
            let amounts = match percent {
                100 => ConfirmedAmounts::Full,
                _ => ConfirmedAmounts::Legs(legs.iter().map(amount).collect()),
            };
            let (of, effective, recorded) = (EntryId::from_seq(*of), on(*effective), on(recorded));
            Command::Confirm(Confirmation { key: key(name), of, amounts, effective, recorded })
        }
        Ask::Void(name, of, effective) => {
            let reservation = EntryId::from_seq(*of);
            direct(
                name,
                Directive::Void(Voiding { reservation, reason: reason(), effective: on(*effective) }),
            )
        }
        Ask::Expire(name, day) => direct(name, Directive::Expire(on(*day))),
        Ask::Reverse(name, of, effective, release, red) => Command::Reverse(Reversal {
            of: EntryId::from_seq(*of),
            key: key(name),
            document: doc(name),
            reason: reason(),
            date: effective.map_or(CorrectionDate::OriginalOrFirstOpen, |day| CorrectionDate::On(on(day))),
            recorded: on(recorded),
            cleared: if *release { ClearedItems::Release } else { ClearedItems::Refuse },
            form: if *red { FormRule::Always(ReversalForm::RedLetter) } else { FormRule::AsLedger },
        }),
        Ask::Unclear(name, of, effective) => Command::Unclear(Unclear {
            key: key(name),
            of: EntryId::from_seq(*of),
            document: doc(name),
            reason: reason(),
            effective: on(*effective),
            recorded: on(recorded),
        }),
        Ask::WriteOff(name, who, item, minor, effective, most) => Command::WriteOff(WriteOff {
            key: key(name),
            document: doc(name),
            account: "1122".to_owned(),
            key_account: ka(who),
            item: doc(item),
            side: Side::Debit,
            amount: fen(*minor),
            to: "6601.11".to_owned(),
            reason: reason(),
            authority: Authority::UpTo(fen(*most)),
            effective: on(*effective),
            recorded: on(recorded),
        }),
        Ask::Dispute(name, who, item, minor, effective) => {
            let dispute = Dispute {
                account: "1122".to_owned(),
                key_account: ka(who),
                document: doc(item),
                amount: fen(*minor),
                reason: reason(),
                effective: on(*effective),
            };
            direct(name, Directive::Dispute(dispute))
        }
        Ask::Resolve(name, of, effective) => {
            let (dispute, outcome) = (EntryId::from_seq(*of), DisputeOutcome::Rejected);
            let effective = on(*effective);
            direct(
                name,
                Directive::ResolveDispute(DisputeResolution {
                    dispute,
                    outcome,
                    reason: reason(),
                    effective,
                }),
            )
        }
        Ask::Bounds(name, (code, who), min, max, every) => {
            let bounds = Bounds {
                account: (*code).to_owned(),
                key_account: who.map(ka),
                currency: Currency::CNY,
                min: min.map(fen),
                max: max.map(fen),
                dates: if *every { BoundDates::EveryDate } else { BoundDates::Current },
            };
            direct(name, Directive::SetBounds(bounds))
        }
        Ask::Vouch(name, (code, who), day, minor) => {
            let (account, key_account) = ((*code).to_owned(), who.map(ka));
            let (day, expected, strength) = (on(*day), fen(*minor), Strength::Locked);
            direct(
                name,
                Directive::AssertBalance(Assertion { account, key_account, day, expected, strength }),
            )
        }
        Ask::Period(name, action, month, assets) => {
            let action = match action {
                0 => PeriodAction::SoftClose,
                1 => PeriodAction::Close { carry_over: Vec::new() },
                _ => PeriodAction::Reopen,
            };
            let kinds = if *assets { LockedKinds::Only(vec![AccountKind::Asset]) } else { LockedKinds::All };
            let period = Period::month(2025, 1 + *month as u32).unwrap();
            direct(
                name,
                Directive::ChangePeriod(PeriodChange {
                    action,
                    period,
                    kinds,
                    reason: reason(),
                    by: "ops".to_owned(),
                }),
            )
        }
    }
}
