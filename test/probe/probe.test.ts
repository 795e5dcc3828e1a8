import { describe, expect, it } from "vitest";
import type { FactName, PlatformFacts } from "../../src/core/facts.ts";
import { probePlatform, probeRequests } from "../../src/probe/index.ts";
import { PERSONALITIES, rulesFor, truthOf } from "../support/personalities.ts";
import { connect, failure, json, serve, TOKEN } from "../support/servers.ts";
import { type Personality, type StandIn, standIn } from "../support/stand-in.ts";
import { user } from "../support/users.ts";
import { useVirtualTime } from "../support/virtual-time.ts";

const existingOf = (like: Personality) => ({ user: user(1), rules: rulesFor(like) });

async function platformLike(like: Personality) {
  const platform = await standIn(like);
  platform.has(user(1), rulesFor(like));
  return platform;
}

const authOf = ({ tokenHeader }: Personality) => (tokenHeader === undefined ? [] : [{ header: tokenHeader }]);

function expectNoHarm({ seen, counted, users }: StandIn, result: PlatformFacts) {
  expect(counted).toEqual({ created: 0, changed: 0 });
  expect(users).toHaveLength(1);
  expect(seen.length).toBe(result.requests);
  expect(seen.length).toBeLessThanOrEqual(60);
  const writes = seen.filter(({ method }) => method !== "GET");
  expect(writes.filter(({ url }) => !url.endsWith("?test=true"))).toEqual([]);
}

function expectRight({ facts }: PlatformFacts, like: Personality, decided: readonly FactName[]) {
  const truth = truthOf(like);
  for (const [name, { verdict, value, why, evidence }] of Object.entries(facts)) {
    if (verdict === "undecided") expect([name, why]).not.toContain(undefined);
    else expect([name, value]).toEqual([name, truth[name as FactName]]);
    if (verdict !== "undecided") expect([name, evidence.length > 0]).toEqual([name, true]);
  }
  const open = decided.filter((name) => facts[name].verdict === "undecided");
  expect(open).toEqual([]);
}

const ALWAYS: readonly FactName[] = ["auth", "notFoundForm", "wrongPathForm", "zipCodesListed", "rateHeaders"];
const OF_USER: readonly FactName[] = ["idField", "idType", "echoesAccountNumber", "requestTypes", "rulePaths"];
const OF_RULES: readonly FactName[] = [
  "rules.geographical",
  "rules.maxDistance",
  "rules.competences",
  "rules.contactProfiles",
];

describe.each(PERSONALITIES)("on a platform that %s", (_says, like) => {
  it("every fact is right or undecided, and nothing is created or changed", async () => {
    const platform = await platformLike(like);
    const result = await probePlatform(connect(platform.url), {
      existing: existingOf(like),
      auth: authOf(like),
      lagMs: 0,
    });
    expectNoHarm(platform, result);
    expectRight(result, like, [...ALWAYS, ...OF_USER, ...OF_RULES]);
    const seesTests = like.echoesTest === true;
    expect(result.facts.testModeArrives.verdict !== "undecided").toBe(seesTests);
    const { partialUpdate, identifierCase, identifierSpaces } = result.facts;
    const known = [partialUpdate.value, identifierCase.value, identifierSpaces.value];
    const truth = truthOf(like);
    if (seesTests && !like.dropsTest)
      expect(known).toEqual([truth.partialUpdate, truth.identifierCase, truth.identifierSpaces]);
    else expect(identifierCase).toMatchObject({ verdict: "undecided", why: "test_mode_not_seen", evidence: [] });
  });

  it("a probe that may send creations in test mode learns more, and creates nothing in any case", async () => {
    const platform = await platformLike({ ...like, readable: true });
    const options = { existing: existingOf(like), auth: authOf(like), allowTestCreate: true, lagMs: 0 };
    const result = await probePlatform(connect(platform.url), options);
    expect(platform.users).toHaveLength(1);
    expect(platform.users[0]).toMatchObject({ user: user(1), rules: JSON.parse(JSON.stringify(rulesFor(like))) });
    expectRight(result, like, [...ALWAYS, ...OF_USER]);
    const isRadiusOff = like.disabled?.includes("maxDistance") === true;
    if (!isRadiusOff) expect(result.facts.testModeArrives.value).toBe(like.dropsTest !== true);
    if (!isRadiusOff && !like.dropsTest) {
      expect(result.facts.refusesDuplicates.value).toBe(truthOf(like).refusesDuplicates);
      if (truthOf(like).refusesDuplicates)
        expect(result.facts.duplicateStatus.value).toBe(truthOf(like).duplicateStatus);
    }
  });
});

it("a probe without an existing user says which facts need one, and believes no HTML page", async () => {
  const platform = await standIn({ notFound: "html" });
  const { facts } = await probePlatform(connect(platform.url), { lagMs: 0 });
  expect(facts.idField).toMatchObject({ verdict: "undecided", why: "no_existing_user" });
  expect(facts.notFoundForm).toMatchObject({ verdict: "undecided", why: "may_be_gateway" });
  expect(platform.users).toEqual([]);
});

it("behind a gateway that answers PUT with a page, the form of Oplead's 404 stays undecided", async () => {
  useVirtualTime();
  const platform = await platformLike({});
  platform.gateway.isOn = true;
  const oplead = connect(platform.url, { fetch: platform.fetch });
  const { facts } = await probePlatform(oplead, { existing: existingOf({}), lagMs: 0 });
  expect(facts.notFoundForm).toMatchObject({ verdict: "undecided", why: "may_be_gateway" });
  expect(facts.idField).toMatchObject({ verdict: "undecided", why: "existing_user_unknown" });
});

it("an existing user that is not visible yet shows the read lag", async () => {
  useVirtualTime();
  const platform = await standIn({});
  platform.has(user(1), {}, Date.now() + 1_000);
  const oplead = connect(platform.url, { fetch: platform.fetch });
  const { facts } = await probePlatform(oplead, { existing: { user: user(1) }, lagMs: 0 });
  expect(facts.readLagMs.value).toBeGreaterThanOrEqual(200);
  expect(facts.idField.value).toBe("id");
});

it.each([true, false])(
  "a probe does not change people whose account numbers are other spellings of the existing user's",
  async (dropsTest) => {
    const platform = await platformLike({ echoesTest: true, put: "anything", duplicates: false, dropsTest });
    platform.has(user(2, { accountNumber: "acc-1" }));
    platform.has(user(3, { accountNumber: " ACC-1 " }));
    const result = await probePlatform(connect(platform.url), { existing: existingOf({}), lagMs: 0 });
    expect(platform.counted).toEqual({ created: 0, changed: 0 });
    expect(platform.seen.some(({ url }) => url.includes("/acc-1?"))).toBe(!dropsTest);
    const known = [result.facts.identifierCase.value, result.facts.identifierSpaces.value];
    expect(known).toEqual(dropsTest ? [null, null] : ["kept", "kept"]);
  },
);

it("a probe does not ask for the case of an account number without letters", async () => {
  const platform = await standIn({ echoesTest: true });
  const known = user(1, { accountNumber: "1-1" });
  platform.has(known);
  const { facts } = await probePlatform(connect(platform.url), { existing: { user: known }, lagMs: 0 });
  expect([facts.identifierCase.evidence, facts.identifierSpaces.value]).toEqual([[], "kept"]);
});

it("a probe whose platform stops answering ends soon, with this reason for each open fact", async () => {
  const platform = await platformLike({ dropsAfter: 6 });
  const { facts } = await probePlatform(connect(platform.url), { existing: existingOf({}), lagMs: 0 });
  expect(platform.seen).toHaveLength(6 + 4);
  for (const name of ["rules.maxDistance", "rulePaths", "idField"] as const)
    expect(facts[name]).toMatchObject({ verdict: "undecided", value: null, why: "cut_off" });
  expect(facts["rules.competences"]).toMatchObject({
    verdict: "undecided",
    why: "no_answer",
    evidence: [{ status: 0 }],
  });
  expect(facts["rules.contactProfiles"]).toMatchObject({ verdict: "undecided", why: "cut_off" });
  expect(facts["rules.profileTypes"]).toMatchObject({ verdict: "undecided", why: "cut_off", evidence: [] });
  expect(facts.partialUpdate.why).toBe("cut_off");
});

it.each(["breaks", "is aborted"])(
  "a radius that a probe changed is put back, even if the probe %s before the new radius was read",
  async (how) => {
    const like: Personality = { dropsTest: true, readable: true };
    const platform = await platformLike(like);
    const stop = new AbortController();
    let changed = 0;
    const server = await serve(async (response, { method, url, headers, body }) => {
      if (body.toString() === '{"maxDistance":31}') changed += 1;
      if (changed > 0 && method === "GET") {
        if (how === "is aborted") stop.abort();
        return response.destroy();
      }
      const { authorization = "" } = headers;
      const content = body.length > 0 ? { body: body.toString() } : {};
      const answer = await fetch(platform.url + url, { method, headers: { authorization }, ...content });
      response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
    });
    const options = { existing: existingOf(like), allowTestCreate: true, lagMs: 0, signal: stop.signal };
    const probe = probePlatform(connect(server.url), options);
    if (how === "is aborted") expect(await failure(probe)).toMatchObject({ code: "aborted" });
    else expect((await probe).facts.testModeArrives.verdict).toBe("undecided");
    expect(changed).toBe(1);
    expect(platform.users[0]?.rules).toMatchObject({ maxDistance: { maxDistance: 30 } });
  },
);

async function probed(like: Personality) {
  useVirtualTime();
  const platform = await platformLike({ ...like, readable: true });
  const result = await probePlatform(connect(platform.url, { fetch: platform.fetch }), {
    existing: existingOf(like),
    allowTestCreate: true,
  });
  return { platform, result, testMode: result.facts.testModeArrives.value };
}

// The platform may say that it was a test, and ignore it.
const LAGS = [0, 240, 700, 4_900];
it.each(LAGS)(
  "a platform that ignores test mode is left as it was, even if a change shows after %i ms",
  async (lag) => {
    const { platform, result, testMode } = await probed({ dropsTest: true, readLagMs: lag });
    expect(testMode).toBe(false);
    expect(platform.counted.created).toBe(0);
    expect(platform.users).toHaveLength(1);
    expect(platform.users[0]).toMatchObject({ user: user(1), rules: rulesFor({}) });
    expect(platform.seen.filter(({ method }) => method === "POST")).toEqual([]);
    expect(platform.seen.length).toBe(result.requests);
    expect(result.requests).toBeLessThanOrEqual(60);
    // The next reader must find the old radius.
    expect(platform.users[0]?.shownRules.findLast(({ from }) => from <= Date.now())?.rules).toEqual(rulesFor({}));
  },
);

it.each(LAGS)("a probe finds out that a platform honours test mode if changes show after %i ms", async (lag) => {
  const { platform, result, testMode } = await probed({ readLagMs: lag });
  expect([testMode, result.facts.refusesDuplicates.value]).toEqual([true, true]);
  expect(platform.counted).toEqual({ created: 0, changed: 0 });
  expect(result.requests).toBeLessThanOrEqual(60);
});

it("an answer that says it was only a test is not believed if a read shows the change", async () => {
  const { platform, testMode } = await probed({ dropsTest: true, claimsTest: true, readLagMs: 2_000 });
  expect([testMode, platform.users.length]).toEqual([false, 1]);
  expect(platform.users[0]?.rules).toMatchObject({ maxDistance: { maxDistance: 30 } });
});

it("the first change that a probe sends is the radius of the existing user, in test mode", async () => {
  const { platform } = await probed({ dropsTest: true, put: "anything", duplicates: false });
  const same = ["/v1/users/ACC-1?test=true"];
  const [first] = platform.seen.filter(
    ({ method, url, body }) => method !== "GET" && !same.includes(url) && body.toString().includes("31"),
  );
  const at = platform.seen.indexOf(first as never);
  const before = platform.seen.slice(0, at).filter(({ method }) => method !== "GET");
  expect(first?.url).toMatch(/\/rule\/max-distance\?test=true$/);
  expect(before.filter(({ url }) => !/^\/v1\/users\/(?:ACC-1|5001)/.test(url))).toEqual([]);
});

it.each(["html", "json", "empty"] as const)(
  "a gateway's own page (%s) for three seconds does not decide the form of the platform's 404",
  async (form) => {
    useVirtualTime();
    const own = form === "html" ? "empty" : "html";
    const platform = await platformLike({ notFound: own });
    Object.assign(platform.gateway, {
      form,
      isOn: true,
      answers: (_: string, path: string) => path.includes("PROBE"),
    });
    setTimeout(() => Object.assign(platform.gateway, { isOn: false }), 3_000);
    const { facts } = await probePlatform(connect(platform.url, { fetch: platform.fetch }), {
      existing: existingOf({}),
    });
    expect(facts.notFoundForm).toMatchObject({ verdict: "undecided", value: null, why: "samples_differ" });
    expect(facts.notFoundForm.evidence.length).toBeGreaterThan(1);
  },
);

it("a gateway's own page for a while does not lead to the conclusion that a rule is disabled", async () => {
  useVirtualTime();
  const platform = await platformLike({});
  const isRule = (_: string, path: string) => path.endsWith("/rule/geographical");
  Object.assign(platform.gateway, { form: "json", isOn: true, answers: isRule });
  setTimeout(() => Object.assign(platform.gateway, { isOn: false }), 3_000);
  const { facts } = await probePlatform(connect(platform.url, { fetch: platform.fetch }), {
    existing: existingOf({}),
  });
  expect(facts["rules.geographical"]).toMatchObject({ verdict: "undecided", why: "samples_differ" });
});

type Request = { readonly method: string; readonly path: string; readonly body: string };
const put = (end: RegExp | string, body?: string) => (one: Request) =>
  one.method === "PUT" && RegExp(end).test(one.path) && (body === undefined || one.body === body);
const get = (end: RegExp | string) => (one: Request) => one.method === "GET" && RegExp(end).test(one.path);
const same = put("/users/ACC-1$");
const odd = (status: number, body: unknown) => () =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
const refusal = odd(400, { message: "Bad request" });
const another = odd(200, { uuid: "u-1", lastname: "Other", login: "login-1" });
const echo = { echoesTest: true } as const;

const CASES: readonly (readonly [FactName, Personality, (request: Request) => boolean, () => Response])[] = [
  ["partialUpdate", { ...echo, put: "part" }, (one) => same(one) && one.body.length < 40, refusal],
  ["partialUpdate", { put: "part" }, put("PROBE", "{}"), refusal],
  ["partialUpdate", { ...echo, checksFirst: true }, (one) => same(one) && one.body.length < 40, another],
  ["rulePaths", { rulePaths: { competences: "competence" } }, put("/competences$"), odd(200, {})],
  ["rules.geographical", {}, put("/geographical$"), odd(403, {})],
  ["rules.geographical", {}, put("/geographical$"), odd(404, {})],
  ["rules.maxDistance", { disabled: ["maxDistance"] }, put("/max-distance$"), odd(200, {})],
  ["requestTypes", {}, put("/competences$"), odd(200, [{ range: {} }])],
  ["errorFields", { ...echo }, (one) => one.body.includes('"oplead-probe"'), odd(422, { errors: { email: "no" } })],
  ["identifierCase", echo, put("/acc-1$"), odd(200, { id: "5001", lastname: "x" })],
  ["identifierSpaces", { ...echo, looseIdentifiers: true }, put("/%20ACC-1%20$"), odd(404, {})],
  ["idField", {}, same, another],
  ["notFoundForm", { notFound: "html" }, put("PROBE"), odd(404, {})],
  ["wrongPathForm", { wrongPath: "html" }, get("PROBE"), odd(404, {})],
  [
    "zipCodesListed",
    {},
    get("/country/"),
    odd(200, { code: "FR", label: "France", counties: [{ number: "01", label: "Ain" }] }),
  ],
  [
    "refusesDuplicates",
    echo,
    ({ method, body }) => method === "POST" && body.includes('"ACC-1"'),
    odd(201, { id: "7" }),
  ],
  ["duplicateStatus", echo, ({ method, body }) => method === "POST" && body.includes('"ACC-1"'), refusal],
  [
    "testModeArrives",
    {},
    same,
    () => new Response('{"id":"5001","test":true}', { headers: { "content-type": "application/json" } }),
  ],
  ["requestIdHeader", {}, get("/countries$"), () => new Response("[]", { headers: { "x-correlation-id": "7" } })],
];

it.each(CASES)(
  "one odd answer does not decide the fact %s, on a platform with the settings %o",
  async (name, like, isAsked, answer) => {
    for (const nth of [1, 2]) {
      useVirtualTime();
      const platform = await platformLike(like);
      let times = 0;
      const fetch: typeof platform.fetch = async (input, init = {}) => {
        const path = new URL(String(input)).pathname;
        if (!isAsked({ method: init.method ?? "GET", path, body: String(init.body ?? "") }))
          return platform.fetch(input, init);
        times += 1;
        return times === nth ? answer() : platform.fetch(input, init);
      };
      const options = { existing: existingOf(like), allowTestCreate: true };
      const { facts, requests } = await probePlatform(connect(platform.url, { fetch }), options);
      if (nth === 1) expect(times).toBeGreaterThan(0);
      const { value } = facts[name];
      const right = truthOf(like)[name];
      if (name === "rulePaths") expect(right).toMatchObject((value ?? {}) as object);
      else expect([nth, null, right]).toContainEqual(value);
      expect(requests).toBeLessThanOrEqual(60);
      expect(platform.counted).toEqual({ created: 0, changed: 0 });
    }
  },
);

it("one odd answer about a rule's documented path takes only the path of that rule from the facts", async () => {
  const like: Personality = { rulePaths: { competences: "competence" } };
  const platform = await platformLike(like);
  let times = 0;
  const fetch: typeof platform.fetch = async (input, init) => {
    const isOdd = String(input).includes("/rule/competences") && ++times === 2;
    return isOdd ? odd(200, {})() : platform.fetch(input, init);
  };
  const { facts } = await probePlatform(connect(platform.url, { fetch }), { existing: existingOf(like), lagMs: 0 });
  const { competences: _open, ...others } = truthOf(like).rulePaths;
  expect(facts.rulePaths.value).toEqual(others);
  expect(facts["rules.competences"].value).toBe("enabled");
});

it("if only one answer says that its request was in test mode, the probe creates nothing", async () => {
  const platform = await platformLike({ dropsTest: true });
  let times = 0;
  const fetch: typeof platform.fetch = async (input, init) => {
    const reply = await platform.fetch(input, init);
    if (init?.method !== "PUT" || ++times > 1) return reply;
    return new Response(await reply.text(), {
      status: reply.status,
      headers: { ...Object.fromEntries(reply.headers), "x-test-mode": "true" },
    });
  };
  const options = { existing: { user: user(1) }, allowTestCreate: true, lagMs: 0 };
  const { facts } = await probePlatform(connect(platform.url, { fetch }), options);
  expect(facts.testModeArrives).toMatchObject({ verdict: "undecided", value: null, why: "one_sample" });
  expect(platform.seen.filter(({ method }) => method === "POST")).toEqual([]);
  expect(platform.users).toHaveLength(1);
});

it("the result holds no token and no personal data, wherever a platform repeats them", async () => {
  const planted = user(1, { lastname: "Kermarrecq", firstname: "Yvonne", phone: "0612345678", mobile: "Yvonne" });
  const secrets = [
    TOKEN,
    "Kermarrecq",
    "Yvonne",
    "0612345678",
    "person-1@dealers.example",
    "login-1",
    "ACC-1",
    "rue de la Paix",
  ];
  const echo = {
    id: "1",
    ...Object.fromEntries(secrets.map((secret) => [secret, secret])),
    Kermarrecq_id: "7",
    errors: [
      { field: "Kermarrecq", message: `${TOKEN} Kermarrecq` },
      { field: "email", [TOKEN]: 1 },
    ],
  };
  const headers = { "x-request-id": TOKEN, "x-ratelimit-user": "Kermarrecq", server: TOKEN, "x-test-mode": "true" };
  const statuses = [200, 200, 200, 200, 404, 422, 404];
  const server = await serve((response, _request, nth) => json(response, statuses[nth - 1] ?? 422, echo, headers));
  const result = await probePlatform(connect(server.url), {
    existing: { user: planted },
    allowTestCreate: true,
    lagMs: 0,
  });
  const text = JSON.stringify(result).toLowerCase();
  expect(secrets.filter((secret) => text.includes(secret.toLowerCase()))).toEqual([]);
});

it("a probe keeps to its limit of requests, and says what it left out", async () => {
  const platform = await platformLike({});
  const result = await probePlatform(connect(platform.url), { existing: existingOf({}), maxRequests: 7, lagMs: 0 });
  expect([result.requests, platform.seen.length]).toEqual([7, 7]);
  expect(result.facts["rules.profileTypes"]).toMatchObject({ verdict: "undecided", why: "requests_used_up" });
});

it("a probe whose token is refused tries it in no other header than its client's", async () => {
  const platform = await platformLike({ tokenHeader: "X-API-Key" });
  const result = await probePlatform(connect(platform.url), { existing: existingOf({}), lagMs: 0 });
  expect(platform.seen).toHaveLength(1);
  expect(result.facts.auth).toMatchObject({ verdict: "undecided", why: "not_authorized", evidence: [{ status: 401 }] });
});

it("a platform that does not answer ends the probe with the failure of its first request", async () => {
  expect(await failure(probePlatform(connect("http://127.0.0.1:9")))).toMatchObject({ code: "connection" });
});

it("wrong options are refused with every problem before anything is sent", async () => {
  const platform = await standIn({});
  const wrong = {
    maxRequests: 61,
    auth: ["basic"],
    existing: { user: { ...user(1), email: "no" } },
    extra: 1,
  } as never;
  const error = await failure(probePlatform(connect(platform.url), wrong));
  expect(error.issues?.map(({ path }) => path).sort()).toEqual([
    "auth[0]",
    "existing.user.email",
    "extra",
    "maxRequests",
  ]);
  expect(platform.seen).toEqual([]);
});

it("probeRequests lists every request that a probe can send, and sends none", async () => {
  const platform = await platformLike({ checksFirst: true });
  const options = { existing: existingOf({}), allowTestCreate: true, lagMs: 0 };
  const listed = probeRequests(connect(platform.url), options);
  expect(platform.seen).toEqual([]);
  const written = listed.filter(({ method, sends }) => method !== "GET" && sends !== "unreadable");
  expect(written.filter(({ testMode }) => !testMode)).toEqual([]);
  const { facts } = await probePlatform(connect(platform.url), options);
  const known = new Set(listed.map(({ method, path }) => `${method} ${path}`));
  const sent = Object.values(facts).flatMap(({ evidence }) => evidence.map(({ method, path }) => `${method} ${path}`));
  expect(sent.filter((one) => !known.has(one))).toEqual([]);
});
