//! The headless shell sees what the full browser sees.

use preconsent::engine::browser::{BrowserSource, find};
use preconsent::model::scenario::ScenarioId;

use crate::support::browse::Browse;
use crate::support::seen::{Differences, Way, compare, shares};

async fn way(found: find::Found) -> Way {
    let mut browse = Browse::new().await;
    browse.browser.source = BrowserSource::Program(found.path);
    Way::new(browse).await
}

#[expect(clippy::print_stderr, reason = "a test that did not run must say so")]
async fn check(share: usize) {
    let (Some(full), Some(shell)) = (find::find_full(), find::find_shell()) else {
        eprintln!(
            "skipped: a full browser and a headless shell are needed; make deps installs both"
        );
        return;
    };
    let (full, shell) = futures_util::join!(way(full), way(shell));
    let equal = full.product() == shell.product() && find::shell_is_equal(shell.product());
    if equal {
        let scenarios = [ScenarioId::None, ScenarioId::Accept];
        let found = compare(&full, &shell, &scenarios, share).await;
        assert_eq!(found, Differences::default());
    } else {
        eprintln!(
            "skipped: the shell is {}, the browser {}, and equality is claimed for neither",
            shell.product(),
            full.product()
        );
    }
    futures_util::join!(full.close(), shell.close());
}

shares! {
    check,
    the_headless_shell_sees_what_the_full_browser_sees_0: 0;
    the_headless_shell_sees_what_the_full_browser_sees_1: 1;
    the_headless_shell_sees_what_the_full_browser_sees_2: 2;
}
