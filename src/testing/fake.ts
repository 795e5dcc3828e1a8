import { defaultCountries, defaultProfiles } from "./defaults.ts";
import { createExchange } from "./exchange.ts";
import { Faults } from "./faults.ts";
import { createFetch } from "./fetch.ts";
import { listen } from "./listener.ts";
import { type Platform, refuseUser } from "./operations.ts";
import { Store } from "./store.ts";
import { describeViolations, findViolations } from "./strict.ts";
import type { FakeOplead, FakeOpleadOptions, FakeRequest } from "./types.ts";
import { Waits } from "./waits.ts";

/**
 * A fake Oplead for tests: the users part of the API in memory, every call logged, and faults on demand. Its answers conform to
 * the package's OpenAPI document, faults aside.
 *
 * Documented, so rely on it:
 * - POST creates and answers the id; PUT finds a user by id or accountNumber, and answers 404 for one it does not know.
 * - With `?test=true` all the logic runs and nothing is stored: the user of a tested POST is unknown afterwards.
 * - Required are civility, lastname, login, a valid e-mail address, the whole address, a profile that exists, and a parent
 *   that fits the profile's place in the hierarchy. An accountNumber belongs to one user.
 * - The bodies of the rules, and that a rule must be enabled for the platform.
 *
 * Assumed, so don't let a test depend on it alone:
 * - 201 and 200 with the whole user; 400 for what is no JSON, 401 for the token, 403 for a disabled rule, 409 for what must
 *   be unique (logins too), 422 for all else, with `{ code, message, errors: [{ field, message }] }`; 429.
 * - A PUT replaces the user, but an accountNumber it leaves out stays. A rule's PUT replaces the rule; rules, too, find
 *   their user by id or accountNumber. Which ranges, profiles of contacts or counties exist is not looked at.
 * - A text that is null or of another type is refused; accountNumber and parentUserIdentifier may be null for "none".
 *
 * ```ts
 * const fake = createFakeOplead();
 * const oplead = createOplead({ token: "fake-token", fetch: fake.fetch });
 * fake.fail({ on: "createUser", as: "reset", when: "after" }); // created, but the answer is lost
 * await oplead.upsertUser(user);
 * expect(fake.duplicates()).toEqual([]);
 * ```
 *
 * @throws TypeError when one of `options.users` would be refused by a POST.
 */
export function createFakeOplead(options: FakeOpleadOptions = {}): FakeOplead {
  const { token = "fake-token", auth = "bearer", now = () => Date.now(), strict = false } = options;
  const faults = new Faults();
  const fetchWaits = new Waits();
  const doors = new Set([fetchWaits]);
  let platform = createPlatform(options);
  let requests: FakeRequest[] = [];

  const handle = createExchange({
    platform: () => platform,
    faults,
    log: (request) => requests.push(request),
    token,
    auth,
    now,
    findViolations: strict ? (request) => findViolations(request) : undefined,
  });

  function limit(limit: Parameters<FakeOplead["limit"]>[0]) {
    if (limit === false) return faults.unlimit();
    return faults.limit(limit, now());
  }

  return {
    fetch: createFetch(handle, fetchWaits),
    listen: ({ port = 0 } = {}) => listen(handle, doors, port),
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
      const description = describeViolations(requests);
      if (description !== undefined) throw new Error(description);
    },
    fail: (fault) => faults.fail(fault),
    delay: (delay) => faults.delay(delay),
    limit: limit as FakeOplead["limit"],
    reset() {
      for (const waits of doors) waits.endAll();
      faults.clear();
      requests = [];
      platform = createPlatform(options);
    },
  };
}

function createPlatform(options: FakeOpleadOptions): Platform {
  const { uniqueAccountNumbers = true, profiles = defaultProfiles, countries = defaultCountries } = options;
  const platform: Platform = {
    store: new Store(),
    profiles: new Map(profiles.map((profile) => [profile.code, profile])),
    countries: new Map(countries.map((country) => [country.code, country])),
    disabledRules: new Set(options.disabledRules),
    uniqueAccountNumbers,
    uniqueLogins: options.uniqueLogins ?? uniqueAccountNumbers,
    numericIds: options.numericIds ?? false,
  };
  for (const [index, user] of (options.users ?? []).entries()) {
    const { id } = user;
    if (id !== undefined && !/^\d+$/.test(id)) throw new TypeError(`options.users[${index}].id must be digits.`);
    if (id !== undefined && platform.store.find(id)?.id === id) {
      throw new TypeError(`options.users[${index}].id is taken by a user before it.`);
    }
    const refusal = refuseUser(platform, user, undefined);
    if (refusal) throw new TypeError(`options.users[${index}] is not valid: ${JSON.stringify(refusal.body)}`);
    platform.store.put({ ...user, id: id ?? platform.store.nextId() });
  }
  return platform;
}
