//! Progress bars on a terminal, silence elsewhere; Ctrl-C sets the stop flag.

use std::io::IsTerminal as _;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::{ProgressBar, ProgressStyle};
use postil_desk::progress::Progress;

/// Draws the stages of long work on stderr.
#[derive(Debug, Default)]
pub(crate) struct Bars {
    bar: Mutex<Option<ProgressBar>>,
    stop: Arc<AtomicBool>,
}

impl Bars {
    /// Bars that stop work at Ctrl-C; a second Ctrl-C ends the program at once, which loses nothing
    /// either.
    pub(crate) fn with_ctrl_c() -> Self {
        let bars = Self::default();
        let stop = Arc::clone(&bars.stop);
        let handler = move || {
            if stop.swap(true, Ordering::Relaxed) {
                end_at_once();
            }
        };
        if ctrlc::set_handler(handler).is_err() {
            // No handler: Ctrl-C ends the program at once; every write is atomic.
        }
        bars
    }
}

#[expect(clippy::exit, reason = "the second Ctrl-C asks for just this; every write is atomic")]
fn end_at_once() {
    std::process::exit(i32::from(crate::STOPPED));
}

impl Progress for Bars {
    fn begin(&self, stage: &str, total: u64) {
        if !std::io::stderr().is_terminal() || total < 50 {
            return;
        }
        let style = ProgressStyle::with_template("{msg:<28} {bar:32} {pos}/{len} {per_sec} {eta}");
        let bar = ProgressBar::new(total).with_message(stage.to_owned());
        if let Ok(style) = style {
            bar.set_style(style);
        }
        if let Ok(mut slot) = self.bar.lock() {
            *slot = Some(bar);
        }
    }

    fn advance(&self, done: u64) {
        if let Ok(slot) = self.bar.lock()
            && let Some(bar) = slot.as_ref()
        {
            bar.set_position(done);
        }
    }

    fn end(&self) {
        if let Ok(mut slot) = self.bar.lock()
            && let Some(bar) = slot.take()
        {
            bar.finish_and_clear();
        }
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}
