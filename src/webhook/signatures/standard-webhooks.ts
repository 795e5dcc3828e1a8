import type { ValueProblem } from "../../core/issues.ts";
import { optionsCheck, options as optionsSchema } from "../../core/validate.ts";
import { tellWebhook } from "../../locales/en/webhook.ts";
import { decode } from "./hmac.ts";
import {
  readTimestamp,
  type StandardWebhooksOptions,
  secretsSchema,
  toleranceSchema,
  type Verifier,
  verifierFor,
} from "./scheme.ts";

/**
 * Verifies deliveries signed as standardwebhooks.com describes, which Svix and many others send, under its header names
 * or Svix's own. The signature covers the delivery's id.
 *
 * @throws {@link OpleadError} `invalid_options`, which lists every problem.
 */
export function standardWebhooks(options: StandardWebhooksOptions): Verifier {
  checkOptions(options);
  const { secrets, toleranceSeconds } = options;
  const decoded = secrets.map((secret) => keyOf(secret) as Uint8Array); // Safe: `checkOptions` has decoded them.
  return verifierFor({
    secrets: decoded,
    written: secrets,
    toleranceSeconds,
    algorithm: "sha256",
    encoding: "base64",
    headerNames,
    read(headers) {
      const names = headerNames(headers);
      const [deliveryId = "", timestampText = "", signatureText = ""] = names.map((name) => headers.get(name) ?? "");
      if (deliveryId === "") return `the header ${names[0]} is empty`;
      const timestamp = readTimestamp(timestampText);
      if (timestamp === undefined) return `the header ${names[1]} does not hold a Unix time`;
      // Other versions use other keys: v1a is asymmetric.
      const signatures = signatureText.split(" ").flatMap((part) => (part.startsWith("v1,") ? [part.slice(3)] : []));
      if (signatures.length === 0) return `the header ${names[2]} holds no signature of version v1`;
      return { deliveryId, timestamp, signatures, before: `${deliveryId}.${timestampText}.`, after: "" };
    },
  });
}

// Returns Svix's own names if only its signature header is there.
function headerNames(headers: Headers): readonly string[] {
  const family = headers.has("webhook-signature") || !headers.has("svix-signature") ? "webhook" : "svix";
  return [`${family}-id`, `${family}-timestamp`, `${family}-signature`];
}

function keyOf(secret: string | Uint8Array): Uint8Array | undefined {
  return typeof secret === "string" ? decode(secret.trim().replace(/^whsec_/, ""), "base64") : secret;
}

const checkOptions = /* @__PURE__ */ optionsCheck<StandardWebhooksOptions>("standardWebhooks", () =>
  optionsSchema({ toleranceSeconds: toleranceSchema() }, { secrets: secretsSchema(base64Problem) }),
);

// The standard demands 24; fewer than these were probably cut off.
const LEAST_BYTES = 16;

function base64Problem(secret: string | Uint8Array): ValueProblem | undefined {
  const key = keyOf(secret);
  if (!key) return tellWebhook("secret_undecodable");
  return key.length < LEAST_BYTES ? tellWebhook("secret_short", { bytes: LEAST_BYTES }) : undefined;
}
