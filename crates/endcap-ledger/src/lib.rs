//! A double-entry ledger with open items, ageing and stock beside money, as pure logic.
