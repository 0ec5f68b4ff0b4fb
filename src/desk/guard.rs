//! What an outgoing text must not say, the bot's and a person's alike: absolute promises, rewards for reviews, money beyond
//! the writer's limit, gaps that nobody filled, addresses that aren't on the shop's list.
//!
//! Agents write around such rules (绝 对, １００％, 保.证, example点com), so the text is brought to one form first, and what
//! is found is told in the words that were written.

mod amount;
mod amount_en;
mod amount_zh;
mod links;

use std::ops::Range;
use std::sync::LazyLock;

use crate::domain::{Money, Role};
use crate::playbook::diagnostic::Bilingual;
use crate::playbook::promises::{self, Fault};
use crate::playbook::settings::Settings;
use crate::text::Plain;

use super::pattern::Pattern;
use super::squeeze::squeezed;

pub use crate::playbook::guard::{Action, Rule};

/// Who writes the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// The bot, in the shop's words: it has no limit of its own for money.
    Bot,
    /// A person in this role.
    Person(Role),
}

/// Words that break a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which rule.
    pub rule: Rule,
    /// What is done about it.
    pub action: Action,
    /// The words as they were written.
    pub said: String,
    /// Where they stand in the text, in bytes.
    pub at: Range<usize>,
    /// For money: how much the writer may promise.
    pub most: Option<Money>,
}

impl Finding {
    /// What is wrong.
    #[must_use]
    pub fn message(&self) -> Bilingual {
        let said = &self.said;
        match (self.rule, self.most) {
            (Rule::AbsoluteWords, _) => Fault::Absolute.message(said),
            (Rule::ReviewReward, _) => Fault::Reward.message(said),
            (Rule::Amount, most) => {
                let most = most.unwrap_or_default();
                Bilingual::new(
                    format!("“{said}”超出了您的权限（{most}）"),
                    format!("\"{said}\" is beyond what you may promise ({most})"),
                )
            }
            (Rule::Unresolved, _) => {
                Bilingual::new(format!("“{said}”还没有填"), format!("\"{said}\" hasn't been filled in"))
            }
            (Rule::OffListLinks, _) => Bilingual::new(
                format!("“{said}”不在店铺允许发送的范围内"),
                format!("\"{said}\" leads to where the shop doesn't send customers"),
            ),
        }
    }

    /// What to do instead.
    #[must_use]
    pub fn help(&self) -> Bilingual {
        match self.rule {
            Rule::AbsoluteWords => Fault::Absolute.help(),
            Rule::ReviewReward => Fault::Reward.help(),
            Rule::Amount => Bilingual::new("改成权限内的金额，或转给主管处理", "lower it, or pass the chat to a lead"),
            Rule::Unresolved => Bilingual::new("填上内容，或删掉大括号这一段", "fill it in, or take the braces out"),
            Rule::OffListLinks => Bilingual::new(
                "请顾客在平台上继续聊；需要常发的网址，请店长加进 shop.yaml 的 links",
                "stay on the platform; a manager can add an address that is often sent to `links` in shop.yaml",
            ),
        }
    }
}

static GAP: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"\{[^{}\n]{0,80}\}"));

/// Everything in a text that breaks a rule which is on, in the order of the text.
#[must_use]
pub fn findings(text: &str, settings: &Settings, who: Speaker) -> Vec<Finding> {
    let plain = Plain::of(text);
    let close = squeezed(&plain);
    let mut found = Findings { text, settings, told: Vec::new() };
    for (start, line) in lines(close.text()) {
        for (fault, at) in promises::find_all(line) {
            let rule = if fault == Fault::Reward { Rule::ReviewReward } else { Rule::AbsoluteWords };
            found.tell(rule, &close, &(start + at.start..start + at.end), None);
        }
        if let Speaker::Person(role) = who {
            for (at, most) in amount::beyond(line, settings.limits.of(role)) {
                found.tell(Rule::Amount, &close, &(start + at.start..start + at.end), Some(most));
            }
        }
    }
    for gap in GAP.all(plain.text()) {
        found.tell(Rule::Unresolved, &plain, &gap.get_match().range(), None);
    }
    for at in links::addresses(plain.text(), &settings.links) {
        found.tell(Rule::OffListLinks, &plain, &at, None);
    }
    for at in links::ways_off(close.text()) {
        found.tell(Rule::OffListLinks, &close, &at, None);
    }
    found.told.sort_by_key(|finding| (finding.at.start, finding.rule as usize));
    found.told
}

/// The lines of a text, with where each begins.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split('\n').scan(0, |next, line| {
        let start = *next;
        *next += line.len() + 1;
        Some((start, line))
    })
}

struct Findings<'t> {
    text: &'t str,
    settings: &'t Settings,
    told: Vec<Finding>,
}

impl Findings<'_> {
    fn tell(&mut self, rule: Rule, form: &Plain, at: &Range<usize>, most: Option<Money>) {
        let Some(action) = self.settings.guard.of(rule) else { return };
        let at = form.origin(at);
        let is_told =
            self.told.iter().any(|other| other.rule == rule && other.at.start < at.end && at.start < other.at.end);
        if let Some(said) = self.text.get(at.clone()).filter(|said| !said.is_empty() && !is_told) {
            self.told.push(Finding { rule, action, said: said.to_owned(), at, most });
        }
    }
}

#[cfg(test)]
mod tests;
