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
 * A fake Oplead for tests: the documented behaviour of the users part of the API, what had to be assumed marked as such
 * in the options, every call logged, and faults on demand.
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
    findViolations: strict ? findViolations : undefined,
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
    if (user.id !== undefined && !/^\d+$/.test(user.id))
      throw new TypeError(`options.users[${index}].id must be digits.`);
    const refusal = refuseUser(platform, user, undefined);
    if (refusal) throw new TypeError(`options.users[${index}] is not valid: ${JSON.stringify(refusal.body)}`);
    platform.store.put({ ...user, id: user.id ?? platform.store.nextId() });
  }
  return platform;
}
