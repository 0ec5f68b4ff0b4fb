//! Why an amendment isn't made, in words for managers.

use thiserror::Error;

use super::clean::{LONGEST_LINE, LONGEST_SCRIPT};
use crate::playbook::diagnostic::{Bilingual, Diagnostic};

/// Why nothing is changed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Refusal {
    /// The playbook says so already.
    #[error("it stands there already")]
    AlreadyThere,
    /// There is no such line to drop.
    #[error("there is no such line")]
    NotThere,
    /// No layer has the intent.
    #[error("there is no such intent")]
    UnknownIntent,
    /// No reply is picked by this name.
    #[error("there is no such situation")]
    UnknownSituation {
        /// As it was asked for.
        situation: String,
    },
    /// The shop switched the intent off.
    #[error("the intent is switched off")]
    Off,
    /// The shop has another file of this path.
    #[error("the shop has such a file")]
    FileExists {
        /// Below the shop's folder.
        path: String,
    },
    /// Only marks and blanks.
    #[error("no words")]
    Empty,
    /// A line of more than 200 characters, or a script of more than 4,000.
    #[error("too long")]
    TooLong,
    /// `# …` would be a comment.
    #[error("it would be a comment")]
    Comment,
    /// Marks part the line: as a phrase it would never match.
    #[error("marks part it")]
    Parted,
    /// A line of a script that would be read as something else: `---`, `title: …`.
    #[error("it would not be read as words")]
    NotWords {
        /// The line.
        line: String,
    },
    /// The shop's own file can't be read as it is; or what was asked for can't stand in one.
    #[error("{}", .0.message.en)]
    Mistake(Box<Diagnostic>),
    /// The file is written in a form that a click doesn't change.
    #[error("the file is written in another form")]
    Form,
}

impl Refusal {
    /// Its name, the same in all languages and for ever.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::AlreadyThere => "already-there",
            Self::NotThere => "not-there",
            Self::UnknownIntent => "unknown-intent",
            Self::UnknownSituation { .. } => "unknown-situation",
            Self::Off => "off",
            Self::FileExists { .. } => "file-exists",
            Self::Empty => "empty",
            Self::TooLong => "too-long",
            Self::Comment => "comment",
            Self::Parted => "parted",
            Self::NotWords { .. } => "not-words",
            Self::Mistake(mistake) => mistake.code,
            Self::Form => "form",
        }
    }

    /// In words for managers.
    #[must_use]
    pub fn why(&self) -> Bilingual {
        match self {
            Self::AlreadyThere => Bilingual::new("知识库里已经有了，不用再加", "the playbook says so already"),
            Self::NotThere => Bilingual::new(
                "这个意图的关键词、整句和同时含里都没有这一行",
                "this line is not among the intent's `phrases`, `whole` and `together`",
            ),
            Self::UnknownIntent => Bilingual::new("没有这个意图", "there is no such intent"),
            Self::UnknownSituation { situation } => {
                Bilingual::new(format!("没有“{situation}”这个情形"), format!("unknown situation `{situation}`"))
            }
            Self::Off => Bilingual::new(
                "本店关闭了这个意图，先打开再改",
                "the shop switched this intent off; switch it on first",
            ),
            Self::FileExists { path } => {
                Bilingual::new(format!("本店已经有 {path}，内容不同"), format!("the shop has another {path} already"))
            }
            Self::Empty => Bilingual::new("这里没有文字", "there are no words in it"),
            Self::TooLong => Bilingual::new(
                format!("太长了：一行最多 {LONGEST_LINE} 个字，一条话术最多 {LONGEST_SCRIPT} 个字"),
                format!("too long: {LONGEST_LINE} characters a line, {LONGEST_SCRIPT} a script"),
            ),
            Self::Comment => Bilingual::new(
                "以“# ”开头的行是备注，不会被读到",
                "a line that begins with `# ` is a comment and would not be read",
            ),
            Self::Parted => Bilingual::new(
                "中间有标点，这样写永远命不中；取其中一段，或者加到例句里",
                "marks part it, so it would never match; take a part of it, or add it as an example",
            ),
            Self::NotWords { line } => Bilingual::new(
                format!("“{line}”在话术里另有含义，会被当成格式而不是文字"),
                format!("`{line}` means something else in a script and would not be read as words"),
            ),
            Self::Mistake(mistake) => mistake.message.clone(),
            Self::Form => Bilingual::new(
                "这份文件的写法比较特别，不能一键修改；请打开它手工改",
                "the file is written in a form that a click does not change; open it and edit it by hand",
            ),
        }
    }
}
