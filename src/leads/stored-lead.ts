import { issueBy, type OpleadIssue } from "../base/issues.ts";
import { COVERAGE_OPTIONS } from "../base/texts/en/coverage/options.ts";
import { isObject } from "../base/validation/is-object.ts";
import { findObservedIssues } from "../coverage/observed/calibrate.ts";
import type { ObservedLead } from "../coverage/observed/types.ts";
import { AXES } from "../coverage/rules/rules.ts";

/** The parts of an assigned lead that are kept: place, codes, account number and time. None of them identifies the person. */
export interface StoredLead extends Omit<ObservedLead, "coordinates"> {
  /** By which a repetition of its delivery is recognised: a hash. Undefined for a delivery without an id. */
  readonly delivery?: string | undefined;
}

const CODES = ["zipCode", ...AXES.map(({ field }) => field)] as const;
/** A name, a phone number with its spaces or an address of e-mail is no code. */
const CODE = /^[\w.:-]{1,40}$/;
const POSTCODE = /^[A-Za-z\d][A-Za-z\d -]{0,11}$/;

const issue = /* @__PURE__ */ issueBy(COVERAGE_OPTIONS);

/** Finds every problem of what `leadOf` returned. Holds no value. */
export function findStoredIssues(lead: unknown): OpleadIssue[] {
  if (!isObject(lead)) return [issue("", "not_observed_lead")];
  const found = findObservedIssues(lead as unknown as ObservedLead);
  for (const field of CODES) {
    const value: unknown = lead[field];
    const form = field === "zipCode" ? POSTCODE : CODE;
    if (typeof value === "string" && value !== "" && !form.test(value)) found.push(issue(field, "not_code_form"));
  }
  return found;
}

/** A copy with what may be kept, and nothing else. A time is written anew, because a date may be followed by any text in brackets. */
export function storedLead(lead: ObservedLead, delivery?: string): StoredLead {
  const codes = CODES.flatMap((field) => (lead[field] === undefined ? [] : [[field, lead[field]] as const]));
  const { country, accountNumber, at } = lead;
  const time = new Date(Date.parse(at)).toISOString();
  return {
    ...{ delivery, country, ...Object.fromEntries(codes), accountNumber },
    at: at.length === 10 ? time.slice(0, 10) : time,
  };
}
