//! Secrets in files. They are told at their place and shown nowhere: not in the line, not in another mistake's help.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::diagnostic::{Bilingual, Diagnostic};
use super::tree::SourceFile;

/// Tokens that are secrets wherever they stand.
static TOKENS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"whsec_[A-Za-z0-9+/=_-]{8,}|\b(?:sk|rk|pk)[-_][A-Za-z0-9_-]{16,}|\bgh[pousr]_[A-Za-z0-9]{20,}|\bAKIA[0-9A-Z]{16}\b|\bLTAI[A-Za-z0-9]{12,}|\bxox[abps]-[A-Za-z0-9-]{10,}|\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}|-----BEGIN [A-Z ]*PRIVATE KEY-----",
    )
    .ok()
});

/// Values that are secrets because of the word before them, in settings; the value is the group.
static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?i)(?:password|passwd|secret|token|api[-_]?key|access[-_]?key|app[-_]?key|authorization|密码|密钥|口令)[\w-]*["']?\s*[:：]\s*["'“]?(?:(?:Bearer|Basic|Token)\s+)?([^\s"'”,，}#]{4,})|(?i:Bearer|Basic)\s+([A-Za-z0-9._~+/=-]{8,})|://[^/\s:@]+:([^/\s@]{3,})@"#,
    )
    .ok()
});

/// Where the secrets of a text stand, in bytes.
fn find(text: &str, is_settings: bool) -> Vec<std::ops::Range<usize>> {
    let mut found: Vec<_> =
        TOKENS.iter().flat_map(|tokens| tokens.find_iter(text)).map(|found| found.range()).collect();
    for groups in NAMED.iter().filter(|_| is_settings).flat_map(|named| named.captures_iter(text)) {
        let value = (1..=3).find_map(|group| groups.get(group));
        let is_note =
            |start: usize| text[..start].rsplit('\n').next().is_some_and(|line| line.trim_start().starts_with('#'));
        if let Some(value) = value.filter(|value| !is_reference(value.as_str()) && !is_note(value.start())) {
            found.push(value.range());
        }
    }
    found.sort_by_key(|range| (range.start, usize::MAX - range.end));
    found.dedup_by(|later, earlier| later.start < earlier.end);
    found
}

/// `env:NAME`, `file:PATH`, `generated`: where a secret is, not what it is.
fn is_reference(value: &str) -> bool {
    value.starts_with("env:")
        || value.starts_with("file:")
        || matches!(value, "generated" | "none" | "null" | "~" | "true" | "false")
}

/// The secrets of a file.
pub(super) fn check(file: &SourceFile) -> Vec<Diagnostic> {
    let text = &file.text;
    let told = find(text, is_settings(file)).into_iter().map(|range| {
        let before = &text[..range.start];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().trim_start_matches('\u{feff}').chars().count() + 1;
        let width = text[range].chars().count();
        let place = file.place(u32::try_from(line).unwrap_or(0), u32::try_from(column).unwrap_or(0), width);
        let message = Bilingual::new("密钥不能写在文件里", "a secret must not stand in a file");
        // The line is not shown: it holds the secret.
        Diagnostic::error("secret-in-file", place, message).with_help(Bilingual::new(
            "换掉这个密钥，再写 env:变量名、file:路径 或 generated（首次启动时生成）",
            "replace the secret, then write env:NAME, file:PATH or generated (made at the first start)",
        ))
    });
    told.collect()
}

fn is_settings(file: &SourceFile) -> bool {
    !file.path.starts_with("intents/") && !file.path.starts_with("replies/")
}

/// A text without the secrets in it.
#[must_use]
pub fn hidden(text: &str) -> Cow<'_, str> {
    let found = find(text, true);
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for range in found {
        out.push_str(&text[at..range.start]);
        out.extend(text[range.clone()].chars().map(|_| '*'));
        at = range.end;
    }
    Cow::Owned(out + &text[at..])
}

/// Hides the secrets of a file in what is said of it.
pub(super) fn hide(mistakes: &mut [Diagnostic]) {
    for mistake in mistakes {
        let texts = [Some(&mut mistake.message), mistake.help.as_mut()].into_iter().flatten();
        for text in texts.flat_map(|text| [&mut text.zh, &mut text.en]).chain(mistake.source.as_mut()) {
            if let Cow::Owned(other) = hidden(text) {
                *text = other;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_seen_and_references_to_them_are_none() {
        for (text, shown) in [
            ("secret: whsec_MfKQ9r8GKYqrTwjUPD8ILP", "secret: ****************************"),
            ("headers: {Authorization: Bearer abcdef123456}", "headers: {Authorization: Bearer ************}"),
            ("X-Api-Key: 9f8e7d6c", "X-Api-Key: ********"),
            ("数据库密码：hunter22", "数据库密码：********"),
            ("url: https://me:pa55@erp.example/x", "url: https://me:****@erp.example/x"),
            ("key sk-abcdefghijklmnop1234 x", "key *********************** x"),
        ] {
            assert_eq!(hidden(text), shown);
        }
        for text in [
            "secret: env:WEB_SECRET",
            "web: {kind: standard, secret: generated, send_url: none}",
            "headers: {Authorization: \"env:ERP_TOKEN\"}",
            "api_key: file:erp.key",
            "token:",
            "motto: 密钥不能写在文件里",
            "a basic set of tools",
        ] {
            assert_eq!(hidden(text), text);
        }
    }
}
