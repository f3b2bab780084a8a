//! The platforms' own functions, in the page's own world: calling them where nothing can be pressed.

use serde_json::json;

use crate::consent::recipe::Recipe;
use crate::engine::browser::cdp::CdpError;
use crate::engine::browser::fault::of_call;
use crate::engine::browser::tab::Tab;
use crate::model::choice::Choice;
use crate::model::fault::Fault;

/// Longest run of a function of the page's, and of what it promises.
const CALL_MAX_MS: u32 = 2000;

/// Calls the platform's function for the choice; returns what was called, `None` if the platform has
/// none or it failed.
pub(super) async fn call(
    tab: &Tab,
    recipe: Option<&Recipe>,
    asked: Choice,
) -> Result<Option<String>, Fault> {
    let expression = recipe.and_then(|r| match asked {
        Choice::Accept => r.api.accept.as_ref(),
        Choice::Reject => r.api.reject.as_ref(),
        _ => None,
    });
    evaluate(tab, expression).await
}

/// Lets the platform show its banner, or its settings, again.
pub(super) async fn reopen(tab: &Tab, recipe: Option<&Recipe>) -> Result<Option<String>, Fault> {
    evaluate(tab, recipe.and_then(|r| r.api.reopen.as_ref())).await
}

async fn evaluate(tab: &Tab, expression: Option<&String>) -> Result<Option<String>, Fault> {
    let Some(expression) = expression else {
        return Ok(None);
    };
    // What it returns may be anything, and what it promises may never come.
    let params = json!({
        "expression": format!("void ({expression})"),
        "userGesture": true,
        "timeout": CALL_MAX_MS,
    });
    match tab.try_call("Runtime.evaluate", params).await {
        Ok(answer) if answer.get("exceptionDetails").is_some() => Ok(None),
        Ok(_) => Ok(Some(expression.clone())),
        Err(CdpError::Refused { .. }) => Ok(None),
        Err(error) => Err(of_call(&error, tab.now_ms())),
    }
}
