//! A store table: id to name, each id once.

use std::collections::BTreeMap;
use std::path::Path;

use super::problems::Problems;
use super::table::Table;

/// Reads the names of stores by id; `number` is the position of the file among all inputs.
pub fn read_stores(
    path: &Path,
    number: usize,
    key: &str,
    name: &str,
    problems: &mut Problems,
) -> BTreeMap<String, String> {
    let mut stores: BTreeMap<String, (String, u64)> = BTreeMap::new();
    let table = match Table::open(path, number) {
        Ok(table) => table,
        Err(problem) => {
            problems.push(problem);
            return BTreeMap::new();
        }
    };
    let (key, name) = match (table.column(key), table.column(name)) {
        (Ok(key), Ok(name)) => (key, name),
        (key, name) => {
            key.err().into_iter().chain(name.err()).for_each(|problem| problems.push(problem));
            return BTreeMap::new();
        }
    };
    table.for_each(problems, |row, problems| match (row.text(key), row.text(name)) {
        (Ok(""), Ok(_)) => problems.push(row.problem(key, "expected a store id")),
        (Ok(id), Ok(store)) => {
            if let Some((_, line)) = stores.get(id) {
                let text = format!("expected each store id once; it was given before on line {line}");
                problems.push(row.problem(key, text));
            } else {
                stores.insert(id.to_owned(), (store.to_owned(), row.line()));
            }
        }
        (id, store) => id.err().into_iter().chain(store.err()).for_each(|problem| problems.push(problem)),
    });
    stores.into_iter().map(|(id, (store, _))| (id, store)).collect()
}
