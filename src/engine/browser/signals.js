// Reads what a page's own interfaces say about consent, in the page's world: nowhere else are they.
// Answers come at once or within a few steps of promises; timers are not used, since the page's clock
// may stand still. What throws says nothing.
async () => {
  const signals = [];
  const say = (name, value) => {
    if (signals.length < 60 && value !== undefined && value !== null && value !== "") {
      signals.push([name, String(value).slice(0, 2000)]);
    }
  };
  const attempt = (read) => {
    try { read(); } catch {}
  };
  const granted = (flags) =>
    Object.keys(flags ?? {}).slice(0, 200).filter((id) => flags[id] === true).join(",") || "none";

  attempt(() => say("gpc", navigator.globalPrivacyControl));

  attempt(() => {
    const layers = new Set(["dataLayer", window.google_tag_manager?.dataLayer?.name]);
    for (const name of layers) {
      const layer = window[name];
      if (!Array.isArray(layer)) continue;
      for (const entry of Array.prototype.slice.call(layer, 0, 5000)) {
        if (entry?.[0] !== "consent" || typeof entry[1] !== "string") continue;
        const fields = Object.entries(entry[2] ?? {}).slice(0, 20);
        say(`consent-mode.${entry[1].slice(0, 20)}`, fields.map(([key, value]) => `${key}=${value}`).join(", "));
      }
    }
  });

  attempt(() => typeof __tcfapi === "function" && __tcfapi("getTCData", 2, (data, ok) => {
    if (!ok || !data) return;
    say("tcf.gdprApplies", data.gdprApplies);
    say("tcf.eventStatus", data.eventStatus);
    say("tcf.cmpStatus", data.cmpStatus);
    say("tcf.purposeConsents", granted(data.purpose?.consents));
    say("tcf.purposeLegitimateInterests", granted(data.purpose?.legitimateInterests));
    say("tcf.tcString", data.tcString);
  }));

  attempt(() => typeof __gpp === "function" && __gpp("ping", (data, ok) => {
    if (ok === false || !data) return;
    say("gpp.cmpStatus", data.cmpStatus);
    say("gpp.signalStatus", data.signalStatus);
    say("gpp.applicableSections", data.applicableSections);
    say("gpp.gppString", data.gppString);
  }));

  attempt(() => typeof __uspapi === "function" && __uspapi("getUSPData", 1, (data, ok) => {
    if (ok && data) say("usp", data.uspString);
  }));

  attempt(() => {
    const tawk = window.Tawk_API;
    if (!tawk || typeof tawk !== "object") return;
    say("tawk.autoStart", tawk.autoStart);
    for (const name of ["onLoaded", "onBeforeLoaded"]) {
      if (typeof tawk[name] === "boolean") say(`tawk.${name}`, tawk[name]);
    }
    for (const name of ["getStatus", "isChatHidden", "isChatMaximized", "isChatOngoing", "isVisitorEngaged"]) {
      attempt(() => typeof tawk[name] === "function" && say(`tawk.${name}`, tawk[name]()));
    }
  });

  for (let step = 0; step < 20; step++) await null;
  return signals;
}
