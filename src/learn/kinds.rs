//! What replies are for beside the matter itself: to open, to wait, to close (`lexicon/reply_kinds.tsv`).

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::Language;
use crate::playbook::diagnostic::Bilingual;
use crate::text::is_han;

/// What a reply is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReplyKind {
    /// Yes, no, I see: no script.
    Acknowledgement,
    /// Says hello and asks what is wanted.
    Opening,
    /// Asks for patience.
    Waiting,
    /// Asks whether that was all; says goodbye.
    Closing,
    /// Takes thanks, gives thanks.
    Thanks,
    /// Says sorry, or not to worry, and nothing of the matter.
    Apology,
    /// Asks for an order, a picture, a detail.
    Asking,
    /// Says something of the matter.
    Matter,
}

impl ReplyKind {
    /// The folder of the script library that it is proposed for, where the matter gives none.
    #[must_use]
    pub fn category(self) -> Bilingual {
        match self {
            Self::Acknowledgement => Bilingual::new("应答", "Acknowledgements"),
            Self::Opening => Bilingual::new("开场", "Opening"),
            Self::Waiting => Bilingual::new("等待", "Waiting"),
            Self::Closing => Bilingual::new("结束", "Closing"),
            Self::Thanks => Bilingual::new("致谢", "Thanks"),
            Self::Apology => Bilingual::new("安抚", "Apologies"),
            Self::Asking => Bilingual::new("询问核实", "Asking"),
            Self::Matter => Bilingual::new("其他", "Other"),
        }
    }

    /// Whether it says nothing of a matter: it is proposed only if it is said often, and belongs to no intent.
    #[must_use]
    pub const fn is_glue(self) -> bool {
        !matches!(self, Self::Matter | Self::Asking)
    }

    /// What a reply in comparing form is for. The kinds are tried in the order of the list; but for acknowledgements, which
    /// are whole messages, what else is said decides: a long reply that also asks for patience is about its matter.
    #[must_use]
    pub fn of(form: &[String]) -> Self {
        let language = if form.iter().any(|clause| clause.chars().any(is_han)) { Language::Zh } else { Language::En };
        let whole = form.join(" ");
        let mut found: Vec<(Self, usize)> = Vec::new();
        for clause in form {
            let rows = PATTERNS.iter().filter(|row| row.language == language);
            let kind = rows.filter(|row| row.kind != Self::Acknowledgement || form.len() == 1);
            let kind = kind.into_iter().find(|row| row.pattern.is_match(clause)).map_or(Self::Matter, |row| row.kind);
            found.push((kind, clause.chars().count()));
        }
        let rest: usize = found.iter().filter(|(kind, _)| !kind.is_glue()).map(|(_, length)| length).sum();
        // Some words more don't make a greeting a matter.
        if rest * 3 > whole.chars().count() {
            let is_asking = found.iter().filter(|(kind, _)| !kind.is_glue()).all(|(kind, _)| *kind == Self::Asking);
            return if is_asking { Self::Asking } else { Self::Matter };
        }
        found
            .into_iter()
            .filter(|(kind, _)| kind.is_glue())
            .max_by_key(|(_, length)| *length)
            .map_or(Self::Matter, |(kind, _)| kind)
    }

    fn parse(key: &str) -> Option<Self> {
        Some(match key {
            "acknowledgement" => Self::Acknowledgement,
            "opening" => Self::Opening,
            "waiting" => Self::Waiting,
            "closing" => Self::Closing,
            "thanks" => Self::Thanks,
            "apology" => Self::Apology,
            "asking" => Self::Asking,
            _ => return None,
        })
    }
}

struct Row {
    kind: ReplyKind,
    language: Language,
    pattern: Regex,
}

static PATTERNS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let rows = include_str!("../../lexicon/reply_kinds.tsv").lines().skip(1);
    let row = |row: &'static str| {
        let mut columns = row.split('\t');
        let (kind, language) = (ReplyKind::parse(columns.next()?)?, Language::parse(columns.next()?)?);
        Some(Row { kind, language, pattern: Regex::new(&format!("(?i){}", columns.next()?)).ok()? })
    };
    rows.filter_map(row).collect()
});

#[cfg(test)]
mod tests {
    use super::super::form::form;
    use super::*;

    #[test]
    fn every_row_compiles() {
        assert_eq!(PATTERNS.len(), include_str!("../../lexicon/reply_kinds.tsv").lines().count() - 1);
    }

    #[test]
    fn replies_are_told_by_what_they_are_for() {
        for (reply, kind) in [
            ("好的呢", ReplyKind::Acknowledgement),
            ("您好，请问有什么可以帮到您的吗？", ReplyKind::Opening),
            ("还请您稍等，正在为您查询~", ReplyKind::Waiting),
            ("请问还有其他还可以帮到您的吗?", ReplyKind::Closing),
            ("感谢您对我们的支持，祝您生活愉快，再见!", ReplyKind::Closing),
            ("您太客气了呢，这都是我应该做的呢~", ReplyKind::Thanks),
            ("非常抱歉，给您添麻烦了", ReplyKind::Apology),
            ("请您提供下订单号", ReplyKind::Asking),
            ("订单完成以后才能修改发票", ReplyKind::Matter),
            ("抱歉，订单出库后就不能修改地址了，您可以和配送师傅协商", ReplyKind::Matter),
            ("Sure", ReplyKind::Acknowledgement),
            ("Hi, how can I help you today?", ReplyKind::Opening),
            ("One moment please, let me check", ReplyKind::Waiting),
            ("Is there anything else I can help with?", ReplyKind::Closing),
            ("Could you send me the order number?", ReplyKind::Asking),
            ("Refunds reach your card within 5 working days.", ReplyKind::Matter),
        ] {
            assert_eq!(ReplyKind::of(&form(reply)), kind, "{reply}: {:?}", form(reply));
        }
    }
}
