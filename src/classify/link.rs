//! Links and e-mail addresses: what they spell was not said by the customer.

use std::ops::Range;

/// What only stands in a link or an address.
const SIGNS: &[&str] = &["://", "www.", ".com", ".cn/", ".net", ".html", "@"];

/// Whether a stretch of a message as it was written (in bytes) belongs to a link: whether the printable ASCII around it
/// does.
pub(super) fn is_in_a_link(written: &str, range: &Range<usize>) -> bool {
    let bytes = written.as_bytes();
    let is_part = |byte: &u8| byte.is_ascii_graphic();
    let before = bytes[..range.start].iter().rev().take_while(|byte| is_part(byte)).count();
    let after = bytes[range.end..].iter().take_while(|byte| is_part(byte)).count();
    let around = &written[range.start - before..range.end + after];
    SIGNS.iter().any(|sign| around.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_end_where_printable_ascii_does() {
        for (text, is_in) in [
            ("https://item.jd.com/1.html", true),
            ("看 item.jd.com/1?a=2", true),
            ("mail me@jd.com", true),
            ("jd，见https://x.com/1", false),
            ("发jd。https://x.com/1", false),
            ("jd https://x.com", false),
        ] {
            let at = text.find("jd").unwrap();
            assert_eq!(is_in_a_link(text, &(at..at + 2)), is_in, "{text}");
        }
    }
}
