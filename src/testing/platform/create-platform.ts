import { defaultCountries, defaultProfiles } from "../state/defaults.ts";
import { Ids } from "../state/ids.ts";
import { Replica } from "../state/replica.ts";
import { Store } from "../state/store.ts";
import type { FakeOpleadOptions } from "../types/fake-oplead.ts";
import { likenessOf } from "./likeness.ts";
import type { Platform } from "./platform.ts";
import { refuseUser } from "./users.ts";

/** A platform with the users of the options. @throws TypeError if one of them would be refused by a POST. */
export function createPlatform(options: FakeOpleadOptions, now: () => number): Platform {
  const { uniqueAccountNumbers = true, profiles = defaultProfiles, countries = defaultCountries } = options;
  const store = new Store();
  const like = likenessOf(options.facts);
  const ids = new Ids(options.ids ?? "digits");
  const platform: Platform = {
    store,
    replica: new Replica(store, now),
    ids,
    profiles: new Map(profiles.map((profile) => [profile.code, profile])),
    countries: new Map(countries.map((country) => [country.code, country])),
    disabledRules: new Set(options.disabledRules),
    uniqueAccountNumbers,
    uniqueLogins: options.uniqueLogins ?? uniqueAccountNumbers,
    like,
  };
  for (const [index, user] of (options.users ?? []).entries()) {
    const { id } = user;
    if (id !== undefined) {
      const reason = ids.refuse(id) ?? (store.byId(id) && "is taken by a user before it");
      if (reason) throw new TypeError(`options.users[${index}].id ${reason}.`);
    }
    const refusal = refuseUser(platform, user, undefined);
    if (refusal) throw new TypeError(`options.users[${index}] is not valid: ${JSON.stringify(refusal.body)}`);
    store.put({ ...user, id: id ?? ids.next(store) });
  }
  if (like.readLagMs > 0) platform.replica.lag({ ms: like.readLagMs });
  return platform;
}
