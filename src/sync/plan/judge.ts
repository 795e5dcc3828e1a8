import type { OpleadIssue } from "../../core/issues.ts";
import { giveWay, inTurns, type LongWork } from "../../core/time.ts";
import type { LedgerEntry, StoredRefusal } from "../../ledger/ledger.ts";
import { addedPaths, compare, fieldsOf, type OpenSteps } from "../../reconcile/compare.ts";
import type { Content } from "../../reconcile/content.ts";
import { isKnown } from "../../reconcile/entry-writer.ts";
import { mayBeBefore } from "../../reconcile/intent.ts";
import { changesPresence, hasAnotherParentState, type KeptOf } from "../../reconcile/presence.ts";
import { mayBeConflict } from "../../reconcile/reconciliation.ts";
import type { UserProfile } from "../../rules/countries.ts";
import { heldFinding } from "../findings.ts";
import { type Finding, NO_RECORD, type PlacedUser, type WaitingRoot } from "../types/findings.ts";
import type { PlannedUser } from "../types/records.ts";
import { cycleIssue, findParents, type Parents, profileIssues } from "./hierarchy.ts";
import type { LedgerSnapshot, StepsToRetry } from "./ledger-snapshot.ts";
import { type Candidate, Comparison, type Refreshed, type SourceRow, type SourceRows } from "./source-users.ts";
import type { Identities } from "./twins.ts";

// Holds personal data, so it is not public.
export interface Change extends Candidate {
  readonly planned: PlannedUser;
  // Paths that differ from what Oplead accepted last. Undefined if that is not known: all paths count.
  readonly paths: readonly string[] | undefined;
  readonly added: ReadonlySet<string>;
  readonly approved: boolean;
  // Oplead refused the same content before: the guard counted the user in an earlier plan.
  readonly isRefusedBefore: boolean;
  // Segment in the entry, else in the record.
  readonly segment: string | undefined;
  readonly parent: string | undefined;
  readonly newParent: string | undefined;
  // Revision of the entry that the plan was made from; 0 without an entry.
  readonly revision: number;
  readonly isKnown: boolean;
  // False for users sent again, and for those whose id was imported without their content.
  readonly differs: boolean;
  // Sent last: its parent is missing, or another user still has its login or e-mail.
  readonly last: boolean;
  readonly freesValue: boolean;
  readonly takenBy: PlacedUser | undefined;
}

export interface PresentUser extends Pick<SourceRow, "version" | "lacking"> {
  readonly accountNumber: string;
  readonly kept: KeptOf | undefined;
}

type Verdict = "change" | "unchanged" | "held" | "waiting" | "invalid" | "duplicate" | "twin" | "stale";

export interface JudgeInput {
  readonly rows: SourceRows;
  readonly ledger: LedgerSnapshot;
  readonly profiles: ReadonlyMap<string, UserProfile> | undefined;
  readonly dataIssues: ReadonlyMap<string, readonly OpleadIssue[]>;
  readonly resend: boolean;
  readonly refreshes?: readonly Refreshed[] | undefined;
  readonly twins?: Identities["twins"] | undefined;
  readonly owners?: Identities["owners"] | undefined;
  readonly keptOf?:
    | ((accountNumber: string, row: SourceRow, entry: LedgerEntry | undefined) => KeptOf | undefined)
    | undefined;
}

export interface Judgement {
  // Parents first, users below an unknown parent last.
  readonly changes: readonly Change[];
  // Unchanged users that are sent again. The guard, policies and approvals do not count them.
  readonly refreshes: readonly Change[];
  readonly held: readonly Finding<"held">[];
  readonly waiting: readonly Finding<"waiting">[];
  readonly invalid: readonly Finding<"invalid">[];
  readonly twins: readonly Finding<"twin">[];
  readonly stale: readonly Finding<"stale">[];
  readonly unchanged: number;
  // Users of which nothing is sent, because the rest is held.
  readonly heldUsers: number;
  // Users whose entry changes without a request: back in the source, another version or fingerprint.
  readonly present: readonly PresentUser[];
  readonly unknownParents: readonly { readonly accountNumber: string; readonly parent: string }[];
}

export async function judge(input: JudgeInput, work: LongWork): Promise<Judgement> {
  return new Judge(input, findParents(input.rows, input.ledger)).judge(work);
}

class Judge {
  readonly #input: JudgeInput;
  readonly #parents: Parents;
  // Verdicts on candidates. For other users the state of the row is the verdict.
  readonly #verdicts = new Map<string, Verdict>();
  readonly #comparisons = new Map<string, Comparison>();
  readonly #result = {
    changes: [] as Change[],
    refreshes: [] as Change[],
    held: [] as Finding<"held">[],
    waiting: [] as Finding<"waiting">[],
    invalid: [] as Finding<"invalid">[],
    twins: [] as Finding<"twin">[],
    stale: [] as Finding<"stale">[],
    unchanged: 0,
    heldUsers: 0,
    present: [] as PresentUser[],
    unknownParents: [] as { accountNumber: string; parent: string }[],
  };
  // Users that are sent themselves, not only their rules.
  readonly #sentUsers = new Set<string>();
  readonly #retried = new Set<string>();
  // By a waiting user's account number, the topmost user that it waits for.
  readonly #roots = new Map<string, WaitingRoot>();
  #valuesAreFreed = false;

  constructor(input: JudgeInput, parents: Parents) {
    this.#input = input;
    this.#parents = parents;
  }

  async judge(work: LongWork): Promise<Judgement> {
    const { rows, ledger } = this.#input;
    const candidates: Comparison[] = [];
    for (const row of rows) {
      const { accountNumber } = row;
      if (typeof row.state === "object") candidates.push(new Comparison(accountNumber, row, row.state, ledger));
      else if (row.state === "stale") {
        this.#result.stale.push({ kind: "stale", record: row.record, row: row.row, accountNumber });
      } else if (row.state === "unchanged") this.#result.unchanged += 1;
    }
    // Records are mapped concurrently, so they may arrive in another order.
    candidates.sort((a, b) => a.row.record - b.row.record);
    for (const one of candidates) this.#comparisons.set(one.accountNumber, one);
    for await (const step of inTurns(this.#steps(), work)) step();
    await giveWay(work);
    this.#refresh(this.#input.refreshes ?? []);
    this.#findPresent();
    return this.#result;
  }

  #refresh(all: readonly Refreshed[]): void {
    this.#result.unchanged -= all.length;
    for (const { accountNumber, row, candidate } of all) {
      const comparison = new Comparison(accountNumber, row, candidate, this.#input.ledger);
      const change = this.#change(comparison, candidate, this.#parents.of(row), undefined, "refreshed");
      this.#result.refreshes.push(change);
    }
  }

  // Small steps. If a refusal may be about a taken login or e-mail, first finds out whether a user gives one up.
  *#steps(): Generator<() => void> {
    const comparisons = [...this.#comparisons.values()];
    if (comparisons.some(({ candidate }) => mayBeAboutValue(candidate))) {
      for (const one of comparisons) {
        yield () => {
          this.#valuesAreFreed ||= one.candidate.open.user && one.freesValue() === true;
        };
      }
    }
    for (const { accountNumber, cycle } of this.#parents.inOrder([...this.#comparisons.keys()])) {
      const comparison = this.#comparisons.get(accountNumber);
      if (comparison) yield () => this.#verdicts.set(accountNumber, this.#decide(comparison, cycle));
    }
  }

  #decide(comparison: Comparison, cycle: readonly string[] | undefined): Verdict {
    const { accountNumber, row, candidate } = comparison;
    const { record, row: name } = row;
    const parent = this.#parents.of(row);
    const released = this.#released(candidate, parent);
    const { open, retry } = released ? this.#reopened(accountNumber, candidate) : candidate;
    if (!open.user && open.rules.length === 0) {
      this.#hold(accountNumber, row, open.held);
      this.#result.heldUsers += 1;
      return "held";
    }
    const { profiles, rows, dataIssues } = this.#input;
    const parentProfile = parent === undefined ? undefined : rows.get(parent)?.profile;
    const issues = [
      ...(cycle ? [cycleIssue(cycle)] : []),
      ...(profiles ? profileIssues(row.profile, cycle ? undefined : parentProfile, profiles) : []),
      ...(dataIssues.get(accountNumber) ?? []),
    ];
    if (issues.length > 0) {
      this.#result.invalid.push({ kind: "invalid", record, row: name, accountNumber, issues });
      return "invalid";
    }
    const twin = this.#input.twins?.get(accountNumber);
    if (twin) {
      this.#result.twins.push({ kind: "twin", record, row: name, accountNumber, ...twin });
      return "twin";
    }
    const root = this.#obstacle(parent);
    if (parent !== undefined && root !== undefined) {
      this.#roots.set(accountNumber, root);
      this.#result.waiting.push({ kind: "waiting", record, row: name, accountNumber, parent, root });
      return "waiting";
    }
    this.#hold(accountNumber, row, open.held);
    if (row.parentIdentifier !== undefined && parent === undefined) {
      this.#result.unknownParents.push({ accountNumber, parent: row.parentIdentifier });
    }
    const isRetried = !released && this.#isRetried(accountNumber, { ...candidate, open, retry });
    if (isRetried) this.#retried.add(accountNumber);
    else if (open.user) this.#sentUsers.add(accountNumber);
    this.#result.changes.push(this.#change(comparison, { open, retry }, parent, released));
    return "change";
  }

  #change(
    comparison: Comparison,
    { open, retry }: Pick<Candidate, "open" | "retry">,
    parent: string | undefined,
    released: "parent" | "conflict" | undefined,
    kind?: "refreshed",
  ): Change {
    const { rows } = this.#input;
    const { accountNumber, row, entry, isNew } = comparison;
    const { content } = comparison.candidate;
    const paths = !open.user ? [] : isNew ? undefined : (comparison.changedPaths() ?? []);
    const isOther = entry?.user !== undefined && entry.user !== content.userHash;
    const parentIsNew = parent !== undefined && rows.has(parent) && !this.#isInOplead(parent);
    const segment = entry?.segment ?? row.segment;
    // No spread: copies take more memory, and there may be very many.
    return {
      content,
      open,
      retry,
      planned: {
        record: row.record,
        row: row.row,
        accountNumber,
        kind: kind ?? (this.#retried.has(accountNumber) ? "retried" : entry?.id === undefined ? "new" : "changed"),
        id: entry?.id,
        movedFrom: entry?.movedFrom,
        fields: paths ? fieldsOf(paths) : Object.keys(content.user).sort(),
        fieldsUnknown: open.user && paths?.length === 0 && isOther,
        doubted: open.doubted,
        rules: open.rules.map(({ name }) => name),
        after: parent !== undefined && this.#verdictOn(parent) === "change" ? parent : undefined,
        segment,
      },
      paths,
      added: addedPaths(paths ?? [], open.rules, entry),
      approved: row.approved === true,
      isRefusedBefore: isRefusedBefore(content, open, entry),
      segment,
      parent,
      newParent: parentIsNew ? parent : undefined,
      revision: entry?.revision ?? 0,
      isKnown: entry !== undefined && isKnown(entry),
      differs: comparison.differs(),
      last: released === "conflict" || this.#parents.isUnknown(row),
      freesValue: open.user && comparison.freesValue() !== false,
      takenBy: this.#input.owners?.get(accountNumber),
    };
  }

  #isInOplead(accountNumber: string): boolean {
    const entry = this.#input.ledger.get(accountNumber);
    return entry?.id !== undefined && entry.movedFrom === undefined;
  }

  #obstacle(parent: string | undefined): WaitingRoot | undefined {
    if (parent === undefined || this.#isInOplead(parent)) return undefined;
    const above = this.#roots.get(parent);
    if (above) return above;
    const because = this.#whyNotSent(parent);
    if (because === undefined) return undefined;
    const given = this.#input.rows.get(parent);
    const refusal = because === "held" ? this.#input.ledger.get(parent)?.held?.user : undefined;
    const unknown = refusal?.waitsFor === undefined ? undefined : this.#parents.unknownOf(given);
    const { record, row } = given ?? NO_RECORD;
    return unknown ?? { record, row, accountNumber: parent, because };
  }

  #whyNotSent(parent: string): WaitingRoot["because"] | undefined {
    // A retried parent may be refused again. Its children stay out, or all of them would be planned each time.
    if (this.#retried.has(parent)) return "held";
    const verdict = this.#verdictOn(parent);
    if (verdict === undefined) return this.#input.ledger.get(parent)?.held?.user ? "held" : undefined;
    return verdict === "change" || verdict === "unchanged" || verdict === "waiting" ? undefined : verdict;
  }

  // Why a refused user is sent again: its parent changed or is sent, or another user gives up its login or e-mail.
  #released({ open }: Candidate, parent: string | undefined): "parent" | "conflict" | undefined {
    const refusal = refusalOf(open);
    if (!refusal) return undefined;
    if (parent !== undefined && (this.#sentUsers.has(parent) || this.#isAnother(parent, refusal))) {
      return "parent";
    }
    const isFreed = this.#valuesAreFreed || mayBeBefore(refusal.at, this.#input.ledger.valuesFreedAt);
    return isFreed && mayBeConflict(refusal.step, refusal.status) ? "conflict" : undefined;
  }

  #isRetried(accountNumber: string, { content, open, retry }: Candidate): boolean {
    if (retry === true) return false;
    const held = this.#input.ledger.get(accountNumber)?.held;
    if (open.user) return retry.includes("user") && held?.user?.hash === content.userHash;
    return open.rules.every(({ name, hash }) => retry.includes(name) && held?.[name]?.hash === hash);
  }

  // Compares states, not times: a clock may be set back.
  #isAnother(parent: string, { parentState }: StoredRefusal): boolean {
    return hasAnotherParentState(this.#input.ledger.get(parent), parentState);
  }

  #reopened(accountNumber: string, { content, open, retry }: Candidate): Pick<Candidate, "open" | "retry"> {
    const { ledger, resend } = this.#input;
    const steps: StepsToRetry = retry === true ? true : [...retry, "user"];
    return { open: compare(content, ledger.get(accountNumber), steps, resend, open.doubted), retry: steps };
  }

  #hold(accountNumber: string, row: SourceRow, steps: readonly StoredRefusal[]): void {
    for (const step of steps) {
      const root = step.waitsFor === undefined ? undefined : this.#parents.unknownOf(row);
      const owner = mayBeConflict(step.step, step.status) ? this.#input.owners?.get(accountNumber) : undefined;
      const held = heldFinding(accountNumber, row, step, owner);
      this.#result.held.push(root ? { ...held, root } : held);
    }
  }

  #verdictOn(accountNumber: string): Verdict | undefined {
    const state = this.#input.rows.get(accountNumber)?.state;
    return typeof state === "object" ? this.#verdicts.get(accountNumber) : state;
  }

  // Finds entries to change without a request. Sending a user writes its entry anyway.
  #findPresent(): void {
    const { rows, ledger, keptOf } = this.#input;
    for (const row of rows) {
      const { accountNumber } = row;
      // Skips almost all users on most nights: looking up entries is slow.
      const isAsBefore = row.version === undefined && !ledger.hasMissing && !row.lacking && !keptOf;
      if (isAsBefore && row.state === "unchanged") continue;
      const entry = ledger.get(accountNumber);
      const verdict = typeof row.state === "object" ? this.#verdicts.get(accountNumber) : row.state;
      const kept = this.#keptOf(accountNumber, row, verdict, entry);
      if (!entry && !kept) continue;
      const version = verdict === "unchanged" || verdict === "held" ? row.version : undefined;
      const { lacking } = row;
      if (lacking || kept || (entry && changesPresence(entry, version))) {
        this.#result.present.push({ accountNumber, version, lacking, kept });
      }
    }
  }

  // For a user that is sent, the issues are compared when the entry is written.
  #keptOf(
    accountNumber: string,
    row: SourceRow,
    verdict: Verdict | undefined,
    entry: LedgerEntry | undefined,
  ): KeptOf | undefined {
    if (verdict !== "change" && verdict !== "unchanged" && verdict !== "held") return undefined;
    const kept = this.#input.keptOf?.(accountNumber, row, entry);
    return verdict === "change" || (entry && kept?.(entry)) ? kept : undefined;
  }
}

function isRefusedBefore(content: Content, open: OpenSteps, entry: LedgerEntry | undefined): boolean {
  const { held } = entry ?? {};
  if (!held) return false;
  if (open.user) return held.user?.hash === content.userHash;
  return open.rules.length > 0 && open.rules.every(({ name, hash }) => held[name]?.hash === hash);
}

function refusalOf({ held }: Candidate["open"]): StoredRefusal | undefined {
  return held.find(({ step }) => step === "user");
}

function mayBeAboutValue({ open }: Candidate): boolean {
  const refusal = refusalOf(open);
  return refusal !== undefined && mayBeConflict(refusal.step, refusal.status);
}

// Includes users of an approved first run, which the guard does not count.
export function ofKind(changes: readonly Change[], kind: PlannedUser["kind"]): Change[] {
  return changes.filter(({ planned }) => planned.kind === kind);
}
