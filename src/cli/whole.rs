//! Writing a file as a whole or not at all.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// Writes a file: whoever reads it meanwhile finds the old content or the new.
pub(super) fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let beside = prepare(path, bytes)?;
    std::fs::rename(&beside, path).with_context(|| path.display().to_string())
}

/// The new content beside the old one, to be renamed.
pub(super) fn prepare(path: &Path, bytes: &[u8]) -> anyhow::Result<PathBuf> {
    let shown = || path.display().to_string();
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).with_context(shown)?;
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.new"));
    std::fs::write(&beside, bytes).with_context(shown)?;
    Ok(beside)
}
