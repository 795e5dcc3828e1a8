import type { OpleadIssue } from "../../core/issues.ts";
import { giveWay, inTurns, type LongWork } from "../../core/time.ts";
import type { HeldStep, LedgerEntry } from "../../ledger/ledger.ts";
import {
  addedPaths,
  changedPaths,
  compare,
  differsFromLast,
  fieldsOf,
  freesValue,
  isComparable,
  type OpenSteps,
  UserFingerprints,
} from "../../reconcile/compare.ts";
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
import type { Candidate, SourceRow } from "./source-users.ts";
import type { Twin } from "./twins.ts";

/** A user of the plan with what is needed to send it. Holds personal data, so it stays inside. */
export interface Change extends Candidate {
  readonly planned: PlannedUser;
  /** The paths in which the user differs from what Oplead accepted last. Undefined if it accepted nothing: all of them. */
  readonly paths: readonly string[] | undefined;
  /** Those of them, and the rules (`rules.maxDistance`), that Oplead has not had before, as far as the ledger knows. */
  readonly added: ReadonlySet<string>;
  /** {@link SourceRow.approved}: the guard does not count it. */
  readonly approved: boolean;
  /** Whether Oplead refused it before as it is sent now: the guard has counted it before. */
  readonly isRefusedBefore: boolean;
  /** The segment in which the guard counts it: that of its entry, else that of the source. */
  readonly segment: string | undefined;
  /** The account number of its parent, if the source or the ledger knows it. */
  readonly parent: string | undefined;
  /** The account number of its parent, if the parent is in the source and Oplead does not have it yet, or not under this number. */
  readonly newParent: string | undefined;
  /** The revision of the ledger entry that the plan was made from; 0 without an entry. */
  readonly revision: number;
  /** Whether the ledger had an entry. */
  readonly hasEntry: boolean;
  /**
   * Whether the content differs from what Oplead accepted, so that the guard counts it. Not for users that are only sent
   * again, or whose ids were imported without their content.
   */
  readonly differs: boolean;
  /**
   * Sent after all others: it was refused because of a value that another change may give up, or its parent is not known,
   * so that Oplead probably refuses it.
   */
  readonly last: boolean;
  /** Whether it may give up a login or an e-mail address that another user wants. */
  readonly freesValue: boolean;
}

/** A user that the source has, in this version. */
export interface PresentUser extends Pick<SourceRow, "version" | "lacking"> {
  readonly accountNumber: string;
  readonly kept: KeptOf | undefined;
}

type Verdict = "change" | "unchanged" | "held" | "waiting" | "invalid" | "duplicate" | "twin" | "stale";

interface JudgeInput {
  readonly rows: ReadonlyMap<string, SourceRow>;
  readonly ledger: LedgerSnapshot;
  /** The profiles of the platform by code; undefined if they are not known. */
  readonly profiles: ReadonlyMap<string, UserProfile> | undefined;
  /** Issues of data checks that make a record invalid. */
  readonly dataIssues: ReadonlyMap<string, readonly OpleadIssue[]>;
  readonly resend: boolean;
  /** The new users that may be known ones. */
  readonly twins?: ReadonlyMap<string, Twin> | undefined;
  /** The facts to keep in the entry of a user, once it is in Oplead. */
  readonly keptOf?: ((accountNumber: string, row: SourceRow) => KeptOf | undefined) | undefined;
}

/** Every verdict on the users of a source, and what follows from it. */
export interface Judgement {
  /** Parents first; those below a parent that is not known last; otherwise in the order of the source. */
  readonly changes: readonly Change[];
  readonly held: readonly HeldUser[];
  readonly waiting: readonly WaitingUser[];
  /** Records that are invalid because of other records or of the platform. */
  readonly invalid: readonly InvalidRecord[];
  /** New users that may be known ones. */
  readonly twins: readonly TwinUser[];
  readonly stale: readonly string[];
  readonly unchanged: number;
  /** Users whose only open steps are held. */
  readonly heldUsers: number;
  /** Users whose entry must learn something although nothing is sent: that the source has them, in which version, or new fingerprints. */
  readonly present: readonly PresentUser[];
  /** Parents of changes that neither the source nor the ledger knows. */
  readonly unknownParents: readonly { readonly accountNumber: string; readonly parent: string }[];
}

/** Decides once for every user of the source. Depends on nothing but its input, and changes none of it. */
export async function judge(input: JudgeInput, work: LongWork): Promise<Judgement> {
  return new Judge(input, findParents(input.rows, input.ledger)).judge(work);
}

class Judge {
  readonly #input: JudgeInput;
  readonly #parents: Parents;
  /** The verdicts on candidates. The verdict on any other row is its state. */
  readonly #verdicts = new Map<string, Verdict>();
  /** The candidates, in the order of the source. */
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
  /** The users that are sent themselves, and not only their rules. */
  readonly #sentUsers = new Set<string>();
  /** The users that are sent once more because they have been held for long. */
  readonly #retried = new Set<string>();
  /** What each user that waits waits for: the same as those above it. */
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
    // Records that were mapped at the same time may have arrived in another order.
    candidates.sort((a, b) => a.row.record - b.row.record);
    for (const one of candidates) this.#comparisons.set(one.accountNumber, one);
    for await (const step of inTurns(this.#steps(), work)) step();
    await giveWay(work);
    this.#findPresent();
    return this.#result;
  }

  /** One for each user, or two: whether any user gives up a value must be known before the first one that was refused for it is judged. */
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

  /** The parent of this user has its verdict already. */
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
    // Field by field: copies that are spread take more memory, and there may be very many.
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

  /** The user for which one below this parent waits: the parent is not in Oplead, and this plan does not send it. */
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
    // Perhaps it is refused again. One row must not bring all users below it into the plan, night after night.
    if (this.#retried.has(parent)) return "held";
    const verdict = this.#verdictOn(parent);
    if (verdict === undefined) return this.#input.ledger.get(parent)?.held?.user ? "held" : undefined;
    return verdict === "change" || verdict === "unchanged" || verdict === "waiting" ? undefined : verdict;
  }

  /** Why a user that is held as a whole is sent again: its parent has come, or another user gives up what they share. */
  #released({ open }: Candidate, parent: string | undefined): "parent" | "conflict" | undefined {
    const refusal = refusalOf(open);
    if (!refusal) return undefined;
    if (parent !== undefined && (this.#sentUsers.has(parent) || this.#isAnother(parent, refusal))) {
      return "parent";
    }
    const isFreed = this.#valuesAreFreed || refusal.at <= this.#input.ledger.valuesFreedAt;
    return isFreed && mayBeConflict(refusal.step, refusal.status) ? "conflict" : undefined;
  }

  /** Whether all that is open of the user, itself or rules, has been held for so long that it is tried once more, as it is. */
  #isRetried(accountNumber: string, { content, open, retry }: Candidate): boolean {
    if (retry === true) return false;
    const held = this.#input.ledger.get(accountNumber)?.held;
    if (open.user) return retry.includes("user") && held?.user?.hash === content.userHash;
    return open.rules.every(({ name, hash }) => retry.includes(name) && held?.[name]?.hash === hash);
  }

  /** Whether Oplead has another state of the parent since the refusal. States tell, because clocks may be set back. */
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
      // Only a refusal that may be about the parent.
      const root = step.waitsFor === undefined ? undefined : this.#parents.unknownOf(row);
      const held = heldUser(accountNumber, row, step);
      this.#result.held.push(root ? { ...held, root } : held);
    }
  }

  #verdictOn(accountNumber: string): Verdict | undefined {
    const state = this.#input.rows.get(accountNumber)?.state;
    return typeof state === "object" ? this.#verdicts.get(accountNumber) : state;
  }

  /** Notes versions only for users with nothing to send. Users that are sent record their own. */
  #findPresent(): void {
    for (const [accountNumber, row] of this.#input.rows) {
      const entry = this.#input.ledger.get(accountNumber);
      const verdict = this.#verdictOn(accountNumber);
      const kept = this.#keptOf(accountNumber, row, verdict, entry);
      if (!entry && !kept) continue;
      const version = verdict === "unchanged" || verdict === "held" ? row.version : undefined;
      const { lacking } = row;
      if (lacking || kept || (entry && changesPresence(entry, version))) {
        this.#result.present.push({ accountNumber, version, lacking, kept });
      }
    }
  }

  /** Undefined if the entry has it already. A user that is sent is asked again when its entry is written. */
  #keptOf(
    accountNumber: string,
    row: SourceRow,
    verdict: Verdict | undefined,
    entry: LedgerEntry | undefined,
  ): KeptOf | undefined {
    if (verdict !== "change" && verdict !== "unchanged" && verdict !== "held") return undefined;
    const kept = this.#input.keptOf?.(accountNumber, row);
    return verdict === "change" || (entry && kept?.(entry)) ? kept : undefined;
  }
}

/** Whether all that is open is as Oplead refused it before: the user itself, or else its rules. */
function isRefusedBefore(content: Content, open: OpenSteps, entry: LedgerEntry | undefined): boolean {
  const { held } = entry ?? {};
  if (!held) return false;
  if (open.user) return held.user?.hash === content.userHash;
  return open.rules.length > 0 && open.rules.every(({ name, hash }) => held[name]?.hash === hash);
}

function refusalOf({ held }: Candidate["open"]): HeldStep | undefined {
  return held.find(({ step }) => step === "user");
}

/** Whether a user is held that Oplead perhaps refused because of a value that another user has. */
function mayBeAboutValue({ open }: Candidate): boolean {
  const refusal = refusalOf(open);
  return refusal !== undefined && mayBeConflict(refusal.step, refusal.status);
}

/** The changes of a kind. Those of an approved first night, which the guard does not count, are among them. */
export function ofKind(changes: readonly Change[], kind: PlannedUser["kind"]): Change[] {
  return changes.filter(({ planned }) => planned.kind === kind);
}

/** A user that may be sent, beside its entry. What takes long is found out once, and only if it is asked for. */
class Comparison {
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

  /** Whether Oplead never accepted the user, as far as the ledger knows: all of it is new. */
  get isNew(): boolean {
    return !this.entry || !isComparable(this.entry);
  }

  /** {@link changedPaths} */
  changedPaths(): readonly string[] | undefined {
    const { content } = this.candidate;
    this.#changed ??= {
      paths: changedPaths(new UserFingerprints(content.user), this.entry, this.#ledger.fingerprints),
    };
    return this.#changed.paths;
  }

  /** {@link freesValue} */
  freesValue(): boolean | undefined {
    this.#frees ??= { value: freesValue(this.candidate.content, this.entry, () => this.changedPaths()) };
    return this.#frees.value;
  }

  /** Whether the guard counts the user. Not if its id was imported without its content. */
  differs(): boolean {
    if (this.entry?.id !== undefined && this.isNew) return false;
    return differsFromLast(this.candidate.content, this.entry, () => this.changedPaths());
  }
}
