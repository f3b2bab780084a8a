//! What one element loads, and what keeps it from loading.

use scraper::node::Element;

/// What an element fetches, in the words that browsers use for requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Resource {
    /// The page itself.
    Document,
    /// A document in a frame.
    Frame,
    /// A script.
    Script,
    /// A stylesheet.
    Stylesheet,
    /// A picture.
    Image,
    /// Whatever else a `link` or an `object` fetches.
    Other,
}

impl Resource {
    /// The word that observations use.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Document | Self::Frame => "document",
            Self::Script => "script",
            Self::Stylesheet => "stylesheet",
            Self::Image => "image",
            Self::Other => "other",
        }
    }

    /// The `Accept` header that browsers send for it.
    pub(super) fn accept(self) -> &'static str {
        match self {
            Self::Document | Self::Frame => {
                "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
            }
            Self::Image => "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
            Self::Stylesheet => "text/css,*/*;q=0.1",
            Self::Script | Self::Other => "*/*",
        }
    }
}

/// Media types of scripts that run; anything else in `type` is a block of data.
const RUNNING: &[&str] = &[
    "",
    "module",
    "text/javascript",
    "application/javascript",
    "application/x-javascript",
    "text/ecmascript",
    "application/ecmascript",
    "text/jscript",
    "text/x-javascript",
];

/// `rel` words of links that fetch something for this page.
const FETCHING: &[&str] = &["icon", "preload", "modulepreload", "prefetch", "manifest"];

/// The attribute whose address the element loads by itself, and as what.
pub(super) fn loads(element: &Element) -> Option<(&'static str, Resource)> {
    let kind = match element.name() {
        "script" if runs(element) => ("src", Resource::Script),
        "iframe" | "frame" => ("src", Resource::Frame),
        "img" => ("src", Resource::Image),
        "input" if has_word(element, "type", "image") => ("src", Resource::Image),
        "video" => ("poster", Resource::Image),
        "embed" => ("src", Resource::Other),
        "object" => ("data", Resource::Other),
        "link" if has_word(element, "rel", "alternate") => return None,
        "link" if has_word(element, "rel", "stylesheet") => ("href", Resource::Stylesheet),
        "link" if FETCHING.iter().any(|w| has_word(element, "rel", w)) => ("href", Resource::Other),
        _ => return None,
    };
    Some(kind)
}

/// Whether a script is one that browsers run.
pub(super) fn runs(script: &Element) -> bool {
    let kind = script.attr("type").unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    RUNNING.contains(&essence.to_ascii_lowercase().as_str())
}

/// Why an address in this attribute is not loaded when the page is: `None` if it is.
pub(super) fn held_back(element: &Element, attribute: &str) -> Option<String> {
    if loads(element).is_some_and(|(active, _)| active == attribute) {
        return None;
    }
    let name = element.name();
    Some(match (name, attribute) {
        ("script", "src") => not_running(element),
        ("a" | "area", "href") => "a link to follow".to_owned(),
        ("form", "action") => "the target of a form".to_owned(),
        (_, handler) if handler.starts_with("on") => format!("runs at {}", &handler[2..]),
        _ => format!("stands in the attribute {attribute}"),
    })
}

/// Whether an attribute holds an address. What scripts put into effect later stands in `data-*`
/// attributes of any name.
pub(super) fn may_be_address(attribute: &str, value: &str) -> bool {
    matches!(attribute, "src" | "href" | "data" | "action" | "poster")
        || (attribute.starts_with("data-")
            && (value.contains("//") || value.starts_with('/') || attribute.ends_with("src")))
}

/// Why the text of a script that is no running one does not run.
pub(super) fn not_running(script: &Element) -> String {
    format!("type=\"{}\"", script.attr("type").unwrap_or_default())
}

/// The first address of `srcset`, for a picture without a plain one.
pub(super) fn first_of_srcset(element: &Element) -> Option<&str> {
    let set = element.attr("srcset")?;
    set.split([' ', '\t', '\n', ','])
        .find(|part| !part.is_empty())
}

/// Whether a visitor sees or uses it: a picture, a frame or a control.
pub(super) fn is_thing(element: &Element) -> bool {
    match element.name() {
        "img" | "svg" | "canvas" | "video" | "audio" | "iframe" | "frame" | "object" | "embed"
        | "button" | "select" | "textarea" => true,
        "input" => !has_word(element, "type", "hidden"),
        _ => false,
    }
}

fn has_word(element: &Element, attribute: &str, word: &str) -> bool {
    let value = element.attr(attribute).unwrap_or_default();
    value
        .split_ascii_whitespace()
        .any(|w| w.eq_ignore_ascii_case(word))
}
