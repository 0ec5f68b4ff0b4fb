//! What is edited in files alone, never at the desk: secrets, addresses, and what a shop stands on. Whoever may sign in
//! to a desk must not be able to send customers' words, or customers, somewhere else.

use super::difference::{difference, entry};
use crate::playbook::diagnostic::{Bilingual, Diagnostic, Place};
use crate::playbook::scan::scan;
use crate::playbook::tree::{Node, SourceFile};
use crate::shops::pull::belongs;

const CODE: &str = "not-from-the-desk";
const SHOP: &str = "shop.yaml";
/// The folders that are edited here.
const FOLDERS: &[&str] = &["intents", "replies", "campaigns", "products"];
/// Keys of `shop.yaml` that stay as they are.
const SHOP_KEYS: &[&str] = &["channels", "orders", "embeddings", "embed", "links", "extends", "group"];
/// Keys of a product that stay as they are.
const PRODUCT_KEYS: &[&str] = &["link"];
/// So many characters of a path are quoted.
const QUOTED: usize = 100;

/// Whether a file of this path is edited here.
pub(super) fn is_edited_here(path: &str) -> bool {
    let is_below = |(folder, name): (&str, &str)| {
        // A shop's folder keeps its orders under this name, wherever it stands.
        FOLDERS.contains(&folder) && name.rsplit('/').next() != Some("orders.yaml")
    };
    path == SHOP || (belongs(path) && path.split_once('/').is_some_and(is_below))
}

/// What is said of a path that isn't.
pub(super) fn not_here(shown: &SourceFile) -> Diagnostic {
    let path: String = shown.path.chars().take(QUOTED).collect();
    let message = Bilingual::new(format!("“{path}”不能在这里改"), format!("`{path}` is not edited at the desk"));
    let help = Bilingual::new(
        "这里改的是 intents/、replies/、campaigns/、products/ 下面的 .yaml 文件，还有 shop.yaml",
        "edited here are .yaml files below intents/, replies/, campaigns/ and products/, and shop.yaml",
    );
    Diagnostic::error(CODE, shown.place(0, 0, 0), message).with_help(help)
}

/// What is said of a `shop.yaml` that is taken away: a shop is a folder that has one.
pub(super) fn not_without(shown: &SourceFile) -> Diagnostic {
    let message = Bilingual::new("shop.yaml 不能删除", "`shop.yaml` can't be deleted");
    Diagnostic::error(CODE, shown.place(0, 0, 0), message)
}

/// Keys that say something else than before, each at its first place that does.
pub(super) fn kept(file: &SourceFile, before: Option<&SourceFile>) -> Vec<Diagnostic> {
    let keys = match file.path.split_once('/') {
        None => SHOP_KEYS,
        Some(("products", _)) => PRODUCT_KEYS,
        Some(_) => return Vec::new(),
    };
    let scanned = scan(file);
    // What can't be read is no playbook, and told as that.
    let Some(tree) = &scanned.tree else { return Vec::new() };
    let before = before.and_then(|before| scan(before).tree);
    let before = before.as_ref();
    let mut told: Vec<Diagnostic> = keys.iter().filter_map(|key| changed(&scanned.file, key, before, tree)).collect();
    scanned.settle(&mut told, 0);
    told
}

fn changed(file: &SourceFile, key: &str, before: Option<&Node>, now: &Node) -> Option<Diagnostic> {
    let before = before.and_then(|before| before.get(key));
    let at = match (entry(now, key), before) {
        (Some((own, node)), before) => {
            let (line, column, width) = difference(own, before, node)?;
            file.place(line, column, width)
        }
        (None, Some(_)) => file.place(0, 0, 0),
        (None, None) => return None,
    };
    Some(not_from_the_desk(file, key, at))
}

fn not_from_the_desk(file: &SourceFile, key: &str, at: Place) -> Diagnostic {
    let path = &file.path;
    let message = Bilingual::new(
        format!("{key} 不能在这里改：密钥、网址和店铺的归属只在文件里改"),
        format!(
            "`{key}` is not edited at the desk: secrets, addresses and what a shop extends are edited in files alone"
        ),
    );
    let help = Bilingual::new(
        format!("改回原样；真要改，请在店铺文件夹的 {path} 里改"),
        format!("write it as it was; to change it, edit {path} in the shop's folder"),
    );
    let source = file.line(at.line);
    let mistake = Diagnostic::error(CODE, at, message).with_help(help);
    Diagnostic { source, ..mistake }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_are_edited_here() {
        for path in ["shop.yaml", "intents/a/b.yaml", "replies/words.yaml", "campaigns/双11.yaml", "products/a.yml"] {
            assert!(is_edited_here(path), "{path}");
        }
        for path in [
            "shop.yml",
            "orders.yaml",
            "replies/orders.yaml",
            "replies/a/orders.yaml",
            "notes.yaml",
            "intents",
            "intents/",
            "intents/a.sh",
            "intents/a.yaml.sh",
            "../other/shop.yaml",
            "intents/../shop.yaml",
            "intents/./a.yaml",
            "intents//a.yaml",
            "/intents/a.yaml",
            "intents\\a.yaml",
            "intents/a\\..\\b.yaml",
            "./shop.yaml",
            "intents/.a.yaml",
            "intents/.git/a.yaml",
            "intents/a\n.yaml",
            "",
            "base/intents/a/b.yaml",
            "Intents/a/b.yaml",
            "C:/intents/a.yaml",
            "intents/a\0.yaml",
        ] {
            assert!(!is_edited_here(path), "{path:?}");
        }
    }

    #[test]
    fn addresses_and_secrets_stay_as_they_are() {
        let before = "name: A\nchannels:\n  web: {kind: standard, secret: env:A, send_url: https://a.example/x}\n";
        let told = |path: &str, before: &str, now: &str| -> Vec<(u32, u32)> {
            let before = SourceFile::new(path, before);
            let told = kept(&SourceFile::new(path, now), Some(&before));
            assert!(told.iter().all(|told| told.code == CODE && told.help.is_some()));
            told.iter().map(|told| (told.place.line, told.place.column)).collect()
        };
        let shop = |now: &str| told("shop.yaml", before, now);
        assert_eq!(shop(&before.replace("name: A", "name: B")), []);
        assert_eq!(shop(&before.replace("https://a.example", "https://b.example")), [(3, 50)]);
        assert_eq!(shop("name: A\n"), [(0, 0)], "taken away");
        assert_eq!(shop(&format!("{before}extends: brand\ngroup: true\n")), [(4, 1), (5, 1)]);
        assert_eq!(shop(&format!("{before}orders:\n")), [(4, 1)], "even without a value");
        assert_eq!(shop(&format!("{before}<<: {{extends: brand}}\n")), [(4, 5)], "by YAML's merge");
        // A slip above it that is mended by taking a line away leaves the place right.
        assert_eq!(shop(&format!("name：B\n{}", &before[8..].replace("env:A", "env:B"))), [(3, 33)]);
        assert_eq!(told("products/a.yaml", "link: https://a.example\n", "link: https://b.example\n"), [(1, 7)]);
        assert_eq!(told("replies/a/b.yaml", "zh:\n", "link: x\n"), []);
    }
}
