import { requireOptions } from "./arguments.ts";
import { createExchange, Pending, Waits } from "./exchange.ts";
import { Faults, Limits } from "./faults.ts";
import { createFetch, listen } from "./http.ts";
import { addUsers, createPlatform, optionsOf } from "./platform.ts";
import type { FakeLimit, FakeOplead, FakeOpleadOptions, FakeRequest } from "./types.ts";
import type { FakeUserInput } from "./user.ts";

/**
 * Makes a fake Oplead for tests. It keeps the users part of the API in memory, logs every call, and fails on demand. Except for
 * faults, its answers conform to the package's OpenAPI document.
 *
 * This behaviour is documented by Oplead, so a test may rely on it:
 * - POST creates a user and answers its id. PUT finds a user by id or accountNumber, and answers 404 for an unknown one.
 * - With `?test=true` all the logic runs and nothing is stored: the user of such a POST is unknown afterwards.
 * - Required are civility, lastname, login, a valid e-mail address, the whole address, a profile that exists, and a parent
 *   that fits the profile's place in the hierarchy. An accountNumber belongs to one user.
 * - The bodies of the rules, and that a rule must be enabled for the platform.
 *
 * This behaviour is assumed, so a test should not depend on it alone:
 * - 201 and 200 with the whole user; 400 for a body that is not JSON, 401 for a wrong token, 403 for a disabled rule, 409 for a
 *   value that must be unique (logins too), 422 for other problems, with `{ code, message, errors: [{ field, message }] }`; 429.
 * - A PUT replaces the user, but keeps an accountNumber that the body leaves out. A rule's PUT replaces the rule, and finds
 *   its user by id or accountNumber. The fake does not check whether ranges, contact profiles or counties exist.
 * - A text field that is null or of another type is refused. accountNumber and parentUserIdentifier may be null for "none".
 *
 * ```ts
 * const fake = createFakeOplead();
 * const oplead = createOplead({ token: "fake-token", fetch: fake.fetch });
 * fake.fail({ on: "createUser", as: "reset", when: "after" }); // created, but the answer is lost
 * await oplead.upsertUser(user);
 * expect(fake.duplicates()).toEqual([]);
 * ```
 *
 * @throws TypeError for an option of the wrong kind, and if one of `options.users` would be refused by a POST.
 * @experimental
 */
export function createFakeOplead(given: FakeOpleadOptions = {}): FakeOplead {
  requireOptions<FakeOpleadOptions>("options", given, {
    strict: "true or false",
    token: "a text",
    auth: "a text or an object",
    users: "a list of objects",
    profiles: "a list of objects",
    countries: "a list of objects",
    disabledRules: "a list",
    uniqueAccountNumbers: "true or false",
    uniqueLogins: "true or false",
    ids: "a text or a function",
    now: "a function",
    facts: "an object",
  });
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  const options: FakeOpleadOptions = Object.assign(optionsOf(given.facts), Object.fromEntries(set));
  const { token = "fake-token", auth = "bearer", now = () => Date.now(), strict = false } = options;
  const faults = new Faults();
  const limits = new Limits();
  const pending = new Pending();
  const fetchWaits = new Waits();
  // The waits of fake.fetch, and of each listener.
  const allWaits = new Set([fetchWaits]);
  let platform = createPlatform(options, now);
  let requests: FakeRequest[] = [];

  const handle = createExchange({
    platform: () => platform,
    faults,
    limits,
    pending,
    log: (request) => requests.push(request),
    token,
    auth,
    now,
    strict,
    rulePaths: platform.like.rulePaths,
  });

  const fake: FakeOplead = {
    fetch: createFetch(handle, fetchWaits),
    async listen(given = {}) {
      requireOptions<{ readonly port?: number }>("options", given, { port: "a number" });
      return listen(handle, allWaits, given.port ?? 0);
    },
    get users() {
      return platform.store.users();
    },
    user: (idOrAccountNumber) => platform.store.find(idOrAccountNumber),
    rules(idOrAccountNumber) {
      const user = platform.store.find(idOrAccountNumber);
      return user && platform.store.rules(user.id);
    },
    get requests() {
      return [...requests];
    },
    duplicates: () => platform.store.duplicates(),
    assertConforms() {
      if (!strict) throw new TypeError("assertConforms() needs createFakeOplead({ strict: true }).");
      const bad = requests.filter(({ violations }) => violations.length > 0);
      if (bad.length === 0) return;
      const lines = bad.map(({ method, path, violations }) => [`${method} ${path}`, ...violations].join("\n    "));
      const summary = `Of ${requests.length} requests, ${bad.length} do not conform to the OpenAPI document:`;
      throw new Error([summary, ...lines].join("\n  "));
    },
    fail: (fault) => faults.fail(fault),
    delay: (delay) => faults.delay(delay),
    limit: ((limit: FakeLimit | false) =>
      limit === false ? limits.clear() : limits.set(limit, now())) as FakeOplead["limit"],
    lag: (lag) => platform.replica.lag(typeof lag === "number" ? { ms: lag } : lag),
    seed(given) {
      requireOptions<{ readonly users: readonly FakeUserInput[] }>(
        "seed",
        given,
        { users: "a list of objects" },
        "users",
      );
      addUsers(platform, given.users, "seed.users");
    },
    clearRequests() {
      requests = [];
    },
    async until(condition, given = {}) {
      requireOptions<{ readonly timeoutMs?: number }>("options", given, { timeoutMs: "a number" });
      const { timeoutMs = 5_000 } = given;
      const end = performance.now() + timeoutMs;
      while (!condition(fake)) {
        if (performance.now() > end) {
          const seen = `requests: ${requests.length}, users: ${platform.store.users().length}`;
          throw new Error(`fake.until: the condition did not hold within ${timeoutMs} ms (${seen}).`);
        }
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    settled: () => pending.settled(),
    reset() {
      for (const waits of allWaits) waits.endAll();
      faults.clear();
      limits.clear();
      requests = [];
      platform = createPlatform(options, now);
    },
  };
  return fake;
}
