import type { Coded, ParametersOf } from "../locales/coded.ts";
import type { IssueTexts } from "../locales/issue-texts.ts";

/** The kind of problem, as a literal to switch on. */
export type IssueCode = keyof IssueTexts;

/** The parameters of each message, by its code. */
export type IssueParameters = { readonly [Code in IssueCode]: ParametersOf<IssueTexts, Code> };

/** One problem of an input, with its code. */
export interface IssueOf<Code extends IssueCode> {
  /** Path inside the input, for example `address.zipCode`. Empty for the input as a whole. */
  readonly path: string;
  /** The kind of problem, as a literal to switch on. */
  readonly code: Code;
  /** The details of the message, typed by the code; empty if it has none. */
  readonly parameters: IssueParameters[Code];
  /** An English sentence, made of code and parameters: what is wrong and what is expected. */
  readonly message: string;
}

/**
 * One problem of an input: where it is and what is wrong. Never holds the value itself, which may be personal. Switch on
 * `code`; it types `parameters`.
 */
export type OpleadIssue = { readonly [Code in IssueCode]: IssueOf<Code> }[IssueCode];

/** A problem of a value, wherever it is. */
export type ValueProblem = Coded<IssueTexts>;

/** A name as a path shows it: one that may be data, such as an e-mail address that is a key, is not shown. */
export function shownName(name: string): string {
  return /^[\w.[\]-]{1,80}$/.test(name) ? name : "[…]";
}

/** An issue of a part as one of the whole. */
export function within(part: string, issue: OpleadIssue): OpleadIssue {
  const { path } = issue;
  return { ...issue, path: path === "" || path.startsWith("[") ? part + path : `${part}.${path}` };
}

export function issueAt(path: string, problem: ValueProblem): OpleadIssue {
  return { path, ...problem };
}
