import type { Oplead, WriteResult } from "../client/api.ts";
import { type CheckedUser, checkUser } from "../client/check-input.ts";
import { type Internals, internalsOf } from "../client/client-state.ts";
import { belongsToAnother } from "../client/result.ts";
import { concernsAll, sendRule } from "../client/set-rules.ts";
import {
  asFailure,
  copyError,
  type FailedStep,
  invalid,
  isOpleadError,
  OpleadError,
  type OpleadFailure,
} from "../core/errors.ts";
import { stopwatch } from "../core/time.ts";
import {
  type Intent,
  type Ledger,
  type LedgerEntry,
  ledgerConflict,
  type StoredRefusal,
  useLedger,
} from "../ledger/ledger.ts";
import { isOlder } from "../ledger/version.ts";
import type { RuleName, SyncStep } from "../rules/types.ts";
import type { Within } from "../transport/call.ts";
import { mayComeLate, mayHaveActed, noteDoubt } from "../transport/failures.ts";
import type { CallOptions } from "../transport/options.ts";
import type { TakenLease } from "./change-entry.ts";
import {
  changedPaths,
  compare,
  fieldsOf,
  freesValue,
  type OpenSteps,
  pathsThatDiffer,
  UserFingerprints,
} from "./compare.ts";
import type { Content, HashedRule } from "./content.ts";
import {
  EntryConflict,
  EntryWriter,
  hasState,
  NO_ENTRY,
  withoutAccepted,
  withoutId,
  withRefusal,
  withRule,
  withUser,
} from "./entry-writer.ts";
import { closed, isSettled, LONGEST_MS, noteCreation, noteRecent } from "./intent.ts";
import { changesPresence, type Parent, PRESENT, parentOf } from "./presence.ts";
import type { DirectOptions, Reconciliation } from "./reconciliation.ts";
import { isRefusedForGood, mayBeAboutParent, namedFields, numberKept } from "./reconciliation.ts";
import { tellAboutEntry, tellOther, writingKey } from "./tell.ts";

const ATTEMPTS = 3;

// One reconciliation: reads the entry, compares, opens an intent, sends what differs, and writes all outcomes at once.
export class Reconciler {
  readonly #internals: Internals;
  readonly #ledger: Ledger;
  readonly #content: Content;
  readonly #call: CallOptions;
  readonly #options: DirectOptions;
  readonly #within: Within;
  readonly #now: () => number;
  readonly #testMode: boolean;
  readonly #writer: EntryWriter;
  readonly #fingerprints: UserFingerprints;

  #parentHasCome = false;
  #userSent = false;
  #checked: CheckedUser | undefined;
  // If this intent is settled, everything is sent once more, which ends it.
  #found: Intent | undefined;
  #isSettled = false;
  // No request is sent before this time, and none later than LONGEST_MS after it.
  #openedAt: number | undefined;
  #elapsed = (): number => 0;
  #isLate = false;
  #isCreationLost = false;
  // Steps that Oplead accepted and that the ledger does not have yet.
  readonly #accepted = new Set<SyncStep>();
  readonly #applied = new Set<SyncStep>();
  #differs: readonly string[] = [];
  readonly #result = {
    outcome: "unchanged" as Reconciliation["outcome"],
    isNew: false,
    recovered: false,
    unverifiable: [] as RuleName[],
    failed: [] as FailedStep[],
    notSent: [] as readonly SyncStep[],
    held: [] as Reconciliation["held"],
    fields: [] as readonly string[],
    requests: 0,
    retries: 0,
    requestIds: [] as string[],
  };

  constructor(
    oplead: Oplead,
    ledger: Ledger,
    content: Content,
    call: CallOptions,
    options: DirectOptions,
    lease: TakenLease | undefined,
  ) {
    this.#internals = internalsOf(oplead);
    this.#ledger = ledger;
    this.#content = content;
    this.#checked = content.checked;
    this.#call = call;
    this.#options = options;
    this.#testMode = oplead.testMode || call.testMode === true;
    this.#within = {
      leaseLeftMs: () => Math.min(lease?.left() ?? LONGEST_MS, LONGEST_MS - this.#elapsed()),
      opening: this.#testMode ? undefined : () => (this.#openedAt === undefined ? this.#open() : undefined),
      requestIds: this.#result.requestIds,
    };
    this.#now = options.now ?? Date.now;
    this.#writer = new EntryWriter(lease?.access ?? ledger, content.accountNumber, this.#testMode);
    this.#fingerprints = new UserFingerprints(content.user);
  }

  async run(): Promise<Reconciliation> {
    try {
      await this.#lookUp();
      await this.#bringInStep();
    } catch (error) {
      throw isOpleadError(error) ? Object.assign(error, { requests: this.#result.requests }) : error;
    }
    const { outcome, failed } = this.#result;
    const { hash, waitsFor } = this.#entry.held?.user ?? {};
    // V8 takes microseconds for a literal that spreads first and adds many fields.
    const result: object = Object.assign(this.#result, {
      accountNumber: this.#content.accountNumber,
      id: this.#entry.id,
      testMode: this.#testMode,
      outcome: this.#applied.size > 0 && failed.length > 0 ? "incomplete" : outcome,
      applied: [...this.#applied],
      revision: this.#entry.revision ?? 0,
      inDoubt: this.#isLate || this.#entry.intent !== undefined,
    });
    if (this.#differs.length > 0) Object.assign(result, { differs: this.#differs });
    // Only the refused content waits for the parent; other content need not wait.
    if (waitsFor !== undefined && hash === this.#content.userHash) Object.assign(result, { waitsFor });
    return result as Reconciliation; // Safe: the outcome follows from the steps.
  }

  get #entry(): LedgerEntry {
    return this.#writer.entry;
  }

  async #lookUp(): Promise<void> {
    const { accountNumber, version } = this.#content;
    const entry = await this.#writer.read();
    tellAboutEntry(this.#internals, entry, { accountNumber, version, runId: this.#options.runId });
    noteRecent(this.#internals, accountNumber, entry, this.#now());
    const { parentState, waitsFor } = entry?.held?.user ?? {};
    if (waitsFor === undefined) return;
    const parent = await this.#lookUpParent();
    this.#parentHasCome = parent?.state !== undefined && parent.state !== parentState;
  }

  async #bringInStep(): Promise<void> {
    const { revision = 0 } = this.#entry;
    const { expectedRevision = revision } = this.#options;
    // An entry that never had a state hides no newer state. An entry whose steps are all to be sent again has
    // `accepted`.
    const hasHeld = hasState(this.#entry) || this.#entry.accepted !== undefined;
    let isExpected = expectedRevision === revision || !hasHeld;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#attempt(isExpected);
        return;
      } catch (error) {
        if (!(error instanceof EntryConflict)) throw error;
        const hasSent = this.#openedAt !== undefined;
        if (hasSent) await this.#noteConflict();
        isExpected = this.#mayGoOn(error.isOvertaken && hasSent, error.isOvertaken, attempt);
      }
    }
  }

  // A newer state that another process recorded must stay. `isCrossed`: both have sent.
  #mayGoOn(isCrossed: boolean, isOvertaken: boolean, attempt: number): boolean {
    const { version } = this.#content;
    if (isOlder(version, this.#entry.version)) return false;
    // The next plan compares the user again.
    if (isOvertaken && this.#options.expectedRevision !== undefined) return false;
    const isNewest =
      isOlder(this.#entry.version, version) || (version !== undefined && version === this.#entry.version);
    if ((!isCrossed || isNewest) && attempt < ATTEMPTS) return true;
    throw ledgerConflict("Another process recorded another state of the user meanwhile. Send the user again.");
  }

  async #attempt(isExpected: boolean): Promise<void> {
    const { accountNumber, rulesOnly, version } = this.#content;
    const { lateMs } = this.#internals.transport.settings;
    this.#openedAt = undefined;
    this.#found = this.#entry.intent;
    this.#isSettled = this.#found !== undefined && isSettled(this.#found, this.#now(), lateMs);
    if (!this.#testMode) noteCreation(this.#internals, accountNumber, this.#entry, this.#now());
    const open = this.#compare();
    Object.assign(this.#result, { held: open.held.map(heldStep), failed: [], notSent: [], unverifiable: [] });
    const isOpen = open.user || open.rules.length > 0;
    if (open.stale || (isOpen && !isExpected)) {
      this.#result.outcome = "stale";
      return;
    }
    if (isOpen) {
      this.#accepted.clear();
      // An invalid user opens no intent.
      if (open.user) this.#checkUser();
      if (!open.user || (await this.#sendUser())) await this.#sendRules();
    } else {
      this.#result.outcome = open.held.length > 0 ? "held" : "unchanged";
      // Another process has recorded the same state as this process has sent.
      this.#apply();
      if (!rulesOnly && changesPresence(this.#entry, version))
        this.#writer.keep(this.#dated(this.#entry, this.#entry.at));
    }
    await this.#close();
  }

  #compare(): OpenSteps {
    const { retryHeld = false, resend = false } = this.#options;
    const released = this.#parentHasCome && retryHeld !== true ? [...(retryHeld || []), "user" as const] : retryHeld;
    return compare(this.#content, this.#entry, released, resend, this.#isSettled);
  }

  // Called when the first request has its turn: waiting for the turn puts nobody in doubt.
  async #open(): Promise<void> {
    const at = this.#now();
    this.#elapsed = stopwatch(this.#internals.transport.clock);
    const { id, at: before } = this.#entry;
    const creates = id === undefined ? { at, sent: this.#found?.creates?.sent } : undefined;
    if (!this.#ledger.endsWithProcess)
      await this.#writer.write({ ...this.#entry, at: before || at, intent: { at, open: true, creates } });
    this.#openedAt = at;
  }

  async #close(): Promise<void> {
    const { stored } = this.#writer;
    const hasOutcome = this.#entry !== stored || this.#isLate || this.#isCreationLost;
    const at = this.#now();
    const isEnded = this.#isEnded();
    const intent = isEnded && !this.#isLate ? undefined : this.#intentAfter(at);
    const sent = isEnded && !this.#isLate ? this.#withSentRules(this.#entry) : this.#entry;
    const entry = this.#withKept(this.#withConfirmation(sent));
    if (entry === stored && intent === stored.intent) return;
    const next = { ...entry, intent };
    // What another process has written stays, and a retry of this run finds another revision.
    if (!hasOutcome) await this.#writer.tryWrite(next, true);
    else await this.#write(next, true);
  }

  async #write(entry: LedgerEntry, isLast = false): Promise<void> {
    await this.#writer.write(entry, isLast);
    this.#apply();
  }

  #apply(): void {
    if (this.#accepted.size > 0) this.#result.outcome = this.#result.isNew ? "created" : "updated";
    for (const step of this.#accepted) this.#applied.add(step);
    this.#accepted.clear();
  }

  #isEnded(): boolean {
    const { notSent, failed } = this.#result;
    return this.#isSettled && this.#hasSent("user") && notSent.length === 0 && failed.every(({ held }) => held);
  }

  #hasSent(step: SyncStep): boolean {
    return this.#accepted.has(step) || this.#applied.has(step);
  }

  // Drops rules that are held or gone from the source: it is not known what Oplead has of them.
  #withSentRules(entry: LedgerEntry): LedgerEntry {
    const known = Object.entries(entry.rules).filter(([name]) => this.#hasSent(name as RuleName));
    return { ...entry, rules: Object.fromEntries(known) };
  }

  // Until user and rules are all sent in one go, the oldest acceptance counts.
  #withConfirmation(entry: LedgerEntry): LedgerEntry {
    const { rulesOnly, rules } = this.#content;
    if (rulesOnly || this.#accepted.size + this.#applied.size === 0) return entry;
    const { id, at, confirmedAt = at } = this.#writer.stored;
    const isWhole = this.#hasSent("user") && rules.every(({ name }) => this.#hasSent(name));
    const oldest = isWhole || id === undefined ? undefined : confirmedAt;
    return oldest === entry.confirmedAt ? entry : { ...entry, confirmedAt: oldest };
  }

  #withKept(entry: LedgerEntry): LedgerEntry {
    const { kept } = this.#options;
    if (!kept) return entry;
    const more = entry.id === undefined ? undefined : kept(entry);
    const isBack = entry.missingSince !== undefined;
    return more || isBack ? { ...entry, ...more, ...PRESENT } : entry;
  }

  #intentAfter(now: number): Intent | undefined {
    const found = this.#found;
    const left = found && (this.#openedAt === undefined ? found : closed(found, now));
    if (this.#entry.id !== undefined) {
      if (this.#isLate) return { at: now };
      return left?.creates ? { at: left.at, open: left.open } : left;
    }
    if (this.#isCreationLost) return { at: now, creates: { at: now, sent: true } };
    return this.#isLate ? { at: now, creates: left?.creates } : left;
  }

  // This process's requests may have come after the other's: everything is sent once more when the new intent settles.
  async #noteConflict(): Promise<void> {
    const { id } = this.#entry;
    const at = this.#now();
    await this.#writer.update((stored = NO_ENTRY) => {
      // The open intent has moved with the entry.
      if (stored.movedTo !== undefined) return undefined;
      const isOwn = stored.intent?.open && stored.intent.at === this.#openedAt;
      const { open, creates = undefined } = (isOwn ? this.#found : stored.intent) ?? {};
      const sent = this.#isCreationLost ? ({ at, sent: true } as const) : creates;
      const known = stored.id ?? id;
      const intent = { at, open: isOwn ? undefined : open, creates: known === undefined ? sent : undefined };
      return { ...stored, id: known, at: stored.at || at, intent };
    });
  }

  #checkUser(): CheckedUser {
    this.#checked ??= checkUser(this.#content.user, this.#internals.transport.settings);
    const { issues } = this.#checked;
    if (issues.length > 0) throw invalid("invalid_input", "The user is not valid; nothing was sent.", issues);
    return this.#checked;
  }

  async #sendUser(): Promise<boolean> {
    const { userHash, accountNumber } = this.#content;
    const { state } = this.#internals;
    const checked = this.#checkUser();
    const parent = await this.#lookUpParent();
    if (!this.#testMode) await tellOther(this.#ledger, this.#internals);
    const fingerprints = await writingKey(this.#ledger, this.#internals, this.#testMode);
    const paths = changedPaths(this.#fingerprints, this.#entry, fingerprints) ?? [];
    const known = { ...this.#entry, intent: this.#found };
    const isFreed = freesValue(this.#content, known, () => paths) !== false;
    this.#result.fields = fieldsOf(paths);
    this.#userSent = true;
    const begunAt = this.#now();
    const creation = state.creations.get(accountNumber);
    let result: WriteResult;
    try {
      result = await this.#internals.upsertChecked(checked, { ...this.#call, id: this.#entry.id }, this.#within);
    } catch (error) {
      if (!isOpleadError(error) || isOfLedger(error)) throw error;
      this.#result.requests += error.requests ?? 0;
      if (state.creations.get(accountNumber) !== creation) this.#isCreationLost = true;
      this.#fail("user", userHash, error, begunAt, parent);
      return false;
    }
    const { id, inDoubt, recovered, requests } = result;
    this.#differs = pathsThatDiffer(this.#content.user, result.user);
    const isNew = result.outcome === "created";
    this.#count(requests, isNew ? 2 : 1);
    if (isNew) this.#result.isNew = true;
    if (recovered) this.#result.recovered = true;
    if (inDoubt) this.#isLate = true;
    this.#isCreationLost = false;
    const made = this.#fingerprints.toKeep(id, fingerprints);
    const accepted = withUser(this.#entry, this.#content, result, made, this.#now());
    this.#keep(isFreed ? { ...accepted, valuesFreedAt: this.#now() } : accepted, "user");
    return true;
  }

  async #lookUpParent(): Promise<Parent | undefined> {
    const parent = this.#options.parent ?? this.#content.user.parentUserIdentifier;
    if (parent === undefined) return undefined;
    const accountNumber = String(parent);
    const entry = await useLedger(() => this.#ledger.get(accountNumber));
    noteRecent(this.#internals, accountNumber, entry, this.#now());
    return parentOf(accountNumber, entry);
  }

  // Compares anew after each rule, because all rules must be sent if the Oplead ID has changed.
  async #sendRules(): Promise<void> {
    if (this.#content.rules.length === 0) return;
    const tried = new Set<RuleName>();
    for (;;) {
      const [rule, ...others] = this.#compare().rules.filter(({ name }) => !tried.has(name));
      if (!rule) return;
      const begunAt = this.#now();
      const error = await this.#sendRule(rule);
      if (error?.status === 404 && !this.#userSent && !this.#content.rulesOnly) {
        // Oplead does not have the user: send it, then the rule again.
        if (!(await this.#sendUser())) return;
        continue;
      }
      tried.add(rule.name);
      if (!error) continue;
      this.#fail(rule.name, rule.hash, error, begunAt);
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
      if (!isOpleadError(error) || isOfLedger(error)) throw error;
      this.#result.requests += call.requests;
      noteDoubt(error, call);
      return Object.assign(error, { requests: call.requests });
    }
    if (call.mayComeLate) this.#isLate = true;
    this.#keep(withRule(this.#entry, this.#content, rule, this.#now()), rule.name);
    return undefined;
  }

  #keep(entry: LedgerEntry, step: SyncStep): void {
    this.#writer.keep(this.#dated(entry));
    this.#accepted.add(step);
  }

  // `at`: when the step was sent first.
  #fail(step: SyncStep, hash: string, failure: OpleadFailure, at: number, parent?: Parent): void {
    const { movedFrom, id } = this.#entry;
    const isKept = movedFrom !== undefined && belongsToAnother(failure);
    const message = isKept ? numberKept(this.#content.accountNumber, movedFrom) : "";
    const error = isKept ? copyError(failure, { message }) : failure;
    const { code, status } = error;
    const held = isRefusedForGood(step, error);
    // With an id one request is enough; otherwise PUT and POST, and PUT again after a refused POST.
    const withoutRetries = id !== undefined ? 1 : held ? 3 : 2;
    this.#result.retries += Math.max(0, (error.requests ?? 0) - withoutRetries);
    if (this.#applied.size + this.#accepted.size === 0) this.#result.outcome = "failed";
    this.#result.failed.push({ step, error, held });
    if (mayComeLate(failure)) this.#isLate = true;
    const entry = mayHaveActed(failure) ? withoutAccepted(this.#entry, step) : this.#entry;
    if (held) {
      const mayCome = parent && !parent.isKnown && !this.#testMode;
      const waitsFor = mayCome && mayBeAboutParent(error) ? parent.accountNumber : undefined;
      const refusal = {
        step,
        hash,
        code,
        status,
        fields: namedFields(error),
        at,
        parentState: parent?.state,
        waitsFor,
      };
      this.#writer.keep(this.#dated(withRefusal(entry, refusal), id === undefined ? at : entry.at));
    } else if (!isKept && belongsToAnother(error)) this.#writer.keep(withoutId(entry));
    else if (entry !== this.#entry) this.#writer.keep(entry);
  }

  #count(requests: number, withoutRetries: number): void {
    this.#result.requests += requests;
    this.#result.retries += Math.max(0, requests - withoutRetries);
  }

  #dated(entry: LedgerEntry, at = this.#now()): LedgerEntry {
    const { version = entry.version, rulesOnly } = this.#content;
    // If a leaver gets rules, it still counts as missing.
    return rulesOnly ? entry : { ...entry, ...PRESENT, version, at };
  }
}

function heldStep({ step, code, status, at, firstAt = at }: StoredRefusal): Reconciliation["held"][number] {
  const what = step === "user" ? "user" : `rule ${step}`;
  const why = status === undefined ? code : `${code}, HTTP ${status}`;
  const message =
    `Oplead has refused this content of the ${what} (${why}), so nothing was sent. It is held until it changes; ` +
    "`retryHeld` sends it again.";
  const error = new OpleadError(code, message, { operation: "reconcileUser", status, requests: 0, fromOplead: true });
  return { step, error: asFailure(error), held: true, since: new Date(firstAt).toISOString() };
}

// Whether `#open` threw the error, and not the request.
function isOfLedger({ code }: OpleadError): boolean {
  return code === "ledger_unavailable" || code === "ledger_conflict";
}
