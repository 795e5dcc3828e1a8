import { type Answer, faulty, json, type Outcome } from "./answers.ts";
import type { Faults } from "./faults.ts";
import { absent, errorBody, operations, type Platform, type Route, route } from "./operations.ts";
import type { RequestToCheck, Violation } from "./strict.ts";
import type { FakeRequest } from "./types.ts";
import type { Waits } from "./waits.ts";

/** A request as both doors (fetch and HTTP) hand it in. */
export interface Incoming {
  readonly method: string;
  /** Path and query, as on the request line. */
  readonly target: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Immediate unless a delay or a hang is due, so that a fast test pays for neither promise nor timer. */
export type Handle = (incoming: Incoming, waits: Waits) => Outcome | Promise<Outcome>;

export interface ExchangeOptions {
  readonly platform: () => Platform;
  readonly faults: Faults;
  /** Notes a request, and gives its number, from 1. */
  readonly log: (request: FakeRequest) => number;
  readonly token: string;
  readonly auth: "bearer" | { readonly header: string };
  readonly now: () => number;
  /** Undefined when the fake is not strict. */
  readonly findViolations: ((request: RequestToCheck) => Violation[]) | undefined;
}

type Entry = { -readonly [Key in keyof FakeRequest]: FakeRequest[Key] };

/** A request that has been read, and its entry in the log. */
interface Arrival {
  readonly entry: Entry;
  readonly number: number;
  readonly where: Route | undefined;
  readonly credential: string | undefined;
  readonly body: unknown;
  readonly violations: readonly Violation[];
}

/** In place of a body that is missing or broken. */
const unreadable = Symbol("not JSON");

/** The one way through the fake: log, limit, fault, delay, act, answer. */
export function createExchange(options: ExchangeOptions): Handle {
  const { platform, faults, log, token, auth, now, findViolations } = options;
  const tokenHeader = auth === "bearer" ? "authorization" : auth.header.toLowerCase();

  const isAuthorized = (given = "") =>
    auth === "bearer" ? /^bearer /i.test(given) && given.slice(7) === token : given === token;

  /** The headers for the log. A token in the wrong place, or the wrong token, is one too. */
  function withoutToken(headers: Incoming["headers"]): Record<string, string> {
    const kept: Record<string, string> = {};
    for (const [name, value] of Object.entries(headers)) {
      if (name === "authorization") kept[name] = value.replace(/^(\S+ )?.*$/s, "$1***");
      else if (name === tokenHeader) kept[name] = "***";
      else kept[name] = token === "" ? value : value.replaceAll(token, "***");
    }
    return kept;
  }

  function arrive({ method, target, headers, body: text }: Incoming): Arrival {
    const mark = target.indexOf("?");
    const path = mark < 0 ? target : target.slice(0, mark);
    const query = mark < 0 ? {} : Object.fromEntries(new URLSearchParams(target.slice(mark + 1)));
    const where = route(method, path);
    const body = parse(text);
    const isJson = body !== unreadable;
    const violations =
      findViolations?.({ method, path, operation: where?.operation, query, headers, text, ...(isJson && { body }) }) ??
      [];
    const entry: Entry = {
      method,
      path,
      operation: where?.operation,
      query,
      testMode: query.test === "true",
      headers: withoutToken(headers),
      body: isJson ? body : text || undefined,
      time: now(),
      status: undefined,
      fault: undefined,
      acted: false,
      violations: violations.map(({ message }) => message),
    };
    return { entry, number: log(entry), where, credential: headers[tokenHeader], body, violations };
  }

  /** Does what Oplead would, faults aside. */
  function act({ entry, where, credential, body, violations }: Arrival): Answer {
    if (violations.length > 0) {
      return json(400, errorBody(400, "The request does not conform to the OpenAPI document.", [...violations]));
    }
    if (!where) return json(404, errorBody(404, absent(entry.method, entry.path)));
    if (!where.operation) return json(405, errorBody(405), { allow: where.allow });
    if (!isAuthorized(credential)) return json(401, errorBody(401));
    const operation = operations[where.operation];
    if (operation.method !== "GET" && body === unreadable) return json(400, errorBody(400));
    const reply = operation.run(platform(), where.parameter, body);
    if (reply.write && !entry.testMode) {
      reply.write();
      entry.acted = true;
    }
    return json(reply.status, reply.body);
  }

  function close({ entry, number }: Arrival, outcome: Outcome): Outcome {
    if (outcome === "reset") return outcome;
    entry.status = outcome.status;
    return { ...outcome, headers: { "x-request-id": `fake-${number}`, ...outcome.headers } };
  }

  return (incoming, waits) => {
    const arrival = arrive(incoming);
    const { entry } = arrival;

    const limit = faults.limited(entry.time);
    if (limit) return close(arrival, json(429, errorBody(429), limit));

    const fault = faults.hit(entry);
    entry.fault = fault?.as;
    const { before, after } = faults.delaysOf(entry);

    const respond = (): Outcome => {
      if (!fault) return act(arrival);
      return faulty(fault.as, fault.when === "after" ? act(arrival) : undefined);
    };
    if (before + after === 0 && fault?.as !== "hang") return close(arrival, respond());

    return (async () => {
      if (before > 0 && !(await waits.wait(before))) return "reset";
      const outcome = respond();
      if (after > 0 && !(await waits.wait(after))) return "reset";
      if (fault?.as === "hang") await waits.wait(Number.POSITIVE_INFINITY);
      return close(arrival, outcome);
    })();
  };
}

function parse(body: string): unknown {
  if (body === "") return unreadable;
  try {
    return JSON.parse(body);
  } catch {
    return unreadable;
  }
}
