//! Clocks, memory and sizes around other people's programs. What cannot be measured is "n/a", never a guess.

use std::fmt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::tools::Tool;
use crate::eval::read_answer;

/// Runs with nothing new, of which the median is shown.
const AGAIN: usize = 5;

/// What was measured of one program. `None` where it could not be.
#[derive(Default)]
pub(super) struct Figures {
    messages_per_second: Option<f64>,
    peak_bytes: Option<f64>,
    index_bytes: Option<f64>,
    again_seconds: Option<f64>,
    search_seconds: Option<f64>,
    draft_ms: Option<f64>,
}

/// One cell.
pub(super) struct Figure {
    pub(super) value: Option<f64>,
    unit: &'static str,
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value {
            None => f.write_str("n/a"),
            Some(value) if value.abs() >= 100.0 => write!(f, "{value:.0}{}", self.unit),
            Some(value) => write!(f, "{value:.2}{}", self.unit),
        }
    }
}

impl Figures {
    pub(super) fn titles(searches: usize) -> Vec<String> {
        vec![
            "first index, messages/s".to_owned(),
            "peak memory of the first index".to_owned(),
            "index on disk".to_owned(),
            "index over mail".to_owned(),
            format!("run with nothing new (median of {AGAIN})"),
            format!("search for two words from the shell (median of {searches})"),
            "draft of one mail, in a running process (p50)".to_owned(),
        ]
    }

    /// The cells in the order of [`Figures::titles`].
    pub(super) fn rows(&self, mail_bytes: u64) -> Vec<Figure> {
        let figure =
            |value: Option<f64>, scale: f64, unit| Figure { value: value.map(|value| value * scale), unit };
        vec![
            figure(self.messages_per_second, 1.0, ""),
            figure(self.peak_bytes, 1e-6, " MB"),
            figure(self.index_bytes, 1e-6, " MB"),
            figure(self.index_bytes, 100.0 / mail_bytes.max(1) as f64, " %"),
            figure(self.again_seconds, 1.0, " s"),
            figure(self.search_seconds, 1e3, " ms"),
            figure(self.draft_ms, 1.0, " ms"),
        ]
    }
}

/// Runs one program through all rows. A call that fails is named on stderr, and its rows stay "n/a".
pub(super) fn measure(tool: &Tool, messages: usize, queries: &[[String; 2]], searches: usize) -> Figures {
    let mut figures = Figures::default();
    if let Err(error) = measure_into(&mut figures, tool, messages, queries, searches) {
        eprintln!("{}: {error:#}", tool.name);
    }
    figures
}

fn measure_into(
    figures: &mut Figures,
    tool: &Tool,
    messages: usize,
    queries: &[[String; 2]],
    searches: usize,
) -> Result<()> {
    for arguments in &tool.prepare {
        run_timed(&mut tool.command(arguments))?;
    }
    let first = run_watched(&mut tool.command(&tool.index))?;
    figures.messages_per_second = Some(messages as f64 / first.seconds);
    figures.peak_bytes = first.peak_bytes;
    figures.index_bytes = Some(size_of(&tool.state)? as f64);

    let again: Result<Vec<f64>> = (0..AGAIN).map(|_| run_timed(&mut tool.command(&tool.index))).collect();
    figures.again_seconds = median(again?);

    let mut times = Vec::new();
    for query in queries.iter().cycle().take(searches) {
        let mut arguments = tool.search.clone();
        // One argument for our own search, which takes a phrase as a person types it; words for the others.
        if tool.name == "postil" {
            arguments.push(query.join(" ").into());
        } else {
            arguments.extend(query.iter().map(Into::into));
        }
        let start = Instant::now();
        let output = tool.command(&arguments).stdin(Stdio::null()).output()?;
        times.push(start.elapsed().as_secs_f64());
        if !output.status.success() || output.stdout.is_empty() {
            bail!("the search for `{}` found nothing or failed", query.join(" "));
        }
    }
    figures.search_seconds = median(times);

    if let Some(draft) = &tool.draft {
        let answer = read_answer(&mut tool.command(draft)).context("drafting")?;
        let p50 = answer
            .get("metrics")
            .and_then(|metrics| metrics.get("p50_ms"))
            .and_then(serde_json::Value::as_f64);
        figures.draft_ms = p50;
    }
    Ok(())
}

struct Watched {
    seconds: f64,
    /// `None` where the system has no /proc.
    peak_bytes: Option<f64>,
}

/// Runs a program to its end and looks at its memory, and its children's, every few milliseconds.
fn run_watched(command: &mut Command) -> Result<Watched> {
    let start = Instant::now();
    let mut child = quiet(command).spawn().with_context(|| format!("starting {command:?}"))?;
    let mut peak = None;
    loop {
        let now = peak_of(child.id());
        peak = peak.max(now);
        if let Some(status) = child.try_wait()? {
            if !status.success() {
                bail!("{command:?} failed: {status}");
            }
            let seconds = start.elapsed().as_secs_f64();
            return Ok(Watched { seconds, peak_bytes: peak.map(|kilobytes| kilobytes as f64 * 1024.0) });
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Seconds of one run to its end.
fn run_timed(command: &mut Command) -> Result<f64> {
    let start = Instant::now();
    let status = quiet(command).status().with_context(|| format!("starting {command:?}"))?;
    if !status.success() {
        bail!("{command:?} failed: {status}");
    }
    Ok(start.elapsed().as_secs_f64())
}

/// Nothing to read and nobody who reads along; what goes wrong is still seen.
fn quiet(command: &mut Command) -> &mut Command {
    command.stdin(Stdio::null()).stdout(Stdio::null())
}

/// The most memory that a process and its children have held, in kilobytes, as Linux counts it (`VmHWM`, proc(5)).
fn peak_of(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let own = high_water(&status)?;
    let children =
        std::fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap_or_default();
    let children = children.split_whitespace().filter_map(|child| peak_of(child.parse().ok()?));
    Some(own + children.sum::<u64>())
}

fn high_water(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The middle one; the mean of the middle two where there is no middle.
fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    let upper = *values.get(half)?;
    if values.len() % 2 == 1 {
        return Some(upper);
    }
    Some((values.get(half.checked_sub(1)?)? + upper) / 2.0)
}

/// Bytes in all files below a folder.
fn size_of(folder: &Path) -> Result<u64> {
    walk(folder, &mut |path| Ok(std::fs::metadata(path)?.len()))
}

/// Reads all files below a folder and says how many bytes they hold.
pub(super) fn read_all(folder: &Path) -> Result<u64> {
    walk(folder, &mut |path| Ok(std::fs::read(path)?.len() as u64))
}

fn walk(folder: &Path, count: &mut impl FnMut(&Path) -> Result<u64>) -> Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            bytes += walk(&entry.path(), count)?;
        } else if kind.is_file() {
            bytes += count(&entry.path())?;
        }
    }
    Ok(bytes)
}

/// The short name of the commit that is checked out, with a plus where files differ from it.
pub(super) fn commit(root: &Path) -> String {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").current_dir(root).args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let Some(name) = git(&["rev-parse", "--short", "HEAD"]) else { return "unknown".to_owned() };
    let changed =
        git(&["status", "--porcelain", "--untracked-files=no"]).is_some_and(|lines| !lines.is_empty());
    if changed { format!("{name}+") } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), Some(2.5));
    }

    #[test]
    fn memory_is_read_as_linux_writes_it() {
        assert_eq!(high_water("Name:\tpostil\nVmPeak:\t  99 kB\nVmHWM:\t   1234 kB\n"), Some(1234));
        assert_eq!(high_water("Name:\tpostil\n"), None);
    }

    #[test]
    fn what_was_not_measured_says_so() {
        let rows = Figures { index_bytes: Some(5e6), ..Figures::default() }.rows(50_000_000);
        let text: Vec<String> = rows.iter().map(ToString::to_string).collect();
        assert_eq!(text, ["n/a", "n/a", "5.00 MB", "10.00 %", "n/a", "n/a", "n/a"]);
        assert_eq!(text.len(), Figures::titles(20).len());
    }

    #[test]
    fn a_run_that_fails_is_an_error() {
        assert!(run_watched(Command::new("sh").args(["-c", "exit 3"])).is_err());
        assert!(run_timed(Command::new("sh").args(["-c", "exit 0"])).is_ok());
    }
}
