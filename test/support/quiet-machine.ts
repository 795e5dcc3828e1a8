import { cpus } from "node:os";

/** Below this share of idle time, processes that start together wait for each other. */
const IDLE = 0.2;

export interface Measured<T> {
  readonly result: T;
  /** Whether the processors had time that no program used. */
  readonly isQuiet: boolean;
}

/**
 * What `measure` gives on a quiet machine. Programs beside the tests may take the processors away, so it is measured again,
 * up to three times, until it is as `wanted` or no other program can be to blame.
 */
export async function whileQuiet<T>(
  what: string,
  measure: () => Promise<T>,
  isWanted: (result: T) => boolean,
): Promise<Measured<T>> {
  for (let round = 1; ; round += 1) {
    const before = times();
    const result = await measure();
    const after = times();
    const idle = (after.idle - before.idle) / (after.all - before.all);
    const isQuiet = idle >= IDLE;
    console.log(`${what}: ${JSON.stringify(result)}, processors ${Math.round(idle * 100)} % idle`);
    if (isQuiet || isWanted(result) || round === 3) return { result, isQuiet };
  }
}

function times(): { readonly idle: number; readonly all: number } {
  const sum = { idle: 0, all: 0 };
  for (const { times } of cpus()) {
    sum.idle += times.idle;
    sum.all += times.idle + times.user + times.nice + times.sys + times.irq;
  }
  return sum;
}
