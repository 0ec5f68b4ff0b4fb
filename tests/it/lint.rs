//! Every mistake a person can make in a file has a folder under `tests/lint/`: the broken files in `shop/`, what is said
//! of them in `zh.txt` and `en.txt`, and in `fixed/` the files as `check --fix` leaves them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use xiaoer::check;
use xiaoer::classify::Classifier;
use xiaoer::domain::Language;
use xiaoer::playbook::Playbook;
use xiaoer::playbook::diagnostic::Diagnostic;
use xiaoer::playbook::encoding::to_utf8;
use xiaoer::playbook::layer::Layer;
use xiaoer::playbook::scan::mended;
use xiaoer::playbook::tree::SourceFile;

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lint")
}

fn folders() -> Vec<PathBuf> {
    let all = fs::read_dir(cases()).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = all.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return files };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() { files.extend(files_below(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

/// Copies a case's shop. `x.yaml.repeated` becomes `x.yaml` of 5 MB.
fn copy_shop(from: &Path, to: &Path) {
    for file in files_below(from) {
        let below = file.strip_prefix(from).unwrap().to_str().unwrap().to_owned();
        let bytes = fs::read(&file).unwrap();
        let (below, bytes) = match below.strip_suffix(".repeated") {
            Some(below) => (below.to_owned(), bytes.repeat(5 * 1024 * 1024 / bytes.len() + 1)),
            None => (below, bytes),
        };
        fs::create_dir_all(to.join(&below).parent().unwrap()).unwrap();
        fs::write(to.join(&below), bytes).unwrap();
    }
}

/// A shop where nothing is missing; the cases stand above it.
fn common() -> Layer {
    Layer::of("tests/lint", [("shop.yaml".to_owned(), fs::read_to_string(cases().join("shop.yaml")).unwrap())])
}

/// All that is said of a shop's layers.
fn told(layers: &[Layer]) -> Vec<Diagnostic> {
    let loaded = Playbook::load("lint".into(), layers);
    let mut told = loaded.mistakes;
    if let Some(playbook) = loaded.playbook {
        told.extend(check::check(&playbook, &Classifier::compile(&playbook).unwrap()));
    }
    told
}

fn rendered(told: &[Diagnostic], language: Language, above: &Path) -> String {
    let texts: Vec<String> = told.iter().map(|mistake| mistake.render(language)).collect();
    texts.join("\n").replace(&format!("{}/", above.display()), "")
}

#[test]
fn every_mistake_is_told_as_its_folder_says() {
    let common = common();
    let mut wrong = Vec::new();
    for folder in folders() {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let place = tempfile::tempdir().unwrap();
        let shop = place.path().join("shop");
        copy_shop(&folder.join("shop"), &shop);
        let mut layers = Layer::stack(&shop).unwrap();
        layers.insert(1, common.clone());
        let told = told(&layers);
        for (language, file) in [(Language::Zh, "zh.txt"), (Language::En, "en.txt")] {
            let got = rendered(&told, language, place.path());
            if fs::read_to_string(folder.join(file)).unwrap_or_default() != got {
                wrong.push(format!("tests/lint/{name}/{file} should be:\n{got}"));
            }
        }
        for file in &layers.last().unwrap().files {
            let (text, _) = mended(file);
            let again = mended(&SourceFile { text: text.clone(), ..file.clone() }).0;
            assert_eq!(text, again, "{name}: mending twice is mending once");
            let expected = fs::read_to_string(folder.join("fixed").join(&*file.path)).ok();
            if expected.as_deref().unwrap_or(&file.text) != text {
                wrong.push(format!("tests/lint/{name}/fixed/{} should be:\n{text}", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A shop of so many intents of its own, each with a slip of the hand.
fn shop_of(intents: usize) -> Layer {
    let files = (0..intents).flat_map(|n| {
        let phrases: String = (0..30).map(|line| format!("    第{n}种焊条的{line}号规格有货吗\n")).collect();
        let intent = format!("means：The customer asks for welding rod {n}.\nzh:\n  phrases: |\n{phrases}en:\n  phrases: |\n    is rod {n} in stock\n");
        let reply = format!("title: 焊条{n}\nzh:\n  default: |\n    焊条{n}有货，{{shop。name}}今天可以发。\nen:\n  default: |\n    Rod {n} is in stock.\n");
        [(format!("intents/rods/rod_{n}.yaml"), intent), (format!("replies/rods/rod_{n}.yaml"), reply)]
    });
    Layer::of("shop", files)
}

#[test]
fn a_shop_of_150_intents_is_checked_at_once() {
    let common = common();
    let broken = shop_of(150);
    let started = Instant::now();
    let slips = told(&[Layer::base(), common.clone(), broken.clone()]);
    let mended = broken.files.iter().map(|file| (file.path.to_string(), mended(file).0));
    let clean = told(&[Layer::base(), common, Layer::of("shop", mended)]);
    let took = started.elapsed();
    println!("150 broken intents, then 150 mended ones: {took:.0?}");
    assert_eq!(slips.len(), 300, "all mistakes of all files at once");
    assert_eq!(clean, [], "and all of them mended");
    // 200 ms in a release build (benches/check.rs); this one isn't optimised, and shares its processor.
    assert!(took.as_secs() < 10, "{took:?}");
}

#[test]
fn every_code_has_a_folder() {
    let shown: String = folders().iter().map(|folder| fs::read_to_string(folder.join("en.txt")).unwrap()).collect();
    let making = regex::Regex::new(r#"(?s)(?:Diagnostic::(?:error|warning)|\.slip)\(\s*"([a-z0-9-]+)""#).unwrap();
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut codes = BTreeSet::new();
    for room in ["playbook", "check"] {
        for file in files_below(&sources.join(room)) {
            let source = fs::read_to_string(&file).unwrap();
            let source = source.split("#[cfg(test)]").next().unwrap();
            codes.extend(making.captures_iter(source).map(|found| found[1].to_owned()));
        }
    }
    assert!(codes.len() > 40, "{codes:?}");
    // Not to be had with a folder of files: no right to read one (tests may run as root), the system's words taken out of
    // the base pack, more phrases than an automaton holds.
    let without = ["unreadable", "missing-words", "too-many-phrases"];
    let missing: Vec<&String> = codes
        .iter()
        .filter(|code| !without.contains(&code.as_str()) && !shown.contains(&format!("[{code}]")))
        .collect();
    assert!(missing.is_empty(), "no folder under tests/lint/ shows {missing:?}");
}

#[test]
fn check_fix_mends_what_is_sure_and_a_second_run_changes_nothing() {
    let place = tempfile::tempdir().unwrap();
    let of_every_kind = |folder: &&PathBuf| {
        let name = folder.file_name().unwrap().to_str().unwrap();
        ["full_width_bar", "gbk_file", "bom_and_crlf", "open_quote", "repeated_line", "not_a_text_file"].contains(&name)
    };
    let all = folders();
    let chosen: Vec<&PathBuf> = all.iter().filter(of_every_kind).collect();
    for folder in &chosen {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let shop = place.path().join(&name);
        fs::create_dir_all(&shop).unwrap();
        fs::write(shop.join("shop.yaml"), "languages: [zh, en]\n").unwrap();
        copy_shop(&folder.join("shop"), &shop);
    }
    let run = |args: &[&str]| {
        let done =
            Command::new(env!("CARGO_BIN_EXE_xiaoer")).args(args).arg("--shops").arg(place.path()).output().unwrap();
        String::from_utf8(done.stdout).unwrap()
    };
    let snapshot =
        || files_below(place.path()).into_iter().map(|file| (fs::read(&file).unwrap(), file)).collect::<Vec<_>>();
    let first = run(&["check", "--fix", "--lang", "en"]);
    assert!(first.contains("full_width_bar/intents/shop/parking.yaml:3:   phrases: ｜ →   phrases: |"), "{first}");
    assert!(first.contains("gbk_file/intents/shop/parking.yaml: GBK → UTF-8"), "{first}");
    for folder in &chosen {
        let name = folder.file_name().unwrap();
        for file in files_below(&folder.join("fixed")) {
            let below = file.strip_prefix(folder.join("fixed")).unwrap().to_owned();
            let (got, expected) = (fs::read_to_string(place.path().join(name).join(&below)), fs::read_to_string(&file));
            assert_eq!(got.unwrap(), expected.unwrap(), "{name:?}/{}", below.display());
        }
    }
    let crlf = fs::read_to_string(place.path().join("bom_and_crlf/intents/shop/parking.yaml")).unwrap();
    assert!(crlf.starts_with('\u{feff}') && crlf.contains("|\r\n"), "a file without a slip is left as it is");
    let after_first = snapshot();
    let second = run(&["check", "--fix", "--json"]);
    assert_eq!(after_first, snapshot(), "a second run changes nothing");
    let listed: serde_json::Value = serde_json::from_str(&second).unwrap();
    let listed = listed.as_array().unwrap();
    assert!(listed.iter().any(|mistake| mistake["code"] == "open-quote" && mistake["place"]["line"] == 2), "{second}");
    assert!(listed.iter().all(|mistake| mistake["fix"].as_array().is_some_and(Vec::is_empty)), "nothing sure is left");
    let not_text = fs::read(place.path().join("not_a_text_file/intents/shop/parking.yaml")).unwrap();
    assert!(to_utf8(&not_text).is_none() && not_text.contains(&0xe9), "what can't be read stays");
}
