import { type SpawnOptions, spawn } from "node:child_process";

export interface SecondTerminal {
  hasPrinted(expected: RegExp): Promise<void>;
  close(): Promise<void>;
}

export async function openTerminal(command: string, args: string[], options: SpawnOptions): Promise<SecondTerminal> {
  // A process group, so that all its processes end as with a terminal.
  const child = spawn(command, args, { ...options, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const exited = new Promise<void>((resolve) => child.on("close", () => resolve()));
  let output = "";
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      output += chunk;
      for (const listener of listeners) listener();
    });
  }
  return {
    hasPrinted: (expected) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (expected.test(output)) resolve();
        };
        listeners.add(check);
        check();
        void exited.then(() => reject(new Error(`${args.join(" ")} ended and printed:\n${output}`)));
      }),
    async close() {
      if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
      await exited;
    },
  };
}
