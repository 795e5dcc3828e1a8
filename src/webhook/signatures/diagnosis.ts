import { type Bytes, concat, decode, type Encoding, utf8 } from "./bytes.ts";
import { HASHES, type HmacAlgorithm, Keys } from "./hmac.ts";

/** A signature that no key fits, and what it was checked with. */
export interface FailedCheck {
  readonly body: Uint8Array;
  /** Around the body in what is signed: a timestamp, usually. */
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  readonly secrets: readonly (string | Uint8Array)[];
  /** The secrets as they were written, where the keys were decoded from them. */
  readonly written?: readonly (string | Uint8Array)[] | undefined;
  readonly algorithm: HmacAlgorithm;
  readonly encoding: Encoding;
  /** As they stood in the header, without prefix. */
  readonly signatures: readonly string[];
}

type Secrets = FailedCheck["secrets"];

/** A mistake that would explain the failure, and the check as it would be without it. */
interface Suspicion {
  readonly reason: string;
  readonly secrets?: Secrets | undefined;
  readonly algorithm?: HmacAlgorithm | undefined;
  readonly encoding?: Encoding | undefined;
  readonly content?: Bytes | undefined;
}

/** Beyond this a wrong signature is not worth a dozen HMACs. */
const MAX_BODY_BYTES = 65_536;

/** Deeper than any event. Indented, what is nested grows with the square of its depth. */
const MAX_DEPTH = 100;

/**
 * Why a signature probably failed: makes the usual mistakes one by one until the signature fits. For the log alone: to a
 * sender it would be advice on how to forge, and nothing found here makes a delivery genuine.
 */
export async function diagnose(failed: FailedCheck): Promise<string> {
  const { body, before = "", after = "", encoding, algorithm, secrets, signatures } = failed;
  if (body.length > MAX_BODY_BYTES) return "the signature fits none of the secrets";
  const around = (inner: Uint8Array): Bytes => concat(utf8(before), inner, utf8(after));
  for (const suspicion of suspicions(failed, around)) {
    const given = signatures.flatMap((text) => decode(text, suspicion.encoding ?? encoding) ?? []);
    if (given.length === 0) continue;
    const keys = new Keys(suspicion.secrets ?? secrets, suspicion.algorithm ?? algorithm);
    if (await keys.signed(suspicion.content ?? around(body), given)) return suspicion.reason;
  }
  if (!signatures.some((text) => decode(text, encoding))) return `the signature in the header is not ${encoding}`;
  const rewritten = isAsJsonStringifyWrites(body)
    ? ". The body is byte for byte what JSON.stringify writes: if the sender writes JSON differently, something before the " +
      "webhook has parsed the body and written it again; give the webhook the raw body"
    : "";
  return `the signature fits none of the secrets: compare them with the sender's${rewritten}`;
}

function* suspicions(failed: FailedCheck, around: (body: Uint8Array) => Bytes): Generator<Suspicion> {
  const { body, before, after, secrets, written = secrets, encoding, algorithm } = failed;
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

  for (const name of Object.keys(HASHES) as HmacAlgorithm[]) {
    if (name !== algorithm) yield { algorithm: name, reason: `the sender signs with ${name}: set algorithm` };
  }

  if (before || after) {
    const reason = "the sender signs the body alone, without the timestamp";
    yield { content: concat(body), reason };
  }
  for (const text of otherWritings(body)) {
    const reason =
      "the body was changed on the way: the signature fits the same JSON written differently. Something before the " +
      "webhook has parsed the body and written it again; give the webhook the raw body";
    yield { content: around(utf8(text)), reason };
  }
}

/** The same JSON as the usual libraries write it. */
function* otherWritings(body: Uint8Array): Generator<string> {
  if (nestsDeeper(body, MAX_DEPTH)) return;
  const text = new TextDecoder().decode(body);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return;
  }
  const compact = JSON.stringify(value);
  const spaced = JSON.stringify(value, null, 1).replace(/,\n */g, ", ").replace(/\n */g, "");
  yield* [compact, `${compact}\n`, text.trimEnd(), `${text}\n`];
  yield* [spaced, inAscii(spaced)]; // Python
  yield* [inAscii(compact), inAscii(compact).replaceAll("/", "\\/"), compact.replaceAll("/", "\\/")]; // PHP
  for (const indent of [2, 4]) yield JSON.stringify(value, null, indent);
}

/** Brackets inside of texts count as well: then a reason is not looked for, and nothing worse. */
function nestsDeeper(json: Uint8Array, max: number): boolean {
  let depth = 0;
  for (const byte of json) {
    if (byte === 0x5b || byte === 0x7b) depth += 1;
    else if (byte === 0x5d || byte === 0x7d) depth -= 1;
    if (depth > max) return true;
  }
  return false;
}

function inAscii(json: string): string {
  return json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function isAsJsonStringifyWrites(body: Uint8Array): boolean {
  const text = new TextDecoder().decode(body);
  try {
    return JSON.stringify(JSON.parse(text)) === text;
  } catch {
    return false;
  }
}
