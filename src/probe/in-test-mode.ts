import { OpleadError } from "../core/errors.ts";
import { formOf } from "../transport/answer.ts";
import { ABOUT_CONTENT, type CollectedFacts, findUser, type UserAnswer } from "./collected-facts.ts";
import type { Existing } from "./options.ts";
import { REQUESTS, setRadius } from "./options.ts";
import type { Prober, Reply } from "./prober.ts";

export interface Answered {
  readonly existing: Existing;
  readonly answer: UserAnswer;
}

// A radius that is equal in the source and on the platform.
interface Radius {
  readonly account: string;
  readonly id: string;
  readonly km: number;
}

interface Seen {
  readonly reply?: Reply | undefined;
  readonly shows: number | undefined;
  readonly isOver: boolean;
}

// Requests: two attempts for the change, two reads with two attempts each, the change back, and reads after it.
const FOR_RADIUS = 14;

// A server that does not honour test mode would store the users that are sent.
export class InTestMode {
  readonly #prober: Prober;
  readonly #facts: CollectedFacts;
  readonly #lagMs: number;
  readonly #radiusPath: string | undefined;
  // Undefined once reads have shown the change.
  #radius: Radius | undefined;
  // Functions that repeat the creations, for second samples.
  readonly #again: (() => Promise<unknown>)[] = [];

  constructor(prober: Prober, facts: CollectedFacts, lagMs: number, radiusPath?: string) {
    this.#prober = prober;
    this.#facts = facts;
    this.#lagMs = lagMs;
    this.#radiusPath = radiusPath;
  }

  // Changes a radius in test mode. The old radius is sent whether the change shows or not: it may show later.
  async makeSure({ existing, answer }: Answered): Promise<void> {
    const facts = this.#facts;
    if (facts.is("testModeArrives", false) || !facts.is("rules.maxDistance", "enabled")) return;
    const rule = existing.rules.find(({ name }) => name === "maxDistance");
    const km = Number(Object(rule?.body).maxDistance);
    const radius: Radius = { account: existing.accountNumber, id: answer.id, km };
    const [, before] = await this.#read(radius);
    if (before !== km || this.#prober.left < FOR_RADIUS) return;
    const { left } = this.#prober;
    let changed: Reply | undefined;
    let seen: Seen = { shows: undefined, isOver: false };
    try {
      changed = await this.#put(radius, km + 1);
      seen = await this.#watch(radius, (now) => now !== km);
    } finally {
      // Any third radius is another program's.
      const isOurs = seen.shows === undefined || seen.shows === km || seen.shows === km + 1;
      if (isOurs && this.#prober.left < left) await this.#putBack(radius);
    }
    if (seen.shows === km + 1) {
      facts.decideTestMode(false, [changed, seen.reply]);
      await this.#untilBack(radius);
    } else if (changed?.isSuccess && seen.isOver && seen.shows === km) {
      facts.decideTestMode(true, [changed, seen.reply]);
      this.#radius = radius;
    }
  }

  async lookAgain(): Promise<void> {
    const radius = this.#radius;
    if (!radius || this.#facts.is("testModeArrives", false)) return;
    const [reply, now] = await this.#read(radius);
    if (now !== radius.km + 1) return;
    this.#facts.decideTestMode(false, [reply]);
    await this.#putBack(radius);
    await this.#untilBack(radius);
  }

  async #read({ account }: Radius): Promise<[Reply | undefined, number | undefined]> {
    const reply = await this.#prober.ask(REQUESTS.readUser, { existing: account });
    return [reply, reply?.isSuccess ? radiusIn(reply.answer?.data) : undefined];
  }

  #put({ id }: Radius, km: number, isWayBack = false): Promise<Reply | undefined> {
    return this.#prober.ask(setRadius(this.#radiusPath), { id }, `{"maxDistance":${km}}`, isWayBack);
  }

  async #putBack(radius: Radius): Promise<void> {
    const reply = await this.#put(radius, radius.km, true);
    if (!reply?.isSuccess) throw stillChanged(`answered ${reply?.status ?? 0}`);
  }

  async #watch(radius: Radius, isOfInterest: (now: number) => boolean): Promise<Seen> {
    const prober = this.#prober;
    const until = prober.now() + this.#lagMs;
    // Growing pauses leave enough requests for the second samples.
    const longest = Math.max(1_000, this.#lagMs / 10);
    for (let pause = 250; ; pause = Math.min(2 * pause, longest)) {
      const isLast = prober.now() >= until;
      const [reply, shows] = await this.#read(radius);
      if (shows !== undefined && isOfInterest(shows)) return { reply, shows, isOver: false };
      // Setting the old radius and reading it take two attempts each.
      if (isLast || prober.isCutOff || prober.left < 6) return { reply, shows, isOver: isLast };
      await prober.sleep(Math.min(pause, until - prober.now()));
    }
  }

  async #untilBack(radius: Radius): Promise<void> {
    const { shows } = await this.#watch(radius, (now) => now === radius.km);
    if (shows === radius.km + 1) throw stillChanged("still shows the longer one");
  }

  async askOfExisting(answered: Answered): Promise<void> {
    const facts = this.#facts;
    if (!facts.isTestModeSure)
      return facts.leave(["identifierCase", "identifierSpaces", "partialUpdate", "errorFields"], "test_mode_not_seen");
    await this.#spellOtherwise(answered);
    const { existing, answer } = answered;
    const { accountNumber, user } = existing;
    const values = { existing: accountNumber };
    if (facts.needs("partialUpdate")) {
      const reply = await this.#prober.ask(REQUESTS.partOfUser, values, JSON.stringify({ lastname: user.lastname }));
      facts.learnErrors(reply);
      const stored = findUser(reply?.answer?.data, answer.idField)?.user;
      // A missing login shows that PUT replaces the whole user.
      const takes = reply?.isSuccess && stored && "lastname" in stored ? stored.login === user.login : undefined;
      facts.sample("partialUpdate", refusesContent(reply) ? false : takes, [reply]);
    }
    if (!facts.needs("errorFields")) return;
    const wrong = JSON.stringify({ ...user, email: "oplead-probe" });
    const reply = await this.#prober.ask(REQUESTS.wrongUser, values, wrong);
    facts.learnErrors(reply);
    facts.leave(["errorFields"], "not_shown", reply);
  }

  // The other spelling may be another person's account number, who would get this content if test mode did not work.
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
      const spelled = id === answer.id ? "ignored" : "kept";
      this.#facts.sample(name, id !== undefined || isUnknown ? spelled : undefined, [reply]);
    }
  }

  async create(madeUp: (accountNumber?: string) => string, idField: string, answered?: Answered): Promise<void> {
    const facts = this.#facts;
    const names = ["refusesDuplicates", "duplicateStatus"] as const;
    if (!facts.isTestModeSure) return facts.leave(names, "test_mode_not_seen");
    const isFirst = !facts.has("idField");
    const createOne = async () => {
      const reply = await this.#prober.ask(REQUESTS.newUser, {}, madeUp());
      facts.learnErrors(reply);
      if (isFirst && reply?.isSuccess) facts.learnId(reply, idField, JSON.parse(madeUp()).accountNumber);
      return reply;
    };
    const created = await createOne();
    if (!created?.isSuccess) return facts.leave(names, "content_refused", created);
    if (isFirst) this.#again.push(createOne);
    if (!answered) return;
    const duplicate = madeUp(answered.existing.accountNumber);
    const repeat = async () => {
      const reply = await this.#prober.ask(REQUESTS.duplicate, {}, duplicate);
      const isAnswer = isAboutDuplicate(reply);
      facts.sample("refusesDuplicates", isAnswer ? !reply.isSuccess : undefined, [reply]);
      facts.sample("duplicateStatus", isAnswer && !reply.isSuccess ? reply.status : undefined, [reply]);
    };
    await repeat();
    if (facts.isDecided("refusesDuplicates")) this.#again.push(repeat);
  }

  async createAgain(): Promise<void> {
    for (const ask of this.#again) if (this.#facts.isTestModeSure) await ask();
  }
}

export function refusesContent(reply: Reply | undefined): boolean {
  return reply !== undefined && ABOUT_CONTENT.has(reply.status) && !!reply.answer?.isOpleads;
}

// A gateway's refusal says nothing.
function isAboutDuplicate(reply: Reply | undefined): reply is Reply {
  return reply !== undefined && (reply.isSuccess || refusesContent(reply));
}

function stillChanged(what: string): OpleadError {
  const advice = "Look at the radius of the user that was named, and set it as it was.";
  const message = `probePlatform: the platform does not honour test mode, and it ${what} when the radius was put back. ${advice}`;
  return new OpleadError("unexpected_response", message, { operation: "probePlatform", retryable: false });
}

function radiusIn(data: unknown): number | undefined {
  const found = /"maxDistance":(?:\{"maxDistance":)?(\d+)/.exec(JSON.stringify([data]));
  return found ? Number(found[1]) : undefined;
}
