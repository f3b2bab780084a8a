//! HAR files have the shape that other programs expect, and hold what was observed.

use preconsent::catalogue::builtin;
use preconsent::model::redact::{PUBLIC_KEY, Redactor};
use preconsent::model::seal::seal;
use preconsent::model::visit::Visit;
use preconsent::store::har;
use serde_json::{Value, json};

use super::some_visit;
use crate::support::visits::{PAGE, Story};

fn written(visit: &Visit) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    let file = har::write(folder.path(), "v", visit).expect("written");
    assert_eq!(file.name, "v.har");
    let text = std::fs::read_to_string(folder.path().join(file.name)).expect("a file");
    serde_json::from_str(&text).expect("JSON")
}

/// What HAR 1.2 requires of the parts that are written.
fn schema() -> Value {
    let named = json!({"type": "array", "items": {"type": "object",
        "required": ["name", "value"], "properties": {
            "name": {"type": "string"}, "value": {"type": "string"}}}});
    let time = json!({"type": "string",
        "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"});
    let side = |own: &[&str]| {
        let common = [
            "httpVersion",
            "cookies",
            "headers",
            "headersSize",
            "bodySize",
        ];
        let required = [&common[..], own].concat();
        json!({"type": "object", "required": required, "properties": {
            "httpVersion": {"type": "string"}, "cookies": named, "headers": named,
            "queryString": named, "method": {"type": "string"}, "url": {"type": "string"},
            "status": {"type": "integer"}, "statusText": {"type": "string"},
            "redirectURL": {"type": "string"}, "headersSize": {"type": "integer"},
            "bodySize": {"type": "integer"},
            "content": {"type": "object", "required": ["size", "mimeType"]}}})
    };
    let length = json!({"type": "number", "minimum": 0});
    let timings = json!({"type": "object", "required": ["send", "wait", "receive"],
        "properties": {"send": length, "wait": length, "receive": length}});
    let entry = json!({"type": "object",
        "required": ["startedDateTime", "time", "request", "response", "cache", "timings"],
        "properties": {"startedDateTime": time, "time": length, "timings": timings,
            "cache": {"type": "object"}, "pageref": {"const": "visit"},
            "request": side(&["method", "url", "queryString"]),
            "response": side(&["status", "statusText", "content", "redirectURL"])}});
    let page = json!({"type": "object",
        "required": ["startedDateTime", "id", "title", "pageTimings"],
        "properties": {"startedDateTime": time, "id": {"const": "visit"},
            "title": {"type": "string"}, "pageTimings": {"type": "object"}}});
    let tool = json!({"type": "object", "required": ["name", "version"]});
    json!({"type": "object", "required": ["log"], "properties": {"log": {"type": "object",
        "required": ["version", "creator", "browser", "pages", "entries"],
        "properties": {"version": {"const": "1.2"}, "creator": tool, "browser": tool,
            "pages": {"type": "array", "items": page},
            "entries": {"type": "array", "items": entry}}}}})
}

#[test]
fn the_file_has_the_shape_of_har() {
    let validator = jsonschema::validator_for(&schema()).expect("a schema");
    for visit in [some_visit(), Story::none().build()] {
        let har = written(&visit);
        let errors: Vec<String> = validator.iter_errors(&har).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
    let mut broken = written(&some_visit());
    broken["log"]["entries"][0]["timings"] = json!({"send": -1});
    assert!(
        !validator.is_valid(&broken),
        "the schema sees what is wrong"
    );
}

#[test]
fn requests_answers_cookies_and_redirects_are_in_it() {
    let pixel = "https://tracker.test/p.gif?u=0123456789abcdef";
    let visit = Story::none()
        .asks(10, "1", "GET", PAGE)
        .header(20, PAGE, "id=0123456789abcdef; Path=/")
        .answers(25, "1", PAGE, 200)
        .asks(300, "2", "POST", pixel)
        .sent(300, pixel, "uid", "tracker.test")
        .answers(350, "2", pixel, 204)
        .build();
    let har = written(&visit);
    let entries = har["log"]["entries"].as_array().expect("entries");
    assert_eq!(entries.len(), 2, "{har:#}");
    let (page, beacon) = (&entries[0], &entries[1]);
    assert_eq!(page["response"]["cookies"][0]["value"], "0123456789abcdef");
    assert_eq!(
        page["response"]["headers"],
        json!([{"name": "Set-Cookie", "value": "id=0123456789abcdef; Path=/"}])
    );
    assert_eq!(page["startedDateTime"], "2026-11-18T11:06:40.010Z");
    assert_eq!(
        (&page["time"], &page["timings"]["wait"]),
        (&json!(15), &json!(15))
    );
    assert_eq!(beacon["request"]["method"], "POST");
    assert_eq!(
        beacon["request"]["queryString"],
        json!([{"name": "u", "value": "0123456789abcdef"}])
    );
    assert_eq!(beacon["request"]["cookies"][0]["name"], "uid");
    assert_eq!(beacon["response"]["status"], 204);
    let redactor = Redactor::new(PUBLIC_KEY, false);
    let sealed = seal(&visit, &redactor, &builtin::catalogue().value_questions());
    let hidden = written(&sealed);
    assert!(
        !hidden.to_string().contains("0123456789abcdef"),
        "{hidden:#}"
    );
    let parameter = &hidden["log"]["entries"][1]["request"]["queryString"][0];
    assert_eq!(parameter["name"], "u");
    assert!(
        parameter["value"]
            .as_str()
            .is_some_and(|v| v.ends_with('›')),
        "{parameter}"
    );
}
