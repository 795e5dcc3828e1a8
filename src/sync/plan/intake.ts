import type { OpleadIssue } from "../../errors.ts";
import { isOlder, type Version } from "../../ledger/version.ts";
import { compare, type Due } from "../../reconcile/compare.ts";
import { accountNumberOf, type Content, keptContent, readContent, type SourceUser } from "../../reconcile/content.ts";
import { findUserIssues } from "../../user/schema.ts";
import type { DuplicateUser, InvalidRecord } from "../records.ts";
import type { Known } from "./known.ts";
import type { Mapped } from "./read-source.ts";

export type Verdict = "change" | "unchanged" | "held" | "invalid" | "duplicate" | "stale";

/** A user of the source. Kept small: there is one for each, also when nothing has changed. */
export interface Row {
  readonly index: number;
  readonly signature: string;
  readonly profile: string | undefined;
  readonly parentIdentifier: string | undefined;
  readonly version: Version | undefined;
  verdict: Verdict;
}

/** Content that has something to send, or would have if it were not held. */
export interface Candidate {
  readonly content: Content;
  readonly due: Due;
}

/** Takes the records of a source one by one and sorts them by what can be said of each alone. */
export class Intake {
  readonly #known: Known;
  readonly #retryHeld: boolean;
  readonly rows = new Map<string, Row>();
  readonly candidates = new Map<string, Candidate>();
  readonly invalid: InvalidRecord[] = [];
  readonly #duplicates = new Map<string, number[]>();
  #ignored = 0;
  #unidentified = 0;

  constructor(known: Known, retryHeld: boolean) {
    this.#known = known;
    this.#retryHeld = retryHeld;
  }

  take(mapped: Mapped): void {
    const { index } = mapped;
    if ("thrown" in mapped) {
      const message = `map threw ${mapped.thrown instanceof Error ? mapped.thrown.name : `a ${typeof mapped.thrown}`}`;
      this.#refuse(index, undefined, [{ path: "", message }]);
    } else if (!mapped.user) this.#ignored += 1;
    else this.#sort(index, mapped.user);
  }

  /** Whether there is something to check against the profiles of the platform. */
  get hasChanges(): boolean {
    for (const { verdict } of this.rows.values()) if (verdict === "change") return true;
    return false;
  }

  /** Records of which nobody knows whom they are about. */
  get unidentified(): number {
    return this.#unidentified;
  }

  get ignored(): number {
    return this.#ignored;
  }

  /** Users of the source, those that cannot be sent included. */
  get size(): number {
    return this.rows.size + this.#unidentified;
  }

  has(accountNumber: string): boolean {
    return this.rows.has(accountNumber);
  }

  duplicates(): DuplicateUser[] {
    return [...this.#duplicates].map(([accountNumber, records]) => ({
      accountNumber,
      records: [...records].sort((a, b) => a - b),
    }));
  }

  #sort(index: number, source: SourceUser): void {
    const content = readContent(source);
    if (!("userHash" in content)) {
      this.#refuse(index, source, content);
      return;
    }
    const { accountNumber, user, version } = content;
    const parent = user.parentUserIdentifier;
    const row: Row = {
      index,
      signature: [content.userHash, ...content.rules.map(({ name, hash }) => name + hash)].join(),
      profile: typeof user.profile?.code === "string" ? user.profile.code : undefined,
      parentIdentifier: parent === undefined || parent === null ? undefined : String(parent),
      version,
      verdict: "unchanged",
    };
    if (!this.#enter(accountNumber, row)) return;

    const due = compare(content, this.#known.get(accountNumber), this.#retryHeld);
    if (due.stale) row.verdict = "stale";
    else if (due.user || due.rules.length > 0) row.verdict = "change";
    else if (due.held.length > 0) row.verdict = "held";

    const issues = due.user ? findUserIssues(user) : [];
    if (issues.length > 0) {
      row.verdict = "invalid";
      this.invalid.push({ record: index, accountNumber, issues });
    } else if (row.verdict === "change" || row.verdict === "held") {
      this.candidates.set(accountNumber, { content: keptContent(content), due });
    }
  }

  #refuse(index: number, source: SourceUser | undefined, issues: readonly OpleadIssue[]): void {
    const accountNumber = accountNumberOf(source?.user);
    if (accountNumber === undefined) this.#unidentified += 1;
    else {
      const row: Row = {
        index,
        signature: `record ${index}`,
        profile: undefined,
        parentIdentifier: undefined,
        version: source?.version,
        verdict: "invalid",
      };
      if (!this.#enter(accountNumber, row)) return;
    }
    this.invalid.push({ record: index, accountNumber, issues });
  }

  /**
   * False for a record that is older than another of its user, or the same again. Where versions do not tell which of
   * two counts, neither does.
   */
  #enter(accountNumber: string, row: Row): boolean {
    const other = this.rows.get(accountNumber);
    if (!other) {
      this.rows.set(accountNumber, row);
      return true;
    }
    const records = this.#duplicates.get(accountNumber);
    if (isOlder(other.version, row.version)) {
      this.#ignored += records?.length ?? 1;
      this.#duplicates.delete(accountNumber);
      this.#withdraw(accountNumber);
      this.rows.set(accountNumber, row);
      return true;
    }
    if (isOlder(row.version, other.version)) this.#ignored += 1;
    else if (records) records.push(row.index);
    else if (other.signature === row.signature) this.#ignored += 1;
    else {
      this.#duplicates.set(accountNumber, [other.index, row.index]);
      this.#withdraw(accountNumber);
      other.verdict = "duplicate";
    }
    return false;
  }

  #withdraw(accountNumber: string): void {
    this.candidates.delete(accountNumber);
    const invalid = this.invalid.findIndex((record) => record.accountNumber === accountNumber);
    if (invalid >= 0) this.invalid.splice(invalid, 1);
  }
}
