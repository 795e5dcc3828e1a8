import fc from "fast-check";
import { expect, it } from "vitest";
import { notifiers } from "../../src/config/index.ts";
import { OpleadError, type UserInput } from "../../src/index.ts";
import { type FailedReport, failedReport, fileLedger, memoryLedger, type SyncReport } from "../../src/sync/index.ts";
import { messagesOf, webReceiver } from "../support/alert-receivers.ts";
import { folderWith } from "../support/folder.ts";
import { sized } from "../support/long-form.ts";
import { eachTestItsWorld, user } from "../support/sync-world.ts";

const on = eachTestItsWorld();

const RUNS = 20;
const HOUR = 3_600_000;
const USERS = 12;

interface Run {
  readonly hours: number;
  readonly way: "ends" | "source" | "guard" | "outage";
  readonly bad: readonly number[];
  readonly down: readonly number[];
}

const run: fc.Arbitrary<Run> = fc.record({
  hours: fc.constantFrom(1, 19, 24, 25),
  way: fc.oneof(
    { arbitrary: fc.constant("ends" as const), weight: 3 },
    { arbitrary: fc.constantFrom("source" as const, "guard" as const, "outage" as const), weight: 2 },
  ),
  bad: fc.oneof(fc.constant([]), fc.uniqueArray(fc.nat(4), { maxLength: 2 })),
  down: fc.oneof({ arbitrary: fc.constant([]), weight: 2 }, fc.constantFrom([0], [0, 1])),
});

// From the story alone: shares no code with the package.
class Oracle {
  readonly messages: [string[], string[]] = [[], []];
  readonly beats: boolean[] = [];
  #hours = 0;
  #open: { since: number; worst: number; toldAt: number | undefined; isOver: boolean } | undefined;

  run({ hours, way, bad, down }: Run): void {
    this.#hours += hours;
    const badness = way !== "ends" ? 2 : bad.length > 0 ? 1 : 0;
    this.beats.push(badness < 2);
    if (badness === 0) {
      if (!this.#open) return;
      this.#open.isOver = true;
      if (this.#tell("over", down)) this.#open = undefined;
      return;
    }
    const before = this.#open;
    const isTold = before !== undefined && !before.isOver && badness <= before.worst;
    this.#open = {
      since: before?.since ?? this.#hours,
      worst: isTold ? before.worst : badness,
      toldAt: isTold ? before.toldAt : undefined,
      isOver: false,
    };
    const { toldAt } = this.#open;
    if (toldAt !== undefined && this.#hours - toldAt < 20) return;
    const night = way === "ends" ? "rows" : { source: "failed", guard: "refused", outage: "stopped" }[way];
    if (this.#tell(`${toldAt === undefined ? "begun" : "continues"} ${night}`, down)) this.#open.toldAt = this.#hours;
  }

  #tell(message: string, down: readonly number[]): boolean {
    for (const receiver of [0, 1] as const) {
      if (!down.includes(receiver)) this.messages[receiver].push(`${message} since ${this.#open?.since}`);
    }
    return down.length < 2;
  }
}

it("in any story of 20 runs there is one message at the start, one a day, and one at the end", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(run, { minLength: RUNS, maxLength: RUNS }), fc.boolean(), async (any, isFile) => {
      // An empty source is no problem while the ledger is empty.
      const story = any.map((one, at) => (at === 0 ? { ...one, way: "ends" as const, bad: [] } : one));
      const receivers = [await webReceiver("json"), await webReceiver("json")];
      const heartbeat = await webReceiver("heartbeat");
      const targets = [...receivers, heartbeat].map(({ target }) => target);
      const oracle = new Oracle();
      const folder = await folderWith();
      const inMemory = memoryLedger();
      on.world.fake.reset();
      const first = Date.UTC(2026, 0, 1, 2);
      let hours = 0;
      for (const [at, one] of story.entries()) {
        hours += one.hours;
        const ledger = isFile ? fileLedger(`${folder}/ledger`) : inMemory;
        const ended = await play(one, at, first + hours * HOUR, ledger);
        for (const [number, receiver] of receivers.entries()) {
          receiver.mood = one.down.includes(number) ? 404 : undefined;
        }
        await notifiers(targets, { ledger })(ended);
        if (isFile) await ledger.close();
        oracle.run(one);
      }
      const told = receivers.map((receiver) =>
        messagesOf(receiver).map(({ state, night, since }) => {
          const what = state === "over" ? state : `${state} ${night}`;
          return `${what} since ${(Date.parse(since) - first) / HOUR}`;
        }),
      );
      expect(told).toEqual(oracle.messages);
      expect(heartbeat.accepted.map((url) => !url.endsWith("/fail"))).toEqual(oracle.beats);
    }),
    // Shrinking a story over HTTP takes minutes.
    { numRuns: sized(2, 4), seed: 20_260_131, endOnFailure: true },
  );
});

async function play(
  { way, bad }: Run,
  at: number,
  time: number,
  ledger: ReturnType<typeof memoryLedger>,
): Promise<SyncReport | FailedReport> {
  const source = Array.from({ length: USERS }, (_, number) => dealer(number, at, bad.includes(number)));
  const outage = way === "outage" ? on.world.fake.fail({ as: { gateway: 400 }, share: 1 }) : undefined;
  const records = way === "guard" ? [] : way === "source" ? breaking() : source;
  const options = { ledger, now: () => time, guard: { minUsers: 100_000 } };
  try {
    return await on.sync(records as Iterable<UserInput>, options).catch((error: unknown) => ({
      ...failedReport(error),
      startedAt: new Date(time).toISOString(),
    }));
  } finally {
    outage?.remove();
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
