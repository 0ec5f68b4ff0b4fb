//! A script library (话术库) proposed out of what agents have replied: each script with how often and by how many it was
//! said, what customers had asked before it, and the intent and folder it belongs to.

use std::collections::{BTreeMap, BTreeSet};

use super::chat::Corpus;
use super::coverage::{EDIT_SHARE, edit_share};
use super::draft::Draft;
use super::form::{form, weight, without_nod};
use super::group::{Alike, Group, group};
use super::kinds::ReplyKind;
use super::refuse::{Why, why};
use super::whose::{Understood, requests_of};
use crate::classify::Classifier;
use crate::domain::{IntentId, Language};
use crate::playbook::Playbook;
use crate::text::is_han;

/// So many examples of the customers' words are given.
const EXAMPLES: usize = 3;
/// A title is no longer: Han characters; Latin letters count half.
const TITLE: usize = 16;
/// So many members of a group are tried, those said most often.
const LOOKED_AT: usize = 60;
/// So many greetings are enough, so many thanks, and so on: those said most often.
const GLUE: usize = 4;
/// With fewer letters a reply that belongs to no intent is about what was said just before.
const BY_ITSELF: usize = 8;
/// Greetings, thanks and the like must be said in so large a share of the chats.
const OFTEN: f32 = 0.01;

/// What scripts are proposed with.
#[derive(Clone, Copy, Debug)]
pub struct Shop<'a> {
    /// The base pack with the shop's own files over it.
    pub playbook: &'a Playbook,
    /// Compiled from it.
    pub classifier: &'a Classifier,
    /// For categories.
    pub language: Language,
}

/// A script, proposed.
#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    /// The folder of the library.
    pub category: String,
    /// What agents find it by.
    pub title: String,
    /// The words, with gaps.
    pub text: String,
    /// How often it was said, in these words or much the same.
    pub count: usize,
    /// 0 to 1: of all replies.
    pub share: f32,
    /// In how many chats.
    pub chats: usize,
    /// By how many agents; 1 where the table doesn't name them.
    pub agents: usize,
    /// What customers had said before it, masked; the commonest first.
    pub examples: Vec<String>,
    /// The intent of the playbook that it belongs to, where that is clear.
    pub intent: Option<IntentId>,
    /// The drafted intent that it belongs to, where no intent of the playbook is clear.
    pub draft: Option<IntentId>,
    /// What it is for.
    pub kind: ReplyKind,
    /// Places of the replies in the corpus.
    pub replies: Vec<usize>,
}

/// A reply that was said often enough and isn't proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Masked.
    pub text: String,
    /// How often it was said.
    pub count: usize,
    /// In how many chats.
    pub chats: usize,
    /// Why it isn't proposed.
    pub why: Why,
}

/// What is proposed, and what isn't.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Library {
    /// Said most often first.
    pub scripts: Vec<Script>,
    /// Said most often first.
    pub left_out: Vec<LeftOut>,
    /// Groups of replies, those said in too few chats included.
    pub groups: usize,
    /// Replies in groups that were said in too few chats.
    pub rare: usize,
}

impl Library {
    /// Proposes scripts out of groups of replies that were said in at least so many chats.
    #[must_use]
    pub fn of(corpus: &Corpus, understood: &Understood, shop: &Shop<'_>, least: usize) -> Self {
        let texts: Vec<&str> = corpus.replies.iter().map(|reply| reply.text.as_str()).collect();
        let groups = group(&texts, Alike::REPLIES);
        let mut library = Self { groups: groups.len(), ..Self::default() };
        for group in &groups {
            let chats = chats(corpus, &group.members);
            if chats < least {
                library.rare += group.members.len();
                continue;
            }
            let said = without_nod(most_useful(&texts, group));
            let form = form(said);
            let kind = ReplyKind::of(&form);
            let is_rare = kind.is_glue() && (chats as f32) < OFTEN * corpus.chats as f32;
            let script = script(corpus, understood, shop, group, said);
            let of_kind = library.scripts.iter().filter(|other| other.kind == kind).count();
            let refused = why(said, &form, shop.playbook)
                .or_else(|| (is_rare || kind.is_glue() && of_kind >= GLUE).then_some(Why::Enough(kind)))
                .or_else(|| {
                    (script.intent.is_none() && weight(&form) < BY_ITSELF && !kind.is_glue()).then_some(Why::OnlyThere)
                });
            match refused {
                Some(why) => {
                    library.left_out.push(LeftOut { text: said.to_owned(), count: group.members.len(), chats, why });
                }
                None => library.scripts.push(script),
            }
        }
        library
    }
}

impl Library {
    /// Notes which scripts without an intent answer what a draft was made of.
    pub fn belong_to(&mut self, corpus: &Corpus, drafts: &[Draft]) {
        for script in
            self.scripts.iter_mut().filter(|script| script.intent.is_none() && script.kind == ReplyKind::Matter)
        {
            let answers: Vec<usize> =
                script.replies.iter().filter_map(|reply| corpus.replies[*reply].answers).collect();
            let of = |draft: &Draft| answers.iter().filter(|burst| draft.bursts.contains(burst)).count();
            let best = drafts.iter().max_by_key(|draft| of(draft));
            let best = best.filter(|draft| of(draft) >= 2 && 3 * of(draft) >= answers.len());
            script.draft = best.map(|draft| draft.id.clone());
        }
    }
}

fn chats(corpus: &Corpus, replies: &[usize]) -> usize {
    replies.iter().map(|reply| corpus.replies[*reply].chat).collect::<BTreeSet<usize>>().len()
}

/// The member that most of the group could have begun with: they lie within a few edits of it. Of several the medoid, else the
/// one said most often.
fn most_useful<'t>(texts: &[&'t str], group: &Group) -> &'t str {
    let mut counts: BTreeMap<String, (&'t str, usize)> = BTreeMap::new();
    for member in std::iter::once(&group.medoid).chain(&group.members) {
        counts.entry(form(texts[*member]).concat()).or_insert((texts[*member], 0)).1 += 1;
    }
    let mut forms: Vec<(String, (&str, usize))> = counts.into_iter().collect();
    forms.sort_by(|a, b| b.1.1.cmp(&a.1.1).then_with(|| a.0.cmp(&b.0)));
    forms.truncate(LOOKED_AT);
    let near = |of: &str| -> usize {
        let near = forms.iter().filter(|(form, _)| edit_share(of, form) <= EDIT_SHARE);
        near.map(|(_, (_, count))| count).sum()
    };
    let is_medoid = |said: &str| said == texts[group.medoid];
    let best = forms.iter().rev().max_by_key(|(form, (said, count))| (near(form), is_medoid(said), *count));
    best.map_or(texts[group.medoid], |(_, (said, _))| *said)
}

fn script(corpus: &Corpus, understood: &Understood, shop: &Shop<'_>, group: &Group, said: &str) -> Script {
    let form = form(said);
    let kind = ReplyKind::of(&form);
    let bursts: Vec<usize> = group.members.iter().filter_map(|reply| corpus.replies[*reply].answers).collect();
    let own = requests_of(shop.classifier, said);
    let intent = if kind != ReplyKind::Matter { None } else { understood.owner(corpus, &bursts, &own) };
    let agents: BTreeSet<usize> = group.members.iter().map(|reply| corpus.replies[*reply].agent).collect();
    Script {
        category: category(shop, intent.as_ref(), kind),
        title: title(said, &group.words),
        text: said.to_owned(),
        count: group.members.len(),
        share: group.members.len() as f32 / corpus.replies.len().max(1) as f32,
        chats: chats(corpus, &group.members),
        agents: agents.len(),
        examples: examples(corpus, understood, &bursts, intent.as_ref()),
        intent,
        draft: None,
        kind,
        replies: group.members.clone(),
    }
}

/// The folder of the intent's own replies, else one for what the reply is for.
fn category(shop: &Shop<'_>, intent: Option<&IntentId>, kind: ReplyKind) -> String {
    let of_intent = intent.and_then(|intent| shop.playbook.replies.get(intent)?.category.as_ref());
    let of_kind = || kind.category().of(shop.language).to_owned();
    of_intent.map_or_else(of_kind, |category| category.of(shop.language).to_owned())
}

/// The customers' messages before a reply: those that ask for the intent before the others, the commonest first.
fn examples(corpus: &Corpus, understood: &Understood, bursts: &[usize], intent: Option<&IntentId>) -> Vec<String> {
    let mut said: BTreeMap<String, (bool, usize)> = BTreeMap::new();
    for burst in bursts {
        let asks = intent.is_some_and(|intent| understood.requests(*burst).contains(intent));
        let last = corpus.bursts[*burst].said.iter().rev().find(|text| tells(text));
        if let Some(text) = last {
            let entry = said.entry(text.clone()).or_default();
            *entry = (entry.0 || asks, entry.1 + 1);
        }
    }
    let mut ranked: Vec<(String, (bool, usize))> = said.into_iter().collect();
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    ranked.into_iter().take(EXAMPLES).map(|(text, _)| text).collect()
}

/// Long enough to tell something, short enough to be read.
fn tells(text: &str) -> bool {
    const SHORTEST: usize = 4;
    const LONGEST: usize = 80;
    (SHORTEST..=LONGEST).contains(&text.chars().filter(|c| c.is_alphanumeric()).count())
}

/// The clause that holds most of what the group has in common, cut to a title's length.
fn title(said: &str, words: &[String]) -> String {
    let clauses = form(said);
    let holds = |clause: &String| words.iter().filter(|word| clause.contains(*word)).map(String::len).sum::<usize>();
    let best = clauses.iter().rev().max_by_key(|clause| (holds(clause), clause.len().min(3 * TITLE)));
    let mut left = 2 * TITLE;
    let taken = best.map_or(said, String::as_str).chars().take_while(|c| {
        let width = if is_han(*c) { 2 } else { 1 };
        let fits = width <= left;
        left = left.saturating_sub(width);
        fits
    });
    taken.collect::<String>().replace('某', "…").trim().to_owned()
}
