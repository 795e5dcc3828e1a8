import { requireFields, requireKnown } from "./arguments.ts";

/** Options of {@link signDelivery} that every scheme has. */
export interface DeliveryOptions {
  /** The URL of the request. A handler does not look at its host. Default: `https://receiver.example/oplead`. */
  readonly url?: string | undefined;
  /** Seconds since 1970, or a date. Default: now. Give an earlier time to test that an old delivery is refused. */
  readonly timestamp?: number | Date | undefined;
  /**
   * Further headers. They replace headers of the scheme with the same name, so that a test can forge a delivery.
   * Default: none.
   */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A secret shared with the receiver. A text is encoded as UTF-8; bytes are used unchanged. */
export type DeliverySecret = string | Uint8Array;

/**
 * [Standard Webhooks](https://www.standardwebhooks.com), which Svix also sends: `v1,BASE64` over `id.timestamp.body`.
 */
export interface StandardWebhooksDelivery extends DeliveryOptions {
  readonly scheme: "standardWebhooks";
  /**
   * A secret that is a text is base64, with or without `whsec_` before it. Each secret gives a signature, as during a
   * change of secrets.
   */
  readonly secrets: readonly DeliverySecret[];
  /** The delivery's id. A second delivery with the same id counts as a repetition. Default: a new id. */
  readonly id?: string | undefined;
  /** The beginning of the names of the three headers: `svix` for Svix. Default: `webhook`. */
  readonly headerPrefix?: "webhook" | "svix" | undefined;
}

/** An HMAC of the body in a header that the sender chooses, as GitHub, Shopify and most CRMs send it. */
export interface HmacDelivery extends DeliveryOptions {
  readonly scheme: "hmacSignature";
  /** The first secret signs; further secrets are not used. */
  readonly secrets: readonly DeliverySecret[];
  /** The header with the signature, for example `X-Hub-Signature-256` (GitHub) or `X-Shopify-Hmac-SHA256`. */
  readonly header: string;
  /** The hash function of the HMAC. Default: `sha256`. */
  readonly algorithm?: "sha1" | "sha256" | "sha384" | "sha512" | undefined;
  /** How the signature is written: `hex` (GitHub) or `base64` (Shopify). */
  readonly encoding: "hex" | "base64";
  /** The text before the signature, such as GitHub's `sha256=`. Default: no text. */
  readonly prefix?: string | undefined;
  /** A header for the timestamp, which is then signed too. Default: no timestamp. */
  readonly timestampHeader?: string | undefined;
  /** The text that is signed if there is a `timestampHeader`. Default: `{timestamp}.{body}`. */
  readonly signedContent?: string | undefined;
}

/** Stripe's scheme: one header `t=…,v1=…`, hex, over `timestamp.body`. */
export interface StripeStyleDelivery extends DeliveryOptions {
  readonly scheme: "stripeStyle";
  /** The secrets are used unchanged, including `whsec_`. Each secret gives a signature. */
  readonly secrets: readonly DeliverySecret[];
  /** The header with the timestamp and the signatures. Default: `stripe-signature`. */
  readonly header?: string | undefined;
}

/** A scheme of signing and its options. */
export type SignedDelivery = StandardWebhooksDelivery | HmacDelivery | StripeStyleDelivery;

/**
 * Makes a webhook request, signed as its sender would sign it. Give it to the handler of `createUserWebhook`, or send
 * it with `fetch`. Each scheme has the name and the options of a verifier of `oplead-sdk/webhook`, so that a test can
 * share them:
 *
 * ```ts
 * const signature = { header: "X-Hub-Signature-256", prefix: "sha256=", encoding: "hex", secrets: ["s3cret"] } as const;
 * const handler = createUserWebhook(oplead, { verify: hmacSignature(signature), map });
 * const request = await signDelivery(event, { scheme: "hmacSignature", ...signature });
 * expect((await handler(request)).status).toBe(200);
 * ```
 *
 * @param body A text or bytes are sent as they are, anything else as JSON.
 * @param options The scheme, its secrets, and its other options.
 * @throws TypeError for a scheme that does not exist, and for an option of the wrong kind.
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

async function hmac(algorithm: string, secret: DeliverySecret, content: Uint8Array): Promise<Uint8Array> {
  const bytes = (typeof secret === "string" ? utf8(secret) : secret) as BufferSource;
  const hash = algorithm.replace("sha", "SHA-");
  const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, content as BufferSource));
}

/** The bytes of a template such as `{timestamp}.{body}`, with the body in place of `{body}`. */
function around(template: string, body: Uint8Array): Uint8Array {
  const [before = "", after = ""] = template.split("{body}");
  return new Uint8Array([...utf8(before), ...body, ...utf8(after)]);
}

const utf8 = (text: string) => new TextEncoder().encode(text);

const toHex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

const toBase64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));

/** Decodes base64 in either of its two alphabets. */
const fromBase64 = (text: string) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
