import { invalid } from "../../base/errors.ts";
import { issueBy } from "../../base/issues.ts";
import { showIdentity } from "../../base/redact.ts";
import { COVERAGE_OPTIONS } from "../../base/texts/en/coverage/options.ts";
import { TimeSlice } from "../../base/time/time-slice.ts";
import { day } from "../../base/wording/words.ts";
import { coverage } from "../coverage.ts";
import { type CoverageInternals, internalsOf } from "../internals.ts";
import type { ExpectedLoad } from "../load/types.ts";
import type { Calibration } from "../observed/types.ts";
import { checkReportOptions } from "../read-options.ts";
import type { Suggestion } from "../suggest/types.ts";
import type { CoverageResult, CoverageUser, SignalOptions } from "../types.ts";
import { encodeReport } from "./data/encode.ts";
import { renderPage } from "./page.ts";
import { renderUserPage } from "./user-page.ts";
import { wordsIn } from "./words-in.ts";

/** Options of {@link coverageReport}. */
export interface CoverageReportOptions extends SignalOptions {
  /** The language of the page. Default `"en"`. */
  readonly language?: "en" | "fr" | undefined;
  /** Names of codes for people, shown before the code: `{ RNG_CARS: "Voitures" }`. Default: the codes alone. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Shows the names of users beside their account numbers. They are personal data, so the default is false. */
  readonly names?: boolean | undefined;
  /** The heading. Default `"Lead coverage"`, in the language of the page. */
  readonly title?: string | undefined;
  /**
   * The account number of a user: then the page is about this user alone, to hand to it. Of other users it holds nothing but how many share a place;
   * with `names` also who they are. Default: all users.
   */
  readonly user?: string | undefined;
  /** The result of {@link expectedLoad}, for a tab of its own. Default: none. */
  readonly load?: ExpectedLoad | undefined;
  /** The result of {@link calibrate}, for a tab of its own. Default: none. */
  readonly observed?: Calibration | undefined;
  /** Changes that would help, the best first, each with its sentence: they are among the things to do first. Default: none. */
  readonly suggestions?: readonly Suggestion[] | undefined;
  /** The company whose network it is, below the heading. Default: none. */
  readonly company?: string | undefined;
  /** The day that the users are of, as `2026-01-31`. Default: today (UTC). */
  readonly date?: string | undefined;
}

/**
 * A result as one HTML page: a map, filters, a form that explains who is eligible for a lead, and the findings. It loads nothing from
 * anywhere; the findings can be read without a script. Users appear by account number, with their postcodes and rules. An account
 * number that is an e-mail address is shown as `hidden-7` (the seventh user), unless names are asked for. With `user` the page is about one user, to hand to it.
 *
 * @throws {@link OpleadError} `invalid_options`, also for a `user` that is none; `invalid_input` for something that `coverage` did not return; `aborted`.
 *
 * @example
 * ```ts
 * await writeFile("coverage.html", await coverageReport(await coverage(records, { universe, locate })));
 * ```
 * @experimental
 */
export async function coverageReport(result: CoverageResult, options: CoverageReportOptions = {}): Promise<string> {
  checkReportOptions(options);
  const { names = false, language = "en", labels = {}, company, date = day(Date.now()), signal } = options;
  const internals = internalsOf(result, "coverageReport");
  const { network, users } = internals;
  if (!names && network.users.some(({ accountNumber }) => isHidden(accountNumber))) {
    const { hidden, shown } = withoutIdentities(internals);
    const { user, load } = options;
    return coverageReport(await shown(signal), {
      ...options,
      ...(user !== undefined && { user: hidden.get(user) ?? user }),
      ...(load && {
        load: {
          ...load,
          users: load.users.map((one) => ({
            ...one,
            accountNumber: hidden.get(one.accountNumber) ?? one.accountNumber,
          })),
        },
      }),
    });
  }
  const words = wordsIn(language, { labels, users: names ? namesOf(users) : {} });
  const one = network.users.find(({ accountNumber }) => accountNumber === options.user);
  if (options.user !== undefined) {
    if (!one) throw invalid("invalid_options", "coverageReport", [issue("user", "names_no_user")]);
    const title = options.title ?? words.say("Leads of {user}", { user: words.user(options.user) });
    return renderUserPage(network, result, one, { title, company, date }, names, words).text;
  }
  const heading = { title: options.title ?? words.say("Lead coverage"), company, date };
  const slice = await TimeSlice.begin("coverageReport", signal);
  const data = await encodeReport(network, words, slice);
  await slice.next();
  return (await renderPage(network, result, data, heading, options, words, slice)).text;
}

const issue = /* @__PURE__ */ issueBy(COVERAGE_OPTIONS);

function isHidden(accountNumber: string): boolean {
  return showIdentity(accountNumber) !== accountNumber;
}

/** The same result for users that are told apart by number where their account number is personal data. */
function withoutIdentities({ network, locate, users }: CoverageInternals): {
  readonly hidden: ReadonlyMap<string, string>;
  readonly shown: (signal: AbortSignal | undefined) => Promise<CoverageResult>;
} {
  const hidden = new Map<string, string>();
  const { universe, assumptions, overlapAbove } = network;
  const originals = new Map<CoverageUser, CoverageUser>();
  for (const [index, original] of users.entries()) {
    const { accountNumber = "" } = original.user;
    const shown = isHidden(accountNumber) ? `hidden-${index + 1}` : accountNumber;
    if (shown !== accountNumber) hidden.set(accountNumber, shown);
    originals.set({ ...original, user: { ...original.user, accountNumber: shown } }, original);
  }
  const { distanceFrom } = assumptions;
  const from =
    typeof distanceFrom === "function"
      ? (user: CoverageUser) => distanceFrom(originals.get(user) ?? user)
      : distanceFrom;
  const options = { universe, locate, overlapAbove, assumptions: { ...assumptions, distanceFrom: from } };
  return { hidden, shown: (signal) => coverage(originals.keys(), { ...options, signal }) };
}

function namesOf(users: readonly CoverageUser[]): { [accountNumber: string]: string } {
  return Object.fromEntries(
    users.map(({ user: { accountNumber = "", company, firstname, lastname } }) => {
      const person = [firstname, lastname].filter(Boolean).join(" ");
      return [accountNumber, company && person ? `${company}, ${person}` : company || person];
    }),
  );
}
