//! The documents keep up with the code.

use std::path::Path;
use std::process::Command;

use xiaoer::domain::Rung;

fn read(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The names below `[dependencies]`.
fn dependencies() -> Vec<String> {
    let of = |path| -> Vec<String> {
        let manifest: toml::Table = read(path).parse().unwrap();
        manifest["dependencies"].as_table().unwrap().keys().cloned().collect()
    };
    ["Cargo.toml", "crates/learnt/Cargo.toml"].into_iter().flat_map(of).collect()
}

/// The parts of a document's form that its twin must share: headings by depth, and the languages of the code blocks.
fn form(text: &str) -> Vec<String> {
    let mut form = Vec::new();
    let mut in_code = false;
    for line in text.lines() {
        if let Some(language) = line.strip_prefix("```") {
            if !in_code {
                form.push(format!("code:{language}"));
            }
            in_code = !in_code;
        } else if !in_code && line.starts_with('#') {
            form.push(line.chars().take_while(|c| *c == '#').collect());
        }
    }
    assert!(!in_code, "a code block is left open");
    form
}

/// What stands inside the code blocks, without comments: it has to be the same in both languages.
fn commands(text: &str) -> Vec<&str> {
    let mut in_code = false;
    let mut commands = Vec::new();
    for line in text.lines() {
        if let Some(language) = line.strip_prefix("```") {
            in_code = !in_code && language == "sh";
        } else if in_code {
            let command = line.split("  # ").next().unwrap_or_default().trim_end();
            if !command.is_empty() && !command.starts_with("# ") {
                commands.push(command);
            }
        }
    }
    commands
}

/// The part of a README in which the first intent is written.
fn first_intent(text: &str) -> &str {
    let begin = text.find("engraving.yaml").expect("the first intent");
    let section = text[..begin].rfind("\n### ").expect("its heading");
    &text[section..]
}

/// What stands in the code blocks of a language.
fn blocks<'t>(text: &'t str, language: &str) -> Vec<&'t str> {
    let begin = format!("\n```{language}\n");
    text.split(begin.as_str()).skip(1).map(|rest| rest.split("\n```").next().unwrap_or_default()).collect()
}

/// Runs the program in a folder; what it prints.
fn prints(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xiaoer"));
    let output = command.current_dir(folder).args(arguments).env_remove("XIAOER_SHOPS").output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_first_intent_of_the_readme_works_as_printed() {
    for (document, language) in [("README.md", "en"), ("README.zh-CN.md", "zh")] {
        let text = read(document);
        let folder = tempfile::tempdir().unwrap();
        prints(folder.path(), &["init", "shops/my-shop"]);
        let save =
            |path: &str, words: &str| std::fs::write(folder.path().join("shops/my-shop").join(path), words).unwrap();
        let files = blocks(first_intent(&text), "yaml");
        let (intent, reply) = (files[0], files[1]);
        save("intents/shop/engraving.yaml", intent);

        // The mistake that the page shows, letter by letter.
        save("replies/shop/engraving.yaml", &reply.replacen("ship_within", "ship_withn", 1));
        let told = prints(folder.path(), &["check", "--shop", "my-shop", "--lang", language]);
        let shown = blocks(&text, "text")[1];
        assert!(told.contains(shown), "{document} shows\n{shown}\nbut it is\n{told}");

        save("replies/shop/engraving.yaml", reply);
        let told = prints(folder.path(), &["check", "--shop", "my-shop", "--lang", "en"]);
        assert!(told.contains("errors: 0, warnings: 32"), "{told}");
        let told = prints(folder.path(), &["ask", "--shop", "my-shop", "--lang", "en", "可以刻字吗"]);
        assert!(told.contains("answer · sure") && told.contains("48小时内发出"), "{told}");
    }
}

/// A slip of the manager's page: what `check` calls it, and what was typed.
struct Slip {
    code: &'static str,
    typed: fn(&mut Page),
    /// What the person does, led by the words of the diagnostic alone.
    mended: fn(&Path, told: &str),
}

/// The first intent and its reply, as they were copied from the page.
struct Page {
    intent: String,
    reply: String,
    /// The name that the reply is saved under.
    name: String,
}

/// `xiaoer check --fix`, as the page says.
fn fixed(folder: &Path, _: &str) {
    prints(folder, &["check", "--shop", "my-shop", "--fix"]);
}

/// The diagnostic asks whether another intent was meant; the file gets that name.
fn renamed(folder: &Path, told: &str) {
    let meant = told.split("did you mean ").nth(1).or_else(|| told.split("是不是 ").nth(1)).unwrap_or(told);
    let meant = meant.split(['?', '？', '\n']).next().unwrap();
    assert_eq!(meant, "shop/engraving", "{told}");
    let replies = folder.join("shops/my-shop/replies");
    std::fs::rename(replies.join("shop/engarving.yaml"), replies.join(format!("{meant}.yaml"))).unwrap();
}

const SLIPS: &[Slip] = &[
    Slip {
        code: "wide-colon",
        typed: |page| page.intent = page.intent.replace("关键词: |", "关键词：|"),
        mended: fixed,
    },
    Slip {
        code: "odd-indent",
        typed: |page| page.intent = page.intent.replace("    激光刻字\n", "\t激光刻字\n"),
        mended: fixed,
    },
    Slip {
        code: "odd-indent",
        typed: |page| page.intent = page.intent.replace("    激光刻字\n", "　　激光刻字\n"),
        mended: fixed,
    },
    Slip {
        code: "wide-brace",
        typed: |page| page.reply = page.reply.replace("{facts.ship_within}", "｛facts.ship_within｝"),
        mended: fixed,
    },
    Slip {
        code: "missing-bar",
        typed: |page| page.intent = page.intent.replace("关键词: |", "关键词:"),
        mended: fixed,
    },
    Slip { code: "unknown-intent", typed: |page| page.name = "engarving".to_owned(), mended: renamed },
];

/// Somebody who has never seen YAML copies the first intent from the page, slips, reads what is told, does what it says,
/// and is answered.
#[test]
fn a_newcomer_is_led_out_of_every_slip() {
    for (document, language) in [("README.md", "en"), ("README.zh-CN.md", "zh")] {
        let text = read(document);
        let files = blocks(first_intent(&text), "yaml");
        for slip in SLIPS {
            assert!(text.contains(&format!("| `{}`", slip.code)), "{document} has no row for {}", slip.code);
            let mut page = Page {
                intent: files[0].to_owned() + "\n",
                reply: files[1].to_owned() + "\n",
                name: "engraving".to_owned(),
            };
            let whole = (page.intent.clone(), page.reply.clone(), page.name.clone());
            (slip.typed)(&mut page);
            assert_ne!(
                (page.intent.clone(), page.reply.clone(), page.name.clone()),
                whole,
                "{}: nothing was typed",
                slip.code
            );
            let folder = tempfile::tempdir().unwrap();
            prints(folder.path(), &["init", "shops/my-shop"]);
            let shop = folder.path().join("shops/my-shop");
            std::fs::write(shop.join("intents/shop/engraving.yaml"), &page.intent).unwrap();
            std::fs::write(shop.join(format!("replies/shop/{}.yaml", page.name)), &page.reply).unwrap();

            let told = prints(folder.path(), &["check", "--shop", "my-shop", "--lang", language, "--quiet"]);
            assert!(told.contains(&format!("[{}]", slip.code)), "{document}, {}: {told}", slip.code);
            assert!(told.contains("\n  = "), "it says what to do: {told}");
            (slip.mended)(folder.path(), &told);

            let told = prints(folder.path(), &["check", "--shop", "my-shop", "--lang", "en", "--quiet"]);
            assert!(told.contains("errors: 0"), "{}: {told}", slip.code);
            for question in ["可以刻字吗", "有激光刻字吗"] {
                let told = prints(folder.path(), &["ask", "--shop", "my-shop", "--json", question]);
                assert!(told.contains(r#""rung":"sure""#) && told.contains("48小时内发出"), "{}: {told}", slip.code);
            }
        }
    }
}

#[test]
fn every_dependency_says_why_it_is_there() {
    let architecture = read("ARCHITECTURE.md");
    let unnamed: Vec<_> =
        dependencies().into_iter().filter(|name| !architecture.contains(&format!("| `{name}` |"))).collect();
    assert!(unnamed.is_empty(), "ARCHITECTURE.md, “Why each dependency”, has no line for: {unnamed:?}");
}

#[test]
fn no_dependency_is_explained_that_is_gone() {
    let known = dependencies();
    let architecture = read("ARCHITECTURE.md");
    let section = architecture.split("## Why each dependency").nth(1).unwrap().split("\n## ").next().unwrap();
    let explained = section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let gone: Vec<_> = explained.filter(|name| !known.iter().any(|known| known == name)).collect();
    assert!(gone.is_empty(), "{gone:?}");
}

#[test]
fn the_two_readmes_are_twins() {
    let (english, chinese) = (read("README.md"), read("README.zh-CN.md"));
    assert_eq!(form(&english), form(&chinese));
    assert_eq!(commands(&english), commands(&chinese));
    let figures = |text: &str| text.matches("<!-- figure: ").count();
    assert_eq!(figures(&english), figures(&chinese));
}

#[test]
fn every_area_of_the_pack_is_counted_in_both() {
    let intents = Path::new(env!("CARGO_MANIFEST_DIR")).join("intents");
    let counted = std::fs::read_dir(intents).unwrap().map(|area| {
        let area = area.unwrap();
        (area.file_name().into_string().unwrap(), std::fs::read_dir(area.path()).unwrap().count())
    });
    let counted: Vec<_> = counted.collect();
    let all: usize = counted.iter().map(|(_, intents)| intents).sum();
    for document in ["README.md", "README.zh-CN.md"] {
        let text = read(document);
        assert!(text.contains(&all.to_string()), "{document}: there are {all} intents");
        for (area, intents) in &counted {
            assert!(text.contains(&format!("| `{area}` | {intents} |")), "{document}: {area} has {intents}");
        }
    }
}

#[test]
fn every_rung_of_the_ladder_is_explained_in_both() {
    for document in ["README.md", "README.zh-CN.md"] {
        let text = read(document);
        for rung in Rung::ALL {
            assert!(text.contains(&format!("`{}`", rung.key())), "{document} says nothing of `{}`", rung.key());
        }
    }
}

#[test]
fn files_that_the_architecture_names_exist() {
    let text = read("ARCHITECTURE.md");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let named = text.split('`').filter(|word| {
        ["src/", "tests/", "benches/", "shops/", "intents/", "replies/", "lexicon/", "assets/", ".ci/"]
            .iter()
            .any(|folder| word.starts_with(folder))
            && !word.contains([' ', '*', '<', '\n'])
    });
    let missing: Vec<_> = named.filter(|path| !root.join(path).exists()).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
