//! The commands of the one binary. Each prints what it did; only these files print.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is the command line")]

mod ask;
mod bench;
mod check;
mod common;
mod confusions;
mod eval;
mod fmt;
mod held_out;
mod init;
mod learn;
mod mode;
mod people;
pub mod period;
mod playbook;
mod rebuild;
pub mod replay;
mod report;
mod schema;
mod scripts;
mod serve;
pub mod simulate;
mod whole;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::app;

/// 小二 Xiaoer: answers routine questions of an online shop's customers with the shop's own approved scripts, and hands
/// the rest to a person with suggestions.
#[derive(Parser, Debug)]
#[command(name = "xiaoer", version, about, propagate_version = true, max_term_width = 110)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Language of messages: zh or en.
    #[arg(long, global = true, env = "LANG", hide_env_values = true, default_value = "en")]
    lang: String,
    /// Where learnt models are kept between starts. [default: ~/.cache/xiaoer]
    #[arg(long, global = true, env = "XIAOER_CACHE", hide_env_values = true, value_name = "DIR")]
    cache: Option<PathBuf>,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Run the service.
    Serve(serve::Serve),
    /// Write a commented shop folder.
    Init(init::Init),
    /// Check every playbook, and the cases inside it.
    Check(check::Check),
    /// Which intents are mixed up, by which messages, and what to write about it.
    Confusions(confusions::ConfusionsCommand),
    /// Explain what would be done about one message.
    Ask(ask::Ask),
    /// Decide stored turns anew and print what would change.
    Replay(replay::Replay),
    /// Lay files out: order of keys, indentation, line ends.
    Fmt(fmt::Fmt),
    /// JSON schemas of the files that people edit, and an editor's settings.
    Schema(schema::Schema),
    /// A script library out to a table, and in from one.
    Scripts(scripts::Scripts),
    /// Propose a script library out of old chats.
    Learn(learn::Learn),
    /// Measure the example classifier on labelled messages.
    Eval(eval::Eval),
    /// Play recorded dialogues through a running service.
    Simulate(simulate::Simulate),
    /// Published versions against files: what is in force, who put it there, and back.
    Playbook(playbook::PlaybookCommand),
    /// The kill switch: how much the bot may do.
    Mode(mode::Mode),
    /// People who sign in.
    User(people::User),
    /// Tokens for the API.
    Token(people::Token),
    /// The rates of a shop, with their numerators and denominators.
    Report(report::Report),
    /// Count every episode anew from the records.
    Rebuild(rebuild::Rebuild),
    /// Ceilings of this machine, and our share of them.
    Bench(bench::Bench),
}

/// Runs the command that was given.
pub async fn run() -> ExitCode {
    let cli = Cli::parse();
    let language = common::language(&cli.lang);
    app::keep_models(cli.cache);
    let done = match cli.command {
        Command::Serve(serve) => serve.run().await,
        Command::Init(init) => init.run(),
        Command::Check(check) => check.run(language),
        Command::Confusions(confusions) => confusions.run(language),
        Command::Ask(ask) => ask.run(language).await,
        Command::Replay(replay) => replay.run(language).await,
        Command::Fmt(fmt) => fmt.run(language),
        Command::Schema(schema) => schema.run(),
        Command::Scripts(scripts) => scripts.run(language),
        Command::Learn(learn) => learn.run(language),
        Command::Eval(eval) => eval.run(language).await,
        Command::Simulate(simulate) => simulate.run().await,
        Command::Playbook(playbook) => playbook.run(language).await,
        Command::Mode(mode) => mode.run().await,
        Command::User(user) => user.run().await,
        Command::Token(token) => token.run().await,
        Command::Report(report) => report.run(language).await,
        Command::Rebuild(rebuild) => rebuild.run().await,
        Command::Bench(bench) => bench.run().await,
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xiaoer: {error:#}");
            ExitCode::FAILURE
        }
    }
}
