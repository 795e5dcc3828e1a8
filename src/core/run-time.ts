/// <reference lib="esnext.disposable" />
import { version as packageVersion } from "../../package.json";

// This file uses globals only, so that the core imports no module of a run time.

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

// Reads variables one by one, because Deno may not allow a program to read them.
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

// Returns a proxy variable that is set and that Node ignores. Bun and Deno obey such variables.
export function unusedProxy(): string | undefined {
  if (!runtimeName().startsWith("node/")) return undefined;
  const { env, execArgv } = globals.process ?? {};
  const isUsed = ![undefined, "", "0"].includes(env?.NODE_USE_ENV_PROXY) || execArgv?.includes("--use-env-proxy");
  return isUsed ? undefined : ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"].find((name) => env?.[name]);
}

export function runtimeName(): string {
  if (globals.Bun?.version) return `bun/${globals.Bun.version}`;
  if (globals.Deno?.version?.deno) return `deno/${globals.Deno.version.deno}`;
  if (globals.EdgeRuntime) return "edge-runtime";
  if (globals.navigator?.userAgent === "Cloudflare-Workers") return "workerd";
  if (globals.process?.versions?.node) return `node/${globals.process.versions.node}`;
  return isBrowser() ? "browser" : "unknown";
}

// Tells whether this code runs in a browser, where a visitor can read it. Edge workers count as servers.
export function isBrowser(): boolean {
  if (globals.window?.document !== undefined) return true;
  const isServer = globals.Bun ?? globals.Deno ?? globals.EdgeRuntime ?? globals.process?.versions?.node;
  if (isServer !== undefined || globals.navigator?.userAgent === "Cloudflare-Workers") return false;
  // Edge workers have `WorkerGlobalScope` too, but only browsers call themselves Mozilla.
  return globals.WorkerGlobalScope !== undefined && /^Mozilla\//.test(globals.navigator?.userAgent ?? "");
}

/** Version of this package, as in its package.json. */
export const version: string = packageVersion;

export function isLoopback(hostname: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\]|.+\.localhost)$/.test(hostname);
}

// Tells whether an address is plain http to another machine, which others can read on the way.
export function isPlainHttp(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === "http:" && !isLoopback(hostname);
}

/** What `await using` closes at the end of its block, as `close()` does. */
export interface Closeable {
  [Symbol.asyncDispose](): Promise<void>;
}

// Some run times lack the symbol. The method is not enumerable, so copies and comparisons do not see it.
export function closeable<T extends { close(): Promise<void> }>(object: T): T & Closeable {
  const { asyncDispose } = Symbol as { readonly asyncDispose?: symbol };
  if (asyncDispose) Object.defineProperty(object, asyncDispose, { value: () => object.close() });
  return object as T & Closeable;
}
