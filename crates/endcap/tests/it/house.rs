//! The rules of the house, read from the manifests and the sources of the workspace.
//!
//! In a packaged crate there is no workspace around; then there is nothing to check.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The floor of every library. A crate may depend on lower floors only; on the top floor `endcap` may use everything.
const FLOORS: [(&str, u8); 9] = [
    ("endcap-types", 0),
    ("endcap-calendar", 1),
    ("endcap-account", 2),
    ("endcap-settlement", 2),
    ("endcap-promo", 2),
    ("endcap-inventory", 2),
    ("endcap-shelf", 2),
    ("endcap-ledger", 2),
    ("endcap", 3),
];

fn workspace() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.join("crates/endcap-types").is_dir().then_some(root)
}

fn manifest(directory: &Path) -> toml::Table {
    let path = directory.join("Cargo.toml");
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text.parse().unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn names(manifest: &toml::Table, table: &str) -> Vec<String> {
    manifest
        .get(table)
        .and_then(toml::Value::as_table)
        .map(|t| t.keys().cloned().collect())
        .unwrap_or_default()
}

fn sources(directory: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut open = vec![directory.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).unwrap().map(|e| e.unwrap().path()) {
            if entry.is_dir() {
                open.push(entry);
            } else if entry.extension().is_some_and(|e| e == "rs") {
                let text = fs::read_to_string(&entry).unwrap();
                found.push((entry, text));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_crate_stands_on_a_floor() {
    let Some(root) = workspace() else { return };
    let mut folders: Vec<String> = fs::read_dir(root.join("crates"))
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    folders.sort();
    let mut known: Vec<String> = FLOORS.iter().map(|(name, _)| (*name).to_owned()).collect();
    known.sort();
    assert_eq!(folders, known, "a new crate needs a floor in this test and a line in the README's map");
    for name in &folders {
        let package = manifest(&root.join("crates").join(name));
        assert_eq!(package["package"]["name"].as_str(), Some(name.as_str()), "folder and crate name differ");
    }
}

#[test]
fn dependencies_point_only_downwards() {
    let Some(root) = workspace() else { return };
    let floors = BTreeMap::from(FLOORS);
    for (name, floor) in FLOORS {
        let package = manifest(&root.join("crates").join(name));
        for table in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for dependency in names(&package, table).iter().filter(|d| d.starts_with("endcap")) {
                let below = floors
                    .get(dependency.as_str())
                    .unwrap_or_else(|| panic!("{name} uses unknown {dependency}"));
                assert!(
                    *below < floor,
                    "{name} (floor {floor}) must not use {dependency} (floor {below}) in [{table}]"
                );
            }
        }
    }
}

#[test]
fn libraries_stay_out_of_benchmark_runs() {
    let Some(root) = workspace() else { return };
    for (name, _) in FLOORS {
        let package = manifest(&root.join("crates").join(name));
        assert_eq!(package["lib"]["bench"].as_bool(), Some(false), "{name} needs [lib] bench = false");
        assert_eq!(package["lints"]["workspace"].as_bool(), Some(true), "{name} needs the workspace lints");
    }
}

/// What a pure library never says. The last three are how money becomes a float by accident.
const IMPURE: [&str; 17] = [
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::thread",
    "std::io",
    "std::time",
    "SystemTime",
    "Instant::now",
    "Utc::now",
    "Local::now",
    "rand::",
    "getrandom",
    "HashMap",
    "println!",
    "to_f64().unwrap",
    "as f64 as i",
];

#[test]
fn floors_0_to_2_have_no_clock_file_environment_or_randomness() {
    let Some(root) = workspace() else { return };
    let mut broken = Vec::new();
    for (name, _) in FLOORS {
        for (path, text) in sources(&root.join("crates").join(name).join("src")) {
            for (number, line) in text.lines().enumerate() {
                let code = line.trim_start();
                if code.starts_with("//") {
                    continue;
                }
                for word in IMPURE.iter().filter(|word| code.contains(**word)) {
                    broken.push(format!("{}:{}: {word}", path.display(), number + 1));
                }
            }
        }
    }
    assert!(broken.is_empty(), "not pure:\n{}", broken.join("\n"));
}

#[test]
fn every_example_and_bench_is_listed() {
    let Some(root) = workspace() else { return };
    for (package, kind, shared) in [
        ("examples", "example", &["common", "tests", "data", "contracts", "support", "stores"][..]),
        ("examples/stores", "example", &["src", "tests", "Cargo.toml", "private_postgres"][..]),
        ("benches", "bench", &[][..]),
    ] {
        let directory = root.join(package);
        let table = manifest(&directory);
        let mut listed: Vec<String> = table[kind]
            .as_array()
            .unwrap()
            .iter()
            .map(|target| {
                let path = target["path"].as_str().unwrap();
                assert!(directory.join(path).is_file(), "{package}/{path} is listed but missing");
                path.split('/').next().unwrap().to_owned()
            })
            .collect();
        let mut present: Vec<String> = fs::read_dir(&directory)
            .unwrap()
            .map(|e| e.unwrap().path())
            .filter(|p| p.is_dir() || p.extension().is_some_and(|e| e == "rs"))
            .map(|p| p.file_name().unwrap().to_str().unwrap().to_owned())
            .filter(|name| !shared.contains(&name.as_str()))
            .collect();
        listed.sort();
        present.sort();
        assert_eq!(listed, present, "every {kind} under {package}/ must be listed in its Cargo.toml");
        let readme = fs::read_to_string(root.join("README.md")).unwrap();
        for target in table[kind].as_array().unwrap() {
            let name = target["name"].as_str().unwrap();
            assert!(readme.contains(&format!("`{name}`")), "the README does not mention the {kind} `{name}`");
        }
    }
}

#[test]
fn the_readme_maps_every_crate() {
    let Some(root) = workspace() else { return };
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    for (name, _) in FLOORS {
        assert!(readme.contains(&format!("`{name}`")), "the README's map lacks `{name}`");
    }
}

#[test]
fn files_hold_one_idea() {
    let Some(root) = workspace() else { return };
    let mut long = Vec::new();
    for (name, _) in FLOORS {
        for (path, text) in sources(&root.join("crates").join(name).join("src")) {
            let lines = text.lines().count();
            if lines > 450 {
                long.push(format!("{} has {lines} lines", path.display()));
            }
        }
    }
    assert!(long.is_empty(), "longer than 450 lines:\n{}", long.join("\n"));
}

#[test]
fn the_architecture_page_stays_short() {
    let Some(root) = workspace() else { return };
    let page = fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap();
    assert!(page.lines().count() <= 150, "ARCHITECTURE.md has {} lines", page.lines().count());
}

#[test]
fn the_rust_version_is_stated_once() {
    let Some(root) = workspace() else { return };
    let stated = manifest(&root)["workspace"]["package"]["rust-version"].as_str().unwrap().to_owned();
    for (name, _) in FLOORS {
        let package = manifest(&root.join("crates").join(name));
        assert_eq!(package["package"]["rust-version"]["workspace"].as_bool(), Some(true), "{name}");
    }
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    assert!(readme.contains(&format!("Rust {stated}")), "the README must name Rust {stated}");
}
