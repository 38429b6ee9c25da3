//! Running an example and comparing with a golden directory.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The compiled example beside this test: `target/<profile>/examples/<name>`.
pub fn example(name: &str) -> Command {
    let test = std::env::current_exe().expect("the path of this test");
    let profile = test.parent().and_then(Path::parent).expect("target/<profile>/deps");
    let program = profile.join("examples").join(name).with_extension(std::env::consts::EXE_EXTENSION);
    assert!(program.exists(), "{} is missing: cargo build --examples builds it", program.display());
    Command::new(program)
}

/// The directory of golden files.
pub fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join("golden")
}

/// Exit code and both outputs as one text.
pub fn transcript(output: &Output) -> String {
    let code = output.status.code().map_or_else(|| "by a signal".to_owned(), |code| code.to_string());
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    format!("exit {code}\n--- standard output\n{stdout}--- standard error\n{stderr}")
}

/// Runs every directory under `golden/<name>`: `arguments` holds one argument a line, the inputs lie beside it, and
/// `expected` is the transcript. With the variable `ENDCAP_BLESS` set, `expected` is written instead.
pub fn run_golden(name: &str) {
    let mut cases: Vec<PathBuf> = fs::read_dir(golden().join(name))
        .expect("golden cases")
        .map(|entry| entry.expect("a case").path())
        .filter(|path| path.join("arguments").exists())
        .collect();
    cases.sort();
    assert!(!cases.is_empty());
    let mut failed = Vec::new();
    for case in cases {
        let arguments = fs::read_to_string(case.join("arguments")).expect("arguments");
        let output =
            example(name).args(arguments.lines()).current_dir(&case).output().expect("the example runs");
        let found = transcript(&output);
        let file = case.join("expected");
        if std::env::var_os("ENDCAP_BLESS").is_some() {
            fs::write(&file, &found).expect("written");
        }
        let expected = fs::read_to_string(&file).unwrap_or_default();
        if found != expected {
            failed.push(format!("{}\nfound:\n{found}\nexpected:\n{expected}", case.display()));
        }
    }
    assert!(failed.is_empty(), "{} cases differ\n{}", failed.len(), failed.join("\n\n"));
}
