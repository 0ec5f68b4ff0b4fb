//! What a shop is made of: the base pack, and the folders over it.

use std::io;
use std::path::{Path, PathBuf};

use super::OpenError;
use crate::domain::ShopId;
use crate::playbook::diagnostic::Diagnostic;
use crate::playbook::layer::Layer;
use crate::playbook::{Loaded, Playbook};

/// The folders of shops below a folder, by name: each that holds a `shop.yaml` and is no group.
///
/// # Errors
/// The folder can't be listed.
pub fn folders(shops: &Path) -> Result<Vec<(ShopId, PathBuf)>, OpenError> {
    let failed = |error| OpenError::Folder { path: shops.to_owned(), error };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(shops).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.join("shop.yaml").is_file()
            && !Layer::is_group(&path)
            && let Some(name) = path.file_name().and_then(|name| name.to_str())
        {
            found.push((ShopId::from(name), path.clone()));
        }
    }
    found.sort();
    Ok(found)
}

/// The layers of one shop.
#[derive(Clone, Debug)]
pub struct Layers {
    /// The pack inside the binary.
    pub base: Layer,
    /// The groups that the shop extends, the lowest first.
    pub groups: Vec<Layer>,
    /// The shop's own.
    pub own: Layer,
}

impl Layers {
    /// The lowest first, as a playbook is loaded from them.
    #[must_use]
    pub fn stack(self) -> Vec<Layer> {
        [vec![self.base], self.groups, vec![self.own]].concat()
    }

    /// What could not even be read as text.
    #[must_use]
    pub fn unreadable(&self) -> Vec<Diagnostic> {
        self.groups.iter().flat_map(|group| &group.unreadable).chain(&self.own.unreadable).cloned().collect()
    }
}

/// The folders that a shop is made of, the lowest first; the last is its own.
#[must_use]
pub fn parts(folder: &Path) -> Vec<PathBuf> {
    Layer::folders(folder).0
}

/// Reads what a shop is made of.
///
/// # Errors
/// A folder can't be listed.
pub fn layers(folder: &Path) -> io::Result<Layers> {
    let mut groups = Layer::stack(folder)?;
    let own = groups.pop().unwrap_or_default();
    Ok(Layers { base: groups.remove(0), groups, own })
}

/// Loads one shop's playbook over the base pack and the groups it extends.
///
/// # Errors
/// A folder can't be listed.
pub fn load_playbook(id: &ShopId, folder: &Path) -> io::Result<Loaded> {
    Ok(Playbook::load(id.clone(), &Layer::stack(folder)?))
}
