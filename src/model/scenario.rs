//! Scenarios: what one visitor does, step by step, and the phases that the steps delimit.

use serde::{Deserialize, Serialize};

use super::choice::Choice;

/// The scenarios a target can be visited with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScenarioId {
    /// A passive reader who never chooses.
    None,
    /// A visitor who rejects.
    Reject,
    /// A visitor who accepts.
    Accept,
    /// A passive reader who closes the tab and comes back in a new one.
    Revisit,
    /// A passive reader who opens the page in two tabs at once.
    SecondTab,
    /// A passive reader whose browser sends Global Privacy Control.
    Gpc,
    /// A visitor who makes no choice but asks for a widget's service, such as the chat.
    OpenWidget,
    /// A visitor who accepts, comes back, and takes the consent back.
    Withdraw,
    /// A visitor who opens a widget and accepts its own form.
    WidgetAccept,
    /// A visitor who opens a widget and refuses its own form.
    WidgetRefuse,
    /// A visitor who closes the banner and chooses nothing on it.
    Dismiss,
    /// A visitor who allows some categories and refuses the others. Which, the run says.
    Custom,
}

impl ScenarioId {
    /// All scenarios, in the order they are reported in.
    pub const ALL: [Self; 12] = [
        Self::None,
        Self::Reject,
        Self::Accept,
        Self::Revisit,
        Self::SecondTab,
        Self::Gpc,
        Self::OpenWidget,
        Self::Withdraw,
        Self::WidgetAccept,
        Self::WidgetRefuse,
        Self::Dismiss,
        Self::Custom,
    ];

    /// Those that a target is visited with when none is asked for. There is something to withdraw
    /// only where there was something to accept.
    pub const DEFAULT: [Self; 4] = [Self::None, Self::Reject, Self::Accept, Self::Withdraw];

    /// The word users type and reports print.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Reject => "reject",
            Self::Accept => "accept",
            Self::Revisit => "revisit",
            Self::SecondTab => "second-tab",
            Self::Gpc => "gpc",
            Self::OpenWidget => "open-widget",
            Self::Withdraw => "withdraw",
            Self::WidgetAccept => "widget-accept",
            Self::WidgetRefuse => "widget-refuse",
            Self::Dismiss => "dismiss",
            Self::Custom => "custom",
        }
    }

    /// The scenario written as `word`, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == word)
    }

    /// The choice its visitor makes.
    #[must_use]
    pub fn choice(self) -> Choice {
        match self {
            Self::Reject => Choice::Reject,
            Self::Accept => Choice::Accept,
            Self::Withdraw => Choice::Withdraw,
            Self::WidgetAccept => Choice::WidgetAccept,
            Self::WidgetRefuse => Choice::WidgetRefuse,
            Self::Dismiss => Choice::Dismiss,
            Self::Custom => Choice::Custom,
            _ => Choice::None,
        }
    }

    /// Its steps. `pages` is how many same-site links the passive reader follows.
    #[must_use]
    pub fn steps(self, pages: u32) -> Vec<Step> {
        match self {
            Self::None | Self::Gpc => {
                let mut steps = ARRIVE.to_vec();
                steps.extend([Step::ReadPassively, Step::Settle]);
                if pages > 0 {
                    steps.push(Step::Snapshot(PhaseId::AfterScroll));
                    steps.push(Step::FollowLinks(pages));
                }
                steps.push(Step::FastForward);
                steps.push(Step::Snapshot(if pages > 0 {
                    PhaseId::AfterPages
                } else {
                    PhaseId::AfterScroll
                }));
                steps
            }
            Self::Reject | Self::Accept | Self::Dismiss | Self::Custom => {
                let mut steps = choose(self.choice());
                steps.extend(live_on(PhaseId::AfterReload));
                steps
            }
            Self::Withdraw => {
                let mut steps = choose(Choice::Accept);
                steps.extend([
                    Step::Settle,
                    Step::Snapshot(PhaseId::AfterReload),
                    Step::Withdraw,
                    Step::Settle,
                    Step::Snapshot(PhaseId::AfterWithdrawal),
                    Step::Reload,
                ]);
                steps.extend(live_on(PhaseId::AfterWithdrawalReload));
                steps
            }
            Self::WidgetAccept | Self::WidgetRefuse => {
                let mut steps = ARRIVE.to_vec();
                steps.extend([
                    Step::OpenWidget,
                    Step::Settle,
                    Step::Snapshot(PhaseId::WidgetOpen),
                    Step::AnswerForm(self.choice()),
                    Step::Settle,
                    Step::Snapshot(PhaseId::AfterChoice),
                    Step::Reload,
                ]);
                steps.extend(live_on(PhaseId::AfterReload));
                steps
            }
            Self::Revisit => {
                let mut steps = read_to_the_end();
                steps.extend([Step::ComeBack, Step::Load]);
                steps.extend(live_on(PhaseId::AfterRevisit));
                steps
            }
            Self::SecondTab => {
                let mut steps = vec![Step::LoadTwice];
                steps.extend(live_on(PhaseId::SecondTab));
                steps
            }
            Self::OpenWidget => {
                let mut steps = read_to_the_end();
                steps.push(Step::OpenWidget);
                steps.extend(live_on(PhaseId::WidgetOpen));
                steps
            }
        }
    }
}

/// How every visit to a single page begins.
const ARRIVE: [Step; 3] = [
    Step::Load,
    Step::Settle,
    Step::Snapshot(PhaseId::BeforeChoice),
];

/// Makes a choice on the banner, up to the page loaded once more. What is stored until the banner
/// shows was stored before the choice.
fn choose(choice: Choice) -> Vec<Step> {
    vec![
        Step::Load,
        Step::Settle,
        Step::AwaitBanner(choice),
        Step::Snapshot(PhaseId::BeforeChoice),
        Step::Choose(choice),
        Step::Settle,
        Step::Snapshot(PhaseId::AfterChoice),
        Step::Reload,
    ]
}

/// All that a passive reader sees of a page. What comes after it is then due to what comes after it.
fn read_to_the_end() -> Vec<Step> {
    let mut steps = ARRIVE.to_vec();
    steps.push(Step::ReadPassively);
    steps.extend(live_on(PhaseId::AfterScroll));
    steps
}

/// The last steps of a phase that sees all of the page's life.
fn live_on(phase: PhaseId) -> [Step; 3] {
    [Step::Settle, Step::FastForward, Step::Snapshot(phase)]
}

/// One thing a visitor does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Open the target's address.
    Load,
    /// Wait until network and storage are quiet.
    Settle,
    /// Scroll down, move the mouse and press a key that does nothing, as a reader may who chooses
    /// nothing.
    ReadPassively,
    /// Close the tab and open an empty one with the same profile.
    ComeBack,
    /// Open the target's address in two tabs at once.
    LoadTwice,
    /// Ask for a widget's service: open the chat.
    OpenWidget,
    /// Wait for a banner that offers the choice, and scroll if none comes by itself.
    AwaitBanner(Choice),
    /// Make the choice on whatever banner there is.
    Choose(Choice),
    /// Open the banner again and take back what was accepted.
    Withdraw,
    /// Answer the form that an opened widget shows.
    AnswerForm(Choice),
    /// Load the same page again.
    Reload,
    /// Visit up to so many same-site links, settling on each.
    FollowLinks(u32),
    /// Put the page's clock forward.
    FastForward,
    /// Record what is stored and end the phase of this name.
    Snapshot(PhaseId),
}

/// The part of a visit that ends with the snapshot of the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PhaseId {
    /// From the first request until the page is quiet; the visitor has done nothing.
    BeforeChoice,
    /// The passive reader scrolled and moved the mouse; still no choice.
    AfterScroll,
    /// The passive reader followed same-site links; still no choice.
    AfterPages,
    /// The page was opened once more in a new tab, after the first was closed; still no choice.
    AfterRevisit,
    /// The page is open in two tabs at once; still no choice.
    SecondTab,
    /// The visitor asked for a widget's service and made no choice.
    WidgetOpen,
    /// From the click of the choice until the page is quiet again.
    AfterChoice,
    /// The page was loaded once more with the choice stored.
    AfterReload,
    /// From the click that takes the consent back until the page is quiet again.
    AfterWithdrawal,
    /// The page was loaded once more with the withdrawal stored.
    AfterWithdrawalReload,
}

impl PhaseId {
    /// All phases, in order.
    pub const ALL: [Self; 10] = [
        Self::BeforeChoice,
        Self::AfterScroll,
        Self::AfterPages,
        Self::AfterRevisit,
        Self::SecondTab,
        Self::WidgetOpen,
        Self::AfterChoice,
        Self::AfterReload,
        Self::AfterWithdrawal,
        Self::AfterWithdrawalReload,
    ];

    /// The word reports print.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BeforeChoice => "before-choice",
            Self::AfterScroll => "after-scroll",
            Self::AfterPages => "after-pages",
            Self::AfterRevisit => "after-revisit",
            Self::SecondTab => "second-tab",
            Self::WidgetOpen => "widget-open",
            Self::AfterChoice => "after-choice",
            Self::AfterReload => "after-reload",
            Self::AfterWithdrawal => "after-withdrawal",
            Self::AfterWithdrawalReload => "after-withdrawal-reload",
        }
    }

    /// The phase that a choice begins.
    #[must_use]
    pub fn begun_by(choice: Choice) -> Self {
        match choice {
            Choice::Withdraw => Self::AfterWithdrawal,
            _ => Self::AfterChoice,
        }
    }

    /// When that is, for sentences.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::BeforeChoice => "before any choice",
            Self::AfterScroll => "after scrolling",
            Self::AfterPages => "on further pages",
            Self::AfterRevisit => "on the second visit",
            Self::SecondTab => "with two tabs open",
            Self::WidgetOpen => "after the widget was opened",
            Self::AfterChoice => "after the choice",
            Self::AfterReload => "after the reload",
            Self::AfterWithdrawal => "after the withdrawal",
            Self::AfterWithdrawalReload => "after the withdrawal and a reload",
        }
    }

    /// Whether no choice had been made yet in this phase. Asking for a service is no choice, but
    /// what the service needs may then be stored ([`super::visit::ServiceRequest`]).
    #[must_use]
    pub fn precedes_choice(self) -> bool {
        !matches!(
            self,
            Self::AfterChoice
                | Self::AfterReload
                | Self::AfterWithdrawal
                | Self::AfterWithdrawalReload
        )
    }
}
