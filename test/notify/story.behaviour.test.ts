import fc from "fast-check";
import { expect, it } from "vitest";
import { notifiers } from "../../src/config/index.ts";
import { OpleadError, type UserInput } from "../../src/index.ts";
import { failedReport, fileLedger, type Ledger, memoryLedger } from "../../src/sync/index.ts";
import { mailServer, messagesOf, webReceiver } from "../support/alert-receivers.ts";
import { folderWith } from "../support/folder.ts";
import { sized } from "../support/long-form.ts";
import { user } from "../support/sync-users.ts";
import { eachTestItsWorld } from "../support/sync-world.ts";

const on = eachTestItsWorld();

const NIGHTS = 20;
const DAY = 86_400_000;
const USERS = 26;
const GRACE = 3;
const HELD = 4;

/** What happens in one night: how it ends, which rows are bad, which users are not in the source, and which Oplead refuses. */
interface Night {
  readonly way: "ends" | "source" | "guard" | "outage";
  readonly bad: readonly number[];
  readonly left: readonly number[];
  readonly refused: readonly number[];
}

const night: fc.Arbitrary<Night> = fc.record({
  way: fc.oneof(
    { arbitrary: fc.constant("ends" as const), weight: 5 },
    { arbitrary: fc.constantFrom("source" as const, "guard" as const, "outage" as const), weight: 2 },
  ),
  bad: fc.oneof(fc.constant([]), fc.uniqueArray(fc.nat(4), { maxLength: 4 })),
  left: fc.oneof(
    fc.constant([]),
    fc.subarray([10, 11, 12]),
    fc.constant([10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22]),
  ),
  refused: fc.oneof(fc.constant([]), fc.subarray([24, 25])),
});

/** Knows from the story alone who is told what. It shares nothing with the package. */
class Oracle {
  readonly messages: string[] = [];
  readonly beats: boolean[] = [];
  #open = new Map<string, number>();
  #problems = new Set<string>();
  #counts: number[] = [];
  /** Since when each user is missing, or is refused. */
  #missing = new Map<number, number>();
  #held = new Map<number, number>();

  night(at: number, { way, bad, left, refused }: Night): void {
    this.beats.push(way === "ends");
    if (way !== "ends") {
      this.#begin({ source: "failed", guard: "refused", outage: "stopped" }[way], 0);
      return;
    }
    for (const code of ["failed", "refused", "stopped"]) this.#end(code);
    for (const one of left) if (!this.#missing.has(one)) this.#missing.set(one, at);
    for (const one of [...this.#missing.keys()]) if (!left.includes(one)) this.#missing.delete(one);
    for (const one of refused) if (!this.#held.has(one)) this.#held.set(one, at);
    for (const one of [...this.#held.keys()]) if (!refused.includes(one)) this.#held.delete(one);

    const problems = new Set([...bad.map((one) => `bad ${one}`), ...refused.map((one) => `refused ${one}`)]);
    const added = [...problems].filter((one) => !this.#problems.has(one));
    this.#problems = problems;
    if (added.length > 0) this.#begin("new_problems", at + 1);
    else if (problems.size === 0) this.#end("new_problems");

    const users = USERS - left.length;
    this.#judge("many_invalid", bad.length > 0.05 * users);
    const sorted = [...this.#counts].sort((a, b) => a - b);
    const half = sorted.length / 2;
    const usual = ((sorted[Math.ceil(half) - 1] ?? 0) + (sorted[Math.floor(half)] ?? 0)) / 2;
    const isFar = Math.abs(users - usual) > Math.max(0.2 * usual, 10);
    this.#judge("user_count", this.#counts.length >= 5 && isFar);
    this.#counts = [...this.#counts, users].slice(-14);
    const due = [...this.#missing.values()].filter((since) => at - since >= GRACE);
    this.#judge("leavers_due", due.length > 0, Math.max(...due));
    const long = [...this.#held.values()].filter((since) => at - since > HELD);
    this.#judge("held_long", long.length > 0, Math.max(...long));
  }

  #judge(code: string, isActive: boolean, mark = 0): void {
    if (isActive) this.#begin(code, mark);
    else this.#end(code);
  }

  #begin(code: string, mark: number): void {
    const before = this.#open.get(code);
    if (before === undefined || mark > before) {
      this.messages.push(`begun ${code}`);
      this.#open.set(code, mark);
    }
  }

  #end(code: string): void {
    if (this.#open.delete(code)) this.messages.push(`over ${code}`);
  }
}

it("over 20 nights of any story each incident has one message and one at its end, by Slack, Teams, JSON and SMTP", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(night, { minLength: NIGHTS, maxLength: NIGHTS }), fc.boolean(), async (any, isFile) => {
      // The first night ends with every user: who was never in Oplead cannot leave, and an empty source loses nothing.
      const story = any.map((one, at) => (at === 0 ? { ...one, way: "ends" as const, left: [] } : one));
      const receivers = [
        await webReceiver("slack"),
        await webReceiver("teams"),
        await webReceiver("json"),
        await mailServer(),
      ];
      const heartbeat = await webReceiver("heartbeat");
      const targets = [...receivers, heartbeat].map(({ target }) => target);
      const oracle = new Oracle();
      const folder = await folderWith();
      const inMemory = memoryLedger();
      on.world.fake.reset();
      const first = Date.UTC(2026, 0, 1, 2);
      /** The content of each user that Oplead refuses at times. It changes when that does, so that the user is sent. */
      const contents = new Map<number, { version: number; isRefused: boolean }>();
      for (const [at, one] of story.entries()) {
        // A new process each night: nothing is kept but the ledger.
        const ledger = isFile ? fileLedger(`${folder}/ledger`) : inMemory;
        for (const number of one.way === "ends" ? [24, 25] : []) {
          const { version, isRefused } = contents.get(number) ?? { version: 0, isRefused: false };
          const now = one.refused.includes(number);
          contents.set(number, { version: version + Number(now !== isRefused), isRefused: now });
        }
        const versionOf = (number: number): number =>
          number >= 5 && number < 10 ? at : (contents.get(number)?.version ?? 0);
        const ended = await play(one, versionOf, ledger, () => first + at * DAY);
        const conditions = { heldDays: HELD, duration: false } as const;
        expect(await notifiers(targets, { ledger, conditions })(ended)).toEqual([]);
        if (isFile) await ledger.close();
        oracle.night(at, one);
        const told = messagesOf(receivers[2] as (typeof receivers)[number]).map(
          ({ state, code }) => `${state} ${code}`,
        );
        // In one night the order does not matter.
        expect([...told].sort()).toEqual([...oracle.messages].sort());
      }
      const { length } = oracle.messages;
      expect(receivers.map(({ accepted }) => accepted.length)).toEqual(Array(4).fill(length));
      expect(heartbeat.accepted.map((url) => !url.endsWith("/fail"))).toEqual(oracle.beats);
    }),
    // Shrinking a story of nights over HTTP takes minutes.
    { numRuns: sized(1, 6), seed: 20_260_131, endOnFailure: true },
  );
}, 120_000);

/** Plays one night over HTTP. */
async function play(
  { way, bad, left, refused }: Night,
  versionOf: (number: number) => number,
  ledger: Ledger,
  now: () => number,
) {
  const source = Array.from({ length: USERS }, (_, number) => dealer(number, versionOf(number), bad.includes(number)));
  const present = source.filter((_, number) => !left.includes(number));
  const { fake } = on.world;
  const faults = refused.map((number) =>
    fake.fail({ on: ({ body }) => Object(body).accountNumber === `ACC-${number}`, as: { status: 422 }, share: 1 }),
  );
  if (way === "outage") faults.push(fake.fail({ as: { gateway: 400 }, share: 1 }));
  const records = way === "guard" ? [] : way === "source" ? breaking() : present;
  const options = { ledger, now, leavers: { graceDays: GRACE }, guard: { firstRun: true }, heldRetryAfterMs: 2 * DAY };
  try {
    return await on.sync(records as Iterable<UserInput>, options).catch((error: unknown) => failedReport(error));
  } finally {
    for (const fault of faults) fault.remove();
  }
}

function dealer(number: number, version: number, isBad: boolean): UserInput {
  const { parentUserIdentifier: _, ...rest } = user(number, { phone: `+336${10_000_000 + 1000 * number + version}` });
  return { ...rest, profile: { code: "PRF_NETWORK" }, ...(isBad && { email: "nobody" }) };
}

// biome-ignore lint/correctness/useYield: it breaks before it gives anything.
async function* breaking(): AsyncGenerator<UserInput> {
  throw new OpleadError("source_failed", "the source broke off");
}
