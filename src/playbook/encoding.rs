//! A file's bytes as text: its size first, then its encoding. Editors on Chinese Windows still save GBK.

use std::fs;
use std::path::Path;

use encoding_rs::{Encoding, GB18030, UTF_16BE, UTF_16LE};

use super::diagnostic::{Bilingual, Diagnostic, Place};
use super::tree::{LARGEST_FILE, too_large};

/// What became of a file's bytes.
#[derive(Debug)]
pub(super) struct Read {
    /// Its text, if it could be had.
    pub(super) text: Option<String>,
    /// Why the file can't stand as it is.
    pub(super) mistake: Option<Diagnostic>,
}

/// Reads a file; one that is too large is not read.
pub(super) fn read(path: &Path, place: Place) -> Read {
    let refused = |mistake| Read { text: None, mistake: Some(mistake) };
    let bytes = match fs::metadata(path) {
        Ok(data) if !data.is_file() => Err(std::io::Error::from(std::io::ErrorKind::InvalidInput)),
        Ok(data) if data.len() > LARGEST_FILE as u64 => return refused(too_large(place)),
        Ok(_) => fs::read(path),
        Err(error) => Err(error),
    };
    match bytes {
        Ok(bytes) => decoded(bytes, place),
        Err(error) => {
            let message = Bilingual::new(format!("读不了文件：{error}"), format!("can't be read: {error}"));
            refused(Diagnostic::error("unreadable", place, message))
        }
    }
}

fn decoded(bytes: Vec<u8>, mut place: Place) -> Read {
    let error = match String::from_utf8(bytes) {
        Ok(text) => {
            let text = text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned);
            return Read { text: Some(text), mistake: None };
        }
        Err(error) => error,
    };
    let valid = error.utf8_error().valid_up_to();
    let bytes = error.into_bytes();
    let line = bytes[..valid].iter().filter(|byte| **byte == b'\n').count() + 1;
    place.line = u32::try_from(line).unwrap_or(0);
    let found = to_utf8(&bytes);
    let name = found.as_ref().map_or("", |(name, _)| name);
    let message = match name {
        "" => Bilingual::new("文件不是 UTF-8 编码", "the file is not UTF-8"),
        _ => Bilingual::new(format!("文件是 {name} 编码，不是 UTF-8"), format!("the file is {name}, not UTF-8")),
    };
    let help = Bilingual::new(
        "用记事本打开，另存为，编码选 UTF-8",
        "save as UTF-8 (另存为 UTF-8): in Notepad, Save as, Encoding: UTF-8",
    );
    let mistake = Diagnostic::error("not-utf8", place, message).with_help(help);
    Read { text: found.map(|(_, text)| text), mistake: Some(mistake) }
}

/// Text in an older encoding as text, with the encoding's name, if it can surely be told: all of it decodes, into
/// nothing but Chinese, and the way back gives the same bytes.
#[must_use]
pub fn to_utf8(bytes: &[u8]) -> Option<(&'static str, String)> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes)
        && (encoding == UTF_16LE || encoding == UTF_16BE)
    {
        let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes[length..])?;
        return Some(("UTF-16", text.into_owned()));
    }
    let text = GB18030.decode_without_bom_handling_and_without_replacement(bytes)?;
    let (again, _, is_lossy) = GB18030.encode(&text);
    let is_chinese =
        text.chars().all(|c| c.is_ascii() || is_of_chinese_text(c)) && text.chars().any(crate::text::is_han);
    (!is_lossy && *again == *bytes && is_chinese && is_mostly_common(bytes)).then(|| ("GBK", text.into_owned()))
}

/// Letters with accents of Western encodings, each before a plain letter, decode into rare characters; Chinese text is made of
/// common ones, whose second byte is above ASCII too.
fn is_mostly_common(bytes: &[u8]) -> bool {
    let (mut pairs, mut common, mut at) = (0, 0, 0);
    while let Some(pair) = bytes.get(at..at + 2) {
        if pair[0] >= 0x81 {
            pairs += 1;
            common += usize::from(pair[1] >= 0xa1);
            at += 1;
        }
        at += 1;
    }
    common * 5 >= pairs * 4
}

/// What stands in Chinese text: Han characters and their marks, and the few signs that shops use.
fn is_of_chinese_text(c: char) -> bool {
    crate::text::is_han(c)
        || matches!(c, '\u{3000}'..='\u{3011}' | '\u{ff01}'..='\u{ff5e}' | '\u{2010}'..='\u{2026}' | '\u{2460}'..='\u{2473}')
        || matches!(c, '·' | '×' | '°' | '℃' | '￥' | '±' | '÷' | '→' | '★' | '☆')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_is_decoded_and_other_bytes_are_left_alone() {
        let text = "means: x\nzh:\n  phrases: |\n    快递到哪了，“亲”？\n";
        let (gbk, _, _) = GB18030.encode(text);
        assert_eq!(to_utf8(&gbk), Some(("GBK", text.to_owned())));
        let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(to_utf8(&wide), Some(("UTF-16", text.to_owned())));
        for other in [&b"caf\xe9 au lait"[..], b"\xff\x00\x01", b"na\xefve \x80\x81\xff", b"Stra\xdfe"] {
            assert_eq!(to_utf8(other), None, "{other:?}");
        }
    }
}
