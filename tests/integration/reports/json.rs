//! The JSON report is a public interface: its schema, its description and what is written are kept
//! in step here.

use std::collections::BTreeSet;
use std::path::Path;

use preconsent::report::Format;
use serde_json::Value;

use super::text;
use crate::support::sample;

fn docs(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs")
        .join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn schema() -> Value {
    serde_json::from_str(&docs("report-v1.schema.json")).expect("the schema is JSON")
}

fn written() -> Value {
    serde_json::from_str(&text(&sample::three(), Format::Json)).expect("the report is JSON")
}

fn errors(schema: &Value, report: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).expect("the schema is a schema");
    let error = |e: jsonschema::ValidationError<'_>| format!("{}: {e}", e.instance_path());
    validator.iter_errors(report).map(error).collect()
}

/// Calls `visit` on every object of a JSON text.
fn each_object(value: &mut Value, visit: &mut impl FnMut(&mut serde_json::Map<String, Value>)) {
    match value {
        Value::Object(object) => {
            visit(object);
            object.values_mut().for_each(|v| each_object(v, visit));
        }
        Value::Array(values) => values.iter_mut().for_each(|v| each_object(v, visit)),
        _ => {}
    }
}

/// The names of all fields of a JSON text.
fn fields(mut value: Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    each_object(&mut value, &mut |object| {
        names.extend(object.keys().cloned())
    });
    names
}

/// The names of all fields that the schema describes.
fn described() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    each_object(&mut schema(), &mut |object| {
        // The `properties` of a condition have no type beside them.
        if let (Some(Value::Object(p)), Some(_)) = (object.get("properties"), object.get("type")) {
            names.extend(p.keys().cloned());
        }
    });
    names
}

#[test]
fn what_is_written_follows_the_schema() {
    assert_eq!(errors(&schema(), &written()), [""; 0]);
}

#[test]
fn nothing_is_written_that_the_schema_does_not_describe() {
    let mut strict = schema();
    each_object(&mut strict, &mut |object| {
        if object.contains_key("properties") && object.contains_key("type") {
            object.insert("additionalProperties".to_owned(), Value::Bool(false));
        }
    });
    assert_eq!(errors(&strict, &written()), [""; 0]);
}

#[test]
fn everything_that_the_schema_describes_is_written_and_documented() {
    assert_eq!(described(), fields(written()));
    let page = docs("report-v1.md");
    for field in described() {
        assert!(
            page.contains(&format!("`{field}`")),
            "{field} is not documented"
        );
    }
}

#[test]
fn every_word_of_the_schema_is_documented() {
    let page = docs("report-v1.md");
    each_object(&mut schema(), &mut |object| {
        let Some(Value::Array(words)) = object.get("enum") else {
            return;
        };
        for word in words.iter().filter_map(Value::as_str) {
            assert!(
                page.contains(&format!("`{word}`")),
                "{word} is not documented"
            );
        }
    });
}

#[test]
fn a_report_without_one_of_its_fields_is_not_one() {
    let schema = schema();
    for field in fields(written()) {
        let mut report = written();
        each_object(&mut report, &mut |object| {
            object.remove(&field);
        });
        assert!(
            !errors(&schema, &report).is_empty(),
            "{field} may be missing"
        );
    }
}

#[test]
fn the_names_that_programs_rely_on_are_there() {
    let report = written();
    let target = &report["targets"][0];
    assert_eq!(report["schema"], "preconsent.report.v1");
    assert_eq!(report["verdict"], "fail");
    assert_eq!(report["summary"]["items"], 7);
    assert_eq!(target["visits"][1]["choice"]["state"], "proven");
    assert_eq!(target["findings"][0]["item"]["domain"], "shop.test");
    assert_eq!(target["items"][3]["origin"], "https://www.shop.test");
    assert_eq!(target["items"][3]["path"], Value::Null);
}

#[test]
fn a_cookie_as_it_is_written() {
    let json = text(&sample::three(), Format::Json);
    let (_, items) = json.split_once("\"items\": [\n").expect("items");
    let (item, _) = items.split_once("\n        },").expect("an end");
    insta::assert_snapshot!(item, @r#"
    {
      "store": "cookie",
      "name": "_px",
      "domain": "pixel.test",
      "path": "/",
      "partition": null,
      "party": "third",
      "provider": null,
      "entry": null,
      "entry_place": null,
      "documented_as": [],
      "role": "unclassified",
      "claimed_role": null,
      "exempt": false,
      "status": "observed",
      "lifetime": {
        "declared": null,
        "requested_s": 63072000,
        "stored_s": 34560000
      },
      "seen": [
        {
          "scenario": "reject",
          "phase": "before-choice",
          "state": "present"
        },
        {
          "scenario": "reject",
          "phase": "after-choice",
          "state": "deleted"
        }
      ],
      "first_writer": {
        "kind": "response",
        "url": "https://pixel.test/p.gif?id=‹4 chars, 2.0 bits/char›",
        "stack_top": null,
        "chain": []
      },
      "host_only": null,
      "refused": [],
      "sent_to": [],
      "runs": null
    "#);
}

#[test]
fn a_finding_as_it_is_written() {
    let json = text(&sample::three(), Format::Json);
    let (_, findings) = json.split_once("\"findings\": [\n").expect("findings");
    let (finding, _) = findings.split_once("\n        },").expect("an end");
    insta::assert_snapshot!(finding, @r#"
    {
      "check": "pre-consent-storage",
      "class": "judgement",
      "severity": "error",
      "confidence": "confirmed",
      "scenario": "none",
      "phase": "before-choice",
      "item": {
        "store": "cookie",
        "name": "TawkConnectionTime",
        "domain": "shop.test"
      },
      "runs": null,
      "message": "the performance cookie TawkConnectionTime of tawk.to was stored before any choice",
      "help": "Load what stores the item only after the visitor accepted its purpose.",
      "evidence": [
        {
          "kind": "write",
          "at_ms": 950,
          "text": "TawkConnectionTime=‹1 char, 0.0 bits/char›; Path=/; SameSite=Lax; Secure",
          "source": "https://embed.tawk.to/_s/v4/app/67f4b2d4927/js/twk-main.js:1:20433"
        }
      ]
    "#);
}

#[test]
fn fields_come_in_their_own_order_and_the_text_ends_with_a_newline() {
    let json = text(&sample::three(), Format::Json);
    assert!(json.starts_with("{\n  \"schema\": \"preconsent.report.v1\",\n  \"tool\": {"));
    assert!(json.ends_with("}\n"));
}
