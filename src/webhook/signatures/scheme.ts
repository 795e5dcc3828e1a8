import { isMissing, type ValueProblem } from "../../core/issues.ts";
import { listOf, matching, number, type Schema, valueWithout } from "../../core/validate.ts";
import { tellValue } from "../../locales/en/core.ts";
import { tellWebhook } from "../../locales/en/webhook.ts";
import { HEADER_NAME } from "../../transport/settings.ts";
import {
  type Bytes,
  checkWith,
  concat,
  decode,
  type Encoding,
  HMAC_ALGORITHMS,
  type HmacAlgorithm,
  utf8,
} from "./hmac.ts";

/** A request that is not yet known to be genuine. */
export interface ReceivedDelivery {
  readonly headers: Headers;
  /** The raw body, which the signature covers. */
  readonly body: Uint8Array;
  /** The time of arrival in milliseconds since 1970. */
  readonly now: number;
}

/** The result of a verifier. */
export type Verification =
  | {
      readonly genuine: true;
      /** The delivery's id, if the signature covers it. */
      readonly deliveryId?: string | undefined;
    }
  | {
      readonly genuine: false;
      /** The probable reason, for the log. A function is called only if the line is written. */
      readonly reason?: string | (() => string | Promise<string>) | undefined;
    };

/**
 * Tells whether a delivery is genuine: only `true` and `{ genuine: true }` mean yes; other results and errors mean no.
 */
export interface Verifier {
  (delivery: ReceivedDelivery): boolean | Verification | Promise<boolean | Verification>;
  /**
   * The signature's header that is missing; undefined if none is. Called before the body is read, so that a request
   * without a signature uses no memory. The built-in verifiers have it.
   */
  readonly findMissingHeader?: ((headers: Headers) => string | undefined) | undefined;
}

/** Options of {@link standardWebhooks}, whose secrets as text are base64, with or without `whsec_`, and of other schemes. */
export interface StandardWebhooksOptions {
  /**
   * Secrets shared with the sender; a signature with any of them is accepted, so that they can be replaced. Text is
   * UTF-8, except for `standardWebhooks`.
   */
  readonly secrets: readonly (string | Uint8Array)[];
  /** Difference of the clocks in either direction, in seconds. Default 300. */
  readonly toleranceSeconds?: number | undefined;
}

interface Signing {
  readonly secrets: readonly (string | Uint8Array)[];
  // Secrets as written in the options, if `secrets` were decoded from them.
  readonly written?: readonly (string | Uint8Array)[] | undefined;
  readonly algorithm: HmacAlgorithm;
  readonly encoding: Encoding;
}

interface Signed {
  // Signed text around the body, such as a timestamp.
  readonly before: string;
  readonly after: string;
  readonly signatures: readonly string[];
  // After `=`, if the text before it may be a prefix that the options lack.
  readonly bare?: string | undefined;
}

// A mistake that would explain the wrong signature, if the signature fits with these fields.
interface Suspicion extends Partial<Omit<Signing, "written">> {
  readonly reason: string;
  readonly content?: Bytes;
}

// A forger could otherwise cause a dozen HMACs over each large body.
const MAX_BODY_BYTES = 65_536;

// Tries the usual mistakes. For the log only: it would help a forger, and never makes a delivery genuine.
async function diagnose(signing: Signing, signed: Signed, body: Uint8Array): Promise<string> {
  const { encoding, algorithm, secrets } = signing;
  const { before, after, bare } = signed;
  if (bare !== undefined && decode(bare, encoding)) {
    return `the signature begins with "${signed.signatures.join().slice(0, -bare.length)}": set prefix to it`;
  }
  const signatures = bare === undefined ? signed.signatures : [...signed.signatures, bare];
  if (body.length > MAX_BODY_BYTES) return "the signature fits none of the secrets";
  const around = (inner: Uint8Array): Bytes => concat(utf8(before), inner, utf8(after));
  for (const suspicion of suspicions(signing, body, around)) {
    const given = signatures.flatMap((text) => decode(text, suspicion.encoding ?? encoding) ?? []);
    if (given.length === 0) continue;
    const isSigned = checkWith(suspicion.secrets ?? secrets, suspicion.algorithm ?? algorithm);
    if (await isSigned(suspicion.content ?? around(body), given)) return suspicion.reason;
  }
  if (!signatures.some((text) => decode(text, encoding))) return `the signature in the header is not ${encoding}`;
  // Other languages write JSON differently, so this is only a hint.
  const hint = writeAgain(body) === new TextDecoder().decode(body) ? REWRITTEN_HINT : "";
  return `wrong secret: the signature fits none of the secrets; compare them with the sender's${hint}`;
}

const REWRITTEN_HINT =
  ". If the secret is right: the body looks as if something before the webhook had parsed it and written it again with " +
  "JSON.stringify; give the webhook the raw body";

function* suspicions(
  { secrets, written = secrets, encoding, algorithm }: Signing,
  body: Uint8Array,
  around: (body: Uint8Array) => Bytes,
): Generator<Suspicion> {
  const other = encoding === "hex" ? "base64" : "hex";
  yield { encoding: other, reason: `the signature is right, but written in ${other}: set encoding to "${other}"` };

  const texts = written.filter((secret) => typeof secret === "string");
  const trimmed = texts.filter((text) => text !== text.trim());
  if (trimmed.length > 0) {
    const reason = "a secret has white space around it: it was probably copied with a line break";
    yield { secrets: trimmed.map((text) => text.trim()), reason };
  }
  yield { secrets: texts.map((text) => `${text}\n`), reason: "the sender's copy of the secret ends in a line break" };
  yield {
    secrets: texts.flatMap((text) => decode(text.trim().replace(/^whsec_/, ""), "base64") ?? []),
    reason: "the sender decodes the secret from base64: decode it, and give the bytes as the secret",
  };
  yield {
    secrets: texts.flatMap((text) => decode(text.trim(), "hex") ?? []),
    reason: "the sender decodes the secret from hex: decode it, and give the bytes as the secret",
  };

  yield { secrets: texts, reason: "the sender takes the secret as text: give its UTF-8 bytes as the secret" };

  for (const name of HMAC_ALGORITHMS) {
    if (name !== algorithm) yield { algorithm: name, reason: `the sender signs with ${name}: set algorithm` };
  }

  yield { content: concat(body), reason: "the sender signs the body alone, without the timestamp" };
  for (const text of otherWritings(body)) {
    const reason =
      "the body was changed on the way: the signature fits the same JSON written differently. Something before the " +
      "webhook has parsed the body and written it again; give the webhook the raw body";
    yield { content: around(utf8(text)), reason };
  }
}

function otherWritings(body: Uint8Array): string[] {
  const text = new TextDecoder().decode(body);
  const compact = writeAgain(body);
  return compact === undefined ? [] : [compact, `${compact}\n`, text.trimEnd(), `${text}\n`];
}

// Undefined if the body is not JSON, or nested too deeply for JSON.stringify.
function writeAgain(body: Uint8Array): string | undefined {
  try {
    return JSON.stringify(JSON.parse(new TextDecoder().decode(body)));
  } catch {
    return undefined;
  }
}

interface Scheme extends Signing, Pick<StandardWebhooksOptions, "toleranceSeconds"> {
  headerNames(headers: Headers): readonly string[];
  // A text is the reason why the headers cannot be right.
  read(headers: Headers): SignedHeaders | string;
}

interface SignedHeaders extends Signed {
  // Seconds since 1970; undefined if none is signed.
  readonly timestamp: number | undefined;
  readonly deliveryId?: string | undefined;
}

export function verifierFor(scheme: Scheme): Verifier {
  const isSigned = checkWith(scheme.secrets, scheme.algorithm);
  const findMissingHeader = (headers: Headers): string | undefined => findMissing(scheme.headerNames(headers), headers);

  const verify = async ({ headers, body, now }: ReceivedDelivery): Promise<Verification> => {
    const read = scheme.read(headers);
    if (typeof read === "string") return { genuine: false, reason: findMissingHeader(headers) ?? read };
    const { before, after, signatures, timestamp, deliveryId } = read;
    const decoded = signatures.flatMap((text) => decode(text, scheme.encoding) ?? []);
    if (!(await isSigned(concat(utf8(before), body, utf8(after)), decoded))) {
      return { genuine: false, reason: () => diagnose(scheme, read, body) };
    }
    const reason = timestamp === undefined ? undefined : outOfTolerance(timestamp, now, scheme.toleranceSeconds);
    return reason === undefined ? { genuine: true, deliveryId } : { genuine: false, reason };
  };
  return Object.assign(verify, { findMissingHeader });
}

// Shows names only: values may be secrets.
export function findMissing(names: readonly string[], headers: Headers): string | undefined {
  const missing = names.find((name) => !headers.get(name));
  if (missing === undefined) return undefined;
  const similar = [...headers.keys()].filter((other) => /signature|hmac|timestamp|digest/i.test(other)).slice(0, 5);
  const hint = similar.length === 0 ? "" : `; there is ${similar.join(", ")}`;
  return `the header ${missing.toLowerCase()} is missing${hint}`;
}

const DEFAULT_TOLERANCE_S = 300;

// Some senders write milliseconds.
export function readTimestamp(text: string | null | undefined): number | undefined {
  if (!text || !/^\d{1,15}$/.test(text)) return undefined;
  const number = Number(text);
  return number > 1e11 ? number / 1000 : number;
}

function outOfTolerance(
  timestamp: number,
  nowMs: number,
  toleranceSeconds: number = DEFAULT_TOLERANCE_S,
): string | undefined {
  const ageSeconds = nowMs / 1000 - timestamp;
  if (Math.abs(ageSeconds) <= toleranceSeconds) return undefined;
  const distance = `${Math.round(Math.abs(ageSeconds))} s ${ageSeconds > 0 ? "ago" : "in the future"}`;
  return (
    `the signature is right, but by this machine's clock it was made ${distance} (toleranceSeconds ${toleranceSeconds}): ` +
    "one of the two clocks is wrong, or an old delivery was sent again"
  );
}

// With an empty secret anyone could sign.
export function secretsSchema(problemOf?: (secret: string | Uint8Array) => ValueProblem | undefined): Schema {
  return listOf(
    valueWithout((secret) => secretProblem(secret, problemOf)),
    tellWebhook("no_secrets"),
  );
}

function secretProblem(secret: unknown, problemOf: Parameters<typeof secretsSchema>[0]): ValueProblem | undefined {
  if (isMissing(secret)) return tellWebhook("secret_missing");
  if (typeof secret !== "string" && !(secret instanceof Uint8Array)) return tellWebhook("not_secret");
  const isEmpty = typeof secret === "string" ? secret.trim() === "" : secret.length === 0;
  return isEmpty ? tellValue("empty") : problemOf?.(secret);
}

export function toleranceSchema(): Schema {
  return number(1, 10 * 365 * 24 * 60 * 60);
}

export function headerSchema(): Schema {
  return matching(HEADER_NAME, tellWebhook("not_header"));
}
