import type { Change } from "../plan/change.ts";
import type { RunResult } from "./run-result.ts";
import { type RunOptions, UserSender } from "./user-sender.ts";

/**
 * Sends the changes, so many at once, each after its parent. Three rounds: all changes; then those of which a step failed
 * that may succeed later, with the children that waited for them; then those that may fit once another user has changed.
 */
export async function run(changes: readonly Change[], options: RunOptions): Promise<RunResult> {
  const sender = new UserSender(options);
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

  const pending: Change[] = [];
  await eachAtOnce(first, options.concurrency, async (change) => {
    if ((await sender.send(change, false)) === "settled") return childrenOf(change);
    pending.push(change);
    return [];
  });
  for (const round of [pending, last]) {
    await eachAtOnce(round, options.concurrency, async (change) => {
      await sender.send(change, true);
      return childrenOf(change);
    });
  }
  return sender.result;
}

/** Works on items, so many at once. What a task gives is added to the items. */
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
