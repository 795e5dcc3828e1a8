import { readFileSync } from "node:fs";

/** Milliseconds of processor time since a reading. A clock would also count the time of other processes. */
export function processorMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

/** The longest time that the process computed between two runs of a timer while the task ran. */
export async function longestBlock(task: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = mainThreadMs();
  const look = (): void => {
    const now = mainThreadMs();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const timer = setInterval(look, 1);
  await task();
  clearInterval(timer);
  // A task that never gives way ends before the timer has run.
  look();
  return longest;
}

/**
 * The shortest of up to `rounds` measurements, and the last one that is shorter than the limit. A block that the code causes is
 * there each time; one that a busy machine or the collection of garbage makes longer is not.
 */
export async function shortestOf(rounds: number, limitMs: number, measure: () => Promise<number>): Promise<number> {
  let shortest = Number.POSITIVE_INFINITY;
  for (let round = 1; round <= rounds && shortest >= limitMs; round += 1)
    shortest = Math.min(shortest, await measure());
  return shortest;
}

/**
 * The processor time of the thread that runs JavaScript, in milliseconds. On other systems than Linux it includes the threads
 * that unpack files and collect garbage.
 */
function mainThreadMs(): number {
  if (process.platform !== "linux") return processorMs({ user: 0, system: 0 });
  // Nanoseconds on a processor come first: Documentation/scheduler/sched-stats.rst.
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, "utf8").split(" ", 1)[0]) / 1e6;
}
