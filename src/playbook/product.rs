//! `products/<id>.yaml`: what the shop sells, and what can be said of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::diagnostic::Diagnostic;
use super::facts::{Facts, Local, money};
use super::keys;
use super::reply::ReplyBook;
use super::section::Section;
use super::sizes::{self, Size};
use super::tree::{Node, SourceFile};
use crate::domain::{Language, Money, ProductId};

/// One product.
#[derive(Clone, Debug)]
pub struct Product {
    /// The file's name.
    pub id: ProductId,
    /// As the shop calls it.
    pub name: Local,
    /// What customers call it.
    pub aliases: Vec<String>,
    /// Its page.
    pub link: Option<String>,
    /// Of one piece.
    pub price: Option<Money>,
    /// How many are there; `None`: not known.
    pub stock: Option<i64>,
    /// What is in the box.
    pub in_box: Option<Local>,
    /// Name and value, by language.
    pub attributes: BTreeMap<Language, Vec<Attribute>>,
    /// Which size fits whom.
    pub sizes: Vec<Size>,
    /// Facts that hold for it rather than the shop's: `warranty: 2y`.
    pub facts: Facts,
    /// Words of its own, by intent; they go before the shop's.
    pub replies: ReplyBook,
}

/// Something that can be asked of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// 功率
    pub name: String,
    /// 800W
    pub value: String,
}

/// Every product of the layers read so far.
pub type Products = BTreeMap<ProductId, Arc<Product>>;

pub(super) const KEYS: &[&str] =
    &["name", "aliases", "link", "price", "stock", "in_box", "attributes", "sizes", "facts", "replies"];

/// Reads one file without its replies; a later layer replaces what it names.
pub(super) fn read(
    products: &mut Products,
    id: &ProductId,
    file: &SourceFile,
    node: &Node,
    mistakes: &mut Vec<Diagnostic>,
) {
    let product = Arc::make_mut(products.entry(id.clone()).or_insert_with(|| Arc::new(Product::new(id.clone()))));
    for (key, _, value) in keys::known(file, node, KEYS, mistakes) {
        match key {
            "facts" => product.facts.read(file, value, mistakes),
            // Read after the shop's own replies: see `read_replies`.
            "replies" => {}
            _ if read_key(product, key, value).is_none() => {
                mistakes.push(keys::bad_value(file, value, key, form(key)));
            }
            _ => {}
        }
    }
}

/// Reads the words of its own. An intent that the playbook doesn't know is a mistake.
pub(super) fn read_replies(products: &mut Products, id: &ProductId, node: &Node, reading: &mut Section<'_>) {
    let (Some(product), Some(replies)) = (products.get_mut(id), node.get("replies")) else { return };
    reading.read_replies(&mut Arc::make_mut(product).replies, replies);
}

fn form(key: &str) -> &'static str {
    match key {
        "price" => "59 · 59.90",
        "stock" => "36",
        "aliases" => "[a, b]",
        "attributes" => "{zh: {功率: 800W}, en: {power: 800 W}}",
        "sizes" => "- {size: M, height: 160-168, weight: 50-60}",
        _ => "text · {zh: …, en: …}",
    }
}

impl Product {
    fn new(id: ProductId) -> Self {
        Self {
            name: Local::same(id.as_str()),
            id,
            aliases: Vec::new(),
            link: None,
            price: None,
            stock: None,
            in_box: None,
            attributes: BTreeMap::new(),
            sizes: Vec::new(),
            facts: Facts::default(),
            replies: ReplyBook::new(),
        }
    }
}

fn read_key(product: &mut Product, key: &str, value: &Node) -> Option<()> {
    match key {
        "name" => product.name = Local::read(value)?,
        "aliases" => product.aliases.extend(value.items().into_iter().map(str::to_owned)),
        "link" => product.link = Some(value.text()?.to_owned()),
        "price" => product.price = Some(money(value.text()?)?),
        "stock" => product.stock = Some(value.text()?.parse().ok()?),
        "in_box" => product.in_box = Some(Local::read(value)?),
        "sizes" => product.sizes = sizes::read(value)?,
        _ => {
            for (language, attributes) in value.entries() {
                let list = attributes.entries().iter().map(|(name, value)| {
                    Some(Attribute { name: name.name.clone(), value: value.text()?.trim().to_owned() })
                });
                product.attributes.insert(Language::parse(&language.name)?, list.collect::<Option<_>>()?);
            }
        }
    }
    Some(())
}
