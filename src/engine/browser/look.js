/* One look at a document: which known banners show, with their controls, and else what looks like a
 * banner. Evaluate it after `dom.js`, in the same world; it adds questions to `preconsentDom`:
 *
 *   learn([{banner: ["#a"], accept: [...], reject: [...], settings: [...], save: [...],
 *           dismiss: [...]}, ...])
 *                               the recipes to look for; once per document.
 *   look(choice)                {recipes, controls, suspects}, or null before `learn`. `recipes` are
 *                               the known banners that show, as {index, banner, controls};
 *                               `controls` those of `dom.js`, read only if no known banner has a
 *                               control for the choice. `suspects` counts elements that may hide a
 *                               closed shadow tree (see `suspects`).
 *   reopeners(selectors)        what may show the banner again: {known, controls, height}; `known` is the first
 *                               of the selectors that shows, `controls` every short control of the
 *                               page, as {ref, text, label, leaves, hit, topic, floats}: whether it
 *                               speaks of consent, and whether it stays in place when scrolled.
 *   form(selectors)             the buttons inside the frames of the selectors that belong to this
 *                               document's origin and show: [{x, y, text}], in document order.
 *   focus(ref)                  gives the keyboard to an element: {focused}.
 *   hits(ref, x, y)             whether a click there would reach the element: {hit}.
 *
 * and two functions that take elements, which only the protocol can hand over:
 *
 *   preconsentFrame(element)    a frame's place: {ref, x, y, w, h, visible, score}
 *   preconsentAdopt(host, root) from now on, `root` is the host's shadow tree.
 *   preconsentSuspects()        the elements that `suspects` counted. */
((dom) => {
  "use strict";
  const { api, closed, ancestors, controls, describe, elements, firstVisible, hints, hold, isControl,
    isElement, isVisible, labelOf, leaves, matches, parentOf, pressPoint, queryAll, reaches, readable, rectOf,
    refOf, rootsAmong, selectIn, shadowRoot, speaksOfConsent, squeeze, structure, style, tagName, textBelow, topmost,
    walkAll } = dom.parts;
  if (api.look) return true;

  const KINDS = ["accept", "reject", "settings", "save", "dismiss"];
  const MAX_SUSPECTS = 12;
  const SUSPECTED = 6;
  /* A frame's own place in the page adds to its banner's score, so little is enough here. */
  const MIN_IN_FRAME = 1;

  let recipes = null;
  let joined = "";

  const valid = (selector) => {
    try {
      matches(document.createElementNS("http://www.w3.org/1999/xhtml", "a"), selector);
      return true;
    } catch {
      return false;
    }
  };

  const learn = (list) => {
    recipes = list.map((recipe) => {
      const kept = ["banner", ...KINDS].map((kind) => [kind, (recipe[kind] || []).filter(valid)]);
      return Object.fromEntries(kept);
    });
    joined = recipes.flatMap((recipe) => recipe.banner).join(", ");
    return true;
  };

  const isWithin = (element, box) => {
    for (let up = element; up; up = parentOf(up)) if (up === box) return true;
    return false;
  };

  /* Hosts and wrappers often have no size of their own: what they hold shows instead. */
  const showing = (boxes, found) => {
    const whole = boxes.find(isVisible);
    if (whole) return whole;
    const around = boxes.find((box) => Object.values(found).some((element) => isWithin(element, box)));
    // The second layer may stand beside a first one that is hidden now.
    return around || (found.save && sheet(found.save));
  };

  /* The layer that an element is on. */
  const sheet = (element) => {
    for (const up of ancestors(element)) if (structure(up) >= 2) return up;
    return parentOf(element);
  };

  const known = (roots) => {
    const boxes = joined ? roots.flatMap((root) => selectIn(root, joined)) : [];
    if (!boxes.length) return [];
    const shown = [];
    for (const [index, recipe] of recipes.entries()) {
      const own = boxes.filter((box) => recipe.banner.some((selector) => matches(box, selector)));
      if (!own.length) continue;
      const found = {};
      for (const kind of KINDS) {
        const first = firstVisible(recipe[kind], roots);
        if (first) found[kind] = first.element;
      }
      const banner = showing(own, found);
      if (!banner) continue;
      const ref = refOf(banner);
      const described = Object.entries(found).map(([kind, element]) => {
        hold(ref, element);
        return [kind, describe(element)];
      });
      shown.push({ index, banner: ref, controls: Object.fromEntries(described) });
    }
    return shown;
  };

  const look = (choice) => {
    if (!recipes) return null;
    const walked = walkAll();
    const roots = rootsAmong(walked);
    const shown = known(roots);
    if (shown.some((recipe) => recipe.controls[choice])) return { recipes: shown, controls: [], suspects: 0 };
    const least = self === top ? undefined : MIN_IN_FRAME;
    const found = controls(walked, least);
    return { recipes: shown, controls: found, suspects: suspects(walked).length };
  };

  /* ---- closed shadow trees ---- */

  const asked = new WeakMap();

  /* Elements that have the look of a host whose tree cannot be seen: they stand at points of the
   * viewport where nothing of theirs is, or are custom elements without children. */
  const suspects = (walked) => {
    const found = new Set();
    const isSuspect = (element) => {
      if (shadowRoot(element) || (asked.get(element) || 0) >= SUSPECTED) return false;
      return tagName(element).includes("-") || /^(DIV|SPAN|SECTION|ASIDE|ARTICLE|HEADER|FOOTER|MAIN|NAV|P)$/.test(tagName(element));
    };
    for (let row = 0.5; row < 10; row += 1) {
      for (let column = 0.5; column < 8; column += 1) {
        const element = topmost((innerWidth * column) / 8, (innerHeight * row) / 10);
        const bare = element && isSuspect(element) && !textBelow(element, 1).trim();
        if (bare && matches(element, ":not(:has(*))")) found.add(element);
      }
    }
    for (const node of walked) {
      if (found.size >= MAX_SUSPECTS) break;
      if (isElement(node) && tagName(node).includes("-") && isSuspect(node)) found.add(node);
    }
    return Array.from(found).slice(0, MAX_SUSPECTS);
  };

  globalThis.preconsentSuspects = () => {
    const found = suspects(walkAll());
    for (const element of found) asked.set(element, (asked.get(element) || 0) + 1);
    return found;
  };

  globalThis.preconsentAdopt = (host, root) => {
    closed.set(host, root);
    return true;
  };

  /* ---- frames ---- */

  globalThis.preconsentFrame = (element) => {
    const box = rectOf(element);
    const look = style(element);
    const inset = (side) => parseFloat(look[`border${side}Width`]) + parseFloat(look[`padding${side}`]);
    let score = 0;
    for (let up = element, depth = 0; up && depth < 6 && !matches(up, "html, body"); up = parentOf(up), depth += 1) {
      score = Math.max(score, structure(up) + hints(up));
    }
    return JSON.stringify({ ref: refOf(element), x: box.left + inset("Left"), y: box.top + inset("Top"),
      w: box.width, h: box.height, visible: isVisible(element), score });
  };

  const hits = (ref, x, y) => ({ hit: !!elements[ref] && reaches(elements[ref], x, y) });

  /* ---- showing the banner again ---- */

  const MAX_REOPENERS = 400;

  const floats = (element) => {
    for (const up of ancestors(element)) {
      if (matches(up, "html, body")) return false;
      if (style(up).position === "fixed") return true;
    }
    return false;
  };

  const reopener = (element) => {
    const text = readable(element), label = labelOf(element);
    const named = hints(element) > 2;
    if (text.length > 120 || (!text && !named)) return null;
    const about = speaksOfConsent(text) || speaksOfConsent(label) || named;
    return { ref: refOf(element), text, label: label === text ? "" : label, leaves: leaves(element),
      hit: pressPoint(element).hit, topic: about, floats: floats(element) };
  };

  const reopeners = (selectors) => {
    const walked = walkAll();
    const first = firstVisible(selectors.filter(valid), rootsAmong(walked));
    const found = [];
    // What leads back is at the end of a page more often than at its beginning.
    for (const node of walked.reverse()) {
      if (found.length >= MAX_REOPENERS) break;
      if (!isElement(node) || !isControl(node) || !isVisible(node)) continue;
      const described = reopener(node);
      if (described) found.push(described);
    }
    return { known: first && describe(first.element), controls: found, height: innerHeight };
  };

  /* ---- a widget's own form ---- */

  const propertyOf = (type, name) => {
    const getter = Object.getOwnPropertyDescriptor(type.prototype, name).get;
    return (element) => getter.call(element);
  };

  const BUTTONS = "button, [role=button], a, input[type=button], input[type=submit]";

  const contentOf = propertyOf(HTMLIFrameElement, "contentDocument");

  const form = (selectors) => {
    const frames = queryAll(selectors.filter(valid).join(", ") || "none").filter((element) => tagName(element) === "IFRAME");
    const found = [];
    for (const frame of frames.filter(isVisible)) {
      const inner = contentOf(frame);
      if (!inner) continue;
      const outer = rectOf(frame);
      const left = outer.left + frame.clientLeft, top = outer.top + frame.clientTop;
      for (const button of Array.from(Document.prototype.querySelectorAll.call(inner, BUTTONS)).slice(0, 20)) {
        const box = rectOf(button);
        if (box.width < 5 || box.height < 5) continue;
        found.push({ x: left + box.left + box.width / 2, y: top + box.top + box.height / 2,
          text: squeeze(textBelow(button, 200)) || labelOf(button) });
      }
    }
    return found;
  };

  const focus = (ref) => {
    const element = elements[ref];
    if (!element) return { focused: false };
    HTMLElement.prototype.focus.call(element, { preventScroll: true });
    return { focused: matches(element, ":focus") };
  };

  Object.assign(api, { learn, look, reopeners, form, focus, hits });
  Object.assign(dom.parts, { isWithin, propertyOf, recipes: () => recipes || [] });
  return true;
})(globalThis.preconsentDom);
