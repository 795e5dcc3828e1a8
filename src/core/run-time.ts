import { version as packageVersion } from "../../package.json";

/** The run time. Only globals are asked, so that the core imports no run time's modules. */

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

/** The environment's variables, or none where there are none or reading them is not allowed (Deno). */
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

/** A proxy variable that is set and that Node does not use. Bun and Deno use it by themselves. */
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

/** A window with a document, or a web worker of one: code that a visitor can read. Edge workers are servers. */
export function isBrowser(): boolean {
  if (globals.window?.document !== undefined) return true;
  const isServer = globals.Bun ?? globals.Deno ?? globals.EdgeRuntime ?? globals.process?.versions?.node;
  if (isServer !== undefined || globals.navigator?.userAgent === "Cloudflare-Workers") return false;
  // Edge workers share the name of this global with web workers; browsers alone call themselves Mozilla.
  return globals.WorkerGlobalScope !== undefined && /^Mozilla\//.test(globals.navigator?.userAgent ?? "");
}

/** The version of this package, as in its package.json. */
export const version: string = packageVersion;

/** Whether a host name of a URL is this machine, so that a request does not leave it. */
export function isLoopback(hostname: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\]|.+\.localhost)$/.test(hostname);
}

/** Whether a request to this URL can be read on its way: plain http that leaves this machine. */
export function isPlainHttp(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === "http:" && !isLoopback(hostname);
}

/**
 * Closes at the end of the block of `await using`, as `close()` does. Without members where neither the compiler's library
 * (`ESNext.Disposable`) nor Node's types know `Symbol.asyncDispose`, so that the package's types need neither.
 */
export type Closeable = SymbolConstructor extends { readonly asyncDispose: infer Key extends symbol }
  ? { readonly [Name in Key]: () => Promise<void> }
  : object;

/** Makes `await using` close an object. Node before 20.5 lacks the symbol; it is hidden, so that copies and comparisons do not see it. */
export function closeable<T extends { close(): Promise<void> }>(object: T): T & Closeable {
  const { asyncDispose } = Symbol as { readonly asyncDispose?: symbol };
  if (asyncDispose) Object.defineProperty(object, asyncDispose, { value: () => object.close() });
  return object as T & Closeable;
}
