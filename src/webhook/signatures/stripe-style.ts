import { optionsCheck, options as optionsSchema } from "../../core/validate.ts";
import {
  headerSchema,
  readTimestamp,
  type StandardWebhooksOptions,
  secretsSchema,
  toleranceSchema,
  type Verifier,
  verifierFor,
} from "./scheme.ts";

/** Options of {@link stripeStyle}. */
export interface StripeStyleOptions extends StandardWebhooksOptions {
  /** Header with the signature. Default `Stripe-Signature`. */
  readonly header?: string | undefined;
}

/**
 * Verifies deliveries with timestamp and signatures in one header, as Stripe writes it: `t=1700000000,v1=…`, over
 * `{timestamp}.{body}`, with SHA-256, in hex.
 *
 * @throws {@link OpleadError} `invalid_options`, which lists every problem.
 */
export function stripeStyle(options: StripeStyleOptions): Verifier {
  checkOptions(options);
  const { header = "stripe-signature", secrets, toleranceSeconds } = options;
  return verifierFor({
    secrets,
    toleranceSeconds,
    algorithm: "sha256",
    encoding: "hex",
    headerNames: () => [header],
    read(headers) {
      const fields = (headers.get(header) ?? "").split(",").map((field) => field.trim().split("=", 2));
      const all = (name: string): string[] => fields.flatMap(([key, text]) => (key === name && text ? [text] : []));
      const [timestampText] = all("t");
      const timestamp = readTimestamp(timestampText);
      const signatures = all("v1");
      if (timestamp === undefined || signatures.length === 0) return `the header ${header} is not of the form t=…,v1=…`;
      return { timestamp, signatures, before: `${timestampText}.`, after: "" };
    },
  });
}

const checkOptions = /* @__PURE__ */ optionsCheck<StripeStyleOptions>("stripeStyle", () =>
  optionsSchema({ header: headerSchema(), toleranceSeconds: toleranceSchema() }, { secrets: secretsSchema() }),
);
