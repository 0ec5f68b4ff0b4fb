//! What `check --report` adds: whether confidence is worth what it says.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::check::reliability::{Area, Reliability, Tenth};
use crate::domain::{Language, ShopId};

/// The report of one shop.
pub(super) struct Report {
    pub(super) shop: ShopId,
    pub(super) reliability: Reliability,
}

impl Report {
    fn examples(&self) -> usize {
        self.reliability.areas.iter().map(|area| area.examples).sum()
    }

    fn right(&self) -> usize {
        self.reliability.areas.iter().map(|area| area.right).sum()
    }

    /// The numbers, unrounded.
    pub(super) fn json(&self) -> Value {
        let Reliability { tenths, calibration_error, areas } = &self.reliability;
        let tenth = |Tenth { number, said, right }: &Tenth| json!({ "intents": number, "said": said, "right": right });
        let area =
            |Area { name, examples, right }: &Area| json!({ "area": name, "examples": examples, "right": right });
        json!({
            "shop": self.shop,
            "examples": self.examples(),
            "right": self.right(),
            "calibration_error": calibration_error,
            "tenths": tenths.iter().map(tenth).collect::<Vec<_>>(),
            "areas": areas.iter().map(area).collect::<Vec<_>>(),
        })
    }

    pub(super) fn write(&self, language: Language) -> String {
        let word = |zh: &'static str, en: &'static str| if language == Language::Zh { zh } else { en };
        let (shop, examples) = (&self.shop, self.examples());
        let mut out = match language {
            Language::Zh => format!("\n{shop}：{examples} 条例句逐一试过，每条都由没学过它的分类器来认\n\n"),
            Language::En => {
                format!("\n{shop}: {examples} examples, each classified by what was learnt without it\n\n")
            }
        };
        let head =
            [word("说的把握", "confidence"), word("意图数", "intents"), word("平均", "mean"), word("对的", "right")];
        row(&mut out, &head);
        for (number, tenth) in self.reliability.tenths.iter().enumerate().rev().filter(|(_, tenth)| tenth.number > 0) {
            let range = format!("{:.1}–{:.1}", number as f64 / 10.0, (number + 1) as f64 / 10.0);
            let (said, right) = (format!("{:.2}", tenth.said), format!("{:.2}", tenth.right));
            row(&mut out, &[&range, &tenth.number.to_string(), &said, &right]);
        }
        let error = self.reliability.calibration_error;
        let _ = writeln!(out, "{}: {error:.3}\n", word("校准误差（ECE）", "expected calibration error"));
        row(&mut out, &[word("领域", "area"), word("例句", "examples"), word("认对", "right")]);
        for Area { name, examples, right } in &self.reliability.areas {
            row(&mut out, &[name, &examples.to_string(), &share(*right, *examples)]);
        }
        row(&mut out, &[word("全部", "all"), &examples.to_string(), &share(self.right(), examples)]);
        out.push('\n');
        out.push_str(word(
            "例句和关键词出自同一批人之手，真实的聊天更难，认对的会更少。要知道差多少，用标注过的聊天来量：\n\
             xiaoer eval --dialogues chats.tsv --labels labels.tsv\n",
            "The examples were written by the same hands as the phrases: real chats are harder, and less of them is right.\n\
             To learn how much less, measure on labelled chats: xiaoer eval --dialogues chats.tsv --labels labels.tsv\n",
        ));
        out
    }
}

fn share(part: usize, all: usize) -> String {
    format!("{:.1} %", 100.0 * part as f64 / all.max(1) as f64)
}

/// A row of a table: its first cell on the left, the others on the right of their columns.
fn row(out: &mut String, cells: &[&str]) {
    const FIRST: usize = 12;
    const OTHER: usize = 10;
    for (number, cell) in cells.iter().enumerate() {
        let wide = unicode_width::UnicodeWidthStr::width(*cell);
        let _ = match number {
            0 => write!(out, "{cell}{}", " ".repeat(FIRST.saturating_sub(wide))),
            _ => write!(out, "{}{cell}", " ".repeat(OTHER.saturating_sub(wide))),
        };
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        let mut reliability = Reliability { calibration_error: 0.0412, ..Reliability::default() };
        reliability.tenths[9] = Tenth { number: 1204, said: 0.934, right: 0.961 };
        reliability.tenths[4] = Tenth { number: 31, said: 0.452, right: 0.387 };
        reliability.areas = vec![
            Area { name: "aftersale".to_owned(), examples: 800, right: 700 },
            Area { name: "talk".to_owned(), examples: 400, right: 390 },
        ];
        Report { shop: "demo".into(), reliability }
    }

    #[test]
    fn in_both_languages() {
        insta::assert_snapshot!(report().write(Language::Zh) + &report().write(Language::En));
    }
}
