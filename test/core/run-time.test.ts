import { afterEach, describe, expect, it } from "vitest";
import { environment, isBrowser, runtimeName } from "../../src/core/run-time.ts";
import { createOplead, type OpleadOptions } from "../../src/index.ts";

const MOZILLA = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
const replaced = new Map<string, PropertyDescriptor | undefined>();

function setGlobals(values: Record<string, unknown>) {
  for (const [name, value] of Object.entries(values)) {
    if (!replaced.has(name)) replaced.set(name, Object.getOwnPropertyDescriptor(globalThis, name));
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}

afterEach(() => {
  for (const [name, descriptor] of replaced) {
    if (descriptor) Object.defineProperty(globalThis, name, descriptor);
    else Reflect.deleteProperty(globalThis, name);
  }
  replaced.clear();
});

// `process` comes back at once: everything else needs it.
function elsewhere<T>(globals: Record<string, unknown>, look: () => T) {
  const { process } = globalThis;
  setGlobals({ process: undefined, ...globals });
  try {
    return look();
  } finally {
    globalThis.process = process;
  }
}

const page = { window: { document: {} }, document: {}, navigator: { userAgent: MOZILLA } };

const PLACES: [name: string, globals: Record<string, unknown>, browser: boolean, runtime: string][] = [
  ["a web page", page, true, "browser"],
  ["a web page whose bundler gives it a process", { ...page, process: { env: {}, versions: {} } }, true, "browser"],
  ["a web worker", { WorkerGlobalScope: class {}, navigator: { userAgent: MOZILLA } }, true, "browser"],
  [
    "a web worker whose bundler gives it a process",
    { WorkerGlobalScope: class {}, navigator: { userAgent: MOZILLA }, process: { env: {}, versions: {} } },
    true,
    "browser",
  ],
  [
    "a Cloudflare worker",
    { WorkerGlobalScope: class {}, navigator: { userAgent: "Cloudflare-Workers" } },
    false,
    "workerd",
  ],
  [
    "a Cloudflare worker with Node's globals",
    {
      WorkerGlobalScope: class {},
      navigator: { userAgent: "Cloudflare-Workers" },
      process: { versions: { node: "22.0.0" } },
    },
    false,
    "workerd",
  ],
  ["an old Cloudflare worker", { WorkerGlobalScope: class {}, navigator: undefined }, false, "unknown"],
  ["a Vercel edge worker", { EdgeRuntime: "edge-runtime", navigator: undefined }, false, "edge-runtime"],
  [
    "Deno",
    { Deno: { version: { deno: "2.9.6" } }, window: undefined, navigator: { userAgent: "Deno/2.9.6" } },
    false,
    "deno/2.9.6",
  ],
  [
    "a Deno worker",
    { Deno: { version: { deno: "2.9.6" } }, WorkerGlobalScope: class {}, navigator: { userAgent: "Deno/2.9.6" } },
    false,
    "deno/2.9.6",
  ],
  [
    "Bun, which has Node's globals too",
    { Bun: { version: "1.4.5" }, process: { versions: { node: "24.0.0" } }, navigator: { userAgent: "Bun/1.4.5" } },
    false,
    "bun/1.4.5",
  ],
  ["Node", { process: { versions: { node: "20.1.0" } }, navigator: { userAgent: "Node.js/20" } }, false, "node/20.1.0"],
  ["an unknown run time", { navigator: undefined }, false, "unknown"],
];

describe.each(PLACES)("%s", (name, globals, browser, runtime) => {
  it(`${name} ${browser ? "counts" : "does not count"} as a place where visitors can read the token`, () => {
    expect(elsewhere(globals, isBrowser)).toBe(browser);
  });

  it(`${name} is named in the User-Agent`, () => {
    expect(elsewhere(globals, runtimeName)).toBe(runtime);
  });
});

it("createOplead refuses to make a client in a web page unless dangerouslyAllowBrowser is set", () => {
  const make = (options?: OpleadOptions) => () =>
    elsewhere(page, () => createOplead({ token: "a-token", ...options }).testMode);
  expect(make()).toThrow(/dangerouslyAllowBrowser: this looks like a web page/);
  expect(make({ dangerouslyAllowBrowser: true })()).toBe(false);
});

it("createOplead takes jsdom on Node for a web page, and its error says how a test in jsdom can go on", () => {
  setGlobals({ window: { document: {} } });
  expect(() => createOplead({ token: "a-token" })).toThrow(/a test in jsdom/);
  expect(createOplead({ token: "a-token", dangerouslyAllowBrowser: true }).testMode).toBe(false);
});

it("environment variables count as unset if the run time has none or forbids reading them", () => {
  const empty = { OPLEAD_TOKEN: undefined, OPLEAD_BASE_URL: undefined, OPLEAD_TEST_MODE: undefined };
  expect(elsewhere({}, environment)).toEqual(empty);
  const forbidden = {
    get env(): never {
      throw new Error("NotCapable: Requires env access");
    },
  };
  expect(elsewhere({ process: forbidden }, environment)).toEqual(empty);
});
