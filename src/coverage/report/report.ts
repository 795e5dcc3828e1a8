import { internalsOf } from "../internals.ts";
import type { CoverageResult, CoverageUser } from "../types.ts";
import { encodeReport } from "./encode.ts";
import { renderPage } from "./page.ts";

/** Options of {@link coverageReport}. */
export interface CoverageReportOptions {
  /** Shows the names of users beside their account numbers. They are personal data, so the default is false. */
  readonly names?: boolean | undefined;
  /** The heading. Default `"Lead coverage"`. */
  readonly title?: string | undefined;
}

/**
 * A result as one HTML page: a map, filters, a form that explains who is eligible for a lead, and the findings. It loads nothing from
 * anywhere; the findings can be read without a script. Users appear by account number, with their postcodes and rules.
 *
 * @throws {@link OpleadError} `invalid_input` for something that `coverage` did not return.
 *
 * @example
 * ```ts
 * await writeFile("coverage.html", coverageReport(coverage(records, { universe, locate })));
 * ```
 */
export function coverageReport(
  result: CoverageResult,
  { names = false, title = "Lead coverage" }: CoverageReportOptions = {},
): string {
  const { network, users } = internalsOf(result, "coverageReport");
  return renderPage(network, result, encodeReport(network, names ? namesOf(users) : undefined), title).text;
}

function namesOf(users: readonly CoverageUser[]): { [accountNumber: string]: string } {
  return Object.fromEntries(
    users.map(({ user: { accountNumber = "", company, firstname, lastname } }) => {
      const person = [firstname, lastname].filter(Boolean).join(" ");
      return [accountNumber, company && person ? `${company}, ${person}` : company || person];
    }),
  );
}
