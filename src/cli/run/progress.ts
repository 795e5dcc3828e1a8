import type { SyncProgress } from "oplead-sdk/sync";
import type { Output } from "../shell/output.ts";
import { say } from "../texts/say.ts";

/** Shows how far a run is: a bar on a terminal, a line now and then elsewhere. */
export interface ProgressDisplay {
  show(progress: SyncProgress): void;
  /** Shows what is waited for, until there is progress again. */
  wait(text: string): void;
  end(): void;
}

const NONE: ProgressDisplay = { show: () => {}, wait: () => {}, end: () => {} };

/** The longest time without a line. Each tenth of the users has one too. */
const QUIET_MS = 30_000;

export async function openProgress(output: Output, total: number): Promise<ProgressDisplay> {
  if (output.quiet || total === 0) return NONE;
  return output.isTerminal ? bar(total) : lines(output);
}

async function bar(total: number): Promise<ProgressDisplay> {
  const { default: progress } = await import("cli-progress");
  const display = new progress.SingleBar({
    format: "{bar} {state}",
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 24,
    hideCursor: true,
    stream: process.stderr,
    fps: 10,
    // It would install a handler for signals of its own.
    gracefulExit: false,
  });
  display.start(total, 0, { state: say("progress_done", { done: 0, total }) });
  return {
    show(state) {
      display.setTotal(state.total);
      display.update(state.done - state.skipped, { state: progressText(state) });
    },
    wait: (text) => display.update({ state: text }),
    end: () => display.stop(),
  };
}

function lines(output: Output): ProgressDisplay {
  let shownTenth = 0;
  let shownAt = performance.now();
  return {
    show(state) {
      const tenth = Math.floor((state.done / state.total) * 10);
      if (tenth === shownTenth && performance.now() - shownAt < QUIET_MS) return;
      shownTenth = tenth;
      shownAt = performance.now();
      output.note(progressText(state));
    },
    wait(text) {
      shownAt = performance.now();
      output.note(text);
    },
    end() {},
  };
}

/** `42 of 52 users, 2 failed, 5 s left`. Skipped users do not count as done. */
export function progressText({ done, total, failed, skipped, etaMs }: SyncProgress): string {
  const parts = [say("progress_done", { done: done - skipped, total })];
  if (failed > 0) parts.push(say("progress_failed", { count: failed }));
  if (skipped > 0) parts.push(say("progress_skipped", { count: skipped }));
  if (etaMs !== undefined && etaMs >= 1000 && done < total) parts.push(say("progress_left", { time: etaMs }));
  return parts.join(", ");
}
