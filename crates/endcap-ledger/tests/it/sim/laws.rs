//! The numbered invariants on simulated ledgers, each check shown to fail on a doctored figure.
//!
//! | law | what it says | proved by | shown to fail by |
//! |---|---|---|---|
//! | P01 | debits equal credits | `laws.rs` `p01_…`, `red_letter.rs` | `mutant.rs` P01 |
//! | P02 | accounts sum to zero everywhere | `p02_…` | `every_doctored_figure_is_noticed` |
//! | P03 | a refusal leaves no trace | `laws.rs` `p03_…` | `mutant.rs` P03 |
//! | P04 | a batch is all or none | `laws.rs` `p04_…` | `mutant.rs` P04 |
//! | P05 | reversed once, restored by a second; turnovers return in red | `laws.rs` `p05_…`, `red_letter.rs` `p05_…` | `mutant.rs` P05 twice, `a_swapped_reversal_is_not_red` |
//! | P06 | one key, one payload | `laws.rs` `p06_…` | `mutant.rs` P06 |
//! | P07 | the fold of the events is the state | `laws.rs` `p07_…`, `p07_…` here | `mutant.rs` P07 |
//! | P08 | snapshot and tail are all events | `snapshot.rs` `p08_…` | `a_change_anywhere_in_a_snapshot_is_found` |
//! | P09 | every changed event is found | `p09_…`, `tamper.rs` | `tamper.rs`: every byte of a stored log, every bit of it |
//! | P10 | no entry counts in a closed period | `p10_…` | `mutant.rs` P10, `every_doctored_figure_is_noticed` |
//! | P11 | balances are filter and sum | `laws.rs` `p11_…` | `mutant.rs` P11 |
//! | P12 | order does not matter, the past stays | `laws.rs` `p12_…` twice | `mutant.rs` P12 |
//! | P13 | clearing moves nothing and comes undone | `laws_items.rs` `p13_…`, `p13_…` | `mutant.rs` P13 twice |
//! | P14 | each item in one place, by every basis | `laws_items.rs` `p14_…` twice, `p14_p20_…` | `an_item_that_stands_elsewhere_is_noticed`, `every_doctored_figure_is_noticed` |
//! | P15 | the largest amounts are refused | `laws_amounts.rs` `p15_…` | the turnover it counts beside the ledger |
//! | P16 | a split is an allocation | `laws_amounts.rs` `p16_…` | `a_doctored_split_is_noticed` |
//! | P17 | realised is settled less booked | `laws_amounts.rs` `p17_…` | the figures it counts beside the ledger |
//! | P18 | no bound is passed, nor the limit of a group | `p18_p29_…`, `group_limits.rs` `p18_…` | `mutant.rs` P18, `a_blind_model_is_noticed` |
//! | P19 | two statements and what stands between them | `endcap`'s `numbered_laws.rs` `p19_…` twice, `endcap-settlement`'s `reconcile_laws.rs` | `a_doctored_reconciliation_is_noticed` |
//! | P20 | sub-ledger is control account | `p14_p20_…`; every world's `certify` | `every_doctored_figure_is_noticed` |
//! | P21 | a parent is its own and its children | `p21_…`; a group `groups.rs` `a_group_page_…` | `a_page_that_is_not_the_sum_is_noticed` |
//! | P22 | units roll forward | `laws.rs` `p22_…` | `forgery_tests.rs` `an_audit_finds_what_drifted` |
//! | P23 | presentation moves no cash | `endcap`'s `bridge_statements.rs` `p23_…` | the law asks that the two differ where they must |
//! | P24 | what is exported is read back | `export.rs`, `journal.rs`, the examples' `peers.rs` | `a_log_that_was_touched_is_refused_at_its_line` |
//! | P25 | posting costs by its legs | `src/cost_tests.rs` `p25_…` | `what_costs_more_is_noticed` |
//! | P26 | currencies never balance each other | `laws_amounts.rs` `p26_…` | the skewed amounts of the law |
//! | P27 | verdicts follow the date | `laws_amounts.rs` `p27_…` | the amount that is one off |
//! | P28 | a remainder is what is left | `laws_amounts.rs` `p28_…` | `a_doctored_split_is_noticed` |
//! | P29 | a backdated entry is held to later days | `p18_p29_…` | `mutant.rs` P29 twice |
//! | P30 | a balance is explained line by line | `laws.rs` `p30_…` | the oracle beside it |
//! | P31 | every problem is told | `laws_amounts.rs` `p31_p32_…` | the flaws that are put in one by one |
//! | P32 | a refusal burns no key | `laws_amounts.rs` `p31_p32_…` | `mutant.rs` P32 |

use endcap_ledger::*;
use endcap_types::{Currency, Money};
use proptest::prelude::*;

use super::model::CODES;
use super::simulate;
use super::world::{World, on};
use crate::kit::{day, doc, draft, fen, invoice, ka, key, ledger, receipt};

type Check = Result<(), String>;

fn holds(condition: bool, what: &str) -> Check {
    if condition { Ok(()) } else { Err(what.to_owned()) }
}

fn world(seed: u64) -> World {
    simulate(seed, None).unwrap()
}

fn entries(ledger: &Ledger) -> Vec<(EntryId, Entry)> {
    let ids = ledger.events().iter().map(|event| EntryId::from_seq(event.seq));
    ids.filter_map(|id| Some((id, ledger.entry(id)?))).collect()
}

/// P02: balances of all accounts sum to zero, and so do pending debits and credits.
fn p02(figures: &[LayeredBalance]) -> Check {
    let sum = |part: &dyn Fn(&LayeredBalance) -> i128| figures.iter().map(part).sum::<i128>();
    holds(sum(&|f| f.posted.minor()) == 0, "posted")?;
    holds(sum(&|f| f.pending_debit.minor() - f.pending_credit.minor()) == 0, "pending")
}

fn figures(ledger: &Ledger, at: At) -> Vec<LayeredBalance> {
    CODES.iter().map(|(code, ..)| ledger.layers(code, None, Currency::CNY, at).unwrap()).collect()
}

/// P10: every entry counted on a day that was open to its accounts when it was posted, or says why not.
fn p10(ledger: &Ledger, events: &[Event]) -> Check {
    let kinds = [
        AccountKind::Asset,
        AccountKind::Liability,
        AccountKind::Equity,
        AccountKind::Income,
        AccountKind::Expense,
    ];
    let mut borders = kinds.map(|kind| (kind, None, None));
    for event in events {
        match &event.body {
            EventBody::Directed(Directed { directive: Directive::ChangePeriod(change), .. }) => {
                let (start, end) = (Some(change.period.start()), Some(change.period.end()));
                for (kind, hard, soft) in &mut borders {
                    let named = match &change.kinds {
                        LockedKinds::All => true,
                        LockedKinds::Only(kinds) => kinds.contains(kind),
                    };
                    match change.action {
                        _ if !named => {}
                        PeriodAction::SoftClose => *soft = (*soft).max(end),
                        PeriodAction::Close { .. } => *hard = (*hard).max(end),
                        PeriodAction::Reopen => (*hard, *soft) = ((*hard).min(start), (*soft).min(start)),
                    }
                }
            }
            EventBody::EntryPosted(entry) => {
                for leg in &entry.legs {
                    let kind = ledger.accounts()[leg.account.index() as usize].kind();
                    let (_, hard, soft) = borders.iter().find(|(known, ..)| *known == kind).unwrap();
                    holds(Some(entry.effective) >= *hard, "counts in a closed period")?;
                    let free = Some(entry.effective) >= *soft || entry.override_reason.is_some();
                    holds(free, "counts in a soft closed period without a reason")?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// P14: every place of an ageing, and nothing else, makes its total.
fn p14(split: &AgeingSplit) -> Check {
    let places = [split.not_due, split.no_due_date, split.unallocated_credit];
    let sum: i128 = places.iter().chain(&split.overdue).map(|money| money.minor()).sum();
    holds(sum == split.total.minor(), "the places are not the total")
}

proptest! {
    #![proptest_config(crate::kit::cases(24))]

    #[test]
    fn p02_accounts_sum_to_zero_everywhere(seed in 1_000_u64.., on_day in 1_u64..200, known in 1_u64..100) {
        let world = world(seed);
        let mut points = vec![At::Now, At::EndOf(on(on_day)), At::Known { effective: on(on_day), recorded: on(known) }];
        points.extend(entries(&world.ledger).into_iter().map(|(id, _)| At::AfterEntry(id)));
        for at in points {
            prop_assert_eq!(p02(&figures(&world.ledger, at)), Ok(()), "{:?}", at);
        }
    }

    #[test]
    fn p09_a_flipped_bit_is_found_where_it_is(seed in 1_000_u64.., place in 0.0_f64..1.0, field in 0_usize..6) {
        let world = world(seed);
        let mut log = world.ledger.events().to_vec();
        let place = (place * log.len() as f64) as usize;
        let event = &mut log[place];
        match (field, &mut event.body) {
            (0, _) => event.seq ^= 1,
            (1, _) => event.recorded = event.recorded.succ_opt().unwrap(),
            (2, _) => {
                let mut bytes = *event.hash.as_bytes();
                bytes[31] ^= 1;
                event.hash = Hash::from_bytes(bytes);
            }
            (3, EventBody::EntryPosted(entry)) if !entry.legs.is_empty() => {
                entry.legs[0].amount = Money::from_minor(entry.legs[0].amount.minor() ^ 1, Currency::CNY).unwrap();
            }
            (4, EventBody::EntryPosted(entry)) => entry.key = key("another"),
            (_, EventBody::EntryPosted(entry)) => entry.relates_to = Some(entry.effective),
            (_, EventBody::EntryReserved(held)) => held.description.push('x'),
            (_, EventBody::Directed(directed)) => directed.key = key("another"),
            (_, EventBody::AccountOpened(account)) => *account = account.clone().with_normal_side(account.normal_side().opposite()),
            _ => event.seq ^= 1,
        }
        let broken = Err(LedgerError::BrokenChain { seq: place as u64 + 1 });
        let settings = world.ledger.settings();
        prop_assert_eq!(verify(settings, &log, Head::Any), broken.clone());
        prop_assert_eq!(Ledger::replay(settings.clone(), log).map(drop), broken.map(drop));
    }

    #[test]
    fn p10_no_entry_counts_in_a_period_that_was_closed(seed in 1_000_u64..) {
        let world = world(seed);
        prop_assert_eq!(p10(&world.ledger, &world.ledger.events().to_vec()), Ok(()));
    }

    #[test]
    fn p13_unclearing_is_the_inverse_of_clearing(amounts in prop::collection::vec(1_i128..500, 1..6), paid in 1_i128..1_500) {
        let mut ledger = ledger();
        for (n, amount) in amounts.iter().enumerate() {
            ledger.post(&invoice(&format!("i{n}"), "KA1", fen(*amount), day(n as u64), Due::NoDate)).unwrap();
        }
        ledger.post(&receipt("cash", "KA1", fen(paid), day(20), ClearingPolicy::Documents(vec![]))).unwrap();
        let open = |ledger: &Ledger| ledger.open_items("1122", &ka("KA1"), Currency::CNY, day(99)).unwrap();
        let before = open(&ledger);
        let clear = ClearRequest {
            key: key("clear"), account: "1122".to_owned(), key_account: ka("KA1"), currency: Currency::CNY,
            side: Side::Credit, document: doc("cash"), policy: ClearingPolicy::Proportional,
            effective: day(30), recorded: day(900),
        };
        let of = ledger.clear(clear).unwrap().entry();
        prop_assert_ne!(open(&ledger), before.clone());
        let back = Unclear { key: key("back"), of, document: doc("back"), reason: "x".to_owned(), effective: day(40), recorded: day(900) };
        ledger.unclear(back).unwrap();
        prop_assert_eq!(open(&ledger), before);
    }

    #[test]
    fn p14_p20_buckets_items_control_and_trial_balance_are_one(seed in 1_000_u64.., on_day in 1_u64..300) {
        let world = world(seed);
        let certificate = world.ledger.certify(on(on_day)).unwrap();
        prop_assert!(certificate.tie_outs().iter().all(TieOut::holds));
        let query = AgeingQuery { account: "1122", currency: Currency::CNY, as_of: on(on_day), basis: AgeBasis::DueDate };
        let ageing = world.ledger.ageing(&query, &Buckets::standard()).unwrap();
        for split in ageing.rows.iter().map(|(_, split)| split).chain([&ageing.total]) {
            prop_assert_eq!(p14(split), Ok(()));
        }
    }

    #[test]
    fn p18_p29_bounds_and_locked_balances_hold_to_the_end(seed in 1_000_u64..) {
        let world = world(seed);
        for bound in &world.model.bounds {
            prop_assert_eq!(world.model.worst(bound, 0), Ok(()));
        }
        for ((code, who), day, minor) in &world.model.vouched {
            let found = world.ledger.layers(code, who.map(ka).as_ref(), Currency::CNY, At::EndOf(on(*day))).unwrap();
            prop_assert_eq!(found.posted.minor(), *minor);
        }
    }

    #[test]
    fn p21_a_parent_is_its_own_and_its_children(amounts in prop::collection::vec((0_usize..4, 1_i128..900), 1..20)) {
        let mut ledger = ledger();
        for (n, (which, amount)) in amounts.iter().enumerate() {
            let code = ["6601", "6601.02", "6601.10", "6603"][*which];
            let paid = draft(&format!("d{n}"), day(1))
                .leg(LegDraft::debit(code, fen(*amount)))
                .leg(LegDraft::credit("1002", fen(*amount)));
            ledger.post(&paid).unwrap();
        }
        let trial = ledger.trial_balance(day(2)).unwrap();
        let own = |code: &str| ledger.balance(code, Currency::CNY, At::Now).unwrap().minor();
        let rolled = trial.rolled_up("6601", Currency::CNY).unwrap().minor();
        prop_assert_eq!(rolled, own("6601") + own("6601.02") + own("6601.10"));
        prop_assert_eq!(trial.rolled_up("660", Currency::CNY).unwrap().minor(), 0);
    }
}

/// P07: the same commands give the same chain on every machine.
#[test]
fn p07_a_simulated_ledger_has_the_same_head_everywhere() {
    let head = world(7).ledger.head().to_string();
    assert_eq!(head, world(7).ledger.head().to_string());
    assert_eq!(head, HEAD);
}

const HEAD: &str = "6935cacddb2a2de5638d6b47ee069443115d07707ce7744f09733d42f2b61beb";

/// The checks above can fail: each is shown a doctored figure.
#[test]
fn every_doctored_figure_is_noticed() {
    let world = world(7);
    let mut doctored = figures(&world.ledger, At::Now);
    assert_eq!(p02(&doctored), Ok(()));
    doctored[0].pending_debit = doctored[0].pending_debit.checked_add(&fen(1)).unwrap();
    assert!(p02(&doctored).is_err());
    doctored[0] = LayeredBalance { posted: doctored[0].posted.checked_add(&fen(1)).unwrap(), ..doctored[0] };
    assert!(p02(&doctored).is_err());

    let mut log = world.ledger.events().to_vec();
    let early = on(1);
    log.iter_mut().for_each(|event| {
        if let EventBody::EntryPosted(entry) = &mut event.body {
            (entry.effective, entry.override_reason) = (early, None);
        }
    });
    assert!(p10(&world.ledger, &log).is_err());

    let query =
        AgeingQuery { account: "1122", currency: Currency::CNY, as_of: on(200), basis: AgeBasis::DueDate };
    let split = world.ledger.ageing(&query, &Buckets::standard()).unwrap().total;
    for place in 0..4 {
        let mut doctored = split.clone();
        let slot = match place {
            0 => &mut doctored.not_due,
            1 => &mut doctored.overdue[0],
            2 => &mut doctored.no_due_date,
            _ => &mut doctored.unallocated_credit,
        };
        *slot = slot.checked_add(&fen(1)).unwrap();
        assert!(p14(&doctored).is_err());
    }
    let certificate = world.ledger.certify(on(200)).unwrap();
    for place in 0..4 {
        let mut tie_out = certificate.tie_outs()[0].clone();
        let figures =
            [&mut tie_out.ageing, &mut tie_out.open_items, &mut tie_out.control, &mut tie_out.trial_balance];
        for (_, figure) in figures.into_iter().enumerate().filter(|(n, _)| *n == place) {
            *figure = figure.checked_add(&fen(1)).unwrap();
        }
        assert!(!tie_out.holds());
    }
}
