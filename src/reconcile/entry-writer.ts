import type { UpsertResult } from "../client/api.ts";
import { readEntry } from "../ledger/entry.ts";
import { type EntryAccess, type HeldStep, type LedgerEntry, ledgerConflict, useLedger } from "../ledger/ledger.ts";
import type { SyncStep } from "../rules/types.ts";
import { acceptedBy, type EntryFingerprints } from "./compare.ts";
import type { Content, HashedRule } from "./content.ts";

/** Another process has written the entry since it was read. */
export class EntryConflict extends Error {
  /**
   * Whether the process that wrote the entry has recorded a different state of the user. False if that process only
   * noted a fact in the entry, or if the entry is gone.
   */
  readonly isOvertaken: boolean;

  constructor(isOvertaken: boolean) {
    super("another process has written the entry");
    this.isOvertaken = isOvertaken;
  }
}

/** How many times an entry is read again if other processes keep writing it. */
export const ATTEMPTS = 100;

/** Returns the changed entry; undefined if nothing changes. */
export type ChangeEntry = (entry: LedgerEntry | undefined) => LedgerEntry | undefined;

/** A doubt to note in an entry: Oplead may still carry out an earlier request, and so replace what the ledger says. */
export interface Doubt extends Pick<LedgerEntry, "creationDoubtedAt"> {
  readonly doubtedAt: number;
}

/** Used as the entry of a user that the ledger does not know. */
export const NO_ENTRY: LedgerEntry = { rules: {}, at: 0 };

/** The ledger entry of one user while it is reconciled. Every write raises the revision. */
export class EntryWriter {
  readonly #ledger: EntryAccess;
  readonly #accountNumber: string;
  readonly #readOnly: boolean;
  #entry = NO_ENTRY;
  /** The entry that the ledger has, as this object last read or wrote it. */
  #stored = NO_ENTRY;
  /** Steps that Oplead has accepted and that are not written into the ledger yet. */
  #kept: SyncStep[] = [];
  /**
   * If an update found that another process had written the entry: the found entry, and the entry as this object knew
   * it before.
   */
  #found: { readonly entry: LedgerEntry; readonly before: LedgerEntry } | undefined;

  /** `readOnly`: the entry changes in this object but not in the ledger, for test mode. */
  constructor(ledger: EntryAccess, accountNumber: string, readOnly = false) {
    this.#ledger = ledger;
    this.#accountNumber = accountNumber;
    this.#readOnly = readOnly;
  }

  /**
   * The entry in the ledger, with the accepted steps that are not written yet. In test mode, the entry as it would be
   * after a real call.
   */
  get entry(): LedgerEntry {
    return this.#entry;
  }

  /** The accepted steps that are not written yet. Write them before {@link update}. */
  get kept(): readonly SyncStep[] {
    return this.#kept;
  }

  /** Keeps the entry as it is after Oplead has accepted a step. The next {@link write} writes it into the ledger. */
  keep(entry: LedgerEntry, step: SyncStep): void {
    this.#entry = entry;
    this.#kept.push(step);
  }

  async read(): Promise<LedgerEntry | undefined> {
    const stored = await useLedger(() => this.#ledger.get(this.#accountNumber));
    const entry = stored && readEntry(stored);
    this.#entry = entry ?? NO_ENTRY;
    this.#stored = this.#entry;
    return entry;
  }

  /**
   * Whether an update found that another process recorded a state of the user that differs from `own`. Each such state
   * is reported only once: the next call returns false.
   */
  takeOvertaken(own: LedgerEntry): boolean {
    const found = this.#found;
    this.#found = undefined;
    return found !== undefined && hasAnotherState(found.entry, found.before, own);
  }

  /**
   * Writes the entry, with all accepted steps, in place of the entry that was read. `isLast`: nothing else is to be
   * sent or written, so the lease may be given back in the same step.
   *
   * @throws {@link EntryConflict} if the ledger compares revisions, and another process has written the entry
   * meanwhile. The steps are then marked to be sent again: Oplead has just accepted them, perhaps after it had accepted
   * the newer state of the other process.
   */
  async write(entry: LedgerEntry, isLast = false): Promise<void> {
    const before = this.#stored;
    const { doubtedAt } = this.#entry;
    const steps = this.#kept;
    this.#kept = [];
    if (await this.#put(entry, isLast)) return;
    await this.read();
    const isOvertaken = hasAnotherState(this.#entry, before, entry);
    // If a request for this user had no answer, Oplead may still carry it out after the request of the process that
    // wrote the entry. So the user stays in doubt.
    const newDoubt = doubtedAt === undefined || doubtedAt === before.doubtedAt ? undefined : { doubtedAt };
    for (const step of steps) await this.forget(step, newDoubt, entry.id);
    // Keep the id that Oplead has just answered with. Otherwise the user would be looked up by its account number.
    this.#entry = { ...this.#entry, id: this.#entry.id ?? entry.id };
    throw new EntryConflict(isOvertaken);
  }

  /**
   * Marks a step to be sent again, because it is not known what Oplead has. If another process has written the entry
   * meanwhile, the newer entry is changed. A user without an entry gets an entry with the doubt, because Oplead may
   * still carry out its request.
   */
  forget(step: SyncStep, doubt?: Doubt, id = this.#entry.id): Promise<void> {
    return this.update((entry) => {
      if (!entry) return doubt && withDoubt({ rules: {}, at: doubt.doubtedAt }, doubt);
      const forgotten = withoutAccepted(entry, step) ?? (doubt && entry);
      return forgotten && withDoubt({ ...forgotten, id: forgotten.id ?? id }, doubt);
    });
  }

  /** Notes that a creation of the user was sent and had no known outcome. `at`: when it was sent. */
  noteLostCreation(at: number): Promise<void> {
    return this.update((entry = { rules: {}, at }) =>
      entry.id !== undefined || entry.creationLost ? undefined : { ...entry, creationLost: true },
    );
  }

  /**
   * Removes the id from the entry, because it belongs to another user. The user is then looked up by its account number
   * and sent again.
   */
  forgetId(id: string | undefined): Promise<void> {
    return this.update((entry) =>
      entry && entry.id === id
        ? {
            ...entry,
            id: undefined,
            user: undefined,
            fields: undefined,
            identity: undefined,
            accepted: undefined,
            rules: {},
          }
        : undefined,
    );
  }

  /**
   * Changes the entry. If another process writes it meanwhile, reads it again and repeats the change.
   *
   * @throws {@link OpleadError} `ledger_conflict` if other processes never stop writing it.
   */
  async update(change: ChangeEntry): Promise<void> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const before = this.#entry;
      const entry = this.#readOnly ? before : await this.read();
      if (entry && entry.revision !== before.revision) this.#found ??= { entry, before };
      const changed = change(entry);
      if (changed === undefined || (await this.#put(changed))) return;
    }
    throw ledgerConflict("The ledger entry changes faster than it can be written.");
  }

  async #put(entry: LedgerEntry, isLast = false): Promise<boolean> {
    const expected = this.#entry.revision ?? 0;
    const whole = entry.damaged ? withoutDamage(entry) : entry;
    const next: LedgerEntry = this.#readOnly ? whole : { ...whole, revision: expected + 1 };
    const isWritten =
      this.#readOnly || (await useLedger(() => this.#ledger.replace(this.#accountNumber, expected, next, isLast)));
    if (!isWritten) return false;
    this.#entry = next;
    this.#stored = next;
    return true;
  }
}

function withoutDamage({ damaged: _, ...whole }: LedgerEntry): LedgerEntry {
  return whole;
}

/** Whether an entry tells anything about the content that Oplead has. An entry with only an id does not. */
export function hasState({ user, rules, held }: LedgerEntry): boolean {
  return user !== undefined || held !== undefined || Object.keys(rules).length > 0;
}

/** A new entry that says that Oplead has accepted this content, and nothing else. */
export function entryOf({ userHash: user, rules }: Content): LedgerEntry {
  return { user, rules: Object.fromEntries(rules.map(({ name, hash }) => [name, hash])), at: 0 };
}

/** Whether the entry `found` has a step whose content is neither in `before` nor in `own`. */
function hasAnotherState(found: LedgerEntry, before: LedgerEntry, own: LedgerEntry): boolean {
  const known = [contentsOf(before), contentsOf(own)];
  const isKnown = ([step, hash]: readonly [string, string]): boolean => known.some((one) => one.get(step) === hash);
  return ![...contentsOf(found)].every(isKnown);
}

/** The hash of each step that Oplead accepted or refused. */
function contentsOf({ user, rules, held = {} }: LedgerEntry): Map<string, string> {
  const refused = Object.entries(held).map(([step, refusal]) => [`held ${step}`, refusal?.hash] as const);
  const all = [["user", user] as const, ...Object.entries(rules), ...refused];
  return new Map(all.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

/**
 * Returns the entry with the doubt. If there is no doubt, returns the entry unchanged. The doubt about an earlier
 * creation stays, because another process may have noted it.
 */
export function withDoubt(entry: LedgerEntry, doubt: Doubt | undefined): LedgerEntry {
  if (!doubt) return entry;
  const { doubtedAt, creationDoubtedAt = entry.creationDoubtedAt } = doubt;
  return { ...entry, doubtedAt, creationDoubtedAt };
}

/** The doubt that is noted in the entry while the user is sent. */
export interface Attempt {
  readonly at: number;
  /** The entry before the doubt was noted. */
  readonly before: LedgerEntry;
}

/**
 * Removes from the entry the doubt that was noted when an attempt began, because the attempt has ended. A doubt from
 * before the attempt is restored. `left` is the doubt that the attempt itself caused. It stays in the entry. If `left`
 * is not about a creation, the doubt about a creation is removed, so that the next attempt can create the user at once.
 * Undefined if nothing changes.
 */
export function withoutAttempt(
  entry: LedgerEntry,
  { at, before }: Attempt,
  left: Doubt | undefined,
): LedgerEntry | undefined {
  const isOver = entry.doubtedAt === at && !left;
  const isCreationOver = entry.creationDoubtedAt === at && left?.creationDoubtedAt === undefined;
  if (!isOver && !isCreationOver) return undefined;
  const doubtedAt = isOver ? before.doubtedAt : entry.doubtedAt;
  const creationDoubtedAt = isCreationOver ? before.creationDoubtedAt : entry.creationDoubtedAt;
  return { ...entry, doubtedAt, creationDoubtedAt };
}

/** Returns the entry without the noted refusal of the step. */
export function withoutHeld(entry: LedgerEntry, step: SyncStep): LedgerEntry {
  if (!entry.held?.[step]) return entry;
  const { [step]: _, ...held } = entry.held;
  return { ...entry, held: Object.keys(held).length > 0 ? held : undefined };
}

/** Returns the entry as if Oplead had not accepted the step. Undefined if the entry does not have the step. */
function withoutAccepted(entry: LedgerEntry, step: SyncStep): LedgerEntry | undefined {
  if (step === "user") return entry.user === undefined ? undefined : { ...entry, user: undefined };
  if (entry.rules[step] === undefined) return undefined;
  const { [step]: _, ...rules } = entry.rules;
  return { ...entry, rules };
}

/* Each of the next functions returns the entry of a user after an answer of Oplead. */

/**
 * Returns the entry after Oplead has accepted the user. `made`: the fingerprints of the user, made with the ID that
 * Oplead returned.
 */
export function withUser(
  entry: LedgerEntry,
  content: Content,
  { id, outcome }: Pick<UpsertResult, "id" | "outcome">,
  made: EntryFingerprints,
): LedgerEntry {
  // If Oplead created the user, or returned another id, Oplead does not have the rules that the entry lists.
  const isSame = outcome === "updated" && id === entry.id;
  const rules = isSame ? entry.rules : {};
  const accepted = isSame ? entry.accepted : undefined;
  return {
    ...withoutHeld(entry, "user"),
    id,
    user: content.userHash,
    key: made.key,
    fields: made.fields,
    identity: made.identity,
    rules,
    accepted: acceptedBy({ user: content.userHash, rules, accepted }, content),
    movedFrom: undefined,
    creationDoubtedAt: undefined,
    creationLost: undefined,
  };
}

/** Returns the entry after Oplead has accepted a rule. */
export function withRule(entry: LedgerEntry, content: Content, { name, hash }: HashedRule): LedgerEntry {
  const rules = { ...entry.rules, [name]: hash };
  const { user, accepted } = entry;
  return { ...withoutHeld(entry, name), rules, accepted: acceptedBy({ user, rules, accepted }, content) };
}

/**
 * Returns the entry after Oplead has refused a step for good. `isUncertain`: Oplead may have carried out an earlier
 * attempt of the step.
 */
export function withRefusal(entry: LedgerEntry, refusal: Omit<HeldStep, "firstAt">, isUncertain: boolean): LedgerEntry {
  const { step, hash } = refusal;
  const before = entry.held?.[step];
  const firstAt = before?.hash === hash ? (before.firstAt ?? before.at) : undefined;
  const known = (isUncertain && withoutAccepted(entry, step)) || entry;
  return { ...known, held: { ...entry.held, [step]: { ...refusal, firstAt } } };
}
