/* Looks for consent banners and their controls in one document and its shadow trees; closed ones as
 * far as they were handed over (`look.js`, which adds more questions).
 *
 * Evaluate this file once per isolated world of a frame; it defines `preconsentDom` there, and doing
 * so again changes nothing. Every call is `preconsentDom(name, args)`, where `args` is a JSON
 * array; the answer is JSON text, `{"error": "..."}` if the document is too hostile to be read. The
 * world must be an isolated one: its globals and prototypes are then out of the page's reach, and
 * what a document itself can overlay (`<form name="body">`) is avoided by calling prototype methods.
 * Nothing is written to the page; `point` scrolls if it has to.
 *
 *   visible(["#banner", ...])   the first visible element that matches, selectors in order, as
 *                               {ref, selector, text, tag, x, y, w, h}, or null. Selectors that
 *                               cannot be parsed match nothing.
 *   controls()                  visible controls of containers that look like a consent banner, best
 *                               container first, as {ref, text, label, tag, leaves, x, y, w, h,
 *                               inView, hit, banner, score}: `text` is what a visitor reads, `label`
 *                               the accessible name where it differs, `leaves` that a link leads to
 *                               another document, x and y the centre in the viewport, `hit` that a
 *                               click there would reach it, `banner` the container's ref, `score`
 *                               how much the container looks like a banner (4 and more are listed).
 *   point(ref | ["#a", ...])    where to press: {found, ref, text, x, y, hit, scrolled}, after
 *                               scrolling the element into view if it is not there.
 *   bannerGone(ref)             whether a container of `controls` or an element of `visible` is no
 *                               longer shown: {gone}. A redrawn copy with the same id or class counts
 *                               as shown.
 *
 * A ref is a number that stays valid while the document lives. All work is bounded. */
(() => {
  "use strict";
  if (globalThis.preconsentDom) return true;

  const MAX_NODES = 20000;
  const MAX_CONTROLS = 80;
  const MAX_TEXT = 200;
  const MAX_CONTAINER_TEXT = 6000;
  const MAX_DEPTH = 40;
  const MIN_SCORE = 4;
  const SKIPPED = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "HEAD", "svg"]);
  const HINT = /cookie|consent|gdpr|rgpd|dsgvo|lgpd|ccpa|(^|[^a-z])(cmp|cky|tac)([^a-z]|$)|tarteaucitron|klaro|didomi|onetrust/i;
  const WEAK_HINT = /privacy|notice|datenschutz|confidentialit|privacid/i;
  const TOPIC =
    /cookie|kakor|kaker|evästee|evaste|kapsler|ciastecz|galet|slapuk|sīkdat|küpsis|piškot|kolači|çerez|süti|soubor|súbor|traceur|témoin|tracking|tracker|бисквит|куки|файлы|クッキー|쿠키/i;
  const CONSENT = /accept|agree|allow|akzept|zulassen|accetta|acept|souhlas|zgad|godkänn|accepter|hyväksy/i;
  const PRIVACY = new RegExp([
    "consen(t|s)|privacy|personal (data|information)|our partners|einwillig|zustimm|datenschutz|personenbezogen",
    "persönliche[nr]? (daten|informationen|angaben)|confidentialit|(données|informations?) personnelles?|privacid",
    "(datos|información) personal|(dati|informazioni) personali|toestemming|persoonsgegevens|persoonlijke (gegevens|informatie)",
    "consentim|(dados|informações) pessoais|prywatno|dan(e|ych) osobow|zgod[ay]|soukrom|osobn(í|ích|é|ých) údaj",
    "samt[yk]{2}|personuppgift|personop(p)?lysning|suostum|tietosuoj|henkilötie|hozzájár|adatvéd|személyes adat|gizlilik",
    "kişisel veri|согласи|конфиденц|персональн|лични данни|συγκατάθ|απόρρητ|προσωπικ(ά|ών) δεδομέν|date(le)? (cu caracter )?personal",
    "osobn(i|ih) poda[ct]|osebn(i|ih) podat|isikuandme|personas dat|asmens duomen|الخصوصية|البيانات الشخصية|פרטיות|מידע אישי",
    "同意|隐私|個人|个人信息|동의|개인정보",
  ].join("|"), "gi");

  const CONSENT_WORDS = new RegExp(PRIVACY.source, "i");

  const get = (type, name) => Object.getOwnPropertyDescriptor(type.prototype, name).get;
  const of = (getter) => (node) => getter.call(node);
  const parentNode = of(get(Node, "parentNode"));
  const firstChild = of(get(Node, "firstChild"));
  const nextSibling = of(get(Node, "nextSibling"));
  const nodeType = of(get(Node, "nodeType"));
  const nodeValue = of(get(Node, "nodeValue"));
  const isConnected = of(get(Node, "isConnected"));
  const tagName = of(get(Element, "tagName"));
  const openRoot = of(get(Element, "shadowRoot"));
  const childCount = of(get(Element, "childElementCount"));
  const documentElement = of(get(Document, "documentElement"));
  const call = (type, name) => (node, ...args) => type.prototype[name].apply(node, args);
  const attribute = call(Element, "getAttribute");
  const matches = call(Element, "matches");
  const rectOf = call(Element, "getBoundingClientRect");
  const rectsOf = call(Element, "getClientRects");
  const scrollTo = call(Element, "scrollIntoView");
  const checkVisibility = call(Element, "checkVisibility");
  /* Closed shadow roots that were handed over, by host. */
  const closed = new WeakMap();
  const shadowRoot = (element) => openRoot(element) || closed.get(element) || null;
  const isShadow = (node) => nodeType(node) === 11;
  const isElement = (node) => nodeType(node) === 1;

  /* ---- references ---- */

  const elements = [];
  const refs = new WeakMap();
  const members = new Map();

  const refOf = (element) => {
    if (!refs.has(element)) refs.set(element, elements.push(element) - 1);
    return refs.get(element);
  };

  /* ---- the composed tree ---- */

  const parentOf = (node) => {
    const up = parentNode(node);
    if (!up || nodeType(up) === 9) return null;
    return isShadow(up) ? up.host : up;
  };

  const ancestors = function* (element) {
    let up = element;
    for (let depth = 0; up && depth < MAX_DEPTH; depth += 1, up = parentOf(up)) yield up;
  };

  /* All nodes below `root` in document order, shadow trees in place of what they hide. */
  const nodes = function* (root, limit) {
    const open = [root];
    for (let seen = 0; open.length && seen < limit; seen += 1) {
      const node = open.pop();
      if (nextSibling(node) && node !== root) open.push(nextSibling(node));
      if (isElement(node) && SKIPPED.has(tagName(node))) continue;
      yield node;
      if (isElement(node) && tagName(node) === "IFRAME") continue; // another document
      const shadow = isElement(node) && shadowRoot(node);
      if (firstChild(node)) open.push(firstChild(node));
      if (shadow && firstChild(shadow)) open.push(firstChild(shadow));
    }
  };

  /* The document and the shadow roots among these nodes. */
  const rootsAmong = (walked) => {
    const hosts = walked.filter((node) => isElement(node) && shadowRoot(node));
    return [document, ...hosts.map(shadowRoot)];
  };

  const walkAll = () => Array.from(nodes(documentElement(document), MAX_NODES));

  const selectIn = (root, selector) => {
    const type = isShadow(root) ? DocumentFragment : Document;
    return Array.from(type.prototype.querySelectorAll.call(root, selector));
  };

  const queryAll = (selector, roots = rootsAmong(walkAll())) => {
    try {
      return roots.flatMap((root) => selectIn(root, selector));
    } catch {
      return [];
    }
  };

  /* ---- what a visitor reads ---- */

  const squeeze = (text) => (text || "").replace(/\s+/g, " ").trim().slice(0, MAX_TEXT);

  const textBelow = (element, limit) => {
    let text = "";
    for (const node of nodes(element, MAX_NODES)) {
      if (nodeType(node) === 3) text += nodeValue(node) + " ";
      else if (isElement(node) && tagName(node) === "IMG") text += (attribute(node, "alt") || "") + " ";
      if (text.length > limit) break;
    }
    return text.slice(0, limit);
  };

  const labelOf = (element) => squeeze(attribute(element, "aria-label") || attribute(element, "title"));

  const readable = (element) => {
    const tag = tagName(element);
    if (tag !== "INPUT") return squeeze(textBelow(element, 1000)) || labelOf(element);
    // The value of a button that is an image is not shown.
    const image = attribute(element, "type") === "image";
    const own = ["alt", "value"].map((name) => squeeze(attribute(element, name)));
    return (image ? own[0] : own[1]) || labelOf(element) || (image ? own[1] : own[0]);
  };

  /* ---- what a visitor sees ---- */

  const style = (element) => getComputedStyle(element);

  const isBeyond = (box, x, y, width, height) =>
    box.left + x + box.width <= 0 || box.top + y + box.height <= 0 || box.left + x >= width || box.top + y >= height;

  /* What does not move with the page cannot be scrolled to: notices are put away below the edge. */
  const isOffScreen = (box) =>
    box.width > 0 && box.height > 0 && isBeyond(box, 0, 0, innerWidth, innerHeight);

  const isVisible = (element) => {
    if (!isConnected(element)) return false;
    const box = rectOf(element);
    if (box.width < 5 || box.height < 5) return false;
    const kinds = { opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true };
    if (!checkVisibility(element, kinds)) return false;
    const page = documentElement(document);
    const width = Math.max(page.scrollWidth, innerWidth), height = Math.max(page.scrollHeight, innerHeight);
    if (isBeyond(box, scrollX, scrollY, width, height)) return false;
    let opacity = 1;
    for (const up of ancestors(element)) {
      const look = style(up);
      opacity *= Number(look.opacity);
      if (look.position === "fixed" && isOffScreen(rectOf(up))) return false;
    }
    return opacity > 0.1;
  };

  const inView = (box) =>
    box.left >= 0 && box.top >= 0 && box.right <= innerWidth + 1 && box.bottom <= innerHeight + 1;

  const topmost = (x, y) => {
    let found = Document.prototype.elementFromPoint.call(document, x, y);
    while (found && shadowRoot(found)) {
      const inner = ShadowRoot.prototype.elementFromPoint.call(shadowRoot(found), x, y);
      if (!inner || inner === found) break;
      found = inner;
    }
    return found;
  };

  const reaches = (element, x, y) => {
    for (let up = topmost(x, y); up; up = parentOf(up)) if (up === element) return true;
    return false;
  };

  /* The first point of the element that a click would reach; its centre if there is none. */
  const pressPoint = (element) => {
    const whole = rectOf(element);
    const boxes = [whole, ...Array.from(rectsOf(element)).slice(0, 4)];
    for (const box of boxes) {
      for (const [fx, fy] of [[0.5, 0.5], [0.25, 0.5], [0.75, 0.5], [0.5, 0.2], [0.5, 0.8]]) {
        const x = box.left + box.width * fx, y = box.top + box.height * fy;
        if (reaches(element, x, y)) return { x, y, hit: true };
      }
    }
    return { x: whole.left + whole.width / 2, y: whole.top + whole.height / 2, hit: false };
  };

  const describe = (element) => {
    const box = rectOf(element);
    return { ref: refOf(element), text: readable(element), tag: tagName(element).toLowerCase(),
      x: box.left + box.width / 2, y: box.top + box.height / 2, w: box.width, h: box.height };
  };

  /* ---- controls and their containers ---- */

  const NATIVE = "button, summary, a, input[type=button], input[type=submit], input[type=image], [role=button], [onclick]";

  const isControl = (element) => {
    if (matches(element, NATIVE)) return !matches(element, ":disabled");
    // Anything short with a hand cursor of its own; scripts listen on all kinds of elements.
    if (childCount(element) > 3) return false;
    const text = textBelow(element, 200);
    if (!text.trim() || text.length >= 200) return false;
    const up = parentOf(element);
    return !!up && style(element).cursor === "pointer" && style(up).cursor !== "pointer";
  };

  const structure = (element) => {
    const role = attribute(element, "role") || "";
    const look = style(element);
    let score = 0;
    const modal = attribute(element, "aria-modal") === "true";
    if (modal || tagName(element) === "DIALOG" || /^(alert)?dialog$/.test(role)) score += 2;
    if (look.position === "fixed" || look.position === "sticky") score += 2;
    else if (look.position === "absolute" && Number(look.zIndex) > 0) score += 1;
    return score;
  };

  const hints = (element) => {
    const named = ["id", "class", "aria-label", "data-testid"].map((name) => attribute(element, name));
    const names = [tagName(element), ...named].join(" ").slice(0, 500);
    return HINT.test(names) ? 3 : WEAK_HINT.test(names) ? 1 : 0;
  };

  const TOO_LONG = -3;

  const speaksOfConsent = (text) => TOPIC.test(text) || CONSENT_WORDS.test(text);

  const topic = (element) => {
    const text = textBelow(element, MAX_CONTAINER_TEXT);
    if (text.length >= MAX_CONTAINER_TEXT) return TOO_LONG;
    const about = TOPIC.test(text);
    const privacy = new Set((text.match(PRIVACY) || []).map((word) => word.toLowerCase())).size;
    if (about && (privacy > 0 || CONSENT.test(text)) && text.length >= 60 && text.length <= 2500) return 4;
    if (about || privacy > 1) return 3;
    // Settings may speak of little but what their switches are for.
    return privacy === 1 && matches(element, ":has(input[type=checkbox], [role=switch], [role=checkbox])") ? 2 : 0;
  };

  /* `long`: an element inside is too long already, so this one is. */
  const score = (element, long) => {
    const structural = structure(element);
    const about = long ? TOO_LONG : topic(element);
    // A page's footer and menu speak of cookies as well.
    const furniture = structural === 0 &&
      matches(element, "main, footer, nav, header, [role=contentinfo], [role=navigation]");
    const named = hints(element);
    // A dialog that neither says nor is named anything of the kind may ask for anything else.
    const related = !furniture && (named > 0 || about > 0);
    // Lists of partners make long banners; what is only long is the page.
    const speaks = about === TOO_LONG && structural > 0 && named > 1 ? 0 : about;
    return { points: related ? structural + named + speaks : 0, long: about === TOO_LONG };
  };

  /* The innermost of the ancestors that look most like a banner. `known` keeps what was computed. */
  const container = (element, known, least) => {
    let best = null, most = 0, long = false;
    for (const up of ancestors(parentOf(element))) {
      // A frame may be nothing but a banner, so its body is one more container.
      if (matches(up, self === top ? "html, body" : "html")) break;
      if (!known.has(up)) known.set(up, score(up, long));
      const found = known.get(up);
      long = found.long;
      if (found.points > most) [best, most] = [up, found.points];
    }
    return most >= least ? [best, most] : [null, most];
  };

  const leaves = (element) => {
    const href = tagName(element) === "A" ? attribute(element, "href") : null;
    if (!href || /^\s*(#|javascript:)/i.test(href)) return false;
    try {
      const to = new URL(href, document.baseURI);
      return to.origin + to.pathname + to.search !== location.origin + location.pathname + location.search;
    } catch {
      return false;
    }
  };

  /* Headings of what folds, and rows that hold a switch, are named after what they are about. */
  const opens = (element) => matches(element, "summary, [aria-expanded], [role=tab], :has(input[type=checkbox], [role=switch])");

  const hold = (banner, node) => members.set(banner, (members.get(banner) || new Set()).add(node));

  const controls = (walked = walkAll(), least = MIN_SCORE) => {
    const known = new Map();
    const found = [];
    for (const node of walked) {
      if (!isElement(node) || !isControl(node) || !isVisible(node)) continue;
      const [box, points] = container(node, known, least);
      if (!box) continue;
      const text = readable(node);
      if (!text) continue;
      const banner = refOf(box);
      const label = labelOf(node);
      found.push({ ...describe(node), text, label: label === text ? "" : label, leaves: leaves(node), opens: opens(node),
        inView: inView(rectOf(node)), hit: pressPoint(node).hit, banner, score: points });
      hold(banner, node);
      if (found.length >= MAX_CONTROLS * 4) break;
    }
    return found.sort((a, b) => b.score - a.score).slice(0, MAX_CONTROLS);
  };

  const firstVisible = (selectors, roots = rootsAmong(walkAll())) => {
    for (const selector of selectors) {
      const element = queryAll(selector, roots).find(isVisible);
      if (element) return { element, selector };
    }
    return null;
  };

  const visible = (selectors) => {
    const first = firstVisible(selectors);
    return first && { ...describe(first.element), selector: first.selector };
  };

  const point = (target) => {
    const element = Array.isArray(target) ? firstVisible(target)?.element : elements[target];
    if (!element || !isVisible(element)) return { found: false };
    const scrolled = !inView(rectOf(element)) || !pressPoint(element).hit;
    if (scrolled) scrollTo(element, { block: "center", inline: "center", behavior: "instant" });
    return { found: true, ref: refOf(element), text: readable(element), scrolled, ...pressPoint(element) };
  };

  const twin = (element) => {
    const id = attribute(element, "id"), names = attribute(element, "class");
    const classes = (names || "").split(/\s+/).filter(Boolean);
    const selector = id ? `#${CSS.escape(id)}` : classes.map((n) => `.${CSS.escape(n)}`).join("");
    return !!selector && queryAll(selector).some((other) => other !== element && isVisible(other));
  };

  const bannerGone = (ref) => {
    const element = elements[ref];
    if (!element) return { gone: true };
    // A container may have no size of its own and still hold what is shown.
    const held = Array.from(members.get(ref) || []);
    return { gone: !isVisible(element) && !held.some(isVisible) && !twin(element) };
  };

  const api = { visible, controls: () => controls(), point, bannerGone };
  globalThis.preconsentDom = (name, args) => {
    try {
      return JSON.stringify(api[name](...JSON.parse(args)));
    } catch (error) {
      return JSON.stringify({ error: String(error).slice(0, 300) });
    }
  };
  globalThis.preconsentDom.parts = { ancestors, api, attribute, closed, controls, describe, elements, firstVisible,
    hints, hold, isControl, isElement, isVisible, labelOf, leaves, matches, pressPoint, speaksOfConsent, nodes, parentOf, queryAll, readable, reaches, rectOf, refOf,
    rootsAmong, selectIn, shadowRoot, squeeze, structure, style, tagName, textBelow, topmost, walkAll };
  return true;
})();
