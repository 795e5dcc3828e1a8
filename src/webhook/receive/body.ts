import { parseJson } from "../../base/exact-json.ts";
import { withLimit } from "../../base/time/waits.ts";
import { concat } from "../signatures/bytes.ts";

/**
 * Memory for unverified bodies, shared by all requests. Without a bound, a few hundred connections that each send almost
 * `maxBodyBytes` and never finish would fill the memory. Only bytes that arrived count, not what a header announces:
 * otherwise a header would be enough to block the genuine deliveries.
 */
export interface BodyBudget {
  freeBytes: number;
}

/** A body in memory. Its bytes count against the budget until they are released. */
export interface HeldBody {
  readonly bytes: Uint8Array;
  release(): void;
}

/** Why a body was not read to its end. */
export type BodyProblem = "too_large" | "no_room" | "incomplete" | "too_slow";

/**
 * Reads a body. When a limit is exceeded, the rest stays unread. The cancellation is not awaited, because a request that
 * has not ended may never confirm it.
 */
export async function readBody(
  request: Request,
  limits: { readonly maxBytes: number; readonly withinMs: number; readonly budget: BodyBudget },
): Promise<HeldBody | BodyProblem> {
  if (Number(request.headers.get("content-length")) > limits.maxBytes) {
    request.body?.cancel().catch(() => {});
    return "too_large";
  }
  const reader = request.body?.getReader();
  if (!reader) return { bytes: new Uint8Array(), release: () => {} };
  const chunks: Uint8Array[] = [];
  let length = 0;
  let stopped = false;
  const readAll = async (): Promise<BodyProblem | "whole"> => {
    for (;;) {
      const { done, value } = await reader.read();
      // The time limit has passed: what is read now belongs to no answer any more.
      if (stopped) return "too_slow";
      if (done) return "whole";
      if (length + value.length > limits.maxBytes) return "too_large";
      if (value.length > limits.budget.freeBytes) return "no_room";
      limits.budget.freeBytes -= value.length;
      length += value.length;
      chunks.push(value);
    }
  };
  const release = (): void => {
    limits.budget.freeBytes += length;
    length = 0;
  };
  const end = await withLimit(
    readAll().catch((): BodyProblem => "incomplete"),
    limits.withinMs,
    (): BodyProblem => "too_slow",
  );
  if (end === "whole") {
    const [only] = chunks;
    return { bytes: chunks.length === 1 && only ? only : concat(...chunks), release };
  }
  stopped = true;
  release();
  reader.cancel().catch(() => {});
  return end;
}

/** Whether the content type is `application/json`, or one that is based on it, such as `application/cloudevents+json`. */
export function isJson(headers: Headers): boolean {
  return /^\s*[\w.-]+\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(headers.get("content-type") ?? "");
}

/** Whether the body is sent uncompressed. */
export function isUncompressed(headers: Headers): boolean {
  return /^(?:\s*identity\s*)?$/i.test(headers.get("content-encoding") ?? "");
}

/**
 * Names that change what every object inherits, if a careless helper copies or merges them into another object. The last
 * part finds them when some of their letters are written as escapes.
 */
const MAY_REACH_PROTOTYPES = /__proto__|constructor|\\u00[567]/i;

/**
 * The content of a body. A number that a program would round is the text that it is written as.
 *
 * @throws SyntaxError or TypeError, whose message may quote the body.
 */
export function parseBody(bytes: Uint8Array): unknown {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  return parseJson(text, MAY_REACH_PROTOTYPES.test(text) ? withoutPrototypes : undefined);
}

function withoutPrototypes(name: string, value: unknown): unknown {
  if (name === "__proto__") return undefined;
  const mayHold = name === "constructor" && value !== null;
  return mayHold && Object.hasOwn(value as object, "prototype") ? undefined : value;
}
