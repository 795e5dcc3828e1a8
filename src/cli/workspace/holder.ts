import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { errorCode } from "../../base/error-code.ts";
import { type Told, told } from "../texts/say.ts";

/**
 * Says which process has a ledger open. The lock itself is LevelDB's, which ends with its process; this file only
 * describes it, so one that a killed process left behind is harmless.
 */
interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly run: string;
  readonly command: string;
  readonly startedAt: string;
}

/** Lies beside the folder, because LevelDB owns what is inside. */
const fileOf = (ledger: string): string => `${ledger.replace(/[\\/]+$/, "")}.run.json`;

/** Tells that this process has the ledger; returns what takes it back. */
export function announce(ledger: string, run: string, command: string): () => void {
  const holder: Holder = { pid: process.pid, host: hostname(), run, command, startedAt: new Date().toISOString() };
  const file = fileOf(ledger);
  try {
    writeFileSync(file, `${JSON.stringify(holder)}\n`);
  } catch {
    return () => {}; // It only explains.
  }
  const withdraw = (): void => rmSync(file, { force: true });
  process.on("exit", withdraw);
  return () => {
    process.off("exit", withdraw);
    withdraw();
  };
}

/** A sentence that names the process which has the ledger open, if that is known. */
export function holderOf(ledger: string, error: unknown): Told | undefined {
  if (!isLocked(error)) return undefined;
  try {
    const { pid, host, command, startedAt, run } = JSON.parse(readFileSync(fileOf(ledger), "utf8")) as Holder;
    const holder = { pid: String(pid), command, run, time: startedAt };
    return host === hostname()
      ? told("holder", holder)
      : told("holder_elsewhere", {
          ...holder,
          host,
        });
  } catch {
    return undefined;
  }
}

/** LevelDB's own code is among the causes of the ledger's error. */
function isLocked(error: unknown): boolean {
  return error instanceof Error && (errorCode(error) === "LEVEL_LOCKED" || isLocked(error.cause));
}
