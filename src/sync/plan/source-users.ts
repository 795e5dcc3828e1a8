import { fnv1a } from "../../core/hash.ts";
import { issueAt, type OpleadIssue } from "../../core/issues.ts";
import { withFields } from "../../ledger/entry.ts";
import type { LedgerEntry } from "../../ledger/ledger.ts";
import { areIncomparable, isOlder, type Version } from "../../ledger/version.ts";
import { tellRecord } from "../../locales/en/core.ts";
import { doubtToClear } from "../../reconcile/abandoned-run.ts";
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
import { accountNumberOf, findUserIssues, type UserInput, type UserOptions } from "../../user/user.ts";
import type { DuplicateUser, InvalidRecord, SourcePosition } from "../types/records.ts";
import type { KeptApproval } from "./approval.ts";
import {
  type LedgerSnapshot,
  type RetryPolicy,
  type SnapshotEntry,
  type StepsToRetry,
  stepsToRetry,
} from "./ledger-snapshot.ts";
import type { MappedRecord } from "./map-record.ts";
import { oncePerValue, type SharedValues } from "./shared-values.ts";

/** A user whose content differs from what Oplead has accepted. */
export interface Candidate {
  readonly content: Content;
  readonly open: OpenSteps;
  /** The held steps that are tried again. */
  readonly retry: StepsToRetry;
}

/**
 * Fields to add to an entry, with the hash of the user and the revision that the entry had when the fields were made.
 */
export type Lacking = Partial<EntryFingerprints> & Pick<LedgerEntry, "user" | "revision" | "accepted">;

/**
 * A user of the source, with data from its record and its ledger entry. It is kept small, because a plan holds one for
 * each user, even if nothing has changed.
 */
export interface SourceRow extends SourcePosition {
  readonly profile: string | undefined;
  /** The parent in the form that the source gives: an account number or an Oplead ID. */
  readonly parentIdentifier: string | undefined;
  readonly version: Version | undefined;
  /** The result of {@link GuardOptions.segments}. Undefined also if the record could not be mapped. */
  readonly segment?: string | undefined;
  /** The result of {@link PolicyCoverage.receives}. Undefined also if the record could not be mapped. */
  readonly receives?: boolean | undefined;
  /**
   * Facts to add to the entry of an unchanged user: fingerprints, made with the current key, and the accepted rules.
   */
  readonly lacking?: Lacking | undefined;
  /** Whether the user has the content that a person approved for a first night that has not ended. */
  readonly approved?: true | undefined;
  readonly state: "unchanged" | "stale" | "invalid" | "duplicate" | Candidate;
}

interface CompareOptions {
  readonly retry: RetryPolicy;
  readonly resend: boolean;
  /** How long Oplead may take to carry out a request: {@link OpleadOptions.lateMs}. */
  readonly lateMs: number;
  /** Collects e-mail addresses and logins; undefined if data is not checked. */
  readonly shared: SharedValues | undefined;
  /** Whether a user that is in the source now may have got rules while it was a leaver. */
  readonly mayHaveLeaverRules: (entry: LedgerEntry) => boolean;
  /** The approval of a first run that was interrupted. A first run sends all users for the first time. */
  readonly approval?: KeptApproval | undefined;
  /** Options of the client that decide which users are valid on the platform. */
  readonly users: UserOptions;
  /**
   * Whether the record counts as the newest state of its user, even if its version is older. Then versions only decide
   * between two records of the same user.
   */
  readonly ignoresVersions?: boolean | undefined;
}

/**
 * Collects the records of a source. There is one row for each account number, whatever the order and number of its
 * records.
 */
export class SourceUsers {
  readonly #ledger: LedgerSnapshot;
  readonly #options: CompareOptions;
  readonly rows = new Map<string, SourceRow>();
  readonly #invalid = new Map<string, InvalidRecord>();
  readonly #unidentified: InvalidRecord[] = [];
  readonly #duplicates = new Map<string, SourcePosition[]>();
  readonly #texts = new Map<string, string>();
  /**
   * Users with a step that may have to be sent. On most nights they are few, so this list saves a search through all
   * rows.
   */
  readonly #opened = new Set<string>();
  /** Account numbers whose records have a version that cannot be compared with the version in the ledger. */
  readonly incomparable: string[] = [];
  /** Users that may have got rules while they were leavers, and whose records give no rules to replace them. */
  readonly backWithRules: string[] = [];
  /** Records that `map` left out, and repeated or older records of a user. */
  ignored = 0;
  /** Whether some user may have to be sent. Then the plan reads the profiles of the platform to check such users. */
  hasOpenSteps = false;

  constructor(ledger: LedgerSnapshot, options: CompareOptions) {
    this.#ledger = ledger;
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

  /** The number of records without a usable account number. */
  get unidentified(): number {
    return this.#unidentified.length;
  }

  /** The number of users in the source, including users that cannot be sent. */
  get size(): number {
    return this.rows.size + this.#unidentified.length;
  }

  /** The users whose own content is sent. A user is left out if only its rules are sent. */
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

  /** The geographical rules that are sent. */
  areasToSend(): Iterable<readonly [accountNumber: string, rule: HashedRule]> {
    const [rows, opened] = [this.rows, this.#opened];
    return {
      *[Symbol.iterator]() {
        for (const accountNumber of opened) {
          const state = rows.get(accountNumber)?.state;
          const rule = typeof state === "object" && state.open.rules.find(({ name }) => name === "geographical");
          if (rule) yield [accountNumber, rule] as const;
        }
      },
    };
  }

  invalid(): InvalidRecord[] {
    return [...this.#unidentified, ...this.#invalid.values()];
  }

  duplicates(): DuplicateUser[] {
    return [...this.#duplicates].map(([accountNumber, positions]) => {
      const inOrder = [...positions].sort((a, b) => a.record - b.record);
      return { accountNumber, records: inOrder.map(({ record }) => record), rows: inOrder.map(({ row }) => row) };
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
    const doubtedAt = doubtToClear(entry?.doubtedAt, this.#options.retry.now, this.#options.lateMs);
    const open = compare(content, entry, retry, this.#options.resend, doubtedAt);
    const issues = open.user ? oncePerValue(user, findUserIssues(mapped.user?.user, this.#options.users)) : [];
    const parent = user.parentUserIdentifier;
    const isEqual = !open.user && open.rules.length === 0 && open.held.length === 0;
    this.#options.shared?.add(accountNumber, user);
    const isEntered = this.#enter(accountNumber, {
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
    });
    if (!isEntered) return;
    if (issues.length > 0) this.#invalid.set(accountNumber, { record, row, accountNumber, issues });
    else if (open.user || open.rules.length > 0) this.hasOpenSteps = true;
    if (open.user || open.rules.length > 0) this.#opened.add(accountNumber);
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
    const invalid: InvalidRecord = { record, row, accountNumber, issues };
    if (error !== undefined) Object.defineProperty(invalid, "error", { value: error, enumerable: false });
    if (accountNumber === undefined) {
      noteRecordHash(invalid, source);
      this.#unidentified.push(invalid);
      return;
    }
    const unread = { profile: undefined, parentIdentifier: undefined };
    const isEntered = this.#enter(accountNumber, { record, row, ...unread, version, state: "invalid" });
    if (isEntered) this.#invalid.set(accountNumber, invalid);
  }

  /**
   * Adds the row of a record. Returns false if the record is older than another record of the same user, or has the
   * same content. If two records of a user differ and have no versions that tell which is newer, neither is sent.
   */
  #enter(accountNumber: string, row: SourceRow): boolean {
    const other = this.rows.get(accountNumber);
    if (!other) {
      this.rows.set(accountNumber, row);
      return true;
    }
    const duplicates = this.#duplicates.get(accountNumber);
    if (isOlder(other.version, row.version)) {
      this.ignored += duplicates?.length ?? 1;
      this.#duplicates.delete(accountNumber);
      this.#invalid.delete(accountNumber);
      this.rows.set(accountNumber, row);
      return true;
    }
    if (isOlder(row.version, other.version)) this.ignored += 1;
    else if (duplicates) duplicates.push(positionOf(row));
    else if (saysTheSame(other, row)) this.ignored += 1;
    else {
      this.#duplicates.set(accountNumber, [positionOf(other), positionOf(row)]);
      this.#invalid.delete(accountNumber);
      this.rows.set(accountNumber, { ...other, state: "duplicate" });
    }
    return false;
  }

  /** Returns one copy of equal texts. A text that was cut out of a file may otherwise keep the whole file in memory. */
  #shared(text: string): string {
    const known = this.#texts.get(text);
    if (known === undefined) this.#texts.set(text, text);
    return known ?? text;
  }
}

/**
 * Whether two records have the same content. Two unchanged records are equal, because both have the content in the
 * ledger.
 */
function saysTheSame({ state: a }: SourceRow, { state: b }: SourceRow): boolean {
  if (typeof a === "string" || typeof b === "string") return a === b && (a === "unchanged" || a === "stale");
  return a.content.userHash === b.content.userHash && rulesOf(a.content) === rulesOf(b.content);
}

/** Whether Oplead has a rule of the user that the user's record in the source does not give. */
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

/**
 * Remembers a hash of an invalid record, so that the next run recognises the record. The hash is not a field of the
 * record, because records are printed and saved.
 */
function noteRecordHash(invalid: InvalidRecord, content: unknown): void {
  try {
    hashes.set(invalid, fnv1a(JSON.stringify(content)).toString(36));
  } catch {
    // It cannot be written as JSON, so its place is used instead.
  }
}

/** Returns a text by which an invalid record without an account number is recognised. */
export function recordHashOf(invalid: InvalidRecord): string {
  return hashes.get(invalid) ?? `record ${invalid.record}`;
}

/** A user that may be sent, compared with its entry. Slow comparisons are made only when needed, and once. */
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

  /** Whether Oplead never accepted the user, according to the ledger. Then all paths of the user are new. */
  get isNew(): boolean {
    return !this.entry || !isComparable(this.entry);
  }

  /** The paths in which the user differs from what Oplead has accepted: {@link changedPaths}. */
  changedPaths(): readonly string[] | undefined {
    const { content } = this.candidate;
    this.#changed ??= {
      paths: changedPaths(new UserFingerprints(content.user), this.entry, this.#ledger.fingerprints),
    };
    return this.#changed.paths;
  }

  /** Whether the user gives up a login or an e-mail address: {@link freesValue}. */
  freesValue(): boolean | undefined {
    this.#frees ??= { value: freesValue(this.candidate.content, this.entry, () => this.changedPaths()) };
    return this.#frees.value;
  }

  /** Whether the guard counts the user as changed. A user whose id was imported without its content does not count. */
  differs(): boolean {
    if (this.entry?.id !== undefined && this.isNew) return false;
    return differsFromLast(this.candidate.content, this.entry, () => this.changedPaths());
  }
}
