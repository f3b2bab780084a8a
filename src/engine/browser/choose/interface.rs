//! The platforms' own functions, in the page's own world: calling them where nothing can be pressed.

use serde_json::json;

use crate::consent::recipe::Recipe;
use crate::engine::browser::cdp::CdpError;
use crate::engine::browser::fault::of_call;
use crate::engine::browser::tab::Tab;
use crate::model::choice::Choice;
use crate::model::fault::Fault;
use crate::model::role::Role;

/// Longest run of a function of the page's, and of what it promises.
const CALL_MAX_MS: u32 = 2000;

/// Calls the platform's function for the choice; returns what was called, `None` if the platform has
/// none or it failed.
pub(super) async fn call(
    tab: &Tab,
    recipe: Option<&Recipe>,
    asked: Choice,
    allow: &[Role],
) -> Result<Option<String>, Fault> {
    let expression = recipe.and_then(|r| match asked {
        Choice::Accept => r.api.accept.clone(),
        Choice::Reject => r.api.reject.clone(),
        Choice::Custom => r.api.custom.as_deref().map(|text| filled(text, allow)),
        _ => None,
    });
    evaluate(tab, expression.as_ref()).await
}

/// An expression with `true` for each category that is allowed, and `false` for the others.
fn filled(expression: &str, allow: &[Role]) -> String {
    Role::OPTIONAL
        .iter()
        .fold(expression.to_owned(), |text, role| {
            let place = format!("{{{}}}", role.as_str());
            text.replace(&place, &allow.contains(role).to_string())
        })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_are_filled_in() {
        let text = "set({functionality}, {performance}, {marketing})";
        let filled = filled(text, &[Role::Performance]);
        assert_eq!(filled, "set(false, true, false)");
    }
}
