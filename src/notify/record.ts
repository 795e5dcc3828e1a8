import { errorKind } from "../base/error-code.ts";
import { isOpleadError } from "../base/errors.ts";
import { withLimit } from "../base/time/waits.ts";
import { isObject } from "../base/validation/is-object.ts";
import { jsonIn } from "../base/validation/json-in.ts";
import type { Night } from "./night.ts";
import type { NotifyOptions } from "./options.ts";

/** What is remembered while nights are not well, and until it was told that they are again. As JSON in `LedgerInfo.alerts`. */
export interface AlertRecord extends Pick<Night, "night" | "level" | "reasons"> {
  /** When the first run began that was not well, ISO 8601. */
  readonly since: string;
  /** When the run began of which was told last, ISO 8601. Undefined as long as no target took a message. */
  readonly toldAt?: string | undefined;
  /** When the run began that was well again, ISO 8601, until a target took that. */
  readonly until?: string | undefined;
}

/** A store that does not answer must not keep a run from ending. */
const STORE_MS = 5_000;
/** The longest that another machine takes to tell of its run. */
const TURN_MS = 20_000;

/** Leases are by account number; a user of this name would only wait a little. */
const LEASE = "oplead-alerts";

/** Stores another record; undefined: nights are well, and that was told. */
export type SaveRecord = (record: AlertRecord | undefined) => Promise<void>;

/** The record as it is kept beside the ledger, as JSON. */
interface Beside {
  /** As in `LedgerInfo.alerts`. */
  readonly alerts: string;
  /** Whether the ledger did not take it: then this one is newer than the ledger's. */
  readonly isAhead: boolean;
}

/**
 * Runs a task with the record. Where the ledger has leases, one machine at a time: the second of two runs finds what the first has told. While
 * the ledger cannot be read, the record beside it counts, and until the ledger has taken it. With neither there is no record. `onFailure`: what
 * nothing remembers because of.
 */
export async function withRecord(
  { ledger, backup }: Pick<NotifyOptions, "ledger" | "backup">,
  task: (record: AlertRecord | undefined, save: SaveRecord) => Promise<void>,
  onFailure: (reason: string) => void,
): Promise<void> {
  const reasonOf = (error: unknown): string => (isOpleadError(error) ? error.code : errorKind(error));
  const attempt = async <T>(use: () => Promise<T> | undefined, ms = STORE_MS): Promise<T | undefined> => {
    try {
      return await withLimit(Promise.resolve(use()), ms, () => {
        throw Object.assign(new Error(), { code: "TIMEOUT" });
      });
    } catch (error) {
      if (!backup) onFailure(reasonOf(error));
      return undefined;
    }
  };
  const keepBeside = (beside: Beside): void => {
    try {
      backup?.write(JSON.stringify(beside));
    } catch (error) {
      onFailure(reasonOf(error));
    }
  };
  const lease = await attempt(() => ledger?.lease?.(LEASE, AbortSignal.timeout(TURN_MS)), TURN_MS + STORE_MS);
  try {
    const found = ledger && (await attempt(async () => ({ alerts: (await ledger.getInfo())?.alerts })));
    const beside = readBeside(backup);
    let stored = found?.alerts ?? "";
    const save: SaveRecord = async (record) => {
      const alerts = record === undefined ? "" : JSON.stringify(record);
      // Where nothing could be read, the record that is there may say more than is known here.
      const write = async () => ledger?.setInfo({ alerts }).then(() => true);
      const isStored = found !== undefined && (alerts === stored || (await attempt(write)) === true);
      if (found !== undefined) stored = alerts;
      keepBeside({ alerts, isAhead: !isStored });
    };
    await task(read(beside && (!found || beside.isAhead) ? beside.alerts : stored), save);
  } finally {
    await attempt(() => lease?.release());
  }
}

function readBeside(backup: NotifyOptions["backup"]): Beside | undefined {
  const kept = jsonIn(backup?.read() ?? "");
  if (!isObject(kept) || typeof kept.alerts !== "string") return undefined;
  return { alerts: kept.alerts, isAhead: kept.isAhead === true };
}

/** A record that is damaged, or of another version, counts as none: then what is still not well is told once more. */
function read(text: string): AlertRecord | undefined {
  const record = jsonIn(text);
  if (!isObject(record)) return undefined;
  const { since, toldAt, until, night, level, reasons } = record;
  const isTime = (value: unknown): boolean => typeof value === "string" && !Number.isNaN(Date.parse(value));
  const areReasons =
    Array.isArray(reasons) &&
    reasons.every((one) => isObject(one) && typeof one.code === "string" && typeof one.message === "string");
  const isNight =
    ["failed", "refused", "stopped", "rows", "paused"].includes(String(night)) && (level === 1 || level === 2);
  const areTimes = [toldAt, until].every((time) => time === undefined || isTime(time)) && isTime(since);
  // These fields are all that an AlertRecord has, checked one by one.
  return isNight && areTimes && areReasons ? (record as unknown as AlertRecord) : undefined;
}
