//! `xiaoer confusions` on a shop that mixes two of its own intents up: what it says is written into the files, and then
//! they are told apart.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xiaoer"));
    command.current_dir(folder).args(arguments).env_remove("XIAOER_SHOPS").env_remove("CLICOLOR_FORCE");
    command.output().unwrap()
}

fn prints(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A shop that engraves, and says of handles what it means of prices.
fn shop() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    prints(folder.path(), &["init", "shops/my-shop"]);
    let own = folder.path().join("shops/my-shop/intents/shop");
    std::fs::create_dir_all(&own).unwrap();
    std::fs::write(own.join("engraving.yaml"), ENGRAVING).unwrap();
    std::fs::write(own.join("handles.yaml"), HANDLES).unwrap();
    folder
}

const ENGRAVING: &str = "means: The customer wants a name engraved.
zh:
  phrases: |
    可以刻字
  unless: |
    刻错
  examples: |
    想在手柄上弄个名字送师傅
    手柄上弄个名字行不行
    可以刻字不
    你们家可以刻字是吧
";

const HANDLES: &str = "means: The customer asks about handles.
zh:
  phrases: |
    手柄上
  unless: |
    刻错
  examples: |
    手柄上有防滑纹么
    手柄上缠的是什么胶带
    这把的手柄上是木头么
";

const MESSAGE: &str = "手柄上弄个名字行不行";

fn mixed_up(folder: &Path) -> Value {
    let output = prints(folder, &["confusions", "--shop", "my-shop", "--intent", "shop/engraving", "--json"]);
    serde_json::from_str(&output).unwrap()
}

/// The pair in which a message stands, and the message.
fn listed<'v>(found: &'v Value, text: &str) -> Option<(&'v Value, &'v Value)> {
    let pairs = found["pairs"].as_array().unwrap();
    pairs.iter().find_map(|pair| {
        let messages = pair["messages"].as_array().unwrap();
        Some((pair, messages.iter().find(|message| message["text"] == text)?))
    })
}

#[test]
fn what_it_says_is_written_down_and_the_two_are_told_apart() {
    let folder = shop();
    let before = mixed_up(folder.path());
    let (pair, message) = listed(&before, MESSAGE).unwrap_or_else(|| panic!("not listed: {before:#}"));
    assert_eq!((&pair["intent"], &pair["taken_for"]), (&"shop/engraving".into(), &"shop/handles".into()));
    let file = std::fs::read_to_string(folder.path().join(message["file"].as_str().unwrap())).unwrap();
    let line = usize::try_from(message["line"].as_u64().unwrap()).unwrap();
    assert_eq!(file.lines().nth(line - 1).unwrap().trim(), MESSAGE);

    let advice = &message["advice"];
    let (intent, key, text) = (&advice["intent"], advice["key"].as_str().unwrap(), advice["text"].as_str().unwrap());
    let path = folder.path().join(format!("shops/my-shop/intents/{}.yaml", intent.as_str().unwrap()));
    let words = std::fs::read_to_string(&path).unwrap();
    let head = format!("  {key}: |\n");
    std::fs::write(path, words.replace(&head, &format!("{head}    {text}\n"))).unwrap();

    let after = mixed_up(folder.path());
    assert!(listed(&after, MESSAGE).is_none(), "{advice} did not help: {after:#}");
    let number = |of: &Value, key: &str| of[key].as_u64().unwrap();
    let sum = ["right", "wrong", "unsure"].iter().map(|key| number(&after, key)).sum::<u64>();
    assert_eq!(sum, number(&after, "examples"));
}

#[test]
fn a_report_says_how_much_confidence_is_worth() {
    let folder = shop();
    let printed = prints(folder.path(), &["check", "--report", "--json"]);
    let both: Value = serde_json::from_str(&printed).unwrap();
    assert!(both["mistakes"].is_array());
    let report = &both["reports"][0];
    let tenths = report["tenths"].as_array().unwrap();
    assert_eq!(tenths.len(), 10);
    // The base pack's own examples: most are right, and what is said surely is right most often.
    let right = |tenth: usize| tenths[tenth]["right"].as_f64().unwrap();
    assert!(right(9) > 0.9 && right(9) > right(4), "{report:#}");
    assert!(report["calibration_error"].as_f64().unwrap() < 0.2, "{report:#}");
    let areas = report["areas"].as_array().unwrap();
    assert!(areas.iter().any(|area| area["area"] == "logistics"), "{report:#}");
}

#[test]
fn an_intent_that_is_not_there_is_told_with_its_neighbour() {
    let folder = shop();
    let output = run(folder.path(), &["confusions", "--intent", "shop/engravng"]);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("did you mean shop/engraving?"));
}
