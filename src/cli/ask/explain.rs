//! The explanation as a person reads it: the message with marks under its words, then what they led to.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::found;
use super::names::{self, Pair};
use super::picture::{self, Mark, QUIET, Tint, columns};
use crate::domain::{
    Alarm, AnswerPolicy, Candidate, EvidenceKind, Language, Lost, LostWhy, OrderLookup, Rung, Situation, Span,
    TurnInput, TurnOutcome,
};
use crate::playbook::Playbook;
use crate::playbook::diagnostic::Place;
use crate::playbook::template::Variable;
use crate::text::Text;

/// All that is explained.
pub(super) struct Explanation<'a> {
    pub(super) text: &'a str,
    pub(super) input: &'a TurnInput,
    pub(super) outcome: &'a TurnOutcome,
    pub(super) playbook: &'a Playbook,
    pub(super) language: Language,
}

const STRONG: Style = Style::new().bold();
const PLACE: Style = AnsiColor::Blue.on_default();
/// The column of the names on the left.
const NAME: usize = 10;
/// The tone that every script has.
const PLAIN: &str = "plain";

impl Explanation<'_> {
    /// Everything, with ANSI styles in it.
    pub(super) fn write(&self, micros: u128) -> String {
        let normal = Text::of(self.text);
        let mut out = picture::draw(self.text, &self.marks(&normal));
        self.normal_form(&normal, &mut out);
        self.mended(&mut out);
        for candidate in &self.outcome.classification.intents {
            self.intent(candidate, &mut out);
        }
        for lost in self.lost_by_intent() {
            self.lost(&lost, &mut out);
        }
        self.neighbours(&mut out);
        self.signs(&mut out);
        self.orders(&mut out);
        self.decision(&mut out);
        self.reply(&mut out);
        self.missing(&mut out);
        self.suggestions(&mut out);
        #[allow(clippy::cast_precision_loss, reason = "microseconds of one message")]
        let millis = micros as f64 / 1000.0;
        self.row(("用时", "time"), &format!("{millis:.2} ms"), &mut out);
        out.trim_end().to_owned()
    }

    fn word(&self, pair: Pair) -> &'static str {
        names::of(pair, self.language)
    }

    /// A name on the left, and what belongs to it; further lines stand below it.
    fn row(&self, name: Pair, text: &str, out: &mut String) {
        let name = self.word(name);
        let blank = " ".repeat(NAME.saturating_sub(columns(name)));
        let text = text.replace('\n', &format!("\n{}", " ".repeat(NAME + 1)));
        let _ = writeln!(out, "{STRONG}{name}{STRONG:#}{blank} {text}");
    }

    /// Further words below a row.
    fn below(&self, text: &str, out: &mut String) {
        let _ = writeln!(out, "{} {text}", " ".repeat(NAME));
    }

    fn at(&self, place: Option<&Place>, out: &mut String) {
        if let Some(place) = place.filter(|place| !place.file.is_empty()) {
            let Place { file, line, .. } = place;
            self.below(&format!("  {PLACE}-->{PLACE:#} {QUIET}{file}:{line}{QUIET:#}"), out);
        }
    }

    fn marks(&self, normal: &Text<'_>) -> Vec<Mark> {
        let understood = &self.outcome.classification;
        let mut marks = Vec::new();
        for candidate in &understood.intents {
            for piece in &candidate.evidence {
                let label = self.matched(piece.kind, &piece.line);
                marks.push(self.mark(&piece.spans, Tint::Stands, format!("{}  {label}", candidate.intent)));
            }
        }
        for lost in &understood.lost {
            let kind =
                found::line(self.playbook, &lost.intent, &lost.line).map_or(EvidenceKind::Form, |(kind, _)| kind);
            let label = format!("{}  {}  {}", lost.intent, self.matched(kind, &lost.line), self.word(("落选", "lost")));
            marks.push(Mark { spans: found::spans(normal, &lost.line, kind), tint: Tint::Lost, label });
            if let LostWhy::Unless(veto) = &lost.why {
                let label = format!("{}  {}“{veto}”", lost.intent, self.word(("排除", "unless ")));
                marks.push(Mark { spans: found::spans(normal, veto, EvidenceKind::Phrase), tint: Tint::Veto, label });
            }
        }
        for slot in &understood.slots {
            let label = format!("{} {}", self.word(names::slot(slot.kind)), slot.value);
            marks.push(self.mark(&[slot.span], Tint::Value, label));
        }
        for mention in &understood.mentions {
            let slip = if mention.fuzzy { self.word(("（有错字）", " (misspelt)")) } else { "" };
            let label = format!("{} {}{slip}", self.word(names::mention(mention.kind)), mention.id);
            marks.push(self.mark(&[mention.span], Tint::Value, label));
        }
        let mut seen: Vec<Mark> = Vec::new();
        for mark in marks {
            if !mark.spans.is_empty() && !seen.contains(&mark) {
                seen.push(mark);
            }
        }
        seen
    }

    fn mark(&self, spans: &[Span], tint: Tint, label: String) -> Mark {
        let own = spans.iter().filter(|span| self.text.get(span.start..span.end).is_some());
        Mark { spans: own.map(|span| span.start..span.end).collect(), tint, label }
    }

    /// `phrase “快递到哪了”`
    fn matched(&self, kind: EvidenceKind, line: &str) -> String {
        let kind = self.word(names::evidence(kind));
        if line.is_empty() {
            return kind.to_owned();
        }
        let space = if self.language == Language::Zh { "" } else { " " };
        format!("{kind}{space}“{line}”")
    }

    fn normal_form(&self, normal: &Text<'_>, out: &mut String) {
        let clauses: Vec<&str> = normal.clauses().iter().map(|clause| normal.clause(clause)).collect();
        // Small letters for capitals and marks that are gone are no news.
        let written = self.text.to_lowercase();
        let same = written.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
        let read = clauses.iter().flat_map(|clause| clause.split(|c: char| !c.is_alphanumeric()));
        if !same.eq(read.filter(|part| !part.is_empty())) {
            self.row(("归一", "normal"), &clauses.join(" ⏐ "), out);
        }
    }

    /// `refnud` → refund.
    fn mended(&self, out: &mut String) {
        let mends = self.outcome.classification.mended.iter().filter_map(|mend| {
            let written = self.text.get(mend.span.start..mend.span.end)?;
            Some(format!("{written} → {STRONG}{}{STRONG:#}", mend.read_as))
        });
        let mends: Vec<String> = mends.collect();
        if !mends.is_empty() {
            self.row(("读作", "read as"), &mends.join("  "), out);
        }
    }

    fn intent(&self, candidate: &Candidate, out: &mut String) {
        let style = Tint::Stands.style();
        let intent = self.playbook.intents.get(&candidate.intent);
        let threshold = self.playbook.settings.answer_threshold;
        let asks_threshold = intent.is_some_and(|intent| intent.answer == AnswerPolicy::WhenSure);
        let compared = if candidate.confidence < threshold && asks_threshold && !candidate.intent.is_talk() {
            format!("  < {threshold:.2} {}", self.word(("（门槛）", "(threshold)")))
        } else {
            String::new()
        };
        let means = intent.map(|intent| intent.means.as_str()).unwrap_or_default();
        let text = format!(
            "{style}{}{style:#}  {:.2}{compared}  {QUIET}{means}{QUIET:#}",
            candidate.intent, candidate.confidence
        );
        self.row(("意图", "intent"), &text, out);
        for piece in &candidate.evidence {
            self.below(&format!("{:.2} {}", piece.confidence, self.matched(piece.kind, &piece.line)), out);
            self.at(found::line_of(self.playbook, &candidate.intent, piece.kind, &piece.line), out);
        }
        let alone = candidate.evidence.iter().map(|piece| piece.confidence).fold(0.0, f32::max);
        if candidate.confidence > alone + 0.001 {
            let said = self.word(("几条证据合起来更有把握，最多 0.92", "together they make it surer, up to 0.92"));
            self.below(&format!("{QUIET}{said}{QUIET:#}"), out);
        }
        if let Some(rival) = &candidate.rival {
            let gap = self.playbook.settings.ambiguous_gap;
            let said = match self.language {
                Language::Zh => format!("和 {rival} 相差不到 {gap:.2}，同样的话两种理解"),
                Language::En => format!("closer than {gap:.2} to {rival}: the same words, two readings"),
            };
            self.below(&said, out);
        }
    }

    /// Those that lost, each intent and reason once with all its lines.
    fn lost_by_intent(&self) -> Vec<Vec<&Lost>> {
        let mut groups: Vec<Vec<&Lost>> = Vec::new();
        for lost in &self.outcome.classification.lost {
            let same = |group: &&mut Vec<&Lost>| group.iter().all(|of| of.intent == lost.intent && of.why == lost.why);
            match groups.iter_mut().find(same) {
                Some(group) => group.push(lost),
                None => groups.push(vec![lost]),
            }
        }
        groups
    }

    fn lost(&self, group: &[&Lost], out: &mut String) {
        let Some(first) = group.first() else { return };
        let style = Tint::Lost.style();
        let text = format!("{style}{}{style:#}  {}", first.intent, self.why(&first.why));
        self.row(("落选", "lost"), &text, out);
        for lost in group {
            let found = found::line(self.playbook, &lost.intent, &lost.line);
            self.below(&self.matched(found.map_or(EvidenceKind::Form, |(kind, _)| kind), &lost.line), out);
            self.at(found.map(|(_, place)| place), out);
        }
        if let LostWhy::Unless(veto) = &first.why {
            self.below(&format!("{}“{veto}”", self.word(("排除", "unless "))), out);
            self.at(found::unless(self.playbook, &first.intent, veto), out);
        }
    }

    fn why(&self, why: &LostWhy) -> String {
        let zh = self.language == Language::Zh;
        match why {
            LostWhy::Unless(line) if zh => format!("被它自己的排除词“{line}”否决"),
            LostWhy::Unless(line) => format!("is vetoed by its own unless “{line}”"),
            LostWhy::Inside(other) if zh => format!("落在 {other} 更长的说法里"),
            LostWhy::Inside(other) => format!("lies inside the longer words of {other}"),
            LostWhy::Weaker(other) if zh => format!("不如 {other} 有把握"),
            LostWhy::Weaker(other) => format!("is weaker than {other}"),
            LostWhy::Negated(words) if zh => format!("前面的“{words}”说的是不要"),
            LostWhy::Negated(words) => format!("is not wanted: “{words}” stands before it"),
            LostWhy::BesideARequest if zh => "旁边有真正的请求，寒暄让开".to_owned(),
            LostWhy::BesideARequest => "small talk that stands beside a request".to_owned(),
        }
    }

    /// Examples of like meaning, where they were asked for.
    fn neighbours(&self, out: &mut String) {
        for vote in self.input.neighbours.iter().flat_map(|neighbours| &neighbours.votes) {
            let share = vote.share * 100.0;
            self.row(("邻近", "near"), &format!("{}  {share:.0} %", vote.intent), out);
            self.below(&format!("{:.2} “{}”", vote.similarity, vote.example), out);
            self.at(found::line_of(self.playbook, &vote.intent, EvidenceKind::Near, &vote.example), out);
        }
    }

    fn signs(&self, out: &mut String) {
        let understood = &self.outcome.classification;
        let alarm = understood.alarm.map(|alarm| match alarm {
            Alarm::Risk => ("有风险词", "a risk word"),
            Alarm::Anger => ("语气很急或很气", "sounds angry"),
        });
        let unexplained = understood
            .unexplained
            .then_some(("有一句问话没有任何意图能解释", "a question stands in it that no intent explains"));
        let nothing = understood
            .intents
            .is_empty()
            .then_some(("没有任何意图的说法出现在这条消息里", "no intent has words that stand in this message"));
        for sign in [alarm, nothing.or(unexplained)].into_iter().flatten() {
            self.row(("注意", "note"), self.word(sign), out);
        }
    }

    fn orders(&self, out: &mut String) {
        let zh = self.language == Language::Zh;
        let said = match &self.outcome.orders.lookup {
            OrderLookup::NotAsked => return,
            OrderLookup::None => {
                self.word(("没有查到这位顾客能看的订单", "none that this customer may see")).to_owned()
            }
            OrderLookup::ProofNeeded(number) if zh => format!("{number}：要先核对身份"),
            OrderLookup::ProofNeeded(number) => format!("{number}: has to be proven theirs first"),
            OrderLookup::One(order) => format!("{}  {}", order.number, order.state.situation()),
            OrderLookup::Several(orders) => {
                let numbers: Vec<String> = orders.iter().map(|order| order.number.to_string()).collect();
                numbers.join("  ")
            }
            OrderLookup::SourceDown => self.word(("订单来源没有回应", "the order source did not answer")).to_owned(),
        };
        self.row(("订单", "orders"), &said, out);
    }

    fn decision(&self, out: &mut String) {
        let decision = &self.outcome.decision;
        let act = self.word(names::act(decision.act));
        let text =
            format!("{STRONG}{act}{STRONG:#} · {}  {}", decision.rung.key(), self.word(names::rung(decision.rung)));
        self.row(("决定", "decision"), &text, out);
        if !decision.reason.is_empty() {
            self.below(&format!("{QUIET}{}{QUIET:#}", decision.reason), out);
        }
        if let Some(held) = decision.held_back {
            let (word, act) = (self.word(("本来会", "would have been")), self.word(names::act(held)));
            self.below(&format!("{word}: {act}"), out);
        }
        if let Some(queue) = &decision.queue {
            let word = self.word(("队列", "queue"));
            self.below(&format!("{QUIET}{word} {queue}{QUIET:#}"), out);
        }
    }

    fn reply(&self, out: &mut String) {
        let Some(reply) = &self.outcome.decision.reply else { return };
        self.row(("回复", "reply"), &reply.text, out);
        for part in &reply.parts {
            let tone = part.tone.as_deref().unwrap_or(PLAIN);
            let used = if part.used.is_empty() { String::new() } else { format!("  {{{}}}", part.used.join("} {")) };
            self.below(&format!("{QUIET}{} · {} · {tone}{used}{QUIET:#}", part.intent, part.situation), out);
            // A product's own words go before the shop's.
            let product = self.outcome.state.product.as_ref().and_then(|id| self.playbook.products.get(id));
            let own = product.and_then(|product| product.replies.get(&part.intent));
            let books = own.into_iter().chain(self.playbook.replies.get(&part.intent));
            let found = books.map(|replies| replies.find(reply.language, part.situation, tone));
            let exact = found.flatten().find(|found| found.situation == part.situation && found.tone == tone);
            self.at(exact.map(|found| found.template.place()), out);
        }
    }

    /// Facts and variables without which other words would have been said.
    fn missing(&self, out: &mut String) {
        let decision = &self.outcome.decision;
        if matches!(decision.rung, Rung::FactUnknown | Rung::NoWords) {
            self.row(("缺少", "missing"), &decision.reason, out);
        }
        let language = self.outcome.state.language.unwrap_or_default();
        let stood_in = decision.reply.iter().flat_map(|reply| &reply.parts);
        let stood_in = stood_in.filter(|part| part.situation == Situation::FactUnknown).map(|part| &part.intent);
        let asked = self.outcome.classification.intents.iter().map(|candidate| &candidate.intent);
        let asked = asked.filter(|_| decision.rung == Rung::FactUnknown);
        for intent in stood_in.chain(asked) {
            let Some(replies) = self.playbook.replies.get(intent) else { continue };
            let mut told: Vec<&str> = Vec::new();
            for (_, situation, template) in replies.templates().filter(|(of, _, _)| *of == language) {
                for variable in template.variables() {
                    let Variable::Fact(path) = variable else { continue };
                    if self.playbook.facts.is_set(path) || told.contains(&&**path) {
                        continue;
                    }
                    told.push(path);
                    let said = match self.language {
                        Language::Zh => format!("facts.{path} 没有填：{intent} · {situation} 要用到"),
                        Language::En => format!("facts.{path} is not set: {intent} · {situation} speaks of it"),
                    };
                    self.row(("缺少", "missing"), &said, out);
                    self.at(Some(template.place()), out);
                }
            }
        }
    }

    fn suggestions(&self, out: &mut String) {
        for suggestion in &self.outcome.suggestions {
            let title = suggestion.title.as_deref().unwrap_or(suggestion.intent.as_str());
            let text =
                format!("{:.2} {STRONG}{title}{STRONG:#}  {QUIET}{}{QUIET:#}", suggestion.score, suggestion.intent);
            self.row(("推荐", "suggest"), &text, out);
            if self.outcome.decision.reply.as_ref().is_some_and(|reply| reply.text == suggestion.text) {
                self.below(self.word(("（就是上面的回复）", "(the reply above)")), out);
                continue;
            }
            let indent = format!("\n{} ", " ".repeat(NAME));
            self.below(&suggestion.text.replace('\n', &indent), out);
        }
    }
}
