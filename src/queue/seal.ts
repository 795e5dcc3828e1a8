import { OpleadError } from "../base/errors.ts";

/** How a record is written to Redis and read back. */
export interface Seal {
  close(text: string): Promise<string>;
  /** Undefined if the record was closed with a key that this process does not have, or without one. */
  open(sealed: string): Promise<string | undefined>;
}

const PLAIN: Seal = {
  close: async (text) => text,
  open: async (sealed) => (sealed.startsWith("{") ? sealed : undefined),
};

const NONCE_BYTES = 12;

/**
 * Encrypts with AES-GCM and a fresh nonce for each record, with the first key; opens with each of them. Without keys records stay
 * as they are.
 */
export function sealWith(keys: readonly string[]): Seal {
  const [newest, ...older] = keys.map((key) =>
    crypto.subtle.importKey("raw", Buffer.from(key, "base64"), "AES-GCM", false, ["encrypt", "decrypt"]),
  );
  if (!newest) return PLAIN;
  return {
    async close(text) {
      const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
      const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await newest, new TextEncoder().encode(text));
      return Buffer.concat([iv, new Uint8Array(data)]).toString("base64");
    },
    async open(sealed) {
      const data = Buffer.from(sealed, "base64");
      const algorithm = { name: "AES-GCM", iv: data.subarray(0, NONCE_BYTES) };
      for (const key of [newest, ...older]) {
        try {
          const text = await crypto.subtle.decrypt(algorithm, await key, data.subarray(NONCE_BYTES));
          return new TextDecoder().decode(text);
        } catch {
          // Another key may fit.
        }
      }
      return undefined;
    },
  };
}

export function notOpened(): OpleadError {
  return new OpleadError(
    "invalid_options",
    "A stored user cannot be decrypted. All processes of a queue need the same encryptionKey.",
  );
}
