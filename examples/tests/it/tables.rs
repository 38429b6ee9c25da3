//! The reader of tables against the `csv` crate, on small documents that a seeded generator makes up.

use std::fs;

use crate::common::problems::Problems;
use crate::common::table::Table;

/// A small generator of numbers, the same on every machine.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % limit
    }
}

/// Text full of what makes tables difficult.
fn document(numbers: &mut Numbers) -> String {
    let pieces = [
        "a",
        "1.5",
        ",",
        ",",
        ",",
        "\n",
        "\n",
        "\r\n",
        "\r",
        "\"",
        "\"\"",
        "é",
        " ",
        "\"x,y\"",
        "\"two\nlines\"",
    ];
    // Without quotes and lone returns in a third of them, so that the fast path is tested too.
    let plain = ["a", "1.5", ",", ",", "\n", "\r\n", "é", " "];
    let easy = numbers.below(3) == 0;
    let mut text =
        String::from(["x,y\n", "x,y\r\n", "\"x\",y\n", "\n\nx,y\n", "\u{feff}x,y\n"][numbers.below(5)]);
    for _ in 0..numbers.below(40) {
        text.push_str(if easy {
            plain[numbers.below(plain.len())]
        } else {
            pieces[numbers.below(pieces.len())]
        });
    }
    text
}

#[test]
fn rows_are_those_of_the_csv_crate() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("table.csv");
    let mut numbers = Numbers(20_250_601);
    let (mut compared, mut refused) = (0, 0);
    for _ in 0..2000 {
        let text = document(&mut numbers);
        fs::write(&path, &text).expect("written");
        let mut reader =
            csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text.as_bytes());
        let all: Vec<csv::ByteRecord> =
            reader.byte_records().map(|record| record.expect("readable")).collect();
        let table = Table::open(&path, 0).unwrap_or_else(|problem| panic!("{problem}: {text:?}"));
        assert_eq!(table.columns(), ["x", "y"], "{text:?}");
        let (x, y) = (table.column("x").expect("x"), table.column("y").expect("y"));
        let (mut found, mut problems) = (Vec::new(), Problems::default());
        table.for_each(&mut problems, |row, _| found.push((row.get(x).to_vec(), row.get(y).to_vec())));
        let mut rest: Vec<&csv::ByteRecord> = all.iter().skip(1).collect();
        let open = problems.to_string().contains("closing quote");
        if open {
            // The crate takes the rest of the text as a record; here it is a problem.
            rest.pop();
        }
        let whole = rest.iter().filter(|record| record.len() == 2);
        let expected: Vec<(Vec<u8>, Vec<u8>)> =
            whole.map(|record| (record[0].to_vec(), record[1].to_vec())).collect();
        assert_eq!(found, expected, "{text:?}");
        let odd = rest.iter().filter(|record| record.len() != 2).count();
        assert_eq!(problems.len(), odd + usize::from(open), "{text:?}\n{problems}");
        compared += found.len();
        refused += odd;
    }
    assert!(compared > 1000 && refused > 1000, "{compared} rows compared, {refused} refused");
}
