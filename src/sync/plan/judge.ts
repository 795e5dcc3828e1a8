import type { OpleadIssue } from "../../core/issues.ts";
import { giveWay, inTurns, type LongWork } from "../../core/time.ts";
import type { HeldStep, LedgerEntry } from "../../ledger/ledger.ts";
import { mayBeBefore } from "../../reconcile/abandoned-run.ts";
import { addedPaths, compare, fieldsOf, type OpenSteps } from "../../reconcile/compare.ts";
import type { Content } from "../../reconcile/content.ts";
import { changesPresence, hasAnotherParentState, type KeptOf } from "../../reconcile/presence.ts";
import { mayBeConflict } from "../../reconcile/reconciliation.ts";
import type { UserProfile } from "../../rules/countries.ts";
import {
  type HeldUser,
  heldUser,
  type InvalidRecord,
  NO_RECORD,
  type PlannedUser,
  type TwinUser,
  type WaitingRoot,
  type WaitingUser,
} from "../types/records.ts";
import { cycleIssue, findParents, type Parents, profileIssues } from "./hierarchy.ts";
import type { LedgerSnapshot, StepsToRetry } from "./ledger-snapshot.ts";
import { type Candidate, Comparison, type SourceRow } from "./source-users.ts";
import type { Twin } from "./twins.ts";

/** A user of the plan, with all that is needed to send it. It holds personal data, so it is not public. */
export interface Change extends Candidate {
  readonly planned: PlannedUser;
  /**
   * The paths in which the user differs from the content that Oplead accepted last. Undefined if that content is not
   * known, or Oplead accepted none; then all paths count as different.
   */
  readonly paths: readonly string[] | undefined;
  /** The paths and rules (`rules.maxDistance`) that Oplead did not have before, according to the ledger. */
  readonly added: ReadonlySet<string>;
  /** {@link SourceRow.approved}: if it is true, the guard does not count the change. */
  readonly approved: boolean;
  /** Whether Oplead refused the same content before. Then the guard has already counted it in an earlier plan. */
  readonly isRefusedBefore: boolean;
  /** The segment in which the guard counts the change: the one in the entry, or else the one that the source gives. */
  readonly segment: string | undefined;
  /** The account number of the user's parent, if the source or the ledger knows the parent. */
  readonly parent: string | undefined;
  /**
   * The account number of the user's parent, if the source has the parent and Oplead has no user with that account
   * number yet.
   */
  readonly newParent: string | undefined;
  /** The revision of the ledger entry that the plan was made from; 0 without an entry. */
  readonly revision: number;
  /** Whether the ledger had an entry of this user when the plan was made. */
  readonly hasEntry: boolean;
  /**
   * Whether the guard counts the user as changed. Users that are only sent again do not count, nor users whose id was
   * imported without their content.
   */
  readonly differs: boolean;
  /**
   * Whether the change is sent after all others. If it were sent earlier, Oplead would probably refuse it, because the
   * user's parent is missing or another user still has the user's login or e-mail address.
   */
  readonly last: boolean;
  /** Whether the change may give up a login or an e-mail address that another user needs. */
  readonly freesValue: boolean;
}

/** A user that the source has: its version, and the fields that its ledger entry lacks. */
export interface PresentUser extends Pick<SourceRow, "version" | "lacking"> {
  readonly accountNumber: string;
  readonly kept: KeptOf | undefined;
}

type Verdict = "change" | "unchanged" | "held" | "waiting" | "invalid" | "duplicate" | "twin" | "stale";

export interface JudgeInput {
  readonly rows: ReadonlyMap<string, SourceRow>;
  readonly ledger: LedgerSnapshot;
  /** The profiles of the platform, indexed by code; undefined if they are not known. */
  readonly profiles: ReadonlyMap<string, UserProfile> | undefined;
  /** Indexed by account number: issues of data checks that make a record invalid. */
  readonly dataIssues: ReadonlyMap<string, readonly OpleadIssue[]>;
  readonly resend: boolean;
  /** Indexed by account number: new users that are perhaps users that Oplead has already. */
  readonly twins?: ReadonlyMap<string, Twin> | undefined;
  /** Returns what the ledger keeps of a user beside its state, for example its email, once the user is in Oplead. */
  readonly keptOf?:
    | ((accountNumber: string, row: SourceRow, entry: LedgerEntry | undefined) => KeptOf | undefined)
    | undefined;
}

/** The decision about each user of a source. */
export interface Judgement {
  /** The changes in the order of the source, except that parents come first and users below an unknown parent last. */
  readonly changes: readonly Change[];
  readonly held: readonly HeldUser[];
  readonly waiting: readonly WaitingUser[];
  /** Records that are invalid because of other records or because of the profiles of the platform. */
  readonly invalid: readonly InvalidRecord[];
  /** New users that are perhaps users that Oplead has already. */
  readonly twins: readonly TwinUser[];
  readonly stale: readonly string[];
  readonly unchanged: number;
  /** Users that differ from Oplead only in content that Oplead refused before. Nothing is sent for them. */
  readonly heldUsers: number;
  /**
   * Users that are not sent, but whose entry must be changed: the user is back in the source, or its version or
   * fingerprints are new.
   */
  readonly present: readonly PresentUser[];
  /** Changed users with a parent that neither the source nor the ledger knows. */
  readonly unknownParents: readonly { readonly accountNumber: string; readonly parent: string }[];
}

/** Decides what to do about each user of the source. The result depends only on the input, which is not changed. */
export async function judge(input: JudgeInput, work: LongWork): Promise<Judgement> {
  return new Judge(input, findParents(input.rows, input.ledger)).judge(work);
}

class Judge {
  readonly #input: JudgeInput;
  readonly #parents: Parents;
  /** The verdicts on users that may have to be sent. For any other user, the state of its row is the verdict. */
  readonly #verdicts = new Map<string, Verdict>();
  /** The users that may have to be sent, in the order of the source. */
  readonly #comparisons = new Map<string, Comparison>();
  readonly #result = {
    changes: [] as Change[],
    held: [] as HeldUser[],
    waiting: [] as WaitingUser[],
    invalid: [] as InvalidRecord[],
    twins: [] as TwinUser[],
    stale: [] as string[],
    unchanged: 0,
    heldUsers: 0,
    present: [] as PresentUser[],
    unknownParents: [] as { accountNumber: string; parent: string }[],
  };
  /** The users whose own content is sent. If only rules of a user are sent, the user is not in this set. */
  readonly #sentUsers = new Set<string>();
  /** The users that are sent again because they have been held for a long time. */
  readonly #retried = new Set<string>();
  /**
   * Indexed by account number of a waiting user: the user that it waits for. If its parent waits as well, both wait for
   * the same user.
   */
  readonly #roots = new Map<string, WaitingRoot>();
  #valuesAreFreed = false;

  constructor(input: JudgeInput, parents: Parents) {
    this.#input = input;
    this.#parents = parents;
  }

  async judge(work: LongWork): Promise<Judgement> {
    const { rows, ledger } = this.#input;
    const candidates: Comparison[] = [];
    for (const [accountNumber, row] of rows) {
      if (typeof row.state === "object") candidates.push(new Comparison(accountNumber, row, row.state, ledger));
      else if (row.state === "stale") this.#result.stale.push(accountNumber);
      else if (row.state === "unchanged") this.#result.unchanged += 1;
    }
    // Several records are mapped at the same time, so they may arrive in another order than in the source.
    candidates.sort((a, b) => a.row.record - b.row.record);
    for (const one of candidates) this.#comparisons.set(one.accountNumber, one);
    for await (const step of inTurns(this.#steps(), work)) step();
    await giveWay(work);
    this.#findPresent();
    return this.#result;
  }

  /**
   * The work on all users, in small parts. If Oplead may have refused a user because of a value, the first parts find
   * out whether any user gives up a value. The parts after them decide about each user.
   */
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

  /** Decides what happens to one user. The verdict on the user's parent is known already. */
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
      this.#result.invalid.push({ record, row: name, accountNumber, issues });
      return "invalid";
    }
    const twin = this.#input.twins?.get(accountNumber);
    if (twin) {
      this.#result.twins.push({ record, row: name, accountNumber, ...twin });
      return "twin";
    }
    const root = this.#obstacle(parent);
    if (parent !== undefined && root !== undefined) {
      this.#roots.set(accountNumber, root);
      this.#result.waiting.push({ record, row: name, accountNumber, parent, root });
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
  ): Change {
    const { rows } = this.#input;
    const { accountNumber, row, entry, isNew } = comparison;
    const { content } = comparison.candidate;
    const paths = !open.user ? [] : isNew ? undefined : (comparison.changedPaths() ?? []);
    const isKnown = entry?.user !== undefined && entry.user !== content.userHash;
    const parentIsNew = parent !== undefined && rows.has(parent) && !this.#isInOplead(parent);
    const segment = entry?.segment ?? row.segment;
    // The fields are copied one by one, because spread copies take more memory and there may be very many changes.
    return {
      content,
      open,
      retry,
      planned: {
        record: row.record,
        row: row.row,
        accountNumber,
        kind: this.#retried.has(accountNumber) ? "retried" : entry?.id === undefined ? "new" : "changed",
        id: entry?.id,
        movedFrom: entry?.movedFrom,
        fields: paths ? fieldsOf(paths) : Object.keys(content.user).sort(),
        fieldsUnknown: open.user && paths?.length === 0 && isKnown,
        doubted: open.doubtedAt !== undefined,
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
      hasEntry: entry !== undefined,
      differs: comparison.differs(),
      last: released === "conflict" || this.#parents.isUnknown(row),
      freesValue: open.user && comparison.freesValue() !== false,
    };
  }

  /** Whether Oplead has the user under this account number, according to the ledger. */
  #isInOplead(accountNumber: string): boolean {
    const entry = this.#input.ledger.get(accountNumber);
    return entry?.id !== undefined && entry.movedFrom === undefined;
  }

  /**
   * The user that the children of this parent wait for, if Oplead does not have the parent and this plan does not send
   * it.
   */
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
    // The parent is sent again after a long time, and Oplead may refuse it again. Its children stay out of the plan
    // until Oplead has it, because otherwise all of them would be planned each time.
    if (this.#retried.has(parent)) return "held";
    const verdict = this.#verdictOn(parent);
    if (verdict === undefined) return this.#input.ledger.get(parent)?.held?.user ? "held" : undefined;
    return verdict === "change" || verdict === "unchanged" || verdict === "waiting" ? undefined : verdict;
  }

  /**
   * Why a held user (refused by Oplead earlier) is sent again: its parent has changed or is sent in this run, or
   * another user gives up the login or e-mail address that both users had. Undefined if the user stays held.
   */
  #released({ open }: Candidate, parent: string | undefined): "parent" | "conflict" | undefined {
    const refusal = refusalOf(open);
    if (!refusal) return undefined;
    if (parent !== undefined && (this.#sentUsers.has(parent) || this.#isAnother(parent, refusal))) {
      return "parent";
    }
    const isFreed = this.#valuesAreFreed || mayBeBefore(refusal.at, this.#input.ledger.valuesFreedAt);
    return isFreed && mayBeConflict(refusal.step, refusal.status) ? "conflict" : undefined;
  }

  /**
   * Whether all steps of the user that must be sent have been held for so long that they are tried again with the same
   * content.
   */
  #isRetried(accountNumber: string, { content, open, retry }: Candidate): boolean {
    if (retry === true) return false;
    const held = this.#input.ledger.get(accountNumber)?.held;
    if (open.user) return retry.includes("user") && held?.user?.hash === content.userHash;
    return open.rules.every(({ name, hash }) => retry.includes(name) && held?.[name]?.hash === hash);
  }

  /**
   * Whether the parent has changed since the refusal. This compares states and not times, because a clock may be set
   * back.
   */
  #isAnother(parent: string, { parentState }: HeldStep): boolean {
    return hasAnotherParentState(this.#input.ledger.get(parent), parentState);
  }

  #reopened(accountNumber: string, { content, open, retry }: Candidate): Pick<Candidate, "open" | "retry"> {
    const { ledger, resend } = this.#input;
    const steps: StepsToRetry = retry === true ? true : [...retry, "user"];
    return { open: compare(content, ledger.get(accountNumber), steps, resend, open.doubtedAt), retry: steps };
  }

  #hold(accountNumber: string, row: SourceRow, steps: readonly HeldStep[]): void {
    for (const step of steps) {
      // A held user names its unknown parent only if Oplead may have refused the user because of the parent.
      const root = step.waitsFor === undefined ? undefined : this.#parents.unknownOf(row);
      const held = heldUser(accountNumber, row, step);
      this.#result.held.push(root ? { ...held, root } : held);
    }
  }

  #verdictOn(accountNumber: string): Verdict | undefined {
    const state = this.#input.rows.get(accountNumber)?.state;
    return typeof state === "object" ? this.#verdicts.get(accountNumber) : state;
  }

  /**
   * Finds users whose entry must be changed. Users that are sent are left out, because sending them writes the entry.
   */
  #findPresent(): void {
    const { rows, ledger, keptOf } = this.#input;
    for (const [accountNumber, row] of rows) {
      // On most nights this is true for almost all users. It is found out without their entries, because looking up an
      // entry is slow if there are very many.
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

  /**
   * Gives the fields to keep in the entry besides the accepted content; undefined if the entry has these fields
   * already. If the user is sent, the fields are compared only when the entry is written.
   */
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

/**
 * Whether Oplead refused the same content before. If the user itself must be sent, only the user's content is compared.
 * Otherwise every rule that must be sent is compared, and all of them must have been refused.
 */
function isRefusedBefore(content: Content, open: OpenSteps, entry: LedgerEntry | undefined): boolean {
  const { held } = entry ?? {};
  if (!held) return false;
  if (open.user) return held.user?.hash === content.userHash;
  return open.rules.length > 0 && open.rules.every(({ name, hash }) => held[name]?.hash === hash);
}

function refusalOf({ held }: Candidate["open"]): HeldStep | undefined {
  return held.find(({ step }) => step === "user");
}

/** Whether the user is held, and Oplead may have refused it because another user has the same value. */
function mayBeAboutValue({ open }: Candidate): boolean {
  const refusal = refusalOf(open);
  return refusal !== undefined && mayBeConflict(refusal.step, refusal.status);
}

/** The changes of a kind. They include users of an approved first run, which the guard does not count. */
export function ofKind(changes: readonly Change[], kind: PlannedUser["kind"]): Change[] {
  return changes.filter(({ planned }) => planned.kind === kind);
}
