//! Where files come from: the pack inside the binary, and a shop's folder over it.

use std::io;
use std::path::Path;
use std::sync::Arc;

use rust_embed::RustEmbed;

use super::diagnostic::{Diagnostic, Place};
use super::encoding;
use super::tree::SourceFile;

#[derive(RustEmbed)]
#[folder = "intents/"]
#[include = "*.yaml"]
struct BaseIntents;

#[derive(RustEmbed)]
#[folder = "replies/"]
#[include = "*.yaml"]
struct BaseReplies;

/// The files of one layer: the base pack, a group's or a shop's.
#[derive(Clone, Debug, Default)]
pub struct Layer {
    /// Sorted by path.
    pub files: Vec<SourceFile>,
    /// What could not even be read as text.
    pub unreadable: Vec<Diagnostic>,
}

impl Layer {
    /// The base pack, as it was built into the binary.
    #[must_use]
    pub fn base() -> Self {
        let mut files = Vec::new();
        files.extend(embedded::<BaseIntents>("intents"));
        files.extend(embedded::<BaseReplies>("replies"));
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Self { files, unreadable: Vec::new() }
    }

    /// A layer of files that were read before, by path; shown below a name.
    #[must_use]
    pub fn of(name: &str, files: impl IntoIterator<Item = (String, String)>) -> Self {
        let shown = |path: &str| Arc::from(format!("{name}/{path}"));
        let mut files: Vec<SourceFile> =
            files.into_iter().map(|(path, text)| SourceFile { shown: shown(&path), path: path.into(), text }).collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Self { files, unreadable: Vec::new() }
    }

    /// A shop's folder: every `.yaml` below it but the orders, which are no script.
    ///
    /// # Errors
    /// The folder can't be listed. A file that can't be read is told in `unreadable`.
    pub fn folder(root: &Path) -> io::Result<Self> {
        let mut layer = Self::default();
        layer.read_folder(root, root)?;
        layer.files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(layer)
    }

    fn read_folder(&mut self, root: &Path, folder: &Path) -> io::Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.starts_with('.') {
                continue;
            }
            if path.is_dir() {
                self.read_folder(root, &path)?;
            } else if (name.ends_with(".yaml") || name.ends_with(".yml")) && name != "orders.yaml" {
                self.read_file(root, &path);
            }
        }
        Ok(())
    }

    fn read_file(&mut self, root: &Path, path: &Path) {
        let below = path.strip_prefix(root).unwrap_or(path);
        let below: Arc<str> = below.to_string_lossy().replace('\\', "/").into();
        let shown: Arc<str> = path.to_string_lossy().replace('\\', "/").into();
        let place = Place { file: shown.clone(), ..Place::default() };
        let read = encoding::read(path, place);
        self.files.extend(read.text.map(|text| SourceFile { path: below, shown, text }));
        self.unreadable.extend(read.mistake);
    }
}

fn embedded<Files: RustEmbed>(folder: &'static str) -> impl Iterator<Item = SourceFile> {
    Files::iter().filter_map(move |name| {
        let file = Files::get(&name)?;
        let text = String::from_utf8_lossy(&file.data).into_owned();
        let path = format!("{folder}/{name}");
        Some(SourceFile { shown: format!("base/{path}").into(), path: path.into(), text })
    })
}
