//! A page's clock that is put forward shows what waiting shows.

use std::time::Duration;

use preconsent::model::scenario::ScenarioId;

use crate::support::browse::Browse;
use crate::support::seen::{Way, compare, shares};

/// Long enough for the four seconds after which some of the pages go on.
const LIFE: Duration = Duration::from_secs(6);

async fn way(real_time: bool) -> Way {
    let mut browse = Browse::new().await;
    browse.options.page_life = LIFE;
    browse.options.real_time = real_time;
    Way::new(browse).await
}

async fn check(share: usize) {
    let (waiting, fast) = futures_util::join!(way(true), way(false));
    let found = compare(&waiting, &fast, &[ScenarioId::None], share).await;
    futures_util::join!(waiting.close(), fast.close());
    assert!(
        found.only_one.is_empty(),
        "lost: {:#?}, only seen with the fast clock: {:#?}",
        found.only_one,
        found.only_other
    );
}

shares! {
    check,
    putting_the_clock_forward_loses_nothing_that_waiting_sees_0: 0;
    putting_the_clock_forward_loses_nothing_that_waiting_sees_1: 1;
    putting_the_clock_forward_loses_nothing_that_waiting_sees_2: 2;
}
