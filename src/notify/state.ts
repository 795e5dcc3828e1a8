import { errorKind } from "../base/error-code.ts";
import { isOpleadError } from "../base/errors.ts";
import { withLimit } from "../base/time/waits.ts";
import { isObject } from "../base/validation/is-object.ts";
import { jsonIn } from "../base/validation/json-in.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { RunFigures } from "./find-incidents.ts";
import type { AlertKind } from "./options.ts";

/** An incident that was told, or should have been. */
export interface Incident {
  readonly code: AlertKind["code"];
  /** When the run began that found it, ISO 8601. */
  readonly since: string;
  readonly mark: number;
  /** The targets that know of it. When it is over, those that do not know that yet. */
  readonly told: readonly string[];
  /** When the run began in which it was over, ISO 8601. */
  readonly until?: string | undefined;
}

/** The state of alerts, kept as JSON in `LedgerInfo.alerts`. */
export interface AlertState {
  readonly incidents: Readonly<Record<string, Incident>>;
  /** The last 14 runs that came to their end. */
  readonly runs: readonly RunFigures[];
}

const EMPTY: AlertState = { incidents: {}, runs: [] };

const RUNS_KEPT = 14;

/** A store that does not answer must not keep a run from ending. */
const STATE_MS = 5_000;
/** The longest that another machine takes to tell of its run. */
const TURN_MS = 20_000;

/** Leases are by account number; a user of this name would only wait a little. */
const LEASE = "oplead-alerts";

/**
 * Runs a task with the state, and stores the state that it returns. Where the ledger has leases, one machine at a time: the second of two runs finds
 * what the first has told. Without a state the task starts from an empty one. `onFailure`: what the ledger failed with.
 */
export async function withState(
  ledger: Ledger | undefined,
  task: (state: AlertState) => Promise<AlertState>,
  onFailure: (reason: string) => void,
): Promise<void> {
  const attempt = async <T>(use: () => Promise<T> | undefined, ms = STATE_MS): Promise<T | undefined> => {
    try {
      return await withLimit(Promise.resolve(use()), ms, () => {
        throw Object.assign(new Error(), { code: "TIMEOUT" });
      });
    } catch (error) {
      onFailure(isOpleadError(error) ? error.code : errorKind(error));
      return undefined;
    }
  };
  const lease = await attempt(() => ledger?.lease?.(LEASE, AbortSignal.timeout(TURN_MS)), TURN_MS + STATE_MS);
  try {
    const found = await attempt(async () => ({ alerts: (await ledger?.getInfo())?.alerts }));
    const { incidents, runs } = await task(read(found?.alerts));
    const alerts = JSON.stringify({ incidents, runs: runs.slice(-RUNS_KEPT) });
    // Where nothing could be read, what is there may be more than what is known here.
    if (found && alerts !== found.alerts) await attempt(() => ledger?.setInfo({ alerts }));
  } finally {
    await attempt(() => lease?.release());
  }
}

/** A state that is not one, or of another version, counts as none: then what is still wrong is told once more. */
function read(text: string | undefined): AlertState {
  const state = jsonIn(text ?? "");
  if (!isObject(state) || !isObject(state.incidents) || !Array.isArray(state.runs)) return EMPTY;
  const isIncident = (one: unknown): boolean =>
    isObject(one) && typeof one.since === "string" && typeof one.mark === "number" && Array.isArray(one.told);
  const isRun = (one: unknown): boolean => Array.isArray(one) && one.every((figure) => Number.isFinite(figure));
  if (!Object.values(state.incidents).every(isIncident) || !state.runs.every(isRun)) return EMPTY;
  return state as unknown as AlertState;
}
