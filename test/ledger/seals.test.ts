import { describe, expect, it } from "vitest";
import { hashOf } from "../../src/base/hash/hash.ts";
import { sealsBy } from "../../src/ledger/seals.ts";
import type { LedgerEntry, LedgerKeyOptions, LedgerPlatform, Seals } from "../../src/sync/index.ts";

const KEY = "a secret of the tests, long enough";
const OTHER = "another secret of the tests, too";
const HERE: LedgerPlatform = { baseUrl: "https://api.oplead.com" };

function seals(ledgerKey: LedgerKeyOptions["ledgerKey"] = KEY, platform = HERE): Seals {
  const made = sealsBy({ ledgerKey, remember: true }).seals?.(platform);
  if (!made) throw new Error("the ledger remembers nothing");
  return made;
}

const entryOf = (user: unknown, more: Partial<LedgerEntry> = {}): LedgerEntry => ({
  id: "1",
  user: hashOf(user),
  rules: {},
  at: 1,
  ...more,
});

const accepting = (step: "user" | "maxDistance", content: unknown, run?: string, isNew = false) => ({
  ...{ accountNumber: "ACC-1", step, content, run, isNew, undoes: undefined },
});

/** An entry that has had two users, one after the other, by the runs R1 and R2. */
async function twice(by = seals()): Promise<LedgerEntry> {
  const [first, second] = [{ phone: "1" }, { phone: "2" }];
  const one = await by.accepted({ rules: {}, at: 0 }, entryOf(first), accepting("user", first, "R1", true));
  return by.accepted(one, { ...one, ...entryOf(second) }, accepting("user", second, "R2"));
}

describe("seals", () => {
  it("remember what Oplead has of each step, what it had before, and the run between them", async () => {
    const entry = await twice();
    expect(entry.changedBy).toBe("R2");
    expect(await seals().open("ACC-1", entry)).toEqual({
      user: { now: { phone: "2" }, was: { phone: "1" }, run: "R2" },
    });
    const ruled = { ...entry, rules: { maxDistance: hashOf({ maxDistance: 30 }) } };
    const next = await seals().accepted(entry, ruled, accepting("maxDistance", { maxDistance: 30 }, "R3"));
    expect(next.changedBy).toBe("R3");
    expect(await seals().open("ACC-1", next)).toEqual({
      user: { now: { phone: "2" }, was: { phone: "1" }, run: "R2" },
      maxDistance: { now: { maxDistance: 30 }, run: "R3" },
    });
  });

  it("keep what was before a run when the run sends a step twice, and change nothing for content that is sent again", async () => {
    const entry = await twice();
    const third = { phone: "3" };
    const again = await seals().accepted(entry, { ...entry, ...entryOf(third) }, accepting("user", third, "R2"));
    expect((await seals().open("ACC-1", again))?.user).toEqual({ now: third, was: { phone: "1" }, run: "R2" });
    const resent = await seals().accepted(again, again, accepting("user", third, "R9"));
    expect(resent.changedBy).toBe("R2");
    expect((await seals().open("ACC-1", resent))?.user).toEqual({ now: third, was: { phone: "1" }, run: "R2" });
  });

  it("say nothing of a step that the entry does not have, so that what another process wrote is no wrong answer", async () => {
    const entry = await twice();
    expect(await seals().open("ACC-1", { ...entry, user: hashOf({ phone: "9" }) })).toEqual({});
    const after = { ...entry, ...entryOf({ phone: "10" }) };
    const before = { ...entry, user: hashOf({ phone: "9" }) };
    const next = await seals().accepted(before, after, accepting("user", { phone: "10" }, "R4"));
    expect((await seals().open("ACC-1", next))?.user).toEqual({ now: { phone: "10" }, run: "R4" });
  });

  it("forget what belonged to another Oplead ID", async () => {
    const entry = await twice();
    const next = await seals().accepted(
      entry,
      { ...entry, ...entryOf({ phone: "3" }, { id: "2" }) },
      accepting("user", { phone: "3" }, "R5"),
    );
    expect(await seals().open("ACC-1", next)).toEqual({ user: { now: { phone: "3" }, run: "R5" } });
  });

  it("open with their key, their account number and their platform only", async () => {
    const entry = await twice();
    for (const [by, account] of [
      [seals(OTHER), "ACC-1"],
      [seals(KEY, { baseUrl: "https://other.example" }), "ACC-1"],
      [seals(KEY, { ...HERE, name: "staging" }), "ACC-1"],
      [seals(), "ACC-2"],
    ] as const) {
      expect(await by.open(account, entry)).toBeUndefined();
    }
    const seal = entry.seal ?? "";
    expect(seals().isReadable(seal)).toBe(true);
    expect(seals(OTHER).isReadable(seal)).toBe(false);
    expect(seals(KEY, { ...HERE, name: "staging" }).isReadable(seal)).toBe(false);
    for (const damaged of [
      seal.slice(0, -6),
      `${seal.slice(0, 40)}AAAA${seal.slice(44)}`,
      seal.slice(0, 10),
      "x",
      "",
    ]) {
      expect(await seals().open("ACC-1", { ...entry, seal: damaged })).toBeUndefined();
    }
  });

  it("open with each key of a list, and are made with the first", async () => {
    const entry = await twice();
    const both = seals([OTHER, KEY]);
    expect(both.isCurrent(entry.seal)).toBe(false);
    expect((await both.open("ACC-1", entry))?.user?.now).toEqual({ phone: "2" });
    const next = { ...entry, ...(await both.known("ACC-1", entry, { user: { phone: "2" } })) };
    expect(both.isCurrent(next.seal)).toBe(true);
    expect((await seals(OTHER).open("ACC-1", next))?.user).toEqual({
      now: { phone: "2" },
      was: { phone: "1" },
      run: "R2",
    });
  });

  it("go with a user to another account number, and are dropped where no key opens them", async () => {
    const entry = await twice();
    const moved = { ...entry, ...(await seals().moved("ACC-1", "NEW-1", entry)) };
    expect(await seals().open("ACC-1", moved)).toBeUndefined();
    expect((await seals().open("NEW-1", moved))?.user?.was).toEqual({ phone: "1" });
    expect(await seals(OTHER).moved("ACC-1", "NEW-1", entry)).toEqual({});
  });

  it("have a nonce of their own each, and show neither their content nor the key", async () => {
    const made = await Promise.all(Array.from({ length: 200 }, () => twice()));
    const nonces = made.map(({ seal = "" }) => seal.slice(10, 26));
    expect(new Set(nonces).size).toBe(200);
    const text = JSON.stringify(made) + JSON.stringify(seals());
    expect(text).not.toContain("phone");
    expect(text).not.toContain(KEY);
  });

  it("are made only by a ledger with a key that was told to remember", () => {
    expect(sealsBy({ ledgerKey: KEY })).toEqual({});
    expect(sealsBy({ ledgerKey: KEY, remember: false })).toEqual({});
    expect(sealsBy({ remember: true })).toEqual({});
  });
});
