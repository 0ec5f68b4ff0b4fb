//! From layers of files to one immutable playbook, with every mistake of every file at once.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use sha2::{Digest as _, Sha256};

use super::campaign::Campaign;
use super::diagnostic::{Bilingual, Diagnostic, Place, Severity};
use super::facts::Facts;
use super::intent::{self, Intents};
use super::layer::{Kind, Layer};
use super::places::{Places, Spot};
use super::product::{self, Products};
use super::reply::{self, ReplyBook};
use super::scan::{Scanned, scan};
use super::section::Section;
use super::settings::Settings;
use super::shape;
use super::shelf::Shelf;
use super::tree::{Node, SourceFile};
use super::words::Words;
use crate::domain::{At, IntentId, PlaybookHash, ProductId, ShopId};

/// The intents and replies of a shop: compiled, versioned, immutable. A copy is cheap: what many shops have in common
/// is shared.
#[derive(Clone, Debug)]
pub struct Playbook {
    /// Whose it is.
    pub shop: ShopId,
    /// Of all that it was made from.
    pub hash: PlaybookHash,
    /// What `shop.yaml` says.
    pub settings: Arc<Settings>,
    /// What the replies speak of.
    pub facts: Facts,
    /// What values are made of.
    pub words: Arc<Words>,
    /// By id.
    pub intents: Arc<Intents>,
    /// By the id of the intent; the system's own under `system/…`.
    pub replies: Arc<ReplyBook>,
    /// By id.
    pub products: Products,
    /// By name.
    pub campaigns: Vec<Campaign>,
    /// Of the files that the intents were read from.
    pub(super) digest: Digest,
    /// The files above the base pack.
    files: Files,
    places: Arc<Places>,
}

/// How the topmost file of each path is shown.
type Files = BTreeMap<Arc<str>, Arc<str>>;

/// What came of loading.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// There is one unless an error was found.
    pub playbook: Option<Playbook>,
    /// All of them, in the order of files and lines.
    pub mistakes: Vec<Diagnostic>,
}

/// Names files in the order of their layers: what was read from the same ones is the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Digest(String);

impl Digest {
    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// With one more file of a layer. How it is shown counts too: diagnostics point at it.
    pub(super) fn add(&mut self, level: u8, file: &SourceFile) {
        let mut hasher = Sha256::new();
        hasher.update([level]);
        for part in [self.0.as_str(), &file.path, &file.shown, &file.text] {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        self.0 = hex::encode(&hasher.finalize()[..16]);
    }
}

/// The base pack, read once.
static BASE: LazyLock<(Making, Files)> = LazyLock::new(|| {
    let mut making = Making::empty();
    making.add(&[Layer::base()]);
    let files = std::mem::take(&mut making.playbook.files);
    (making, files)
});

/// What several shops have in common besides the base pack: a group's intents and replies.
static INTENTS: LazyLock<Shelf<Intents>> = LazyLock::new(Shelf::default);
static REPLIES: LazyLock<Shelf<ReplyBook>> = LazyLock::new(Shelf::default);

impl Playbook {
    /// Reads the layers, the lowest first: base, groups, shop.
    #[must_use]
    pub fn load(shop: ShopId, layers: &[Layer]) -> Loaded {
        let (mut making, rest) = match layers.split_first() {
            Some((first, rest)) if first.kind == Kind::Base => (BASE.0.clone(), rest),
            _ => (Making::empty(), layers),
        };
        making.add(rest);
        making.finish(shop)
    }

    /// The base pack's intents as they were built in.
    #[must_use]
    pub fn base_intents() -> &'static Intents {
        &BASE.0.playbook.intents
    }

    /// The words of the system's own: `replies/system/<name>.yaml`.
    #[must_use]
    pub fn system(name: &str) -> IntentId {
        IntentId::from(format!("system/{name}"))
    }

    /// A file of the playbook as a whole, by its path below a shop's folder: the topmost layer's that has it.
    #[must_use]
    pub fn place_of(&self, path: &str) -> Place {
        let shown = self.files.get(path).or_else(|| BASE.1.get(path)).cloned();
        Place { file: shown.unwrap_or_else(|| path.into()), ..Place::default() }
    }

    /// Whether there is such a file, by its path below a shop's folder.
    #[must_use]
    pub fn has_file(&self, path: &str) -> bool {
        self.files.contains_key(path) || BASE.1.contains_key(path)
    }

    /// A key of a file above the base pack, such as `zh.default`; else the file as a whole.
    #[must_use]
    pub fn spot(&self, path: &str, key: &str) -> Spot {
        let found = self.places.get(path, key).cloned();
        found.unwrap_or_else(|| Spot { place: self.place_of(path), source: None })
    }

    /// What the intents were made from.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// The campaigns that run at a time, by their places.
    #[must_use]
    pub fn running(&self, now: At) -> Vec<usize> {
        let running = self.campaigns.iter().enumerate().filter(|(_, campaign)| campaign.runs(now));
        running.map(|(place, _)| place).collect()
    }

    /// The playbook while these campaigns run.
    #[must_use]
    pub fn during(&self, running: &[usize]) -> Self {
        self.joined(running, &mut Vec::new())
    }

    fn joined(&self, running: &[usize], mistakes: &mut Vec<Diagnostic>) -> Self {
        let mut playbook = self.clone();
        for campaign in running.iter().filter_map(|place| self.campaigns.get(*place)) {
            campaign.join(&mut playbook, TOP, mistakes);
        }
        playbook
    }
}

/// A campaign stands above every layer of files.
const TOP: u8 = u8::MAX;

/// A playbook while its layers are read.
#[derive(Clone, Debug)]
struct Making {
    playbook: Playbook,
    hasher: Sha256,
    /// Of the files that the replies were read from.
    replies: Digest,
    levels: u8,
    mistakes: Vec<Diagnostic>,
}

/// A file that could be read, of a layer.
struct Tree<'a> {
    kind: Kind,
    level: u8,
    scanned: Scanned<'a>,
    node: Node,
}

#[derive(Clone, Copy)]
enum Stage {
    Settings,
    Intents,
    Replies,
}

impl Making {
    fn empty() -> Self {
        let playbook = Playbook {
            shop: ShopId::from(""),
            hash: PlaybookHash::from(""),
            settings: Arc::default(),
            facts: Facts::default(),
            words: Arc::default(),
            intents: Arc::default(),
            replies: Arc::default(),
            products: Products::new(),
            campaigns: Vec::new(),
            digest: Digest::default(),
            files: BTreeMap::new(),
            places: Arc::default(),
        };
        Self { playbook, hasher: Sha256::new(), replies: Digest::default(), levels: 0, mistakes: Vec::new() }
    }

    fn add(&mut self, layers: &[Layer]) {
        let mut trees = Vec::new();
        for layer in layers {
            self.mistakes.extend(layer.unreadable.iter().cloned());
            for file in &layer.files {
                self.keep(file);
                let mut scanned = scan(file);
                self.mistakes.extend(scanned.mistakes.iter().cloned());
                if let Some(node) = scanned.tree.take() {
                    if layer.kind != Kind::Base {
                        Arc::make_mut(&mut self.playbook.places).keep(&scanned.file, &node);
                    }
                    trees.push(Tree { kind: layer.kind, level: self.levels, scanned, node });
                }
            }
            self.levels += 1;
        }
        let typed = self.mistakes.len();
        // Facts first: the replies are checked against them.
        for stage in [Stage::Settings, Stage::Intents, Stage::Replies] {
            for tree in &trees {
                self.read(stage, tree);
            }
            match stage {
                Stage::Settings => self.read_campaigns(&trees),
                Stage::Intents => self.settle_intents(&trees),
                Stage::Replies => self.settle_replies(&trees),
            }
        }
        self.try_campaigns();
        for tree in &trees {
            self.mistakes.extend(shape::tones(&tree.scanned.file, &tree.node, &self.playbook.settings.tone));
            tree.scanned.settle(&mut self.mistakes, typed);
        }
    }

    fn keep(&mut self, file: &SourceFile) {
        for part in [&*file.path, &file.text] {
            self.hasher.update((part.len() as u64).to_le_bytes());
            self.hasher.update(part.as_bytes());
        }
        if file.path.starts_with("intents/") {
            self.playbook.digest.add(self.levels, file);
        } else if file.path.starts_with("replies/") {
            self.replies.add(self.levels, file);
        }
        self.playbook.files.insert(file.path.clone(), file.shown.clone());
    }

    fn read(&mut self, stage: Stage, tree: &Tree<'_>) {
        let Tree { kind, level, scanned, node } = tree;
        let file = &*scanned.file;
        let (playbook, mistakes) = (&mut self.playbook, &mut self.mistakes);
        let path = file.path.trim_end_matches(".yaml").trim_end_matches(".yml");
        match (stage, path.split_once('/')) {
            (Stage::Settings, None) if path == "shop" => {
                let settings = Arc::make_mut(&mut playbook.settings);
                settings.read(*kind, file, node, &mut playbook.facts, mistakes);
            }
            (Stage::Settings, Some(("replies", "words"))) => {
                Arc::make_mut(&mut playbook.words).read(file, node, mistakes);
            }
            (Stage::Settings, Some(("products", id))) => {
                let id = ProductId::from(id);
                product::read(&mut playbook.products, &id, file, node, mistakes);
                if let Some(product) = playbook.products.get(&id) {
                    playbook.facts.declare(&product.facts);
                }
            }
            (Stage::Settings, Some(("intents" | "replies", id))) if id.contains('/') => {}
            (Stage::Settings, Some(("campaigns", _))) => {}
            (Stage::Settings, _) => mistakes.push(stray(file)),
            (Stage::Intents, Some(("intents", id))) if id.contains('/') => {
                let mut reading = intent::Reading { file, level: *level, mistakes };
                reading.read(Arc::make_mut(&mut playbook.intents), &IntentId::from(id), node, None);
            }
            (Stage::Replies, Some(("replies", id))) if id.contains('/') => {
                let mut reading = reply::Reading { file, facts: &playbook.facts, mistakes };
                reading.read(Arc::make_mut(&mut playbook.replies), &IntentId::from(id), node);
            }
            (Stage::Replies, Some(("products", id))) => {
                let known = playbook.intents.clone();
                let mut section = Section { file, level: *level, facts: &playbook.facts, known: &known, mistakes };
                product::read_replies(&mut playbook.products, &ProductId::from(id), node, &mut section);
            }
            _ => {}
        }
    }

    /// Their times need the shop's zone; their own facts may be spoken of.
    fn read_campaigns(&mut self, trees: &[Tree<'_>]) {
        let zone = self.playbook.settings.time_zone.clone();
        for tree in trees {
            let file = &*tree.scanned.file;
            let path = file.path.trim_end_matches(".yaml").trim_end_matches(".yml");
            let Some(name) = path.strip_prefix("campaigns/") else { continue };
            self.playbook.campaigns.retain(|campaign| campaign.name != name);
            if let Some(campaign) = Campaign::read(name, &zone, file, &tree.node, &mut self.mistakes) {
                self.playbook.campaigns.push(campaign);
            }
            if let Some(facts) = tree.node.get("facts") {
                let mut own = Facts::default();
                own.read(file, facts, &mut Vec::new());
                self.playbook.facts.declare(&own);
            }
        }
        self.playbook.campaigns.sort_by(|a, b| a.name.cmp(&b.name));
    }

    fn settle_intents(&mut self, trees: &[Tree<'_>]) {
        if !writes_above_the_first(trees, "intents/") {
            return;
        }
        let playbook = &mut self.playbook;
        let mut made = Arc::unwrap_or_clone(std::mem::take(&mut playbook.intents));
        intent::settle(&mut made);
        playbook.intents = INTENTS.of(playbook.digest.as_str(), || made);
    }

    fn settle_replies(&mut self, trees: &[Tree<'_>]) {
        if writes_above_the_first(trees, "replies/") {
            let made = Arc::unwrap_or_clone(std::mem::take(&mut self.playbook.replies));
            self.playbook.replies = REPLIES.of(self.replies.as_str(), || made);
        }
    }

    /// Each campaign is tried on, so that its mistakes are told before it begins.
    fn try_campaigns(&mut self) {
        for place in 0..self.playbook.campaigns.len() {
            self.playbook.joined(&[place], &mut self.mistakes);
        }
    }

    fn finish(mut self, shop: ShopId) -> Loaded {
        self.playbook.shop = shop;
        self.playbook.hash = PlaybookHash::from(hex::encode(&self.hasher.finalize()[..16]));
        self.mistakes.sort_by(|a, b| a.place.cmp(&b.place));
        self.mistakes.dedup();
        let usable = !self.mistakes.iter().any(|mistake| mistake.severity == Severity::Error);
        Loaded { playbook: usable.then_some(self.playbook), mistakes: self.mistakes }
    }
}

fn writes_above_the_first(trees: &[Tree<'_>], folder: &str) -> bool {
    trees.iter().any(|tree| tree.level > 0 && tree.scanned.file.path.starts_with(folder))
}

/// A file where none is looked for is most likely a file in the wrong folder: its words would be missed silently.
fn stray(file: &SourceFile) -> Diagnostic {
    let message = Bilingual::new("不知道这个文件是做什么用的", "nothing reads a file of this name here");
    Diagnostic::warning("stray-file", file.place(0, 0, 0), message).with_help(Bilingual::new(
        "话术放在 replies/领域/名称.yaml，意图放在 intents/领域/名称.yaml，商品放在 products/编号.yaml，活动放在 campaigns/名称.yaml",
        "replies go to replies/AREA/NAME.yaml, intents to intents/AREA/NAME.yaml, products to products/ID.yaml, campaigns to campaigns/NAME.yaml",
    ))
}
