import { describe, expect, it } from "vitest";
import { among } from "../../src/sync/findings.ts";
import { importIds, markLeaver, moveUsers, reconcileUser } from "../../src/sync/index.ts";
import type { History, ProcessFate } from "./history.ts";
import { type LedgerKind, LedgerStore } from "./ledger-store.ts";
import type { Person } from "./people.ts";
import { lost, type PlatformTraits, type Scripted, type Sent } from "./platform.ts";
import type { WorldProcess } from "./time.ts";
import { type Direction, live, type World } from "./world.ts";

const SECOND = 1_000;
const NO_FATE: ProcessFate = { killAt: undefined, standAt: undefined, standMs: 0, skewMs: 0 };
const NOT_UNIQUE = { isUnique: false, hasUniqueLogins: false };
const LATE = { carriedOutMs: 50 * SECOND, answeredMs: 99 * SECOND };
const KINDS = [
  ["file", 15],
  ["cas", 15],
  ["lease", 35],
] as const;

// A first night sends three people, then the `direction` runs. No other faults.
async function expectSound(
  direction: Direction,
  more: {
    ledger?: LedgerKind;
    platform?: Partial<PlatformTraits>;
    hasVersions?: boolean;
    refreshAfterDays?: number;
  } = {},
) {
  const history: History = {
    seed: 1,
    ledger: more.ledger ?? "file",
    platform: {
      ...{ isUnique: true, hasUniqueLogins: true, lagMs: 0, gateway: "html", namesFields: true },
      ...more.platform,
    },
    people: 3,
    hasVersions: more.hasVersions ?? false,
    hasReceiver: false,
    hasLeaverRules: false,
    hasWorkers: false,
    days: [],
    refreshAfterDays: more.refreshAfterDays,
  };
  const { violations, trace } = await live(history, async (world) => {
    await world.night("first");
    await direction(world);
  });
  expect(violations, trace.of()).toEqual([]);
}

// The next requests of a process for a person: answered after 9 ms and not carried out, unless a fate says otherwise.
function script(world: World, process: string, person: string, ...fates: Partial<Scripted>[]): void {
  const usual = { process, person, carriedOutMs: undefined, answeredMs: 9 };
  world.platform.scripted.push(...fates.map((fate) => ({ ...usual, ...fate })));
}

async function expectSentAgain(world: World): Promise<void> {
  expect([(await world.night("again")).requests, (await world.night("at rest")).requests]).toEqual([2, 0]);
}

function reconcile(world: World, name: string, who: string, skewMs = 0): Promise<unknown> {
  const person = world.people.present.find((each) => each.name === who) as Person;
  const record = world.people.recordOf(person, false);
  world.noteTries(who);
  const task = async (self: WorldProcess): Promise<unknown> =>
    reconcileUser(world.connect(self), world.store.open(self), record).catch(() => undefined);
  return world.time.start(name, task, { skewMs }).end;
}

it("an intent ends although the source drops a rule, which is sent again when the source has it again", () =>
  expectSound(async (world) => {
    world.change("edit", "P0");
    world.change("loseRule", "P0", 0);
    script(world, "second", "P0", { answer: lost() });
    await world.night("second");
    await world.time.sleep(3_600 * SECOND);
    expect([(await world.night("third")).requests, (await world.night("fourth")).requests]).toEqual([1, 0]);
    world.change("rule", "P0", 30);
    await world.time.sleep(SECOND);
  }));

it("an intent of a user with a held rule ends, although the rule is not sent before it changes", () =>
  expectSound(async (world) => {
    const answer = { status: 422, body: { message: "Refused" } };
    const refused = { step: "max-distance", answer };
    world.change("rule", "P0", 3);
    script(world, "second", "P0", refused, refused);
    await world.night("second");
    world.change("edit", "P0");
    script(world, "third", "P0", { answer: lost() });
    await world.night("third");
    await world.time.sleep(3_600 * SECOND);
    expect([(await world.night("fourth")).requests, (await world.night("fifth")).requests]).toEqual([1, 0]);
    world.change("rule", "P0", 6);
  }));

describe("an update that the server carries out after a newer one", () => {
  it("is noticed although its process was killed and the next run had nothing to send", () =>
    expectSound(async (world) => {
      world.change("edit", "P0");
      script(world, "killed", "P1", LATE);
      world.change("edit", "P1");
      await world.night("killed", undefined, 5 * SECOND);
      world.change("edit", "P1");
      await world.time.sleep(15 * SECOND);
      await world.night("empty", {
        file: "empty",
        fate: NO_FATE,
      });
      await world.night("after");
    }));
});

it("a creation that Oplead answers with 500 makes no second user where replicas lag", () =>
  expectSound(
    async (world) => {
      world.change("join", "P0");
      const answer = { status: 500, body: { message: "Internal error" } };
      script(world, "second", "P3", { method: "POST", carriedOutMs: 5, answer });
      await world.night("second");
    },
    { platform: { ...NOT_UNIQUE, lagMs: 1_000 } },
  ));

describe("a creation whose answer is lost and that the server carries out seconds later", () => {
  const creation = { method: "POST", carriedOutMs: 4 * SECOND, answer: lost() } as const;

  it("makes no second user if the answer to one look-up takes longer than all look-ups together may take", () =>
    expectSound(
      async (world) => {
        world.change("join", "P0");
        const first = { carriedOutMs: 5 };
        script(world, "second", "P3", first, creation, { ...first, answeredMs: 25 * SECOND });
        await world.night("second");
      },
      { platform: NOT_UNIQUE },
    ));
});

it.each(["cas", "lease"] as const)(
  "a new user for whom a failed call sent only updates is created at once next (kind of ledger: %s)",
  (ledger) =>
    expectSound(
      async (world) => {
        world.change("join", "P0");
        const answer = { status: 503, html: "<html>gateway</html>" };
        script(world, "second", "P3", ...Array(4).fill({ answer }));
        await reconcile(world, "second", "P3");
        const before = world.platform.sent.length;
        await reconcile(world, "third", "P3");
        expect(world.platform.sent.slice(before).map(({ method }) => method)).toEqual(["PUT", "POST", "PUT"]);
      },
      { ledger },
    ),
);

it("a user that Oplead has and the ledger does not know is found by its account number", () =>
  expectSound(
    async (world) => {
      const copy = world.store.copy();
      world.change("join", "P0");
      await world.night("second");
      world.store.restore(copy);
      await world.time.sleep(3_600 * SECOND);
      await reconcile(world, "third", "P3");
    },
    { platform: NOT_UNIQUE },
  ));

it("a moved user missing in a restored ledger is not created again if its ID is imported before the move", () =>
  expectSound(
    async (world) => {
      world.change("join", "P0");
      const creation = { method: "POST", carriedOutMs: 4 * SECOND, answer: lost() } as const;
      const failed = { answer: { status: 403, html: "<html>maintenance</html>" } };
      script(world, "second", "P3", { carriedOutMs: 5 }, creation, failed, failed);
      await world.night("second");
      const copy = world.store.copy();
      expect([copy.entries.has("A3"), LedgerStore.idIn(copy, "A3")]).toEqual([true, undefined]);
      await world.time.sleep(3_600 * SECOND);
      await world.night("third");
      const id = world.store.entries.get("A3")?.id as string;
      world.change("renumber", "P3");
      world.restore(copy);
      const { end } = world.time.start("administrator", async (self) => {
        const [ledger, moves] = [world.store.open(self), [["A3", "A3-2"]] as const];
        const before = await moveUsers(ledger, moves);
        await importIds(ledger, [["A3", id]]);
        return [before.unknown.length, (await moveUsers(ledger, moves)).moved];
      });
      expect(await end).toMatchObject({ value: [1, 1] });
    },
    { platform: NOT_UNIQUE },
  ));

it.each([
  ["file", 15],
  ["cas", 15],
  ["lease", 35],
] as const)(
  "a new account number that a killed run sent is undone at Oplead with the source (kind of ledger: %s)",
  (ledger, seconds) =>
    expectSound(
      async (world) => {
        world.change("renumber", "P2");
        script(world, "killed", "P2", LATE);
        await world.night("killed", undefined, 5 * SECOND);
        world.change("renumber", "P2");
        expect(world.people.moves).toEqual([
          ["A2", "A2-2"],
          ["A2-2", "A2"],
        ]);
        await world.time.sleep(seconds * SECOND);
        await world.night("after");
        await world.time.sleep(3_600 * SECOND);
      },
      { ledger },
    ),
);

it("a user whose number changes between a plan's reads of ledger and source is left out, then moved", () =>
  expectSound(
    async (world) => {
      // The fifth event of the process comes while it reads the ledger.
      const fate = { ...NO_FATE, standAt: 5, standMs: 20 * SECOND };
      const second = world.night("second", { file: "whole", fate });
      await world.time.sleep(10 * SECOND);
      world.change("renumber", "P2");
      expect(among((await second).report?.findings ?? [], "twin")).toMatchObject([{ accountNumber: "A2-2", of: "A2" }]);
    },
    { platform: NOT_UNIQUE },
  ));

it("a user changed and changed back around an older copy of the ledger is sent when everything is", () =>
  expectSound(async (world) => {
    const copy = world.store.copy();
    world.change("rule", "P0", 3);
    await reconcile(world, "event", "P0");
    world.restore(copy);
    world.change("rule", "P0", 60);
  }));

it.each(KINDS)(
  "two people with exchanged numbers are left out until the file is right (kind of ledger: %s)",
  (ledger) =>
    expectSound(
      async (world) => {
        world.change("edit", "P2");
        const { report, requests } = await world.night("second", { file: "exchanged", fate: NO_FATE });
        expect(among(report?.findings ?? [], "twin").map(({ by }) => by)).toEqual(["exchange", "exchange"]);
        expect(requests).toBe(0);
      },
      { ledger },
    ),
);

it("a person whose number another one has is left out although the other one's record is stale", () =>
  expectSound(
    async (world) => {
      world.change("edit", "P2");
      await world.night("second");
      const { requests } = await world.night("third", { file: "exchanged", fate: NO_FATE });
      expect(requests).toBe(0);
    },
    { hasVersions: true },
  ));

describe("edits that people make in Oplead", () => {
  it.each([1, 2, 4])("end within refreshAfterDays nights, of users and of rules (%i days)", (refreshAfterDays) =>
    expectSound(
      async (world) => {
        for (const name of ["P0", "P1", "P2"]) world.editInOplead(name);
        world.editInOplead("P0", true);
        expect(world.edited.size).toBe(3);
      },
      { refreshAfterDays },
    ),
  );

  it("end although runs pause for a month, with one night's share a day", () =>
    expectSound(
      async (world) => {
        await world.time.sleep(30 * 86_400 * SECOND);
        for (const name of ["P0", "P1", "P2"]) world.editInOplead(name);
        expect((await world.night("after")).report?.counts).toMatchObject({ refreshed: 1, unchanged: 2 });
      },
      { refreshAfterDays: 4 },
    ));
});

async function tickOffP2(world: World) {
  const { end } = world.time.start("administrator", async (self) => {
    const ledger = world.store.open(self);
    const isDone = await markLeaver(ledger, "A2");
    await ledger.close();
    return isDone;
  });
  expect(await end).toMatchObject({ value: true });
  world.ticks.push({ person: "P2", accountNumber: "A2", at: world.time.now });
}

it("a leaver who is back and leaves again while a run sends is reported again although marked as done", () =>
  expectSound(
    async (world) => {
      world.change("leave", "P2");
      await world.night("second");
      world.change("return", "P2");
      world.change("edit", "P0");
      script(world, "third", "P0", { answeredMs: 9_000 });
      const night = world.night("third");
      await world.time.sleep(2_000);
      world.change("leave", "P2");
      await tickOffP2(world);
      await night;
      const { report } = await world.night("fourth");
      expect(among(report?.findings ?? [], "leaver")).toMatchObject([{ accountNumber: "A2", state: "grace" }]);
    },
    { ledger: "lease" },
  ));

it("a leaver who came back under a new number and left again is reported again, although marked as done", () =>
  expectSound(async (world) => {
    world.change("leave", "P2");
    await world.night("second");
    const person = world.people.all[2] as Person;
    person.isPresent = true;
    world.change("renumber", "P2");
    world.change("leave", "P2");
    await tickOffP2(world);
    const { report } = await world.night("third");
    expect(among(report?.findings ?? [], "leaver")).toMatchObject([{ accountNumber: "A2-2", state: "grace" }]);
  }));

it.each([
  ["without an answer", lost()],
  ["with the gateway's 503", { status: 503, html: "<html>gateway</html>" }],
])("a 404 page for a rule is no refusal if the GET that asks whether it is a gateway's ends %s", (_, answer) =>
  expectSound(async (world) => {
    // For a new user, a 404 may also mean that a replica lags.
    await world.time.sleep(3_600 * SECOND);
    world.change("rule", "P0", 3);
    const own = { process: "second", carriedOutMs: undefined, answeredMs: 9 };
    const page = { status: 404, html: "<html>maintenance</html>" };
    const rule = { ...own, person: "P0", step: "max-distance", answer: page };
    // The rule is tried twice, with four attempts of questions after each.
    world.platform.scripted.push(rule, rule);
    const question = { ...own, method: "GET", path: "/v1/types/country/ZZ", person: undefined, answer } as const;
    for (let at = 0; at < 8; at += 1) world.platform.scripted.push(question);
    await world.night("second");
    expect(world.platform.scripted).toEqual([]);
  }),
);

it.each([-120_000, 120_000])(
  "a user that another process has just created is not created again if reads lag, clocks %i ms apart",
  (skewMs) =>
    expectSound(
      async (world) => {
        for (let at = 0; at < 3; at += 1) world.change("join", "P0");
        // No rules: they would wait until reads show the user.
        await reconcile(world, "second", "P5", skewMs);
        world.change("edit", "P5");
        await reconcile(world, "third", "P5");
      },
      { ledger: "lease", platform: { ...NOT_UNIQUE, lagMs: 3 * SECOND } },
    ),
);

it.each([
  ["file", 1],
  ["cas", 5],
  ["lease", 30],
] as const)(
  "a late creation of a killed process makes no second user (kind of ledger: %s, next night %d s later)",
  (ledger, seconds) =>
    expectSound(
      async (world) => {
        world.change("join", "P0");
        const creation = { ...LATE, method: "POST", carriedOutMs: (seconds + 8) * SECOND } as const;
        script(world, "killed", "P3", { carriedOutMs: 5 }, creation);
        await world.night("killed", undefined, 5 * SECOND);
        await world.time.sleep(seconds * SECOND);
        await world.night("after");
      },
      { platform: NOT_UNIQUE, ledger },
    ),
);

describe("a user that is refused for a login", () => {
  it("is sent again if another user gave the login up in an attempt whose answer was lost", () =>
    expectSound(async (world) => {
      world.change("swap", "P0", 1);
      const answer = lost();
      script(world, "second", "P1", ...Array(7).fill({ answer }), { answer, carriedOutMs: 8 });
      await world.night("second");
    }));

  it("is sent again if the login was freed before the refusal was noted, and the run was killed later", () =>
    expectSound(async (world) => {
      world.change("swap", "P0", 1);
      script(world, "killed", "P0", { carriedOutMs: 50, answeredMs: 100 }, { answeredMs: 99 * SECOND });
      script(world, "killed", "P1", { carriedOutMs: 60, answeredMs: 70 });
      await world.night("killed", undefined, 5 * SECOND);
      await world.time.sleep(60 * SECOND);
    }));

  it.each([
    ["sent once more because of the doubt", false],
    ["sent because of another change", true],
  ])("is sent again if a late request gave the login back to its former user, who is then %s", (_, isEdited) =>
    expectSound(
      async (world) => {
        world.change("edit", "P1");
        script(world, "late", "P1", { carriedOutMs: 20 * SECOND, answer: lost() });
        await reconcile(world, "late", "P1");
        world.change("swap", "P0", 1);
        await reconcile(world, "swap", "P1");
        // The old request gives P1 the old login again. The refusal of P0 is too much newer than the note of the
        // freed login for other clocks to explain it.
        await world.time.sleep(400 * SECOND);
        await reconcile(world, "refused", "P0");
        if (isEdited) world.change("edit", "P1");
        await world.time.sleep(3_600 * SECOND);
      },
      { ledger: "cas" },
    ),
  );

  it("is sent again if a process with a clock four minutes behind notes that the login was given up", () =>
    expectSound(
      async (world) => {
        world.change("swap", "P0", 1);
        await reconcile(world, "refused", "P0", 120 * SECOND);
        await world.time.sleep(60 * SECOND);
        await reconcile(world, "freed", "P1", -120 * SECOND);
        await world.time.sleep(3_600 * SECOND);
      },
      { ledger: "cas" },
    ));
});

it.each([
  ["followed by a request that Oplead refused", { status: 422, body: { message: "Refused" } }],
  [
    "followed by a request that did not reach Oplead",
    new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } }),
  ],
])("an update carried out after the user was created with a newer state is noticed if it was %s", (_, answer) =>
  expectSound(async (world) => {
    world.change("join", "P0");
    const late = { carriedOutMs: 50 * SECOND, answer: lost() };
    script(world, "second", "P3", late, ...Array(6).fill({ answer }));
    await world.night("second");
    world.change("edit", "P3");
    await world.night("third");
  }),
);

it("a rule that a lagging replica refuses is sent again although the answer is read minutes later", () =>
  expectSound(
    async (world) => {
      world.change("join", "P0");
      const night = world.night("second");
      const isRule = (): boolean => world.platform.sent.at(-1)?.step === "max-distance";
      while (world.platform.sent.at(-1)?.person !== "P3" || !isRule()) await world.time.sleep(1);
      const { process } = world.platform.sent.at(-1) ?? {};
      if (process) process.stillUntil = world.time.now + 400 * SECOND;
      expect((await night).report).toMatchObject({ status: "complete", findings: [] });
    },
    { platform: { lagMs: 1_000 } },
  ));

describe("two processes that send one user at the same time", () => {
  it("do not send the older state again after the newer one, whose answer was lost", () =>
    expectSound(
      async (world) => {
        // Without rules, its entry holds no hash at all after the attempt.
        world.change("edit", "P2");
        const older = world.night("older");
        await world.time.sleep(100);
        world.change("edit", "P2");
        const fate = { carriedOutMs: 5, answeredMs: SECOND, answer: lost() };
        script(world, "newer", "P2", ...Array(4).fill(fate));
        await reconcile(world, "newer", "P2");
        expect((await older).report?.counts).toMatchObject({ stale: 1, updated: 0 });
      },
      { ledger: "lease" },
    ));

  it("notice with compare-and-set, without leases, that the older state came last", () =>
    expectSound(
      async (world) => {
        const send = (name: string, answeredMs: number, carriedOutMs: number) => {
          world.change("edit", "P0");
          script(world, name, "P0", { carriedOutMs, answeredMs });
          return reconcile(world, name, "P0");
        };
        await Promise.all([send("older", 910, 900), send("newer", 2 * SECOND, 5)]);
      },
      { ledger: "cas" },
    ));
});

describe("a request that leaves a frozen process long after its lease", () => {
  it.each(["lease", "cas"] as const)("is healed by the run after lateMs (kind of ledger: %s)", (ledger) =>
    expectSound(
      async (world) => {
        const minute = 60 * SECOND;
        world.change("edit", "P0");
        // It passed every check before the process froze.
        const own = { process: "frozen", person: "P0", carriedOutMs: 25 * minute, answeredMs: 25 * minute + 9 };
        world.platform.scripted.push(own);
        const frozen = world.night("frozen");
        while (world.platform.sent.at(-1)?.process.name !== "frozen") await world.time.sleep(1);
        (world.platform.sent.at(-1) as Sent).process.stillUntil = world.time.now + 26 * minute;
        world.change("edit", "P0");
        await world.time.sleep(minute);
        await world.night("newer");
        await world.time.sleep(11 * minute);
        expect([(await world.night("again")).requests, (await world.night("at rest")).requests]).toEqual([2, 0]);
        await frozen;
        await world.time.sleep(11 * minute);
        expect([(await world.night("healing")).requests, (await world.night("healed")).requests]).toEqual([2, 0]);
      },
      { ledger },
    ),
  );
});

describe("a process that stands still for longer than its lease", () => {
  const standMs = 20 * 60 * SECOND;

  it.each([
    ["a run", false],
    ["a receiver of events, which is killed right after it", true],
  ])(
    "does not send its older state of a user after another process has sent a newer one (process: %s)",
    (_, isReceiver) =>
      expectSound(
        async (world) => {
          world.change("edit", "P0");
          world.change("rule", "P0", 3);
          script(world, "frozen", "P0", { carriedOutMs: 5 });
          const answer = { status: 429, body: { message: "Slow down" }, headers: { "retry-after": "5" } };
          script(world, "frozen", "P0", { step: "max-distance", answer });
          const frozen = isReceiver ? reconcile(world, "frozen", "P0") : world.night("frozen");
          // The user has arrived, and the frozen process waits before it sends the rule again.
          const { sent } = world.platform;
          const isRule = (): boolean => sent.at(-1)?.process.name === "frozen" && sent.at(-1)?.step === "max-distance";
          while (!isRule() || !sent.at(-1)?.answeredAt) await world.time.sleep(1);
          const { process } = sent.at(-1) as Sent;
          process.stillUntil = world.time.now + standMs;
          if (isReceiver) world.time.outside(standMs + 6, () => world.time.kill(process));
          script(world, "frozen", "P0", { step: "max-distance", carriedOutMs: 5, answeredMs: 99 * SECOND });
          world.change("rule", "P0", 6);
          await world.time.sleep(40 * SECOND);
          expect((await world.night("newer")).requests).toBe(2);
          await world.time.sleep(11 * 60 * SECOND);
          await expectSentAgain(world);
          await frozen;
          // The lease had ended, so the rule was not sent again.
          expect(sent.filter((each) => each.process === process)).toHaveLength(2);
        },
        { ledger: "lease" },
      ),
  );

  it.each([
    ["the gateway's 503", { status: 503, html: "<html>gateway</html>" }],
    ["a 429, so that it has no outcome to write", { status: 429, body: {}, headers: { "retry-after": "5" } }],
  ])("does not send its older state when it retries after %s", (_, answer) =>
    expectSound(
      async (world) => {
        world.change("edit", "P0");
        script(world, "frozen", "P0", { answer });
        const frozen = world.night("frozen");
        const { sent } = world.platform;
        while (sent.at(-1)?.process.name !== "frozen") await world.time.sleep(1);
        (sent.at(-1) as Sent).process.stillUntil = world.time.now + 60 * SECOND;
        world.change("edit", "P0");
        await world.time.sleep(40 * SECOND);
        expect((await world.night("newer")).requests).toBe(1);
        expect((await frozen).report?.counts).toMatchObject({ failed: 0, stale: 1 });
        expect(sent.filter(({ process }) => process.name === "frozen")).toHaveLength(1);
      },
      { ledger: "lease" },
    ),
  );
});
