/** What only a client's `fetch` and the clock decide needs neither HTTP nor a store: msw answers in place of Oplead. */
import { setupServer } from "msw/node";
import { createOplead, isOpleadError } from "oplead-sdk";
import { opleadHandlers } from "oplead-sdk/msw";
import { createFakeOplead } from "oplead-sdk/testing";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { employeeEvent, employeeRow, userOfEvent, userOfRow } from "../src/employee.js";
import { employeeOf, PERSON } from "./support/world.js";

const fake = createFakeOplead({ strict: true });
const server = setupServer(...opleadHandlers(fake));
beforeAll(() => {
  server.listen({ onUnhandledRequest: "error" });
});
afterEach(() => {
  fake.assertConforms();
  fake.reset();
});
afterAll(() => {
  server.close();
});

const oplead = createOplead({ token: "fake-token", rateLimit: false, retry: { baseMs: 1 } });

test("A row and an event of one employee are the same user in Oplead.", async () => {
  const row = userOfRow(
    employeeRow.parse({ ...PERSON, number: "M-1", email: "m-1@dealers.example", updated_at: new Date() }),
  );
  const event = userOfEvent(
    employeeEvent.parse({ type: "employee.updated", updatedAt: "2026-01-02T08:00:00Z", employee: employeeOf("M-1") }),
  );
  if (!event) throw new Error("The event concerns Oplead.");
  const created = await oplead.upsertUser(row.user, { rules: row.rules });
  const before = fake.user("M-1");
  const updated = await oplead.upsertUser(event.user, { rules: event.rules });
  expect([created.outcome, updated.outcome, updated.id]).toEqual(["created", "updated", created.id]);
  expect(fake.user("M-1")).toEqual(before);
});

test("An event of another type does not concern Oplead.", () => {
  const event = { type: "invoice.paid", updatedAt: "2026-01-02T08:00:00Z", employee: employeeOf("M-2") };
  expect(userOfEvent(employeeEvent.parse(event))).toBeNull();
});

test("A refusal by Oplead carries its code and status to the caller.", async () => {
  const { user } = userOfRow(employeeRow.parse({ ...PERSON, role: "PRF_UNKNOWN", updated_at: new Date() }));
  const error: unknown = await oplead.upsertUser(user).catch((reason: unknown) => reason);
  expect(isOpleadError(error) && error.code === "refused" && error.status).toBe(422);
});
