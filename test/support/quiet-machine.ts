import { readdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";

// Above this share other programs delay a measurement.
const OTHERS = 0.05;
// A process with timers later than this (ms) is late itself.
const LATE_MS = 40;
// Where the system does not tell what each program uses.
const IDLE = 0.2;

export interface Measured<T> {
  readonly result: T;
  readonly isQuiet: boolean;
}

// Repeats a measurement once, unless it is as `wanted` or the machine was quiet.
export async function whileQuiet<T>(
  what: string,
  measure: () => Promise<T>,
  isWanted: (result: T) => boolean,
): Promise<Measured<T>> {
  for (let round = 1; ; round += 1) {
    const before = times();
    const [result, lateMs] = await withLateness(measure);
    const after = times();
    const shareOf = (kind: "idle" | "ours") => (after[kind] - before[kind]) / (after.all - before.all);
    const [idle, ours] = [shareOf("idle"), shareOf("ours")];
    const others = Math.max(0, 1 - idle - ours);
    const isQuiet = lateMs <= LATE_MS && (Number.isNaN(ours) ? idle >= IDLE : others <= OTHERS);
    const percent = (share: number) => `${Math.round(share * 100)} %`;
    const used = Number.isNaN(ours) ? "" : `, ${percent(others)} used by other programs`;
    console.log(
      `${what}: ${JSON.stringify(result)}, processors ${percent(idle)} idle${used}, timers up to ${Math.round(lateMs)} ms late`,
    );
    if (isQuiet || isWanted(result) || round === 2) return { result, isQuiet };
  }
}

async function withLateness<T>(measure: () => Promise<T>): Promise<[result: T, lateMs: number]> {
  const everyMs = 10;
  let lateMs = 0;
  let last = performance.now();
  const look = () => {
    const now = performance.now();
    lateMs = Math.max(lateMs, now - last - everyMs);
    last = now;
  };
  const timer = setInterval(look, everyMs);
  try {
    const result = await measure();
    return [result, lateMs];
  } finally {
    clearInterval(timer);
  }
}

interface Times {
  readonly idle: number;
  readonly all: number;
  readonly ours: number;
}

function times(): Times {
  return process.platform === "linux" ? timesOnLinux() : { ...timesAnywhere(), ours: Number.NaN };
}

function timesAnywhere(): Pick<Times, "idle" | "all"> {
  const sum = { idle: 0, all: 0 };
  for (const { times } of cpus()) {
    sum.idle += times.idle;
    sum.all += times.idle + times.user + times.nice + times.sys + times.irq;
  }
  return sum;
}

// Time that the host of a virtual machine took away counts as used by others. `cpus()` leaves it out.
function timesOnLinux(): Times {
  // user, nice, system, idle, iowait, irq, softirq, steal: proc_stat(5).
  const [, ...ticks] = readFileSync("/proc/stat", "utf8").split("\n", 1)[0]?.split(/ +/).slice(0, 9).map(Number) ?? [];
  const [idle = 0, waiting = 0] = ticks.slice(3, 5);
  return { idle: idle + waiting, all: ticks.reduce((sum, tick) => sum + tick, 0), ours: ticksOfTestRun() };
}

// The time of an ended process counts in its parent.
function ticksOfTestRun(): number {
  const stats = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap(statOf);
  let sum = 0;
  let generation = stats.filter(({ pid }) => pid === process.ppid);
  while (generation.length > 0) {
    const parents = new Set(generation.map(({ pid }) => pid));
    sum += generation.reduce((all, { ticks }) => all + ticks, 0);
    generation = stats.filter(({ parent }) => parents.has(parent));
  }
  return sum;
}

function statOf(pid: string): { pid: number; parent: number; ticks: number }[] {
  try {
    // proc_pid_stat(5): after the name, in parentheses, come state, parent, …; the 12th to the 15th are times.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    const ticks = fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0);
    return [{ pid: Number(pid), parent: Number(fields[1]), ticks }];
  } catch {
    // The process has ended meanwhile.
    return [];
  }
}
