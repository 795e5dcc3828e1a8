import { randomBytes } from "node:crypto";
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
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  return { output, interrupts: new Interrupts(output), runId: `${time}-${randomBytes(3).toString("hex")}` };
}
