import { hmacSignature, type Verifier } from "../../src/webhook/index.ts";

export const NOW = 1_700_000_000_000;

export async function verify(
  verifier: Verifier,
  headers: Record<string, string>,
  body: string | Uint8Array,
  now: number = NOW,
): Promise<{ genuine: boolean; deliveryId?: string | undefined; reason: string }> {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const found = await verifier({ headers: new Headers(headers), body: bytes, now });
  if (typeof found === "boolean") throw new Error("built-in verifiers say why");
  if (found.genuine) return { genuine: true, deliveryId: found.deliveryId, reason: "" };
  return { genuine: false, reason: typeof found.reason === "function" ? await found.reason() : (found.reason ?? "") };
}

export const github = (secrets: readonly (string | Uint8Array)[]): Verifier =>
  hmacSignature({ header: "X-Hub-Signature-256", prefix: "sha256=", encoding: "hex", secrets });

export const shopify = (secrets: readonly (string | Uint8Array)[]): Verifier =>
  hmacSignature({ header: "X-Shopify-Hmac-SHA256", encoding: "base64", secrets });
