import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { ReferenceCache } from "../../../src/client/reference/reference-cache.ts";

/** A load that is answered, or fails, when the test says so. */
function loads<T>() {
  const all: { signal: AbortSignal; resolve: (value: T) => void; reject: (reason: unknown) => void }[] = [];
  const load = (signal: AbortSignal): Promise<T> =>
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
  cache = new ReferenceCache({ ttlMs: 100, clock: { now: () => now } });
});

describe("keeping", () => {
  it("loads once and gives the kept value until it is as old as the TTL", async () => {
    const load = vi.fn(async () => `loaded at ${now}`);
    expect(await cache.get("k", {}, load)).toBe("loaded at 1000");
    now += 99;
    expect(await cache.get("k", {}, load)).toBe("loaded at 1000");
    now += 1;
    expect(await cache.get("k", {}, load)).toBe("loaded at 1100");
    expect(load).toHaveBeenCalledTimes(2);
  });

  it("counts age from when the value was asked for, not from when it came", async () => {
    const { load, all, nth } = loads<string>();
    const first = cache.get("k", {}, load);
    now += 99;
    nth(0).resolve("slow");
    expect(await first).toBe("slow");
    expect(await cache.get("k", {}, load)).toBe("slow");
    now += 1;
    void cache.get("k", {}, load);
    expect(all).toHaveLength(2);
  });

  it("keeps each key by itself, whatever it is called", async () => {
    for (const key of ["country FR", "country BE", "__proto__", "constructor"]) {
      expect(await cache.get(key, {}, async () => `value of ${key}`)).toBe(`value of ${key}`);
    }
    expect(await cache.get("country FR", {}, async () => "another")).toBe("value of country FR");
  });

  it("keeps undefined, null and false as values", async () => {
    const load = vi.fn(async () => undefined);
    await cache.get("k", {}, load);
    await cache.get("k", {}, load);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it("keeps nothing with a TTL of 0, and everything with Infinity", async () => {
    const load = vi.fn(async () => "x");
    const none = new ReferenceCache({ ttlMs: 0, clock: { now: () => now } });
    await none.get("k", {}, load);
    await none.get("k", {}, load);
    expect(load).toHaveBeenCalledTimes(2);
    const all = new ReferenceCache({ ttlMs: Number.POSITIVE_INFINITY, clock: { now: () => now } });
    await all.get("k", {}, load);
    now += 1e12;
    await all.get("k", {}, load);
    expect(load).toHaveBeenCalledTimes(3);
  });

  it("each cache keeps its own values", async () => {
    const other = new ReferenceCache({ ttlMs: 100, clock: { now: () => now } });
    await cache.get("k", {}, async () => "one");
    expect(await other.get("k", {}, async () => "two")).toBe("two");
  });
});

describe("sharing", () => {
  it("lets all who ask meanwhile wait for one load", async () => {
    const { load, all, nth } = loads<object>();
    const waiting = Array.from({ length: 50 }, () => cache.get("k", {}, load));
    expect(all).toHaveLength(1);
    const value = { code: "FR" };
    nth(0).resolve(value);
    for (const result of await Promise.all(waiting)) expect(result).toBe(value);
  });

  it("callers share one load also with a TTL of 0", async () => {
    const none = new ReferenceCache({ ttlMs: 0, clock: { now: () => now } });
    const { load, all } = loads<string>();
    void none.get("k", {}, load);
    void none.get("k", {}, load);
    expect(all).toHaveLength(1);
  });

  it("the cache gives a failed load to all who wait for it, and loads again for the next call", async () => {
    const { load, nth } = loads<string>();
    const waiting = [cache.get("k", {}, load), cache.get("k", {}, load)];
    const settled = Promise.allSettled(waiting);
    const failure = new Error("503");
    nth(0).reject(failure);
    for (const result of await settled) expect(result).toEqual({ status: "rejected", reason: failure });
    const again = cache.get("k", {}, load);
    nth(1).resolve("here");
    expect(await again).toBe("here");
  });

  it("takes a load that throws at once for a failed one", async () => {
    const broken = (): Promise<string> => {
      throw new Error("at once");
    };
    await expect(cache.get("k", {}, broken)).rejects.toThrow("at once");
    expect(await cache.get("k", {}, async () => "later")).toBe("later");
  });
});

describe("giving up", () => {
  it("an abort ends the wait of its own caller with its reason, and the other callers go on waiting", async () => {
    const { load, nth } = loads<string>();
    const mine = new AbortController();
    const aborted = cache.get("k", { signal: mine.signal }, load);
    const others = [cache.get("k", { signal: new AbortController().signal }, load), cache.get("k", {}, load)];
    mine.abort(new Error("enough"));
    await expect(aborted).rejects.toThrow("enough");
    expect(nth(0).signal.aborted).toBe(false);
    nth(0).resolve("here");
    expect(await Promise.all(others)).toEqual(["here", "here"]);
  });

  it("does not end the load when the caller who started it aborts", async () => {
    const { load, all, nth } = loads<string>();
    const starter = new AbortController();
    const started = cache.get("k", { signal: starter.signal }, load);
    const joined = cache.get("k", {}, load);
    starter.abort();
    await expect(started).rejects.toThrow();
    nth(0).resolve("here");
    expect(await joined).toBe("here");
    expect(all).toHaveLength(1);
  });

  it("the load is cancelled when its last caller has aborted, and the next call starts another one", async () => {
    const { load, all, nth } = loads<string>();
    const [a, b] = [new AbortController(), new AbortController()];
    const waiting = Promise.allSettled([
      cache.get("k", { signal: a.signal }, load),
      cache.get("k", { signal: b.signal }, load),
    ]);
    a.abort();
    expect(nth(0).signal.aborted).toBe(false);
    b.abort(new Error("the last"));
    expect(nth(0).signal.aborted).toBe(true);
    const next = cache.get("k", {}, load);
    expect((await waiting).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(all).toHaveLength(2);
    nth(1).resolve("here");
    expect(await next).toBe("here");
  });

  it("counts one signal given by two callers as two who give up", async () => {
    const { load, nth } = loads<string>();
    const shared = new AbortController();
    const waiting = Promise.allSettled([
      cache.get("k", { signal: shared.signal }, load),
      cache.get("k", { signal: shared.signal }, load),
    ]);
    shared.abort();
    expect((await waiting).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(nth(0).signal.aborted).toBe(true);
  });

  it("rejects at once, and loads nothing, for a signal that is aborted already", async () => {
    const { load, all } = loads<string>();
    await expect(cache.get("k", { signal: AbortSignal.abort(new Error("before")) }, load)).rejects.toThrow("before");
    expect(all).toHaveLength(0);
  });

  it("an abort after the value came changes nothing", async () => {
    const { load, nth } = loads<string>();
    const mine = new AbortController();
    const got = cache.get("k", { signal: mine.signal }, load);
    nth(0).resolve("here");
    expect(await got).toBe("here");
    mine.abort();
    expect(nth(0).signal.aborted).toBe(false);
    expect(await cache.get("k", {}, load)).toBe("here");
  });

  it("leaves no rejection unhandled when every caller has gone", async () => {
    const unhandled = vi.fn();
    process.on("unhandledRejection", unhandled);
    try {
      const { load } = loads<string>();
      const mine = new AbortController();
      const aborted = cache.get("k", { signal: mine.signal }, load);
      mine.abort();
      await expect(aborted).rejects.toThrow();
      await sleep(5);
      expect(unhandled).not.toHaveBeenCalled();
    } finally {
      process.off("unhandledRejection", unhandled);
    }
  });
});

describe("refresh", () => {
  it("loads although the value is fresh, and keeps what came", async () => {
    await cache.get("k", {}, async () => "old");
    expect(await cache.get("k", { refresh: true }, async () => "new")).toBe("new");
    expect(await cache.get("k", {}, async () => "unasked")).toBe("new");
  });

  it("does not settle for a load that began before it", async () => {
    const { load, all, nth } = loads<string>();
    const before = cache.get("k", {}, load);
    const refreshed = cache.get("k", { refresh: true }, load);
    expect(all).toHaveLength(2);
    nth(1).resolve("new");
    expect(await refreshed).toBe("new");
    nth(0).resolve("old");
    expect(await before).toBe("old");
    expect(await cache.get("k", {}, load)).toBe("new");
  });

  it("a refresh is joined by those who ask after it", async () => {
    const { load, all, nth } = loads<string>();
    const refreshed = cache.get("k", { refresh: true }, load);
    const joined = cache.get("k", {}, load);
    expect(all).toHaveLength(1);
    nth(0).resolve("new");
    expect(await Promise.all([refreshed, joined])).toEqual(["new", "new"]);
  });

  it("leaves the kept value where it is when it fails", async () => {
    await cache.get("k", {}, async () => "old");
    await expect(cache.get("k", { refresh: true }, async () => Promise.reject(new Error("503")))).rejects.toThrow(
      "503",
    );
    expect(await cache.get("k", {}, async () => "unasked")).toBe("old");
  });
});
