import { copyError, invalid, isOpleadError, type OpleadError } from "../base/errors.ts";
import { showIdentity } from "../base/redact.ts";
import type { Oplead, UpsertResult } from "../client/api.ts";
import { checkUser } from "../client/check-input.ts";
import { type Internals, internalsOf } from "../client/internals.ts";
import { belongsToAnother } from "../client/result.ts";
import { concernsAll, sendRules } from "../client/set-rules.ts";
import type { HeldStep, Ledger, LedgerEntry, SyncStep } from "../ledger/ledger.ts";
import { useLedger } from "../ledger/ledger-error.ts";
import type { CallOptions } from "../options.ts";
import type { RuleName } from "../rules/rules.ts";
import type { Within } from "../transport/call.ts";
import { markDoubt, mayComeLate, mayHaveActed } from "../transport/failures.ts";
import { acceptedBy } from "./content/accepted-rules.ts";
import { changedPaths, fieldsOf, freesValue } from "./content/compare.ts";
import type { Content } from "./content/content.ts";
import { UserMarks } from "./content/marks.ts";
import type { HashedRule } from "./content/read-hashed-rules.ts";
import { EntryConflict, EntryWriter, withoutAccepted, withoutHeld } from "./entries/entry-writer.ts";
import { parentState } from "./entries/parent-state.ts";
import { PRESENT } from "./entries/presence.ts";
import { noteRecent } from "./recent.ts";
import type { FailedStep, Reconciliation, SendOptions } from "./reconciliation.ts";
import { isRefusedForGood, mayBeAboutParent } from "./refusal.ts";
import { tellOther } from "./tell-other.ts";
import { writingKey } from "./writing-key.ts";

/** The parent of a user, as the ledger knows it. */
interface Parent {
  readonly accountNumber: string;
  /** {@link parentState} */
  readonly state: string | undefined;
  /** Whether Oplead has it, under this number. */
  readonly isKnown: boolean;
}

/** Sends the steps of one user, and records each in its entry as soon as Oplead has answered. */
export class StepSender {
  readonly #internals: Internals;
  readonly #ledger: Ledger;
  readonly #content: Content;
  readonly #call: CallOptions;
  readonly #options: SendOptions;
  readonly #within: Within;
  readonly now: () => number;
  readonly testMode: boolean;
  readonly writer: EntryWriter;

  readonly #marks: UserMarks;
  #userSent = false;
  /** Whether a step ended so that Oplead may still carry it out, or an earlier one. */
  leftDoubt = false;
  readonly applied = new Set<SyncStep>();
  readonly result = {
    outcome: "unchanged" as Reconciliation["outcome"],
    isNew: false,
    unverifiable: [] as RuleName[],
    failed: [] as FailedStep[],
    notSent: [] as readonly SyncStep[],
    held: [] as readonly HeldStep[],
    fields: [] as readonly string[],
    requests: 0,
    retries: 0,
    requestIds: [] as string[],
  };

  /** `leaseLeftMs`: nothing is sent after the end of the lease, also by a process that stood still. */
  constructor(
    oplead: Oplead,
    ledger: Ledger,
    content: Content,
    call: CallOptions,
    options: SendOptions,
    leaseLeftMs: (() => number) | undefined,
  ) {
    this.#internals = internalsOf(oplead);
    this.#ledger = ledger;
    this.#content = content;
    this.#marks = new UserMarks(content.user);
    this.#call = call;
    this.#options = options;
    this.#within = { leaseLeftMs, requestIds: this.result.requestIds };
    this.now = options.now ?? Date.now;
    this.testMode = oplead.testMode || call.testMode === true;
    this.writer = new EntryWriter(ledger, content.accountNumber, this.testMode);
  }

  get #entry(): LedgerEntry {
    return this.writer.entry;
  }

  /** Whether Oplead has the user now. */
  async sendUser(): Promise<boolean> {
    const { user, userHash } = this.#content;
    const { id, rules } = this.#entry;
    const checked = checkUser(user, this.#internals.transport.settings);
    if (checked.issues.length > 0) {
      throw invalid("invalid_input", "The user is not valid; nothing was sent.", checked.issues);
    }
    const parent = await this.lookUpParent();
    if (!this.testMode) await tellOther(this.#ledger, this.#internals);
    const fingerprints = await writingKey(this.#ledger, this.#internals, this.testMode);
    const paths = changedPaths(this.#marks, this.#entry, fingerprints) ?? [];
    const isFreed = freesValue(this.#content, this.#entry, () => paths) !== false;
    this.result.fields = fieldsOf(paths);
    this.#userSent = true;
    const begunAt = this.now();
    let result: UpsertResult;
    try {
      result = await this.#internals.upsertChecked(checked, { ...this.#call, id }, this.#within);
    } catch (error) {
      if (!isOpleadError(error)) throw error;
      this.result.requests += error.attempts ?? 0;
      await this.#fail("user", userHash, error, begunAt, parent);
      return false;
    }
    this.#count(result.requests, result.outcome === "created" ? 2 : 1);
    const entry = withoutHeld(this.#entry, "user");
    // A new user, and one under another id, has none of the rules that were set.
    const isSame = result.outcome === "updated" && result.id === id;
    const marks = this.#marks.marked(result.id, fingerprints);
    const accepted = { id: result.id, user: userHash, ...marks, movedFrom: undefined, rules: isSame ? rules : {} };
    const freed = isFreed && { valuesFreedAt: this.now() };
    const known = { ...entry, ...accepted, accepted: isSame ? entry.accepted : undefined };
    const kept = { accepted: acceptedBy(known, this.#content) };
    const next = { ...known, ...kept, ...freed, ...this.#doubtIf(result.inDoubt) };
    const isNew = result.outcome === "created";
    await this.record(next, "user");
    if (isNew) this.result.isNew = true;
    this.#accepted("user");
    return true;
  }

  /** Also if a killed process may have a request under way, which Oplead would carry out after this one. */
  #doubtIf(inDoubt: boolean): Pick<LedgerEntry, "doubtedAt"> {
    const { lateUntil = Number.NEGATIVE_INFINITY } = this.#options;
    const mayComeLate = this.#internals.transport.clock.now() < lateUntil;
    if (!inDoubt && !mayComeLate) return {};
    this.leftDoubt = true;
    return { doubtedAt: this.now() };
  }

  /** Undefined for a user without a parent. */
  async lookUpParent(): Promise<Parent | undefined> {
    const parent = this.#options.parent ?? this.#content.user.parentUserIdentifier;
    if (parent === undefined) return undefined;
    const accountNumber = String(parent);
    const entry = await useLedger(() => this.#ledger.get(accountNumber));
    noteRecent(this.#internals, accountNumber, entry, this.now());
    const isKnown = entry?.id !== undefined && entry.movedFrom === undefined;
    return { accountNumber, state: parentState(entry), isKnown };
  }

  /** `open` compares anew each time: if the user turns out to be another one, all of its rules must be sent. */
  async sendRules(open: () => readonly HashedRule[]): Promise<void> {
    const tried = new Set<RuleName>();
    for (;;) {
      const [rule, ...others] = open().filter(({ name }) => !tried.has(name));
      if (!rule) return;
      const begunAt = this.now();
      const error = await this.#sendRule(rule);
      if (error?.status === 404 && !this.#userSent && !this.#content.rulesOnly) {
        // The ledger has a user that Oplead does not have: send the user first, then the rule again.
        if (!(await this.sendUser())) return;
        continue;
      }
      tried.add(rule.name);
      if (!error) continue;
      await this.#fail(rule.name, rule.hash, error, begunAt);
      if (concernsAll(error)) {
        this.result.notSent = others.map(({ name }) => name);
        return;
      }
    }
  }

  async #sendRule({ name, toSend, hash }: HashedRule): Promise<OpleadError | undefined> {
    const { transport, state } = this.#internals;
    const id = this.#entry.id as string; // the user was sent before its rules, so it has one
    const call = transport.begin("setRules", this.#call, id, this.#within);
    try {
      const { unverifiable } = await transport.observe(call, () => sendRules(state, id, [toSend], call));
      this.#count(call.requests, 1);
      this.result.unverifiable.push(...unverifiable);
      if (unverifiable.length > 0) return undefined;
    } catch (error) {
      if (!isOpleadError(error)) throw error;
      this.result.requests += call.requests;
      markDoubt(error.rules?.failed[0]?.error ?? error, call);
      return error;
    }
    const rules = { ...this.#entry.rules, [name]: hash };
    const known = { ...withoutHeld(this.#entry, name), rules };
    const next = { ...known, accepted: acceptedBy(known, this.#content), ...this.#doubtIf(call.mayComeLate) };
    await this.record(next, name);
    this.#accepted(name);
    return undefined;
  }

  #accepted(step: SyncStep): void {
    this.applied.add(step);
    this.result.outcome = this.result.isNew ? "created" : "updated";
  }

  /** `begunAt`: what another user gives up after that may be what was missing. */
  async #fail(step: SyncStep, hash: string, failure: OpleadError, begunAt: number, parent?: Parent): Promise<void> {
    const { movedFrom } = this.#entry;
    const isKept = movedFrom !== undefined && belongsToAnother(failure);
    const error = isKept
      ? copyError(failure, { message: numberKept(this.#content.accountNumber, movedFrom) })
      : failure;
    const { code, status } = error;
    const held = isRefusedForGood(step, error);
    // A new user is asked for and created. When that is refused it is asked for again: another process may have been faster.
    const withoutRetries = this.#entry.id !== undefined ? 1 : held ? 3 : 2;
    this.result.retries += Math.max(0, (error.attempts ?? 0) - withoutRetries);
    if (this.applied.size === 0) this.result.outcome = "failed";
    this.result.failed.push({ step, error, held });
    const cause = failure.rules?.failed[0]?.error ?? failure;
    // Oplead may have carried it out, now or later: what the ledger has of this step is no longer certain.
    const isUncertain = mayHaveActed(cause);
    const doubt = this.#doubtIf(mayComeLate(cause));
    if (held) {
      const mayCome = parent && !parent.isKnown && !this.testMode;
      const waitsFor = mayCome && mayBeAboutParent(error) ? parent.accountNumber : undefined;
      const before = this.#entry.held?.[step];
      const firstAt = before?.hash === hash ? (before.firstAt ?? before.at) : undefined;
      const refusal: HeldStep = {
        step,
        hash,
        code,
        status,
        at: begunAt,
        firstAt,
        parentState: parent?.state,
        waitsFor,
      };
      const held = { ...this.#entry.held, [step]: refusal };
      const known = (isUncertain && withoutAccepted(this.#entry, step)) || this.#entry;
      const entry = { ...known, held, ...doubt };
      const at = entry.id === undefined ? begunAt : entry.at;
      await this.record(entry, undefined, at).catch(async (conflict: unknown) => {
        ignoreConflict(conflict);
        if (isUncertain) await this.writer.forget(step, doubt);
      });
    } else if (!isKept && belongsToAnother(error)) {
      await this.writer.forgetId(this.#entry.id);
    } else if (isUncertain) {
      await this.writer.forget(step, doubt);
    }
  }

  #count(requests: number, withoutRetries: number): void {
    this.result.requests += requests;
    this.result.retries += Math.max(0, requests - withoutRetries);
  }

  /** Writes the entry. `step`: the one that Oplead has accepted. */
  async record(entry: LedgerEntry, step: SyncStep | undefined, at = this.now()): Promise<void> {
    const { version = entry.version, rulesOnly } = this.#content;
    // A leaver that gets rules has not come back.
    await this.writer.write(rulesOnly ? entry : { ...entry, version, at, ...PRESENT }, step);
  }
}

function numberKept(accountNumber: string, movedFrom: string): string {
  const [from, to] = [showIdentity(movedFrom), showIdentity(accountNumber)];
  return (
    `Oplead answered with another accountNumber than ${to}, to which the user was moved from ${from}. The entry keeps its ID, so no ` +
    "second user is created. Correct the number in Oplead, or move the user back: oplead ledger move."
  );
}

/** A refusal that cannot be recorded, because another process has written the entry, is found again at the next attempt. */
function ignoreConflict(error: unknown): void {
  if (!(error instanceof EntryConflict)) throw error;
}
