//! What the embedded catalogue and the EU profile exempt together: records of the choice, objections,
//! session ids, tokens against forgery, load balancers and bot checks. Nothing else may slip in.

use std::sync::LazyLock;

use preconsent::catalogue::matcher::Query;
use preconsent::catalogue::{Catalogue, Entry, builtin};
use preconsent::model::item::{Party, Store};
use preconsent::profile::{self, Profile};

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(builtin::catalogue);
static PROFILE: LazyLock<Profile> =
    LazyLock::new(|| profile::builtin("eu").expect("it is embedded"));

/// The sub-type on whose account a name is exempt on a site of nobody's, in any store and for either
/// party: by the name alone.
fn exempt_as(store: Store, name: &str) -> Option<String> {
    let (catalogue, profile) = (&*CATALOGUE, &*PROFILE);
    let is_exempt = |entry: &Entry| {
        let (sub_type, service) = (entry.sub_type.as_deref(), entry.service.as_deref());
        profile.exemption(entry.role, sub_type, service).is_some()
    };
    [Party::First, Party::Third].into_iter().find_map(|party| {
        let query = Query {
            store,
            name,
            values: &[],
            host: "shop.test",
            party,
            present: &[],
        };
        let (_, entry) = catalogue.find(&query)?;
        let ground = entry.sub_type.clone().unwrap_or_default();
        is_exempt(entry).then_some(ground)
    })
}

#[test]
fn what_needs_no_consent_is_exempt_on_its_own_ground() {
    for (ground, names) in [
        (
            "consent-record",
            "OptanonConsent OptanonAlertBoxClosed CookieConsent euconsent-v2 eupubconsent-v2 \
             didomi_token CookieLawInfoConsent cookieyes-consent cmplz_banner-status \
             cmplz_marketing cmplz_consented_services borlabs-cookie axeptio_cookies klaro \
             cc_cookie tarteaucitron cookieconsent_status _iub_cs-12345678 notice_preferences \
             notice_gdpr_prefs cmapi_cookie_privacy FCCDCF FCNEC usprivacy __gpp addtl_consent \
             __tlbcpv __tltpl_1a2b fastCMP-addtlConsent __cmpconsent12_34",
        ),
        ("opt-out", "__hs_opt_out _cs_optout piwik_ignore"),
        (
            "security-csrf",
            "csrftoken XSRF-TOKEN __RequestVerificationToken __RequestVerificationToken_L3Nob3A1",
        ),
        (
            "user-input",
            "PHPSESSID JSESSIONID ASP.NET_SessionId laravel_session",
        ),
        (
            "load-balancing",
            "AWSALB AWSALBCORS AWSALBTG AWSALBTGCORS BIGipServer~Common~pool_443 ARRAffinity \
             SERVERID ROUTEID INGRESSCOOKIE",
        ),
        (
            "bot-check",
            "__cf_bm cf_clearance TS01a2b3c4 TS01a2b3c4027 ak_bmsc incap_ses_1234_5678901",
        ),
    ] {
        for name in names.split_whitespace() {
            assert_eq!(
                exempt_as(Store::Cookie, name).as_deref(),
                Some(ground),
                "{name}"
            );
        }
    }
    for name in "uc_settings uc_user_interaction uc_services uc_tcf ucData ucString didomi_token \
                 didomi_dcs euconsent-v2 _sp_user_consent_12345"
        .split_whitespace()
    {
        let ground = exempt_as(Store::LocalStorage, name);
        assert_eq!(ground.as_deref(), Some("consent-record"), "{name}");
    }
}

#[test]
fn trackers_and_names_made_to_look_exempt_are_not() {
    let trackers = "_ga _gid _gat _ga_ABCDEF1234 _gcl_au _fbp _fbc fr IDE NID __gads __gpi \
                    __gpi_optout_id _hjid _hjSessionUser_1 _pk_id.1.1fff _clck MUID hubspotutk \
                    __hstc ajs_anonymous_id amplitude_id mp_abc_mixpanel _scid _ttp __qca \
                    visid_incap_123456 nlbi_visitor TSPD_101 __cmpiuid _sp_id.1fff session_id \
                    sessionid visitor_id uid token sid";
    let lookalikes = "OptanonConsent2 xOptanonConsent optanonconsent CookieConsentId klaro_uid \
                      cc_cookie_id PHPSESSID2 MYPHPSESSID phpsessid AWSALBX SERVERID2 serverid \
                      BIGipServer csrftoken_id XSRF-TOKEN-ID __RequestVerificationTokenVisitor \
                      TS01 TS01_visitor TS01visitor TS01a2b3c TS01a2b3c4x TS02a2b3c4 \
                      incap_ses_ incap_ses_visitor incap_ses_12 incap_ses_12_34_id \
                      _iub_cs- cmplz_ cmplz_tracker notice_visitor cmapi_visitor uc_visitor \
                      axeptio_visitor __gpp_id _cs_optout_id \
                      twk_64f0c0ffee64f0c0ffee64f0 Tawk_64f0c0ffee64f0c0ffee64f0 twk_cf";
    let names = trackers
        .split_whitespace()
        .chain(lookalikes.split_whitespace());
    let exempt = names.flat_map(|name| {
        let in_stores = Store::ALL.map(|store| (store, exempt_as(store, name)));
        let found = in_stores
            .into_iter()
            .filter_map(|(store, ground)| Some((store, ground?)));
        found.map(move |(store, ground)| format!("{name} in {}: {ground}", store.as_str()))
    });
    assert_eq!(exempt.collect::<Vec<_>>(), [""; 0]);
}

/// Patterns with at least so many literal characters are a vendor's own, whatever they leave open.
const TELLING: usize = 9;

/// A pattern that leaves something open exempts names that nobody has looked at. Short ones that do
/// so on every site are listed here, so that a new one is looked at by somebody.
#[test]
fn few_exempt_names_are_open() {
    let catalogue = builtin::catalogue();
    let open: Vec<String> = catalogue
        .entries()
        .filter(|(_, entry)| entry.sub_type.is_some() && !entry.name.is_exact())
        .filter(|(_, entry)| entry.hosts.is_empty() && !entry.needs_provider)
        .filter(|(_, entry)| entry.name.literals < TELLING)
        .map(|(_, entry)| match &entry.value {
            Some(value) => format!("{} = {}", entry.name.text, value.text),
            None => entry.name.text.clone(),
        })
        .collect();
    insta::assert_snapshot!(open.join("\n"), @r"
    akavpau_{name}
    AlteonP{id}
    nSGt-{id}
    TS01{id:hex6}
    TS01{id:hex6}{feature:digits}
    NSC_{server}
    ct_sfw_{name}
    cf_chl_{name}
    __cmpcvc*
    __cmpcpc*
    __cmpccc*
    _iub_cs-{site}
    __tltpl_{policy}
    fastCMP-*
    __cmpiab*
    __cmpwel*
    __cmpccx*
    __cmpfcc{id:digits}
    {id:hex32}username
    SESS{site:hex32}
    SSESS{site:hex32}
    pm_sess_{part:alnum}
    rc::d-{id}
    hu-form-{id}
    _pxff_{feature}
    nlbi_{site:digits}
    ___utmva{id}
    ___utmvb{id}
    ___utmvm{id}
    fbsr_{app:digits}
    pmaAuth-*
    pmaUser-*
    Tawk_{property_id:hex24} = *::cf
    twk_{property_id:hex24} = *::cf
    ");
}
