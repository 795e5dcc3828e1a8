import { kindOf, limitedWarnings } from "../log.ts";
import type { CommonSettings } from "../read-options.ts";
import { refused, type SenderAnswer, sendAgain } from "../sender-answer.ts";
import type { Verification } from "../signatures/verifier.ts";
import { type BodyBudget, type BodyProblem, type HeldBody, isJson, isUncompressed, readBody } from "./body.ts";

/** The settings that the checks need. */
type CheckSettings = Pick<CommonSettings, "verify" | "maxBodyBytes" | "respondWithinMs" | "logger" | "now">;

/** A request that passed every check. */
export interface CheckedRequest {
  readonly body: HeldBody;
  /** The delivery's id, if the signature covers it. */
  readonly deliveryId: string | undefined;
}

/** Memory for the bodies of all requests that are not verified yet, in bodies of the greatest size. */
const PENDING_BODIES = 32;

/** Accepts only requests that are deliveries, small enough and genuine. Cheap checks come first. */
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
    const early = (await this.#checkHead(request)) ?? (await this.#checkSignatureHeaders(request.headers));
    if (early) return early;
    const { maxBodyBytes: maxBytes, respondWithinMs: withinMs } = this.#settings;
    const body = await readBody(request, { maxBytes, withinMs, budget: this.#budget });
    if (typeof body === "string") return this.#refuseBody(body);
    const verification = await this.#verify(request.headers, body.bytes);
    if (verification.genuine === true) return { body, deliveryId: verification.deliveryId };
    try {
      return await this.#refuseForgery(verification.reason);
    } finally {
      body.release();
    }
  }

  /** Everything that can be said without the signature and the body. */
  async #checkHead({ method, headers, bodyUsed }: Request): Promise<SenderAnswer | undefined> {
    if (method !== "POST") {
      return { ...refused(405, "method_not_allowed", "Send deliveries with POST."), headers: { allow: "POST" } };
    }
    if (!isJson(headers)) {
      await this.#warn(
        "unsupported_media_type",
        "the content type of a request is not JSON: choose application/json in the sender's settings (415)",
      );
      return refused(415, "unsupported_media_type", "Send deliveries as application/json.");
    }
    if (!isUncompressed(headers)) return refused(415, "unsupported_media_type", "Send deliveries uncompressed.");
    if (!bodyUsed) return undefined;
    await this.#warn(
      "body_already_read",
      "the body was read before it reached the webhook, so its signature cannot be checked (500). Mount the webhook " +
        'before the body parser: in Express before express.json(), or with express.raw({ type: "*/*" }) on its route; in ' +
        "Fastify in a scope without content type parsers",
    );
    return refused(500, "body_already_read", "A body parser read the body before it reached the webhook.");
  }

  /** A request without the headers of a signature is refused before any of its body is read into memory. */
  async #checkSignatureHeaders(headers: Headers): Promise<SenderAnswer | undefined> {
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

  async #refuseBody(problem: BodyProblem): Promise<SenderAnswer> {
    const { maxBodyBytes, respondWithinMs } = this.#settings;
    switch (problem) {
      case "incomplete":
        return refused(400, "body_incomplete", "The connection broke before the whole body had arrived.");
      case "too_slow":
        return refused(408, "too_slow", `The body did not arrive within ${respondWithinMs} ms.`);
      case "too_large":
        await this.#warn(
          "too_large",
          `the body of a request is larger than ${maxBodyBytes} bytes (413). If it is genuine, raise maxBodyBytes`,
        );
        return refused(413, "too_large", `The body is larger than ${maxBodyBytes} bytes.`);
      case "no_room":
        await this.#warn(
          "busy",
          `the bodies that are being read hold ${PENDING_BODIES * maxBodyBytes} bytes; a further one was refused (503)`,
        );
        return sendAgain("busy", "Too many deliveries arrive at once. Send it again.");
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

  /** The reason goes to the log. The sender may be a forger, so it learns nothing. */
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
