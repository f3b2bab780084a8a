// Runs in every frame before the page's own code and reports, through the binding whose name is
// given, what scripts write to cookies and storage. It notes stacks that the protocol's own events
// lack, and writes that those events leave out. It must not change what the page sees: natives are
// wrapped in proxies, the page's own getters are read once, and nothing is left on the global object.
(binding) => {
  const post = globalThis[binding];
  if (typeof post !== "function") return;
  delete globalThis[binding];

  const { apply, defineProperty, getOwnPropertyDescriptor: descriptor } = Reflect;
  const { stringify } = JSON;
  const { now } = Date;
  const text = String;
  const Failure = Error;
  const global = globalThis;
  const { slice } = String.prototype;
  const getter = (proto, name) => proto && descriptor(proto, name)?.get;
  const urlOf = getter(Document.prototype, "URL");

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
  const report = (fields, hidden, doc) => {
    try {
      fields.time = now();
      fields.origin = text(global.origin);
      fields.url = cut(text(apply(urlOf, doc ?? document, [])));
      fields.stack = stackAbove(hidden);
      post(stringify(fields));
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

  wrap(Document.prototype, "cookie", "set", (native, self, args, trap) => {
    const line = text(args[0]);
    const result = apply(native, self, [line]);
    report({ __proto__: null, op: "cookie", line: cut(line) }, trap, self);
    return result;
  });

  const has = global.Storage && Storage.prototype.getItem;
  const areas = { __proto__: null, local: getter(global, "localStorage"), session: getter(global, "sessionStorage") };
  const is = (self, area) => {
    try {
      return self === apply(areas[area], global, []);
    } catch {
      return false;
    }
  };
  // Nothing for the area of another window, which a page can pass to the functions of this one.
  const areaOf = (self) => (is(self, "local") ? "local" : is(self, "session") ? "session" : "");
  const wrapStorage = (name, keyed) =>
    wrap(global.Storage?.prototype, name, "value", (native, self, args, trap) => {
      if (args.length < keyed) return apply(native, self, args);
      const plain = [];
      for (let i = 0; i < keyed; i++) plain[i] = text(args[i]);
      const idle = name === "removeItem" && apply(has, self, plain) === null;
      const result = apply(native, self, plain);
      if (!idle) {
        report({ __proto__: null, op: name, area: areaOf(self), key: plain[0], value: plain[1] }, trap);
      }
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
    wrap(global.CookieStore?.prototype, name, "value", (native, self, args, trap) => {
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
      const fields = { __proto__: null, op: `cookieStore.${name}` };
      for (let i = 0; i < wanted.length; i++) {
        const value = plain[wanted[i]];
        if (value !== undefined && value !== null) fields[wanted[i]] = kinds[wanted[i]] === text ? cut(value) : value;
      }
      report(fields, trap);
      return result;
    });
  wrapCookieStore("set");
  wrapCookieStore("delete");
}
