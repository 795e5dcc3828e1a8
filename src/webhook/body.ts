import { concat } from "./signatures/bytes.ts";

/**
 * The body's bytes, or undefined when there are more than allowed: the rest is then left unread. That it was left is not
 * waited for: where the request is not over, its end may never come.
 */
export async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array | undefined> {
  if (Number(request.headers.get("content-length")) > maxBytes) {
    request.body?.cancel().catch(() => {});
    return undefined;
  }
  const reader = request.body?.getReader();
  if (!reader) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > maxBytes) {
      reader.cancel().catch(() => {});
      return undefined;
    }
    chunks.push(value);
  }
  const [only] = chunks;
  return chunks.length === 1 && only ? only : concat(...chunks);
}

/** `application/json`, and formats made of it such as `application/cloudevents+json`. */
export function isJson(headers: Headers): boolean {
  return /^\s*[\w.-]+\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(headers.get("content-type") ?? "");
}

/** Whether the bytes are the body itself, not a compressed form of it. */
export function isPlain(headers: Headers): boolean {
  return /^(?:\s*identity\s*)?$/i.test(headers.get("content-encoding") ?? "");
}

/**
 * Names that, copied into another object or merged by a careless helper, change what every object inherits. Also where
 * letters of them are written as escapes.
 */
const MAY_REACH_PROTOTYPES = /__proto__|constructor|\\u00[567]/i;

/** @throws SyntaxError or TypeError, whose message may quote the body. */
export function parseJson(bytes: Uint8Array): unknown {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  return MAY_REACH_PROTOTYPES.test(text) ? JSON.parse(text, withoutPrototypes) : JSON.parse(text);
}

function withoutPrototypes(name: string, value: unknown): unknown {
  if (name === "__proto__") return undefined;
  const isObject = typeof value === "object" && value !== null;
  return name === "constructor" && isObject && Object.hasOwn(value, "prototype") ? undefined : value;
}
