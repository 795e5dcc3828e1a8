import { fieldsNamedIn } from "../base/redact.ts";
import { isObject } from "../base/validation/is-object.ts";
import type { Oplead } from "../client/api.ts";
import { internalsOf } from "../client/internals.ts";
import { countriesOf, countryOf, profilesOf } from "../contract/answers.ts";
import { type Fact, type FactGap, type FactName, type FactValues, knownFact, type PlatformFacts } from "../facts.ts";
import type { RuleName, RuleToSend } from "../rules/rules.ts";
import { formOf } from "../transport/answer.ts";
import type { Transport } from "../transport/transport.ts";
import { version } from "../version.ts";
import { factNames, found, undecided } from "./assumed.ts";
import { type Existing, type ProbeOptions, readProbeOptions } from "./options.ts";
import { Prober, type Reply } from "./prober.ts";
import { type ProbeRequest, REQUESTS, requestsOf, rulePathsOf, setRule } from "./requests.ts";
import { errorPlaces, textsIn } from "./shape.ts";
import { findUser, type UserAnswer } from "./user-answer.ts";

/**
 * Finds out what a platform is like, where Oplead's documentation leaves it open. It writes nothing: it reads, asks for a user that
 * cannot exist, and sends the user that is named as `existing` unchanged, all writes in test mode. At most 60 requests, through
 * the client's own limiter. The result holds no token and no personal data; keep it as `platform-facts.json` and give it to
 * `createOplead({ facts })`.
 *
 * @throws {@link OpleadError} `invalid_options`; `aborted`; `token_unavailable`; and the failure of the first request, if no answer came.
 */
export async function probePlatform(oplead: Oplead, options: ProbeOptions = {}): Promise<PlatformFacts> {
  const { transport } = internalsOf(oplead);
  const { settings } = transport;
  const existing = readProbeOptions(options, settings);
  const { token, baseUrl } = settings;
  const secrets = [...textsIn(existing?.user), ...(typeof token === "string" ? [token.toLowerCase()] : [])];
  const tested = transport.with({ ...settings, testMode: true });
  const prober = new Prober(tested, options.maxRequests ?? 60, secrets, options.signal);
  const at = new Date(transport.clock.date()).toISOString();
  const facts = await new Probe(prober, tested, existing, options).run();
  return { version: 1, baseUrl, at, packageVersion: version, requests: prober.requests, facts };
}

/**
 * Every request that {@link probePlatform} would send with these options, in order, some of them only if an answer asks for it.
 * Sends nothing.
 *
 * @throws {@link OpleadError} `invalid_options`.
 */
export function probeRequests(oplead: Oplead, options: ProbeOptions = {}): readonly ProbeRequest[] {
  const existing = readProbeOptions(options, internalsOf(oplead).transport.settings);
  return requestsOf(existing?.rules, options.allowTestCreate ?? false);
}

/** Refusals of what a request holds. */
const ABOUT_CONTENT = new Set([400, 409, 422]);
/** How long an existing user that is not found is looked for. */
const LAG_PAUSES = [250, 750, 1_500];

class Probe {
  readonly #prober: Prober;
  readonly #transport: Transport;
  readonly #existing: Existing | undefined;
  readonly #options: ProbeOptions;
  readonly #facts = new Map<FactName, Fact<unknown>>();
  readonly #unknown = `OPLEAD-PROBE-${crypto.randomUUID()}`;
  #wrongPath: Reply | undefined;
  #profile = "OPLEAD-PROBE";
  #country = "FR";
  #user: UserAnswer | undefined;

  constructor(prober: Prober, transport: Transport, existing: Existing | undefined, options: ProbeOptions) {
    this.#prober = prober;
    this.#transport = transport;
    this.#existing = existing;
    this.#options = options;
  }

  async run(): Promise<PlatformFacts["facts"]> {
    const gap = await this.#logIn();
    if (gap === undefined) {
      await this.#readReference();
      await this.#askForUnknown();
      await this.#askForExisting();
      if (this.#user) for (const rule of this.#existing?.rules ?? []) await this.#askRule(rule);
      if (this.#options.allowTestCreate) await this.#makeSureOfTestMode();
      await this.#sendWrongContent();
      if (this.#options.allowTestCreate) await this.#createInTestMode();
      this.#readHeaders();
    }
    return this.#finish(gap);
  }

  #set<Name extends FactName>(name: Name, value: FactValues[Name], ...replies: readonly (Reply | undefined)[]): void {
    this.#facts.set(name, found(name, value, evidenceOf(replies)));
  }

  /** Leaves a fact undecided, unless it is decided. */
  #leave(names: readonly FactName[], reason: FactGap, ...replies: readonly (Reply | undefined)[]): void {
    const why = this.#prober.isUsedUp ? "requests_used_up" : reason;
    for (const name of names) {
      if (!this.#facts.has(name)) this.#facts.set(name, undecided(why, evidenceOf(replies)));
    }
  }

  #is<Name extends FactName>(name: Name, value: FactValues[Name]): boolean {
    return this.#facts.get(name)?.value === value;
  }

  /** Reads the profiles with each way for the token that was named. Why nothing else can be asked, if so. */
  async #logIn(): Promise<FactGap | undefined> {
    const { settings } = this.#transport;
    let refused: Reply | undefined;
    for (const auth of [settings.auth, ...(this.#options.auth ?? [])]) {
      this.#prober.use(this.#transport.with({ ...settings, auth }));
      const reply = await this.#prober.ask(REQUESTS.profiles);
      if (!reply?.answer) return "no_answer";
      const profiles = reply.isSuccess ? profilesOf(reply.answer) : undefined;
      if (profiles) {
        this.#set("auth", auth === "bearer" ? auth : { header: auth.header }, reply);
        this.#profile = (profiles.find(({ parent }) => !parent) ?? profiles[0])?.code ?? this.#profile;
        return undefined;
      }
      if (reply.status === 403 && reply.answer.isOpleads) return undefined;
      refused = reply;
      if (reply.status !== 401) break;
    }
    const why = refused?.status === 401 ? "not_authorized" : "no_answer";
    this.#leave(factNames, why, refused);
    return why;
  }

  async #readReference(): Promise<void> {
    const countries = await this.#prober.ask(REQUESTS.countries);
    const listed = countries?.answer && countries.isSuccess ? (countriesOf(countries.answer) ?? []) : [];
    if (!listed.some(({ code }) => code === this.#country)) this.#country = listed[0]?.code ?? this.#country;
    const one = await this.#prober.ask(REQUESTS.country, { code: this.#country });
    const country = one?.answer && one.isSuccess ? countryOf(one.answer) : undefined;
    if (!country || country.counties.length === 0) return this.#leave(["zipCodesListed"], "not_shown", one);
    this.#set(
      "zipCodesListed",
      country.counties.some(({ postCodeZips = [] }) => postCodeZips.length > 0),
      one,
    );
  }

  async #askForUnknown(): Promise<void> {
    const { wrongPath, unknownUser, unknownWholeUser } = REQUESTS;
    const values = { unknown: this.#unknown };
    const nowhere = await this.#prober.ask(wrongPath, values);
    this.#wrongPath = nowhere;
    if (nowhere?.answer && nowhere.status === 404) this.#set("wrongPathForm", formOf(nowhere.answer), nowhere);
    // An empty object can become no user, whatever a server makes of PUT and of the test parameter.
    let reply = await this.#prober.ask(unknownUser, values, "{}");
    this.#learnErrors(reply);
    if (reply && ABOUT_CONTENT.has(reply.status)) {
      this.#set("partialUpdate", false, reply);
      reply = await this.#prober.ask(unknownWholeUser, values, this.#madeUp(this.#unknown));
    }
    if (!reply?.answer || reply.status !== 404) return this.#leave(["notFoundForm"], "not_shown", reply);
    const form = formOf(reply.answer);
    if (form === "json") this.#set("notFoundForm", form, reply);
    // A gateway has pages too. Only a user that the same route finds tells whose page it is.
    else this.#notFound = reply;
    this.#seeTestMode(reply);
  }

  #notFound: Reply | undefined;

  async #askForExisting(): Promise<void> {
    if (!this.#existing) return this.#leave(["notFoundForm"], "may_be_gateway", this.#notFound);
    const { accountNumber, text } = this.#existing;
    const { clock } = this.#transport;
    const startedAt = clock.now();
    const ask = () => this.#prober.ask(REQUESTS.existingUser, { existing: accountNumber }, text);
    let reply = await ask();
    for (const pause of LAG_PAUSES) {
      if (reply?.status !== 404) break;
      await this.#prober.sleep(pause);
      reply = await ask();
      if (reply?.isSuccess) this.#set("readLagMs", Math.round(clock.now() - startedAt), reply);
    }
    if (!reply?.isSuccess) {
      this.#learnErrors(reply);
      this.#leave(["notFoundForm"], "may_be_gateway", this.#notFound, reply);
      const why = reply?.status === 404 ? "existing_user_unknown" : reply?.answer ? "content_refused" : "no_answer";
      return this.#leave(OF_EXISTING, why, reply);
    }
    if (this.#notFound?.answer) this.#set("notFoundForm", formOf(this.#notFound.answer), this.#notFound, reply);
    this.#seeTestMode(reply);
    this.#learnId(reply, accountNumber);
    this.#user ??= { idField: "", id: accountNumber, idType: "text", user: {} };
  }

  #learnId(reply: Reply, accountNumber: string): void {
    const answered = findUser(reply.answer?.data, this.#transport.settings.idField);
    if (!answered) {
      this.#leave(["idField", "idType", "echoesAccountNumber"], "not_shown", reply);
      return;
    }
    this.#user = answered;
    this.#set("idField", answered.idField, reply);
    this.#set("idType", answered.idType, reply);
    this.#set("echoesAccountNumber", String(answered.user.accountNumber) === accountNumber, reply);
  }

  async #askRule({ name, body }: RuleToSend): Promise<void> {
    const known = knownFact(this.#transport.settings.facts, "rulePaths")?.[name];
    const replies: (Reply | undefined)[] = [];
    for (const [index, path] of rulePathsOf(name, known).entries()) {
      const reply = await this.#prober.ask(
        setRule(path, index === 0),
        { id: this.#user?.id ?? "" },
        JSON.stringify(body),
      );
      replies.push(reply);
      if (!reply) return;
      if (reply.status === 404) continue;
      const refusesField = ABOUT_CONTENT.has(reply.status) && fieldsNamedIn(reply.answer?.data).length > 0;
      if (reply.isSuccess || refusesField) this.#foundRule(name, path, reply);
      else if (reply.status === 403 || reply.status === 405) this.#set(`rules.${name}`, "disabled", reply);
      else this.#leave([`rules.${name}`], reply.answer ? "content_refused" : "no_answer", reply);
      if (name === "competences") this.#learnRequestTypes(body, reply);
      return;
    }
    // Where the path is documented, a user that is there and a 404 leave one reading: the platform does not have the rule.
    const isAssumed = rulePathsOf(name, undefined).length > 1;
    if (isAssumed || replies.some((reply) => reply?.status !== 404))
      this.#leave([`rules.${name}`], "no_path_found", ...replies);
    else this.#set(`rules.${name}`, "disabled", ...replies, this.#wrongPath);
  }

  #foundRule(name: RuleName, path: string, reply: Reply): void {
    this.#set(`rules.${name}`, "enabled", reply);
    const before = this.#facts.get("rulePaths") as Fact<FactValues["rulePaths"]> | undefined;
    const evidence = [...(before?.evidence ?? []), ...reply.evidence];
    this.#facts.set("rulePaths", found("rulePaths", { ...before?.value, [name]: path }, evidence));
  }

  #learnRequestTypes(body: unknown, reply: Reply): void {
    const hasTypes = (value: unknown): boolean => JSON.stringify(value ?? null).includes('"requestType":');
    const refusesTypes = fieldsNamedIn(reply.answer?.data).some((field) => field.endsWith("requestType"));
    const isEchoed = JSON.stringify(reply.answer?.data ?? null).includes('"range":');
    if (hasTypes(body) && ABOUT_CONTENT.has(reply.status) && refusesTypes) this.#set("requestTypes", false, reply);
    else if (!reply.isSuccess) this.#leave(["requestTypes"], "content_refused", reply);
    // The guide: pairs where request types are enabled, ranges alone where they are not.
    else this.#set("requestTypes", hasTypes(isEchoed ? reply.answer?.data : body), reply);
  }

  /** An answer may say whether its request was a test. */
  #seeTestMode(reply: Reply): void {
    if (this.#facts.has("testModeArrives")) return;
    const said: unknown[] = [];
    reply.answer?.headers.forEach((value, name) => {
      if (/(?:^|-)test(?:-?mode)?$/i.test(name)) said.push(value);
    });
    const data = reply.answer?.data;
    if (isObject(data)) said.push(data.test, data.testMode);
    const [word] = said.map((one) => String(one).toLowerCase()).filter((one) => /^(?:true|false|1|0)$/.test(one));
    if (word !== undefined) this.#set("testModeArrives", word === "true" || word === "1", reply);
  }

  /** Changes the radius in test mode, and looks whether it was changed; then it is put back the same way. */
  async #makeSureOfTestMode(): Promise<void> {
    const rule = this.#existing?.rules.find(({ name }) => name === "maxDistance");
    if (
      this.#facts.has("testModeArrives") ||
      !this.#existing ||
      !this.#user ||
      !this.#is("rules.maxDistance", "enabled")
    )
      return;
    const km = isObject(rule?.body) ? Number(rule.body.maxDistance) : Number.NaN;
    const read = async (): Promise<[Reply | undefined, number | undefined]> => {
      const reply = await this.#prober.ask(REQUESTS.readUser, { existing: this.#existing?.accountNumber ?? "" });
      return [reply, reply?.isSuccess ? numberIn(reply.answer?.data) : undefined];
    };
    const [, before] = await read();
    if (before !== km) return;
    const put = (value: number) =>
      this.#prober.ask(REQUESTS.radius, { id: this.#user?.id ?? "" }, `{"maxDistance":${value}}`);
    const changed = await put(km + 1);
    const [after, now] = await read();
    if (now === km + 1) await put(km);
    if (changed?.isSuccess && now !== undefined) this.#set("testModeArrives", now === km, changed, after);
  }

  /** What only a wrong user or a part of one shows. Sent only where test mode arrives: a lenient server would keep it. */
  async #sendWrongContent(): Promise<void> {
    if (!this.#existing || !this.#user) return;
    const { accountNumber, user } = this.#existing;
    const values = { existing: accountNumber };
    if (!this.#is("testModeArrives", true)) return this.#leave(["partialUpdate", "errorFields"], "test_mode_not_seen");
    if (!this.#facts.has("partialUpdate")) {
      const reply = await this.#prober.ask(REQUESTS.partOfUser, values, JSON.stringify({ lastname: user.lastname }));
      this.#learnErrors(reply);
      const answered = findUser(reply?.answer?.data, this.#user.idField)?.user;
      if (reply && ABOUT_CONTENT.has(reply.status)) this.#set("partialUpdate", false, reply);
      // A server that replaces the user says so by what it lost.
      else if (reply?.isSuccess && answered && "lastname" in answered) {
        this.#set("partialUpdate", answered.login === user.login, reply);
      } else this.#leave(["partialUpdate"], "not_shown", reply);
    }
    if (this.#facts.get("errorFields") === undefined) {
      const wrong = await this.#prober.ask(
        REQUESTS.wrongUser,
        values,
        JSON.stringify({ ...user, email: "oplead-probe" }),
      );
      this.#learnErrors(wrong);
      this.#leave(["errorFields"], "not_shown", wrong);
    }
  }

  async #createInTestMode(): Promise<void> {
    const names = ["refusesDuplicates", "duplicateStatus"] as const;
    if (!this.#is("testModeArrives", true)) return this.#leave(names, "test_mode_not_seen");
    const created = await this.#prober.ask(REQUESTS.newUser, {}, this.#madeUp(this.#unknown));
    this.#learnErrors(created);
    if (!created?.isSuccess) return this.#leave(names, "content_refused", created);
    if (!this.#facts.has("idField")) this.#learnId(created, this.#unknown);
    if (!this.#existing || !this.#user) return;
    const second = await this.#prober.ask(REQUESTS.duplicate, {}, this.#madeUp(this.#existing.accountNumber));
    if (!second || (!second.isSuccess && !ABOUT_CONTENT.has(second.status)))
      return this.#leave(names, "not_shown", second);
    this.#set("refusesDuplicates", !second.isSuccess, created, second);
    if (!second.isSuccess) this.#set("duplicateStatus", second.status, created, second);
    else this.#leave(["duplicateStatus"], "not_shown", second);
  }

  #learnErrors(reply: Reply | undefined): void {
    if (!reply || !ABOUT_CONTENT.has(reply.status) || this.#facts.has("errorFields")) return;
    const places = errorPlaces(reply.answer?.data);
    if (places.length > 0) this.#set("errorFields", places, reply);
  }

  #readHeaders(): void {
    const { rateHeaders, requestIdHeaders, lastEvidence: evidence } = this.#prober;
    const [requestId = ""] = [...requestIdHeaders].sort(
      (a, b) => Number(b === "x-request-id") - Number(a === "x-request-id"),
    );
    this.#facts.set("rateHeaders", found("rateHeaders", [...rateHeaders].sort(), evidence));
    this.#facts.set("requestIdHeader", found("requestIdHeader", requestId, evidence));
  }

  /** A user that no one is, at the place of the one that is named where that is needed. */
  #madeUp(accountNumber: string): string {
    const { profile = { code: this.#profile }, parentUserIdentifier, civility = "M." } = this.#existing?.user ?? {};
    const name = this.#unknown.toLowerCase();
    const address = { street: "-", zipCode: "75001", city: "Paris", country: { code: this.#country } };
    const email = `${name}@probe.invalid`;
    const who = { civility, lastname: "OPLEAD-PROBE", firstname: "OPLEAD-PROBE", login: name, email };
    return JSON.stringify({ ...who, accountNumber, address, profile, parentUserIdentifier });
  }

  /** Every fact by its name, and why those that are left are undecided. */
  #finish(gap: FactGap | undefined): PlatformFacts["facts"] {
    const { allowTestCreate } = this.#options;
    if (gap) this.#leave(factNames, gap);
    const named = this.#existing ? undefined : "no_existing_user";
    this.#leave(
      ["refusesDuplicates", "duplicateStatus"],
      allowTestCreate ? (named ?? "not_shown") : "creation_not_allowed",
    );
    this.#leave(OF_EXISTING, named ?? "rule_not_in_source");
    this.#leave(factNames, "not_shown");
    // Every name was set above.
    return Object.fromEntries(
      factNames.map((name) => [name, this.#facts.get(name)]),
    ) as unknown as PlatformFacts["facts"];
  }
}

/** The facts that an existing user is needed for. */
const OF_EXISTING: readonly FactName[] = factNames.filter(
  (name) =>
    /^rule/.test(name) ||
    ["idField", "idType", "echoesAccountNumber", "requestTypes", "partialUpdate", "errorFields"].includes(name),
);

function evidenceOf(replies: readonly (Reply | undefined)[]) {
  return replies.flatMap((reply) => reply?.evidence ?? []);
}

/** The first `maxDistance` in an answer. */
function numberIn(data: unknown): number | undefined {
  const found = /"maxDistance":(?:\{"maxDistance":)?(\d+)/.exec(JSON.stringify(data ?? null));
  return found ? Number(found[1]) : undefined;
}
