import type { Oplead } from "../client/api.ts";
import { internalsOf } from "../client/client-state.ts";
import { countriesOf, countryOf, profilesOf } from "../contract/answers.ts";
import { type FactGap, type FactName, knownFact, type PlatformFacts } from "../core/facts.ts";
import { fieldsNamedIn } from "../core/redact.ts";
import { version } from "../core/run-time.ts";
import type { RuleName, RuleToSend } from "../rules/rules.ts";
import { formOf } from "../transport/answer.ts";
import type { Transport } from "../transport/transport.ts";
import type { UserAnswer } from "./collected-facts.ts";
import { ABOUT_CONTENT, CollectedFacts } from "./collected-facts.ts";
import { factNames } from "./facts.ts";
import { type Answered, InTestMode, refusesContent } from "./in-test-mode.ts";
import {
  type Existing,
  type ProbeOptions,
  type ProbeRequest,
  REQUESTS,
  readProbeOptions,
  requestsOf,
  rulePathsOf,
  setRule,
} from "./options.ts";
import { Prober, type Reply, textsIn } from "./prober.ts";

// Changes nothing by default: all writes are in test mode, at most 60 requests, through the client's limiter. The
// result holds no token and no personal data.
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
  return { version: 2, baseUrl, at, packageVersion: version, requests: prober.requests, facts };
}

export function probeRequests(oplead: Oplead, options: ProbeOptions = {}): readonly ProbeRequest[] {
  const { settings } = internalsOf(oplead).transport;
  const existing = readProbeOptions(options, settings);
  return requestsOf(existing?.rules, options.allowTestCreate ?? false, settings.rulePaths);
}

const LAG_PAUSES = [250, 750, 1_500];

class Probe {
  readonly #prober: Prober;
  readonly #transport: Transport;
  readonly #existing: Existing | undefined;
  readonly #options: ProbeOptions;
  readonly #facts: CollectedFacts;
  readonly #unknown = `OPLEAD-PROBE-${crypto.randomUUID()}`;
  #auth: "bearer" | { readonly header: string } | undefined;
  #profile = "OPLEAD-PROBE";
  #country = "FR";

  constructor(prober: Prober, transport: Transport, existing: Existing | undefined, options: ProbeOptions) {
    this.#prober = prober;
    this.#transport = transport;
    this.#existing = existing;
    this.#options = options;
    this.#facts = new CollectedFacts(prober);
  }

  async run(): Promise<PlatformFacts["facts"]> {
    const gap = await this.#logIn();
    if (gap !== undefined) return this.#facts.all(gap);
    await this.#readReference();
    const startedAt = this.#prober.now();
    const answer = await this.#askForExisting();
    const existing = this.#existing;
    const answered = existing && answer && { existing, answer };
    const rules = existing?.rules.map((rule) => ({ rule, paths: rulePathsOf(rule.name, this.#knownPath(rule.name)) }));
    if (answered) for (const one of rules ?? []) one.paths = await this.#askRule(one.rule, answer.id, one.paths);
    const { allowTestCreate, lagMs = 5_000 } = this.#options;
    const inTestMode = new InTestMode(this.#prober, this.#facts, lagMs, this.#knownPath("maxDistance"));
    if (answered && allowTestCreate) await inTestMode.makeSure(answered);
    await this.#askForUnknown(answered !== undefined);
    if (answered || allowTestCreate) await this.#askForTestModeAgain(answered);
    if (answered) await inTestMode.askOfExisting(answered);
    const { idField } = this.#transport.settings;
    await inTestMode.lookAgain();
    if (allowTestCreate) await inTestMode.create((taken) => this.#madeUp(taken), idField, answered);
    if (!this.#prober.isCutOff) await this.#prober.sleep(startedAt + lagMs - this.#prober.now());
    await inTestMode.lookAgain();
    await this.#askUnknownAgain();
    if (answered) {
      await this.#askExistingAgain(answered);
      for (const one of rules ?? []) await this.#askRule(one.rule, answer.id, one.paths);
      await inTestMode.askOfExisting(answered);
    }
    await inTestMode.createAgain();
    await this.#readReferenceAgain();
    this.#facts.learnHeaders();
    const unnamed = existing ? undefined : "no_existing_user";
    const ofDuplicates = allowTestCreate ? (unnamed ?? "not_shown") : "creation_not_allowed";
    this.#facts.leave(["refusesDuplicates", "duplicateStatus"], ofDuplicates);
    this.#facts.leave(OF_EXISTING, unnamed ?? "rule_not_in_source");
    return this.#facts.all("not_shown");
  }

  async #logIn(): Promise<FactGap | undefined> {
    const { settings } = this.#transport;
    let refused: Reply | undefined;
    for (const auth of [settings.auth, ...(this.#options.auth ?? [])]) {
      this.#prober.use(this.#transport.with({ ...settings, auth }));
      const reply = await this.#prober.ask(REQUESTS.profiles);
      if (!reply?.answer) return "no_answer";
      const profiles = reply.isSuccess ? profilesOf(reply.answer) : undefined;
      if (profiles) {
        this.#auth = auth === "bearer" ? auth : { header: auth.header };
        this.#facts.sample("auth", this.#auth, [reply]);
        this.#profile = (profiles.find(({ parent }) => !parent) ?? profiles[0])?.code ?? this.#profile;
        return undefined;
      }
      if (reply.status === 403 && reply.answer.isOpleads) return undefined;
      refused = reply;
      if (reply.status !== 401) break;
    }
    const why = refused?.status === 401 ? "not_authorized" : "no_answer";
    this.#facts.leave(factNames, why, refused);
    return why;
  }

  async #readReference(): Promise<void> {
    const countries = await this.#prober.ask(REQUESTS.countries);
    const listed = countries?.answer && countries.isSuccess ? (countriesOf(countries.answer) ?? []) : [];
    if (this.#auth && listed.length > 0) this.#facts.sample("auth", this.#auth, [countries]);
    if (!listed.some(({ code }) => code === this.#country)) this.#country = listed[0]?.code ?? this.#country;
    await this.#readCountry();
  }

  async #readCountry(): Promise<void> {
    const one = await this.#prober.ask(REQUESTS.country, { code: this.#country });
    const country = one?.answer && one.isSuccess ? countryOf(one.answer) : undefined;
    const counties = country?.counties ?? [];
    const isListed = counties.some(({ postCodeZips = [] }) => postCodeZips.length > 0);
    this.#facts.sample("zipCodesListed", counties.length > 0 ? isListed : undefined, [one]);
  }

  async #readReferenceAgain(): Promise<void> {
    if (this.#facts.needs("zipCodesListed")) await this.#readCountry();
    if (!this.#auth || !this.#facts.needs("auth")) return;
    const reply = await this.#prober.ask(REQUESTS.profiles);
    const isRead = reply?.answer && reply.isSuccess && profilesOf(reply.answer) !== undefined;
    this.#facts.sample("auth", isRead ? this.#auth : undefined, [reply]);
  }

  async #askWrongPath(unknown: string): Promise<void> {
    const reply = await this.#prober.ask(REQUESTS.wrongPath, { unknown });
    const form = reply?.answer && reply.status === 404 ? formOf(reply.answer) : undefined;
    this.#facts.sample("wrongPathForm", form, [reply]);
  }

  // `isAnswered`: a request for the existing user reached Oplead, not only a gateway.
  async #askForUnknown(isAnswered: boolean): Promise<void> {
    await this.#askWrongPath(this.#unknown);
    const reply = await this.#putUnknown(this.#unknown);
    const form = reply?.answer && reply.status === 404 ? formOf(reply.answer) : undefined;
    // A page that is not JSON may be a gateway's, unless requests are known to reach Oplead.
    const isOpleads = form === "json" || isAnswered;
    const gap = form === undefined ? "not_shown" : "may_be_gateway";
    this.#facts.sample("notFoundForm", isOpleads ? form : undefined, [reply], gap);
    if (form !== undefined) this.#facts.learnTestMode(reply);
  }

  // One sample is not enough evidence for sending creations.
  async #askForTestModeAgain(answered: Answered | undefined): Promise<void> {
    if (!this.#facts.is("testModeArrives", true) || !this.#facts.needs("testModeArrives")) return;
    if (!answered) return this.#facts.learnTestMode(await this.#putUnknown(`${this.#unknown}-3`));
    const { accountNumber, text } = answered.existing;
    this.#facts.learnTestMode(await this.#prober.ask(REQUESTS.existingUser, { existing: accountNumber }, text));
  }

  async #putUnknown(unknown: string): Promise<Reply | undefined> {
    const { unknownUser, unknownWholeUser } = REQUESTS;
    // No server makes a user of an empty object, even if it ignores test mode.
    const reply = await this.#prober.ask(unknownUser, { unknown }, "{}");
    this.#facts.learnErrors(reply);
    if (!reply || !ABOUT_CONTENT.has(reply.status)) return reply;
    if (refusesContent(reply)) this.#facts.sample("partialUpdate", false, [reply]);
    if (this.#facts.is("testModeArrives", false)) return reply;
    return this.#prober.ask(unknownWholeUser, { unknown }, this.#madeUp());
  }

  // Asks later at another path, because a gateway answers only for a while or at one path.
  async #askUnknownAgain(): Promise<void> {
    const facts = this.#facts;
    const unknown = `${this.#unknown}-2`;
    if (facts.needs("wrongPathForm")) await this.#askWrongPath(unknown);
    if (!facts.isDecided("notFoundForm")) return;
    const reply = await this.#putUnknown(unknown);
    const form = reply?.answer && reply.status === 404 ? formOf(reply.answer) : undefined;
    facts.sample("notFoundForm", form, [reply]);
  }

  // Notices a gateway that has begun to answer in place of Oplead.
  async #askExistingAgain({ existing }: Answered): Promise<void> {
    const { accountNumber, text } = existing;
    const facts = this.#facts;
    const reply = await this.#prober.ask(REQUESTS.existingUser, { existing: accountNumber }, text);
    facts.learnTestMode(reply);
    facts.learnId(reply, this.#transport.settings.idField, accountNumber);
    if (!facts.is("notFoundForm", "json") && !reply?.isSuccess) facts.sample("notFoundForm", undefined, [reply]);
  }

  async #askForExisting(): Promise<UserAnswer | undefined> {
    if (!this.#existing) return undefined;
    const { accountNumber, text } = this.#existing;
    const { clock } = this.#transport;
    const startedAt = clock.now();
    const ask = () => this.#prober.ask(REQUESTS.existingUser, { existing: accountNumber }, text);
    let reply = await ask();
    for (const pause of LAG_PAUSES) {
      if (reply?.status !== 404) break;
      await this.#prober.sleep(pause);
      reply = await ask();
      if (reply?.isSuccess) this.#facts.sample("readLagMs", Math.round(clock.now() - startedAt), [reply]);
    }
    if (!reply?.isSuccess) {
      this.#facts.learnErrors(reply);
      this.#facts.leave(OF_EXISTING, reply?.status === 404 ? "existing_user_unknown" : "content_refused", reply);
      return undefined;
    }
    this.#facts.learnTestMode(reply);
    const answer = this.#facts.learnId(reply, this.#transport.settings.idField, accountNumber);
    return answer ?? { idField: "", id: accountNumber, idType: "text", user: {} };
  }

  #knownPath(name: RuleName): string | undefined {
    const { rulePaths, facts } = this.#transport.settings;
    return rulePaths[name] ?? knownFact(facts, "rulePaths")?.[name];
  }

  async #askRule({ name, body }: RuleToSend, id: string, paths: readonly string[]): Promise<string[]> {
    const facts = this.#facts;
    const replies: (Reply | undefined)[] = [];
    for (const [index, path] of paths.entries()) {
      const reply = await this.#prober.ask(setRule(name, path, index === 0), { id }, JSON.stringify(body));
      replies.push(reply);
      if (reply?.status === 404) continue;
      const refusesField = refusesContent(reply) && fieldsNamedIn(reply?.answer?.data).length > 0;
      const isTaken = reply !== undefined && (reply.isSuccess || refusesField);
      const isOff = reply?.status === 403 || reply?.status === 405;
      facts.learnTestMode(reply);
      facts.sample(`rules.${name}`, isTaken ? "enabled" : isOff ? "disabled" : undefined, [reply], "content_refused");
      if (isTaken) facts.learnPath(name, path, reply);
      if (name === "competences") this.#learnRequestTypes(body, reply);
      // The first path is asked again, too: its 404 may have been a gateway's.
      return [...new Set([...paths.slice(0, 1), path])];
    }
    // The user exists, so a 404 at a documented path means that the rule is disabled.
    const isDocumented = rulePathsOf(name).length === 1;
    facts.sample(`rules.${name}`, isDocumented ? "disabled" : undefined, replies, "no_path_found");
    return [...paths];
  }

  #learnRequestTypes(body: unknown, reply: Reply | undefined): void {
    const hasTypes = (value: unknown): boolean => JSON.stringify([value]).includes('"requestType":');
    const refusesTypes = fieldsNamedIn(reply?.answer?.data).some((field) => field.endsWith("requestType"));
    const isEchoed = JSON.stringify([reply?.answer?.data]).includes('"range":');
    const isRefused = hasTypes(body) && refusesContent(reply) && refusesTypes;
    // Guide: competences have a request type only if request types are enabled.
    const seen = reply?.isSuccess ? hasTypes(isEchoed ? reply.answer?.data : body) : undefined;
    this.#facts.sample("requestTypes", isRefused ? false : seen, [reply], "content_refused");
  }

  // A made-up user with profile and parent of the existing user, so that the platform accepts it.
  #madeUp(accountNumber = this.#unknown): string {
    const { profile = { code: this.#profile }, parentUserIdentifier, civility = "M." } = this.#existing?.user ?? {};
    const name = this.#unknown.toLowerCase();
    const address = { street: "-", zipCode: "75001", city: "Paris", country: { code: this.#country } };
    const email = `${name}@probe.invalid`;
    const who = { civility, lastname: "OPLEAD-PROBE", firstname: "OPLEAD-PROBE", login: name, email };
    return JSON.stringify({ ...who, accountNumber, address, profile, parentUserIdentifier });
  }
}

const OF_EXISTING: readonly FactName[] = factNames.filter(
  (name) =>
    /^(?:rule|id[A-Z]|identifier)/.test(name) ||
    ["echoesAccountNumber", "requestTypes", "partialUpdate", "errorFields"].includes(name),
);
