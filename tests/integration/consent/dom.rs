//! `dom.js` in a real browser: which controls it finds, and what it does not fall for.

use std::time::Duration;

use preconsent::engine::browser::find;
use serde_json::Value;
use tokio::process::Command;
use tokio::time::timeout;

const SCRIPT: &str = include_str!("../../../src/engine/browser/dom.js");

/// A browser whose page has crashed never ends.
const LONGEST: Duration = Duration::from_secs(60);

/// Loads a page with this body, evaluates the expression after `dom.js`, and returns its value.
/// `ask(name, ...args)` asks `dom.js`.
fn evaluate(body: &str, expression: &str) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    let page = folder.path().join("page.html");
    let html = format!(
        "<!doctype html><meta charset=utf-8><body>{body}\n<script>{SCRIPT}</script>\n<script>
        const ask = (name, ...args) => JSON.parse(preconsentDom(name, JSON.stringify(args)));
        const answer = JSON.stringify({expression});
        // The dump itself would fall for elements that are named like properties.
        const named = Document.prototype.querySelectorAll.call(document, '[name]');
        for (const element of named) Element.prototype.remove.call(element);
        const result = Document.prototype.createElement.call(document, 'pre');
        result.id = 'result';
        result.textContent = answer;
        Document.prototype.querySelector.call(document, 'html').append(result);
        </script>"
    );
    std::fs::write(&page, html).expect("a page");
    let browser = find::find(None).expect("a browser; run the tests with make test");
    let mut command = Command::new(browser.path);
    command
        .args([
            "--headless",
            "--no-sandbox",
            "--window-size=1280,800",
            "--dump-dom",
        ])
        .arg(format!(
            "--user-data-dir={}",
            folder.path().join("profile").display()
        ))
        .arg(format!("file://{}", page.display()))
        .kill_on_drop(true);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let output = runtime
        .block_on(async { timeout(LONGEST, command.output()).await })
        .expect("the browser ends in time")
        .expect("the browser starts");
    let dump = String::from_utf8_lossy(&output.stdout);
    let dump = scraper::Html::parse_document(&dump);
    let selector = scraper::Selector::parse("#result").expect("a selector");
    let result = dump
        .select(&selector)
        .next()
        .map(|r| r.text().collect::<String>());
    serde_json::from_str(&result.expect("the script ran to its end")).expect("JSON")
}

/// The texts of the controls, in order, covered ones in brackets.
fn controls(body: &str) -> Vec<String> {
    let found = evaluate(body, "ask('controls')");
    let found = found.as_array().unwrap_or_else(|| panic!("{found}"));
    let shown = |c: &Value| {
        let text = c["text"].as_str().unwrap_or_default();
        let covered = c["hit"] == false && c["inView"] == true;
        if covered {
            format!("({text})")
        } else {
            text.to_owned()
        }
    };
    found.iter().map(shown).collect()
}

const BANNER: &str = "position: fixed; bottom: 0; left: 0; width: 100%; height: 200px; z-index: 9";

#[test]
fn controls_of_every_make_are_found() {
    let body = format!(
        r#"<div style="{BANNER}"><p>We use cookies and similar technologies with your consent.</p>
        <button>One</button><input type=button value=Two><a>Three</a><span role=button>Four</span>
        <div style="cursor: pointer; display: inline-block"><b>Five</b></div>
        <button aria-label=Six style="width: 20px; height: 20px"></button>
        <button><img alt=Seven style="width: 20px; height: 20px"></button></div>"#
    );
    assert_eq!(
        controls(&body),
        ["One", "Two", "Three", "Four", "Five", "Six", "Seven"]
    );
}

#[test]
fn open_shadow_trees_are_looked_into() {
    let body = format!(
        r#"<x-banner></x-banner><script>
        const root = document.querySelector("x-banner").attachShadow({{mode: "open"}});
        root.innerHTML = '<div style="{BANNER}"><p>Cookies?</p><x-inner></x-inner></div>';
        const inner = root.querySelector("x-inner").attachShadow({{mode: "open"}});
        inner.innerHTML = '<button class=no>Reject all</button><button>Accept all</button>';
        </script>"#
    );
    assert_eq!(controls(&body), ["Reject all", "Accept all"]);
    let point = evaluate(&body, "ask('point', ['.no'])");
    assert_eq!(
        (&point["found"], &point["hit"]),
        (&true.into(), &true.into())
    );
}

#[test]
fn what_a_visitor_cannot_see_or_press_is_no_control() {
    let body = format!(
        r#"<div id=cookie-banner style="{BANNER}"><p>We use cookies. Do you agree?</p>
        <button>Real</button>
        <button style="display: none">a</button>
        <button style="visibility: hidden">b</button>
        <button style="opacity: 0">c</button>
        <span style="opacity: .2"><button style="opacity: .2">d</button></span>
        <button style="position: absolute; left: -9999px">e</button>
        <button style="width: 1px; height: 1px; padding: 0; border: 0; overflow: hidden">f</button>
        <button disabled>g</button>
        <button aria-disabled=true>h</button>
        <button></button>
        <button style="position: absolute; top: 100px; left: 0; width: 90px; height: 40px">Under</button>
        <i style="position: absolute; top: 90px; left: 0; width: 200px; height: 90px"></i></div>"#
    );
    assert_eq!(controls(&body), ["Real", "(Under)"]);
}

#[test]
fn a_banner_need_not_speak_of_cookies() {
    for (text, more, found) in [
        (
            "Nous traitons vos informations personnelles.",
            "politique de confidentialité",
            true,
        ),
        ("Przetwarzamy dane osobowe.", "polityka prywatności", true),
        (
            "Choose what we may do.",
            "privacy policy <input type=checkbox>",
            true,
        ),
        ("Are you of age?", "privacy policy", false),
    ] {
        let body = format!(
            r#"<div role=dialog style="{BANNER}"><p>{text} {more}</p><button>A</button></div>"#
        );
        assert_eq!(controls(&body), ["A"][usize::from(!found)..], "{text}");
    }
}

#[test]
fn other_dialogs_footers_and_texts_are_no_banners() {
    let body = format!(
        r#"<div role=dialog style="{BANNER}"><p>Our newsletter, once a month. By signing up you
        agree to the terms.</p><button>Subscribe</button><button>No thanks</button></div>
        <article><h1>How to bake cookies</h1><p>{}</p><button>Agree</button></article>
        <footer>Cookies and privacy <a href="/cookies">Cookie settings</a></footer>"#,
        "Allow them to cool. ".repeat(300)
    );
    assert_eq!(controls(&body), Vec::<String>::new());
}

/// Named elements stand in for properties of the document and of forms.
#[test]
fn a_document_that_overlays_its_own_interface_is_read() {
    let body = format!(
        r#"<img name=documentElement><img name=querySelectorAll><img name=elementFromPoint>
        <form name=body id=consent style="{BANNER}"><p>Cookies, with your consent?</p>
        <input name=parentNode hidden><input name=firstChild hidden><input name=nextSibling hidden>
        <input name=getAttribute hidden><input name=tagName hidden><input name=matches hidden>
        <input name=isConnected hidden><input name=shadowRoot hidden>
        <button>Reject</button></form>"#
    );
    assert_eq!(controls(&body), ["Reject"]);
}

#[test]
fn endless_documents_are_cut() {
    let body = format!(
        r##"<div id=cookies style="{BANNER}; overflow: scroll"></div><script>
        const box = document.querySelector("#cookies");
        for (let i = 0; i < 3000; i += 1) {{
          box.append(Object.assign(document.createElement("button"), {{textContent: "No " + i}}));
        }}
        let deep = document.body;
        for (let i = 0; i < 400; i += 1) deep = deep.appendChild(document.createElement("div"));
        deep.innerHTML = "<button>deep</button>".repeat(100);
        </script>"##
    );
    assert_eq!(controls(&body).len(), 80);
}

#[test]
fn a_control_below_the_fold_is_scrolled_to() {
    let body = r#"<div style="height: 5000px"></div><section id=cookie-notice>
        <p>We use cookies if you agree to that.</p><button>Accept</button></section>"#;
    let found = evaluate(
        body,
        "(() => { const [c] = ask('controls'); return [c.inView, c.hit, ask('point', c.ref)]; })()",
    );
    assert_eq!((&found[0], &found[1]), (&false.into(), &false.into()));
    assert_eq!(found[2]["hit"], true);
    let y = found[2]["y"].as_f64().expect("a number");
    assert!((0.0..800.0).contains(&y), "{y}");
}

#[test]
fn a_banner_is_gone_when_nothing_of_it_shows() {
    let body = format!(
        r#"<div class="cookie box" style="{BANNER}"><p>Cookies?</p><button>OK</button></div>"#
    );
    let of = |change: &str| {
        let expression = format!(
            "(() => {{ const [c] = ask('controls'); const box = document.querySelector('.box');
            {change}; return [ask('bannerGone', c.banner), ask('visible', ['[', '.box'])]; }})()"
        );
        let answer = evaluate(&body, &expression);
        (answer[0]["gone"] == true, answer[1]["selector"] == ".box")
    };
    assert_eq!(of(""), (false, true));
    assert_eq!(of("box.remove()"), (true, false));
    assert_eq!(of("box.style.opacity = 0"), (true, false));
    // Below the edge of a long page nothing can be scrolled to that does not move with it.
    let long = "document.body.append(Object.assign(document.createElement('p'), {style: 'height: 5000px'}))";
    assert_eq!(of(long), (false, true));
    let below = format!("{long}; box.style.bottom = '-2000px'; box.style.top = 'auto'");
    assert_eq!(of(&below), (true, false));
    assert_eq!(of("box.replaceWith(box.cloneNode(true))"), (false, true));
}

#[test]
fn nonsense_is_answered_with_an_error_or_nothing() {
    let answers = evaluate(
        "",
        "[ask('visible', ['###', 'p:nope(']), ask('point', 99), ask('nothing').error !== undefined,
         ask('bannerGone', -1), ask('controls')]",
    );
    let expected = r#"[null, {"found": false}, true, {"gone": true}, []]"#;
    let expected: Value = serde_json::from_str(expected).expect("JSON");
    assert_eq!(answers, expected);
}
