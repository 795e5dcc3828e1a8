import type { FetchAnswer, FetchInit } from "../../src/transport/options.ts";
import type { Chance } from "./chance.ts";
import type { Time, WorldProcess } from "./time.ts";
import type { Trace } from "./trace.ts";

export type Json = Readonly<Record<string, unknown>>;

export interface PlatformUser {
  readonly id: string;
  readonly createdAt: number;
  user: Json;
  readonly rules: Map<string, unknown>;
  readonly past: Set<string>;
}

export interface Commit {
  readonly at: number;
  readonly process: string;
  readonly request: number;
  readonly id: string;
  readonly accountNumber: string;
  readonly step: string;
  readonly isNew: boolean;
  // Replaced content by one that the user never had.
  readonly isNews: boolean;
  // Another person, whose user it was before.
  readonly over?: unknown;
}

export interface Sent {
  readonly request: number;
  readonly process: WorldProcess;
  readonly at: number;
  readonly method: string;
  readonly person: string | undefined;
  readonly accountNumber: string;
  readonly step: string;
  readonly content: unknown;
  // As the sender received it. Undefined: no answer, or only a page of the gateway.
  status?: number;
  answeredAt?: number;
}

export interface PlatformTraits {
  readonly isUnique: boolean;
  readonly hasUniqueLogins: boolean;
  // A new user is not found yet.
  readonly lagMs: number;
  readonly gateway: "html" | "json";
  readonly namesFields: boolean;
}

export interface Faults {
  readonly unreachable: number;
  // Before the platform has the request, after it acted, or it acts later.
  readonly broken: number;
  // Before or after it acted.
  readonly own500: number;
  // 502, 503, 504 or 408. The platform never gets the request, has acted, or acts later.
  readonly gateway: number;
  readonly tooMany: number;
  readonly page: number;
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

// A request that the client gave up may be carried out so much later.
export interface Lateness {
  readonly update: number;
  // Less: the package looks for the user for 10 s before it repeats a creation.
  readonly creation: number;
}

const LATE: Lateness = { update: 60_000, creation: 5_000 };

export interface Wire {
  readonly status: number;
  readonly body?: unknown;
  readonly html?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

// In ms after the request was sent.
interface Fate {
  // Undefined: never.
  readonly carriedOutMs: number | undefined;
  readonly answeredMs: number;
  readonly answer?: Wire | Error | undefined;
  readonly isScripted?: boolean;
}

// Prescribed by a test, instead of a random one.
export interface Scripted extends Fate {
  readonly process: string;
  readonly method?: "GET" | "POST" | "PUT";
  readonly person: string | undefined;
  readonly path?: string;
  readonly step?: string;
}

// Shares no code with the package or with its fake.
export class Platform {
  readonly traits: PlatformTraits;
  faults: Faults = NO_FAULTS;
  // `number`: the user's account number at Oplead, or in the request.
  tell: (what: "sent" | "lost", who: string, identification: string, number: string, kind: string) => void = () => {};
  readonly users: PlatformUser[] = [];
  readonly commits: Commit[] = [];
  readonly sent: Sent[] = [];
  readonly questions = new Map<string, number>();
  readonly #time: Time;
  readonly #late: Lateness;
  readonly #chance: Chance;
  readonly #trace: Trace;
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

  // By a person in Oplead: no request, and nothing that the package can notice.
  edit(name: string, isRule: boolean): boolean {
    const user = this.users.find(({ user }) => user.lastname === name);
    if (!user || (isRule && !user.rules.has("max-distance"))) return false;
    if (isRule) user.rules.set("max-distance", { maxDistance: 99 });
    else user.user = { ...user.user, phone: "+33799999999" };
    this.#trace.add("Oplead", name, `${isRule ? "the rule" : "the user"} is edited by hand`);
    return true;
  }

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
        const tell = (what: "sent" | "lost"): void => {
          if (!sent) return;
          const { accountNumber, step } = sent;
          const { user } = this.users.find(({ id }) => id === accountNumber) ?? {};
          const number = String(user?.accountNumber ?? (content as Json).accountNumber ?? accountNumber);
          this.tell(what, self.name, accountNumber, number, step === "user" ? method : "rule");
        };
        tell("sent");
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
        // An event of the process: a killed one never gets it.
        const wake = this.#time.wake(self, fate.answeredMs, () => {
          const told = fate.answer ?? answer;
          const text = told instanceof Error ? String(told.cause) : `${told.status} ${told.html ?? shown(told.body)}`;
          this.#trace.add(self.name, person, `#${request} answered ${text}`);
          if (sent && !(told instanceof Error) && told.html === undefined)
            Object.assign(sent, { status: told.status, answeredAt: this.#time.now });
          if (told instanceof Error && !String(told.cause).includes("ECONNREFUSED")) tell("lost");
          if (told instanceof Error) reject(told);
          else resolve(asResponse(told));
        });
        signal.addEventListener("abort", () => {
          if (!wake.run) return;
          wake.run = undefined;
          this.#trace.add(self.name, person, `#${request} given up`);
          tell("lost");
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

  // A request of a killed process is often still in flight. Returns how much later the platform acts.
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
    // Never, in time, or late.
    const carriedOutMs = where < 0.3 ? undefined : where < 0.6 ? hop : lateMs;
    // The package tells a gateway's 404 by this path. A second page with 404 would make it believe the gateway.
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
    const note = (user: PlatformUser, step: string, isNew: boolean, before?: Json): void => {
      const accountNumber = String(user.user.accountNumber);
      const state = `${step} ${JSON.stringify(content)}`;
      const isNews = user.past.has(step) && !user.past.has(state);
      user.past.add(step).add(state);
      const over = before?.lastname === user.user.lastname ? undefined : before?.lastname;
      this.commits.push({
        at: this.#time.now,
        process,
        request,
        id: user.id,
        accountNumber,
        step,
        isNew,
        isNews,
        over,
      });
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
    const before = found.user;
    found.user = content as Json;
    note(found, "user", false, before);
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

  // By the last name: the trace must not depend on logins.
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

export function lost(): Error {
  return broken("ECONNRESET", "read");
}

function broken(code: string, syscall: string): Error {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code, syscall }) });
}

export function asResponse({ status, body, html, headers = {} }: Wire): FetchAnswer {
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
