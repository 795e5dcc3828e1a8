import type { OpleadLogger } from "../../../options.ts";
import type { SourcePosition } from "../../records.ts";
import { counted } from "../../text.ts";
import { type MapFailure, mapFailureText } from "./map-record.ts";

/** After so many lines the rest is only counted: a mistake in `map` often concerns every record. */
const LINES = 10;

/** Writes what `map` threw to the log: the first failures with message and position. */
export function mapFailureLog(logger: OpleadLogger | undefined): {
  add(record: SourcePosition & { readonly failure: MapFailure | undefined }): void;
  end(): void;
} {
  let failures = 0;
  return {
    add({ record, row, failure }) {
      failures += 1;
      if (failures > LINES || !failure) return;
      const where = row === undefined ? `record ${record}` : `record ${record} (row ${row})`;
      logger?.warn(`oplead-sdk: ${where}: ${mapFailureText(failure)}`);
    },
    end() {
      if (failures > LINES) logger?.warn(`oplead-sdk: map threw for ${counted(failures - LINES, "more record")}`);
    },
  };
}
