import { expect, it } from "vitest";
import { memoryLedger } from "../../src/webhook/index.ts";
import { setup } from "../support/webhook.ts";

const messageOf = (make: () => unknown): string => {
  try {
    make();
  } catch (error) {
    expect(error).toMatchObject({ name: "OpleadError", code: "invalid_options" });
    return (error as Error).message;
  }
  throw new Error("accepted");
};
const wrong = (value: unknown) => value as never;

it("Every wrong option of a webhook is listed at once", () => {
  const message = messageOf(() =>
    setup(
      wrong({
        verify: undefined,
        map: 1,
        rejectedStatus: 410,
        onRejected: 1,
        deliveries: {},
        ledger: 1,
        maxBodyBytes: 0,
        respondWithinMs: 0.5,
        deliveryId: 3,
        verfiy: 1,
      }),
    ),
  );
  for (const name of [
    "verify",
    "map",
    "rejectedStatus",
    "onRejected",
    "deliveries",
    "ledger",
    "maxBodyBytes",
    "respondWithinMs",
    "deliveryId",
    "verfiy",
  ]) {
    expect(message).toMatch(new RegExp(`- ${name}[.:]`));
  }
  expect(message).toContain('or "none"');
});

it("A ledger beside a queue and a maxPendingBytes below maxBodyBytes are refused together", () => {
  const deliver = { enqueue: async () => {} };
  const message = messageOf(() => setup({ deliver, ledger: memoryLedger(), maxBodyBytes: 100, maxPendingBytes: 99 }));
  expect(message).toContain("- ledger: cannot be used with deliver");
  expect(message).toContain("- maxPendingBytes: must not be below maxBodyBytes");
});
