import { type Answer, errorBody, isOperationName, json, type Outcome, retryAfterHeader } from "./api.ts";
import { atLeast, requireKnown, requireOptions, seededRandom, wrong } from "./arguments.ts";
import type { FakeDelay, FakeFault, FakeFaultAnswer, FakeHandle, FakeLimit, FakeRequest, FakeTarget } from "./types.ts";

type StatusAnswer = Extract<FakeFaultAnswer, { status: number }>;
type GatewayAnswer = Extract<FakeFaultAnswer, { gateway: number }>;
type LateCommit = Extract<FakeFault["when"], object>;
type ConcurrencyLimit = Extract<FakeLimit, { concurrent: number }>;
type RateLimit = Exclude<FakeLimit, ConcurrencyLimit>;

export interface Hit {
  readonly as: FakeFaultAnswer;
  readonly when: "before" | "after" | "late";
  readonly lateMs: number;
}

type Matcher = (request: FakeRequest) => boolean;

interface Fault {
  readonly matches: Matcher;
  readonly times: number;
  readonly isDrawn: () => boolean;
  readonly hit: () => Hit;
  hits: number;
}

interface Delay {
  readonly matches: Matcher;
  readonly ms: number;
  readonly when: "before" | "after";
  hits: number;
}

export class Faults {
  readonly #faults = new Set<Fault>();
  readonly #delays = new Set<Delay>();

  fail(given: FakeFault): FakeHandle {
    requireOptions<FakeFault>(
      "fault",
      given,
      {
        on: "anything",
        as: "a text or an object",
        when: "a text or an object",
        times: "anything",
        share: "anything",
        seed: "a number",
      },
      "as",
    );
    const { on, as, when = "before", times, share, seed = 1 } = given;
    checkAnswer(as);
    if (typeof when === "string") {
      requireKnown("moment", when, ["before", "after"]);
      if (as === "normal") throw wrong('as: "normal" needs when: { lateMs }.');
    }
    if (share !== undefined && !(share >= 0 && share <= 1)) {
      throw wrong(`share must be from 0 to 1, not ${share}.`, RangeError);
    }
    const random = seededRandom(seed);
    const lateness = typeof when === "string" ? () => 0 : drawLateness(when, seed);
    const fault: Fault = {
      matches: matcher(on),
      times: atLeast("times", times ?? (share === undefined ? 1 : Number.POSITIVE_INFINITY), 1),
      isDrawn: () => share === undefined || random() < share,
      hit: () => ({ as, when: typeof when === "string" ? when : "late", lateMs: lateness() }),
      hits: 0,
    };
    this.#faults.add(fault);
    return handleOf(fault, () => this.#faults.delete(fault));
  }

  delay(given: FakeDelay): FakeHandle {
    requireOptions<FakeDelay>("delay", given, { on: "anything", ms: "a number", when: "anything" }, "ms");
    const { on, ms, when = "before" } = given;
    requireKnown("moment", when, ["before", "after"]);
    const delay: Delay = { matches: matcher(on), hits: 0, ms: atLeast("ms", ms, 0), when };
    this.#delays.add(delay);
    return handleOf(delay, () => this.#delays.delete(delay));
  }

  hit(request: FakeRequest): Hit | undefined {
    const fault = [...this.#faults].find((each) => each.hits < each.times && each.matches(request) && each.isDrawn());
    if (!fault) return undefined;
    fault.hits += 1;
    return fault.hit();
  }

  delaysOf(request: FakeRequest): { before: number; after: number } {
    const sums = { before: 0, after: 0 };
    for (const delay of this.#delays) {
      if (!delay.matches(request)) continue;
      delay.hits += 1;
      sums[delay.when] += delay.ms;
    }
    return sums;
  }

  clear(): void {
    this.#faults.clear();
    this.#delays.clear();
  }
}

function drawLateness(when: LateCommit, seed: number): () => number {
  requireOptions<LateCommit>("fault.when", when, { lateMs: "a number or a pair of numbers" }, "lateMs");
  const { lateMs } = when;
  const [least, most] = typeof lateMs === "number" ? [lateMs, lateMs] : lateMs;
  atLeast("lateMs", least, 0);
  atLeast("lateMs", most, least);
  // A sequence of its own: must not change which calls are hit.
  const random = seededRandom(seed + 1);
  return () => least + random() * (most - least);
}

// A misspelt target would match no call, and the test would test nothing.
function matcher(on: FakeTarget | undefined): Matcher {
  if (on === undefined) return () => true;
  if (typeof on === "function") return on;
  if (on === "setRules") return ({ operation }) => operation?.endsWith("Rule") === true;
  if (isOperationName(on)) return ({ operation }) => operation === on;
  if (!/^[A-Z]+$/.test(on)) throw wrong(`No operation or HTTP method is called "${on}".`);
  return ({ method }) => method === on;
}

function checkAnswer(as: FakeFaultAnswer): void {
  if (typeof as === "string") {
    requireKnown("answer", as, ["reset", "hang", "empty-500", "html-200", "truncated-json", "normal"]);
    return;
  }
  const [name, status] = "gateway" in as ? ["as.gateway", as.gateway] : ["as.status", as.status];
  if (!(Number.isInteger(status) && status >= 200 && status <= 599)) {
    throw wrong(`${name} must be a whole number from 200 to 599, not ${status}.`, RangeError);
  }
}

// `answer` is undefined if the fake has not looked at the call.
export function faultAnswer(as: FakeFaultAnswer, answer: Answer | undefined): Outcome {
  switch (as) {
    case "reset":
    case "hang": // A hang that ends is a broken connection.
      return "reset";
    case "empty-500":
      return { status: 500, headers: {}, body: "" };
    case "html-200":
      return { status: 200, headers: { "content-type": "text/html" }, body: htmlPage };
    case "truncated-json": {
      const whole = answer ?? example;
      return { ...whole, body: whole.body.slice(0, Math.ceil(whole.body.length / 2)) };
    }
    case "normal":
      return answer ?? example;
    default:
      return "gateway" in as ? gatewayPage(as) : statusAnswer(as);
  }
}

const example = json(200, { id: "100001", accountNumber: "ACC-1" });

const bodiless = new Set([204, 205, 304]);

function statusAnswer({ status, retryAfter, body, headers = {} }: StatusAnswer): Answer {
  const given = retryAfterHeader(retryAfter);
  for (const [name, value] of Object.entries(headers)) given[name.toLowerCase()] = value;
  const sent = body === undefined ? (status >= 400 ? errorBody(status) : "") : body;
  if (sent === "" || bodiless.has(status)) return { status, headers: given, body: "" };
  if (typeof sent !== "string") return json(status, sent, given);
  return { status, headers: { "content-type": "text/plain", ...given }, body: sent };
}

const htmlPage = "<!doctype html><title>Maintenance</title><p>We will be back soon.</p>";

const reasons: Readonly<Record<number, string>> = {
  200: "OK",
  400: "Bad Request",
  401: "Authorization Required",
  403: "Forbidden",
  404: "Not Found",
  405: "Not Allowed",
  408: "Request Time-out",
  413: "Request Entity Too Large",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Temporarily Unavailable",
  504: "Gateway Time-out",
};

// The page that nginx sends if the server behind it fails.
function gatewayPage({ gateway: status, page = "html", retryAfter }: GatewayAnswer): Answer {
  const headers = { server: "nginx", ...retryAfterHeader(retryAfter) };
  if (page === "empty" || bodiless.has(status)) return { status, headers, body: "" };
  const title = `${status} ${reasons[status] ?? ""}`.trim();
  return {
    status,
    headers: { "content-type": "text/html", ...headers },
    body: [
      "<html>",
      `<head><title>${title}</title></head>`,
      "<body>",
      `<center><h1>${title}</h1></center>`,
      "<hr><center>nginx</center>",
      "</body>",
      "</html>",
      "",
    ].join("\r\n"),
  };
}

interface Limit {
  hits: number;
  readonly refuse: (now: number) => Record<string, string> | undefined;
}

export class Limits {
  readonly #limits = new Map<"rate" | "concurrency", Limit>();
  #underWay = 0;

  set(limit: FakeLimit, now: number): FakeHandle {
    if (typeof limit === "object" && limit !== null && "concurrent" in limit) {
      requireOptions<ConcurrencyLimit>("limit", limit, { concurrent: "anything", retryAfter: "anything" });
      return this.#add("concurrency", this.#refuseByConcurrency(limit));
    }
    requireOptions<RateLimit>("limit", limit, {
      requests: "anything",
      perMs: "anything",
      burst: "anything",
      header: "anything",
    });
    return this.#add("rate", refuseByRate(limit, now));
  }

  clear(): void {
    this.#limits.clear();
  }

  refuse(now: number): Record<string, string> | undefined {
    for (const kind of ["rate", "concurrency"] as const) {
      const limit = this.#limits.get(kind);
      const headers = limit?.refuse(now);
      if (!limit || !headers) continue;
      limit.hits += 1;
      return headers;
    }
    return undefined;
  }

  enter(): void {
    this.#underWay += 1;
  }

  leave(): void {
    this.#underWay -= 1;
  }

  #add(kind: "rate" | "concurrency", refuse: Limit["refuse"]): FakeHandle {
    const limit: Limit = { hits: 0, refuse };
    this.#limits.set(kind, limit);
    return handleOf(limit, () => {
      if (this.#limits.get(kind) === limit) this.#limits.delete(kind);
    });
  }

  #refuseByConcurrency({ concurrent, retryAfter }: ConcurrencyLimit): Limit["refuse"] {
    const most = atLeast("concurrent", concurrent, 1);
    return () => (this.#underWay < most ? undefined : retryAfterHeader(retryAfter));
  }
}

function refuseByRate({ header = "retry-after", ...limit }: RateLimit, start: number): Limit["refuse"] {
  requireKnown("header", header, ["retry-after", "ratelimit-reset", "x-ratelimit-retry-after", "none"]);
  const take = bucket(limit, start);
  return (now) => {
    const waitMs = take(now);
    if (waitMs === 0) return undefined;
    if (header === "none") return {};
    const seconds = Math.max(1, Math.ceil(waitMs / 1000));
    const isUnixTime = header === "x-ratelimit-retry-after";
    return { [header]: String(isUnixTime ? Math.ceil(now / 1000 + seconds) : seconds) };
  };
}

// A token bucket. Returns the ms until the next request may pass.
function bucket({ requests, perMs, burst = requests }: RateLimit, start: number): (now: number) => number {
  if (!(requests > 0 && perMs > 0)) throw wrong("requests and perMs must be more than 0.", RangeError);
  const size = atLeast("burst", burst, 1);
  const msPerToken = perMs / requests;
  let tokens = size;
  let time = start;
  return (now) => {
    tokens = Math.min(size, tokens + Math.max(0, now - time) / msPerToken);
    time = now;
    if (tokens < 1) return (1 - tokens) * msPerToken;
    tokens -= 1;
    return 0;
  };
}

export function handleOf(item: { readonly hits: number }, remove: () => void): FakeHandle {
  return {
    get hits() {
      return item.hits;
    },
    remove,
  };
}
