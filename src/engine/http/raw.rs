//! Between the model's cookies and the library's.
//!
//! The library reads no line without a name and caps no lifetime, so it is handed a line that it can
//! read; the real name and value are put in afterwards.

use cookie_store::{
    Cookie, CookieError, CookieExpiration, CookieStore, RawCookie, RawCookieParseError,
};
use url::Url;

use crate::model::cookie::{Lifetime, SameSite, SetCookie, StoredCookie};

/// Browsers keep no cookie for longer than 400 days.
const LONGEST: i64 = 400 * 24 * 3600;

/// Puts an allowed cookie into its store; gives the store's own reason if it does not take it.
pub(super) fn put(
    store: &mut CookieStore,
    cookie: &SetCookie,
    domain: &str,
    host_only: bool,
    clock: f64,
    url: &Url,
) -> Option<String> {
    let line = raw(cookie, domain, host_only, clock, url);
    match line.map(|raw| store.insert_raw(&raw, url)) {
        // Deleting what is not there is an error of the store, but no refusal.
        Ok(Ok(_) | Err(CookieError::Expired)) => None,
        Ok(Err(error)) => Some(error.to_string()),
        Err(error) => Some(error.to_string()),
    }
}

/// The cookie as the store takes it: a line it can read, with the real name and value put in after.
fn raw(
    cookie: &SetCookie,
    domain: &str,
    host_only: bool,
    clock: f64,
    url: &Url,
) -> Result<RawCookie<'static>, RawCookieParseError> {
    let max_age = match cookie.requested(clock) {
        Lifetime::Session => None,
        Lifetime::Seconds(seconds) => Some(seconds.min(LONGEST)),
        Lifetime::Delete => Some(0),
    };
    let readable = SetCookie {
        name: "name".into(),
        value: String::new(),
        domain: (!host_only).then(|| domain.to_owned()),
        path: Some(cookie.effective_path(url.as_str())),
        expires: None,
        max_age,
        ..cookie.clone()
    };
    let mut raw = RawCookie::parse(readable.to_string())?;
    raw.set_name(cookie.name.clone());
    raw.set_value(cookie.value.clone());
    Ok(raw)
}

/// The library's cookie as the model has it.
pub(super) fn stored(
    cookie: &Cookie<'static>,
    host_only: bool,
    partition: Option<String>,
) -> StoredCookie {
    #[expect(
        clippy::cast_precision_loss,
        reason = "seconds of this millennium fit a float exactly"
    )]
    let expires = match &cookie.expires {
        CookieExpiration::AtUtc(moment) => Some(moment.unix_timestamp() as f64),
        CookieExpiration::SessionEnd => None,
    };
    let size = cookie.name().len() + cookie.value().len();
    StoredCookie {
        name: cookie.name().to_owned(),
        value: cookie.value().to_owned(),
        domain: String::from(&cookie.domain),
        host_only,
        path: String::from(&cookie.path),
        expires,
        size: u32::try_from(size).unwrap_or(u32::MAX),
        secure: cookie.secure().unwrap_or(false),
        http_only: cookie.http_only().unwrap_or(false),
        same_site: same_site(cookie),
        partition,
    }
}

/// The `SameSite` attribute, as the model has it.
pub(super) fn same_site(cookie: &RawCookie<'static>) -> Option<SameSite> {
    let same_site = cookie.same_site()?;
    Some(if same_site.is_strict() {
        SameSite::Strict
    } else if same_site.is_lax() {
        SameSite::Lax
    } else {
        SameSite::None
    })
}
