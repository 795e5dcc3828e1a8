import type { Oplead, UpsertResult } from "../client/api.ts";
import { type CheckedUser, checkUser } from "../client/check-input.ts";
import { type Internals, internalsOf } from "../client/client-state.ts";
import { belongsToAnother } from "../client/result.ts";
import { concernsAll, sendRule } from "../client/set-rules.ts";
import { copyError, type FailedStep, invalid, isOpleadError, type OpleadFailure } from "../core/errors.ts";
import { type HeldStep, type Ledger, type LedgerEntry, ledgerConflict, useLedger } from "../ledger/ledger.ts";
import { isOlder } from "../ledger/version.ts";
import type { RuleName, SyncStep } from "../rules/types.ts";
import type { Within } from "../transport/call.ts";
import { mayComeLate, mayHaveActed, noteDoubt } from "../transport/failures.ts";
import type { CallOptions } from "../transport/options.ts";
import {
  doubtToClear,
  isUnsettled,
  noteCreation,
  noteRecent,
  tellAboutEntry,
  tellOther,
  writingKey,
} from "./abandoned-run.ts";
import type { TakenLease } from "./change-entry.ts";
import { changedPaths, compare, fieldsOf, freesValue, type OpenSteps, UserFingerprints } from "./compare.ts";
import type { Content, HashedRule } from "./content.ts";
import {
  type Attempt,
  type Doubt,
  EntryConflict,
  EntryWriter,
  entryOf,
  hasState,
  withDoubt,
  withoutAttempt,
  withRefusal,
  withRule,
  withUser,
} from "./entry-writer.ts";
import { changesPresence, type Parent, PRESENT, parentOf } from "./presence.ts";
import type { Reconciliation, SendOptions } from "./reconciliation.ts";
import { isRefusedForGood, mayBeAboutParent, numberKept } from "./reconciliation.ts";

/** How many times a user is compared and sent again if another process has written its entry meanwhile. */
const ATTEMPTS = 3;

/**
 * One reconciliation: reads the entry, compares, and sends the steps that differ. Repeats this if another process wrote
 * the entry. Writes the user as soon as Oplead has answered, and all rules together after the last rule.
 */
export class Reconciler {
  readonly #internals: Internals;
  readonly #ledger: Ledger;
  readonly #content: Content;
  readonly #call: CallOptions;
  readonly #options: SendOptions;
  readonly #within: Within;
  readonly #now: () => number;
  readonly #testMode: boolean;
  readonly #writer: EntryWriter;
  readonly #fingerprints: UserFingerprints;

  /** Whether the parent has changed since the user was refused. */
  #parentHasCome = false;
  /** The doubt that this reconciliation ends. A later one ends a doubt that this reconciliation causes itself. */
  #doubtedAt: number | undefined;
  /** Whether a process that was killed may have sent the user, and no request was sent for the user since. */
  #isUnsettled = false;
  /** The doubt that this reconciliation leaves: Oplead may still carry out one of its steps, or an earlier request. */
  #left: Doubt | undefined;
  /** The doubt that was noted before the first request; undefined if no such note was needed. */
  #attempt: Attempt | undefined;
  #userSent = false;
  #checked: CheckedUser | undefined;
  readonly #applied = new Set<SyncStep>();
  readonly #result = {
    outcome: "unchanged" as Reconciliation["outcome"],
    isNew: false,
    recovered: false,
    unverifiable: [] as RuleName[],
    failed: [] as FailedStep[],
    notSent: [] as readonly SyncStep[],
    held: [] as readonly HeldStep[],
    fields: [] as readonly string[],
    requests: 0,
    retries: 0,
    requestIds: [] as string[],
  };

  /** After the `lease` has ended no request is sent, even if the process was suspended meanwhile. */
  constructor(
    oplead: Oplead,
    ledger: Ledger,
    content: Content,
    call: CallOptions,
    options: SendOptions,
    lease: TakenLease | undefined,
  ) {
    this.#internals = internalsOf(oplead);
    this.#ledger = ledger;
    this.#content = content;
    this.#checked = content.checked;
    this.#call = call;
    this.#options = options;
    this.#within = { leaseLeftMs: lease && (() => lease.left()), requestIds: this.#result.requestIds };
    this.#now = options.now ?? Date.now;
    this.#testMode = oplead.testMode || call.testMode === true;
    this.#writer = new EntryWriter(lease?.access ?? ledger, content.accountNumber, this.#testMode);
    this.#fingerprints = new UserFingerprints(content.user);
  }

  async run(): Promise<Reconciliation> {
    try {
      await this.#lookUp();
      await this.#bringInStep();
    } catch (error) {
      throw isOpleadError(error) ? Object.assign(error, { attempts: this.#result.requests }) : error;
    }
    const { outcome, failed } = this.#result;
    const { hash, waitsFor } = this.#entry.held?.user ?? {};
    const result: Reconciliation = {
      ...this.#result,
      accountNumber: this.#content.accountNumber,
      id: this.#entry.id,
      testMode: this.#testMode,
      outcome: this.#applied.size > 0 && failed.length > 0 ? "incomplete" : outcome,
      applied: [...this.#applied],
      revision: this.#entry.revision ?? 0,
      inDoubt: this.#left !== undefined || this.#entry.doubtedAt !== undefined,
    };
    // If Oplead refused different content because of the parent, this content need not wait for the parent.
    return waitsFor !== undefined && hash === this.#content.userHash ? { ...result, waitsFor } : result;
  }

  get #entry(): LedgerEntry {
    return this.#writer.entry;
  }

  async #lookUp(): Promise<void> {
    const { accountNumber, version } = this.#content;
    const entry = await this.#writer.read();
    tellAboutEntry(this.#internals, entry, { accountNumber, version, runId: this.#options.runId });
    noteRecent(this.#internals, accountNumber, entry, this.#now());
    if (!this.#testMode) noteCreation(this.#internals, accountNumber, entry, this.#now(), this.#options.lateUntil);
    const { parentState, waitsFor } = entry?.held?.user ?? {};
    if (waitsFor === undefined) return;
    const parent = await this.#lookUpParent();
    this.#parentHasCome = parent?.state !== undefined && parent.state !== parentState;
  }

  /**
   * Sends the steps that must be sent. If another process has written the entry meanwhile, compares and sends again,
   * unless the state of that process is newer.
   */
  async #bringInStep(): Promise<void> {
    const { revision = 0, doubtedAt } = this.#entry;
    const { expectedRevision = revision } = this.#options;
    const { settings } = this.#internals.transport;
    const { abandonedMsAgo } = this.#options;
    // If the entry has no state, the whole user is sent now, whatever a killed process may have sent.
    this.#isUnsettled = hasState(this.#entry) && isUnsettled(this.#entry, abandonedMsAgo, this.#now());
    // While Oplead may still carry out the attempt that caused the doubt, this reconciliation must not end the doubt.
    this.#doubtedAt = this.#options.doubtedAt ?? doubtToClear(doubtedAt, this.#now(), settings.lateMs);
    // If the entry has never had a state (content that Oplead accepted or refused), no newer state was recorded, so the
    // user is sent although the revision has changed. An entry whose steps are all to be sent again has `accepted`.
    const hasHeld = hasState(this.#entry) || this.#entry.accepted !== undefined;
    let isExpected = expectedRevision === revision || !hasHeld;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#sendOpenSteps(isExpected);
        return;
      } catch (error) {
        if (!(error instanceof EntryConflict)) throw error;
        isExpected = this.#mayGoOn(error, attempt);
      }
    }
  }

  /** Whether to go on after another process wrote the entry. It may have recorded a newer state, which must stay. */
  #mayGoOn({ isOvertaken }: EntryConflict, attempt: number): boolean {
    const { version } = this.#content;
    if (isOlder(version, this.#entry.version)) return false;
    const isNewest =
      isOlder(this.#entry.version, version) || (version !== undefined && version === this.#entry.version);
    // If another process has recorded a different state (`isOvertaken`), the next plan compares the user again.
    if (isOvertaken && this.#options.expectedRevision !== undefined) return false;
    if ((!isOvertaken || isNewest) && attempt < ATTEMPTS) return true;
    throw ledgerConflict("Another process recorded another state of the user meanwhile. Send the user again.");
  }

  async #sendOpenSteps(isExpected: boolean): Promise<void> {
    const open = this.#compare();
    // After a conflict all steps are compared again: a step that failed may be sent again, or may no longer be needed.
    Object.assign(this.#result, { held: open.held, failed: [], notSent: [], unverifiable: [] });
    const isOpen = open.user || open.rules.length > 0;
    if (open.stale || (isOpen && !isExpected)) this.#result.outcome = "stale";
    else if (!isOpen) await this.#noteUnchanged();
    else {
      // Check the user before the doubt is noted: an invalid user is not sent, so its doubt would never be removed.
      if (open.user) this.#checkUser();
      await this.#beginAttempt();
      if (!open.user || (await this.#sendUser())) await this.#sendRules();
      await this.#endAttempt();
    }
    await this.#endDoubt();
    // If a step failed and another process has written a different state meanwhile, compare with the new entry.
    if (this.#result.failed.length > 0 && this.#writer.takeOvertaken(entryOf(this.#content)))
      throw new EntryConflict(true);
  }

  #compare(): OpenSteps {
    const { retryHeld = false, resend = false } = this.#options;
    const released = this.#parentHasCome && retryHeld !== true ? [...(retryHeld || []), "user" as const] : retryHeld;
    return compare(this.#content, this.#entry, released, resend, this.#doubtedAt);
  }

  /**
   * Notes a doubt before the first request, if one is needed; it stays in the entry if this process is killed while it
   * sends. A new user gets the note too, because Oplead may carry out its request later.
   */
  async #beginAttempt(): Promise<void> {
    this.#attempt = undefined;
    if (!this.#options.notesAttempt) return;
    const at = this.#now();
    const before = this.#entry;
    const creationDoubtedAt = before.id === undefined ? at : undefined;
    await this.#writer.write({ ...before, at: before.at || at, doubtedAt: at, creationDoubtedAt });
    this.#attempt = { before, at };
  }

  /** Removes the doubt noted before the first request, unless a step caused a doubt itself. */
  async #endAttempt(): Promise<void> {
    const attempt = this.#attempt;
    if (attempt) await this.#writer.update((entry) => entry && withoutAttempt(entry, attempt, this.#left));
  }

  /**
   * Ends the doubt once every step that can be sent was sent again. It stays unknown what Oplead has of rules that are
   * held or gone from the source. So the entry forgets them, and such a rule is sent once it is not held, or is back.
   */
  async #endDoubt(): Promise<void> {
    const doubtedAt = this.#doubtedAt;
    const { notSent, failed } = this.#result;
    const applied = this.#applied;
    const isAllSent = applied.has("user") && notSent.length === 0 && failed.every(({ held }) => held);
    if (doubtedAt === undefined || !isAllSent) return;
    await this.#writer.update((entry) => {
      if (entry?.doubtedAt !== doubtedAt) return undefined;
      const known = Object.entries(entry.rules).filter(([name]) => applied.has(name as RuleName));
      return { ...entry, rules: Object.fromEntries(known), doubtedAt: undefined };
    });
  }

  async #noteUnchanged(): Promise<void> {
    this.#result.outcome = this.#result.held.length > 0 ? "held" : "unchanged";
    // Nothing is sent, but a process that was killed may have sent another state: put the user in doubt.
    if (this.#isUnsettled) await this.#writer.write(withDoubt(this.#entry, this.#doubtIf(true)));
    if (this.#content.rulesOnly) return;
    if (changesPresence(this.#entry, this.#content.version))
      await this.#writer.write(this.#dated(this.#entry, this.#entry.at));
  }

  /** Checks the user itself. @throws {@link OpleadError} `invalid_input`. */
  #checkUser(): CheckedUser {
    this.#checked ??= checkUser(this.#content.user, this.#internals.transport.settings);
    const { issues } = this.#checked;
    if (issues.length > 0) throw invalid("invalid_input", "The user is not valid; nothing was sent.", issues);
    return this.#checked;
  }

  /** Sends the user. Returns whether Oplead has the user now. */
  async #sendUser(): Promise<boolean> {
    const { userHash } = this.#content;
    const checked = this.#checkUser();
    const parent = await this.#lookUpParent();
    if (!this.#testMode) await tellOther(this.#ledger, this.#internals);
    const fingerprints = await writingKey(this.#ledger, this.#internals, this.#testMode);
    const paths = changedPaths(this.#fingerprints, this.#entry, fingerprints) ?? [];
    const known = this.#attempt ? { ...this.#entry, doubtedAt: this.#attempt.before.doubtedAt } : this.#entry;
    const isFreed = freesValue(this.#content, known, () => paths) !== false;
    this.#result.fields = fieldsOf(paths);
    this.#userSent = true;
    const begunAt = this.#now();
    let result: UpsertResult;
    try {
      result = await this.#internals.upsertChecked(checked, { ...this.#call, id: this.#entry.id }, this.#within);
    } catch (error) {
      if (!isOpleadError(error)) throw error;
      this.#result.requests += error.attempts ?? 0;
      await this.#fail("user", userHash, error, begunAt, parent);
      return false;
    }
    const isNew = result.outcome === "created";
    this.#count(result.requests, isNew ? 2 : 1);
    const accepted = withUser(this.#entry, this.#content, result, this.#fingerprints.toKeep(result.id, fingerprints));
    const freed = isFreed ? { ...accepted, valuesFreedAt: this.#now() } : accepted;
    if (isNew) this.#result.isNew = true;
    if (result.recovered) this.#result.recovered = true;
    this.#writer.keep(this.#dated(withDoubt(freed, this.#doubtIf(result.inDoubt))), "user");
    const isLast = this.#content.rules.length === 0 || this.#compare().rules.length === 0;
    await this.#writeKept(isLast); // the id is in the ledger before a rule is sent
    return true;
  }

  /** The parent as the ledger knows it; undefined for a user without a parent. */
  async #lookUpParent(): Promise<Parent | undefined> {
    const parent = this.#options.parent ?? this.#content.user.parentUserIdentifier;
    if (parent === undefined) return undefined;
    const accountNumber = String(parent);
    const entry = await useLedger(() => this.#ledger.get(accountNumber));
    noteRecent(this.#internals, accountNumber, entry, this.#now());
    return parentOf(accountNumber, entry);
  }

  /**
   * Sends the rules that must be sent, and then records all of them in one write. Compares again before each rule,
   * because all rules must be sent if the Oplead ID has changed.
   */
  async #sendRules(): Promise<void> {
    if (this.#content.rules.length === 0) return this.#writeKept(true);
    const tried = new Set<RuleName>();
    for (;;) {
      const [rule, ...others] = this.#compare().rules.filter(({ name }) => !tried.has(name));
      if (!rule) return this.#writeKept(true);
      const begunAt = this.#now();
      const error = await this.#sendRule(rule);
      if (error) await this.#writeKeptBefore(rule.name, error);
      if (error?.status === 404 && !this.#userSent && !this.#content.rulesOnly) {
        // The ledger has a user that Oplead does not have: send the user first, then the rule again.
        if (!(await this.#sendUser())) return;
        continue;
      }
      tried.add(rule.name);
      if (!error) continue;
      await this.#fail(rule.name, rule.hash, error, begunAt);
      if (concernsAll(error)) {
        this.#result.notSent = others.map(({ name }) => name);
        return;
      }
    }
  }

  async #sendRule(rule: HashedRule): Promise<OpleadFailure | undefined> {
    const { transport, state } = this.#internals;
    const id = this.#entry.id as string; // the user was sent before its rules, so it has one
    const call = transport.begin("setRules", this.#call, id, this.#within);
    try {
      const outcome = await transport.observe(call, () => sendRule(state, id, rule.toSend, call));
      this.#count(call.requests, 1);
      if (outcome === "unverifiable") {
        this.#result.unverifiable.push(rule.name);
        return undefined;
      }
    } catch (error) {
      if (!isOpleadError(error)) throw error;
      this.#result.requests += call.requests;
      noteDoubt(error, call);
      return Object.assign(error, { attempts: call.requests });
    }
    const accepted = withRule(this.#entry, this.#content, rule);
    this.#writer.keep(this.#dated(withDoubt(accepted, this.#doubtIf(call.mayComeLate))), rule.name);
    return undefined;
  }

  /**
   * Writes the accepted steps that are not in the ledger yet. `isLast`: no other step follows, so the doubt noted
   * before the first request is removed too. If this process is killed before it writes them, that doubt, the note of
   * the run or the lease shows that they may have been sent.
   */
  async #writeKept(isLast: boolean): Promise<void> {
    const steps = this.#writer.kept;
    if (steps.length === 0) return;
    const ended = isLast && this.#attempt && withoutAttempt(this.#entry, this.#attempt, this.#left);
    const isEnd = isLast && this.#doubtedAt === undefined && this.#result.failed.length === 0;
    await this.#writer.write(ended || this.#entry, isEnd);
    if (ended) this.#attempt = undefined;
    for (const step of steps) this.#applied.add(step);
    this.#result.outcome = this.#result.isNew ? "created" : "updated";
  }

  /**
   * Writes the accepted steps that are not in the ledger yet, before a failure is noted. If another process has written
   * the entry, all steps are compared again, so only the doubt about the failed step is noted.
   */
  async #writeKeptBefore(failed: SyncStep, failure: OpleadFailure): Promise<void> {
    await this.#writeKept(false).catch(async (conflict: unknown) => {
      const isUncertain = conflict instanceof EntryConflict && mayHaveActed(failure);
      if (isUncertain) await this.#writer.forget(failed, this.#doubtIf(mayComeLate(failure)));
      throw conflict;
    });
  }

  /** Notes the failure of a step. `at`: when the attempt began. */
  async #fail(step: SyncStep, hash: string, failure: OpleadFailure, at: number, parent?: Parent): Promise<void> {
    const { movedFrom } = this.#entry;
    const isKept = movedFrom !== undefined && belongsToAnother(failure);
    const message = isKept ? numberKept(this.#content.accountNumber, movedFrom) : "";
    const error = isKept ? copyError(failure, { message }) : failure;
    const { code, status } = error;
    const held = isRefusedForGood(step, error);
    // A user with an id takes one request. For a user without an id, the client sends PUT, and POST if Oplead does not
    // know the user. If Oplead refuses the POST, the client sends PUT once more.
    const withoutRetries = this.#entry.id !== undefined ? 1 : held ? 3 : 2;
    this.#result.retries += Math.max(0, (error.attempts ?? 0) - withoutRetries);
    if (this.#applied.size === 0) this.#result.outcome = "failed";
    this.#result.failed.push({ step, error, held });
    // Oplead may have carried out the step, or may do so later. So the entry must not count its content as accepted.
    const isUncertain = mayHaveActed(failure);
    const doubt = this.#doubtIf(mayComeLate(failure));
    if (held) {
      const mayCome = parent && !parent.isKnown && !this.#testMode;
      const waitsFor = mayCome && mayBeAboutParent(error) ? parent.accountNumber : undefined;
      const refusal = { step, hash, code, status, at, parentState: parent?.state, waitsFor };
      const entry = withDoubt(withRefusal(this.#entry, refusal, isUncertain), doubt);
      const dated = this.#dated(entry, entry.id === undefined ? at : entry.at);
      await this.#writer.write(dated).catch(async (conflict: unknown) => {
        // If another process has written the entry, the refusal is not recorded. Oplead will refuse the step again.
        if (!(conflict instanceof EntryConflict)) throw conflict;
        if (isUncertain) await this.#writer.forget(step, doubt);
      });
    } else if (!isKept && belongsToAnother(error)) {
      await this.#writer.forgetId(this.#entry.id);
    } else if (isUncertain) {
      await this.#writer.forget(step, doubt);
    }
    if (step === "user" && this.#internals.state.lostCreations.get(this.#content.accountNumber))
      await this.#writer.noteLostCreation(at);
  }

  /** The doubt that a step leaves, perhaps because Oplead may still carry out a request of a killed process. */
  #doubtIf(inDoubt: boolean): Doubt | undefined {
    const { lateUntil = Number.NEGATIVE_INFINITY } = this.#options;
    const mayComeLate = this.#internals.transport.clock.now() < lateUntil;
    if (!inDoubt && !mayComeLate && !this.#isUnsettled) return undefined;
    const doubtedAt = this.#now();
    const isOfCreation = this.#internals.state.openDoubt(this.#content.accountNumber) !== undefined;
    this.#left = { doubtedAt, creationDoubtedAt: isOfCreation ? doubtedAt : undefined };
    return this.#left;
  }

  #count(requests: number, withoutRetries: number): void {
    this.#result.requests += requests;
    this.#result.retries += Math.max(0, requests - withoutRetries);
  }

  /** Returns the entry with the version of this content and the time of Oplead's answer. */
  #dated(entry: LedgerEntry, at = this.#now()): LedgerEntry {
    const { version = entry.version, rulesOnly } = this.#content;
    // If a leaver gets rules, it still counts as missing.
    return rulesOnly ? entry : { ...entry, ...PRESENT, version, at };
  }
}
