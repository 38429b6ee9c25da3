//! The tables beside the lines, stores and products, and the columns of all of them.

use std::collections::BTreeMap;

use endcap::types::{CasePack, Rate, SkuId};

use crate::book::{Book, Sku};
use crate::common::problems::{Problem, Problems};
use crate::common::table::{Column, Table};
use crate::options::Options;

/// Usual names of a column, in the order they are tried.
const USUAL: [(&str, &[&str]); 12] = [
    ("date", &["date", "Date", "invoice_date", "InvoiceDate"]),
    ("invoice", &["invoice_item", "Invoice/Item Number", "invoice", "InvoiceNo"]),
    ("store", &["store", "Store Number", "store_id", "customer"]),
    ("item", &["item", "Item Number", "sku", "StockCode"]),
    ("units", &["units", "bottles", "Bottles Sold", "quantity", "Quantity"]),
    ("amount", &["amount", "sale_dollars", "Sale (Dollars)", "sales"]),
    ("store_id", &["store", "Store Number", "store_id", "Store"]),
    ("store_name", &["name", "Store Name", "store_name", "Name"]),
    ("item_id", &["item", "Item Number", "sku", "item_id"]),
    ("item_name", &["name", "Item Description", "item_name", "description"]),
    ("brand", &["brand", "Vendor Name", "vendor", "Vendor"]),
    ("category", &["category", "Category Name", "category_name"]),
];

/// The column of `field`: the one named by option, else the first usual name the file has.
fn column(table: &Table, field: &str, options: &Options) -> Result<Column, Problem> {
    if let Some((_, name)) = options.column.iter().rev().find(|(f, _)| f == field) {
        return table.column(name);
    }
    let usual = USUAL.iter().find(|(f, _)| *f == field).map_or(&[][..], |(_, names)| names);
    let found = usual.iter().find(|name| table.columns().iter().any(|column| column == *name));
    match found {
        Some(name) => table.column(name),
        None => {
            let text = format!(
                "expected a column for {field} (one of {}; or say --column {field}=NAME); there are {}",
                usual.join(", "),
                table.columns().join(", ")
            );
            Err(Problem::value(table.source(), 1, 1, field.as_bytes(), text))
        }
    }
}

/// The columns of `fields`, or a problem for each that is missing.
pub fn columns<const N: usize>(
    table: &Table,
    fields: [&str; N],
    options: &Options,
    problems: &mut Problems,
) -> Option<[Column; N]> {
    let mut found = Vec::with_capacity(N);
    for field in fields {
        match column(table, field, options) {
            Ok(column) => found.push(column),
            Err(problem) => problems.push(problem),
        }
    }
    found.try_into().ok()
}

/// The column of the lines that names the store, where there is no store table and the file has such a column.
pub fn own_store_name(table: &Table, options: &Options, problems: &mut Problems) -> Option<Column> {
    let asked =
        options.column.iter().rev().find(|(field, _)| field == "store_name").map(|(_, name)| name.as_str());
    let usual =
        ["Store Name", "store_name"].into_iter().find(|name| table.columns().iter().any(|c| c == name));
    match table.column(asked.or(usual)?) {
        Ok(column) => Some(column),
        Err(problem) => {
            problems.push(problem);
            None
        }
    }
}

/// `HY-VEE` as `Hy-Vee`: headings in capitals shout.
pub fn title_case(name: &str) -> String {
    let mut start = true;
    name.chars()
        .flat_map(|c| {
            let shown: Vec<char> =
                if start { c.to_uppercase().collect() } else { c.to_lowercase().collect() };
            start = !c.is_alphanumeric() && c != '\'';
            shown
        })
        .collect()
}

/// Names of stores by id, from the store table.
pub fn stores(options: &Options, problems: &mut Problems) -> BTreeMap<String, String> {
    let Some(path) = &options.stores else { return BTreeMap::new() };
    let number = options.sales.len();
    let named = Table::open(path, number).and_then(|table| {
        let id = column(&table, "store_id", options)?;
        let name = column(&table, "store_name", options)?;
        Ok((table.columns()[id.position()].clone(), table.columns()[name.position()].clone()))
    });
    match named {
        Ok((id, name)) => {
            let named = crate::common::stores::read_stores(path, number, &id, &name, problems);
            named.into_iter().map(|(id, name)| (id.trim().to_owned(), name)).collect()
        }
        Err(problem) => {
            problems.push(problem);
            BTreeMap::new()
        }
    }
}

/// Names, brands and categories of the items sold, from the product table.
pub fn products(options: &Options, items: &[Vec<u8>], book: &mut Book, problems: &mut Problems) {
    let unknown = |id: &str| Sku {
        name: id.to_owned(),
        name_zh: String::new(),
        brand: "not in the product table".to_owned(),
        category: "not in the product table".to_owned(),
        vat: Rate::ZERO,
        case_pack: CasePack::new(1).unwrap_or_else(|_| unreachable!("one piece is a case pack")),
        unit_cost: None,
        size_mm: None,
    };
    let sold: BTreeMap<String, ()> =
        items.iter().map(|id| (String::from_utf8_lossy(id).into_owned(), ())).collect();
    if let Some(path) = &options.products {
        match Table::open(path, options.sales.len() + 1) {
            Err(problem) => problems.push(problem),
            Ok(table) => {
                let fields = ["item_id", "item_name", "brand", "category"];
                if let Some([id, name, brand, category]) = columns(&table, fields, options, problems) {
                    table.for_each(problems, |row, problems| {
                        let texts = (row.text(id), row.text(name), row.text(brand), row.text(category));
                        let (Ok(id), Ok(name), Ok(brand), Ok(category)) = texts else {
                            return problems.push(row.problem(name, "expected UTF-8 text"));
                        };
                        if !sold.contains_key(id.trim()) {
                            return;
                        }
                        if let Ok(sku) = SkuId::new(id.trim()) {
                            let base = unknown(id);
                            let known = Sku {
                                name: title_case(name.trim()),
                                brand: title_case(brand.trim()),
                                category: title_case(category.trim()),
                                ..base
                            };
                            book.skus.insert(sku, known);
                        }
                    });
                }
            }
        }
    }
    for id in sold.keys() {
        if let Ok(sku) = SkuId::new(id.as_str()) {
            book.skus.entry(sku).or_insert_with(|| unknown(id));
        }
    }
}
