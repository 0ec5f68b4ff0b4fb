//! What is mixed up, as a person reads it.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use crate::check::confusions::{Advice, Confusions, Mistaken, Pair, Totals, Twins};
use crate::domain::Language;
use crate::playbook::diagnostic::Place;

const STRONG: Style = Style::new().bold();
const QUIET: Style = Style::new().dimmed();
const PLACE: Style = AnsiColor::Blue.on_default();
const BAD: Style = AnsiColor::Red.on_default();
const GOOD: Style = AnsiColor::Green.on_default();

/// All that is shown.
pub(super) struct Shown<'a> {
    pub(super) confusions: &'a Confusions<'a>,
    pub(super) language: Language,
}

impl Shown<'_> {
    /// Everything, with ANSI styles in it.
    pub(super) fn write(&self) -> String {
        let mut out = String::new();
        for pair in &self.confusions.pairs {
            self.pair(pair, &mut out);
        }
        self.twins(&mut out);
        if self.confusions.pairs.is_empty() {
            let _ = writeln!(out, "{GOOD}{}{GOOD:#}", self.word("没有混淆的意图", "no intents are mixed up"));
        }
        let _ = writeln!(out, "{}", totals(self.confusions.totals, self.language));
        out
    }

    fn word(&self, zh: &'static str, en: &'static str) -> &'static str {
        if self.language == Language::Zh { zh } else { en }
    }

    fn pair(&self, pair: &Pair<'_>, out: &mut String) {
        let (count, answered) = (pair.mistaken.len(), pair.answered());
        let harm = match (self.language, answered) {
            (Language::Zh, 0) => format!("{count} 条"),
            (Language::En, 0) => count.to_string(),
            (Language::Zh, _) => format!("{count} 条，{BAD}{answered} 条会答错{BAD:#}"),
            (Language::En, _) => format!("{count}, {BAD}{answered} answered wrongly{BAD:#}"),
        };
        let _ = writeln!(out, "{STRONG}{}{STRONG:#} → {STRONG}{}{STRONG:#}  {harm}", pair.intent, pair.taken_for);
        // What the same words mend stands together.
        let mut told: Vec<&Advice<'_>> = Vec::new();
        for one in &pair.mistaken {
            if told.contains(&&one.advice) {
                continue;
            }
            told.push(&one.advice);
            for same in pair.mistaken.iter().filter(|other| other.advice == one.advice) {
                self.message(same, out);
            }
            let _ = writeln!(out, "    {GOOD}= {}{GOOD:#}", self.advice(&one.advice));
        }
        out.push('\n');
    }

    fn message(&self, one: &Mistaken<'_>, out: &mut String) {
        let mark = if one.is_answered { format!(" {BAD}!{BAD:#}") } else { String::new() };
        let _ = writeln!(out, "  {}  {QUIET}{:.2}{QUIET:#}{mark}", one.line.text, one.confidence);
        at(&one.line.place, out);
    }

    fn advice(&self, advice: &Advice<'_>) -> String {
        match (advice, self.language) {
            (Advice::Phrase { intent, language, text, messages }, Language::Zh) => format!(
                "给 {intent} 的 {} 加关键词（phrases）：{text}（在它的 {messages} 条消息里出现，别的意图都没有）",
                language.key()
            ),
            (Advice::Phrase { intent, language, text, messages }, Language::En) => format!(
                "add to the {} phrases of {intent}: {text} (in {messages} of its messages and no other intent's)",
                language.key()
            ),
            (Advice::Unless { intent, language, text, messages }, Language::Zh) => format!(
                "给 {intent} 的 {} 加排除（unless）：{text}（它的消息里都没有，对的那个意图有 {messages} 条）",
                language.key()
            ),
            (Advice::Unless { intent, language, text, messages }, Language::En) => format!(
                "add to the {} unless of {intent}: {text} (in none of its messages, and in {messages} of the right intent's)",
                language.key()
            ),
            (Advice::Loosen { intent, unless }, Language::Zh) => {
                format!("{intent} 自己的排除词“{unless}”挡住了它：去掉，或者写长一点")
            }
            (Advice::Loosen { intent, unless }, Language::En) => {
                format!("{intent}'s own unless \"{unless}\" is in the way: take it away, or make it longer")
            }
            (Advice::Nothing, _) => self
                .word(
                    "没有哪段话能区分：改写这条例句，或者把两个意图合并",
                    "no stretch tells them apart: reword the example, or merge the two intents",
                )
                .to_owned(),
        }
    }

    fn twins(&self, out: &mut String) {
        let twins = &self.confusions.twins;
        if twins.is_empty() {
            return;
        }
        let head =
            self.word("同一句话放在了几个意图下，只留一处", "one message under several intents; keep one of them");
        let _ = writeln!(out, "{STRONG}{head}{STRONG:#}");
        for Twins { lines, is_same } in twins {
            for (intent, line) in lines {
                let nearly = if *is_same { "" } else { self.word("（几乎一样）", " (nearly the same)") };
                let _ = writeln!(out, "  {intent}: {}{QUIET}{nearly}{QUIET:#}", line.text);
                at(&line.place, out);
            }
        }
        out.push('\n');
    }
}

fn at(place: &Place, out: &mut String) {
    let _ = writeln!(out, "    {PLACE}-->{PLACE:#} {QUIET}{}:{}{QUIET:#}", place.file, place.line);
}

fn totals(totals: Totals, language: Language) -> String {
    let Totals { examples, right, wrong, answered, unsure } = totals;
    match language {
        Language::Zh => format!(
            "{examples} 条例句：{right} 条认对，{wrong} 条认成别的（其中 {answered} 条会答错），{unsure} 条拿不准"
        ),
        Language::En => {
            format!("examples: {examples}, right: {right}, wrong: {wrong} (answered: {answered}), unsure: {unsure}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::held_out::HeldOut;
    use crate::classify::Classifier;
    use crate::playbook::Playbook;
    use crate::playbook::layer::Layer;
    use crate::playbook::tree::SourceFile;

    const CANCEL: &str = "means: A test.\nanswer: when_sure\nzh:\n  phrases: |\n    取消订单\n  examples: |\n    \
                          帮我把这单退掉吧不想要了\n    这单退掉吧拍错颜色了\n    取消订单谢谢\n    我想取消订单\n    \
                          取消订单可以吗\n    订单取消一下\n";
    const RETURN: &str = "means: A test.\nanswer: when_sure\nzh:\n  phrases: |\n    退掉\n    退货\n  examples: |\n    \
                          收到了想退货\n    东西坏了要退货\n    退货地址发我\n    怎么退货\n    鞋子小了退掉\n    \
                          取消订单谢谢\n";

    fn shown(language: Language) -> String {
        let file = |path: &str, text: &str| SourceFile::new(path, text.to_owned());
        let files = vec![
            file("shop.yaml", "languages: [zh, en]\n"),
            file("intents/order/cancel.yaml", CANCEL),
            file("intents/aftersale/return.yaml", RETURN),
        ];
        let loaded = Playbook::load("test".into(), &[Layer { files, ..Layer::default() }]);
        let playbook = loaded.playbook.unwrap();
        let held_out = HeldOut::of(&playbook, &Classifier::compile(&playbook).unwrap(), &|| ());
        let confusions = Confusions::of(&held_out).unwrap();
        anstream::adapter::strip_str(&Shown { confusions: &confusions, language }.write()).to_string()
    }

    #[test]
    fn in_chinese() {
        insta::assert_snapshot!(shown(Language::Zh));
    }

    #[test]
    fn in_english() {
        insta::assert_snapshot!(shown(Language::En));
    }
}
