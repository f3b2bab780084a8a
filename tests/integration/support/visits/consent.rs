//! Stories of consent: taken back, recorded by a platform, told to others.

use preconsent::model::choice::Method;
use preconsent::model::item::{ItemKey, Store};
use preconsent::model::observation::Event;
use preconsent::model::role::Role;
use preconsent::model::scenario::{PhaseId, ScenarioId};
use preconsent::model::sent::{Carrier, SentForm, ValueSent};
use preconsent::model::signal::Signal;

use super::{Story, TAKEN_BACK};

impl Story {
    /// Accepts, and takes the consent back at [`TAKEN_BACK`].
    pub(crate) fn withdraw() -> Self {
        let mut story = Self::new(ScenarioId::Withdraw);
        story.visit.choice.at_ms = Some(TAKEN_BACK);
        story
    }

    /// The banner is one of this platform's, and its control was pressed in this way.
    pub(crate) fn platform(mut self, id: &str, method: Method) -> Self {
        self.visit.choice.platform = Some(id.to_owned());
        self.visit.choice.method = Some(method);
        self
    }

    /// The visitor had to press so many controls.
    pub(crate) fn presses(mut self, presses: u32) -> Self {
        self.visit.choice.presses = Some(presses);
        self
    }

    /// Of the categories, the visitor allows these.
    pub(crate) fn allowing(mut self, roles: &[Role]) -> Self {
        self.visit.choice.allowed = roles.to_vec();
        self
    }

    /// Something more supports the state of the choice.
    pub(crate) fn because(mut self, evidence: &str) -> Self {
        self.visit.choice.evidence.push(evidence.to_owned());
        self
    }

    /// The page's own interfaces say this at the end of a phase.
    pub(crate) fn says(mut self, phase: PhaseId, name: &str, value: &str) -> Self {
        let signal = Signal {
            name: name.to_owned(),
            value: value.to_owned(),
        };
        self.signals.push((phase, signal));
        self
    }

    /// The value of a cookie of the page goes somewhere in an address.
    pub(crate) fn shares(self, at_ms: u64, name: &str, url: &str) -> Self {
        let item = ItemKey {
            store: Store::Cookie,
            name: name.to_owned(),
            place: "shop.test".to_owned(),
            path: "/".to_owned(),
            partition: None,
        };
        let sent = ValueSent {
            item,
            url: url.to_owned(),
            form: SentForm::Plain,
            carrier: Carrier::Url,
            count: 1,
        };
        self.happens(at_ms, Event::ValueSent(sent))
    }
}
