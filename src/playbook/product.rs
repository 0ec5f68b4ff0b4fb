//! `products/<id>.yaml`: what the shop sells, and what can be said of it.

use std::collections::BTreeMap;

use super::diagnostic::Diagnostic;
use super::facts::{Local, money};
use super::keys;
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
pub type Products = BTreeMap<ProductId, Product>;

/// Reads one file; a later layer replaces what it names.
pub(super) fn read(
    products: &mut Products,
    id: &ProductId,
    file: &SourceFile,
    node: &Node,
    mistakes: &mut Vec<Diagnostic>,
) {
    let product = products.entry(id.clone()).or_insert_with(|| Product {
        id: id.clone(),
        name: Local::same(id.as_str()),
        aliases: Vec::new(),
        link: None,
        price: None,
        stock: None,
        in_box: None,
        attributes: BTreeMap::new(),
    });
    let known = ["name", "aliases", "link", "price", "stock", "in_box", "attributes"];
    for (key, _, value) in keys::known(file, node, &known, mistakes) {
        if read_key(product, key, value).is_none() {
            mistakes.push(keys::bad_value(file, value, key, "text · {zh: …, en: …} · 59.90"));
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
