import {
  argumentsCheck,
  boolean,
  type Fields,
  func,
  number,
  oneOf,
  options,
  optionsCheck,
  report,
  type Schema,
  text,
  wholeNumber,
} from "../../base/validation/validate.ts";
import { tellCoverageOption } from "../../locales/en/coverage.ts";
import { codes } from "../read-options.ts";
import { AXES } from "../rules/rules.ts";

const MOST = Number.MAX_SAFE_INTEGER;
const shared = (): Fields => ({ name: text(), onViolation: oneOf("refuse", "warn") });
const where = (): Schema =>
  options({ counties: codes(), zipCodes: codes() }, { country: text() }, tellCoverageOption("not_area"));
const kinds = (): Schema => options(Object.fromEntries(AXES.map((axis) => [axis.codes, codes()])));
const judged = (): Fields => ({ ...shared(), always: boolean() });

/** @throws {@link OpleadError} `invalid_options`, with every problem; so do the others. */
export const checkRequireCoverage = optionsCheck<unknown>("requireCoverage", () =>
  options(
    { ...judged(), for: kinds(), inhabitants: number(0, MOST) },
    { where: where(), atLeast: wholeNumber(1, 1_000) },
  ),
);

export const checkExclusive = optionsCheck<unknown>("exclusive", () =>
  options(judged(), { where: where(), group: func() }),
);

/** @throws {@link OpleadError} `invalid_input`. */
export const checkPolicyFinding = argumentsCheck("policyFinding", () => ({ policy: text() }));

export const checkMaxLost = optionsCheck<unknown>("maxLost", () =>
  options({
    ...shared(),
    inhabitants: number(0, MOST),
    postcodes: number(0, MOST),
    share: number(0, 1),
  }).check((payload) => {
    const { inhabitants, postcodes, share } = Object(payload.value) as Readonly<Record<string, unknown>>;
    if ([inhabitants, postcodes, share].every((limit) => limit === undefined))
      report(payload, tellCoverageOption("no_limit"));
  }),
);
