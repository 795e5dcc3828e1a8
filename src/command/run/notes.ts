/*
 * Notes beside the audit file: marks of ledgers, texts for Oplead Care, alerts, and plans that were shown.
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
      // The file is missing or damaged. The run goes on without the notes, and for example does not recognise an older
      // copy of a ledger this time.
      return new Map();
    }
  }

  write(notes: Iterable<readonly [string, Note]>): void {
    if (this.#path !== undefined)
      writePrivateFile(this.#path, `${JSON.stringify(Object.fromEntries(notes), undefined, 2)}\n`);
  }
}

/** The marks of the ledgers, by target. They lie outside the ledgers, so that restoring a ledger does not restore its mark. */
const marksOf = (loaded: LoadedConfig) => new Notes<LedgerMark>(loaded, "oplead-ledger.mark.json");

/** The texts for Oplead Care of the newest failure of each user. They hold no personal data. */
const textsOf = (loaded: LoadedConfig) => new Notes<string>(loaded, "oplead-support.json");

/**
 * For each target, the record of alerts that is used while the ledger cannot be read. Its only personal data is account
 * numbers.
 */
const alertsOf = (loaded: LoadedConfig) => new Notes<string>(loaded, "oplead-alerts.json");

/** The second place for the record of alerts; undefined if the config has no audit file. */
export function alertsBackup(loaded: LoadedConfig): NotifyOptions["backup"] {
  if (auditPath(loaded) === undefined) return undefined;
  const name = loaded.target ?? "default";
  return {
    read: () => alertsOf(loaded).read().get(name),
    write: (text) => alertsOf(loaded).write(alertsOf(loaded).read().set(name, text)),
  };
}

/**
 * How many of the newest plans are kept. There is more than one, because other runs may end while a person reads a
 * plan.
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

export function writeShown(loaded: LoadedConfig, { hash, changes, missing }: SavedPlan): void {
  const notes = shownOf(loaded);
  const plans = notes.read();
  plans.delete(hash);
  plans.set(hash, {
    changes: changes.map((change) => [change.accountNumber, change.hash]),
    missing: missing.map(({ accountNumber }) => accountNumber),
  });
  notes.write([...plans].slice(-SHOWN));
}

/** The columns of the source that no field took in the last run, by target. */
const columnsOf = (loaded: LoadedConfig) => new Notes<readonly string[]>(loaded, "oplead-columns.json");

/** Notes the columns that no field takes. Returns whether the last run had the same ones. */
export function noteColumns(loaded: LoadedConfig, columns: readonly string[]): boolean {
  const notes = columnsOf(loaded);
  const all = notes.read();
  const name = loaded.target ?? "default";
  const before = all.get(name) ?? [];
  if (before.length === columns.length && before.every((column) => columns.includes(column))) return true;
  notes.write(all.set(name, columns));
  return false;
}

/** The mark that the last run left; undefined before the first, and without an audit file. */
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
 * The mark of the newest run of another host that ended after the last run of this ledger, according to the audit. Such
 * a mark means that the other host works with a copy of the ledger. Its own mark may be in another folder, so the audit
 * is read. Undefined if the audit does not have the last run of this ledger.
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

/** Whether the ledger counts a run: it had all users and came to its end. */
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
