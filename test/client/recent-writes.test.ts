import { describe, expect, it } from "vitest";
import { Recent, RecentWrites } from "../../src/client/recent-writes.ts";
import { FakeClock } from "../support/fake-clock.ts";

describe("Recent", () => {
  it("Recent keeps a value until its time is over, counted from when it was set last", () => {
    const clock = new FakeClock();
    const recent = new Recent<string>(clock, 1_000);
    recent.set("a", "first");
    clock.sleep(600);
    recent.set("a", "second");
    clock.sleep(999);
    expect(recent.get("a")).toBe("second");
    clock.sleep(1);
    expect(recent.get("a")).toBeUndefined();
  });

  it("Recent forgets the values that were set longest ago once there are too many", () => {
    const recent = new Recent<number>(new FakeClock(), 1_000, 3);
    for (const [name, value] of Object.entries({ a: 1, b: 2, c: 3 })) recent.set(name, value);
    recent.set("a", 10);
    recent.set("d", 4);
    expect(["a", "b", "c", "d"].map((name) => recent.get(name))).toEqual([10, undefined, 3, 4]);
  });

  it("Recent keeps fifty thousand values", () => {
    const recent = new Recent<number>(new FakeClock(), 1_000);
    for (let i = 0; i <= 50_000; i += 1) recent.set(String(i), i);
    expect([recent.get("0"), recent.get("1"), recent.get("50000")]).toEqual([undefined, 1, 50_000]);
  });

  it("Recent forgets what it is told to forget", () => {
    const recent = new Recent<number>(new FakeClock(), 1_000);
    recent.set("a", 1);
    recent.delete("a");
    expect(recent.get("a")).toBeUndefined();
  });
});

describe("RecentWrites", () => {
  it("RecentWrites knows a written user for five minutes, and no other", () => {
    const clock = new FakeClock();
    const writes = new RecentWrites(clock);
    writes.note("ACC-1");
    clock.sleep(299_999);
    expect([writes.has("ACC-1"), writes.has("ACC-2")]).toEqual([true, false]);
    clock.sleep(1);
    expect(writes.has("ACC-1")).toBe(false);
  });

  it("RecentWrites tells how long ago a user was created, also after it was updated", () => {
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
});
