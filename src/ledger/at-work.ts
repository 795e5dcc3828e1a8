import { isObject } from "../base/validation/is-object.ts";
import { jsonIn } from "../base/validation/json-in.ts";
import type { OtherProcess } from "./ledger.ts";
import { storedNote } from "./notes.ts";
import type { LedgerStore } from "./store.ts";

/** How often a process that works says so. */
const EVERY_MS = 30_000;
/** For how long it counts as at work since it said so. */
const FRESH_MS = 120_000;

/**
 * Notes in a store that this process works with it, and finds another one that does. `end` takes the note away: a process that was killed leaves
 * it, and counts for two minutes.
 */
export function presenceIn(store: LedgerStore): {
  note(): Promise<OtherProcess | undefined>;
  end(): Promise<void>;
} {
  const own = crypto.randomUUID();
  const place = storedNote(store, "worker");
  const { pid } = globalThis.process ?? {};
  let notedAt: number | undefined;
  return {
    async note() {
      const now = Date.now();
      if (notedAt !== undefined && now - notedAt < EVERY_MS) return undefined;
      notedAt = now;
      let other: OtherProcess | undefined;
      await place.update((text) => {
        const found = jsonIn(text ?? "");
        const isOther = isObject(found) && found.id !== own && typeof found.at === "number";
        other =
          isOther && Math.abs(now - Number(found.at)) < FRESH_MS
            ? { pid: typeof found.pid === "number" ? found.pid : undefined, at: Number(found.at) }
            : undefined;
        return JSON.stringify({ id: own, pid, at: now });
      });
      return other;
    },
    async end() {
      if (notedAt === undefined) return;
      notedAt = undefined;
      const text = await place.read();
      if (text?.includes(own)) await place.write(text, undefined);
    },
  };
}
