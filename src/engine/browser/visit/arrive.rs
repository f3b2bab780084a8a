//! How a visitor comes to the page: with a consent record or without, and up to where the user's
//! script leads before anything else, such as a login.

use super::Walk;
use crate::engine::browser::choose::{self, Attempt};
use crate::engine::browser::settle::{Quiet, settle};
use crate::engine::browser::tab::Tab;
use crate::engine::browser::{clock, open, seed};
use crate::model::choice::{Choice, ChoiceState};
use crate::model::fault::Fault;

impl<'a> Walk<'a> {
    /// The choice of a visitor who arrives with it.
    pub(super) fn arrive(&mut self, tab: &Tab) -> Option<Attempt<'a>> {
        if self.seeds.is_empty() {
            return None;
        }
        let first = self.scenario.first_choice();
        let attempt = choose::seeded::arrive(tab, self.options, first, &self.seeds);
        if self.scenario.choice() == first {
            self.choice = attempt.outcome.clone();
        }
        Some(attempt)
    }

    /// Opens the page; the first time with what the visitor arrives with, and up to where the user's
    /// script leads before anything else.
    pub(super) async fn load(&mut self, tab: &Tab, context: &str) -> Result<(), Fault> {
        let url = self.target.url.as_str();
        if std::mem::replace(&mut self.arrived, true) {
            return tab.navigate(url, self.options).await;
        }
        let seeded = seed::store(self.browser, context, tab, self.target, &self.seeds).await?;
        tab.navigate(url, self.options).await?;
        seeded.remove(tab).await?;
        let Some(script) = &self.options.script else {
            return Ok(());
        };
        if script.before.is_empty() {
            return Ok(());
        }
        settle(tab, self.options, Quiet::Wall).await;
        let followed = clock::alongside(tab, choose::scripted::before(tab, script)).await;
        if let Err(fault) = &followed
            && self.choice.asked != Choice::None
        {
            self.choice.state = ChoiceState::Unproven;
            self.choice.evidence.push(fault.message.clone());
        }
        followed
    }

    /// Loads the page in two tabs, so that both are at it at the same time.
    pub(super) async fn load_twice(&mut self, tab: &Tab, context: &str) -> Result<(), Fault> {
        if self
            .options
            .script
            .as_ref()
            .is_some_and(|s| !s.before.is_empty())
        {
            self.load(tab, context).await?;
        }
        let opened = open::open_beside(self.browser, context, tab);
        let second = clock::alongside(tab, opened).await?;
        let url = self.target.url.as_str();
        let loading = async {
            futures_util::join!(
                tab.navigate(url, self.options),
                second.navigate(url, self.options)
            )
        };
        let (first, second) = clock::alongside(tab, loading).await;
        first.and(second)
    }
}
