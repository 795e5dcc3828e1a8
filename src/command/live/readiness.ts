import { isOpleadError } from "oplead-sdk";
import { CommandError } from "../exit.ts";

export type Checks = Readonly<Record<string, () => Promise<unknown>>>;

interface Unready {
  readonly code: string;
  readonly message: string;
}

// `/readyz` repeats its answer for this long.
export const KEEP_MS = 5_000;
// Probes of Kubernetes give up after a few seconds.
export const LIMIT_MS = 3_000;

export class Readiness {
  readonly ask: () => Promise<Readonly<Record<string, Unready | undefined>>>;
  isStopping = false;

  constructor(checks: Checks, now: () => number, limitMs = LIMIT_MS) {
    const results = async () => {
      const entries = Object.entries(checks).map(
        async ([name, check]) => [name, await problemOf(check, limitMs)] as const,
      );
      return Object.fromEntries(await Promise.all(entries));
    };
    this.ask = recent(results, KEEP_MS, now);
  }
}

async function problemOf(check: () => Promise<unknown>, limitMs: number): Promise<Unready | undefined> {
  try {
    await within(check(), limitMs);
    return undefined;
  } catch (error) {
    if (isOpleadError(error) || error instanceof CommandError) return { code: error.code, message: error.message };
    // The error of an application's own ledger may hold personal data.
    return { code: "failed", message: "It failed." };
  }
}

// Concurrent callers share one call.
export function recent<T>(ask: () => Promise<T>, keepMs: number, now: () => number): () => Promise<T> {
  let asked: Promise<T> | undefined;
  let answeredAt = Number.POSITIVE_INFINITY;
  return () => {
    if (asked === undefined || now() - answeredAt > keepMs) {
      answeredAt = Number.POSITIVE_INFINITY;
      asked = ask().finally(() => {
        answeredAt = now();
      });
      asked.catch(() => {}); // the callers get the rejection
    }
    return asked;
  };
}

export async function within<T>(result: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new CommandError("timeout", `No answer within ${ms / 1000} s.`)), ms);
  });
  return Promise.race([result, late]).finally(() => clearTimeout(timer));
}
