import { OpleadError } from "../base/errors.ts";
import { issueAt } from "../base/issues.ts";
import { argumentsCheck, matching, options, text } from "../base/validation/validate.ts";
import { tellRecord, tellValue } from "../locales/en/core.ts";

/** Options of {@link RecordError}. */
export interface RecordErrorOptions {
  /** The field of the user that cannot be filled, for example `profile.code`, or the column. Default: the record as a whole. */
  readonly field?: string | undefined;
}

const check = /* @__PURE__ */ argumentsCheck("RecordError", () => ({
  message: matching(/\S/, tellValue("not_text")),
  options: options<RecordErrorOptions>({ field: text() }),
}));

/**
 * Thrown in `map`, it says to the people who maintain the data what is wrong with a record. Its message is shown: in plans, reports,
 * log lines and the CSV. So it must not hold personal data. The messages of other errors are shown only where personal data is.
 *
 * ```ts
 * if (row.role !== "Seller") throw new RecordError("column Role: the value must be “Seller”", { field: "profile.code" });
 * ```
 *
 * Its `code` is `invalid_input`, and `issues` holds the message with the code `record_error`.
 *
 * @throws {@link OpleadError} `invalid_input` for a message that is no text or empty, and for unknown options.
 */
export class RecordError extends OpleadError {
  constructor(message: string, options: RecordErrorOptions = {}) {
    check({ message, options });
    super("invalid_input", message, {
      issues: [issueAt(options.field ?? "", tellRecord("record_error", { message }))],
    });
  }
}
