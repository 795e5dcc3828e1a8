import type { OpleadIssue } from "../errors.ts";
import {
  accountNumberOf,
  type Content,
  changedFields,
  compare,
  type Due,
  isNews,
  readContent,
  type SourceUser,
  type Version,
} from "../ledger/index.ts";
import type { UserProfile } from "../reference/types.ts";
import { findUserIssues } from "../user/schema.ts";
import { parentsFirst, placeIssues } from "./hierarchy.ts";
import type { Known } from "./known.ts";
import type { DuplicateUser, HeldUser, InvalidRecord, PlannedUser } from "./plan.ts";
import type { Mapped } from "./read-source.ts";

/** A change and what is needed to carry it out. */
export interface Change {
  readonly planned: PlannedUser;
  readonly content: Content;
  readonly due: Due;
  readonly source: SourceUser;
  /** The account number of its parent, where that is in the source and Oplead does not have it yet. */
  readonly newParent: string | undefined;
  /** Whether what is held of it is tried again. */
  readonly retryHeld: boolean;
}

/** What the ledger must learn of an unchanged user. */
export interface News {
  readonly accountNumber: string;
  readonly version: Version | undefined;
}

type Verdict = "change" | "unchanged" | "held" | "invalid" | "duplicate" | "stale";

/** A user of the source. Kept small: there is one for each, also when nothing has changed. */
interface Row {
  readonly index: number;
  readonly signature: string;
  readonly profile: string | undefined;
  readonly parentIdentifier: string | undefined;
  verdict: Verdict;
}

/** Content that has something to send, or would have if it were not held. */
interface Candidate {
  readonly content: Content;
  readonly source: SourceUser;
  readonly due: Due;
}

/** Takes the records of a source one by one and sorts them by what is to be done. */
export class Draft {
  readonly #known: Known;
  readonly #retryHeld: boolean;
  readonly #rows = new Map<string, Row>();
  readonly #candidates = new Map<string, Candidate>();
  readonly #duplicates = new Map<string, number[]>();
  readonly #news = new Map<string, Version | undefined>();
  readonly #invalid: InvalidRecord[] = [];
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
    for (const { verdict } of this.#rows.values()) if (verdict === "change") return true;
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
    return this.#rows.size + this.#unidentified;
  }

  /** Judges what can only be judged once all is known: places in the hierarchy, and what is held because of a parent. */
  finish(profiles: ReadonlyMap<string, UserProfile> | undefined): void {
    this.#releaseHeld();
    const placeOf = (accountNumber: string) => {
      const row = this.#rows.get(accountNumber);
      return row && { profile: row.profile, parent: this.parentOf(accountNumber) };
    };
    for (const [accountNumber, row] of this.#rows) {
      if (row.verdict !== "change") continue;
      const issues = placeIssues(accountNumber, placeOf, profiles);
      if (issues.length === 0) continue;
      row.verdict = "invalid";
      this.#invalid.push({ record: row.index, accountNumber, issues });
    }
    this.#invalid.sort((a, b) => a.record - b.record);
  }

  /** The changes, parents first and otherwise in the order of the source. */
  changes(): Change[] {
    const inOrder = [...this.#rows]
      .filter(([, { verdict }]) => verdict === "change")
      .sort(([, a], [, b]) => a.index - b.index)
      .map(([accountNumber]) => [accountNumber, this.#changeOf(accountNumber)] as const);
    return parentsFirst(new Map(inOrder), (accountNumber) => this.parentOf(accountNumber));
  }

  held(): HeldUser[] {
    const held: HeldUser[] = [];
    for (const [accountNumber, { due }] of this.#candidates) {
      if (due.held.length === 0 || this.#retriesHeld(accountNumber)) continue;
      for (const step of due.held) {
        const before = this.#known.get(accountNumber)?.held?.[step];
        if (before) held.push({ accountNumber, step, code: before.code, status: before.status, since: before.at });
      }
    }
    return held;
  }

  get invalid(): readonly InvalidRecord[] {
    return this.#invalid;
  }

  duplicates(): DuplicateUser[] {
    return [...this.#duplicates].map(([accountNumber, records]) => ({
      accountNumber,
      records: [...records].sort((a, b) => a - b),
    }));
  }

  accountNumbersOf(verdict: Verdict): string[] {
    return [...this.#rows].filter(([, row]) => row.verdict === verdict).map(([accountNumber]) => accountNumber);
  }

  count(verdict: Verdict): number {
    let count = 0;
    for (const row of this.#rows.values()) if (row.verdict === verdict) count += 1;
    return count;
  }

  has(accountNumber: string): boolean {
    return this.#rows.has(accountNumber);
  }

  news(): News[] {
    return [...this.#news].map(([accountNumber, version]) => ({ accountNumber, version }));
  }

  /** The account number of a user's parent, given as one or as an Oplead ID; undefined when nobody here knows it. */
  parentOf(accountNumber: string): string | undefined {
    const identifier = this.#rows.get(accountNumber)?.parentIdentifier;
    if (identifier === undefined || this.#rows.has(identifier) || this.#known.get(identifier)) return identifier;
    return this.#known.ownerOf(identifier);
  }

  /** The parents that changes name and nobody here knows. They may be users of Oplead that the source does not keep. */
  unknownParents(): { accountNumber: string; parent: string }[] {
    const unknown: { accountNumber: string; parent: string }[] = [];
    for (const [accountNumber, { verdict, parentIdentifier }] of this.#rows) {
      if (verdict !== "change" || parentIdentifier === undefined) continue;
      if (this.parentOf(accountNumber) === undefined) unknown.push({ accountNumber, parent: parentIdentifier });
    }
    return unknown;
  }

  #sort(index: number, source: SourceUser): void {
    let content: Content | readonly OpleadIssue[];
    try {
      content = readContent(source);
    } catch {
      content = [{ path: "", message: "cannot be written as JSON" }];
    }
    const accountNumber = accountNumberOf(source.user);
    if (!("userHash" in content)) {
      this.#refuse(index, accountNumber, content);
      return;
    }
    const signature = [content.userHash, ...content.rules.map(({ name, hash }) => name + hash)].join();
    const { user } = content;
    const parent = user.parentUserIdentifier;
    const row: Row = {
      index,
      signature,
      profile: typeof user.profile?.code === "string" ? user.profile.code : undefined,
      parentIdentifier: parent === undefined || parent === null ? undefined : String(parent),
      verdict: "unchanged",
    };
    if (!this.#enter(content.accountNumber, row)) return;

    const known = this.#known.get(content.accountNumber);
    const due = compare(content, known, this.#retryHeld);
    if (due.stale) row.verdict = "stale";
    else if (due.user || due.rules.length > 0) row.verdict = "change";
    else if (due.held.length > 0) row.verdict = "held";
    if (known && isNews(known, content.version)) this.#news.set(content.accountNumber, content.version);

    const issues = row.verdict === "change" && due.user ? findUserIssues(user) : [];
    if (issues.length > 0) {
      row.verdict = "invalid";
      this.#invalid.push({ record: index, accountNumber: content.accountNumber, issues });
    } else if (row.verdict === "change" || row.verdict === "held") {
      this.#candidates.set(content.accountNumber, { content, source, due });
    }
  }

  #refuse(index: number, accountNumber: string | undefined, issues: readonly OpleadIssue[]): void {
    if (accountNumber === undefined) this.#unidentified += 1;
    else {
      const row: Row = {
        index,
        signature: `record ${index}`,
        profile: undefined,
        parentIdentifier: undefined,
        verdict: "invalid",
      };
      if (!this.#enter(accountNumber, row)) return;
    }
    this.#invalid.push({ record: index, accountNumber, issues });
  }

  /** False for an account number that is taken: by the same content, or by another, and then none of them counts. */
  #enter(accountNumber: string, row: Row): boolean {
    const first = this.#rows.get(accountNumber);
    if (!first) {
      this.#rows.set(accountNumber, row);
      return true;
    }
    const records = this.#duplicates.get(accountNumber);
    if (records) records.push(row.index);
    else if (first.signature === row.signature) this.#ignored += 1;
    else {
      this.#duplicates.set(accountNumber, [first.index, row.index]);
      first.verdict = "duplicate";
      this.#candidates.delete(accountNumber);
      const invalid = this.#invalid.findIndex((record) => record.accountNumber === accountNumber);
      if (invalid >= 0) this.#invalid.splice(invalid, 1);
    }
    return false;
  }

  /** Again until nothing changes: who is released may be a parent in turn, and the order of the source must not matter. */
  #releaseHeld(): void {
    const held = [...this.#rows].filter(([, { verdict }]) => verdict === "held");
    for (let released = true; released; ) {
      released = false;
      for (const [accountNumber, row] of held) {
        if (row.verdict !== "held" || !this.#isParentNew(accountNumber)) continue;
        row.verdict = "change";
        released = true;
      }
    }
  }

  /** A user may have been refused because its parent was not there. If the parent has been written since, it may fit now. */
  #isParentNew(accountNumber: string): boolean {
    const refused = this.#known.get(accountNumber)?.held?.user;
    const parent = this.parentOf(accountNumber);
    if (!refused || parent === undefined) return false;
    return this.#rows.get(parent)?.verdict === "change" || (this.#known.get(parent)?.at ?? 0) > refused.at;
  }

  #retriesHeld(accountNumber: string): boolean {
    const candidate = this.#candidates.get(accountNumber);
    // What was held as a whole and is to be sent now has been released.
    const released = candidate && !candidate.due.user && candidate.due.rules.length === 0;
    return this.#retryHeld || (released === true && this.#rows.get(accountNumber)?.verdict === "change");
  }

  #changeOf(accountNumber: string): Change {
    const { content, source, due } = this.#candidates.get(accountNumber) as Candidate;
    const known = this.#known.get(accountNumber);
    const retryHeld = this.#retriesHeld(accountNumber);
    const all = retryHeld ? compare(content, known, true) : due;
    const parent = this.parentOf(accountNumber);
    const planned: PlannedUser = {
      accountNumber,
      kind: known?.id === undefined ? "new" : "changed",
      id: known?.id,
      fields: all.user ? changedFields(content, known) : [],
      rules: all.rules.map(({ name }) => name),
      after: parent !== undefined && this.#rows.get(parent)?.verdict === "change" ? parent : undefined,
    };
    const isNew = parent !== undefined && this.#rows.has(parent) && this.#known.get(parent)?.id === undefined;
    return { planned, content, due: all, source, newParent: isNew ? parent : undefined, retryHeld };
  }
}
