//! `intents/<area>/<name>.yaml`: what a customer means, and the many ways of saying it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::diagnostic::{Bilingual, Diagnostic, Place, nearest};
use super::keys;
use super::tree::{Key, Node, SourceFile};
use crate::domain::{AnswerPolicy, IntentId, Language, Need, QueueName, Urgency};
use crate::text::clauses_of;

pub(super) const KEYS: &[&str] =
    &["means", "answer", "hand_off_to", "urgency", "needs", "gather", "off", "zh", "en", "remove"];
pub(super) const WORDING_KEYS: &[&str] =
    &["phrases", "whole", "together", "unless", "examples", "should_match", "should_not_match", "remove"];

/// One intent, merged over all layers.
#[derive(Clone, Debug)]
pub struct Intent {
    /// `area/name`.
    pub id: IntentId,
    /// One sentence: The customer …
    pub means: String,
    /// Whether the bot may answer it.
    pub answer: AnswerPolicy,
    /// Whose it is when a person has to answer.
    pub hand_off_to: Option<QueueName>,
    /// How soon a person should look.
    pub urgency: Urgency,
    /// What has to be known before it can be answered.
    pub needs: Vec<Need>,
    /// What a person will need: `photo`, `order`.
    pub gather: Vec<String>,
    /// The ways of saying it.
    pub wording: BTreeMap<Language, Wording>,
}

/// A line of a file with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Without the blanks around it.
    pub text: String,
    /// Where it stands.
    pub place: Place,
    /// How high its layer is: 0 is the lowest. Of one phrase under two intents the higher's holds.
    pub level: u8,
    /// Its normal form, clause by clause; a phrase has one.
    pub clauses: Box<[String]>,
}

/// The ways of saying an intent in one language.
#[derive(Clone, Debug, Default)]
pub struct Wording {
    /// Any of these within a clause.
    pub phrases: Vec<Line>,
    /// A clause that is just this.
    pub whole: Vec<Line>,
    /// All words of a line within a sentence.
    pub together: Vec<Line>,
    /// These veto.
    pub unless: Vec<Line>,
    /// Whole messages to learn from.
    pub examples: Vec<Line>,
    /// Cases.
    pub should_match: Vec<Line>,
    /// Cases of neighbours.
    pub should_not_match: Vec<Line>,
}

impl Wording {
    fn list(&mut self, key: &str) -> Option<&mut Vec<Line>> {
        Some(match key {
            "phrases" => &mut self.phrases,
            "whole" => &mut self.whole,
            "together" => &mut self.together,
            "unless" => &mut self.unless,
            "examples" => &mut self.examples,
            "should_match" => &mut self.should_match,
            "should_not_match" => &mut self.should_not_match,
            _ => return None,
        })
    }

    /// Every line.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        let cases = self.should_match.iter().chain(&self.should_not_match);
        self.claims().chain(&self.together).chain(&self.unless).chain(cases)
    }

    fn lists_mut(&mut self) -> [&mut Vec<Line>; 7] {
        [
            &mut self.phrases,
            &mut self.whole,
            &mut self.together,
            &mut self.unless,
            &mut self.examples,
            &mut self.should_match,
            &mut self.should_not_match,
        ]
    }

    /// The lines that say by themselves which intent is meant.
    fn claims(&self) -> impl Iterator<Item = &Line> {
        self.phrases.iter().chain(&self.whole).chain(&self.examples)
    }
}

impl Intent {
    fn new(id: IntentId) -> Self {
        Self {
            id,
            means: String::new(),
            answer: AnswerPolicy::default(),
            hand_off_to: None,
            urgency: Urgency::default(),
            needs: Vec::new(),
            gather: Vec::new(),
            wording: BTreeMap::new(),
        }
    }

    /// Whether an order is looked up for it.
    #[must_use]
    pub fn wants_order(&self) -> bool {
        self.needs.iter().any(|need| matches!(need, Need::Order | Need::OrderIfAny))
    }
}

/// Every intent of the layers read so far. Shops that change none of an intent's words share it.
pub type Intents = BTreeMap<IntentId, Arc<Intent>>;

/// What an intent is read with.
pub(super) struct Reading<'a> {
    pub(super) file: &'a SourceFile,
    pub(super) level: u8,
    pub(super) mistakes: &'a mut Vec<Diagnostic>,
}

impl Reading<'_> {
    /// Reads one intent over those of the layers below: lists add, `remove` takes lines away, the rest replaces.
    /// `node` stands at `at` if it isn't the whole file.
    pub(super) fn read(&mut self, intents: &mut Intents, id: &IntentId, node: &Node, at: Option<&Key>) {
        let below = intents.get(id).cloned();
        let mut intent = below.clone().unwrap_or_else(|| Arc::new(Intent::new(id.clone())));
        let reading = Arc::make_mut(&mut intent);
        let mut off = false;
        for (key, at, value) in keys::known(self.file, node, KEYS, self.mistakes) {
            if let Some(language) = Language::parse(key) {
                self.read_wording(reading.wording.entry(language).or_default(), value);
            } else if key == "off" {
                off = value.text() == Some("true");
                if !off && value.text() != Some("false") {
                    self.mistakes.push(keys::bad_value(self.file, value, key, "true · false"));
                }
            } else if key == "remove" {
                self.remove(&mut reading.wording.values_mut().collect::<Vec<_>>(), value, at);
            } else if read_key(reading, key, value).is_none() {
                self.mistakes.push(keys::bad_value(self.file, value, key, form(key)));
            }
        }
        if off {
            if below.is_none() {
                self.mistakes.push(self.nothing_to_turn_off(intents, id, at));
            }
            intents.remove(id);
            return;
        }
        if intent.means.is_empty() {
            self.mistakes.push(self.means_is_missing(intents, id, at));
        }
        intents.insert(id.clone(), intent);
    }

    fn place(&self, at: Option<&Key>) -> Place {
        match at {
            Some(key) => self.file.place(key.line, key.column, key.name.chars().count()),
            None => self.file.place(1, 0, 0),
        }
    }

    fn means_is_missing(&self, intents: &Intents, id: &IntentId, at: Option<&Key>) -> Diagnostic {
        let message = Bilingual::new(
            "缺少 means：用一句话说明客户想要什么",
            "`means` is missing: say in one sentence what the customer wants",
        );
        let mut mistake = Diagnostic::error("missing-key", self.place(at), message);
        // Without it the file may have been meant for an intent of a layer below.
        if let Some(near) = nearest(id.as_str(), intents.keys().map(IntentId::as_str)) {
            let help = Bilingual::new(
                format!("如果想改的是已有的 {near}，文件名要和它一样"),
                format!("if {near} is what you mean to change, the file has to be named like it"),
            );
            mistake = mistake.with_help(help);
        }
        mistake
    }

    fn nothing_to_turn_off(&self, intents: &Intents, id: &IntentId, at: Option<&Key>) -> Diagnostic {
        let message =
            Bilingual::new(format!("没有 {id} 这个意图，不用关闭"), format!("there is no intent {id} to switch off"));
        let mistake = Diagnostic::error("unknown-intent", self.place(at), message);
        match nearest(id.as_str(), intents.keys().map(IntentId::as_str)) {
            Some(near) => {
                mistake.with_help(Bilingual::new(format!("是不是 {near}？"), format!("did you mean {near}?")))
            }
            None => mistake,
        }
    }

    /// Takes lines away that a layer below wrote. One that isn't there is told: most likely it is mistyped.
    fn remove(&mut self, wordings: &mut [&mut Wording], value: &Node, at: &Key) {
        if value.text().is_none() {
            self.mistakes.push(not_a_block(self.file, value, &at.name));
        }
        for (number, gone) in value.lines() {
            let mut found = false;
            for list in wordings.iter_mut().flat_map(|wording| wording.lists_mut()) {
                let before = list.len();
                // What this layer says itself stays, wherever in its file it stands.
                list.retain(|line| line.text != gone || line.level == self.level);
                found |= list.len() < before;
            }
            if !found {
                let message = Bilingual::new(
                    format!("没有“{gone}”这一行可以去掉"),
                    format!("there is no line \"{gone}\" to take away"),
                );
                let place = self.file.place(number, 0, 0);
                self.mistakes.push(keys::with_line(
                    self.file,
                    Diagnostic::warning("nothing-to-remove", place, message).with_help(Bilingual::new(
                        "要和原来的那一行一字不差",
                        "it has to be the very line that stands in the layer below",
                    )),
                ));
            }
        }
    }

    fn read_wording(&mut self, wording: &mut Wording, node: &Node) {
        for (key, at, value) in keys::known(self.file, node, WORDING_KEYS, self.mistakes) {
            if key == "remove" {
                self.remove(&mut [&mut *wording], value, at);
                continue;
            }
            let Some(list) = wording.list(key) else { continue };
            // A YAML list would cut `#1234` and `[急]` silently.
            if value.text().is_none() && !value.items().is_empty() {
                self.mistakes.push(not_a_block(self.file, value, key));
            }
            list.extend(value.lines().map(|(line, text)| Line {
                text: text.to_owned(),
                place: self.file.place(line, 0, 0),
                level: self.level,
                clauses: clauses_of(text).into(),
            }));
        }
    }
}

/// Of one text that two intents claim, the higher layer's holds: a shop's phrase beats one of the base pack.
pub(super) fn settle(intents: &mut Intents) {
    let mut claims: BTreeMap<Box<[String]>, (u8, IntentId)> = BTreeMap::new();
    for intent in intents.values() {
        for line in intent.wording.values().flat_map(Wording::claims).filter(|line| line.level > 0) {
            let claim = claims.entry(line.clauses.clone()).or_insert_with(|| (line.level, intent.id.clone()));
            if claim.0 < line.level {
                *claim = (line.level, intent.id.clone());
            }
        }
    }
    if claims.is_empty() {
        return;
    }
    let loses = |id: &IntentId, line: &Line| {
        claims.get(&line.clauses).is_some_and(|(level, winner)| line.level < *level && winner != id)
    };
    let poorer: Vec<IntentId> = intents
        .values()
        .filter(|intent| intent.wording.values().flat_map(Wording::claims).any(|line| loses(&intent.id, line)))
        .map(|intent| intent.id.clone())
        .collect();
    for id in poorer {
        let Some(intent) = intents.get_mut(&id) else { continue };
        for wording in Arc::make_mut(intent).wording.values_mut() {
            for list in [&mut wording.phrases, &mut wording.whole, &mut wording.examples] {
                list.retain(|line| !loses(&id, line));
            }
        }
    }
}

fn read_key(intent: &mut Intent, key: &str, value: &Node) -> Option<()> {
    match key {
        "means" => intent.means = value.text()?.trim().to_owned(),
        "answer" => {
            intent.answer = match value.text()? {
                "never" => AnswerPolicy::Never,
                "when_sure" => AnswerPolicy::WhenSure,
                "always" => AnswerPolicy::Always,
                _ => return None,
            }
        }
        "hand_off_to" => intent.hand_off_to = Some(value.text()?.into()),
        "urgency" => {
            intent.urgency = match value.text()? {
                "low" => Urgency::Low,
                "normal" => Urgency::Normal,
                "high" => Urgency::High,
                _ => return None,
            }
        }
        "needs" => {
            let need = |name: &str| match name {
                "order" => Some(Need::Order),
                "order_if_any" => Some(Need::OrderIfAny),
                "product" => Some(Need::Product),
                _ => None,
            };
            intent.needs = value.items().into_iter().map(need).collect::<Option<_>>()?;
        }
        "gather" => intent.gather = value.items().into_iter().map(str::to_owned).collect(),
        _ => {}
    }
    Some(())
}

fn form(key: &str) -> &'static str {
    match key {
        "answer" => "never · when_sure · always",
        "urgency" => "low · normal · high",
        "needs" => "[order] · [order_if_any] · [product]",
        _ => "text",
    }
}

fn not_a_block(file: &SourceFile, value: &Node, key: &str) -> Diagnostic {
    let message = Bilingual::new(format!("{key} 不能写成列表"), format!("`{key}` can't be a list"));
    let help = Bilingual::new(
        format!("写成 {key}: |，下面每行一条，前面空四格"),
        format!("write `{key}: |` and below it one line each, indented by four spaces"),
    );
    keys::with_line(
        file,
        Diagnostic::error("not-a-block", file.place(value.line, value.column, 1), message).with_help(help),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_where_a_block_is_meant_is_told() {
        for (zh, codes) in [
            ("phrases: [包邮吗, \"#1234\"]", vec!["not-a-block"]),
            ("phrases:\n    - 包邮吗", vec!["not-a-block"]),
            ("phrases: |\n    包邮吗\n  unless: [退]", vec!["not-a-block"]),
            ("phrases: |\n    包邮吗", vec![]),
        ] {
            let file = SourceFile::new("intents/a/b.yaml", format!("means: x\nzh:\n  {zh}\n"));
            let (mut intents, mut mistakes) = (Intents::new(), Vec::new());
            let mut reading = Reading { file: &file, level: 0, mistakes: &mut mistakes };
            reading.read(&mut intents, &"a/b".into(), &file.parse().unwrap(), None);
            assert_eq!(mistakes.iter().map(|mistake| mistake.code).collect::<Vec<_>>(), codes, "{zh}");
        }
    }
}
