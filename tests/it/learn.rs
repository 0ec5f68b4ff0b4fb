//! `xiaoer learn`: old chats go in, a proposed library comes out that can be read, accepted and brought in; nobody's data
//! is in it, and nothing is live by itself.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use xiaoer::playbook::Playbook;
use xiaoer::playbook::layer::Layer;

/// An empty folder to work in.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xiaoer"));
        command.current_dir(self.0.path()).args(args).env_remove("XIAOER_SHOPS").env("LANG", "en_GB.UTF-8");
        command.output().unwrap()
    }

    fn says(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// What a command says that has to fail.
    fn refuses(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(!output.status.success(), "{args:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }
}

fn chats(language: &str) -> String {
    format!("{}/tests/data/chats-{language}.csv", env!("CARGO_MANIFEST_DIR"))
}

/// The text of every file below a folder, with its path.
fn files(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let below = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                found.push((below, std::fs::read_to_string(path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn rows(csv: &str) -> Vec<Vec<String>> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn chinese_chats_become_a_library_with_reasons_for_what_is_left_out() {
    let place = Place::new();
    let output = place.run(&["learn", &chats("zh"), "--out", "new"]);
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && told.contains("Nothing of it is live"), "{told}");
    let bad = String::from_utf8(output.stderr).unwrap();
    assert!(bad.contains("line 91 left out") && bad.contains("路人甲"), "{bad}");
    assert!(told.contains("8  lines of robots and platforms"), "{told}");

    let library = place.read("new/library.csv");
    assert!(library.starts_with('\u{feff}'), "Excel knows UTF-8 by its mark");
    let rows = rows(&library);
    assert_eq!(
        rows[0],
        ["分组", "标题", "内容", "意图", "适用", "状态", "次数", "占比", "会话数", "客服数", "顾客原话", "新意图"]
    );
    let script =
        |part: &str| rows.iter().find(|row| row[2].contains(part)).unwrap_or_else(|| panic!("{part}: {rows:#?}"));
    let invoice = script("修改发票");
    assert_eq!((invoice[0].as_str(), invoice[3].as_str(), invoice[5].as_str()), ("发票", "invoice/change", "proposed"));
    assert_eq!(
        (invoice[6].as_str(), invoice[8].as_str(), invoice[9].as_str()),
        ("4", "4", "2"),
        "said, in chats, by agents"
    );
    assert!(invoice[4].starts_with("顾客说：") && invoice[10].contains("发票抬头"), "{invoice:?}");
    assert_eq!(script("有什么可以帮您")[0], "开场");
    assert_eq!(script("祝您生活愉快")[0], "结束");
    let engraving = script("激光刻字");
    assert_eq!((engraving[3].as_str(), engraving[11].split('/').next()), ("", Some("learnt")), "{engraving:?}");

    let left_out = place.read("new/left-out.csv");
    assert!(left_out.contains("全网最好") && left_out.contains("绝对化的承诺"), "{left_out}");
    assert!(left_out.contains("只是应答"), "{left_out}");
    assert!(place.read("new/READ-ME-FIRST.txt").contains("没有人看过之前，什么都不会生效"));
}

#[test]
fn english_chats_do_as_well() {
    let place = Place::new();
    let told = place.says(&["learn", &chats("en"), "--json"]);
    let figures: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!((&figures["chats"], &figures["masked"]["email"]), (&6.into(), &6.into()), "{figures}");
    let library = place.read("learnt/library.csv");
    assert!(library.contains("Opening,") && library.contains("the customer says: "), "{library}");
    let left_out = place.read("learnt/left-out.csv");
    assert!(left_out.contains("reward for a review"), "{left_out}");
}

#[test]
fn nobodys_data_is_in_what_is_written() {
    for (language, personal) in [
        ("zh", &["王小明", "李雷", "138123", "文三路", "8899"][..]),
        ("en", &["Sarah", "Miller", "Novak", "@example", "Oak Street", "6270"]),
    ] {
        let place = Place::new();
        place.says(&["learn", &chats(language), "--least", "1"]);
        for (name, text) in files(&place.path("learnt")) {
            for piece in personal {
                assert!(!text.contains(piece), "{piece} in {name}:\n{text}");
            }
        }
    }
}

#[test]
fn drafts_are_read_without_an_error_and_answered_by_nobody() {
    for language in ["zh", "en"] {
        let place = Place::new();
        place.says(&["learn", &chats(language), "--least", "2"]);
        let all = files(&place.path("learnt"));
        let drafts: Vec<(String, String)> = all.into_iter().filter(|(name, _)| name.ends_with(".yaml")).collect();
        assert!(drafts.iter().any(|(name, _)| name.starts_with("replies/")), "{language}: {drafts:?}");
        let intents = drafts.iter().filter(|(name, _)| name.starts_with("intents/"));
        assert!(intents.clone().count() > 0 && intents.clone().all(|(_, text)| text.contains("\nanswer: never\n")));
        assert!(drafts.iter().all(|(_, text)| !text.contains("default:")), "words for the bot: {drafts:?}");
        let loaded = Playbook::load("drafts".into(), &[Layer::base(), Layer::of("drafts", drafts.clone())]);
        let errors: Vec<_> = loaded.mistakes.iter().filter(|mistake| mistake.code != "missing-fact").collect();
        assert!(loaded.playbook.is_some() && errors.is_empty(), "{errors:#?}\n{drafts:#?}");
    }
}

#[test]
fn what_a_person_accepted_comes_in_and_the_rest_does_not() {
    let place = Place::new();
    place.says(&["init", "shops/my-shop"]);
    place.says(&["learn", &chats("zh"), "--shop", "shops/my-shop"]);
    let import = ["scripts", "import", "learnt/library.csv", "--shop", "my-shop"];
    let told = place.says(&import);
    assert!(told.contains("nobody has read it yet") && told.contains(" 0 taken"), "{told}");

    let library = place.read("learnt/library.csv");
    let accepted: Vec<String> = library
        .lines()
        .map(|line| if line.contains("修改发票") { line.replace(",proposed,", ",accepted,") } else { line.to_owned() })
        .collect();
    std::fs::write(place.path("learnt/library.csv"), accepted.join("\r\n")).unwrap();
    let told = place.says(&import);
    assert!(told.contains(" 1 taken"), "{told}");
    assert!(place.read("shops/my-shop/replies/invoice/change.yaml").contains("订单完成"));
    place.says(&["check", "--shop", "my-shop", "--quiet"]);
}

#[test]
fn nothing_is_overwritten_and_no_shop_is_touched() {
    let place = Place::new();
    place.says(&["init", "shops/my-shop"]);
    let before = files(&place.path("shops"));
    let told = place.refuses(&["learn", &chats("zh"), "--out", "shops/my-shop/learnt"]);
    assert!(told.contains("is a shop's folder"), "{told}");
    let told = place.refuses(&["learn", &chats("zh"), "--out", "shops/my-shop"]);
    assert!(told.contains("exists"), "{told}");
    place.says(&["learn", &chats("zh"), "--shop", "shops/my-shop"]);
    assert!(place.refuses(&["learn", &chats("en")]).contains("learnt exists"));
    assert_eq!(files(&place.path("shops")), before);
}

#[test]
fn a_table_that_says_nothing_of_its_columns_is_refused_with_what_to_write() {
    let place = Place::new();
    std::fs::write(place.path("x.csv"), "a,b\n1,2\n").unwrap();
    let told = place.refuses(&["learn", "x.csv"]);
    assert!(told.contains("conversation, role, text"), "{told}");
    assert!(!place.path("learnt").exists());
}

#[test]
fn the_library_is_judged_on_chats_that_it_was_not_made_of() {
    let place = Place::new();
    let told = place.says(&["learn", &chats("zh"), "--judge", "--least", "2", "--json"]);
    let judged: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!((judged["learnt_from"].as_u64(), judged["held_out"].as_u64()), (Some(6), Some(2)), "{judged}");
    let rows = judged["rows"].as_array().unwrap();
    assert!(rows[0]["saying"].as_f64().unwrap() > 0.5, "{judged}");
    assert!(!place.path("learnt").exists(), "nothing is written");
}
