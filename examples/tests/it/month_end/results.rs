//! Reading what a close wrote.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// A directory of results.
pub struct Results {
    pub json: Value,
    pub html: String,
    directory: std::path::PathBuf,
}

impl Results {
    /// Reads `out` in a directory.
    pub fn of(directory: &Path) -> Self {
        let directory = directory.join("out");
        let text = |name: &str| fs::read_to_string(directory.join(name)).expect("a file of the close");
        let json = serde_json::from_str(&text("close.json")).expect("JSON");
        Self { json, html: text("report.html"), directory }
    }

    /// The rows of a CSV file, each by column name.
    pub fn table(&self, name: &str) -> Vec<BTreeMap<String, String>> {
        let mut reader = csv::Reader::from_path(self.directory.join(name)).expect("a table");
        reader.deserialize().map(|row| row.expect("a row")).collect()
    }

    /// How many files are in a directory of the results.
    pub fn files_in(&self, name: &str) -> usize {
        fs::read_dir(self.directory.join(name)).expect("a directory").count()
    }

    /// A list of the document.
    pub fn list(&self, pointer: &str) -> &[Value] {
        self.json.pointer(pointer).and_then(Value::as_array).expect(pointer)
    }

    /// An amount of the document.
    pub fn money(&self, pointer: &str) -> i128 {
        minor(text(&self.json, pointer))
    }

    /// A count of the document.
    pub fn count(&self, pointer: &str) -> i64 {
        self.json.pointer(pointer).and_then(Value::as_i64).expect(pointer)
    }
}

/// A text of a value.
pub fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("no text {pointer} in {value}"))
}

/// `-1234.50` as −123450; nothing as zero. Both currencies of these tests have two decimals.
pub fn minor(amount: &str) -> i128 {
    if amount.is_empty() {
        return 0;
    }
    let (sign, digits) = amount.strip_prefix('-').map_or((1, amount), |digits| (-1, digits));
    let (whole, cents) = digits.split_once('.').unwrap_or((digits, ""));
    assert!(cents.len() <= 2 && whole.bytes().all(|byte| byte.is_ascii_digit()), "{amount:?} is no amount");
    let cents = format!("{cents:0<2}");
    sign * (whole.parse::<i128>().expect(amount) * 100 + cents.parse::<i128>().expect(amount))
}
