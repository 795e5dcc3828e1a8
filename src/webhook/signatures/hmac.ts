import { type Bytes, utf8 } from "./bytes.ts";

export type HmacAlgorithm = "sha256" | "sha1" | "sha384" | "sha512";

export const HASHES: { readonly [Name in HmacAlgorithm]: string } = {
  sha256: "SHA-256",
  sha1: "SHA-1",
  sha384: "SHA-384",
  sha512: "SHA-512",
};

/** Every signature costs an HMAC, and a forger chooses how many the header holds. */
const MAX_SIGNATURES = 8;

/** The keys of the sender. */
export class Keys {
  readonly #secrets: readonly Bytes[];
  readonly #algorithm: HmacAlgorithm;
  #imported: Promise<CryptoKey[]> | undefined;

  constructor(secrets: readonly (string | Uint8Array)[], algorithm: HmacAlgorithm) {
    // Copies, so that the caller can reuse its bytes.
    this.#secrets = secrets.map((secret) => (typeof secret === "string" ? utf8(secret) : Uint8Array.from(secret)));
    this.#algorithm = algorithm;
  }

  /**
   * Whether one of the signatures was made over the content with one of the keys. WebCrypto compares in constant time, so
   * a forger cannot measure how close an attempt came. The right signature never exists as text.
   */
  async signed(content: Bytes, signatures: readonly Bytes[]): Promise<boolean> {
    this.#imported ??= Promise.all(
      this.#secrets.map((secret) =>
        crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: HASHES[this.#algorithm] }, false, ["verify"]),
      ),
    );
    for (const key of await this.#imported) {
      for (const signature of signatures.slice(0, MAX_SIGNATURES)) {
        if (await crypto.subtle.verify("HMAC", key, signature, content)) return true;
      }
    }
    return false;
  }
}
