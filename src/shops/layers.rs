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
    /// The groups that the shop stands on, by name, the lowest first.
    pub groups: Vec<(String, Layer)>,
    /// The shop's own.
    pub own: Layer,
}

impl Layers {
    /// The lowest first, as a playbook is loaded from them.
    #[must_use]
    pub fn stack(self) -> Vec<Layer> {
        let groups = self.groups.into_iter().map(|(_, layer)| layer);
        [self.base].into_iter().chain(groups).chain([self.own]).collect()
    }

    /// What could not even be read as text, or isn't there.
    #[must_use]
    pub fn unreadable(&self) -> Vec<Diagnostic> {
        self.own.unreadable.clone()
    }
}

/// Reads what a shop is made of: the pack, the groups it stands on, its own folder.
///
/// # Errors
/// The shop's folder can't be listed.
pub fn layers(folder: &Path) -> io::Result<Layers> {
    let mut stack = Layer::stack(folder)?;
    let own = stack.pop().unwrap_or_default();
    let base = if stack.is_empty() { Layer::base() } else { stack.remove(0) };
    Ok(Layers { base, groups: stack.into_iter().map(|layer| (name(&layer), layer)).collect(), own })
}

/// The name of a group's folder.
fn name(layer: &Layer) -> String {
    let folder = layer.files.first().and_then(|file| file.shown.strip_suffix(&*file.path));
    folder.unwrap_or_default().trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned()
}

/// The folders whose files a shop is made of: its own, and those of the groups it names, there or not.
#[must_use]
pub fn parts(folder: &Path) -> Vec<PathBuf> {
    let mut parts = vec![folder.to_owned()];
    while let Some(group) = parts.last().and_then(|part| extends(part)) {
        let group = folder.parent().unwrap_or(folder).join(group);
        if parts.contains(&group) {
            break;
        }
        parts.push(group);
    }
    parts
}

/// The group that a folder's `shop.yaml` names, read as fast as may be: a wrong guess costs a look at other files.
fn extends(folder: &Path) -> Option<String> {
    let text = std::fs::read_to_string(folder.join("shop.yaml")).ok()?;
    let said = text.lines().find_map(|line| line.strip_prefix("extends:"))?;
    let name = said.split(" #").next()?.trim().trim_matches(['"', '\'']);
    (!name.is_empty() && name != "base").then(|| name.to_owned())
}

/// Loads one shop's playbook over the base pack and the groups it extends.
///
/// # Errors
/// The folder can't be listed.
pub fn load_playbook(id: &ShopId, folder: &Path) -> io::Result<Loaded> {
    Ok(Playbook::load(id.clone(), &layers(folder)?.stack()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shop_is_made_of_its_groups_too() {
        let shops = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = shops.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("brand/shop.yaml", "extends: house # all brands\n");
        write("house/shop.yaml", "extends: base\n");
        write("one/shop.yaml", "name: One\nextends: \"brand\"\n");
        let one = shops.path().join("one");
        let names: Vec<String> =
            parts(&one).iter().map(|part| part.file_name().unwrap().to_string_lossy().into_owned()).collect();
        assert_eq!(names, ["one", "brand", "house"]);
        let layers = layers(&one).unwrap();
        let groups: Vec<&str> = layers.groups.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(groups, ["house", "brand"]);
        write("house/shop.yaml", "extends: one\n");
        assert_eq!(parts(&one).len(), 3, "in a circle");
    }
}
