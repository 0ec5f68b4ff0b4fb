//! Words that are missing, unreachable, or speak of facts that nobody has set.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{AnswerPolicy, IntentId, Language, Situation};
use crate::playbook::Playbook;
use crate::playbook::diagnostic::{Bilingual, Diagnostic, Place, nearest};
use crate::playbook::intent::Intent;
use crate::playbook::places::Spot;
use crate::playbook::reply::Replies;
use crate::playbook::template::Variable;

/// The system's own words that no shop can do without.
const SYSTEM: &[&str] =
    &["handed_off", "ask_order", "ask_which_order", "ask_which_question", "proof_needed", "proof_failed"];

pub(super) fn check(playbook: &Playbook) -> Vec<Diagnostic> {
    let mut mistakes = Vec::new();
    // Neither the system's own words nor scripts for agents (`library/…`) belong to an intent.
    let of_intents = playbook.replies.iter().filter(|(id, _)| !matches!(id.area(), "system" | "library"));
    for (id, replies) in of_intents {
        let Some(intent) = playbook.intents.get(id) else {
            mistakes.extend(without_intent(playbook, id));
            continue;
        };
        let reply = Reply { playbook, intent, replies, file: format!("replies/{id}.yaml") };
        mistakes.extend(reply.twins());
        mistakes.extend(reply.without_order());
        mistakes.extend(reply.gaps());
    }
    mistakes.extend(silent_intents(playbook));
    mistakes.extend(missing_system_words(playbook));
    mistakes.extend(unset_facts(playbook));
    mistakes
}

/// Words for an intent that isn't there. One that was switched off keeps its words for later.
fn without_intent(playbook: &Playbook, id: &IntentId) -> Option<Diagnostic> {
    if playbook.has_file(&format!("intents/{id}.yaml")) {
        return None;
    }
    let message = Bilingual::new(format!("没有 {id} 这个意图"), format!("there is no intent {id}"));
    let mistake = Diagnostic::error("unknown-intent", playbook.place_of(&format!("replies/{id}.yaml")), message);
    let near = nearest(id.as_str(), playbook.intents.keys().map(IntentId::as_str));
    Some(match near {
        Some(near) => mistake.with_help(Bilingual::new(format!("是不是 {near}？"), format!("did you mean {near}?"))),
        None => mistake,
    })
}

/// The stages of an order that words may be needed for.
const STAGES: &[Situation] = &[
    Situation::Unpaid,
    Situation::Presale,
    Situation::Paid,
    Situation::Overdue,
    Situation::PartShipped,
    Situation::Shipped,
    Situation::Stuck,
    Situation::AtStation,
    Situation::Signed,
    Situation::Cancelled,
    Situation::Refunding,
    Situation::Refunded,
];

/// The words for one intent.
struct Reply<'p> {
    playbook: &'p Playbook,
    intent: &'p Intent,
    replies: &'p Replies,
    file: String,
}

impl Reply<'_> {
    /// Where a situation's words stand, in a language.
    fn spot(&self, language: Language, situation: Situation) -> Spot {
        self.playbook.spot(&self.file, &format!("{}.{situation}", language.key()))
    }

    /// A situation with words in one of the shop's languages and none in another.
    fn twins(&self) -> Vec<Diagnostic> {
        let languages = &self.playbook.settings.languages;
        let of = |language: Language| -> BTreeSet<_> { self.replies.situations(language).collect() };
        let mut told = Vec::new();
        for language in languages {
            let own = of(*language);
            for other in languages.iter().filter(|other| *other != language) {
                for situation in of(*other).difference(&own) {
                    let key = language.key();
                    let message = Bilingual::new(
                        format!("{key} 缺少“{situation}”的话术"),
                        format!("`{situation}` has no words in {key}"),
                    );
                    let help = Bilingual::new(
                        format!("在 {key}: 下面也写上 {situation}: |"),
                        format!("write `{situation}: |` below `{key}:` too"),
                    );
                    let mistake = Diagnostic::warning("missing-twin", Place::default(), message).with_help(help);
                    told.push(self.spot(*other, *situation).of(mistake));
                }
            }
        }
        told
    }

    /// Words that speak of an order, for an intent that never has one.
    fn without_order(&self) -> Vec<Diagnostic> {
        if self.intent.wants_order() {
            return Vec::new();
        }
        let mut told = Vec::new();
        let mut seen = BTreeSet::new();
        for (language, situation, template) in self.replies.templates() {
            if situation.is_about_an_order() && seen.insert((language, situation, String::new())) {
                let message = Bilingual::new(
                    format!("这个意图没有 needs: [order]，永远不会说到“{situation}”"),
                    format!("the intent has no `needs: [order]`: `{situation}` is never said"),
                );
                let mistake = Diagnostic::warning("unreachable-words", Place::default(), message);
                told.push(self.spot(language, situation).of(mistake));
            }
            let names = template.variables().filter_map(Variable::named).filter(|name| name.starts_with("order."));
            for name in names.filter(|_| !situation.is_about_an_order()) {
                if seen.insert((language, situation, name.to_owned())) {
                    told.push(self.spot(language, situation).of(without_order(situation, name)));
                }
            }
        }
        told
    }

    /// Stages of an order that fall through to a person for want of words.
    fn gaps(&self) -> Vec<Diagnostic> {
        let is_answered = self.intent.answer != AnswerPolicy::Never && !self.intent.id.is_talk();
        let has_words = self.replies.templates().next().is_some();
        if !is_answered || !has_words || !self.intent.wants_order() {
            return Vec::new();
        }
        let mut told = Vec::new();
        for language in &self.playbook.settings.languages {
            let find = |situation: &&Situation| self.replies.find(*language, **situation, "plain").is_none();
            let missing: Vec<String> = STAGES.iter().filter(find).map(ToString::to_string).collect();
            if missing.is_empty() || missing.len() == STAGES.len() {
                continue;
            }
            let message = Bilingual::new(
                format!("这些情形没有话术，会转人工：{}", missing.join("、")),
                format!("no words for these situations; they go to people: {}", missing.join(", ")),
            );
            let help = Bilingual::new("写上它们，或者写一条 default", "write them, or one `default` for the rest");
            let spot = self.playbook.spot(&self.file, language.key());
            // The base pack leaves to people what is theirs.
            if spot.place.file.starts_with("base/") {
                continue;
            }
            told.push(spot.of(Diagnostic::warning("missing-reply", Place::default(), message).with_help(help)));
        }
        told
    }
}

fn without_order(situation: Situation, name: &str) -> Diagnostic {
    let message = Bilingual::new(
        format!("“{situation}”用了 {{{name}}}，但这个意图没有 needs: [order]，永远发不出去"),
        format!("`{situation}` speaks of {{{name}}}, but the intent has no `needs: [order]`: it could never be sent"),
    );
    Diagnostic::error("unreachable-variable", Place::default(), message)
}

/// An intent that the bot may answer and has no words for always goes to a person; its writer should know.
fn silent_intents(playbook: &Playbook) -> Vec<Diagnostic> {
    let silent = playbook.intents.values().filter(|intent| {
        let has_words = playbook.replies.get(&intent.id).is_some_and(|replies| replies.templates().next().is_some());
        intent.answer != AnswerPolicy::Never && !intent.id.is_talk() && !has_words
    });
    let told = silent.map(|intent| {
        let message = Bilingual::new(
            format!("{} 没有可以自动回复的话术，都会转人工", intent.id),
            format!("{} has no words the bot could say; all of it goes to people", intent.id),
        );
        Diagnostic::warning("no-words", playbook.place_of(&format!("intents/{}.yaml", intent.id)), message)
    });
    told.collect()
}

fn missing_system_words(playbook: &Playbook) -> Vec<Diagnostic> {
    let mut missing = Vec::new();
    for name in SYSTEM {
        let replies = playbook.replies.get(&Playbook::system(name));
        for language in &playbook.settings.languages {
            if replies.is_none_or(|replies| replies.situations(*language).next().is_none()) {
                let key = language.key();
                let message = Bilingual::new(
                    format!("缺少系统话术 {name}（{key}）"),
                    format!("the system's words `{name}` are missing in {key}"),
                );
                missing.push(Diagnostic::error(
                    "missing-words",
                    playbook.place_of(&format!("replies/system/{name}.yaml")),
                    message,
                ));
            }
        }
    }
    missing
}

/// Facts that replies speak of and the shop hasn't set, with the replies that say something else or go to a person.
fn unset_facts(playbook: &Playbook) -> Vec<Diagnostic> {
    let mut unset: BTreeMap<String, [BTreeSet<&IntentId>; 2]> = BTreeMap::new();
    for (id, replies) in playbook.replies.iter().filter(|(id, _)| is_spoken(playbook, id)) {
        for (language, _, template) in replies.templates() {
            let has_other = replies.find(language, Situation::FactUnknown, "plain").is_some();
            for variable in template.variables() {
                if let Variable::Fact(path) = variable
                    && !playbook.facts.is_set(path)
                    && playbook.settings.languages.contains(&language)
                {
                    unset.entry(path.to_string()).or_default()[usize::from(has_other)].insert(id);
                }
            }
        }
    }
    unset.into_iter().map(|(fact, replies)| unset_fact(playbook, &fact, &replies)).collect()
}

/// Whether the bot may say an intent's words at all.
fn is_spoken(playbook: &Playbook, id: &IntentId) -> bool {
    id.area() == "system" || playbook.intents.get(id).is_some_and(|intent| intent.answer != AnswerPolicy::Never)
}

fn unset_fact(playbook: &Playbook, fact: &str, [handed_off, other]: &[BTreeSet<&IntentId>; 2]) -> Diagnostic {
    let list = |ids: &BTreeSet<&IntentId>, mark: &str| ids.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(mark);
    let mut message = Bilingual::new(format!("facts.{fact} 没有填"), format!("facts.{fact} is not set"));
    if !handed_off.is_empty() {
        message.zh += &format!("，用到它的回复会转人工：{}", list(handed_off, "、"));
        message.en += &format!("; replies that speak of it go to people: {}", list(handed_off, ", "));
    }
    if !other.is_empty() {
        message.zh += &format!("；会改说 fact_unknown 的话术：{}", list(other, "、"));
        message.en += &format!("; said instead are the words of `fact_unknown`: {}", list(other, ", "));
    }
    playbook.spot("shop.yaml", "facts").of(Diagnostic::warning("unset-fact", Place::default(), message))
}
