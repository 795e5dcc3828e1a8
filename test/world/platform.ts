import type { FetchAnswer, FetchInit } from "../../src/index.ts";
import type { Chance } from "./chance.ts";
import type { Time, WorldProcess } from "./time.ts";
import type { Trace } from "./trace.ts";

export type Json = Readonly<Record<string, unknown>>;

/** A user as the platform has it. */
export interface PlatformUser {
  readonly id: string;
  readonly createdAt: number;
  user: Json;
  readonly rules: Map<string, unknown>;
  /** Every content that the user or the rule ever had. */
  readonly past: Set<string>;
}

/** One write that was carried out. */
export interface Commit {
  readonly at: number;
  readonly process: string;
  /** The number of the request that asked for this write. */
  readonly request: number;
  readonly id: string;
  readonly accountNumber: string;
  readonly step: string;
  readonly isNew: boolean;
  /** Whether the write replaced content by content that the user never had before. */
  readonly isNews: boolean;
}

/** A request that writes, as the platform and the network see it. */
export interface Sent {
  readonly request: number;
  readonly process: WorldProcess;
  readonly at: number;
  readonly method: string;
  readonly person: string | undefined;
  /** The account number or the Oplead ID in the request's path or body. */
  readonly accountNumber: string;
  /** The user itself, or the path of a rule. */
  readonly step: string;
  readonly content: unknown;
  /**
   * The status that the sender received, and when. Undefined if the sender received no answer or only a page of the
   * gateway.
   */
  status?: number;
  answeredAt?: number;
}

/** The traits of a platform. They stay the same for a whole history. */
export interface PlatformTraits {
  /** Whether a second user with the same account number is refused. */
  readonly isUnique: boolean;
  /** Whether a second user with the same login is refused. */
  readonly hasUniqueLogins: boolean;
  /** How long a new user is not found yet, in milliseconds. */
  readonly lagMs: number;
  /** What the gateway in front answers with. */
  readonly gateway: "html" | "json";
  /** Whether refusals name the field that they are about. */
  readonly namesFields: boolean;
}

/** How often each thing goes wrong, 0 to 1. */
export interface Faults {
  /** The connection cannot be made. */
  readonly unreachable: number;
  /** The connection breaks: before the platform has the request, after it was carried out, or the request is carried out later. */
  readonly broken: number;
  /** The platform itself answers 500, before or after it has carried the request out. */
  readonly own500: number;
  /** The gateway gives up: 502, 503, 504 or 408. The platform never gets the request, has carried it out, or does so later. */
  readonly gateway: number;
  /** 429. */
  readonly tooMany: number;
  /** The gateway answers with a page, or refuses by itself. */
  readonly page: number;
  /** The answer comes after the client has given up. */
  readonly slow: number;
}

export const NO_FAULTS: Faults = {
  unreachable: 0,
  broken: 0,
  own500: 0,
  gateway: 0,
  tooMany: 0,
  page: 0,
  slow: 0,
};

/** A request that the client gave up may still be carried out this many milliseconds after it was sent. */
export interface Lateness {
  readonly update: number;
  /** Less than for an update, because the package looks for the user for 10 s before it repeats a creation. */
  readonly creation: number;
}

const LATE: Lateness = { update: 60_000, creation: 5_000 };

interface Wire {
  readonly status: number;
  readonly body?: unknown;
  readonly html?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The fate of one request. All times are milliseconds after the request was sent. */
interface Fate {
  /** When the platform carries the request out. Undefined: never. */
  readonly carriedOutMs: number | undefined;
  /** When the sender learns how it ended. */
  readonly answeredMs: number;
  /** The answer that the sender gets instead of the platform's own. */
  readonly answer?: Wire | Error | undefined;
  readonly isScripted?: boolean;
}

/** A fate that the test prescribes for the next matching request, instead of a random one. */
export interface Scripted extends Fate {
  readonly process: string;
  readonly method?: "GET" | "POST" | "PUT";
  /** Undefined for a request that is about no person. */
  readonly person: string | undefined;
  /** Default: any. */
  readonly path?: string;
  /** The user itself, or the path of a rule. Default: the user. */
  readonly step?: string;
}

/**
 * A second implementation of the platform. It shares no code with the package or with the fake that the package ships.
 */
export class Platform {
  readonly traits: PlatformTraits;
  faults: Faults = NO_FAULTS;
  readonly users: PlatformUser[] = [];
  readonly commits: Commit[] = [];
  /** Every request that writes, in order. */
  readonly sent: Sent[] = [];
  /** How many requests that only read each process has sent after its first write. */
  readonly questions = new Map<string, number>();
  readonly #time: Time;
  readonly #late: Lateness;
  readonly #chance: Chance;
  readonly #trace: Trace;
  /** The fates that a directed test prescribes. Each is removed when it has happened. */
  readonly scripted: Scripted[] = [];
  readonly #writers = new Set<string>();
  #requests = 0;
  #ids = 0;

  constructor(traits: PlatformTraits, time: Time, chance: Chance, trace: Trace, late = LATE) {
    this.#late = late;
    this.traits = traits;
    this.#time = time;
    this.#chance = chance;
    this.#trace = trace;
  }

  /** The `fetch` of a process. */
  fetchOf(self: WorldProcess): (url: string, init: FetchInit) => Promise<FetchAnswer> {
    return (url, { method, body, signal }) =>
      new Promise((resolve, reject) => {
        // In real time the code of a killed process goes on, but its requests are dropped.
        if (self.isDead) return;
        const path = decodeURIComponent(new URL(url).pathname);
        const content: unknown = body === undefined ? undefined : JSON.parse(body);
        this.#requests += 1;
        const request = this.#requests;
        const person = this.#personOf(path, content);
        const sent = this.#noteSent(method, path, content, self, person);
        const fate = this.#scriptedFate(self.name, method, path, person) ?? this.#fateOf(method, path, content);
        const what = `#${request} ${method} ${path}`;
        this.#trace.add(self.name, person, `${what} ${shown(content)}`);
        let answer: Wire = { status: 0 };
        const isScripted = fate.isScripted === true;
        let isLate = false;
        const carryOut = (): void => {
          const delayMs = isLate || isScripted ? undefined : this.#delayOfOrphan(self, method);
          if (delayMs !== undefined) {
            isLate = true;
            this.#time.outside(delayMs, carryOut);
            return;
          }
          answer = this.#carryOut(method, path, content, self.name, request);
          this.#trace.add("platform", person, `${what} carried out: ${answer.status} ${shown(answer.body)}`);
        };
        if (fate.carriedOutMs !== undefined) this.#time.outside(fate.carriedOutMs, carryOut);
        // The answer comes as an event of the process, so a killed process never gets it.
        const wake = this.#time.wake(self, fate.answeredMs, () => {
          const told = fate.answer ?? answer;
          const text = told instanceof Error ? String(told.cause) : `${told.status} ${told.html ?? shown(told.body)}`;
          this.#trace.add(self.name, person, `#${request} answered ${text}`);
          if (sent && !(told instanceof Error) && told.html === undefined)
            Object.assign(sent, { status: told.status, answeredAt: this.#time.now });
          if (told instanceof Error) reject(told);
          else resolve(asResponse(told));
        });
        signal.addEventListener("abort", () => {
          if (!wake.run) return;
          wake.run = undefined;
          this.#trace.add(self.name, person, `#${request} given up`);
          reject(new DOMException("given up", "AbortError"));
        });
      });
  }

  #scriptedFate(process: string, method: string, path: string, person: string | undefined): Fate | undefined {
    const at = this.scripted.findIndex(
      (each) =>
        each.process === process &&
        each.person === person &&
        (each.method ?? "PUT") === method &&
        (each.path ?? path) === path &&
        (each.step ?? "user") === (path.split("/rule/")[1] ?? "user"),
    );
    const [scripted] = at < 0 ? [] : this.scripted.splice(at, 1);
    return scripted && { ...scripted, isScripted: true };
  }

  #noteSent(
    method: string,
    path: string,
    content: unknown,
    process: WorldProcess,
    person: string | undefined,
  ): Sent | undefined {
    const { name } = process;
    if (method === "GET") {
      if (this.#writers.has(name)) this.questions.set(name, (this.questions.get(name) ?? 0) + 1);
      return undefined;
    }
    this.#writers.add(name);
    const [, , , identification, , step = "user"] = path.split("/");
    const accountNumber = identification ?? String((content as Json).accountNumber);
    const at = this.#time.now;
    const sent = { request: this.#requests, process, at, method, person, accountNumber, step, content };
    this.sent.push(sent);
    return sent;
  }

  /**
   * A request of a killed process is often still under way, in a buffer or at a gateway. Returns how much later the
   * platform carries it out. Undefined: the platform carries it out now.
   */
  #delayOfOrphan({ name, isDead, hasOrphans }: WorldProcess, method: string): number | undefined {
    if (!isDead || !hasOrphans || this.#chance.next(`orphan ${name}`) < 0.5) return undefined;
    return this.#chance.between(`orphan ${name}`, 100, this.#lateMs(method) * 0.9);
  }

  #fateOf(method: string, path: string, content: unknown): Fate {
    const name = `fate ${method} ${path} ${(content as Json | undefined)?.accountNumber ?? ""}`;
    const next = (): number => this.#chance.next(name);
    const hop = 5 + Math.floor(next() * 200);
    const back = 5 + Math.floor(next() * 50);
    let left = next();
    const [where, when, form] = [next(), next(), next()];
    const lateMs = hop + Math.floor(when * this.#lateMs(method));
    const isHit = (share: number): boolean => {
      left -= share;
      return left < 0;
    };
    /** Never, in time, or late. */
    const carriedOutMs = where < 0.3 ? undefined : where < 0.6 ? hop : lateMs;
    // The package reads this path to tell a gateway's 404 from the platform's. The read never fails here, because after
    // a second page with 404 the package would believe the gateway.
    const faults = path.endsWith("/country/ZZ") ? NO_FAULTS : this.faults;
    if (isHit(faults.unreachable)) {
      return { carriedOutMs: undefined, answeredMs: hop, answer: broken("ECONNREFUSED", "connect") };
    }
    if (isHit(faults.broken)) return { carriedOutMs, answeredMs: hop + back, answer: lost() };
    if (isHit(faults.own500)) {
      const answer = { status: 500, body: { message: "Internal error" } };
      return { carriedOutMs: where < 0.5 ? undefined : hop, answeredMs: hop + back, answer };
    }
    if (isHit(faults.gateway)) {
      return { carriedOutMs, answeredMs: hop + back, answer: this.#gatewayAnswer(form) };
    }
    if (isHit(faults.tooMany)) {
      const headers: Record<string, string> = form < 0.5 ? { "retry-after": `${1 + Math.floor(when * 10)}` } : {};
      return {
        carriedOutMs: undefined,
        answeredMs: hop,
        answer: { status: 429, body: { message: "Slow down" }, headers },
      };
    }
    if (isHit(faults.page)) {
      const status = [200, 403, 404, 503][Math.floor(form * 4)] ?? 200;
      return { carriedOutMs: undefined, answeredMs: hop, answer: { status, html: "<html>maintenance</html>" } };
    }
    if (isHit(faults.slow)) {
      return { carriedOutMs: where < 0.5 ? hop : lateMs, answeredMs: 31_000 + Math.floor(when * 60_000) };
    }
    return { carriedOutMs: hop, answeredMs: hop + back };
  }

  #lateMs(method: string): number {
    return method === "POST" ? this.#late.creation : this.#late.update;
  }

  #gatewayAnswer(form: number): Wire {
    const status = [502, 503, 504, 408][Math.floor(form * 4)] ?? 504;
    return this.traits.gateway === "json"
      ? { status, body: { message: "Endpoint request timed out" } }
      : { status, html: "<html>gateway</html>" };
  }

  #carryOut(method: string, path: string, content: unknown, process: string, request: number): Wire {
    const [, , resource = "", identification = "", kind, rule] = path.split("/");
    if (method === "GET") return reference(path);
    if (resource !== "users") return { status: 404, body: { message: "No such path" } };
    const note = (user: PlatformUser, step: string, isNew: boolean): void => {
      const accountNumber = String(user.user.accountNumber);
      const state = `${step} ${JSON.stringify(content)}`;
      const isNews = user.past.has(step) && !user.past.has(state);
      user.past.add(step).add(state);
      this.commits.push({ at: this.#time.now, process, request, id: user.id, accountNumber, step, isNew, isNews });
    };
    if (method === "POST") {
      const refusal = this.#refusalOf(content as Json, undefined);
      if (refusal) return refusal;
      this.#ids += 1;
      const user = {
        id: `u${this.#ids}`,
        createdAt: this.#time.now,
        user: content as Json,
        rules: new Map(),
        past: new Set<string>(),
      };
      this.users.push(user);
      note(user, "user", true);
      return { status: 201, body: { ...user.user, id: user.id } };
    }
    const found = this.#find(identification);
    if (!found) return { status: 404, body: { message: "Unknown user" } };
    if (kind === "rule") {
      found.rules.set(rule ?? "", content);
      note(found, rule ?? "", false);
      return { status: 200, body: {} };
    }
    const refusal = this.#refusalOf(content as Json, found);
    if (refusal) return refusal;
    found.user = content as Json;
    note(found, "user", false);
    return { status: 200, body: { ...found.user, id: found.id } };
  }

  #find(identification: string): PlatformUser | undefined {
    const isVisible = ({ createdAt }: PlatformUser): boolean => createdAt + this.traits.lagMs <= this.#time.now;
    return this.users.find(
      (each) => isVisible(each) && (each.id === identification || each.user.accountNumber === identification),
    );
  }

  #refusalOf(user: Json, itself: PlatformUser | undefined): Wire | undefined {
    const others = this.users.filter((each) => each !== itself);
    const refuse = (status: number, field: string): Wire => {
      const named = this.traits.namesFields ? { errors: { [field]: ["is not valid"] } } : {};
      return { status, body: { message: "Refused", ...named } };
    };
    if (this.traits.isUnique && others.some((each) => each.user.accountNumber === user.accountNumber)) {
      return refuse(409, "accountNumber");
    }
    const parent = user.parentUserIdentifier;
    if (parent !== undefined && !this.#find(String(parent))) return refuse(422, "parentUserIdentifier");
    if (
      this.traits.hasUniqueLogins &&
      others.some((each) => each.user.login === user.login && each.user.accountNumber !== user.accountNumber)
    ) {
      return refuse(409, "login");
    }
    return undefined;
  }

  /**
   * The person that a request is about. The name stands in the request's last name, and the trace must not depend on
   * logins.
   */
  #personOf(path: string, content: unknown): string | undefined {
    const own = (content as Json | undefined)?.lastname;
    if (typeof own === "string") return own;
    const [, , resource, identification] = path.split("/");
    if (resource !== "users") return undefined;
    const user = this.users.find(({ id, user }) => id === identification || user.accountNumber === identification);
    return typeof user?.user.lastname === "string" ? user.user.lastname : undefined;
  }
}

function reference(path: string): Wire {
  if (path === "/v1/settings/user-profiles") {
    return {
      status: 200,
      body: [
        { code: "PRF_NETWORK", label: "Network" },
        { code: "PRF_DEALER", label: "Dealer", parent: { code: "PRF_NETWORK" } },
      ],
    };
  }
  if (path === "/v1/types/countries") return { status: 200, body: [{ code: "FR", label: "France" }] };
  if (path === "/v1/types/country/FR") {
    return { status: 200, body: { code: "FR", label: "France", counties: [{ number: "01", label: "Ain" }] } };
  }
  return { status: 404, body: { message: "Unknown" } };
}

/** The connection breaks. */
export function lost(): Error {
  return broken("ECONNRESET", "read");
}

function broken(code: string, syscall: string): Error {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code, syscall }) });
}

function asResponse({ status, body, html, headers = {} }: Wire): FetchAnswer {
  const text = html ?? (body === undefined ? "" : JSON.stringify(body));
  const all: Record<string, string> = {
    "content-type": html === undefined ? "application/json" : "text/html",
    ...headers,
  };
  return {
    status,
    headers: {
      get: (name) => all[name.toLowerCase()] ?? null,
      forEach: (tell) => {
        for (const [name, value] of Object.entries(all)) tell(value, name);
      },
    },
    text: async () => text,
    arrayBuffer: async () => new TextEncoder().encode(text).buffer as ArrayBuffer,
  };
}

function shown(content: unknown): string {
  if (content === undefined) return "";
  const { address: _, civility: __, profile: ___, email: ____, lastname: _____, ...rest } = Object(content) as Json;
  return JSON.stringify(Array.isArray(content) ? content : rest);
}
