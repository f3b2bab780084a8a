//! Opening a visit's page, in a browser context of its own and with every listener in place, further
//! tabs with the same profile, and ending that context with all that is in it.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::Browser;
use super::attach::{SETUP_MAX, Setup};
use super::cdp::CdpError;
use super::collect::{State, Top};
use super::emulate::Emulated;
use super::fault::{fault, of_call};
use super::tab::Tab;
use super::watch::{Shared, watch};
use crate::model::fault::{Fault, FaultKind};

/// Longest wait for a tab to be closed.
const CLOSE_MAX: Duration = Duration::from_secs(5);

/// Opens an empty page in a context of its own; returns the context's name, too.
pub(super) async fn open(browser: &Browser, emulated: &Emulated) -> Result<(Tab, String), Fault> {
    let context = json!({"disposeOnDetach": true});
    let call = "Target.createBrowserContext";
    let answer = browser.connection.call(None, call, context).await;
    let answer = answer.map_err(|error| of_call(&error, 0))?;
    let context = text(&answer["browserContextId"]);
    match open_page(browser, &context, emulated).await {
        Ok(tab) => Ok((tab, context)),
        Err(fault) => {
            discard(browser, &context).await;
            Err(fault)
        }
    }
}

async fn open_page(browser: &Browser, context: &str, emulated: &Emulated) -> Result<Tab, Fault> {
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
    if let Some(cookies) = emulated.cookies(context) {
        let set = connection.call(None, "Storage.setCookies", cookies).await;
        set.map_err(|error| match error {
            CdpError::Refused { message, .. } => {
                let message = format!("the browser refused the cookies of --cookie: {message}");
                fault(FaultKind::LoadFailed, 0, message)
            }
            other => failed(other),
        })?;
    }
    let frame = create_page(browser, context).await.map_err(failed)?;
    let shared = Shared::new(State::new(frame.clone()));
    let setup = Setup {
        binding: browser.binding.clone(),
        identity: browser.identity.clone(),
        emulated: emulated.clone(),
    };
    tokio::spawn(watch(
        Arc::clone(&shared),
        connection.clone(),
        setup,
        events,
    ));
    let session = ready(&shared, &frame).await?;
    Ok(Tab {
        connection: connection.clone(),
        session,
        frame,
        shared,
    })
}

/// Opens an empty page in a context; returns its target.
async fn create_page(browser: &Browser, context: &str) -> Result<String, CdpError> {
    let page = json!({"url": "about:blank", "browserContextId": context});
    let call = "Target.createTarget";
    let answer = browser.connection.call(None, call, page).await?;
    Ok(text(&answer["targetId"]))
}

/// Opens a second tab with the same profile beside the visited page.
pub(super) async fn open_beside(browser: &Browser, context: &str, tab: &Tab) -> Result<Tab, Fault> {
    open_another(browser, context, tab, |state, opened| {
        state.beside = Some(opened);
    })
    .await
}

/// Opens a new tab with the same profile and closes the old one: what is shown from now on is the
/// new tab's.
pub(super) async fn open_instead(
    browser: &Browser,
    context: &str,
    old: &Tab,
) -> Result<Tab, Fault> {
    let new = open_another(browser, context, old, |state, opened| state.top = opened).await?;
    let close = json!({"targetId": old.frame});
    let closed = browser.connection.call(None, "Target.closeTarget", close);
    closed.await.map_err(|e| of_call(&e, new.now_ms()))?;
    let gone = |s: &State| s.is_over() || !s.sessions.contains_key(&old.session);
    if !new.shared.wait(CLOSE_MAX, gone).await {
        return Err(new.fault(
            FaultKind::Timeout,
            "the first tab could not be closed in time",
        ));
    }
    {
        let state = &mut *new.shared.state();
        state.storage.tab_closed(&mut state.log);
    }
    Ok(new)
}

async fn open_another(
    browser: &Browser,
    context: &str,
    tab: &Tab,
    place: impl FnOnce(&mut State, Top),
) -> Result<Tab, Fault> {
    tab.shared.state().opening = true;
    let frame = create_page(browser, context).await;
    let frame = frame.map_err(|error| of_call(&error, tab.now_ms()))?;
    {
        let state = &mut *tab.shared.state();
        let opened = state.opened(&frame);
        place(state, opened);
    }
    let session = ready(&tab.shared, &frame).await?;
    Ok(Tab {
        session,
        frame,
        ..tab.clone()
    })
}

/// Waits until the listeners of a tab stand.
async fn ready(shared: &Shared, target: &str) -> Result<String, Fault> {
    let longest = SETUP_MAX + Duration::from_secs(1);
    shared
        .wait(longest, |s| {
            s.known_tab(target).ready || s.crash().is_some()
        })
        .await;
    let state = shared.state();
    let at_ms = state.log.now_ms();
    if let Some(crash) = state.crash() {
        return Err(fault(FaultKind::BrowserCrash, at_ms, crash));
    }
    let tab = state.known_tab(target);
    match (&tab.session, &tab.setup_error) {
        (Some(session), None) if tab.ready => Ok(session.clone()),
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
