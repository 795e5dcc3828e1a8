import type { OperationName } from "../api/operations.ts";
import type { FakeFaultAnswer } from "./fault-answer.ts";

/**
 * The calls that the fake answers, by name. The names are ours. Methods and paths are documented, except the paths of
 * `setCompetencesRule` and `setContactProfilesRule` (assumed).
 */
export type FakeOperation = OperationName;

/** One request as it arrived, and what became of it. */
export interface FakeRequest {
  readonly method: string;
  /** The path as on the wire: still encoded, without the query. */
  readonly path: string;
  /** Undefined for a path that the fake does not have, or a method that the path does not have. */
  readonly operation: FakeOperation | undefined;
  /** If a name is repeated, the last value wins. */
  readonly query: Readonly<Record<string, string>>;
  /** Whether `test` is exactly `true`. */
  readonly testMode: boolean;
  /** By lower-case name. The value of the token is replaced by `***`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON; the text if it is not JSON; undefined if there was none. */
  readonly body: unknown;
  /** When it arrived, by the clock of {@link FakeOpleadOptions.now}: milliseconds since 1970. */
  readonly time: number;
  /** What the client was answered. Undefined while the call is under way, and after a reset or a hang. */
  readonly status: number | undefined;
  /** The answer of the fault that hit this request, as given to {@link FakeOplead.fail}. */
  readonly fault: FakeFaultAnswer | undefined;
  /** Whether the store was written because of this request, whatever the client was told. Never in test mode. */
  readonly acted: boolean;
  /**
   * What the OpenAPI document says against the request, in its schemas' words. Empty for a request that conforms, and if
   * the fake is not {@link FakeOpleadOptions.strict}.
   */
  readonly violations: readonly string[];
}
