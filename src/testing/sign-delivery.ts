import type { HmacSignatureOptions } from "../webhook/signatures/hmac-signature.ts";
import type { StandardWebhooksOptions } from "../webhook/signatures/scheme.ts";
import type { StripeStyleOptions } from "../webhook/signatures/stripe-style.ts";
import { requireFields, requireKnown } from "./arguments.ts";

/** A scheme of {@link signDelivery}, and its options. Of `hmacSignature`, only the first secret signs. */
export type SignedDelivery = {
  /** URL of the request; handlers ignore its host. Default: `https://receiver.example/oplead`. */
  readonly url?: string | undefined;
  /** Seconds since 1970, or a date; an earlier one tests that old deliveries are refused. Default: now. */
  readonly timestamp?: number | Date | undefined;
  /** Further headers. They replace the scheme's, so that a test can forge a delivery. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
} & (
  | (Pick<StandardWebhooksOptions, "secrets"> & {
      readonly scheme: "standardWebhooks";
      /** The delivery's id; the same id again is a repetition. Default: a new id. */
      readonly id?: string | undefined;
      /** Prefix of the three headers: `svix` for Svix. Default: `webhook`. */
      readonly headerPrefix?: "webhook" | "svix" | undefined;
    })
  | ({ readonly scheme: "hmacSignature" } & HmacSignatureOptions)
  | ({ readonly scheme: "stripeStyle" } & StripeStyleOptions)
);

/**
 * Makes a webhook request, signed as its sender would, for the handler of `createUserWebhook` or for `fetch`. Schemes
 * and options are those of the verifiers of `oplead-sdk/webhook`:
 *
 * ```ts
 * const signature = { header: "X-Hub-Signature-256", prefix: "sha256=", encoding: "hex", secrets: ["s3cret"] } as
 * const;
 * const handler = createUserWebhook(oplead, { verify: hmacSignature(signature), map });
 * const request = await signDelivery(event, { scheme: "hmacSignature", ...signature });
 * expect((await handler(request)).status).toBe(200);
 * ```
 *
 * @param body Text or bytes as they are, anything else as JSON.
 * @throws TypeError for an unknown scheme, and for an option of the wrong kind.
 */
export async function signDelivery(body: unknown, options: SignedDelivery): Promise<Request> {
  requireFields("options", options, { url: "a text", timestamp: "a number or a date", headers: "an object" });
  const { url = "https://receiver.example/oplead", timestamp = Date.now() / 1000 } = options;
  const bytes = body instanceof Uint8Array ? body : utf8(typeof body === "string" ? body : JSON.stringify(body));
  const seconds = String(Math.floor(timestamp instanceof Date ? timestamp.getTime() / 1000 : timestamp));
  const headers = new Headers({
    "content-type": "application/json",
    ...(await signatureHeaders(bytes, seconds, options)),
  });
  for (const [name, value] of Object.entries(options.headers ?? {})) headers.set(name, value);
  return new Request(url, { method: "POST", headers, body: bytes as BufferSource });
}

async function signatureHeaders(
  body: Uint8Array,
  seconds: string,
  options: SignedDelivery,
): Promise<Record<string, string>> {
  requireKnown("scheme", options.scheme, ["standardWebhooks", "hmacSignature", "stripeStyle"]);
  requireFields("options", options, { secrets: "a list" }, "secrets");
  switch (options.scheme) {
    case "standardWebhooks": {
      const { secrets, id = `msg_${crypto.randomUUID()}`, headerPrefix = "webhook" } = options;
      const keys = secrets.map((secret) =>
        typeof secret === "string" ? fromBase64(secret.trim().replace(/^whsec_/, "")) : secret,
      );
      const content = around(`${id}.${seconds}.{body}`, body);
      const macs = await Promise.all(keys.map((key) => hmac("sha256", key, content)));
      return {
        [`${headerPrefix}-id`]: id,
        [`${headerPrefix}-timestamp`]: seconds,
        [`${headerPrefix}-signature`]: macs.map((mac) => `v1,${toBase64(mac)}`).join(" "),
      };
    }
    case "hmacSignature": {
      requireFields("options", options, { header: "a text" }, "header");
      const { secrets, header, algorithm = "sha256", encoding, prefix = "", timestampHeader } = options;
      const { signedContent = "{timestamp}.{body}" } = options;
      const isTimed = timestampHeader !== undefined;
      const content = isTimed ? around(signedContent.replace("{timestamp}", seconds), body) : body;
      const mac = await hmac(algorithm, secrets[0] ?? "", content);
      const signature = prefix + (encoding === "hex" ? toHex : toBase64)(mac);
      return { [header]: signature, ...(isTimed && { [timestampHeader]: seconds }) };
    }
    case "stripeStyle": {
      const { secrets, header = "stripe-signature" } = options;
      const content = around(`${seconds}.{body}`, body);
      const macs = await Promise.all(secrets.map((secret) => hmac("sha256", secret, content)));
      return { [header]: [`t=${seconds}`, ...macs.map((mac) => `v1=${toHex(mac)}`)].join(",") };
    }
  }
}

async function hmac(algorithm: string, secret: string | Uint8Array, content: Uint8Array): Promise<Uint8Array> {
  const bytes = (typeof secret === "string" ? utf8(secret) : secret) as BufferSource;
  const hash = algorithm.replace("sha", "SHA-");
  const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, content as BufferSource));
}

function around(template: string, body: Uint8Array): Uint8Array {
  const [before = "", after = ""] = template.split("{body}");
  return new Uint8Array([...utf8(before), ...body, ...utf8(after)]);
}

const utf8 = (text: string) => new TextEncoder().encode(text);

const toHex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

const toBase64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));

// Base64 in either alphabet.
const fromBase64 = (text: string) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
