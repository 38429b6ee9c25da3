//! The glossary: one place for each term, and each can be found.

use std::collections::BTreeSet;

use endcap::glossary::{self, Group};

#[test]
fn every_term_is_told_once_and_whole() {
    let (mut zh, mut en) = (BTreeSet::new(), BTreeSet::new());
    for term in glossary::terms() {
        for text in [term.zh, term.en, term.meaning] {
            assert!(!text.is_empty() && text.trim() == text, "{term:?}");
        }
        assert_eq!(term.formula.trim(), term.formula, "{term:?}");
        assert!(zh.insert(term.zh), "{} is there twice", term.zh);
        assert!(en.insert(term.en), "{} is there twice", term.en);
    }
    assert!(zh.len() > 100);
}

#[test]
fn every_name_finds_its_own_term() {
    for term in glossary::terms() {
        assert_eq!(glossary::find(term.zh), Some(term));
        assert_eq!(glossary::find(term.en), Some(term));
        for form in term.zh.split('/') {
            assert!(glossary::find(form).is_some(), "{form}");
        }
    }
    assert_eq!(glossary::find("进店").map(|term| term.en), Some("Listing (account entry)"));
    for unknown in ["", "no such term", "重点", "key account (ka)"] {
        assert_eq!(glossary::find(unknown), None);
    }
}

#[test]
fn groups_are_all_there_and_stand_together() {
    let mut groups: Vec<Group> = glossary::terms().iter().map(|term| term.group).collect();
    assert!(groups.is_sorted(), "terms stand group by group");
    groups.dedup();
    let all = [Group::Business, Group::Display, Group::Operations, Group::Promotion, Group::Finance];
    assert_eq!(groups, all);
}
