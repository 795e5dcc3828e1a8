import { isObject } from "../base/validation/is-object.ts";
import type { Fact, FactGap, FactName, FactValues, PlatformFacts } from "../facts.ts";
import type { RuleName } from "../rules/rules.ts";
import { factNames, found, undecided } from "./assumed.ts";
import type { Prober, Reply } from "./prober.ts";
import { errorPlaces } from "./shape.ts";
import { findUser, type UserAnswer } from "./user-answer.ts";

type Replies = readonly (Reply | undefined)[];

/** Refusals of what a request holds. */
export const ABOUT_CONTENT: ReadonlySet<number> = new Set([400, 409, 422]);

export class CollectedFacts {
  readonly #facts = new Map<FactName, Fact<unknown>>();
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

  isDecided(name: FactName): boolean {
    return this.#facts.has(name) && this.#facts.get(name)?.verdict !== "undecided";
  }

  set<Name extends FactName>(name: Name, value: FactValues[Name], ...replies: Replies): void {
    this.#facts.set(name, found(name, value, evidenceOf(replies)));
  }

  /** A second sample, taken later: a fact that it does not repeat is left open. `undefined`: it showed nothing. */
  confirm<Name extends FactName>(name: Name, value: FactValues[Name] | undefined, ...replies: Replies): void {
    const first = this.#facts.get(name);
    if (!first || first.verdict === "undecided") return;
    const evidence = [...first.evidence, ...evidenceOf(replies)];
    if (JSON.stringify(value) === JSON.stringify(first.value)) {
      this.#facts.set(name, { ...first, evidence });
      return;
    }
    const why = value === undefined ? this.#whyNothing("samples_differ", replies) : "samples_differ";
    this.#facts.set(name, undecided(why, evidence));
  }

  /** Leaves facts undecided, unless they are decided. */
  leave(names: readonly FactName[], reason: FactGap, ...replies: Replies): void {
    const why = this.#whyNothing(reason, replies);
    for (const name of names) if (!this.has(name)) this.#facts.set(name, undecided(why, evidenceOf(replies)));
  }

  /** What kept an answer away; `reason` if one came. */
  #whyNothing(reason: FactGap, replies: Replies): FactGap {
    const { isUsedUp, isCutOff } = this.#prober;
    const last = replies.at(-1);
    return isCutOff ? "cut_off" : isUsedUp ? "requests_used_up" : last && !last.answer ? "no_answer" : reason;
  }

  learnErrors(reply: Reply | undefined): void {
    if (!reply || !ABOUT_CONTENT.has(reply.status) || this.has("errorFields")) return;
    const places = errorPlaces(reply.answer?.data);
    if (places.length > 0) this.set("errorFields", places, reply);
  }

  /** The user in an answer, if its id is there. */
  learnId(reply: Reply, idField: string, accountNumber: string): UserAnswer | undefined {
    const answered = findUser(reply.answer?.data, idField);
    if (answered) {
      this.set("idField", answered.idField, reply);
      this.set("idType", answered.idType, reply);
      this.set("echoesAccountNumber", String(answered.user.accountNumber) === accountNumber, reply);
    } else this.leave(["idField", "idType", "echoesAccountNumber"], "not_shown", reply);
    return answered;
  }

  learnRule(name: RuleName, path: string, reply: Reply): void {
    this.set(`rules.${name}`, "enabled", reply);
    const before = this.#facts.get("rulePaths") as Fact<FactValues["rulePaths"]> | undefined;
    const evidence = [...(before?.evidence ?? []), ...reply.evidence];
    this.#facts.set("rulePaths", found("rulePaths", { ...before?.value, [name]: path }, evidence));
  }

  /** An answer may say whether its request was a test. */
  learnTestMode(reply: Reply): void {
    const said = testModeIn(reply);
    if (said !== undefined && !this.has("testModeArrives")) this.set("testModeArrives", said, reply);
  }

  /** The second sample of what {@link learnId} found. */
  confirmId(reply: Reply | undefined, idField: string, accountNumber: string): void {
    const answered = reply?.isSuccess ? findUser(reply.answer?.data, idField) : undefined;
    const echoes = answered && String(answered.user.accountNumber) === accountNumber;
    this.confirm("idField", answered?.idField, reply);
    this.confirm("idType", answered?.idType, reply);
    this.confirm("echoesAccountNumber", echoes, reply);
  }

  learnHeaders(): void {
    const { rateHeaders, requestIdHeaders, lastEvidence: evidence } = this.#prober;
    const [requestId = ""] = [...requestIdHeaders].sort(
      (a, b) => Number(b === "x-request-id") - Number(a === "x-request-id"),
    );
    this.#facts.set("rateHeaders", found("rateHeaders", [...rateHeaders].sort(), evidence));
    this.#facts.set("requestIdHeader", found("requestIdHeader", requestId, evidence));
  }

  /** Every fact by its name. Those that are left are undecided for this reason. */
  all(reason: FactGap): PlatformFacts["facts"] {
    this.leave(factNames, reason);
    // Every name is set now.
    return Object.fromEntries(
      factNames.map((name) => [name, this.#facts.get(name)]),
    ) as unknown as PlatformFacts["facts"];
  }
}

/** Whether an answer says that its request was a test, or was none; undefined if it does not say. */
function testModeIn(reply: Reply): boolean | undefined {
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
