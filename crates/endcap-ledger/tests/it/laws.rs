//! Laws of posting, of the log and of stock.

use std::cell::Cell;

use endcap_calendar::Period;
use endcap_ledger::{
    At, ClearedItems, CorrectionDate, Due, Ledger, LedgerError, Nature, PageQuery, Replay, Reversal, apply,
    decide,
};
use endcap_types::Currency;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::kit::{day, doc, fen, invoice, ka, key, ledger};
use crate::oracle;
use crate::script::{WHO, command, draft_of, run, script};

const CASES: u32 = 64;

fn codes(ledger: &Ledger) -> Vec<String> {
    ledger.accounts().iter().map(|account| account.code().to_owned()).collect()
}

/// The scripts of these laws must not all be refused, nor all accepted: both roads are travelled.
#[test]
fn scripts_travel_both_roads() {
    let mut runner = TestRunner::new(Config::with_cases(16));
    let totals = Cell::new((0, 0));
    let outcome = runner.run(&script(60), |steps| {
        let (accepted, refused) = run(&mut ledger(), &steps);
        let (a, r) = totals.get();
        totals.set((a + accepted, r + refused));
        Ok(())
    });
    outcome.unwrap();
    let (accepted, refused) = totals.get();
    assert!(accepted > 100 && refused > 50, "{accepted} accepted, {refused} refused");
}

proptest! {
    #![proptest_config(crate::kit::cases(CASES))]

    #[test]
    fn p01_debits_equal_credits_per_currency_after_any_script(steps in script(50), on in 0_u64..160) {
        let mut ledger = ledger();
        run(&mut ledger, &steps);
        for entry in oracle::entries(&ledger) {
            for currency in [Currency::CNY, Currency::USD] {
                let legs = entry.legs.iter().filter(|leg| leg.amount.currency() == currency);
                prop_assert_eq!(legs.map(|leg| leg.signed_minor()).sum::<i128>(), 0);
            }
        }
        prop_assert!(ledger.trial_balance(day(on)).unwrap().is_balanced());
        let report = ledger.audit();
        prop_assert!(report.is_clean(), "{:?}", report.findings);
    }

    #[test]
    fn p11_balances_are_what_the_journal_adds_up_to(steps in script(50), on in 0_u64..160) {
        let mut ledger = ledger();
        run(&mut ledger, &steps);
        for code in codes(&ledger) {
            for currency in [Currency::CNY, Currency::USD] {
                let slow = oracle::balance(&ledger, &code, None, currency, day(on));
                prop_assert_eq!(ledger.balance(&code, currency, At::EndOf(day(on))).unwrap().minor(), slow);
                let slow = oracle::balance(&ledger, &code, None, currency, day(2_000));
                prop_assert_eq!(ledger.balance(&code, currency, At::Now).unwrap().minor(), slow);
                for who in WHO.map(ka) {
                    let slow = oracle::balance(&ledger, &code, Some(&who), currency, day(on));
                    let fast = ledger.balance_of(&code, &who, currency, At::EndOf(day(on))).unwrap();
                    prop_assert_eq!(fast.minor(), slow);
                }
            }
        }
        let trial = ledger.trial_balance(day(on)).unwrap();
        for row in &trial.rows {
            let slow = oracle::balance(&ledger, &row.code, None, row.closing.currency(), day(on));
            prop_assert_eq!(row.closing.minor(), slow);
        }
    }

    #[test]
    fn just_after_an_entry_is_its_place_in_effective_order(steps in script(25)) {
        let mut ledger = ledger();
        run(&mut ledger, &steps);
        let entries = || ledger.events().iter().filter_map(|event| {
            let id = endcap_ledger::EntryId::from_seq(event.seq);
            ledger.entry(id).map(|entry| (entry.effective, id, entry))
        });
        let sales = ledger.accounts().iter().position(|account| account.code() == "6001").unwrap();
        for (day, id, _) in entries() {
            let before = entries().filter(|(other_day, other, _)| (other_day, other) <= (&day, &id));
            let legs = before.flat_map(|(_, _, entry)| entry.legs);
            let legs = legs.filter(|leg| leg.account.index() as usize == sales && leg.amount.currency() == Currency::CNY);
            let slow: i128 = legs.map(|leg| leg.signed_minor()).sum();
            prop_assert_eq!(ledger.balance("6001", Currency::CNY, At::AfterEntry(id)).unwrap().minor(), slow);
        }
    }

    #[test]
    fn a_period_trial_balance_rolls_forward(steps in script(50), month in 1_u32..6) {
        let mut ledger = ledger();
        run(&mut ledger, &steps);
        let period = Period::month(2025, month).unwrap();
        let trial = ledger.trial_balance_within(period).unwrap();
        prop_assert!(trial.is_balanced());
        for row in &trial.rows {
            let currency = row.closing.currency();
            prop_assert_eq!(row.opening.minor() + row.debit.minor() - row.credit.minor(), row.closing.minor());
            let eve = period.start().pred_opt().unwrap();
            prop_assert_eq!(row.opening.minor(), oracle::balance(&ledger, &row.code, None, currency, eve));
            let last = period.last_day();
            prop_assert_eq!(row.closing.minor(), oracle::balance(&ledger, &row.code, None, currency, last));
        }
    }

    #[test]
    fn p12_what_was_known_does_not_change(recorded in prop::collection::vec((0_u64..5, 0_u64..60, 1_i128..900), 1..30)) {
        let mut ledger = ledger();
        let mut answers = Vec::new();
        let mut now = 0;
        for (n, (later, on, amount)) in recorded.into_iter().enumerate() {
            if later > 0 {
                let known = At::Known { effective: day(40), recorded: day(now) };
                answers.push((known, now, ledger.balance("1122", Currency::CNY, known).unwrap()));
            }
            now += later;
            let mut entry = invoice(&format!("i{n}"), "KA1", fen(amount), day(on), Due::NoDate);
            entry.recorded = day(now);
            ledger.post(&entry).unwrap();
        }
        for (known, at, answer) in answers {
            prop_assert_eq!(ledger.balance("1122", Currency::CNY, known).unwrap(), answer);
            let slow = oracle::balance_known(&ledger, "1122", Currency::CNY, (day(40), day(at)));
            prop_assert_eq!(answer.minor(), slow);
        }
    }

    #[test]
    fn p03_a_refused_command_leaves_no_trace(steps in script(40)) {
        let mut ledger = ledger();
        for (n, step) in steps.iter().enumerate() {
            let asked = command(n, step, ledger.events().len());
            let before = ledger.clone();
            if ledger.execute(&asked).is_err() {
                prop_assert_eq!(&ledger, &before);
            }
        }
    }

    #[test]
    fn p07_replay_gives_the_same_state(steps in script(40), cut in 0.0_f64..1.0) {
        let mut ledger = ledger();
        run(&mut ledger, &steps);
        let log = ledger.events().to_vec();
        let replayed = Ledger::replay(ledger.settings().clone(), log.clone()).unwrap();
        prop_assert_eq!(&replayed, &ledger);

        let cut = (cut * log.len() as f64) as usize;
        let snapshot = Ledger::replay(ledger.settings().clone(), log[..cut].to_vec()).unwrap();
        let mut state = snapshot.state().clone();
        for event in &log[cut..] {
            apply(&mut state, event.clone()).unwrap();
        }
        prop_assert_eq!(&state, ledger.state());
    }

    #[test]
    fn decide_then_apply_is_what_the_ledger_does(steps in script(30)) {
        let mut comfortable = ledger();
        let mut state = comfortable.state().clone();
        for (n, step) in steps.iter().enumerate() {
            let asked = command(n, step, state.events().len());
            let decided = decide(&state, &asked);
            let done = comfortable.execute(&asked);
            prop_assert_eq!(decided.as_ref().map(|decision| decision.receipts.clone()).map_err(Clone::clone), done);
            for event in decided.into_iter().flat_map(|decision| decision.events) {
                apply(&mut state, event).unwrap();
            }
        }
        prop_assert_eq!(&state, comfortable.state());
    }

    #[test]
    fn p04_a_batch_is_its_members_one_by_one_or_nothing(steps in script(30)) {
        let drafts: Vec<_> = steps.iter().enumerate().filter_map(|(n, step)| draft_of(n, step)).collect();
        let mut one_by_one = ledger();
        let mut first_refused = None;
        for (index, draft) in drafts.iter().enumerate() {
            if let Err(error) = one_by_one.post(draft) {
                first_refused = Some((index, error));
                break;
            }
        }
        let mut accepted = Vec::new();
        let mut sieve = ledger();
        for draft in &drafts {
            if sieve.post(draft).is_ok() {
                accepted.push(draft.clone());
            }
        }
        // Some one by one, the rest as a batch on top of them.
        let (singly, together) = accepted.split_at(accepted.len() / 2);
        let mut whole = ledger();
        for draft in singly {
            whole.post(draft).unwrap();
        }
        prop_assert_eq!(whole.post_batch(together).unwrap().len(), together.len());
        prop_assert_eq!(&whole, &sieve);

        let mut batched = ledger();
        let before = batched.clone();
        match (batched.post_batch(&drafts), first_refused) {
            (Ok(receipts), None) => {
                prop_assert_eq!(receipts.len(), drafts.len());
                prop_assert_eq!(&batched, &one_by_one);
            }
            (Err(error), Some((at, why))) => {
                let key = drafts[at].key.clone();
                prop_assert_eq!(error, LedgerError::BatchRejected { index: at, key, cause: Box::new(why) });
                prop_assert_eq!(&batched, &before);
            }
            (batch, single) => prop_assert!(false, "batch {batch:?}, one by one {single:?}"),
        }
    }

    #[test]
    fn p06_posting_again_under_the_same_key_changes_nothing(steps in script(30)) {
        let mut ledger = ledger();
        for (n, step) in steps.iter().enumerate() {
            let Some(draft) = draft_of(n, step) else { continue };
            let Ok(first) = ledger.post(&draft) else { continue };
            let once = ledger.clone();
            let mut later = draft.clone();
            later.recorded = day(950); // the recorded date is no part of the payload
            let again = ledger.post(&later).unwrap();
            prop_assert_eq!((again.seq, again.hash, again.replay), (first.seq, first.hash, Replay::Replayed));
            prop_assert_eq!(&ledger, &once);
            let mut other = draft.clone();
            other.description.push('x');
            let conflict = LedgerError::IdempotencyConflict { key: draft.key.clone(), first_seq: first.seq };
            prop_assert_eq!(ledger.post(&other), Err(conflict));
        }
    }

    #[test]
    fn p05_a_reversal_nets_to_zero_and_a_second_one_restores(steps in script(30), back in 0_u64..40, on in 0_u64..160) {
        let mut ledger = ledger();
        run(&mut ledger, &steps);
        let of = endcap_ledger::EntryId::from_seq(ledger.events().len() as u64 - back % ledger.events().len() as u64);
        let asked = |of, name: &str| Reversal {
            of,
            key: key(name),
            document: doc(name),
            reason: "wrong price".to_owned(),
            date: CorrectionDate::OriginalOrFirstOpen,
            recorded: day(900),
            cleared: ClearedItems::Release,
            form: endcap_ledger::FormRule::AsLedger,
        };
        let with = ledger.clone();
        let Ok(first) = ledger.reverse(asked(of, "undo")) else { return Ok(()) };
        prop_assert_eq!(ledger.reversed_by(of), Some(first.entry()));
        let (was, mirror) = (ledger.entry(of).unwrap(), ledger.entry(first.entry()).unwrap());
        for (leg, back) in was.legs.iter().zip(&mirror.legs) {
            prop_assert_eq!((leg.account, leg.signed_minor()), (back.account, -back.signed_minor()));
        }
        for (index, account) in ledger.accounts().iter().enumerate() {
            for currency in [Currency::CNY, Currency::USD] {
                let legs = was.legs.iter().filter(|leg| leg.account.index() as usize == index);
                let legs = legs.filter(|leg| leg.amount.currency() == currency);
                let effect: i128 = legs.map(|leg| leg.signed_minor()).sum();
                let balance = |ledger: &Ledger| ledger.balance(account.code(), currency, At::Now).unwrap().minor();
                prop_assert_eq!(balance(&ledger), balance(&with) - effect);
            }
        }
        prop_assert!(ledger.audit().is_clean());
        if let Ok(second) = ledger.reverse(asked(first.entry(), "redo")) {
            prop_assert_eq!(ledger.entry(second.entry()).unwrap().legs.len(), ledger.entry(of).unwrap().legs.len());
            for code in codes(&ledger) {
                let at = At::EndOf(day(on));
                // The reversal and its reversal stand on one day, so every day shows what it showed.
                prop_assert_eq!(ledger.balance(&code, Currency::CNY, at), with.balance(&code, Currency::CNY, at));
            }
            prop_assert!(ledger.audit().is_clean());
        }
    }

    #[test]
    fn p12_the_order_of_posting_does_not_change_balances(
        amounts in prop::collection::vec((0_usize..3, 1_i128..10_000, 0_u64..150, prop::option::of(0_u64..200)), 1..25),
        seed in any::<u64>(),
        on in 0_u64..160,
    ) {
        let drafts: Vec<_> = amounts.iter().enumerate().map(|(n, (who, amount, at, due))| {
            invoice(&format!("i{n}"), WHO[*who], fen(*amount), day(*at), due.map_or(Due::NoDate, |due| Due::On(day(due))))
        }).collect();
        let mut shuffled = drafts.clone();
        let len = shuffled.len();
        for index in 0..len {
            shuffled.swap(index, (seed as usize).wrapping_mul(index + 7) % len);
        }
        let (mut one, mut other) = (ledger(), ledger());
        one.post_batch(&drafts).unwrap();
        other.post_batch(&shuffled).unwrap();
        for who in WHO.map(ka) {
            for at in [At::Now, At::EndOf(day(on))] {
                let balance = |ledger: &Ledger| ledger.balance_of("1122", &who, Currency::CNY, at).unwrap();
                prop_assert_eq!(balance(&one), balance(&other));
            }
        }
        prop_assert_eq!(one.trial_balance(day(on)).unwrap(), other.trial_balance(day(on)).unwrap());
    }

    #[test]
    fn p22_stock_rolls_forward(steps in script(60), month in 1_u32..6) {
        let mut ledger = ledger();
        run(&mut ledger, &steps);
        let period = Period::month(2025, month).unwrap();
        for who in WHO.map(ka) {
            for card in ledger.stock_cards(&who, period) {
                let moved: i64 = card.flows.iter().map(|(flow, pieces)| flow.change(*pieces)).sum();
                prop_assert_eq!(card.opening + moved, card.closing);
                let slow = oracle::stock(&ledger, &who, &card.sku, period.last_day());
                prop_assert_eq!(card.closing, slow);
                prop_assert_eq!(ledger.stock_on(&who, &card.sku, period.last_day()), slow);
                prop_assert!(oracle::stock(&ledger, &who, &card.sku, day(2_000)) >= 0);
            }
        }
    }

    #[test]
    fn p30_a_page_explains_its_balance_line_by_line(steps in script(50), month in 1_u32..6) {
        let mut ledger = ledger();
        run(&mut ledger, &steps);
        let period = Period::month(2025, month).unwrap();
        for who in WHO.map(ka) {
            let query = PageQuery { account: "1122", key_account: &who, currency: Currency::CNY, period };
            let page = ledger.page(&query).unwrap();
            let moved: i128 = page.movements.values().map(|money| money.minor()).sum();
            prop_assert_eq!(page.opening.minor() + moved, page.closing.minor());
            let lines: i128 = page.lines.iter().map(|line| line.side.sign(line.amount.minor())).sum();
            prop_assert_eq!(lines, moved);
            let slow = oracle::balance(&ledger, "1122", Some(&who), Currency::CNY, period.last_day());
            prop_assert_eq!(page.closing.minor(), slow);
            prop_assert!(page.lines.is_sorted_by_key(|line| (line.effective, line.entry)));
            for (line, next) in page.lines.iter().zip(page.lines.iter().skip(1)) {
                if line.entry != next.entry {
                    let at = At::AfterEntry(line.entry);
                    prop_assert_eq!(ledger.balance_of("1122", &who, Currency::CNY, at), Ok(line.balance));
                }
            }
            for nature in Nature::ALL {
                let legs = page.lines.iter().filter(|line| line.nature == nature);
                let slow: i128 = legs.map(|line| line.side.sign(line.amount.minor())).sum();
                prop_assert_eq!(page.movement(nature).minor(), slow);
            }
            let next = PageQuery { period: period.next().unwrap(), ..query };
            prop_assert_eq!(ledger.page(&next).unwrap().opening, page.closing);
        }
    }
}
