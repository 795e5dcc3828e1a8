import type { ValueProblem } from "../../base/issues.ts";
import { listOf, matching, number, type Schema, valueWithout } from "../../base/validation/validate.ts";
import { isMissing } from "../../base/validation/value-problems.ts";
import { HEADER_NAME } from "../../header-names.ts";
import { tellValue } from "../../locales/en/core.ts";
import { tellWebhook } from "../../locales/en/webhook.ts";
import { concat, decode, utf8 } from "./bytes.ts";
import { diagnose, type Signed, type Signing } from "./diagnosis.ts";
import { checkWith } from "./hmac.ts";
import type { ReceivedDelivery, ToleranceOptions, Verification, Verifier } from "./verifier.ts";

/** The parts in which signature schemes differ. */
export interface Scheme extends Signing, ToleranceOptions {
  /** The headers that a delivery must have. */
  headerNames(headers: Headers): readonly string[];
  /** Reads the headers once all are there. Text says why they cannot be right. */
  read(headers: Headers): SignedHeaders | string;
}

/** The signature and what it covers, from the headers of a delivery. */
export interface SignedHeaders extends Signed {
  /** Seconds since 1970; undefined if the sender signs no time. */
  readonly timestamp: number | undefined;
  /** The delivery's id, if the signature covers it. */
  readonly deliveryId?: string | undefined;
}

/** A verifier for a scheme that signs text with an HMAC. */
export function verifierFor(scheme: Scheme): Verifier {
  const isSigned = checkWith(scheme.secrets, scheme.algorithm);
  const findMissingHeader = (headers: Headers): string | undefined => findMissing(scheme.headerNames(headers), headers);

  const verify = async ({ headers, body, now }: ReceivedDelivery): Promise<Verification> => {
    const missing = findMissingHeader(headers);
    const read = missing ?? scheme.read(headers);
    if (typeof read === "string") return { genuine: false, reason: read };
    const { before, after, signatures, timestamp, deliveryId } = read;
    const decoded = signatures.flatMap((text) => decode(text, scheme.encoding) ?? []);
    if (!(await isSigned(concat(utf8(before), body, utf8(after)), decoded))) {
      return { genuine: false, reason: () => diagnose(scheme, read, body) };
    }
    const reason = timestamp === undefined ? undefined : outOfTolerance(timestamp, now, scheme.toleranceSeconds);
    return reason === undefined ? { genuine: true, deliveryId } : { genuine: false, reason };
  };
  return Object.assign(verify, { findMissingHeader });
}

/**
 * Says which of the headers is missing, and which present ones may be meant. Undefined if all are there. Shows names only,
 * because values may be secrets.
 */
export function findMissing(names: readonly string[], headers: Headers): string | undefined {
  const missing = names.find((name) => !headers.get(name));
  if (missing === undefined) return undefined;
  const similar = [...headers.keys()].filter((other) => /signature|hmac|timestamp|digest/i.test(other)).slice(0, 5);
  const hint = similar.length === 0 ? "" : `; there is ${similar.join(", ")}`;
  return `the header ${missing.toLowerCase()} is missing${hint}`;
}

const DEFAULT_TOLERANCE_S = 300;

/**
 * Seconds since 1970, from a header; some senders write milliseconds. Undefined for text that is not a time. The signed time
 * bounds how long a recorded delivery can be sent again by an attacker.
 */
export function readTimestamp(text: string | null | undefined): number | undefined {
  if (!text || !/^\d{1,15}$/.test(text)) return undefined;
  const number = Number(text);
  return number > 1e11 ? number / 1000 : number;
}

/** Why a timestamp is out of tolerance, for the log; undefined if it is within. */
export function outOfTolerance(
  timestamp: number,
  nowMs: number,
  toleranceSeconds: number = DEFAULT_TOLERANCE_S,
): string | undefined {
  const ageSeconds = nowMs / 1000 - timestamp;
  if (Math.abs(ageSeconds) <= toleranceSeconds) return undefined;
  const distance = `${Math.round(Math.abs(ageSeconds))} s ${ageSeconds > 0 ? "ago" : "in the future"}`;
  return (
    `the signature is right, but by this machine's clock it was made ${distance} (toleranceSeconds ${toleranceSeconds}): ` +
    "one of the two clocks is wrong, or an old delivery was sent again"
  );
}

/** The schema of the shared secrets. An empty secret would let anyone sign. `problemOf` sees those that are not empty. */
export function secretsSchema(problemOf?: (secret: string | Uint8Array) => ValueProblem | undefined): Schema {
  return listOf(
    valueWithout((secret) => secretProblem(secret, problemOf)),
    tellWebhook("no_secrets"),
  );
}

function secretProblem(secret: unknown, problemOf: Parameters<typeof secretsSchema>[0]): ValueProblem | undefined {
  if (isMissing(secret)) return tellWebhook("secret_missing");
  if (typeof secret !== "string" && !(secret instanceof Uint8Array)) return tellWebhook("not_secret");
  const isEmpty = typeof secret === "string" ? secret.trim() === "" : secret.length === 0;
  return isEmpty ? tellValue("empty") : problemOf?.(secret);
}

/** The schema of a tolerance in seconds. */
export function toleranceSchema(): Schema {
  return number(1, 10 * 365 * 24 * 60 * 60);
}

/** The schema of a header's name. */
export function headerSchema(): Schema {
  return matching(HEADER_NAME, tellWebhook("not_header"));
}
