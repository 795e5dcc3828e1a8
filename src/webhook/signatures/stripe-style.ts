import { concat, decode, utf8 } from "./bytes.ts";
import { diagnose } from "./diagnosis.ts";
import { Keys } from "./hmac.ts";
import { missingHeader } from "./missing-header.ts";
import { headerIssues, secretIssues, throwIfAny, toleranceIssues } from "./secrets.ts";
import { outOfTolerance, readTimestamp } from "./timestamp.ts";
import type { SecretOptions, ToleranceOptions, Verifier } from "./verifier.ts";

/** Options of {@link stripeStyle}. */
export interface StripeStyleOptions extends SecretOptions, ToleranceOptions {
  /** Default `Stripe-Signature`. */
  readonly header?: string | undefined;
}

/**
 * Timestamp and signatures in one header, as Stripe and those who follow it write them: `t=1700000000,v1=…`. Signed is
 * `{timestamp}.{body}`, with SHA-256, in hex.
 *
 * @throws {@link OpleadError} `invalid_options`, which lists every problem at once.
 */
export function stripeStyle(options: StripeStyleOptions): Verifier {
  const { header = "stripe-signature", secrets, toleranceSeconds } = Object(options) as StripeStyleOptions;
  const issues = [...headerIssues("header", header), ...secretIssues(secrets), ...toleranceIssues(toleranceSeconds)];
  throwIfAny("stripeStyle", issues);
  const keys = new Keys(secrets, "sha256");

  return async ({ headers, body, now }) => {
    const value = headers.get(header);
    if (!value) return { genuine: false, reason: missingHeader(header, headers) };
    const fields = value.split(",").map((field) => field.trim().split("=", 2) as [string, string?]);
    const all = (name: string): string[] => fields.flatMap(([key, text]) => (key === name && text ? [text] : []));
    const timestampText = all("t")[0];
    const timestamp = readTimestamp(timestampText);
    const signatures = all("v1");
    if (timestamp === undefined || signatures.length === 0) {
      return { genuine: false, reason: `the header ${header} is not of the form t=…,v1=…` };
    }

    const before = `${timestampText}.`;
    const decoded = signatures.flatMap((text) => decode(text, "hex") ?? []);
    if (!(await keys.signed(concat(utf8(before), body), decoded))) {
      const failed = { body, before, secrets, algorithm: "sha256", encoding: "hex", signatures } as const;
      return { genuine: false, reason: () => diagnose(failed) };
    }
    const reason = outOfTolerance(timestamp, now, toleranceSeconds);
    return reason === undefined ? { genuine: true } : { genuine: false, reason };
  };
}
