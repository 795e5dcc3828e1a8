import type { OpleadIssue } from "../../errors.ts";
import { concat, decode, type Encoding, utf8 } from "./bytes.ts";
import { diagnose } from "./diagnosis.ts";
import { HASHES, type HmacAlgorithm, Keys } from "./hmac.ts";
import { missingHeader } from "./missing-header.ts";
import { headerIssues, secretIssues, throwIfAny, toleranceIssues } from "./secrets.ts";
import { outOfTolerance, readTimestamp } from "./timestamp.ts";
import type { SecretOptions, ToleranceOptions, Verifier } from "./verifier.ts";

/** Options of {@link hmacSignature}. */
export interface HmacSignatureOptions extends SecretOptions, ToleranceOptions {
  /** The header with the signature, for example `X-Hub-Signature-256` (GitHub) or `X-Shopify-Hmac-SHA256`. */
  readonly header: string;
  /** Default `"sha256"`. `"sha1"` only for senders that know nothing better. */
  readonly algorithm?: HmacAlgorithm | undefined;
  /** How the signature is written: `"hex"` (GitHub) or `"base64"` (Shopify). */
  readonly encoding: Encoding;
  /** What stands before the signature in the header, for example `sha256=` (GitHub). Default none. */
  readonly prefix?: string | undefined;
  /**
   * The header with the time of sending, in seconds since 1970 (or milliseconds), where the sender signs one. Without it
   * nothing tells a delivery from its repetition later, unless `map` gives a `version`.
   */
  readonly timestampHeader?: string | undefined;
  /**
   * What is signed when there is a `timestampHeader`. Default `"{timestamp}.{body}"`; Slack signs
   * `"v0:{timestamp}:{body}"`.
   */
  readonly signedContent?: string | undefined;
}

/**
 * An HMAC of the raw body in a header: GitHub, Shopify, and most HR systems and CRMs.
 *
 * @throws {@link OpleadError} `invalid_options`, which lists every problem at once.
 */
export function hmacSignature(options: HmacSignatureOptions): Verifier {
  throwIfAny("hmacSignature", findIssues(Object(options)));
  const { header, algorithm = "sha256", encoding, prefix = "", secrets, timestampHeader, toleranceSeconds } = options;
  const { signedContent = "{timestamp}.{body}" } = options;
  const keys = new Keys(secrets, algorithm);
  const [beforeTemplate = "", afterTemplate = ""] = timestampHeader ? signedContent.split("{body}") : [];

  return async ({ headers, body, now }) => {
    const value = headers.get(header)?.trim();
    if (!value) return { genuine: false, reason: missingHeader(header, headers) };
    if (!value.startsWith(prefix)) {
      return { genuine: false, reason: `the header ${header} does not begin with the prefix "${prefix}"` };
    }
    const signature = value.slice(prefix.length);

    const timestampText = timestampHeader && headers.get(timestampHeader)?.trim();
    const timestamp = readTimestamp(timestampText);
    if (timestampHeader && timestamp === undefined) {
      const reason = timestampText ? `the header ${timestampHeader} holds no Unix time` : undefined;
      return { genuine: false, reason: reason ?? missingHeader(timestampHeader, headers) };
    }
    const before = beforeTemplate.replace("{timestamp}", timestampText ?? "");
    const after = afterTemplate.replace("{timestamp}", timestampText ?? "");

    const decoded = decode(signature, encoding);
    const content = concat(utf8(before), body, utf8(after));
    if (!decoded || !(await keys.signed(content, [decoded]))) {
      // Where no prefix is expected, whatever stands before a "=" may be one.
      const bare = prefix === "" ? /^[\w-]+=(?=.)(.*)$/.exec(signature)?.[1] : undefined;
      const signatures = bare === undefined ? [signature] : [signature, bare];
      const failed = { body, before, after, secrets, algorithm, encoding, signatures };
      return {
        genuine: false,
        reason: () => (bare && decode(bare, encoding) ? prefixed(bare, signature) : diagnose(failed)),
      };
    }
    const reason = timestamp === undefined ? undefined : outOfTolerance(timestamp, now, toleranceSeconds);
    return reason === undefined ? { genuine: true } : { genuine: false, reason };
  };
}

function prefixed(bare: string, signature: string): string {
  const prefix = signature.slice(0, signature.length - bare.length);
  return `the signature begins with "${prefix}": set prefix to it`;
}

function findIssues(options: HmacSignatureOptions): OpleadIssue[] {
  const { header, algorithm, encoding, prefix, secrets, timestampHeader, signedContent, toleranceSeconds } = options;
  const issues = [...headerIssues("header", header), ...secretIssues(secrets), ...toleranceIssues(toleranceSeconds)];
  const problem = (path: string, message: string): void => {
    issues.push({ path, message });
  };
  if (algorithm !== undefined && !Object.hasOwn(HASHES, algorithm)) {
    problem("algorithm", `must be one of ${Object.keys(HASHES).join(", ")}`);
  }
  if (encoding !== "hex" && encoding !== "base64") problem("encoding", 'must be "hex" or "base64"');
  if (prefix !== undefined && typeof prefix !== "string") problem("prefix", "must be text");
  if (timestampHeader !== undefined) issues.push(...headerIssues("timestampHeader", timestampHeader));
  if (signedContent !== undefined) {
    if (timestampHeader === undefined) problem("signedContent", "has a meaning only with timestampHeader");
    for (const part of ["{timestamp}", "{body}"]) {
      if (String(signedContent).split(part).length !== 2) problem("signedContent", `must hold ${part} once`);
    }
  } else if (timestampHeader === undefined && toleranceSeconds !== undefined) {
    problem("toleranceSeconds", "has a meaning only with timestampHeader");
  }
  return issues;
}
