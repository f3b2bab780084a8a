//! The stand-in for the servers of tawk.to.

use futures_util::{SinkExt, StreamExt};
use preconsent::testsite::TestSite;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::{address, client, get, open_websocket, text};

/// The property without a consent form; see `fixtures/sites/_tawk/properties.json`.
const PROPERTY: &str = "64f0c0ffee64f0c0ffee0000";

/// The one whose own consent form is switched on.
const WITH_FORM: &str = "64f0c0ffee64f0c0ffee0002";

/// The one whose registrations are refused.
const REFUSED: &str = "64f0c0ffee64f0c0ffee0003";

async fn register(site: &TestSite, shop: &str, body: Value) -> (StatusCode, Value) {
    let url = address(site, "https", "va.tawk.to", "/v1/session/start");
    let request = client(site, &["va.tawk.to"])
        .post(url)
        .header("origin", format!("https://{shop}"))
        .body(body.to_string());
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    let status = response.status();
    (
        status,
        serde_json::from_str(&response.text().await.unwrap()).unwrap(),
    )
}

#[tokio::test]
async fn a_registration_gives_the_same_ids_for_the_same_page() {
    let site = TestSite::start().await.unwrap();
    let ask = || json!({ "property": PROPERTY, "page": "/" });
    let (status, first) = register(&site, "leaky.shop.test", ask()).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(first["data"]["domain"], "shop.test");
    assert_eq!(first["data"]["uuid"].as_str().unwrap().len(), 36);
    let (_, again) = register(&site, "leaky.shop.test", ask()).await;
    assert_eq!(first, again);
    let (_, elsewhere) = register(&site, "gated.shop.test", ask()).await;
    assert_ne!(first["data"]["uuid"], elsewhere["data"]["uuid"]);
    let known = json!({ "property": PROPERTY, "page": "/", "uuid": "known" });
    let (_, returning) = register(&site, "leaky.shop.test", known).await;
    assert_eq!(returning["data"]["uuid"], "known");
}

#[tokio::test]
async fn registrations_wait_for_the_form_or_are_refused_as_the_property_says() {
    let site = TestSite::start().await.unwrap();
    let shop = "form-pending.shop.test";
    let (_, pending) = register(&site, shop, json!({ "property": WITH_FORM })).await;
    assert_eq!(pending["data"], json!({ "rcf": true }));
    let accepted = json!({ "property": WITH_FORM, "consent": true });
    let (_, accepted) = register(&site, shop, accepted).await;
    assert!(accepted["data"]["uuid"].is_string());
    let (status, _) = register(&site, shop, json!({ "property": REFUSED })).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (status, _) = register(&site, shop, json!({ "property": "unknown" })).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, _) = register(&site, shop, json!("not a registration")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_widgets_addresses_lead_to_its_code() {
    let site = TestSite::start().await.unwrap();
    let short = text(&site, "embed.tawk.to", &format!("/{PROPERTY}/1abcdefgh")).await;
    assert!(short.contains("$_Tawk_WidgetId = \"1abcdefgh\""), "{short}");
    let path = format!("/widget-script/{PROPERTY}/default");
    assert!(text(&site, "embed.tawk.to", &path).await.contains(PROPERTY));
    let hosted = text(&site, "tawk.to", &format!("/chat/{PROPERTY}/default")).await;
    assert!(hosted.contains(&format!("https://embed.tawk.to/{PROPERTY}/default")));
    let query = format!("/v1/widget-settings?propertyId={WITH_FORM}&widgetId=default");
    let settings: Value = serde_json::from_str(&text(&site, "va.tawk.to", &query).await).unwrap();
    assert_eq!(settings["data"]["widget"]["consent"], true);
    let unknown = get(&site, "embed.tawk.to", "/0123456789abcdef01234567/default").await;
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_websocket_says_when_it_is_ready() {
    let site = TestSite::start().await.unwrap();
    let mut socket = open_websocket(&site).await;
    socket
        .send(Message::text(r#"{"event":"register"}"#))
        .await
        .unwrap();
    let answer = socket.next().await.unwrap().unwrap();
    assert_eq!(answer, Message::text(r#"{"event":"ready"}"#));
}
