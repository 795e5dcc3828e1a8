import type { OpleadConfig, RecordSource } from "oplead-sdk/config";
import type { SourceUser, SyncSource } from "oplead-sdk/sync";
import { counted } from "../../base/words.ts";
import type { Context } from "../command.ts";
import type { Workspace } from "./workspace.ts";

/** A user of the source, with the row it comes from. */
export interface UserOfRow {
  readonly row: number | string | undefined;
  readonly user: SourceUser;
}

/** The config's source if it can say more about its records: one of `oplead-sdk/config`. */
export function recordSourceOf({ source }: OpleadConfig): RecordSource<unknown> | undefined {
  const { rowOf, warnings } = (source ?? {}) as Partial<RecordSource<unknown>>;
  const isRecordSource = typeof source === "function" && typeof rowOf === "function" && typeof warnings === "function";
  return isRecordSource ? (source as RecordSource<unknown>) : undefined;
}

/** Maps the whole source. Records for which `map` throws are counted. */
export async function readUsers(
  { config }: Workspace,
  { interrupts, output }: Context,
): Promise<{ readonly users: UserOfRow[]; readonly failed: number }> {
  const { source, map, rowOf = recordSourceOf(config)?.rowOf } = config;
  const users: UserOfRow[] = [];
  let failed = 0;
  // The workspace was opened only because there is one.
  const records = source as SyncSource<unknown>;
  for await (const record of typeof records === "function" ? await records() : records) {
    interrupts.signal.throwIfAborted();
    try {
      const user = await map?.(record);
      if (user) users.push({ row: rowOf?.(record), user });
    } catch {
      failed += 1;
    }
  }
  if (failed > 0) output.warn(`map failed for ${counted(failed, "record")}: npx oplead plan says why.`);
  return { users, failed };
}

/** One user for each account number, which the coverage needs: what is wrong with the others, `plan` says. */
export function uniqueUsers(users: readonly UserOfRow[]): SourceUser[] {
  const unique = new Map<string, SourceUser>();
  for (const { user } of users) {
    const { accountNumber } = user.user;
    if (typeof accountNumber === "string" && accountNumber !== "") unique.set(accountNumber, user);
  }
  return [...unique.values()];
}
