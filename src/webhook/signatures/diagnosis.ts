import { type Bytes, concat, decode, type Encoding, utf8 } from "./bytes.ts";
import { checkWith, HASHES, type HmacAlgorithm } from "./hmac.ts";

/** How a sender signs. */
export interface Signing {
  readonly secrets: readonly (string | Uint8Array)[];
  /** The secrets as the options hold them, if the keys were decoded from them. */
  readonly written?: readonly (string | Uint8Array)[] | undefined;
  readonly algorithm: HmacAlgorithm;
  readonly encoding: Encoding;
}

/** The signatures of a delivery, and what they cover besides its body. */
export interface Signed {
  /** The signed text before the body, usually a timestamp. */
  readonly before: string;
  /** The signed text after the body. */
  readonly after: string;
  /** As in the header, without the prefix. */
  readonly signatures: readonly string[];
  /** The signature, if the text before a `=` is a prefix that the options do not name. */
  readonly bare?: string | undefined;
}

/** A mistake that would explain the failure, and what to check in place of it. */
interface Suspicion extends Partial<Omit<Signing, "written">> {
  readonly reason: string;
  readonly content?: Bytes;
}

/** For larger bodies a dozen HMACs would cost a forger less than they cost us. */
const MAX_BODY_BYTES = 65_536;

/**
 * Why a signature probably failed: tries the usual mistakes one by one until the signature fits. The result is for the log
 * only, because it would help a forger. It never makes a delivery genuine.
 */
export async function diagnose(signing: Signing, signed: Signed, body: Uint8Array): Promise<string> {
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
  // Other languages escape and space JSON in other ways, which cannot all be tried. This at least says where to look.
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

  for (const name of Object.keys(HASHES) as HmacAlgorithm[]) {
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

/** The same JSON as JSON.stringify writes it, and with a line break added or lost at its end. */
function otherWritings(body: Uint8Array): string[] {
  const text = new TextDecoder().decode(body);
  const compact = writeAgain(body);
  return compact === undefined ? [] : [compact, `${compact}\n`, text.trimEnd(), `${text}\n`];
}

/** Undefined if the body is not JSON, or nests deeper than JSON.stringify can follow. */
function writeAgain(body: Uint8Array): string | undefined {
  try {
    return JSON.stringify(JSON.parse(new TextDecoder().decode(body)));
  } catch {
    return undefined;
  }
}
