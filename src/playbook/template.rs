//! The words of a reply with `{variables}` in them. Parsed when the file is loaded; filling in cannot fail, only find a value missing.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::diagnostic::Place;

/// Something a reply can speak of.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Variable {
    /// One of the closed list, by its English name: `order.number`.
    Named(Arc<str>),
    /// A fact of the shop, by its path: `ship_within`, `invoice.kinds`.
    Fact(Arc<str>),
}

impl Variable {
    /// As it stands between the braces.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Named(name) => name.to_string(),
            Self::Fact(path) => format!("facts.{path}"),
        }
    }

    /// The name of a closed-list variable.
    #[must_use]
    pub fn named(&self) -> Option<&str> {
        match self {
            Self::Named(name) => Some(name),
            Self::Fact(_) => None,
        }
    }
}

/// The closed list, with the Chinese names managers may write instead.
pub const VARIABLES: &[(&str, &str)] = &[
    ("customer.name", "客户称呼"),
    ("shop.name", "店铺名"),
    ("shop.human_hours", "人工时间"),
    ("order.number", "订单号"),
    ("order.item", "商品名"),
    ("order.paid", "实付金额"),
    ("order.placed_at", "下单时间"),
    ("order.state", "订单状态"),
    ("order.carrier", "快递公司"),
    ("order.tracking", "快递单号"),
    ("order.last_event", "最新物流"),
    ("order.last_event_at", "最新物流时间"),
    ("order.station", "驿站"),
    ("order.refund_state", "退款状态"),
    ("order.refund_amount", "退款金额"),
    ("order.next_step", "下一步"),
    ("order.ship_by", "最晚发货时间"),
    ("product.name", "产品名"),
    ("product.attribute", "产品参数"),
    ("product.price", "产品价格"),
    ("product.stock", "库存"),
    ("product.in_box", "包装清单"),
    ("product.size", "推荐尺码"),
    ("promise.due", "承诺时间"),
    ("agent.name", "客服名"),
];

/// Variables of the system's own words alone.
pub const SYSTEM_VARIABLES: &[(&str, &str)] =
    &[("choices", "选项"), ("gather.items", "所需材料"), ("wait.minutes", "等待分钟")];

/// A script, parsed.
#[derive(Clone, Debug, Default)]
pub struct Template {
    segments: Vec<Segment>,
    /// Where its first line stands.
    place: Place,
}

/// The same words are the same script, wherever they stand.
impl PartialEq for Template {
    fn eq(&self, other: &Self) -> bool {
        self.segments == other.segments
    }
}

impl Eq for Template {}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Text(String),
    Variable(Variable),
}

/// A name between braces that is no variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownVariable {
    /// As it was written.
    pub name: String,
    /// The line of the script it stands in, from 0.
    pub line: usize,
}

impl Template {
    /// Parses a script. `facts` tells which facts exist. `{…}` and `{...}` are gaps for a person and stay as they are.
    /// Unknown names are listed and stay in the text, so that nothing is lost; a template with one must not be used.
    pub fn parse(text: &str, names: &[&[(&str, &str)]], facts: &dyn Fn(&str) -> bool) -> (Self, Vec<UnknownVariable>) {
        let mut segments = Vec::new();
        let mut unknown = Vec::new();
        let mut rest = text.trim_end();
        let mut plain = String::new();
        while let Some((before, inside, after)) = next_brace(rest) {
            plain.push_str(before);
            match variable(inside.trim(), names, facts) {
                Some(variable) => {
                    if !plain.is_empty() {
                        segments.push(Segment::Text(std::mem::take(&mut plain)));
                    }
                    segments.push(Segment::Variable(variable));
                }
                None => {
                    if !is_gap(inside.trim()) {
                        let done = text.len() - rest.len() + before.len();
                        let line = text.get(..done).unwrap_or_default().matches('\n').count();
                        unknown.push(UnknownVariable { name: inside.trim().to_owned(), line });
                    }
                    plain.push('{');
                    plain.push_str(inside);
                    plain.push('}');
                }
            }
            rest = after;
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            segments.push(Segment::Text(plain));
        }
        (Self { segments, place: Place::default() }, unknown)
    }

    /// The same script at this place.
    #[must_use]
    pub fn at(self, place: Place) -> Self {
        Self { place, ..self }
    }

    /// Where its first line stands.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.segments.iter().all(|segment| matches!(segment, Segment::Text(text) if text.trim().is_empty()))
    }

    /// The variables in it, in order.
    pub fn variables(&self) -> impl Iterator<Item = &Variable> {
        self.segments.iter().filter_map(|segment| match segment {
            Segment::Variable(variable) => Some(variable),
            Segment::Text(_) => None,
        })
    }

    /// The script with its values filled in.
    ///
    /// # Errors
    /// The variables that have no value; nothing half filled is handed out.
    pub fn fill(&self, value: &mut dyn FnMut(&Variable) -> Option<String>) -> Result<String, Vec<Variable>> {
        let mut missing = Vec::new();
        let text = self.write(&mut |variable| {
            let found = value(variable);
            if found.is_none() {
                missing.push(variable.clone());
            }
            found
        });
        if missing.is_empty() { Ok(text) } else { Err(missing) }
    }

    /// The script with the values that are known; the others stay as `{gaps}` for a person.
    pub fn fill_known(&self, value: &mut dyn FnMut(&Variable) -> Option<String>) -> String {
        self.write(value)
    }

    fn write(&self, value: &mut dyn FnMut(&Variable) -> Option<String>) -> String {
        let mut text = String::new();
        for segment in &self.segments {
            match segment {
                Segment::Text(plain) => text.push_str(plain),
                Segment::Variable(variable) => match value(variable) {
                    Some(value) => text.push_str(&value),
                    None => {
                        text.push('{');
                        text.push_str(&variable.name());
                        text.push('}');
                    }
                },
            }
        }
        text
    }
}

fn next_brace(text: &str) -> Option<(&str, &str, &str)> {
    let open = text.find('{')?;
    let close = open + text[open..].find('}')?;
    Some((&text[..open], &text[open + 1..close], &text[close + 1..]))
}

fn is_gap(inside: &str) -> bool {
    inside.starts_with('…') || inside.starts_with("...")
}

fn variable(inside: &str, names: &[&[(&str, &str)]], facts: &dyn Fn(&str) -> bool) -> Option<Variable> {
    if let Some(path) = inside.strip_prefix("facts.") {
        return facts(path).then(|| Variable::Fact(path.into()));
    }
    let mut known = names.iter().flat_map(|table| table.iter());
    known.find(|(en, zh)| *en == inside || *zh == inside).map(|(en, _)| Variable::Named((*en).into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (Template, Vec<UnknownVariable>) {
        Template::parse(text, &[VARIABLES], &|fact| fact == "ship_within")
    }

    #[test]
    fn english_and_chinese_names_mean_the_same() {
        for text in ["单号 {order.number}，{facts.ship_within}内发出", "单号 {订单号}，{ facts.ship_within }内发出"]
        {
            let (template, unknown) = parse(text);
            assert_eq!(unknown, []);
            let shown = template.fill(&mut |variable| Some(format!("<{}>", variable.name())));
            assert_eq!(shown.unwrap(), "单号 <order.number>，<facts.ship_within>内发出");
        }
    }

    #[test]
    fn a_missing_value_blocks_and_an_unknown_name_is_told() {
        let (template, unknown) = parse("a\nb {order.nummer} {…} {facts.ship_within}");
        assert_eq!(unknown, [UnknownVariable { name: "order.nummer".into(), line: 1 }]);
        assert_eq!(template.fill(&mut |_| None).unwrap_err().len(), 1);
        assert_eq!(template.fill_known(&mut |_| None), "a\nb {order.nummer} {…} {facts.ship_within}");
    }
}
