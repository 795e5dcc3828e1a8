import type { Change } from "../plan/judge.ts";
import type { ApplyOptions } from "../types/options.ts";
import type { StopReason } from "../types/records.ts";
import type { RunResult } from "./run-result.ts";
import type { RunTarget } from "./run-target.ts";
import { UserSender } from "./user-sender.ts";

/** Users of a run that wait in a queue at once: enough to keep dozens of workers busy. */
const WAITING_IN_QUEUE = 1_000;

/**
 * Sends the changes, several at once, each after its parent: first all of them, then those that are likely to be refused
 * before the others have arrived. After each of these rounds, those of which a step failed that may succeed later are tried
 * again, with the children that waited for them. At the end, those that wanted a value which another change has given up. `stop`: why nothing is
 * to be sent at all.
 */
export async function run(
  target: RunTarget,
  changes: readonly Change[],
  options: ApplyOptions,
  testMode: boolean,
  runId: string,
  stop?: StopReason,
): Promise<RunResult> {
  const sender = new UserSender(target, changes, options, testMode, runId);
  sender.result.stopReason = stop;
  // Workers limit how many users are sent at once.
  const atOnce = options.queue ? WAITING_IN_QUEUE : target.concurrency;
  const accountNumbers = new Set(changes.map(({ planned }) => planned.accountNumber));
  const children = new Map<string, Change[]>();
  const first: Change[] = [];
  const last: Change[] = [];
  for (const change of changes) {
    const { after } = change.planned;
    if (change.last) last.push(change);
    else if (after === undefined || !accountNumbers.has(after)) first.push(change);
    else {
      const siblings = children.get(after);
      if (siblings) siblings.push(change);
      else children.set(after, [change]);
    }
  }
  const childrenOf = ({ planned }: Change): readonly Change[] => children.get(planned.accountNumber) ?? [];

  const again: Change[] = [];
  const conflicts: Change[] = [];
  const attempt = (round: readonly Change[], isLastAttempt: boolean): Promise<void> =>
    eachAtOnce(round, atOnce, async (change) => {
      const state = await sender.send(change, isLastAttempt);
      if (state === "done") return childrenOf(change);
      (state === "pending" ? again : conflicts).push(change);
      return [];
    });
  for (const round of [first, last]) {
    await attempt(round, false);
    await attempt(again.splice(0), true);
  }
  await attempt(conflicts, true);
  return sender.result;
}

/** Works on items, at most `atOnce` at the same time. The results of a task are added to the items. */
async function eachAtOnce<T>(
  items: readonly T[],
  atOnce: number,
  task: (item: T) => Promise<readonly T[]>,
): Promise<void> {
  const queue = [...items];
  await new Promise<void>((resolve, reject) => {
    let next = 0;
    let underWay = 0;
    const pump = (): void => {
      for (; underWay < atOnce && next < queue.length; next += 1) {
        underWay += 1;
        task(queue[next] as T).then((more) => {
          underWay -= 1;
          for (const item of more) queue.push(item);
          pump();
        }, reject);
      }
      if (underWay === 0 && next >= queue.length) resolve();
    };
    pump();
  });
}
