//! The ladder's ways to speak: answer, ask, hand off, keep still; each with the limits that hold wherever it is used.

use crate::domain::{
    Act, Asked, At, AttachmentKind, Decision, IntentId, MINUTE, Pending, Phase, QueueName, Reply, ReplyPart, Rung,
    Urgency,
};

use super::compose::{PLAIN, Speaker, remember};
use super::ladder::Ladder;

/// The bot asks for the same thing so often in an episode; then a person goes on.
const QUESTIONS_AT_MOST: u8 = 2;
/// A customer may try so often to prove an order theirs.
pub(super) const PROOFS_AT_MOST: u8 = 3;
/// More bot messages than this in [`SAID_WITHIN`] and a person takes over.
const MESSAGES_AT_MOST: usize = 6;
/// The same answer within this time is no answer.
const SAID_WITHIN: i64 = 10 * MINUTE;
/// A question that is older is forgotten.
const QUESTION_LASTS: i64 = 30 * MINUTE;

impl Ladder<'_> {
    fn now(&self) -> At {
        self.moment.input.now
    }

    /// Answers, unless the same was answered a moment ago or the bot has talked enough.
    pub(super) fn say(&mut self, rung: Rung, reason: &str, pieces: Vec<(String, ReplyPart)>) -> Decision {
        let Some(reply) = self.speaker().reply(pieces) else {
            return self.hand_off(Rung::NoWords, Urgency::Normal, reason);
        };
        let lately = |at: At| self.now().since(at) < SAID_WITHIN;
        let new = remember(&reply, self.now());
        let repeats =
            self.state.said.iter().any(|said| {
                lately(said.at) && new.iter().any(|part| part.hash == said.hash && part.intent == said.intent)
            });
        if repeats && rung != Rung::Talk {
            return self.hand_off(Rung::Repeated, Urgency::Normal, reason);
        }
        if self.has_talked_enough() {
            // A pleasantry too many needs nobody.
            return match rung {
                Rung::Talk => silent(Rung::NothingToAnswer, reason),
                _ => self.hand_off(Rung::BotLimit, Urgency::Normal, reason),
            };
        }
        self.state.said.extend(new);
        decided(Act::Answer, rung, reason, Some(reply))
    }

    /// Asks, unless this was asked often enough. The next turn is read as the answer first.
    pub(super) fn ask(
        &mut self,
        rung: Rung,
        asked: Asked,
        intents: Vec<IntentId>,
        choices: Vec<String>,
        words: Option<(String, ReplyPart)>,
    ) -> Decision {
        let reason = self.reason();
        let most = match asked {
            Asked::Proof => PROOFS_AT_MOST,
            Asked::WhichQuestion => 1,
            _ => QUESTIONS_AT_MOST,
        };
        if self.state.times_asked(asked) >= most {
            return self.hand_off(Rung::TooManyQuestions, Urgency::Normal, &reason);
        }
        let Some(reply) = words.and_then(|words| self.speaker().reply(vec![words])) else {
            return self.hand_off(Rung::NoWords, Urgency::Normal, &reason);
        };
        if self.has_talked_enough() {
            return self.hand_off(Rung::BotLimit, Urgency::Normal, &reason);
        }
        self.state.count_question(asked);
        self.state.said.extend(remember(&reply, self.now()));
        let expires = self.now().plus(QUESTION_LASTS);
        let (attributes, turn) = (self.moment.attributes.clone(), self.moment.input.id.clone());
        self.state.pending = Some(Pending { asked, intents, choices, attributes, turn, expires });
        decided(Act::Ask, rung, &reason, Some(reply))
    }

    fn has_talked_enough(&self) -> bool {
        let mut times: Vec<At> =
            self.state.said.iter().map(|said| said.at).filter(|at| self.now().since(*at) < SAID_WITHIN).collect();
        times.dedup();
        times.len() >= MESSAGES_AT_MOST
    }

    /// Gives the chat to people, in words that fit the hour. As urgent as the most urgent thing that was asked.
    pub(super) fn hand_off(&mut self, rung: Rung, urgency: Urgency, reason: &str) -> Decision {
        let settings = &self.moment.playbook.settings;
        let requests = &self.moment.requests;
        let urgency = requests.iter().map(|request| request.intent.urgency).fold(urgency, Urgency::max);
        let name = if settings.people_are_there(self.now()) { "handed_off" } else { "handed_off_closed" };
        let due = settings.human_hours.as_ref().map(|hours| hours.next_opening(self.now(), &settings.time_zone));
        // Who is hurt or angry is not spoken to in a shop's merry tone.
        let tone = if urgency == Urgency::High { PLAIN } else { &settings.tone };
        let speaker = Speaker { due, tone, ..self.speaker() };
        let words = speaker.system(name, &[]).or_else(|| speaker.system("handed_off", &[]));
        let reply: Option<Reply> = words.and_then(|words| speaker.reply(vec![words]));
        let asked_of = requests.iter().find_map(|request| request.intent.hand_off_to.clone());
        if self.state.phase == Phase::Bot {
            self.state.phase = Phase::Waiting;
            self.state.waiting_since = Some(self.now());
            self.state.waiting_words = 0;
        }
        self.state.pending = None;
        Decision {
            urgency,
            queue: Some(asked_of.unwrap_or_else(|| QueueName::from("default"))),
            ..decided(Act::HandOff, rung, reason, reply)
        }
    }

    /// Adds to the hand-off's words what the person will need and isn't there yet.
    pub(super) fn gather(&self, wanted: &[String], decision: &mut Decision) {
        let mut sent = self.moment.input.messages.iter().flat_map(|message| &message.attachments);
        let has_photo = sent.any(|sent| matches!(sent.kind, AttachmentKind::Image | AttachmentKind::Video));
        let has_order = self.moment.names_order() || self.found.lookup.one().is_some();
        let words = &self.moment.playbook.words;
        let missing: Vec<&str> = wanted
            .iter()
            .filter(|item| !(item.as_str() == "order" && has_order))
            .filter(|item| !(item.as_str() == "photo" && has_photo))
            .filter_map(|item| words.get(self.moment.language, &format!("gather.{item}")))
            .collect();
        if missing.is_empty() {
            return;
        }
        let items = words.list(self.moment.language, &missing);
        let tone = if decision.urgency == Urgency::High { PLAIN } else { &self.moment.playbook.settings.tone };
        let gather = Speaker { tone, ..self.speaker() }.system("gather", &[("gather.items", items)]);
        if let (Some(reply), Some((text, part))) = (&mut decision.reply, gather) {
            reply.text.push('\n');
            reply.text.push_str(&text);
            reply.parts.push(part);
        }
    }
}

/// Nothing is said.
pub(super) fn silent(rung: Rung, reason: &str) -> Decision {
    decided(Act::Silent, rung, reason, None)
}

fn decided(act: Act, rung: Rung, reason: &str, reply: Option<Reply>) -> Decision {
    Decision { act, rung, reason: reason.to_owned(), reply, urgency: Urgency::Normal, queue: None, held_back: None }
}
