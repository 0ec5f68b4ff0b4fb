//! Whether a folder's files changed: a digest of all that a shop is opened from.

use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use sha2::{Digest as _, Sha256};

/// Scripts up to this size, in bytes, are compared by what they say; what is larger, and what is no script, by its size
/// and its times.
const READ_UP_TO: u64 = 1 << 20;

/// Of folders with all their files, but those whose names begin with a dot.
pub(super) type Fingerprint = [u8; 32];

/// The fingerprint of folders, in their order. What can't be read counts as what went wrong with it.
pub(super) fn fingerprint(folders: &[PathBuf]) -> Fingerprint {
    let mut hasher = Sha256::new();
    for folder in folders {
        if let Err(error) = add_folder(&mut hasher, folder) {
            add(&mut hasher, error.to_string().as_bytes());
        }
    }
    hasher.finalize().into()
}

fn add_folder(hasher: &mut Sha256, folder: &Path) -> io::Result<()> {
    let mut entries = std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    for path in entries {
        if path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".")) {
            continue;
        }
        add(hasher, path.as_os_str().as_encoded_bytes());
        if let Err(error) = add_entry(hasher, &path) {
            add(hasher, error.to_string().as_bytes());
        }
    }
    Ok(())
}

fn add_entry(hasher: &mut Sha256, path: &Path) -> io::Result<()> {
    let about = std::fs::metadata(path)?;
    if about.is_dir() {
        return add_folder(hasher, path);
    }
    let is_script = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
    if is_script && about.len() <= READ_UP_TO {
        add(hasher, &std::fs::read(path)?);
    } else {
        add(hasher, format!("{} {}", about.len(), modified(&about)).as_bytes());
    }
    Ok(())
}

fn modified(about: &Metadata) -> u128 {
    let since = about.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.unwrap_or_default().as_nanos()
}

fn add(hasher: &mut Sha256, part: &[u8]) {
    hasher.update((part.len() as u64).to_le_bytes());
    hasher.update(part);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_counts_as_a_change() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let now = || fingerprint(&[folder.path().to_owned()]);
        std::fs::create_dir(path("replies")).unwrap();
        std::fs::write(path("shop.yaml"), "name: A\n").unwrap();
        let first = now();
        std::fs::write(path(".xiaoer-version"), "version: x\n").unwrap();
        std::fs::write(path("shop.yaml"), "name: A\n").unwrap();
        assert_eq!(now(), first, "a marker, or the same words saved again");
        std::fs::write(path("shop.yaml"), "name: B\n").unwrap();
        assert_ne!(now(), first, "other words of the same length");
        std::fs::write(path("shop.yaml"), "name: A\n").unwrap();
        std::fs::write(path("replies/new.yaml"), "").unwrap();
        let with_new = now();
        assert_ne!(with_new, first);
        std::fs::write(path("orders.yaml"), "orders: []\n").unwrap();
        assert_ne!(now(), with_new, "orders count too");
    }
}
