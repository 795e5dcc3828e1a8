import { describe, expect, it } from "vitest";
import { OpleadError, type OpleadErrorCode } from "../../../src/index.ts";
import { StopRule } from "../../../src/sync/apply/stop-rule.ts";
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
  await on.sync(network, { guard: { minUsers: 120 } });
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

describe("the rule that stops a run", () => {
  const error = (code: OpleadErrorCode, more: { status?: number; retryAfterMs?: number } = {}) =>
    new OpleadError(code, "It failed.", more);
  /** Notes outcomes until the rule has a reason. Returns how many it took, and the reason. */
  const until = (rule: StopRule, outcomes: readonly (OpleadError | "success")[]) => {
    for (const [at, outcome] of outcomes.entries()) {
      if (outcome === "success") rule.succeeded();
      else rule.failed(outcome);
      if (rule.reason) return { calls: at + 1, code: rule.reason.code, parameters: rule.reason.parameters };
    }
    return undefined;
  };
  const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);
  const broken = error("server_error", { status: 500 });
  const refused = error("refused", { status: 422 });

  it("the rule judges the last 20 calls, and only once there are 20", () => {
    const failures = times(20, broken);
    expect(until(new StopRule({}), failures.slice(1))).toBeUndefined();
    expect(until(new StopRule({}), failures)).toMatchObject({ calls: 20, code: "too_many_failures" });
    // 11 of 20 are more than half, whatever was before.
    expect(until(new StopRule({}), [...times(50, "success" as const), ...failures])).toEqual({
      calls: 61,
      code: "too_many_failures",
      parameters: { failed: 11, calls: 20, last: "server_error" },
    });
  });

  it("the rule goes on as long as half of the recent calls succeed, and no longer with a lower share", () => {
    const halves = times(20, ["success", broken] as const).flat();
    expect(until(new StopRule({}), halves)).toBeUndefined();
    expect(until(new StopRule({ failureShare: 0.4 }), halves)).toMatchObject({ calls: 20, code: "too_many_failures" });
  });

  it("refusals end a run only if they are most of all its calls, beside failures that are few", () => {
    const group = times(20, refused);
    expect(until(new StopRule({}), [...times(30, "success" as const), ...group])).toBeUndefined();
    expect(until(new StopRule({}), [...times(10, "success" as const), ...group])).toMatchObject({
      calls: 21,
      parameters: { failed: 11, calls: 20, last: "refused" },
    });
  });

  it("calls without an answer end a run only in a row, and the first reason stays", () => {
    const silent = error("timeout");
    const rule = new StopRule({ connectionFailures: 3 });
    const broke = [silent, silent, "success", silent, silent, refused, silent, silent] as const;
    expect(until(rule, broke)).toBeUndefined();
    rule.failed(silent);
    expect(rule.reason).toMatchObject({ code: "connection", parameters: { calls: 3 } });
    rule.failed(error("unauthorized", { status: 401 }));
    expect(rule.reason).toMatchObject({ code: "connection" });
  });

  it("a pause that ends after the call ends a run, and a 429 of Oplead's own does not", () => {
    const paused = error("rate_limited", { retryAfterMs: 90_000 });
    expect(until(new StopRule({}), [paused])).toMatchObject({ code: "told_to_wait", parameters: { ms: 90_000 } });
    expect(until(new StopRule({}), [error("rate_limited", { status: 429, retryAfterMs: 90_000 })])).toBeUndefined();
  });
});
