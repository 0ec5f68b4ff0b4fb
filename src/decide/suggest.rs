//! Ranking what a person is offered: the bot's own words first if it has any, then the scripts of what was understood.

use crate::domain::{IntentId, Suggestion, SuggestionId, TurnId};
use crate::playbook::Playbook;

use super::compose::{Speaker, Words};
use super::moment::Request;

/// Where near examples were asked for, their votes count as much as what was understood.
const NEAR: f32 = 0.5;
/// A person looks at no more.
const MOST: usize = 5;
/// Each further script of the same intent fits a little less.
const FURTHER_SCRIPT: f32 = 0.9;
/// A script about a carrier fits an order that has none badly.
const WITH_GAPS: f32 = 0.5;
/// An intent that lost against another may still be what was meant.
const LOST: f32 = 0.4;
/// The interim words, when nothing was understood.
const NOTHING_UNDERSTOOD: f32 = 0.1;

/// The scripts for a person, the best first, with the order's facts filled in.
pub(super) fn suggestions(speaker: &Speaker<'_>, turn: &TurnId) -> Vec<Suggestion> {
    let mut found: Vec<Suggestion> = Vec::new();
    let playbook = speaker.moment.playbook;
    for request in &speaker.moment.requests {
        let confidence = beside_neighbours(speaker, &request.intent.id, request.confidence);
        of_request(speaker, &Request { confidence, ..request.clone() }, &mut found);
    }
    for vote in speaker.moment.input.neighbours.iter().flat_map(|neighbours| &neighbours.votes) {
        let is_request = speaker.moment.requests.iter().any(|request| request.intent.id == vote.intent);
        if let Some(intent) = playbook.intents.get(&vote.intent).filter(|intent| !is_request && !intent.id.is_talk()) {
            let understood = if has_lost(speaker, &vote.intent) { LOST } else { 0.0 };
            let confidence = beside_neighbours(speaker, &vote.intent, understood);
            of_request(speaker, &Request { intent, confidence, rival: None }, &mut found);
        }
    }
    for talk in speaker.moment.understood.intents.iter().filter(|candidate| candidate.intent.is_talk()) {
        if let Some(intent) = playbook.intents.get(&talk.intent) {
            scripts(
                speaker,
                &Request { intent, confidence: talk.confidence * FURTHER_SCRIPT, rival: None },
                &mut found,
            );
        }
    }
    for lost in &speaker.moment.understood.lost {
        if let Some(intent) = playbook.intents.get(&lost.intent).filter(|intent| !intent.id.is_talk()) {
            let confidence = beside_neighbours(speaker, &lost.intent, LOST);
            scripts(speaker, &Request { intent, confidence, rival: None }, &mut found);
        }
    }
    if found.is_empty()
        && let Some((text, part)) = speaker.system("follow_up", &[])
    {
        let empty = Suggestion { intent: part.intent, text, ..blank(NOTHING_UNDERSTOOD) };
        found.push(empty);
    }
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut shown: Vec<Suggestion> = Vec::new();
    for mut suggestion in found {
        if shown.len() < MOST && !shown.iter().any(|other| other.text == suggestion.text) {
            suggestion.id = SuggestionId::from(format!("{turn}.{}", shown.len() + 1));
            shown.push(suggestion);
        }
    }
    shown
}

/// How sure an intent is, the near examples' votes counted in.
fn beside_neighbours(speaker: &Speaker<'_>, intent: &IntentId, understood: f32) -> f32 {
    let Some(neighbours) = &speaker.moment.input.neighbours else { return understood };
    let share = neighbours.votes.iter().find(|vote| vote.intent == *intent).map_or(0.0, |vote| vote.share);
    NEAR * share + (1.0 - NEAR) * understood
}

fn has_lost(speaker: &Speaker<'_>, intent: &IntentId) -> bool {
    speaker.moment.understood.lost.iter().any(|lost| lost.intent == *intent)
}

fn of_request(speaker: &Speaker<'_>, request: &Request<'_>, found: &mut Vec<Suggestion>) {
    if let Words::Ready(text, part) = speaker.answer(request) {
        let title = title(speaker.moment.playbook, request, speaker);
        found.push(Suggestion { intent: part.intent, text, title, ..blank(request.confidence) });
    }
    scripts(speaker, request, found);
}

fn scripts(speaker: &Speaker<'_>, request: &Request<'_>, found: &mut Vec<Suggestion>) {
    let moment = speaker.moment;
    let books = moment.product.map(|product| &product.replies).into_iter().chain([&*moment.playbook.replies]);
    let scripts =
        books.filter_map(|book| book.get(&request.intent.id)).flat_map(|replies| replies.suggest(moment.language));
    let mut score = request.confidence * FURTHER_SCRIPT;
    for script in scripts {
        found.push(Suggestion {
            intent: request.intent.id.clone(),
            text: speaker.draft(&script.text),
            title: script.title.clone().or_else(|| title(speaker.moment.playbook, request, speaker)),
            use_when: script.use_when.clone(),
            avoid: script.avoid.clone(),
            images: script.images.clone(),
            ..blank(if speaker.lacks_values(&script.text) { score * WITH_GAPS } else { score })
        });
        score *= FURTHER_SCRIPT;
    }
}

fn title(playbook: &Playbook, request: &Request<'_>, speaker: &Speaker<'_>) -> Option<String> {
    let title = playbook.replies.get(&request.intent.id)?.title.as_ref()?;
    Some(title.of(speaker.moment.language).to_owned())
}

fn blank(score: f32) -> Suggestion {
    Suggestion {
        id: SuggestionId::from(""),
        text: String::new(),
        intent: crate::domain::IntentId::from(""),
        title: None,
        use_when: None,
        avoid: None,
        images: Vec::new(),
        score,
    }
}
