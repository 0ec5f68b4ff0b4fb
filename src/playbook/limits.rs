//! The `limits:` part of `shop.yaml`: how much money a role may give away without asking.

use super::diagnostic::Diagnostic;
use super::facts::money;
use super::keys;
use super::tree::{Node, SourceFile};
use crate::domain::{Money, Role};

/// Its keys: the roles of people.
pub(super) const KEYS: [&str; 3] = ["agent", "lead", "manager"];

/// The keys below each.
pub(super) const KINDS: [&str; 2] = ["refund", "coupon"];

/// What one role may give a customer at most, in the shop's currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limit {
    /// As a refund or a compensation. `None`: without a limit.
    pub refund: Option<Money>,
    /// As a coupon, a voucher, a red packet or off the price. `None`: without a limit.
    pub coupon: Option<Money>,
}

/// The limits of the roles; a role that isn't named has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    agent: Limit,
    lead: Limit,
    manager: Limit,
}

impl Limits {
    /// The limit of a role. A program that calls the API has none: it sends what people or the bot decided.
    #[must_use]
    pub fn of(&self, role: Role) -> Limit {
        match role {
            Role::Agent => self.agent,
            Role::Lead => self.lead,
            Role::Manager => self.manager,
            Role::Service => Limit::default(),
        }
    }

    fn of_key(&mut self, key: &str) -> Option<&mut Limit> {
        match key {
            "agent" => Some(&mut self.agent),
            "lead" => Some(&mut self.lead),
            "manager" => Some(&mut self.manager),
            _ => None,
        }
    }

    /// Reads the section over what the layers below say; what is wrong in it is told.
    pub(super) fn read(&mut self, file: &SourceFile, node: &Node, mistakes: &mut Vec<Diagnostic>) {
        for (role, value) in node.entries() {
            match self.of_key(&role.name) {
                Some(limit) => limit.read(file, value, mistakes),
                None => mistakes.push(keys::unknown(file, role, &KEYS)),
            }
        }
    }
}

impl Limit {
    fn read(&mut self, file: &SourceFile, node: &Node, mistakes: &mut Vec<Diagnostic>) {
        for (kind, _, value) in keys::known(file, node, &KINDS, mistakes) {
            match value.text().and_then(money).filter(|sum| sum.0 >= 0) {
                Some(sum) if kind == "refund" => self.refund = Some(sum),
                Some(sum) => self.coupon = Some(sum),
                None => mistakes.push(keys::bad_value(file, value, kind, "20 · 20.50")),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> (Limits, Vec<&'static str>) {
        let file = SourceFile::new("shop.yaml", text);
        let (mut limits, mut mistakes) = (Limits::default(), Vec::new());
        limits.read(&file, &file.parse().unwrap(), &mut mistakes);
        (limits, mistakes.iter().map(|mistake| mistake.code).collect())
    }

    #[test]
    fn a_role_has_the_limits_that_are_written() {
        let (limits, told) = read_text("agent: {refund: 20, coupon: 9.90}\nlead: {refund: 200}\n");
        assert!(told.is_empty(), "{told:?}");
        assert_eq!(limits.of(Role::Agent), Limit { refund: Some(Money(2000)), coupon: Some(Money(990)) });
        assert_eq!(limits.of(Role::Lead), Limit { refund: Some(Money(20000)), coupon: None });
        assert_eq!(limits.of(Role::Manager), Limit::default());
    }

    #[test]
    fn what_is_no_sum_or_no_role_is_told() {
        for (text, code) in [
            ("agent: {refund: 20元}", "bad-value"),
            ("agent: {refund: -20}", "bad-value"),
            ("agent: {refund: 1.234}", "bad-value"),
            ("agent: {refunds: 20}", "unknown-key"),
            ("agents: {refund: 20}", "unknown-key"),
            ("service: {refund: 20}", "unknown-key"),
            ("agent: 20", "not-a-map"),
        ] {
            assert_eq!(read_text(text).1, [code], "{text}");
        }
    }
}
