import { issueAt, type OpleadIssue, type ValueProblem } from "../../core/issues.ts";
import * as check from "../../core/validate.ts";
import { tellWebhook } from "../../locales/en/webhook.ts";
import { HMAC_ALGORITHMS } from "./hmac.ts";
import {
  headerSchema,
  readTimestamp,
  type StandardWebhooksOptions,
  secretsSchema,
  toleranceSchema,
  type Verifier,
  verifierFor,
} from "./scheme.ts";

/** Options of {@link hmacSignature}. */
export interface HmacSignatureOptions extends StandardWebhooksOptions {
  /** Header with the signature, such as `X-Hub-Signature-256` (GitHub) or `X-Shopify-Hmac-SHA256`. */
  readonly header: string;
  /** Hash. Default `"sha256"`; `"sha1"` only for a sender that offers nothing better. */
  readonly algorithm?: "sha256" | "sha1" | "sha384" | "sha512" | undefined;
  /** Encoding of the signature: `"hex"` (GitHub) or `"base64"` (Shopify). */
  readonly encoding: "hex" | "base64";
  /** Text before the signature in the header, such as `sha256=` (GitHub). Default: none. */
  readonly prefix?: string | undefined;
  /**
   * Header with the signed time, in seconds or milliseconds since 1970. Without it, a recorded delivery can be replayed
   * at any time: then let `map` return a `version`.
   */
  readonly timestampHeader?: string | undefined;
  /**
   * Template of the signed text with a `timestampHeader`. Default `"{timestamp}.{body}"`; Slack signs
   * `"v0:{timestamp}:{body}"`.
   */
  readonly signedContent?: string | undefined;
}

/**
 * Verifies an HMAC of the raw body in a header, as GitHub, Shopify, most HR systems and CRMs send it.
 *
 * @throws {@link OpleadError} `invalid_options`, which lists every problem.
 */
export function hmacSignature(options: HmacSignatureOptions): Verifier {
  const issues = findOptionIssues(options);
  check.requireNoIssues("hmacSignature: wrong options", issues.length > 0 ? issues : findUseless(options));
  const { header, algorithm = "sha256", encoding, prefix = "", secrets, timestampHeader, toleranceSeconds } = options;
  const { signedContent = "{timestamp}.{body}" } = options;
  const [beforeTemplate = "", afterTemplate = ""] = timestampHeader ? signedContent.split("{body}") : [];
  const names = timestampHeader === undefined ? [header] : [header, timestampHeader];
  return verifierFor({
    secrets,
    toleranceSeconds,
    algorithm,
    encoding,
    headerNames: () => names,
    read(headers) {
      const value = headers.get(header) ?? "";
      if (value === "") return `the header ${header} is empty`;
      if (!value.startsWith(prefix)) return `the header ${header} does not begin with the prefix "${prefix}"`;
      const timestampText = (timestampHeader && headers.get(timestampHeader)) ?? "";
      const timestamp = readTimestamp(timestampText);
      if (timestampHeader && timestamp === undefined) return `the header ${timestampHeader} does not hold a Unix time`;
      return {
        timestamp,
        signatures: [value.slice(prefix.length)],
        bare: prefix === "" ? /^[\w-]+=(?=.)(.*)$/.exec(value)?.[1] : undefined,
        before: beforeTemplate.replace("{timestamp}", timestampText),
        after: afterTemplate.replace("{timestamp}", timestampText),
      };
    },
  });
}

const findOptionIssues = /* @__PURE__ */ check.issueFinder(() =>
  check.options<HmacSignatureOptions>(
    {
      algorithm: check.oneOf(...HMAC_ALGORITHMS),
      prefix: check.text(),
      timestampHeader: headerSchema(),
      signedContent: check.valueWithout(signedContentProblem),
      toleranceSeconds: toleranceSchema(),
    },
    { header: headerSchema(), encoding: check.oneOf("hex", "base64"), secrets: secretsSchema() },
  ),
);

function signedContentProblem(text: unknown): ValueProblem | undefined {
  const missing = ["{timestamp}", "{body}"].filter((part) => String(text).split(part).length !== 2);
  return missing.length === 0 ? undefined : tellWebhook("signed_content_lacks", { parts: missing });
}

function findUseless({ timestampHeader, signedContent, toleranceSeconds }: HmacSignatureOptions): OpleadIssue[] {
  if (timestampHeader !== undefined) return [];
  return Object.entries({ signedContent, toleranceSeconds }).flatMap(([path, value]) =>
    value === undefined ? [] : [issueAt(path, tellWebhook("needs_timestamp_header"))],
  );
}
