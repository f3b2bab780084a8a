// Runs in every frame and worker before the page's own code and reports, through the binding whose
// name is given, what scripts write to cookies and storage. It notes stacks that the protocol's own events
// lack, and writes that those events leave out. It must not change what the page sees: natives are
// wrapped in proxies, the page's own getters are read once, and nothing is left on the global object.
(binding) => {
  const post = globalThis[binding];
  if (typeof post !== "function") return;
  delete globalThis[binding];

  const { apply, defineProperty, getOwnPropertyDescriptor: descriptor } = Reflect;
  const { stringify } = JSON;
  const { now } = Date;
  const text = (value) => `${value}`;
  const Failure = Error;
  const global = globalThis;
  const { slice } = String.prototype;
  const getter = (proto, name) => proto && descriptor(proto, name)?.get;
  const urlOf = getter(global.Document?.prototype, "URL");

  // No cookie that a browser keeps is as long as what is left.
  const cut = (value) => (value.length > 65536 ? apply(slice, value, [0, 65536]) : value);

  // The stack above `hidden`, in V8's own format whatever the page has made of Error.
  const above = (hidden) => {
    const { prepareStackTrace, stackTraceLimit } = Failure;
    const holder = { __proto__: null, stack: "" };
    try {
      Failure.prepareStackTrace = undefined;
      Failure.stackTraceLimit = 16;
      Failure.captureStackTrace(holder, hidden);
      return cut(text(holder.stack));
    } catch {
      return "";
    } finally {
      try {
        Failure.prepareStackTrace = prepareStackTrace;
        Failure.stackTraceLimit = stackTraceLimit;
      } catch {}
    }
  };

  // No prototype, so that a page's toJSON cannot rewrite the report.
  const tell = (hidden, op, name, value, more, doc) => {
    try {
      const url = urlOf ? apply(urlOf, doc ?? document, []) : location.href;
      const all = { __proto__: null, ...more, op, name, value, url, origin: global.origin, time: now() };
      for (const key in all) if (typeof all[key] === "string") all[key] = cut(all[key]);
      all.stack = typeof hidden === "string" ? hidden : above(hidden);
      post(stringify(all));
    } catch {}
  };

  const wrap = (proto, name, kind, around) => {
    const found = proto && descriptor(proto, name);
    if (!found?.configurable || typeof found[kind] !== "function") return;
    const own = found[kind];
    const handler = { __proto__: null, apply: null };
    const trap = (target, self, args) => around(own, self, args, trap);
    handler.apply = trap;
    found[kind] = new Proxy(own, handler);
    defineProperty(proto, name, found);
  };
  const wrapMethod = (type, name, around) => wrap(global[type]?.prototype, name, "value", around);

  wrap(global.Document?.prototype, "cookie", "set", (own, self, args, trap) => {
    const line = text(args[0]);
    const result = apply(own, self, [line]);
    tell(trap, "cookie", "", line, null, self);
    return result;
  });

  const { getItem, key: keyAt } = global.Storage?.prototype ?? {};
  const lengthOf = getter(global.Storage?.prototype, "length");
  const areas = { __proto__: null, local: getter(global, "localStorage"), session: getter(global, "sessionStorage") };
  const is = (self, area) => {
    try {
      return self === apply(areas[area], global, []);
    } catch {}
  };
  // Nothing for the area of another window, which a page can pass to the functions of this one.
  const areaOf = (self) => (is(self, "local") ? "local" : is(self, "session") ? "session" : "");

  // No method is called where a property is assigned (`localStorage.x = 1`): what changed without one
  // is due to whoever took the area last and called nothing of it. Looked for when somebody else takes
  // it and at the end of the task, until so many keys and takers were looked at, and in small areas
  // only: no page is to notice.
  const later = global.queueMicrotask;
  let budget = 3000;
  const known = { __proto__: null };
  const none = () => ({ __proto__: null, length: 0 });
  const takers = { __proto__: null, local: none(), session: none() };
  const copy = (area) => {
    const self = apply(areas[area], global, []);
    const all = { __proto__: null };
    let room = 1e5;
    for (let i = apply(lengthOf, self, []); i-- > 0 && budget > 0; budget--) {
      const key = apply(keyAt, self, [i]);
      room -= 500 + (all[key] = apply(getItem, self, [key])).length;
      if (room < 0) budget = 0;
    }
    return all;
  };
  const look = (area) => {
    const { length, [length - 1]: stack } = takers[area];
    if (length === 0) return;
    const before = known[area];
    const after = (known[area] = copy(area));
    if (budget <= 0) return;
    for (const key in after) if (before[key] !== after[key]) tell(stack, "assign", key, after[key], { area });
    for (const key in before) if (!(key in after)) tell(stack, "delete", key, "", { area });
  };
  const watch = (area) =>
    wrap(global, `${area}Storage`, "get", (own, self, args, trap) => {
      const result = apply(own, self, args);
      try {
        if (budget-- > 0 && is(result, area)) {
          const all = takers[area];
          const stack = above(trap);
          known[area] ??= copy(area);
          if (all[all.length - 1] !== stack) look(area);
          if (!all.due) {
            all.due = true;
            later(() => {
              try {
                look(area);
              } catch {}
              all.length = 0;
              all.due = false;
            });
          }
          all[all.length++] = stack;
        }
      } catch {}
      return result;
    });
  watch("local");
  watch("session");

  const called = (area) => {
    if (area && takers[area].length) takers[area].length--;
  };
  const wrapArea = (op, keyed) =>
    wrapMethod("Storage", op, (own, self, args, trap) => {
      const area = areaOf(self);
      called(area);
      if (args.length < keyed) return apply(own, self, args);
      const plain = [];
      for (let i = 0; i < keyed; i++) plain[i] = text(args[i]);
      const [name = "", value = ""] = plain;
      const idle = op === "removeItem" && apply(getItem, self, plain) === null;
      const result = apply(own, self, plain);
      if (!idle) tell(trap, op, name, value, { area });
      const all = known[area];
      if (all && keyed === 0) known[area] = { __proto__: null };
      else if (all && keyed === 1) delete all[name];
      else if (all) all[name] = value;
      return result;
    });
  wrapArea("setItem", 2);
  wrapArea("removeItem", 1);
  wrapArea("clear", 0);
  for (const op of ["getItem", "key"])
    wrapMethod("Storage", op, (own, self, args) => {
      called(areaOf(self));
      return apply(own, self, args);
    });

  // Fields and what the browser converts them to; the page's own conversions run once.
  const kinds = { __proto__: null, name: text, value: text, expires: Number, domain: text, path: text,
    sameSite: text, partitioned: Boolean };
  const fields = ["name", "value", "expires", "domain", "path", "sameSite", "partitioned"];
  const convert = (given) => {
    const plain = { __proto__: null };
    for (let i = 0; i < fields.length; i++) {
      const value = given[fields[i]];
      if (value === undefined) continue;
      plain[fields[i]] = value === null ? null : kinds[fields[i]](value);
    }
    return plain;
  };
  const wrapCookies = (name) =>
    wrapMethod("CookieStore", name, (own, self, args, trap) => {
      if (args.length === 0) return apply(own, self, args);
      const given = args[0];
      const whole = given !== null && (typeof given === "object" || typeof given === "function");
      let plain;
      try {
        plain = convert(whole ? given : { __proto__: null, name: given, value: args[1] });
      } catch (error) {
        // The native rejects with what the page's own conversion threw.
        return apply(own, self, [{ __proto__: null, get name() { throw error; } }]);
      }
      const rest = plain.value === undefined ? [plain.name] : [plain.name, plain.value];
      const result = apply(own, self, whole ? [plain] : rest);
      tell(trap, `cookieStore.${name}`, plain.name ?? "", plain.value ?? "", plain);
      return result;
    });
  wrapCookies("set");
  wrapCookies("delete");

  // A method whose first argument is a name. `more` says what else is told; nothing if there is
  // nothing to tell.
  const named = (type, method, op, more, after) =>
    wrapMethod(type, method, (own, self, args, trap) => {
      if (args.length === 0) return apply(own, self, args);
      const name = (args[0] = text(args[0]));
      const value = more ? more(args) : "";
      const result = apply(own, self, args);
      after?.(result, name);
      if (value !== null) tell(trap, op, name, value);
      return result;
    });
  named("IDBFactory", "open", "idb.open", (args) => (args[1] === undefined ? "" : text((args[1] = +args[1]))));
  named("IDBFactory", "deleteDatabase", "idb.delete");
  named("CacheStorage", "delete", "caches.delete");
  named("FileSystemDirectoryHandle", "getFileHandle", "file", (args) => (args[1]?.create ? "" : null));

  // A cache does not know its name; whoever opened it does.
  const { then } = Promise.prototype;
  const { get, set } = WeakMap.prototype;
  const names = new WeakMap();
  named("CacheStorage", "open", "caches.open", null, (result, name) =>
    apply(then, result, [(cache) => apply(set, names, [cache, name]), () => {}]));
  const { isArray } = Array;
  const addressOf = getter(global.Request?.prototype, "url");
  const address = (request) => {
    try {
      return apply(addressOf, request, []);
    } catch {
      return typeof request === "string" ? request : "";
    }
  };
  const cached = (method) =>
    wrapMethod("Cache", method, (own, self, args, trap) => {
      const result = apply(own, self, args);
      const name = apply(get, names, [self]);
      const request = args[0];
      if (name !== undefined) tell(trap, "cache.put", name, address(isArray(request) ? request[0] : request));
      return result;
    });
  cached("put");
  cached("add");
  cached("addAll");

  wrapMethod("ServiceWorkerContainer", "register", (own, self, args, trap) => {
    const result = apply(own, self, args);
    const scope = args[1]?.scope;
    tell(trap, "register", text(args[0]), scope === undefined ? "" : text(scope));
    return result;
  });
}
