//! Reads a JSON body field by field, so that a refusal can name the field and never quotes what stood in it (serde's
//! own messages do).
//!
//! Unknown fields are passed over; `null` is the same as not being there. A body may nest 128 deep.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::domain::At;

/// Bytes an id may have: every id becomes part of an index.
const LONGEST_ID: usize = 256;
/// Bytes a name, a phone number or an e-mail address may have.
const LONGEST_NAME: usize = 1024;
/// Bytes a link may have.
const LONGEST_LINK: usize = 4096;
/// Entries a list may have.
const LONGEST_LIST: usize = 100;

/// Why a body can't be taken. A 400; the words name the field and quote nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Text in another encoding, or no text at all.
    #[error("the body is not UTF-8")]
    NotUtf8,
    /// Or nested too deep.
    #[error("the body is not JSON (line {line}, column {column})")]
    NotJson {
        /// From 1.
        line: usize,
        /// In bytes, from 1.
        column: usize,
    },
    /// A required field isn't there.
    #[error("`{field}` is missing")]
    Missing {
        /// With the objects it is in: `data.customer.id`.
        field: String,
    },
    /// A field holds something else than it must.
    #[error("`{field}` {why}")]
    Invalid {
        /// With the objects it is in.
        field: String,
        /// What it must be.
        why: Why,
    },
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// Another type.
    #[error("must be an object")]
    NotAnObject,
    /// Another type.
    #[error("must be a string")]
    NotText,
    /// Another type.
    #[error("must be true or false")]
    NotABool,
    /// Another type.
    #[error("must be a list")]
    NotAList,
    /// An id of no characters.
    #[error("must not be empty")]
    Empty,
    /// An id that would break a log or a header.
    #[error("must not contain control characters")]
    Control,
    /// More bytes than are kept.
    #[error("is longer than {0} bytes")]
    TooLong(usize),
    /// More entries than are kept.
    #[error("has more than {0} entries")]
    TooMany(usize),
    /// No time, or a time without its offset.
    #[error("must be a time after RFC 3339, such as 2026-11-11T00:00:01Z")]
    NotATime,
    /// No web address.
    #[error("must be an http or https link")]
    NotALink,
    /// Outside what it can be.
    #[error("must be one of: {0}")]
    NotOneOf(&'static str),
}

/// Parses a body, mending what a customer can't help: see [`mend`].
pub(super) fn read_json(body: &[u8]) -> Result<Value, Malformed> {
    let text = std::str::from_utf8(body).map_err(|_| Malformed::NotUtf8)?;
    serde_json::from_slice(&mend(text))
        .map_err(|error| Malformed::NotJson { line: error.line(), column: error.column() })
}

/// Replaces `\u0000` and lone surrogates in JSON strings by U+FFFD. PostgreSQL holds no NUL, Rust no lone surrogate (an
/// emoji that a phone cut in half), and a message must not be lost for either. The length stays the same.
fn mend(text: &str) -> Cow<'_, [u8]> {
    let bytes = text.as_bytes();
    if !text.contains("\\u") {
        return Cow::Borrowed(bytes);
    }
    let mut mended = bytes.to_vec();
    let mut place = 0;
    while place < bytes.len() {
        place += match (bytes[place], unit(bytes, place)) {
            (b'\\', Some(0 | 0xDC00..=0xDFFF)) => replace(&mut mended, place),
            (b'\\', Some(0xD800..=0xDBFF)) => match unit(bytes, place + 6) {
                Some(0xDC00..=0xDFFF) => 12,
                _ => replace(&mut mended, place),
            },
            // The byte after a backslash may be another backslash.
            (b'\\', _) => 2,
            _ => 1,
        };
    }
    Cow::Owned(mended)
}

/// The UTF-16 unit of the `\uXXXX` that begins at `place`.
fn unit(bytes: &[u8], place: usize) -> Option<u16> {
    let digits = bytes.get(place..place + 6)?.strip_prefix(b"\\u")?;
    digits.iter().try_fold(0_u16, |unit, digit| Some(unit << 4 | char::from(*digit).to_digit(16)? as u16))
}

fn replace(bytes: &mut [u8], place: usize) -> usize {
    bytes[place..place + 6].copy_from_slice(b"\\ufffd");
    6
}

/// An object of the body, and where it stands.
pub(super) struct Fields<'a> {
    map: &'a Map<String, Value>,
    path: String,
}

impl<'a> Fields<'a> {
    /// The whole body.
    pub(super) fn of(document: &'a Value) -> Result<Self, Malformed> {
        let map =
            document.as_object().ok_or(Malformed::Invalid { field: "the body".to_owned(), why: Why::NotAnObject })?;
        Ok(Self { map, path: String::new() })
    }

    /// All of it.
    pub(super) fn whole(&self) -> Value {
        Value::Object(self.map.clone())
    }

    /// An id that must be there.
    pub(super) fn id(&self, key: &str) -> Result<&'a str, Malformed> {
        self.optional_id(key)?.ok_or_else(|| self.missing(key))
    }

    /// An id; never empty, at most 256 bytes.
    pub(super) fn optional_id(&self, key: &str) -> Result<Option<&'a str>, Malformed> {
        let check = |text| check_id(text).map_or(Ok(text), |why| Err(self.invalid(key, why)));
        self.text(key)?.map(check).transpose()
    }

    /// Text of any length.
    pub(super) fn text(&self, key: &str) -> Result<Option<&'a str>, Malformed> {
        self.read(key, Why::NotText, Value::as_str)
    }

    /// A name, a phone number or the like; empty is as good as none.
    pub(super) fn name(&self, key: &str) -> Result<Option<String>, Malformed> {
        match self.text(key)? {
            Some(text) if text.len() > LONGEST_NAME => Err(self.invalid(key, Why::TooLong(LONGEST_NAME))),
            Some(text) if !text.trim().is_empty() => Ok(Some(text.to_owned())),
            _ => Ok(None),
        }
    }

    /// True or false.
    pub(super) fn bool(&self, key: &str) -> Result<Option<bool>, Malformed> {
        self.read(key, Why::NotABool, Value::as_bool)
    }

    /// A value that `read` understands; else it must be one of `words`.
    pub(super) fn one_of<T>(
        &self,
        key: &str,
        words: &'static str,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<T, Malformed> {
        self.read(key, Why::NotOneOf(words), read)?.ok_or_else(|| self.missing(key))
    }

    /// A point in time. One that lies more than `ahead` milliseconds after `now` comes from a wrong clock and becomes
    /// `now`.
    pub(super) fn time(&self, key: &str, now: At, ahead: i64) -> Result<Option<At>, Malformed> {
        let read = |value: &Value| value.as_str()?.parse::<jiff::Timestamp>().ok();
        let time = self.read(key, Why::NotATime, read)?.map(At::from);
        Ok(time.map(|time| if time.since(now) > ahead { now } else { time }))
    }

    /// A web address; others, such as `javascript:`, must not reach a desk.
    pub(super) fn link(&self, key: &str) -> Result<&'a str, Malformed> {
        let link = self.text(key)?.ok_or_else(|| self.missing(key))?;
        if link.len() > LONGEST_LINK {
            return Err(self.invalid(key, Why::TooLong(LONGEST_LINK)));
        }
        match reqwest::Url::parse(link) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(link),
            _ => Err(self.invalid(key, Why::NotALink)),
        }
    }

    /// An object within this one.
    pub(super) fn object(&self, key: &str) -> Result<Option<Self>, Malformed> {
        let map = self.read(key, Why::NotAnObject, Value::as_object)?;
        Ok(map.map(|map| Self { map, path: self.path_of(key) }))
    }

    /// An object that must be there.
    pub(super) fn required_object(&self, key: &str) -> Result<Self, Malformed> {
        self.object(key)?.ok_or_else(|| self.missing(key))
    }

    /// A list of objects; none is an empty one.
    pub(super) fn objects(&self, key: &str) -> Result<Vec<Self>, Malformed> {
        let path = format!("{}[]", self.path_of(key));
        let read = |item: &'a Value| match item.as_object() {
            Some(map) => Ok(Self { map, path: path.clone() }),
            None => Err(Malformed::Invalid { field: path.clone(), why: Why::NotAnObject }),
        };
        self.list(key)?.iter().map(read).collect()
    }

    /// A list of ids; none is an empty one.
    pub(super) fn ids(&self, key: &str) -> Result<Vec<&'a str>, Malformed> {
        let refuse = |why| Malformed::Invalid { field: format!("{}[]", self.path_of(key)), why };
        let read = |item: &'a Value| {
            let text = item.as_str().ok_or(Why::NotText)?;
            check_id(text).map_or(Ok(text), Err)
        };
        self.list(key)?.iter().map(|item| read(item).map_err(refuse)).collect()
    }

    fn list(&self, key: &str) -> Result<&'a [Value], Malformed> {
        let list = self.read(key, Why::NotAList, Value::as_array)?.map_or(&[][..], Vec::as_slice);
        if list.len() > LONGEST_LIST { Err(self.invalid(key, Why::TooMany(LONGEST_LIST))) } else { Ok(list) }
    }

    /// That a field had to be there.
    pub(super) fn missing(&self, key: &str) -> Malformed {
        Malformed::Missing { field: self.path_of(key) }
    }

    /// That a field is not what it must be.
    pub(super) fn invalid(&self, key: &str, why: Why) -> Malformed {
        Malformed::Invalid { field: self.path_of(key), why }
    }

    fn read<T>(&self, key: &str, why: Why, read: impl Fn(&'a Value) -> Option<T>) -> Result<Option<T>, Malformed> {
        match self.map.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => read(value).map(Some).ok_or_else(|| self.invalid(key, why)),
        }
    }

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

fn check_id(id: &str) -> Option<Why> {
    match id {
        _ if id.trim().is_empty() => Some(Why::Empty),
        _ if id.len() > LONGEST_ID => Some(Why::TooLong(LONGEST_ID)),
        _ if id.chars().any(char::is_control) => Some(Why::Control),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_no_database_holds_is_replaced_and_the_rest_kept() {
        for (written, read) in [
            (r#""快递\u0000到哪了""#, "快递\u{FFFD}到哪了"),
            (r#""好的\ud83d""#, "好的\u{FFFD}"),
            (r#""\ude00好的""#, "\u{FFFD}好的"),
            (r#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"),
            (r#""\uD83D\uDE00 \u4eb2""#, "😀 亲"),
            (r#""\\u0000""#, "\\u0000"),
            (r#""\\\u0000""#, "\\\u{FFFD}"),
            (r#""\u0001""#, "\u{1}"),
        ] {
            assert_eq!(read_json(written.as_bytes()).unwrap(), Value::from(read), "{written}");
        }
    }

    #[test]
    fn what_is_not_json_says_where_and_quotes_nothing() {
        for body in [r#"{"text": "秘密" oops}"#, "", "{", r#""\u00""#, r#""\"#, "\"a\0b\"", "\u{FEFF}{}"] {
            let refused = read_json(body.as_bytes()).unwrap_err();
            assert!(matches!(refused, Malformed::NotJson { .. }), "{body}");
            assert!(!refused.to_string().contains("秘密"));
        }
        assert_eq!(read_json(b"{\"text\": \"\xff\"}").unwrap_err(), Malformed::NotUtf8);
        let bomb = "[".repeat(500_000);
        assert!(matches!(read_json(bomb.as_bytes()).unwrap_err(), Malformed::NotJson { .. }));
    }

    proptest! {
        #[test]
        fn mending_never_fails_and_leaves_sound_json_alone(text in any::<String>()) {
            mend(&text);
            let sound = text.replace('\0', "");
            let written = serde_json::to_string(&sound).unwrap();
            prop_assert_eq!(read_json(written.as_bytes()).unwrap(), Value::from(sound));
        }
    }
}
