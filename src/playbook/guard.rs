//! The `guard:` part of `shop.yaml`: what is done about words that a shop must not send.

use super::diagnostic::Diagnostic;
use super::keys;
use super::tree::{Node, SourceFile};

/// Its keys.
pub(super) const KEYS: [&str; 5] = [
    Rule::AbsoluteWords.key(),
    Rule::ReviewReward.key(),
    Rule::Amount.key(),
    Rule::Unresolved.key(),
    Rule::OffListLinks.key(),
];

/// What may be written under each.
pub(super) const ACTIONS: [&str; 3] = ["warn", "block", "off"];

/// What an outgoing text is looked at for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Absolute promises and the superlatives of advertising law: 绝对, 100%, 最好, guaranteed.
    AbsoluteWords,
    /// Something given for a review: 好评返现.
    ReviewReward,
    /// Money beyond what the writer may decide on.
    Amount,
    /// `{…}`: a gap that nobody filled.
    Unresolved,
    /// An address that isn't on the shop's list, or words that lead off the platform: 加微信.
    OffListLinks,
}

impl Rule {
    /// Every rule, in the order in which they are told.
    pub const ALL: [Self; 5] =
        [Self::AbsoluteWords, Self::ReviewReward, Self::Amount, Self::Unresolved, Self::OffListLinks];

    /// The word in files, tables and the API.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::AbsoluteWords => "absolute_words",
            Self::ReviewReward => "review_reward",
            Self::Amount => "amount",
            Self::Unresolved => "unresolved",
            Self::OffListLinks => "off_list_links",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.key() == key)
    }
}

/// What is done about a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// The writer is told, and may send it all the same.
    Warn,
    /// It cannot be sent.
    Block,
}

impl Action {
    /// The word in files, tables and the API.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Warn => "warn",
            Self::Block => "block",
        }
    }
}

/// What is done about each rule; what `shop.yaml` doesn't name is as [`Guard::default`] has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guard {
    actions: [Option<Action>; Rule::ALL.len()],
}

impl Default for Guard {
    fn default() -> Self {
        let actions = Rule::ALL.map(|rule| match rule {
            // Whoever writes may know better: 最大功率 is no superlative, and a link may be on a page of the platform's.
            Rule::AbsoluteWords | Rule::OffListLinks => Some(Action::Warn),
            Rule::ReviewReward | Rule::Amount | Rule::Unresolved => Some(Action::Block),
        });
        Self { actions }
    }
}

impl Guard {
    /// What is done about a rule. `None`: it is off.
    #[must_use]
    pub fn of(&self, rule: Rule) -> Option<Action> {
        self.actions[rule as usize]
    }

    /// The same with another action for a rule.
    #[must_use]
    pub fn with(mut self, rule: Rule, action: Option<Action>) -> Self {
        self.actions[rule as usize] = action;
        self
    }

    /// Reads the section over what the layers below say; what is wrong in it is told.
    pub(super) fn read(&mut self, file: &SourceFile, node: &Node, mistakes: &mut Vec<Diagnostic>) {
        for (key, at, value) in node.entries().iter().map(|(key, value)| (&key.name, key, value)) {
            let Some(rule) = Rule::parse(key) else {
                mistakes.push(keys::unknown(file, at, &KEYS));
                continue;
            };
            self.actions[rule as usize] = match value.text() {
                Some("warn") => Some(Action::Warn),
                Some("block") => Some(Action::Block),
                Some("off") => None,
                _ => {
                    mistakes.push(keys::bad_value(file, value, key, &ACTIONS.join(" · ")));
                    continue;
                }
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> (Guard, Vec<Diagnostic>) {
        let file = SourceFile::new("shop.yaml", text);
        let (mut guard, mut mistakes) = (Guard::default(), Vec::new());
        guard.read(&file, &file.parse().unwrap(), &mut mistakes);
        (guard, mistakes)
    }

    #[test]
    fn each_rule_has_a_place_of_its_own() {
        for (place, rule) in Rule::ALL.into_iter().enumerate() {
            assert_eq!((rule as usize, Rule::parse(rule.key())), (place, Some(rule)));
        }
    }

    #[test]
    fn what_is_not_named_stays_as_it_was() {
        let (guard, mistakes) = read_text("absolute_words: block\namount: off\n");
        assert!(mistakes.is_empty(), "{mistakes:?}");
        let got = Rule::ALL.map(|rule| guard.of(rule));
        assert_eq!(
            got,
            [Some(Action::Block), Some(Action::Block), None, Some(Action::Block), Some(Action::Warn)],
            "absolute words, rewards, amounts, gaps, links"
        );
    }

    #[test]
    fn other_words_are_told_and_change_nothing() {
        for (text, code) in
            [("amount: refuse", "bad-value"), ("amount: true", "bad-value"), ("absolute_word: warn", "unknown-key")]
        {
            let (guard, mistakes) = read_text(text);
            assert_eq!(mistakes.iter().map(|mistake| mistake.code).collect::<Vec<_>>(), [code], "{text}");
            assert_eq!(guard, Guard::default());
        }
    }
}
