import { expect, it } from "vitest";
import { memoryLedger } from "../../src/webhook/index.ts";
import { setup } from "../support/webhook.ts";

const messageOf = (make: () => unknown) => {
  try {
    make();
  } catch (error) {
    expect(error).toMatchObject({ name: "OpleadError", code: "invalid_options" });
    return (error as Error).message;
  }
  throw new Error("accepted");
};

it("respondWithinMs is limited to the longest wait of a timer, which is 24 days", () => {
  expect(messageOf(() => setup({ respondWithinMs: 2 ** 31 }))).toContain("- respondWithinMs:");
  setup({ respondWithinMs: 2 ** 31 - 1 });
});

it.each(["x y", "", "x:y"])("a deliveryId %j is refused, because no header has such a name", (deliveryId) => {
  expect(messageOf(() => setup({ deliveryId }))).toContain("- deliveryId: must be the name of a header");
});

it("a ledger beside a queue is refused", () => {
  const queue = { enqueue: async () => {} };
  const message = messageOf(() => setup({ queue, ledger: memoryLedger() }));
  expect(message).toContain("- ledger: cannot be used with queue");
});
