//! What becomes of each row of an import: where its words go, or why they can't be taken.

use std::collections::BTreeMap;

use super::columns::{Column, Columns};
use super::home::{self, Unfit, Words};
use super::placeholders;
use super::table::Row;
use crate::domain::{IntentId, Language, Situation};
use crate::playbook::Playbook;
use crate::playbook::diagnostic::{Bilingual, Place, nearest};
use crate::playbook::template::{SYSTEM_VARIABLES, Template, VARIABLES};
use crate::text;

/// Longer than any platform sends in one message.
const LONGEST: usize = 2_000;
/// The area of scripts that belong to no intent: agents find them, the bot never says them.
const LIBRARY: &str = "library";
/// The tone that every script has.
const PLAIN: &str = "plain";

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It goes there.
    Taken { at: Shelf },
    /// The very words are there already.
    There { at: String },
    /// It can't be taken.
    Refused { why: Bilingual },
}

/// A row and its fate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Judged {
    pub(super) line: usize,
    pub(super) text: String,
    pub(super) fate: Fate,
}

/// A key of a file of the shop.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Shelf {
    /// Below the shop's folder.
    pub(super) path: String,
    language: Language,
    /// `suggest`, or a situation with its tone.
    key: String,
}

/// Words that wait to be written.
struct Waiting {
    /// What a new file of the library is called.
    group: Option<String>,
    lines: Vec<String>,
}

/// Judges rows one after another; what was taken before counts.
pub(super) struct Judge<'a> {
    pub(super) playbook: &'a Playbook,
    /// What the rows are in; `None`: each by its own words.
    pub(super) language: Option<Language>,
    /// The shop's own files, by path below its folder.
    files: BTreeMap<String, String>,
    waiting: BTreeMap<Shelf, Waiting>,
    /// Words that were taken, by home: the line they came from.
    taken: BTreeMap<(String, String, String), usize>,
    /// Words that are there.
    there: There,
    /// The groups of the library, with the id of each.
    groups: BTreeMap<String, IntentId>,
}

/// A row that is only proposed waits for a person.
fn accepted(state: &str) -> Result<(), Fate> {
    if matches!(state.to_lowercase().as_str(), "proposed" | "建议" | "待定" | "待审") {
        return Err(refused(
            "还没有人看过：可用就把状态改成 accepted",
            "nobody has read it yet: write `accepted` as its state if it may be used",
        ));
    }
    Ok(())
}

/// A row, read.
struct Entry<'r> {
    line: usize,
    group: &'r str,
    text: String,
    intent: &'r str,
    situation: &'r str,
    tone: &'r str,
    /// Above a script's words.
    heads: Vec<(&'static str, &'r str)>,
}

/// Where words go.
struct Home {
    id: IntentId,
    language: Language,
    /// `suggest`, or a situation with its tone.
    key: String,
}

impl<'a> Judge<'a> {
    pub(super) fn new(playbook: &'a Playbook, language: Option<Language>, files: BTreeMap<String, String>) -> Self {
        let library = playbook.replies.iter().filter(|(id, _)| id.area() == LIBRARY);
        let groups =
            library.filter_map(|(id, replies)| Some((replies.title.as_ref()?.of(Language::Zh).to_owned(), id.clone())));
        Self {
            playbook,
            language,
            files,
            waiting: BTreeMap::new(),
            taken: BTreeMap::new(),
            there: all_words(playbook),
            groups: groups.collect(),
        }
    }

    pub(super) fn judge(&mut self, columns: &Columns, row: &Row) -> Judged {
        let cell = |column| columns.cell(row, column);
        let heads = [
            ("title", cell(Column::Title)),
            ("use_when", cell(Column::UseWhen)),
            ("avoid", cell(Column::Avoid)),
            ("images", cell(Column::Images)),
        ];
        let entry = Entry {
            line: row.line,
            group: cell(Column::Group),
            text: placeholders::ours(cell(Column::Text)),
            intent: cell(Column::Intent),
            situation: cell(Column::Situation),
            tone: cell(Column::Tone),
            heads: heads.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
        };
        let fate = accepted(cell(Column::State)).and_then(|()| self.take(&entry)).unwrap_or_else(|fate| fate);
        let text = if entry.text.is_empty() { row.cells.join(" | ") } else { entry.text };
        Judged { line: row.line, text, fate }
    }

    fn take(&mut self, entry: &Entry<'_>) -> Result<Fate, Fate> {
        self.can_be_said(&entry.text)?;
        self.knows_variables(entry)?;
        let home = self.home(entry)?;
        let (language, path) = (home.language, format!("replies/{}.yaml", home.id));
        let below = (home.id.to_string(), language.key().to_owned(), entry.text.clone());
        if let Some(line) = self.taken.get(&below) {
            return Err(refused(format!("和第 {line} 行重复"), format!("the same as line {line}")));
        }
        if let Some(place) = self.place_of(&home, &entry.text) {
            return Ok(Fate::There { at: shown(&place) });
        }
        let mut lines: Vec<String> = Vec::new();
        if home.key == "suggest" {
            lines.extend(entry.heads.iter().map(|(head, value)| format!("{head}: {}", value.replace('\n', " "))));
        }
        lines.extend(entry.text.lines().map(|line| line.trim_end().to_owned()));
        let group = (home.id.area() == LIBRARY).then(|| self.group(entry).to_owned());
        let place = Shelf { path: path.clone(), language, key: home.key };
        let waiting = self.waiting.entry(place.clone()).or_insert_with(|| Waiting { group, lines: Vec::new() });
        if place.key != "suggest" && !waiting.lines.is_empty() {
            return Err(refused("前面的行已经写了这个情形", "a line above has words for this situation"));
        }
        if !waiting.lines.is_empty() {
            waiting.lines.push("---".to_owned());
        }
        waiting.lines.extend(lines);
        self.taken.insert(below, entry.line);
        Ok(Fate::Taken { at: place })
    }

    /// The shop's own files as they will be, and the rows with what became of them in the end.
    pub(super) fn finish(mut self, mut judged: Vec<Judged>) -> (BTreeMap<String, String>, Vec<Judged>) {
        for (place, waiting) in std::mem::take(&mut self.waiting) {
            let before = self.files.get(&place.path).cloned().unwrap_or_default();
            let words = Words { language: place.language, key: place.key.clone(), lines: waiting.lines };
            let why = match home::with(&before, waiting.group.as_deref(), &words) {
                Ok(after) => {
                    self.files.insert(place.path, after);
                    continue;
                }
                Err(why) => unfit(why, &place.path),
            };
            let of_it = judged.iter_mut().filter(|row| matches!(&row.fate, Fate::Taken { at } if *at == place));
            of_it.for_each(|row| row.fate = why.clone());
        }
        (self.files, judged)
    }

    /// Whether the words can stand in a file and reach somebody as they are.
    fn can_be_said(&self, text: &str) -> Result<(), Fate> {
        if text.trim().is_empty() {
            return Err(refused("没有内容", "there are no words in it"));
        }
        if text.chars().count() > LONGEST {
            return Err(refused(
                format!("超过 {LONGEST} 字，平台一条消息发不出去"),
                format!("longer than {LONGEST} characters: no platform sends that in one message"),
            ));
        }
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return Err(refused("有看不见的控制字符", "it holds control characters"));
        }
        let is_note = |line: &str| line.trim() == "#" || line.trim().starts_with("# ");
        if text.lines().any(|line| is_note(line) || line.trim_start().starts_with("---")) {
            return Err(refused(
                "有一行以“# ”或“---”开头：在话术文件里那是备注和分隔",
                "a line begins with `# ` or `---`: in a script file those are notes and separators",
            ));
        }
        const HEADS: &[&str] = &["title", "标题", "use_when", "适用", "avoid", "避免", "images", "图片"];
        let head = text.trim().split([':', '：']).next().unwrap_or_default().trim();
        if HEADS.contains(&head) && text.contains([':', '：']) {
            return Err(refused(
                format!("以“{head}：”开头，会被当成话术的说明"),
                format!("it begins with `{head}:`, which would be taken for a note on the script"),
            ));
        }
        Ok(())
    }

    /// Whether every gap has a name that is known here.
    fn knows_variables(&self, entry: &Entry<'_>) -> Result<(), Fate> {
        let of_system = if entry.intent.starts_with("system/") { SYSTEM_VARIABLES } else { &[] };
        let facts = |path: &str| self.playbook.facts.exists(path);
        let (_, unknown) = Template::parse(&entry.text, &[VARIABLES, of_system], &facts);
        let Some(first) = unknown.first() else { return Ok(()) };
        let name = &first.name;
        let near = nearest(name, VARIABLES.iter().flat_map(|(en, zh)| [*en, *zh]));
        Err(match near {
            Some(near) => refused(
                format!("没有变量 {{{name}}}，是不是 {{{near}}}？"),
                format!("there is no variable {{{name}}}; did you mean {{{near}}}?"),
            ),
            None => refused(
                format!("没有变量 {{{name}}}；要留给客服填就写 {{…}}"),
                format!("there is no variable {{{name}}}; write {{…}} for a gap that an agent fills"),
            ),
        })
    }

    fn home(&mut self, entry: &Entry<'_>) -> Result<Home, Fate> {
        let language = self.language_of(&entry.text);
        let is_script = matches!(entry.situation, "" | "suggest" | "推荐" | "客服");
        if entry.intent.is_empty() || entry.intent.starts_with("library/") {
            if !is_script {
                return Err(refused("写了情形，却没有写意图", "a situation without an intent"));
            }
            let id = match entry.intent {
                "" => self.library(entry),
                id => IntentId::from(id),
            };
            return Ok(Home { id, language, key: "suggest".to_owned() });
        }
        let id = IntentId::from(entry.intent);
        let is_known = self.playbook.intents.contains_key(&id)
            || (id.area() == "system" && self.playbook.replies.contains_key(&id));
        if !is_known {
            return Err(self.unknown_intent(entry.intent));
        }
        if is_script {
            return Ok(Home { id, language, key: "suggest".to_owned() });
        }
        let names = || Situation::ALL.iter().map(|situation| situation.key());
        let is_named = id.area() == "system"
            && self.playbook.replies.get(&id).is_some_and(|replies| replies.named(language, entry.situation).is_some());
        if Situation::parse(entry.situation).is_none() && !is_named {
            let near = nearest(entry.situation, names());
            let near = near.map_or_else(|| names().collect::<Vec<_>>().join(" "), str::to_owned);
            return Err(refused(
                format!("没有“{}”这个情形，可用：{near}", entry.situation),
                format!("unknown situation `{}`; there is: {near}", entry.situation),
            ));
        }
        let tone = if entry.tone.is_empty() { PLAIN } else { entry.tone };
        if !tone.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-') {
            return Err(refused(format!("语气“{tone}”不能用"), format!("`{tone}` can't be the name of a tone")));
        }
        let key = if tone == PLAIN { entry.situation.to_owned() } else { format!("{}.{tone}", entry.situation) };
        Ok(Home { id, language, key })
    }

    fn unknown_intent(&self, intent: &str) -> Fate {
        match nearest(intent, self.playbook.intents.keys().map(IntentId::as_str)) {
            Some(near) => refused(
                format!("没有 {intent} 这个意图，是不是 {near}？"),
                format!("there is no intent {intent}; did you mean {near}?"),
            ),
            None => refused(format!("没有 {intent} 这个意图"), format!("there is no intent {intent}")),
        }
    }

    /// Chinese if a Han character stands in it; always one of the shop's.
    fn language_of(&self, text: &str) -> Language {
        let spoken = &self.playbook.settings.languages;
        let own = if text.chars().any(text::is_han) { Language::Zh } else { Language::En };
        let own = self.language.unwrap_or(own);
        if spoken.contains(&own) { own } else { spoken.first().copied().unwrap_or_default() }
    }

    fn group<'e>(&self, entry: &Entry<'e>) -> &'e str {
        if entry.group.is_empty() { "未分组" } else { entry.group }
    }

    /// The file of a group; a new one is named after it.
    fn library(&mut self, entry: &Entry<'_>) -> IntentId {
        let group = self.group(entry);
        if let Some(id) = self.groups.get(group) {
            return id.clone();
        }
        let mut slug = String::new();
        for c in group.to_lowercase().chars() {
            match c {
                c if c.is_alphanumeric() => slug.push(c),
                _ if slug.is_empty() || slug.ends_with('-') => {}
                _ => slug.push('-'),
            }
        }
        let slug = match slug.trim_end_matches('-') {
            "" => "group",
            slug => slug,
        };
        let id = |number: usize| match number {
            1 => IntentId::from(format!("{LIBRARY}/{slug}")),
            _ => IntentId::from(format!("{LIBRARY}/{slug}-{number}")),
        };
        let is_free = |id: &IntentId| {
            !self.playbook.replies.contains_key(id) && !self.files.contains_key(&format!("replies/{id}.yaml"))
        };
        let id = (1..).map(id).find(is_free).unwrap_or_else(|| id(1));
        self.groups.insert(group.to_owned(), id.clone());
        id
    }

    /// Where the very words stand in that home; scripts of the library, anywhere in it.
    fn place_of(&self, home: &Home, text: &str) -> Option<Place> {
        self.there.get(&(house(&home.id), home.language, home.key.clone(), canonical(text))).cloned()
    }
}

/// Words by home, language, key and text, with their places.
type There = BTreeMap<(String, Language, String, String), Place>;

/// The id of an intent; the library is one home.
fn house(id: &IntentId) -> String {
    if id.area() == LIBRARY { LIBRARY.to_owned() } else { id.to_string() }
}

fn all_words(playbook: &Playbook) -> There {
    let mut there = There::new();
    let raw = |template: &Template| template.fill_known(&mut |_| None).trim().to_owned();
    for (id, replies) in playbook.replies.iter() {
        for language in Language::ALL {
            for (situation, tone, template) in replies.words(language) {
                let key = if tone == PLAIN { situation.to_owned() } else { format!("{situation}.{tone}") };
                there.insert((house(id), language, key, raw(template)), template.place().clone());
            }
            for script in replies.suggest(language) {
                let key = (house(id), language, "suggest".to_owned(), raw(&script.text));
                there.insert(key, script.text.place().clone());
            }
        }
    }
    there
}

/// A text as a template writes itself: variables by their English names.
fn canonical(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let (template, _) = Template::parse(lines.join("\n").trim(), &[VARIABLES, SYSTEM_VARIABLES], &|_| true);
    template.fill_known(&mut |_| None)
}

fn refused(zh: impl Into<String>, en: impl Into<String>) -> Fate {
    Fate::Refused { why: Bilingual::new(zh, en) }
}

fn unfit(why: Unfit, path: &str) -> Fate {
    match why {
        Unfit::Form => refused(
            format!("加不进 {path}：它不是一行一句的写法，或已有这个情形的话术"),
            format!("{path} can't be added to: it isn't written line by line, or has words for this already"),
        ),
        Unfit::Large => refused(
            format!("{path} 会超过 1 MiB，请把这一组分开"),
            format!("{path} would be larger than 1 MiB; divide the group"),
        ),
    }
}

fn shown(place: &Place) -> String {
    format!("{}:{}", place.file, place.line)
}
