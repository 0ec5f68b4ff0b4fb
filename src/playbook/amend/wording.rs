//! Lines of an intent: one more, or one less.

use super::edit::{self, Order};
use super::meaning::{held, meaning, path};
use super::page::Page;
use super::{Amended, Line, Refusal, Texts, clean, home, layers};
use crate::domain::Language;
use crate::playbook::intent;
use crate::text::clauses_of;

const REMOVE: &str = "remove";
const PHRASES: &str = "phrases";
/// The lists whose lines are looked for in messages.
const LOOKED_FOR: [&str; 3] = [PHRASES, "whole", "together"];

const ORDER: Order<'static> = Order { top: &top, wording: &below };

fn top(key: &str) -> Option<usize> {
    intent::KEYS.iter().position(|known| *known == key)
}

/// As `xiaoer fmt` orders them: between phrases and examples the order is the writer's.
fn below(key: &str) -> Option<usize> {
    match key {
        PHRASES => Some(0),
        "together" | "whole" | "unless" => Some(1),
        _ => intent::WORDING_KEYS.iter().position(|known| *known == key).map(|place| place + 2),
    }
}

/// An intent's own file, ready to be changed.
struct Own<'t> {
    path: String,
    texts: Texts<'t>,
    page: Page,
}

impl<'t> Own<'t> {
    fn of(line: &Line, texts: &dyn Fn(&str) -> Texts<'t>) -> Result<Self, Refusal> {
        let (path, texts) = home("intents", &line.intent, texts);
        if texts.own.is_none() && texts.below.is_empty() {
            return Err(Refusal::UnknownIntent);
        }
        let page = Page::of(&path, texts.own.unwrap_or_default())?;
        if page.tree.get("off").and_then(|off| off.text()) == Some("true") {
            return Err(Refusal::Off);
        }
        Ok(Self { path, texts, page })
    }

    /// The lines of a list, of all layers.
    fn lines(&self, language: Language, list: &str) -> Vec<String> {
        let mut all = self.texts.below.clone();
        all.extend(self.texts.own);
        layers::lines(&all, language, list)
    }

    fn amended(self) -> Amended {
        Amended { path: self.path, text: self.page.text() }
    }
}

/// Whether two lines of a list say the same.
fn same(list: &str, a: &str, b: &str) -> bool {
    let is_read_by_clause = LOOKED_FOR.contains(&list) || list == "unless";
    a == b || (is_read_by_clause && clauses_of(a) == clauses_of(b))
}

/// One more line of a list.
pub(super) fn add<'t>(line: &Line, list: &str, texts: &dyn Fn(&str) -> Texts<'t>) -> Result<Amended, Refusal> {
    let words = clean::line(&line.line)?;
    let mut own = Own::of(line, texts)?;
    if matches!(list, PHRASES | "unless") && clauses_of(&words).len() > 1 {
        return Err(Refusal::Parted);
    }
    let language = line.language.unwrap_or_else(|| clean::language(&words));
    if own.lines(language, list).iter().any(|there| same(list, there, &words)) {
        return Err(Refusal::AlreadyThere);
    }
    let before = meaning(&own.page.tree);
    edit::add(&mut own.page, language, list, std::slice::from_ref(&words), &ORDER)?;
    own.page = held(&own.page, before, |meant| meant.entry(path(language, list)).or_default().push(words))?;
    Ok(own.amended())
}

/// One line less of those that are looked for in messages.
pub(super) fn drop_phrase<'t>(line: &Line, texts: &dyn Fn(&str) -> Texts<'t>) -> Result<Amended, Refusal> {
    let words = clean::line(&line.line)?;
    let mut own = Own::of(line, texts)?;
    let likely = line.language.unwrap_or_else(|| clean::language(&words));
    let others = Language::ALL.into_iter().filter(|other| line.language.is_none() && *other != likely);
    let mut languages = std::iter::once(likely).chain(others);
    let holds = |language: &Language| LOOKED_FOR.iter().any(|list| own.lines(*language, list).contains(&words));
    let language = languages.find(holds).ok_or(Refusal::NotThere)?;
    let stands = |layers: &[&str], list: &str| layers::lines(layers, language, list).contains(&words);
    let (mine, below) = (own.texts.own, own.texts.below.clone());
    for list in LOOKED_FOR.into_iter().filter(|list| stands(mine.as_slice(), list)) {
        own.take(language, list, &words)?;
    }
    let is_below = LOOKED_FOR.iter().any(|list| stands(&below, list));
    if is_below && !stands(mine.as_slice(), REMOVE) {
        own.remove(language, &words)?;
    }
    Ok(own.amended())
}

impl Own<'_> {
    fn take(&mut self, language: Language, list: &str, words: &str) -> Result<(), Refusal> {
        let before = meaning(&self.page.tree);
        edit::take(&mut self.page, language, list, words)?;
        let at = path(language, list);
        self.page = held(&self.page, before, |meant| {
            meant.entry(at).or_default().retain(|line| line.trim() != words);
        })?;
        Ok(())
    }

    fn remove(&mut self, language: Language, words: &str) -> Result<(), Refusal> {
        let before = meaning(&self.page.tree);
        edit::add(&mut self.page, language, REMOVE, &[words.to_owned()], &ORDER)?;
        let at = path(language, REMOVE);
        self.page = held(&self.page, before, |meant| meant.entry(at).or_default().push(words.to_owned()))?;
        Ok(())
    }
}
