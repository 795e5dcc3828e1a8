import { dayFile, daysOf, fileSystem } from "./files.ts";

/** Account numbers are in it. */
const OWNER_ONLY = 0o600;
const DAY_MS = 86_400_000;

interface LineFileOptions {
  /** A file for each day (UTC), or one. */
  readonly byDay: boolean;
  readonly keepDays: number | undefined;
  readonly now: () => number;
}

/** A file to which lines of JSON are added. It is opened by the first line, and for a new day anew. */
export function lineFile(file: string, { byDay, keepDays, now }: LineFileOptions) {
  let open: { readonly path: string; readonly descriptor: number } | undefined;
  const close = (): void => {
    if (open) fileSystem().closeSync(open.descriptor);
    open = undefined;
  };
  const opened = (time: string): number => {
    const path = byDay ? dayFile(file, time.slice(0, 10)) : file;
    if (open?.path === path) return open.descriptor;
    close();
    const descriptor = fileSystem().openSync(path, "a+", OWNER_ONLY);
    open = { path, descriptor };
    endLine(descriptor);
    if (keepDays !== undefined) deleteBefore(file, new Date(now() - keepDays * DAY_MS).toISOString().slice(0, 10));
    return descriptor;
  };
  return {
    close,
    /** Throws what the system does, also for a line that is written in part only. `time` is ISO 8601. */
    append(time: string, line: unknown): void {
      const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
      try {
        if (fileSystem().writeSync(opened(time), bytes) === bytes.length) return;
        throw Object.assign(new Error(), { code: "ENOSPC" });
      } catch (error) {
        // Opened anew by the next line, which then ends the half one.
        close();
        throw error;
      }
    },
  };
}

/** A process that was killed may have left half a line, which would swallow the next one. */
function endLine(descriptor: number): void {
  const { fstatSync, readSync, writeSync } = fileSystem();
  const { size } = fstatSync(descriptor);
  const last = Buffer.from("\n");
  if (size > 0) readSync(descriptor, last, 0, 1, size - 1);
  if (last.toString() !== "\n") writeSync(descriptor, "\n");
}

function deleteBefore(file: string, first: string): void {
  const old = daysOf(file).filter((day) => day < first);
  for (const day of old) fileSystem().rmSync(dayFile(file, day), { force: true });
}
