//! Groups of key accounts: the page of a group is the sum of its members' pages; what is refused about groups.

use endcap_calendar::Period;
use endcap_ledger::*;
use endcap_types::{AccountId, Currency, Money};
use proptest::prelude::*;

use crate::controls::direct;
use crate::kit::{cny, day, fen, invoice, ka, ledger};
use crate::script::{WHO, run, script};

const FAR: u64 = 900;

pub(crate) fn group(members: &[&str]) -> Directive {
    let members = members.iter().map(|name| ka(name)).collect();
    Directive::SetGroup(KeyAccountGroup { group: ka("HQ"), members })
}

pub(crate) fn limit(max: Option<Money>) -> Directive {
    let (group, account, currency) = (ka("HQ"), "1122".to_owned(), Currency::CNY);
    Directive::SetGroupLimit(GroupLimit { group, account, currency, max })
}

pub(crate) fn over(up_to: Money, until: u64) -> Directive {
    Directive::OverrideGroupLimit(LimitOverride {
        group: ka("HQ"),
        account: "1122".to_owned(),
        up_to,
        until: day(until),
        reason: "spring festival stock".to_owned(),
        by: "credit manager".to_owned(),
    })
}

/// The law of the page: each figure of a group is the sum of those of its members.
fn sums_up(page: &GroupPage) -> Result<(), String> {
    let sum =
        |part: &dyn Fn(&AccountPage) -> i128| page.members.iter().map(|(_, page)| part(page)).sum::<i128>();
    let same = |what: &str, found: i128, expected: i128| {
        if found == expected { Ok(()) } else { Err(format!("{what}: {found} is not {expected}")) }
    };
    same("opening", page.opening.minor(), sum(&|page| page.opening.minor()))?;
    same("closing", page.closing.minor(), sum(&|page| page.closing.minor()))?;
    for nature in Nature::ALL {
        let moved = page.movements.get(&nature).map_or(0, Money::minor);
        same("a movement", moved, sum(&|page| page.movement(nature).minor()))?;
    }
    for side in [Side::Debit, Side::Credit] {
        let turned = page.turnover(side).unwrap().minor();
        same("a turnover", turned, sum(&|page| page.turnover(side).unwrap().minor()))?;
    }
    let mut balance = page.opening.minor();
    for of in &page.lines {
        balance += of.line.side.sign(of.line.amount.minor());
        same("a running balance", of.line.balance.minor(), balance)?;
    }
    for (member, own) in &page.members {
        let lines = page.lines.iter().filter(|of| of.key_account == *member);
        let lines: Vec<_> = lines.map(|of| (of.line.entry, of.line.side, of.line.amount)).collect();
        let expected: Vec<_> = own.lines.iter().map(|line| (line.entry, line.side, line.amount)).collect();
        if lines != expected {
            return Err(format!("the lines of {member} are {lines:?}, not {expected:?}"));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(crate::kit::cases(64))]

    #[test]
    fn a_group_page_is_the_sum_of_its_members(
        steps in script(50), month in 1_u32..6, picked in prop::collection::vec(0..WHO.len(), 0..5), on in 0_u64..160,
    ) {
        let mut ledger = ledger();
        run(&mut ledger, &steps);
        let members: Vec<AccountId> = picked.into_iter().map(|at| ka(WHO[at])).collect();
        let period = Period::month(2025, month).unwrap();
        let query = GroupPageQuery { account: "1122", members: &members, currency: Currency::CNY, period };
        let page = ledger.group_page(&query).unwrap();
        prop_assert_eq!(sums_up(&page), Ok(()));
        prop_assert!(page.lines.is_sorted_by_key(|of| (of.line.effective, of.line.entry)));
        for (edge, found) in [(period.start().pred_opt().unwrap(), page.opening), (period.last_day(), page.closing)] {
            let balance = ledger.balance_of_group("1122", &members, Currency::CNY, At::EndOf(edge)).unwrap();
            prop_assert_eq!(found, balance);
        }
        // So is its ageing, which comes to the balance of the group.
        for basis in AgeBasis::ALL {
            let query = AgeingQuery { account: "1122", currency: Currency::CNY, as_of: day(on), basis };
            let ageing = ledger.ageing(&query, &Buckets::standard()).unwrap();
            let split = ageing.of_group(&members).unwrap();
            let places = [split.not_due, split.no_due_date, split.unallocated_credit];
            let sum: i128 = places.iter().chain(&split.overdue).map(Money::minor).sum();
            prop_assert_eq!(sum, split.total.minor());
            let balance = ledger.balance_of_group("1122", &members, Currency::CNY, At::EndOf(day(on))).unwrap();
            prop_assert_eq!(split.total, balance);
        }
    }
}

#[test]
fn a_page_that_is_not_the_sum_is_noticed() {
    let mut ledger = ledger();
    for (n, who) in WHO.iter().enumerate() {
        ledger.post(&invoice(&format!("i{n}"), who, fen(100 + n as i128), day(3), Due::NoDate)).unwrap();
    }
    let members = WHO.map(ka);
    let period = Period::month(2025, 1).unwrap();
    let query = GroupPageQuery { account: "1122", members: &members, currency: Currency::CNY, period };
    let page = ledger.group_page(&query).unwrap();
    assert_eq!(sums_up(&page), Ok(()));
    let doctored: [&dyn Fn(&mut GroupPage); 5] = [
        &|page| page.opening = fen(1),
        &|page| page.closing = fen(1),
        &|page| page.movements.clear(),
        &|page| drop(page.lines.pop()),
        &|page| page.lines[1].line.balance = fen(1),
    ];
    for doctor in doctored {
        let mut page = page.clone();
        doctor(&mut page);
        assert!(sums_up(&page).is_err());
    }
}

/// The refusal names group, limit, exposure and headroom.
#[test]
fn a_refusal_says_what_is_left() {
    let mut ledger = ledger();
    direct(&mut ledger, "g", group(&["KA1", "KA2"])).unwrap();
    direct(&mut ledger, "l", limit(Some(cny("1000.00")))).unwrap();
    ledger.post(&invoice("i1", "KA1", cny("700.00"), day(3), Due::NoDate)).unwrap();
    let held = ReserveDraft {
        draft: invoice("i2", "KA2", cny("120.00"), day(4), Due::NoDate),
        expires: Expiry::Never,
    };
    ledger.reserve(held).unwrap();
    let error = ledger.post(&invoice("i3", "KA2", cny("200.00"), day(5), Due::NoDate)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "CNY 200.00 asked of group HQ, which may owe CNY 1000.00 on 1122: CNY 820.00 is owed, CNY 180.00 is left"
    );
    // Whoever is no member is not held back, nor is money that comes in.
    ledger.post(&invoice("i4", "KA3", cny("5000.00"), day(5), Due::NoDate)).unwrap();
    direct(&mut ledger, "o", over(cny("1100.00"), FAR)).unwrap();
    ledger.post(&invoice("i5", "KA2", cny("200.00"), day(5), Due::NoDate)).unwrap();
    let usage = ledger.group_usage(&ka("HQ"), ("1122", Currency::CNY), day(FAR)).unwrap().unwrap();
    assert_eq!((usage.exposure, usage.headroom), (cny("1020.00"), cny("80.00")));
    assert!(usage.overridden_by.is_some());
    let later = ledger.group_usage(&ka("HQ"), ("1122", Currency::CNY), day(FAR + 1)).unwrap().unwrap();
    assert_eq!((later.limit, later.headroom, later.overridden_by), (cny("1000.00"), cny("-20.00"), None));
    assert_eq!(ledger.group_members(&ka("HQ")).cloned().collect::<Vec<_>>(), [ka("KA1"), ka("KA2")]);
    assert_eq!(ledger.groups().cloned().collect::<Vec<_>>(), [ka("HQ")]);
    // A batch counts what it has posted itself.
    let batch = [("b1", "50.00"), ("b2", "40.00")]
        .map(|(name, amount)| invoice(name, "KA1", cny(amount), day(6), Due::NoDate));
    let refused = ledger.post_batch(&batch).unwrap_err();
    assert!(matches!(refused, LedgerError::BatchRejected { index: 1, .. }), "{refused:?}");
}

#[test]
fn what_is_laid_down_about_groups_must_be_sound() {
    let mut ledger = ledger();
    let unknown = ControlError::UnknownGroup { group: ka("HQ") };
    for (n, directive) in
        [group(&[]), limit(Some(cny("1.00"))), over(cny("2.00"), FAR)].into_iter().enumerate()
    {
        assert_eq!(direct(&mut ledger, &format!("u{n}"), directive), Err(unknown.clone().into()));
    }
    assert_eq!(ledger.group_usage(&ka("HQ"), ("1122", Currency::CNY), day(1)), Err(unknown.into()));
    direct(&mut ledger, "g", group(&["KA1", "KA1"])).unwrap();
    assert_eq!(ledger.group_usage(&ka("HQ"), ("1122", Currency::CNY), day(1)), Ok(None));
    let missing = ControlError::NoGroupLimit { group: ka("HQ"), code: "1122".to_owned() };
    assert_eq!(direct(&mut ledger, "o1", over(cny("2.00"), FAR)), Err(missing.into()));
    let bank = Directive::SetGroupLimit(GroupLimit {
        group: ka("HQ"),
        account: "1002".to_owned(),
        currency: Currency::CNY,
        max: Some(cny("1.00")),
    });
    let refused = ControlError::NotPerKeyAccount { code: "1002".to_owned() };
    assert_eq!(direct(&mut ledger, "l0", bank), Err(refused.into()));
    let dollars = limit(Some(Money::from_minor(1, Currency::USD).unwrap()));
    let (code, currency, allowed) = ("1122".to_owned(), Currency::USD, Currency::CNY);
    assert_eq!(
        direct(&mut ledger, "l1", dollars),
        Err(LedgerError::CurrencyNotAllowed { code, currency, allowed })
    );
    direct(&mut ledger, "l2", limit(Some(cny("100.00")))).unwrap();
    let refused = ControlError::OverrideBelowLimit { up_to: cny("100.00"), limit: cny("100.00") };
    assert_eq!(direct(&mut ledger, "o2", over(cny("100.00"), FAR)), Err(refused.into()));
    ledger.post(&invoice("i1", "KA1", cny("100.00"), day(3), Due::NoDate)).unwrap();
    // A limit that is broken already, and a member that does not fit in.
    let low = direct(&mut ledger, "l3", limit(Some(cny("99.99")))).unwrap_err();
    let Err(LedgerError::Control(ControlError::GroupLimitExceeded { usage, asked })) = Err::<(), _>(low)
    else {
        panic!("another error");
    };
    assert_eq!((usage.headroom, asked), (cny("-0.01"), cny("0.00")));
    ledger.post(&invoice("i2", "KA2", cny("1.00"), day(3), Due::NoDate)).unwrap();
    assert!(direct(&mut ledger, "g2", group(&["KA1", "KA2"])).is_err());
    // The same members again change nothing; without members the group and its limit are gone.
    let events = ledger.events().len();
    direct(&mut ledger, "g3", group(&["KA1"])).unwrap();
    assert_eq!(ledger.events().len(), events);
    direct(&mut ledger, "g4", group(&[])).unwrap();
    assert_eq!(ledger.groups().count(), 0);
    ledger.post(&invoice("i3", "KA1", cny("9.00"), day(3), Due::NoDate)).unwrap();
}
