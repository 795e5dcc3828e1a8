import { version as packageVersion } from "../../package.json";

/** Facts about the run time. They are read from globals only, so that the core imports no module of a run time. */

interface Globals {
  readonly process?: {
    readonly env?: Record<string, string | undefined>;
    readonly execArgv?: readonly string[];
    readonly versions?: { readonly node?: string };
  };
  readonly Deno?: { readonly version?: { readonly deno?: string } };
  readonly Bun?: { readonly version?: string };
  readonly navigator?: { readonly userAgent?: string };
  readonly window?: { readonly document?: unknown };
  readonly EdgeRuntime?: unknown;
  readonly WorkerGlobalScope?: unknown;
}

const globals = globalThis as Globals;

/**
 * The variables of the environment. Empty if the run time has no such variables, or does not allow reading them (Deno).
 */
export function environment(): Readonly<Record<string, string | undefined>> {
  const read = (name: string): string | undefined => {
    try {
      return globals.process?.env?.[name];
    } catch {
      return undefined;
    }
  };
  return Object.fromEntries(["OPLEAD_TOKEN", "OPLEAD_BASE_URL", "OPLEAD_TEST_MODE"].map((name) => [name, read(name)]));
}

/**
 * The name of a proxy variable that is set and that Node ignores. Always undefined on Bun and Deno, because they obey
 * such variables.
 */
export function unusedProxy(): string | undefined {
  if (!runtimeName().startsWith("node/")) return undefined;
  const { env, execArgv } = globals.process ?? {};
  const isUsed = ![undefined, "", "0"].includes(env?.NODE_USE_ENV_PROXY) || execArgv?.includes("--use-env-proxy");
  return isUsed ? undefined : ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"].find((name) => env?.[name]);
}

/** The run time's name and version, for the User-Agent header. */
export function runtimeName(): string {
  if (globals.Bun?.version) return `bun/${globals.Bun.version}`;
  if (globals.Deno?.version?.deno) return `deno/${globals.Deno.version.deno}`;
  if (globals.EdgeRuntime) return "edge-runtime";
  if (globals.navigator?.userAgent === "Cloudflare-Workers") return "workerd";
  if (globals.process?.versions?.node) return `node/${globals.process.versions.node}`;
  return isBrowser() ? "browser" : "unknown";
}

/**
 * Whether this code runs in a web page or in a web worker of a page, where a visitor can read it. Edge workers are
 * servers.
 */
export function isBrowser(): boolean {
  if (globals.window?.document !== undefined) return true;
  const isServer = globals.Bun ?? globals.Deno ?? globals.EdgeRuntime ?? globals.process?.versions?.node;
  if (isServer !== undefined || globals.navigator?.userAgent === "Cloudflare-Workers") return false;
  // Edge workers have a global `WorkerGlobalScope` as web workers do, but only browsers call themselves Mozilla.
  return globals.WorkerGlobalScope !== undefined && /^Mozilla\//.test(globals.navigator?.userAgent ?? "");
}

/** The version of this package, as in its package.json. */
export const version: string = packageVersion;

/** Whether a URL's host name means this machine, so that a request to it does not leave the machine. */
export function isLoopback(hostname: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\]|.+\.localhost)$/.test(hostname);
}

/** Whether a request to this URL can be read on its way, because it uses plain http to another machine. */
export function isPlainHttp(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === "http:" && !isLoopback(hostname);
}

/**
 * Something that `await using` closes at the end of its block, as `close()` does. The type has no members if neither
 * the compiler's library (`ESNext.Disposable`) nor Node's types know `Symbol.asyncDispose`, so the package's types work
 * without them.
 */
export type Closeable = SymbolConstructor extends { readonly asyncDispose: infer Key extends symbol }
  ? { readonly [Name in Key]: () => Promise<void> }
  : object;

/**
 * Makes `await using` close an object. Some run times lack the symbol. The method that this adds is not enumerable, so
 * copies and comparisons of the object do not see it.
 */
export function closeable<T extends { close(): Promise<void> }>(object: T): T & Closeable {
  const { asyncDispose } = Symbol as { readonly asyncDispose?: symbol };
  if (asyncDispose) Object.defineProperty(object, asyncDispose, { value: () => object.close() });
  return object as T & Closeable;
}
