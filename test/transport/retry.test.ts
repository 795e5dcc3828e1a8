import fc from "fast-check";
import { expect, it } from "vitest";
import { backoffMs, isIdempotent, mayRepeat, readConnectionFailure, retryAfterMs } from "../../src/transport/retry.ts";
import { openTransport } from "../support/open-transport.ts";

const retry = { attempts: 4, baseMs: 250 };
const headers = (values: Record<string, string>) => new Headers(values);
const NOW = Date.parse("2026-03-01T12:00:00Z");

it("a backoff is between 0 ms and a cap that doubles with each attempt, five times at most", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (attempt, chance) => {
        const ms = backoffMs(attempt, retry, () => chance);
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThanOrEqual(Math.min(8000, 250 * 2 ** (attempt - 1)));
      },
    ),
  );
});

it.each([
  ["seconds", { "retry-after": "7" }, 7000],
  ["fractions of a second", { "retry-after": "0.5" }, 500],
  ["zero", { "retry-after": "0" }, 0],
  ["an HTTP date", { "retry-after": "Sun, 01 Mar 2026 12:00:30 GMT" }, 30_000],
  ["a date of the second form", { "retry-after": "Sunday, 01-Mar-26 12:00:30 GMT" }, 30_000],
  ["a date of the third form, which is GMT", { "retry-after": "Sun Mar  1 12:00:30 2026" }, 30_000],
  ["an ISO date", { "retry-after": "2026-03-01T12:00:30Z" }, 30_000],
  ["a date in the past", { "retry-after": "Sun, 01 Mar 2026 11:00:00 GMT" }, 0],
  ["a negative number", { "retry-after": "-3" }, 0],
  ["RateLimit-Reset, seconds from now", { "ratelimit-reset": "12" }, 12_000],
  [
    "X-RateLimit-Retry-After, a Unix time as Symfony sends it",
    { "x-ratelimit-retry-after": String(NOW / 1000 + 9) },
    9000,
  ],
  ["X-RateLimit-Retry-After, seconds from now", { "x-ratelimit-retry-after": "4" }, 4000],
  ["a Unix time in milliseconds", { "ratelimit-reset": String(NOW + 1500) }, 1500],
  ["a year, cut to a day", { "retry-after": "31536000" }, 86_400_000],
])("retryAfterMs reads %s", (_name, values, expected) => {
  expect(retryAfterMs(headers(values), NOW)).toBe(expected);
});

it.each([
  ["+5", 5_000],
  ["  5  ", 5_000],
  ["5.25", 5_250],
  ["5.", undefined],
  [".5", undefined],
  ["5s", undefined],
  ["s5", undefined],
  ["100000", 86_400_000],
  ["1000000000", 86_400_000],
  [String(NOW / 1000 - 5), 0],
  [String(NOW - 5), 0],
  ["Sun, 01 Mar 2026", undefined],
  ["- Sun, 01 Mar 2026 12:00:30 GMT", undefined],
  ["2026-03-01", undefined],
  ["on 2026-03-01T12:00:30Z", undefined],
  ["Su, 01 Mar 2026 12:00:30 GMT", undefined],
])("retryAfterMs reads %j as a wait only if its meaning is clear", (value, expected) => {
  expect(retryAfterMs({ get: (name) => (name === "retry-after" ? value : null) }, NOW)).toBe(expected);
});

it("retryAfterMs prefers Retry-After, and ignores headers that it cannot read", () => {
  expect(retryAfterMs(headers({ "retry-after": "2", "ratelimit-reset": "60" }), NOW)).toBe(2000);
  expect(retryAfterMs(headers({ "retry-after": "soon", "ratelimit-reset": "60" }), NOW)).toBe(60_000);
  expect(retryAfterMs(headers({}), NOW)).toBeUndefined();
  expect(retryAfterMs(headers({ "retry-after": "" }), NOW)).toBeUndefined();
  for (const value of ["soon 5", "10 minutes", "1,5", "0x10", "Infinity", "1e3", "March 7"]) {
    expect(retryAfterMs(headers({ "retry-after": value }), NOW)).toBeUndefined();
  }
});

it("retryAfterMs reads a date against the server's clock, because the clock of this machine may be wrong", () => {
  const values = { date: "Sun, 01 Mar 2026 15:00:00 GMT", "retry-after": "Sun, 01 Mar 2026 15:00:10 GMT" };
  expect(retryAfterMs(headers(values), NOW)).toBe(10_000);
});

it("retryAfterMs gives at most a day, or nothing, whatever the header", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[\x20-\x7e]{0,40}$/), (value) => {
      const ms = retryAfterMs({ get: (name) => (name === "retry-after" ? value : null) }, NOW);
      if (ms !== undefined) {
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThanOrEqual(86_400_000);
      }
    }),
  );
});

it("idempotent methods may be repeated, POST and PATCH may not", () => {
  expect(["GET", "HEAD", "PUT", "DELETE", "OPTIONS"].every(isIdempotent)).toBe(true);
  expect(["POST", "PATCH", "patch", "PURGE", "SEARCH"].some(isIdempotent)).toBe(false);
});

it("a failed request is repeated if sending twice is safe or it never arrived, unless final", () => {
  const rows = ["PUT", "POST"].flatMap((method) =>
    [false, true].flatMap((neverSent) =>
      [false, true].map((final) => [method, neverSent, final, mayRepeat(method, { neverSent, final })]),
    ),
  );
  expect(rows.filter((row) => row[3]).map((row) => row.slice(0, 3))).toEqual([
    ["PUT", false, false],
    ["PUT", true, false],
    ["POST", true, false],
  ]);
});

it("the wait before the next attempt is what the server asks for, even 0, or a backoff", async () => {
  const waits = async (...headers: Record<string, string>[]) => {
    const replies = [...headers.map((each) => ({ status: 503, headers: each })), { status: 200 }];
    const { transport, clock, sent } = openTransport(replies, { retry });
    const url = "https://api.oplead.com/v1/types/countries";
    const running = transport.send({ method: "GET", url, body: undefined }, transport.begin("a", undefined));
    await clock.advance(10_000);
    await running;
    return sent.slice(1).map(({ at }, index) => at - (sent[index]?.at ?? 0));
  };
  expect(await waits({ "retry-after": "7" })).toEqual([7_000]);
  expect(await waits({ "retry-after": "0" })).toEqual([0]);
  expect(await waits({}, {})).toEqual([125, 250]);
});

const failed = (cause: object) => Object.assign(new TypeError("fetch failed"), { cause });

const NEVER_SENT = { neverSent: true, permanent: false };
const IN_DOUBT = { neverSent: false, permanent: false };
const FINAL = { neverSent: true, permanent: true };
const OPENSSL = "SSL routines:ssl3_get_record:";
const CONNECTION_FAILURES: [cause: object, read: object][] = [
  ...["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"].map((code): [object, object] => [
    { code },
    NEVER_SENT,
  ]),
  ...["connect", "getaddrinfo", "queryA"].map((syscall): [object, object] => [
    { code: "EHOSTUNREACH", syscall },
    NEVER_SENT,
  ]),
  // A request on an open connection counts as sent, whatever the code.
  [{ code: "ECONNREFUSED", syscall: "read" }, IN_DOUBT],
  [{ code: "ENETUNREACH", syscall: "write" }, IN_DOUBT],
  // Every address has to refuse.
  [{ errors: [{ code: "ECONNREFUSED" }, { code: "ENETUNREACH" }], code: "ECONNREFUSED" }, NEVER_SENT],
  [{ errors: [{ code: "ECONNREFUSED" }, { code: "ECONNRESET" }], code: "ECONNREFUSED" }, IN_DOUBT],
  ...[
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "ERR_TLS_CERT_SIGNATURE_ALGORITHM_UNSUPPORTED",
    "CERT_REVOKED",
    "CRL_HAS_EXPIRED",
    "UNABLE_TO_GET_ISSUER_CERT",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "ERROR_IN_CERT_NOT_AFTER_FIELD",
    "SELF_SIGNED_CERT_IN_CHAIN",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "HOSTNAME_MISMATCH",
    "INVALID_CA",
    "INVALID_PURPOSE",
    "PATH_LENGTH_EXCEEDED",
    "ERR_SSL_WRONG_VERSION_NUMBER",
  ].map((code): [object, object] => [{ code }, FINAL]),
  ...[
    `write EPROTO 40A2:error:0A00010B:${OPENSSL}wrong version number:`,
    "WRONG_VERSION_NUMBER",
    "unsupported protocol",
    "alert protocol version",
    "handshake failure",
  ].map((message): [object, object] => [{ code: "EPROTO", message }, FINAL]),
  [{ code: "ERR_SSL_WHATEVER", message: "handshake failure" }, FINAL],
  [
    { code: "EPROTO", message: `read EPROTO 40A2:error:0A000119:${OPENSSL}decryption failed or bad record mac:` },
    IN_DOUBT,
  ],
  [{ code: "ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC" }, IN_DOUBT],
  // The server may ask for a certificate after it has read the request.
  [{ code: "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED" }, IN_DOUBT],
  [{ code: "ERR_TLS_HANDSHAKE_TIMEOUT" }, { permanent: false }],
];

it.each(CONNECTION_FAILURES)(
  "the connection failure %j, of node:http or below fetch's, is read as %j",
  (cause, read) => {
    expect(readConnectionFailure(cause)).toMatchObject(read);
    expect(readConnectionFailure(failed(cause))).toMatchObject(read);
  },
);

it.each(["Connection refused (os error 111)", "tcp connect error: (os error 111)", "Connection refused (127.0.0.1)"])(
  "a refused connection is recognized by the text %j of Deno's error",
  (message) => {
    expect(readConnectionFailure(new Error(message))).toEqual({
      neverSent: true,
      permanent: false,
      code: "ECONNREFUSED",
    });
  },
);

it("the code of a failed connection to several addresses is the first that an address's error has", () => {
  const errors = [{ message: "no code" }, { code: "ENETUNREACH" }, { code: "ECONNREFUSED" }];
  expect(readConnectionFailure({ errors })).toMatchObject({ neverSent: true, code: "ENETUNREACH" });
});

it("causes are followed five levels deep, so that a circle ends", () => {
  const nest = (depth: number): object => (depth === 0 ? { code: "ECONNREFUSED" } : { cause: nest(depth - 1) });
  expect(readConnectionFailure(nest(4)).code).toBe("ECONNREFUSED");
  expect(readConnectionFailure(nest(5)).code).toBeUndefined();
  const groups = (depth: number): object => (depth === 0 ? { code: "EPIPE" } : { errors: [groups(depth - 1)] });
  expect(readConnectionFailure(groups(4)).code).toBe("EPIPE");
  const circle: { cause?: object } = {};
  circle.cause = circle;
  expect(readConnectionFailure(circle).neverSent).toBe(false);
  const group: { errors: object[] } = { errors: [] };
  group.errors.push(group);
  expect(readConnectionFailure(group).neverSent).toBe(false);
});

it.each([
  ["ConnectionRefused", true],
  ["UND_ERR_HEADERS_TIMEOUT", true],
  ["HPE_INVALID_CONSTANT1", true],
  ["E 1", false],
  ["jean@x", false],
  ["1E", false],
  ["E12", false],
])("an error shows the code %j only if it is one word", (code, isShown) => {
  expect(readConnectionFailure({ code }).code).toBe(isShown ? code : undefined);
});
