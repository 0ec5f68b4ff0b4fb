//! `xiaoer playbook diff`: what differs, line by line.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::Args;
use similar::{ChangeTag, TextDiff};

use super::{Bench, Common};
use crate::domain::Language;
use crate::shops::{Files, differing, short, sources_of};

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  xiaoer playbook diff                 # what this folder would change\n  \
                        xiaoer playbook diff 3f9a1c2b        # since that version\n  \
                        xiaoer playbook diff 77ab 3f9a --shop demo")]
pub(super) struct Diff {
    /// A version, by the first characters of its hash; by default the one in force.
    #[arg(value_name = "HASH")]
    from: Option<String>,
    /// Another version; by default the folder.
    #[arg(value_name = "HASH")]
    to: Option<String>,
    #[command(flatten)]
    common: Common,
}

/// One of two things that are compared.
struct Side {
    name: String,
    files: Files,
}

impl Diff {
    pub(super) async fn run(&self, language: Language) -> anyhow::Result<ExitCode> {
        let bench = self.common.open(language).await?;
        let from = side(&bench, self.from.as_deref()).await?;
        let to = match &self.to {
            Some(said) => side(&bench, Some(said)).await?,
            None => Side { name: bench.say("本文件夹", "this folder").to_owned(), files: bench.sources()?.shown() },
        };
        let colours = std::io::stdout().is_terminal();
        let mut paths: Vec<&str> = differing(&from.files, &to.files).collect();
        paths.sort_unstable();
        for path in &paths {
            print!("{}", file(path, &from, &to, colours));
        }
        if paths.is_empty() {
            let same = bench.say("没有差别", "no difference");
            println!("{same}: {} / {}", from.name, to.name);
        }
        bench.done().await
    }
}

async fn side(bench: &Bench, said: Option<&str>) -> anyhow::Result<Side> {
    let (version, what) = match said {
        Some(said) => (bench.version(said).await?, bench.say("版本", "version")),
        None => (bench.current().await?, bench.say("生效版本", "in force,")),
    };
    Ok(Side { name: format!("{what} {}", short(&version.hash)), files: sources_of(&version)?.shown() })
}

/// One file, in the form that every tool reads.
fn file(path: &str, from: &Side, to: &Side, colours: bool) -> String {
    let text = |side: &Side| side.files.get(path).cloned().unwrap_or_default();
    let name = |side: &Side| match side.files.contains_key(path) {
        true => format!("{path}\t({})", side.name),
        false => format!("/dev/null\t({})", side.name),
    };
    let (old, new) = (text(from), text(to));
    let diff = TextDiff::from_lines(&old, &new);
    let paint = |code: &str, text: String| if colours { format!("\x1b[{code}m{text}\x1b[0m") } else { text };
    let mut out = paint("1", format!("--- {}\n+++ {}", name(from), name(to))) + "\n";
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        out.push_str(&(paint("36", hunk.header().to_string()) + "\n"));
        for change in hunk.iter_changes() {
            let line = change.value().trim_end_matches('\n');
            out.push_str(&match change.tag() {
                ChangeTag::Delete => paint("31", format!("-{line}")),
                ChangeTag::Insert => paint("32", format!("+{line}")),
                ChangeTag::Equal => format!(" {line}"),
            });
            out.push('\n');
            if change.missing_newline() {
                out.push_str("\\ No newline at end of file\n");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_and_a_new_file() {
        let side = |name: &str, files: &[(&str, &str)]| Side {
            name: name.to_owned(),
            files: files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect(),
        };
        let old = side("old", &[("a.yaml", "zh:\n  default: |\n    满59包邮\n")]);
        let new = side("new", &[("a.yaml", "zh:\n  default: |\n    满39包邮\n"), ("b.yaml", "x")]);
        assert_eq!(
            file("a.yaml", &old, &new, false),
            "--- a.yaml\t(old)\n+++ a.yaml\t(new)\n@@ -1,3 +1,3 @@\n zh:\n   default: |\n-    满59包邮\n+    满39包邮\n"
        );
        let new_file = file("b.yaml", &old, &new, false);
        assert!(new_file.starts_with("--- /dev/null\t(old)\n+++ b.yaml\t(new)\n@@ -0,0 +1"), "{new_file}");
        assert!(new_file.ends_with("+x\n\\ No newline at end of file\n"), "{new_file}");
        assert!(file("a.yaml", &old, &new, true).contains("\x1b[32m+    满39包邮\x1b[0m\n"));
    }
}
