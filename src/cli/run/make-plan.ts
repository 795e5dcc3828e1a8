import { planSync, type SyncOptions, type SyncPlan } from "oplead-sdk/sync";
import type { CoveredUsers } from "../coverage/covered-users.ts";
import { isRecordSource } from "../session/record-source.ts";
import type { Session } from "../session/session.ts";
import type { Context } from "../shell/context.ts";

/** Plans with the options of the config. Ctrl-C ends it at once: nothing is under way. */
export async function makePlan(
  { config, ledger, oplead, covered }: Session,
  { output, interrupts }: Context,
  more: Partial<SyncOptions<unknown>> = {},
): Promise<SyncPlan> {
  const { source, map, key, guard, checks, incremental, heldRetryAfter, concurrency, stop, onMissing } = config;
  const rowOf = config.rowOf ?? (isRecordSource(source) ? source.rowOf : undefined);
  const plan = await planSync(oplead, {
    // openSession was asked for both.
    source: source as SyncOptions<unknown>["source"],
    map: covered && map ? collecting(map, covered) : (map as SyncOptions<unknown>["map"]),
    ledger,
    key,
    rowOf,
    guard,
    checks,
    incremental,
    heldRetryAfter,
    concurrency,
    stop,
    onMissing,
    signal: interrupts.signal,
    ...more,
  });
  for (const warning of isRecordSource(source) ? source.warnings() : []) output.warn(warning);
  return plan;
}

type Map = SyncOptions<unknown>["map"];

/** Shows every mapped user to the coverage on its way to the plan. */
function collecting(map: Map, covered: CoveredUsers): Map {
  const take = <T extends Awaited<ReturnType<Map>>>(user: T): T => {
    if (user) covered.add(user);
    return user;
  };
  return (record) => {
    const user = map(record);
    return user instanceof Promise ? user.then(take) : take(user);
  };
}
