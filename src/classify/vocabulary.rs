//! What a shop's customers name: its products and their attributes, carriers, regions. One lexicon a playbook.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use crate::domain::{Language, Mention, MentionKind};
use crate::playbook::Playbook;
use crate::text::Text;

use super::lexicon::{self, Carrier, Entry, Lexicon};

static CARRIERS: LazyLock<Vec<Carrier>> = LazyLock::new(|| lexicon::carriers(lexicon::CARRIERS));

/// The lexicon of a playbook.
#[derive(Debug)]
pub(super) struct Vocabulary {
    lexicon: Lexicon,
    tracking: Vec<String>,
}

impl Vocabulary {
    pub(super) fn of(playbook: &Playbook) -> Self {
        let mut entries = lexicon::regions(lexicon::REGIONS);
        entries.extend(CARRIERS.iter().map(|carrier| carrier.entry.clone()));
        for product in playbook.products.values() {
            let names = product.name.all().map(str::to_owned).chain(product.aliases.iter().cloned());
            entries.push(Entry { kind: MentionKind::Product, id: product.id.to_string(), names: names.collect() });
            for attribute in product.attributes.values().flatten() {
                let names = vec![attribute.name.clone()];
                entries.push(Entry { kind: MentionKind::Attribute, id: attribute.name.clone(), names });
            }
        }
        Self {
            lexicon: Lexicon::build(entries),
            tracking: CARRIERS.iter().filter_map(|carrier| carrier.tracking.clone()).collect(),
        }
    }

    /// What a text names. The `latin` words are no slips of a name.
    pub(super) fn find(&self, text: &Text<'_>, message: usize, latin: &FxHashSet<String>) -> Vec<Mention> {
        self.lexicon.find(text, message, &|word| latin.contains(word))
    }

    pub(super) fn tracking_patterns(&self) -> &[String] {
        &self.tracking
    }
}

/// Every Latin word that the playbook itself uses: `shipping` is no slip of a product's name.
pub(super) fn latin_words(playbook: &Playbook) -> FxHashSet<String> {
    let wordings = playbook.intents.values().filter_map(|intent| intent.wording.get(&Language::En));
    let lines = wordings.flat_map(|w| w.phrases.iter().chain(&w.whole).chain(&w.together).chain(&w.examples));
    let clauses = lines.flat_map(|line| &line.clauses);
    clauses.flat_map(|clause| clause.split([' ', '_', '/']).map(str::to_owned).collect::<Vec<_>>()).collect()
}
