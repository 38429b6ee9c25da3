//! The till file: how sales were paid and what was taken off them, one line for each part.

use std::collections::BTreeMap;
use std::path::Path;

use endcap::settlement::{Sale, Tender, TenderAmount, TillDiscount, TillSale};
use endcap::types::{Currency, DocumentId, Money, SkuId};

use crate::common::fields::{Reader, rows_with};
use crate::common::problems::{Problem, Problems, Source};

const COLUMNS: [&str; 6] = ["document", "sku", "part", "kind", "amount", "void"];
const NEEDED: usize = 5;
const DOCUMENT: usize = 0;
const SKU: usize = 1;
const PART: usize = 2;
const KIND: usize = 3;
const AMOUNT: usize = 4;
const VOID: usize = 5;

type Key = (DocumentId, SkuId);

/// What the till says of one sale, and where it begins.
struct Detail {
    line: u64,
    /// Lines that could not be read: what is left of the others says nothing.
    refused: usize,
    discounts: Vec<TillDiscount>,
    tenders: Vec<TenderAmount>,
}

/// Takes the sales that the till file names apart; the others stay as they are.
pub fn read(
    path: &Path,
    currency: Currency,
    sales: Vec<(Sale, u64)>,
    problems: &mut Problems,
) -> (Vec<(Sale, u64)>, Vec<TillSale>) {
    let mut lines: BTreeMap<Key, usize> = BTreeMap::new();
    for (sale, _) in &sales {
        *lines.entry((sale.document.clone(), sale.sku.clone())).or_default() += 1;
    }
    let mut details: BTreeMap<Key, Detail> = BTreeMap::new();
    rows_with(path, 5, (COLUMNS, NEEDED), problems, |row| {
        let document = row.id(DOCUMENT, |text| DocumentId::new(text))?;
        let sku = row.id(SKU, |text| SkuId::new(text))?;
        let key = (document, sku);
        match lines.get(&key) {
            Some(1) => {}
            Some(_) => {
                let text = "expected a document with one sale of this SKU; the movements have several";
                return Err(row.refuse(DOCUMENT, text));
            }
            None => return Err(row.refuse(DOCUMENT, "expected the document of a sale of this SKU")),
        }
        let detail = details.entry(key).or_insert_with(|| Detail {
            line: row.row.line(),
            refused: 0,
            discounts: Vec::new(),
            tenders: Vec::new(),
        });
        part(row, currency, detail).inspect_err(|_| detail.refused += 1)
    });
    let source = Source::new(path, 5);
    let (mut plain, mut taken_apart) = (Vec::new(), Vec::new());
    for (sale, line) in sales {
        match details.remove(&(sale.document.clone(), sale.sku.clone())) {
            None => plain.push((sale, line)),
            Some(detail) if detail.refused > 0 => {}
            Some(detail) => match joined(sale, detail) {
                Ok(sold) => taken_apart.push(sold),
                Err((line, text)) => problems.push(Problem::at(&source, line, 1, text)),
            },
        }
    }
    (plain, taken_apart)
}

fn part(row: &Reader<'_, '_, 6>, currency: Currency, detail: &mut Detail) -> Result<(), Problem> {
    let kind = row.text(KIND)?;
    if kind.is_empty() {
        return Err(row.refuse(KIND, "expected a name: of the discount, or of the tender"));
    }
    let amount = row.money(AMOUNT, currency)?;
    match row.text(PART)? {
        "discount" => {
            if !row.text(VOID)?.is_empty() {
                return Err(row.refuse(VOID, "expected nothing here for discount"));
            }
            detail.discounts.push(TillDiscount { kind: kind.to_owned(), amount });
        }
        "tender" => {
            let none = row.text(VOID)?.is_empty();
            let void = if none { Money::zero(currency) } else { row.money(VOID, currency)? };
            detail.tenders.push(TenderAmount { tender: tender(kind), amount, void });
        }
        _ => return Err(row.refuse(PART, "expected discount or tender")),
    }
    Ok(())
}

fn tender(word: &str) -> Tender {
    let known = [Tender::Cash, Tender::Card, Tender::Mobile, Tender::Voucher, Tender::Points];
    known.into_iter().find(|known| known.word() == word).unwrap_or_else(|| Tender::Other(word.to_owned()))
}

/// The sale with its tag price: what was received and what was taken off.
fn joined(sale: Sale, Detail { line, discounts, tenders, .. }: Detail) -> Result<TillSale, (u64, String)> {
    let told = |error: &dyn std::fmt::Display| (line, error.to_string());
    let currency = sale.amount.currency();
    let off = Money::sum(discounts.iter().map(|discount| discount.amount), currency);
    let tag = off.and_then(|off| sale.amount.checked_add(&off)).map_err(|error| told(&error))?;
    let sold = TillSale { sale, tag, discounts, tenders };
    sold.check().map_err(|error| told(&error))?;
    Ok(sold)
}
