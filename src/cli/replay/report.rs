//! What a replay came to: totals, and each change as a person reads it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::tz::TimeZone;
use serde_json::json;

use super::compare::{Change, Kind, Side};
use crate::domain::{At, Language, ShopId};
use crate::engine::Engine;

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
    /// Stored turns of the period.
    pub turns: u64,
    /// Of these, those whose texts are gone.
    pub erased: u64,
    /// Those that this very playbook had decided.
    pub same_playbook: u64,
    /// Those of them that would change all the same: the program has changed since.
    pub same_playbook_changed: u64,
    /// What would change, in the order of deciding.
    pub changes: Vec<Change>,
    /// Turns that no decision could be reached for then, and what would be done about them now.
    pub undecided: Vec<Change>,
}

impl Report {
    pub(super) fn new(engine: &Engine, period: (At, At)) -> Self {
        Self {
            shop: engine.playbook.shop.clone(),
            playbook: engine.playbook.hash.to_string(),
            period,
            zone: engine.playbook.settings.time_zone.clone(),
            turns: 0,
            erased: 0,
            same_playbook: 0,
            same_playbook_changed: 0,
            changes: Vec::new(),
            undecided: Vec::new(),
        }
    }

    /// How many changes there are of a kind.
    #[must_use]
    pub fn count(&self, kind: Kind) -> usize {
        self.changes.iter().filter(|change| change.kind == kind).count()
    }

    /// Everything as one JSON object; of each kind `limit` changes, if there is a limit.
    ///
    /// # Errors
    /// None in practice: texts and numbers.
    pub fn json(&self, limit: Option<usize>) -> serde_json::Result<String> {
        let most = limit.unwrap_or(usize::MAX);
        let counts: BTreeMap<&str, usize> = Kind::ALL.iter().map(|kind| (kind.key(), self.count(*kind))).collect();
        let shown = Kind::ALL.iter().flat_map(|kind| self.of(*kind).take(most));
        serde_json::to_string(&json!({
            "shop": self.shop, "playbook": self.playbook,
            "from": self.period.0.timestamp().to_string(), "to": self.period.1.timestamp().to_string(),
            "turns": self.turns, "erased": self.erased, "not_decided_then": self.undecided.len(),
            "decided_by_this_playbook": self.same_playbook,
            "decided_by_this_playbook_and_changed": self.same_playbook_changed,
            "counts": counts, "changes": shown.collect::<Vec<_>>(),
            "not_decided": self.undecided.iter().take(most).collect::<Vec<_>>(),
        }))
    }

    fn of(&self, kind: Kind) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |change| change.kind == kind)
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
        let undecided: Vec<&Change> = self.undecided.iter().collect();
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
        row(out, writer.word("轮次", "turns"), self.turns);
        let not_decided = count(self.undecided.len());
        let same = self.turns - self.erased - not_decided - count(self.changes.len());
        row(out, writer.word("不变", "unchanged"), same);
        for kind in Kind::ALL {
            row(out, title(kind, writer.language), count(self.count(kind)));
        }
        if not_decided > 0 {
            row(out, writer.word("当时没能判断", "not decided then"), not_decided);
        }
        if self.erased > 0 {
            row(out, writer.word("原文已删除，跳过", "text erased, left out"), self.erased);
        }
        if self.same_playbook_changed > 0 {
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
