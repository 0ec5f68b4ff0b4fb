//! The files of what was learnt, in a folder of their own.

use std::path::Path;

use super::read::Read;
use super::{Learnt, shown};
use crate::cli::scripts::table;
use crate::cli::whole;
use crate::domain::Language;
use crate::learn::library::{LeftOut, Library, Script, Shop};

/// Columns of the library. `scripts import` reads group, title, text, intent, use_when and state, and passes the others over.
const LIBRARY: [(&str, &str); 12] = [
    ("分组", "category"),
    ("标题", "title"),
    ("内容", "script"),
    ("意图", "intent"),
    ("适用", "use_when"),
    ("状态", "state"),
    ("次数", "count"),
    ("占比", "share"),
    ("会话数", "chats"),
    ("客服数", "agents"),
    ("顾客原话", "example"),
    ("新意图", "new_intent"),
];

const LEFT_OUT: [(&str, &str); 4] = [("内容", "script"), ("次数", "count"), ("会话数", "chats"), ("原因", "why")];

/// Nobody has read it.
const PROPOSED: &str = "proposed";

/// Writes everything below `out`.
pub(super) fn write(out: &Path, learnt: &Learnt, read: &Read, shop: &Shop<'_>) -> anyhow::Result<()> {
    let language = shop.language;
    let header = |names: &[(&'static str, &'static str)]| -> Vec<&'static str> {
        names.iter().map(|(zh, en)| if language == Language::Zh { *zh } else { *en }).collect()
    };
    let Learnt { library, drafts, .. } = learnt;
    table::write(&out.join("library.csv"), &header(&LIBRARY), &rows(library, language))?;
    let left_out: Vec<Vec<String>> = library.left_out.iter().map(|left| left_out_row(left, language)).collect();
    table::write(&out.join("left-out.csv"), &header(&LEFT_OUT), &left_out)?;
    for draft in drafts {
        whole::write(&out.join(format!("intents/{}.yaml", draft.id)), draft.intent.as_bytes())?;
        if let Some(reply) = &draft.reply {
            whole::write(&out.join(format!("replies/{}.yaml", draft.id)), reply.as_bytes())?;
        }
    }
    whole::write(&out.join("READ-ME-FIRST.txt"), shown::first_page(learnt, read, language).as_bytes())
}

fn rows(library: &Library, language: Language) -> Vec<Vec<String>> {
    library.scripts.iter().map(|script| row(script, language)).collect()
}

fn row(script: &Script, language: Language) -> Vec<String> {
    let examples = script.examples.join(" / ").replace('\n', " ");
    let use_when = match (examples.is_empty() || script.kind.is_glue(), language) {
        (true, _) => String::new(),
        (false, Language::Zh) => format!("顾客说：{examples}"),
        (false, Language::En) => format!("the customer says: {examples}"),
    };
    let intent = script.intent.as_ref().map(ToString::to_string).unwrap_or_default();
    vec![
        safe(&script.category),
        safe(&script.title),
        safe(&script.text),
        intent,
        use_when,
        PROPOSED.to_owned(),
        script.count.to_string(),
        format!("{:.2}%", script.share * 100.0),
        script.chats.to_string(),
        script.agents.to_string(),
        safe(&examples),
        script.draft.as_ref().map(ToString::to_string).unwrap_or_default(),
    ]
}

fn left_out_row(left: &LeftOut, language: Language) -> Vec<String> {
    let why = left.why.message().of(language).to_owned();
    vec![safe(&left.text), left.count.to_string(), left.chats.to_string(), why]
}

/// A cell that a spreadsheet would take for a formula gets a blank before it: old chats are strangers' words.
fn safe(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!(" {cell}") } else { cell.to_owned() }
}
