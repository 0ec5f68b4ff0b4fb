//! What is printed, and the page that lies beside the files.

use std::collections::BTreeMap;
use std::path::Path;

use super::read::Read;
use super::{Learnt, covered};
use crate::domain::Language;
use crate::learn::mask::Kind;

/// So many bad lines are named; the rest is counted.
const NAMED: usize = 20;

/// Lines that couldn't be used.
pub(super) fn bad(read: &Read, language: Language) -> Vec<String> {
    let zh = language == Language::Zh;
    let line = |(line, why): &(usize, String)| {
        if zh { format!("第 {line} 行跳过：{why}") } else { format!("line {line} left out: {why}") }
    };
    let mut lines: Vec<String> = read.bad.iter().take(NAMED).map(line).collect();
    if let Some(more) = read.bad.len().checked_sub(NAMED).filter(|more| *more > 0) {
        lines.push(if zh { format!("还有 {more} 行跳过") } else { format!("and {more} more lines left out") });
    }
    lines
}

/// The figures: what they are called in Chinese and English, their keys, their values.
fn figures(learnt: &Learnt, read: &Read) -> Vec<(&'static str, &'static str, &'static str, String)> {
    let Learnt { corpus, library, drafts } = learnt;
    vec![
        ("行", "lines", "lines", read.rows.to_string()),
        ("跳过的行", "lines left out", "bad_lines", read.bad.len().to_string()),
        ("机器和系统的行", "lines of robots and platforms", "machine_lines", read.machine.to_string()),
        ("只有表情的消息", "messages of signs alone", "empty", corpus.empty.to_string()),
        ("会话", "chats", "chats", corpus.chats.to_string()),
        ("客服回复", "replies", "replies", corpus.replies.len().to_string()),
        ("相似回复的组", "groups of replies", "groups", library.groups.to_string()),
        ("建议的话术", "scripts proposed", "proposed", library.scripts.len().to_string()),
        ("覆盖的回复", "replies they stand for", "covered", format!("{:.1}%", covered(learnt) * 100.0)),
        ("不建议的", "left out, with reasons", "left_out", library.left_out.len().to_string()),
        ("太少见的回复", "replies too rare", "rare", library.rare.to_string()),
        ("新意图草稿", "drafts of intents", "drafts", drafts.len().to_string()),
    ]
}

/// The table on the screen.
pub(super) fn table(learnt: &Learnt, read: &Read, out: &Path, language: Language) -> String {
    let zh = language == Language::Zh;
    let mut text = String::new();
    for (in_zh, in_en, _, value) in figures(learnt, read) {
        text.push_str(&format!("{value:>8}  {}\n", if zh { in_zh } else { in_en }));
    }
    text.push_str(&format!("{}\n", masked(&learnt.corpus.pieces, language)));
    let out = out.display();
    text.push_str(&if zh {
        format!("写进了 {out}/：先看 READ-ME-FIRST.txt。还没有任何内容生效。\n")
    } else {
        format!("written to {out}/: begin with READ-ME-FIRST.txt. Nothing of it is live.\n")
    });
    text
}

fn masked(pieces: &BTreeMap<Kind, usize>, language: Language) -> String {
    let shown: Vec<String> = pieces.iter().map(|(kind, number)| format!("{} {number}", kind.name(language))).collect();
    let (label, parts) = match language {
        Language::Zh => ("遮盖的个人信息：", shown.join("，")),
        Language::En => ("personal data masked: ", shown.join(", ")),
    };
    format!("{label}{}", if parts.is_empty() { "0".to_owned() } else { parts })
}

/// All of it as JSON.
pub(super) fn json(learnt: &Learnt, read: &Read) -> String {
    let number = |value: &str| value.trim_end_matches('%').parse::<f64>().unwrap_or_default();
    let mut all: serde_json::Map<String, serde_json::Value> = serde_json::Map::new();
    for (_, _, key, value) in figures(learnt, read).into_iter().filter(|(_, _, key, _)| *key != "covered") {
        all.insert(key.to_owned(), serde_json::json!(number(&value) as u64));
    }
    all.insert("covered".to_owned(), serde_json::json!(covered(learnt)));
    let pieces: serde_json::Map<String, serde_json::Value> =
        learnt.corpus.pieces.iter().map(|(kind, number)| (kind.key().to_owned(), serde_json::json!(number))).collect();
    all.insert("masked".to_owned(), pieces.into());
    let bad: Vec<serde_json::Value> =
        read.bad.iter().map(|(line, why)| serde_json::json!({"line": line, "why": why})).collect();
    all.insert("bad".to_owned(), bad.into());
    let drafts: Vec<serde_json::Value> = learnt
        .drafts
        .iter()
        .map(|draft| serde_json::json!({"id": draft.id, "title": draft.title, "count": draft.count, "chats": draft.chats}))
        .collect();
    all.insert("drafted".to_owned(), drafts.into());
    serde_json::Value::from(all).to_string()
}

/// The page that lies beside the files, in the shop's language.
pub(super) fn first_page(learnt: &Learnt, read: &Read, language: Language) -> String {
    let zh = language == Language::Zh;
    let mut text = String::new();
    text.push_str(if zh {
        "这里是从旧聊天记录里归纳的建议。没有人看过之前，什么都不会生效。\n\n"
    } else {
        "Proposals made out of old chats. Nothing of it is live before a person has read it.\n\n"
    });
    for (in_zh, in_en, _, value) in figures(learnt, read) {
        text.push_str(&format!("{value:>8}  {}\n", if zh { in_zh } else { in_en }));
    }
    text.push_str(&format!("{}\n\n", masked(&learnt.corpus.pieces, language)));
    text.push_str(if zh { FIRST_ZH } else { FIRST_EN });
    text
}

const FIRST_ZH: &str = "\
怎么用

1. 用 Excel 打开 library.csv，一行一条话术，说得最多的在前面。改好要用的，把“状态”从 proposed 改成 accepted；不要的删掉或不动。
   {订单号} 这类大括号是要填的内容：{order.number} 等由系统填，{…} 留给客服填。
2. 先试导入：xiaoer scripts import library.csv --shop 店铺 --dry-run
   没有问题再去掉 --dry-run。状态还是 proposed 的行不会导入。导入的都是给客服的推荐话术，机器人不会说。
3. left-out.csv 是说得多但不建议用的，写明了原因。
4. intents/ 和 replies/ 里是新意图的草稿：顾客问得多、现有意图听不懂的。改写 means，删掉不合适的行，
   把意图和同名的回复一起拷进店铺文件夹，运行 xiaoer check。草稿都是 answer: never，机器人不会回答，只给客服推荐。

遮盖不可能认出所有个人信息，单独出现的名字就认不出。发布之前请逐条看过。
";

const FIRST_EN: &str = "\
How to use it

1. Open library.csv in Excel: a script a row, those said most often first. Mend what you want to use and change its state
   from `proposed` to `accepted`; delete the others or leave them.
   Braces are gaps: {order.number} and the like are filled in by the program, {…} by the agent.
2. Try the import: xiaoer scripts import library.csv --shop SHOP --dry-run
   If all is well, leave --dry-run out. Rows that are still `proposed` are not taken. All that is taken are scripts for
   agents; the bot doesn't say them.
3. left-out.csv holds what was said often and isn't proposed, with the reason.
4. intents/ and replies/ hold drafts of new intents: what customers asked often and no intent understood. Rewrite `means`,
   delete what doesn't fit, copy an intent with the reply of the same name into the shop's folder, and run xiaoer check.
   All drafts say `answer: never`: the bot doesn't answer them; agents get the scripts.

Masking cannot know all personal data: a name that stands alone isn't seen. Read each line before you publish it.
";
