//! `intents/<area>/<name>.yaml`: what a customer means, and the many ways of saying it.

use std::collections::BTreeMap;

use super::diagnostic::{Bilingual, Diagnostic, Place};
use super::keys;
use super::tree::{Node, SourceFile};
use crate::domain::{AnswerPolicy, IntentId, Language, Need, QueueName, Urgency};

const KEYS: &[&str] = &["means", "answer", "hand_off_to", "urgency", "needs", "gather", "off", "zh", "en", "remove"];
const WORDING_KEYS: &[&str] =
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

    fn lists_mut(&mut self) -> [&mut Vec<Line>; 5] {
        [&mut self.phrases, &mut self.whole, &mut self.together, &mut self.unless, &mut self.examples]
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

/// Every intent of the layers read so far.
pub type Intents = BTreeMap<IntentId, Intent>;

/// Reads one file over the intents of the layers below: lists add, `remove` takes lines away, the rest replaces.
pub(super) fn read(
    intents: &mut Intents,
    id: &IntentId,
    file: &SourceFile,
    node: &Node,
    mistakes: &mut Vec<Diagnostic>,
) {
    let intent = intents.entry(id.clone()).or_insert_with(|| Intent::new(id.clone()));
    let mut off = false;
    for (key, _, value) in keys::known(file, node, KEYS, mistakes) {
        if let Some(language) = Language::parse(key) {
            read_wording(intent.wording.entry(language).or_default(), file, value, mistakes);
        } else if key == "off" {
            off = value.text() == Some("true");
        } else if read_key(intent, key, value).is_none() {
            mistakes.push(keys::bad_value(file, value, key, form(key)));
        }
    }
    if intent.means.is_empty() && !off {
        let message = Bilingual::new(
            "缺少 means：用一句话说明客户想要什么",
            "`means` is missing: say in one sentence what the customer wants",
        );
        mistakes.push(Diagnostic::error("missing-key", file.place(1, 0, 0), message));
    }
    if off {
        intents.remove(id);
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

fn read_wording(wording: &mut Wording, file: &SourceFile, node: &Node, mistakes: &mut Vec<Diagnostic>) {
    for (key, _, value) in keys::known(file, node, WORDING_KEYS, mistakes) {
        if key == "remove" {
            let gone: Vec<&str> = value.lines().map(|(_, line)| line).collect();
            for list in wording.lists_mut() {
                list.retain(|line| !gone.contains(&line.text.as_str()));
            }
            continue;
        }
        let Some(list) = wording.list(key) else { continue };
        // A YAML list would cut `#1234` and `[急]` silently.
        if value.text().is_none() && !value.items().is_empty() {
            mistakes.push(not_a_block(file, value, key));
        }
        list.extend(value.lines().map(|(line, text)| Line { text: text.to_owned(), place: file.place(line, 0, 0) }));
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
            read(&mut intents, &"a/b".into(), &file, &file.parse().unwrap(), &mut mistakes);
            assert_eq!(mistakes.iter().map(|mistake| mistake.code).collect::<Vec<_>>(), codes, "{zh}");
        }
    }
}
