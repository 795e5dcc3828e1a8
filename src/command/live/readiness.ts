import { isOpleadError } from "oplead-sdk";
import { CommandError } from "../exit.ts";

/** Checks of the services that a process needs, by name. A check rejects if its service cannot be used. */
export type Checks = Readonly<Record<string, () => Promise<unknown>>>;

/** The reason why a service cannot be used. It holds neither the token nor personal data. */
interface Unready {
  readonly code: string;
  readonly message: string;
}

/** For how many milliseconds the answer of `/readyz` is repeated without new checks. */
export const KEEP_MS = 5_000;
/** How many milliseconds a check may take. The probes of Kubernetes, for example, give up after a few seconds. */
export const LIMIT_MS = 3_000;

export class Readiness {
  /** The problem that each check found; undefined if the check passed. */
  readonly ask: () => Promise<Readonly<Record<string, Unready | undefined>>>;
  /** Set to true when the process begins to stop. From then on, `/readyz` answers that the process is not ready. */
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
    // Errors that are not of this package are not shown, because the error of an application's own ledger may hold
    // personal data.
    return { code: "failed", message: "It failed." };
  }
}

/**
 * A function that calls `ask` only if its last answer is older than `keepMs`. Simultaneous callers share one call, so
 * ten probes cost no more than one.
 */
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

/** Rejects with the code `timeout` if something takes longer than `ms`. */
export async function within<T>(result: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new CommandError("timeout", `No answer within ${ms / 1000} s.`)), ms);
  });
  return Promise.race([result, late]).finally(() => clearTimeout(timer));
}
