//! One test for each way in which something cannot be handed over.

use endcap::bridge::{
    BridgeError, CashReceipt, Codes, Goods, Title, goods_entry, promotion_funding, receipt_entry,
};
use endcap::ledger::{Ledger, LedgerError};
use endcap::types::*;

use crate::bridge_funding::one_lump;
use crate::kit::*;

fn goods(unit_cost: Money) -> Goods {
    Goods {
        sku: sku("A1"),
        title: Title::OnSale,
        unit_cost: Some(unit_cost),
        opening: 0,
        delivered: 1,
        sold: 0,
        returned: 0,
        variance: 0,
    }
}

fn entry(goods: &[Goods]) -> Result<(), BridgeError> {
    let on = day("2025-01-31");
    goods_entry(&account(), goods, (document("G-1"), on, recorded()), &Codes::default()).map(|_| ())
}

#[test]
fn types_an_id_that_grows_too_long() {
    let long = document(&"D".repeat(62));
    let error = promotion_funding(&one_lump(), &long, day("2025-06-30")).unwrap_err();
    assert!(matches!(error, BridgeError::Types(_)), "{error:?}");
    assert!(promotion_funding(&one_lump(), &document(&"D".repeat(61)), day("2025-06-30")).is_ok());
}

#[test]
fn types_costs_in_two_currencies() {
    let dollars = Money::parse("1.00", Currency::USD).unwrap();
    let error = entry(&[goods(money("1.00")), goods(dollars)]).unwrap_err();
    assert!(matches!(error, BridgeError::Types(TypesError::CurrencyMismatch { .. })), "{error:?}");
}

#[test]
fn types_a_cost_out_of_range() {
    let most = Money::from_minor(endcap::types::limits::MAX_MINOR, Currency::CNY).unwrap();
    let error = entry(&[Goods { delivered: 2, ..goods(most) }]).unwrap_err();
    assert!(matches!(error, BridgeError::Types(_)), "{error:?}");
}

/// A caller that bridges and posts has one error type.
fn receive(ledger: &mut Ledger, receipt: &CashReceipt) -> Result<(), BridgeError> {
    ledger.post(&receipt_entry(receipt, &Codes::default(), recorded())?)?;
    Ok(())
}

#[test]
fn ledger_a_draft_that_the_ledger_refuses() {
    let receipt = CashReceipt {
        document: document("R-1"),
        account: account(),
        date: day("2025-01-31"),
        amount: money("1.00"),
        reference: Some(document("NEVER-HEARD-OF")),
    };
    let error = receive(&mut ledger(), &receipt).unwrap_err();
    let unknown = LedgerError::UnknownItem { code: "1122".to_owned(), document: document("NEVER-HEARD-OF") };
    assert_eq!(error, BridgeError::Ledger(unknown));
    assert_eq!(error.to_string(), "no item NEVER-HEARD-OF to clear in account 1122");
}

#[test]
fn negative_pieces_name_the_quantity() {
    let base = goods(money("1.00"));
    let cases = [
        (Goods { opening: -1, ..base.clone() }, "opening stock is negative: -1 pieces"),
        (Goods { delivered: -2, ..base.clone() }, "delivered quantity is negative: -2 pieces"),
        (Goods { sold: -3, ..base.clone() }, "sold quantity is negative: -3 pieces"),
        (Goods { returned: -4, ..base.clone() }, "returned quantity is negative: -4 pieces"),
    ];
    for (line, text) in cases {
        let error = entry(&[line]).unwrap_err();
        assert!(matches!(error, BridgeError::NegativePieces { .. }));
        assert_eq!(error.to_string(), text);
    }
    // Pieces missing at the count are no mistake.
    assert_eq!(entry(&[Goods { variance: -5, ..base }]), Ok(()));
}
