/**
 * Whether the global fetch is Node's own as it came: not a mock, not instrumented, no proxy or agent set for it. Then
 * node:http does the same for less. Unsure means no: fetch is slower, never wrong.
 */
export function fetchIsNodesOwn(): boolean {
  if (typeof globalThis.fetch !== "function") return true;
  const { NODE_USE_ENV_PROXY, NODE_OPTIONS } = process.env;
  if (NODE_USE_ENV_PROXY !== undefined && NODE_USE_ENV_PROXY !== "0") return false;
  if (process.execArgv.includes("--use-env-proxy") || NODE_OPTIONS?.includes("--use-env-proxy")) return false;
  return isNative(globalThis.fetch) && dispatchers().every(isPlainAgent);
}

const known = new WeakMap<object, boolean>();

/** By its source text: comparing with the fetch seen at load would take a mock that was there first for the real one. */
function isNative(fetch: typeof globalThis.fetch): boolean {
  let native = known.get(fetch);
  if (native === undefined) {
    const source = Function.prototype.toString.call(fetch);
    native = fetch.name === "fetch" && /\b(?:lazyUndici|fetchImpl)\b/.test(source);
    known.set(fetch, native);
  }
  return native;
}

const OLDER = Symbol.for("undici.globalDispatcher.1");
const NEWER = Symbol.for("undici.globalDispatcher.2");

/** What fetch sends with, where it was used or set before. */
function dispatchers(): object[] {
  const older: unknown = Reflect.get(globalThis, OLDER);
  const newer: unknown = Reflect.get(globalThis, NEWER);
  // A newer undici shows itself to older ones through a wrapper, which says nothing of its own.
  const isWrapper = newer !== undefined && nameOf(older) === "Dispatcher1Wrapper";
  return [isWrapper ? undefined : older, newer].filter((one): one is object => typeof one === "object" && one !== null);
}

/** Nobody configured it: undici's Agent, with every option at its default. */
function isPlainAgent(dispatcher: object): boolean {
  if (nameOf(dispatcher) !== "Agent") return false;
  // What compose() gives differs from an Agent in this method only.
  if (Reflect.get(dispatcher, "dispatch") !== Reflect.get(dispatcher.constructor.prototype, "dispatch")) return false;
  const key = Object.getOwnPropertySymbols(dispatcher).find(({ description }) => description === "options");
  const options: unknown = key && Reflect.get(dispatcher, key);
  if (typeof options !== "object" || options === null) return false;
  return Object.values(options).every((value) => value === undefined || value === Number.POSITIVE_INFINITY);
}

function nameOf(dispatcher: unknown): string | undefined {
  return (dispatcher as { constructor?: { name?: string } } | undefined)?.constructor?.name;
}
