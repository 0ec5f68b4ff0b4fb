//! The documents keep up with the code.

use std::path::Path;
use std::process::Command;

use xiaoer::domain::Rung;

fn read(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The names below `[dependencies]`.
fn dependencies() -> Vec<String> {
    let manifest: toml::Table = read("Cargo.toml").parse().unwrap();
    manifest["dependencies"].as_table().unwrap().keys().cloned().collect()
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
        let files = blocks(&text, "yaml");
        let (intent, reply) = (files[1], files[2]);
        save("intents/shop/gift_wrap.yaml", intent);

        // The mistake that the page shows, letter by letter.
        save("replies/shop/gift_wrap.yaml", &reply.replacen("ship_within", "ship_withn", 1));
        let told = prints(folder.path(), &["check", "--shop", "my-shop", "--lang", language]);
        let shown = blocks(&text, "text")[1];
        assert!(told.contains(shown), "{document} shows\n{shown}\nbut it is\n{told}");

        save("replies/shop/gift_wrap.yaml", reply);
        let told = prints(folder.path(), &["check", "--shop", "my-shop", "--lang", "en"]);
        assert!(told.contains("errors: 0, warnings: 8"), "{told}");
        let told = prints(folder.path(), &["ask", "--shop", "my-shop", "--lang", "en", "可以礼品包装吗"]);
        assert!(told.contains("answer · sure") && told.contains("48小时内发出"), "{told}");
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
