//! Asking our scripts (`dom.js`, `look.js`, `layer.js`) in a frame's isolated world.
//!
//! A world is made, and the scripts are sent to it, once per document; from then on they are only
//! called. A document may vanish at any time, and a frame in a process of its own may hang: both are
//! answers, except of the visited page itself, which is nothing without its document.

use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::engine::browser::cdp::CdpError;
use crate::engine::browser::cdp::connection::CALL_MAX;
use crate::engine::browser::fault::of_call;
use crate::engine::browser::settle::breathe;
use crate::engine::browser::tab::Tab;
use crate::model::fault::{Fault, FaultKind};

const SCRIPTS: &str = concat!(
    include_str!("../dom.js"),
    "\n",
    include_str!("../look.js"),
    "\n",
    include_str!("../layer.js")
);

/// Asks; `null` where the scripts are not there yet.
const ASK: &str =
    "(name, args) => globalThis.preconsentDom?.parts ? preconsentDom(name, args) : null";

/// Longest wait for a frame that is not the page itself.
const FRAME_MAX: Duration = Duration::from_secs(1);

/// How often a document that vanished is looked for again, and after which time.
const TRIES: u32 = 5;
const AGAIN: Duration = Duration::from_millis(100);

/// Our world in one frame.
pub(super) struct World<'a> {
    pub(super) tab: &'a Tab,
    pub(super) frame: &'a str,
}

/// Why a frame gave no answer.
#[derive(Debug)]
pub(super) enum Unread {
    /// Its document, or the frame itself, is gone.
    Gone,
    /// It hangs.
    Silent,
    /// What came makes no sense; the words say what.
    Odd(String),
    /// The connection failed.
    Failed(CdpError),
}

impl Unread {
    /// What it means when it happens to the visited page.
    pub(super) fn fault(self, tab: &Tab) -> Fault {
        match self {
            Self::Gone => tab.fault(
                FaultKind::LoadFailed,
                "the page's banner could not be read: its document does not stay",
            ),
            Self::Odd(text) => tab.fault(
                FaultKind::LoadFailed,
                format!("the page's banner could not be read: {text}"),
            ),
            Self::Silent => of_call(&CdpError::Timeout("Runtime.callFunctionOn"), tab.now_ms()),
            Self::Failed(error) => of_call(&error, tab.now_ms()),
        }
    }
}

impl<'a> World<'a> {
    /// The world of the page itself.
    pub(super) fn of_page(tab: &'a Tab) -> Self {
        let frame = &tab.frame;
        Self { tab, frame }
    }

    fn is_page(&self) -> bool {
        self.frame == self.tab.frame
    }

    /// The session that the frame's document belongs to.
    pub(super) fn session(&self) -> Option<String> {
        let state = self.tab.shared.state();
        match state.frames.get(self.frame) {
            Some(frame) => Some(frame.session.clone()),
            None => self.is_page().then(|| self.tab.session.clone()),
        }
    }

    /// Sends a command to the frame's session.
    pub(super) async fn call(&self, method: &'static str, params: Value) -> Result<Value, Unread> {
        let session = self.session().ok_or(Unread::Gone)?;
        let longest = if self.is_page() { CALL_MAX } else { FRAME_MAX };
        let connection = &self.tab.connection;
        let answer = connection.call_within(longest, Some(&session), method, params);
        answer.await.map_err(|error| match error {
            CdpError::Timeout(_) => Unread::Silent,
            CdpError::Refused { .. } => Unread::Gone,
            CdpError::Detached if !self.is_page() => Unread::Gone,
            other => Unread::Failed(other),
        })
    }

    /// The world's id; made if there is none.
    pub(super) async fn context(&self) -> Result<i64, Unread> {
        let known = {
            let state = self.tab.shared.state();
            state.frames.get(self.frame).and_then(|f| f.world)
        };
        if let Some(id) = known {
            return Ok(id);
        }
        let params = json!({"frameId": self.frame, "worldName": "preconsent"});
        let made = self.call("Page.createIsolatedWorld", params).await?;
        let id = made["executionContextId"].as_i64().ok_or(Unread::Gone)?;
        let mut state = self.tab.shared.state();
        state.frames.set_world(self.frame, Some(id));
        Ok(id)
    }

    /// The world's id, with our scripts in it.
    pub(super) async fn ready(&self) -> Result<i64, Unread> {
        let context = self.context().await?;
        self.ask_in(context, "state", &json!([-1])).await?;
        Ok(context)
    }

    /// Asks a question of the scripts.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        name: &str,
        arguments: Value,
    ) -> Result<T, Unread> {
        let mut tries = 0;
        let text = loop {
            let asked = match self.context().await {
                Ok(context) => self.ask_in(context, name, &arguments).await,
                Err(error) => Err(error),
            };
            match asked {
                Err(Unread::Gone) if tries < if self.is_page() { TRIES } else { 1 } => {
                    self.tab.shared.state().frames.set_world(self.frame, None);
                    if tries > 0 {
                        breathe(AGAIN).await;
                    }
                    tries += 1;
                }
                other => break other?,
            }
        };
        // `null` is an answer, none is not: a page that cannot be read is not one without a banner.
        serde_json::from_str(&text).map_err(|_| Unread::Odd(text))
    }

    async fn ask_in(&self, context: i64, name: &str, args: &Value) -> Result<String, Unread> {
        let call = json!({
            "functionDeclaration": ASK,
            "executionContextId": context,
            "arguments": [{"value": name}, {"value": args.to_string()}],
            "returnByValue": true,
        });
        let mut answer = self.call("Runtime.callFunctionOn", call.clone()).await?;
        if answer["result"]["value"].is_null() && answer.get("exceptionDetails").is_none() {
            let scripts = json!({"contextId": context, "expression": SCRIPTS});
            self.call("Runtime.evaluate", scripts).await?;
            answer = self.call("Runtime.callFunctionOn", call).await?;
        }
        let text = answer["result"]["value"].as_str();
        Ok(text.unwrap_or_default().to_owned())
    }

    /// Calls a function of the world with remote objects, and returns what it returned.
    pub(super) async fn apply(
        &self,
        context: i64,
        function: &str,
        objects: &[&str],
        by_value: bool,
    ) -> Result<Value, Unread> {
        let arguments: Vec<Value> = objects.iter().map(|id| json!({"objectId": id})).collect();
        let call = json!({
            "functionDeclaration": function,
            "executionContextId": context,
            "arguments": arguments,
            "returnByValue": by_value,
            "objectGroup": GROUP,
        });
        let mut answer = self.call("Runtime.callFunctionOn", call).await?;
        Ok(answer["result"].take())
    }

    /// A node as an object of this world.
    pub(super) async fn resolve(&self, context: i64, node: &Value) -> Result<String, Unread> {
        let params = json!({
            "backendNodeId": node,
            "executionContextId": context,
            "objectGroup": GROUP,
        });
        let found = self.call("DOM.resolveNode", params).await?;
        let id = found["object"]["objectId"].as_str();
        id.map(str::to_owned).ok_or(Unread::Gone)
    }

    /// Looks into the closed shadow trees of what looks like their hosts; how many were opened.
    pub(super) async fn open_shadows(&self) -> Result<usize, Unread> {
        let context = self.ready().await?;
        let suspects = self
            .apply(context, "() => preconsentSuspects()", &[], false)
            .await?;
        let list = json!({"objectId": suspects["objectId"], "ownProperties": true});
        let listed = self.call("Runtime.getProperties", list).await?;
        let properties = Vec::<Property>::deserialize(&listed["result"]).unwrap_or_default();
        let mut opened = 0;
        for host in properties.into_iter().filter_map(Property::object) {
            let params = json!({"objectId": host, "depth": 1, "pierce": true});
            let described = self.call("DOM.describeNode", params).await?;
            let roots = described["node"]["shadowRoots"].as_array();
            let closed = |root: &&Value| root["shadowRootType"] == "closed";
            let Some(root) = roots.into_iter().flatten().find(closed) else {
                continue;
            };
            let root = self.resolve(context, &root["backendNodeId"]).await?;
            let adopt = "(host, root) => preconsentAdopt(host, root)";
            self.apply(context, adopt, &[&host, &root], true).await?;
            opened += 1;
        }
        let group = json!({"objectGroup": GROUP});
        self.call("Runtime.releaseObjectGroup", group).await?;
        Ok(opened)
    }
}

/// Objects that the browser keeps for us.
const GROUP: &str = "preconsent";

#[derive(Deserialize)]
struct Property {
    name: String,
    #[serde(default)]
    value: Value,
}

impl Property {
    /// The object of an entry of a list.
    fn object(self) -> Option<String> {
        self.name.parse::<u32>().ok()?;
        self.value["objectId"].as_str().map(str::to_owned)
    }
}
