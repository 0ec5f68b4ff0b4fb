//! Old chats out of a table: one message a row, or one turn a row. What can't be read is told with its line.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context as _, bail};

use super::columns::{Column, Columns, Layout, Role, role};
use crate::cli::scripts::table::{self, Row};
use crate::domain::Language;
use crate::learn::chat::{Chat, Said, Who, parted};

/// Larger files are read in parts by whoever exports them.
const LARGEST: u64 = 512 * 1024 * 1024;
/// A cell with more lines is one whose closing quote is missing: the rest of the file is in it.
const LINES: usize = 100;

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) chats: Vec<Chat>,
    /// Rows below the header.
    pub(super) rows: usize,
    /// Rows of robots and of the platform.
    pub(super) machine: usize,
    /// Rows that can't be used: the line, and why.
    pub(super) bad: Vec<(usize, String)>,
}

pub(super) fn read(path: &Path, language: Language) -> anyhow::Result<Read> {
    let rows = rows(path)?;
    let Some((header, rows)) = rows.split_first() else { bail!("{} is empty", path.display()) };
    let columns = Columns::of(&header.cells);
    let layout = columns.layout(language).map_err(anyhow::Error::msg).with_context(|| path.display().to_string())?;
    let mut gathering =
        Gathering { columns, width: header.cells.len(), language, read: Read::default(), places: HashMap::new() };
    gathering.read.rows = rows.len();
    for row in rows {
        if let Err(why) = gathering.take(row, layout) {
            gathering.read.bad.push((row.line, why));
        }
    }
    Ok(gathering.finish())
}

fn rows(path: &Path) -> anyhow::Result<Vec<Row>> {
    let shown = || path.display().to_string();
    let size = std::fs::metadata(path).with_context(shown)?.len();
    if size > LARGEST {
        bail!("{} is larger than 512 MiB: split it", path.display());
    }
    let bytes = std::fs::read(path).with_context(shown)?;
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return table::sheet(bytes).with_context(|| format!("{} can't be read as a workbook", path.display()));
    }
    let text = table::decode(&bytes)
        .with_context(|| format!("{} is no text: save it as CSV UTF-8 or XLSX", path.display()))?;
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().next().unwrap_or_default();
    let mark = [b'\t', b',', b';'].into_iter().find(|mark| first.as_bytes().contains(mark)).unwrap_or(b',');
    // Of files parted by tabs few programs quote anything, and people begin messages with quotes.
    let is_open = |cell: &str| cell.starts_with('"') && (cell.len() == 1 || !cell.ends_with('"'));
    if mark == b'\t' && !text.lines().flat_map(|line| line.split('\t')).any(is_open) {
        return Ok(by_tabs(text));
    }
    quoted(text, mark)
}

fn by_tabs(text: &str) -> Vec<Row> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| Row {
            line: number + 1,
            cells: line.split('\t').map(|cell| cell.trim().to_owned()).collect(),
        })
        .collect()
}

fn quoted(text: &str, mark: u8) -> anyhow::Result<Vec<Row>> {
    let text = format!("{}\n", text.replace("\r\n", "\n").replace('\r', "\n"));
    let mut reader =
        csv::ReaderBuilder::new().delimiter(mark).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let (mut record, mut rows) = (csv::StringRecord::new(), Vec::new());
    loop {
        let begins = reader.position().line();
        if !reader.read_record(&mut record).with_context(|| format!("line {begins}"))? {
            return Ok(rows);
        }
        // A record's own place would count blank lines before it; its end is sure.
        let within: usize = record.iter().map(|cell| cell.matches('\n').count()).sum();
        let after = usize::try_from(reader.position().line()).unwrap_or(usize::MAX);
        let cells: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            rows.push(Row { line: after.saturating_sub(within + 1), cells });
        }
    }
}

/// Chats while they are put together.
struct Gathering {
    columns: Columns,
    width: usize,
    language: Language,
    read: Read,
    /// Where each chat stands.
    places: HashMap<String, usize>,
}

impl Gathering {
    fn take(&mut self, row: &Row, layout: Layout) -> Result<(), String> {
        if row.cells.len() > self.width || row.cells.len() + 2 < self.width {
            let (is, wanted) = (row.cells.len(), self.width);
            return Err(self.say(format!("有 {is} 格，表头有 {wanted} 列"), format!("{is} cells, not {wanted}")));
        }
        if row.cells.iter().any(|cell| cell.matches('\n').count() > LINES) {
            return Err(self.say("引号没有闭合".to_owned(), "a quote isn't closed".to_owned()));
        }
        match layout {
            Layout::Messages => self.message(row),
            Layout::Turns => self.turn(row),
        }
    }

    fn message(&mut self, row: &Row) -> Result<(), String> {
        let cell = |column| self.columns.cell(&row.cells, column);
        let (text, who) = (cell(Column::Text), cell(Column::Role));
        if text.is_empty() {
            return Err(self.say("没有内容".to_owned(), "no text".to_owned()));
        }
        let chat = if self.columns.has(Column::Chat) { cell(Column::Chat) } else { cell(Column::Customer) };
        if chat.is_empty() {
            return Err(self.say("没有写是哪次会话".to_owned(), "it doesn't say which chat".to_owned()));
        }
        let names = [cell(Column::AgentName), cell(Column::Agent)];
        let name = names.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
        let known = if !who.is_empty() && who == cell(Column::Customer) {
            Some(Role::Customer)
        } else if !who.is_empty() && names.contains(&who) {
            Some(Role::Agent)
        } else {
            role(who)
        };
        let who = match known {
            Some(Role::Machine) => {
                self.read.machine += 1;
                return Ok(());
            }
            Some(Role::Customer) => Who::Customer,
            Some(Role::Agent) => Who::Agent(if name.is_empty() { who.to_owned() } else { name.to_owned() }),
            None => {
                return Err(self.say(
                    format!("不知道“{who}”是谁：角色请写 顾客 或 客服"),
                    format!("who `{who}` is can't be told: write `customer` or `agent`"),
                ));
            }
        };
        let (chat, said) = (chat.to_owned(), Said { who, text: plain(text) });
        self.chat(&chat).said.push(said);
        Ok(())
    }

    fn turn(&mut self, row: &Row) -> Result<(), String> {
        let cell = |column| self.columns.cell(&row.cells, column);
        let (customer, agent) = (plain(cell(Column::Customer)), plain(cell(Column::Agent)));
        let id = match cell(Column::Chat) {
            // Pairs without a chat stand alone.
            "" => format!("line {}", row.line),
            id => id.to_owned(),
        };
        if customer.is_empty() && agent.is_empty() {
            return Err(self.say("没有内容".to_owned(), "no text".to_owned()));
        }
        let name = cell(Column::AgentName).to_owned();
        let chat = self.chat(&id);
        if !customer.is_empty() {
            chat.said.push(Said { who: Who::Customer, text: customer });
        }
        let replies = parted(&agent).into_iter();
        chat.said.extend(replies.map(|text| Said { who: Who::Agent(name.clone()), text: text.to_owned() }));
        Ok(())
    }

    fn chat(&mut self, id: &str) -> &mut Chat {
        let next = self.read.chats.len();
        let place = *self.places.entry(id.to_owned()).or_insert(next);
        if place == next {
            self.read.chats.push(Chat { id: id.to_owned(), said: Vec::new() });
        }
        &mut self.read.chats[place]
    }

    fn say(&self, zh: String, en: String) -> String {
        if self.language == Language::Zh { zh } else { en }
    }

    fn finish(self) -> Read {
        self.read
    }
}

/// Without what a web page left in it.
fn plain(text: &str) -> String {
    const LEFT: [(&str, &str); 8] = [
        ("&nbsp;", " "),
        ("<br>", "\n"),
        ("<br/>", "\n"),
        ("<br />", "\n"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&amp;", "&"),
    ];
    LEFT.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to)).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(bytes: &[u8]) -> Read {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("chats.csv");
        std::fs::write(&path, bytes).unwrap();
        read(&path, Language::En).unwrap()
    }

    fn shown(read: &Read) -> Vec<String> {
        let said = |chat: &Chat| {
            let said = chat.said.iter().map(|said| match &said.who {
                Who::Customer => format!("c {}", said.text),
                Who::Agent(name) => format!("{name}> {}", said.text),
            });
            said.collect::<Vec<_>>().join(" | ")
        };
        read.chats.iter().map(|chat| format!("{}: {}", chat.id, said(chat))).collect()
    }

    #[test]
    fn messages_and_turns_are_read_in_the_encodings_people_have() {
        let messages = "会话,角色,客服昵称,内容\r\n1,买家,小美,在吗\r\n2,买家,,\"包邮吗，亲\"\r\n1,客服,小美,在的\r\n1,机器人,,欢迎\r\n";
        let wanted = ["1: c 在吗 | 小美> 在的", "2: c 包邮吗，亲"];
        let (gbk, _, _) = encoding_rs::GBK.encode(messages);
        for bytes in [messages.as_bytes(), &["\u{feff}".as_bytes(), messages.as_bytes()].concat(), &gbk] {
            let read = read_text(bytes);
            assert_eq!((shown(&read), read.machine, read.rows), (wanted.map(str::to_owned).to_vec(), 1, 4));
        }
        let turns = "dialog\tturn\tcustomer\tagent\n7\t0\t在吗\t\n7\t1\t\"你好\"\t您好 请稍等\n";
        assert_eq!(shown(&read_text(turns.as_bytes())), ["7: c 在吗 | c \"你好\" | > 您好 | > 请稍等"]);
    }

    #[test]
    fn bad_lines_are_told_and_the_rest_is_read() {
        let read = read_text(b"conversation,from,text\n1,buyer,hello there\n1,nobody,hi\n,agent,hi\n1,agent,\n1,agent,a,b,c\n1,agent,\"hi\nyou\"\n1,agent,bye\n");
        let lines: Vec<usize> = read.bad.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [3, 4, 5, 6], "{:?}", read.bad);
        assert_eq!(shown(&read), ["1: c hello there | agent> hi\nyou | agent> bye"]);
        assert!(read.bad[0].1.contains("`nobody`"));
    }
}
