//! Signals that end a run. Waiting for one leaves the clean-up to the caller: what is dropped then,
//! the browser above all, is taken down as at any other end.

use std::io;

use crate::exit::Exit;

/// Waits until the user or the system asks the process to end. Signals that were ignored when the
/// process began stay so: `nohup preconsent …` outlives its terminal.
///
/// # Errors
/// If the signals cannot be listened to.
#[cfg(unix)]
pub(crate) async fn interrupted() -> io::Result<Exit> {
    use tokio::signal::unix::SignalKind;

    let number = tokio::select! {
        number = arrival(SignalKind::interrupt()) => number?,
        number = arrival(SignalKind::terminate()) => number?,
        number = arrival(SignalKind::hangup()) => number?,
    };
    Ok(Exit::Signal(u8::try_from(number).unwrap_or(0)))
}

#[cfg(unix)]
async fn arrival(kind: tokio::signal::unix::SignalKind) -> io::Result<i32> {
    let number = kind.as_raw_value();
    if is_ignored(number) {
        return std::future::pending().await;
    }
    tokio::signal::unix::signal(kind)?.recv().await;
    Ok(number)
}

/// Whether the process was started with this signal ignored. Only Linux says so in a file; elsewhere
/// the answer is no.
#[cfg(unix)]
fn is_ignored(number: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .is_some_and(|mask| mask >> (number - 1) & 1 == 1)
}

/// Waits until the user asks the process to end.
///
/// # Errors
/// If Ctrl-C cannot be listened to.
#[cfg(not(unix))]
pub(crate) async fn interrupted() -> io::Result<Exit> {
    const INTERRUPT: u8 = 2;
    tokio::signal::ctrl_c().await?;
    Ok(Exit::Signal(INTERRUPT))
}
