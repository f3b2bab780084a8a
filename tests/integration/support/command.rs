//! The `preconsent` command as a user runs it, in an empty folder and with nothing of this machine's
//! environment but `PATH`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use preconsent::testsite::TestSite;
use serde_json::Value;
use tempfile::TempDir;

/// A folder to run the command in.
pub(crate) struct Shell {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

/// What a command left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    /// The exit code; `None` after a signal.
    pub(crate) code: Option<i32>,
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
}

impl Shell {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        let shell = Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            variables: Vec::new(),
        };
        fs::create_dir(shell.temporary()).expect("a folder for temporary files");
        shell
    }

    /// Sets an environment variable.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Where the command and its browser put temporary files.
    pub(crate) fn temporary(&self) -> PathBuf {
        self.path("tmp")
    }

    /// Writes a file in the folder.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, text).expect("a file");
        path
    }

    /// Reads a file in the folder.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    /// The command, ready to be run.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_preconsent"));
        command
            .args(args)
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("TMPDIR", self.temporary())
            .stdin(Stdio::null());
        // How a user of these tests names a browser that is in no usual place.
        for name in ["PRECONSENT_BROWSER", "CHROME_PATH"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command.envs(self.variables.iter().map(|(n, v)| (n, v)));
        command
    }

    /// Runs the command to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        self.command(args)
            .output()
            .expect("the command runs")
            .into()
    }

    /// Runs `scan` on the test sites.
    pub(crate) fn scan(&self, site: &TestSite, args: &[&str]) -> Ran {
        let flags = reach(site);
        let mut all = vec!["scan"];
        all.extend(flags.iter().map(String::as_str));
        all.extend(args);
        self.run(&all)
    }
}

/// The flags that lead every host to the test sites.
pub(crate) fn reach(site: &TestSite) -> Vec<String> {
    let resolve = site.resolve_args().into_iter();
    let mut flags: Vec<String> = resolve.map(|arg| format!("--resolve={arg}")).collect();
    flags.push("--insecure".to_owned());
    flags
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Self {
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

impl Ran {
    /// Checks the exit code, and shows what was printed if it is another one.
    #[track_caller]
    pub(crate) fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }

    /// Checks that standard error says all of this.
    #[track_caller]
    pub(crate) fn says(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(self.stderr.contains(text), "{text:?} is not in {self:#?}");
        }
        self
    }

    /// Standard output as a JSON report.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("{e}: {self:#?}"))
    }
}

/// A recording of `fixtures/visits/`.
pub(crate) fn fixture(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("fixtures/visits").join(name);
    path.display().to_string()
}
