// Files share a process: one that leaves a global changed fails here, and not a later file. One that has to change a
// global is listed in vitest.config.ts.
import dns from "node:dns";
import { afterAll, expect } from "vitest";

const GLOBALS = [
  "fetch",
  "Request",
  "Response",
  "Headers",
  "setTimeout",
  "clearTimeout",
  "setInterval",
  "Date",
] as const;

const before = shared();

// The hook of a setup file is registered first, so it runs last.
afterAll(() => {
  const after = shared();
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => !Object.is(before.get(name), after.get(name)),
  );
  expect(changed, "globals that this file left changed").toEqual([]);
});

function shared(): Map<string, unknown> {
  const at = (prefix: string, values: object) =>
    Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, value] as const);
  return new Map<string, unknown>([
    ...GLOBALS.map((name) => [name, globalThis[name]] as const),
    ["performance.now", performance.now],
    ["dns.lookup", dns.lookup],
    ["process.cwd()", process.cwd()],
    ...at("console", console),
    ...at("process.env", process.env),
    ...["unhandledRejection", "uncaughtException", "warning"].map(
      (name) => [`listeners of ${name}`, process.listenerCount(name)] as const,
    ),
    ...[Object, Array, BigInt].map(
      ({ name, prototype }) => [`${name}.prototype`, Object.getOwnPropertyNames(prototype).join()] as const,
    ),
  ]);
}
