import type { OpleadErrorCode } from "../errors.ts";
import type { RuleName } from "../rules/index.ts";
import type { Version } from "./version.ts";

/** A step of a delivery, each one call: the user itself, or one of its rules. */
export type SyncStep = "user" | RuleName;

/** A step that Oplead has refused for good. It is not tried again until its content changes. */
export interface HeldStep {
  /** The content that was refused, as {@link LedgerEntry.user} and {@link LedgerEntry.rules} write it. */
  readonly hash: string;
  readonly code: OpleadErrorCode;
  /** HTTP status of the refusal. */
  readonly status?: number | undefined;
  /** When it was refused, in milliseconds since 1970. */
  readonly at: number;
}

/**
 * What is remembered of a user: enough to know whether something has to be sent, and nothing of what was sent. Hashes are
 * SHA-256 over canonical JSON.
 */
export interface LedgerEntry {
  /** The Oplead ID. None for a user that Oplead has never accepted. */
  readonly id?: string | undefined;
  /** Hash of the user as Oplead has accepted it last. */
  readonly user?: string | undefined;
  /** Three characters of the hash of each top-level field: enough to say which have changed, too few to find a value by. */
  readonly fields?: Readonly<Record<string, string>> | undefined;
  /** Hash of each rule as Oplead has accepted it last. */
  readonly rules: Readonly<Partial<Record<RuleName, string>>>;
  /** The newest version that was delivered. */
  readonly version?: Version | undefined;
  /** When Oplead has accepted something of this user last, in milliseconds since 1970; or refused it, if nothing ever. */
  readonly at: number;
  /** What Oplead refuses of this user. */
  readonly held?: Readonly<Partial<Record<SyncStep, HeldStep>>> | undefined;
  /** When the user was first reported missing from a source that gives all users, in milliseconds since 1970. */
  readonly missingSince?: number | undefined;
}

/**
 * The memory of what Oplead has accepted, by account number. A ledger that is lost costs calls, not correctness: users
 * that it does not know are asked for by account number.
 *
 * The empty account number, which no user can have, is taken: the engine keeps the time of its last run there.
 */
export interface Ledger {
  get(accountNumber: string): Promise<LedgerEntry | undefined>;
  /** Resolves when the entry is safe: what is reported as written must survive the process. */
  set(accountNumber: string, entry: LedgerEntry): Promise<void>;
  /** Every entry, in any order. */
  entries(): AsyncIterable<readonly [accountNumber: string, entry: LedgerEntry]>;
  /** Releases what the ledger has opened. */
  close(): Promise<void>;
}
