//! Setting up a page, frame or worker before it runs its first line.
//!
//! Every target starts paused. Its listeners are asked for in one go, in an order that leaves no gap,
//! and the last command lets it run: the browser handles the commands of a session in order, so
//! nothing has to be awaited, except for the visited page itself, which must not be navigated before
//! every answer is there.

use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt};
use serde_json::{Value, json};

use super::cdp::{CdpError, Connection};
use super::collect::contents::MAX_CONTENT;
use super::collect::script;
use super::emulate::Emulated;
use super::identity::Identity;

/// What every target of a visit is set up with.
#[derive(Debug, Clone)]
pub(super) struct Setup {
    /// The collector script's binding; random, so that no page can guess it.
    pub(super) binding: String,
    /// Who the browser says it is.
    pub(super) identity: Identity,
    /// What the visitor is made to look like besides.
    pub(super) emulated: Emulated,
}

/// Children to attach to. Service workers are announced by the browser as well and would count
/// twice; the others are the browser's own windows.
pub(super) fn auto_attach(of_page: bool) -> Value {
    let mut filter = vec![
        json!({"type": "browser", "exclude": true}),
        json!({"type": "tab", "exclude": true}),
        json!({"type": "browser_ui", "exclude": true}),
    ];
    if of_page {
        filter.push(json!({"type": "service_worker", "exclude": true}));
    }
    filter.push(json!({}));
    json!({
        "autoAttach": true,
        "waitForDebuggerOnStart": true,
        "flatten": true,
        "filter": filter,
    })
}

/// Longest wait for the listeners of a target. A crowded machine takes its time to start a process,
/// and that says nothing about the page.
pub(super) const SETUP_MAX: Duration = Duration::from_secs(60);

/// How many promises and timers back a stack is followed.
const ASYNC_DEPTH: u32 = 8;

type Pending = BoxFuture<'static, Result<Value, CdpError>>;

/// Sends the set-up of a target of this kind and returns the pending answers, which may be dropped.
pub(super) fn send(
    connection: &Connection,
    session: &str,
    kind: &str,
    setup: &Setup,
) -> Vec<Pending> {
    let mut pending = Vec::new();
    let mut call = |method: &'static str, params: Value| {
        let answer = connection.call_within(SETUP_MAX, Some(session), method, params);
        pending.push(answer.boxed());
    };
    let known = matches!(
        kind,
        "page" | "iframe" | "worker" | "shared_worker" | "service_worker"
    );
    let commands = known.then(|| setup.emulated.commands(kind));
    for command in commands.into_iter().flatten() {
        if command.needed {
            call(command.method, command.params);
        } else {
            drop(connection.call(Some(session), command.method, command.params));
        }
    }
    match kind {
        "page" | "iframe" => {
            call("Target.setAutoAttach", auto_attach(true));
            call("Network.enable", json!({"maxPostDataSize": MAX_CONTENT}));
            call("Page.enable", json!({}));
            call("DOMStorage.enable", json!({}));
            call("Inspector.enable", json!({}));
            if kind == "page" {
                call("ServiceWorker.enable", json!({}));
                // A window that opens covers the page: hidden, it would neither be drawn nor answer
                // the mouse.
                call(
                    "Emulation.setFocusEmulationEnabled",
                    json!({"enabled": true}),
                );
            }
            call(
                "Emulation.setUserAgentOverride",
                setup.identity.override_params(),
            );
            call("Runtime.addBinding", json!({"name": setup.binding}));
            call("Runtime.enable", json!({}));
            call(
                "Runtime.setAsyncCallStackDepth",
                json!({"maxDepth": ASYNC_DEPTH}),
            );
            call(
                "Page.addScriptToEvaluateOnNewDocument",
                json!({"source": script::source(&setup.binding), "runImmediately": true}),
            );
        }
        "worker" | "shared_worker" | "service_worker" => {
            call("Target.setAutoAttach", auto_attach(true));
            call("Network.enable", json!({"maxPostDataSize": MAX_CONTENT}));
            call(
                "Emulation.setUserAgentOverride",
                setup.identity.override_params(),
            );
            // A worker that waits to be run has no caches, files or cookies yet, and reading its
            // address would hang it. It has them once its script is there, before the first line.
            call("Runtime.addBinding", json!({"name": setup.binding}));
            call("Runtime.enable", json!({}));
            call("Debugger.enable", json!({}));
            call(
                "Debugger.setInstrumentationBreakpoint",
                json!({"instrumentation": "beforeScriptExecution"}),
            );
        }
        _ => {}
    }
    call("Runtime.runIfWaitingForDebugger", json!({}));
    pending
}

/// A worker stands before the first line of its script: gives it the collector script and lets it go
/// on.
pub(super) fn collect_in_worker(connection: &Connection, session: &str, setup: &Setup) {
    let source = json!({"expression": script::source(&setup.binding)});
    for (method, params) in [
        ("Runtime.evaluate", source),
        ("Debugger.disable", json!({})),
    ] {
        drop(connection.call_within(SETUP_MAX, Some(session), method, params));
    }
}
