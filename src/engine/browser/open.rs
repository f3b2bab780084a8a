//! Opening a visit's page, in a browser context of its own and with every listener in place, and
//! ending that context with all that is in it.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::Browser;
use super::attach::{SETUP_MAX, Setup};
use super::cdp::CdpError;
use super::collect::State;
use super::fault::{fault, of_call};
use super::tab::Tab;
use super::watch::{Shared, watch};
use crate::model::fault::{Fault, FaultKind};

/// Opens an empty page in a context of its own; returns the context's name, too.
pub(super) async fn open(browser: &Browser) -> Result<(Tab, String), Fault> {
    let context = json!({"disposeOnDetach": true});
    let call = "Target.createBrowserContext";
    let answer = browser.connection.call(None, call, context).await;
    let answer = answer.map_err(|error| of_call(&error, 0))?;
    let context = text(&answer["browserContextId"]);
    match open_page(browser, &context).await {
        Ok(tab) => Ok((tab, context)),
        Err(fault) => {
            discard(browser, &context).await;
            Err(fault)
        }
    }
}

async fn open_page(browser: &Browser, context: &str) -> Result<Tab, Fault> {
    let connection = &browser.connection;
    let failed = |error: CdpError| of_call(&error, 0);
    let events = browser.router.enter(context);
    connection
        .call(
            None,
            "Browser.setDownloadBehavior",
            json!({"behavior": "deny", "browserContextId": context, "eventsEnabled": true}),
        )
        .await
        .map_err(failed)?;
    let page = json!({"url": "about:blank", "browserContextId": context});
    let answer = connection
        .call(None, "Target.createTarget", page)
        .await
        .map_err(failed)?;
    let frame = text(&answer["targetId"]);
    let shared = Shared::new(State::new(frame.clone()));
    let setup = Setup {
        binding: browser.binding.clone(),
        identity: browser.identity.clone(),
    };
    tokio::spawn(watch(
        Arc::clone(&shared),
        connection.clone(),
        setup,
        events,
    ));
    let session = ready(&shared).await?;
    Ok(Tab {
        connection: connection.clone(),
        session,
        frame,
        shared,
    })
}

/// Waits until the page's listeners stand.
async fn ready(shared: &Shared) -> Result<String, Fault> {
    let longest = SETUP_MAX + Duration::from_secs(1);
    shared
        .wait(longest, |s| s.top.ready || s.top.crash.is_some())
        .await;
    let state = shared.state();
    let at_ms = state.log.now_ms();
    if let Some(crash) = &state.top.crash {
        return Err(fault(FaultKind::BrowserCrash, at_ms, crash));
    }
    match (&state.top.session, &state.top.setup_error) {
        (Some(session), None) if state.top.ready => Ok(session.clone()),
        (_, Some(error @ (CdpError::Closed | CdpError::Detached))) => Err(of_call(error, at_ms)),
        (_, error) => {
            let detail = match error {
                Some(error) => error.to_string(),
                None => String::from("no page was announced"),
            };
            let message = format!(
                "the browser did not open an empty page in time ({detail}); this machine may be too busy for so many visits at once"
            );
            Err(fault(FaultKind::Timeout, at_ms, message))
        }
    }
}

/// Ends a context and everything in it.
pub(super) async fn discard(browser: &Browser, context: &str) {
    let dispose = browser.connection.call(
        None,
        "Target.disposeBrowserContext",
        json!({"browserContextId": context}),
    );
    // The context may be gone with the browser; that is a fault of its own.
    let _ = dispose.await;
    browser.router.leave(context);
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
