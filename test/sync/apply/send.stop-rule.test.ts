import { describe, expect, it } from "vitest";
import { OpleadError, type OpleadErrorCode } from "../../../src/index.ts";
import { StopRule } from "../../../src/sync/apply/send.ts";
import { among } from "../../../src/sync/findings.ts";
import { heads, users } from "../../support/sync-users.ts";
import { eachTestItsWorld } from "../../support/sync-world.ts";

const on = eachTestItsWorld();
const tomorrow = () => Date.now() + 24 * 60 * 60 * 1000;

it("a token function that fails stops a run after several calls in a row, and planning at once", async () => {
  let isSealed = false;
  const token = async () => {
    if (isSealed) throw new Error("the vault is sealed");
    return "fake-token";
  };
  const plan = await on.plan(heads(60), { concurrency: 1, checks: false }, { retry: false, token });
  isSealed = true;
  on.world.fake.fail({ on: "updateUser", as: { status: 401 }, times: 9999 });
  const report = await plan.apply();
  expect(report).toMatchObject({
    status: "stopped",
    stopReason: { code: "token_unavailable", parameters: { calls: 5 } },
  });
  expect(among(report.findings, "failed").every(({ held }) => !held)).toBe(true);
  await expect(on.sync(heads(60), {}, { retry: false, token })).rejects.toMatchObject({ code: "token_unavailable" });
});

it.each([409, 422])(
  "a run in which Oplead answers %i to everything sends one request for each user, and holds all users",
  async (status) => {
    await on.sync(heads(60));
    on.world.newRequests();
    on.world.fake.fail({ on: "updateUser", as: { status }, times: 9999 });
    const source = heads(60).map((same) => ({ ...same, phone: "1" }));
    const options = { concurrency: 1, guard: false, checks: false, now: tomorrow } as const;
    expect(await on.sync(source, options)).toMatchObject({
      status: "partial",
      exitCode: 4,
      stopReason: undefined,
      counts: { failed: 60, skipped: 0 },
    });
    expect(on.world.newRequests()).toBe(60);
    expect(await on.sync(source, options)).toMatchObject({ status: "partial", exitCode: 5, counts: { held: 60 } });
    expect(on.world.newRequests()).toBe(0);
  },
);

it.each<[string, number, object]>([
  ["all users below the first one", 60, { stopReason: { code: "refused_alike" }, counts: { failed: 5, skipped: 54 } }],
  ["four of them", 5, { stopReason: undefined, counts: { created: 56, failed: 4 } }],
])("a first run with a wrong profile for %s ends only if all may be concerned", async (_who, until, outcome) => {
  const source = users(60).map((one, at) => (at > 0 && at < until ? { ...one, profile: { code: "PRF_DEALER" } } : one));
  const report = await on.sync(source, { guard: false, checks: false }, { platform: { settleMs: 20 } });
  expect(report).toMatchObject(outcome);
  expect(on.world.newRequests()).toBeLessThan(200);
});

describe("the rule that stops a run", () => {
  const error = (code: OpleadErrorCode, more: { status?: number; retryAfterMs?: number; fromOplead?: boolean } = {}) =>
    new OpleadError(code, "It failed.", more);
  const until = (rule: StopRule, outcomes: readonly (OpleadError | "success")[]) => {
    for (const [at, outcome] of outcomes.entries()) {
      if (outcome === "success") rule.succeeded();
      else rule.failed(outcome, false);
      if (rule.reason) return { calls: at + 1, code: rule.reason.code, parameters: rule.reason.parameters };
    }
    return undefined;
  };
  const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);
  const broken = error("server_error", { status: 500, fromOplead: true });
  const refused = error("refused", { status: 422 });

  it("the rule judges the last 20 calls, and only once there are 20", () => {
    const failures = times(20, broken);
    expect(until(new StopRule({}), failures.slice(1))).toBeUndefined();
    expect(until(new StopRule({}), failures)).toMatchObject({ calls: 20, code: "too_many_failures" });
    // 11 of the last 20 are more than half, whatever came before.
    expect(until(new StopRule({}), [...times(50, "success" as const), ...failures])).toEqual({
      calls: 61,
      code: "too_many_failures",
      parameters: { failed: 11, calls: 20, last: "server_error" },
    });
  });

  it("502 to 504 and pages are no answer, and a 500 of Oplead may be about one user", () => {
    const ends = (failure: OpleadError) => until(new StopRule({}), ["success", ...times(30, failure)]);
    for (const failure of [error("server_error", { status: 503 }), error("server_error", { status: 500 })])
      expect(ends(failure)).toMatchObject({ calls: 6, code: "server_error" });
    expect(ends(broken)).toMatchObject({ calls: 20, code: "too_many_failures" });
  });

  it("refusals of content never end a run, and count like successes when the share of failures is computed", () => {
    expect(until(new StopRule({}), times(200, refused))).toBeUndefined();
    expect(until(new StopRule({}), times(200, error("conflict", { status: 409 })))).toBeUndefined();
    expect(until(new StopRule({}), times(40, [refused, broken] as const).flat())).toBeUndefined();
    const rule = new StopRule({});
    for (let count = 0; count < 40; count += 1) rule.failed(error("forbidden", { status: 403 }), true);
    expect(rule.reason).toBeUndefined();
    expect(until(new StopRule({}), times(20, error("forbidden", { status: 403 })))).toMatchObject({ calls: 20 });
  });

  it("calls without an answer end a run if several follow each other, and its reason stays", () => {
    const silent = error("timeout");
    const rule = new StopRule({ connectionFailures: 3 });
    const broke = [silent, silent, "success", silent, silent, refused, silent, silent] as const;
    expect(until(rule, broke)).toBeUndefined();
    rule.failed(silent, false);
    expect(rule.reason).toMatchObject({ code: "connection", parameters: { calls: 3 } });
    rule.failed(error("unauthorized", { status: 401 }), false);
    expect(rule.reason).toMatchObject({ code: "connection" });
  });

  it("a pause longer than a call's deadline ends a run, and a 429 does not", () => {
    const paused = error("rate_limited", { retryAfterMs: 90_000 });
    expect(until(new StopRule({}), [paused])).toMatchObject({ code: "told_to_wait", parameters: { ms: 90_000 } });
    expect(until(new StopRule({}), [error("rate_limited", { status: 429, retryAfterMs: 90_000 })])).toBeUndefined();
  });
});
