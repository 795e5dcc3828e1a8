import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { sleep } from "../../src/core/time.ts";
import type { LogFields } from "../../src/index.ts";
import type { Lease, Ledger } from "../../src/ledger/ledger.ts";
import { memoryLedger } from "../../src/ledger/memory.ts";
import type { SourceUser } from "../../src/reconcile/content.ts";
import { reconcileUser } from "../../src/reconcile/reconcile.ts";
import { failureOf } from "../support/failure.ts";
import { openWorld, user, type World } from "../support/sync-users.ts";

let world: World;
let ledger: Ledger;

beforeEach(async () => {
  world = await openWorld();
  ledger = memoryLedger();
});
afterEach(() => world.close());

/** A lease that does not end by itself. `release` gives it back. */
const leaseThat = (release: Lease["release"]) => ({ left: () => Number.POSITIVE_INFINITY, release });
const head = (more: Partial<SourceUser> = {}) => ({ user: user(0), ...more });

it("a lease is taken before the entry is read, and given back even after a failure", async () => {
  const events: string[] = [];
  const leased: Ledger = {
    ...ledger,
    get: (accountNumber) => {
      events.push("get");
      return ledger.get(accountNumber);
    },
    lease: async () => {
      events.push("lease");
      return leaseThat(async () => void events.push("release"));
    },
  };
  expect(await reconcileUser(world.connect(), leased, head())).toMatchObject({ outcome: "created" });
  expect([events[0], events[1], events.at(-1)]).toEqual(["lease", "get", "release"]);
  events.length = 0;
  await failureOf(reconcileUser(world.connect(), leased, { user: user(0, { email: "x" }) }));
  expect(events.at(-1)).toBe("release");
  events.length = 0;
  await reconcileUser(world.connect({ testMode: true }), leased, head());
  expect(events).not.toContain("lease");
});

it("a long wait for a lease is logged once for all users of a ledger, and a short one is not", async () => {
  const lines: unknown[] = [];
  const note = (_line: string, fields: LogFields) => void lines.push(fields);
  const logger = { debug() {}, info() {}, warn: note, error: note };
  let held = true;
  const leased: Ledger = {
    ...ledger,
    lease: async () => {
      while (held) await sleep(20);
      return leaseThat(async () => {});
    },
  };
  const oplead = world.connect({ logger });
  const users = [0, 1, 2].map((number) => reconcileUser(oplead, leased, { user: user(number) }));
  await vi.waitFor(() => expect(lines).not.toEqual([]), { timeout: 10_000 });
  await sleep(200);
  held = false;
  await Promise.all(users);
  expect(lines).toEqual([{ event: "lease_waiting", accountNumber: user(0).accountNumber, run: undefined }]);
  await reconcileUser(oplead, { ...leased }, { user: user(3) });
  expect(lines).toHaveLength(1);
});

it("reconcileUser waits for a lease until its deadline or an abort, and gives back a later one", async () => {
  let grant: ((lease: Lease) => void) | undefined;
  let released = 0;
  const signals: AbortSignal[] = [];
  const leased: Ledger = {
    ...ledger,
    lease: (_accountNumber, signal) => {
      signals.push(signal);
      return new Promise((resolve) => {
        grant = resolve;
      });
    },
  };
  const oplead = world.connect();
  expect(await failureOf(reconcileUser(oplead, leased, head(), { deadlineMs: 30 }))).toMatchObject({
    code: "deadline",
  });
  expect(signals[0]?.aborted).toBe(true);
  grant?.(
    leaseThat(async () => {
      released += 1;
    }),
  );
  await new Promise((resolve) => setImmediate(resolve));
  expect(released).toBe(1);
  const aborted = reconcileUser(oplead, leased, head(), { signal: AbortSignal.timeout(20) });
  expect(await failureOf(aborted)).toMatchObject({ code: "aborted" });
  expect(world.newRequests()).toBe(0);
});

it("once the lease is lost, nothing more is sent, and the error is retryable", async () => {
  let left = Number.POSITIVE_INFINITY;
  const leased: Ledger = { ...ledger, lease: async () => ({ left: () => left, release: async () => {} }) };
  const oplead = world.connect({
    fetch: (url, init) => {
      left = 0;
      return fetch(url, init);
    },
  });
  const result = await reconcileUser(oplead, leased, head({ rules: { maxDistance: 3 } }));
  const error = { code: "aborted", retryable: true };
  expect(result).toMatchObject({ outcome: "failed", failed: [{ step: "user", held: false, error }] });
  expect(world.newRequests()).toBeLessThanOrEqual(1);
});

it("if the caller's signal ends a call that holds a lease, the error has the signal's reason", async () => {
  const leased: Ledger = { ...ledger, lease: async () => leaseThat(async () => {}) };
  const caller = new AbortController();
  const oplead = world.connect({
    fetch: (url, init) => {
      caller.abort(new Error("the service stops"));
      return fetch(url, init);
    },
  });
  const error = await failureOf(reconcileUser(oplead, leased, head(), { signal: caller.signal }));
  expect(error).toMatchObject({ code: "aborted", thrown: { message: "the service stops" } });
  const failed = [{ step: "user", held: false, error: { code: "aborted" } }];
  expect(error.result).toMatchObject({ accountNumber: "ACC-0", outcome: "failed", applied: [], failed });
});

it("a lease that arrives at the moment at which the caller aborts is given back, and nothing is sent", async () => {
  for (let later = 0; later < 12; later += 1) {
    const caller = new AbortController();
    let released = 0;
    const leased: Ledger = {
      ...ledger,
      lease: async () => {
        let moment = Promise.resolve();
        for (let i = 0; i < later; i += 1) moment = moment.then(() => {});
        void moment.then(() => caller.abort());
        return leaseThat(async () => {
          released += 1;
        });
      },
    };
    await reconcileUser(world.connect(), leased, head(), { signal: caller.signal }).catch(() => {});
    await new Promise((resolve) => setImmediate(resolve));
    expect([later, released, world.newRequests()]).toEqual([later, 1, 0]);
  }
});
