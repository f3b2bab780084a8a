//! The table, as people see it.

use preconsent::model::choice::ChoiceState;
use preconsent::report::Format;
use unicode_width::UnicodeWidthStr;

use super::{styled, text};
use crate::support::sample;

#[test]
#[expect(clippy::too_many_lines, reason = "one whole report as it is read")]
fn a_leaky_page_is_told_from_the_verdict_to_the_limits() {
    let report = sample::report(vec![sample::leaky()]);
    insta::assert_snapshot!(text(&report, Format::Table), @r#"
    FAIL  https://shop.test/leaky/
          led to https://www.shop.test/leaky/
          3 errors, 1 warning · 6 items · 3 visits

    • 3 errors: 2 pre-consent-storage, 1 reject-ignored

    FINDINGS  about the site
      ERROR  pre-consent-storage, 2 times
             fix: Load what stores the item only after the visitor accepted its
                  purpose.
        • the performance cookie TawkConnectionTime of tawk.to was stored before any
          choice
          seen     before any choice (visit "none")
          write    +950 ms  TawkConnectionTime=‹1 char, 0.0 bits/char›; Path=/;
                   SameSite=Lax; Secure
                   https://embed.tawk.to/_s/v4/app/…f4b2d4927/js/twk-main.js:1:20433
        • the performance cookie twk_uuid_64f0c0ffee64f0c0ffee64f0 of tawk.to was
          stored before any choice
          seen     before any choice (visit "none")
          write    +1.4 s  twk_uuid_64f0c0ffee64f0c0ffee64f0=‹182 chars, 4.9
                   bits/char, #1f6c9a02›; Domain=shop.test; Path=/;
                   Max-Age=15552000; SameSite=Lax; Secure
                   https://embed.tawk.to/_s/v4/app/…f4b2d4927/js/twk-main.js:1:20433
          sent     +1.6 s  sent before any choice
                   https://www.shop.test/api

      ERROR  reject-ignored
             fix: Make the widget ask the consent platform before it writes.
        • the performance cookie twk_uuid_64f0c0ffee64f0c0ffee64f0 of tawk.to was
          written after the visitor had rejected
          seen     after reject
          write    +1.4 s  twk_uuid_64f0c0ffee64f0c0ffee64f0=‹182 chars, 4.9
                   bits/char, #1f6c9a02›; Domain=shop.test; Path=/;
                   Max-Age=15552000; SameSite=Lax; Secure
                   https://embed.tawk.to/_s/v4/app/…f4b2d4927/js/twk-main.js:1:20433
          sent     +1.6 s  sent before any choice
                   https://www.shop.test/api

      WARN   pre-consent-storage (likely)
             fix: Find out what it is for and describe it in a catalogue (--rules).
        • the cookie _px was stored before any choice, and no catalogue says what it
          is for
          seen     before any choice (visit "reject")
          write    +640 ms  _px=‹4 chars, 2.0 bits/char›; Max-Age=63072000;
                   SameSite=None; Secure
                   https://pixel.test/p.gif?id=‹4 chars, 2.0 bits/char›

    THE RUN ITSELF  neither for nor against the site
      WARN   scenario-unverified
             fix: Describe the banner in a recipe (--rules).
        • the visitor pressed "Alles akzeptieren", but nothing shows that it took
          effect
          seen     visit "accept"
          choice   +2.1 s  the banner stayed

      All evidence is in the JSON report: -o report.json

    PROVIDERS  whose code was found
      tawk.to            request to embed.tawk.to; global Tawk_API

    VISITS  and whether the visitor's choice took effect
      none     makes no choice
      reject   proven, by a recipe (vanilla-cookieconsent)
               pressed "Reject all"
               the record cc_cookie now lists only the necessary category
      accept   not proven, by the text of a button
               pressed "Alles akzeptieren", but the banner stayed
      engine   browser, Chrome/156.0.8078.79; third-party cookies are allowed

    INVENTORY  6 items
      tawk.to
        • TawkConnectionTime · cookie of shop.test, first party
          role  performance (vendor: "Performance and functionality"), needs consent
          kept  session, as declared
          seen  before any choice; still there after reject and reload
          by    https://embed.tawk.to/_s/v4/app/6…s/twk-main.js:1:20433 in setCookie
        • twk_uuid_64f0c0ffee64f0c0ffee64f0 · cookie of shop.test, first party
          role  performance (vendor: "Essential"), needs consent
          kept  180 days; declared: 6 months
          seen  before any choice; still there after reject and reload
          by    https://embed.tawk.to/_s/v4/app/6…s/twk-main.js:1:20433 in setCookie
          to    va.tawk.to before a choice (body)
          from  inline script of the page, line 12
        • exist_test · local-storage of https://www.shop.test, first party
          role  essential, needs no consent
          kept  not kept; declared: a moment
          seen  for a moment before any choice
          by    https://embed.tawk.to/_s/v4/app/67f4b2d4927/js/twk-main.js:1:20433
        • twk_token_64f0c0ffee64f0c0ffee64f0 · local-storage of
          https://www.shop.test, first party
          role  performance (vendor: "Essential"), needs consent
          kept  until cleared, as declared
          seen  after accept and reload
          by    https://embed.tawk.to/_s/v4/app/6…s/twk-main.js:1:20433 in setCookie
        • previousNav · session-storage of https://www.shop.test, first party
          role  performance (vendor: "Essential"), needs consent
          kept  not observed; declared: session
          seen  predicted from code in the page
          by    not seen
      provider unknown
        • _px · cookie of pixel.test, third party
          role  unclassified, in no catalogue
          kept  400 days (asked for 2 years)
          seen  before any choice (visit "reject"); removed after reject
          by    response https://pixel.test/p.gif?id=‹4 chars, 2.0 bits/char›

    COVERAGE  which checks could judge the visits
      1 check ran, 0 not applicable, 1 inconclusive; the JSON and Markdown reports
      say which and why.
      inconclusive  consent-record-lifetime
                    scenario accept: nothing proves the choice to accept

    LIMITS  what these visits could not see
      • Only the page itself was visited, no further pages (--pages).

    preconsent 0.1.0, profile eu, started 2026-11-24T09:30:00Z
    "#);
}

#[test]
fn a_pass_says_what_it_rests_on() {
    let report = sample::report(vec![sample::compliant()]);
    insta::assert_snapshot!(text(&report, Format::Table), @r#"
    PASS  https://shop.test/compliant/
          no findings · 1 item · 3 visits

    Everything was observed, and nothing was found that fails.

    VISITS  and whether the visitor's choice took effect
      none     makes no choice
      reject   proven, by a recipe (vanilla-cookieconsent)
               pressed "Reject all"
               the record cc_cookie now lists only the necessary category
      accept   proven, by a recipe (vanilla-cookieconsent)
               pressed "Accept all"
      engine   browser, Chrome/156.0.8078.79; third-party cookies are allowed

    INVENTORY  1 item
      tawk.to
        • twk_uuid_64f0c0ffee64f0c0ffee64f0 · cookie of shop.test, first party
          role  performance (vendor: "Essential"), needs consent
          kept  180 days; declared: 6 months
          seen  after accept
          by    https://embed.tawk.to/_s/v4/app/6…s/twk-main.js:1:20433 in setCookie
          to    va.tawk.to before a choice (body)
          from  inline script of the page, line 12

    preconsent 0.1.0, profile eu, started 2026-11-24T09:30:00Z
    "#);
}

#[test]
fn a_pass_claims_no_choice_that_was_not_made() {
    let mut target = sample::compliant();
    target.visits[1].choice.state = ChoiceState::NotOffered;
    let report = sample::report(vec![target.clone()]);
    for format in [Format::Table, Format::Markdown] {
        let rendered = text(&report, format);
        let words = rendered.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("No way to reject was found"), "{words}");
        assert!(!words.contains("Everything was observed"), "{words}");
    }
    target.visits.truncate(1);
    let report = sample::report(vec![target]);
    let words = text(&report, Format::Markdown);
    assert!(words.contains("No choice was tried"), "{words}");
}

#[test]
fn a_host_that_cannot_be_reached_is_no_pass() {
    let report = sample::report(vec![sample::unreachable()]);
    insta::assert_snapshot!(text(&report, Format::Table), @r#"
    INCONCLUSIVE  https://nowhere.test/
                  no findings · 0 items · 1 visit

    • dns-failure: no address is known for the host nowhere.test

    THE RUN ITSELF  neither for nor against the site
      WARN   blocked-or-challenged
             fix: Check the address, or map the host with --resolve.
        • the page could not be visited
          seen     visit "none"
          fault    +12 ms  no address is known for the host nowhere.test

    VISITS  and whether the visitor's choice took effect
      none     makes no choice; fault: dns-failure
      engine   browser, Chrome/156.0.8078.79; third-party cookies are allowed

    INVENTORY  nothing could be seen

    preconsent 0.1.0, profile eu, started 2026-11-24T09:30:00Z
    "#);
}

#[test]
fn several_targets_end_with_a_summary() {
    let table = text(&sample::three(), Format::Table);
    let (_, end) = table
        .rsplit_once("could be seen\n")
        .expect("the last section");
    insta::assert_snapshot!(end, @"
    ────────────────────────────────────────────────────────────────────────────────
    FAIL  3 targets: 1 failed, 1 inconclusive, 1 passed · 3 errors, 1 warning · 7
          items
    preconsent 0.1.0, profile eu, started 2026-11-24T09:30:00Z
    ");
}

#[test]
fn a_wide_terminal_gets_the_inventory_as_a_table() {
    let report = sample::report(vec![sample::leaky()]);
    let wide = styled(&report, Format::Table, 150, false);
    let (_, inventory) = wide.split_once("INVENTORY").expect("an inventory");
    let header = inventory.lines().nth(1).expect("a header");
    let columns: Vec<&str> = header.split_whitespace().collect();
    assert_eq!(
        columns,
        ["item", "store", "provider", "role", "kept", "seen", "by"]
    );
}

#[test]
fn every_line_fits_the_width() {
    let report = sample::three();
    for width in [40, 80, 100, 139, 140, 160] {
        for line in styled(&report, Format::Table, width, false).lines() {
            assert!(line.width() <= width, "{width}: {line}");
        }
    }
}

#[test]
fn odd_widths_do_no_harm() {
    for width in [0, 1, 39, usize::MAX] {
        for line in styled(&sample::three(), Format::Table, width, false).lines() {
            assert!(line.width() <= width.clamp(40, 160), "{width}: {line}");
        }
    }
}

#[test]
fn colour_is_only_colour() {
    let report = sample::three();
    let plain = text(&report, Format::Table);
    let coloured = styled(&report, Format::Table, 80, true);
    assert!(!plain.contains('\u{1b}'), "colour where none is wanted");
    assert!(coloured.starts_with("\u{1b}[1m\u{1b}[31mFAIL\u{1b}[0m  "));
    let codes = regex::Regex::new("\u{1b}\\[[0-9;]*m").expect("a constant");
    assert_eq!(codes.replace_all(&coloured, ""), plain);
}
