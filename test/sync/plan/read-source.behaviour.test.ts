import { inspect } from "node:util";
import { expect, it } from "vitest";
import { csvSource } from "../../../src/config/index.ts";
import type { OpleadError } from "../../../src/core/errors.ts";
import { eachTestItsWorld, user } from "../../support/sync-world.ts";

const on = eachTestItsWorld();

it("planning fails with the file and the reason if csvSource cannot read it", async () => {
  const planning = on.plan(csvSource("/nowhere/dealers.csv"), { map: () => null });
  await expect(planning).rejects.toMatchObject({
    code: "source_failed",
    message: "planSync: the source failed after no records: dealers.csv: the file does not exist. Nothing was sent.",
  });
});

it("a source that breaks ends planning, and its own error is not printed", async () => {
  const own = Object.assign(new Error("line 2: cannot read 'Zoé Martin'"), {
    code: "CSV_QUOTE",
    config: { headers: { authorization: "Bearer of-the-hr-system" } },
  });
  async function* source() {
    yield user(0);
    throw own;
  }
  const error = await on.plan(source).catch((error: unknown) => error);
  expect(error).toMatchObject({
    code: "source_failed",
    retryable: true,
    message: expect.stringMatching(
      /^planSync: the source failed after 1 record: Error CSV_QUOTE at read-source\.behaviour\.test\.ts:\d+:\d+\. Nothing was sent\.$/,
    ),
  });
  expect((error as OpleadError).thrown).toBe(own);
  for (const text of [inspect(error, { depth: 9 }), JSON.stringify(error), String(error)]) {
    expect(text).not.toMatch(/Martin|of-the-hr-system/);
  }
});

it("a source that hangs does not keep the signal from ending planning", async () => {
  async function* source() {
    yield user(0);
    await new Promise(() => {});
  }
  const signal = AbortSignal.timeout(30);
  await expect(on.plan(source, { signal })).rejects.toMatchObject({
    code: "aborted",
  });
});
