/**
 * Whether the global fetch is Node's own and not configured: no mock, no instrumentation, no proxy or agent set for it. Then
 * node:http does the same at a lower cost. If unsure, the answer is no: fetch is slower and never wrong.
 */
export function fetchIsNodesOwn(): boolean {
  const { fetch } = globalThis;
  if (typeof fetch !== "function") return true;
  proxied ??= isProxied();
  return !proxied && isNative(fetch) && dispatchersArePlain();
}

/** Node decides this when it starts. Reading process.env for every request would cost more than everything else here. */
let proxied: boolean | undefined;

function isProxied(): boolean {
  const { NODE_USE_ENV_PROXY, NODE_OPTIONS } = process.env;
  if (NODE_USE_ENV_PROXY !== undefined && NODE_USE_ENV_PROXY !== "0") return true;
  return process.execArgv.includes("--use-env-proxy") || NODE_OPTIONS?.includes("--use-env-proxy") === true;
}

/** A judgement of objects, each of which is judged once. */
function once<T extends object>(judge: (value: T) => boolean): (value: T) => boolean {
  const known = new WeakMap<T, boolean>();
  return (value) => {
    const before = known.get(value);
    if (before !== undefined) return before;
    const now = judge(value);
    known.set(value, now);
    return now;
  };
}

/** Judged by the source text. Comparing with the fetch seen at load would take a mock that was there first for the real one. */
const isNative = /* @__PURE__ */ once((fetch: typeof globalThis.fetch) => {
  const source = Function.prototype.toString.call(fetch);
  return fetch.name === "fetch" && /\blazyUndici\(|\binternal\/deps\/undici\b/.test(source);
});

const OLDER = Symbol.for("undici.globalDispatcher.1");
const NEWER = Symbol.for("undici.globalDispatcher.2");

/** Whether the dispatchers that fetch sends with are Node's own, without options. */
function dispatchersArePlain(): boolean {
  const older: unknown = Reflect.get(globalThis, OLDER);
  const newer: unknown = Reflect.get(globalThis, NEWER);
  // undici 8 puts a wrapper where older versions look. The wrapper has no options of its own.
  const isWrapper = newer !== undefined && nameOf(older) === "Dispatcher1Wrapper";
  return (isWrapper || isPlainAgent(older)) && isPlainAgent(newer);
}

/** undici's Agent with every option at its default. A missing dispatcher is not configured either. */
function isPlainAgent(dispatcher: unknown): boolean {
  if (typeof dispatcher !== "object" || dispatcher === null) return true;
  if (nameOf(dispatcher) !== "Agent") return false;
  // The result of compose() differs from an Agent in this method only.
  if (Reflect.get(dispatcher, "dispatch") !== Reflect.get(dispatcher.constructor.prototype, "dispatch")) return false;
  return hasDefaults(dispatcher);
}

const hasDefaults = /* @__PURE__ */ once((dispatcher: object) => {
  const key = Object.getOwnPropertySymbols(dispatcher).find(({ description }) => description === "options");
  const options: unknown = key && Reflect.get(dispatcher, key);
  if (typeof options !== "object" || options === null) return false;
  return Object.values(options).every((value) => value === undefined || value === Number.POSITIVE_INFINITY);
});

function nameOf(dispatcher: unknown): string | undefined {
  return (dispatcher as { constructor?: { name?: string } } | undefined)?.constructor?.name;
}
