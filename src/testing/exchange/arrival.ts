import type { Problem } from "../api/answer.ts";
import { type Route, route } from "../api/route.ts";
import { type FakeRuleName, fakeRules } from "../rules.ts";
import { findViolations } from "../strict/find-violations.ts";
import type { FakeRequest } from "../types/fault.ts";

/** A request as it comes in, through `fetch` or HTTP. */
export interface Incoming {
  readonly method: string;
  /** Path and query, as on the request line. */
  readonly target: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An entry of the request log, which the exchange completes. */
export type Entry = { -readonly [Key in keyof FakeRequest]: FakeRequest[Key] };

export interface Arrival {
  readonly entry: Entry;
  readonly where: Route | undefined;
  readonly isAuthorized: boolean;
  /** Parsed; undefined if it is missing or is not JSON. */
  readonly body: unknown;
  readonly violations: readonly Problem[];
}

export interface ArrivalOptions {
  readonly token: string;
  readonly auth: "bearer" | { readonly header: string };
  readonly now: () => number;
  /** Whether requests are checked against the OpenAPI document. */
  readonly strict: boolean;
  /** Paths of rules that are not the usual ones. */
  readonly rulePaths: Readonly<Partial<Record<FakeRuleName, string>>>;
}

/** Reads a request and writes its entry for the log. */
export function readArrival({ method, target, headers, body: text }: Incoming, options: ArrivalOptions): Arrival {
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? {} : Object.fromEntries(new URLSearchParams(target.slice(mark + 1)));
  const where = route(method, usualPath(path, options.rulePaths));
  const body = parse(text);
  const { token, auth } = options;
  const tokenHeader = auth === "bearer" ? "authorization" : auth.header.toLowerCase();
  const given = headers[tokenHeader] ?? "";
  const isAuthorized = auth === "bearer" ? /^bearer /i.test(given) && given.slice(7) === token : given === token;
  const operation = where?.operation;
  const violations = options.strict ? findViolations({ method, path, operation, query, headers, text, body }) : [];
  const entry: Entry = {
    method,
    path,
    operation,
    query,
    testMode: query.test === "true",
    headers: withoutToken(headers, token, tokenHeader),
    body: body === undefined ? text || undefined : body,
    time: options.now(),
    status: undefined,
    fault: undefined,
    acted: false,
    violations: violations.map(({ message }) => message),
  };
  return { entry, where, isAuthorized, body, violations };
}

/** The path that the fake has for a rule, where a platform has the rule at another one, and nowhere else. */
function usualPath(path: string, rulePaths: ArrivalOptions["rulePaths"]): string {
  for (const [name, { path: end }] of Object.entries(fakeRules)) {
    const [start = "", rest] = rulePaths[name as FakeRuleName]?.split("{id}") ?? [];
    if (rest === undefined || !path.startsWith(start)) continue;
    const usual = `/rule/${end}`;
    if (path.endsWith(rest)) return path.slice(0, -rest.length) + usual;
    if (path.endsWith(usual)) return `${path}/moved`;
  }
  return path;
}

/** The headers for the log. The token may also be in the wrong header, and a wrong token is a secret too. */
function withoutToken(headers: Incoming["headers"], token: string, tokenHeader: string): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name === "authorization") kept[name] = value.replace(/^(\S+ )?.*$/s, "$1***");
    else if (name === tokenHeader) kept[name] = "***";
    else kept[name] = token === "" ? value : value.replaceAll(token, "***");
  }
  return kept;
}

/** Undefined stands for what is missing or is not JSON: no JSON has that value. */
function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
