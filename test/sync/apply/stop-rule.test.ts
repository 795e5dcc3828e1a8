import { expect, it } from "vitest";
import { user, users } from "../../support/sync-users.ts";
import { eachTestItsWorld } from "../../support/sync-world.ts";

const on = eachTestItsWorld();
const tomorrow = () => Date.now() + 24 * 60 * 60 * 1000;
const changed = () => users(40).map((same) => ({ ...same, phone: "1" }));

it.each([
  ["HTML pages with status 400", { gateway: 400 }],
  ["HTML pages with status 403", { gateway: 403 }],
  ["HTML pages with status 404", { gateway: 404 }],
  ["login screens with status 200", "html-200"],
] as const)("a run stops when a proxy answers in Oplead's place several times in a row: %s", async (_what, as) => {
  await on.sync(users(40));
  on.world.newRequests();
  const fault = on.world.fake.fail({ as, times: 9999 });
  const report = await on.sync(changed(), { concurrency: 1, checks: false }, { retry: false });
  expect(report).toMatchObject({ status: "stopped", stopReason: { code: "unexpected_response" } });
  expect(report.failures.every(({ held }) => !held)).toBe(true);
  fault.remove();
  expect(await on.sync(changed())).toMatchObject({ status: "complete", counts: { updated: 40, held: 0 } });
});

it("a run stops when the token function fails several times in a row, and planning ends with the first question", async () => {
  let isSealed = false;
  const token = async () => {
    if (isSealed) throw new Error("the vault is sealed");
    return "fake-token";
  };
  const heads = users(40).map(({ parentUserIdentifier: _, ...one }) => ({ ...one, profile: { code: "PRF_NETWORK" } }));
  const plan = await on.plan(heads, { concurrency: 1, checks: false }, { retry: false, token });
  isSealed = true;
  on.world.fake.fail({ on: "updateUser", as: { status: 401 }, times: 9999 });
  const report = await plan.apply();
  expect(report).toMatchObject({
    status: "stopped",
    stopReason: { code: "token_unavailable", parameters: { calls: 5 } },
  });
  expect(report.failures.every(({ held }) => !held)).toBe(true);
  await expect(on.sync(heads, {}, { retry: false, token })).rejects.toMatchObject({ code: "token_unavailable" });
});

it("a single answer from a proxy does not stop a run, and its user is tried again at the end", async () => {
  await on.sync(users(40));
  on.world.fake.fail({ on: "updateUser", as: { gateway: 404 }, times: 1 });
  expect(await on.sync(changed(), {}, { retry: false })).toMatchObject({ status: "complete", counts: { updated: 40 } });
});

it("a group of wrong records does not end a run in which most users arrive", async () => {
  const network = users(120).map((one) => ({
    ...one,
    profile: { code: "PRF_NETWORK" },
    parentUserIdentifier: undefined,
  }));
  await on.sync(network, { guard: { firstRun: true } });
  const isRefused = ({ body }: { readonly body: unknown }) => (body as { company?: string })?.company === "refused";
  on.world.fake.fail({ on: isRefused, as: { status: 422 }, times: 9999 });
  const source = network.map((one, index) => ({ ...one, company: index > 30 && index < 60 ? "refused" : "accepted" }));
  const report = await on.sync(source, { concurrency: 1, guard: false, checks: false, now: tomorrow });
  expect(report).toMatchObject({ status: "partial", exitCode: 4, counts: { updated: 91, failed: 29, skipped: 0 } });
});

it("a run in which Oplead refuses everything stops after the first calls", async () => {
  await on.sync(users(60));
  on.world.fake.fail({ on: "updateUser", as: { status: 422 }, times: 9999 });
  const source = users(60).map((same) => ({ ...same, phone: "1" }));
  const report = await on.sync(source, { concurrency: 1, guard: false, checks: false, now: tomorrow });
  expect(report).toMatchObject({ status: "stopped", stopReason: { code: "too_many_failures" } });
  expect(report.counts).toMatchObject({ failed: 20, skipped: 40 });
});

it("users below an unknown parent are sent last, and their refusals do not end the run", async () => {
  const lost = Array.from({ length: 30 }, (_, index) => user(100 + index, { parentUserIdentifier: "ACC-LOST" }));
  const child = user(200, { profile: { code: "PRF_DEALER" }, parentUserIdentifier: "ACC-100" });
  const source = [child, ...lost, ...users(60)];
  const plan = await on.plan(source, { checks: false, concurrency: 2 });
  expect(plan.changes.slice(60).map(({ accountNumber }) => accountNumber)).toContain("ACC-200");
  const report = await plan.apply();
  expect(report).toMatchObject({ status: "partial", counts: { created: 60, failed: 30, skipped: 1 } });
});
