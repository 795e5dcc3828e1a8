import { fallInStep, withLimit } from "../core/time.ts";
import { parseJson } from "../core/values.ts";
import { kindOf, limitedWarnings, refused, type SenderAnswer, sendAgain } from "./log.ts";
import type { CommonSettings } from "./options.ts";
import { concat } from "./signatures/hmac.ts";
import type { Verification } from "./signatures/scheme.ts";

type CheckSettings = Pick<CommonSettings, "verify" | "maxBodyBytes" | "respondWithinMs" | "logger" | "now">;

export interface CheckedRequest {
  readonly body: HeldBody;
  // Set if the signature covers it.
  readonly deliveryId: string | undefined;
}

export class RequestChecker {
  readonly #settings: CheckSettings;
  readonly #budget: BodyBudget;
  readonly #warn: ReturnType<typeof limitedWarnings>;

  constructor(settings: CheckSettings) {
    this.#settings = settings;
    this.#budget = { freeBytes: PENDING_BODIES * settings.maxBodyBytes };
    this.#warn = limitedWarnings(settings.logger, settings.now);
  }

  async check(request: Request): Promise<CheckedRequest | SenderAnswer> {
    const early = this.#checkHead(request) ?? this.#checkSignatureHeaders(request.headers);
    if (early) return early;
    const { maxBodyBytes: maxBytes, respondWithinMs: withinMs } = this.#settings;
    const body = await readBody(request, { maxBytes, withinMs, budget: this.#budget });
    if (typeof body === "string") return this.#refuseBody(body);
    await fallInStep();
    const verification = await this.#verify(request.headers, body.bytes);
    if (verification.genuine === true) return { body, deliveryId: verification.deliveryId };
    try {
      return await this.#refuseForgery(verification.reason);
    } finally {
      body.release();
    }
  }

  #checkHead({ method, headers, bodyUsed }: Request): SenderAnswer | Promise<SenderAnswer> | undefined {
    if (method !== "POST") {
      return { ...refused(405, "method_not_allowed", "Send deliveries with POST."), headers: { allow: "POST" } };
    }
    // Some senders name no content type. Then the signature vouches for the delivery, and parsing shows whether it is
    // JSON.
    const isSigned = this.#settings.verify !== "none";
    if (!isJson(headers) && (headers.has("content-type") || !isSigned)) {
      return this.#warned(
        "unsupported_media_type",
        "the content type of a request is not JSON: choose application/json in the sender's settings (415)",
        refused(415, "unsupported_media_type", "Send deliveries as application/json."),
      );
    }
    if (!isUncompressed(headers)) return refused(415, "unsupported_media_type", "Send deliveries uncompressed.");
    if (!bodyUsed) return undefined;
    return this.#warned(
      "body_already_read",
      "the body was read before it reached the webhook, so its signature cannot be checked (500). Mount the webhook " +
        'before the body parser: in Express before express.json(), or with express.raw({ type: "*/*" }) on its route; in ' +
        "Fastify in a scope without content type parsers",
      refused(500, "body_already_read", "A body parser read the body before it reached the webhook."),
    );
  }

  async #warned(code: string, line: string, answer: SenderAnswer): Promise<SenderAnswer> {
    await this.#warn(code, line);
    return answer;
  }

  // Before the body is read into memory.
  #checkSignatureHeaders(headers: Headers): Promise<SenderAnswer> | undefined {
    const { verify } = this.#settings;
    if (verify === "none" || !verify.findMissingHeader) return undefined;
    let reason: string | undefined;
    try {
      reason = verify.findMissingHeader(headers);
    } catch (error) {
      reason = `verify.findMissingHeader threw ${kindOf(error)}`;
    }
    return reason === undefined ? undefined : this.#refuseForgery(reason);
  }

  #refuseBody(problem: BodyProblem): SenderAnswer | Promise<SenderAnswer> {
    const { maxBodyBytes, respondWithinMs } = this.#settings;
    switch (problem) {
      case "incomplete":
        return refused(400, "body_incomplete", "The connection broke before the whole body had arrived.");
      case "too_slow":
        return refused(408, "too_slow", `The body did not arrive within ${respondWithinMs} ms.`);
      case "too_large":
        return this.#warned(
          "too_large",
          `the body of a request is larger than ${maxBodyBytes} bytes (413). If it is genuine, raise maxBodyBytes`,
          refused(413, "too_large", `The body is larger than ${maxBodyBytes} bytes.`),
        );
      case "no_room":
        return this.#warned(
          "busy",
          `the bodies that are being read hold ${PENDING_BODIES * maxBodyBytes} bytes; a further one was refused (503)`,
          sendAgain("busy", "Too many deliveries arrive at once. Send it again."),
        );
    }
  }

  async #verify(headers: Headers, body: Uint8Array): Promise<Verification> {
    const { verify, now } = this.#settings;
    if (verify === "none") return { genuine: true };
    try {
      const found: unknown = await verify({ headers, body, now: now() });
      if (typeof found === "boolean") return { genuine: found };
      const isVerification = typeof found === "object" && found !== null && "genuine" in found;
      if (isVerification) return found as Verification;
      const kind = found === null ? "null" : `a value of type ${typeof found}`;
      return { genuine: false, reason: `verify returned ${kind} in place of true or false` };
    } catch (error) {
      return { genuine: false, reason: `verify threw ${kindOf(error)}` };
    }
  }

  // The reason goes to the log only: the sender may be a forger.
  async #refuseForgery(
    reason: string | (() => string | Promise<string>) = "verify returned false",
  ): Promise<SenderAnswer> {
    await this.#warn("invalid_signature", async () => {
      try {
        return `refused a request (401): ${typeof reason === "function" ? await reason() : reason}`;
      } catch (error) {
        return `refused a request (401); verify threw ${kindOf(error)} when it was asked for the reason`;
      }
    });
    return refused(401, "invalid_signature", "The signature is missing or wrong.");
  }
}

// Memory for unverified bodies, as a number of bodies of the greatest size.
const PENDING_BODIES = 32;

// Without a budget, a few hundred slow connections fill the memory. Only bytes that have arrived count: announced
// lengths would let a few headers block genuine deliveries.
interface BodyBudget {
  freeBytes: number;
}

// Counts towards the budget until it is released.
interface HeldBody {
  readonly bytes: Uint8Array;
  release(): void;
}

type BodyProblem = "too_large" | "no_room" | "incomplete" | "too_slow";

// Cancellations are not awaited: a request that has not ended may never confirm them.
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
      // The time limit has passed, and the request was answered.
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

// Accepts also types such as `application/cloudevents+json`.
function isJson(headers: Headers): boolean {
  return /^\s*[\w.-]+\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(headers.get("content-type") ?? "");
}

function isUncompressed(headers: Headers): boolean {
  return /^(?:\s*identity\s*)?$/i.test(headers.get("content-encoding") ?? "");
}

// Prototype pollution; the end finds letters written as escapes.
const MAY_REACH_PROTOTYPES = /__proto__|constructor|\\u00[567]/i;

// Stateless, so shared.
const decoder = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true });

// A number that would be rounded becomes text. Throws SyntaxError or TypeError, whose message may quote the body.
export function parseBody(bytes: Uint8Array): unknown {
  const text = decoder.decode(bytes);
  return parseJson(text, MAY_REACH_PROTOTYPES.test(text) ? withoutPrototypes : undefined);
}

function withoutPrototypes(name: string, value: unknown): unknown {
  if (name === "__proto__") return undefined;
  const mayHold = name === "constructor" && value !== null;
  return mayHold && Object.hasOwn(value as object, "prototype") ? undefined : value;
}
