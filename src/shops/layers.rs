//! What a shop is made of: the base pack, and the folders over it.

use std::io;
use std::path::{Path, PathBuf};

use super::OpenError;
use crate::domain::ShopId;
use crate::playbook::diagnostic::Diagnostic;
use crate::playbook::layer::Layer;
use crate::playbook::{Loaded, Playbook};

/// The folders of shops below a folder, by name: each that holds a `shop.yaml`.
///
/// # Errors
/// The folder can't be listed.
pub fn folders(shops: &Path) -> Result<Vec<(ShopId, PathBuf)>, OpenError> {
    let failed = |error| OpenError::Folder { path: shops.to_owned(), error };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(shops).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.join("shop.yaml").is_file()
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
    /// The group that the shop extends, by name.
    pub group: Option<(String, Layer)>,
    /// The shop's own.
    pub own: Layer,
}

impl Layers {
    /// The lowest first, as a playbook is loaded from them.
    #[must_use]
    pub fn stack(self) -> Vec<Layer> {
        let group = self.group.map(|(_, layer)| layer);
        [Some(self.base), group, Some(self.own)].into_iter().flatten().collect()
    }

    /// What could not even be read as text.
    #[must_use]
    pub fn unreadable(&self) -> Vec<Diagnostic> {
        let group = self.group.iter().flat_map(|(_, layer)| &layer.unreadable);
        group.chain(&self.own.unreadable).cloned().collect()
    }
}

/// The folders that a shop is made of, the lowest first; the last is its own.
#[must_use]
pub fn parts(_shops: &Path, folder: &Path) -> Vec<PathBuf> {
    vec![folder.to_owned()]
}

/// Reads what a shop is made of.
///
/// # Errors
/// A folder can't be listed.
pub fn layers(shops: &Path, folder: &Path) -> io::Result<Layers> {
    let parts = parts(shops, folder);
    let group = match &parts[..] {
        [group, _] => {
            let name = group.file_name().unwrap_or_default().to_string_lossy().into_owned();
            Some((name, Layer::folder(group)?))
        }
        _ => None,
    };
    Ok(Layers { base: Layer::base(), group, own: Layer::folder(folder)? })
}

/// Loads one shop's playbook over the base pack.
///
/// # Errors
/// The folder can't be listed.
pub fn load_playbook(id: &ShopId, folder: &Path) -> io::Result<Loaded> {
    let shops = folder.parent().unwrap_or(folder);
    Ok(Playbook::load(id.clone(), &layers(shops, folder)?.stack()))
}
