//! Random scripts: commands a careless caller might send, some sound and some not.

use endcap_calendar::Period;
use endcap_ledger::{
    ClearRequest, ClearedItems, ClearingPolicy, Command, CorrectionDate, Due, EntryDraft, EntryId, FormRule,
    ItemEffect, Ledger, LegDraft, Nature, Reversal, ReversalForm, Side, StockFlow, StockMove,
};
use endcap_types::{Currency, Money};
use proptest::prelude::*;

use crate::kit::{day, doc, draft, fen, invoice, ka, key, receipt, sku};

/// Accounts, key accounts, documents and articles are few, so that commands meet.
pub(crate) const WHO: [&str; 3] = ["KA1", "KA2", "KA3"];

/// One step of a script. Numbers are taken modulo what exists.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Invoice { who: usize, fen: i128, on: u64, due: Option<u64> },
    Receipt { who: usize, fen: i128, on: u64, policy: ClearingPolicy },
    Deduction { who: usize, gross: i128, fee: i128, on: u64 },
    Payable { who: usize, fen: i128, on: u64, pays: bool },
    Dollars { who: usize, cents: i128, on: u64, also: i128 },
    Skewed { who: usize, fen: i128, on: u64 },
    Reverse { of: u64, on: Option<u64>, cleared: ClearedItems, form: FormRule },
    Clear { who: usize, document: u64, side: Side, policy: ClearingPolicy, on: u64 },
    Move { who: usize, sku: usize, flow: usize, pieces: i64, on: u64 },
    Close { month: u32 },
    Again { name: u64, fen: i128 },
}

fn policy() -> impl Strategy<Value = ClearingPolicy> {
    let name = (0_u64..30).prop_map(|n| doc(&format!("d{n}")));
    prop_oneof![
        Just(ClearingPolicy::Fifo),
        Just(ClearingPolicy::OldestDue),
        prop::collection::vec(name.clone(), 1..4).prop_map(ClearingPolicy::Documents),
        prop::collection::vec((name, (1_i128..5_000).prop_map(fen)), 1..3).prop_map(ClearingPolicy::Amounts),
    ]
}

fn form() -> impl Strategy<Value = FormRule> {
    prop_oneof![
        Just(FormRule::AsLedger),
        Just(FormRule::Always(ReversalForm::SwappedSides)),
        Just(FormRule::Always(ReversalForm::RedLetter)),
    ]
}

pub(crate) fn step() -> impl Strategy<Value = Step> {
    let (who, on, amount) = (0..WHO.len(), 0_u64..150, 1_i128..10_000);
    prop_oneof![
        4 => (who.clone(), amount.clone(), on.clone(), prop::option::of(0_u64..200))
            .prop_map(|(who, fen, on, due)| Step::Invoice { who, fen, on, due }),
        4 => (who.clone(), amount.clone(), on.clone(), policy())
            .prop_map(|(who, fen, on, policy)| Step::Receipt { who, fen, on, policy }),
        2 => (who.clone(), amount.clone(), amount.clone(), on.clone())
            .prop_map(|(who, gross, fee, on)| Step::Deduction { who, gross, fee, on }),
        1 => (who.clone(), amount.clone(), on.clone(), any::<bool>())
            .prop_map(|(who, fen, on, pays)| Step::Payable { who, fen, on, pays }),
        1 => (who.clone(), amount.clone(), on.clone(), amount.clone())
            .prop_map(|(who, cents, on, also)| Step::Dollars { who, cents, on, also }),
        1 => (who.clone(), amount.clone(), on.clone()).prop_map(|(who, fen, on)| Step::Skewed { who, fen, on }),
        4 => (0_u64..16, prop::option::of(0_u64..150), any::<bool>(), form()).prop_map(|(of, on, release, form)| Step::Reverse {
            of,
            on,
            cleared: if release { ClearedItems::Release } else { ClearedItems::Refuse },
            form,
        }),
        2 => (who.clone(), 0_u64..30, any::<bool>(), policy(), on.clone()).prop_map(
            |(who, document, debit, policy, on)| Step::Clear {
                who,
                document,
                side: if debit { Side::Debit } else { Side::Credit },
                policy,
                on,
            }
        ),
        3 => (who, 0_usize..2, 0_usize..6, 0_i64..50, on)
            .prop_map(|(who, sku, flow, pieces, on)| Step::Move { who, sku, flow, pieces, on }),
        1 => (1_u32..5).prop_map(|month| Step::Close { month }),
        1 => (0_u64..30, amount).prop_map(|(name, fen)| Step::Again { name, fen }),
    ]
}

pub(crate) fn script(len: usize) -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 1..len)
}

fn usd(cents: i128) -> Money {
    Money::from_minor(cents, Currency::USD).unwrap()
}

/// The draft of a step that posts one; `n` names it.
pub(crate) fn draft_of(n: usize, step: &Step) -> Option<EntryDraft> {
    let name = format!("d{n}");
    Some(match step {
        Step::Invoice { who, fen: amount, on, due } => {
            let due = due.map_or(Due::NoDate, |due| Due::On(day(due)));
            let mut sold = invoice(&name, WHO[*who], fen(*amount), day(*on), due).nature(Nature::Invoice);
            if let ItemEffect::Open(item) = &mut sold.legs[0].item {
                // Two of three invoices say when the goods came, some of them later than the invoice.
                item.delivered = (on % 3 != 0).then(|| day(on + amount.unsigned_abs() as u64 % 40));
            }
            sold
        }
        Step::Receipt { who, fen: amount, on, policy } => {
            receipt(&name, WHO[*who], fen(*amount), day(*on), policy.clone()).nature(Nature::Receipt)
        }
        Step::Deduction { who, gross, fee, on } => draft(&name, day(*on))
            .leg(LegDraft::debit("1122", fen(*gross)).of(ka(WHO[*who])).nature(Nature::Invoice))
            .leg(LegDraft::credit("6001", fen(*gross)))
            .leg(LegDraft::debit("6601.02", fen(*fee)))
            .leg(
                LegDraft::credit("1122", fen(*fee))
                    .of(ka(WHO[*who]))
                    .nature(Nature::Deduction)
                    .clears(ClearingPolicy::Documents(vec![doc(&name)])),
            ),
        Step::Payable { who, fen: amount, on, pays } => {
            let leg = if *pays {
                LegDraft::debit("2202", fen(*amount)).clears(ClearingPolicy::Fifo)
            } else {
                LegDraft::credit("2202", fen(*amount))
            };
            draft(&name, day(*on)).leg(leg.of(ka(WHO[*who]))).leg(LegDraft::remainder("1002", Currency::CNY))
        }
        Step::Dollars { who, cents, on, also } => draft(&name, day(*on))
            .leg(LegDraft::debit("1122", usd(*cents)).of(ka(WHO[*who])))
            .leg(LegDraft::credit("6001", usd(*cents)))
            .leg(LegDraft::debit("1122", fen(*also)).of(ka(WHO[*who])))
            .leg(LegDraft::remainder("6001", Currency::CNY)),
        Step::Skewed { who, fen: amount, on } => draft(&name, day(*on))
            .leg(LegDraft::debit("1122", fen(*amount)).of(ka(WHO[*who])))
            .leg(LegDraft::credit("6001", fen(*amount + 1))),
        Step::Move { who, sku: article, flow, pieces, on } => draft(&name, day(*on)).moves(StockMove {
            key_account: ka(WHO[*who]),
            sku: sku(["S1", "S2"][*article]),
            flow: StockFlow::ALL[*flow],
            pieces: *pieces,
        }),
        Step::Again { name, fen: amount } => {
            invoice(&format!("d{name}"), "KA1", fen(*amount), day(3), Due::NoDate)
        }
        Step::Reverse { .. } | Step::Clear { .. } | Step::Close { .. } => return None,
    })
}

pub(crate) fn command(n: usize, step: &Step, events: usize) -> Command {
    if let Some(draft) = draft_of(n, step) {
        return Command::Post(draft);
    }
    match step {
        Step::Reverse { of, on, cleared, form } => Command::Reverse(Reversal {
            of: EntryId::from_seq(events as u64 - of % events as u64),
            key: key(&format!("r{n}")),
            document: doc(&format!("r{n}")),
            reason: "test".to_owned(),
            date: on.map_or(CorrectionDate::OriginalOrFirstOpen, |on| CorrectionDate::On(day(on))),
            recorded: day(900),
            cleared: *cleared,
            form: *form,
        }),
        Step::Clear { who, document, side, policy, on } => Command::Clear(ClearRequest {
            key: key(&format!("c{n}")),
            account: "1122".to_owned(),
            key_account: ka(WHO[*who]),
            currency: Currency::CNY,
            side: *side,
            document: doc(&format!("d{document}")),
            policy: policy.clone(),
            effective: day(*on),
            recorded: day(900),
        }),
        Step::Close { month } => Command::ClosePeriod(Period::month(2025, *month).unwrap(), day(900)),
        _ => unreachable!("drafted above"),
    }
}

/// Runs a script; how many commands were accepted and how many refused.
pub(crate) fn run(ledger: &mut Ledger, script: &[Step]) -> (usize, usize) {
    let (mut accepted, mut refused) = (0, 0);
    for (n, step) in script.iter().enumerate() {
        match ledger.execute(&command(n, step, ledger.events().len())) {
            Ok(_) => accepted += 1,
            Err(_) => refused += 1,
        }
    }
    (accepted, refused)
}
