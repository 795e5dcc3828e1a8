import { expect, it } from "vitest";
import { eachTestItsWorld, user } from "../../support/sync-world.ts";

const on = eachTestItsWorld();

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
