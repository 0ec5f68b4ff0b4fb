//! JSON schemas of the files that people edit, made from the tables that the readers use: an editor completes keys,
//! situations, tones and facts, and marks what is misspelt.

mod described;

use serde_json::{Map, Value, json};

use super::facts::{KNOWN, Kind};
use super::order_settings::OrderField;
use super::{
    assignment, campaign, channel_settings, embeddings, flags, guard, intent, keys, limits, links, product, reply,
    settings, span,
};
use crate::domain::{Language, Situation};

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File {
    /// `intents/AREA/NAME.yaml`
    Intent,
    /// `replies/AREA/NAME.yaml`
    Reply,
    /// `shop.yaml`
    Shop,
    /// `products/ID.yaml`
    Product,
    /// `campaigns/NAME.yaml`
    Campaign,
}

impl File {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Intent, Self::Reply, Self::Shop, Self::Product, Self::Campaign];

    /// The name of the kind, and of its schema.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Intent => "intent",
            Self::Reply => "reply",
            Self::Shop => "shop",
            Self::Product => "product",
            Self::Campaign => "campaign",
        }
    }

    /// Which files below a shop's folder are of this kind, as editors write it.
    #[must_use]
    pub fn glob(self) -> &'static str {
        match self {
            Self::Intent => "intents/*/*.yaml",
            Self::Reply => "replies/*/*.yaml",
            Self::Shop => "shop.yaml",
            Self::Product => "products/*.yaml",
            Self::Campaign => "campaigns/*.yaml",
        }
    }

    /// The kind of a file by its path below a shop's folder or the pack.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        let path = path.strip_suffix(".yaml").or_else(|| path.strip_suffix(".yml"))?;
        match path.split_once('/') {
            None if path == "shop" => Some(Self::Shop),
            Some(("intents", id)) if id.contains('/') => Some(Self::Intent),
            Some(("replies", id)) if id.contains('/') => Some(Self::Reply),
            Some(("products", _)) => Some(Self::Product),
            Some(("campaigns", _)) => Some(Self::Campaign),
            _ => None,
        }
    }

    /// The keys of such a file, in the order in which they are written.
    #[must_use]
    pub fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Intent => intent::KEYS,
            Self::Reply => reply::KEYS,
            Self::Shop => settings::KEYS,
            Self::Product => product::KEYS,
            Self::Campaign => campaign::KEYS,
        }
    }

    /// The schema, in the dialect that editors know best (draft 7).
    #[must_use]
    pub fn schema(self) -> Value {
        let mut schema = match self {
            Self::Intent => intent_schema(),
            Self::Reply => reply_schema(),
            Self::Shop => section("shop", settings::KEYS, shop_value),
            Self::Product => section("product", product::KEYS, product_value),
            Self::Campaign => section("campaign", campaign::KEYS, campaign_value),
        };
        schema["$schema"] = json!("http://json-schema.org/draft-07/schema#");
        schema["title"] = json!(format!("Xiaoer: {}", self.glob()));
        schema
    }
}

/// The names of facts, with what each says: Chinese and English.
pub fn facts() -> impl Iterator<Item = (&'static str, (&'static str, &'static str))> {
    KNOWN.iter().filter_map(|(path, _)| Some((*path, described::fact(path)?)))
}

/// A value with what it is for.
fn described(mut value: Value, said: Option<(&str, &str)>) -> Value {
    if let Some((zh, en)) = said {
        value["description"] = json!(format!("{zh}\n{en}"));
    }
    value
}

fn closed(properties: &Map<String, Value>) -> Value {
    json!({ "type": ["object", "null"], "additionalProperties": false, "properties": properties })
}

/// A closed map of these keys and their Chinese names.
fn section(name: &str, keys: &[&str], value: impl Fn(&str) -> Value) -> Value {
    let mut properties = Map::new();
    for key in keys {
        let value = described(value(key), described::key(name, key));
        for (chinese, _) in keys::CHINESE.iter().filter(|(_, english)| english == key) {
            properties.insert((*chinese).to_owned(), value.clone());
        }
        properties.insert((*key).to_owned(), value);
    }
    closed(&properties)
}

/// Words of many lines; a key that waits for them is no mistake yet.
fn block() -> Value {
    json!({ "type": ["string", "null"] })
}

fn one_of(words: &[&str]) -> Value {
    json!({ "enum": words })
}

fn list_of(item: &Value) -> Value {
    json!({ "anyOf": [item, { "type": "array", "items": item }] })
}

fn scalar() -> Value {
    json!({ "type": ["string", "number", "boolean"] })
}

/// Text for all languages, or by language.
fn local() -> Value {
    let languages = Language::ALL.map(|language| (language.key().to_owned(), scalar()));
    json!({ "anyOf": [scalar(), { "type": "object", "additionalProperties": false, "properties": Map::from_iter(languages) }] })
}

fn intent_schema() -> Value {
    let wording = || section("wording", intent::WORDING_KEYS, |_| block());
    section("intent", intent::KEYS, |key| match key {
        "answer" => one_of(&["never", "when_sure", "always"]),
        "urgency" => one_of(&["low", "normal", "high"]),
        "needs" => list_of(&one_of(&["order", "order_if_any", "product"])),
        "gather" => list_of(&json!({ "type": "string", "examples": ["photo", "order"] })),
        "off" => json!({ "type": "boolean" }),
        "zh" | "en" => wording(),
        "remove" => block(),
        _ => json!({ "type": "string" }),
    })
}

fn reply_schema() -> Value {
    section("reply", reply::KEYS, |key| match key {
        "title" | "category" => local(),
        _ => words(),
    })
}

/// The words of one language: every situation, each with tones, and the agents' scripts.
fn words() -> Value {
    let mut words = section("words", &["suggest", "remove"], |_| block());
    let situations: Vec<&str> = Situation::ALL.iter().map(|situation| situation.key()).collect();
    for situation in Situation::ALL {
        words["properties"][situation.key()] = described(block(), Some(described::situation(*situation)));
    }
    let toned = format!("^({})\\.[^.\\s]+$", situations.join("|"));
    let tone = Some(("这个情形的另一种语气", "The same situation in another tone"));
    let late = Some(("系统话术 still_waiting：等了这么久之后", "The system's still_waiting: after so long"));
    words["patternProperties"] =
        json!({ toned: described(block(), tone), "^after_\\d+s(\\.[^.\\s]+)?$": described(block(), late) });
    words
}

fn shop_value(key: &str) -> Value {
    let modes = one_of(&["shadow", "suggest", "auto"]);
    let by_name = |value: &Value| json!({ "type": ["object", "null"], "additionalProperties": value });
    match key {
        "name" => local(),
        "languages" => list_of(&one_of(&Language::ALL.map(Language::key))),
        "mode" => modes,
        "modes" => by_name(&modes),
        "while_waiting" => one_of(&["answer", "silent"]),
        "human_hours" => json!({ "type": "string", "pattern": "^\\d{1,2}:\\d{2}\\s*-\\s*\\d{1,2}:\\d{2}$" }),
        "idle_close" => length(),
        "keep_days" => json!({ "type": "integer", "minimum": 0 }),
        "thresholds" => {
            let share = json!({ "type": "number", "minimum": 0, "maximum": 1 });
            closed(&Map::from_iter([("answer".to_owned(), share.clone()), ("ambiguous_gap".to_owned(), share)]))
        }
        "queues" => by_name(&json!(true)),
        "limits" => section("limits", &limits::KEYS, |_| section("limit", &limits::KINDS, |_| money())),
        "flags" => section("flags", &flags::KEYS, |_| local()),
        "guard" => section("guard", &guard::KEYS, |_| one_of(&guard::ACTIONS)),
        "assignment" => section("assignment", assignment::KEYS, assignment_value),
        "reply_within" => json!({ "type": "string", "pattern": span::PATTERN }),
        "links" => list_of(&json!({ "type": "string", "pattern": links::HOST_PATTERN })),
        "embed" => list_of(&json!({ "type": "string", "pattern": links::ORIGIN_PATTERN })),
        "channels" => by_name(&section("channel", channel_settings::KEYS, channel_value)),
        "orders" => orders(),
        "embeddings" => {
            let mut section = section("embeddings", embeddings::KEYS, embeddings_value);
            section["required"] = json!(["url", "model"]);
            section
        }
        "order_numbers" | "risk_words" => list_of(&json!({ "type": ["string", "number"] })),
        "facts" => facts_schema(),
        "try_page" | "group" => json!({ "type": "boolean" }),
        _ => json!({ "type": "string" }),
    }
}

fn channel_value(key: &str) -> Value {
    match key {
        "kind" => json!({ "type": "string", "examples": ["standard"] }),
        "secret" => json!({ "type": "string", "pattern": "^(env:.+|file:.+|generated)$" }),
        "send_url" => json!({ "type": "string", "pattern": "^(https?://.+|none)$" }),
        "delivery" => one_of(&["at_most_once", "at_least_once"]),
        "recall" => json!({ "type": "string", "pattern": span::PATTERN }),
        _ => one_of(&["shadow", "suggest", "auto"]),
    }
}

fn assignment_value(key: &str) -> Value {
    match key {
        "how" => one_of(&assignment::How::KEYS),
        _ => json!({ "type": "integer", "minimum": 1, "maximum": assignment::MOST }),
    }
}

fn embeddings_value(key: &str) -> Value {
    match key {
        "url" => json!({ "type": "string", "pattern": "^https?://\\S+$" }),
        "key" => json!({ "type": "string", "pattern": "^(env|file):.+$" }),
        "timeout" => json!({ "type": "string", "pattern": "^\\d+\\s*m?s$" }),
        _ => json!({ "type": "string" }),
    }
}

fn orders() -> Value {
    let text = json!({ "type": "string" });
    let stages = [
        "unpaid",
        "presale",
        "paid",
        "part_shipped",
        "shipped",
        "at_station",
        "signed",
        "cancelled",
        "refunding",
        "refunded",
    ];
    let fields = OrderField::ALL.map(|field| (field.key().to_owned(), text.clone()));
    json!({ "anyOf": [
        { "type": "object", "additionalProperties": false, "required": ["kind", "path"],
          "properties": { "kind": { "const": "file" }, "path": text } },
        { "type": "object", "additionalProperties": false, "required": ["kind", "by_number", "fields"],
          "properties": {
            "kind": { "const": "http" }, "by_number": text, "of_customer": text,
            "headers": { "type": "object", "additionalProperties": { "type": ["string", "number"] } },
            "timeout_ms": { "type": "integer" }, "cache_ms": { "type": "integer" },
            "order_at": text, "orders_at": text, "zone": text, "money": one_of(&["whole", "hundredth"]),
            "states": { "type": "object", "additionalProperties": one_of(&stages) },
            "fields": closed(&Map::from_iter(fields)) } },
    ] })
}

fn length() -> Value {
    json!({ "type": "string", "pattern": "^\\d+\\s*(m|min|h|d|mo|y)$" })
}

/// The facts that are known, by their kinds; a shop may add its own as texts.
fn facts_schema() -> Value {
    let mut facts = json!({ "type": ["object", "null"], "additionalProperties": local(), "properties": {} });
    for (path, kind) in KNOWN {
        let value = described(json!({ "anyOf": [fact(*kind), { "type": "null" }] }), described::fact(path));
        match path.split_once('.') {
            None => facts["properties"][*path] = value,
            Some((group, name)) => {
                let group = &mut facts["properties"][group];
                if group.is_null() {
                    *group = json!({ "type": ["object", "null"], "additionalProperties": false, "properties": {} });
                }
                group["properties"][name] = value;
            }
        }
    }
    facts
}

fn fact(kind: Kind) -> Value {
    match kind {
        Kind::Text => local(),
        Kind::List => list_of(&local()),
        Kind::Duration => length(),
        Kind::Money => money(),
        Kind::Days => json!({ "type": ["integer", "string"], "minimum": 0, "pattern": "^\\d+(\\s*-\\s*\\d+)?d?$" }),
        Kind::Clause => json!({ "type": "boolean" }),
        Kind::Payer => one_of(&["shop", "customer"]),
    }
}

fn money() -> Value {
    json!({ "type": ["number", "string"], "minimum": 0, "pattern": "^\\d+(\\.\\d{1,2})?$" })
}

fn product_value(key: &str) -> Value {
    match key {
        "name" | "in_box" => local(),
        "aliases" => list_of(&json!({ "type": ["string", "number"] })),
        "price" => money(),
        "stock" => json!({ "type": "integer" }),
        "attributes" => {
            let names = json!({ "type": "object", "additionalProperties": scalar() });
            closed(&Map::from_iter(Language::ALL.map(|language| (language.key().to_owned(), names.clone()))))
        }
        "sizes" => {
            let range = json!({ "type": "string", "pattern": "^[\\d.]+\\s*[-–~～]\\s*[\\d.]+$" });
            let row = json!({ "type": "object", "additionalProperties": false, "required": ["size"],
                "properties": { "size": { "type": ["string", "number"] }, "height": range, "weight": range } });
            json!({ "type": "array", "items": row })
        }
        "facts" => facts_schema(),
        "replies" => by_intent(&reply_schema()),
        _ => json!({ "type": "string" }),
    }
}

fn campaign_value(key: &str) -> Value {
    match key {
        "title" => local(),
        "from" | "to" => json!({ "type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}([T ]\\d{2}:\\d{2}(:\\d{2})?)?$" }),
        "facts" => facts_schema(),
        "intents" => by_intent(&intent_schema()),
        _ => by_intent(&reply_schema()),
    }
}

/// Sections that stand under intents' ids.
fn by_intent(section: &Value) -> Value {
    json!({ "type": ["object", "null"], "propertyNames": { "pattern": "^[^/]+/[^/]+$" }, "additionalProperties": section })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_and_fact_is_described() {
        let sections = [
            ("intent", intent::KEYS),
            ("wording", intent::WORDING_KEYS),
            ("reply", reply::KEYS),
            ("shop", settings::KEYS),
            ("channel", channel_settings::KEYS),
            ("limits", &limits::KEYS),
            ("limit", &limits::KINDS),
            ("flags", &flags::KEYS),
            ("guard", &guard::KEYS),
            ("assignment", assignment::KEYS),
            ("embeddings", embeddings::KEYS),
            ("product", product::KEYS),
            ("campaign", campaign::KEYS),
        ];
        let keys = sections.iter().flat_map(|(section, keys)| keys.iter().map(move |key| (*section, *key)));
        let mute: Vec<_> = keys.filter(|(section, key)| described::key(section, key).is_none()).collect();
        assert_eq!(mute, []);
        assert_eq!(facts().count(), KNOWN.len());
    }

    #[test]
    fn chinese_names_of_keys_are_completed_too() {
        let schema = File::Intent.schema();
        let zh = &schema["properties"]["zh"]["properties"];
        for (chinese, english) in keys::CHINESE.iter().filter(|(_, english)| intent::WORDING_KEYS.contains(english)) {
            assert_eq!(zh[*chinese], zh[*english], "{chinese}");
        }
        assert!(zh["关键词"]["description"].as_str().unwrap().contains("关键词"));
    }
}
