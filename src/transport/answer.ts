import { OpleadError } from "../core/errors.ts";
import type { FactValues } from "../core/facts.ts";
import { issueAt, type OpleadIssue } from "../core/issues.ts";
import type { OpleadErrorCode } from "../core/names.ts";
import { refusalsIn } from "../core/redact.ts";
import { parseJson } from "../core/values.ts";
import { tellValue } from "../locales/en/core.ts";
import { counted, duration } from "../locales/en/words.ts";
import { type CallSummary, shownPath } from "./call.ts";
import { isTransientStatus, retryAfterMs } from "./retry.ts";
import type { WireAnswer } from "./wire.ts";

export interface Answer extends WireAnswer {
  // Undefined if empty or not JSON. An integer beyond 2^53 is text.
  readonly data: unknown;
  readonly unreadable: string | undefined;
  // False for a gateway's answer: HTML, text, nothing, or a status of `OF_GATEWAYS`.
  readonly isOpleads: boolean;
  readonly retryAfterMs: number | undefined;
  vouched?: boolean;
}

// Statuses that gateways send, some with JSON: "Endpoint request timed out".
const OF_GATEWAYS: ReadonlySet<number> = new Set([407, 408, 502, 503, 504]);

export function readAnswer(wire: WireAnswer, nowMs: number): Answer {
  const { status, headers, text, bytes } = wire;
  let data: unknown;
  let unreadable: string | undefined;
  const type = headers.get("content-type");
  if (text !== "" && type !== null && !/\bjson\b/i.test(type)) {
    const kind = type.replace(/;.*/s, "").trim();
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

export function formOf({ isOpleads, text, headers }: Answer): FactValues["notFoundForm"] {
  if (text === "") return "empty";
  const type = headers.get("content-type") ?? "";
  if (isOpleads || /\bjson\b/i.test(type)) return "json";
  return /\bhtml\b/i.test(type) || /^\s*</.test(text) ? "html" : "text";
}

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

// Unless `vouched`, a 4xx that is not Oplead's own says nothing about the request.
export function errorOf(answer: Answer, call: CallSummary): OpleadError | undefined {
  const { status } = answer;
  const isOpleads = answer.isOpleads || answer.vouched === true;
  if (status >= 200 && status < 300) {
    return answer.unreadable === undefined
      ? undefined
      : unexpected(answer, call, `the answer ${answer.unreadable}, not JSON: check baseUrl`);
  }
  if (status < 400) {
    return unexpected(answer, call, "the answer is a redirect, which is not followed: check baseUrl");
  }
  if (status === 407) return unexpected(answer, call, `a proxy ${PROXY_LOGIN}`);
  if (status < 500 && !isOpleads && !isTransientStatus(status)) {
    return unexpected(answer, call, `${describe(answer)}, which Oplead's own refusals are not${proxyAdvice(status)}`);
  }
  const issues = status < 500 ? refusedFields(answer) : [];
  const [code, sentence] = explain(status, answer, call, issues);
  return new OpleadError(code, `${start(call)} ${sentence}`, {
    ...details(answer, call),
    issues: issues.length > 0 ? issues : undefined,
    fromOplead: isOpleads,
    retryable: isTransientStatus(status) || status >= 500,
    retryAfterMs: isTransientStatus(status)
      ? (answer.retryAfterMs ?? (status === 429 ? UNNAMED_PAUSE_MS : undefined))
      : undefined,
  });
}

export const PROXY_LOGIN = "wants a login: HTTPS_PROXY=http://NAME:PASSWORD@HOST:PORT";

// Advised wait after a 429 that names no wait; equals the longest backoff.
const UNNAMED_PAUSE_MS = 8_000;

// Retryable, because it may be a maintenance page; a redirect is not.
export function unexpected(answer: Answer, call: CallSummary, what: string): OpleadError {
  return new OpleadError("unexpected_response", `${start(call)} ${what} (${answer.status}).`, {
    ...details(answer, call),
    retryable: answer.status < 300 || answer.status >= 400,
  });
}

export function start(call: CallSummary): string {
  const subject = call.subject === undefined ? "" : ` of ${call.subject}`;
  return `${call.operation}${subject}${call.testMode ? " (test mode)" : ""}:`;
}

export function summaryOf({ operation, requests, testMode, request: sent }: CallSummary) {
  const request = sent && { method: sent.method, host: sent.host, path: shownPath(sent.url) };
  return { operation, requests, testMode, request };
}

function details({ status, headers, isOpleads, data, text }: Answer, call: CallSummary) {
  return { ...summaryOf(call), status, requestId: requestIdOf(headers), fromOplead: isOpleads, body: data ?? text };
}

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

function refusedFields({ data }: Answer): readonly OpleadIssue[] {
  return [...refusalsIn(data)].map(([path, said]) => {
    const issue = issueAt(path, tellValue("refused_by_oplead"));
    return said === "" ? issue : Object.defineProperty(issue, "said", { get: () => said });
  });
}

function explain(
  status: number,
  answer: Answer,
  call: CallSummary,
  issues: readonly OpleadIssue[],
): [OpleadErrorCode, string] {
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
        `Oplead refused it as a conflict (409), usually a value that must be unique.${fields(issues)}`,
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
            `Oplead answered with a server error (${status}) after ${counted(call.requests, "request")}. If it stays, send ` +
              "error.supportReport() to your Oplead platform administrator.",
          ]
        : ["refused", `Oplead refused the request (${status}).${fields(issues)}`];
  }
}

function fields(issues: readonly OpleadIssue[]): string {
  const list = issues.length === 0 ? "" : ` It names: ${issues.map(({ path }) => path).join(", ")}.`;
  return `${list} Oplead's own words are in error.body, which may hold personal data.`;
}
