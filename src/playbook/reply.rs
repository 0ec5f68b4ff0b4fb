//! `replies/<area>/<name>.yaml`: the approved words, by language, situation and tone.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::diagnostic::{Bilingual, Diagnostic, nearest};
use super::facts::{Facts, Local};
use super::keys;
use super::template::{SYSTEM_VARIABLES, Template, VARIABLES};
use super::tree::{Key, Node, SourceFile};
use crate::domain::{IntentId, Language, Situation};

pub(super) const KEYS: &[&str] = &["title", "category", "zh", "en"];
const PLAIN: &str = "plain";

/// All words for one intent.
#[derive(Clone, Debug, Default)]
pub struct Replies {
    /// What managers call it.
    pub title: Option<Local>,
    /// The folder of the script library.
    pub category: Option<Local>,
    scripts: BTreeMap<(Language, Situation), BTreeMap<String, Template>>,
    /// Words of the system that are picked by other names than situations: `after_60s`.
    named: BTreeMap<(Language, String), Template>,
    suggest: BTreeMap<Language, Vec<Script>>,
}

/// A script for agents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// What it is called.
    pub title: Option<String>,
    /// When it fits.
    pub use_when: Option<String>,
    /// When it does not.
    pub avoid: Option<String>,
    /// Pictures that go with it.
    pub images: Vec<String>,
    /// Its words.
    pub text: Template,
}

/// Words that were found, and for what.
#[derive(Clone, Copy, Debug)]
pub struct Found<'r> {
    /// The situation whose words these are.
    pub situation: Situation,
    /// The tone whose words these are.
    pub tone: &'r str,
    /// The words.
    pub template: &'r Template,
}

impl Script {
    /// Whether a line names it: by its title, or by its first line.
    fn is_called(&self, name: &str) -> bool {
        let text = self.text.fill_known(&mut |_| None);
        self.title.as_deref() == Some(name) || text.lines().next().is_some_and(|first| first.trim() == name)
    }
}

impl Replies {
    /// The words for a situation, else for the ones it falls back to; the tone falls back to plain, never to another language.
    #[must_use]
    pub fn find(&self, language: Language, situation: Situation, tone: &str) -> Option<Found<'_>> {
        std::iter::successors(Some(situation), |situation| situation.fallback()).find_map(|situation| {
            let tones = self.scripts.get(&(language, situation))?;
            let (tone, template) = tones.get_key_value(tone).or_else(|| tones.get_key_value(PLAIN))?;
            Some(Found { situation, tone, template })
        })
    }

    /// The words under a name of the system's own: `after_60s`.
    #[must_use]
    pub fn named(&self, language: Language, name: &str) -> Option<&Template> {
        self.named.get(&(language, name.to_owned()))
    }

    /// The scripts for agents.
    #[must_use]
    pub fn suggest(&self, language: Language) -> &[Script] {
        self.suggest.get(&language).map(Vec::as_slice).unwrap_or_default()
    }

    /// Every situation that has words in a language.
    pub fn situations(&self, language: Language) -> impl Iterator<Item = Situation> {
        self.scripts.keys().filter(move |(of, _)| *of == language).map(|(_, situation)| *situation)
    }

    /// The bot's words in a language, with the situation (or the system's own name) and the tone of each.
    pub fn words(&self, language: Language) -> impl Iterator<Item = (&str, &str, &Template)> {
        let scripts =
            self.scripts.iter().filter(move |((of, _), _)| *of == language).flat_map(|((_, situation), tones)| {
                tones.iter().map(|(tone, template)| (situation.key(), tone.as_str(), template))
            });
        let named = self.named.iter().filter(move |((of, _), _)| *of == language);
        scripts.chain(named.map(|((_, name), template)| (name.as_str(), PLAIN, template)))
    }

    /// Every template, with what it is for.
    pub fn templates(&self) -> impl Iterator<Item = (Language, Situation, &Template)> {
        self.scripts
            .iter()
            .flat_map(|((language, situation), tones)| tones.values().map(|template| (*language, *situation, template)))
    }
}

/// Every reply of the layers read so far. Shops that change none of an intent's words share them.
pub type ReplyBook = BTreeMap<IntentId, Arc<Replies>>;

/// What a reply file is read with.
pub(super) struct Reading<'a> {
    pub(super) file: &'a SourceFile,
    pub(super) facts: &'a Facts,
    pub(super) mistakes: &'a mut Vec<Diagnostic>,
}

impl Reading<'_> {
    /// Reads the words for one intent over those of the layers below: a situation's tone replaces (an empty one takes
    /// the words away), agents' scripts add, `remove` takes scripts away by title or first line.
    pub(super) fn read(&mut self, book: &mut ReplyBook, id: &IntentId, node: &Node) {
        let replies = Arc::make_mut(book.entry(id.clone()).or_default());
        for (key, _, value) in keys::known(self.file, node, KEYS, self.mistakes) {
            match key {
                "title" => replies.title = Local::read(value),
                "category" => replies.category = Local::read(value),
                _ => {
                    if let Some(language) = Language::parse(key) {
                        self.read_language(replies, language, value, id.area() == "system");
                    }
                }
            }
        }
    }

    fn read_language(&mut self, replies: &mut Replies, language: Language, node: &Node, is_system: bool) {
        for (key, value) in node.entries() {
            let text = value.text().unwrap_or_default();
            if key.name == "suggest" {
                let scripts = self.scripts(value, text);
                replies.suggest.entry(language).or_default().extend(scripts);
                continue;
            }
            if key.name == "remove" {
                self.remove(replies.suggest.entry(language).or_default(), value);
                continue;
            }
            let template = self.template(value, text, 0);
            let (situation, tone) = key.name.split_once('.').unwrap_or((&key.name, PLAIN));
            match Situation::parse(situation) {
                Some(situation) => {
                    let tones = replies.scripts.entry((language, situation)).or_default();
                    if template.is_empty() {
                        tones.remove(tone)
                    } else {
                        tones.insert(tone.to_owned(), template)
                    };
                    if tones.is_empty() {
                        replies.scripts.remove(&(language, situation));
                    }
                }
                None if is_system => {
                    replies.named.insert((language, key.name.clone()), template);
                }
                None => self.unknown_situation(key, situation),
            }
        }
    }

    fn unknown_situation(&mut self, key: &Key, situation: &str) {
        let names: Vec<&str> = Situation::ALL.iter().map(|situation| situation.key()).collect();
        let place = self.file.place(key.line, key.column, key.name.chars().count());
        let message = Bilingual::new(format!("没有“{situation}”这个情形"), format!("unknown situation `{situation}`"));
        let near = nearest(situation, names.iter().copied());
        let help = near.map_or_else(
            || Bilingual::new(format!("可用的情形：{}", names.join(" ")), format!("situations: {}", names.join(" "))),
            |near| Bilingual::new(format!("是不是 {near}？"), format!("did you mean `{near}`?")),
        );
        let mistake = Diagnostic::error("unknown-situation", place, message).with_help(help);
        self.mistakes.push(keys::with_line(self.file, mistake));
    }

    /// Takes agents' scripts of the layers below away.
    fn remove(&mut self, scripts: &mut Vec<Script>, value: &Node) {
        for (number, gone) in value.lines() {
            let before = scripts.len();
            scripts.retain(|script| !script.is_called(gone));
            if scripts.len() == before {
                let message = Bilingual::new(
                    format!("没有标题或首行是“{gone}”的话术可以去掉"),
                    format!("there is no script with the title or first line \"{gone}\" to take away"),
                );
                let place = self.file.place(number, 0, 0);
                self.mistakes
                    .push(keys::with_line(self.file, Diagnostic::warning("nothing-to-remove", place, message)));
            }
        }
    }

    /// Scripts are parted by a line `---`; each may begin with `title:`, `use_when:`, `avoid:`, `images:`.
    fn scripts(&mut self, value: &Node, text: &str) -> Vec<Script> {
        let mut scripts = Vec::new();
        let mut first = 0;
        for block in text.split("\n---") {
            let lines = block.matches('\n').count() + 1;
            let script = self.script(value, block, first);
            if !script.text.is_empty() {
                scripts.push(script);
            }
            first += lines;
        }
        scripts
    }

    fn script(&mut self, value: &Node, block: &str, first: usize) -> Script {
        let mut script = Script::default();
        let mut body = Vec::new();
        for line in block.trim_start_matches('-').lines() {
            let head = line.trim().split_once([':', '：']).map(|(name, rest)| (name.trim(), rest.trim().to_owned()));
            match head {
                Some(("title" | "标题", rest)) if body.is_empty() => script.title = Some(rest),
                Some(("use_when" | "适用", rest)) if body.is_empty() => script.use_when = Some(rest),
                Some(("avoid" | "避免", rest)) if body.is_empty() => script.avoid = Some(rest),
                Some(("images" | "图片", rest)) if body.is_empty() => {
                    script.images = rest.split_whitespace().map(str::to_owned).collect();
                }
                _ if body.is_empty() && (line.trim().is_empty() || is_note(line)) => {}
                _ => body.push(line),
            }
        }
        let before = block.lines().count().saturating_sub(body.len());
        script.text = self.template(value, &body.join("\n"), first + before);
        script
    }

    fn template(&mut self, value: &Node, text: &str, first: usize) -> Template {
        let (numbers, spoken): (Vec<usize>, Vec<&str>) =
            text.lines().enumerate().filter(|(_, line)| !is_note(line)).unzip();
        let (template, unknown) =
            Template::parse(&spoken.join("\n"), &[VARIABLES, SYSTEM_VARIABLES], &|path| self.facts.exists(path));
        for name in unknown {
            let below = numbers.get(name.line).copied().unwrap_or(name.line);
            let line = value.line + u32::try_from(first + below).unwrap_or(0);
            let source = self.file.line(line);
            let at = source.as_deref().and_then(|source| source.find(&format!("{{{}", name.name)));
            let column = at.map_or(0, |at| source.as_deref().map_or(0, |s| s[..at].chars().count() + 1));
            let place = self.file.place(line, u32::try_from(column).unwrap_or(0), name.name.chars().count() + 2);
            let message =
                Bilingual::new(format!("没有变量 {{{}}}", name.name), format!("unknown variable {{{}}}", name.name));
            let facts = Facts::known();
            let known = VARIABLES.iter().map(|(en, _)| *en).chain(facts.iter().map(String::as_str));
            let mut mistake = Diagnostic::error("unknown-variable", place, message);
            if let Some(near) = nearest(&name.name, known) {
                mistake = mistake
                    .with_help(Bilingual::new(format!("是不是 {{{near}}}？"), format!("did you mean {{{near}}}?")));
            }
            mistake.source = source;
            self.mistakes.push(mistake);
        }
        let below = u32::try_from(first + numbers.first().copied().unwrap_or(0)).unwrap_or(0);
        template.at(self.file.place(value.line + below, 0, 0))
    }
}

/// A line that begins with `# ` is a note among those who write; no customer is to read it.
fn is_note(line: &str) -> bool {
    let line = line.trim();
    line == "#" || line.starts_with("# ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playbook::template::Variable;

    #[test]
    fn notes_are_never_spoken_and_lines_are_still_counted() {
        let text = "zh:\n  default: |\n    # 先问商品\n    #1 号仓发出\n    # 再报时间\n    {facts.shipwithin}\n  suggest: |\n    # 新话术\n    标题: 发货\n    马上发\n";
        let file = SourceFile::new("replies/a/b.yaml", text);
        let (mut book, mut mistakes) = (ReplyBook::new(), Vec::new());
        let mut reading = Reading { file: &file, facts: &Facts::default(), mistakes: &mut mistakes };
        reading.read(&mut book, &IntentId::from("a/b"), &file.parse().unwrap());
        assert_eq!(mistakes.iter().map(|m| (m.code, m.place.line)).collect::<Vec<_>>(), [("unknown-variable", 6)]);
        let replies = &book[&IntentId::from("a/b")];
        let said = replies.find(Language::Zh, Situation::Default, PLAIN).unwrap();
        assert_eq!(said.template.fill(&mut |_: &Variable| None).unwrap(), "#1 号仓发出\n{facts.shipwithin}");
        let script = &replies.suggest(Language::Zh)[0];
        assert_eq!((script.title.as_deref(), script.text.fill_known(&mut |_| None).as_str()), (Some("发货"), "马上发"));
    }
}
