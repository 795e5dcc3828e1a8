import type { Version } from "../../ledger/version.ts";
import { changedFields, compare, type Due } from "../../reconcile/compare.ts";
import type { Content } from "../../reconcile/content.ts";
import { isNews } from "../../reconcile/presence.ts";
import type { UserProfile } from "../../reference-types.ts";
import { type HeldUser, heldUser, type InvalidRecord, type PlannedUser } from "../records.ts";
import { parentsFirst, placeIssues } from "./hierarchy.ts";
import type { Candidate, Intake, Row, Verdict } from "./intake.ts";
import type { Known } from "./known.ts";

/** A change and what is needed to carry it out. */
export interface Change {
  readonly planned: PlannedUser;
  readonly content: Content;
  readonly due: Due;
  /** The account number of its parent, where that is in the source and Oplead does not have it yet. */
  readonly newParent: string | undefined;
  /** Whether what is held of it is tried again. */
  readonly retryHeld: boolean;
}

/** What the ledger must learn of a user besides what is delivered. */
export interface News {
  readonly accountNumber: string;
  readonly version: Version | undefined;
}

/** Judges what can only be judged once all is known: places in the hierarchy, and what is held because of a parent. */
export class Draft {
  readonly #known: Known;
  readonly #rows: ReadonlyMap<string, Row>;
  readonly #candidates: ReadonlyMap<string, Candidate>;
  readonly #retryHeld: boolean;
  readonly invalid: readonly InvalidRecord[];

  constructor(
    intake: Intake,
    known: Known,
    retryHeld: boolean,
    profiles: ReadonlyMap<string, UserProfile> | undefined,
  ) {
    this.#known = known;
    this.#rows = intake.rows;
    this.#candidates = intake.candidates;
    this.#retryHeld = retryHeld;
    this.#releaseHeld();
    this.invalid = [...intake.invalid, ...this.#misplaced(profiles)].sort((a, b) => a.record - b.record);
  }

  /** The changes, parents first and otherwise in the order of the source. */
  changes(): Change[] {
    const inOrder = [...this.#rows]
      .filter(([, { verdict }]) => verdict === "change")
      .sort(([, a], [, b]) => a.index - b.index)
      .map(([accountNumber]) => [accountNumber, this.#changeOf(accountNumber)] as const);
    return parentsFirst(new Map(inOrder), (accountNumber) => this.#parentOf(accountNumber));
  }

  held(): HeldUser[] {
    return [...this.#candidates]
      .filter(([accountNumber]) => !this.#retriesHeld(accountNumber))
      .flatMap(([accountNumber, { due }]) => due.held.map((step) => heldUser(accountNumber, step)));
  }

  accountNumbersOf(verdict: Verdict): string[] {
    return [...this.#rows].filter(([, row]) => row.verdict === verdict).map(([accountNumber]) => accountNumber);
  }

  count(verdict: Verdict): number {
    let count = 0;
    for (const row of this.#rows.values()) if (row.verdict === verdict) count += 1;
    return count;
  }

  /** A version counts once nothing has to be sent for it: deliveries note theirs themselves, when they succeed. */
  news(): News[] {
    const news: News[] = [];
    for (const [accountNumber, row] of this.#rows) {
      const known = this.#known.get(accountNumber);
      const version = row.verdict === "unchanged" || row.verdict === "held" ? row.version : undefined;
      if (known && isNews(known, version)) news.push({ accountNumber, version });
    }
    return news;
  }

  /** The parents that changes name and nobody here knows. They may be users of Oplead that the source does not keep. */
  unknownParents(): { accountNumber: string; parent: string }[] {
    const unknown: { accountNumber: string; parent: string }[] = [];
    for (const [accountNumber, { verdict, parentIdentifier }] of this.#rows) {
      if (verdict !== "change" || parentIdentifier === undefined) continue;
      if (this.#parentOf(accountNumber) === undefined) unknown.push({ accountNumber, parent: parentIdentifier });
    }
    return unknown;
  }

  /** The account number of a user's parent, given as one or as an Oplead ID; undefined when nobody here knows it. */
  #parentOf(accountNumber: string): string | undefined {
    const identifier = this.#rows.get(accountNumber)?.parentIdentifier;
    if (identifier === undefined || this.#rows.has(identifier) || this.#known.get(identifier)) return identifier;
    return this.#known.ownerOf(identifier);
  }

  /** Takes the changes of users that cannot stand where they are. */
  #misplaced(profiles: ReadonlyMap<string, UserProfile> | undefined): InvalidRecord[] {
    const placeOf = (accountNumber: string) => {
      const row = this.#rows.get(accountNumber);
      return row && { profile: row.profile, parent: this.#parentOf(accountNumber) };
    };
    const misplaced: InvalidRecord[] = [];
    for (const [accountNumber, row] of this.#rows) {
      if (row.verdict !== "change") continue;
      const issues = placeIssues(accountNumber, placeOf, profiles);
      if (issues.length === 0) continue;
      row.verdict = "invalid";
      misplaced.push({ record: row.index, accountNumber, issues });
    }
    return misplaced;
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
    const parent = this.#parentOf(accountNumber);
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
    const { content, due } = this.#candidates.get(accountNumber) as Candidate; // every change has been one
    const known = this.#known.get(accountNumber);
    const retryHeld = this.#retriesHeld(accountNumber);
    const all = retryHeld ? compare(content, known, true) : due;
    const parent = this.#parentOf(accountNumber);
    const planned: PlannedUser = {
      accountNumber,
      kind: known?.id === undefined ? "new" : "changed",
      id: known?.id,
      fields: all.user ? changedFields(content, known) : [],
      rules: all.rules.map(({ name }) => name),
      after: parent !== undefined && this.#rows.get(parent)?.verdict === "change" ? parent : undefined,
    };
    const parentIsNew = parent !== undefined && this.#rows.has(parent) && this.#known.get(parent)?.id === undefined;
    return { planned, content, due: all, newParent: parentIsNew ? parent : undefined, retryHeld };
  }
}
