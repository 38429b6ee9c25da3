//! Shelves to plan, checked against the book: the account, its categories and the articles a plan insists on.

use std::collections::BTreeSet;
use std::path::Path;

use crate::book::Book;
use crate::close::shelves::ShelfTasks;
use crate::common::chains;
use crate::common::problems::{Problem, Problems};
use crate::common::toml_file::read_toml;

/// Reads `fixtures.toml`; `number` is the position of the file among all inputs.
pub fn read(path: &Path, number: usize, book: &Book, problems: &mut Problems) -> Option<ShelfTasks> {
    let (tasks, text, source) = read_toml::<ShelfTasks>(path, number, "shelves to plan", problems)?;
    if !problems.is_empty() {
        // What is missing from the book may be one of the lines that were refused.
        return Some(tasks);
    }
    let categories: BTreeSet<&str> = book.skus.values().map(|sku| sku.category.as_str()).collect();
    for spanned in &tasks.plan {
        let (line, column) = chains::place(&text, spanned.span().start);
        let task = spanned.as_ref();
        let mut refuse = |value: &str, expected: &str| {
            problems.push(Problem::value(&source, line, column, value.as_bytes(), expected));
        };
        let mut known = true;
        if !book.accounts.contains_key(&task.account) {
            refuse(task.account.as_str(), "expected an account of accounts.csv");
            known = false;
        }
        for category in task.categories.iter().filter(|category| !categories.contains(category.as_str())) {
            refuse(category, "expected a category of skus.csv");
            known = false;
        }
        for sku in &task.must_stock {
            match book.skus.get(sku) {
                None => refuse(sku.as_str(), "expected a SKU of skus.csv in must_stock"),
                Some(_) if !known => {}
                Some(own) if !task.categories.contains(&own.category) => {
                    refuse(sku.as_str(), "expected a SKU of the plan's categories in must_stock");
                }
                Some(_) if !book.prices.contains_key(&(task.account.clone(), sku.clone())) => {
                    refuse(sku.as_str(), "expected a SKU in must_stock that prices.csv has for the account");
                }
                Some(_) => {}
            }
        }
    }
    Some(tasks)
}
