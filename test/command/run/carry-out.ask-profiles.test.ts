import { join } from "node:path";
import { expect, it } from "vitest";
import { readAudit } from "../../../src/parts.ts";
import { onPlatform, projectWith } from "../../support/command.ts";

it("sync and apply fail with a dead token, even if nothing is to be sent, but not in an outage", async () => {
  const { fake, folder, run } = await onPlatform(projectWith("guard: false,"));
  expect((await run("sync")).code).toBe(0);
  const asked = () => fake.requests.filter(({ operation }) => operation === "listUserProfiles").length;
  const before = asked();
  const quiet = JSON.parse((await run("sync --json")).stdout);
  expect([quiet.exitCode, quiet.counts.unchanged, asked() - before]).toEqual([0, 3, 1]);

  const wrong = fake.fail({ on: "listUserProfiles", as: { status: 401 }, share: 1 });
  const plan = JSON.parse((await run("plan --json")).stdout);
  for (const args of [["sync"], ["apply", "--approve", plan.hash]]) {
    const { code, stderr } = await run([...args]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("does not accept the API token")]);
  }
  const ends = [...readAudit(join(folder, "oplead-audit.jsonl"), { runs: true })].slice(-1);
  expect(ends).toMatchObject([{ event: "run_ended", status: "failed", exitCode: 1, code: "unauthorized" }]);
  wrong.remove();

  fake.fail({ on: "listUserProfiles", as: { status: 503 }, share: 1 });
  const outage = await run("sync");
  expect([outage.code, outage.stderr]).toEqual([
    0,
    expect.stringContaining("Warning: Nothing had to be sent, and Oplead could not be asked (server_error)."),
  ]);
});
