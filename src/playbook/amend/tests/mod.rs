//! What clicks do to files, case by case and at random.

mod cases;
mod layered;
mod random;
mod scripts;

use super::*;

pub(super) const INTENT: &str = "intents/a/b.yaml";
pub(super) const REPLY: &str = "replies/a/b.yaml";

/// A line of intent `a/b`.
pub(super) fn line(words: &str) -> Line {
    Line { intent: "a/b".into(), language: None, line: words.to_owned() }
}

/// A script for intent `a/b`.
pub(super) fn script(text: &str, situation: Option<&str>) -> Script {
    Script {
        intent: "a/b".into(),
        language: None,
        situation: situation.map(str::to_owned),
        text: text.to_owned(),
        title: None,
    }
}

/// What an amendment makes of the one file of a shop; the base pack knows the intent.
pub(super) fn amended(path: &str, own: Option<&str>, amendment: &Amendment) -> Result<Option<String>, Refusal> {
    over(path, own, "means: x\n", amendment)
}

/// The same over a text of the base pack.
pub(super) fn over(
    path: &str,
    own: Option<&str>,
    base: &str,
    amendment: &Amendment,
) -> Result<Option<String>, Refusal> {
    let texts = |of: &str| match of {
        _ if of == path => Texts { own, below: vec![base] },
        INTENT => Texts { own: None, below: vec!["means: x\n"] },
        _ => Texts::default(),
    };
    let mut files = apply(amendment, &texts)?;
    assert_eq!(files.len(), 1);
    let file = files.remove(0);
    assert_eq!(file.path, path);
    Ok(file.text)
}
