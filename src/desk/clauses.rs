//! Sentences and clauses of a line whose marks were kept.

/// A stretch between two marks, with the sentence that it stands in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clause<'l> {
    /// Of the sentence, what stands before.
    pub(super) before: &'l str,
    pub(super) text: &'l str,
    /// Of the sentence, what follows.
    pub(super) after: &'l str,
    /// Where it begins in the line, in bytes.
    pub(super) start: usize,
}

/// The clauses of a line, in order.
pub(super) fn clauses(line: &str) -> Vec<Clause<'_>> {
    let mut clauses: Vec<Clause<'_>> = Vec::new();
    let mut sentence = 0;
    for end in ends(line, is_sentence_end) {
        let whole = &line[sentence..end];
        let mut from = 0;
        for to in ends(whole, |c, _| matches!(c, ',' | '(' | ')' | '…')) {
            clauses.push(Clause {
                before: &whole[..from],
                text: &whole[from..to],
                after: &whole[to..],
                start: sentence + from,
            });
            from = to;
        }
        sentence = end;
    }
    clauses
}

fn is_sentence_end(c: char, next: Option<char>) -> bool {
    // The full stop of `$3.50` ends nothing.
    matches!(c, '。' | ';' | '!' | '?' | '\n') || c == '.' && next.is_none_or(|next| !next.is_ascii_alphanumeric())
}

/// Just behind every mark, and the end of the text. A comma within a number (1,299) is none, nor the dot of 6 p.m.
fn ends(text: &str, is_end: impl Fn(char, Option<char>) -> bool) -> Vec<usize> {
    let mut ends = Vec::new();
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        let thousands = rest.len() >= 3 && rest.bytes().take(3).all(|byte| byte.is_ascii_digit());
        let is_in_a_number = c == ',' && thousands && text[..at].ends_with(|c: char| c.is_ascii_digit());
        let is_of_the_clock = c == '.' && (text[..at].ends_with("p.m") || text[..at].ends_with("a.m"));
        if !is_in_a_number && !is_of_the_clock && is_end(c, rest.chars().next()) {
            ends.push(text.len() - rest.len());
        }
    }
    if ends.last().is_none_or(|last| *last < text.len()) {
        ends.push(text.len());
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_falls_into_sentences_and_clauses() {
        let line = "给您退1,299元,好吗?i paid $3.50. at 6 p.m. ok";
        let parts: Vec<&str> = clauses(line).iter().map(|clause| clause.text).collect();
        assert_eq!(parts, ["给您退1,299元,", "好吗?", "i paid $3.50.", " at 6 p.m. ok"]);
    }
}
