//! `xiaoer ask` explains as a compiler does: marks under the customer's own characters, lines with their places.

use std::path::Path;
use std::process::Command;

/// Runs the program in a folder; the time it took is the machine's affair.
fn ask(folder: &Path, shop: &str, lang: &str, text: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xiaoer"));
    command.current_dir(folder).env_remove("XIAOER_SHOPS").env_remove("CLICOLOR_FORCE");
    command.args(["ask", "--shop", shop, "--lang", lang, "--at", "2026-11-11 10:00", text]);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let shown = String::from_utf8(output.stdout).unwrap();
    let time = regex::Regex::new(r"[0-9.]+ ms").unwrap();
    places_are_right(&shown);
    // The pack's files may grow above a line.
    let line = regex::Regex::new(r"(--> .*):\d+").unwrap();
    line.replace_all(&time.replace(&shown, "[time]"), "$1:[line]").into_owned()
}

/// Each evidence of the pack really stands in the line that is named below it.
fn places_are_right(shown: &str) {
    let place = regex::Regex::new(r"“(.+)”\n +--> base/(intents/.+):(\d+)").unwrap();
    for found in place.captures_iter(shown) {
        let file = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&found[2])).unwrap();
        let line = file.lines().nth(found[3].parse::<usize>().unwrap() - 1).unwrap();
        assert_eq!(line.trim(), &found[1], "{}", &found[0]);
    }
}

fn demo(lang: &str, text: &str) -> String {
    ask(Path::new(env!("CARGO_MANIFEST_DIR")), "demo", lang, text)
}

/// A new shop, most of whose facts nobody has set.
fn new_shop() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut init = Command::new(env!("CARGO_BIN_EXE_xiaoer"));
    assert!(init.current_dir(folder.path()).args(["init", "shops/my-shop"]).output().unwrap().status.success());
    folder
}

#[test]
fn in_chinese() {
    let messages = [
        "你好，请问包邮吗？多久发货？我的订单 202688130047125601",
        "朋友退的快递到哪了",
        "😀親\n我的快遞到哪裡了？？？\n急！",
        "电焊几的功率多大",
        "今天天气真好",
    ];
    let shown: Vec<String> = messages.iter().map(|text| demo("zh", text)).collect();
    let unset = ask(new_shop().path(), "my-shop", "zh", "包邮吗");
    insta::assert_snapshot!([shown.join("\n"), unset].join("\n"));
}

#[test]
fn in_english() {
    let messages = [
        "Hello, do you offer free shipping?",
        "where is my parcel? it is for the angel grinder",
        "Where is my refund and where is my order, nobody answers and I have been waiting for three weeks now",
        "I want a person",
    ];
    let shown: Vec<String> = messages.iter().map(|text| demo("en", text)).collect();
    let unset = ask(new_shop().path(), "my-shop", "en", "which carrier do you use?");
    insta::assert_snapshot!([shown.join("\n"), unset].join("\n"));
}

#[test]
fn colours_are_for_terminals() {
    assert!(!demo("en", "hello").contains('\u{1b}'));
    let mut command = Command::new(env!("CARGO_BIN_EXE_xiaoer"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).env("CLICOLOR_FORCE", "1").env_remove("NO_COLOR");
    let output = command.args(["ask", "--shop", "demo", "hello"]).output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains("\u{1b}["));
}

#[test]
fn what_was_read_otherwise_is_shown() {
    let shown = demo("zh", "我的快第到哪了");
    assert!(
        shown.contains("读作") && shown.contains("快第 → 快递") && shown.contains("logistics/track_parcel"),
        "{shown}"
    );
    let shown = demo("en", "Where is my packge?");
    assert!(shown.contains("read as") && shown.contains("packge → package"), "{shown}");
    assert!(!demo("en", "Where is my package?").contains("read as"));
}
