import type { WriteResult } from "../client/api.ts";
import { OpleadError } from "../core/errors.ts";
import { readEntry } from "../ledger/entry.ts";
import { type EntryAccess, type LedgerEntry, ledgerConflict, type StoredRefusal, useLedger } from "../ledger/ledger.ts";
import type { SyncStep } from "../rules/types.ts";
import { acceptedBy, type EntryFingerprints, fingerprintsIn, innermost } from "./compare.ts";
import type { Content, HashedRule } from "./content.ts";

// Another process has written the entry since it was read. `isOvertaken`: it recorded another state of the user.
export class EntryConflict extends OpleadError {
  readonly isOvertaken: boolean;

  constructor(isOvertaken: boolean) {
    super("ledger_conflict", "Another process has written the ledger entry meanwhile.", { retryable: true });
    this.isOvertaken = isOvertaken;
  }
}

export const ATTEMPTS = 100;

// Returns undefined if nothing changes.
export type ChangeEntry = (entry: LedgerEntry | undefined) => LedgerEntry | undefined;

const OF_AN_ID = {
  id: undefined,
  user: undefined,
  fields: undefined,
  was: undefined,
  identity: undefined,
  accepted: undefined,
};

// With the fields that an outcome sets: V8 takes 6 µs to add as many to a copy that lacks them.
export const NO_ENTRY: LedgerEntry = {
  ...OF_AN_ID,
  key: undefined,
  movedFrom: undefined,
  missingSince: undefined,
  missingUntold: undefined,
  leaverDone: undefined,
  version: undefined,
  intent: undefined,
  revision: undefined,
  rules: {},
  at: 0,
};

// The entry of one user while it is reconciled.
export class EntryWriter {
  readonly #ledger: EntryAccess;
  readonly #accountNumber: string;
  readonly #readOnly: boolean;
  #entry = NO_ENTRY;
  #stored = NO_ENTRY;

  // `readOnly`: writes change this object only, for test mode.
  constructor(ledger: EntryAccess, accountNumber: string, readOnly = false) {
    this.#ledger = ledger;
    this.#accountNumber = accountNumber;
    this.#readOnly = readOnly;
  }

  // The stored entry with the outcomes that `keep` added.
  get entry(): LedgerEntry {
    return this.#entry;
  }

  get stored(): LedgerEntry {
    return this.#stored;
  }

  keep(entry: LedgerEntry): void {
    this.#entry = entry;
  }

  async read(): Promise<LedgerEntry | undefined> {
    const stored = await useLedger(() => this.#ledger.get(this.#accountNumber));
    const entry = stored && readEntry(stored);
    this.#entry = entry ?? NO_ENTRY;
    this.#stored = this.#entry;
    return entry;
  }

  // `isLast`: nothing else is sent or written, so the lease may be given back in the same step. If this throws
  // `EntryConflict`, the object then has the other process's entry.
  async write(entry: LedgerEntry, isLast = false): Promise<void> {
    const before = this.#stored;
    if (await this.tryWrite(entry, isLast)) return;
    await this.read();
    const isOvertaken = hasAnotherState(this.#entry, before, entry);
    // Without the id that Oplead has just answered, the user would be looked up by its account number.
    this.#entry = { ...this.#entry, id: this.#entry.id ?? entry.id };
    throw new EntryConflict(isOvertaken);
  }

  // After a conflict this object knows nothing of the other process's entry, so a later write conflicts as well.
  async tryWrite(entry: LedgerEntry, isLast = false): Promise<boolean> {
    const expected = this.#stored.revision ?? 0;
    const whole = entry.damaged ? withoutDamage(entry) : entry;
    const next: LedgerEntry = this.#readOnly ? whole : { ...whole, revision: expected + 1 };
    const isWritten =
      this.#readOnly || (await useLedger(() => this.#ledger.replace(this.#accountNumber, expected, next, isLast)));
    if (!isWritten) return false;
    this.#entry = next;
    this.#stored = next;
    return true;
  }

  async update(change: ChangeEntry): Promise<void> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const changed = change(this.#readOnly ? this.#entry : await this.read());
      if (changed === undefined || (await this.tryWrite(changed))) return;
    }
    throw ledgerConflict("The ledger entry changes faster than it can be written.");
  }
}

function withoutDamage({ damaged: _, ...whole }: LedgerEntry): LedgerEntry {
  return whole;
}

// Whether the entry tells what Oplead has of the user. An id alone does not.
export function hasState({ user, rules, held }: LedgerEntry): boolean {
  return user !== undefined || held !== undefined || Object.keys(rules).length > 0;
}

// An entry with only an intent tells nothing about the user.
export function isKnown(entry: LedgerEntry): boolean {
  const { id, damaged, movedTo, accepted } = entry;
  return (id ?? damaged ?? movedTo ?? accepted) !== undefined || hasState(entry);
}

// Whether `found` has a step whose content is neither in `before` nor in `own`.
function hasAnotherState(found: LedgerEntry, before: LedgerEntry, own: LedgerEntry): boolean {
  const known = [contentsOf(before), contentsOf(own)];
  return [...contentsOf(found)].some(([step, hash]) => known.every((one) => one.get(step) !== hash));
}

function contentsOf({ user, rules, held = {} }: LedgerEntry): Map<string, string> {
  const refused = Object.entries(held).map(([step, refusal]) => [`held ${step}`, refusal?.hash] as const);
  const all = [["user", user] as const, ...Object.entries(rules), ...refused];
  return new Map(all.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

export function withoutHeld(entry: LedgerEntry, step: SyncStep): LedgerEntry {
  if (!entry.held?.[step]) return entry;
  const { [step]: _, ...held } = entry.held;
  return { ...entry, held: Object.keys(held).length > 0 ? held : undefined };
}

// The step's outcome is unknown: it is sent again even if the source takes the change back.
export function withoutAccepted(entry: LedgerEntry, step: SyncStep): LedgerEntry {
  if (step === "user") return entry.user === undefined ? entry : { ...entry, user: undefined };
  if (entry.rules[step] === undefined) return entry;
  const { [step]: _, ...rules } = entry.rules;
  return { ...entry, rules };
}

// The id belongs to another user, and so does all that was accepted under it.
export function withoutId(entry: LedgerEntry): LedgerEntry {
  return { ...entry, ...OF_AN_ID, rules: {} };
}

const DAY = 86_400_000;
const KEPT_DAYS = 45;
// 24 bits recognise a former value; with a whole fingerprint an entry would grow by a third.
const FORMER_LENGTH = 4;

function formerFields({ fields, was }: LedgerEntry, made: EntryFingerprints, now: number): LedgerEntry["was"] {
  const [before, after] = [fingerprintsIn(fields), fingerprintsIn(made.fields)];
  const changed = innermost(Object.keys(before).filter((path) => after[path] !== before[path]));
  return withFormer(was, Object.fromEntries(changed.map((path) => [path, before[path] ?? ""])), now);
}

function withFormer(
  was: LedgerEntry["was"],
  former: Readonly<Record<string, string>>,
  now: number,
): LedgerEntry["was"] {
  const today = Math.floor(now / DAY).toString(36);
  const kept = Object.entries(was ?? {}).filter(([, text]) => formerDay(text, now) !== undefined);
  const all = [...kept, ...Object.entries(former).map(([path, text]) => [path, text.slice(0, FORMER_LENGTH) + today])];
  return all.length === 0 ? undefined : Object.fromEntries(all);
}

// Time of the day on which the value was replaced. Undefined after 45 days.
function formerDay(text: string, now: number): number | undefined {
  const day = Number.parseInt(text.slice(FORMER_LENGTH), 36) * DAY;
  return Math.abs(now - day) < KEPT_DAYS * DAY ? day : undefined;
}

// Since when the user differs from `texts`, if all that they change was like them before. `texts`: fingerprints of the
// changed fields and hashes of the changed rules.
export function returnsSince(
  { was }: LedgerEntry,
  texts: Readonly<Record<string, string | undefined>>,
  now: number,
): number | undefined {
  // Of a field that a change added, nothing tells that it was missing before.
  const changed = Object.entries(texts).filter(([path, text]) => text !== undefined || was?.[path] !== undefined);
  const days = changed.map(([path, text = ""]) => {
    const former = was?.[path];
    return former?.startsWith(text.slice(0, FORMER_LENGTH)) && text !== "" ? formerDay(former, now) : undefined;
  });
  return days.length === 0 || days.includes(undefined) ? undefined : Math.min(...(days as number[]));
}

// `made`: fingerprints with the ID that Oplead returned.
export function withUser(
  entry: LedgerEntry,
  content: Content,
  { id, outcome }: Pick<WriteResult, "id" | "outcome">,
  made: EntryFingerprints,
  now: number,
): LedgerEntry {
  // Under another id, Oplead does not have the rules that the entry lists.
  const isSame = outcome === "updated" && id === entry.id;
  const rules = isSame ? entry.rules : {};
  const accepted = isSame ? entry.accepted : undefined;
  return {
    ...withoutHeld(entry, "user"),
    id,
    user: content.userHash,
    key: made.key,
    fields: made.fields,
    was: isSame && entry.key === made.key ? formerFields(entry, made, now) : undefined,
    identity: made.identity,
    rules,
    accepted: acceptedBy({ user: content.userHash, rules, accepted }, content),
    movedFrom: undefined,
  };
}

export function withRule(entry: LedgerEntry, content: Content, { name, hash }: HashedRule, now: number): LedgerEntry {
  const rules = { ...entry.rules, [name]: hash };
  const { user, accepted, was } = entry;
  const before = entry.rules[name];
  const former = before === undefined || before === hash ? {} : { [`rules.${name}`]: before };
  return {
    ...withoutHeld(entry, name),
    rules,
    was: withFormer(was, former, now),
    accepted: acceptedBy({ user, rules, accepted }, content),
  };
}

export function withRefusal(entry: LedgerEntry, refusal: Omit<StoredRefusal, "firstAt">): LedgerEntry {
  const { step, hash } = refusal;
  const before = entry.held?.[step];
  const firstAt = before?.hash === hash ? (before.firstAt ?? before.at) : undefined;
  return { ...entry, held: { ...entry.held, [step]: { ...refusal, firstAt } } };
}
