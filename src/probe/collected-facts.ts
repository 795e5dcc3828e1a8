import type { Fact, FactGap, FactName, FactValues, PlatformFacts } from "../core/facts.ts";
import { valueAt } from "../core/issues.ts";
import { isObject } from "../core/values.ts";
import type { RuleName } from "../rules/rules.ts";
import { factNames, found, undecided } from "./facts.ts";
import { errorPlaces, type Prober, type Reply } from "./prober.ts";

type Replies = readonly (Reply | undefined)[];

interface FoundPath {
  readonly path: string | undefined;
  readonly isSure: boolean;
}

export const ABOUT_CONTENT: ReadonlySet<number> = new Set([400, 409, 422]);

// A fact needs two samples, at different times, that agree: a single answer may come from a gateway.
export class CollectedFacts {
  readonly #facts = new Map<FactName, Fact<unknown>>();
  readonly #sure = new Set<FactName>();
  // Facts that `decide` has set: further samples do not change them.
  #isTestModeSettled = false;
  readonly #paths = new Map<RuleName, FoundPath>();
  readonly #prober: Prober;

  constructor(prober: Prober) {
    this.#prober = prober;
  }

  has(name: FactName): boolean {
    return this.#facts.has(name);
  }

  is<Name extends FactName>(name: Name, value: FactValues[Name]): boolean {
    return this.#facts.get(name)?.value === value;
  }

  get isTestModeSure(): boolean {
    return this.is("testModeArrives", true) && this.#sure.has("testModeArrives");
  }

  isDecided(name: FactName): boolean {
    return this.#facts.has(name) && this.#facts.get(name)?.verdict !== "undecided";
  }

  needs(name: FactName): boolean {
    return !this.has(name) || (this.isDecided(name) && !this.#sure.has(name));
  }

  // Without `value`, the answer did not show the fact.
  sample<Name extends FactName>(
    name: Name,
    value: FactValues[Name] | undefined,
    replies: Replies,
    reason: FactGap = "not_shown",
  ): void {
    const first = this.#facts.get(name);
    if (first?.verdict === "undecided" || (name === "testModeArrives" && this.#isTestModeSettled)) return;
    if (!first && value === undefined) {
      this.leave([name], reason, ...replies);
      return;
    }
    const evidence = [...(first?.evidence ?? []), ...evidenceOf(replies)];
    if (value !== undefined && (!first || JSON.stringify(value) === JSON.stringify(first.value))) {
      this.#facts.set(name, first ? { ...first, evidence } : found(name, value, evidence));
      if (first) this.#sure.add(name);
      return;
    }
    const why = value === undefined ? this.#whyNothing("samples_differ", replies) : "samples_differ";
    this.#facts.set(name, undecided(why, evidence));
  }

  decideTestMode(arrives: boolean, replies: Replies): void {
    this.#facts.set("testModeArrives", found("testModeArrives", arrives, evidenceOf(replies)));
    this.#sure.add("testModeArrives");
    this.#isTestModeSettled = true;
  }

  leave(names: readonly FactName[], reason: FactGap, ...replies: Replies): void {
    const why = this.#whyNothing(reason, replies);
    for (const name of names) if (!this.has(name)) this.#facts.set(name, undecided(why, evidenceOf(replies)));
  }

  #whyNothing(reason: FactGap, replies: Replies): FactGap {
    const { isUsedUp, isCutOff } = this.#prober;
    const last = replies.at(-1);
    return isCutOff ? "cut_off" : isUsedUp ? "requests_used_up" : last && !last.answer ? "no_answer" : reason;
  }

  learnErrors(reply: Reply | undefined): void {
    if (!reply || !ABOUT_CONTENT.has(reply.status)) return;
    const places = errorPlaces(reply.answer?.data);
    if (places.length > 0) this.sample("errorFields", places, [reply]);
  }

  learnId(reply: Reply | undefined, idField: string, accountNumber: string): UserAnswer | undefined {
    const answered = reply?.isSuccess ? findUser(reply.answer?.data, idField) : undefined;
    const echoes = answered && String(answered.user.accountNumber) === accountNumber;
    this.sample("idField", answered?.idField, [reply]);
    this.sample("idType", answered?.idType, [reply]);
    this.sample("echoesAccountNumber", echoes, [reply]);
    return answered;
  }

  learnPath(name: RuleName, path: string, reply: Reply): void {
    const first = this.#paths.get(name);
    this.#paths.set(name, { path: first && first.path !== path ? undefined : path, isSure: first !== undefined });
    const evidence = [...(this.#facts.get("rulePaths")?.evidence ?? []), ...reply.evidence];
    this.#facts.set("rulePaths", found("rulePaths", {}, evidence));
  }

  learnTestMode(reply: Reply | undefined): void {
    const said = reply && testModeIn(reply);
    if (said !== undefined) this.sample("testModeArrives", said, [reply]);
  }

  // A header counts only if two answers have it.
  learnHeaders(): void {
    const { rateHeaders, requestIdHeaders, answers, lastEvidence: evidence } = this.#prober;
    if (answers < 2) return;
    const [requestId = ""] = seenTwice(requestIdHeaders).sort(
      (a, b) => Number(b === "x-request-id") - Number(a === "x-request-id"),
    );
    this.#facts.set("rateHeaders", found("rateHeaders", seenTwice(rateHeaders).sort(), evidence));
    this.#facts.set("requestIdHeader", found("requestIdHeader", requestId, evidence));
    for (const name of ["rateHeaders", "requestIdHeader"] as const) this.#sure.add(name);
  }

  all(reason: FactGap): PlatformFacts["facts"] {
    this.#decidePaths();
    for (const [name, fact] of this.#facts) {
      // The read lag is a measured time, on which the client does not rely.
      if (fact.verdict === "undecided" || this.#sure.has(name) || name === "readLagMs") continue;
      this.#facts.set(name, undecided(this.#whyNothing("one_sample", []), fact.evidence));
    }
    this.leave(factNames, reason);
    // Safe: every name is set.
    return Object.fromEntries(
      factNames.map((name) => [name, this.#facts.get(name)]),
    ) as unknown as PlatformFacts["facts"];
  }

  #decidePaths(): void {
    if (this.#paths.size === 0) return;
    const evidence = this.#facts.get("rulePaths")?.evidence ?? [];
    const paths = [...this.#paths.values()];
    const sure = [...this.#paths].flatMap(([name, { path, isSure }]) => (isSure && path ? [[name, path]] : []));
    if (sure.length > 0) {
      this.#facts.set("rulePaths", found("rulePaths", Object.fromEntries(sure), evidence));
      this.#sure.add("rulePaths");
    } else if (paths.some(({ path }) => path === undefined))
      this.#facts.set("rulePaths", undecided("samples_differ", evidence));
  }
}

const seenTwice = (counted: ReadonlyMap<string, number>): string[] =>
  [...counted].filter(([, times]) => times > 1).map(([name]) => name);

export function testModeIn(reply: Reply): boolean | undefined {
  const said: unknown[] = [];
  reply.answer?.headers.forEach((value, name) => {
    if (/(?:^|-)test(?:-?mode)?$/i.test(name)) said.push(value);
  });
  const data = reply.answer?.data;
  if (isObject(data)) said.push(data.test, data.testMode);
  const [word] = said.map((one) => String(one).toLowerCase()).filter((one) => /^(?:true|false|1|0)$/.test(one));
  return word === undefined ? undefined : word === "true" || word === "1";
}

function evidenceOf(replies: Replies) {
  return replies.flatMap((reply) => reply?.evidence ?? []);
}

export interface UserAnswer {
  readonly idField: string;
  readonly id: string;
  readonly idType: FactValues["idType"];
  readonly user: Readonly<Record<string, unknown>>;
}

const ID_LIKE = /^[A-Za-z_]{0,24}(?:id|Id|ID|uuid|[Ii]dentifi(?:er|cation))$/;

// Undefined if several fields could be the ID.
export function findUser(data: unknown, idField: string): UserAnswer | undefined {
  const envelopes = Object.entries(isObject(data) ? data : {}).filter(
    ([name, value]) => NAME.test(name) && isObject(value),
  );
  for (const place of ["", ...envelopes.map(([name]) => name)]) {
    const user = valueAt(data, place);
    if (!isObject(user)) continue;
    const ids = Object.keys(user).filter(
      (name) => ID_LIKE.test(name) && !/parent|request|trace/i.test(name) && isId(user[name]),
    );
    const leaf = [idField, "id"].find((name) => ids.includes(name)) ?? (ids.length === 1 ? ids[0] : undefined);
    const value = leaf === undefined ? undefined : user[leaf];
    // An object around the user may have an id too, such as that of the request.
    const isUser = "lastname" in user || "login" in user || envelopes.length === 0 || place !== "";
    if (leaf === undefined || !isUser) continue;
    return { idField: place === "" ? leaf : `${place}.${leaf}`, id: String(value), idType: typeOf(value), user };
  }
  return undefined;
}

const NAME = /^[A-Za-z_-]{1,30}$/;
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

const isId = (value: unknown): boolean => typeof value === "number" || (typeof value === "string" && value !== "");

function typeOf(value: unknown): UserAnswer["idType"] {
  if (typeof value === "number") return "number";
  if (UUID.test(String(value))) return "uuid";
  return /^\d+$/.test(String(value)) ? "digits" : "text";
}
