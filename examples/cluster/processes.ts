/** Processes that end with this one. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface Started {
  readonly child: ChildProcess;
  /** Resolves with the first group of the first line that matches, or rejects when the process ends before. */
  line(wanted: RegExp): Promise<string>;
  /** The exit code, null after a signal, and all that it wrote to stdout. */
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string }>;
}

export class Processes {
  readonly #running = new Set<ChildProcess>();
  #isOver = false;

  /** Starts Node. What the process writes to stderr is passed on with `showErrors`. */
  start(args: readonly string[], env: Readonly<Record<string, string>>, { showErrors = true } = {}): Started {
    if (this.#isOver) throw new Error("No process is started any more: all have been ended.");
    const child = spawn(process.execPath, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
    });
    this.#running.add(child);
    const lines: string[] = [];
    const listeners = new Set<(line: string) => void>();
    let stdout = "";
    const hear = (line: string) => {
      lines.push(line);
      for (const listener of listeners) listener(line);
    };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    createInterface({ input: child.stdout }).on("line", hear);
    createInterface({ input: child.stderr }).on("line", (line) => {
      hear(line);
      if (showErrors) console.error(line);
    });
    const ended = new Promise<{ code: number | null; stdout: string }>((resolve) => {
      child.on("close", (code) => {
        this.#running.delete(child);
        resolve({ code, stdout });
      });
    });
    return {
      child,
      ended,
      line: (wanted) =>
        new Promise((resolve, reject) => {
          const listener = (line: string) => {
            const found = wanted.exec(line);
            if (!found) return;
            listeners.delete(listener);
            resolve(found[1] ?? "");
          };
          listeners.add(listener);
          for (const line of lines) listener(line);
          ended.then(({ code }) => reject(new Error(`A process ended with ${code}:\n${lines.slice(-10).join("\n")}`)));
        }),
    };
  }

  /** Ends all that still run, at once. No other can be started after that. */
  async endAll(): Promise<void> {
    this.#isOver = true;
    const ends = [...this.#running].map((child) => new Promise((resolve) => child.once("close", resolve)));
    for (const child of this.#running) {
      child.kill("SIGKILL");
    }
    await Promise.all(ends);
  }
}
