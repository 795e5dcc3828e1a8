import type { DeliveryStore } from "../ledger/deliveries.ts";
import { type ContractTest, expect } from "./contract.ts";

/**
 * The behaviour of every delivery store, as tests for any runner. `open` gives the store of one more receiver, over the
 * same data each time. The data may hold other deliveries: the tests use ids of their own.
 *
 * ```ts
 * for (const { name, run } of deliveryContract(() => deliveriesOf(pool))) test(name, run);
 * ```
 */
export function deliveryContract(open: () => DeliveryStore | Promise<DeliveryStore>): ContractTest[] {
  return TESTS.map(([name, task]) => ({
    name,
    run: async () => {
      const receivers: DeliveryStore[] = [];
      for (let count = 0; count < 10; count += 1) receivers.push(await open());
      await task(receivers, crypto.randomUUID());
    },
  }));
}

type Task = (receivers: readonly DeliveryStore[], id: string) => Promise<void>;

const LONG_MS = 60_000;
const SHORT_MS = 50;

const TESTS: readonly (readonly [name: string, task: Task])[] = [
  ["A delivery store knows a delivery in each receiver once it was added, and no other", knowsAdded],
  ["A delivery store tells any two ids apart", tellsApart],
  ["A delivery store that can claim lets one of many receivers handle a delivery", claimsForOne],
  ["A claim on a delivery ends when it is given back", endsWithRelease],
  ["A claim on a delivery ends with its time if its receiver died", endsWithTime],
];

async function knowsAdded([one, other]: readonly DeliveryStore[], id: string): Promise<void> {
  expect(await one?.has(id), false, "whether a new delivery is known");
  await one?.add(id);
  await one?.add(id);
  expect([await one?.has(id), await other?.has(id)], [true, true], "whether an added delivery is known");
  expect(await one?.has(`${id}0`), false, "whether another delivery is known");
}

async function tellsApart([one]: readonly DeliveryStore[], id: string): Promise<void> {
  const ends = ["a", "A", "a ", "é €", "%", "_", "*", "a:b", "a/b", "🚗", "x".repeat(1_000), `${"x".repeat(1_000)}y`];
  for (const end of ends) {
    expect(await one?.has(id + end), false, `whether ${end} is known before it was added`);
    await one?.add(id + end);
    expect(await one?.has(id + end), true, `whether ${end} is known`);
  }
}

async function claimsForOne(receivers: readonly DeliveryStore[], id: string): Promise<void> {
  if (!receivers[0]?.claim) return;
  const claims = () => Promise.all(receivers.map((each) => each.claim?.(id, LONG_MS)));
  const first = await claims();
  const winner = receivers.find((_, at) => first[at] === "claimed");
  const others = receivers.slice(1).map(() => "busy");
  expect([...first].sort(), [...others, "claimed"], "what receivers of one delivery were told");
  expect(await winner?.has(id), false, "whether a claimed delivery counts as handled");
  await winner?.add(id);
  expect(
    await claims(),
    receivers.map(() => "done"),
    "what receivers of a handled delivery were told",
  );
  expect(await winner?.has(id), true, "whether the handled delivery is known");
}

async function endsWithRelease([one, other]: readonly DeliveryStore[], id: string): Promise<void> {
  if (!one?.claim) return;
  await one.claim(id, LONG_MS);
  expect(await other?.claim?.(id, LONG_MS), "busy", "claiming a delivery that is claimed");
  await one.release?.(id);
  expect(await other?.claim?.(id, LONG_MS), "claimed", "claiming a delivery whose claim was given back");
  await other?.add(id);
  await one.release?.(id);
  expect(await one.has(id), true, "whether a handled delivery is known after a release");
}

async function endsWithTime([one, other]: readonly DeliveryStore[], id: string): Promise<void> {
  if (!one?.claim) return;
  await one.claim(id, SHORT_MS);
  for (const end = Date.now() + 2_000; ; await new Promise((resolve) => setTimeout(resolve, SHORT_MS))) {
    const claim = await other?.claim?.(id, LONG_MS);
    if (claim === "claimed") return;
    if (Date.now() > end) expect(claim, "claimed", "claiming a delivery whose claim has ended");
  }
}
