//! The program: a thin front door that calls the desk and shows what it says.

mod bars;
mod cli;
mod show;

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, anyhow};
use clap::Parser as _;
use postil_desk::demo::{DEMO_NOW, write_demo};
use postil_desk::env::Environment;
use postil_desk::error::DeskError;
use postil_desk::eval::{EvalCall, evaluate};
use postil_desk::init::{InitAnswers, LabelFolders, add_source, find_layout, init};
use postil_desk::{Desk, Filters, InboxScope, SourceKind};

use crate::bars::Bars;
use crate::cli::{AudienceCommand, Cli, Command, Global, InitArgs, KindArg, SearchArgs, SourceCommand};
use crate::show::Out;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(done) => done,
        Err(error) => {
            complain(&format!("postil: {error:#}"));
            let code = error.downcast_ref::<DeskError>().map_or(1, |error| error.kind.exit_code());
            ExitCode::from(code)
        }
    }
}

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
            let view = open(&global)?.sync(&Bars::with_ctrl_c())?;
            out.sync(&view)?;
            return Ok(with_problems(&view.problems));
        }
        Command::Inbox { all } => {
            let scope = if all { InboxScope::Everything } else { InboxScope::NeedsMe };
            out.inbox(&open(&global)?.inbox(scope, &Bars::with_ctrl_c())?)?;
        }
        Command::Read { id } => out.read(&open(&global)?.read(&id)?)?,
        Command::Context { id } => out.context(&open(&global)?.context(&id)?)?,
        Command::Draft { ids } => {
            let desk = open(&global)?;
            let bars = Bars::with_ctrl_c();
            let sync = desk.sync(&bars)?;
            let drafts = desk.draft(&ids, &bars)?;
            out.drafts(&drafts)?;
            let failed = drafts.iter().filter(|draft| draft.state == "failed");
            let mut problems = sync.problems;
            problems
                .extend(failed.map(|draft| format!("{}: {}", draft.message_id, draft.findings.join("; "))));
            return Ok(with_problems(&problems));
        }
        Command::Search(args) => run_search(&args, &global, &mut out)?,
        Command::Audience { command: AudienceCommand::Why { note } } => {
            out.audience(&open(&global)?.audience_why(&note)?)?
        }
        Command::Run => {
            let view = open(&global)?.run(&Bars::with_ctrl_c())?;
            out.run(&view)?;
            return Ok(with_problems(&view.problems));
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

fn vault_dir(global: &Global, env: &Environment) -> anyhow::Result<PathBuf> {
    if let Some(vault) = &global.vault {
        return Ok(vault.clone());
    }
    Desk::find_vault(&env.current_dir).ok_or_else(|| {
        anyhow!(
            "no vault around {}; name one with --vault, or set one up with `postil init VAULT`",
            env.current_dir.display()
        )
    })
}

fn demo(dir: &Path, global: &Global, out: &mut Out) -> anyhow::Result<ExitCode> {
    let places = write_demo(dir)?;
    let now = match &global.now {
        Some(now) => now.clone(),
        None => DEMO_NOW.parse().context("the demo's own time")?,
    };
    let desk = Desk::open(&places.vault, Environment::of_process(Some(now))?)?;
    let view = desk.run(&Bars::with_ctrl_c())?;
    out.run(&view)?;
    if global.json {
        return Ok(with_problems(&view.problems));
    }
    let vault = places.vault.display();
    out.text(&format!(
        "\nThe vault is {vault}; open it in Obsidian or any editor. Drafts are in Outbox/Drafts:"
    ))?;
    for draft in
        view.drafts.iter().filter(|draft| draft.body.contains("24") || draft.findings.is_empty()).take(3)
    {
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
        args.vault.clone().or_else(|| global.vault.clone()).unwrap_or_else(|| env.current_dir.clone());
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
        SourceCommand::Add { kind, place, id } => {
            let id = add_source(&vault, id.as_deref(), &kind, &place)?;
            out.text(&format!("added {id}; next: postil sync"))?;
        }
        SourceCommand::List => {
            let desk = Desk::open(&vault, env)?;
            for store in &desk.config().stores {
                out.text(&format!("{}\t{}\t{}", store.id, store.kind, store.path.display()))?;
            }
        }
    }
    Ok(())
}

fn run_search(args: &SearchArgs, global: &Global, out: &mut Out) -> anyhow::Result<()> {
    let desk = open(global)?;
    let mut filters = Filters { from: args.since, until: args.until, ..Filters::default() };
    filters.kind = args.kind.map(|kind| match kind {
        KindArg::Note => SourceKind::Note,
        KindArg::Mail => SourceKind::Mail,
    });
    desk.narrow(&mut filters, args.label.as_deref(), args.party.as_deref(), &args.person)?;
    out.search(&desk.search(&args.query.join(" "), &filters, args.limit)?)?;
    Ok(())
}
