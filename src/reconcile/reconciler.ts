import { copyError, invalid, isOpleadError, type OpleadError } from "../base/errors.ts";
import type { LogEvent } from "../base/observe.ts";
import { showIdentity } from "../base/redact.ts";
import type { Oplead, UpsertResult } from "../client/api.ts";
import { checkUser } from "../client/check-input.ts";
import { type Internals, internalsOf } from "../client/internals.ts";
import { belongsToAnother } from "../client/result.ts";
import { concernsAll, sendRules } from "../client/set-rules.ts";
import type { HeldStep, Ledger, LedgerEntry, SyncStep } from "../ledger/ledger.ts";
import { ledgerConflict, useLedger } from "../ledger/ledger-error.ts";
import { areIncomparable, isOlder } from "../ledger/version.ts";
import type { CallOptions } from "../options.ts";
import type { RuleName } from "../rules/rules.ts";
import type { Within } from "../transport/call.ts";
import { mayComeLate, mayHaveActed } from "../transport/failures.ts";
import { changedPaths, compare, fieldsOf, mayFreeValue, type OpenSteps } from "./content/compare.ts";
import type { Content } from "./content/content.ts";
import { marked } from "./content/marks.ts";
import type { HashedRule } from "./content/read-hashed-rules.ts";
import { EntryConflict, EntryWriter, hasState, withoutHeld } from "./entries/entry-writer.ts";
import { changesPresence, PRESENT } from "./entries/presence.ts";
import { isRecent, noteRecent } from "./recent.ts";
import type { FailedStep, Reconciliation, SendOptions } from "./reconciliation.ts";
import { isRefusedForGood, mayBeAboutParent } from "./refusal.ts";

/** How often a user is compared and sent anew after another process has written its entry. */
const ATTEMPTS = 3;

/** The parent of a user, as the ledger knows it. */
interface Parent {
  readonly accountNumber: string;
  /** 0 without an entry. */
  readonly revision: number;
  /** Whether Oplead has it, under this number. */
  readonly isKnown: boolean;
}

/** One reconciliation: look up, compare, send the user, send the rules, and record each step. */
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

  #userSent = false;
  /** Whether the user was refused before its parent was written. */
  #parentHasCome = false;
  /** The doubt that this reconciliation clears up. One that it leaves itself is cleared up by a later one. */
  #doubtedAt: number | undefined;
  readonly #applied = new Set<SyncStep>();
  readonly #result = {
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
    this.#call = call;
    this.#options = options;
    this.#within = { leaseLeftMs, requestIds: this.#result.requestIds };
    this.#now = options.now ?? Date.now;
    this.#testMode = oplead.testMode || call.testMode === true;
    this.#writer = new EntryWriter(ledger, content.accountNumber, this.#testMode);
  }

  async run(): Promise<Reconciliation> {
    try {
      await this.#lookUp();
      await this.#bringInStep();
    } catch (error) {
      throw isOpleadError(error) ? Object.assign(error, { attempts: this.#result.requests }) : error;
    }
    return {
      accountNumber: this.#content.accountNumber,
      id: this.#entry.id,
      testMode: this.#testMode,
      applied: [...this.#applied],
      revision: this.#entry.revision ?? 0,
      ...this.#result,
      ...(this.#applied.size > 0 && this.#result.failed.length > 0 && { outcome: "incomplete" }),
      ...this.#wait(),
    };
  }

  /** The parent that the user waits for, if the user is held or was refused. */
  #wait(): Pick<Reconciliation, "waitsFor"> {
    const { hash, waitsFor } = this.#entry.held?.user ?? {};
    return waitsFor !== undefined && hash === this.#content.userHash ? { waitsFor } : {};
  }

  get #entry(): LedgerEntry {
    return this.#writer.entry;
  }

  async #lookUp(): Promise<void> {
    const { accountNumber, version } = this.#content;
    const entry = await this.#writer.read();
    const shown = showIdentity(accountNumber);
    const warn = (event: LogEvent, text: string): void =>
      this.#internals.transport.settings.logger?.warn(`oplead-sdk: user ${shown}: ${text}`, {
        event,
        accountNumber: shown,
        run: this.#options.runId,
      });
    if (entry?.damaged) {
      warn("entry_damaged", "the ledger entry is damaged; the user is looked up by its account number and sent again");
    }
    if (areIncomparable(version, entry?.version)) {
      warn("version_not_comparable", "its version cannot be compared with the one before; what arrived later counts");
    }
    noteRecent(this.#internals, accountNumber, entry, this.#now());
    const { parentRevision = 0, waitsFor } = entry?.held?.user ?? {};
    if (waitsFor === undefined) return;
    const parent = await this.#lookUpParent();
    this.#parentHasCome = parent !== undefined && parent.revision > parentRevision;
  }

  /** Again if another process has written the entry meanwhile, unless its state is the newer one. */
  async #bringInStep(): Promise<void> {
    const { revision = 0, doubtedAt } = this.#entry;
    const { expectedRevision = revision } = this.#options;
    // A run comes long after the attempt. An event may come before Oplead carries it out, and must leave the doubt.
    const isOver = doubtedAt !== undefined && !isRecent(doubtedAt, this.#now());
    this.#doubtedAt = this.#options.doubtedAt ?? (isOver ? doubtedAt : undefined);
    // An entry that is gone, or holds nothing, does not hold a newer state either.
    let isExpected = expectedRevision === revision || !hasState(this.#entry);
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

  /** Whether this state is still sent after a conflict. False if the state of the other process is the newer one. */
  #mayGoOn({ isOvertaken }: EntryConflict, attempt: number): boolean {
    const { version } = this.#content;
    if (isOlder(version, this.#entry.version)) return false;
    const isNewest =
      isOlder(this.#entry.version, version) || (version !== undefined && version === this.#entry.version);
    // The plan was made before the other state was recorded, so the next plan decides.
    if (isOvertaken && this.#options.expectedRevision !== undefined) return false;
    if ((!isOvertaken || isNewest) && attempt < ATTEMPTS) return true;
    throw ledgerConflict("Another process recorded another state of the user meanwhile. Send the user again.");
  }

  async #sendOpenSteps(isExpected: boolean): Promise<void> {
    const open = this.#compare();
    // After a conflict everything is compared anew: a step that failed before may be sent again, or no longer be open.
    Object.assign(this.#result, { held: open.held, failed: [], notSent: [], unverifiable: [] });
    const isOpen = open.user || open.rules.length > 0;
    if (open.stale || (isOpen && !isExpected)) this.#result.outcome = "stale";
    else if (!isOpen) await this.#noteUnchanged();
    else if (!open.user || (await this.#sendUser())) await this.#sendRules();
    await this.#endDoubt();
  }

  #compare(): OpenSteps {
    const { retryHeld = false, resend = false } = this.#options;
    const released = this.#parentHasCome && retryHeld !== true ? [...(retryHeld || []), "user" as const] : retryHeld;
    return compare(this.#content, { ...this.#entry, doubtedAt: this.#doubtedAt }, released, resend);
  }

  /** A doubt ends when everything was sent again. */
  async #endDoubt(): Promise<void> {
    const doubtedAt = this.#doubtedAt;
    const { failed, held, notSent } = this.#result;
    const names = new Set(this.#content.rules.map(({ name }) => name));
    const isAllSent = [...failed, ...held, ...notSent].length === 0 && this.#applied.has("user");
    const isComplete = isAllSent && Object.keys(this.#entry.rules).every((name) => names.has(name as RuleName));
    if (doubtedAt === undefined || !isComplete) return;
    await this.#writer.update((entry) =>
      entry?.doubtedAt === doubtedAt ? { ...entry, doubtedAt: undefined } : undefined,
    );
  }

  async #noteUnchanged(): Promise<void> {
    this.#result.outcome = this.#result.held.length > 0 ? "held" : "unchanged";
    if (this.#content.rulesOnly) return;
    if (changesPresence(this.#entry, this.#content.version)) await this.#record(this.#entry, undefined, this.#entry.at);
  }

  /** Whether Oplead has the user now. */
  async #sendUser(): Promise<boolean> {
    const { user, userHash } = this.#content;
    const { id, rules } = this.#entry;
    const checked = checkUser(user, this.#internals.transport.settings);
    if (checked.issues.length > 0) {
      throw invalid("invalid_input", "The user is not valid; nothing was sent.", checked.issues);
    }
    const parent = await this.#lookUpParent();
    this.#result.fields = fieldsOf(changedPaths(this.#content, this.#entry));
    this.#userSent = true;
    let result: UpsertResult;
    try {
      result = await this.#internals.upsertChecked(checked, { ...this.#call, id }, this.#within);
    } catch (error) {
      if (!isOpleadError(error)) throw error;
      this.#result.requests += error.attempts ?? 0;
      await this.#fail("user", userHash, error, parent);
      return false;
    }
    this.#count(result.requests, result.outcome === "created" ? 2 : 1);
    const entry = withoutHeld(this.#entry, "user");
    // A new user, and one under another id, has none of the rules that were set.
    const isSame = result.outcome === "updated" && result.id === id;
    const { fingerprints } = this.#ledger;
    const marks = marked(user, result.id, fingerprints);
    const accepted = { id: result.id, user: userHash, ...marks, movedFrom: undefined, rules: isSame ? rules : {} };
    const freed = mayFreeValue(this.#content, entry, fingerprints) && { valuesFreedAt: this.#now() };
    const next = { ...entry, ...accepted, ...freed, ...this.#doubtIf(result.inDoubt) };
    const isNew = result.outcome === "created";
    await this.#record(await this.#remembered(next, "user", user, isNew), "user");
    if (isNew) this.#result.isNew = true;
    this.#accepted("user");
    return true;
  }

  #doubtIf(inDoubt: boolean): Pick<LedgerEntry, "doubtedAt"> {
    return inDoubt ? { doubtedAt: this.#now() } : {};
  }

  /** Undefined for a user without a parent. */
  async #lookUpParent(): Promise<Parent | undefined> {
    const parent = this.#options.parent ?? this.#content.user.parentUserIdentifier;
    if (parent === undefined) return undefined;
    const accountNumber = String(parent);
    const entry = await useLedger(() => this.#ledger.get(accountNumber));
    noteRecent(this.#internals, accountNumber, entry, this.#now());
    const isKnown = entry?.id !== undefined && entry.movedFrom === undefined;
    return { accountNumber, revision: entry?.revision ?? 0, isKnown };
  }

  async #sendRules(): Promise<void> {
    const tried = new Set<RuleName>();
    for (;;) {
      // Compared anew each time: if the user turns out to be another one, all of its rules must be sent.
      const [rule, ...others] = this.#compare().rules.filter(({ name }) => !tried.has(name));
      if (!rule) return;
      const error = await this.#sendRule(rule);
      if (error?.status === 404 && !this.#userSent && !this.#content.rulesOnly) {
        // The ledger has a user that Oplead does not have: send the user first, then the rule again.
        if (!(await this.#sendUser())) return;
        continue;
      }
      tried.add(rule.name);
      if (!error) continue;
      await this.#fail(rule.name, rule.hash, error);
      if (concernsAll(error)) {
        this.#result.notSent = others.map(({ name }) => name);
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
      this.#result.unverifiable.push(...unverifiable);
      if (unverifiable.length > 0) return undefined;
    } catch (error) {
      if (!isOpleadError(error)) throw error;
      this.#result.requests += call.requests;
      return error;
    }
    const rules = { ...this.#entry.rules, [name]: hash };
    const next = { ...withoutHeld(this.#entry, name), rules, ...this.#doubtIf(call.mayComeLate) };
    await this.#record(await this.#remembered(next, name, toSend.body), name);
    this.#accepted(name);
    return undefined;
  }

  /** The entry with what was accepted, if the ledger remembers it. */
  #remembered(entry: LedgerEntry, step: SyncStep, content: unknown, isNew = false): Promise<LedgerEntry> | LedgerEntry {
    const { baseUrl, platform: name } = this.#internals.transport.settings;
    const seals = this.#testMode ? undefined : this.#ledger.seals?.({ baseUrl, name });
    const { runId: run, undoes } = this.#options;
    const { accountNumber } = this.#content;
    return seals ? seals.accepted(this.#entry, entry, { accountNumber, step, content, isNew, run, undoes }) : entry;
  }

  #accepted(step: SyncStep): void {
    this.#applied.add(step);
    this.#result.outcome = this.#result.isNew ? "created" : "updated";
  }

  async #fail(step: SyncStep, hash: string, failure: OpleadError, parent?: Parent): Promise<void> {
    const { movedFrom } = this.#entry;
    const isKept = movedFrom !== undefined && belongsToAnother(failure);
    const error = isKept
      ? copyError(failure, { message: numberKept(this.#content.accountNumber, movedFrom) })
      : failure;
    const { code, status } = error;
    const held = isRefusedForGood(step, error);
    // A new user is asked for and created. When that is refused it is asked for again: another process may have been faster.
    const withoutRetries = this.#entry.id !== undefined ? 1 : held ? 3 : 2;
    this.#result.retries += Math.max(0, (error.attempts ?? 0) - withoutRetries);
    if (this.#applied.size === 0) this.#result.outcome = "failed";
    this.#result.failed.push({ step, error, held });
    const cause = error.rules?.failed[0]?.error ?? error;
    if (held) {
      const at = this.#now();
      const mayCome = parent && !parent.isKnown && !this.#testMode;
      const waitsFor = mayCome && mayBeAboutParent(error) ? parent.accountNumber : undefined;
      const before = this.#entry.held?.[step];
      const firstAt = before?.hash === hash ? (before.firstAt ?? before.at) : undefined;
      const refusal: HeldStep = { step, hash, code, status, at, firstAt, parentRevision: parent?.revision, waitsFor };
      const entry = { ...this.#entry, held: { ...this.#entry.held, [step]: refusal } };
      await this.#record(entry, undefined, entry.id === undefined ? at : entry.at).catch(ignoreConflict);
    } else if (!isKept && belongsToAnother(error)) {
      await this.#writer.forgetId(this.#entry.id);
    } else if (mayHaveActed(cause)) {
      // Oplead may have carried it out, now or later: what the ledger has of this step is no longer certain.
      await this.#writer.forget(step, this.#doubtIf(mayComeLate(cause)));
    }
  }

  #count(requests: number, withoutRetries: number): void {
    this.#result.requests += requests;
    this.#result.retries += Math.max(0, requests - withoutRetries);
  }

  async #record(entry: LedgerEntry, step: SyncStep | undefined, at = this.#now()): Promise<void> {
    const { version = entry.version, rulesOnly } = this.#content;
    // A leaver that gets rules has not come back, and neither has one whose last change is undone.
    const presence = this.#options.undoes === undefined && PRESENT;
    await this.#writer.write(rulesOnly ? entry : { ...entry, version, at, ...presence }, step);
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
