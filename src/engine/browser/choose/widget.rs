//! Asking for a widget's service: opening the chat as a visitor does.
//!
//! The catalogue says what to press, which function of the page does the same, and which one tells
//! whether the widget is open ([`WidgetHint`]). What shows is pressed; the function is called where
//! pressing opened nothing, or where a page hides the widget's own button behind one of its own. A
//! widget that neither shows nor opens is not offered.

use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::json;

use super::look::At;
use super::press::{self, Pressed};
use super::world::World;
use crate::engine::Options;
use crate::engine::browser::cdp::CdpError;
use crate::engine::browser::fault::of_call;
use crate::engine::browser::settle::breathe;
use crate::engine::browser::tab::Tab;
use crate::engine::options::WidgetHint;
use crate::model::choice::ChoiceState;
use crate::model::fault::Fault;
use crate::model::visit::ServiceRequest;

/// How long a settled page may take to show its widget.
const WIDGET_MAX: Duration = Duration::from_millis(1000);

/// How long a widget may take to open.
const OPEN_MAX: Duration = Duration::from_millis(2500);

/// How often is looked.
const LOOK: Duration = Duration::from_millis(50);

/// Longest run of a function of the page's.
const CALL_MAX_MS: u32 = 2000;

/// What shows of a widget.
#[derive(Deserialize)]
struct Shown {
    #[serde(rename = "ref")]
    reference: u32,
    /// The selector that it was found by.
    selector: String,
}

/// Looks for a known widget and opens it.
pub(in crate::engine::browser) async fn open(
    tab: &Tab,
    options: &Options,
) -> Result<ServiceRequest, Fault> {
    let deadline = Instant::now() + WIDGET_MAX;
    loop {
        for hint in &options.widgets {
            if let Some(request) = ask(tab, hint).await? {
                return Ok(request);
            }
        }
        if Instant::now() > deadline {
            return Ok(ServiceRequest {
                state: ChoiceState::NotOffered,
                evidence: vec!["no widget that is known showed or could be opened".to_owned()],
                ..ServiceRequest::none()
            });
        }
        breathe(LOOK).await;
    }
}

/// Asks one widget; `None` if it is not there.
async fn ask(tab: &Tab, hint: &WidgetHint) -> Result<Option<ServiceRequest>, Fault> {
    let mut request = ServiceRequest {
        service: Some(hint.service.clone()),
        provider: Some(hint.provider.clone()),
        state: ChoiceState::Unproven,
        at_ms: Some(tab.now_ms()),
        evidence: Vec::new(),
    };
    let page = World::of_page(tab);
    let control: Option<Shown> = page
        .ask("visible", json!([hint.press]))
        .await
        .map_err(|unread| unread.fault(tab))?;
    let shows = control.is_some();
    if let Some(control) = control {
        let at = At {
            frame: tab.frame.clone(),
            reference: control.reference,
        };
        let before = tab.now_ms();
        if press::click_on(tab, &at).await? == Pressed::Yes {
            request.at_ms = Some(before);
            request
                .evidence
                .push(format!("pressed {}", control.selector));
        } else {
            request
                .evidence
                .push(format!("{} is covered by something else", control.selector));
        }
        if opens(tab, hint).await? {
            return Ok(Some(proven(request, hint)));
        }
    }
    let at_ms = tab.now_ms();
    if call(tab, hint.call.as_deref(), true).await?.is_some() {
        request.evidence.push(format!(
            "called {}",
            hint.call.as_deref().unwrap_or_default()
        ));
        if opens(tab, hint).await? {
            if !shows {
                request.at_ms = Some(at_ms);
            }
            return Ok(Some(proven(request, hint)));
        }
    }
    Ok(shows.then_some(request))
}

fn proven(mut request: ServiceRequest, hint: &WidgetHint) -> ServiceRequest {
    request.state = ChoiceState::Proven;
    request
        .evidence
        .push(format!("{} says that it is open", hint.opened));
    request
}

/// Waits for the widget to be open.
async fn opens(tab: &Tab, hint: &WidgetHint) -> Result<bool, Fault> {
    let is_open = || call(tab, Some(&hint.opened), false);
    let deadline = Instant::now() + OPEN_MAX;
    loop {
        if is_open().await? == Some(true) {
            return Ok(true);
        }
        if Instant::now() > deadline {
            return Ok(false);
        }
        breathe(LOOK).await;
    }
}

/// Calls a function of the page's own, by its path from the global object, and says whether it
/// answered `true`; `None` if there is no such function or it threw.
async fn call(tab: &Tab, path: Option<&str>, gesture: bool) -> Result<Option<bool>, Fault> {
    let Some(path) = path else {
        return Ok(None);
    };
    let (owner, name) = path.rsplit_once('.').unwrap_or(("", path));
    let owner = match owner {
        "" => "globalThis".to_owned(),
        owner => format!("globalThis.{}", owner.replace('.', "?.")),
    };
    let expression = format!(
        "(() => {{ const owner = {owner}; return typeof owner?.{name} === \"function\" \
         ? owner.{name}() === true : null; }})()"
    );
    let params = json!({
        "expression": expression,
        "returnByValue": true,
        "userGesture": gesture,
        "timeout": CALL_MAX_MS,
    });
    match tab.try_call("Runtime.evaluate", params).await {
        Ok(answer) if answer.get("exceptionDetails").is_some() => Ok(None),
        Ok(answer) => Ok(answer["result"]["value"].as_bool()),
        // It ran for longer than it may.
        Err(CdpError::Refused { .. }) => Ok(None),
        Err(error) => Err(of_call(&error, tab.now_ms())),
    }
}
