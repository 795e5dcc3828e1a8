import type { Session } from "./session.ts";

/** What a plan changes in the coverage; nothing unless the config says `coverage: true`. */
export async function coverageLine({ config }: Session, _context: unknown): Promise<string[]> {
  return config.coverage ? [] : [];
}
