/*
 * Small files beside the audit file, for later runs and commands: how new each ledger is, texts about failures for
 * Oplead's support, which alerts were sent, which plans a person has seen, and which columns no field uses.
 */

import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, resolve } from "node:path";
import type { LoadedConfig, NotifyOptions } from "oplead-sdk/config";
import {
  auditedRuns,
  type Ledger,
  type LedgerMark,
  type RunEndedLine,
  type SavedPlan,
  type SyncFailure,
} from "oplead-sdk/sync";
import { writePrivateFile } from "../shell/files.ts";
import { auditPath, platformOf } from "./trace.ts";

/** The maximum number of users whose newest failure is kept. */
const KEPT = 1_000;

/** A file of notes beside the audit file. Each note has a name. If the config has no audit file, there are no notes. */
class Notes<Note> {
  readonly #path: string | undefined;

  constructor(loaded: LoadedConfig, file: string) {
    const audit = auditPath(loaded);
    this.#path = audit === undefined ? undefined : resolve(dirname(audit), file);
  }

  read(): Map<string, Note> {
    try {
      return new Map(this.#path === undefined ? [] : Object.entries(JSON.parse(readFileSync(this.#path, "utf8"))));
    } catch {
      // The file is missing or damaged. The run goes on without the notes; for example, it does not notice if the
      // ledger is an older copy.
      return new Map();
    }
  }

  write(notes: Iterable<readonly [string, Note]>): void {
    if (this.#path !== undefined)
      writePrivateFile(this.#path, `${JSON.stringify(Object.fromEntries(notes), undefined, 2)}\n`);
  }
}

/**
 * For each target, a mark that tells which run used its ledger last. The mark lies outside the ledger, so that a run
 * notices when an older copy of the ledger was restored.
 */
const marksOf = (loaded: LoadedConfig) => new Notes<LedgerMark>(loaded, "oplead-ledger.mark.json");

/**
 * For each user, a text about the newest failure, to send to Oplead Care, the support of Oplead. The texts hold no
 * personal data.
 */
const textsOf = (loaded: LoadedConfig) => new Notes<string>(loaded, "oplead-support.json");

/**
 * For each target, a copy of the ledger's record of open alerts, to use while the ledger cannot be read. Account
 * numbers are the only personal data in it.
 */
const alertsOf = (loaded: LoadedConfig) => new Notes<string>(loaded, "oplead-alerts.json");

/**
 * Reads and writes the copy of the record of open alerts beside the audit file; undefined if the config has no audit
 * file.
 */
export function alertsBackup(loaded: LoadedConfig): NotifyOptions["backup"] {
  if (auditPath(loaded) === undefined) return undefined;
  const name = loaded.target ?? "default";
  return {
    read: () => alertsOf(loaded).read().get(name),
    write: (text) => alertsOf(loaded).write(alertsOf(loaded).read().set(name, text)),
  };
}

/**
 * How many of the newest plans are kept. Several are kept, because further runs may end while a person reads a plan.
 */
const SHOWN = 5;

/** The note about a plan that a person may approve: account numbers and hashes. */
export interface ShownPlan {
  readonly changes: readonly (readonly [accountNumber: string, hash: string])[];
  readonly missing: readonly string[];
}

/** The plans that were shown or refused, indexed by their hash. */
const shownOf = (loaded: LoadedConfig) => new Notes<ShownPlan>(loaded, "oplead-plans.json");

export function readShown(loaded: LoadedConfig, hash: string): ShownPlan | undefined {
  return shownOf(loaded).read().get(hash);
}

export function noteOf({ changes, missing }: SavedPlan): ShownPlan {
  return {
    changes: changes.map(({ accountNumber, hash }) => [accountNumber, hash]),
    missing: missing.map(({ accountNumber }) => accountNumber),
  };
}

export function writeShown(loaded: LoadedConfig, plan: SavedPlan): void {
  const notes = shownOf(loaded);
  const plans = notes.read();
  plans.delete(plan.hash);
  plans.set(plan.hash, noteOf(plan));
  notes.write([...plans].slice(-SHOWN));
}

/** For each target, the columns of the source that no field used in the last run. */
const columnsOf = (loaded: LoadedConfig) => new Notes<readonly string[]>(loaded, "oplead-columns.json");

/** Notes the columns of the source that no field uses. Returns whether they are the same as in the last run. */
export function noteColumns(loaded: LoadedConfig, columns: readonly string[]): boolean {
  const notes = columnsOf(loaded);
  const all = notes.read();
  const name = loaded.target ?? "default";
  const before = all.get(name) ?? [];
  if (before.length === columns.length && before.every((column) => columns.includes(column))) return true;
  notes.write(all.set(name, columns));
  return false;
}

/**
 * The mark that the last run left for the ledger; undefined before the first run, and if the config has no audit file.
 */
export function readLedgerMark(loaded: LoadedConfig): LedgerMark | undefined {
  const mark = marksOf(loaded)
    .read()
    .get(loaded.target ?? "default");
  return mark?.host === hostname() ? { ...mark, host: undefined } : mark;
}

export function writeLedgerMark(loaded: LoadedConfig, mark: LedgerMark): void {
  const marks = marksOf(loaded);
  marks.write(marks.read().set(loaded.target ?? "default", { ...mark, host: hostname() }));
}

/**
 * Looks in the audit for runs of a different host that ended after the last run of this ledger, and makes a mark from
 * the newest of them. Such a run means that the host works with a copy of the ledger. The host's mark file may be in a
 * different folder, so the shared audit is read. Undefined if the audit does not have the last run of this ledger.
 */
export async function markOfOtherHost(loaded: LoadedConfig, ledger: Ledger): Promise<LedgerMark | undefined> {
  const path = auditPath(loaded);
  const { lastRunId, runs: known = 0 } = (await ledger.getInfo()) ?? {};
  if (path === undefined || lastRunId === undefined) return undefined;
  const runs = auditedRuns(path);
  const own = runs.find(({ run }) => run === lastRunId)?.ended;
  if (!own) return undefined;
  const platform = platformOf(loaded);
  const others = runs.filter(({ started, planned, ended }) => {
    const its = planned?.platform ?? started?.platform;
    const isHere = its !== undefined && its.baseUrl === platform?.baseUrl && its.name === platform.name;
    return isHere && started?.host !== hostname() && ended !== undefined && isNoted(ended) && ended.time > own.time;
  });
  const { run, started } = others.at(-1) ?? {};
  return run === undefined ? undefined : { runs: known + 1, lastRunId: run, host: started?.host };
}

/** Whether a run leaves a mark in the ledger: it planned all users, was no test, and came to its end. */
function isNoted({ origin, status, testMode, part }: RunEndedLine): boolean {
  const isNight = (origin === "sync" || origin === "apply") && !part;
  return isNight && !testMode && (status === "complete" || status === "partial");
}

/** The text about the last failure of a user; undefined if there was no failure. */
export function supportText(loaded: LoadedConfig, accountNumber: string): string | undefined {
  return textsOf(loaded).read().get(accountNumber);
}

export function writeSupportTexts(loaded: LoadedConfig, failures: readonly SyncFailure[]): void {
  if (failures.length === 0) return;
  const notes = textsOf(loaded);
  const texts = notes.read();
  for (const { accountNumber, error } of failures) {
    texts.delete(accountNumber);
    texts.set(accountNumber, error.supportReport());
  }
  notes.write([...texts].slice(-KEPT));
}
