import type { FakeFaultAnswer, FakeStatusAnswer } from "./fault-types.ts";
import { errorBody } from "./operations.ts";

/** What a door sends. */
export interface Answer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** `"reset"`: the door breaks the connection. */
export type Outcome = Answer | "reset";

export function json(status: number, body: unknown, headers?: Readonly<Record<string, string>>): Answer {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}

/** What a fault makes of an answer. There is none when the fake did not act. */
export function faulty(as: FakeFaultAnswer, answer: Answer | undefined): Outcome {
  switch (as) {
    case "reset":
    case "hang": // Where a hang ends, it ends as a broken connection.
      return "reset";
    case "empty-500":
      return { status: 500, headers: {}, body: "" };
    case "html-200":
      return { status: 200, headers: { "content-type": "text/html" }, body: htmlPage };
    case "truncated-json": {
      const whole = answer ?? json(200, { id: "100001", accountNumber: "ACC-1" });
      return { ...whole, body: whole.body.slice(0, Math.ceil(whole.body.length / 2)) };
    }
    default:
      return statusAnswer(as);
  }
}

/** Statuses that HTTP allows no body. */
const bodiless = new Set([204, 205, 304]);

function statusAnswer({ status, retryAfter, body, headers = {} }: FakeStatusAnswer): Answer {
  const given: Record<string, string> = {};
  if (retryAfter !== undefined) given["retry-after"] = String(retryAfter);
  for (const [name, value] of Object.entries(headers)) given[name.toLowerCase()] = value;
  const sent = body ?? (status >= 400 ? errorBody(status) : "");
  if (sent === "" || bodiless.has(status)) return { status, headers: given, body: "" };
  if (typeof sent !== "string") return json(status, sent, given);
  return { status, headers: { "content-type": "text/plain", ...given }, body: sent };
}

const htmlPage = "<!doctype html><title>Maintenance</title><p>We will be back soon.</p>";
