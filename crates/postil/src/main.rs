//! The program: a thin front door that calls the desk and shows what it says.

mod bars;
mod cli;
mod show;

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::Parser as _;
use postil_desk::demo::{DEMO_NOW, forget_earlier, write_demo};
use postil_desk::env::Environment;
use postil_desk::error::{DeskError, Kind};
use postil_desk::eval::{EvalCall, evaluate};
use postil_desk::init::{
    ImapAnswers, InitAnswers, LabelFolders, add_imap_source, add_source, find_layout, init,
};
use postil_desk::progress::Progress as _;
use postil_desk::view::DraftView;
use postil_desk::{Desk, Filters, InboxScope, ModelSource, SourceKind, Watch};

use crate::bars::Bars;
use crate::cli::{
    AddArgs, AudienceCommand, Cli, Command, Global, InboxArgs, InitArgs, KindArg, RunArgs, SearchArgs,
    SourceCommand,
};
use crate::show::Out;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(done) => done,
        Err(error) => {
            complain(&format!("postil: {error:#}"));
            ExitCode::from(exit_code(&error))
        }
    }
}

/// The exit code of a failure: the desk's own, or that of a stdout which cannot be written.
fn exit_code(error: &anyhow::Error) -> u8 {
    if let Some(error) = error.downcast_ref::<DeskError>() {
        return error.kind.exit_code();
    }
    let kind = if error.is::<std::io::Error>() { Kind::Denied } else { Kind::Internal };
    kind.exit_code()
}

/// The exit code of a run that Ctrl-C stopped.
///
/// # Source
/// POSIX.1-2024, Shell Command Language 2.8.2: above 128 for a signal; shells give 128 + its number.
pub(crate) const STOPPED: u8 = 130;

/// One line (or more) for the person, on stderr.
fn complain(text: &str) {
    let mut stderr = std::io::stderr().lock();
    if writeln!(stderr, "{text}").is_err() {
        // Nobody listens.
    }
}

/// Names what went wrong on stderr; the exit code says that something did.
fn with_problems(problems: &[String]) -> ExitCode {
    for problem in problems.iter().take(50) {
        complain(&format!("postil: {problem}"));
    }
    if problems.len() > 50 {
        complain(&format!("postil: and {} more; --json lists them all", problems.len() - 50));
    }
    if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

/// Says on stderr that the embedding model did not help, and why. What was asked for is done all the same.
fn without_model(desk: &Desk) {
    if let Some(trouble) = desk.recall_trouble() {
        complain(&format!("postil: {trouble}"));
    }
}

/// As [`with_problems`]; where the run was stopped the exit code says that.
fn ended(stopped: bool, problems: &[String]) -> ExitCode {
    let code = with_problems(problems);
    if stopped { ExitCode::from(STOPPED) } else { code }
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let Cli { command, global } = cli;
    let mut out = Out::new(global.json);
    match command {
        Command::Demo { dir } => {
            return demo(&dir.unwrap_or_else(|| PathBuf::from("postil-demo")), &global, &mut out);
        }
        Command::Init(args) => run_init(&args, &global, &mut out)?,
        Command::Source { command } => run_source(command, &global, &mut out)?,
        Command::Sync => {
            let bars = Bars::with_ctrl_c();
            let view = open(&global)?.sync(&bars)?;
            out.sync(&view)?;
            return Ok(ended(view.stopped, &view.problems));
        }
        Command::Inbox(InboxArgs { wrong: Some(id), should_be, .. }) => {
            let (mut desk, problems) = open_read(&global, &Bars::with_ctrl_c())?;
            out.correction(&desk.wrong(&id, should_be.as_deref())?)?;
            return Ok(ended(false, &problems));
        }
        Command::Inbox(InboxArgs { unwrong: Some(id), .. }) => {
            let (mut desk, problems) = open_read(&global, &Bars::with_ctrl_c())?;
            out.correction(&desk.unwrong(&id)?)?;
            return Ok(ended(false, &problems));
        }
        Command::Inbox(InboxArgs { all, .. }) => {
            let scope = if all { InboxScope::Everything } else { InboxScope::NeedsMe };
            let bars = Bars::with_ctrl_c();
            let (desk, problems) = open_read(&global, &bars)?;
            out.inbox(&desk.inbox(scope, &bars)?)?;
            return Ok(ended(bars.stopped(), &problems));
        }
        Command::Read { id } => {
            let (desk, problems) = open_read(&global, &Bars::with_ctrl_c())?;
            out.read(&desk.read(&id)?)?;
            return Ok(ended(false, &problems));
        }
        Command::Context { id } => {
            let (desk, problems) = open_read(&global, &Bars::with_ctrl_c())?;
            out.context(&desk.context(&id)?)?;
            without_model(&desk);
            return Ok(ended(false, &problems));
        }
        Command::Draft { ids } => {
            let bars = Bars::with_ctrl_c();
            let desk = open(&global)?;
            let sync = desk.sync(&bars)?;
            let drafts = desk.draft(&ids, &bars)?;
            out.drafts(&drafts)?;
            without_model(&desk);
            let failed = drafts.iter().filter(|draft| draft.state == "failed");
            let mut problems = sync.problems;
            problems
                .extend(failed.map(|draft| format!("{}: {}", draft.message_id, draft.findings.join("; "))));
            return Ok(ended(bars.stopped(), &problems));
        }
        Command::Search(args) => return run_search(&args, &global, &mut out),
        Command::Audience { command: AudienceCommand::Why { note } } => {
            out.audience(&open(&global)?.audience_why(&note)?)?
        }
        Command::Run(RunArgs { watch: true, every }) => {
            return watch(Duration::from_secs(every), &global, &mut out);
        }
        Command::Run(RunArgs { watch: false, .. }) => {
            let bars = Bars::with_ctrl_c();
            let desk = open(&global)?;
            let view = desk.run(&bars)?;
            out.run(&view)?;
            without_model(&desk);
            return Ok(ended(bars.stopped(), &view.problems));
        }
        Command::Doctor => {
            let checks = open(&global)?.doctor()?;
            out.doctor(&checks)?;
            if checks.iter().any(|check| check.state == "problem") {
                return Ok(ExitCode::from(1));
            }
        }
        Command::Eval(args) => {
            let call = EvalCall {
                task: args.task,
                path: args.path,
                vault: global.vault.clone(),
                mail: args.mail,
                files: args.files,
                without_references: args.without_references,
                errors: args.errors,
                model: match (&args.embeddings, &args.model) {
                    (Some(address), Some(model)) => Some(ModelSource::typed(address, model)?),
                    (None | Some(_), None) | (None, Some(_)) => None,
                },
            };
            let report = evaluate(&call, &environment(&global)?)?;
            report.wrong.iter().for_each(|row| complain(row));
            out.value(&report.json)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn environment(global: &Global) -> Result<Environment, DeskError> {
    Environment::of_process(global.now.clone())
}

fn open(global: &Global) -> anyhow::Result<Desk> {
    let env = environment(global)?;
    Ok(Desk::open(&vault_dir(global, &env)?, env)?)
}

/// Opens the vault to look something up. Where the index is empty (new, or made anew because of
/// damage or other label rules), everything is read first: an empty answer would be a wrong one.
/// Returns what could not be read then.
fn open_read(global: &Global, bars: &Bars) -> anyhow::Result<(Desk, Vec<String>)> {
    let desk = open(global)?;
    let Some(why) = desk.nothing_read()? else { return Ok((desk, Vec::new())) };
    complain(&format!("postil: {why}; reading vault and mail first"));
    let problems = desk.sync(bars)?.problems;
    Ok((desk, problems))
}

fn vault_dir(global: &Global, env: &Environment) -> Result<PathBuf, DeskError> {
    if let Some(vault) = &global.vault {
        return Ok(vault.clone());
    }
    Desk::find_vault(&env.current_dir).ok_or_else(|| DeskError {
        kind: Kind::User,
        what: format!("no vault around {}", env.current_dir.display()),
        hint: "name one with --vault, or set one up with `postil init VAULT`".to_owned(),
    })
}

fn demo(dir: &Path, global: &Global, out: &mut Out) -> anyhow::Result<ExitCode> {
    let places = write_demo(dir)?;
    let now = match &global.now {
        Some(now) => now.clone(),
        None => DEMO_NOW.parse().context("the demo's own time")?,
    };
    let env = Environment::of_process(Some(now))?;
    forget_earlier(&places, &env)?;
    let desk = Desk::open(&places.vault, env)?;
    let bars = Bars::with_ctrl_c();
    let view = desk.run(&bars)?;
    out.run(&view)?;
    if global.json || bars.stopped() {
        return Ok(ended(bars.stopped(), &view.problems));
    }
    let vault = places.vault.display();
    out.text(&format!(
        "\nThe vault is {vault}; open it in Obsidian or any editor. Drafts are in Outbox/Drafts:"
    ))?;
    let cites = |draft: &&DraftView| draft.sentences.iter().any(|sentence| !sentence.evidence.is_empty());
    for draft in view.drafts.iter().rev().filter(cites).take(3) {
        if let Some(path) = &draft.path {
            out.text(&format!(
                "\n--- {path}\nTo: {}\nSubject: {}\n\n{}",
                draft.to.join(", "),
                draft.subject,
                draft.body
            ))?;
        }
    }
    let at = DEMO_NOW.split('[').next().unwrap_or(DEMO_NOW);
    out.text(&format!("\nLook further (the demo's clock stands at {at}):"))?;
    for command in [
        "inbox",
        "inbox --all",
        "search audit log retention",
        "audience why \"Pricing strategy 2027\"",
        "doctor",
    ] {
        out.text(&format!("  postil {command} --vault {vault} --now {at}"))?;
    }
    Ok(with_problems(&view.problems))
}

fn run_init(args: &InitArgs, global: &Global, out: &mut Out) -> anyhow::Result<()> {
    let env = environment(global)?;
    let vault =
        args.folder.clone().or_else(|| global.vault.clone()).unwrap_or_else(|| env.current_dir.clone());
    if args.dry_run {
        out.layout(&find_layout(&vault)?)?;
        return Ok(());
    }
    let mut answers = InitAnswers {
        name: args.name.clone(),
        addresses: args.addresses.clone(),
        domains: args.domains.clone(),
        zone: args.zone.clone(),
        label_folders: if args.label_folders { LabelFolders::Apply } else { LabelFolders::Propose },
    };
    let may_ask = !args.yes && std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    if may_ask {
        ask_who(&mut answers, &env)?;
    }
    out.layout(&init(&vault, &answers, &env)?)?;
    Ok(())
}

/// Asks for what was not given.
fn ask_who(answers: &mut InitAnswers, env: &Environment) -> anyhow::Result<()> {
    if answers.name.is_none() {
        let suggested = env.suggested_name.clone().unwrap_or_default();
        answers.name = Some(ask(&format!("Your full name [{suggested}]: "))?).filter(|name| !name.is_empty());
    }
    if answers.addresses.is_empty() {
        let line = ask("Your mail addresses, with spaces between: ")?;
        answers.addresses =
            line.split([' ', ',', ';']).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    }
    Ok(())
}

fn ask(question: &str) -> anyhow::Result<String> {
    let mut stderr = std::io::stderr().lock();
    write!(stderr, "{question}")?;
    stderr.flush()?;
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim().to_owned())
}

fn run_source(command: SourceCommand, global: &Global, out: &mut Out) -> anyhow::Result<()> {
    let env = environment(global)?;
    let vault = vault_dir(global, &env)?;
    match command {
        SourceCommand::Add(args) => {
            let id = if args.kind == "imap" {
                let address = args.place.to_string_lossy().into_owned();
                let AddArgs { secret, login, ca_file, folders, .. } = args;
                let answers = ImapAnswers { address, secret, login, ca_file, folders };
                add_imap_source(&vault, args.id.as_deref(), &answers)?
            } else {
                if args.secret.is_some()
                    || args.login.is_some()
                    || args.ca_file.is_some()
                    || !args.folders.is_empty()
                {
                    return Err(DeskError {
                        kind: Kind::User,
                        what: "--secret, --login, --ca-file and --folder are for imap".to_owned(),
                        hint: "leave them out".to_owned(),
                    }
                    .into());
                }
                add_source(&vault, args.id.as_deref(), &args.kind, &args.place)?
            };
            let desk = Desk::open(&vault, env)?;
            if args.kind == "imap" {
                // Whoever types the secret's origin here allows it.
                desk.allow(&id)?;
            }
            out.sources(desk.config(), &|source| source == id)?;
            complain(&format!("added {id}; next: postil sync"));
        }
        SourceCommand::Allow { id } => {
            let desk = Desk::open(&vault, env)?;
            complain(&desk.allow(&id)?);
        }
        SourceCommand::List => out.sources(Desk::open(&vault, env)?.config(), &|_| true)?,
    }
    Ok(())
}

/// The daily job again and again, until Ctrl-C. What one round cannot do, the next one tries again.
fn watch(every: Duration, global: &Global, out: &mut Out) -> anyhow::Result<ExitCode> {
    let bars = Bars::with_ctrl_c();
    let mut watching: Option<Watch> = None;
    while !bars.stopped() {
        let round = open(global).and_then(|desk| Ok((desk.run(&bars)?, desk)));
        match round {
            Ok((view, desk)) => {
                let news =
                    view.sync.messages_new > 0 || view.sync.messages_gone > 0 || !view.drafts.is_empty();
                if news || watching.is_none() {
                    out.run(&view)?;
                }
                with_problems(&view.problems);
                without_model(&desk);
                watching.get_or_insert_with(|| desk.watch());
            }
            Err(error) if watching.is_none() => return Err(error),
            Err(error) => complain(&format!("postil: {error:#}")),
        }
        let Some(watching) = &watching else { continue };
        for trouble in watching.wait(every, &bars) {
            complain(&format!("postil: {trouble}"));
        }
    }
    Ok(ExitCode::from(STOPPED))
}

fn run_search(args: &SearchArgs, global: &Global, out: &mut Out) -> anyhow::Result<ExitCode> {
    let (desk, problems) = open_read(global, &Bars::with_ctrl_c())?;
    let mut filters = Filters { from: args.since, until: args.until, ..Filters::default() };
    filters.kind = args.kind.map(|kind| match kind {
        KindArg::Note => SourceKind::Note,
        KindArg::Mail => SourceKind::Mail,
    });
    desk.narrow(&mut filters, args.label.as_deref(), args.party.as_deref(), &args.person)?;
    out.search(&desk.search(&args.query.join(" "), &filters, args.limit)?, args.explain)?;
    without_model(&desk);
    Ok(ended(false, &problems))
}
