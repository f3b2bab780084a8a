//! The collector script without what only its readers need. It goes into every frame and worker of
//! every page, so its length is part of what a visit costs.
//!
//! This is no minifier for scripts in general: it relies on how ours is written. Comments have lines of
//! their own, no text goes over several lines or holds its own quote, and the names below are never
//! those of properties.

/// Names that the script gives to its own things. None may be used as a shorthand property, within a
/// template, or as a property's key.
const OWN: [&str; 58] = [
    "Failure",
    "above",
    "address",
    "addressOf",
    "after",
    "areaOf",
    "areas",
    "args",
    "around",
    "before",
    "binding",
    "budget",
    "cached",
    "called",
    "convert",
    "copy",
    "cut",
    "descriptor",
    "fields",
    "found",
    "getter",
    "given",
    "global",
    "handler",
    "hidden",
    "holder",
    "idle",
    "keyAt",
    "keyed",
    "kinds",
    "known",
    "later",
    "lengthOf",
    "look",
    "method",
    "named",
    "names",
    "none",
    "own",
    "plain",
    "post",
    "proto",
    "request",
    "rest",
    "result",
    "room",
    "self",
    "takers",
    "tell",
    "text",
    "trap",
    "urlOf",
    "watch",
    "whole",
    "wrap",
    "wrapArea",
    "wrapCookies",
    "wrapMethod",
];

/// A script without comments and without blanks that divide nothing, its own names cut to two letters.
pub(super) fn shorten(script: &str) -> String {
    let lines = script.lines().map(str::trim);
    let code = lines.filter(|line| !line.is_empty() && !line.starts_with("//"));
    code.map(line).collect::<Vec<_>>().join("\n")
}

fn line(line: &str) -> String {
    let mut short = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' | '\'' | '`' => rest[1..].find(first).map_or(rest.len(), |end| end + 2),
            _ if is_word(first) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        let divides = short.ends_with(is_word) && after.starts_with(is_word);
        let own = OWN
            .binary_search(&token)
            .ok()
            .filter(|_| !short.ends_with('.'));
        match own {
            Some(place) => short.push_str(&name(place)),
            None if token == " " && !divides => {}
            None => short.push_str(token),
        }
        rest = after;
    }
    short
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// The n-th short name; none of the script's own begins like that.
fn name(place: usize) -> String {
    let letters = ('a'..='z').chain('A'..='Z').chain('0'..='9');
    let letter = letters.skip(place).take(1);
    std::iter::once('$').chain(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_blanks_and_comments_are_cut_and_nothing_else() {
        let script = "  // why\n  const text = (value) => `${value} text`;\n\n  return x.text in self && \"a  text\";\n";
        assert_eq!(
            shorten(script),
            "const $X=(value)=>`${value} text`;\nreturn x.text in $U&&\"a  text\";"
        );
    }

    #[test]
    fn names_are_in_order_and_short_names_are_not_taken() {
        assert!(OWN.is_sorted());
        let names: std::collections::BTreeSet<_> = (0..OWN.len()).map(name).collect();
        assert_eq!(names.len(), OWN.len());
        assert!(names.iter().all(|name| name.len() == 2));
    }
}
