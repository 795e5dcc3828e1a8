import { expect, it } from "vitest";
import type { DeliveryStore } from "../../src/ledger/deliveries.ts";
import { deliveryContract } from "../../src/testing/index.ts";
import { memoryDeliveries } from "../../src/webhook/index.ts";

async function failures(mistake: (store: Required<DeliveryStore>) => Partial<DeliveryStore>) {
  const store = memoryDeliveries() as Required<DeliveryStore>;
  const failed: string[] = [];
  for (const { name, run } of deliveryContract(() => ({ ...store, ...mistake(store) }))) {
    await run().catch((error: Error) => failed.push(`${name}: ${error.message}`));
  }
  return failed;
}

const shared = memoryDeliveries();
for (const { name, run } of deliveryContract(() => shared)) it(`memoryDeliveries: ${name}`, run);

it("the contract of delivery stores passes for a store that cannot claim", async () => {
  expect(await failures(() => ({ claim: undefined, release: undefined }) as never)).toEqual([]);
});

it.each<[string, Parameters<typeof failures>[0], string]>([
  ["forgets what was added", () => ({ add: () => {} }), "whether an added delivery is known"],
  [
    "counts a claim as handled",
    ({ claim }) => ({ has: async (id) => (await claim(id, 5)) !== "claimed" }),
    "a claimed delivery counts as handled",
  ],
  [
    "ignores case",
    ({ has, add }) => ({ has: (id) => has(id.toLowerCase()), add: (id) => add(id.toLowerCase()) }),
    "A is known before",
  ],
  [
    "cuts ids off",
    ({ has, add }) => ({ has: (id) => has(id.slice(0, 255)), add: (id) => add(id.slice(0, 255)) }),
    "known before",
  ],
  [
    "gives a claim to everyone",
    () => ({ claim: () => "claimed" as const }),
    "what receivers of one delivery were told",
  ],
  ["keeps a claim that was given back", () => ({ release: () => {} }), "whose claim was given back"],
  ["keeps the claim of a dead receiver", ({ claim }) => ({ claim: (id) => claim(id, 1e6) }), "whose claim has ended"],
])("the contract of delivery stores finds a store that %s", async (_, mistake, message) => {
  expect(await failures(mistake)).toContainEqual(expect.stringContaining(message));
});
