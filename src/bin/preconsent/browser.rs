//! Which browser a scan uses: the one that was named, or the full browser or the headless shell,
//! whichever does.

use std::path::PathBuf;

use preconsent::engine::EngineError;
use preconsent::engine::browser::find::{self, Found, Kind};
use preconsent::engine::browser::{BrowserOptions, BrowserSource};

use crate::args::{BrowserArgs, KindArg, ThirdPartyArg};

/// Which browser to use, if there is one.
pub(crate) fn browser_options(args: &BrowserArgs) -> Result<BrowserOptions, EngineError> {
    let blocks = args.third_party_cookies == Some(ThirdPartyArg::Block);
    let (source, instead) = match &args.browser_url {
        Some(url) => (BrowserSource::Url(url.clone()), None),
        None => {
            let (found, instead) = choose(args, blocks)?;
            (BrowserSource::Program(found.path), instead)
        }
    };
    Ok(BrowserOptions {
        source,
        instead,
        third_party_cookies: !blocks,
        no_sandbox: args.no_sandbox.unwrap_or(false),
    })
}

/// The program, and the full browser to take instead should the headless shell be of a version that
/// is not known to see the same.
pub(crate) fn choose(
    args: &BrowserArgs,
    blocks: bool,
) -> Result<(Found, Option<PathBuf>), EngineError> {
    let named = find::named(args.browser.clone());
    if args.browser.is_some()
        && let Some(found) = named
    {
        return fit(found, blocks).map(|found| (found, None));
    }
    let of_kind = |kind: Kind| named.clone().filter(|found| Kind::of(&found.path) == kind);
    match args.browser_kind.unwrap_or(KindArg::Auto) {
        KindArg::Full => {
            let found = of_kind(Kind::Full).or_else(find::find_full);
            Ok((found.ok_or(EngineError::NoBrowser)?, None))
        }
        KindArg::Shell => {
            let found = of_kind(Kind::Shell).or_else(find::find_shell);
            fit(found.ok_or(EngineError::NoShell)?, blocks).map(|found| (found, None))
        }
        KindArg::Auto => {
            if let Some(found) = named {
                return fit(found, blocks).map(|found| (found, None));
            }
            let full = find::find_full();
            match find::find_shell().filter(|_| !blocks) {
                Some(shell) => Ok((shell, full.map(|found| found.path))),
                None => Ok((full.ok_or(EngineError::NoBrowser)?, None)),
            }
        }
    }
}

/// The headless shell has no settings that block third-party cookies.
fn fit(found: Found, blocks: bool) -> Result<Found, EngineError> {
    if blocks && Kind::of(&found.path) == Kind::Shell {
        return Err(EngineError::Launch {
            path: found.path.display().to_string(),
            reason: "the headless shell cannot block third-party cookies; use --browser-kind full"
                .to_owned(),
        });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(program: &str, third_party_cookies: Option<ThirdPartyArg>) -> Result<String, String> {
        let args = BrowserArgs {
            browser: Some(program.into()),
            browser_kind: Some(KindArg::Full),
            third_party_cookies,
            ..BrowserArgs::default()
        };
        match browser_options(&args) {
            Ok(options) => Ok(format!("{:?} {:?}", options.source, options.instead)),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn a_named_browser_is_taken_as_it_is() {
        let shell = named("/opt/chrome-headless-shell", None);
        let expected = "Program(\"/opt/chrome-headless-shell\") None".to_owned();
        assert_eq!(shell, Ok(expected));
    }

    #[test]
    fn a_shell_that_would_keep_third_party_cookies_is_not_asked_to_block_them() {
        let block = Some(ThirdPartyArg::Block);
        let error = named("/opt/chrome-headless-shell", block).expect_err("no way to block");
        assert!(error.contains("--browser-kind full"), "{error}");
        assert!(named("/opt/chromium", block).is_ok());
    }
}
