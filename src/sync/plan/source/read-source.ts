import { errorKind, mayPass } from "../../../base/error-code.ts";
import { asError, isOpleadError, OpleadError } from "../../../base/errors.ts";
import { openRecords } from "../../../base/records.ts";
import { aborted, inTurns, type LongWork } from "../../../base/time/in-turns.ts";
import { onAbort } from "../../../base/time/waits.ts";
import { counted } from "../../../locales/en/words.ts";
import type { SyncOptions } from "../../types/options.ts";
import type { Findings } from "../../types/records.ts";
import type { SourceRequest } from "../../types/source.ts";
import { type MapOptions, type MappedRecord, mapRecord, positionOf } from "./map-record.ts";

export interface SourceRead extends Pick<Findings, "columns"> {
  readonly records: number;
  readonly source: unknown;
}

/**
 * Reads the source to its end and passes every mapped record to `take`. While as many records as `concurrency` are being
 * mapped, no further record is asked for. Gives the number of records, and the source that gave them.
 *
 * @throws {@link OpleadError} `source_failed`; `aborted`.
 */
export function readSource<SourceRecord>(
  options: MapOptions<SourceRecord> & Pick<SyncOptions<SourceRecord>, "source">,
  request: SourceRequest,
  concurrency: number,
  work: LongWork,
  take: (record: MappedRecord) => void,
): Promise<SourceRead> {
  const { signal } = work;
  let count = 0;

  const read = async (): Promise<SourceRead> => {
    const underWay = new Set<Promise<void>>();
    const { records, source } = await openRecords<SourceRecord>(options.source, request);
    // A source of oplead-sdk/config knows the rows of its records.
    const asked = { ...options, rowOf: options.rowOf ?? (source as Pick<SyncOptions<SourceRecord>, "rowOf">).rowOf };
    const note = (record: SourceRecord, mapped: MappedRecord) => {
      if (mapped.user) source.noteUser?.(record, mapped.user);
      take(mapped);
    };
    for await (const record of inTurns(records, work)) {
      if (signal?.aborted) break;
      const mapped = mapRecord(asked, count, record);
      count += 1;
      if (!(mapped instanceof Promise)) {
        note(record, mapped);
        continue;
      }
      const done = mapped.then((one) => note(record, one)).finally(() => underWay.delete(done));
      underWay.add(done);
      if (underWay.size >= concurrency) await Promise.race(underWay);
    }
    await Promise.all(underWay);
    return { records: count, source, columns: source.noteUser && source.columns?.() };
  };

  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(aborted(work));
    // A source that hangs cannot be interrupted, but planning need not wait for it.
    const stop = onAbort(signal, () => reject(aborted(work)));
    read()
      .then(resolve, (error: unknown) => reject(sourceFailed(work.caller, error, count)))
      .finally(stop);
  });
}

/** A parser's message may quote a cell of the source, so it is not repeated; that of an OpleadError, for example of `csvSource`, holds no data. */
function sourceFailed(caller: string, error: unknown, count: number): OpleadError {
  const what = isOpleadError(error) ? error.message.replace(/\.$/, "") : foreignError(error);
  const { issues, retryable } = isOpleadError(error) ? error : { issues: undefined, retryable: mayPass(error) };
  const message = `${caller}: the source failed after ${counted(count, "record")}: ${what}. Nothing was sent.`;
  return new OpleadError("source_failed", message, { retryable, cause: asError(error), issues });
}

function foreignError(error: unknown): string {
  const where = positionOf(error);
  return `${errorKind(error)}${where === undefined ? "" : ` at ${where}`}`;
}
