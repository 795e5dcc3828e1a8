import { isOpleadError } from "../../core/errors.ts";
import type { LongWork } from "../../core/time.ts";
import { type Ledger, type LedgerEntry, ledgerError, listsOf, useLedger } from "../../ledger/ledger.ts";
import { type Fingerprints, fingerprintsOf } from "../../ledger/version.ts";
import { isComparable, keepsAccepted } from "../../reconcile/compare.ts";
import { isKnown } from "../../reconcile/entry-writer.ts";
import type { RuleName, SyncStep } from "../../rules/types.ts";
import { HELD_MS } from "../read-options.ts";
import { eachInTurn } from "./turns.ts";

export class LedgerSnapshot {
  readonly #entries = new Map<string, SnapshotEntry>();
  readonly #shared = new SharedTexts();
  readonly #withRules: boolean;
  // Users that Oplead accepted. 0: the ledger counts as empty, whatever else it holds.
  accepted = 0;
  // Accepted users, without those missing from the source in an earlier run.
  population = 0;
  // The population without users whose ids were imported without their content.
  comparable = 0;
  // Entries that tell anything about a user.
  size = 0;
  // Entries that have only an intent.
  readonly unknown: string[] = [];
  readonly damaged: string[] = [];
  readonly suspicious: string[] = [];
  // Users with fingerprints by an unknown key.
  readonly unreadable: string[] = [];
  readonly fingerprints: Fingerprints;
  hasMissing = false;
  valuesFreedAt = Number.NEGATIVE_INFINITY;

  constructor(fingerprints = fingerprintsOf([]), withRules = false) {
    this.fingerprints = fingerprints;
    this.#withRules = withRules;
  }

  static async read(
    ledger: Ledger,
    work: LongWork,
    { withRules = false }: { readonly withRules?: boolean } = {},
  ): Promise<LedgerSnapshot> {
    const snapshot = new LedgerSnapshot(await useLedger(() => ledger.fingerprints()), withRules);
    try {
      await eachInTurn(listsOf(ledger.entries()), work, (list) => {
        for (const [accountNumber, entry] of list) snapshot.#add(accountNumber, entry);
        return undefined;
      });
    } catch (error) {
      const message = `${work.caller}: the ledger cannot be read. Nothing was sent.`;
      throw isOpleadError(error) ? error : ledgerError(message, error);
    }
    return snapshot;
  }

  #add(accountNumber: string, entry: LedgerEntry): void {
    const kept = new SnapshotEntry(accountNumber, entry, this.#shared, this.#withRules);
    this.#entries.set(accountNumber, kept);
    if (isKnown(entry)) this.size += 1;
    else if (entry.intent) this.unknown.push(accountNumber);
    if (entry.suspicious) this.suspicious.push(accountNumber);
    if (entry.damaged) this.damaged.push(accountNumber);
    if (entry.key !== undefined && !this.fingerprints.reads(entry.key)) this.unreadable.push(accountNumber);
    if (entry.missingSince !== undefined) this.hasMissing = true;
    this.valuesFreedAt = Math.max(this.valuesFreedAt, entry.valuesFreedAt ?? this.valuesFreedAt);
    this.#count(kept, 1);
  }

  #count(entry: LedgerEntry, by: 1 | -1): void {
    if (entry.id === undefined) return;
    this.accepted += by;
    if (entry.missingSince !== undefined) return;
    this.population += by;
    if (isComparable(entry)) this.comparable += by;
  }

  put(accountNumber: string, entry: LedgerEntry): void {
    const before = this.#entries.get(accountNumber);
    const kept = new SnapshotEntry(accountNumber, entry, this.#shared, this.#withRules);
    if (before) this.#count(before, -1);
    if (!before || !isKnown(before)) this.size += 1;
    this.#count(kept, 1);
    this.#entries.set(accountNumber, kept);
  }

  get(accountNumber: string): SnapshotEntry | undefined {
    return this.#entries.get(accountNumber);
  }

  [Symbol.iterator](): Iterator<[accountNumber: string, entry: LedgerEntry]> {
    return this.#entries.entries();
  }

  accountNumbersOf(ids: ReadonlySet<string>): Map<string, string> {
    const found = new Map<string, string>();
    if (ids.size === 0) return found;
    for (const [accountNumber, { id }] of this.#entries) {
      if (id !== undefined && ids.has(id)) found.set(id, accountNumber);
    }
    return found;
  }

  missing(): SnapshotEntry[] {
    const missing: SnapshotEntry[] = [];
    for (const entry of this.#entries.values()) {
      if (entry.id !== undefined && entry.place === undefined) missing.push(entry);
    }
    return missing;
  }
}

const RARE = [
  "confirmedAt",
  "held",
  "was",
  "missingSince",
  "missingUntold",
  "leaverDone",
  "intent",
  "movedFrom",
  "movedTo",
  "suspicious",
] as const satisfies readonly (keyof LedgerEntry)[];

type Rare = Pick<LedgerEntry, (typeof RARE)[number]>;

// A plan holds all entries: what is equal is shared, and what few entries have is kept apart.
export class SnapshotEntry implements LedgerEntry {
  readonly accountNumber: string;
  // Of its row in the source.
  place: number | undefined = undefined;
  readonly revision: number | undefined;
  readonly id: string | undefined;
  readonly user: string | undefined;
  readonly key: string | undefined;
  readonly rules: LedgerEntry["rules"];
  readonly version: LedgerEntry["version"];
  readonly at: number;
  readonly segment: string | undefined;
  readonly receives: boolean | undefined;
  // Bodies may be long: kept only for policies.
  readonly accepted: LedgerEntry["accepted"];
  readonly keepsAccepted: boolean;
  readonly fields: string | undefined;
  readonly #identity: string;
  readonly #rare: Rare | undefined;

  constructor(accountNumber: string, entry: LedgerEntry, shared: SharedTexts, withRules = false) {
    this.accountNumber = accountNumber;
    this.revision = entry.revision;
    this.id = entry.id;
    this.user = entry.user;
    this.key = entry.key === undefined ? undefined : shared.one(entry.key);
    this.rules = shared.rules(entry.rules);
    this.version = entry.version;
    this.at = entry.at;
    this.keepsAccepted = keepsAccepted(entry);
    this.accepted = withRules ? shared.accepted(entry.accepted) : doubtfulIn(entry);
    this.receives = entry.receives;
    this.segment = entry.segment === undefined ? undefined : shared.one(entry.segment);
    this.fields = entry.fields;
    this.#identity = [entry.identity?.login, entry.identity?.email].join(" ");
    let rare: Rare | undefined;
    for (const name of RARE) if (entry[name] !== undefined) rare = { ...rare, [name]: entry[name] };
    this.#rare = rare;
  }

  get confirmedAt(): LedgerEntry["confirmedAt"] {
    return this.#rare?.confirmedAt;
  }

  get held(): LedgerEntry["held"] {
    return this.#rare?.held;
  }

  get was(): LedgerEntry["was"] {
    return this.#rare?.was;
  }

  get missingSince(): LedgerEntry["missingSince"] {
    return this.#rare?.missingSince;
  }

  get missingUntold(): LedgerEntry["missingUntold"] {
    return this.#rare?.missingUntold;
  }

  get leaverDone(): LedgerEntry["leaverDone"] {
    return this.#rare?.leaverDone;
  }

  get intent(): LedgerEntry["intent"] {
    return this.#rare?.intent;
  }

  get movedFrom(): LedgerEntry["movedFrom"] {
    return this.#rare?.movedFrom;
  }

  get movedTo(): LedgerEntry["movedTo"] {
    return this.#rare?.movedTo;
  }

  get suspicious(): LedgerEntry["suspicious"] {
    return this.#rare?.suspicious;
  }

  get identity(): LedgerEntry["identity"] {
    const [login, email] = this.#identity.split(" ");
    return login || email ? { login, email } : undefined;
  }
}

function doubtfulIn({ rules, accepted }: LedgerEntry): LedgerEntry["accepted"] {
  const kept: Record<string, { readonly hash: string; readonly body: unknown }> = {};
  let isEmpty = true;
  for (const [name, { hash }] of Object.entries(accepted?.rules ?? {})) {
    if (rules[name as keyof typeof rules] !== undefined) continue;
    kept[name] = { hash, body: undefined };
    isEmpty = false;
  }
  return isEmpty ? undefined : { rules: kept };
}

const TABLE_SIZE = 5_000;

export class SharedTexts {
  readonly #texts = new Map<string, string>();
  readonly #rules = new Map<string, LedgerEntry["rules"]>();
  readonly #bodies = new Map<string, { readonly hash: string; readonly body: unknown }>();

  one(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    if (this.#texts.size < TABLE_SIZE) this.#texts.set(text, text);
    return text;
  }

  rules(rules: LedgerEntry["rules"]): LedgerEntry["rules"] {
    let key = "";
    for (const name in rules) key += `${name}=${rules[name as RuleName]} `;
    const known = this.#rules.get(key);
    if (known) return known;
    const made = Object.fromEntries(Object.entries(rules).filter(([, hash]) => hash !== undefined));
    if (this.#rules.size < TABLE_SIZE) this.#rules.set(key, made);
    return made;
  }

  accepted(accepted: LedgerEntry["accepted"]): LedgerEntry["accepted"] {
    if (!accepted) return undefined;
    const rules: Record<string, { readonly hash: string; readonly body: unknown }> = {};
    for (const [name, rule] of Object.entries(accepted.rules)) {
      const known = this.#bodies.get(rule.hash);
      if (known) rules[name] = known;
      else {
        if (this.#bodies.size < TABLE_SIZE) this.#bodies.set(rule.hash, rule);
        rules[name] = rule;
      }
    }
    const { user, country, zipCode } = accepted;
    return { user, country: country && this.one(country), zipCode: zipCode && this.one(zipCode), rules };
  }
}

export interface RetryPolicy {
  readonly retryHeld: boolean;
  readonly now: number;
}

export type StepsToRetry = true | readonly SyncStep[];

const NONE: StepsToRetry = [];

export function stepsToRetry(entry: LedgerEntry | undefined, { retryHeld, now }: RetryPolicy): StepsToRetry {
  if (!entry?.held) return NONE;
  if (retryHeld) return true;
  return Object.entries(entry.held).flatMap(([step, refusal]) => {
    return refusal && now - refusal.at >= HELD_MS ? [step as SyncStep] : [];
  });
}
