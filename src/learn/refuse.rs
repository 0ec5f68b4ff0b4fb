//! Replies that were said, and are better not said again.

use std::sync::LazyLock;

use regex::Regex;

use crate::desk::guard::{self, Rule, Speaker};
use crate::domain::{DAY, HOUR, Language, Role};
use crate::playbook::Playbook;
use crate::playbook::diagnostic::Bilingual;

use super::form::{share_of_gaps, weight};
use super::kinds::ReplyKind;

/// With fewer letters (a Latin word counts as two) it says nothing by itself.
const SHORTEST: usize = 5;
/// With fewer it says nothing at all.
const NOTHING: usize = 3;
/// With more gaps it is about one order.
const MOST_GAPS: f32 = 0.34;

/// Why a reply is not proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// Yes, no, I see.
    Glue,
    /// A greeting or the like that others are said for more often.
    Enough(ReplyKind),
    /// It says too little by itself, or speaks of what only that chat knows.
    OnlyThere,
    /// It is mostly values.
    OnlyOnce,
    /// The guard finds something in it.
    Guard(Rule, Bilingual),
    /// It promises what the shop's facts don't say.
    NotHeld(&'static str, String),
}

impl Why {
    /// For managers.
    #[must_use]
    pub fn message(&self) -> Bilingual {
        match self {
            Self::Glue => Bilingual::new("只是应答，不成话术", "only says yes or no: no script"),
            Self::Enough(kind) => {
                let category = kind.category();
                Bilingual::new(
                    format!("“{}”类已有说得更多的", category.zh),
                    format!("there are enough for \"{}\" that are said more often", category.en),
                )
            }
            Self::OnlyThere => {
                Bilingual::new("离开那次聊天就看不懂", "says nothing outside of the chat it was written in")
            }
            Self::OnlyOnce => Bilingual::new(
                "去掉具体内容后所剩无几，只适用于那一单",
                "little is left without its values: made for one order",
            ),
            Self::Guard(_, message) => message.clone(),
            Self::NotHeld(fact, held) => Bilingual::new(
                format!("和店铺设置不一致：{fact} 是 {held}"),
                format!("promises something else than the shop's settings: `{fact}` is {held}"),
            ),
        }
    }

    /// The word in JSON.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::Glue => "glue",
            Self::Enough(_) => "enough",
            Self::OnlyThere => "only_there",
            Self::OnlyOnce => "only_once",
            Self::Guard(rule, _) => rule.key(),
            Self::NotHeld(..) => "not_held",
        }
    }
}

/// Facts that replies promise something about: how a number with its unit stands beside them.
const PROMISES: &[(&str, &str)] = &[
    (
        "ship_within",
        r"(\d+)\s*(个?小时|天|h|hours?|days?)(?:之?内)?.{0,4}(?:发货|发出|寄出)|ship.{0,12}within (\d+) ?(h|hours?|days?)",
    ),
    ("return_days", r"(\d+)\s*(天)(?:之?内)?.{0,4}(?:无理由|可以退|可退|退货)|return.{0,16}within (\d+) ?(days?)"),
    (
        "refund_within",
        r"退款.{0,8}?(\d+)\s*(个?小时|天)(?:之?内)?.{0,3}(?:到账|退回|退款)|refund.{0,24}within (\d+) ?(h|hours?|days?)",
    ),
    ("price_protection", r"(\d+)\s*(天)(?:之?内)?.{0,4}(?:保价|价保)"),
];

static PATTERNS: LazyLock<Vec<(&str, Regex)>> = LazyLock::new(|| {
    PROMISES.iter().filter_map(|(fact, pattern)| Some((*fact, Regex::new(&format!("(?i){pattern}")).ok()?))).collect()
});

/// Words by which a reply leans on what was said just before: 这个, 那边, 刚才, 已经为您取消.
static LEANS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:这|那|它|就是|还是|不是|是|也|都|因为|所以|但是|然后|或者|如果|而且|不|没)?(?:这个|那个|这款|那款|这样|那样|刚才|刚刚|这里|那里|上面|下面|it|that one|this one)?\p{Han}{0,3}$").ok()
});

/// Why a reply, here in comparing form too, isn't proposed.
#[must_use]
pub fn why(text: &str, form: &[String], playbook: &Playbook) -> Option<Why> {
    let kind = ReplyKind::of(form);
    if kind == ReplyKind::Acknowledgement {
        return Some(Why::Glue);
    }
    if share_of_gaps(text) > MOST_GAPS {
        return Some(Why::OnlyOnce);
    }
    if weight(form) < NOTHING {
        return Some(Why::Glue);
    }
    if weight(form) < SHORTEST || form.iter().all(|clause| LEANS.as_ref().is_some_and(|leans| leans.is_match(clause))) {
        return Some(if kind.is_glue() { Why::Glue } else { Why::OnlyThere });
    }
    guarded(text, playbook).or_else(|| not_held(text, playbook))
}

fn guarded(text: &str, playbook: &Playbook) -> Option<Why> {
    let found = guard::findings(text, &playbook.settings, Speaker::Person(Role::Agent));
    let finding = found.into_iter().find(|finding| finding.rule != Rule::Unresolved)?;
    Some(Why::Guard(finding.rule, finding.message()))
}

/// A time that the reply names for what a fact says another time of.
fn not_held(text: &str, playbook: &Playbook) -> Option<Why> {
    PATTERNS.iter().find_map(|(fact, pattern)| {
        let found = pattern.captures(text)?;
        let number = found.get(1).or_else(|| found.get(3))?.as_str().parse::<i64>().ok()?;
        let unit = found.get(2).or_else(|| found.get(4))?.as_str().to_lowercase();
        let is_hours = unit.contains("小时") || unit.starts_with('h');
        let promised = number.checked_mul(if is_hours { HOUR } else { DAY })?;
        let held = held(playbook, fact)?;
        let shown = if held % DAY == 0 { format!("{}d", held / DAY) } else { format!("{}h", held / HOUR) };
        (promised != held).then_some(Why::NotHeld(fact, shown))
    })
}

/// A fact that is a length of time or a number of days, in milliseconds.
fn held(playbook: &Playbook, fact: &str) -> Option<i64> {
    let days = || {
        let said = playbook.facts.say(fact, Language::En, &playbook.words)?;
        let number: String = said.chars().take_while(char::is_ascii_digit).collect();
        number.parse::<i64>().ok()?.checked_mul(DAY)
    };
    playbook.facts.millis(fact).or_else(days)
}
