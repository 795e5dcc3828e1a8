import { afterEach, expect, it, vi } from "vitest";
import { OpleadError } from "../../src/core/errors.ts";
import type { Call } from "../../src/transport/call.ts";
import { connectionFailure, inFlight, mayHaveActed, refused, timedOut } from "../../src/transport/failures.ts";

const CALL: Call = {
  id: "x-1",
  operation: "updateUser",
  signal: undefined,
  timeoutMs: 1_500,
  deadlineMs: 20_000,
  deadlineAt: 0,
  testMode: false,
  logger: undefined,
  headers: {},
  retry: { attempts: 4, baseMs: 250 },
  leaseLeftMs: undefined,
  opening: undefined,
  requestIds: [],
  inDoubt: false,
  mayComeLate: false,
  requests: 3,
  request: { method: "PUT", host: "api.example", url: "https://api.example/v1/users/1" },
};
const coded = (code: string, message = "") => Object.assign(new Error(message), { code });

afterEach(() => vi.unstubAllEnvs());

it.each([
  ["ECONNREFUSED", true, false, "No connection: nothing reached Oplead. api.example was not reached"],
  ["ECONNRESET", false, false, "The connection broke: Oplead may or may not have acted."],
  ["CERT_HAS_EXPIRED", true, true, "The connection is not trusted: the certificate has expired"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", true, true, "check baseUrl, the certificate is for another host"],
  ["Proxy response (407) !== 200 when HTTP Tunneling", true, true, "If it wants a login: HTTPS_PROXY="],
])("the error of a connection that failed with %s says if Oplead may have acted", (code, neverSent, final, says) => {
  const { error, ...failure } = connectionFailure(coded(code, code), CALL);
  expect(failure).toEqual({ neverSent, final });
  expect(error).toMatchObject({ code: "connection", retryable: !final, requests: 3, operation: "updateUser" });
  expect(error.message).toContain(says);
  expect(mayHaveActed(error)).toBe(!neverSent);
});

it("the error of a request that did not start names the abort, the pause or the waiting calls", () => {
  const errors = [
    refused({ reason: "aborted" }, CALL),
    refused({ reason: "paused", forMs: 60_000 }, CALL),
    refused({ reason: "deadline" }, CALL),
  ];
  expect(errors.map(({ code, retryable, retryAfterMs }) => [code, retryable, retryAfterMs])).toEqual([
    ["aborted", false, undefined],
    ["rate_limited", true, 60_000],
    ["deadline", true, undefined],
  ]);
  expect(errors[1]?.message).toContain("to wait 1 min, longer than this call may take (deadlineMs 20000)");
  expect(errors[2]?.message).toContain("no turn came within 20 s (deadlineMs)");
  for (const error of errors) expect(mayHaveActed(error)).toBe(false);
});

it("the error of a timeout names the limit that was reached, and is retryable", () => {
  expect(timedOut(CALL, true).message).toContain("the whole call took longer than 20 s (deadlineMs)");
  expect(timedOut(CALL, false).message).toContain("no answer within 1.5 s (timeoutMs)");
  expect(timedOut(CALL, false)).toMatchObject({ code: "timeout", retryable: true, requests: 3 });
});

it.each([
  ["server_error", 500, true],
  ["unexpected_response", undefined, true],
  ["unexpected_response", 200, true],
  ["unexpected_response", 399, true],
  ["unexpected_response", 400, false],
  ["unexpected_response", 404, false],
  ["refused", 408, true],
  ["refused", 422, false],
  ["conflict", 409, false],
  ["rate_limited", 429, false],
  ["timeout", undefined, false],
] as const)("after the error %s with status %s, mayHaveActed returns %s", (code, status, expected) => {
  const options = status === undefined ? {} : { status };
  expect(mayHaveActed(new OpleadError(code, "no", options))).toBe(expected);
});

it("Oplead may have acted on every request that was under way when the call ended", () => {
  expect(mayHaveActed(inFlight(new OpleadError("timeout", "no")))).toBe(true);
  expect(mayHaveActed(inFlight(new OpleadError("aborted", "no")))).toBe(true);
});
