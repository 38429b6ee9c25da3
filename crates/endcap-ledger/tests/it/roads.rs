//! Two roads into one log: what the ledger posts straight into its columns is what `decide` and `apply` come to, and
//! what it does not take that way is refused, or accepted, as `decide` says.

use endcap_ledger::*;
use endcap_types::{Currency, Money};
use proptest::prelude::*;

use crate::controls::{close, direct, limit, lock};
use crate::kit::{cases, day, doc, draft, fen, invoice, ka, key, ledger, sku};

/// One thing about a draft, or the ledger it comes to, that is not plain.
type Twist = fn(&mut Ledger, &mut EntryDraft);

fn dollars(minor: i128) -> Money {
    Money::from_minor(minor, Currency::USD).unwrap()
}

fn first_leg(draft: &mut EntryDraft, change: impl FnOnce(&mut LegDraft)) {
    change(&mut draft.legs[0]);
}

const TWISTS: [(&str, Twist); 33] = [
    ("in red ink", |_, draft| {
        draft.legs[0].amount = LegAmount::Red(Side::Debit, fen(50));
        draft.legs[1].amount = LegAmount::Red(Side::Credit, fen(50));
    }),
    ("delivered on a day", |_, draft| {
        let delivered = Some(day(2));
        let item = ItemDraft { document: doc("goods"), dated: day(3), due: Due::NoDate, delivered };
        first_leg(draft, |leg| leg.item = ItemEffect::Open(item));
    }),
    ("recorded before the head", |_, draft| draft.recorded = day(899)),
    ("recorded later", |_, draft| draft.recorded = day(901)),
    ("described", |_, draft| draft.description = "goods 货款".to_owned()),
    ("described with a control character", |_, draft| draft.description = "a\u{7}b".to_owned()),
    ("described at length", |_, draft| draft.description = "x".repeat(501)),
    ("corrects", |_, draft| draft.link = Link::Corrects(EntryId::from_seq(40))),
    ("corrects nothing", |_, draft| draft.link = Link::Corrects(EntryId::from_seq(4000))),
    ("no legs", |_, draft| draft.legs.clear()),
    ("unbalanced", |_, draft| first_leg(draft, |leg| leg.amount = LegAmount::Fixed(Side::Debit, fen(999)))),
    ("a leg of nothing", |_, draft| {
        first_leg(draft, |leg| leg.amount = LegAmount::Fixed(Side::Debit, fen(0)))
    }),
    ("a negative leg", |_, draft| {
        first_leg(draft, |leg| leg.amount = LegAmount::Fixed(Side::Debit, fen(-5)))
    }),
    ("two currencies", |_, draft| {
        draft.legs.push(LegDraft::debit("1002", dollars(7)));
        draft.legs.push(LegDraft::credit("6001", dollars(7)));
    }),
    ("another currency on one leg", |_, draft| {
        first_leg(draft, |leg| leg.amount = LegAmount::Fixed(Side::Debit, dollars(100)));
    }),
    ("a remainder", |_, draft| draft.legs[1].amount = LegAmount::Remainder(Currency::CNY)),
    ("more turnover than there may be", |_, draft| {
        let most = fen(limits::MAX_TURNOVER_MINOR);
        draft.legs[0].amount = LegAmount::Fixed(Side::Debit, most);
        draft.legs[1].amount = LegAmount::Fixed(Side::Credit, most);
    }),
    ("an account that is not open", |_, draft| first_leg(draft, |leg| leg.account = "9999".to_owned())),
    ("no key account", |_, draft| first_leg(draft, |leg| leg.key_account = None)),
    ("a key account too many", |_, draft| draft.legs[1].key_account = Some(ka("KA1"))),
    ("a new key account", |_, draft| first_leg(draft, |leg| leg.key_account = Some(ka("KA9")))),
    ("a balance never posted to", |_, draft| draft.legs[1].account = "6603".to_owned()),
    ("an account of one currency", |ledger, draft| {
        let dollars = Account::new("1003", ("Dollars", "美元"), AccountKind::Asset).unwrap();
        drop(ledger.open_account(dollars.with_currency(CurrencyRule::Only(Currency::USD)), day(900)));
        draft.legs[1].account = "1003".to_owned();
    }),
    ("an item of its own document", |_, draft| {
        let item =
            ItemDraft { document: doc("another"), dated: day(3), due: Due::On(day(70)), delivered: None };
        first_leg(draft, |leg| leg.item = ItemEffect::Open(item));
    }),
    ("a plain item", |_, draft| first_leg(draft, |leg| leg.item = ItemEffect::Plain)),
    ("an item where none may be", |_, draft| {
        let item = ItemDraft { document: doc("another"), dated: day(3), due: Due::NoDate, delivered: None };
        draft.legs[1].item = ItemEffect::Open(item);
    }),
    ("clears", |_, draft| first_leg(draft, |leg| leg.item = ItemEffect::Clear(ClearingPolicy::Fifo))),
    ("moves goods", |_, draft| {
        let (key_account, sku, flow) = (ka("KA1"), sku("S1"), StockFlow::Delivered);
        draft.stock.push(StockMove { key_account, sku, flow, pieces: 3 });
    }),
    ("the key is taken", |_, draft| draft.key = key("i1")),
    ("a closed month", |ledger, _| drop(direct(ledger, "close", lock(close(), 1)))),
    ("a closed month, or the next day that is open", |ledger, draft| {
        drop(direct(ledger, "close", lock(close(), 1)));
        draft.closed = ClosedDay::FirstOpen;
    }),
    ("a soft closed month, with a reason or without", |ledger, draft| {
        drop(direct(ledger, "soft", lock(PeriodAction::SoftClose, 1)));
        draft.override_reason = (draft.legs.len() != 2).then(|| "late".to_owned());
    }),
    ("a limit", |ledger, _| drop(direct(ledger, "limit", limit("2.00", BoundDates::EveryDate)))),
];

/// A ledger in which the balances of the drafts are known.
fn prepared() -> Ledger {
    let mut ledger = ledger();
    ledger.post(&invoice("i1", "KA1", fen(100), day(5), Due::On(day(35)))).unwrap();
    ledger
        .post(
            &draft("cash", day(6)).leg(LegDraft::debit("1002", fen(9))).leg(LegDraft::credit("6001", fen(9))),
        )
        .unwrap();
    ledger
}

/// Posts on both roads; whether the draft was accepted.
fn on_both_roads(ledger: &mut Ledger, draft: &EntryDraft) -> Result<bool, TestCaseError> {
    let mut state = ledger.state().clone();
    let decided = decide(&state, &Command::Post(draft.clone()));
    let posted = ledger.post(draft);
    prop_assert_eq!(
        decided.as_ref().map(|decision| decision.receipts.last().copied()).map_err(Clone::clone),
        posted.clone().map(Some)
    );
    for event in decided.into_iter().flat_map(|decision| decision.events) {
        apply(&mut state, event).unwrap();
    }
    prop_assert_eq!(state.events(), ledger.events());
    prop_assert_eq!(&state, ledger.state());
    prop_assert!(ledger.audit().is_clean());
    Ok(posted.is_ok())
}

#[test]
fn every_twist_comes_to_the_same_on_both_roads() {
    let outcomes: Vec<bool> = TWISTS
        .iter()
        .map(|(name, twist)| {
            let (mut ledger, mut draft) = (prepared(), invoice("i2", "KA1", fen(50), day(8), Due::NoDate));
            twist(&mut ledger, &mut draft);
            on_both_roads(&mut ledger, &draft).unwrap_or_else(|error| panic!("{name}: {error}"))
        })
        .collect();
    assert!(outcomes.iter().filter(|accepted| **accepted).count() >= 8);
    assert!(outcomes.iter().filter(|accepted| !**accepted).count() >= 14);
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn drafts_of_any_twists_come_to_the_same_on_both_roads(
        drafts in prop::collection::vec((prop::collection::vec(0..TWISTS.len(), 0..3), 1..900_i128, 0..60_u64), 1..8),
    ) {
        let mut ledger = prepared();
        for (n, (twists, minor, on)) in drafts.into_iter().enumerate() {
            let mut draft = invoice(&format!("n{n}"), "KA1", fen(minor), day(on), Due::On(day(on + 30)));
            for twist in twists {
                if draft.legs.len() >= 2 {
                    let mut other = ledger.clone();
                    (TWISTS[twist].1)(&mut other, &mut draft);
                    ledger = other;
                }
            }
            on_both_roads(&mut ledger, &draft)?;
        }
    }
}
