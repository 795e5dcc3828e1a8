import { readFileSync } from "node:fs";

/** The rows of the table in the docstring of `OpleadErrorCode`: code, meaning, whether something was sent. */
export function readErrorRows(errorsPath: string): readonly (readonly [code: string, meaning: string, sent: string])[] {
  const source = readFileSync(errorsPath, "utf8");
  const rows = [...source.matchAll(/^ \* \| `(\w+)` \| (.*) \| (.*) \|$/gm)].map(
    ([, code = "", meaning = "", sent = ""]) => {
      const text = meaning.replace(/\{@link (?:[\w.]*\.)?(\w+)\}/g, "`$1`");
      return [code, text, sent] as const;
    },
  );
  if (rows.length < 5) throw new Error(`${errorsPath} has no table of error codes in a docstring.`);
  return rows;
}

/** The table of error codes. */
export function errorsPage(rows: ReturnType<typeof readErrorRows>): string {
  return [
    "# Errors",
    "",
    "This page lists every `code` of an `OpleadError`, with the place of its remedy. The table is made from the source.",
    "",
    "Every failure of the package is an `OpleadError`. `error.retryable` says whether the same call can succeed later; `error.docs` is a name that stays, such as `oplead-sdk/errors#rate_limited`; what follows `#` is the section of the [runbook](../operate/runbook.md).",
    "",
    "| code | meaning | sent to Oplead? |",
    "| --- | --- | --- |",
    ...rows.map(([code, meaning, sent]) => `| [\`${code}\`](../operate/runbook.md#${code}) | ${meaning} | ${sent} |`),
    "",
    "What an error has, where it exists: `status`, `requestId`, `operation`, `attempts`, `retryAfterMs`, `testMode`, `issues`, `id`, `rules`, `cause`, and `body`, " +
      "which is what Oplead answered. `body` may hold personal data, so printing, logging and serialising an error leave it out.",
    "",
    "`isOpleadError(error)` narrows a caught value to `OpleadFailure`, a union over `code`. A `switch` over `error.code` then has the facts that errors of a code " +
      "always carry, without a cast: `retryAfterMs` of `rate_limited`, `issues` of `invalid_input` and `invalid_options`, `status` of every code that is an answer.",
    "",
    "`cause` is what the code of others threw, as it was: your source, your token function, your `fetch`, a store. Printing an `OpleadError` shows the kind, the code and " +
      "the place of its cause only, because messages quote data. A logger that follows `cause` by itself, as pino's `err` serializer does, prints all of it: give it `error.toJSON()`.",
    "",
    "`source_failed` is retryable if its cause is a failure that passes: a connection, a name server, a database that restarts, is full or broke off a transaction, or a " +
      "`TimeoutError`. A file or a table that is missing is not, nor is anything that the package does not know.",
    "",
    "A mistake in a `fetch` of your own, such as reading a field of `undefined`, is `invalid_options` with the issue `fetch_failed`, and is not tried again. The Fetch standard " +
      "makes a failed connection a `TypeError` too. They are told apart by their structure: Node's and Bun's own errors have a code or a cause, and workerd throws a plain `Error`. " +
      "Deno and browsers throw a bare `TypeError` for both; there it counts as a failed connection.",
    "",
    "Next: the [runbook](../operate/runbook.md) has cause, check and remedy of each code.",
    "",
  ].join("\n");
}
