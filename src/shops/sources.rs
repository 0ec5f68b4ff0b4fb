//! The files of a version, as the store keeps them, and the marker that says which version a folder came from.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::layers::Layers;
use crate::domain::{At, PlaybookHash, ShopId};
use crate::playbook::layer::{Kind, Layer};
use crate::store::PlaybookVersion;

/// Files by path, below the folder that they stand in.
pub type Files = BTreeMap<String, String>;

/// What a version was made from: all but the base pack, which is named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sources {
    /// The program's version, whose pack lies below the files.
    pub base: String,
    /// The groups below the shop, the lowest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupFiles>,
    /// The shop's own.
    pub files: Files,
    /// The version whose files these are, over another base pack than that of the program which published it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stands_for: Option<PlaybookHash>,
}

/// A group's files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupFiles {
    /// Its folder's name.
    pub name: String,
    /// By path.
    pub files: Files,
}

/// Of files; equal for equal files.
pub type FilesDigest = [u8; 32];

impl Sources {
    /// What was read from folders.
    #[must_use]
    pub fn of(layers: &Layers) -> Self {
        let files = |layer: &Layer| layer.files.iter().map(|f| (f.path.to_string(), f.text.clone())).collect();
        let group = |layer: &Layer| GroupFiles { name: layer.name.clone(), files: files(layer) };
        Self {
            base: env!("CARGO_PKG_VERSION").to_owned(),
            groups: layers.groups.iter().map(group).collect(),
            files: files(&layers.own),
            stands_for: None,
        }
    }

    /// What the store keeps of a version.
    ///
    /// # Errors
    /// It isn't what this program writes.
    pub fn read(version: &PlaybookVersion) -> serde_json::Result<Self> {
        serde_json::from_str(&version.sources)
    }

    /// As the store keeps it.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The same files, to be published over the pack of this program.
    #[must_use]
    pub(super) fn over_this_pack(&self) -> Self {
        Self { base: env!("CARGO_PKG_VERSION").to_owned(), stands_for: None, ..self.clone() }
    }

    /// The version that these files are, under the hash that they come to.
    #[must_use]
    pub fn version(&self, hash: PlaybookHash, parent: Option<PlaybookHash>, author: &str, at: At) -> PlaybookVersion {
        PlaybookVersion { hash, parent, author: author.to_owned(), at, sources: self.to_json() }
    }

    /// The same files over the pack of this program.
    #[must_use]
    pub fn layers(&self, id: &ShopId) -> Layers {
        let layer = |kind, name: &str, files: &Files| Layer { kind, ..Layer::of(name, files.clone()) };
        Layers {
            base: Layer::base(),
            groups: self.groups.iter().map(|group| layer(Kind::Group, &group.name, &group.files)).collect(),
            own: layer(Kind::Shop, id.as_str(), &self.files),
        }
    }

    /// Two are equal if and only if their files are, whatever base pack they lie on.
    #[must_use]
    pub fn digest(&self) -> FilesDigest {
        let mut hasher = Sha256::new();
        let mut add = |part: &str| {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        };
        for (name, files) in self.parts() {
            add(name);
            add(&files.len().to_string());
            files.iter().for_each(|(path, text)| {
                add(path);
                add(text);
            });
        }
        hasher.finalize().into()
    }

    fn parts(&self) -> impl Iterator<Item = (&str, &Files)> {
        let groups = self.groups.iter().map(|group| (group.name.as_str(), &group.files));
        groups.chain([("", &self.files)])
    }

    /// All files as people are shown them: a group's with its name before them.
    #[must_use]
    pub fn shown(&self) -> Files {
        let of_group = |group: &GroupFiles| {
            let name = group.name.clone();
            group.files.iter().map(move |(path, text)| (format!("{name}/{path}"), text.clone())).collect::<Files>()
        };
        let mut files: Files = self.groups.iter().flat_map(of_group).collect();
        files.extend(self.files.clone());
        files
    }

    /// How many files differ, a group's among them.
    #[must_use]
    pub fn changed_files(&self, other: &Self) -> usize {
        differing(&self.shown(), &other.shown()).count()
    }
}

/// The paths of files that are not the same in both, in order of each: those of `a` first, then what `b` alone has.
pub fn differing<'a>(a: &'a Files, b: &'a Files) -> impl Iterator<Item = &'a str> {
    let changed = a.iter().filter(|(path, text)| b.get(*path) != Some(*text)).map(|(path, _)| path.as_str());
    changed.chain(b.keys().filter(|path| !a.contains_key(*path)).map(String::as_str))
}

/// The file in a shop's folder that says which version its files came from.
pub const MARKER: &str = ".xiaoer-version";

/// What the marker says. Only commands write it; the service never writes into the shops folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marker {
    /// The version.
    pub version: PlaybookHash,
    /// How far the shop's history had come then: the `seq` of its last move.
    pub seq: i64,
}

impl Marker {
    /// The folder's, if it has a readable one.
    #[must_use]
    pub fn read(folder: &Path) -> Option<Self> {
        let text = fs::read_to_string(folder.join(MARKER)).ok()?;
        let value = |key: &str| text.lines().find_map(|line| line.strip_prefix(key)).map(str::trim);
        Some(Self { version: PlaybookHash::from(value("version:")?), seq: value("move:")?.parse().ok()? })
    }

    /// Writes it.
    ///
    /// # Errors
    /// The folder can't be written.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        let text = format!(
            "# Which published version these files came from; `xiaoer playbook pull` and `push` write it. Leave it \
             beside them.\n# 本文件夹的话术来自哪个已发布的版本；由 `xiaoer playbook pull` 和 `push` 写入，请勿改动。\n\
             version: {}\nmove: {}\n",
            self.version, self.seq
        );
        fs::write(folder.join(MARKER), text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(files: &[(&str, &str)]) -> Sources {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        Sources { base: "0".to_owned(), groups: Vec::new(), files, stands_for: None }
    }

    #[test]
    fn files_are_compared_whatever_they_lie_on() {
        let one = sources(&[("shop.yaml", "name: A\n"), ("replies/a/b.yaml", "zh:\n")]);
        let newer = Sources { base: "1".to_owned(), stands_for: Some("x".into()), ..one.clone() };
        assert_eq!(one.digest(), newer.digest());
        assert_eq!(one.changed_files(&newer), 0);
        let other = sources(&[("shop.yaml", "name: B\n"), ("replies/a/c.yaml", "zh:\n")]);
        assert_ne!(one.digest(), other.digest());
        assert_eq!(one.changed_files(&other), 3, "one edited, one gone, one new");
        // A boundary can't be moved from a name into a text.
        assert_ne!(sources(&[("a", "bc")]).digest(), sources(&[("ab", "c")]).digest());
        let groups = vec![GroupFiles { name: "g".to_owned(), files: one.files.clone() }];
        assert_ne!(one.digest(), Sources { groups: groups.clone(), ..one.clone() }.digest());
        assert_eq!(one.changed_files(&Sources { groups, ..one.clone() }), 2, "a group counts");
    }

    #[test]
    fn a_marker_is_read_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Marker::read(folder.path()), None);
        let marker = Marker { version: "3f9a".into(), seq: 17 };
        marker.write(folder.path()).unwrap();
        assert_eq!(Marker::read(folder.path()), Some(marker));
        fs::write(folder.path().join(MARKER), "version: 3f9a\nmove: soon\n").unwrap();
        assert_eq!(Marker::read(folder.path()), None, "a broken one says nothing");
    }
}
