//! The JSON schemas: every file of the pack, the demo shop and a new shop is right by them, and what is misspelt is not.

use std::path::Path;
use std::process::Command;

use regex::Regex;
use serde_json::{Value, json};
use xiaoer::playbook::layer::Layer;
use xiaoer::playbook::schema::File;
use xiaoer::playbook::template::VARIABLES;
use xiaoer::playbook::tree::SourceFile;

/// Every place at which a value breaks a schema. Knows just the words of JSON Schema that ours are written in; any other
/// is a defect of the test.
fn broken(schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let Some(words) = schema.as_object() else {
        return if *schema == json!(true) { Vec::new() } else { vec![format!("{at}: not allowed")] };
    };
    let mut told = Vec::new();
    for (word, of) in words {
        let wrong: Vec<String> = match word.as_str() {
            "$schema" | "title" | "description" | "examples" => Vec::new(),
            "properties" | "patternProperties" => Vec::new(),
            "type" => {
                let types = of.as_array().cloned().unwrap_or_else(|| vec![of.clone()]);
                let is_one = types.iter().any(|kind| is_of_type(value, kind.as_str().unwrap()));
                if is_one { Vec::new() } else { vec![format!("{at}: {value} is no {of}")] }
            }
            "enum" => found(of.as_array().unwrap().contains(value), at, value),
            "const" => found(of == value, at, value),
            "pattern" => found(value.as_str().is_none_or(|text| matches(of, text)), at, value),
            "minimum" => found(value.as_f64().is_none_or(|number| number >= of.as_f64().unwrap()), at, value),
            "maximum" => found(value.as_f64().is_none_or(|number| number <= of.as_f64().unwrap()), at, value),
            "required" => {
                let is_there = |key: &Value| value.get(key.as_str().unwrap()).is_some();
                found(!value.is_object() || of.as_array().unwrap().iter().all(is_there), at, value)
            }
            "anyOf" => {
                let all: Vec<Vec<String>> = of.as_array().unwrap().iter().map(|one| broken(one, value, at)).collect();
                if all.iter().any(Vec::is_empty) { Vec::new() } else { all.concat() }
            }
            "items" => {
                let items = value.as_array().into_iter().flatten().enumerate();
                items.flat_map(|(n, item)| broken(of, item, &format!("{at}[{n}]"))).collect()
            }
            "propertyNames" => {
                let names = value.as_object().into_iter().flat_map(|map| map.keys());
                names.flat_map(|name| broken(of, &json!(name), &format!("{at}.{name}"))).collect()
            }
            "additionalProperties" => in_properties(schema, value, at),
            other => panic!("the test doesn't know `{other}`"),
        };
        told.extend(wrong);
    }
    assert!(!words.contains_key("properties") || words.contains_key("additionalProperties"), "an open map: {at}");
    told
}

/// Each key by its own schema, by the pattern that fits, else by what is said of all others.
fn in_properties(schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let mut told = Vec::new();
    for (key, value) in value.as_object().into_iter().flatten() {
        let at = format!("{at}.{key}");
        let patterns = schema["patternProperties"].as_object().into_iter().flatten();
        let fits = patterns.filter(|(pattern, _)| Regex::new(pattern).unwrap().is_match(key)).map(|(_, of)| of);
        let own: Vec<&Value> = schema["properties"].get(key).into_iter().chain(fits).collect();
        if own.is_empty() {
            told.extend(broken(&schema["additionalProperties"], value, &at));
        }
        told.extend(own.into_iter().flat_map(|of| broken(of, value, &at)));
    }
    told
}

fn found(is_right: bool, at: &str, value: &Value) -> Vec<String> {
    if is_right { Vec::new() } else { vec![format!("{at}: {value}")] }
}

fn matches(pattern: &Value, text: &str) -> bool {
    Regex::new(pattern.as_str().unwrap()).unwrap().is_match(text)
}

fn is_of_type(value: &Value, kind: &str) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "null" => value.is_null(),
        other => panic!("{other} is no type"),
    }
}

/// As YAML's own rules read it, which are an editor's: 48h is text, 7 a number.
fn read(text: &str) -> Value {
    let options = serde_saphyr::options! { strict_booleans: true };
    serde_saphyr::from_str_with_options(text, options).unwrap()
}

fn check(file: &SourceFile) -> Option<Vec<String>> {
    let kind = File::of(&file.path)?;
    Some(broken(&kind.schema(), &read(&file.text), &file.shown))
}

fn folder(path: &str) -> Layer {
    Layer::folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

#[test]
fn every_file_there_is_is_right() {
    let layers = [Layer::base(), folder("shops/demo"), folder("assets/init")];
    let files = layers.iter().flat_map(|layer| &layer.files);
    let checked: Vec<Vec<String>> = files.filter_map(check).collect();
    assert!(checked.len() > 70, "{}", checked.len());
    assert_eq!(checked.concat(), Vec::<String>::new());
}

#[test]
fn what_is_misspelt_is_marked() {
    for (path, text) in [
        ("intents/a/b.yaml", "mens: x\n"),
        ("intents/a/b.yaml", "means: x\nanswer: sometimes\n"),
        ("intents/a/b.yaml", "means: x\nzh:\n  phrase: |\n    x\n"),
        ("intents/a/b.yaml", "means: x\nzh:\n  关键字: |\n    x\n"),
        ("intents/a/b.yaml", "means: x\nzh:\n  phrases: [包邮吗]\n"),
        ("intents/a/b.yaml", "means: x\nneeds: [ordr]\n"),
        ("replies/a/b.yaml", "zh:\n  shiped: |\n    x\n"),
        ("replies/a/b.yaml", "zh:\n  default.: |\n    x\n"),
        ("replies/a/b.yaml", "titel: x\n"),
        ("shop.yaml", "languages: [de]\n"),
        ("shop.yaml", "mode: on\n"),
        ("shop.yaml", "facts: {ship_within: soon}\n"),
        ("shop.yaml", "facts: {return_fee: {qualty: shop}}\n"),
        ("shop.yaml", "channels: {web: {kind: standard, secret: whsec_abc}}\n"),
        ("shop.yaml", "orders: {kind: file, path: x, pass: y}\n"),
        ("shop.yaml", "orders: {kind: http, by_number: x, fields: {numbr: y}}\n"),
        ("shop.yaml", "thresholds: {answer: 1.2}\n"),
        ("shop.yaml", "trypage: true\n"),
        ("shop.yaml", "guard: {amount: refuse}\n"),
        ("shop.yaml", "guard: {amounts: block}\n"),
        ("shop.yaml", "limits: {agents: {refund: 20}}\n"),
        ("shop.yaml", "limits: {agent: {refund: much}}\n"),
        ("shop.yaml", "flags: {pink: x}\n"),
        ("shop.yaml", "links: [\"https://example.com/a\"]\n"),
        ("shop.yaml", "embed: desk.example.com\n"),
        ("shop.yaml", "assignment: {how: auto}\n"),
        ("shop.yaml", "reply_within: 180\n"),
        ("shop.yaml", "channels: {web: {recall: 2}}\n"),
        ("products/p.yaml", "alias: [x]\n"),
        ("products/p.yaml", "sizes: [{size: M, hight: 160-168}]\n"),
        ("products/p.yaml", "replies: {a/b: {zh: {shiped: x}}}\n"),
        ("campaigns/c.yaml", "from: 11.11\nto: 2026-11-11\n"),
        ("campaigns/c.yaml", "intents: {a: {means: x}}\n"),
        ("campaigns/c.yaml", "intents: {a/b: {zh: {phrases: x, phrase: y}}}\n"),
    ] {
        let told = check(&SourceFile::new(path, text)).unwrap();
        assert!(!told.is_empty(), "{path}: {text}");
    }
    for (path, text) in [
        ("intents/a/b.yaml", "means: x\nneeds: order\nzh:\n  关键词: |\n    x\n  例句:\n"),
        ("replies/a/b.yaml", "title: x\nzh:\n  shipped.lively: |\n    x\n  after_60s: |\n    x\n"),
        ("shop.yaml", "group: true\nfacts: {ship_within:, motto: {zh: 匠心}, delivery_days: 2-4, return_days: 7}\n"),
        ("shop.yaml", "guard: {amount: off}\nlimits: {agent: {refund: 20.50}}\nflags: {red: {zh: 加急}, blue: x}\n"),
        ("shop.yaml", "links: example.com\nembed: [\"https://a.example:8443\"]\nreply_within: 3m\n"),
        ("products/p.yaml", "sizes:\n  - {size: M, height: 160-168, weight: 50-60}\nfacts: {warranty: 2y}\n"),
        ("campaigns/c.yaml", "from: 2026-11-01\nto: 2026-11-11 20:00\nreplies: {a/b: {zh: {default: x}}}\n"),
    ] {
        assert_eq!(check(&SourceFile::new(path, text)).unwrap(), Vec::<String>::new(), "{path}: {text}");
    }
}

fn xiaoer(folder: &Path, args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_xiaoer")).current_dir(folder).args(args).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn an_editor_is_set_up_with_a_new_shop() {
    let folder = tempfile::tempdir().unwrap();
    xiaoer(folder.path(), &["init", "shops/my-shop"]);
    let shop = folder.path().join("shops/my-shop");
    let json = |path: &str| -> Value { serde_json::from_slice(&std::fs::read(shop.join(path)).unwrap()).unwrap() };
    let settings = json(".vscode/settings.json");
    for (schema, glob) in settings["yaml.schemas"].as_object().unwrap() {
        let file = File::ALL.into_iter().find(|file| json!(file.glob()) == *glob).unwrap();
        assert_eq!(json(schema), file.schema());
        let printed: Value = serde_json::from_str(&xiaoer(folder.path(), &["schema", file.key()])).unwrap();
        assert_eq!(printed, file.schema());
    }
    let snippets = json(".vscode/xiaoer.code-snippets");
    for (english, chinese) in VARIABLES {
        let snippet = &snippets[format!("{{{english}}}")];
        assert_eq!(snippet["body"], json!([format!("{{{english}}}")]));
        assert!(snippet["prefix"].as_array().unwrap().contains(&json!(chinese)));
    }
    // A second time: the schemas are brought up to date, a person's own settings stay.
    std::fs::write(shop.join(".vscode/settings.json"), "{}").unwrap();
    std::fs::write(shop.join(".xiaoer/schema/intent.json"), "{}").unwrap();
    let written = xiaoer(folder.path(), &["schema", "--editor", "shops/my-shop"]);
    assert_eq!(written.lines().count(), 5, "{written}");
    assert_eq!(json(".vscode/settings.json"), json!({}));
    assert_eq!(json(".xiaoer/schema/intent.json"), File::Intent.schema());
    // Nothing of it is taken for a file of the shop.
    assert!(!xiaoer(folder.path(), &["check", "--lang", "en"]).contains("stray"), "schemas are no playbook");
}

#[test]
fn the_skeletons_are_right() {
    let folder = tempfile::tempdir().unwrap();
    xiaoer(folder.path(), &["init", "shops/my-shop"]);
    let path = folder.path().join("shops/my-shop/.vscode/xiaoer.code-snippets");
    let snippets: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    // As they stand once every gap has its first value.
    let gap = Regex::new(r"\$\{\d+(?::([^}]*)|\|([^,|]+)[^}]*)\}|\$\d+").unwrap();
    for (name, path) in [("意图 intent", "intents/a/b.yaml"), ("回复 reply", "replies/a/b.yaml")] {
        let lines: Vec<&str> =
            snippets[name]["body"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
        let text = gap.replace_all(&lines.join("\n"), "$1$2").into_owned();
        assert_eq!(check(&SourceFile::new(path, text.as_str())), Some(Vec::new()), "{text}");
    }
}
