//! The DevTools events that are used, with only the fields that are used. Every field has a default
//! and every enumeration is a string, so that a new browser version cannot make a message unreadable.

use std::collections::HashMap;

use serde::Deserialize;

use super::traffic::PostDataEntry;
use crate::model::observation::{StackFrame, Writer, WriterKind};

/// `Target.attachedToTarget`
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct AttachedToTarget {
    pub(crate) session_id: String,
    pub(crate) target_info: TargetInfo,
    pub(crate) waiting_for_debugger: bool,
}

/// A page, frame or worker.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct TargetInfo {
    pub(crate) target_id: String,
    pub(crate) r#type: String,
    pub(crate) url: String,
    pub(crate) browser_context_id: Option<String>,
}

/// `Target.detachedFromTarget`
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct DetachedFromTarget {
    pub(crate) session_id: String,
}

/// `Network.requestWillBeSent`
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct RequestWillBeSent {
    pub(crate) request_id: String,
    pub(crate) loader_id: String,
    #[serde(rename = "documentURL")]
    pub(crate) document_url: String,
    pub(crate) request: RequestHead,
    pub(crate) initiator: Initiator,
    pub(crate) redirect_has_extra_info: bool,
    pub(crate) redirect_response: Option<ResponseHead>,
    pub(crate) r#type: String,
    pub(crate) frame_id: String,
}

/// A request's address, method and body.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct RequestHead {
    pub(crate) url: String,
    pub(crate) method: String,
    pub(crate) has_post_data: bool,
    pub(crate) post_data_entries: Vec<PostDataEntry>,
}

/// `Fetch.requestPaused`
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct RequestPaused {
    pub(crate) request_id: String,
    pub(crate) request: PausedRequest,
}

/// A request that waits to be let on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PausedRequest {
    pub(crate) url: String,
    pub(crate) headers: HashMap<String, String>,
}

/// `Network.responseReceived`
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct ResponseReceived {
    pub(crate) request_id: String,
    pub(crate) loader_id: String,
    pub(crate) response: ResponseHead,
    pub(crate) has_extra_info: bool,
    pub(crate) r#type: String,
    pub(crate) frame_id: String,
}

/// A response's address, status and headers.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct ResponseHead {
    pub(crate) url: String,
    pub(crate) status: i64,
    pub(crate) mime_type: String,
    pub(crate) headers: HashMap<String, String>,
}

/// `Network.loadingFinished` and `Network.loadingFailed`
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct LoadingEnded {
    pub(crate) request_id: String,
    pub(crate) error_text: String,
    pub(crate) blocked_reason: Option<String>,
}

/// `Network.requestWillBeSentExtraInfo`
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct RequestExtraInfo {
    pub(crate) request_id: String,
    pub(crate) associated_cookies: Vec<AssociatedCookie>,
}

/// A cookie that was considered for a request.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct AssociatedCookie {
    pub(crate) cookie: Cookie,
    pub(crate) blocked_reasons: Vec<String>,
}

/// `Network.responseReceivedExtraInfo`
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct ResponseExtraInfo {
    pub(crate) request_id: String,
    pub(crate) blocked_cookies: Vec<BlockedSetCookie>,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) cookie_partition_key: Option<PartitionKey>,
}

/// A `Set-Cookie` line that was not stored.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct BlockedSetCookie {
    pub(crate) blocked_reasons: Vec<String>,
    pub(crate) cookie_line: String,
}

/// A cookie in the jar.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Cookie {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) domain: String,
    pub(crate) path: String,
    pub(crate) expires: f64,
    pub(crate) size: f64,
    pub(crate) http_only: bool,
    pub(crate) secure: bool,
    pub(crate) session: bool,
    pub(crate) same_site: Option<String>,
    pub(crate) partition_key: Option<PartitionKey>,
}

/// A cookie partition.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct PartitionKey {
    pub(crate) top_level_site: String,
}

/// `Network.webSocketCreated`
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct WebSocketCreated {
    pub(crate) request_id: String,
    pub(crate) url: String,
    pub(crate) initiator: Option<Initiator>,
}

/// Any event of which only the request id matters.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct OfRequest {
    pub(crate) request_id: String,
}

/// What caused a request.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Initiator {
    pub(crate) url: Option<String>,
    pub(crate) line_number: Option<f64>,
    pub(crate) stack: Option<StackTrace>,
}

/// A script's stack.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct StackTrace {
    pub(crate) call_frames: Vec<CallFrame>,
    pub(crate) parent: Option<Box<StackTrace>>,
}

/// A frame of a stack; line and column count from 0.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct CallFrame {
    pub(crate) function_name: String,
    pub(crate) url: String,
    pub(crate) line_number: f64,
    pub(crate) column_number: f64,
}

impl Initiator {
    /// Who this was, in the words of the model.
    pub(crate) fn writer(&self) -> Writer {
        let mut stack = Vec::new();
        let mut next = self.stack.as_ref();
        while let Some(trace) = next {
            stack.extend(trace.call_frames.iter().map(CallFrame::frame));
            next = trace.parent.as_deref();
            if stack.len() > 32 {
                break;
            }
        }
        stack.truncate(32);
        if !stack.is_empty() {
            return Writer::script(stack);
        }
        match &self.url {
            // The parser found it in this document.
            Some(url) => Writer {
                kind: WriterKind::Response,
                url: Some(url.clone()),
                stack: self
                    .line_number
                    .map(|line| StackFrame {
                        function: String::new(),
                        url: url.clone(),
                        line: to_u32(line) + 1,
                        column: 1,
                    })
                    .into_iter()
                    .collect(),
            },
            None => Writer::unknown(),
        }
    }
}

impl CallFrame {
    fn frame(&self) -> StackFrame {
        StackFrame {
            function: self.function_name.clone(),
            url: self.url.clone(),
            line: to_u32(self.line_number) + 1,
            column: to_u32(self.column_number) + 1,
        }
    }
}

/// A protocol number as a count; negative and absurd ones become the nearest bound.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range just before"
)]
pub(crate) fn to_u32(number: f64) -> u32 {
    number.clamp(0.0, f64::from(u32::MAX - 1)) as u32
}

/// `DOMStorage.*`: the area and, where there is one, the key.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct StorageEvent {
    pub(crate) storage_id: StorageId,
    pub(crate) key: String,
    pub(crate) new_value: String,
}

/// A storage area.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct StorageId {
    pub(crate) security_origin: String,
    pub(crate) storage_key: String,
    pub(crate) is_local_storage: bool,
}

/// `Runtime.bindingCalled`
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct BindingCalled {
    pub(crate) name: String,
    pub(crate) payload: String,
}

/// `Page.frameNavigated`
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct FrameNavigated {
    pub(crate) frame: FrameInfo,
}

/// A frame's document.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct FrameInfo {
    pub(crate) id: String,
    pub(crate) parent_id: Option<String>,
    pub(crate) url: String,
    pub(crate) security_origin: String,
    pub(crate) unreachable_url: Option<String>,
}

/// `Page.frameDetached`
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct FrameDetached {
    pub(crate) frame_id: String,
    pub(crate) reason: String,
}

/// `Browser.downloadWillBegin`
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct DownloadWillBegin {
    pub(crate) frame_id: String,
    pub(crate) url: String,
}

/// `Target.targetCrashed`
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct TargetCrashed {
    pub(crate) target_id: String,
}

/// `ServiceWorker.workerRegistrationUpdated`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RegistrationUpdated {
    pub(crate) registrations: Vec<Registration>,
}

/// A service worker's registration.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Registration {
    pub(crate) registration_id: String,
    #[serde(rename = "scopeURL")]
    pub(crate) scope_url: String,
    pub(crate) is_deleted: bool,
}

/// `ServiceWorker.workerVersionUpdated`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct VersionUpdated {
    pub(crate) versions: Vec<WorkerVersion>,
}

/// A version of a service worker.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct WorkerVersion {
    pub(crate) registration_id: String,
    #[serde(rename = "scriptURL")]
    pub(crate) script_url: String,
}
