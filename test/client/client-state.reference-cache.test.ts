import { beforeEach, expect, it, vi } from "vitest";
import { ReferenceCache } from "../../src/client/client-state.ts";

function loads<T>() {
  const all: { signal: AbortSignal; resolve: (value: T) => void; reject: (reason: unknown) => void }[] = [];
  const load = (signal: AbortSignal) =>
    new Promise((resolve, reject) => {
      all.push({ signal, resolve, reject });
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  const nth = (index: number) => {
    const found = all[index];
    if (!found) throw new Error(`there is no load ${index}`);
    return found;
  };
  return { load, all, nth };
}

let now: number;
let cache: ReferenceCache;
beforeEach(() => {
  now = 1_000;
  cache = cacheFor(100);
});

const cacheFor = (ttlMs: number) => new ReferenceCache({ now: () => now }, ttlMs);

async function get<T>(key: string, load: (signal: AbortSignal) => Promise<T>, from = cache) {
  const { result, leave } = from.join(key, load);
  return result.finally(leave);
}

it("the cache loads a value once and keeps it until it is as old as the TTL", async () => {
  const load = vi.fn(async () => `loaded at ${now}`);
  expect(await get("k", load)).toBe("loaded at 1000");
  now += 99;
  expect(await get("k", load)).toBe("loaded at 1000");
  now += 1;
  expect(await get("k", load)).toBe("loaded at 1100");
  expect(load).toHaveBeenCalledTimes(2);
});

it("the cache counts a value's age from the beginning of its load, not from the end", async () => {
  const { load, all, nth } = loads<string>();
  const first = get("k", load);
  now += 99;
  nth(0).resolve("slow");
  expect(await first).toBe("slow");
  expect(await get("k", load)).toBe("slow");
  now += 1;
  void get("k", load);
  expect(all).toHaveLength(2);
});

it("the cache keeps nothing with a TTL of 0, and everything for ever with Infinity", async () => {
  const load = vi.fn(async () => "x");
  const none = cacheFor(0);
  await get("k", load, none);
  await get("k", load, none);
  expect(load).toHaveBeenCalledTimes(2);
  const all = cacheFor(Number.POSITIVE_INFINITY);
  await get("k", load, all);
  now += 1e12;
  await get("k", load, all);
  expect(load).toHaveBeenCalledTimes(3);
});

it("the cache gives a failed load to all who wait for it, and loads again for the next call", async () => {
  const { load, nth } = loads<string>();
  const waiting = [get("k", load), get("k", load)];
  const settled = Promise.allSettled(waiting);
  const failure = new Error("503");
  nth(0).reject(failure);
  for (const result of await settled) expect(result).toEqual({ status: "rejected", reason: failure });
  const again = get("k", load);
  nth(1).resolve("here");
  expect(await again).toBe("here");
});

it("the cache treats a load that throws synchronously as a load that failed", async () => {
  const broken = () => {
    throw new Error("at once");
  };
  await expect(get("k", broken)).rejects.toThrow("at once");
  expect(await get("k", async () => "later")).toBe("later");
});

it("a caller who leaves, even the one that started the load, does not end a load that others wait for", async () => {
  const { load, all, nth } = loads<string>();
  const starter = cache.join("k", load);
  const others = [get("k", load), get("k", load)];
  starter.leave();
  expect(nth(0).signal.aborted).toBe(false);
  nth(0).resolve("here");
  expect(await Promise.all(others)).toEqual(["here", "here"]);
  expect(all).toHaveLength(1);
});

it("the load is cancelled when its last caller has left, and the next call starts another one", async () => {
  const { load, all, nth } = loads<string>();
  const [a, b] = [cache.join("k", load), cache.join("k", load)];
  const waiting = Promise.allSettled([a.result, b.result]);
  a.leave();
  expect(nth(0).signal.aborted).toBe(false);
  b.leave();
  expect(nth(0).signal.aborted).toBe(true);
  const next = get("k", load);
  expect((await waiting).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(all).toHaveLength(2);
  nth(1).resolve("here");
  expect(await next).toBe("here");
});

it("the cache does not keep what a cancelled load answers all the same", async () => {
  let answer = (_value: string): void => {};
  const { result, leave } = cache.join("k", () => new Promise<string>((resolve) => (answer = resolve)));
  leave();
  answer("late");
  expect(await result).toBe("late");
  expect(await get("k", async () => "asked again")).toBe("asked again");
});
