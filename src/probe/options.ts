import { issueAt } from "../base/issues.ts";
import { isObject } from "../base/validation/is-object.ts";
import * as check from "../base/validation/validate.ts";
import { checkUser } from "../client/check-input.ts";
import { tellUser, tellValue } from "../locales/en/core.ts";
import type { AuthScheme } from "../options.ts";
import type { SourceUser } from "../reconcile/content/content.ts";
import { tryRules } from "../rules/read.ts";
import type { RuleToSend } from "../rules/rules.ts";
import { authProblem } from "../settings/fields.ts";
import type { Settings } from "../settings/settings.ts";

/** Options of {@link probePlatform}. All are optional. */
export interface ProbeOptions {
  /**
   * A user that Oplead has, with the rules that it has there, as `map` returns it: one that the last run left unchanged. Its content is
   * sent in test mode as it is, so that even a proxy that takes `?test=true` off changes nothing. Default: none, and what only
   * an existing user shows stays undecided.
   */
  readonly existing?: SourceUser | undefined;
  /**
   * Whether users may be created in test mode, to see how a duplicate is refused. It is done only once an answer has shown that
   * test mode arrives at Oplead. To see that, the radius of `existing` may be changed in test mode and put back: give a user for
   * whom a wrong radius of some seconds does no harm. Default false.
   */
  readonly allowTestCreate?: boolean | undefined;
  /**
   * How long what was written may take to show in what is read, in milliseconds, 0 to 60,000. The radius that is changed in test mode is
   * read until the change shows, or for so long. Each fact is asked for a second time, so much later. Default 5,000.
   */
  readonly lagMs?: number | undefined;
  /** HTTP requests at most, 1 to 60. Default 60. */
  readonly maxRequests?: number | undefined;
  /** How the token may travel, if not as the client's options say. Others are not tried. Default: none. */
  readonly auth?: readonly AuthScheme[] | undefined;
  /** Ends the probe with an {@link OpleadError} `aborted`. Default: none. */
  readonly signal?: AbortSignal | undefined;
}

/** A user that Oplead has, ready to be sent. */
export interface Existing {
  readonly accountNumber: string;
  readonly user: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly rules: readonly RuleToSend[];
}

const findIssues = check.issueFinder(() =>
  check.options<ProbeOptions>({
    existing: check.record(),
    allowTestCreate: check.boolean(),
    maxRequests: check.wholeNumber(1, 60),
    lagMs: check.wholeNumber(0, 60_000),
    auth: check.valueThat(Array.isArray, issueAt("", tellValue("not_list"))),
    signal: check.signal(),
  }),
);

/**
 * Checks the options, and the user as it would be checked before it is sent.
 *
 * @throws {@link OpleadError} `invalid_options`, with every problem.
 */
export function readProbeOptions(options: ProbeOptions, settings: Settings): Existing | undefined {
  const issues = findIssues(options);
  for (const [index, auth] of (Array.isArray(options?.auth) ? options.auth : []).entries()) {
    const problem = authProblem(auth);
    if (problem) issues.push(issueAt(`auth[${index}]`, problem));
  }
  const { existing } = options ?? {};
  let read: Existing | undefined;
  if (isObject(existing)) {
    const { toSend, issues: ofUser } = checkUser(existing.user, settings);
    const { accountNumber = "", text, user } = toSend;
    const ofExisting = [...ofUser.map((one) => ({ ...one, path: `user.${one.path}` }))];
    if (accountNumber === "") ofExisting.push(issueAt("user.accountNumber", tellUser("needs_account_number")));
    const rules = tryRules(existing.rules ?? {}, (_rule, one) =>
      ofExisting.push({ ...one, path: `rules.${one.path}` }),
    );
    issues.push(...ofExisting.map((one) => ({ ...one, path: `existing.${one.path}` })));
    // Without issues `user` is what was given, and its type says more than that of what is sent.
    read = { accountNumber, text, rules, user: user as unknown as Existing["user"] };
  }
  check.requireNoIssues("probePlatform: wrong options", issues);
  return read;
}
