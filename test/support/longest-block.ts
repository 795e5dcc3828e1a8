import { readFileSync } from "node:fs";

// A clock would also count other processes.
export function processorMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

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

// A block that the code causes is there each time; one that a busy machine or the collector makes longer is not.
export async function shortestOf(rounds: number, limitMs: number, measure: () => Promise<number>): Promise<number> {
  let shortest = Number.POSITIVE_INFINITY;
  for (let round = 1; round <= rounds && shortest >= limitMs; round += 1)
    shortest = Math.min(shortest, await measure());
  return shortest;
}

// Of the JavaScript thread; elsewhere than on Linux with those that unpack and collect.
function mainThreadMs(): number {
  if (process.platform !== "linux") return processorMs({ user: 0, system: 0 });
  // Nanoseconds on a processor come first: Documentation/scheduler/sched-stats.rst.
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, "utf8").split(" ", 1)[0]) / 1e6;
}
