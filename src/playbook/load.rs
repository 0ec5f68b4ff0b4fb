//! From layers of files to one immutable playbook, with every mistake of every file at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::diagnostic::{Bilingual, Diagnostic, Place, Severity};
use super::facts::Facts;
use super::intent::{self, Intents};
use super::layer::Layer;
use super::product::{self, Products};
use super::reply::{Reading, ReplyBook};
use super::scan::scan;
use super::settings::Settings;
use super::tree::{Node, SourceFile};
use super::words::Words;
use crate::domain::{IntentId, PlaybookHash, ProductId, ShopId};

/// The intents and replies of a shop: compiled, versioned, immutable.
#[derive(Clone, Debug)]
pub struct Playbook {
    /// Whose it is.
    pub shop: ShopId,
    /// Of all that it was made from.
    pub hash: PlaybookHash,
    /// What `shop.yaml` says.
    pub settings: Settings,
    /// What the replies speak of.
    pub facts: Facts,
    /// What values are made of.
    pub words: Words,
    /// By id.
    pub intents: Intents,
    /// By the id of the intent; the system's own under `system/…`.
    pub replies: ReplyBook,
    /// By id.
    pub products: Products,
    /// How the topmost file of each path is shown.
    files: BTreeMap<Arc<str>, Arc<str>>,
}

/// What came of loading.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// There is one unless an error was found.
    pub playbook: Option<Playbook>,
    /// All of them, in the order of files and lines.
    pub mistakes: Vec<Diagnostic>,
}

impl Playbook {
    /// Reads the layers, the lowest first: base, group, shop.
    #[must_use]
    pub fn load(shop: ShopId, layers: &[Layer]) -> Loaded {
        let mut playbook = Self {
            shop,
            hash: hash(layers),
            settings: Settings::default(),
            facts: Facts::default(),
            words: Words::default(),
            intents: Intents::new(),
            replies: ReplyBook::new(),
            products: Products::new(),
            files: layers.iter().flat_map(|layer| &layer.files).map(|f| (f.path.clone(), f.shown.clone())).collect(),
        };
        let mut mistakes: Vec<Diagnostic> = layers.iter().flat_map(|layer| layer.unreadable.clone()).collect();
        let mut trees = Vec::new();
        for file in layers.iter().flat_map(|layer| &layer.files) {
            let mut scanned = scan(file);
            mistakes.extend(scanned.mistakes.iter().cloned());
            if let Some(tree) = scanned.tree.take() {
                trees.push((scanned, tree));
            }
        }
        let typed = mistakes.len();
        // Facts first: the replies are checked against them.
        for stage in [Stage::Settings, Stage::Intents, Stage::Replies] {
            for (scanned, tree) in &trees {
                playbook.read(stage, &scanned.file, tree, &mut mistakes);
            }
        }
        for (scanned, _) in &trees {
            scanned.settle(&mut mistakes, typed);
        }
        mistakes.sort_by(|a, b| a.place.cmp(&b.place));
        mistakes.dedup();
        let usable = !mistakes.iter().any(|mistake| mistake.severity == Severity::Error);
        Loaded { playbook: usable.then_some(playbook), mistakes }
    }

    /// A file of the playbook as a whole, by its path below a shop's folder: the topmost layer's that has it.
    #[must_use]
    pub fn place_of(&self, path: &str) -> Place {
        let shown = self.files.get(path).cloned();
        Place { file: shown.unwrap_or_else(|| path.into()), ..Place::default() }
    }

    /// The words of the system's own: `replies/system/<name>.yaml`.
    #[must_use]
    pub fn system(name: &str) -> IntentId {
        IntentId::from(format!("system/{name}"))
    }

    fn read(&mut self, stage: Stage, file: &SourceFile, tree: &Node, mistakes: &mut Vec<Diagnostic>) {
        let path = file.path.trim_end_matches(".yaml").trim_end_matches(".yml");
        match (stage, path.split_once('/')) {
            (Stage::Settings, None) if path == "shop" => {
                self.settings.read(file, tree, &mut self.facts, mistakes);
            }
            (Stage::Settings, None) => mistakes.push(stray(file)),
            (Stage::Settings, Some(("replies", "words"))) => self.words.read(file, tree, mistakes),
            (Stage::Settings, Some(("products", id))) => {
                product::read(&mut self.products, &ProductId::from(id), file, tree, mistakes);
            }
            (Stage::Intents, Some(("intents", id))) if id.contains('/') => {
                intent::read(&mut self.intents, &IntentId::from(id), file, tree, mistakes);
            }
            (Stage::Replies, Some(("replies", id))) if id.contains('/') => {
                let mut reading = Reading { file, facts: &self.facts, mistakes };
                reading.read(&mut self.replies, &IntentId::from(id), tree);
            }
            (Stage::Settings, Some(("intents" | "replies", id))) if id.contains('/') => {}
            (Stage::Settings, Some(_)) => mistakes.push(stray(file)),
            _ => {}
        }
    }
}

#[derive(Clone, Copy)]
enum Stage {
    Settings,
    Intents,
    Replies,
}

/// A file where none is looked for is most likely a file in the wrong folder: its words would be missed silently.
fn stray(file: &SourceFile) -> Diagnostic {
    let message = Bilingual::new("不知道这个文件是做什么用的", "nothing reads a file of this name here");
    Diagnostic::warning("stray-file", file.place(0, 0, 0), message).with_help(Bilingual::new(
        "话术放在 replies/领域/名称.yaml，意图放在 intents/领域/名称.yaml，商品放在 products/编号.yaml",
        "replies go to replies/AREA/NAME.yaml, intents to intents/AREA/NAME.yaml, products to products/ID.yaml",
    ))
}

fn hash(layers: &[Layer]) -> PlaybookHash {
    let mut hasher = Sha256::new();
    for file in layers.iter().flat_map(|layer| &layer.files) {
        for part in [&*file.path, &file.text] {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
    }
    PlaybookHash::from(hex::encode(&hasher.finalize()[..16]))
}
