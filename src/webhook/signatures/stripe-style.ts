import { issueFinder, options as optionsSchema, requireNoIssues } from "../../validation/validate.ts";
import { concat, decode, utf8 } from "./bytes.ts";
import { diagnose } from "./diagnosis.ts";
import { Keys } from "./hmac.ts";
import { findMissing } from "./missing-header.ts";
import { headerSchema, secretsSchema, toleranceSchema } from "./secrets.ts";
import { outOfTolerance, readTimestamp } from "./timestamp.ts";
import type { ReceivedDelivery, SecretOptions, ToleranceOptions, Verification, Verifier } from "./verifier.ts";

/** Options of {@link stripeStyle}. */
export interface StripeStyleOptions extends SecretOptions, ToleranceOptions {
  /** The header with the signature. Default `Stripe-Signature`. */
  readonly header?: string | undefined;
}

/**
 * Verifies deliveries that carry the timestamp and the signatures in one header, as Stripe writes it:
 * `t=1700000000,v1=…`. The signed text is `{timestamp}.{body}`, with SHA-256, in hex.
 *
 * @throws {@link OpleadError} `invalid_options`, which lists every problem at once.
 */
export function stripeStyle(options: StripeStyleOptions): Verifier {
  requireNoIssues("stripeStyle: wrong options", findIssues(options));
  const { header = "stripe-signature", secrets, toleranceSeconds } = options;
  const keys = new Keys(secrets, "sha256");
  const findMissingHeader = (headers: Headers): string | undefined => findMissing([header], headers);

  const verify = async ({ headers, body, now }: ReceivedDelivery): Promise<Verification> => {
    const missing = findMissingHeader(headers);
    if (missing !== undefined) return { genuine: false, reason: missing };
    const fields = (headers.get(header) ?? "").split(",").map((field) => field.trim().split("=", 2));
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
  return Object.assign(verify, { findMissingHeader });
}

const findIssues = issueFinder(() =>
  optionsSchema({ header: headerSchema(), toleranceSeconds: toleranceSchema() }, { secrets: secretsSchema() }),
);
