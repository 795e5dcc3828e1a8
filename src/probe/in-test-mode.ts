import { isObject } from "../base/validation/is-object.ts";
import { formOf } from "../transport/answer.ts";
import { ABOUT_CONTENT, type CollectedFacts } from "./collected-facts.ts";
import type { Existing } from "./options.ts";
import type { Prober, Reply } from "./prober.ts";
import { REQUESTS } from "./requests.ts";
import { findUser, type UserAnswer } from "./user-answer.ts";

/** A user that Oplead has and answered. */
export interface Answered {
  readonly existing: Existing;
  readonly answer: UserAnswer;
}

/** Questions for servers that honour test mode: any other server would keep the users that these requests send. */
export class InTestMode {
  readonly #prober: Prober;
  readonly #facts: CollectedFacts;

  constructor(prober: Prober, facts: CollectedFacts) {
    this.#prober = prober;
    this.#facts = facts;
  }

  /** Changes the radius in test mode, and looks whether it was changed; then it is put back the same way. */
  async makeSure({ existing, answer }: Answered): Promise<void> {
    const facts = this.#facts;
    if (facts.has("testModeArrives") || !facts.is("rules.maxDistance", "enabled")) return;
    const rule = existing.rules.find(({ name }) => name === "maxDistance");
    const km = isObject(rule?.body) ? Number(rule.body.maxDistance) : Number.NaN;
    const read = async (): Promise<[Reply | undefined, number | undefined]> => {
      const reply = await this.#prober.ask(REQUESTS.readUser, { existing: existing.accountNumber });
      return [reply, reply?.isSuccess ? radiusIn(reply.answer?.data) : undefined];
    };
    const [, before] = await read();
    // Two attempts each for the change, the look and the way back.
    if (before !== km || this.#prober.left < 6) return;
    const { left } = this.#prober;
    const put = (value: number, isWayBack = false) =>
      this.#prober.ask(REQUESTS.radius, { id: answer.id }, `{"maxDistance":${value}}`, isWayBack);
    let [changed, after, now]: [Reply?, Reply?, number?] = [];
    try {
      changed = await put(km + 1);
      [after, now] = await read();
    } finally {
      // Without an answer, or after an abort, the radius may be another one.
      if (now !== km && this.#prober.left < left) await put(km, true);
    }
    if (changed?.isSuccess && now !== undefined) facts.set("testModeArrives", now === km, changed, after);
  }

  /** Asks with another spelling of the account number, with a part of the user, and with a wrong user. */
  async askOfExisting(answered: Answered): Promise<void> {
    if (!this.#facts.is("testModeArrives", true))
      return this.#facts.leave(
        ["identifierCase", "identifierSpaces", "partialUpdate", "errorFields"],
        "test_mode_not_seen",
      );
    await this.#spellOtherwise(answered);
    const { existing, answer } = answered;
    const { accountNumber, user } = existing;
    const values = { existing: accountNumber };
    if (!this.#facts.has("partialUpdate")) {
      const reply = await this.#prober.ask(REQUESTS.partOfUser, values, JSON.stringify({ lastname: user.lastname }));
      this.#facts.learnErrors(reply);
      const stored = findUser(reply?.answer?.data, answer.idField)?.user;
      if (reply && ABOUT_CONTENT.has(reply.status)) this.#facts.set("partialUpdate", false, reply);
      // A server that replaces the user says so by what it lost.
      else if (reply?.isSuccess && stored && "lastname" in stored)
        this.#facts.set("partialUpdate", stored.login === user.login, reply);
      else this.#facts.leave(["partialUpdate"], "not_shown", reply);
    }
    if (this.#facts.has("errorFields")) return;
    const wrong = JSON.stringify({ ...user, email: "oplead-probe" });
    const reply = await this.#prober.ask(REQUESTS.wrongUser, values, wrong);
    this.#facts.learnErrors(reply);
    this.#facts.leave(["errorFields"], "not_shown", reply);
  }

  /** Another spelling may be another person, who would get this content if it were no test. */
  async #spellOtherwise({ existing: { accountNumber, text }, answer }: Answered): Promise<void> {
    const lower = accountNumber.toLowerCase();
    const otherCase = lower === accountNumber ? accountNumber.toUpperCase() : lower;
    const spellings = { identifierCase: otherCase, identifierSpaces: ` ${accountNumber} ` } as const;
    for (const name of ["identifierCase", "identifierSpaces"] as const) {
      const spelling = spellings[name];
      const values = { otherCase, spaced: spelling };
      const reply = spelling === accountNumber ? undefined : await this.#prober.ask(REQUESTS[name], values, text);
      const id = reply?.isSuccess ? findUser(reply.answer?.data, answer.idField)?.id : undefined;
      const isUnknown = reply?.answer && reply.status === 404 && this.#facts.is("notFoundForm", formOf(reply.answer));
      if (id !== undefined || isUnknown) this.#facts.set(name, id === answer.id ? "ignored" : "kept", reply);
      else this.#facts.leave([name], "not_shown", reply);
    }
  }

  /** Creates a made-up user, and one with an account number that is taken. */
  async create(madeUp: (accountNumber?: string) => string, idField: string, answered?: Answered): Promise<void> {
    const facts = this.#facts;
    const names = ["refusesDuplicates", "duplicateStatus"] as const;
    if (!facts.is("testModeArrives", true)) return facts.leave(names, "test_mode_not_seen");
    const created = await this.#prober.ask(REQUESTS.newUser, {}, madeUp());
    facts.learnErrors(created);
    if (!created?.isSuccess) return facts.leave(names, "content_refused", created);
    if (!facts.has("idField")) facts.learnId(created, idField, JSON.parse(madeUp()).accountNumber);
    if (!answered) return;
    const second = await this.#prober.ask(REQUESTS.duplicate, {}, madeUp(answered.existing.accountNumber));
    if (!second || (!second.isSuccess && !ABOUT_CONTENT.has(second.status)))
      return facts.leave(names, "not_shown", second);
    facts.set("refusesDuplicates", !second.isSuccess, created, second);
    if (!second.isSuccess) facts.set("duplicateStatus", second.status, created, second);
    else facts.leave(["duplicateStatus"], "not_shown", second);
  }
}

/** The first `maxDistance` in an answer. */
function radiusIn(data: unknown): number | undefined {
  const found = /"maxDistance":(?:\{"maxDistance":)?(\d+)/.exec(JSON.stringify(data ?? null));
  return found ? Number(found[1]) : undefined;
}
