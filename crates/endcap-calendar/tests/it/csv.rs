//! A small reader for the golden files: comma separated, double quotes around fields that hold a comma.

use std::collections::BTreeMap;

pub(crate) type Row = BTreeMap<String, String>;

pub(crate) fn rows(text: &str) -> Vec<Row> {
    let mut lines = text.lines().filter(|line| !line.is_empty());
    let header = fields(lines.next().expect("a header"));
    let rows: Vec<Row> = lines
        .map(|line| {
            let values = fields(line);
            assert_eq!(values.len(), header.len(), "fields of {line}");
            header.iter().cloned().zip(values).collect()
        })
        .collect();
    let cases: std::collections::BTreeSet<&str> = rows.iter().map(|row| row["case"].as_str()).collect();
    assert_eq!(cases.len(), rows.len(), "case names are unique");
    rows
}

fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    for character in line.chars() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            _ => fields.last_mut().unwrap().push(character),
        }
    }
    fields
}

/// The cases that failed, one a line, so that a failing golden test names them all.
pub(crate) fn report(failures: &[String], count: usize) {
    assert!(failures.is_empty(), "{} of {count} cases failed:\n{}", failures.len(), failures.join("\n"));
}
