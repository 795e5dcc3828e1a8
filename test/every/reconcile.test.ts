import { expect, it } from "vitest";
import { type Bounds, explore } from "./explore.ts";

const BOTH = { processes: 2, faults: 1, kills: 1 } as const;

const KNOWN: readonly (readonly [string, Bounds])[] = [
  ["in a file", { ...BOTH, ledger: "file", isKnown: true, last: "s0" }],
  ["with leases", { ...BOTH, ledger: "lease", isKnown: true, last: "s0", preemptions: 1 }],
  ["with compare-and-set", { ...BOTH, ledger: "cas", isKnown: true, last: "s0", preemptions: 1 }],
];

it.each(KNOWN)(
  "two states of a known user, with a ledger %s, end as the source says, whatever is lost, late or killed",
  async (_, bounds) => {
    expect(await explore(bounds)).toMatchObject({ found: undefined });
  },
);

const NEW: readonly (readonly [string, Bounds])[] = [
  ["in a file", { ...BOTH, ledger: "file", isKnown: false, last: "s2" }],
  ["with leases", { ...BOTH, ledger: "lease", isKnown: false, last: "s2", preemptions: 0 }],
  ["with compare-and-set, by one process", { ...BOTH, ledger: "cas", isKnown: false, last: "s2", processes: 1 }],
];

it.each(NEW)("a new user is created once, with a ledger %s, whatever is lost, late or killed", async (_, bounds) => {
  expect(await explore(bounds)).toMatchObject({ found: undefined });
});

it("two processes without leases create a user once in every schedule without faults", async () => {
  const bounds: Bounds = {
    ledger: "cas",
    isKnown: false,
    last: "s2",
    processes: 2,
    faults: 0,
    kills: 0,
    preemptions: 4,
  };
  expect(await explore(bounds)).toMatchObject({ found: undefined });
});
