import { expect, it } from "vitest";
import {
  failureOf,
  inboxKey,
  platformTag,
  revivedError,
  revivedResult,
  stateLost,
  storedResult,
  supersededResult,
  userKeyOf,
} from "../../src/bullmq/job.ts";
import { asFailure, OpleadError } from "../../src/core/errors.ts";
import type { Reconciliation } from "../../src/reconcile/reconciliation.ts";

const refused = asFailure(
  new OpleadError("refused", "PUT /v1/users/{id}: 422.", {
    status: 422,
    requestId: "req-1",
    retryable: false,
    requests: 2,
    body: { email: "zoe@dealers.example" },
  }),
);
const result = {
  ...supersededResult("zoe@dealers.example", false),
  id: "7",
  outcome: "incomplete",
  fields: ["phone"],
  applied: ["user"],
  requestIds: ["req-0", "req-1"],
  failed: [{ step: "maxDistance", held: true, error: refused }],
  held: [{ step: "profileTypes", held: true, error: refused, since: "2026-01-05T01:00:00.000Z" }],
  revision: 3,
  requests: 2,
  retries: 1,
} as unknown as Reconciliation;
const overJson = <T>(value: T) => JSON.parse(JSON.stringify(value)) as T;

it("a result with its errors passes through Redis unchanged, without account number and body", () => {
  const stored = overJson(storedResult(result));
  expect(JSON.stringify(stored)).not.toContain("dealers.example");
  const { failed, held, ...rest } = revivedResult("zoe@dealers.example", stored);
  const { failed: _, held: __, ...same } = result;
  expect(rest).toEqual(overJson(same));
  const { code, message, status, requestId, retryable, requests } = refused;
  const error = expect.objectContaining({ code, message, status, requestId, retryable, requests });
  expect(failed).toEqual([{ step: "maxDistance", held: true, error }]);
  expect(held).toEqual([{ step: "profileTypes", held: true, error, since: "2026-01-05T01:00:00.000Z" }]);
  for (const step of [...failed, ...held]) expect(step.error).toBeInstanceOf(OpleadError);
});

it("a result is `stale`, without requests, if a newer state replaced the user's before it was sent", () => {
  expect(supersededResult("ACC-1", true)).toEqual({
    ...{ accountNumber: "ACC-1", testMode: true, id: undefined, outcome: "stale", isNew: false },
    ...{ recovered: false, inDoubt: false },
    ...{ fields: [], applied: [], unverifiable: [], failed: [], notSent: [], held: [], requestIds: [] },
    ...{ revision: 0, requests: 0, retries: 0 },
  });
});

it("a support report is stored for failures of Oplead's server only, and an unknown error has no message", () => {
  const broken = (status: number) => failureOf(new OpleadError("server_error", "It failed.", { status }));
  expect(broken(500).supportReport).toContain("status:     500");
  expect(broken(499).supportReport).toBeUndefined();
  expect(failureOf(stateLost())).toMatchObject({ code: "state_lost", supportReport: undefined });
  expect(failureOf(new Error("zoe@dealers.example"))).toEqual({
    code: undefined,
    message: "an error was thrown that is not an OpleadError",
  });
});

it("the error of a failed job can be thrown again with its code, status and request id", () => {
  const { error } = overJson(failureOf(refused));
  expect(error && revivedError(error)).toMatchObject({ code: "refused", status: 422, requestId: "req-1" });
  expect(JSON.stringify(error)).not.toContain("dealers.example");
});

it("a user has one key in the queue's inbox for each platform and each mode (test or real)", () => {
  const places = [
    inboxKey("ACC-1", false, "France"),
    inboxKey("ACC-1", true, "France"),
    inboxKey("ACC-1", false, "Belgium"),
    inboxKey("ACC-2", false, "France"),
  ];
  expect(new Set(places).size).toBe(4);
  expect(inboxKey("ACC-1", false, "France")).toBe(places[0]);
  expect(places.join()).not.toContain("ACC-");
  expect(userKeyOf(places[1] ?? "")).toMatchObject({ testMode: true, platform: platformTag("France") });
  expect(userKeyOf(places[2] ?? "")).toMatchObject({ testMode: false, platform: platformTag("Belgium") });
});
