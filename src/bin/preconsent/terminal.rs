//! Standard error and colour: progress, warnings, errors. Standard output is the report's alone.
//!
//! What is printed here may carry text from a page or from a file, so that everything goes through
//! [`clean`]. A closed standard error is no reason to fail.

use std::fmt::{Display, Write as _};
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use anstream::ColorChoice;
use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use preconsent::engine::EngineError;
use tracing_subscriber::EnvFilter;

use crate::args::ColorArg;
use crate::cli::GlobalArgs;

/// Standard error, with a line of progress where that is a terminal.
#[derive(Debug, Clone)]
pub(crate) struct Terminal {
    bar: ProgressBar,
    quiet: bool,
    verbose: bool,
}

impl Terminal {
    /// Sets up progress, and the log that `-v` shows.
    pub(crate) fn new(global: &GlobalArgs) -> Self {
        let spins = io::stderr().is_terminal() && !global.quiet;
        let bar = ProgressBar::with_draw_target(
            None,
            if spins {
                ProgressDrawTarget::stderr()
            } else {
                ProgressDrawTarget::hidden()
            },
        );
        let terminal = Self {
            bar,
            quiet: global.quiet,
            verbose: global.verbose > 0,
        };
        terminal.log(global);
        terminal
    }

    fn log(&self, global: &GlobalArgs) {
        let level = match (global.quiet, global.verbose) {
            (true, _) => "error",
            (false, 0) => "preconsent=warn",
            (false, 1) => "preconsent=info",
            (false, _) => "preconsent=debug",
        };
        let filter =
            EnvFilter::try_from_env("PRECONSENT_LOG").unwrap_or_else(|_| EnvFilter::new(level));
        let bar = self.bar.clone();
        tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(move || AboveProgress(bar.clone()))
            .with_ansi(false)
            .without_time()
            .with_target(false)
            .init();
    }

    /// Shows what is being done: a spinner on a terminal, a line with `-v`, otherwise nothing.
    pub(crate) fn doing(&self, what: impl Display) {
        let what = clean(&what.to_string());
        if self.verbose {
            self.line(&what);
        } else if !self.bar.is_hidden() {
            if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg} {elapsed}") {
                self.bar.set_style(style);
            }
            self.bar.enable_steady_tick(Duration::from_millis(100));
            self.bar.set_message(what);
        }
    }

    /// Takes the spinner away.
    pub(crate) fn done(&self) {
        self.bar.finish_and_clear();
    }

    /// Something the user may want to keep, unless they asked for quiet.
    pub(crate) fn note(&self, what: impl Display) {
        if !self.quiet {
            self.line(&clean(&what.to_string()));
        }
    }

    /// Something the user should know, unless they asked for quiet.
    pub(crate) fn warn(&self, what: impl Display) {
        if !self.quiet {
            let label = paint(AnsiColor::Yellow, "warning:");
            self.line(&format!("{label} {}", clean(&what.to_string())));
        }
    }

    fn line(&self, text: &str) {
        self.bar.suspend(|| write_stderr(text));
    }
}

/// Prints an error with its causes.
pub(crate) fn print_error(error: &anyhow::Error) {
    let mut text = format!(
        "{} {}",
        paint(AnsiColor::Red, "error:"),
        clean(&error.to_string())
    );
    for cause in error.chain().skip(1) {
        let _ = write!(text, "\n  caused by: {}", clean(&cause.to_string()));
    }
    if let Some(EngineError::Launch { .. }) = error.downcast_ref() {
        text.push_str("\n  hint: `preconsent doctor` looks for what is wrong with the browser");
    }
    write_stderr(&text);
}

/// A bug of ours is one line for the user, not a wall. The browser goes as the stack unwinds.
pub(crate) fn set_panic_hook() {
    std::panic::set_hook(Box::new(|panic| {
        let payload = panic.payload();
        let what = payload
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
            .unwrap_or("no reason given");
        let place = panic
            .location()
            .map_or_else(String::new, |l| format!(" ({}:{})", l.file(), l.line()));
        let label = paint(AnsiColor::Red, "error:");
        write_stderr(&format!(
            "{label} preconsent itself is at fault: {}{place}; please report it",
            clean(what)
        ));
    }));
}

/// Whether the report on standard output has colour: `--color`, else `NO_COLOR`, `CLICOLOR_FORCE`
/// and whether it is a terminal.
pub(crate) fn stdout_color(asked: ColorArg) -> bool {
    match asked {
        ColorArg::Always => true,
        ColorArg::Never => false,
        ColorArg::Auto => anstream::AutoStream::choice(&io::stdout()) != ColorChoice::Never,
    }
}

/// Makes `--color` hold for everything that is printed from here on.
pub(crate) fn set_color(asked: ColorArg) {
    match asked {
        ColorArg::Auto => ColorChoice::Auto,
        ColorArg::Always => ColorChoice::Always,
        ColorArg::Never => ColorChoice::Never,
    }
    .write_global();
}

/// How many columns the table may use: the terminal's, within reason; 80 when it goes to a file.
pub(crate) fn stdout_width() -> usize {
    const USUAL: usize = 80;
    if !io::stdout().is_terminal() {
        return USUAL;
    }
    terminal_size::terminal_size().map_or(USUAL, |(width, _)| usize::from(width.0).clamp(40, 160))
}

/// Text that cannot steer a terminal: control characters but line ends, and characters that
/// reorder or hide text, are written as `\u{…}`.
pub(crate) fn clean(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if (c.is_control() && c != '\n') || is_invisible(c) {
            let _ = write!(shown, "{}", c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// The same on one line: what comes from elsewhere must not look like a line of ours.
pub(crate) fn clean_line(text: &str) -> String {
    clean(text).replace('\n', "\\n")
}

fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn paint(color: AnsiColor, text: &str) -> String {
    let style = Style::new().fg_color(Some(color.into())).bold();
    format!("{style}{text}{style:#}")
}

fn write_stderr(text: &str) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// Lets log lines pass above the spinner instead of through it.
struct AboveProgress(ProgressBar);

impl Write for AboveProgress {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let text = clean(&String::from_utf8_lossy(buffer));
        self.0.suspend(|| write_stderr(text.trim_end()));
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_cannot_steer_the_terminal() {
        let hostile = "a\u{1b}[31mb\rc\u{7}d\u{9b}e\u{202e}f\u{200b}g\tä\n";
        let shown = clean(hostile);
        assert_eq!(
            shown,
            "a\\u{1b}[31mb\\u{d}c\\u{7}d\\u{9b}e\\u{202e}f\\u{200b}g\\u{9}ä\n"
        );
    }
}
