// Nights with leavers, returns, ticks and records without numbers, against an oracle with a list of its own.
import { expect, it } from "vitest";
import type { UserInput } from "../../src/index.ts";
import { type Leaver, listLeavers, type MissingUser, markLeaver } from "../../src/sync/index.ts";
import { sized } from "../support/long-form.ts";
import { eachTestItsWorld, user } from "../support/sync-world.ts";

const NIGHTS = 365;
const USERS = 30;
const GRACE = 7;
const on = eachTestItsWorld();

// mulberry32
function chance(seed: number) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Note {
  readonly since: number;
  isTold: boolean;
  isDone: boolean;
}

function expected(note: Note, day: number, hasNameless: boolean) {
  const days = day - note.since;
  const certain = !hasNameless || (days > 0 && days >= 2 * GRACE);
  if (note.isDone) return { days, state: "done", certain };
  if (!certain) return { days, state: "perhaps", certain };
  return { days, state: days < GRACE ? "grace" : "due", certain };
}

it.each([1, 2].slice(0, sized(1, 2)))(
  "a year of nights has the right list of leavers on every day (random seed %i)",
  { timeout: 600_000 },
  async (seed) => {
    const random = chance(seed);
    let day = 0;
    const now = () => Date.UTC(2026, 0, 1 + day, 2);
    const away = new Map<string, Note>();
    // Their own rule was replaced when they were due.
    const silenced = new Set<string>();
    const known = new Set<string>();
    let told: MissingUser[] = [];
    let mailIsDown = false;
    const onMissing = (one: MissingUser) => {
      if (mailIsDown) throw new Error("no mail server");
      told.push(one);
    };
    for (; day < NIGHTS; day += 1) {
      const gone = new Set(away.keys());
      for (let number = 0; number < USERS; number += 1) {
        const name = `ACC-${number}`;
        if (gone.has(name) ? random() < 0.06 : random() < 0.006) gone.has(name) ? gone.delete(name) : gone.add(name);
      }
      const hasNameless = random() < (day > 100 && day < 130 ? 1 : 0.2);
      mailIsDown = random() < 0.1;
      const names = Array.from({ length: USERS }, (_, number) => `ACC-${number}`).filter((name) => !gone.has(name));
      const source = names.map((name) =>
        user(Number(name.slice(4)), { profile: { code: "PRF_NETWORK" }, parentUserIdentifier: undefined }),
      );

      let calls = 0;
      for (const name of names) {
        if (silenced.delete(name)) calls += 1;
        if (!known.has(name)) calls += 3; // asked for, created, its rule
        known.add(name);
        away.delete(name);
      }
      const shouldTell: string[] = [];
      for (const name of gone) {
        if (!known.has(name)) continue;
        const note = away.get(name) ?? { since: day, isTold: false, isDone: false };
        away.set(name, note);
        const { state, certain } = expected(note, day, hasNameless);
        if (certain && !note.isTold && !note.isDone) {
          shouldTell.push(name);
          note.isTold = !mailIsDown;
        }
        if (state === "due" && !silenced.has(name)) {
          silenced.add(name);
          calls += 1;
        }
      }

      told = [];
      const records = hasNameless ? [...source, { lastname: "Roux" } as UserInput] : source;
      const map = (one: UserInput) => {
        if (one.accountNumber === undefined) throw new RangeError("no number");
        return { user: one, rules: { maxDistance: 30 } };
      };
      const leavers = { graceDays: GRACE, rules: () => ({ maxDistance: 1 }) };
      const report = await on.sync(records, { map, now, onMissing, leavers, guard: false, checks: false });

      const wanted = [...away].map(([accountNumber, note]) => ({
        accountNumber,
        ...expected(note, day, hasNameless),
      }));
      const where = `day ${day}`;
      const brief = (list: readonly Leaver[]) =>
        list.map(({ accountNumber, days, state, certain }) => ({ accountNumber, days, state, certain })).sort(byName);
      expect(brief(report.missing), where).toEqual(wanted.sort(byName));
      expect(brief(await listLeavers(on.ledger, { now, graceDays: GRACE })), where).toEqual(wanted);
      expect(told.map(({ accountNumber }) => accountNumber).sort(), where).toEqual(mailIsDown ? [] : shouldTell.sort());
      expect(
        told.every(
          ({ certain, due, missingSince }) => certain && due === now() - Date.parse(missingSince) >= GRACE * 86_400_000,
        ),
        where,
      ).toBe(true);
      const failed = mailIsDown && shouldTell.length > 0;
      expect(report.exitCode, where).toBe(failed ? 4 : hasNameless ? 5 : 0);
      expect(on.world.newRequests(), where).toBe(calls);

      // An administrator ticks some of the due leavers off.
      for (const [name, note] of away) {
        const { state } = expected(note, day, hasNameless);
        if (state === "due" && random() < 0.3) note.isDone = await markLeaver(on.ledger, name, { now });
        else if (state === "done" && random() < 0.05)
          note.isDone = !(await markLeaver(on.ledger, name, { done: false, now }));
      }
    }
    expect(on.world.fake.users.length).toBe(known.size);
  },
);

function byName(a: { readonly accountNumber: string }, b: { readonly accountNumber: string }) {
  return a.accountNumber < b.accountNumber ? -1 : 1;
}
