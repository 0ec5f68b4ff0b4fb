//! Judges a trace of `strace -f -yy`: every 200 to a webhook comes after a sync of the write-ahead log that began after
//! the request was read, with something written to the log in between.
//!
//! The order of lines is the order of things: strace stops a thread at the entry and the exit of each call, so what
//! one causes in another comes later in its file. A call that others interrupt stands in two lines, `<unfinished ...>`
//! and `<... resumed>`.

use std::collections::HashMap;

/// What was seen.
#[derive(Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Deliveries that were read and answered with 200.
    pub answers: usize,
    /// Completed syncs of the log.
    pub syncs: usize,
}

/// A call with the lines of its entry and exit.
struct Call<'a> {
    name: &'a str,
    /// Its arguments, as far as they are known: of a read, the bytes stand at the exit.
    words: String,
    begun: usize,
    ended: usize,
}

/// Puts the two halves of interrupted calls together. In the order of their ends; what never ended ends with the file.
fn calls(trace: &str) -> Vec<Call<'_>> {
    let mut open: HashMap<&str, Call<'_>> = HashMap::new();
    let mut calls = Vec::new();
    let mut lines = 0;
    for (number, line) in trace.lines().enumerate() {
        lines = number;
        // A short number of a thread is padded with blanks.
        let Some((thread, rest)) = line.split_once(' ') else { continue };
        let Some((_time, rest)) = rest.trim_start().split_once(' ') else { continue };
        let rest = rest.trim_start();
        if let Some(resumed) = rest.strip_prefix("<... ") {
            if let Some(mut call) = open.remove(thread) {
                call.words.push_str(resumed.split_once("resumed>").map_or("", |(_, words)| words));
                call.ended = number;
                calls.push(call);
            }
            continue;
        }
        let Some((name, words)) = rest.split_once('(') else { continue };
        let call = Call { name, words: words.to_owned(), begun: number, ended: number };
        match rest.strip_suffix("<unfinished ...>") {
            Some(_) => drop(open.insert(thread, call)),
            None => calls.push(call),
        }
    }
    calls.extend(open.into_values().map(|call| Call { ended: lines + 1, ..call }));
    calls
}

/// `12<TCP:[127.0.0.1:8787->127.0.0.1:40000]>`: what is between the angle brackets' outer pair, with the number.
fn file<'a>(call: &'a Call<'_>) -> &'a str {
    let words = call.words.as_str();
    words.split_once(", ").map_or_else(|| words.split(')').next().unwrap_or(words), |(file, _)| file)
}

fn is_log(call: &Call<'_>) -> bool {
    file(call).contains("-wal>")
}

/// # Errors
/// Which answer came too early.
pub fn judge(trace: &str) -> Result<Verdict, String> {
    let mut calls = calls(trace);
    let logged: Vec<usize> =
        calls.iter().filter(|call| call.name.starts_with("pwrite") && is_log(call)).map(|call| call.ended).collect();
    let is_sync = |call: &&Call<'_>| matches!(call.name, "fsync" | "fdatasync") && is_log(call);
    let is_done = |call: &&Call<'_>| call.words.contains("= 0");
    let syncs: Vec<(usize, usize)> =
        calls.iter().filter(is_sync).filter(is_done).map(|call| (call.begun, call.ended)).collect();
    // A write counts from where it begins: the client may have it from there.
    calls.sort_by_key(|call| if is_write(call) { call.begun } else { call.ended });
    let mut asked: HashMap<&str, usize> = HashMap::new();
    let mut answers = 0;
    for call in &calls {
        if is_read(call) && call.words.contains("\"POST /webhooks/") {
            asked.insert(file(call), call.ended);
        }
        if !is_write(call) || !call.words.contains("\"HTTP/1.1 200") {
            continue;
        }
        let Some(asked) = asked.remove(file(call)) else { continue };
        let between = |(begun, ended): &(usize, usize)| {
            *begun > asked && *ended < call.begun && logged.iter().any(|at| *at > asked && at < begun)
        };
        if !syncs.iter().any(between) {
            return Err(format!("line {}: answered, and since line {} nothing was synced", call.begun + 1, asked + 1));
        }
        answers += 1;
    }
    Ok(Verdict { answers, syncs: syncs.len() })
}

fn is_read(call: &Call<'_>) -> bool {
    matches!(call.name, "read" | "readv" | "recvfrom" | "recvmsg")
}

fn is_write(call: &Call<'_>) -> bool {
    matches!(call.name, "write" | "writev" | "sendto" | "sendmsg")
}

#[cfg(test)]
mod tests {
    use super::*;

    const READ: &str = r#"7 1.1 recvfrom(9<TCP:[127.0.0.1:80->127.0.0.1:4]>, "POST /webhooks/test/web HTTP/1.1\r"..., 8192, 0, NULL, NULL) = 600"#;
    const LOG: &str = r#"8 1.2 pwrite64(12</d/xiaoer.db-wal>, "\0\0"..., 4096, 56) = 4096"#;
    const SYNC: &str = "8 1.3 fdatasync(12</d/xiaoer.db-wal>) = 0";
    const ANSWER: &str = r#"7 1.4 writev(9<TCP:[127.0.0.1:80->127.0.0.1:4]>, [{iov_base="HTTP/1.1 200 OK\r\ncontent-type: appl"..., iov_len=140}], 1) = 140"#;

    fn of(lines: &[impl AsRef<str>]) -> Result<Verdict, String> {
        let lines: Vec<&str> = lines.iter().map(AsRef::as_ref).collect();
        judge(&lines.join("\n"))
    }

    #[test]
    fn an_answer_after_its_sync_is_good() {
        assert_eq!(of(&[READ, LOG, SYNC, ANSWER]), Ok(Verdict { answers: 1, syncs: 1 }));
        let padded = |line: &str| line.replacen(' ', "     ", 1);
        assert_eq!(of(&[READ, LOG, SYNC, ANSWER].map(padded)), Ok(Verdict { answers: 1, syncs: 1 }));
        // Two halves each, with others in between.
        let halves = [
            r#"7 1.0 recvfrom(9<TCP:[127.0.0.1:80->127.0.0.1:4]>,  <unfinished ...>"#,
            r#"8 1.1 fdatasync(12</d/xiaoer.db-wal> <unfinished ...>"#,
            r#"7 1.2 <... recvfrom resumed>"POST /webhooks/test/web HTTP/1.1\r"..., 8192, 0, NULL, NULL) = 600"#,
            "8 1.3 <... fdatasync resumed>) = 0",
            LOG,
            r#"8 1.4 fdatasync(12</d/xiaoer.db-wal> <unfinished ...>"#,
            "8 1.5 <... fdatasync resumed>) = 0",
            ANSWER,
        ];
        assert_eq!(of(&halves), Ok(Verdict { answers: 1, syncs: 2 }));
    }

    #[test]
    fn an_answer_without_its_sync_is_found() {
        let begun = "8 1.3 fdatasync(12</d/xiaoer.db-wal> <unfinished ...>";
        let ended = "8 1.5 <... fdatasync resumed>) = 0";
        let failed = "8 1.3 fdatasync(12</d/xiaoer.db-wal>) = -1 EIO (Input/output error)";
        let of_another = "8 1.3 fdatasync(11</d/xiaoer.db>) = 0";
        for (name, lines) in [
            ("no sync at all", vec![READ, LOG, ANSWER]),
            ("a sync afterwards", vec![READ, LOG, ANSWER, SYNC]),
            ("a sync that had not ended", vec![READ, LOG, begun, ANSWER, ended]),
            ("a sync of before", vec![LOG, SYNC, READ, ANSWER]),
            ("a sync that had begun before", vec![LOG, begun, READ, ended, ANSWER]),
            ("a sync of nothing new", vec![LOG, READ, SYNC, ANSWER]),
            ("a sync that failed", vec![READ, LOG, failed, ANSWER]),
            ("a sync of another file", vec![READ, LOG, of_another, ANSWER]),
            ("the second of two", vec![READ, LOG, SYNC, ANSWER, READ, ANSWER]),
        ] {
            assert!(of(&lines).is_err(), "{name} passes");
        }
    }

    #[test]
    fn other_answers_need_none() {
        let health = READ.replace("POST /webhooks/test/web", "GET /healthz");
        assert_eq!(of(&[&*health, ANSWER]), Ok(Verdict { answers: 0, syncs: 0 }));
        let refused = ANSWER.replace("200 OK", "401 Un");
        assert_eq!(of(&[READ, &*refused]), Ok(Verdict { answers: 0, syncs: 0 }));
    }
}
