import type { SyncProgress } from "oplead-sdk/sync";
import type { Output } from "../shell/output.ts";

/** Shows how far a run is: a bar on a terminal, a line now and then elsewhere. */
export interface ProgressDisplay {
  show(progress: SyncProgress): void;
  end(): void;
}

const NONE: ProgressDisplay = { show: () => {}, end: () => {} };

/** A log line after each tenth, and otherwise after so long. */
const QUIET_MS = 30_000;

export async function openProgress(output: Output, total: number): Promise<ProgressDisplay> {
  if (output.quiet || total === 0) return NONE;
  return output.isTerminal ? bar(total) : lines(output);
}

async function bar(total: number): Promise<ProgressDisplay> {
  const { default: progress } = await import("cli-progress");
  const display = new progress.SingleBar({
    format: "{bar} {value}/{total} users, {failed} failed, {left}",
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 24,
    hideCursor: true,
    stream: process.stderr,
    fps: 10,
    // It would install a handler for signals of its own.
    gracefulExit: false,
  });
  display.start(total, 0, { failed: 0, left: "" });
  return {
    show: ({ done, failed, etaMs }) => display.update(done, { failed, left: left(etaMs) }),
    end: () => display.stop(),
  };
}

function lines(output: Output): ProgressDisplay {
  let shownTenth = 0;
  let shownAt = Date.now();
  return {
    show({ done, total, failed, etaMs }) {
      const tenth = Math.floor((done / total) * 10);
      if (tenth === shownTenth && Date.now() - shownAt < QUIET_MS) return;
      shownTenth = tenth;
      shownAt = Date.now();
      output.note(`${done} of ${total} users, ${failed} failed, ${left(etaMs)}`);
    },
    end() {},
  };
}

function left(etaMs: number | undefined): string {
  if (etaMs === undefined) return "";
  const seconds = Math.round(etaMs / 1000);
  return seconds < 90 ? `${seconds} s left` : `${Math.round(seconds / 60)} min left`;
}
