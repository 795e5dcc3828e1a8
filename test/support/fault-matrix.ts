import { expect } from "vitest";
import { createFakeOplead, type FakeFault, type FakeFaultAnswer } from "../../src/testing/index.ts";
import { connect } from "./servers.ts";
import { eachAtOnce, user } from "./users.ts";

// No client could notice a 429 after the fake acted. A few 429s are enough: each slows the client.
const FAULTS: [name: string, as: FakeFaultAnswer, whens: ("before" | "after")[], share: number][] = [
  ["a 503", { status: 503 }, ["before", "after"], 0.1],
  ["a 408", { status: 408 }, ["before", "after"], 0.1],
  ["a 429", { status: 429, retryAfter: "0.005" }, ["before"], 0.02],
  ["a broken connection", "reset", ["before", "after"], 0.1],
  ["no answer", "hang", ["before", "after"], 0.02],
  ["an empty 500", "empty-500", ["before", "after"], 0.1],
  ["HTML with 200", "html-200", ["before", "after"], 0.1],
  ["truncated JSON", "truncated-json", ["before", "after"], 0.1],
];

export interface FaultCase {
  readonly name: string;
  readonly as: FakeFaultAnswer;
  readonly when: "before" | "after";
  readonly share: number;
}

export const faultCases: readonly FaultCase[] = FAULTS.flatMap(([name, as, whens, share]) =>
  whens.map((when) => ({ name, as, when, share })),
);

// The fake does not enforce unique account numbers: a creation that is sent twice leaves two users.
export async function expectOneUserPerAccount(
  { as, when, share }: FaultCase,
  on: FakeFault["on"],
  accounts: number,
): Promise<void> {
  const fake = createFakeOplead({ uniqueAccountNumbers: false });
  const fault = fake.fail({ on, as, when, share, seed: 7 });
  const oplead = connect("http://oplead.test", {
    fetch: fake.fetch,
    maxConcurrency: 16,
    platform: { settleMs: 500 },
    timeoutMs: as === "hang" ? 250 : 10_000,
    retry: { attempts: 8, baseMs: 1 },
  });
  const numbers = Array.from({ length: accounts }, (_, i) => i);
  const results = new Map<number, { id: string; requests: number; outcome: string }>();
  await eachAtOnce(numbers, 16, async (number) => {
    results.set(number, await oplead.upsertUser(user(number)));
  });

  expect(fault.hits).toBeGreaterThan(accounts * share * 0.5);
  expect(fake.duplicates()).toEqual([]);
  expect(fake.users).toHaveLength(accounts);
  for (const number of numbers) {
    const result = results.get(number);
    expect(result?.outcome).toBe("created");
    expect(fake.user(`ACC-${number}`)?.id).toBe(result?.id);
  }
  const counted = [...results.values()].reduce((sum, { requests }) => sum + requests, 0);
  expect(counted).toBe(fake.requests.length);
}
