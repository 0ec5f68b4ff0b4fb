//! What a replay came to: totals, and each change as a person reads it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::tz::TimeZone;
use serde_json::json;

use crate::domain::{At, Language, ShopId};
use crate::engine::Engine;
use crate::replay::{Change, Kind, Replayed, Side};

/// What deciding anew came to.
#[derive(Debug)]
pub struct Report {
    /// Whose turns.
    pub shop: ShopId,
    /// The hash of the playbook they were decided with now.
    pub playbook: String,
    /// The first instant, and the one after the last.
    pub period: (At, At),
    /// The shop's zone.
    zone: TimeZone,
    /// What it came to.
    pub again: Replayed,
}

impl Report {
    pub(super) fn new(engine: &Engine, period: (At, At), again: Replayed) -> Self {
        Self {
            shop: engine.playbook.shop.clone(),
            playbook: engine.playbook.hash.to_string(),
            period,
            zone: engine.playbook.settings.time_zone.clone(),
            again,
        }
    }

    /// Everything as one JSON object; of each kind `limit` changes, if there is a limit.
    ///
    /// # Errors
    /// None in practice: texts and numbers.
    pub fn json(&self, limit: Option<usize>) -> serde_json::Result<String> {
        let most = limit.unwrap_or(usize::MAX);
        let counts: BTreeMap<&str, usize> =
            Kind::ALL.iter().map(|kind| (kind.key(), self.again.count(*kind))).collect();
        let shown = Kind::ALL.iter().flat_map(|kind| self.of(*kind).take(most));
        serde_json::to_string(&json!({
            "shop": self.shop, "playbook": self.playbook,
            "from": self.period.0.timestamp().to_string(), "to": self.period.1.timestamp().to_string(),
            "turns": self.again.turns, "erased": self.again.erased, "not_decided_then": self.again.undecided.len(),
            "decided_by_this_playbook": self.again.same_playbook,
            "decided_by_this_playbook_and_changed": self.again.same_playbook_changed,
            "counts": counts, "changes": shown.collect::<Vec<_>>(),
            "not_decided": self.again.undecided.iter().take(most).collect::<Vec<_>>(),
        }))
    }

    fn of(&self, kind: Kind) -> impl Iterator<Item = &Change> {
        self.again.changes.iter().filter(move |change| change.kind == kind)
    }

    /// Everything for a person to read; of each kind `most` changes.
    #[must_use]
    pub fn text(&self, language: Language, most: usize) -> String {
        let writer = Writer { zone: &self.zone, language, most };
        let mut out = String::new();
        for kind in Kind::ALL {
            let changes: Vec<&Change> = self.of(kind).collect();
            writer.section(title(kind, language), &changes, &mut out);
        }
        let undecided: Vec<&Change> = self.again.undecided.iter().collect();
        writer.section(writer.word("当时没能判断", "not decided then"), &undecided, &mut out);
        self.totals(&writer, &mut out);
        out
    }

    fn totals(&self, writer: &Writer<'_>, out: &mut String) {
        let (from, to) = (writer.time(self.period.0), writer.time(self.period.1));
        let _ = writeln!(out, "{}  {from} – {to}  ({})", self.shop, self.playbook);
        let row = |out: &mut String, name: &str, count: u64| {
            let width = 30usize.saturating_sub(unicode_width::UnicodeWidthStr::width(name));
            let _ = writeln!(out, "  {name}{}{count:>8}", " ".repeat(width));
        };
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        row(out, writer.word("轮次", "turns"), self.again.turns);
        let not_decided = count(self.again.undecided.len());
        let same = self.again.turns - self.again.erased - not_decided - count(self.again.changes.len());
        row(out, writer.word("不变", "unchanged"), same);
        for kind in Kind::ALL {
            row(out, title(kind, writer.language), count(self.again.count(kind)));
        }
        if not_decided > 0 {
            row(out, writer.word("当时没能判断", "not decided then"), not_decided);
        }
        if self.again.erased > 0 {
            row(out, writer.word("原文已删除，跳过", "text erased, left out"), self.again.erased);
        }
        if self.again.same_playbook_changed > 0 {
            let said = writer.word(
                "注意：有些轮次当时就是这一版话术判断的，现在却不一样：变的是程序，不是话术。",
                "note: some of these turns were decided by this very playbook: the program has changed, not the words.",
            );
            let _ = writeln!(out, "\n{said}");
        }
    }
}

fn title(kind: Kind, language: Language) -> &'static str {
    let (zh, en) = match kind {
        Kind::NewlyAnswered => ("新增自动回答", "newly answered"),
        Kind::NewlyHandedOff => ("新增转人工", "newly handed off"),
        Kind::AnotherAnswer => ("换了说法", "another answer"),
        Kind::NewlyAsked => ("新增反问", "newly asked"),
        Kind::Other => ("其他变化", "other changes"),
    };
    if language == Language::Zh { zh } else { en }
}

struct Writer<'a> {
    zone: &'a TimeZone,
    language: Language,
    most: usize,
}

impl Writer<'_> {
    fn word(&self, zh: &'static str, en: &'static str) -> &'static str {
        if self.language == Language::Zh { zh } else { en }
    }

    fn time(&self, at: At) -> String {
        at.timestamp().to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
    }

    fn section(&self, title: &str, changes: &[&Change], out: &mut String) {
        if changes.is_empty() || self.most == 0 {
            return;
        }
        let _ = writeln!(out, "── {title} · {}", changes.len());
        for change in changes.iter().take(self.most) {
            self.change(change, out);
        }
        if let Some(more) = changes.len().checked_sub(self.most).filter(|more| *more > 0) {
            let _ = match self.language {
                Language::Zh => writeln!(out, "  … 还有 {more} 条（--limit 可以多看）"),
                Language::En => writeln!(out, "  … and {more} more (see them with --limit)"),
            };
        }
        out.push('\n');
    }

    fn change(&self, change: &Change, out: &mut String) {
        let said: Vec<&str> = change.messages.iter().map(|text| text.trim()).collect();
        let said = said.join(" ⏐ ").replace('\n', " ⏎ ");
        let said =
            if said.is_empty() { self.word("（图片或卡片）", "(a picture or a card)").to_owned() } else { said };
        let _ = writeln!(out, "  {}  {said}", self.time(At(change.at)));
        let _ = writeln!(out, "    - {}", self.side(&change.before));
        let _ = writeln!(out, "    + {}", self.side(&change.after));
        if change.before.reply == change.after.reply && change.before.suggestions != change.after.suggestions {
            let first = |side: &Side| one_line(side.suggestions.first().map_or("—", String::as_str));
            let word = self.word("推荐话术", "suggests");
            let _ = writeln!(out, "      {word} {} → {}", first(&change.before), first(&change.after));
        }
        if change.order_not_looked_up {
            let word = self
                .word("当时没有查订单，这里按没有查到算", "no order was looked up then; it counts as not found here");
            let _ = writeln!(out, "      ({word})");
        }
    }

    /// `answer · sure  logistics/track_parcel  您的订单…`
    fn side(&self, side: &Side) -> String {
        let intents: Vec<&str> = side.intents.iter().map(crate::domain::IntentId::as_str).collect();
        let intents = if intents.is_empty() { "—".to_owned() } else { intents.join(", ") };
        let held = side.held_back.map_or_else(String::new, |act| format!(" ({act})"));
        let reply = side.reply.as_deref().map_or_else(String::new, |reply| format!("  “{}”", one_line(reply)));
        format!("{}{held} · {}  {intents}{reply}", side.decision, side.rung)
    }
}

/// The first line of a text, cut where a person stops reading.
fn one_line(text: &str) -> String {
    const MOST: usize = 80;
    let first = text.lines().next().unwrap_or_default();
    let cut: String = first.chars().take(MOST).collect();
    if cut.len() < text.len() { format!("{cut}…") } else { cut }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Message, Turn, TurnInput, TurnOutcome};
    use crate::replay::compare;

    #[test]
    fn what_was_not_decided_then_is_told_apart() {
        let input = TurnInput {
            id: "t-1".into(),
            shop: "test".into(),
            channel: "web".into(),
            conversation: "c-1".into(),
            customer: Default::default(),
            messages: vec![Message::plain("m-1".into(), "你好", At(0))],
            state: Default::default(),
            mode: Default::default(),
            intent_modes: Default::default(),
            neighbours: None,
            now: At(0),
        };
        let outcome = TurnOutcome::without_decision(&input, "p".into(), "internal error");
        let mut silent = outcome.clone();
        silent.decision.act = crate::domain::Act::Silent;
        let turn = Turn { episode: "e-1".into(), seq: 1, window_end: At(0), window: 0, input, outcome };
        let mut again = Replayed::default();
        again.turns = 1;
        again.undecided.extend(compare(&turn, &silent));
        let report = Report {
            shop: "test".into(),
            playbook: "p".to_owned(),
            period: (At(0), At(1)),
            zone: TimeZone::UTC,
            again,
        };
        assert!(report.text(Language::En, 9).contains("not decided then · 1"));
    }
}
