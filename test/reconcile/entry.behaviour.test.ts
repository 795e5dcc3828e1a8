import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { OpleadOptions } from "../../src/index.ts";
import type { Ledger, LedgerEntry } from "../../src/ledger/ledger.ts";
import { memoryLedger } from "../../src/ledger/memory.ts";
import { fingerprintsIn } from "../../src/reconcile/compare.ts";
import type { SourceUser } from "../../src/reconcile/content.ts";
import { parentState } from "../../src/reconcile/presence.ts";
import { reconcileContent, reconcileUser } from "../../src/reconcile/reconcile.ts";
import { contentOf, overtaken, setEntry } from "../support/entries.ts";
import { openWorld, user, type World } from "../support/sync-users.ts";

/** The next night, when no request of today is under way any more. */
const nextNight = { now: () => Date.now() + 12 * 3_600_000 };

let world: World;
let ledger: Ledger;

beforeEach(async () => {
  world = await openWorld();
  ledger = memoryLedger();
});
afterEach(() => world.close());

const FOREVER = Number.POSITIVE_INFINITY;
const head = (more: Partial<SourceUser> = {}): SourceUser => ({ user: user(0), ...more });
const withPhone = (phone: string, more: Partial<SourceUser> = {}) => head({ user: user(0, { phone }), ...more });

function listening(): { lines: string[]; options: OpleadOptions } {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  return { lines, options: { logger: { debug: () => {}, info: write, warn: write, error: write } } };
}

describe("an entry that another process writes while its user is sent", () => {
  it("a newer state of another process is sent once more when the intent has settled", async () => {
    const oplead = world.connect();
    await reconcileUser(oplead, ledger, head({ version: 1 }));
    const newer = contentOf(withPhone("newer", { version: 3 }));
    const shared = overtaken(ledger, (entry) => ({ ...entry, user: newer.userHash, version: 3 }));
    const frozen = await reconcileUser(oplead, shared, withPhone("frozen", { version: 2 }));
    expect(frozen).toMatchObject({ outcome: "stale", applied: [] });
    expect(world.fake.user("ACC-0")).toMatchObject({ phone: "frozen" });
    expect(await ledger.get("ACC-0")).toMatchObject({ version: 3, user: newer.userHash, intent: {} });
    const next = () => reconcileUser(oplead, ledger, withPhone("newer", { version: 3 }), nextNight);
    expect(await next()).toMatchObject({ outcome: "updated", requests: 1 });
    expect(world.fake.user("ACC-0")).toMatchObject({ phone: "newer" });
    expect(await next()).toMatchObject({ requests: 0 });
  });
});

describe("the former fingerprints of a user", () => {
  const day = (number: number) => ({ now: () => number * 86_400_000 });
  const former = (entry: LedgerEntry | undefined, field: string, day: number) =>
    `${fingerprintsIn(entry?.fields)[field]?.slice(0, 4)}${day.toString(36)}`;

  it("an entry keeps the beginning of a changed field's former fingerprint for 45 days", async () => {
    const oplead = world.connect();
    await reconcileUser(oplead, ledger, head(), day(20_000));
    const first = await ledger.get("ACC-0");
    await reconcileUser(oplead, ledger, withPhone("1"), day(20_001));
    const second = await ledger.get("ACC-0");
    expect(second?.was).toEqual({ phone: former(first, "phone", 20_001) });
    await reconcileUser(oplead, ledger, head({ rules: { maxDistance: 3 } }), day(20_045));
    expect((await ledger.get("ACC-0"))?.was).toEqual({ phone: former(second, "phone", 20_045) });
    const renamed = { user: user(0, { firstname: "Léa" }) };
    await reconcileUser(oplead, ledger, renamed, day(20_090));
    expect((await ledger.get("ACC-0"))?.was).toEqual({ firstname: former(first, "firstname", 20_090) });
  });
});

describe("a refusal", () => {
  it("a refusal is not final if the parent was just written, even if the clock was set back", async () => {
    for (const [ago, isFinal] of [
      [1_000, false],
      [-3_600_000, false],
      [600_000, true],
    ] as const) {
      ledger = memoryLedger();
      const now = Date.now();
      await reconcileUser(world.connect(), ledger, head(), { now: () => now - ago });
      const refusal = world.fake.fail({ on: "createUser", as: { status: 422 }, times: FOREVER });
      const oplead = world.connect({ deadlineMs: 1_000 });
      const result = await reconcileUser(oplead, ledger, { user: user(1) }, { now: () => now });
      expect(result.failed, `${ago} ms ago`).toMatchObject([{ step: "user", held: isFinal }]);
      refusal.remove();
    }
  });

  it("a child's refusal is stored with a hash of its parent's entry, or without one if there is none", async () => {
    world.fake.fail({ on: "createUser", as: { status: 422, body: { field: "email" } }, times: FOREVER });
    await reconcileUser(world.connect(), ledger, { user: user(1) });
    expect((await ledger.get("ACC-1"))?.held?.user).toMatchObject({ step: "user", parentState: undefined });
    const parent = { id: "1", user: "dQ", rules: {}, at: 0, revision: 7 };
    await setEntry(ledger, "ACC-0", parent);
    await reconcileUser(world.connect(), ledger, { user: user(1) }, { retryHeld: true });
    expect((await ledger.get("ACC-1"))?.held?.user).toMatchObject({ parentState: parentState(parent) });
    const byId = { user: user(2, { parentUserIdentifier: "100000" }) };
    await reconcileContent(world.connect(), ledger, contentOf(byId), {}, { parent: "ACC-0" });
    expect((await ledger.get("ACC-2"))?.held?.user).toMatchObject({ parentState: parentState(parent) });
  });
});

describe("the ledger of reconcileUser", () => {
  it("if versions cannot be compared, the state that arrives later counts, and a line is logged", async () => {
    const { lines, options } = listening();
    const oplead = world.connect(options);
    await reconcileUser(oplead, ledger, head({ version: "2026-01-09T08:00:00Z" }));
    lines.length = 0;
    expect(await reconcileUser(oplead, ledger, withPhone("1", { version: 7 }))).toMatchObject({ outcome: "updated" });
    expect(lines).toEqual([expect.stringContaining("cannot be compared")]);
    expect(await ledger.get("ACC-0")).toMatchObject({ version: 7 });
  });
});
