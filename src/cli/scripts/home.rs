//! Adding words to a reply file without touching what stands in it, comments included.

use crate::domain::Language;
use crate::playbook::tree::{Key, LARGEST_FILE, Node, SourceFile, Value};

/// Words for a file of `replies/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) language: Language,
    /// `suggest`, or a situation with its tone: `shipped.lively`.
    pub(super) key: String,
    /// Lines without indentation.
    pub(super) lines: Vec<String>,
}

/// Why words can't be added to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    /// It can't be read, or isn't written line by line.
    Form,
    /// It would be larger than a script file may be.
    Large,
}

/// A file with further words. An empty one gets `title` and `category` of its group first.
pub(super) fn with(text: &str, group: Option<&str>, words: &Words) -> Result<String, Unfit> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let file = SourceFile::new("replies/x/x.yaml", text.clone());
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if text.trim().is_empty() {
        lines = group
            .map(|group| vec![format!("title: {}", scalar(group)), format!("category: {}", scalar(group))])
            .unwrap_or_default();
    }
    let tree = file.parse().map_err(|_| Unfit::Form)?;
    match entry(&tree, words.language.key()) {
        None => {
            lines.push(format!("{}:", words.language.key()));
            lines.extend(block(words, 2));
        }
        Some((key, node)) => inside(&mut lines, key, node, words)?,
    }
    let mut out = lines.join("\n");
    out.push('\n');
    if out.len() > LARGEST_FILE {
        return Err(Unfit::Large);
    }
    Ok(out)
}

fn entry<'n>(node: &'n Node, name: &str) -> Option<(&'n Key, &'n Node)> {
    node.entries().iter().find(|(key, _)| key.name == name).map(|(key, value)| (key, value))
}

/// Below a language's key: at the end of its `suggest`, else as a key of its own.
fn inside(lines: &mut Vec<String>, key: &Key, node: &Node, words: &Words) -> Result<(), Unfit> {
    let children = match &node.value {
        Value::Nothing => None,
        Value::Map(entries) => entries.first().map(|(first, _)| first),
        _ => return Err(Unfit::Form),
    };
    // A map within braces stands in the line of its key.
    if children.is_some_and(|first| first.line == key.line) {
        return Err(Unfit::Form);
    }
    let indent = children.map_or(2, |first| first.column as usize - 1);
    let end = end_of(lines, key.line as usize, key.column as usize - 1);
    match entry(node, &words.key) {
        Some((key, value)) if words.key == "suggest" => {
            let Some(head) = lines.get(key.line as usize - 1) else { return Err(Unfit::Form) };
            let after = head.trim_end().rsplit(':').next().unwrap_or_default().trim();
            let is_empty = value.text().is_none_or(|text| text.trim().is_empty());
            if !after.starts_with('|') || after.len() > 2 {
                return Err(Unfit::Form);
            }
            let end = end_of(lines, key.line as usize, key.column as usize - 1);
            let inner = lines[key.line as usize..end].iter().find(|line| !line.trim().is_empty());
            let inner = inner.map_or(indent + 2, |line| line.len() - line.trim_start().len());
            let part = (!is_empty).then(|| format!("{}---", " ".repeat(inner)));
            let added = part.into_iter().chain(indented(&words.lines, inner));
            lines.splice(end..end, added);
        }
        Some(_) => return Err(Unfit::Form),
        None => {
            lines.splice(end..end, block(words, indent));
        }
    }
    Ok(())
}

/// The line after the last that belongs to the key in line `key` (from 1), indented by `indent`.
fn end_of(lines: &[String], key: usize, indent: usize) -> usize {
    let mut end = key;
    for (number, line) in lines.iter().enumerate().skip(key) {
        let is_blank = line.trim().is_empty();
        if !is_blank && line.len() - line.trim_start_matches(' ').len() <= indent {
            break;
        }
        if !is_blank {
            end = number + 1;
        }
    }
    end
}

fn block(words: &Words, indent: usize) -> Vec<String> {
    let mut lines = vec![format!("{}{}: |", " ".repeat(indent), words.key)];
    lines.extend(indented(&words.lines, indent + 2));
    lines
}

fn indented(lines: &[String], indent: usize) -> impl Iterator<Item = String> {
    let blank = " ".repeat(indent);
    lines.iter().map(move |line| if line.is_empty() { String::new() } else { format!("{blank}{line}") })
}

/// Plain if nothing in it means anything to YAML, else in quotes.
fn scalar(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() && !c.is_ascii_digit();
    if text.chars().all(is_plain) && !["true", "false", "null", "yes", "no"].contains(&text) {
        return text.to_owned();
    }
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(key: &str, lines: &[&str]) -> Words {
        let lines = lines.iter().map(|line| (*line).to_owned()).collect();
        Words { language: Language::Zh, key: key.to_owned(), lines }
    }

    #[test]
    fn words_are_added_and_the_rest_stays_to_the_letter() {
        let script = words("suggest", &["title: 新", "好的，", "", "稍等"]);
        for (before, after) in [
            ("", "title: 售后\ncategory: 售后\nzh:\n  suggest: |\n    title: 新\n    好的，\n\n    稍等\n"),
            (
                "# 说明\nzh:\n  default: |\n    在的\n\nen:\n  default: |\n    Yes\n",
                "# 说明\nzh:\n  default: |\n    在的\n  suggest: |\n    title: 新\n    好的，\n\n    稍等\n\nen:\n  default: |\n    Yes\n",
            ),
            (
                "zh:\n    suggest: |\n        # 旧的\n        您好\n    # 后面的说明\n    default: |\n        在的\n",
                "zh:\n    suggest: |\n        # 旧的\n        您好\n        ---\n        title: 新\n        好的，\n\n        稍等\n    # 后面的说明\n    default: |\n        在的\n",
            ),
            (
                "en:\n  default: |\n    Yes",
                "en:\n  default: |\n    Yes\nzh:\n  suggest: |\n    title: 新\n    好的，\n\n    稍等\n",
            ),
            ("zh:\n", "zh:\n  suggest: |\n    title: 新\n    好的，\n\n    稍等\n"),
        ] {
            assert_eq!(with(before, Some("售后"), &script).as_deref(), Ok(after), "{before:?}");
        }
    }

    #[test]
    fn a_form_that_would_lose_something_is_refused() {
        let script = words("suggest", &["好的"]);
        for before in [
            "zh: {default: 在的}\n",
            "zh:\n  suggest: 在的\n",
            "zh:\n  suggest: >\n    在的\n",
            "zh: [1\n",
            "zh: 在的\n",
        ] {
            assert_eq!(with(before, None, &script), Err(Unfit::Form), "{before:?}");
        }
        assert_eq!(with("zh:\n  default: |\n    在的\n", None, &words("default", &["好"])), Err(Unfit::Form));
        let large = words("suggest", &["好".repeat(LARGEST_FILE).as_str()]);
        assert_eq!(with("", None, &large), Err(Unfit::Large));
    }

    #[test]
    fn names_of_groups_are_quoted_where_they_must() {
        for (name, written) in
            [("售后", "售后"), ("a: b", "\"a: b\""), ("#1", "\"#1\""), ("no", "\"no\""), ("12", "\"12\"")]
        {
            assert_eq!(scalar(name), written);
        }
    }
}
