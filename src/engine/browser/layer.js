/* The layers of a banner: switches that are set one by one, and what closes the whole. Evaluate it after
 * `look.js`, in the same world; it adds questions to `preconsentDom`:
 *
 *   toggles(selectors, banner, save)  the switches of a second layer, {listed, hidden, left, off}: those of
 *                               the selectors, or all inside a container. `listed` are those that show,
 *                               as {ref, on, disabled, text, near, marks, press}; `on` is null where
 *                               the state cannot be read, `near` are the headings above it up to what
 *                               holds the control that saves, `press` is what a visitor would click.
 *                               `hidden` are those that can be moved and do not show; `left` counts
 *                               those that are too many and may be on, `off` those that may be off.
 *   pairs(row, allow, deny, save)  the same of rows with two controls; `press` allows, `deny` refuses.
 *   state(ref, press, deny)     one switch again, or one pair.
 *   reveal(ref)                 scrolls to an element: {found}.
 *   closers(banner)             the controls inside a container, nameless ones too: [{ref, text, label,
 *                               leaves, reachable, icon, chooses}]: whether it is marked as one that
 *                               closes, and whether a recipe takes it for one that chooses.
 *   outside(ref)                a point of the viewport where nothing of the element is, and nothing that
 *                               a click would work: {x, y}, or null. */
((dom) => {
  "use strict";
  const { api, ancestors, attribute, elements, isControl, isElement, isVisible, isWithin, labelOf, leaves, matches, nodes,
    parentOf, pressPoint, propertyOf, queryAll, readable, recipes, rectOf, refOf, rootsAmong, squeeze, tagName, textBelow,
    topmost, walkAll } = dom.parts;
  if (api.toggles) return true;

  const MAX_TOGGLES = 80;

  /* ---- the second layer ---- */

  const SWITCHES = "input[type=checkbox], [role=switch], [role=checkbox], button[aria-pressed], button[aria-checked]";

  const checked = propertyOf(HTMLInputElement, "checked");
  const labels = propertyOf(HTMLInputElement, "labels");
  const isBox = (element) => tagName(element) === "INPUT" && /^(checkbox|radio)$/i.test(attribute(element, "type") || "");

  const isOn = (element) => {
    if (isBox(element)) return checked(element);
    for (const name of ["aria-checked", "aria-pressed"]) {
      const value = attribute(element, name);
      if (value === "true" || value === "mixed") return true;
      if (value === "false") return false;
    }
    return null;
  };

  const labelsOf = (element) => (tagName(element) === "INPUT" ? Array.from(labels(element) || []) : []);

  /* Boxes are often hidden behind their labels or a drawn switch beside them. */
  const toPress = (element) => {
    if (isVisible(element)) return element;
    const label = labelsOf(element).find(isVisible);
    if (label) return label;
    let up = parentOf(element);
    for (let depth = 0; up && depth < 3; depth += 1, up = parentOf(up)) if (isVisible(up)) return up;
    return element;
  };

  /* Names that only stand beside their boxes. */
  const beside = (element) => {
    const up = parentOf(element);
    const text = up ? squeeze(textBelow(up, 200)) : "";
    return text.length <= 60 ? text : "";
  };

  const named = (element) => {
    const label = labelsOf(element).map((one) => squeeze(textBelow(one, 200))).find(Boolean);
    return labelOf(element) || label || squeeze(textBelow(element, 200)) || attribute(element, "name") ||
      attribute(element, "id") || beside(element);
  };

  const isFixed = (element) => matches(element, ":disabled, [aria-disabled=true], [readonly]");

  const MARKS = ["id", "name", "value", "data-category", "data-service", "data-purpose", "data-id", "data-name"];

  const marksOf = (element) => MARKS.map((name) => squeeze(attribute(element, name)).slice(0, 100)).filter(Boolean);

  const stateOf = (element) => ({ ref: refOf(element), on: isOn(element), text: squeeze(named(element)),
    disabled: isFixed(element), marks: marksOf(element), press: refOf(toPress(element)) });

  const rankOf = (element) => {
    const heading = /^H([1-6])$/.exec(tagName(element));
    if (heading) return Number(heading[1]);
    const level = Math.floor(Number(attribute(element, "aria-level"))) || 2;
    return attribute(element, "role") === "heading" ? Math.min(Math.max(level, 1), 9) : 0;
  };

  /* The headings above each element, the nearest first. One that stands above what saves as well speaks
   * of the whole layer. */
  const headings = (found, walked, save) => {
    const sought = new Set(found), near = new Map();
    const around = new Set(save ? ancestors(save) : []);
    let open = [];
    for (const node of walked) {
      if (!isElement(node)) continue;
      if (sought.has(node)) {
        const inside = new Set(ancestors(node));
        const own = (heading) => {
          const common = Array.from(ancestors(heading)).find((up) => inside.has(up));
          return !!common && !around.has(common);
        };
        near.set(node, open.map((one) => one.node).filter(own).map((one) => squeeze(textBelow(one, 200))).reverse());
      }
      const rank = rankOf(node);
      if (rank) open = open.filter((one) => one.rank < rank).concat({ node, rank });
    }
    return (element) => near.get(element) || [];
  };

  /* What does not show belongs to the only switch that does and stands in the same part of the layer. */
  const parentNames = (shown) => {
    const above = shown.map((one) => [one, new Set(ancestors(one))]);
    return (element) => {
      for (const up of Array.from(ancestors(element)).slice(1, 8)) {
        const inside = above.filter(([, ups]) => ups.has(up)).map(([one]) => one);
        if (inside.length) return inside.length === 1 ? [squeeze(named(inside[0])), ...marksOf(inside[0])] : [];
      }
      return [];
    };
  };

  /* Long layers scroll inside: what is out of sight there is still shown. */
  const isShown = (element) => {
    const box = rectOf(element);
    return box.width >= 5 && box.height >= 5 && Element.prototype.checkVisibility.call(element, { visibilityProperty: true });
  };

  const reveal = (ref) => {
    const element = elements[ref];
    if (element) Element.prototype.scrollIntoView.call(element, { block: "center", behavior: "instant" });
    return { found: !!element };
  };

  const pressed = (element) => attribute(element, "aria-pressed") === "true";

  const pairOn = (allow, deny) => (pressed(allow) === pressed(deny) ? null : pressed(allow));

  const pairs = (row, allow, deny, save) => {
    const walked = walkAll();
    const rows = queryAll(row, rootsAmong(walked)).filter(isShown).slice(0, MAX_TOGGLES);
    const near = headings(rows, walked, elements[save]);
    const listed = [];
    for (const element of rows) {
      const [yes, no] = [allow, deny].map((one) => Element.prototype.querySelector.call(element, one));
      if (!yes || !no || isFixed(yes) || isFixed(no)) continue;
      const title = Array.from(nodes(element, 500)).find((node) => isElement(node) && rankOf(node) > 0);
      listed.push({ ref: refOf(element), on: pairOn(yes, no), text: squeeze(textBelow(title || element, 200)),
        disabled: false, near: near(element), marks: marksOf(element), press: refOf(yes), deny: refOf(no) });
    }
    return { listed, hidden: [], left: 0, off: 0 };
  };

  const toggles = (selectors, banner, save) => {
    const box = elements[banner];
    const inside = () => {
      const found = Array.from(box ? nodes(box, 20000) : []);
      return found.filter((node) => isElement(node) && matches(node, SWITCHES));
    };
    const walked = walkAll();
    const roots = rootsAmong(walked);
    const found = selectors.length ? selectors.flatMap((selector) => queryAll(selector, roots)) : inside();
    const shown = [], hidden = [];
    for (const element of new Set(found)) (isVisible(toPress(element)) ? shown : hidden).push(element);
    const movable = hidden.filter((element) => !isFixed(element));
    const beyond = shown.slice(MAX_TOGGLES).concat(movable.slice(MAX_TOGGLES)).filter((element) => !isFixed(element));
    const mayBe = (on) => beyond.filter((element) => isOn(element) !== !on).length;
    const first = shown.slice(0, MAX_TOGGLES), others = movable.slice(0, MAX_TOGGLES);
    const near = headings(first.concat(others), walked, elements[save]);
    const parent = parentNames(first);
    const listed = first.map((element) => ({ ...stateOf(element), near: near(element) }));
    const kept = others.map((element) => ({ ...stateOf(element), near: parent(element).concat(near(element)) }));
    return { listed, hidden: kept, left: mayBe(true), off: mayBe(false) };
  };

  const state = (ref, press, deny) => {
    if (!elements[ref]) return null;
    const both = deny != null && elements[press] && elements[deny];
    return both ? { ref, on: pairOn(elements[press], elements[deny]) } : stateOf(elements[ref]);
  };

  /* ---- closing the banner ---- */

  const MAX_CLOSERS = 80;
  const CLOSING = /(^|[^a-z])(close|closer|closebtn|closebutton|btnclose|dismiss|schliessen|fermer|chiudi|cerrar)([^a-z]|$)/i;
  const WORKS = "a, button, input, select, textarea, label, summary, iframe, video, audio, object, embed";

  const marks = (element) => {
    const named = ["id", "class", "data-action", "data-testid", "data-dismiss"].map((name) => attribute(element, name));
    return named.join(" ").slice(0, 500).replace(/([a-z])([A-Z])/g, "$1-$2");
  };

  const chooses = (element) => {
    const kinds = ["accept", "reject", "settings", "save"];
    return recipes().some((recipe) => kinds.some((kind) => recipe[kind].some((one) => matches(element, one))));
  };

  const closers = (banner) => {
    const box = elements[banner];
    const found = [];
    for (const node of box ? nodes(box, 20000) : []) {
      if (found.length >= MAX_CLOSERS) break;
      if (node === box || !isElement(node)) continue;
      const icon = CLOSING.test(marks(node));
      // A mark alone makes no control of what holds others.
      if (!isControl(node) && !(icon && matches(node, ":not(:has(button, a, input))"))) continue;
      if (!isVisible(node)) continue;
      const inside = rectOf(node);
      const seen = inside.left >= 0 && inside.top >= 0 && inside.right <= innerWidth + 1 && inside.bottom <= innerHeight + 1;
      found.push({ ref: refOf(node), text: readable(node), label: labelOf(node), leaves: leaves(node), icon,
        reachable: !seen || pressPoint(node).hit, chooses: chooses(node) });
    }
    return found;
  };

  const outside = (ref) => {
    const box = elements[ref];
    if (!box) return null;
    for (let row = 0.5; row < 10; row += 1) {
      for (let column = 0.5; column < 8; column += 1) {
        const x = (innerWidth * column) / 8, y = (innerHeight * row) / 10;
        const found = topmost(x, y);
        if (!found || isWithin(found, box)) continue;
        const around = Array.from(ancestors(found));
        if (!around.some((up) => matches(up, WORKS) || isControl(up))) return { x, y };
      }
    }
    return null;
  };

  Object.assign(api, { toggles, pairs, state, reveal, closers, outside });
  return true;
})(globalThis.preconsentDom);
