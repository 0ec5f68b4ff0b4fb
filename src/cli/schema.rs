//! `xiaoer schema`: JSON schemas of the files that people edit, and the settings that an editor reads them by.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use serde_json::{Map, Value, json};

use crate::domain::Situation;
use crate::playbook::schema::{self, File};
use crate::playbook::template::VARIABLES;

/// Prints the JSON schema of a kind of file, or sets an editor up for a shop's folder.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  xiaoer schema intent > intent.json\n  xiaoer schema --editor shops/my-shop\n\n\
                        With --editor: the schemas in .xiaoer/schema/, and for VS Code with the YAML extension\n\
                        (redhat.vscode-yaml) its settings and snippets in .vscode/. Settings that are there are left alone.")]
pub(super) struct Schema {
    /// Which file; all of them in one object without it.
    #[arg(value_parser = ["intent", "reply", "shop", "product", "campaign"])]
    file: Option<String>,
    /// Write schemas, settings and snippets into this shop's folder.
    #[arg(long, value_name = "DIR", conflicts_with = "file")]
    editor: Option<PathBuf>,
}

impl Schema {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        if let Some(folder) = &self.editor {
            for path in write(folder)? {
                println!("{}", path.display());
            }
            return Ok(ExitCode::SUCCESS);
        }
        let shown = match self.file.as_deref().and_then(|key| File::ALL.into_iter().find(|file| file.key() == key)) {
            Some(file) => file.schema(),
            None => Value::Object(File::ALL.into_iter().map(|file| (file.key().to_owned(), file.schema())).collect()),
        };
        println!("{}", serde_json::to_string_pretty(&shown)?);
        Ok(ExitCode::SUCCESS)
    }
}

/// Writes what an editor needs and tells the files. The schemas are always the program's own; the rest is written where
/// nothing is.
pub(super) fn write(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut written = Vec::new();
    let mut put = |below: String, value: &Value| -> anyhow::Result<()> {
        let path = folder.join(below);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).with_context(|| parent.display().to_string())?;
        }
        std::fs::write(&path, format!("{}\n", serde_json::to_string_pretty(value)?))
            .with_context(|| path.display().to_string())?;
        written.push(path);
        Ok(())
    };
    for file in File::ALL {
        put(format!(".xiaoer/schema/{}.json", file.key()), &file.schema())?;
    }
    let of_editor =
        [("settings.json", settings()), ("extensions.json", extensions()), ("xiaoer.code-snippets", snippets())];
    for (name, value) in of_editor {
        if !folder.join(".vscode").join(name).exists() {
            put(format!(".vscode/{name}"), &value)?;
        }
    }
    Ok(written)
}

fn settings() -> Value {
    let schemas = File::ALL.map(|file| (format!("./.xiaoer/schema/{}.json", file.key()), json!(file.glob())));
    json!({
        "yaml.schemas": Map::from_iter(schemas),
        "yaml.schemaStore.enable": false,
        // `xiaoer fmt` keeps lines and comments where they are; the extension's own formatter doesn't.
        "yaml.format.enable": false,
        "files.encoding": "utf8",
        "files.eol": "\n",
        "files.insertFinalNewline": true,
        "[yaml]": {
            "editor.tabSize": 2,
            "editor.insertSpaces": true,
            "editor.autoClosingBrackets": "never",
            "editor.quickSuggestions": { "other": true, "comments": false, "strings": true },
            "editor.snippetSuggestions": "top",
            "editor.wordBasedSuggestions": "off",
        },
    })
}

fn extensions() -> Value {
    json!({ "recommendations": ["redhat.vscode-yaml"] })
}

/// Variables inside blocks, where no schema reaches, and the skeletons of an intent and a reply.
fn snippets() -> Value {
    let mut all = Map::new();
    let mut add = |name: String, prefixes: Value, body: Value, description: String| {
        let snippet = json!({ "scope": "yaml", "prefix": prefixes, "body": body, "description": description });
        all.insert(name, snippet);
    };
    for (english, chinese) in VARIABLES {
        let prefixes = json!([format!("{{{english}"), format!("{{{chinese}"), english, chinese]);
        add(format!("{{{english}}}"), prefixes, json!([format!("{{{english}}}")]), (*chinese).to_owned());
    }
    for (path, (zh, en)) in schema::facts() {
        let prefixes = json!([format!("{{facts.{path}"), format!("facts.{path}")]);
        let body = json!([format!("{{facts.{path}}}")]);
        add(format!("{{facts.{path}}}"), prefixes, body, format!("{zh} / {en}"));
    }
    let intent = [
        "means: The customer ${1:asks …}",
        "answer: ${2|when_sure,never,always|}",
        "zh:",
        "  关键词: |",
        "    ${3:任何一条出现在句子里}",
        "  例句: |",
        "    ${4:顾客的原话}",
        "  应匹配: |",
        "    $4",
    ];
    add("意图 intent".to_owned(), json!(["intent", "意图"]), json!(intent), "一个意图 / an intent".to_owned());
    let situations: Vec<&str> = Situation::ALL.iter().map(|situation| situation.key()).collect();
    let situation = format!("  ${{3|{}|}}: |", situations.join(","));
    let reply = [
        "title: {zh: ${1:标题}, en: ${2:title}}",
        "zh:",
        situation.as_str(),
        "    ${4:话术}",
        "  suggest: |",
        "    title: ${5:客服话术的标题}",
        "    use_when: ${6:什么时候用}",
        "    ${7:话术}",
    ];
    add("回复 reply".to_owned(), json!(["reply", "回复"]), json!(reply), "一个回复 / a reply".to_owned());
    Value::Object(all)
}
