//! The documents keep up with the code.

use std::path::Path;

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
