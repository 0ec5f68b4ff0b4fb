//! Words of a reply: a script more for agents, or the bot's words for a situation.

use super::edit::{self, Order};
use super::meaning::{held, meaning, path};
use super::page::Page;
use super::{Amended, Refusal, Script, Texts, clean, home};
use crate::domain::{Language, Situation};
use crate::playbook::reply;

const SUGGEST: &str = "suggest";
const RULE: &str = "---";
/// What a script may begin with besides its words.
const HEADS: &[&str] = &["title", "标题", "use_when", "适用", "avoid", "避免", "images", "图片"];

const ORDER: Order<'static> = Order { top: &top, wording: &below };

fn top(key: &str) -> Option<usize> {
    reply::KEYS.iter().position(|known| *known == key)
}

fn below(key: &str) -> Option<usize> {
    let (situation, tone) = key.split_once('.').map_or((key, false), |(situation, _)| (situation, true));
    match key {
        SUGGEST => Some(usize::MAX - 2),
        "remove" => Some(usize::MAX - 1),
        _ => {
            let place = Situation::ALL.iter().position(|known| known.key() == situation)?;
            Some(place * 2 + usize::from(tone))
        }
    }
}

/// Writes a script into the shop's own file of the intent's replies.
pub(super) fn put<'t>(script: &Script, texts: &dyn Fn(&str) -> Texts<'t>) -> Result<Amended, Refusal> {
    let rows = clean::script(&script.text)?;
    let (at, there) = home("replies", &script.intent, texts);
    let intent = home("intents", &script.intent, texts).1;
    if [&there, &intent].iter().all(|texts| texts.own.is_none() && texts.below.is_empty()) {
        return Err(Refusal::UnknownIntent);
    }
    let page = Page::of(&at, there.own.unwrap_or_default())?;
    let language = script.language.unwrap_or_else(|| clean::language(&script.text));
    let page = match &script.situation {
        None => suggest(page, language, titled(script, rows)?)?,
        Some(situation) => words(page, language, known(situation, script)?, &rows)?,
    };
    Ok(Amended { path: at, text: page.text() })
}

/// A key that a reply may have.
fn known<'s>(situation: &'s str, script: &Script) -> Result<&'s str, Refusal> {
    let (name, tone) = situation.split_once('.').unwrap_or((situation, "plain"));
    let is_known = Situation::parse(name).is_some() || script.intent.area() == "system";
    let is_name = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    let fits = is_known && is_name(name) && is_name(tone) && ![SUGGEST, "remove"].contains(&name);
    if fits { Ok(situation) } else { Err(Refusal::UnknownSituation { situation: situation.to_owned() }) }
}

/// The rows of a script for agents, its title above them.
fn titled(script: &Script, mut rows: Vec<String>) -> Result<Vec<String>, Refusal> {
    let is_head = |row: &str| row.split_once([':', '：']).is_some_and(|(name, _)| HEADS.contains(&name.trim()));
    // Above the words it would be read as what the script is for.
    if is_head(&rows[0]) {
        return Err(Refusal::NotWords { line: rows.swap_remove(0) });
    }
    if let Some(title) = script.title.as_deref().filter(|title| !title.trim().is_empty()) {
        rows.insert(0, format!("title: {}", clean::line(title)?));
    }
    Ok(rows)
}

fn suggest(mut page: Page, language: Language, rows: Vec<String>) -> Result<Page, Refusal> {
    let before = meaning(&page.tree);
    let at = path(language, SUGGEST);
    let there = before.get(&at).cloned().unwrap_or_default();
    if there.split(|row| row.trim() == RULE).any(|script| trimmed(script) == rows) {
        return Err(Refusal::AlreadyThere);
    }
    let parted = there.last().is_none_or(|last| last.trim() == RULE);
    let rule = (!parted).then(|| RULE.to_owned());
    let rows: Vec<String> = rule.into_iter().chain(rows).collect();
    edit::add(&mut page, language, SUGGEST, &rows, &ORDER)?;
    held(&page, before, |meant| meant.entry(at).or_default().extend(rows))
}

/// Without blank rows at the ends.
fn trimmed(rows: &[String]) -> &[String] {
    let first = rows.iter().position(|row| !row.is_empty()).unwrap_or(rows.len());
    let last = rows.iter().rposition(|row| !row.is_empty()).map_or(first, |last| last + 1);
    &rows[first..last]
}

fn words(mut page: Page, language: Language, key: &str, rows: &[String]) -> Result<Page, Refusal> {
    let before = meaning(&page.tree);
    let at = path(language, key);
    let spoken = |row: &&String| !clean::is_note(row.trim());
    if before.get(&at).is_some_and(|there| there.iter().filter(spoken).eq(rows)) {
        return Err(Refusal::AlreadyThere);
    }
    let mut wanted = rows.to_vec();
    match edit::wording(&page, language, key).map(|(own, _)| own.clone()) {
        Some(own) => wanted.splice(0..0, edit::replace(&mut page, &own, rows)?).for_each(drop),
        None => edit::add(&mut page, language, key, rows, &ORDER)?,
    }
    held(&page, before, |meant| drop(meant.insert(at, wanted)))
}
