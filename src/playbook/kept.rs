//! What took seconds to make from a playbook, kept as files: the next start reads it instead of making it again.
//!
//! A file is named by the digest of what it was made from, so that it is never out of date. Where nothing can be kept,
//! everything works as before, only later. Whoever composes the program says where; development builds keep it beside
//! what they compile, so that a thousand tests learn once.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

static FOLDER: OnceLock<Option<PathBuf>> = OnceLock::new();

/// A file takes some megabytes.
const FILES_AT_MOST: usize = 64;
const ENDING: &str = "model";

/// Says where things are kept, for the whole process. To be said first of all.
pub fn keep_in(folder: PathBuf) {
    // A second word comes too late for what was read already, and would change nothing that anybody sees.
    let _ = FOLDER.set(Some(folder));
}

fn folder() -> Option<&'static Path> {
    let beside_the_build = || cfg!(debug_assertions).then(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/kept"));
    FOLDER.get_or_init(beside_the_build).as_deref()
}

/// What was kept under a digest, if it still is.
#[must_use]
pub fn get(digest: &str) -> Option<Vec<u8>> {
    fs::read(place(folder()?, digest)).ok()
}

/// Keeps bytes under a digest. If that fails, they are made again next time.
pub fn put(digest: &str, bytes: &[u8]) {
    if let Some(folder) = folder()
        && let Err(error) = write(folder, digest, bytes)
    {
        tracing::debug!(folder = %folder.display(), %error, "a learnt model could not be kept");
    }
}

fn place(folder: &Path, digest: &str) -> PathBuf {
    folder.join(digest).with_extension(ENDING)
}

/// Written under another name first, so that nobody reads half of it.
fn write(folder: &Path, digest: &str, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let half = folder.join(format!("{digest}.{}.half", std::process::id()));
    fs::File::create(&half)?.write_all(bytes)?;
    fs::rename(half, place(folder, digest))?;
    drop_oldest(folder)
}

fn drop_oldest(folder: &Path) -> io::Result<()> {
    let mut files: Vec<_> = fs::read_dir(folder)?
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let is_kept = path.extension().is_some_and(|ending| ending == ENDING);
            is_kept.then(|| Some((path.metadata().ok()?.modified().ok()?, path.clone()))).flatten()
        })
        .collect();
    files.sort();
    for (_, path) in files.iter().rev().skip(FILES_AT_MOST) {
        fs::remove_file(path)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_found_and_the_oldest_go() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = temporary.path().join("kept");
        for number in 0..FILES_AT_MOST + 3 {
            write(&folder, &format!("m{number}"), &[7; 9]).unwrap();
        }
        assert_eq!(fs::read_dir(&folder).unwrap().count(), FILES_AT_MOST);
        assert_eq!(fs::read(place(&folder, &format!("m{}", FILES_AT_MOST + 2))).unwrap(), [7; 9]);
    }
}
