//! A new shop, as `xiaoer init` writes it: clean, ready to answer, and never written over.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

/// Runs the program in a folder as a person would.
fn xiaoer(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xiaoer"));
    command.current_dir(folder).args(args).env_remove("XIAOER_SHOPS").env("LANG", "en_GB.UTF-8");
    command.output().unwrap()
}

fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn ask(folder: &Path, text: &str) -> Value {
    let output = xiaoer(folder, &["ask", "--shop", "my-shop", "--json", "--at", "2026-11-11T10:00:00+08:00", text]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_new_shop_is_clean_and_answers() {
    let folder = tempfile::tempdir().unwrap();
    assert!(xiaoer(folder.path(), &["init", "shops/my-shop"]).status.success());

    let output = xiaoer(folder.path(), &["check", "--shops", "shops", "--shop", "my-shop"]);
    let told = printed(&output);
    assert!(output.status.success(), "{told}");
    assert!(told.contains("errors: 0, warnings: 32"), "{told}");
    // What is left to do is to fill the facts in; nothing else is warned of.
    let others: Vec<_> =
        told.lines().filter(|line| line.starts_with("warning[") && !line.starts_with("warning[unset-fact]")).collect();
    assert!(others.is_empty(), "{others:?}");

    for (text, intent) in [
        ("包邮吗", "logistics/shipping_fee"),
        ("亲，包油吗", "logistics/shipping_fee"),
        ("有没有视频教程呀", "shop/example"),
        ("Do you have a video tutorial?", "shop/example"),
    ] {
        let answer = ask(folder.path(), text);
        assert_eq!((&answer["decision"], &answer["rung"]), (&json!("answer"), &json!("sure")), "{answer}");
        assert_eq!(answer["intents"][0]["id"], intent, "{answer}");
    }
}

#[test]
fn facts_that_are_filled_in_reach_customers() {
    let folder = tempfile::tempdir().unwrap();
    assert!(xiaoer(folder.path(), &["init", "shops/my-shop"]).status.success());
    // No reply names a sum that nobody has set.
    assert!(!ask(folder.path(), "包邮吗")["reply"].as_str().unwrap().contains("59"));

    let path = folder.path().join("shops/my-shop/shop.yaml");
    let mut text = std::fs::read_to_string(&path).unwrap();
    // Every fact that is asked for stands there to be switched on.
    let told = printed(&xiaoer(folder.path(), &["check"]));
    let unset =
        told.lines().filter_map(|line| line.strip_prefix("warning[unset-fact]: facts.")?.split([' ', '.']).next());
    let unset: std::collections::BTreeSet<_> = unset.collect();
    assert!(unset.len() > 30, "{unset:?}");
    for fact in unset {
        assert!(text.contains(&format!("  # {fact}:")), "{fact}");
        text = text.replace(&format!("  # {fact}:"), &format!("  {fact}:"));
    }
    std::fs::write(&path, text).unwrap();
    let told = printed(&xiaoer(folder.path(), &["check"]));
    assert!(told.contains("errors: 0, warnings: 0"), "{told}");
    assert!(ask(folder.path(), "包邮吗")["reply"].as_str().unwrap().contains("满59元包邮"));
}

#[test]
fn every_line_that_can_be_switched_on_is_right() {
    let folder = tempfile::tempdir().unwrap();
    assert!(xiaoer(folder.path(), &["init", "shops/my-shop"]).status.success());
    let path = folder.path().join("shops/my-shop/shop.yaml");
    // An example after `# ` at a key of the first column, or of a fact; the prose between holds no `key: value`.
    let text = std::fs::read_to_string(&path).unwrap();
    let is_key = |line: &str| {
        let key = line.split(':').next().unwrap_or_default();
        line.contains(": ") && !key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase() || c == '_')
    };
    let on: Vec<String> = text
        .lines()
        .map(|line| match line.trim_start().strip_prefix("# ") {
            // The app channel's secret and the ERP's token are in no environment here, and a channel is no key of the file.
            Some(rest) if is_key(rest) && !rest.starts_with("app:") => line.replacen("# ", "", 1),
            _ => line.to_owned(),
        })
        .collect();
    assert!(on.iter().filter(|line| !line.trim_start().starts_with('#')).count() > 40, "{on:#?}");
    std::fs::write(&path, on.join("\n")).unwrap();
    let told = printed(&xiaoer(folder.path(), &["check"]));
    assert!(told.contains("errors: 0, warnings: 0"), "{told}");
}

#[test]
fn what_is_there_is_not_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("shops/my-shop/orders.yaml");
    std::fs::create_dir_all(own.parent().unwrap()).unwrap();
    std::fs::write(&own, "orders: []\n").unwrap();
    assert!(xiaoer(folder.path(), &["init", "shops/my-shop"]).status.success());
    assert_eq!(std::fs::read_to_string(&own).unwrap(), "orders: []\n");

    let settings = folder.path().join("shops/my-shop/shop.yaml");
    std::fs::write(&settings, "name: 老店\n").unwrap();
    let again = xiaoer(folder.path(), &["init", "shops/my-shop"]);
    assert!(!again.status.success());
    assert!(String::from_utf8_lossy(&again.stderr).contains("is a shop already"));
    assert_eq!(std::fs::read_to_string(&settings).unwrap(), "name: 老店\n");
}
