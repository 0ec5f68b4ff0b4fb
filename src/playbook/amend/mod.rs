//! Amendments: small changes of a shop's own files that somebody asks for by one click. They change the text, so that
//! comments, order and indentation stay as they were written, and hold what they made against what was meant.

mod clean;
mod edit;
mod layers;
mod meaning;
mod page;
mod refusal;
mod reply;
#[cfg(test)]
mod tests;
mod wording;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::{IntentId, Language};

pub use refusal::Refusal;

/// One change. As JSON the kind stands under `do`: `{"do": "phrase", "intent": "logistics/carrier", "line": "…"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Amendment {
    /// One more of `phrases`.
    Phrase(Line),
    /// One more line of `together`.
    Together(Line),
    /// One more of `examples`.
    Example(Line),
    /// One more line of `unless`.
    Veto(Line),
    /// One less of `phrases`, `whole` and `together`, wherever it stands: the shop's own line is taken out, one of the
    /// layers below is named in `remove`, which takes the same line out of the other lists below too.
    DropPhrase(Line),
    /// A case beside the intent.
    ShouldMatch(Line),
    /// A case of a neighbour.
    ShouldNotMatch(Line),
    /// A script for agents, or the bot's words for a situation.
    Script(Script),
    /// Files that the shop doesn't have yet.
    Files {
        /// By path below the shop's folder.
        files: BTreeMap<String, String>,
    },
}

/// A line of an intent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Whose line.
    pub intent: IntentId,
    /// Under which language; `None`: that of the line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Its words: line breaks in them become blanks; 200 characters at most.
    pub line: String,
}

/// Words of a reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// To which the words reply.
    pub intent: IntentId,
    /// In which language; `None`: that of the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// The situation, `default`, or with its tone, `shipped.lively`, whose words these are from now on; `None`: one more
    /// script under `suggest`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub situation: Option<String>,
    /// Line breaks stay; 4,000 characters at most.
    pub text: String,
    /// What agents find it by; only under `suggest`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// The texts of one path.
#[derive(Clone, Debug, Default)]
pub struct Texts<'t> {
    /// The shop's own file.
    pub own: Option<&'t str>,
    /// Those of the layers below, the lowest first.
    pub below: Vec<&'t str>,
}

/// A file of the shop as it is from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amended {
    /// Below the shop's folder.
    pub path: String,
    /// `None`: nothing is left of it, the layers below say it all.
    pub text: Option<String>,
}

/// What an amendment makes of the shop's files; `texts` tells what stands under a path.
///
/// # Errors
/// [`Refusal`]: nothing is changed, and why.
pub fn apply<'t>(amendment: &Amendment, texts: &dyn Fn(&str) -> Texts<'t>) -> Result<Vec<Amended>, Refusal> {
    let one = |amended: Result<Amended, Refusal>| amended.map(|amended| vec![amended]);
    match amendment {
        Amendment::Phrase(line) => one(wording::add(line, "phrases", texts)),
        Amendment::Together(line) => one(wording::add(line, "together", texts)),
        Amendment::Example(line) => one(wording::add(line, "examples", texts)),
        Amendment::Veto(line) => one(wording::add(line, "unless", texts)),
        Amendment::ShouldMatch(line) => one(wording::add(line, "should_match", texts)),
        Amendment::ShouldNotMatch(line) => one(wording::add(line, "should_not_match", texts)),
        Amendment::DropPhrase(line) => one(wording::drop_phrase(line, texts)),
        Amendment::Script(script) => one(reply::put(script, texts)),
        Amendment::Files { files } => new_files(files, texts),
    }
}

fn new_files<'t>(files: &BTreeMap<String, String>, texts: &dyn Fn(&str) -> Texts<'t>) -> Result<Vec<Amended>, Refusal> {
    let is_there = |(path, text): &(&String, &String)| texts(path).own == Some(text.as_str());
    if files.iter().all(|file| is_there(&file)) {
        return Err(Refusal::AlreadyThere);
    }
    let new = files.iter().filter(|file| !is_there(file)).map(|(path, text)| match texts(path).own {
        Some(_) => Err(Refusal::FileExists { path: path.clone() }),
        None => Ok(Amended { path: path.clone(), text: Some(text.clone()) }),
    });
    new.collect()
}

/// The path of an intent's own file in a folder, with what stands there.
fn home<'t>(folder: &str, id: &IntentId, texts: &dyn Fn(&str) -> Texts<'t>) -> (String, Texts<'t>) {
    let path = |ending: &str| format!("{folder}/{id}.{ending}");
    let [yaml, yml] = ["yaml", "yml"].map(|ending| texts(&path(ending)));
    if yaml.own.is_none() && yml.own.is_some() {
        return (path("yml"), Texts { own: yml.own, below: yaml.below });
    }
    (path("yaml"), yaml)
}
