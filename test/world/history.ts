import fc from "fast-check";
import type { LedgerKind } from "./ledger-store.ts";
import { CHANGES, type Change } from "./people.ts";
import type { Faults, PlatformTraits } from "./platform.ts";

// Always at one of its awaits.
export interface ProcessFate {
  readonly killAt: number | undefined;
  readonly standAt: number | undefined;
  readonly standMs: number;
  readonly skewMs: number;
}

export interface Day {
  readonly changes: readonly Change[];
  readonly faults: Faults;
  readonly fate: ProcessFate;
  readonly restartMs: number;
  // `exchanged`: two people have each other's account number.
  readonly file: "whole" | "cut" | "empty" | "doubled" | "exchanged";
  readonly secondMs: number | undefined;
  // How long the plan waits in a file before it is approved and applied.
  readonly savedMs: number | undefined;
  readonly isRestored: boolean;
  // Leavers are ticked off while the night runs, not in the morning before it.
  readonly ticksLate: boolean;
  // Then nights without faults, and the world must come to rest.
  readonly isJudged: boolean;
  readonly receiverKillAt: number | undefined;
}

// The seed decides what the other fields leave open.
export interface History {
  readonly seed: number;
  readonly ledger: LedgerKind;
  readonly platform: PlatformTraits;
  readonly people: number;
  readonly hasVersions: boolean;
  // Each change is also sent as an event, to a receiver with the same ledger.
  readonly hasReceiver: boolean;
  readonly hasLeaverRules: boolean;
  // The receiver hands users to two workers, by an inbox.
  readonly hasWorkers: boolean;
  readonly days: readonly (Day | undefined)[];
  // Then people also edit users in Oplead, about one a day.
  readonly refreshAfterDays?: number | undefined;
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom(...CHANGES),
  who: fc.nat({ max: 30 }),
  which: fc.nat({ max: 30 }),
});

// Usually 0, at most a quarter.
const share = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constantFrom(0.05, 0.1, 0.25) },
);

const faults: fc.Arbitrary<Faults> = fc.record({
  unreachable: share,
  broken: share,
  own500: share,
  gateway: share,
  tooMany: share,
  page: share,
  slow: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(0.05, 0.1) }),
});

const sometimes = <T>(weight: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

const fate: fc.Arbitrary<ProcessFate> = fc
  .record({
    killAt: sometimes(1, fc.integer({ min: 1, max: 120 })),
    standAt: sometimes(4, fc.integer({ min: 1, max: 120 })),
    isKilledAfter: fc.boolean(),
    standMs: fc.oneof(fc.integer({ min: 20_000, max: 120_000 }), fc.integer({ min: 120_000, max: 1_500_000 })),
    skewMs: fc.oneof(
      { weight: 6, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: -120_000, max: 120_000 }) },
    ),
  })
  .map(({ isKilledAfter, ...given }) => {
    const { killAt, standAt } = given;
    return killAt === undefined || standAt === undefined || !isKilledAfter
      ? given
      : { ...given, killAt: standAt + 1 + (killAt % 12) };
  });

const day: fc.Arbitrary<Day> = fc.record({
  changes: fc.array(change, { maxLength: 5 }),
  faults,
  fate,
  restartMs: fc.integer({ min: 15_000, max: 400_000 }),
  file: fc.oneof(
    { weight: 12, arbitrary: fc.constant("whole" as const) },
    { weight: 1, arbitrary: fc.constantFrom("cut" as const, "empty" as const, "doubled" as const) },
    { weight: 1, arbitrary: fc.constant("exchanged" as const) },
  ),
  secondMs: sometimes(3, fc.oneof(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 0, max: 1_500 }))),
  savedMs: sometimes(8, fc.integer({ min: 60_000, max: 3 * 3_600_000 })),
  isRestored: fc.oneof({ weight: 15, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  ticksLate: fc.boolean(),
  isJudged: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  receiverKillAt: sometimes(3, fc.integer({ min: 1, max: 80 })),
});

export function histories(days: number): fc.Arbitrary<History> {
  return fc
    .record({
      seed: fc.nat({ max: 0x7fffffff }),
      ledger: fc.constantFrom<LedgerKind>("file", "cas", "lease", "lease"),
      platform: fc.record({
        isUnique: fc.boolean(),
        hasUniqueLogins: fc.boolean(),
        lagMs: fc.constantFrom(0, 0, 300, 1000),
        gateway: fc.constantFrom<"html" | "json">("html", "json"),
        namesFields: fc.boolean(),
      }),
      people: fc.integer({ min: 3, max: 12 }),
      hasVersions: fc.boolean(),
      hasReceiver: fc.boolean(),
      hasLeaverRules: fc.boolean(),
      hasWorkers: fc.boolean(),
      // fast-check first replaces days by undefined.
      days: fc.tuple(...Array.from({ length: days }, () => fc.option(day, { freq: 50, nil: undefined }))),
      refreshAfterDays: sometimes(2, fc.constantFrom(1, 2, 4)),
    })
    .map(fair);
}

// Not supported: two processes with a ledger of files, or without leases on a platform that accepts duplicates.
function fair(history: History): History {
  if (history.ledger === "file") return { ...history, hasReceiver: false };
  if (history.ledger !== "cas" || history.platform.isUnique) return history;
  const alone = history.days.map((each) => each && { ...each, secondMs: undefined });
  return { ...history, hasReceiver: false, days: alone };
}
