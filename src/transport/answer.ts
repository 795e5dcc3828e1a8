import { OpleadError } from "../core/errors.ts";
import type { FactValues } from "../core/facts.ts";
import type { OpleadErrorCode } from "../core/names.ts";
import { fieldsNamedIn } from "../core/redact.ts";
import { parseJson } from "../core/values.ts";
import { duration } from "../locales/en/words.ts";
import { type CallSummary, shownPath } from "./call.ts";
import { isTransientStatus, retryAfterMs } from "./retry.ts";
import type { WireAnswer } from "./wire.ts";

/** An answer whose body has been parsed as JSON, if it is JSON. */
export interface Answer extends WireAnswer {
  /**
   * The parsed body; undefined if it is empty or not JSON. An integer that a JavaScript number cannot hold exactly is
   * text.
   */
  readonly data: unknown;
  /** Why the body could not be parsed as JSON; undefined if it is JSON, or empty. */
  readonly unreadable: string | undefined;
  /**
   * Whether Oplead itself probably answered: the body is JSON, and the status is not one of those with which gateways
   * report, sometimes in JSON, that the server did not answer. The page of a proxy is HTML, text or empty.
   */
  readonly isOpleads: boolean;
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /**
   * Set by a caller that has made sure that this answer, a 404 without JSON, comes from Oplead and not from a proxy.
   */
  vouched?: boolean;
}

/**
 * The statuses with which gateways report that the server behind them does not answer, some of them in JSON: "Endpoint
 * request timed out".
 */
const OF_GATEWAYS: ReadonlySet<number> = new Set([408, 502, 503, 504]);

/** Reads an answer. `nowMs`: milliseconds since 1970, to which dates in the headers are compared. */
export function readAnswer(wire: WireAnswer, nowMs: number): Answer {
  const { status, headers, text, bytes } = wire;
  let data: unknown;
  let unreadable: string | undefined;
  const type = headers.get("content-type");
  if (text !== "" && type !== null && !/\bjson\b/i.test(type)) {
    const kind = type.split(";", 1)[0]?.trim() ?? "";
    unreadable = `is ${/^[\w.+/-]{1,60}$/.test(kind) ? kind : "something else"}`;
  } else if (text !== "") {
    try {
      data = parseJson(text);
    } catch {
      unreadable = "is broken JSON";
    }
  }
  const isOpleads = typeof data === "object" && data !== null && !OF_GATEWAYS.has(status);
  const wait = status < 400 ? undefined : retryAfterMs(headers, nowMs, status);
  return { status, headers, text, bytes, data, unreadable, isOpleads, retryAfterMs: wait };
}

/** The kind of an answer's body: JSON, HTML, empty or text. */
export function formOf({ isOpleads, text, headers }: Answer): FactValues["notFoundForm"] {
  if (text === "") return "empty";
  const type = headers.get("content-type") ?? "";
  // Broken JSON counts as JSON too, because it was probably cut off on its way.
  if (isOpleads || /\bjson\b/i.test(type)) return "json";
  return /\bhtml\b/i.test(type) || /^\s*</.test(text) ? "html" : "text";
}

/** Whether an answer's status says that it is a success without a body. */
export function saysNoContent({ status }: Answer): boolean {
  return status === 204 || status === 205;
}

export function requestIdOf(headers: WireAnswer["headers"]): string | undefined {
  for (const name of ["x-request-id", "request-id", "x-correlation-id", "x-amzn-requestid", "cf-ray"]) {
    const value = headers.get(name);
    if (value && /^[\w.:=+/-]{1,200}$/.test(value)) return value;
  }
  return undefined;
}

/**
 * The error for an answer; undefined for a success whose body can be read. A 4xx that does not come from Oplead itself
 * is `unexpected_response`, because it says nothing about the request. If the caller has found that the 4xx does come
 * from Oplead, it sets `vouched`.
 */
export function errorOf(answer: Answer, call: CallSummary): OpleadError | undefined {
  const { status } = answer;
  const isOpleads = answer.isOpleads || answer.vouched === true;
  if (status >= 200 && status < 300) {
    return answer.unreadable === undefined
      ? undefined
      : unexpected(answer, call, `the answer ${answer.unreadable}, not JSON`);
  }
  if (status < 400) {
    return unexpected(answer, call, "the answer is a redirect, which is not followed: check baseUrl");
  }
  if (status < 500 && !isOpleads && !isTransientStatus(status)) {
    return unexpected(answer, call, `${describe(answer)}, which Oplead's own refusals are not${proxyAdvice(status)}`);
  }
  const [code, sentence] = explain(status, answer, call);
  return new OpleadError(code, `${start(call)} ${sentence}`, {
    ...details(answer, call),
    fromOplead: isOpleads,
    retryable: isTransientStatus(status) || status >= 500,
    retryAfterMs: isTransientStatus(status)
      ? (answer.retryAfterMs ?? (status === 429 ? UNNAMED_PAUSE_MS : undefined))
      : undefined,
  });
}

/**
 * The pause in milliseconds to advise after a 429 that names no time. By default, it is also the longest pause between
 * retries.
 */
const UNNAMED_PAUSE_MS = 8_000;

/**
 * The error for an answer that cannot be used. Unless the answer is a redirect, the error is retryable, because the
 * answer may be a page that is shown during a short maintenance.
 */
export function unexpected(answer: Answer, call: CallSummary, what: string): OpleadError {
  return new OpleadError("unexpected_response", `${start(call)} ${what} (${answer.status}).`, {
    ...details(answer, call),
    retryable: answer.status < 300 || answer.status >= 400,
  });
}

/** The beginning of every error message: the call, its user, and whether it was in test mode. */
export function start(call: CallSummary): string {
  const subject = call.subject === undefined ? "" : ` of ${call.subject}`;
  return `${call.operation}${subject}${call.testMode ? " (test mode)" : ""}:`;
}

/** The facts about a call that every error carries. */
export function summaryOf({ operation, requests, testMode, request: sent }: CallSummary) {
  const request = sent && { method: sent.method, host: sent.host, path: shownPath(sent.url) };
  return { operation, attempts: requests, testMode, request };
}

function details({ status, headers, isOpleads, data, text }: Answer, call: CallSummary) {
  return { ...summaryOf(call), status, requestId: requestIdOf(headers), fromOplead: isOpleads, body: data ?? text };
}

/** Says what came instead of JSON, and which server the answer names. */
function describe(answer: Answer): string {
  const what = answer.unreadable ?? (answer.text === "" ? "is empty" : "is not a JSON object");
  const server = answer.headers.get("server");
  const name = server && /^[\w.+/ ()-]{1,60}$/.test(server) ? ` from the server "${server}"` : "";
  return `the answer${name} ${what}`;
}

function proxyAdvice(status: number): string {
  switch (status) {
    case 401:
      return ": probably a proxy or gateway answered. If it was Oplead, check the token, and that `auth` is right";
    case 404:
      return ": check baseUrl. Probably a proxy or gateway answered";
    default:
      return ": probably a proxy, gateway or firewall answered";
  }
}

function explain(status: number, answer: Answer, call: CallSummary): [OpleadErrorCode, string] {
  switch (status) {
    case 401:
      return ["unauthorized", "Oplead does not accept the API token (401). Check the token, and that `auth` is right."];
    case 403:
      return ["forbidden", "Oplead forbids this (403): the token lacks the right, or the platform has not enabled it."];
    case 404:
      return [
        "not_found",
        call.request?.method === "POST"
          ? `There is no such path at ${call.request.host} (404). Check baseUrl: it must be the API's address, without /v1.`
          : "Oplead does not know this (404).",
      ];
    case 409:
      return [
        "conflict",
        `Oplead refused it as a conflict (409), usually a value that must be unique.${fields(answer)}`,
      ];
    case 429: {
      const { retryAfterMs: wait } = answer;
      const asked = wait === undefined ? "" : ` It asks to wait ${duration(wait)}.`;
      return ["rate_limited", `Oplead answered "too many requests" (429) up to the last attempt.${asked}`];
    }
    default:
      return status >= 500
        ? [
            "server_error",
            `Oplead answered with a server error (${status}) after ${call.requests} request(s). If it stays, send ` +
              "error.supportReport() to your Oplead platform administrator.",
          ]
        : ["refused", `Oplead refused the request (${status}).${fields(answer)}`];
  }
}

function fields(answer: Answer): string {
  const named = fieldsNamedIn(answer.data);
  const list = named.length === 0 ? "" : ` It names: ${named.join(", ")}.`;
  return `${list} Oplead's own words are in error.body, which may hold personal data.`;
}
