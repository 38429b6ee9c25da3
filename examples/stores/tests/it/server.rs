//! A PostgreSQL server of the tests' own, where PostgreSQL is installed.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Exit code of the script when there is nothing to start.
const ABSENT: i32 = 77;

/// A server in a temporary directory; shut down when dropped.
pub struct Server {
    directory: PathBuf,
    address: String,
}

fn script(verb: &str, directory: &Path) -> std::process::Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("private_postgres");
    Command::new("bash").arg(script).arg(verb).arg(directory).output().expect("bash runs")
}

impl Server {
    /// Starts one, or says why the test is left out.
    pub fn start() -> Option<Self> {
        let directory = std::env::temp_dir().join(format!("endcap-pg-{}-{}", std::process::id(), serial()));
        let output = script("start", &directory);
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        if output.status.code() == Some(ABSENT) {
            let _ = std::fs::remove_dir_all(&directory);
            eprintln!("left out, no server: {said}");
            assert!(
                std::env::var_os("ENDCAP_REQUIRE_POSTGRES").is_none(),
                "PostgreSQL is required here: {said}"
            );
            return None;
        }
        assert!(output.status.success(), "{said}");
        let address = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        Some(Self { directory, address })
    }

    /// What a client connects to.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Kills the server with SIGKILL.
    pub fn crash(&self) {
        let output = script("crash", &self.directory);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Starts it again after a crash; it recovers from its own log.
    pub fn restart(&self) {
        let output = script("start", &self.directory);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        script("stop", &self.directory);
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

/// Numbers the servers of one test run.
fn serial() -> usize {
    static NEXT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}
