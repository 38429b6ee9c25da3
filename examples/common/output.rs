//! Results that appear whole or not at all.
//!
//! Both kinds are written inside a hidden directory beside the destination, so that the last step is a rename within
//! one file system and the results get the permissions that the user's settings give.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tempfile::TempDir;

/// Writes a file beside its destination and renames it when it is complete.
pub fn write_file(path: &Path, content: &[u8]) -> io::Result<()> {
    let hidden = hidden_beside(path)?;
    let staged = hidden.path().join("new");
    let mut file = File::create(&staged)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&staged, path)
}

/// Prints a report; a reader that stops early is no failure of ours.
pub fn print(text: &str) -> ExitCode {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            eprintln!("standard output: cannot be written: {error}");
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}

/// A directory of results: written beside its destination, moved there as one.
pub struct OutputDirectory {
    hidden: TempDir,
    destination: PathBuf,
}

impl OutputDirectory {
    /// Starts a directory of results; nothing is visible at `destination` before [`OutputDirectory::commit`].
    pub fn begin(destination: &Path) -> io::Result<Self> {
        let hidden = hidden_beside(destination)?;
        fs::create_dir(hidden.path().join("new"))?;
        Ok(Self { hidden, destination: destination.to_owned() })
    }

    /// Where files are written before they are complete.
    pub fn path(&self) -> PathBuf {
        self.hidden.path().join("new")
    }

    /// Writes one file of the directory; directories inside it are made as needed.
    pub fn write(&self, name: &str, content: &[u8]) -> io::Result<()> {
        let path = self.path().join(name);
        fs::create_dir_all(parent(&path))?;
        fs::write(path, content)
    }

    /// Moves the directory to its destination; results of an earlier run there are replaced as a whole.
    pub fn commit(self) -> io::Result<()> {
        let old = self.hidden.path().join("old");
        let replaced = match fs::rename(&self.destination, &old) {
            Ok(()) => true,
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(error),
        };
        let moved = fs::rename(self.path(), &self.destination);
        if moved.is_err() && replaced {
            fs::rename(&old, &self.destination)?;
        }
        moved
    }
}

fn hidden_beside(path: &Path) -> io::Result<TempDir> {
    let parent = parent(path);
    fs::create_dir_all(parent)?;
    tempfile::Builder::new().prefix(".unfinished-").tempdir_in(parent)
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
