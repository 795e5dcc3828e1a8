/** Options of {@link signDelivery} that all schemes have. */
export interface DeliveryOptions {
  /** Where the delivery goes; the host does not matter to a handler. Default: `https://receiver.example/oplead`. */
  readonly url?: string;
  /** Seconds since 1970, or a date. Default: now. Set it back to see a stale delivery refused. */
  readonly timestamp?: number | Date;
  /** Further headers; they win over those of the scheme, so that a delivery can be forged. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** [Standard Webhooks](https://www.standardwebhooks.com), which Svix sends too: `v1,BASE64` over `id.timestamp.body`. */
export interface StandardWebhooksDelivery extends DeliveryOptions {
  readonly scheme: "standardWebhooks";
  /** `whsec_` and base64, or the base64 alone. Several, as while a sender rotates, give several signatures. */
  readonly secret: string | readonly string[];
  /** The delivery's id: the same one again is a repetition. Default: a new one. */
  readonly id?: string;
  /** How the three headers begin. Svix says `svix`. Default: `webhook`. */
  readonly headerPrefix?: "webhook" | "svix";
}

/** A plain HMAC of the body in a header of the sender's choice: GitHub, Shopify, most CRMs. */
export interface HmacDelivery extends DeliveryOptions {
  readonly scheme: "hmacSignature";
  readonly secret: string;
  /** For example `x-hub-signature-256` (GitHub) or `x-shopify-hmac-sha256`. */
  readonly header: string;
  /** Default: `sha256`. */
  readonly algorithm?: "sha1" | "sha256" | "sha512";
  /** Default: `hex`. Shopify's is `base64`. */
  readonly encoding?: "hex" | "base64";
  /** What stands before the signature, such as GitHub's `sha256=`. Default: nothing. */
  readonly prefix?: string;
  /** A header that carries the timestamp in seconds; then `timestamp.body` is what is signed. Default: none. */
  readonly timestampHeader?: string;
}

/** Stripe's way: one header `t=…,v1=…`, hex, over `timestamp.body`. */
export interface StripeStyleDelivery extends DeliveryOptions {
  readonly scheme: "stripeStyle";
  /** Used as it is, `whsec_` included. Several, as while a sender rotates, give several `v1=`. */
  readonly secret: string | readonly string[];
  /** Default: `stripe-signature`. */
  readonly header?: string;
}

export type SignedDelivery = StandardWebhooksDelivery | HmacDelivery | StripeStyleDelivery;

/**
 * A webhook request, signed as its sender would, to give to the handler of `createUserWebhook` or to send with `fetch`. The
 * schemes are called as the verifiers of `oplead-sdk/webhook` are.
 *
 * ```ts
 * const request = await signDelivery(event, { scheme: "standardWebhooks", secret });
 * expect((await handler(request)).status).toBe(200);
 * ```
 *
 * @param body A text or bytes are sent as they are, anything else as JSON.
 */
export async function signDelivery(body: unknown, options: SignedDelivery): Promise<Request> {
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
  switch (options.scheme) {
    case "standardWebhooks": {
      const { id = `msg_${crypto.randomUUID()}`, headerPrefix = "webhook" } = options;
      const content = join(`${id}.${seconds}.`, body);
      const keys = [options.secret].flat().map((secret) => fromBase64(secret.replace(/^whsec_/, "")));
      const signatures = await Promise.all(
        keys.map(async (key) => `v1,${toBase64(await hmac("sha256", key, content))}`),
      );
      return {
        [`${headerPrefix}-id`]: id,
        [`${headerPrefix}-timestamp`]: seconds,
        [`${headerPrefix}-signature`]: signatures.join(" "),
      };
    }
    case "hmacSignature": {
      const { secret, header, algorithm = "sha256", encoding = "hex", prefix = "", timestampHeader } = options;
      const content = timestampHeader === undefined ? body : join(`${seconds}.`, body);
      const mac = await hmac(algorithm, utf8(secret), content);
      const signature = prefix + (encoding === "hex" ? toHex(mac) : toBase64(mac));
      return { [header]: signature, ...(timestampHeader !== undefined && { [timestampHeader]: seconds }) };
    }
    case "stripeStyle": {
      const { header = "stripe-signature" } = options;
      const content = join(`${seconds}.`, body);
      const secrets = [options.secret].flat();
      const signatures = await Promise.all(
        secrets.map(async (secret) => `v1=${toHex(await hmac("sha256", utf8(secret), content))}`),
      );
      return { [header]: [`t=${seconds}`, ...signatures].join(",") };
    }
  }
}

async function hmac(algorithm: "sha1" | "sha256" | "sha512", key: Uint8Array, content: Uint8Array) {
  const hash = algorithm.replace("sha", "SHA-");
  const usable = await crypto.subtle.importKey("raw", key as BufferSource, { name: "HMAC", hash }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", usable, content as BufferSource));
}

const utf8 = (text: string) => new TextEncoder().encode(text);

const join = (start: string, body: Uint8Array) => new Uint8Array([...utf8(start), ...body]);

const toHex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

const toBase64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));

const fromBase64 = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
