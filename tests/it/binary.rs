//! The real binary as a process of its own, as it is run and killed in earnest.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// A running `xiaoer serve`. Killed when it is dropped.
pub struct Binary {
    pub base: String,
    child: Child,
    /// Held open: a service whose words nobody takes would fail at the next of them.
    said: Lines<BufReader<ChildStdout>>,
    log: PathBuf,
}

/// What a service is started with.
pub struct Run<'a> {
    /// Holds `shops/`, and gets `data/` and `log`.
    pub folder: &'a Path,
    /// SQLite in the data folder without one.
    pub database: Option<&'a str>,
    /// Put before the command, as `strace` is.
    pub under: &'a [&'a str],
    /// `XIAOER_LOG`.
    pub log: &'a str,
}

impl<'a> Run<'a> {
    pub fn new(folder: &'a Path, database: Option<&'a str>) -> Self {
        Self { folder, database, under: &[], log: "warn" }
    }

    fn command(&self) -> Command {
        let binary = env!("CARGO_BIN_EXE_xiaoer");
        let mut words = self.under.iter().copied().chain([binary]);
        let mut command = Command::new(words.next().unwrap());
        command.args(words).args(["serve", "--listen", "127.0.0.1:0"]);
        command.arg("--shops").arg(self.folder.join("shops")).arg("--data").arg(self.folder.join("data"));
        if let Some(url) = self.database {
            command.args(["--database", url]);
        }
        command.env("XIAOER_LOG", self.log).stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        command
    }

    /// Starts it and waits until it listens.
    pub async fn start(self) -> Binary {
        let path = self.folder.join("log");
        let log = std::fs::File::options().create(true).append(true).open(&path).unwrap();
        let mut child = self.command().stderr(log).spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let listens = async {
            while let Some(line) = said.next_line().await.unwrap() {
                if let Some((_, address)) = line.split_once(" listens on ") {
                    return address.to_owned();
                }
            }
            panic!("it did not start:\n{}", std::fs::read_to_string(&path).unwrap());
        };
        let base = tokio::time::timeout(Duration::from_secs(30), listens).await.expect("it never listened");
        Binary { base, child, said, log: path }
    }
}

impl Binary {
    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id().unwrap()
    }

    /// `kill -9`.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// `SIGTERM`; gives its exit status, what it wrote to standard output, and its log.
    pub async fn stop(mut self) -> (ExitStatus, String, String) {
        let pid = self.id().to_string();
        let signalled = Command::new("kill").args(["-TERM", &pid]).status().await.unwrap();
        assert!(signalled.success());
        let mut said = String::new();
        while let Some(line) = self.said.next_line().await.unwrap() {
            said.push_str(&line);
            said.push('\n');
        }
        let status = tokio::time::timeout(Duration::from_secs(20), self.child.wait()).await.expect("it does not end");
        (status.unwrap(), said, std::fs::read_to_string(&self.log).unwrap())
    }
}
