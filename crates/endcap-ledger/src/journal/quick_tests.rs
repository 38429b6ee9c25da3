//! The quick way against the slow way.

use proptest::prelude::*;

use super::balances::JournalBalances;
use super::build::Journal;
use super::quick::scan;
use crate::{Account, chart};

fn accounts() -> Vec<Account> {
    chart::key_account_supplier().unwrap_or_default()
}

/// Lines that are sound, odd or wrong, to be put together in any order.
const LINES: [&str; 46] = [
    "",
    "; a comment",
    "# another",
    "commodity 1000.00 CNY",
    "commodity 1 XYZ",
    "account Assets:9001  ; name:Nine, by:key_account",
    "  ; currency:CNY",
    "account Assets:9002",
    "2026-06-02 (INV-1) goods",
    "2026-06-02 (INV-1)",
    "2026-06-02 (INV-1#2) again",
    "2026-06-01 no document  ; nature:invoice",
    "2026-06-01",
    "2026-06-03 (K) x  ; key:k1, recorded:2026-06-05",
    "2026-06-03 (K) x  ; key:k1",
    "2026-06-03 (L) y  ; key:journal/INV-1",
    "2026-06-03 (M) 上海 50% off ; recorded:2026-06-04, other text, see: below",
    "2026-06-30 * starred",
    "2026-02-30 (X) no such day",
    "    ; key:k2",
    "    ; nature:receipt",
    "    ; due:2026-07-01",
    "    Assets:1002  100.00 CNY",
    "    Assets:1002  -100.00 CNY",
    "    Assets:%31002  100.00 CNY",
    "\tAssets:1002  50 CNY ; a comment",
    "    Assets:1002",
    "    Income:6001",
    "    Income:6001  -100.00 CNY",
    "    Income:6001  -100.00 CNY = -100.00 CNY",
    "    Assets:1002  0 CNY = 100.00 CNY",
    "    Assets:1002  0 CNY = 100.00 USD",
    "    Income:6001  -50.00 CNY",
    "    Assets:1122:KA1  100.00 CNY  ; due:2026-07-01, nature:invoice",
    "    Assets:1122:KA1  -100.00 CNY  ; clears:fifo",
    "    Assets:1122:KA1  -50.00 CNY  ; clears:INV-1=50.00|K=1",
    "    Assets:1122:KA 1  -100.00 CNY = -100.00 CNY  ; clears:fifo, due:none",
    "    Assets:1122  100.00 CNY",
    "    Assets:1002:KA1  100.00 CNY",
    "    Assets:9001:KA1  100.00 CNY  ; due:none",
    "    Liabilities:1002  100.00 CNY",
    "    Assets:1002  7 USD",
    "    Income:6001  -7.00 USD",
    "    Assets:1002  1.005 CNY",
    "    Assets:1002 1.00 CNY",
    "    Assets:1002  1,000.00 CNY",
];

/// Blocks that are sound more often than not.
const BLOCKS: [&str; 12] = [
    "2026-06-02 (INV-1) goods  ; nature:invoice\n    Assets:1122:KA1  113.00 CNY  ; due:2026-07-01\n    Income:6001\n",
    "2026-06-09 (INV-1) again\n    Assets:1122:KA1  113.00 CNY\n    ; item:OTHER, dated:2026-06-01\n    Income:6001  -113.00 CNY\n",
    "2026-06-20 (B) paid  ; key:paid\n    Assets:1002  100.00 CNY\n    Assets:1122:KA1  -100.00 CNY  ; clears:fifo\n",
    "2026-06-20 (B2) paid  ; key:paid2, recorded:2026-07-01\n    Assets:1002  100.00 CNY\n    Assets:1122:KA1  -100.00 CNY  ; clears:INV-1=10.00\n",
    "2026-05-20 before\n    Assets:%31002  5.00 CNY\n    Assets:1002  3 USD\n    Income:6001  -5.00 CNY\n    Income:6001  -3.00 USD\n",
    "2026-05-20\n    Assets:1002  5 CNY = 10.00 CNY\n    Income:6001\n",
    "2026-05-01 (A)\n    Assets:1002  5 CNY = 5.00 CNY\n    Income:6001\n",
    "2026-06-30 (Z) asserts\n    Assets:1002  0 CNY = 100.00 CNY\n    Assets:1002  0 CNY = 3.00 USD\n",
    "account Expenses:7  ; by:key_account\n    ; name:Seven\n",
    "2026-06-02 (S) 陈列费 50% off\n    Expenses:7:上海 店  12.30 CNY\n    Assets:1002  -12.30 CNY\n",
    "2026-06-02 (T) large\n    Assets:1002  123456789012345678901234.50 CNY\n    Income:6001\n",
    "2026-06-02 (key) k  ; key:journal/INV-1\n    Assets:1002  1.00 CNY\n    Income:6001\n",
];

fn agree(text: &str) -> bool {
    let slow = Journal::parse(text, &accounts()).and_then(|journal| JournalBalances::of(&journal));
    assert_eq!(JournalBalances::read(text, &accounts()), slow, "{text}");
    let quick = scan(text, &accounts());
    if let Some(quick) = &quick {
        assert_eq!(Ok(quick), slow.as_ref(), "{text}");
    }
    quick.is_some()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn any_lines_come_to_what_the_slow_way_says(lines in prop::collection::vec(0..LINES.len(), 0..14)) {
        let lines: Vec<&str> = lines.iter().filter_map(|index| LINES.get(*index).copied()).collect();
        agree(&lines.join("\n"));
    }

    #[test]
    fn any_blocks_come_to_what_the_slow_way_says(
        blocks in prop::collection::vec(0..BLOCKS.len(), 0..8), ending in 0..3_usize,
    ) {
        let blocks: Vec<&str> = blocks.iter().filter_map(|index| BLOCKS.get(*index).copied()).collect();
        let text = blocks.join("\n");
        agree(&match ending {
            0 => text,
            1 => text.replace('\n', "\r\n"),
            _ => format!("\u{feff}{text}").replace("2026", "2024"),
        });
    }

    #[test]
    fn a_character_changed_comes_to_what_the_slow_way_says(
        blocks in prop::collection::vec(0..BLOCKS.len(), 1..5), at in any::<prop::sample::Index>(),
        with in "[ -~\u{7f}\u{85}\u{3000}上\t=;:%#0-9]",
    ) {
        let blocks: Vec<&str> = blocks.iter().filter_map(|index| BLOCKS.get(*index).copied()).collect();
        let text = blocks.join("\n");
        let at = at.index(text.chars().count());
        let changed: String = text.chars().take(at).chain(with.chars()).chain(text.chars().skip(at.saturating_add(1))).collect();
        agree(&changed);
    }
}

#[test]
fn sound_journals_take_the_quick_way() {
    for blocks in [&[0, 1, 2, 3, 4][..], &[6, 5], &[9, 8, 10], &[0, 1, 0, 1], &[4]] {
        let text: Vec<&str> = blocks.iter().filter_map(|index| BLOCKS.get(*index).copied()).collect();
        assert!(agree(&text.join("\n")), "{text:#?}");
    }
    // What it cannot know it leaves to the slow way: this key might have been made up for INV-1.
    assert!(!agree(&[BLOCKS[0], BLOCKS[11]].join("\n")));
}
