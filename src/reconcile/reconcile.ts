import type { Oplead, UpsertResult } from "../client/api.ts";
import { internalsOf } from "../client/internals.ts";
import { concernsAll, sendRules } from "../client/set-rules.ts";
import { invalid, isOpleadError, type OpleadError } from "../errors.ts";
import { withEntry } from "../ledger/entry-lock.ts";
import type { HeldStep, Ledger, LedgerEntry, SyncStep } from "../ledger/ledger.ts";
import { useLedger } from "../ledger/ledger-error.ts";
import type { CallOptions } from "../options.ts";
import type { RuleName } from "../rules/index.ts";
import { findUserIssues } from "../user/schema.ts";
import { compare } from "./compare.ts";
import { type Content, type HashedRule, readContent, type SourceUser } from "./content.ts";
import { markFields, shortMarks } from "./marks.ts";
import { isNews } from "./presence.ts";
import { isRefusedForGood } from "./refusal.ts";

/** Options of {@link reconcileUser}. */
export interface ReconcileOptions extends CallOptions {
  /** Tries again what Oplead has refused, though its content is the same. Default false. */
  readonly retryHeld?: boolean | undefined;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** A step that failed. */
export interface FailedStep {
  readonly step: SyncStep;
  readonly error: OpleadError;
  /**
   * Whether the step is held from now on: Oplead refused the content for good. False means that it is pending: the same
   * content can succeed later, so the next reconciliation sends it again.
   */
  readonly held: boolean;
}

/** What became of a user. */
export interface Reconciliation {
  readonly accountNumber: string;
  readonly id: string | undefined;
  /**
   * `created`, `updated`: something of it was accepted. `unchanged`, `stale`, `held`: nothing was sent. `failed`: nothing
   * of what was sent was accepted.
   */
  readonly outcome: "created" | "updated" | "unchanged" | "stale" | "held" | "failed";
  /** Whether it was a test: nothing was persisted, and the ledger is as it was. */
  readonly testMode: boolean;
  /** Steps that Oplead has accepted. */
  readonly applied: readonly SyncStep[];
  /** Rules of a user that exists in this test alone, which test mode cannot check. */
  readonly unverifiable: readonly RuleName[];
  readonly failed: readonly FailedStep[];
  /** Steps that were due and not tried, because the failure before them concerns all. */
  readonly notSent: readonly SyncStep[];
  /** Steps that were not tried because they are held. */
  readonly held: readonly HeldStep[];
  /** HTTP requests sent. */
  readonly requests: number;
  /** The revision of the ledger entry afterwards; 0 if the user has none. */
  readonly revision: number;
  /** How many of them would not have been sent had nothing failed: repetitions, and questions after lost answers. */
  readonly retries: number;
}

/**
 * Brings one user to Oplead with the calls that the ledger leaves: none for what Oplead has, one for a user whose id is
 * known, one for each rule that differs. Every step is in the ledger as soon as Oplead has acknowledged it, so what is
 * lost when the process dies is at most the step under way.
 *
 * Failures of steps are in the result.
 *
 * @throws {@link OpleadError} `invalid_input` before anything is sent; `ledger_unavailable`, which has counted what was
 * sent before in its `attempts`; `timeout` and `aborted` while another reconciliation of the same user is waited for.
 */
export async function reconcileUser(
  oplead: Oplead,
  ledger: Ledger,
  source: SourceUser,
  options: ReconcileOptions = {},
): Promise<Reconciliation> {
  const content = readContent(source);
  if (!("userHash" in content)) throw invalid("invalid_input", "the user is not valid; nothing was sent", content);
  return reconcileContent(oplead, ledger, content, options);
}

/** What a run adds to {@link ReconcileOptions}. */
export interface ReconcileContentOptions extends Omit<ReconcileOptions, "retryHeld"> {
  /** The held steps that are tried again: all of them, or those listed. Default false. */
  readonly retryHeld?: boolean | readonly SyncStep[] | undefined;
  /** Sends steps that Oplead has accepted before, too. Default false. */
  readonly resend?: boolean | undefined;
  /**
   * The revision that the plan saw (0: no entry). An entry that has another one by now was written by another process:
   * if there is something to send all the same, the outcome is `stale` and nothing is sent.
   */
  readonly expectedRevision?: number | undefined;
}

/** {@link reconcileUser}, for content that has been read and hashed before. */
export async function reconcileContent(
  oplead: Oplead,
  ledger: Ledger,
  content: Content,
  { expectedRevision, ...options }: ReconcileContentOptions,
): Promise<Reconciliation> {
  const { accountNumber } = content;
  const { retryHeld: _, resend: __, now: ___, ...callOptions } = options;
  const { transport } = internalsOf(oplead);
  const call = transport.begin("reconcileUser", callOptions, accountNumber);
  const task = async (): Promise<Reconciliation> => {
    const known = await useLedger(() => ledger.get(accountNumber));
    return new Reconciler(oplead, ledger, content, known, options, expectedRevision).run();
  };
  return withEntry(ledger, accountNumber, task, async (turn) => transport.withinCall(turn, call));
}

/** One reconciliation under way. */
class Reconciler {
  readonly #oplead: Oplead;
  readonly #ledger: Ledger;
  readonly #content: Content;
  readonly #retryHeld: boolean | readonly SyncStep[];
  readonly #resend: boolean;
  readonly #now: () => number;
  readonly #call: CallOptions;
  readonly #testMode: boolean;
  readonly #isUnexpected: boolean;

  /** What the ledger holds, or would hold if this were no test. */
  #entry: LedgerEntry;
  #outcome: Reconciliation["outcome"] = "unchanged";
  #userSent = false;
  readonly #applied: SyncStep[] = [];
  readonly #unverifiable: RuleName[] = [];
  readonly #failed: FailedStep[] = [];
  #notSent: readonly SyncStep[] = [];
  #held: readonly HeldStep[] = [];
  #requests = 0;
  #retries = 0;

  constructor(
    oplead: Oplead,
    ledger: Ledger,
    content: Content,
    known: LedgerEntry | undefined,
    options: ReconcileContentOptions,
    expectedRevision: number | undefined,
  ) {
    this.#isUnexpected = expectedRevision !== undefined && expectedRevision !== (known?.revision ?? 0);
    const { retryHeld = false, resend = false, now = Date.now, ...call } = options;
    this.#oplead = oplead;
    this.#ledger = ledger;
    this.#content = content;
    this.#entry = known ?? { rules: {}, at: 0 };
    this.#retryHeld = retryHeld;
    this.#resend = resend;
    this.#now = now;
    this.#call = call;
    this.#testMode = oplead.testMode || call.testMode === true;
  }

  async run(): Promise<Reconciliation> {
    try {
      await this.#send();
    } catch (error) {
      throw isOpleadError(error) ? Object.assign(error, { attempts: this.#requests }) : error;
    }
    return {
      accountNumber: this.#content.accountNumber,
      id: this.#entry.id,
      outcome: this.#outcome,
      testMode: this.#testMode,
      applied: this.#applied,
      unverifiable: this.#unverifiable,
      failed: this.#failed,
      notSent: this.#notSent,
      held: this.#held,
      requests: this.#requests,
      revision: this.#entry.revision ?? 0,
      retries: this.#retries,
    };
  }

  async #send(): Promise<void> {
    const due = compare(this.#content, this.#entry, this.#retryHeld, this.#resend);
    this.#held = due.held;
    if (due.stale) this.#outcome = "stale";
    else if (!due.user && due.rules.length === 0) {
      this.#outcome = due.held.length > 0 ? "held" : "unchanged";
      if (isNews(this.#entry, this.#content.version)) await this.#record(this.#entry, this.#entry.at);
    } else if (this.#isUnexpected) this.#outcome = "stale";
    else if (!due.user || (await this.#sendUser())) await this.#sendRules();
  }

  /** Whether the user is there now. */
  async #sendUser(): Promise<boolean> {
    const { user, userHash } = this.#content;
    const { id, rules } = this.#entry;
    const issues = findUserIssues(user);
    if (issues.length > 0) throw invalid("invalid_input", "the user is not valid; nothing was sent", issues);
    this.#userSent = true;
    let result: UpsertResult;
    try {
      result = await this.#oplead.upsertUser(user, { ...this.#call, id });
    } catch (error) {
      if (!isOpleadError(error)) throw error;
      this.#requests += error.attempts ?? 0;
      await this.#fail("user", error);
      return false;
    }
    this.#count(result.requests, result.outcome === "created" ? 2 : 1);
    this.#applied.push("user");
    this.#outcome = result.outcome;
    await this.#record({
      ...this.#without("user"),
      id: result.id,
      user: userHash,
      fields: markFields(user),
      // A new user, and one under another id, has none of the rules that were set.
      rules: result.outcome === "updated" && result.id === id ? rules : {},
    });
    return true;
  }

  async #sendRules(): Promise<void> {
    const tried = new Set<RuleName>();
    for (;;) {
      // Compared anew each time: a user that turns out to be another one has all of its rules to be set.
      const open = compare(this.#content, this.#entry, this.#retryHeld, this.#resend).rules.filter(
        ({ name }) => !tried.has(name),
      );
      const [rule] = open;
      if (!rule) return;
      const error = await this.#sendRule(rule);
      if (error?.status === 404 && !this.#userSent) {
        // The ledger knows a user that Oplead does not: send it first, and the rule again.
        if (await this.#sendUser()) continue;
        return;
      }
      tried.add(rule.name);
      if (!error) continue;
      await this.#fail(rule.name, error);
      if (concernsAll(error)) {
        this.#notSent = open.slice(1).map(({ name }) => name);
        return;
      }
    }
  }

  async #sendRule({ name, toSend, hash }: HashedRule): Promise<OpleadError | undefined> {
    const { transport, session } = internalsOf(this.#oplead);
    const id = this.#entry.id as string; // a user without one has been sent before its rules
    const call = transport.begin("setRules", this.#call, id);
    try {
      const { unverifiable } = await sendRules(session, id, [toSend], call);
      this.#count(call.requests, 1);
      if (unverifiable.length > 0) {
        this.#unverifiable.push(name);
        return undefined;
      }
    } catch (error) {
      if (!isOpleadError(error)) throw error;
      this.#requests += call.requests;
      return error;
    }
    this.#applied.push(name);
    if (this.#outcome !== "created") this.#outcome = "updated";
    await this.#record({ ...this.#without(name), rules: { ...this.#entry.rules, [name]: hash } });
    return undefined;
  }

  async #fail(step: SyncStep, error: OpleadError): Promise<void> {
    const held = isRefusedForGood(step, error);
    // A new user is asked for, created, and when that is refused asked for again: somebody else may have been faster.
    const smoothly = step !== "user" || this.#entry.id !== undefined ? 1 : held ? 3 : 2;
    this.#retries += Math.max(0, (error.attempts ?? 0) - smoothly);
    if (this.#applied.length === 0) this.#outcome = "failed";
    this.#failed.push({ step, error, held });
    if (!held) return;
    const { userHash, rules } = this.#content;
    const hash = step === "user" ? userHash : (rules.find(({ name }) => name === step)?.hash ?? "");
    const { code, status } = error;
    const at = this.#now();
    await this.#record(
      { ...this.#entry, held: { ...this.#entry.held, [step]: { hash, code, status, at } } },
      this.#entry.id === undefined ? at : this.#entry.at,
    );
  }

  #count(requests: number, smoothly: number): void {
    this.#requests += requests;
    this.#retries += Math.max(0, requests - smoothly);
  }

  #without(step: SyncStep): LedgerEntry {
    if (!this.#entry.held?.[step]) return this.#entry;
    const { [step]: _accepted, ...held } = this.#entry.held;
    return { ...this.#entry, held: Object.keys(held).length > 0 ? held : undefined };
  }

  async #record(entry: LedgerEntry, at = this.#now()): Promise<void> {
    const version = this.#content.version ?? entry.version;
    const revision = this.#testMode ? entry.revision : (this.#entry.revision ?? 0) + 1;
    const { damaged: _, ...sound } = entry;
    this.#entry = { ...sound, fields: shortMarks(sound.fields), revision, version, at, missingSince: undefined };
    if (!this.#testMode) await useLedger(() => this.#ledger.set(this.#content.accountNumber, this.#entry));
  }
}
