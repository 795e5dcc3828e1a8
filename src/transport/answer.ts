import { OpleadError, type OpleadErrorCode } from "../errors.ts";
import { fieldsNamedIn } from "../redact.ts";
import { isTransientStatus, retryAfterMs } from "./retry.ts";
import type { WireAnswer } from "./wire.ts";

/** An answer whose body has been read as JSON, or found not to be. The one place where the wire is parsed. */
export interface Answer {
  readonly status: number;
  readonly headers: WireAnswer["headers"];
  readonly text: string;
  /** The parsed body; undefined when it is empty or not JSON. */
  readonly data: unknown;
  /** Why the body is not the JSON that was expected; undefined when it is, or when it is empty. */
  readonly unreadable: string | undefined;
  readonly wire: WireAnswer;
  /** Set by a caller that has made sure that a 404 without JSON comes from Oplead, and not from a proxy. */
  vouched?: boolean;
}

/** What an error says about the call it ended. */
export interface CallFacts {
  readonly operation: string;
  readonly testMode: boolean;
  readonly requests: number;
  /** The account number or id of the user concerned, fit to be shown. */
  readonly subject?: string | undefined;
}

export function readAnswer(wire: WireAnswer): Answer {
  const { status, headers, text } = wire;
  let data: unknown;
  let unreadable: string | undefined;
  const type = headers.get("content-type");
  if (text !== "" && type !== null && !/\bjson\b/i.test(type)) {
    const kind = type.split(";", 1)[0]?.trim() ?? "";
    unreadable = `is ${/^[\w.+/-]{1,60}$/.test(kind) ? kind : "something else"}`;
  } else if (text !== "") {
    try {
      data = JSON.parse(text);
    } catch {
      unreadable = "is broken JSON";
    }
  }
  return { status, headers, text, data, unreadable, wire };
}

export function requestIdOf(headers: WireAnswer["headers"]): string | undefined {
  for (const name of ["x-request-id", "request-id", "x-correlation-id", "x-amzn-requestid", "cf-ray"]) {
    const value = headers.get(name);
    if (value && /^[\w.:=+/-]{1,200}$/.test(value)) return value;
  }
  return undefined;
}

/** The error that an answer is, or undefined for a success that can be read. */
export function errorOf(answer: Answer, call: CallFacts): OpleadError | undefined {
  const { status } = answer;
  if (status >= 200 && status < 300) {
    return answer.unreadable === undefined
      ? undefined
      : unexpected(answer, call, `the answer ${answer.unreadable}, not JSON`);
  }
  if (status < 400) {
    return unexpected(answer, call, "the answer is a redirect, which is not followed: check baseUrl");
  }
  const wait = retryAfterMs(answer.headers, Date.now(), status);
  const [code, sentence] = explain(status, answer, call);
  return new OpleadError(code, `${start(call)} ${sentence}`, {
    ...details(answer, call),
    retryable: isTransientStatus(status) || status >= 500,
    retryAfterMs: isTransientStatus(status) ? wait : undefined,
  });
}

/** An answer that says success and cannot be used. Repeating is worth it: maintenance pages look like this. */
export function unexpected(answer: Answer, call: CallFacts, what: string): OpleadError {
  return new OpleadError("unexpected_response", `${start(call)} ${what} (${answer.status}).`, {
    ...details(answer, call),
    retryable: answer.status < 300,
  });
}

/** How every message begins: the call, its user, and whether it was a test. */
export function start(call: CallFacts): string {
  const subject = call.subject === undefined ? "" : ` of ${call.subject}`;
  return `${call.operation}${subject}${call.testMode ? " (test mode)" : ""}:`;
}

function details(answer: Answer, call: CallFacts) {
  return {
    operation: call.operation,
    status: answer.status,
    requestId: requestIdOf(answer.headers),
    attempts: call.requests,
    testMode: call.testMode,
    body: answer.data ?? answer.text,
  };
}

function explain(status: number, answer: Answer, call: CallFacts): [OpleadErrorCode, string] {
  switch (status) {
    case 401:
      return ["unauthorized", "Oplead does not accept the API token (401). Check the token, and that `auth` is right."];
    case 403:
      return ["forbidden", "Oplead forbids this (403): the token lacks the right, or the platform has not enabled it."];
    case 404:
      return ["not_found", "Oplead does not know this (404)."];
    case 409:
      return [
        "conflict",
        `Oplead refused it as a conflict (409), usually a value that must be unique.${fields(answer)}`,
      ];
    case 429: {
      const wait = retryAfterMs(answer.headers, Date.now());
      const asked = wait === undefined ? "" : ` It asks to wait ${seconds(wait)}.`;
      return ["rate_limited", `Oplead answered "too many requests" (429) up to the last attempt.${asked}`];
    }
    default:
      return status >= 500
        ? [
            "server_error",
            `Oplead answered with a server error (${status}) after ${call.requests} request(s). If it stays, send ` +
              "error.supportReport() to your Oplead platform administrator.",
          ]
        : ["rejected", `Oplead refused the request (${status}).${fields(answer)}`];
  }
}

function fields(answer: Answer): string {
  const named = fieldsNamedIn(answer.data);
  const list = named.length === 0 ? "" : ` It names: ${named.join(", ")}.`;
  return `${list} Oplead's own words are in error.body, which may hold personal data.`;
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toLocaleString("en", { maximumFractionDigits: 1 })} s`;
}
