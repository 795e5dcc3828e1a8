import { expect, it } from "vitest";
import { RecentWrites } from "../../src/client/client-state.ts";
import { FakeClock } from "../support/fake-clock.ts";

it("RecentWrites knows a user for five minutes after it was written, and knows no other user", () => {
  const clock = new FakeClock();
  const writes = new RecentWrites(clock);
  writes.note("ACC-1");
  clock.sleep(299_999);
  expect([writes.has("ACC-1"), writes.has("ACC-2")]).toEqual([true, false]);
  clock.sleep(1);
  expect(writes.has("ACC-1")).toBe(false);
});

it("RecentWrites tells how long ago a user was created, even after it was updated", () => {
  const clock = new FakeClock();
  const writes = new RecentWrites(clock);
  writes.note("ACC-1");
  clock.sleep(2_000);
  writes.noteUpdate("ACC-1");
  expect(writes.createdMsAgo("ACC-1")).toBe(2_000);
});

it("RecentWrites counts an updated user as written, and not as created", () => {
  const writes = new RecentWrites(new FakeClock());
  writes.noteUpdate("ACC-1");
  expect(writes.has("ACC-1")).toBe(true);
  expect(writes.createdMsAgo("ACC-1")).toBeUndefined();
  expect(writes.createdMsAgo("ACC-2")).toBeUndefined();
});
