//! The browser itself: visits side by side, running browsers, browsers that end, and nothing left
//! behind.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use preconsent::engine::browser::{BrowserEngine, BrowserSource};
use preconsent::engine::{Engine, EngineError};
use preconsent::model::fault::FaultKind;
use preconsent::model::scenario::{PhaseId, ScenarioId};

use crate::support::browse::{Browse, stored, target};

#[tokio::test(flavor = "multi_thread")]
async fn visits_side_by_side_do_not_see_each_other() {
    let browse = Browse::new().await;
    let url = browse.site.url("gated");
    let engine = BrowserEngine::start(browse.browser, browse.options)
        .await
        .expect("the browser starts");
    let target = target(&url);
    let (none, reject, accept) = futures_util::join!(
        engine.visit(&target, ScenarioId::None),
        engine.visit(&target, ScenarioId::Reject),
        engine.visit(&target, ScenarioId::Accept),
    );
    engine.close().await;
    let names = |visit: Result<_, EngineError>, phase| stored(&visit.expect("a visit"), phase);
    assert_eq!(names(none, PhaseId::AfterScroll), [""; 0]);
    assert_eq!(
        names(reject, PhaseId::AfterReload),
        ["cookie:cookie_consent"]
    );
    assert!(names(accept, PhaseId::AfterReload).len() > 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_is_no_browser_is_an_error_that_names_it() {
    for program in ["/nonexistent/chrome", "/bin/false"] {
        let mut browse = Browse::new().await;
        browse.browser.source = BrowserSource::Program(PathBuf::from(program));
        let error = BrowserEngine::start(browse.browser, browse.options).await;
        let error = error.err().expect("an error").to_string();
        assert!(error.contains(program), "{error}");
    }
}

/// A browser started by the test, with a DevTools port of its own choice.
struct Running {
    child: Child,
    folder: tempfile::TempDir,
}

impl Running {
    fn start(program: &Path) -> Self {
        Self::start_with(program, &[])
    }

    fn start_with(program: &Path, flags: &[String]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let child = Command::new(program)
            .args([
                "--headless=new",
                "--no-sandbox",
                "--remote-debugging-port=0",
            ])
            .args(["--no-first-run", "--disable-background-networking"])
            .args(["--disable-component-update", "--disable-sync"])
            .arg("--ignore-certificate-errors")
            .args(flags)
            .arg(format!("--user-data-dir={}", folder.path().display()))
            .arg("about:blank")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the browser starts");
        Self { child, folder }
    }

    /// The port and path it wrote down.
    fn address(&self) -> (String, String) {
        let file = self.folder.path().join("DevToolsActivePort");
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let text = fs::read_to_string(&file).unwrap_or_default();
            if let [port, path] = text.lines().collect::<Vec<_>>()[..] {
                return (port.to_owned(), path.to_owned());
            }
            assert!(Instant::now() < deadline, "no DevTools port");
            std::thread::yield_now();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_browser_can_be_used_and_is_left_running() {
    let browse = Browse::new().await;
    let BrowserSource::Program(program) = &browse.browser.source else {
        panic!("a program");
    };
    let mut running = Running::start(program);
    let (port, path) = running.address();
    let page = format!("http://127.0.0.1:{}/", browse.site.http().port());
    for address in [
        format!("ws://127.0.0.1:{port}{path}"),
        format!("http://127.0.0.1:{port}"),
    ] {
        let mut browser = browse.browser.clone();
        browser.source = BrowserSource::Url(address);
        let engine = BrowserEngine::start(browser, browse.options.clone())
            .await
            .expect("a connection");
        let visit = engine.visit(&target(&page), ScenarioId::None).await;
        let with_gpc = engine.visit(&target(&page), ScenarioId::Gpc).await;
        engine.close().await;
        let visit = visit.expect("a visit");
        let faults = with_gpc.expect("a visit").faults;
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].kind, FaultKind::Unsupported, "{faults:?}");
        assert!(visit.engine.settings[0].contains("already running"));
        assert!(visit.observations.len() > 1, "{:?}", visit.faults);
    }
    assert!(running.child.try_wait().expect("a state").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn windows_that_a_page_opens_are_watched_and_bounded() {
    let browse = Browse::new().await;
    let BrowserSource::Program(program) = &browse.browser.source else {
        panic!("a program");
    };
    let rules = browse.options.resolve.iter();
    let rules: Vec<String> = rules.map(|r| r.to_chromium_rule()).collect();
    let flags = [
        "--disable-popup-blocking".to_owned(),
        format!("--host-resolver-rules={}", rules.join(", ")),
    ];
    let running = Running::start_with(program, &flags);
    let (port, path) = running.address();
    let mut browser = browse.browser.clone();
    browser.source = BrowserSource::Url(format!("ws://127.0.0.1:{port}{path}"));
    let engine = BrowserEngine::start(browser, browse.options.clone())
        .await
        .expect("a connection");
    let visit = engine
        .visit(&target("https://windows.test/"), ScenarioId::None)
        .await
        .expect("a visit");
    engine.close().await;
    assert_eq!(visit.faults, []);
    let names = stored(&visit, PhaseId::BeforeChoice);
    assert!(
        names.iter().any(|n| n.starts_with("local-storage:")),
        "what a window stores is seen: {names:?}"
    );
    let told = |limit: &String| limit.starts_with("5 windows");
    assert!(visit.limits.iter().any(told), "{:?}", visit.limits);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_is_killed_is_a_fault_at_once() {
    let browse = Browse::new().await;
    let BrowserSource::Program(program) = &browse.browser.source else {
        panic!("a program");
    };
    let mut running = Running::start(program);
    let (port, path) = running.address();
    let mut browser = browse.browser.clone();
    browser.source = BrowserSource::Url(format!("ws://127.0.0.1:{port}{path}"));
    let engine = BrowserEngine::start(browser, browse.options.clone())
        .await
        .expect("a connection");
    let page = target(&format!("http://127.0.0.1:{}/endless", port_of_silence()));
    let visit = engine.visit(&page, ScenarioId::None);
    let kill = async {
        // Asked for the page, the browser waits for ever.
        tokio::time::sleep(Duration::from_millis(300)).await;
        running.child.kill().expect("killed");
    };
    let began = Instant::now();
    let (visit, ()) = futures_util::join!(visit, kill);
    let visit = visit.expect("a visit");
    assert_eq!(
        visit.faults[0].kind,
        FaultKind::BrowserCrash,
        "{:?}",
        visit.faults
    );
    assert!(
        began.elapsed() < Duration::from_secs(8),
        "{:?}",
        began.elapsed()
    );
}

/// A port where connections are taken and never answered.
fn port_of_silence() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    // Lives as long as the test's process.
    Box::leak(Box::new(listener));
    port
}
