//! A file as its lines make it: keys with what belongs to them, comments and blank lines above each.

/// A map written line by line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Map {
    pub(super) entries: Vec<Entry>,
    /// Comments and blank lines below the last entry.
    pub(super) end: Vec<String>,
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Comments and blank lines above it, without indentation.
    pub(super) above: Vec<String>,
    /// The key as it is written.
    pub(super) key: String,
    /// The line of the key, without indentation and blanks at its end.
    pub(super) line: String,
    pub(super) body: Body,
}

/// What stands below a key's line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Body {
    Nothing,
    Map(Map),
    /// The lines of a block (`|`), without the indentation that they share.
    Block(Vec<String>),
    /// Anything else, without the indentation that its lines share.
    Other(Vec<String>),
}

/// Reads a file's lines; the number (from 1) of the first that isn't understood otherwise.
pub(super) fn parse(lines: &[&str]) -> Result<Map, usize> {
    let mut reader = Reader { lines, at: 0 };
    let map = reader.map(0)?;
    let left = lines.iter().skip(reader.at).position(|line| !is_blank(line));
    left.map_or(Ok(map), |left| Err(reader.at + left + 1))
}

struct Reader<'a> {
    lines: &'a [&'a str],
    at: usize,
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

/// The key of a line `key: …`; keys in quotes may hold anything.
fn key(line: &str) -> Option<&str> {
    if line.starts_with(['-', '?', '[', '{', '|', '>', '&', '*', '!', '%', '@', '`', '"', '\'']) {
        return None;
    }
    let colon = line.match_indices(':').map(|(at, _)| at).find(|at| {
        let after = &line[at + 1..];
        after.is_empty() || after.starts_with(' ')
    })?;
    let key = &line[..colon];
    (!key.contains(" #") && key.trim_end() == key).then_some(key)
}

/// How a value begins, without the comment behind it.
fn value(line: &str, key: &str) -> String {
    let value = line[key.len() + 1..].trim();
    let end = if value.starts_with('#') { 0 } else { value.find(" #").unwrap_or(value.len()) };
    value[..end].trim().to_owned()
}

impl Reader<'_> {
    fn map(&mut self, level: usize) -> Result<Map, usize> {
        let mut map = Map::default();
        loop {
            let start = self.at;
            let above = self.above();
            let next = self.lines.get(self.at).map(|line| indent(line));
            if next.is_none_or(|next| next < level) {
                // What is indented as this map is belongs to it; the rest to the key that follows.
                let is_own = |line: &&str| is_comment(line) && indent(line) >= level;
                let own = self.lines[start..self.at].iter().rposition(is_own).map_or(0, |last| last + 1);
                map.end = above.into_iter().take(own).collect();
                self.at = start + own;
                return Ok(map);
            }
            if next.is_some_and(|next| next > level) {
                return Err(self.at + 1);
            }
            let entry = self.entry(level, above)?;
            map.entries.push(entry);
        }
    }

    /// Comments and blank lines.
    fn above(&mut self) -> Vec<String> {
        let mut above = Vec::new();
        while let Some(line) = self.lines.get(self.at).filter(|line| is_blank(line) || is_comment(line)) {
            above.push(line.trim().to_owned());
            self.at += 1;
        }
        above
    }

    fn entry(&mut self, level: usize, above: Vec<String>) -> Result<Entry, usize> {
        let number = self.at + 1;
        let line = self.lines[self.at].trim();
        let key = key(line).ok_or(number)?;
        let value = value(line, key);
        self.at += 1;
        let body = match value.as_str() {
            "|" | "|-" | "|+" => self.block(level),
            "" => match self.next_below(level) {
                Some(below) if self.lines[below].trim_start().starts_with("- ") || self.lines[below].trim() == "-" => {
                    Body::Other(self.rest(level))
                }
                Some(below) if indent(self.lines[below]) > level => Body::Map(self.map(indent(self.lines[below]))?),
                _ => Body::Nothing,
            },
            _ => match self.rest(level) {
                rest if rest.is_empty() => Body::Nothing,
                rest => Body::Other(rest),
            },
        };
        let line = match value.as_str() {
            "|-" | "|+" => line.replacen(&value, "|", 1),
            _ => line.to_owned(),
        };
        Ok(Entry { above, key: key.to_owned(), line, body })
    }

    /// The next line that is neither blank nor a comment, if it may belong to the key above.
    fn next_below(&self, level: usize) -> Option<usize> {
        let next = (self.at..self.lines.len()).find(|at| !is_blank(self.lines[*at]) && !is_comment(self.lines[*at]))?;
        let line = self.lines[next];
        let is_item = line.trim_start().starts_with("- ") || line.trim() == "-";
        (indent(line) > level || (indent(line) == level && is_item)).then_some(next)
    }

    /// The lines of a block: those indented at least as its first one.
    fn block(&mut self, level: usize) -> Body {
        let first = self.lines[self.at..].iter().find(|line| !is_blank(line));
        let Some(inner) = first.map(|line| indent(line)).filter(|inner| *inner > level) else { return Body::Nothing };
        let mut block: Vec<String> = Vec::new();
        while let Some(line) = self.lines.get(self.at).filter(|line| is_blank(line) || indent(line) >= inner) {
            block.push(line.get(inner..).unwrap_or_default().trim_end().to_owned());
            self.at += 1;
        }
        // Blank lines below it stand above the next key.
        while block.last().is_some_and(String::is_empty) {
            block.pop();
            self.at -= 1;
        }
        let blank = block.iter().take_while(|line| line.is_empty()).count();
        block.drain(..blank);
        Body::Block(block)
    }

    /// Lists, flows over several lines and the like: all that is indented deeper, or is an item.
    fn rest(&mut self, level: usize) -> Vec<String> {
        let start = self.at;
        let mut end = start;
        while let Some(line) = self.lines.get(self.at) {
            let is_item = line.starts_with(&format!("{}- ", " ".repeat(level)));
            if !is_blank(line) && indent(line) <= level && !is_item {
                break;
            }
            self.at += 1;
            if !is_blank(line) {
                end = self.at;
            }
        }
        self.at = end;
        let lines = &self.lines[start..end];
        let shared = lines.iter().filter(|line| !is_blank(line)).map(|line| indent(line)).min().unwrap_or(0);
        lines.iter().map(|line| line.get(shared..).unwrap_or_default().trim_end().to_owned()).collect()
    }
}

/// Whether the lines of a block are a list, one a line, by the key they stand under.
pub(super) type IsList = dyn Fn(&str) -> bool;

/// The file laid out.
pub(super) fn write(map: &Map, is_list: &IsList) -> String {
    let mut out: Vec<String> = Vec::new();
    write_map(map, 0, is_list, &mut out);
    let first = out.iter().position(|line| !line.is_empty()).unwrap_or(out.len());
    let last = out.iter().rposition(|line| !line.is_empty()).map_or(first, |last| last + 1);
    out[first..last].iter().map(|line| format!("{line}\n")).collect()
}

fn write_map(map: &Map, level: usize, is_list: &IsList, out: &mut Vec<String>) {
    let put = |line: &str, level: usize, out: &mut Vec<String>| {
        out.push(if line.is_empty() { String::new() } else { format!("{}{line}", " ".repeat(level)) });
    };
    for entry in &map.entries {
        one_blank(&entry.above).for_each(|line| put(line, level, out));
        put(&entry.line, level, out);
        match &entry.body {
            Body::Nothing => {}
            Body::Map(map) => write_map(map, level + 2, is_list, out),
            Body::Block(lines) if is_list(&entry.key) => {
                one_blank(lines).for_each(|line| put(line.trim(), level + 2, out));
            }
            Body::Block(lines) | Body::Other(lines) => lines.iter().for_each(|line| put(line, level + 2, out)),
        }
    }
    one_blank(&map.end).for_each(|line| put(line, level, out));
}

/// The lines without blank ones that follow a blank one.
fn one_blank(lines: &[String]) -> impl Iterator<Item = &String> {
    let mut before = false;
    lines.iter().filter(move |line| {
        let stays = !(before && line.is_empty());
        before = line.is_empty();
        stays
    })
}
