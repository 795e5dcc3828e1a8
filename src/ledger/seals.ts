import { hmac } from "#sha256";
import { hashOf, hashText } from "../base/hash/hash.ts";
import { describe } from "./bind.ts";
import type { LedgerKeyOptions } from "./fingerprints.ts";
import type { LedgerEntry, LedgerPlatform, Remembered, RememberedStep, Sealed, Seals, SyncStep } from "./ledger.ts";

/** Nothing is remembered. */
export const NOTHING: Sealed = { seal: undefined, changedBy: undefined, undid: undefined };

const NONCE_BYTES = 12;
/** Characters that name the key and the platform. */
const NAME = 10;

/** The beginning of a seal: it names its key and its platform. */
export function sealName(seal: string): string {
  return seal.slice(0, NAME);
}

/** The seals of a ledger that remembers; none without a key, or without `remember`. */
export function sealsBy({ ledgerKey, remember }: LedgerKeyOptions): {
  readonly seals?: (platform: LedgerPlatform) => Seals;
} {
  if (ledgerKey === undefined || !remember) return {};
  const secrets = typeof ledgerKey === "string" ? [ledgerKey] : ledgerKey;
  const keys = secrets.map((secret) => ({
    name: hmac(secret, "the name of this key for seals"),
    key: derived(secret),
  }));
  const made = new Map<string, Seals>();
  return {
    seals: (platform) => {
      const name = describe(platform);
      const seals = made.get(name) ?? sealsOf(keys, name);
      made.set(name, seals);
      return seals;
    },
  };
}

type Keys = readonly { readonly name: string; readonly key: () => Promise<CryptoKey> }[];

/** The key of a secret, made when it is first needed. */
function derived(secret: string): () => Promise<CryptoKey> {
  let key: Promise<CryptoKey> | undefined;
  const derive = async (): Promise<CryptoKey> => {
    const material = await crypto.subtle.importKey("raw", bytesOf(secret), "HKDF", false, ["deriveKey"]);
    const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: bytesOf("oplead-sdk ledger seal 1") };
    return crypto.subtle.deriveKey(how, material, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  };
  return () => (key ??= derive());
}

function sealsOf(keys: Keys, platform: string): Seals {
  const place = hashText(platform).slice(0, 4);
  const byName = new Map(keys.map(({ name, key }) => [name.slice(0, NAME - place.length) + place, key]));
  const [[current, writing]] = [...byName] as [[string, () => Promise<CryptoKey>]];
  const how = (accountNumber: string, iv: Uint8Array<ArrayBuffer>) => ({
    name: "AES-GCM",
    iv,
    additionalData: bytesOf(JSON.stringify([platform, accountNumber])),
  });

  const close = async (accountNumber: string, remembered: Remembered): Promise<string> => {
    const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    const text = bytesOf(JSON.stringify(remembered));
    const data = await crypto.subtle.encrypt(how(accountNumber, iv), await writing(), text);
    return current + toBase64(iv) + toBase64(new Uint8Array(data));
  };
  const read = async (accountNumber: string, seal: string | undefined): Promise<Remembered | undefined> => {
    const key = seal === undefined ? undefined : byName.get(sealName(seal));
    if (seal === undefined || !key) return undefined;
    try {
      const data = fromBase64(seal.slice(NAME));
      const [iv, rest] = [data.subarray(0, NONCE_BYTES), data.subarray(NONCE_BYTES)];
      const text = await crypto.subtle.decrypt(how(accountNumber, iv), await key(), rest);
      return JSON.parse(new TextDecoder().decode(text)) as Remembered; // written by `close`, as the tag says
    } catch {
      return undefined; // damaged, or of another account number
    }
  };

  return {
    isCurrent: (seal) => seal !== undefined && sealName(seal) === current,
    isReadable: (seal) => byName.has(sealName(seal)),
    open: async (accountNumber, entry) => {
      const found = await read(accountNumber, entry.seal);
      return found && pick(found, (step, { now }) => hashIn(entry, step) === hashOf(now));
    },
    known: async (accountNumber, entry, contents) => {
      const all: Record<string, RememberedStep> = {};
      for (const [step, now] of Object.entries(contents)) all[step] = { now };
      const old = (await read(accountNumber, entry.seal)) ?? {};
      const kept = { ...all, ...pick(old, (step, { now }) => hashIn(entry, step) === hashOf(now)) };
      return {
        seal: await close(
          accountNumber,
          pick(kept, (step, { now }) => hashIn(entry, step) === hashOf(now)),
        ),
      };
    },
    moved: async (from, to, entry) => {
      const found = await read(from, entry.seal);
      return found ? { seal: await close(to, found) } : NOTHING;
    },
    accepted: async (before, after, { accountNumber, step, content, isNew, run, undoes }) => {
      try {
        const old = (await read(accountNumber, before.seal)) ?? {};
        const [hash, known] = [hashIn(before, step), old[step]];
        const isSame = before.id === after.id && !isNew;
        // After an attempt with an unknown outcome the entry has no hash, and this is still what Oplead accepted last.
        const was = isSame && known && [undefined, hashOf(known.now)].includes(hash) ? known : undefined;
        const isChange = was ? hashOf(was.now) !== hashOf(content) : !isSame || hash !== hashIn(after, step);
        const change =
          was && run !== undefined && was.run === run ? was : { was: was?.now, run, isNew: isNew || undefined };
        const others = isSame ? pick(old, (one) => one !== step) : {};
        const seal = await close(accountNumber, { ...others, [step]: { ...(isChange ? change : was), now: content } });
        const undid = before.changedBy === run && run !== undefined ? before.undid : undoes;
        return { ...after, seal, ...(isChange && { changedBy: run, undid }) };
      } catch {
        return { ...after, ...NOTHING }; // that Oplead accepted the step must not be lost with it
      }
    },
  };
}

function hashIn({ user, rules }: LedgerEntry, step: SyncStep): string | undefined {
  return step === "user" ? user : rules[step];
}

function pick(steps: Remembered, isKept: (step: SyncStep, remembered: RememberedStep) => boolean): Remembered {
  const kept = Object.entries(steps).filter(([step, one]) => isKept(step as SyncStep, one));
  return Object.fromEntries(kept);
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** Twelve bytes need no padding, so that two texts can follow each other. */
function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
