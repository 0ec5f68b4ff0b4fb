//! A version's files are written into a shop's folder, and no edit of anybody is lost on the way.

use std::path::{Path, PathBuf};
use std::{fs, io};

use thiserror::Error;

use super::sources::{Files, differing};

/// Where edits are kept that a pull overwrites, below the shop's folder.
pub const KEPT: &str = ".xiaoer-kept";

/// Why files were not written.
#[derive(Debug, Error)]
pub enum PullError {
    /// A version names a file that doesn't belong into a shop's folder. Nothing was written.
    #[error("the version holds a file named `{0}`, which doesn't belong into a shop's folder")]
    Astray(String),
    /// A file can't be written.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// What writing a version into a folder would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// New or changed.
    pub write: Files,
    /// In the folder, and not in the version.
    pub remove: Vec<String>,
    /// Edits that stand nowhere else: of these files the folder says what neither the version nor the one it came from
    /// does.
    pub lost: Vec<String>,
}

impl Plan {
    /// From what the folder says to what the version says. `origin`: the version that the folder's files came from.
    #[must_use]
    pub fn new(folder: &Files, origin: Option<&Files>, version: &Files) -> Self {
        let nothing = Files::new();
        let origin = origin.unwrap_or(&nothing);
        let write = version.iter().filter(|(path, text)| folder.get(*path) != Some(*text));
        let edited = differing(folder, origin).filter(|path| folder.get(*path) != version.get(*path));
        Self {
            write: write.map(|(path, text)| (path.clone(), text.clone())).collect(),
            remove: folder.keys().filter(|path| !version.contains_key(*path)).cloned().collect(),
            lost: edited.map(str::to_owned).collect(),
        }
    }

    /// Whether the folder is what it would become.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.write.is_empty() && self.remove.is_empty()
    }

    /// Copies the edits that would be lost below `.xiaoer-kept/NAME/`.
    ///
    /// # Errors
    /// A file can't be written.
    pub fn keep(&self, folder: &Path, name: &str) -> Result<PathBuf, PullError> {
        let kept = folder.join(KEPT).join(name);
        for path in &self.lost {
            let (from, to) = (folder.join(path), kept.join(path));
            // One that was deleted by hand leaves nothing to keep.
            if from.is_file() {
                in_folder(&to, |to| fs::copy(&from, to).map(drop))?;
            }
        }
        Ok(kept)
    }

    /// Writes and removes. Each file changes as a whole.
    ///
    /// # Errors
    /// A file can't be written, or doesn't belong into the folder.
    pub fn apply(&self, folder: &Path) -> Result<(), PullError> {
        if let Some(astray) = self.write.keys().chain(&self.remove).find(|path| !belongs(path)) {
            return Err(PullError::Astray(astray.clone()));
        }
        for (path, text) in &self.write {
            in_folder(&folder.join(path), |to| {
                let draft = to.with_extension("yaml.new");
                fs::write(&draft, text)?;
                fs::rename(&draft, to)
            })?;
        }
        for path in &self.remove {
            let path = folder.join(path);
            fs::remove_file(&path).map_err(|error| PullError::File { path: path.clone(), error })?;
            // A folder that still holds something stays.
            let mut above = path.parent();
            while let Some(parent) = above.filter(|parent| *parent != folder && fs::remove_dir(parent).is_ok()) {
                above = parent.parent();
            }
        }
        Ok(())
    }
}

fn in_folder(path: &Path, write: impl FnOnce(&Path) -> io::Result<()>) -> Result<(), PullError> {
    let made = path.parent().map_or(Ok(()), fs::create_dir_all);
    made.and_then(|()| write(path)).map_err(|error| PullError::File { path: path.to_owned(), error })
}

/// A version comes from the store; whoever can write there must not reach the machine's other files.
pub(super) fn belongs(path: &str) -> bool {
    let is_script = path.ends_with(".yaml") || path.ends_with(".yml");
    let is_odd = |c: char| c == '\\' || c.is_control();
    is_script && !path.contains(is_odd) && path.split('/').all(|part| !part.is_empty() && !part.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(files: &[(&str, &str)]) -> Files {
        files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn an_edit_that_stands_nowhere_else_is_named() {
        let origin = files(&[("a.yaml", "1"), ("b.yaml", "1"), ("c.yaml", "1"), ("d.yaml", "1")]);
        let version = files(&[("a.yaml", "2"), ("b.yaml", "2"), ("c.yaml", "2"), ("d.yaml", "1")]);
        let folder = files(&[("a.yaml", "1"), ("b.yaml", "mine"), ("c.yaml", "2"), ("new.yaml", "mine")]);
        let plan = Plan::new(&folder, Some(&origin), &version);
        assert_eq!(plan.write.keys().collect::<Vec<_>>(), ["a.yaml", "b.yaml", "d.yaml"]);
        assert_eq!(plan.remove, ["new.yaml"]);
        assert_eq!(plan.lost, ["b.yaml", "new.yaml", "d.yaml"], "edited, new, and deleted by hand");
        assert!(Plan::new(&version, Some(&origin), &version).is_done());
        assert_eq!(
            Plan::new(&folder, None, &version).lost.len(),
            3,
            "from nowhere: all that the version lacks is an edit"
        );
    }

    #[test]
    fn files_are_written_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("replies/a")).unwrap();
        fs::write(folder.path().join("replies/a/old.yaml"), "mine").unwrap();
        let before = files(&[("replies/a/old.yaml", "mine")]);
        let plan = Plan::new(&before, None, &files(&[("shop.yaml", "name: A\n")]));
        let kept = plan.keep(folder.path(), "now").unwrap();
        plan.apply(folder.path()).unwrap();
        assert_eq!(fs::read_to_string(folder.path().join("shop.yaml")).unwrap(), "name: A\n");
        assert!(!folder.path().join("replies").exists(), "folders that became empty go");
        assert_eq!(fs::read_to_string(kept.join("replies/a/old.yaml")).unwrap(), "mine");
    }

    #[test]
    fn nothing_is_written_outside() {
        let folder = tempfile::tempdir().unwrap();
        for path in [
            "../shop.yaml",
            "/etc/x.yaml",
            ".ssh/x.yaml",
            "a/../../x.yaml",
            "a/.b/x.yaml",
            "a/./x.yaml",
            "a//x.yaml",
            "a\\..\\x.yaml",
            "x.sh",
        ] {
            let plan = Plan::new(&Files::new(), None, &files(&[("ok.yaml", ""), (path, "")]));
            assert!(matches!(plan.apply(folder.path()), Err(PullError::Astray(_))), "{path}");
            assert!(!folder.path().join("ok.yaml").exists(), "all or nothing");
        }
    }
}
