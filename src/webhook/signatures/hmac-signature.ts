import type { OpleadIssue } from "../../errors.ts";
import { concat, decode, type Encoding, utf8 } from "./bytes.ts";
import { diagnose } from "./diagnosis.ts";
import { HASHES, type HmacAlgorithm, Keys } from "./hmac.ts";
import { findMissing } from "./missing-header.ts";
import { headerIssues, secretIssues, throwIfAny, toleranceIssues } from "./secrets.ts";
import { outOfTolerance, readTimestamp } from "./timestamp.ts";
import type { ReceivedDelivery, SecretOptions, ToleranceOptions, Verification, Verifier } from "./verifier.ts";

/** Options of {@link hmacSignature}. */
export interface HmacSignatureOptions extends SecretOptions, ToleranceOptions {
  /** The header with the signature, for example `X-Hub-Signature-256` (GitHub) or `X-Shopify-Hmac-SHA256`. */
  readonly header: string;
  /** Default `"sha256"`. Use `"sha1"` only for a sender that offers nothing better. */
  readonly algorithm?: HmacAlgorithm | undefined;
  /** How the signature is written: `"hex"` (GitHub) or `"base64"` (Shopify). */
  readonly encoding: Encoding;
  /** The text before the signature in the header, for example `sha256=` (GitHub). Default: none. */
  readonly prefix?: string | undefined;
  /**
   * The header with the time of sending, in seconds or milliseconds since 1970, if the sender signs one. Without it a
   * recorded delivery can be sent again at any time; then let `map` return a `version`.
   */
  readonly timestampHeader?: string | undefined;
  /**
   * The signed text, if there is a `timestampHeader`. Default `"{timestamp}.{body}"`; Slack signs
   * `"v0:{timestamp}:{body}"`.
   */
  readonly signedContent?: string | undefined;
}

/**
 * Verifies deliveries that carry an HMAC of the raw body in a header, as GitHub, Shopify, and most HR systems and CRMs
 * send them.
 *
 * @throws {@link OpleadError} `invalid_options`, which lists every problem at once.
 */
export function hmacSignature(options: HmacSignatureOptions): Verifier {
  throwIfAny("hmacSignature", findIssues(Object(options)));
  const { header, algorithm = "sha256", encoding, prefix = "", secrets, timestampHeader, toleranceSeconds } = options;
  const { signedContent = "{timestamp}.{body}" } = options;
  const keys = new Keys(secrets, algorithm);
  const [beforeTemplate = "", afterTemplate = ""] = timestampHeader ? signedContent.split("{body}") : [];

  const names = timestampHeader === undefined ? [header] : [header, timestampHeader];
  const findMissingHeader = (headers: Headers): string | undefined => findMissing(names, headers);

  const verify = async ({ headers, body, now }: ReceivedDelivery): Promise<Verification> => {
    const missing = findMissingHeader(headers);
    if (missing !== undefined) return { genuine: false, reason: missing };
    const value = headers.get(header)?.trim() ?? "";
    if (!value.startsWith(prefix)) {
      return { genuine: false, reason: `the header ${header} does not begin with the prefix "${prefix}"` };
    }
    const signature = value.slice(prefix.length);

    const timestampText = timestampHeader && headers.get(timestampHeader)?.trim();
    const timestamp = readTimestamp(timestampText);
    if (timestampHeader && timestamp === undefined) {
      return { genuine: false, reason: `the header ${timestampHeader} does not hold a Unix time` };
    }
    const before = beforeTemplate.replace("{timestamp}", timestampText ?? "");
    const after = afterTemplate.replace("{timestamp}", timestampText ?? "");

    const decoded = decode(signature, encoding);
    const content = concat(utf8(before), body, utf8(after));
    if (!decoded || !(await keys.signed(content, [decoded]))) {
      // Without a configured prefix, the text before a "=" may be one.
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
  return Object.assign(verify, { findMissingHeader });
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
    if (timestampHeader === undefined) problem("signedContent", "needs timestampHeader");
    for (const part of ["{timestamp}", "{body}"]) {
      if (String(signedContent).split(part).length !== 2) problem("signedContent", `must contain ${part} once`);
    }
  } else if (timestampHeader === undefined && toleranceSeconds !== undefined) {
    problem("toleranceSeconds", "needs timestampHeader");
  }
  return issues;
}
