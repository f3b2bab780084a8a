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
  const stackAbove = (hidden) => {
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
  const report = (hidden, op, name, value, more, doc) => {
    try {
      const url = urlOf ? apply(urlOf, doc ?? document, []) : location.href;
      const all = { __proto__: null, ...more, op, name, value, url, origin: global.origin, time: now() };
      for (const key in all) if (typeof all[key] === "string") all[key] = cut(all[key]);
      all.stack = stackAbove(hidden);
      post(stringify(all));
    } catch {}
  };

  const wrap = (proto, name, kind, around) => {
    const found = proto && descriptor(proto, name);
    if (!found?.configurable || typeof found[kind] !== "function") return;
    const native = found[kind];
    const handler = { __proto__: null, apply: null };
    const trap = (target, self, args) => around(native, self, args, trap);
    handler.apply = trap;
    found[kind] = new Proxy(native, handler);
    defineProperty(proto, name, found);
  };
  const wrapMethod = (type, name, around) => wrap(global[type]?.prototype, name, "value", around);

  wrap(global.Document?.prototype, "cookie", "set", (native, self, args, trap) => {
    const line = text(args[0]);
    const result = apply(native, self, [line]);
    report(trap, "cookie", "", line, null, self);
    return result;
  });

  const has = global.Storage?.prototype.getItem;
  const areas = { __proto__: null, local: getter(global, "localStorage"), session: getter(global, "sessionStorage") };
  const is = (self, area) => {
    try {
      return self === apply(areas[area], global, []);
    } catch {}
  };
  // Nothing for the area of another window, which a page can pass to the functions of this one.
  const areaOf = (self) => (is(self, "local") ? "local" : is(self, "session") ? "session" : "");
  const wrapStorage = (op, keyed) =>
    wrapMethod("Storage", op, (native, self, args, trap) => {
      if (args.length < keyed) return apply(native, self, args);
      const plain = [];
      for (let i = 0; i < keyed; i++) plain[i] = text(args[i]);
      const idle = op === "removeItem" && apply(has, self, plain) === null;
      const result = apply(native, self, plain);
      if (!idle) report(trap, op, plain[0] ?? "", plain[1] ?? "", { area: areaOf(self) });
      return result;
    });
  wrapStorage("setItem", 2);
  wrapStorage("removeItem", 1);
  wrapStorage("clear", 0);

  // Fields and what the browser converts them to; the page's own conversions run once.
  const kinds = { __proto__: null, name: text, value: text, expires: Number, domain: text, path: text,
    sameSite: text, partitioned: Boolean };
  const wanted = ["name", "value", "expires", "domain", "path", "sameSite", "partitioned"];
  const convert = (given) => {
    const plain = { __proto__: null };
    for (let i = 0; i < wanted.length; i++) {
      const value = given[wanted[i]];
      if (value === undefined) continue;
      plain[wanted[i]] = value === null ? null : kinds[wanted[i]](value);
    }
    return plain;
  };
  const wrapCookieStore = (name) =>
    wrapMethod("CookieStore", name, (native, self, args, trap) => {
      if (args.length === 0) return apply(native, self, args);
      const given = args[0];
      const whole = given !== null && (typeof given === "object" || typeof given === "function");
      let plain;
      try {
        plain = convert(whole ? given : { __proto__: null, name: given, value: args[1] });
      } catch (error) {
        // The native rejects with what the page's own conversion threw.
        return apply(native, self, [{ __proto__: null, get name() { throw error; } }]);
      }
      const rest = plain.value === undefined ? [plain.name] : [plain.name, plain.value];
      const result = apply(native, self, whole ? [plain] : rest);
      report(trap, `cookieStore.${name}`, plain.name ?? "", plain.value ?? "", plain);
      return result;
    });
  wrapCookieStore("set");
  wrapCookieStore("delete");

  // A method whose first argument is a name. `more` says what else is told; nothing if there is
  // nothing to tell.
  const wrapNamed = (type, method, op, more, after) =>
    wrapMethod(type, method, (native, self, args, trap) => {
      if (args.length === 0) return apply(native, self, args);
      const name = (args[0] = text(args[0]));
      const value = more ? more(args) : "";
      const result = apply(native, self, args);
      after?.(result, name);
      if (value !== null) report(trap, op, name, value);
      return result;
    });
  wrapNamed("IDBFactory", "open", "idb.open", (args) => (args[1] === undefined ? "" : text((args[1] = +args[1]))));
  wrapNamed("IDBFactory", "deleteDatabase", "idb.delete");
  wrapNamed("CacheStorage", "delete", "caches.delete");
  wrapNamed("FileSystemDirectoryHandle", "getFileHandle", "file", (args) => (args[1]?.create ? "" : null));

  // A cache does not know its name; whoever opened it does.
  const { then } = Promise.prototype;
  const { get, set } = WeakMap.prototype;
  const names = new WeakMap();
  wrapNamed("CacheStorage", "open", "caches.open", null, (result, name) =>
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
  const wrapCache = (method) =>
    wrapMethod("Cache", method, (native, self, args, trap) => {
      const result = apply(native, self, args);
      const name = apply(get, names, [self]);
      const request = args[0];
      if (name !== undefined) report(trap, "cache.put", name, address(isArray(request) ? request[0] : request));
      return result;
    });
  wrapCache("put");
  wrapCache("add");
  wrapCache("addAll");

  wrapMethod("ServiceWorkerContainer", "register", (native, self, args, trap) => {
    const result = apply(native, self, args);
    const scope = args[1]?.scope;
    report(trap, "register", text(args[0]), scope === undefined ? "" : text(scope));
    return result;
  });
}
