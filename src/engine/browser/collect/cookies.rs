//! Cookie writes as observations: `Set-Cookie` lines of responses, `document.cookie` and
//! `cookieStore`, and the jar's cookies as the model has them.

use std::collections::HashMap;

use super::log::{Log, unix_now};
use super::script::Record;
use crate::engine::browser::cdp::protocol::{Cookie, ResponseExtraInfo, to_u32};
use crate::model::cookie::{SameSite, SetCookie, StoredCookie};
use crate::model::cookie_date;
use crate::model::observation::{CookieWrite, Event, Via, Writer};

/// Notes every `Set-Cookie` line of a response's raw head.
pub(crate) fn from_response(log: &mut Log, url: &str, info: &ResponseExtraInfo) {
    let Some(lines) = header(&info.headers, "set-cookie") else {
        return;
    };
    let clock = header(&info.headers, "date")
        .and_then(cookie_date::parse)
        .unwrap_or_else(unix_now);
    for line in lines.split('\n') {
        let cookie = SetCookie::parse(line);
        let refused = info
            .blocked_cookies
            .iter()
            .filter(|b| b.cookie_line == line)
            .flat_map(|b| b.blocked_reasons.iter().cloned())
            .collect();
        let partition = info
            .cookie_partition_key
            .as_ref()
            .filter(|_| cookie.partitioned)
            .map(|key| key.top_level_site.clone());
        log.push(Event::CookieWrite(CookieWrite {
            via: Via::Header,
            raw: line.to_owned(),
            cookie,
            url: url.to_owned(),
            clock,
            writer: Writer::response(url),
            refused,
            partition,
        }));
    }
}

/// A header by its lower-case name; HTTP/1 keeps the server's spelling.
pub(crate) fn header<'h>(headers: &'h HashMap<String, String>, name: &str) -> Option<&'h str> {
    headers
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

/// By how much a page's clock may differ from this machine's without having been put forward.
const DRIFT: f64 = 2.0;

/// Moments that pages reckoned by clocks that had been put forward: what is stored until then lasts
/// so much shorter in truth. The browser keeps the moment as it was written; cookies with `Max-Age`,
/// and those of responses, go by clocks that nobody touches.
#[derive(Debug, Default)]
pub(crate) struct Expiries {
    /// Name of the cookie and the moment in seconds, and by how many seconds it is too late.
    ahead: HashMap<(String, i64), f64>,
}

impl Expiries {
    fn note(&mut self, cookie: &SetCookie, clock: f64) {
        let ahead = clock - unix_now();
        if let Some(moment) = cookie.expires
            && cookie.max_age.is_none()
            && ahead > DRIFT
        {
            self.ahead
                .insert((cookie.name.clone(), second(moment)), ahead);
        }
    }

    /// A cookie of the jar with the expiry that it would have without a clock put forward.
    pub(crate) fn correct(&self, mut cookie: StoredCookie) -> StoredCookie {
        if let Some(moment) = cookie.expires
            && let Some(ahead) = self.ahead.get(&(cookie.name.clone(), second(moment)))
        {
            cookie.expires = Some(moment - ahead);
        }
        cookie
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "moments beyond i64 saturate, and match themselves"
)]
fn second(moment: f64) -> i64 {
    moment.round() as i64
}

/// Notes a write that the collector script saw, in a page whose top document belongs to `top_site`.
pub(crate) fn from_script(
    log: &mut Log,
    expiries: &mut Expiries,
    record: &Record,
    top_site: Option<String>,
) {
    let (via, cookie) = match record.op.as_str() {
        "cookie" => (Via::DocumentCookie, SetCookie::parse(&record.value)),
        "cookieStore.set" | "cookieStore.delete" => (Via::CookieStore, cookie_store(record)),
        _ => return,
    };
    let raw = if via == Via::DocumentCookie {
        record.value.clone()
    } else {
        cookie.to_string()
    };
    let clock = record.time / 1000.0;
    expiries.note(&cookie, clock);
    let partition = top_site.filter(|_| cookie.partitioned);
    log.push(Event::CookieWrite(CookieWrite {
        via,
        raw,
        cookie,
        url: record.cookie_url(),
        clock,
        writer: Writer::script(record.frames()),
        refused: Vec::new(),
        partition,
    }));
}

/// The cookie that a `cookieStore` call asks for: always secure, path `/` and `SameSite=Strict`
/// unless it says otherwise (Cookie Store API, section 3.3).
fn cookie_store(record: &Record) -> SetCookie {
    let delete = record.op == "cookieStore.delete";
    SetCookie {
        name: record.name.clone(),
        value: record.value.clone(),
        domain: record.domain.clone(),
        path: Some(record.path.clone().unwrap_or_else(|| "/".to_owned())),
        expires: record.expires.map(|ms| ms / 1000.0),
        max_age: delete.then_some(0),
        secure: true,
        http_only: false,
        same_site: Some(
            record
                .same_site
                .as_deref()
                .and_then(same_site)
                .unwrap_or(SameSite::Strict),
        ),
        partitioned: record.partitioned.unwrap_or(false),
        value_traits: None,
    }
}

fn same_site(word: &str) -> Option<SameSite> {
    [SameSite::Strict, SameSite::Lax, SameSite::None]
        .into_iter()
        .find(|s| s.as_str().eq_ignore_ascii_case(word))
}

/// A cookie of the jar in the words of the model.
pub(crate) fn stored(cookie: Cookie) -> StoredCookie {
    StoredCookie {
        host_only: !cookie.domain.starts_with('.'),
        domain: cookie.domain.trim_start_matches('.').to_ascii_lowercase(),
        name: cookie.name,
        value: cookie.value,
        path: cookie.path,
        expires: (!cookie.session && cookie.expires > 0.0).then_some(cookie.expires),
        size: to_u32(cookie.size),
        secure: cookie.secure,
        http_only: cookie.http_only,
        same_site: cookie.same_site.as_deref().and_then(same_site),
        partition: cookie.partition_key.map(|key| key.top_level_site),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jar(line: &str, expires: f64) -> StoredCookie {
        let cookie = SetCookie::parse(line);
        StoredCookie {
            name: cookie.name,
            value: cookie.value,
            domain: "a.test".to_owned(),
            host_only: true,
            path: "/".to_owned(),
            expires: Some(expires),
            size: 2,
            secure: false,
            http_only: false,
            same_site: None,
            partition: None,
        }
    }

    /// By how many seconds the jar's expiry is taken back, for a cookie written by a clock that is so
    /// many seconds ahead.
    fn taken_back(attribute: &str, ahead: f64) -> f64 {
        let line = format!("a=1; {attribute}");
        let cookie = SetCookie::parse(&line);
        let stored = cookie.expires.unwrap_or(1.0e9);
        let mut expiries = Expiries::default();
        expiries.note(&cookie, unix_now() + ahead);
        let corrected = expiries.correct(jar(&line, stored)).expires;
        (stored - corrected.expect("an expiry")).round()
    }

    #[test]
    fn only_moments_reckoned_by_a_fast_clock_are_corrected() {
        let date = "Expires=Fri, 01 Jan 2100 00:00:00 GMT";
        assert_eq!(taken_back(date, 30.0), 30.0);
        assert_eq!(taken_back(date, 1.0), 0.0, "no clock is that exact");
        assert_eq!(taken_back("Max-Age=60", 30.0), 0.0);
        assert_eq!(taken_back(&format!("{date}; Max-Age=60"), 30.0), 0.0);
    }

    #[test]
    fn another_expiry_of_the_same_name_is_left_alone() {
        let line = "a=1; Expires=Fri, 01 Jan 2100 00:00:00 GMT";
        let mut expiries = Expiries::default();
        expiries.note(&SetCookie::parse(line), unix_now() + 30.0);
        let other = jar(line, 2.0e9);
        assert_eq!(expiries.correct(other.clone()), other);
    }
}
