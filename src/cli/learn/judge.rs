//! `--judge`: what is learnt from four fifths of the chats, tried on the others.

use serde::Serialize;

use super::learn;
use crate::domain::Language;
use crate::learn::chat::{Chat, Corpus};
use crate::learn::coverage::{Covered, HeldOut, most_frequent};
use crate::learn::library::Shop;

/// So many scripts are tried; the last is all.
const NUMBERS: [usize; 4] = [30, 100, 300, usize::MAX];
/// So many of the replies said most often are listed.
const LISTED: usize = 30;

/// What was found.
#[derive(Debug, Serialize)]
pub(super) struct Judged {
    learnt_from: usize,
    held_out: usize,
    /// Of the chats that were held out.
    replies: usize,
    /// Of them those with something of their own to say.
    saying: usize,
    rows: Vec<Row>,
    /// The baseline, with how often each was said.
    most_frequent: Vec<(String, usize)>,
}

#[derive(Debug, Serialize)]
struct Row {
    /// `library` or `most_frequent`.
    what: &'static str,
    scripts: usize,
    all: f64,
    saying: f64,
    alike: f64,
}

/// Learns from four fifths of the chats. A chat is held out by the rest that its number leaves when divided by 5, or its place
/// where its id is no number.
pub(super) fn judge(chats: &[Chat], fifth: usize, shop: &Shop<'_>, least: usize) -> anyhow::Result<Judged> {
    let is_held_out = |place: usize, chat: &Chat| chat.id.parse::<usize>().unwrap_or(place) % 5 == fifth;
    let (test, train): (Vec<_>, Vec<_>) =
        chats.iter().cloned().enumerate().partition(|(place, chat)| is_held_out(*place, chat));
    let own = |part: Vec<(usize, Chat)>| part.into_iter().map(|(_, chat)| chat).collect::<Vec<_>>();
    let (test, train) = (own(test), own(train));
    let learnt = learn(&train, shop, least)?;
    let replies = Corpus::of(&test).replies;
    let held_out = HeldOut::of(replies.iter().map(|reply| reply.text.as_str()));
    let library: Vec<&str> = learnt.library.scripts.iter().map(|script| script.text.as_str()).collect();
    let frequent = most_frequent(learnt.corpus.replies.iter().map(|reply| reply.text.as_str()));
    let baseline: Vec<&str> = frequent.iter().map(|(text, _)| *text).collect();
    let row = |what: &'static str| {
        move |Covered { scripts, all, saying, alike }: Covered| Row { what, scripts, all, saying, alike }
    };
    let of_library = held_out.covered(&library, &NUMBERS).into_iter().map(row("library"));
    let of_baseline = held_out.covered(&baseline, &NUMBERS[..3]).into_iter().map(row("most_frequent"));
    let (replies, saying) = held_out.replies();
    Ok(Judged {
        learnt_from: train.len(),
        held_out: test.len(),
        replies,
        saying,
        rows: of_library.chain(of_baseline).collect(),
        most_frequent: frequent.iter().take(LISTED).map(|(text, count)| ((*text).to_owned(), *count)).collect(),
    })
}

impl Judged {
    pub(super) fn json(&self) -> String {
        serde_json::json!(self).to_string() + "\n"
    }

    pub(super) fn table(&self, language: Language) -> String {
        let Self { learnt_from, held_out, replies, saying, .. } = self;
        let mut out = if language == Language::Zh {
            format!(
                "从 {learnt_from} 次会话归纳，在另外 {held_out} 次会话的 {replies} 条回复上试（其中 {saying} 条有实质内容）\n编辑量不超过 20% 的回复占比：全部 · 有实质内容的 · 有实质内容且编辑量够小或意思相近的\n"
            )
        } else {
            format!(
                "learnt from {learnt_from} chats, tried on {replies} replies of {held_out} others ({saying} of them say something of their own)\nreplies within 20 % of edits: of all · of those that say something · of those, also if alike to a script\n"
            )
        };
        for Row { what, scripts, all, saying, alike } in &self.rows {
            let what = match (language, *what) {
                (Language::Zh, "library") => "话术库",
                (Language::Zh, _) => "最常见的原话",
                (Language::En, "library") => "library",
                (Language::En, _) => "most frequent replies",
            };
            out.push_str(&format!(
                "  {scripts:>5}  {:>5.1} % · {:>5.1} % · {:>5.1} %  {what}\n",
                all * 100.0,
                saying * 100.0,
                alike * 100.0
            ));
        }
        out
    }
}
