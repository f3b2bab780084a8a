//! The recordings in `fixtures/visits/`, judged by the embedded catalogue.

use preconsent::catalogue::builtin;
use preconsent::model::report::{ReportItem, TargetReport};
use preconsent::store::recording;

use super::{Bench, evidence, told};
use crate::support::command::fixture;

fn judge(recordings: &[&str]) -> TargetReport {
    let read = |name: &&str| recording::read(fixture(name).as_ref()).expect("a recording");
    let bench = Bench {
        catalogue: builtin::catalogue(),
        ..Bench::default()
    };
    bench.judge(recordings.iter().map(read).collect())
}

/// Everything that the inventory says of an item, in a line.
fn line(item: &ReportItem) -> String {
    let seen = item.seen.iter().map(|s| {
        format!(
            "{} {} {}",
            s.scenario.as_str(),
            s.phase.as_str(),
            s.presence.as_str()
        )
    });
    format!(
        "{} {} | {} {} | {} | declared {} requested {:?} stored {:?} | {}",
        item.key.store.as_str(),
        item.key.name,
        item.party.as_str(),
        item.key.place,
        item.role.as_str(),
        item.lifetime.declared.as_deref().unwrap_or("-"),
        item.lifetime.requested_s,
        item.lifetime.stored_s,
        seen.collect::<Vec<_>>().join(", ")
    )
}

#[test]
fn a_chat_that_loads_at_once_is_found_item_by_item() {
    let report = judge(&["tawk-leaky-none.jsonl"]);
    insta::assert_snapshot!(told(&report), @r"
    fail
    - 6 confirmed errors: pre-consent-storage (6)
    error confirmed pre-consent-storage [none before-choice] cookie TawkConnectionTime (tawk.to, functionality) was stored before any choice
    error confirmed pre-consent-storage [none before-choice] cookie twk_idm_key (tawk.to, functionality) was stored before any choice
    error confirmed pre-consent-storage [none before-choice] cookie twk_uuid_64f0c0ffee64f0c0ffee64f0 (tawk.to, performance) was stored before any choice
    error confirmed pre-consent-storage [none before-choice] local storage key twk_64f0c0ffee64f0c0ffee64f0 (tawk.to, performance) was stored before any choice
    error confirmed pre-consent-storage [none before-choice] local storage key twk_token_64f0c0ffee64f0c0ffee64f0 (tawk.to, functionality) was stored before any choice
    error confirmed pre-consent-storage [none before-choice] session storage key previousNav (tawk.to, performance) was stored before any choice
    warn confirmed essential-before-request [none before-choice] cookie twk_idm_key (tawk.to, functionality) is called essential for the chat, but was stored before the visitor asked for it
    warn confirmed essential-before-request [none before-choice] cookie twk_uuid_64f0c0ffee64f0c0ffee64f0 (tawk.to, performance) is called essential for the chat, but was stored before the visitor asked for it
    warn confirmed essential-before-request [none before-choice] local storage key twk_token_64f0c0ffee64f0c0ffee64f0 (tawk.to, functionality) is called essential for the chat, but was stored before the visitor asked for it
    info confirmed documented-otherwise [none before-choice] cookie twk_uuid_64f0c0ffee64f0c0ffee64f0 (tawk.to, performance) is documented as tawk_uuid_{property_id} or tawk_uuid_*
    info confirmed attr-weak [none before-choice] cookie PHPSESSID (web frameworks, essential) lacks SameSite
    ");
    let lines: Vec<String> = report.items.iter().map(line).collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    cookie PHPSESSID | first shop.test | essential | declared P1D requested None stored None | none before-choice present, none after-scroll present
    cookie TawkConnectionTime | first shop.test | functionality | declared session requested None stored None | none before-choice present, none after-scroll present
    cookie twk_idm_key | first shop.test | functionality | declared session requested None stored None | none before-choice present, none after-scroll present
    cookie twk_uuid_64f0c0ffee64f0c0ffee64f0 | first shop.test | performance | declared P6M requested Some(15552000) stored Some(15552000) | none before-choice present, none after-scroll present
    local-storage exist_test | first https://shop.test | functionality | declared transient requested None stored None | none before-choice transient
    local-storage twk_64f0c0ffee64f0c0ffee64f0 | first https://shop.test | performance | declared until-cleared requested None stored None | none before-choice present, none after-scroll present
    local-storage twk_token_64f0c0ffee64f0c0ffee64f0 | first https://shop.test | functionality | declared until-cleared requested None stored None | none before-choice present, none after-scroll present
    session-storage previousNav | first https://shop.test | performance | declared session requested None stored None | none before-choice present, none after-scroll present
    ");
    insta::assert_snapshot!(evidence(&report, "pre-consent-storage"), @r#"
    write 160 TawkConnectionTime=‹1 char, 0.0 bits/char›; Path=/; SameSite=Lax; Secure <https://embed.tawk.to/_s/v4/app/67f4b2d4927/js/twk-main.js:3:14>
    present 1000 stored at the end of before-choice: TawkConnectionTime=‹1 char, 0.0 bits/char›; Path=/; Secure; SameSite=Lax <->
    catalogue - tawk.to: TawkConnectionTime: functionality (the vendor says "Performance and functionality"): It serves the chat connection only, and is written before anyone opens the chat. <builtin:catalogue/tawk.yaml:37>
    profile - profile eu: functionality needs consent <->
    "#);
    insta::assert_snapshot!(format!("{:?}", report.providers), @r#"[ProviderSeen { id: "tawk", name: "tawk.to", evidence: ["request to embed.tawk.to", "request to va.tawk.to", "global Tawk_API"] }]"#);
}

#[test]
fn a_chat_that_loads_after_the_rejection_ignores_it() {
    let report = judge(&["tawk-ignores-reject.jsonl"]);
    insta::assert_snapshot!(told(&report), @r"
    fail
    - 6 confirmed errors: reject-ignored (6)
    error confirmed reject-ignored [reject after-choice] cookie TawkConnectionTime (tawk.to, functionality) was written after the visitor had rejected
    error confirmed reject-ignored [reject after-choice] cookie twk_idm_key (tawk.to, functionality) was written after the visitor had rejected
    error confirmed reject-ignored [reject after-choice] cookie twk_uuid_64f0c0ffee64f0c0ffee64f0 (tawk.to, performance) was written after the visitor had rejected
    error confirmed reject-ignored [reject after-choice] local storage key twk_64f0c0ffee64f0c0ffee64f0 (tawk.to, performance) was written after the visitor had rejected
    error confirmed reject-ignored [reject after-choice] local storage key twk_token_64f0c0ffee64f0c0ffee64f0 (tawk.to, functionality) was written after the visitor had rejected
    error confirmed reject-ignored [reject after-choice] session storage key previousNav (tawk.to, performance) was written after the visitor had rejected
    info confirmed documented-otherwise [reject after-choice] cookie twk_uuid_64f0c0ffee64f0c0ffee64f0 (tawk.to, performance) is documented as tawk_uuid_{property_id} or tawk_uuid_*
    info confirmed attr-weak [reject before-choice] cookie PHPSESSID (web frameworks, essential) lacks SameSite
    ");
}

#[test]
fn a_chat_whose_registration_is_refused_is_judged_by_what_it_did_store() {
    let report = judge(&["tawk-refused-none.jsonl"]);
    insta::assert_snapshot!(told(&report), @r"
    fail
    - 2 confirmed errors: pre-consent-storage (2)
    - tawk.to answered with status 403: The widget stores its visitor id, token and last page only after its server has registered the visitor
    error confirmed pre-consent-storage [none before-choice] cookie TawkConnectionTime (tawk.to, functionality) was stored before any choice
    error confirmed pre-consent-storage [none before-choice] cookie twk_idm_key (tawk.to, functionality) was stored before any choice
    warn confirmed essential-before-request [none before-choice] cookie twk_idm_key (tawk.to, functionality) is called essential for the chat, but was stored before the visitor asked for it
    warn confirmed blocked-or-challenged [none before-choice] tawk.to answered with status 403: The widget stores its visitor id, token and last page only after its server has registered the visitor
    ");
}

#[test]
fn judging_twice_gives_the_same_report() {
    let visits = ["tawk-ignores-reject.jsonl", "tawk-leaky-none.jsonl"];
    let report = judge(&visits);
    assert_eq!(report, judge(&visits));
    assert_eq!(report.visits[0].scenario.as_str(), "none");
}
