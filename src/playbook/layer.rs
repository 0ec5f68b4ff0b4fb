//! Where files come from: the pack inside the binary, and a shop's folder over it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use rust_embed::RustEmbed;

use super::diagnostic::{Bilingual, Diagnostic, Place};
use super::encoding;
use super::tree::{Node, SourceFile};

#[derive(RustEmbed)]
#[folder = "intents/"]
#[include = "*.yaml"]
struct BaseIntents;

#[derive(RustEmbed)]
#[folder = "replies/"]
#[include = "*.yaml"]
struct BaseReplies;

/// Whose files a layer holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// The pack inside the binary.
    Base,
    /// A folder that others extend: its words and facts count, its channels don't.
    Group,
    /// The shop itself.
    #[default]
    Shop,
}

/// The files of one layer: the base pack, a group's or a shop's.
#[derive(Clone, Debug, Default)]
pub struct Layer {
    /// Whose they are.
    pub kind: Kind,
    /// The name of their folder; the base pack's is `base`.
    pub name: String,
    /// Sorted by path.
    pub files: Vec<SourceFile>,
    /// What could not even be read as text.
    pub unreadable: Vec<Diagnostic>,
}

impl Layer {
    /// The base pack, as it was built into the binary.
    #[must_use]
    pub fn base() -> Self {
        static BASE: LazyLock<Layer> = LazyLock::new(Layer::embedded);
        BASE.clone()
    }

    fn embedded() -> Self {
        let mut files = Vec::new();
        files.extend(embedded::<BaseIntents>("intents"));
        files.extend(embedded::<BaseReplies>("replies"));
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Self { kind: Kind::Base, name: "base".to_owned(), files, unreadable: Vec::new() }
    }

    /// The folders that a shop is made of, the lowest first: the groups it extends (folders beside it), itself. A group
    /// that isn't there, or that leads back to one above it, ends the row and is told.
    #[must_use]
    pub fn folders(folder: &Path) -> (Vec<PathBuf>, Option<Diagnostic>) {
        let mut folders = vec![folder.to_owned()];
        let mut refused = None;
        while let Some(wish) = folders.last().and_then(|last| Wish::of(last)) {
            let path = folder.parent().unwrap_or(folder).join(&wish.name);
            if folders.contains(&path) || !path.join("shop.yaml").is_file() {
                refused = Some(wish.refused(folders.contains(&path)));
                break;
            }
            folders.push(path);
        }
        folders.reverse();
        (folders, refused)
    }

    /// Whether a folder is there for others to extend, and no shop itself: its `shop.yaml` says `group: true`.
    #[must_use]
    pub fn is_group(folder: &Path) -> bool {
        let says_so = |(_, tree): (SourceFile, Node)| Some(tree.get("group")?.text()? == "true");
        settings_of(folder).and_then(says_so).unwrap_or(false)
    }

    /// All that a shop's folder stands on, the lowest first: base, groups, itself. A group that can't be had is told in
    /// the shop's `unreadable`.
    ///
    /// # Errors
    /// A folder can't be listed.
    pub fn stack(folder: &Path) -> io::Result<Vec<Self>> {
        let (folders, refused) = Self::folders(folder);
        let mut layers = vec![Self::base()];
        for folder in &folders {
            layers.push(Self { kind: Kind::Group, ..Self::folder(folder)? });
        }
        if let Some(own) = layers.last_mut() {
            own.kind = Kind::Shop;
            own.unreadable.extend(refused);
        }
        Ok(layers)
    }

    /// A layer of files that were read before, by path; shown below a name.
    #[must_use]
    pub fn of(name: &str, files: impl IntoIterator<Item = (String, String)>) -> Self {
        let shown = |path: &str| Arc::from(format!("{name}/{path}"));
        let mut files: Vec<SourceFile> =
            files.into_iter().map(|(path, text)| SourceFile { shown: shown(&path), path: path.into(), text }).collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Self { kind: Kind::Shop, name: name.to_owned(), files, unreadable: Vec::new() }
    }

    /// A shop's folder: every `.yaml` below it but the orders, which are no script.
    ///
    /// # Errors
    /// The folder can't be listed. A file that can't be read is told in `unreadable`.
    pub fn folder(root: &Path) -> io::Result<Self> {
        let name = root.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut layer = Self { name, ..Self::default() };
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

/// The group that a `shop.yaml` wants to stand on.
struct Wish {
    name: String,
    place: Place,
    source: Option<String>,
}

impl Wish {
    /// What a folder's `shop.yaml` says, unless that is the base pack.
    fn of(folder: &Path) -> Option<Self> {
        let (file, tree) = settings_of(folder)?;
        let node = tree.get("extends")?;
        let name = node.text().filter(|name| *name != "base")?.to_owned();
        let place = file.place(node.line, node.column, name.chars().count());
        Some(Self { name, source: file.line(place.line), place })
    }

    fn refused(self, leads_back: bool) -> Diagnostic {
        let name = &self.name;
        let message = if leads_back {
            Bilingual::new(format!("extends 绕回了 {name}"), format!("`extends` leads back to `{name}`"))
        } else {
            Bilingual::new(
                format!("没有 {name} 这个店铺文件夹"),
                format!("there is no shop's folder `{name}` beside this one"),
            )
        };
        let help = Bilingual::new(
            "写 base，或写同一个 shops 文件夹里另一个文件夹的名称",
            "write `base`, or the name of another folder within the same shops folder",
        );
        let mut mistake = Diagnostic::error("unknown-group", self.place, message).with_help(help);
        mistake.source = self.source;
        mistake
    }
}

/// A folder's `shop.yaml`, if it can be read.
fn settings_of(folder: &Path) -> Option<(SourceFile, Node)> {
    let mut layer = Layer::default();
    layer.read_file(folder, &folder.join("shop.yaml"));
    let file = layer.files.pop()?;
    let tree = file.parse().ok()?;
    Some((file, tree))
}

fn embedded<Files: RustEmbed>(folder: &'static str) -> impl Iterator<Item = SourceFile> {
    Files::iter().filter_map(move |name| {
        let file = Files::get(&name)?;
        let text = String::from_utf8_lossy(&file.data).into_owned();
        let path = format!("{folder}/{name}");
        Some(SourceFile { shown: format!("base/{path}").into(), path: path.into(), text })
    })
}
