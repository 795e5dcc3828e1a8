import { CommandError } from "../exit.ts";

/**
 * Asks again only when the last answer is older than `keepMs`, and once for all who ask at the same time: a probe every second, or ten of
 * them, costs no more than one.
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
      asked.catch(() => {}); // whoever asked hears of it
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
