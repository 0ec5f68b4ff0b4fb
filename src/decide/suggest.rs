//! Ranking what a person is offered: the bot's own words first if it has any, then the scripts of what was understood.

use crate::domain::{Suggestion, SuggestionId, TurnId};
use crate::playbook::Playbook;

use super::compose::{Speaker, Words};
use super::moment::Request;

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
    for request in &speaker.moment.requests {
        of_request(speaker, request, &mut found);
    }
    let playbook = speaker.moment.playbook;
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
            scripts(speaker, &Request { intent, confidence: LOST, rival: None }, &mut found);
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
