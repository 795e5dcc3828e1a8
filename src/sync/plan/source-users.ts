import { fnv1a } from "../../core/hash.ts";
import { issueAt, type OpleadIssue } from "../../core/issues.ts";
import { withFields } from "../../ledger/entry.ts";
import type { LedgerEntry } from "../../ledger/ledger.ts";
import { areIncomparable, isOlder, type Version } from "../../ledger/version.ts";
import { tellRecord } from "../../locales/en/core.ts";
import {
  acceptedBy,
  changedPaths,
  compare,
  differsFromLast,
  type EntryFingerprints,
  freesValue,
  isComparable,
  type OpenSteps,
  UserFingerprints,
} from "../../reconcile/compare.ts";
import { type Content, type HashedRule, keptContent, readContent } from "../../reconcile/content.ts";
import { isSettled } from "../../reconcile/intent.ts";
import { accountNumberOf, findUserIssues, type UserInput, type UserOptions } from "../../user/user.ts";
import type { Finding, SourcePosition } from "../types/findings.ts";
import type { KeptApproval } from "./approval.ts";
import {
  type LedgerSnapshot,
  type RetryPolicy,
  type SnapshotEntry,
  type StepsToRetry,
  stepsToRetry,
} from "./ledger-snapshot.ts";
import type { MappedRecord } from "./map-record.ts";
import { confirmedAt, type Refresh } from "./refresh.ts";
import { oncePerValue, type SharedValues } from "./shared-values.ts";

export interface Candidate {
  readonly content: Content;
  readonly open: OpenSteps;
  readonly retry: StepsToRetry;
}

// `user` and `revision` are those of the entry when this was made.
export type Lacking = Partial<EntryFingerprints> & Pick<LedgerEntry, "user" | "revision" | "accepted">;

// Kept small: a plan holds one for each user.
export interface SourceRow extends SourcePosition {
  readonly accountNumber: string;
  readonly profile: string | undefined;
  // An account number or an Oplead ID.
  readonly parentIdentifier: string | undefined;
  readonly version: Version | undefined;
  readonly segment?: string | undefined;
  readonly receives?: boolean | undefined;
  // What the entry of an unchanged user lacks: new fingerprints, accepted rules.
  readonly lacking?: Lacking | undefined;
  readonly approved?: true | undefined;
  readonly state: "unchanged" | "stale" | "invalid" | "duplicate" | Candidate;
}

// An entry holds the place of its row: another map of all users takes a tenth of a night.
export class SourceRows {
  readonly #ledger: LedgerSnapshot;
  readonly #rows: SourceRow[] = [];
  readonly #new = new Map<string, number>();

  constructor(ledger: LedgerSnapshot) {
    this.#ledger = ledger;
  }

  get size(): number {
    return this.#rows.length;
  }

  get(accountNumber: string): SourceRow | undefined {
    const place = this.#placeOf(accountNumber);
    return place === undefined ? undefined : this.#rows[place];
  }

  has(accountNumber: string): boolean {
    return this.#placeOf(accountNumber) !== undefined;
  }

  set(row: SourceRow): void {
    const place = this.#placeOf(row.accountNumber) ?? this.#rows.length;
    this.#rows[place] = row;
    const entry = this.#ledger.get(row.accountNumber);
    if (entry) entry.place = place;
    else this.#new.set(row.accountNumber, place);
  }

  [Symbol.iterator](): Iterator<SourceRow> {
    return this.#rows.values();
  }

  #placeOf(accountNumber: string): number | undefined {
    const entry = this.#ledger.get(accountNumber);
    return entry ? entry.place : this.#new.get(accountNumber);
  }
}

export interface Refreshed {
  readonly accountNumber: string;
  readonly row: SourceRow;
  readonly candidate: Candidate;
  readonly confirmedAt: number;
}

interface CompareOptions {
  readonly retry: RetryPolicy;
  readonly resend: boolean;
  readonly lateMs: number;
  readonly shared: SharedValues | undefined;
  readonly mayHaveLeaverRules: (entry: LedgerEntry) => boolean;
  readonly approval?: KeptApproval | undefined;
  readonly users: UserOptions;
  // Takes each record as the newest state. Versions decide only between records of one user.
  readonly ignoresVersions?: boolean | undefined;
  readonly refresh?: Refresh | undefined;
}

export class SourceUsers {
  readonly #ledger: LedgerSnapshot;
  readonly #options: CompareOptions;
  readonly rows: SourceRows;
  readonly #invalid = new Map<string, Finding<"invalid">>();
  readonly #unidentified: Finding<"invalid">[] = [];
  readonly #duplicates = new Map<string, SourcePosition[]>();
  readonly #texts = new Map<string, string>();
  // Users with something to send, few on most nights: saves a search through all rows.
  readonly #opened = new Set<string>();
  readonly #due: Refreshed[] = [];
  readonly incomparable: string[] = [];
  // Former leavers who are in the source again without rules: they keep the rules that they may have got as leavers.
  readonly backWithRules: string[] = [];
  ignored = 0;
  hasOpenSteps = false;

  constructor(ledger: LedgerSnapshot, options: CompareOptions) {
    this.#ledger = ledger;
    this.rows = new SourceRows(ledger);
    this.#options = options;
  }

  take(mapped: MappedRecord): void {
    const { user, failure, key } = mapped;
    const content = user && readContent(user, this.#options.users);
    if (failure) this.#refuse(mapped, key, undefined, failure.issues, failure.error);
    else if (!content) this.ignored += 1;
    else if (!("userHash" in content)) this.#refuse(mapped, key ?? accountNumberOf(user.user), user.version, content);
    else if (key === undefined || key === content.accountNumber) this.#compare(mapped, content);
    else {
      this.#refuse(mapped, key, user.version, [issueAt("accountNumber", tellRecord("other_key"))]);
    }
  }

  get unidentified(): number {
    return this.#unidentified.length;
  }

  get size(): number {
    return this.rows.size + this.#unidentified.length;
  }

  usersToSend(): Iterable<readonly [accountNumber: string, user: UserInput]> {
    const [rows, opened] = [this.rows, this.#opened];
    return {
      *[Symbol.iterator]() {
        for (const accountNumber of opened) {
          const state = rows.get(accountNumber)?.state;
          if (typeof state === "object" && state.open.user) yield [accountNumber, state.content.user] as const;
        }
      },
    };
  }

  rulesToSend(): Iterable<readonly [accountNumber: string, rule: HashedRule]> {
    const [rows, opened] = [this.rows, this.#opened];
    return {
      *[Symbol.iterator]() {
        for (const accountNumber of opened) {
          const state = rows.get(accountNumber)?.state;
          for (const rule of typeof state === "object" ? state.open.rules : []) yield [accountNumber, rule] as const;
        }
      },
    };
  }

  // The oldest first, and no more than a night may send.
  refreshes(): readonly Refreshed[] {
    const due = this.#due.filter(({ accountNumber, row }) => this.rows.get(accountNumber) === row);
    return due.sort((a, b) => a.confirmedAt - b.confirmedAt).slice(0, this.#options.refresh?.most);
  }

  invalid(): Finding<"invalid">[] {
    return [...this.#unidentified, ...this.#invalid.values()];
  }

  duplicates(): Finding<"duplicate">[] {
    return [...this.#duplicates].map(([accountNumber, positions]) => {
      const inOrder = [...positions].sort((a, b) => a.record - b.record);
      const [{ record, row }] = inOrder as [SourcePosition];
      return { kind: "duplicate", record, row, accountNumber, places: inOrder };
    });
  }

  #compare(mapped: MappedRecord, given: Content): void {
    const { record, row } = mapped;
    const { accountNumber, user, version } = given;
    const content = this.#options.ignoresVersions ? { ...given, version: undefined } : given;
    const entry = this.#ledger.get(accountNumber);
    const retry = stepsToRetry(entry, this.#options.retry);
    if (areIncomparable(content.version, entry?.version)) this.incomparable.push(accountNumber);
    if (entry && this.#options.mayHaveLeaverRules(entry) && lacksRules(content, entry))
      this.backWithRules.push(accountNumber);
    const { resend, lateMs, retry: policy } = this.#options;
    const mustRepeat = entry?.intent !== undefined && isSettled(entry.intent, policy.now, lateMs);
    const open = compare(content, entry, retry, resend, mustRepeat);
    const issues = open.user ? oncePerValue(user, findUserIssues(mapped.user?.user, this.#options.users)) : [];
    const parent = user.parentUserIdentifier;
    const isEqual = !open.user && open.rules.length === 0 && open.held.length === 0;
    this.#options.shared?.add(accountNumber, user);
    const entered: SourceRow = {
      accountNumber: entry?.accountNumber ?? accountNumber,
      record,
      row,
      profile: typeof user.profile?.code === "string" ? this.#shared(user.profile.code) : undefined,
      parentIdentifier: parent === undefined || parent === null ? undefined : this.#shared(String(parent)),
      version,
      segment: mapped.segment === undefined ? undefined : this.#shared(mapped.segment),
      receives: mapped.receives,
      approved: this.#options.approval?.covers(content) || undefined,
      lacking: isEqual ? this.#lacking(content, entry) : undefined,
      state: open.stale
        ? "stale"
        : issues.length > 0
          ? "invalid"
          : isEqual
            ? "unchanged"
            : { content: keptContent(content), open, retry },
    };
    if (!this.#enter(entered)) return;
    if (entry && entered.state === "unchanged" && this.#options.refresh?.isDue(accountNumber, entry))
      this.#refresh(entered, content, entry, retry);
    if (issues.length > 0) this.#invalid.set(accountNumber, { kind: "invalid", record, row, accountNumber, issues });
    else if (open.user || open.rules.length > 0) this.hasOpenSteps = true;
    if (open.user || open.rules.length > 0) this.#opened.add(accountNumber);
  }

  #refresh(row: SourceRow, content: Content, entry: SnapshotEntry, retry: StepsToRetry): void {
    const open = compare(content, entry, retry, true);
    if (open.held.length > 0 || findUserIssues(content.user, this.#options.users).length > 0) return;
    const candidate = { content: keptContent(content), open, retry };
    const { accountNumber } = content;
    this.#due.push({ accountNumber, row, candidate, confirmedAt: confirmedAt(entry) });
  }

  #lacking(content: Content, entry: SnapshotEntry | undefined): Lacking | undefined {
    if (entry?.id === undefined) return undefined;
    const { userHash: user } = content;
    const { fingerprints } = this.#ledger;
    const lacksFingerprints = fingerprints.key !== undefined && entry.user === user && entry.key !== fingerprints.key;
    const lacksAccepted = !entry.keepsAccepted;
    if (!lacksFingerprints && !lacksAccepted) return undefined;
    const lacking: Lacking = lacksAccepted
      ? { user: entry.user, revision: entry.revision, accepted: acceptedBy(entry, content) }
      : { user: entry.user, revision: entry.revision };
    return lacksFingerprints
      ? withFields(lacking, new UserFingerprints(content.user).toKeep(entry.id, fingerprints))
      : lacking;
  }

  #refuse(
    { record, row, source }: MappedRecord,
    accountNumber: string | undefined,
    version: Version | undefined,
    issues: readonly OpleadIssue[],
    error?: unknown,
  ): void {
    const invalid: Finding<"invalid"> = { kind: "invalid", record, row, accountNumber, issues };
    if (error !== undefined) Object.defineProperty(invalid, "error", { value: error, enumerable: false });
    if (accountNumber === undefined) {
      noteRecordHash(invalid, source);
      this.#unidentified.push(invalid);
      return;
    }
    const unread = { profile: undefined, parentIdentifier: undefined };
    const isEntered = this.#enter({ accountNumber, record, row, ...unread, version, state: "invalid" });
    if (isEntered) this.#invalid.set(accountNumber, invalid);
  }

  // Returns false for an older or equal record. If two records differ and no version decides, neither is sent.
  #enter(row: SourceRow): boolean {
    const { accountNumber } = row;
    const other = this.rows.get(accountNumber);
    if (!other) {
      this.rows.set(row);
      return true;
    }
    const duplicates = this.#duplicates.get(accountNumber);
    if (isOlder(other.version, row.version)) {
      this.ignored += duplicates?.length ?? 1;
      this.#duplicates.delete(accountNumber);
      this.#invalid.delete(accountNumber);
      this.rows.set(row);
      return true;
    }
    if (isOlder(row.version, other.version)) this.ignored += 1;
    else if (duplicates) duplicates.push(positionOf(row));
    else if (saysTheSame(other, row)) this.ignored += 1;
    else {
      this.#duplicates.set(accountNumber, [positionOf(other), positionOf(row)]);
      this.#invalid.delete(accountNumber);
      this.rows.set({ ...other, state: "duplicate" });
    }
    return false;
  }

  // Keeps each text once: a text cut out of a file may keep the whole file in memory.
  #shared(text: string): string {
    const known = this.#texts.get(text);
    if (known === undefined) this.#texts.set(text, text);
    return known ?? text;
  }
}

function saysTheSame({ state: a }: SourceRow, { state: b }: SourceRow): boolean {
  if (typeof a === "string" || typeof b === "string") return a === b && (a === "unchanged" || a === "stale");
  return a.content.userHash === b.content.userHash && rulesOf(a.content) === rulesOf(b.content);
}

function lacksRules({ rules }: Content, entry: LedgerEntry): boolean {
  return Object.keys(entry.rules).some((name) => !rules.some((rule) => rule.name === name));
}

function rulesOf({ rules }: Content): string {
  return rules.map(({ name, hash }) => `${name}=${hash}`).join();
}

function positionOf({ record, row }: SourcePosition): SourcePosition {
  return { record, row };
}

const hashes = new WeakMap<object, string>();

// The hash is no field of the record, because records are printed and saved.
function noteRecordHash(invalid: Finding<"invalid">, content: unknown): void {
  try {
    hashes.set(invalid, fnv1a(JSON.stringify(content)).toString(36));
  } catch {
    // The content is not JSON: `recordHashOf` uses the record's number instead.
  }
}

export function recordHashOf(invalid: Finding<"invalid">): string {
  return hashes.get(invalid) ?? `record ${invalid.record}`;
}

// Makes slow comparisons once, when needed.
export class Comparison {
  readonly accountNumber: string;
  readonly row: SourceRow;
  readonly candidate: Candidate;
  readonly entry: LedgerEntry | undefined;
  readonly #ledger: LedgerSnapshot;
  #changed: { readonly paths: readonly string[] | undefined } | undefined;
  #frees: { readonly value: boolean | undefined } | undefined;

  constructor(accountNumber: string, row: SourceRow, candidate: Candidate, ledger: LedgerSnapshot) {
    this.accountNumber = accountNumber;
    this.row = row;
    this.candidate = candidate;
    this.entry = ledger.get(accountNumber);
    this.#ledger = ledger;
  }

  get isNew(): boolean {
    return !this.entry || !isComparable(this.entry);
  }

  changedPaths(): readonly string[] | undefined {
    const { content } = this.candidate;
    this.#changed ??= {
      paths: changedPaths(new UserFingerprints(content.user), this.entry, this.#ledger.fingerprints),
    };
    return this.#changed.paths;
  }

  freesValue(): boolean | undefined {
    this.#frees ??= { value: freesValue(this.candidate.content, this.entry, () => this.changedPaths()) };
    return this.#frees.value;
  }

  // False for a user whose id was imported without its content.
  differs(): boolean {
    if (this.entry?.id !== undefined && this.isNew) return false;
    return differsFromLast(this.candidate.content, this.entry, () => this.changedPaths());
  }
}
