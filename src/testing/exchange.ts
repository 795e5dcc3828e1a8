import type { RuleName } from "../rules/types.ts";
import { type Answer, absent, errorBody, json, type Outcome, type Problem, page, type Route, route } from "./api.ts";
import { type Faults, faultAnswer, type Hit, type Limits } from "./faults.ts";
import { operations, type Platform, type Reply, refuse } from "./platform.ts";
import { findViolations } from "./strict.ts";
import type { FakeRequest } from "./types.ts";
import { fakeRules } from "./user.ts";
import type { Wire } from "./wire.ts";

export interface Incoming {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

// Synchronous unless delayed: tests are fast.
export type Handle = (incoming: Incoming, waits: Waits) => Outcome | Promise<Outcome>;

interface ExchangeOptions extends ArrivalOptions {
  readonly platform: () => Platform;
  readonly faults: Faults;
  readonly limits: Limits;
  readonly pending: Pending;
  readonly log: (request: FakeRequest) => number;
}

export function createExchange(options: ExchangeOptions): Handle {
  const { platform, faults, limits, pending, log } = options;

  function respond(arrival: Arrival, fault: Hit | undefined, waits: Waits): Outcome {
    if (fault?.when === "before") return faultAnswer(fault.as, undefined);
    const { answer, commit } = act(arrival, platform(), options.wire);
    if (fault?.when === "late") commitLate(commit, fault.lateMs, waits);
    else commit();
    return fault ? faultAnswer(fault.as, answer) : answer;
  }

  async function commitLate(commit: (when: "late") => void, ms: number, waits: Waits): Promise<void> {
    pending.begin();
    if (await waits.wait(ms)) commit("late");
    pending.end();
  }

  // A gateway's page has no request id.
  function close({ entry }: Arrival, number: number, outcome: Outcome): Outcome {
    if (outcome === "reset") return outcome;
    entry.status = outcome.status;
    if (typeof entry.fault === "object" && "gateway" in entry.fault) return outcome;
    const { requestIdHeader } = platform().like;
    const headers: Record<string, string> = { ...outcome.headers };
    if (requestIdHeader !== "") headers[requestIdHeader] ??= `fake-${number}`;
    return { ...outcome, headers };
  }

  return (incoming, waits) => {
    const arrival = readArrival(incoming, options);
    const { entry } = arrival;
    const number = log(entry);

    const refusal = limits.refuse(entry.time);
    if (refusal) return close(arrival, number, json(429, errorBody(429), refusal));

    const fault = faults.hit(entry);
    entry.fault = fault?.as;
    const { before, after } = faults.delaysOf(entry);
    if (before + after === 0 && fault?.as !== "hang") return close(arrival, number, respond(arrival, fault, waits));

    limits.enter();
    pending.begin();
    return (async () => {
      let outcome: Outcome;
      try {
        if (before > 0 && !(await waits.wait(before))) return "reset";
        outcome = respond(arrival, fault, waits);
        if (after > 0 && !(await waits.wait(after))) return "reset";
      } finally {
        limits.leave();
        pending.end();
      }
      if (fault?.as === "hang") await waits.wait(Number.POSITIVE_INFINITY);
      return close(arrival, number, outcome);
    })();
  };
}

// The last fields come with the answer.
type Entry = { -readonly [Key in keyof FakeRequest]: FakeRequest[Key] };

interface Arrival {
  readonly entry: Entry;
  readonly where: Route | undefined;
  readonly isAuthorized: boolean;
  readonly body: unknown;
  readonly violations: readonly Problem[];
}

interface ArrivalOptions {
  readonly token: string;
  readonly auth: "bearer" | { readonly header: string };
  readonly now: () => number;
  readonly strict: boolean;
  readonly rulePaths: Readonly<Partial<Record<RuleName, string>>>;
  readonly wire: Wire;
}

function readArrival({ method, target, headers, body: text }: Incoming, options: ArrivalOptions): Arrival {
  const question = target.indexOf("?");
  const path = question < 0 ? target : target.slice(0, question);
  const query = question < 0 ? {} : Object.fromEntries(new URLSearchParams(target.slice(question + 1)));
  const where = route(method, usualPath(path, options.rulePaths));
  const sent = parse(text);
  const body = options.wire.toUsual(where?.operation, sent);
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
    body: sent === undefined ? text || undefined : sent,
    time: options.now(),
    status: undefined,
    fault: undefined,
    acted: false,
    violations: violations.map(({ message }) => message),
  };
  return { entry, where, isAuthorized, body, violations };
}

// A rule at an unusual path is not at its usual one.
function usualPath(path: string, rulePaths: ArrivalOptions["rulePaths"]): string {
  for (const [name, { path: end }] of Object.entries(fakeRules)) {
    const [start = "", rest] = rulePaths[name as RuleName]?.split("{id}") ?? [];
    if (rest === undefined || !path.startsWith(start)) continue;
    const usual = `/rule/${end}`;
    if (path.endsWith(rest)) return path.slice(0, -rest.length) + usual;
    if (path.endsWith(usual)) return `${path}/moved`;
  }
  return path;
}

// Also a wrong token, which may be a real one, and in any header.
function withoutToken(headers: Incoming["headers"], token: string, tokenHeader: string): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name === "authorization") kept[name] = value.replace(/^(\S+ )?.*$/s, "$1***");
    else if (name === tokenHeader) kept[name] = "***";
    else kept[name] = token === "" ? value : value.replaceAll(token, "***");
  }
  return kept;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

interface Act {
  readonly answer: Answer;
  // Writes nothing in test mode, or if a late write would take a unique value a second time.
  readonly commit: (when?: "late") => void;
}

function act(arrival: Arrival, platform: Platform, wire: Wire): Act {
  const { entry, where } = arrival;
  const { status, body: usual, headers, form = "json", write, conflicts } = replyTo(arrival, platform);
  const body = wire.toWire(where?.operation, status, usual);
  return {
    answer: form === "json" ? json(status, body, headers) : page(status, form),
    commit(when) {
      const isTest = entry.testMode && platform.like.testModeArrives;
      if (!write || isTest || (when === "late" && conflicts?.())) return;
      write();
      entry.acted = true;
    },
  };
}

function replyTo({ entry, where, isAuthorized, body, violations }: Arrival, platform: Platform): Reply {
  if (violations.length > 0) return refuse(400, "The request does not conform to the OpenAPI document.", violations);
  if (!where) return { ...refuse(404, absent(entry.method, entry.path)), form: platform.like.wrongPathForm };
  const { operation, parameter, allow } = where;
  if (!operation) return { ...refuse(405), headers: { allow } };
  if (!isAuthorized) return refuse(401);
  if (entry.method !== "GET" && body === undefined) {
    const { test = "true" } = platform.like.testModeArrives ? entry.query : {};
    // Assumed: by this a probe sees that the platform reads `test`.
    return refuse(400, /^(?:true|false)$/.test(test) ? undefined : "test must be true or false.");
  }
  return platform.replica.request(() => operations[operation](platform, parameter, body));
}

// Delays and hangs of one listener or of `fake.fetch`. Closing it or a reset ends them.
export class Waits {
  readonly #open = new Set<() => void>();
  #round = 0;

  // Rises when all waits end, also for requests that are still arriving.
  get round(): number {
    return this.#round;
  }

  // False if ended early.
  wait(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = ms === Number.POSITIVE_INFINITY ? undefined : setTimeout(() => settle(true), ms);
      const end = () => settle(false);
      const settle = (elapsed: boolean) => {
        clearTimeout(timer);
        this.#open.delete(end);
        resolve(elapsed);
      };
      this.#open.add(end);
    });
  }

  endAll(): void {
    this.#round += 1;
    for (const end of [...this.#open]) end();
  }
}

export class Pending {
  #count = 0;
  #waiting: (() => void)[] = [];

  begin(): void {
    this.#count += 1;
  }

  end(): void {
    this.#count -= 1;
    if (this.#count === 0) for (const resolve of this.#waiting.splice(0)) resolve();
  }

  settled(): Promise<void> {
    if (this.#count === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
