import { expect, it } from "vitest";
import type { UserInput } from "../../../src/index.ts";
import type { SyncOptions } from "../../../src/sync/index.ts";
import { creationOf, eachTestItsWorld, user } from "../../support/sync-world.ts";

const on = eachTestItsWorld();
const source = [user(0), user(1), user(2)];

it("a held child stays held if its parent only gets rules or a segment, and is sent again if the parent's own fields change", async () => {
  const refusal = on.world.fake.fail({
    on: creationOf("ACC-2"),
    as: { status: 422, body: { field: "email" } },
    times: 99,
  });
  expect(await on.sync(source)).toMatchObject({ counts: { created: 2, failed: 1 } });
  refusal.remove();
  on.world.newRequests();
  const settings: Partial<SyncOptions<UserInput>>[] = [
    { guard: { segments: () => "Nord" } },

    { map: (one) => ({ user: one, ...(one.accountNumber === "ACC-0" && { rules: { maxDistance: 30 } }) }) },
  ];
  for (const options of settings)
    expect((await on.sync(source, options)).counts).toMatchObject({ held: 1, created: 0 });
  // The one request is the rule of the parent.
  expect(on.world.newRequests()).toBe(1);
  const [head, ...others] = source;
  expect(await on.sync([{ ...head, phone: "+33612345678" } as UserInput, ...others])).toMatchObject({
    status: "complete",
    counts: { updated: 1, created: 1 },
  });
});
