import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backoffMs, isIdempotent, isTransientStatus, readConnectionFailure } from "../../src/transport/retry.ts";
import { retryAfterMs } from "../../src/transport/retry-after.ts";

const retry = { attempts: 4, baseMs: 250, maxMs: 8000 };
const headers = (values: Record<string, string>) => new Headers(values);
const NOW = Date.parse("2026-03-01T12:00:00Z");

describe("backoffMs", () => {
  it("a backoff is between nothing and the doubling cap, and never above maxMs", () => {
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

  it("a backoff uses the whole range: full jitter", () => {
    expect(backoffMs(3, retry, () => 0)).toBe(0);
    expect(backoffMs(3, retry, () => 0.5)).toBe(500);
    expect(backoffMs(30, retry, () => 0.5)).toBe(4000);
  });
});

describe("retryAfterMs", () => {
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

  it("retryAfterMs prefers Retry-After, and passes over what it cannot read", () => {
    expect(retryAfterMs(headers({ "retry-after": "2", "ratelimit-reset": "60" }), NOW)).toBe(2000);
    expect(retryAfterMs(headers({ "retry-after": "soon", "ratelimit-reset": "60" }), NOW)).toBe(60_000);
    expect(retryAfterMs(headers({}), NOW)).toBeUndefined();
    expect(retryAfterMs(headers({ "retry-after": "" }), NOW)).toBeUndefined();
    for (const value of ["soon 5", "10 minutes", "1,5", "0x10", "Infinity", "1e3", "March 7"]) {
      expect(retryAfterMs(headers({ "retry-after": value }), NOW)).toBeUndefined();
    }
  });

  it("retryAfterMs takes the end of a limit's window for a wait only when the limit was the answer", () => {
    const values = { "ratelimit-reset": "60", "x-ratelimit-retry-after": "60" };
    expect(retryAfterMs(headers(values), NOW, 429)).toBe(60_000);
    expect(retryAfterMs(headers(values), NOW, 503)).toBeUndefined();
    expect(retryAfterMs(headers({ ...values, "retry-after": "2" }), NOW, 503)).toBe(2000);
  });

  it("retryAfterMs reads a date against the server's clock, because ours may be off", () => {
    const values = { date: "Sun, 01 Mar 2026 15:00:00 GMT", "retry-after": "Sun, 01 Mar 2026 15:00:10 GMT" };
    expect(retryAfterMs(headers(values), NOW)).toBe(10_000);
  });

  it("retryAfterMs gives a wait between now and a day, or none, whatever is sent", () => {
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
});

describe("what may be repeated", () => {
  it("PUT, GET and the like may be repeated, POST and PATCH may not", () => {
    expect(["GET", "HEAD", "PUT", "DELETE", "OPTIONS"].every(isIdempotent)).toBe(true);
    expect(["POST", "PATCH", "patch", "PURGE", "SEARCH"].some(isIdempotent)).toBe(false);
  });

  it("a request may be repeated after a status that passes by itself, and no other", () => {
    const transient = Array.from({ length: 500 }, (_, i) => i + 100).filter(isTransientStatus);
    expect(transient).toEqual([408, 425, 429, 500, 502, 503, 504]);
  });
});

describe("readConnectionFailure", () => {
  const failed = (cause: object) => Object.assign(new TypeError("fetch failed"), { cause });

  it.each(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"])(
    "a connection that failed with %s never reached the server",
    (code) => {
      expect(readConnectionFailure(failed({ code }))).toMatchObject({ neverSent: true, permanent: false });
      expect(readConnectionFailure({ code })).toMatchObject({ neverSent: true, permanent: false });
    },
  );

  it.each(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET", "ETIMEDOUT"])(
    "a connection that failed with %s may have reached the server",
    (code) => {
      expect(readConnectionFailure(failed({ code }))).toMatchObject({ neverSent: false, permanent: false });
    },
  );

  it("an error of a connection that stood counts as sent, whatever its code", () => {
    for (const code of ["EHOSTUNREACH", "ENETUNREACH", "ECONNREFUSED"]) {
      expect(readConnectionFailure(failed({ code, syscall: "connect" })).neverSent).toBe(true);
      expect(readConnectionFailure(failed({ code, syscall: "read" })).neverSent).toBe(false);
      expect(readConnectionFailure(failed({ code, syscall: "write" })).neverSent).toBe(false);
    }
  });

  it("a request counts as never sent only if every address has refused", () => {
    const all = { errors: [{ code: "ECONNREFUSED" }, { code: "ENETUNREACH" }], code: "ECONNREFUSED" };
    const some = { errors: [{ code: "ECONNREFUSED" }, { code: "ECONNRESET" }], code: "ECONNREFUSED" };
    expect(readConnectionFailure(failed(all)).neverSent).toBe(true);
    expect(readConnectionFailure(failed(some)).neverSent).toBe(false);
  });

  it("an error without a known code counts as sent", () => {
    for (const unknown of [undefined, null, "text", new Error("?"), { code: 7 }]) {
      expect(readConnectionFailure(unknown).neverSent).toBe(false);
    }
  });

  it("a certificate that is not trusted is final", () => {
    for (const code of ["DEPTH_ZERO_SELF_SIGNED_CERT", "CERT_HAS_EXPIRED", "ERR_TLS_CERT_ALTNAME_INVALID"]) {
      expect(readConnectionFailure(failed({ code }))).toMatchObject({ neverSent: true, permanent: true });
    }
  });

  it("a server without TLS is final, and a TLS connection that breaks may be tried again", () => {
    const plain = "write EPROTO 40A2:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:";
    const broken = "read EPROTO 40A2:error:0A000119:SSL routines:ssl3_get_record:decryption failed or bad record mac:";
    const final = { neverSent: true, permanent: true };
    const luck = { neverSent: false, permanent: false };
    expect(readConnectionFailure({ code: "EPROTO", message: plain })).toMatchObject(final);
    expect(readConnectionFailure(failed({ code: "ERR_SSL_WRONG_VERSION_NUMBER" }))).toMatchObject(final);
    expect(readConnectionFailure({ code: "EPROTO", message: broken })).toMatchObject(luck);
    expect(readConnectionFailure(failed({ code: "ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC" }))).toMatchObject(luck);
    // The server may ask for a certificate after it has read the request.
    expect(readConnectionFailure(failed({ code: "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED" }))).toMatchObject(luck);
    expect(readConnectionFailure(failed({ code: "ERR_TLS_HANDSHAKE_TIMEOUT" })).permanent).toBe(false);
  });
});
