import { type Answer, refused } from "./answers.ts";
import { isJson, isPlain, readBytes } from "./body.ts";
import { nameOf } from "./delivery.ts";
import type { WebhookSettings } from "./options.ts";
import type { Verification } from "./signatures/verifier.ts";

/** A request that may come in. */
export interface Checked {
  readonly body: Uint8Array;
  /** The delivery's id, when the signature covers it. */
  readonly deliveryId: string | undefined;
}

type Settings = Pick<WebhookSettings<never>, "verify" | "maxBodyBytes" | "now" | "logger">;

/** Lines that strangers can cause: they decide how many there would be, and the reason in one may cost a dozen HMACs. */
const LINES_PER_MINUTE = 20;

/** Lets in only what is a delivery, small enough, and genuine; in the order of what each check costs. */
export class Gatekeeper {
  readonly #settings: Settings;
  #minute = 0;
  #lines = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  async check(request: Request): Promise<Checked | Answer> {
    const { maxBodyBytes } = this.#settings;
    const { method, headers } = request;
    if (method !== "POST") {
      return { ...refused(405, "method_not_allowed", "Deliveries are POSTed."), headers: { allow: "POST" } };
    }
    if (!isJson(headers)) {
      await this.#warn(
        "the content type of a delivery is not JSON: choose application/json in the sender's settings (415)",
      );
      return refused(415, "unsupported_media_type", "Deliveries are application/json.");
    }
    if (!isPlain(headers)) return refused(415, "unsupported_media_type", "Deliveries are not compressed.");
    if (request.bodyUsed) {
      await this.#warn(
        "the body was read before it reached the webhook, so its signature cannot be checked (500). Mount the webhook " +
          'before the body parser: in Express before express.json(), or with express.raw({ type: "*/*" }) on its route; in ' +
          "Fastify with a content type parser of its own that leaves the body alone",
      );
      return refused(
        500,
        "body_already_read",
        "The body was read before it reached the webhook. The server's log has more.",
      );
    }
    const body = await readBytes(request, maxBodyBytes).catch(() => "incomplete" as const);
    if (body === "incomplete") return refused(400, "incomplete", "The connection broke before the body was here.");
    if (!body) {
      await this.#warn(
        `the body of a delivery is larger than ${maxBodyBytes} bytes (413). Raise maxBodyBytes if it is genuine`,
      );
      return refused(413, "too_large", `The body is larger than ${maxBodyBytes} bytes.`);
    }
    const verification = await this.#verify(headers, body);
    if (verification.genuine === true) return { body, deliveryId: verification.deliveryId };
    await this.#explain(verification);
    return refused(401, "invalid_signature", "The signature is missing or wrong.");
  }

  async #verify(headers: Headers, body: Uint8Array): Promise<Verification> {
    const { verify, now } = this.#settings;
    if (verify === "none") return { genuine: true };
    try {
      const found: unknown = await verify({ headers, body, now: now() });
      if (typeof found === "boolean") return { genuine: found };
      const isVerification = typeof found === "object" && found !== null && "genuine" in found;
      return isVerification
        ? (found as Verification)
        : {
            genuine: false,
            reason: `verify gave ${found === null ? "null" : `a ${typeof found}`} in place of true or false`,
          };
    } catch (error) {
      return { genuine: false, reason: `verify threw ${nameOf(error)}` };
    }
  }

  /** Tells the log why; the sender, who may be a forger, learns nothing. */
  async #explain(verification: Verification): Promise<void> {
    if (verification.genuine) return;
    const { reason = "verify said no" } = verification;
    await this.#warn(async () => {
      try {
        return `refused a delivery (401): ${typeof reason === "function" ? await reason() : reason}`;
      } catch (error) {
        return `refused a delivery (401); asked for the reason, verify threw ${nameOf(error)}`;
      }
    });
  }

  /** What costs something to find out is given as a function, and asked only where the line is written. */
  async #warn(line: string | (() => Promise<string>)): Promise<void> {
    const { logger, now } = this.#settings;
    if (!logger) return;
    const minute = Math.floor(now() / 60_000);
    if (minute !== this.#minute) [this.#minute, this.#lines] = [minute, 0];
    this.#lines += 1;
    if (this.#lines > LINES_PER_MINUTE) return;
    const last = this.#lines === LINES_PER_MINUTE ? ". Further ones in this minute are not logged" : "";
    logger.warn(`oplead-sdk: webhook: ${typeof line === "function" ? await line() : line}${last}`);
  }
}
