//! A stand-in for the servers of tawk.to: embed code, settings, registration, websocket.
//!
//! Written from the documented and observed behaviour alone; nothing of the vendor's code is in it.
//! The scripts are in `fixtures/sites/_tawk/`. How the stand-in behaves is chosen by the property
//! id, and `fixtures/sites/_tawk/properties.json` is the table of them all.

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{FromRequestParts, Request};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE, ORIGIN,
};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;
use url::{Url, form_urlencoded};

use super::answer::{file_response, not_found};
use super::files;

/// Largest registration that is read.
const MAX_BODY: usize = 64 * 1024;

/// One property of `properties.json`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Property {
    /// What it is for.
    #[expect(dead_code, reason = "for the readers of the file")]
    about: String,
    /// True where the widget's own consent form is switched on.
    #[serde(default)]
    consent_form: bool,
    /// True to use exactly the names of the vendor's documentation.
    #[serde(default)]
    documented_names: bool,
    /// How long a registration takes.
    delay_ms: u64,
    /// The status of a registration, where it is refused; with 200 the answer is empty.
    refuse: Option<u16>,
    /// True to tell the widget the registrable domain for its cookie; else it stays host-only.
    names_domain: bool,
}

static PROPERTIES: LazyLock<BTreeMap<String, Property>> = LazyLock::new(|| {
    let table = files::get("_tawk/properties.json").unwrap_or_default();
    serde_json::from_slice(table)
        .unwrap_or_else(|error| panic!("fixtures/sites/_tawk/properties.json: {error}"))
});

/// What the widget says when it registers.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Registration {
    property: String,
    page: String,
    uuid: Option<String>,
    consent: bool,
}

/// Whether the stand-in answers for this host.
pub(super) fn is_host(host: &str) -> bool {
    host == "tawk.to" || host.ends_with(".tawk.to")
}

/// Answers one request to one of the vendor's hosts.
pub(super) async fn answer(host: &str, request: Request, stop: &CancellationToken) -> Response {
    let path = request.uri().path().to_owned();
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    match (host, segments.as_slice()) {
        (_, _) if request.method() == Method::OPTIONS => {
            cors(StatusCode::NO_CONTENT.into_response())
        }
        (
            "embed.tawk.to",
            [
                "_s",
                "v4",
                "app",
                _,
                "js",
                file @ ("widget.js" | "storage.js" | "locks.js"),
            ],
        ) => script(file),
        ("embed.tawk.to", [property, widget] | ["widget-script", property, widget]) => {
            embed(property, widget)
        }
        ("tawk.to", ["chat", property, widget]) => hosted_page(property, widget),
        ("va.tawk.to", ["v1", "widget-settings"]) => settings(request.uri().query()),
        ("va.tawk.to", ["v1", "session", "start"]) => register(request).await,
        (vs, ["s"]) if vs.starts_with("vs") => websocket(request, stop.clone()).await,
        _ => not_found("the stand-in for tawk.to has no such address"),
    }
}

fn script(file: &str) -> Response {
    match files::get(&format!("_tawk/{file}")) {
        Some(contents) => file_response(file, Bytes::from_static(contents)),
        None => not_found("no such script"),
    }
}

/// Property ids that the table knows, and widget ids of letters and digits.
fn known(property: &str, widget: &str) -> bool {
    let sound =
        (1..=50).contains(&widget.len()) && widget.bytes().all(|b| b.is_ascii_alphanumeric());
    sound && PROPERTIES.contains_key(property)
}

/// The embed code: two globals and the loader.
fn embed(property: &str, widget: &str) -> Response {
    if !known(property, widget) {
        return not_found("properties.json has no such property");
    }
    let loader = String::from_utf8_lossy(files::get("_tawk/loader.js").unwrap_or_default());
    let code = format!(
        "window.$_Tawk_AccountKey = \"{property}\";\nwindow.$_Tawk_WidgetId = \"{widget}\";\n{loader}"
    );
    file_response("loader.js", Bytes::from(code))
}

fn hosted_page(property: &str, widget: &str) -> Response {
    if !known(property, widget) {
        return not_found("properties.json has no such property");
    }
    let page = String::from_utf8_lossy(files::get("_tawk/hosted.html").unwrap_or_default())
        .replace("{{property}}", property)
        .replace("{{widget}}", widget);
    file_response("hosted.html", Bytes::from(page))
}

fn settings(query: Option<&str>) -> Response {
    let id = form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .find_map(|(key, value)| (key == "propertyId").then(|| value.into_owned()));
    match id.as_deref().and_then(|id| PROPERTIES.get(id)) {
        Some(property) => ok(&json!({
            "widget": { "consent": property.consent_form },
            "documentedNames": property.documented_names,
        })),
        None => refuse(StatusCode::NOT_FOUND),
    }
}

async fn register(request: Request) -> Response {
    let site = site_of(request.headers());
    let body = axum::body::to_bytes(request.into_body(), MAX_BODY).await;
    let asked: Registration = match body.map(|bytes| serde_json::from_slice(&bytes)) {
        Ok(Ok(asked)) => asked,
        Ok(Err(_)) | Err(_) => return refuse(StatusCode::BAD_REQUEST),
    };
    let Some(property) = PROPERTIES.get(&asked.property) else {
        return refuse(StatusCode::NOT_FOUND);
    };
    tokio::time::sleep(Duration::from_millis(property.delay_ms)).await;
    if property.refuse == Some(200) {
        return cors(StatusCode::OK.into_response());
    }
    if let Some(status) = property.refuse {
        return refuse(StatusCode::from_u16(status).unwrap_or(StatusCode::FORBIDDEN));
    }
    if property.consent_form && !asked.consent {
        return ok(&json!({ "rcf": true }));
    }
    ok(&registered(property, asked, &site))
}

/// What a registered visitor is told. The ids follow from property, site and page alone, so that
/// two visits to an unchanged page differ in nothing but time stamps.
fn registered(property: &Property, asked: Registration, site: &str) -> Value {
    let seed = format!("{} {site} {}", asked.property, asked.page);
    let token = hex(&Sha256::digest(format!("token {seed}")));
    let domain = property
        .names_domain
        .then(|| psl::domain_str(site))
        .flatten();
    json!({
        "uuid": asked.uuid.unwrap_or_else(|| uuid(&seed)),
        "token": token,
        "domain": domain,
        "rcf": property.consent_form,
    })
}

fn uuid(seed: &str) -> String {
    let h = hex(&Sha256::digest(format!("uuid {seed}")));
    format!(
        "{}-{}-4{}-a{}-{}",
        &h[..8],
        &h[8..12],
        &h[13..16],
        &h[17..20],
        &h[20..32]
    )
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The host that the registration comes from.
fn site_of(headers: &HeaderMap) -> String {
    let origin = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok());
    origin
        .and_then(|origin| Url::parse(origin).ok())
        .and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_default()
}

fn ok(data: &Value) -> Response {
    let text = json!({ "ok": true, "data": data }).to_string();
    cors(([(CONTENT_TYPE, "application/json")], text).into_response())
}

fn refuse(status: StatusCode) -> Response {
    let text = json!({ "ok": false, "error": status.canonical_reason() }).to_string();
    cors((status, [(CONTENT_TYPE, "application/json")], text).into_response())
}

/// Pages of every origin may call.
fn cors(response: Response) -> Response {
    let headers = [
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (ACCESS_CONTROL_ALLOW_HEADERS, "content-type"),
    ];
    (headers, response).into_response()
}

async fn websocket(request: Request, stop: CancellationToken) -> Response {
    let (mut parts, _) = request.into_parts();
    match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade.on_upgrade(move |socket| async move {
            stop.run_until_cancelled(converse(socket)).await;
        }),
        Err(rejection) => rejection.into_response(),
    }
}

/// Answers each message with "ready", and is silent otherwise.
async fn converse(mut socket: WebSocket) {
    while let Some(Ok(message)) = socket.recv().await {
        let Message::Text(_) = message else { continue };
        let ready = Message::Text(json!({ "event": "ready" }).to_string().into());
        if socket.send(ready).await.is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_stable_and_look_like_ids() {
        let id = uuid("64f0c0ffee64f0c0ffee0000 leaky.shop.test /");
        assert_eq!(id, uuid("64f0c0ffee64f0c0ffee0000 leaky.shop.test /"));
        assert_ne!(id, uuid("64f0c0ffee64f0c0ffee0000 leaky.shop.test /about"));
        assert_eq!(id.len(), 36);
    }

    #[test]
    fn every_property_id_is_one_the_vendor_could_give() {
        assert!(!PROPERTIES.is_empty());
        for id in PROPERTIES.keys() {
            let hex = id
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
            assert!(id.len() == 24 && hex, "{id}");
        }
    }

    #[test]
    fn only_the_tables_properties_are_served() {
        assert!(known("64f0c0ffee64f0c0ffee0000", "default"));
        assert!(!known("64f0c0ffee64f0c0ffee9999", "default"));
        assert!(!known("64f0c0ffee64f0c0ffee0000", "\"></script>"));
    }
}
