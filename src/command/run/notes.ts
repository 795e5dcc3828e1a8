// Small files beside the audit file. Without an audit file there are none.

import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { NotifyOptions } from "oplead-sdk/config";
import { among, type Finding, type Ledger, type LedgerMark, type SavedPlan } from "oplead-sdk/sync";
import { auditedRuns, type LoadedConfig, type RunEndedLine } from "#parts";
import { errorCode } from "../../core/errors.ts";
import { writePrivateFile } from "../shell/files.ts";
import { auditPath, platformOf } from "./trace.ts";

const KEPT = 1_000;

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
      // The file is missing or damaged: the run goes on, but does not notice an older copy of the ledger, for example.
      return new Map();
    }
  }

  write(notes: Iterable<readonly [string, Note]>): void {
    if (this.#path !== undefined)
      writePrivateFile(this.#path, `${JSON.stringify(Object.fromEntries(notes), undefined, 2)}\n`);
  }
}

// Marks are outside the ledger, so that a run notices a restored copy.
const marksOf = (loaded: LoadedConfig) => new Notes<LedgerMark>(loaded, "oplead-ledger.mark.json");

// Texts for Oplead Care, without personal data.
const textsOf = (loaded: LoadedConfig) => new Notes<string>(loaded, "oplead-support.json");

// Alerts for when the ledger cannot be read. Account numbers are the only personal data in this file.
const alertsOf = (loaded: LoadedConfig) => new Notes<string>(loaded, "oplead-alerts.json");

export function alertsBackup(loaded: LoadedConfig): NotifyOptions["backup"] {
  if (auditPath(loaded) === undefined) return undefined;
  const name = loaded.target ?? "default";
  return {
    read: () => alertsOf(loaded).read().get(name),
    write: (text) => alertsOf(loaded).write(alertsOf(loaded).read().set(name, text)),
  };
}

const TURN_MS = 20_000;

// Two runs may end at once: the second reads what the first has told. A killed process leaves its lock for a while.
export async function afterOtherAlerts<T>(loaded: LoadedConfig, task: () => Promise<T>): Promise<T> {
  const lock = resolve(dirname(auditPath(loaded) ?? ""), "oplead-alerts.lock");
  const isOwn = auditPath(loaded) !== undefined && (await took(lock));
  try {
    return await task();
  } finally {
    if (isOwn) rmSync(lock, { force: true });
  }
}

async function took(lock: string): Promise<boolean> {
  for (const start = performance.now(); performance.now() - start < TURN_MS; await setTimeout(50)) {
    try {
      writeFileSync(lock, "", { flag: "wx" });
      return true;
    } catch (error) {
      if (errorCode(error) !== "EEXIST") return false;
      const { mtimeMs = 0 } = statSync(lock, { throwIfNoEntry: false }) ?? {};
      if (mtimeMs > 0 && Date.now() - mtimeMs > 3 * TURN_MS) rmSync(lock, { force: true });
    }
  }
  return false;
}

// Plans that stay noted: further runs may end while a person reads one.
const SHOWN = 5;

export interface ShownPlan {
  readonly changes: readonly (readonly [accountNumber: string, hash: string])[];
  readonly missing: readonly string[];
}

const shownOf = (loaded: LoadedConfig) => new Notes<ShownPlan>(loaded, "oplead-plans.json");

export function readShown(loaded: LoadedConfig, hash: string): ShownPlan | undefined {
  return shownOf(loaded).read().get(hash);
}

export function noteOf({ changes, findings }: SavedPlan): ShownPlan {
  return {
    changes: changes.flatMap(({ kind, accountNumber, hash }) =>
      kind === "refreshed" ? [] : [[accountNumber, hash] as const],
    ),
    missing: among(findings, "leaver").map(({ accountNumber }) => accountNumber),
  };
}

export function writeShown(loaded: LoadedConfig, plan: SavedPlan): void {
  const notes = shownOf(loaded);
  const plans = notes.read();
  plans.delete(plan.hash);
  plans.set(plan.hash, noteOf(plan));
  notes.write([...plans].slice(-SHOWN));
}

const columnsOf = (loaded: LoadedConfig) => new Notes<readonly string[]>(loaded, "oplead-columns.json");

export function noteColumns(loaded: LoadedConfig, columns: readonly string[]): boolean {
  const notes = columnsOf(loaded);
  const all = notes.read();
  const name = loaded.target ?? "default";
  const before = all.get(name) ?? [];
  if (before.length === columns.length && before.every((column) => columns.includes(column))) return true;
  notes.write(all.set(name, columns));
  return false;
}

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

// A later run of another host means that the host works with a copy of the ledger. Its mark file may be elsewhere; the
// audit is shared.
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

// Whether the run planned all users, was no test, and came to its end.
function isNoted({ origin, status, testMode, part }: RunEndedLine): boolean {
  const isNight = (origin === "sync" || origin === "apply") && !part;
  return isNight && !testMode && (status === "complete" || status === "partial");
}

export function supportText(loaded: LoadedConfig, accountNumber: string): string | undefined {
  return textsOf(loaded).read().get(accountNumber);
}

export function writeSupportTexts(loaded: LoadedConfig, failures: readonly Finding<"failed">[]): void {
  if (failures.length === 0) return;
  const notes = textsOf(loaded);
  const texts = notes.read();
  for (const { accountNumber, error } of failures) {
    texts.delete(accountNumber);
    texts.set(accountNumber, error.supportReport());
  }
  notes.write([...texts].slice(-KEPT));
}
