import { concat, decode, utf8 } from "./bytes.ts";
import { diagnose } from "./diagnosis.ts";
import { Keys } from "./hmac.ts";
import { missingHeader } from "./missing-header.ts";
import { secretIssues, throwIfAny, toleranceIssues } from "./secrets.ts";
import { outOfTolerance, readTimestamp } from "./timestamp.ts";
import type { SecretOptions, ToleranceOptions, Verifier } from "./verifier.ts";

/** Options of {@link standardWebhooks}. Text secrets are base64, with or without `whsec_` before it. */
export interface StandardWebhooksOptions extends SecretOptions, ToleranceOptions {}

/**
 * The scheme of standardwebhooks.com, which Svix and many others send: the headers `webhook-id`, `webhook-timestamp` and
 * `webhook-signature`, or Svix's own names for them. The signature covers the delivery's id.
 *
 * @throws {@link OpleadError} `invalid_options`, which lists every problem at once.
 */
export function standardWebhooks(options: StandardWebhooksOptions): Verifier {
  const { secrets, toleranceSeconds } = Object(options) as StandardWebhooksOptions;
  const issues = [...secretIssues(secrets), ...toleranceIssues(toleranceSeconds)];
  if (issues.length === 0) {
    for (const [index, secret] of secrets.entries()) {
      if (keyOf(secret) !== undefined) continue;
      issues.push({ path: `secrets[${index}]`, message: "is not base64: it must be as the sender shows it, whsec_…" });
    }
  }
  throwIfAny("standardWebhooks", issues);
  const decodedSecrets = secrets.flatMap((secret) => keyOf(secret) ?? []);
  const keys = new Keys(decodedSecrets, "sha256");

  return async ({ headers, body, now }) => {
    const family = headers.has("webhook-signature") || !headers.has("svix-signature") ? "webhook" : "svix";
    const [id, timestampText, signatureText] = ["id", "timestamp", "signature"].map((name) =>
      headers.get(`${family}-${name}`),
    );
    for (const [name, value] of Object.entries({ id, timestamp: timestampText, signature: signatureText })) {
      if (!value) return { genuine: false, reason: missingHeader(`${family}-${name}`, headers) };
    }
    const timestamp = readTimestamp(timestampText);
    if (timestamp === undefined) return { genuine: false, reason: `the header ${family}-timestamp holds no Unix time` };

    // Other versions are signatures with other keys: v1a is one with a public key.
    const signatures = (signatureText ?? "")
      .split(" ")
      .flatMap((part) => (part.startsWith("v1,") ? [part.slice(3)] : []));
    const before = `${id}.${timestampText}.`;
    const decoded = signatures.flatMap((text) => decode(text, "base64") ?? []);
    if (!(await keys.signed(concat(utf8(before), body), decoded))) {
      if (signatures.length === 0)
        return { genuine: false, reason: `${family}-signature holds no signature of version v1` };
      return {
        genuine: false,
        reason: () =>
          diagnose({
            ...{ body, before, signatures, algorithm: "sha256", encoding: "base64" },
            secrets: decodedSecrets,
            written: secrets,
          }),
      };
    }
    const reason = outOfTolerance(timestamp, now, toleranceSeconds);
    return reason === undefined ? { genuine: true, deliveryId: id ?? undefined } : { genuine: false, reason };
  };
}

/** White space at the ends is no part of base64, so it does no harm here. */
function keyOf(secret: string | Uint8Array): Uint8Array | undefined {
  return typeof secret === "string" ? decode(secret.trim().replace(/^whsec_/, ""), "base64") : secret;
}
