//! Starting a browser of our own: a fresh profile, the quiet flags, a process group of its own, and
//! nothing left behind afterwards.
//!
//! Everything the browser writes (profile, sockets, caches) goes into one temporary folder. Dropping
//! [`Process`] kills the whole group and removes that folder, also while a panic unwinds.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::BrowserOptions;
use super::cdp::transport::{self, Wire};
use super::identity::{languages, user_agent_of};
use crate::engine::emulation::Emulation;
use crate::engine::options::Resolve;
use crate::engine::{EngineError, Options};

/// Flags that every browser gets. The first block keeps it from calling home, the second from
/// asking or showing anything, the third from treating a scan differently from a visitor.
const FLAGS: [&str; 20] = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-domain-reliability",
    "--no-pings",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-default-apps",
    "--disable-extensions",
    "--headless=new",
    "--hide-scrollbars",
    "--mute-audio",
    "--password-store=basic",
    "--use-mock-keychain",
    "--disable-dev-shm-usage",
    "--disable-blink-features=AutomationControlled",
    // Plain http must stay plain http, or the page asked for is not the page that is seen.
    "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,Translate,OptimizationHints,MediaRouter",
];

/// Longest time that is spent on removing the profile.
const REMOVE_MAX: Duration = Duration::from_secs(3);

/// A browser that we started.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    folder: TempDir,
}

impl Process {
    /// The last lines that the browser printed.
    pub(super) fn last_words(&self) -> String {
        let text = fs::read(self.folder.path().join("stderr")).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        // Complaints about a missing desktop bus come with every start on a server.
        let tells = |line: &&str| !line.trim().is_empty() && !line.contains("dbus/");
        let lines: Vec<&str> = text.lines().filter(tells).collect();
        lines[lines.len().saturating_sub(5)..].join("\n")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        end_group(&mut self.child);
        remove(self.folder.path());
    }
}

/// Whether Chromium's sandbox must be off, and why.
pub(super) fn sandbox_off(options: &BrowserOptions) -> Option<&'static str> {
    if options.no_sandbox {
        Some("as asked for (--no-sandbox)")
    } else if running_as_root() {
        Some("because preconsent runs as root, where Chromium refuses to start with it")
    } else {
        None
    }
}

/// Starts `program`.
///
/// # Errors
/// [`EngineError::Launch`] if it cannot be started.
pub(super) async fn start(
    program: &Path,
    browser: &BrowserOptions,
    options: &Options,
    gpc: bool,
) -> Result<(Process, Wire), EngineError> {
    let failed = |error: io::Error| EngineError::Launch {
        path: program.display().to_string(),
        reason: error.to_string(),
    };
    let folder = profile(browser).map_err(failed)?;
    let mut command = command(program, folder.path(), browser, options).map_err(failed)?;
    if options.emulation.user_agent.is_none()
        && let Some(agent) = user_agent(program, folder.path(), options.emulation.mobile).await
    {
        command.arg(format!("--user-agent={agent}"));
    }
    if gpc {
        // Per browser: what the DevTools command for it turns on cannot be turned off again.
        command.arg("--enable-features=GlobalPrivacyControlForce");
    }
    spawn(&mut command, folder).await.map_err(failed)
}

/// A fresh profile whose preferences say what to do with third-party cookies. Debian's Chromium
/// blocks them in a fresh profile, and no DevTools command changes that.
fn profile(browser: &BrowserOptions) -> io::Result<TempDir> {
    let folder = tempfile::Builder::new().prefix("preconsent-").tempdir()?;
    let default = folder.path().join("profile").join("Default");
    fs::create_dir_all(&default)?;
    fs::create_dir(folder.path().join("tmp"))?;
    let block = !browser.third_party_cookies;
    let preferences = serde_json::json!({
        "profile": {
            "cookie_controls_mode": u8::from(block),
            "block_third_party_cookies": block,
        }
    });
    fs::write(default.join("Preferences"), preferences.to_string())?;
    Ok(folder)
}

fn command(
    program: &Path,
    folder: &Path,
    browser: &BrowserOptions,
    options: &Options,
) -> io::Result<Command> {
    let mut command = Command::new(program);
    command
        .args(FLAGS)
        .arg(format!(
            "--user-data-dir={}",
            folder.join("profile").display()
        ))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(folder.join("stderr"))?)
        .env("TMPDIR", folder.join("tmp"));
    if cfg!(target_os = "linux") {
        // Certificate stores and caches that the profile folder does not cover.
        for name in ["HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"] {
            command.env(name, folder.join("tmp"));
        }
    }
    if sandbox_off(browser).is_some() {
        command.arg("--no-sandbox");
    }
    if options.insecure {
        command.arg("--ignore-certificate-errors");
    }
    if !options.resolve.is_empty() {
        // The browser takes the first rule that applies.
        let rules: Vec<String> = Resolve::in_order(&options.resolve)
            .into_iter()
            .map(Resolve::to_chromium_rule)
            .collect();
        command.arg(format!("--host-resolver-rules={}", rules.join(", ")));
    }
    emulate(&mut command, &options.emulation);
    command.arg("about:blank");
    Ok(command)
}

/// What the visitor is made to look like, for what the commands to pages do not reach: scripts of
/// service workers are fetched by the browser itself.
fn emulate(command: &mut Command, emulation: &Emulation) {
    if let Some(locale) = &emulation.locale {
        command.arg(format!("--lang={locale}"));
        command.arg(format!("--accept-lang={}", languages(locale)));
    }
    if let Some(zone) = &emulation.timezone {
        command.env("TZ", zone.as_str());
    }
    if let Some(agent) = &emulation.user_agent {
        command.arg(format!("--user-agent={agent}"));
    }
    if let Some(proxy) = &emulation.proxy {
        command.arg(format!("--proxy-server={proxy}"));
        // Without this rule loopback addresses would be asked directly.
        command.arg("--proxy-bypass-list=<-loopback>");
    }
}

/// Longest wait for a program to tell its version.
const VERSION_MAX: Duration = Duration::from_secs(5);

/// The user agent of a program's normal self, which its headless self does not use. It must be known
/// before the browser runs. `None` where programs do not tell their version.
async fn user_agent(program: &Path, folder: &Path, mobile: bool) -> Option<String> {
    if cfg!(windows) {
        return None;
    }
    let mut command = tokio::process::Command::new(program);
    command
        .arg("--version")
        .env("HOME", folder.join("tmp"))
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let told = tokio::time::timeout(VERSION_MAX, command.output()).await;
    let told = String::from_utf8(told.ok()?.ok()?.stdout).ok()?;
    let version = told
        .split_whitespace()
        .find(|word| word.matches('.').count() == 3)?;
    let major = version.split('.').next()?;
    let is_number = !major.is_empty() && major.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| user_agent_of(major, mobile))
}

#[cfg(unix)]
async fn spawn(command: &mut Command, folder: TempDir) -> io::Result<(Process, Wire)> {
    use std::os::fd::OwnedFd;
    use std::os::unix::process::CommandExt;

    use command_fds::{CommandFdExt, FdMapping};
    use tokio::net::unix::pipe;

    let (browser_reads, we_write) = io::pipe()?;
    let (we_read, browser_writes) = io::pipe()?;
    let map = |parent_fd: OwnedFd, child_fd| FdMapping {
        parent_fd,
        child_fd,
    };
    command
        .arg("--remote-debugging-pipe")
        .process_group(0)
        .fd_mappings(vec![
            map(browser_reads.into(), 3),
            map(browser_writes.into(), 4),
        ])
        .map_err(io::Error::other)?;
    let child = command.spawn()?;
    let process = Process { child, folder };
    // The browser's ends live in the command; while they are open here, its end would not show.
    *command = Command::new("");
    let wire = transport::pipe(
        pipe::Receiver::from_owned_fd(we_read.into())?,
        pipe::Sender::from_owned_fd(we_write.into())?,
    );
    Ok((process, wire))
}

#[cfg(not(unix))]
async fn spawn(command: &mut Command, folder: TempDir) -> io::Result<(Process, Wire)> {
    spawn_with_port(command, folder).await
}

/// Starts the browser with a port of its own choice on the loopback address, where pipes cannot be
/// handed over.
#[cfg(any(not(unix), test))]
async fn spawn_with_port(command: &mut Command, folder: TempDir) -> io::Result<(Process, Wire)> {
    let child = command.arg("--remote-debugging-port=0").spawn()?;
    let process = Process { child, folder };
    let file = process.folder.path().join("profile/DevToolsActivePort");
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        if let Ok(text) = fs::read_to_string(&file)
            && let [port, path] = text.lines().collect::<Vec<_>>()[..]
        {
            let wire = transport::websocket(&format!("ws://127.0.0.1:{port}{path}")).await?;
            return Ok((process, wire));
        }
        if Instant::now() > deadline {
            return Err(io::Error::new(
                io::ErrorKind::TimedOut,
                process.last_words(),
            ));
        }
        super::settle::breathe(Duration::from_millis(20)).await;
    }
}

#[cfg(unix)]
fn running_as_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(not(unix))]
fn running_as_root() -> bool {
    false
}

/// Kills the browser and everything it started. What was killed writes nothing any more, even while
/// it waits to be reaped.
#[cfg(unix)]
fn end_group(child: &mut Child) {
    use rustix::process::{Pid, Signal, kill_process_group};

    if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        // An error means that the group is already gone.
        let _ = kill_process_group(group, Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(not(unix))]
fn end_group(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

/// Removes a folder that processes which are about to die may still hold files in.
fn remove(folder: &Path) {
    let deadline = Instant::now() + REMOVE_MAX;
    while let Err(error) = fs::remove_dir_all(folder) {
        if error.kind() == io::ErrorKind::NotFound {
            return;
        }
        if Instant::now() > deadline {
            tracing::warn!(folder = %folder.display(), %error, "the browser's profile is left behind");
            return;
        }
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

/// The program behind Debian's start script, whose extra process would outlive a kill of the script.
pub(super) fn behind_wrapper(program: PathBuf) -> PathBuf {
    let names = ["chromium", "chromium-headless-shell"];
    let behind = names.into_iter().find_map(|name| {
        let real = Path::new("/usr/lib/chromium").join(name);
        (program == Path::new("/usr/bin").join(name) && real.is_file()).then_some(real)
    });
    behind.unwrap_or(program)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::browser::cdp::Connection;
    use crate::engine::browser::{BrowserSource, find};

    /// The way of systems where pipes cannot be handed over, tried wherever the tests run.
    #[tokio::test]
    async fn a_browser_can_also_be_started_with_a_port() {
        let program = find::find(None).expect("a browser; run the tests with make test");
        let program = behind_wrapper(program.path);
        let browser = BrowserOptions {
            source: BrowserSource::Program(program.clone()),
            instead: None,
            third_party_cookies: true,
            no_sandbox: false,
        };
        let folder = profile(&browser).expect("a profile");
        let place = folder.path().to_owned();
        let mut command =
            command(&program, folder.path(), &browser, &Options::default()).expect("a command");
        let (process, wire) = spawn_with_port(&mut command, folder)
            .await
            .expect("a browser");
        let (connection, _events) = Connection::new(wire);
        let version = connection
            .call(None, "Browser.getVersion", serde_json::json!({}))
            .await
            .expect("an answer");
        assert!(version["product"].is_string());
        drop(process);
        assert!(!place.exists(), "the profile is gone");
    }
}
