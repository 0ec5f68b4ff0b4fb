//! `xiaoer fmt` on files as people leave them.

use std::path::Path;
use std::process::{Command, Output};

fn xiaoer(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xiaoer"));
    command.current_dir(folder).args(args).env_remove("XIAOER_SHOPS").env("LANG", "en_GB.UTF-8").output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn files_are_laid_out_and_what_cannot_be_is_named() {
    let folder = tempfile::tempdir().unwrap();
    assert!(xiaoer(folder.path(), &["init", "shops/my-shop"]).status.success());
    let shop = folder.path().join("shops/my-shop");
    let typed = "zh:\r\n    关键词: |\r\n        能停车吗  \r\nmeans: The customer asks for a car park.\r\n\r\n";
    std::fs::write(shop.join("intents/shop/park.yaml"), typed).unwrap();
    std::fs::write(shop.join("replies/shop/broken.yaml"), "zh: [\n").unwrap();

    let checked = xiaoer(folder.path(), &["fmt", "--check"]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(said(&checked).starts_with("shops/my-shop/intents/shop/park.yaml\n"), "{}", said(&checked));
    assert!(said(&checked).ends_with(" would change: 1, left alone: 1\n"), "{}", said(&checked));
    assert_eq!(std::fs::read_to_string(shop.join("intents/shop/park.yaml")).unwrap(), typed);

    let done = xiaoer(folder.path(), &["fmt"]);
    assert!(done.status.success());
    let told = String::from_utf8_lossy(&done.stderr);
    assert!(told.contains("replies/shop/broken.yaml: line ") && told.contains("xiaoer check"), "{told}");
    assert_eq!(
        std::fs::read_to_string(shop.join("intents/shop/park.yaml")).unwrap(),
        "means: The customer asks for a car park.\nzh:\n  关键词: |\n    能停车吗\n"
    );
    let again = xiaoer(folder.path(), &["fmt", "--check", "shops/my-shop/intents", "--lang", "zh"]);
    assert!(again.status.success(), "{}", said(&again));
    assert!(said(&again).contains("0 个需要整理"), "{}", said(&again));
}

/// The pack, the demo shop and a new shop set the example.
#[test]
fn what_is_shipped_is_laid_out() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let checked = xiaoer(root, &["fmt", "--check", "intents", "replies", "shops/demo", "assets/init"]);
    assert!(checked.status.success(), "run `xiaoer fmt intents replies shops/demo assets/init`:\n{}", said(&checked));
    assert!(said(&checked).contains("left alone: 0"), "{}", said(&checked));
}
