//! Code of known providers, found without running it: by the embedded catalogue's patterns, in every
//! form that sites use, and told apart by whether anything holds it back.

use preconsent::engine::Options;
use preconsent::engine::options::SnippetPattern;
use preconsent::model::scenario::ScenarioId;
use preconsent::model::visit::Visit;
use preconsent::testsite::TestSite;

use super::server::{Server, answer, faults, page, requests, visit};

const ID: &str = "64f0c0ffee64f0c0ffee64f0";

/// Options that look for what the embedded catalogue says.
fn tawk(server: &Server) -> Options {
    let catalogue = preconsent::catalogue::builtin::catalogue();
    let snippets = catalogue
        .snippets()
        .map(|(provider, regex)| SnippetPattern {
            provider: provider.to_owned(),
            regex: regex.clone(),
        });
    let globals = catalogue
        .providers
        .iter()
        .flat_map(|p| &p.present_if.globals);
    Options {
        snippets: snippets.collect(),
        globals: globals.cloned().collect(),
        ..server.options()
    }
}

async fn of_page(html: &str) -> Visit {
    let html = html.replace("ID", ID);
    let server = Server::start(move |asked| match asked.at.as_str() {
        "shop.test/" => page(&html, &[]),
        "shop.test/copy.js" => {
            let code = format!(
                "window.$_Tawk_AccountKey='{ID}';(window.tawkJsonp=window.tawkJsonp||[]).push(1)"
            );
            answer(200, &[("content-type", "text/javascript")], &code, &[])
        }
        _ => answer(404, &[], "", &[]),
    })
    .await;
    visit(tawk(&server), "https://shop.test/", ScenarioId::None).await
}

/// What stands in a page and what its evidence must say. SRC is the loader's address as an
/// attribute, CODE the usual inline script.
const RUNNING: &[(&str, &str)] = &[
    ("<script>CODE</script>", "inline script"),
    ("<script async SRC></script>", "address of a script"),
    (
        "<script src=//embed.tawk.to/widget-script/ID/default></script>",
        "a script",
    ),
    (
        "<iframe srcdoc='<script SRC></script>'></iframe>",
        "a script",
    ),
    (
        "<iframe src=https://tawk.to/chat/ID/default></iframe>",
        "a frame",
    ),
    (
        "<script data-cookieconsent=statistics SRC></script>",
        "a script",
    ),
];

/// The same for what a visitor must do something for.
const HELD_BACK: &[(&str, &str)] = &[
    (
        "<a href=https://tawk.to/chat/ID/default>Chat</a>",
        "a link to follow",
    ),
    (
        "<script type=text/plain data-category=chat>CODE</script>",
        "text/plain",
    ),
    ("<script type=text/plain SRC></script>", "text/plain"),
    (
        "<script type=text/plain data-cookieconsent=marketing SRC></script>",
        "text/plain",
    ),
    ("<script data-SRC></script>", "data-src"),
    ("<iframe data-SRC></iframe>", "data-src"),
    (
        "<template><script>CODE</script></template>",
        "inside template",
    ),
    (
        "<noscript><iframe SRC></iframe></noscript>",
        "inside noscript",
    ),
    (
        "<button onclick='load(\"//embed.tawk.to/ID/default\")'>Chat</button>",
        "runs at click",
    ),
    (
        "<script data-blockingmode=auto src=/cb.js></script><script data-cookieconsent=x SRC></script>",
        "data-cookieconsent",
    ),
];

async fn check_form(form: &str, gated: bool, why: &str) {
    let code = "var Tawk_API=Tawk_API||{};s1.src='https://embed.tawk.to/ID/default';";
    let html = form.replace("CODE", code);
    let html = html.replace("SRC", "src=https://embed.tawk.to/ID/default");
    let visit = of_page(&format!("<p>Hi{html}")).await;
    let [found] = visit.predictions.as_slice() else {
        panic!("{form}: {:?}", visit.predictions);
    };
    assert_eq!(
        (found.gated, found.provider.as_str()),
        (gated, "tawk"),
        "{form}"
    );
    assert!(found.evidence.contains(why), "{form}: {}", found.evidence);
    let captures = [("property_id", ID), ("widget_id", "default")];
    assert_eq!(
        found.captures,
        captures.map(|(a, b)| (a.into(), b.into())),
        "{form}"
    );
    assert!(found.url.contains("tawk.to/"), "{form}: {}", found.url);
    let asked = requests(&visit).iter().any(|r| r.url.contains("tawk.to"));
    assert_eq!(asked, !gated && why != "inline script", "{form}");
}

#[tokio::test]
async fn every_form_of_a_snippet_is_found() {
    for (form, why) in RUNNING {
        check_form(form, false, why).await;
    }
}

#[tokio::test]
async fn what_is_held_back_is_found_and_said_to_be() {
    for (form, why) in HELD_BACK {
        check_form(form, true, why).await;
    }
}

#[tokio::test]
async fn a_copy_on_the_own_host_is_found_by_its_globals() {
    let visit = of_page("<p>Hi<script src=/copy.js></script>").await;
    assert_eq!(visit.globals, ["$_Tawk_AccountKey", "tawkJsonp"]);
    assert_eq!(visit.predictions[0].url, "https://shop.test/copy.js");
    assert_eq!(
        visit.predictions[0].captures,
        [("property_id".into(), ID.into())]
    );
    assert!(of_page("<p>Hi").await.predictions.is_empty());
}

#[tokio::test]
async fn the_leaky_shop_is_predicted_from_its_snippet() {
    let site = TestSite::start().await.unwrap();
    let server = Server::start(|_| page("", &[])).await;
    let options = Options {
        resolve: site
            .resolve_args()
            .iter()
            .map(|r| r.parse().unwrap())
            .collect(),
        ..tawk(&server)
    };
    let visit = visit(options, &site.url("leaky"), ScenarioId::None).await;
    assert_eq!(faults(&visit), []);
    assert_eq!(visit.globals, ["Tawk_API"]);
    assert_eq!(visit.predictions.len(), 1);
    assert_eq!(
        visit.predictions[0].captures[0].1,
        "64f0c0ffee64f0c0ffee0000"
    );
}
