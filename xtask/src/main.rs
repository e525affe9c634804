//! Development commands: `cargo xtask ci|tidy|eval|bench|noninterference|imap-drops|imap-rate`.
//!
//! Knows the workspace and the tools around it. Must not depend on a crate of the product: it runs the
//! built program as a person would, so that it starts fast and measures what is shipped.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for developers reports on the terminal"
)]

mod arguments;
mod bench;
mod cargo;
mod ci;
mod eval;
mod rust_text;
mod table;
mod tidy;
mod tree;

use std::process::ExitCode;

use anyhow::Result;
use arguments::Arguments;

const HELP: &str = "\
cargo xtask COMMAND

  ci                              everything that must pass before a commit is kept
  tidy                            the house rules: edges between crates, documents, sources
  eval [--data DIR] [--program P] [--accept WHY]
                                  scores the program on the labelled data and on our own sets, one table beside the
                                  figures reached before; --accept moves those, with the reason
  bench [--messages N] [--notes N] [--dir D] [--runs N] [--program P]
                                  postil beside notmuch and mu on the same made-up mail
  bench --recall [--passages N]   recall over that many made-up passages: speed, size, opening
  noninterference [--pairs N]     the property test of clearing, with more pairs of vaults
  imap-drops [--drops N] [--kills N]
                                  connections to a real Dovecot cut, then syncs killed, at N random bytes: nothing
                                  lost, nothing twice
  imap-rate [--messages N]        mail from a real Dovecot: messages a second, Dovecot's own rate beside it

--program takes a postil that is built already; else one is built for release.
";

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let command = words.next().unwrap_or_default();
    match run(&command, words.collect()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &str, words: Vec<String>) -> Result<ExitCode> {
    if let ("bench", Some((first, rest))) = (command, words.split_first())
        && first == "--recall"
    {
        let mut arguments = Arguments::new(rest.to_vec());
        let passages = arguments.number("--passages")?.unwrap_or(1_000_000);
        arguments.finish()?;
        return bench::recall(passages);
    }
    let mut arguments = Arguments::new(words);
    match command {
        "ci" => {
            arguments.finish()?;
            ci::run()
        }
        "tidy" => {
            arguments.finish()?;
            tidy::run()
        }
        "eval" => {
            let data = arguments.path("--data")?;
            let program = arguments.path("--program")?;
            let accept = arguments.value("--accept")?;
            arguments.finish()?;
            eval::run(data, program, accept.as_deref())
        }
        "bench" => {
            let plan = bench::Plan {
                messages: arguments.number("--messages")?.unwrap_or(100_000),
                notes: arguments.number("--notes")?.unwrap_or(10_000),
                searches: arguments.number("--runs")?.unwrap_or(20).max(1),
                dir: arguments.path("--dir")?,
                program: arguments.path("--program")?,
            };
            arguments.finish()?;
            bench::run(&plan)
        }
        "noninterference" => {
            let pairs = arguments.number("--pairs")?.unwrap_or(20_000);
            arguments.finish()?;
            ci::noninterference(pairs)
        }
        "imap-drops" => {
            let drops = arguments.number("--drops")?.unwrap_or(500);
            let kills = arguments.number("--kills")?.unwrap_or(200);
            arguments.finish()?;
            let cut = ci::imap("drops::whatever_is_cut", "POSTIL_DROPS", drops)?;
            if cut != ExitCode::SUCCESS {
                return Ok(cut);
            }
            ci::imap("drops::whenever_the_program_is_killed", "POSTIL_KILLS", kills)
        }
        "imap-rate" => {
            let messages = arguments.number("--messages")?.unwrap_or(20_000);
            arguments.finish()?;
            ci::imap("rate::", "POSTIL_RATE", messages)
        }
        "" | "help" | "-h" | "--help" => {
            println!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        unknown => {
            eprintln!("error: no command `{unknown}`\n\n{HELP}");
            Ok(ExitCode::FAILURE)
        }
    }
}
