/** Milliseconds of processor time since a reading. A clock would also count the time of other processes. */
export function processorMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

/** The longest time that the process computed between two runs of a timer while the task ran. */
export async function longestBlock(task: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = process.cpuUsage();
  const look = (): void => {
    longest = Math.max(longest, processorMs(last));
    last = process.cpuUsage();
  };
  const timer = setInterval(look, 1);
  await task();
  clearInterval(timer);
  // A task that never gives way ends before the timer has run.
  look();
  return longest;
}
