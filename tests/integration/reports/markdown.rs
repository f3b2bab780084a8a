//! The Markdown report.

use preconsent::report::Format;

use super::text;
use crate::support::sample;

#[test]
fn a_leaky_page_in_markdown() {
    let report = sample::report(vec![sample::leaky()]);
    insta::assert_snapshot!(text(&report, Format::Markdown), @r#"
    # Consent report: fail

    ## Fail: <https://shop.test/leaky/>

    Led to `https://www.shop.test/leaky/`.

    - 3 errors: 2 pre-consent-storage, 1 reject-ignored

    ### Findings about the site

    | no | severity | check | item | seen | what was found |
    |---|---|---|---|---|---|
    | 1 | **error** | `pre-consent-storage` | cookie `TawkConnectionTime` | before any choice (visit "none") | the performance cookie TawkConnectionTime of `tawk.to` was stored before any choice |
    | 2 | **error** | `pre-consent-storage` | cookie `twk_uuid_64f0c0ffee64f0c0ffee64f0` | before any choice (visit "none") | the performance cookie `twk_uuid_64f0c0ffee64f0c0ffee64f0` of `tawk.to` was stored before any choice |
    | 3 | **error** | `reject-ignored` | cookie `twk_uuid_64f0c0ffee64f0c0ffee64f0` | after reject | the performance cookie `twk_uuid_64f0c0ffee64f0c0ffee64f0` of `tawk.to` was written after the visitor had rejected |
    | 4 | **warn** (likely) | `pre-consent-storage` | cookie `_px` | before any choice (visit "reject") | the cookie `_px` was stored before any choice, and no catalogue says what it is for |

    - `pre-consent-storage`: Load what stores the item only after the visitor accepted its purpose.
    - `reject-ignored`: Make the widget ask the consent platform before it writes.
    - `pre-consent-storage`: Find out what it is for and describe it in a catalogue (`--rules`).

    <details>
    <summary>Evidence</summary>

    - No 1, `pre-consent-storage`
      - write, +950 ms: `TawkConnectionTime=‹1 char, 0.0 bits/char›; Path=/; SameSite=Lax; Secure` (`https://embed.tawk.to/_s/v4/app/67f4b2d4927/js/twk-main.js:1:20433`)
    - No 2, `pre-consent-storage`
      - write, +1.4 s: `twk_uuid_64f0c0ffee64f0c0ffee64f0=‹182 chars, 4.9 bits/char, #1f6c9a02›; Domain=shop.test; Path=/; Max-Age=15552000; SameSite=Lax; Secure` (`https://embed.tawk.to/_s/v4/app/67f4b2d4927/js/twk-main.js:1:20433`)
      - present, +2.1 s: `stored at the end of before-choice: twk_uuid_64f0c0ffee64f0c0ffee64f0=‹182 chars, 4.9 bits/char, #1f6c9a02›; Domain=shop.test; Path=/; Max-Age=15552000; SameSite=Lax; Secure`
      - sent, +1.6 s: `sent before any choice` (`https://www.shop.test/api`)
      - catalogue: `twk_uuid_{property_id:hex24}: performance` (`tawk.yaml:41`)
      - profile: `profile eu: performance needs consent`
    - No 3, `reject-ignored`
      - write, +1.4 s: `twk_uuid_64f0c0ffee64f0c0ffee64f0=‹182 chars, 4.9 bits/char, #1f6c9a02›; Domain=shop.test; Path=/; Max-Age=15552000; SameSite=Lax; Secure` (`https://embed.tawk.to/_s/v4/app/67f4b2d4927/js/twk-main.js:1:20433`)
      - present, +2.1 s: `stored at the end of before-choice: twk_uuid_64f0c0ffee64f0c0ffee64f0=‹182 chars, 4.9 bits/char, #1f6c9a02›; Domain=shop.test; Path=/; Max-Age=15552000; SameSite=Lax; Secure`
      - sent, +1.6 s: `sent before any choice` (`https://www.shop.test/api`)
      - catalogue: `twk_uuid_{property_id:hex24}: performance` (`tawk.yaml:41`)
      - profile: `profile eu: performance needs consent`
    - No 4, `pre-consent-storage`
      - write, +640 ms: `_px=‹4 chars, 2.0 bits/char›; Max-Age=63072000; SameSite=None; Secure` (`https://pixel.test/p.gif?id=‹4 chars, 2.0 bits/char›`)

    </details>

    ### About the run itself, neither for nor against the site

    | no | severity | check | item | seen | what was found |
    |---|---|---|---|---|---|
    | 1 | **warn** | `scenario-unverified` |  | visit "accept" | the visitor pressed "Alles akzeptieren", but nothing shows that it took effect |

    - `scenario-unverified`: Describe the banner in a recipe (`--rules`).

    <details>
    <summary>Evidence</summary>

    - No 1, `scenario-unverified`
      - choice, +2.1 s: `the banner stayed`

    </details>

    ### Providers

    - `tawk.to`: request to `embed.tawk.to`; global `Tawk_API`

    ### Visits

    | visit | choice | evidence | faults |
    |---|---|---|---|
    | none | makes no choice |  |  |
    | reject | proven, by a recipe (vanilla-cookieconsent) | pressed "Reject all"; the record `cc_cookie` now lists only the necessary category |  |
    | accept | not proven, by the text of a button | pressed "Alles akzeptieren", but the banner stayed |  |

    Engine: `Chrome/156.0.8078.79`; third-party cookies are allowed

    ### Consent signals

    | visit | phase | signal | value |
    |---|---|---|---|
    | reject | before-choice | `consent-mode.default` | `ad_storage=denied` |
    | reject | after-choice | `consent-mode.update` | `ad_storage=denied` |
    | accept | before-choice | `consent-mode.default` | `ad_storage=denied` |
    | accept | after-choice | `consent-mode.update` | `ad_storage=denied` |

    ### Inventory

    | item | store | place | party | provider | role | kept | seen | written by | sent to |
    |---|---|---|---|---|---|---|---|---|---|
    | `_px` | cookie | `pixel.test` | third |  | unclassified, in no catalogue | 400 days (asked for 2 years) | before any choice (visit "reject"); removed after reject | `response https://pixel.test/p.gif?id=‹4 chars, 2.0 bits/char›` |  |
    | `TawkConnectionTime` | cookie | `shop.test` | first | `tawk.to` | performance (vendor: Performance and functionality), needs consent | session, as declared | before any choice; still there after reject and reload | `https://embed.tawk.to/_s/v4/app/67f4b2d4927/js/twk-main.js:1:20433 in setCookie` |  |
    | `twk_uuid_64f0c0ffee64f0c0ffee64f0` | cookie | `shop.test` | first | `tawk.to` | performance (vendor: Essential), needs consent | 180 days; declared: 6 months | before any choice; still there after reject and reload | `https://embed.tawk.to/_s/v4/app/67f4b2d4927/js/twk-main.js:1:20433 in setCookie` ← `inline script of the page, line 12` | `va.tawk.to before a choice (body)` |
    | `exist_test` | local-storage | `https://www.shop.test` | first | `tawk.to` | essential, needs no consent | not kept; declared: a moment | for a moment before any choice | `https://embed.tawk.to/_s/v4/app/67f4b2d4927/js/twk-main.js:1:20433` |  |
    | `twk_token_64f0c0ffee64f0c0ffee64f0` | local-storage | `https://www.shop.test` | first | `tawk.to` | performance (vendor: Essential), needs consent | until cleared, as declared | after accept and reload | `https://embed.tawk.to/_s/v4/app/67f4b2d4927/js/twk-main.js:1:20433 in setCookie` |  |
    | `previousNav` | session-storage | `https://www.shop.test` | first | `tawk.to` | performance (vendor: Essential), needs consent | not observed; declared: session | predicted from code in the page | not seen |  |

    ### Coverage

    <details>
    <summary>Which check could judge which visit</summary>

    | check | none | reject | accept |
    |---|---|---|---|
    | `pre-consent-storage` | ran | ran | ran |
    | `consent-record-lifetime` | n/a (1) | n/a (2) | **inconclusive** (3) |

    1. none: needs the choice accept
    2. reject: needs the choice accept
    3. accept: nothing proves the choice to accept

    </details>

    ### Limits

    - Only the page itself was visited, no further pages (`--pages`).

    ---

    preconsent `0.1.0`, profile `eu`, started `2026-11-24T09:30:00Z`
    "#);
}

#[test]
fn several_targets_begin_with_a_summary() {
    let markdown = text(&sample::three(), Format::Markdown);
    let (start, _) = markdown.split_once("\n## ").expect("a target");
    insta::assert_snapshot!(start, @"
    # Consent report: fail

    | verdict | target | reason |
    |---|---|---|
    | **fail** | <https://shop.test/leaky/> | 3 errors: 2 pre-consent-storage, 1 reject-ignored |
    | **pass** | <https://shop.test/compliant/> |  |
    | **inconclusive** | <https://nowhere.test/> | dns-failure: no address is known for the host `nowhere.test` |

    3 targets: 1 failed, 1 inconclusive, 1 passed; 3 errors, 1 warning; 7 items.
    ");
}
