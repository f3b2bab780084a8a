//! The site's own policy: a file or a page.

use std::path::Path;

use anyhow::{Context as _, Result};
use preconsent::catalogue::list::page::MAX_PAGE;
use preconsent::catalogue::policy::Policy;
use preconsent::engine::Options;
use preconsent::engine::http::text;
use url::Url;

use crate::commands::read_list;
use crate::config::is_address;
use crate::terminal::Terminal;

/// Reads the policy that was asked for, before anything is visited.
pub(crate) async fn load(
    asked: Option<&str>,
    options: &Options,
    terminal: &Terminal,
) -> Result<Option<Policy>> {
    let Some(asked) = asked else {
        return Ok(None);
    };
    let page = if is_address(asked) {
        let url = Url::parse(asked).with_context(|| format!("{asked} is no address"))?;
        text(options, &url, MAX_PAGE)
            .await
            .context("the policy cannot be fetched")?
    } else {
        read_list(Path::new(asked))?
    };
    let policy = Policy::read(asked, &page).context("the policy cannot be used")?;
    if policy.left_out > 0 {
        terminal.warn(format_args!(
            "{} {} of {asked} left out: no name of a cookie in it",
            policy.left_out,
            if policy.left_out == 1 { "row" } else { "rows" }
        ));
    }
    Ok(Some(policy))
}
