//! A draft of an intent and its scripts, for what customers asked and the playbook didn't understand. The bot says nothing
//! of it: `answer: never` until a manager decides otherwise, and the agents' words stand under `suggest` alone.

use std::collections::{BTreeMap, BTreeSet};

use pinyin::ToPinyin as _;

use super::chat::Corpus;
use super::form::{form, share_of_gaps, weight};
use super::group::{Alike, Group, group};
use super::library::Shop;
use super::refuse::why;
use super::whose::Understood;
use crate::check::confusions::stretches::{self, Stretch};
use crate::domain::{IntentId, Language};
use crate::text::is_han;

/// The area of drafts: nobody's until a manager moves them.
pub const AREA: &str = "learnt";
/// A wish has so many letters; less can't be told from an answer to a question.
const SHORTEST: usize = 5;
/// With more gaps it is a card or a form that was filled in.
const MOST_GAPS: f32 = 0.2;
const EXAMPLES: usize = 12;
/// Nobody reads more drafts at once.
const DRAFTS: usize = 100;
/// So many messages tell how usual a stretch is.
const SAMPLE: usize = 3_000;
const PHRASES: usize = 5;
/// Letters of a phrase; longer ones are whole messages.
const LONGEST: usize = 8;
const SCRIPTS: usize = 3;
/// Of the messages that hold a phrase so many must belong to the group.
const PRECISE: f32 = 0.8;

/// What customers asked, and what they were told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish<'a> {
    /// Messages of customers that say much the same, masked; at least one.
    pub said: Vec<&'a str>,
    /// What agents replied to them, masked.
    pub answered: Vec<&'a str>,
    /// What the messages have in common, from [`Group::words`].
    pub words: Vec<String>,
}

/// An intent and its reply, drafted, as files of a shop's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// `learnt/…`, of what the messages have in common.
    pub id: IntentId,
    /// How many messages it is made of.
    pub count: usize,
    /// In how many chats; 0 where it wasn't counted.
    pub chats: usize,
    /// The bursts of the corpus that it was asked in; none where there is no corpus.
    pub bursts: BTreeSet<usize>,
    /// What the messages have in common, or the commonest of them.
    pub title: String,
    /// Text of `intents/<id>.yaml`.
    pub intent: String,
    /// Text of `replies/<id>.yaml`; `None`: no reply can be proposed.
    pub reply: Option<String>,
}

/// Drafts for what at least so many chats asked and nobody understood, the most frequent first.
#[must_use]
pub fn drafts(corpus: &Corpus, understood: &Understood, shop: &Shop<'_>, least: usize) -> Vec<Draft> {
    let strange =
        (0..corpus.bursts.len()).filter(|burst| understood.is_strange(*burst) && !corpus.bursts[*burst].is_answer);
    let wishes = strange.flat_map(|burst| corpus.bursts[burst].said.iter().map(move |text| (burst, text.as_str())));
    let wishes: Vec<(usize, &str)> = wishes.filter(|(_, text)| is_a_wish(text)).collect();
    let texts: Vec<&str> = wishes.iter().map(|(_, text)| *text).collect();
    let all: Vec<Vec<String>> =
        corpus.bursts.iter().flat_map(|burst| burst.said.iter().map(|text| form(text))).collect();
    let mut answers: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for reply in &corpus.replies {
        answers.entry(reply.answers.unwrap_or(usize::MAX)).or_default().push(&reply.text);
    }
    let (mut drafts, mut ids) = (Vec::new(), BTreeSet::new());
    for Group { members, words, .. } in group(&texts, Alike::WISHES) {
        if drafts.len() >= DRAFTS {
            break;
        }
        let chats: BTreeSet<usize> = members.iter().map(|member| corpus.bursts[wishes[*member].0].chat).collect();
        if chats.len() < least {
            continue;
        }
        let bursts: BTreeSet<usize> = members.iter().map(|member| wishes[*member].0).collect();
        let answered = bursts.iter().filter_map(|burst| answers.get(burst)).flatten().copied().collect();
        let wish = Wish { said: members.iter().map(|member| texts[*member]).collect(), answered, words };
        let draft = Draft { chats: chats.len(), bursts, ..draft(&wish, &all, shop, &mut ids) };
        drafts.push(draft);
    }
    drafts
}

/// Long enough to be asked, and no card or form that was filled in.
fn is_a_wish(text: &str) -> bool {
    weight(&form(text)) >= SHORTEST && share_of_gaps(text) <= MOST_GAPS && text.matches('{').count() < 2
}

/// A draft for one wish. `all` are all messages of customers in comparing form, by which phrases are told from everyday
/// words; `ids` are taken, and the new one is put there.
#[must_use]
pub fn draft(wish: &Wish<'_>, all: &[Vec<String>], shop: &Shop<'_>, ids: &mut BTreeSet<IntentId>) -> Draft {
    let commonest = ranked(&wish.said).first().copied().unwrap_or_default();
    let title = wish.words.first().cloned().unwrap_or_else(|| form(commonest).join(" "));
    let title: String = title.replace('某', "…").chars().take(24).collect();
    let language = if commonest.chars().any(is_han) { Language::Zh } else { Language::En };
    let id = free(&name(&title), shop, ids);
    let intent = intent(wish, commonest, language, all);
    let scripts = scripts(&wish.answered, shop);
    let reply = (!scripts.is_empty()).then(|| reply(&title, language, &scripts));
    Draft { id, count: wish.said.len(), chats: 0, bursts: BTreeSet::new(), title, intent, reply }
}

/// Letters of a file's name out of a title, in pinyin where it is Chinese.
fn name(title: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut is_open = false;
    for c in title.chars().take(12) {
        let sound = c.to_pinyin().map(|sound| sound.plain().to_owned());
        let is_letter = c.is_ascii_alphanumeric();
        match sound {
            Some(sound) => words.push(sound),
            None if is_letter && is_open => {
                words.last_mut().into_iter().for_each(|word| word.push(c.to_ascii_lowercase()));
            }
            None if is_letter => words.push(c.to_ascii_lowercase().to_string()),
            None => {}
        }
        is_open = is_letter;
    }
    if words.is_empty() { "wish".to_owned() } else { words.join("_").replace('ü', "v") }
}

fn free(name: &str, shop: &Shop<'_>, ids: &mut BTreeSet<IntentId>) -> IntentId {
    let numbered = (2..).map(|number| format!("{AREA}/{name}_{number}"));
    let names = std::iter::once(format!("{AREA}/{name}")).chain(numbered);
    let mut ids_of = names.map(IntentId::from);
    let id = ids_of.find(|id| !ids.contains(id) && !shop.playbook.intents.contains_key(id));
    let id = id.unwrap_or_else(|| IntentId::from(AREA));
    ids.insert(id.clone());
    id
}

/// Texts that are said most often first; equal ones once.
fn ranked<'t>(said: &[&'t str]) -> Vec<&'t str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    said.iter().for_each(|text| *counts.entry(text).or_default() += 1);
    let mut ranked: Vec<(&str, usize)> = counts.into_iter().collect();
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    ranked.into_iter().map(|(text, _)| text).collect()
}

fn intent(wish: &Wish<'_>, commonest: &str, language: Language, all: &[Vec<String>]) -> String {
    let means = match language {
        Language::Zh => format!("顾客的意思类似：{}", one_line(commonest)),
        Language::En => format!("The customer says something like: {}", one_line(commonest)),
    };
    let note = match language {
        Language::Zh => "# 从旧聊天记录里归纳的草稿：请改写 means，删掉不合适的行，再决定 answer。",
        Language::En => {
            "# A draft out of old chats: rewrite `means`, delete what doesn't fit, then decide on `answer`."
        }
    };
    let mut text = format!("{note}\nmeans: {}\nanswer: never\n{}:\n", quoted(&means), language.key());
    let phrases = phrases(&wish.said, all);
    block(&mut text, "phrases", phrases.iter().map(String::as_str));
    let examples: Vec<String> = ranked(&wish.said).into_iter().map(one_line).filter(|line| is_example(line)).collect();
    let mut seen = BTreeSet::new();
    block(
        &mut text,
        "examples",
        examples.iter().map(String::as_str).filter(|line| seen.insert(form(line))).take(EXAMPLES),
    );
    text
}

fn block<'l>(text: &mut String, key: &str, lines: impl Iterator<Item = &'l str>) {
    let mut lines = lines.peekable();
    if lines.peek().is_some() {
        text.push_str(&format!("  {key}: |\n"));
        lines.for_each(|line| text.push_str(&format!("    {line}\n")));
    }
}

/// A gap is no customer's word.
fn one_line(text: &str) -> String {
    let mut line = text.replace(['\n', '\t'], " ");
    while let Some(open) = line.find('{') {
        let close = line[open..].find('}').map_or(line.len(), |close| open + close + 1);
        line.replace_range(open..close, "…");
    }
    let line: String = line.chars().filter(|c| !c.is_control()).take(120).collect();
    line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '…' | '，' | ',' | '、' | '：' | ':')).to_owned()
}

fn is_example(line: &str) -> bool {
    !line.starts_with('#') && !line.starts_with("---") && weight(&form(line)) >= 3
}

/// A scalar that YAML reads as it stands.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Stretches that many of the messages have and hardly any other message: each brings in members that those before it
/// don't, most first, and of those that bring in as many the longest, which cuts no word in two.
fn phrases(said: &[&str], all: &[Vec<String>]) -> Vec<String> {
    let members: Vec<Vec<String>> = said.iter().map(|text| form(text)).collect();
    let holds = |form: &[String], text: &str| form.iter().any(|clause| clause.contains(text));
    let mut left: Vec<&Vec<String>> = members.iter().collect();
    let mut stretches: BTreeMap<String, Stretch> = BTreeMap::new();
    for form in members.iter().collect::<BTreeSet<_>>().into_iter().take(50) {
        let found = stretches::of(form)
            .into_iter()
            .filter(|stretch| stretch.is_a_phrase() && stretch.is_a_veto() && !stretch.text.contains('某'))
            .filter(|stretch| weight(std::slice::from_ref(&stretch.text)) <= LONGEST);
        stretches.extend(found.map(|stretch| (stretch.text.clone(), stretch)));
    }
    let number = |forms: &[&Vec<String>], text: &str| forms.iter().filter(|form| holds(form, text)).count();
    let own: Vec<&Vec<String>> = members.iter().collect();
    let step = all.len().div_ceil(SAMPLE).max(1);
    let every: Vec<&Vec<String>> = all.iter().step_by(step).collect();
    let least = 2.max(said.len() / 10);
    let frequent = stretches.into_keys().filter(|text| number(&own, text) >= least);
    let mut precise: Vec<String> =
        frequent.filter(|text| number(&own, text) as f32 >= PRECISE * (step * number(&every, text)) as f32).collect();
    precise.sort_by_key(|text| text.chars().count());
    let mut phrases = Vec::new();
    while phrases.len() < PHRASES {
        let best = precise.iter().max_by_key(|text| number(&left, text));
        let Some(best) = best.filter(|text| number(&left, text) >= least) else { break };
        left.retain(|form| !holds(form, best));
        phrases.push(best.clone());
    }
    phrases
}

/// What agents replied, one of each group, the commonest first; nothing that is left out of a library.
fn scripts<'t>(answered: &[&'t str], shop: &Shop<'_>) -> Vec<&'t str> {
    let groups = group(answered, Alike::REPLIES);
    let said = groups.iter().map(|group| answered[group.medoid]);
    let fit = said.filter(|said| {
        let form = form(said);
        !super::kinds::ReplyKind::of(&form).is_glue() && why(said, &form, shop.playbook).is_none() && can_stand(said)
    });
    fit.take(SCRIPTS).collect()
}

/// Lines that a block of scripts would read as something else.
pub(super) fn can_stand(text: &str) -> bool {
    const HEADS: &[&str] = &["title", "标题", "use_when", "适用", "avoid", "避免", "images", "图片"];
    let is_head = |line: &str| HEADS.contains(&line.split([':', '：']).next().unwrap_or_default().trim());
    let is_read_otherwise =
        |line: &str| line.trim_start().starts_with(['#', '-']) || line.contains([':', '：']) && is_head(line);
    !text.lines().any(is_read_otherwise)
}

fn reply(title: &str, language: Language, scripts: &[&str]) -> String {
    let category = if language == Language::Zh { "待整理" } else { "To be sorted" };
    let note = match language {
        Language::Zh => "# 客服当时的回复，只作推荐话术；机器人不会说。",
        Language::En => "# What agents replied then: scripts for agents; the bot doesn't say them.",
    };
    let mut text = format!(
        "{note}\ntitle: {}\ncategory: {}\n{}:\n  suggest: |\n",
        quoted(title),
        quoted(category),
        language.key()
    );
    for (number, script) in scripts.iter().enumerate() {
        if number > 0 {
            text.push_str("    ---\n");
        }
        script
            .lines()
            .filter(|line| !line.trim().is_empty())
            .for_each(|line| text.push_str(&format!("    {}\n", line.trim())));
    }
    text
}
