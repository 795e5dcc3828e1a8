import type { SourceUser, SyncSource } from "oplead-sdk/sync";
import type { Context } from "../shell/context.ts";
import { counted } from "../shell/counted.ts";
import { isRecordSource } from "./record-source.ts";
import type { Session } from "./session.ts";

/** A user of the source, with the row it comes from. */
export interface UserOfRow {
  readonly row: number | string | undefined;
  readonly user: SourceUser;
}

/** What `map` makes of the whole source. Records for which it throws or gives nothing are counted. */
export async function readUsers(
  { config }: Session,
  { interrupts, output }: Context,
): Promise<{ readonly users: UserOfRow[]; readonly failed: number }> {
  const { source, map } = config;
  const rowOf = config.rowOf ?? (isRecordSource(source) ? source.rowOf : undefined);
  const users: UserOfRow[] = [];
  let failed = 0;
  // openSession was asked for it.
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
