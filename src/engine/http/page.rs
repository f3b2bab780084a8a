//! What a document says without being run: what it loads, what a visitor reads, and whose code it
//! holds.
//!
//! One walk over the tree, without recursion, since documents may be nested to any depth.

use std::collections::BTreeMap;

use ego_tree::iter::Edge;
use scraper::Node;
use scraper::node::Element;
use url::Url;

use super::element::{self, Resource};
use super::html;
use super::snippet::{Finder, Found, Spot};
use crate::consent::recipe::Recipe;

/// So much of the visible text is kept; it only has to tell an empty page from others.
const MAX_TEXT: usize = 4096;
/// Longer attribute values are not searched.
const MAX_VALUE: usize = 100_000;
/// A `meta` refresh that waits longer than this is left to the visitor.
const REFRESH_WAIT: f64 = 5.0;

/// A document, read.
#[derive(Debug, Clone, Default)]
pub(super) struct Page {
    /// The title.
    pub(super) title: String,
    /// The visible text, or its beginning.
    pub(super) text: String,
    /// Pictures, frames, controls, and scripts that may build them.
    pub(super) things: usize,
    /// What it loads, in document order, each address once.
    pub(super) loads: Vec<(Url, Resource)>,
    /// Where it sends the visitor after a moment.
    pub(super) refresh: Option<Url>,
    /// Code of known providers.
    pub(super) found: Found,
    /// The consent platform that was recognised, by its recipe's id, and by what.
    pub(super) platform: Option<(String, String)>,
    /// Whether it was too large or too tangled to be read to its end.
    pub(super) cut: bool,
}

/// Reads a document that was loaded from `url`.
pub(super) fn read(source: &str, url: &Url, finder: &Finder, recipes: &[Recipe]) -> Page {
    let mut page = read_one(source, url, finder, recipes);
    // Frames whose document stands in the attribute load what it says from the same base.
    for inner in std::mem::take(&mut page.inner) {
        let inner = read_one(&inner, url, finder, recipes).page;
        page.page.loads.extend(inner.loads);
        page.page.found.extend(inner.found);
        page.page.cut |= inner.cut;
    }
    page.page.loads = once(page.page.loads);
    page.page
}

/// Each address once, in order. A preloaded script is a script.
fn once(loads: Vec<(Url, Resource)>) -> Vec<(Url, Resource)> {
    let mut places: BTreeMap<Url, usize> = BTreeMap::new();
    let mut all: Vec<(Url, Resource)> = Vec::new();
    for (url, kind) in loads {
        match places.get(&url) {
            Some(at) if all[*at].1 == Resource::Other => all[*at].1 = kind,
            Some(_) => {}
            None => {
                places.insert(url.clone(), all.len());
                all.push((url, kind));
            }
        }
    }
    all
}

fn read_one<'a>(source: &str, url: &'a Url, finder: &'a Finder, recipes: &[Recipe]) -> Walk<'a> {
    let document = html::parse(source);
    let mut walk = Walk {
        url,
        base: url.clone(),
        finder,
        page: Page {
            cut: document.cut,
            ..Page::default()
        },
        inner: Vec::new(),
        scripts: Vec::new(),
        depth: 0,
        deepest: 0,
        inert: Vec::new(),
        silent: 0,
        auto_blocking: false,
    };
    let mut bases = document.html.tree.nodes();
    let base = bases.find_map(|n| {
        n.value()
            .as_element()
            .filter(|e| e.name() == "base")?
            .attr("href")
    });
    if let Some(base) = base.and_then(|b| url.join(b).ok()) {
        walk.base = base;
    }
    for edge in document.html.tree.root().traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Element(e) => {
                    let text = node.children().filter_map(|c| c.value().as_text());
                    walk.open(e, text.map(|t| &**t).collect::<String>());
                }
                Node::Text(text) => walk.text(text),
                _ => {}
            },
            Edge::Close(node) => {
                if let Node::Element(e) = node.value() {
                    walk.close(e);
                }
            }
        }
    }
    walk.page.platform = recipes.iter().find_map(|recipe| {
        let script = walk.scripts.iter().find(|s| recipe.is_script(s));
        let sign = match script {
            Some(script) => format!("the script {script}"),
            None if html::any_matches(&document.html, walk.deepest, &recipe.banner) => {
                "its banner in the HTML".to_owned()
            }
            None => return None,
        };
        Some((recipe.id.clone(), sign))
    });
    walk
}

/// The state of a walk over one document.
struct Walk<'a> {
    url: &'a Url,
    base: Url,
    finder: &'a Finder,
    page: Page,
    /// Documents in `srcdoc` attributes.
    inner: Vec<String>,
    /// Addresses of all scripts, held back or not.
    scripts: Vec<String>,
    depth: usize,
    deepest: usize,
    /// Names of the open elements whose content is not part of the page.
    inert: Vec<String>,
    /// How many open elements hold text that is not shown.
    silent: usize,
    /// Whether a consent platform said that it blocks scripts by itself.
    auto_blocking: bool,
}

impl Walk<'_> {
    fn open(&mut self, element: &Element, text: String) {
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        let name = element.name();
        let blocked = self.why_blocked(element);
        self.addresses(element, blocked.as_deref());
        match name {
            "title" if self.page.title.is_empty() => self.page.title = text.trim().to_owned(),
            "script" => self.script(element, &text, blocked.as_deref()),
            "noscript" => self.code(&text, "code", Some("inside noscript")),
            "meta" if self.inert.is_empty() => self.meta(element),
            _ => {}
        }
        if self.inert.is_empty() && blocked.is_none() {
            self.resource(element);
            self.page.things += usize::from(element::is_thing(element));
        }
        if is_inert(name) {
            self.inert.push(name.to_owned());
        }
        self.silent += usize::from(is_silent(name));
    }

    fn close(&mut self, element: &Element) {
        self.depth -= 1;
        if is_inert(element.name()) {
            self.inert.pop();
        }
        self.silent -= usize::from(is_silent(element.name()));
    }

    fn text(&mut self, text: &str) {
        if self.silent > 0 || self.page.text.len() >= MAX_TEXT {
            return;
        }
        for word in text.split_whitespace() {
            self.page.text.push_str(word);
            self.page.text.push(' ');
        }
    }

    /// Why the element does nothing where it stands, whatever it is.
    fn why_blocked(&mut self, element: &Element) -> Option<String> {
        if let Some(outer) = self.inert.first() {
            return Some(format!("inside {outer}"));
        }
        let says = |name: &str, value: &str| {
            element
                .attr(name)
                .is_some_and(|v| v.eq_ignore_ascii_case(value))
        };
        self.auto_blocking |= says("data-blockingmode", "auto");
        let category = element.attr("data-cookieconsent")?;
        let free = !self.auto_blocking || says("data-cookieconsent", "ignore");
        (!free).then(|| format!("data-cookieconsent=\"{category}\""))
    }

    /// Searches every address and handler of the element for providers' code.
    fn addresses(&mut self, element: &Element, blocked: Option<&str>) {
        let place_of = |attribute: &str| match (element.name(), attribute) {
            ("script", "src") => "the address of a script".to_owned(),
            ("iframe" | "frame", "src") => "the address of a frame".to_owned(),
            (name, attribute) => format!("{attribute} of <{name}>"),
        };
        for (attribute, value) in element.attrs().filter(|(_, v)| v.len() <= MAX_VALUE) {
            let held = blocked
                .map(str::to_owned)
                .or_else(|| element::held_back(element, attribute));
            let place = place_of(attribute);
            let spot = Spot {
                url: self.url,
                place: &place,
                held_back: held.as_deref(),
            };
            let value = value.trim();
            if attribute.starts_with("on") {
                self.finder.in_code(value, spot, &mut self.page.found);
            } else if element::may_be_address(attribute, value)
                && let Ok(address) = self.base.join(value)
            {
                self.finder.in_address(&address, spot, &mut self.page.found);
                if element.name() == "script" {
                    self.scripts.push(address.into());
                }
            }
        }
    }

    fn script(&mut self, element: &Element, text: &str, blocked: Option<&str>) {
        let runs = element::runs(element);
        let held = blocked
            .map(str::to_owned)
            .or_else(|| (!runs).then(|| element::not_running(element)));
        // A script with an address does not run its text, and nothing will.
        if element.attr("src").is_none() {
            self.code(text, "an inline script", held.as_deref());
        }
        // It may build the page, so a page with it is not empty.
        self.page.things += usize::from(held.is_none());
    }

    fn code(&mut self, text: &str, place: &str, held_back: Option<&str>) {
        let spot = Spot {
            url: self.url,
            place,
            held_back,
        };
        self.finder.in_code(text, spot, &mut self.page.found);
    }

    fn resource(&mut self, element: &Element) {
        if let Some(inner) = element
            .attr("srcdoc")
            .filter(|_| element.name() == "iframe")
        {
            self.inner.push(inner.to_owned());
            return;
        }
        let Some((attribute, kind)) = element::loads(element) else {
            return;
        };
        let plain = element.attr(attribute).filter(|v| !v.trim().is_empty());
        let set = || element::first_of_srcset(element).filter(|_| kind == Resource::Image);
        let address = plain
            .or_else(set)
            .and_then(|v| self.base.join(v.trim()).ok());
        if let Some(mut url) = address.filter(|u| matches!(u.scheme(), "http" | "https")) {
            url.set_fragment(None);
            self.page.loads.push((url, kind));
        }
    }

    /// `<meta http-equiv="refresh" content="0; url=/next">`.
    fn meta(&mut self, element: &Element) {
        let is_refresh = element
            .attr("http-equiv")
            .is_some_and(|v| v.eq_ignore_ascii_case("refresh"));
        let Some(content) = element.attr("content").filter(|_| is_refresh) else {
            return;
        };
        let (wait, rest) = content.split_once([';', ',']).unwrap_or((content, ""));
        let rest = rest.trim();
        let is_url = rest.get(..3).is_some_and(|w| w.eq_ignore_ascii_case("url"));
        let target = if is_url {
            rest[3..].trim_start().strip_prefix('=')
        } else {
            Some(rest)
        };
        let target = target
            .map(|t| t.trim().trim_matches(['"', '\'']))
            .filter(|t| !t.is_empty());
        let soon = wait.trim().parse().is_ok_and(|s: f64| s <= REFRESH_WAIT);
        if let Some(target) = target.filter(|_| soon) {
            self.page.refresh = self.base.join(target).ok();
        }
    }
}

/// Elements whose content is not part of the page for a visitor with scripts.
fn is_inert(name: &str) -> bool {
    matches!(name, "template" | "noscript")
}

/// Elements whose text is not shown.
fn is_silent(name: &str) -> bool {
    is_inert(name) || matches!(name, "head" | "script" | "style" | "title")
}
