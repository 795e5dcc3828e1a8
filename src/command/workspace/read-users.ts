import { isOpleadError, type OpleadIssue } from "oplead-sdk";
import type { OpleadConfig, RecordSource } from "oplead-sdk/config";
import { checkSourceUser, type SourceUser } from "oplead-sdk/sync";
import { EVERYTHING, openRecords } from "../../core/values.ts";
import { mappingOf } from "../../sync/plan/mapping.ts";
import type { Context } from "../command.ts";
import { say } from "../say.ts";
import type { Workspace } from "./workspace.ts";

export interface UserOfRow {
  readonly row: number | string | undefined;
  readonly user: SourceUser;
  // True if this record is valid. Other records may still keep a run from sending the user.
  readonly isValid: boolean;
}

export function recordSourceOf({ source }: OpleadConfig): RecordSource<unknown> | undefined {
  const { rowOf, warnings } = (source ?? {}) as Partial<RecordSource<unknown>>;
  const isRecordSource = typeof source === "function" && typeof rowOf === "function" && typeof warnings === "function";
  return isRecordSource ? (source as RecordSource<unknown>) : undefined;
}

export interface LeftOut {
  readonly row: number | string | undefined;
  readonly accountNumber: string | undefined;
  // Empty if `map` threw, as the message may hold personal data.
  readonly issues: readonly Pick<OpleadIssue, "path" | "code" | "message">[];
}

export async function readUsers(
  { config, names }: Pick<Workspace, "config"> & Partial<Pick<Workspace, "names">>,
  { interrupts, output }: Context,
): Promise<{ readonly users: UserOfRow[]; readonly leftOut: readonly LeftOut[] }> {
  const { key } = config;
  // Opened, because `cell.e164` loads the numbering plans.
  const mapping = (await mappingOf(config.map)?.open()) ?? config;
  const { numericAccountNumbers, customFields } = config.client?.platform ?? {};
  const users: UserOfRow[] = [];
  const leftOut: LeftOut[] = [];
  let failed = 0;
  // Safe: the workspace requires a source and a `map`.
  const { records, source } = await openRecords(config.source, EVERYTHING);
  const { rowOf = recordSourceOf({ source } as OpleadConfig)?.rowOf } = config;
  for await (const record of records) {
    interrupts.signal.throwIfAborted();
    try {
      const user = await mapping.map?.(record);
      names?.learn(record, user);
      if (!user) continue;
      const row = rowOf?.(record);
      const issues = checkSourceUser(user, { numericAccountNumbers, customFields });
      users.push({ row, user, isValid: issues.length === 0 });
      if (issues.length > 0) leftOut.push({ row, accountNumber: user.user?.accountNumber, issues });
    } catch (error) {
      failed += 1;
      names?.learn(record, undefined);
      const { issues = [] } = isOpleadError(error) ? error : {};
      leftOut.push({ row: attempt(rowOf, record), accountNumber: attempt(key, record), issues });
    }
  }
  if (failed > 0) output.warn(say("map_failed_for", { records: failed }));
  return { users, leftOut };
}

function attempt<T>(ask: ((record: unknown) => T) | undefined, record: unknown): T | undefined {
  try {
    return ask?.(record);
  } catch {
    return undefined;
  }
}
