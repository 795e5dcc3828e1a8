import { Interrupts } from "./interrupts.ts";
import { Output, type OutputOptions } from "./output.ts";

/** What every command gets. */
export interface Context {
  readonly output: Output;
  readonly interrupts: Interrupts;
  /** Tells the runs in an audit file apart, and sorts by time: `20260131T021500Z-3f9a1c`. */
  readonly runId: string;
}

export function openContext(options: OutputOptions): Context {
  const output = new Output(options);
  return { output, interrupts: new Interrupts(output), runId: newRunId() };
}

/** Chance tells runs of one second apart. It is no secret, and loading node:crypto takes as long as reading the arguments. */
function newRunId(): string {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const chance = Math.floor(Math.random() * 0x1_00_00_00).toString(16);
  return `${time}-${chance.padStart(6, "0")}`;
}
