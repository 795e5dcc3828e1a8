import { OpleadError } from "../../errors.ts";
import type { SourceUser } from "../../reconcile/content.ts";
import { safeCause } from "../../redact.ts";
import { onAbort } from "../../transport/abort.ts";
import type { SyncOptions } from "../options.ts";

/** What became of a record: a user, nothing, or what `map` threw. */
export type Mapped =
  | { readonly index: number; readonly user: SourceUser | undefined }
  | { readonly index: number; readonly thrown: unknown };

/**
 * Reads the source to its end and hands every record, mapped, to `take`. No further record is asked for while as many
 * as `concurrency` are being mapped. Gives the number of records.
 */
export function readSource<SourceRecord>(
  options: Pick<SyncOptions<SourceRecord>, "source" | "map" | "signal">,
  concurrency: number,
  take: (mapped: Mapped) => void,
): Promise<number> {
  const { source, map, signal } = options;
  let count = 0;

  const read = async (): Promise<number> => {
    const underWay = new Set<Promise<void>>();
    for await (const record of await (typeof source === "function" ? source() : source)) {
      if (signal?.aborted) break;
      const index = count;
      count += 1;
      let user: ReturnType<typeof map>;
      try {
        user = map(record);
      } catch (thrown) {
        take({ index, thrown });
        continue;
      }
      if (!isPromise(user)) {
        take({ index, user: user ?? undefined });
        continue;
      }
      const done = Promise.resolve(user)
        .then(
          (result) => take({ index, user: result ?? undefined }),
          (thrown) => take({ index, thrown }),
        )
        .finally(() => underWay.delete(done));
      underWay.add(done);
      if (underWay.size >= concurrency) await Promise.race(underWay);
    }
    await Promise.all(underWay);
    return count;
  };

  return new Promise((resolve, reject) => {
    const aborted = (): void => {
      reject(new OpleadError("aborted", "planSync: ended by the caller's signal.", { cause: signal?.reason }));
    };
    if (signal?.aborted) return aborted();
    // A source that hangs cannot be interrupted, but it need not be waited for.
    const stop = onAbort(signal, aborted);
    read()
      .then(resolve, (error: unknown) => {
        const message = `planSync: the source failed after ${count} record(s). Nothing was sent.`;
        reject(new OpleadError("source_failed", message, { retryable: true, cause: safeCause(error) }));
      })
      .finally(stop);
  });
}

function isPromise<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as PromiseLike<T> | null | undefined)?.then === "function";
}
