import { OpleadError } from "../base/errors.ts";

/** How a record is written to Redis and read back. */
export interface Seal {
  close(text: string): Promise<string>;
  open(sealed: string): Promise<string>;
}

const PLAIN: Seal = {
  close: async (text) => text,
  async open(sealed) {
    if (!sealed.startsWith("{")) throw notOpened();
    return sealed;
  },
};

/** Encrypts with AES-GCM and a fresh nonce for each record, or leaves records as they are without a key. */
export function sealWith(key: string | undefined): Seal {
  if (key === undefined) return PLAIN;
  const bytes = Buffer.from(key, "base64");
  const imported = crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  return {
    async close(text) {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await imported, new TextEncoder().encode(text));
      return Buffer.concat([iv, new Uint8Array(data)]).toString("base64");
    },
    async open(sealed) {
      const data = Buffer.from(sealed, "base64");
      const iv = data.subarray(0, 12);
      try {
        const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await imported, data.subarray(12));
        return new TextDecoder().decode(text);
      } catch {
        throw notOpened();
      }
    },
  };
}

/** Another process has another key, or none. Its job stays in the failed set until the options have been corrected. */
function notOpened(): OpleadError {
  return new OpleadError(
    "invalid_options",
    "A stored user cannot be decrypted. All processes of a queue need the same encryptionKey.",
  );
}
