import { isOpleadError } from "../base/errors.ts";
import type { LogEvent } from "../base/observe.ts";
import { showIdentity } from "../base/redact.ts";
import type { Oplead } from "../client/api.ts";
import { type Internals, internalsOf } from "../client/internals.ts";
import type { Ledger, LedgerEntry } from "../ledger/ledger.ts";
import { ledgerConflict } from "../ledger/ledger-error.ts";
import { areIncomparable, isOlder } from "../ledger/version.ts";
import type { CallOptions } from "../options.ts";
import type { RuleName } from "../rules/rules.ts";
import { compare, type OpenSteps } from "./content/compare.ts";
import type { Content } from "./content/content.ts";
import { EntryConflict, hasState } from "./entries/entry-writer.ts";
import { changesPresence } from "./entries/presence.ts";
import { doubtToClear, noteRecent } from "./recent.ts";
import type { Reconciliation, SendOptions } from "./reconciliation.ts";
import { StepSender } from "./step-sender.ts";

/** How often a user is compared and sent anew after another process has written its entry. */
const ATTEMPTS = 3;

/** The doubt while a user is sent. */
interface Attempt {
  readonly at: number;
  /** The doubt of before. */
  readonly before: number | undefined;
}

/** One reconciliation: look up, compare, send what is open, and again if another process wrote the entry meanwhile. */
export class Reconciler {
  readonly #internals: Internals;
  readonly #content: Content;
  readonly #options: SendOptions;
  readonly #sender: StepSender;

  /** Whether the user was refused before its parent was written. */
  #parentHasCome = false;
  /** The doubt that this reconciliation clears up. One that it leaves itself is cleared up by a later one. */
  #doubtedAt: number | undefined;

  constructor(
    oplead: Oplead,
    ledger: Ledger,
    content: Content,
    call: CallOptions,
    options: SendOptions,
    leaseLeftMs: (() => number) | undefined,
  ) {
    this.#internals = internalsOf(oplead);
    this.#content = content;
    this.#options = options;
    this.#sender = new StepSender(oplead, ledger, content, call, options, leaseLeftMs);
  }

  async run(): Promise<Reconciliation> {
    try {
      await this.#lookUp();
      await this.#bringInStep();
    } catch (error) {
      throw isOpleadError(error) ? Object.assign(error, { attempts: this.#sender.result.requests }) : error;
    }
    return {
      accountNumber: this.#content.accountNumber,
      id: this.#entry.id,
      testMode: this.#sender.testMode,
      applied: [...this.#sender.applied],
      revision: this.#entry.revision ?? 0,
      ...this.#sender.result,
      ...(this.#sender.applied.size > 0 && this.#sender.result.failed.length > 0 && { outcome: "incomplete" }),
      ...this.#wait(),
    };
  }

  /** The parent that the user waits for, if the user is held or was refused. */
  #wait(): Pick<Reconciliation, "waitsFor"> {
    const { hash, waitsFor } = this.#entry.held?.user ?? {};
    return waitsFor !== undefined && hash === this.#content.userHash ? { waitsFor } : {};
  }

  get #entry(): LedgerEntry {
    return this.#sender.writer.entry;
  }

  async #lookUp(): Promise<void> {
    const { accountNumber, version } = this.#content;
    const entry = await this.#sender.writer.read();
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
    noteRecent(this.#internals, accountNumber, entry, this.#sender.now());
    const { parentState, waitsFor } = entry?.held?.user ?? {};
    if (waitsFor === undefined) return;
    const parent = await this.#sender.lookUpParent();
    this.#parentHasCome = parent?.state !== undefined && parent.state !== parentState;
  }

  /** Again if another process has written the entry meanwhile, unless its state is the newer one. */
  async #bringInStep(): Promise<void> {
    const { revision = 0, doubtedAt } = this.#entry;
    const { expectedRevision = revision } = this.#options;
    const { settings } = this.#internals.transport;
    // What comes before Oplead has carried out the attempt must leave the doubt.
    this.#doubtedAt = this.#options.doubtedAt ?? doubtToClear(doubtedAt, this.#sender.now(), settings.lateMs);
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
    Object.assign(this.#sender.result, { held: open.held, failed: [], notSent: [], unverifiable: [] });
    const isOpen = open.user || open.rules.length > 0;
    if (open.stale || (isOpen && !isExpected)) this.#sender.result.outcome = "stale";
    else if (!isOpen) await this.#noteUnchanged();
    else {
      const attempt = await this.#beginAttempt();
      if (!open.user || (await this.#sender.sendUser())) await this.#sender.sendRules(() => this.#compare().rules);
      await this.#endAttempt(attempt);
    }
    await this.#endDoubt();
  }

  #compare(): OpenSteps {
    const { retryHeld = false, resend = false } = this.#options;
    const released = this.#parentHasCome && retryHeld !== true ? [...(retryHeld || []), "user" as const] : retryHeld;
    return compare(this.#content, this.#entry, released, resend, this.#doubtedAt);
  }

  /**
   * Notes the doubt that is left if this process is killed while it sends. Undefined if it is not needed. Of a new user too: its request may be
   * carried out once the user is there.
   */
  async #beginAttempt(): Promise<Attempt | undefined> {
    if (!this.#options.notesAttempt) return undefined;
    const at = this.#sender.now();
    const { doubtedAt: before, at: writtenAt } = this.#entry;
    await this.#sender.writer.write({ ...this.#entry, at: writtenAt || at, doubtedAt: at }, undefined);
    return { before, at };
  }

  /** Takes the doubt away, unless a step left one of its own. One of before stays. */
  async #endAttempt(attempt: Attempt | undefined): Promise<void> {
    if (!attempt || this.#sender.leftDoubt) return;
    const { before, at } = attempt;
    await this.#sender.writer.update((entry) =>
      entry?.doubtedAt === at ? { ...entry, doubtedAt: before } : undefined,
    );
  }

  /**
   * A doubt ends when everything was sent again that can be. What Oplead has of the other rules, which are held or not in the source any more,
   * is not known: they are forgotten, and sent once they can be.
   */
  async #endDoubt(): Promise<void> {
    const doubtedAt = this.#doubtedAt;
    const { result, applied, writer } = this.#sender;
    const isAllSent = applied.has("user") && result.notSent.length === 0 && result.failed.every(({ held }) => held);
    if (doubtedAt === undefined || !isAllSent) return;
    await writer.update((entry) => {
      if (entry?.doubtedAt !== doubtedAt) return undefined;
      const known = Object.entries(entry.rules).filter(([name]) => applied.has(name as RuleName));
      return { ...entry, rules: Object.fromEntries(known), doubtedAt: undefined };
    });
  }

  async #noteUnchanged(): Promise<void> {
    this.#sender.result.outcome = this.#sender.result.held.length > 0 ? "held" : "unchanged";
    if (this.#content.rulesOnly) return;
    if (changesPresence(this.#entry, this.#content.version))
      await this.#sender.record(this.#entry, undefined, this.#entry.at);
  }
}
