//! The example `planogram`.

use std::process::Command;

use serde_json::Value;

use crate::program::{example, run_golden, transcript};

#[test]
fn golden_cases() {
    run_golden("planogram");
}

fn json(command: &mut Command) -> Value {
    let output = command.args(["--format", "json"]).output().expect("the example runs");
    assert!(output.status.success(), "{}", transcript(&output));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Every product of a plan is inside its shelf, none overlaps, and the certificate holds.
fn check(plan: &Value) {
    assert_eq!(plan["problems"].as_array().map(Vec::len), Some(0));
    let number = |value: &Value| value.as_str().expect("a number as text").parse::<f64>().expect("a number");
    assert!(number(&plan["lower"]) <= number(&plan["upper"]));
    assert!((number(&plan["profit"]) - number(&plan["lower"])).abs() < 0.01);
    let products = plan["products"].as_array().expect("products");
    let mut shelves: std::collections::BTreeMap<(u64, u64), Vec<(u64, u64)>> =
        std::collections::BTreeMap::new();
    for product in products.iter().filter(|product| product["facings"] != 0) {
        let at =
            (product["segment"].as_u64().expect("a segment"), product["shelf"].as_u64().expect("a shelf"));
        let x = product["x_mm"].as_u64().expect("a place");
        shelves.entry(at).or_default().push((x, x + product["width_mm"].as_u64().expect("a width")));
    }
    for spans in shelves.values_mut() {
        spans.sort_unstable();
        assert!(spans.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{spans:?}");
    }
    let shares = plan["share_of_shelf"].as_object().expect("shares");
    let ten_thousandths: i64 = shares
        .values()
        .map(|share| share.as_str().expect("a share").replace('.', "").parse::<i64>().expect("digits"))
        .sum();
    assert_eq!(ten_thousandths, 10_000);
}

#[test]
fn the_sample_bay_is_planned_drawn_and_the_same_every_time() {
    let directory = tempfile::tempdir().expect("a directory");
    let draw = |name: &str| {
        let file = directory.path().join(name);
        check(&json(example("planogram").arg("--svg").arg(&file)));
        std::fs::read_to_string(file).expect("a drawing")
    };
    let (first, second) = (draw("first.svg"), draw("second.svg"));
    assert!(first.starts_with("<svg") && first.trim_end().ends_with("</svg>"));
    assert_eq!(first, second);
    assert!(first.contains("Iced black tea"));
}

#[test]
fn real_assortment_of_one_vendor_at_one_chain_is_planned() {
    let Some(data) = std::env::var_os("ENDCAP_DATA").map(std::path::PathBuf::from) else {
        println!("real data absent (ENDCAP_DATA is not set): not run");
        return;
    };
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let chains = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(chains.path(), "[[rule]]\nprefix = \"HY-VEE\"\naccount = \"HY-VEE\"\n").expect("written");
    let mut command = example("planogram");
    command.arg("--products").arg(data.join("iowa_products.csv"));
    command.arg("--sales").arg(data.join("iowa_sales_2021.csv.zst"));
    command.arg("--stores").arg(data.join("iowa_stores.csv"));
    command.arg("--chains").arg(chains.path());
    command.arg("--fixture").arg(here.join("contracts/iowa_shelf.toml"));
    let plan = json(command.args(["--account", "HY-VEE", "--vendor", "260", "--top", "60"]));
    check(&plan);
    let products = plan["products"].as_array().expect("products");
    assert_eq!(products.len(), 60);
    assert!(products.iter().any(|product| product["sku"] == "43338" && product["facings"] != 0));
    // The best plan and its bound lie within one percent of each other.
    let gap: f64 = plan["gap"].as_str().expect("a gap").trim_end_matches('%').parse().expect("a number");
    assert!(gap < 1.0, "{gap}");
}
