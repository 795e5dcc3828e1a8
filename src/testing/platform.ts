import type { CountryDetails, UserProfile } from "../rules/countries.ts";
import type { RuleName } from "../rules/types.ts";
import { errorBody, type FakeOperation, type Problem } from "./api.ts";
import { at, isObject, isText, wrong } from "./arguments.ts";
import { defaultCountries, defaultProfiles, Ids, Replica, Store } from "./state.ts";
import type { FakeOpleadOptions } from "./types.ts";
import { bySetRuleOperation, type FakeUser, type FakeUserInput, fakeRules } from "./user.ts";

type Form = "json" | "html" | "empty" | "text";

// Behaviour that no option of the fake sets, only recorded facts about a platform.
interface Likeness {
  readonly notFoundForm: Form;
  readonly wrongPathForm: Form;
  readonly duplicateStatus: number;
  readonly partialUpdate: boolean;
  readonly echoesAccountNumber: boolean;
  readonly idField: string;
  readonly rulePaths: Readonly<Partial<Record<RuleName, string>>>;
  readonly requestTypes: boolean;
  readonly zipCodesListed: boolean;
  readonly testModeArrives: boolean;
  readonly requestIdHeader: string;
  readonly readLagMs: number;
}

const USUAL: Likeness = {
  notFoundForm: "json",
  wrongPathForm: "json",
  duplicateStatus: 409,
  partialUpdate: false,
  echoesAccountNumber: true,
  idField: "id",
  rulePaths: {},
  requestTypes: true,
  zipCodesListed: true,
  testModeArrives: true,
  requestIdHeader: "x-request-id",
  readLagMs: 0,
};

function known(facts: object | undefined): Record<string, unknown> {
  // Of `oplead probe`: by name, what was found.
  const found = (facts as { readonly facts?: Record<string, { verdict: string; value: unknown }> } | undefined)?.facts;
  const decided = Object.entries(found ?? {}).filter(
    ([, { verdict, value }]) => verdict !== "undecided" && value !== null,
  );
  return Object.fromEntries(decided.map(([name, { value }]) => [name, value]));
}

function likenessOf(facts: object | undefined): Likeness {
  const decided = Object.entries(known(facts)).filter(([name]) => name in USUAL);
  return Object.assign({}, USUAL, Object.fromEntries(decided));
}

export function optionsOf(facts: object | undefined): FakeOpleadOptions {
  const { auth, idType, refusesDuplicates, ...values } = known(facts);
  const ids = { number: "numbers", digits: "digits", uuid: "uuid", text: (count: number) => `usr_${count}` } as const;
  const disabled = Object.keys(values).filter((name) => /^rules\./.test(name) && values[name] === "disabled");
  return {
    auth: auth as FakeOpleadOptions["auth"],
    ids: ids[idType as keyof typeof ids],
    // A fact: `rules.` and the rule's name.
    disabledRules: disabled.map((name) => name.slice("rules.".length) as RuleName),
    uniqueAccountNumbers: refusesDuplicates as boolean | undefined,
  };
}

export interface Platform {
  readonly store: Store;
  // What look-ups see; it may lag behind the store.
  readonly replica: Replica;
  readonly ids: Ids;
  readonly profiles: ReadonlyMap<string, UserProfile>;
  readonly countries: ReadonlyMap<string, CountryDetails>;
  readonly disabledRules: ReadonlySet<RuleName>;
  readonly uniqueAccountNumbers: boolean;
  readonly uniqueLogins: boolean;
  readonly like: Likeness;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly form?: Form;
  readonly write?: () => void;
  // A late write would now take a unique value twice.
  readonly conflicts?: () => boolean;
}

export function refuse(status: number, message?: string, errors?: readonly Problem[]): Reply {
  return { status, body: errorBody(status, message, errors) };
}

function createUser(platform: Platform, _parameter: string, body: unknown): Reply {
  const refusal = refuseUser(platform, body, undefined);
  if (refusal) return refusal;
  return saved(platform, 201, { ...(body as FakeUserInput), id: platform.ids.next(platform.store) });
}

function updateUser(platform: Platform, idOrAccountNumber: string, body: unknown): Reply {
  const { store, replica } = platform;
  const found = replica.find("user", idOrAccountNumber);
  if (!found) return { ...refuse(404, "User not found."), form: platform.like.notFoundForm };
  const stored = store.byId(found.id) as FakeUser; // Safe: no user goes away.
  // Replaced (assumed), except an accountNumber that the body lacks.
  const kept = platform.like.partialUpdate ? stored : { accountNumber: stored.accountNumber };
  const whole: unknown = isObject(body) ? Object.assign({}, kept, body) : body;
  const refusal = refuseUser(platform, platform.like.partialUpdate ? whole : body, found.id);
  if (refusal) return refusal;
  return saved(platform, 200, { ...(whole as FakeUserInput), id: found.id });
}

function saved(platform: Platform, status: number, user: FakeUser): Reply {
  const { accountNumber, parentUserIdentifier, ...rest } = user;
  const body = {
    ...rest,
    // Null means "none" (assumed). The document knows no null.
    accountNumber: (platform.like.echoesAccountNumber && accountNumber) || undefined,
    parentUserIdentifier: parentUserIdentifier ?? undefined,
  };
  return {
    status,
    body: withId(body, platform.like.idField, platform.ids.sent(user.id)),
    write: () => platform.store.put(user),
    conflicts: () => takenField(platform, user, user.id) !== undefined,
  };
}

// The id may be in an object inside the body.
function withId(user: object, place: string, id: unknown): unknown {
  const [leaf = place, ...envelopes] = place.split(".").reverse();
  return envelopes.reduce<unknown>((inner, name) => ({ [name]: inner }), { ...user, id: undefined, [leaf]: id });
}

function refuseUser(platform: Platform, body: unknown, id: string | undefined): Reply | undefined {
  const problems = checkUser(body);
  if (problems.length > 0) return refuse(422, undefined, problems);
  const user = body as FakeUserInput;

  const misplaced = checkParent(platform, user, id);
  if (misplaced) return refuse(422, undefined, [misplaced]);

  const field = takenField(platform, user, id);
  return field && refuse(platform.like.duplicateStatus, undefined, [{ field, message: "This value is already used." }]);
}

function takenField(
  { replica, uniqueLogins, uniqueAccountNumbers }: Platform,
  user: FakeUserInput,
  id: string | undefined,
): "accountNumber" | "login" | undefined {
  for (const field of ["accountNumber", "login"] as const) {
    const isUnique = field === "login" ? uniqueLogins : uniqueAccountNumbers;
    const value = user[field];
    if (isUnique && typeof value === "string" && replica.holder(field, value, id) !== undefined) return field;
  }
  return undefined;
}

function checkParent(
  { replica, profiles }: Platform,
  user: FakeUserInput,
  id: string | undefined,
): Problem | undefined {
  const profile = profiles.get(user.profile.code);
  if (!profile) return { field: "profile.code", message: "This profile does not exist." };
  const field = "parentUserIdentifier";
  if (isAbsent(user.parentUserIdentifier)) {
    return profile.parent && { field, message: `A user with the profile ${profile.code} needs a parent.` };
  }
  const parent = replica.find("parent", String(user.parentUserIdentifier));
  if (!parent) return { field, message: "This user does not exist." };
  if (parent.id === id) return { field, message: "A user cannot be its own parent." };
  if (profile.parent && parent.profile.code !== profile.parent.code) {
    return { field, message: `The parent must have the profile ${profile.parent.code}.` };
  }
  return undefined;
}

const isAbsent = (value: unknown): boolean => value === undefined || value === null;

const requiredOfUser = [
  "civility",
  "lastname",
  "login",
  "email",
  "address.zipCode",
  "address.city",
  "address.country.code",
  "profile.code",
];

const optionalOfUser = ["firstname", "phone", "mobile", "company", "address.street"];

// Checks required fields (guide, "Prerequisites"), and the types of all that the document names: answers show stored
// users and must conform.
function checkUser(body: unknown): Problem[] {
  if (!isObject(body)) return [{ field: "", message: "A JSON object is expected." }];
  const problems: Problem[] = [];
  for (const field of requiredOfUser) {
    const value = at(body, field);
    if (isAbsent(value) || value === "") problems.push({ field, message: "This is required." });
    else if (!isText(value)) problems.push({ field, message: "This must be a non-empty text." });
  }
  for (const field of optionalOfUser) {
    const value = at(body, field);
    if (value !== undefined && typeof value !== "string") problems.push({ field, message: "This must be a text." });
  }
  if (isText(body.email) && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(body.email)) {
    problems.push({ field: "email", message: "This is not a valid e-mail address." });
  }
  const { accountNumber, parentUserIdentifier } = body;
  if (!isAbsent(accountNumber) && !isText(accountNumber)) {
    problems.push({ field: "accountNumber", message: "This must be a non-empty text." });
  }
  if (!isAbsent(parentUserIdentifier) && !isText(parentUserIdentifier) && !Number.isInteger(parentUserIdentifier)) {
    problems.push({ field: "parentUserIdentifier", message: "This must be an id or an accountNumber." });
  }
  return problems;
}

export function createPlatform(options: FakeOpleadOptions, now: () => number): Platform {
  const { uniqueAccountNumbers = true, profiles = defaultProfiles, countries = defaultCountries } = options;
  const store = new Store();
  const like = likenessOf(options.platform?.facts);
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
  addUsers(platform, options.users ?? [], "options.users");
  if (like.readLagMs > 0) platform.replica.lag({ ms: like.readLagMs });
  return platform;
}

export function addUsers(platform: Platform, users: NonNullable<FakeOpleadOptions["users"]>, list: string): void {
  const { store, replica, ids } = platform;
  for (const [index, user] of (users as readonly FakeUserInput[]).entries()) {
    const { id } = user;
    if (id !== undefined) {
      const reason = ids.refuse(id) ?? (store.byId(id) && "is taken by a user before it");
      if (reason) throw wrong(`${list}[${index}].id ${reason}.`);
    }
    const refusal = refuseUser(platform, user, undefined);
    if (refusal) throw wrong(`${list}[${index}] is not valid: ${JSON.stringify(refusal.body)}`);
    store.put({ ...user, id: id ?? ids.next(store) });
    replica.showNewest();
  }
}

function setRule(name: RuleName) {
  const { fits, expected, field = "" } = fakeRules[name];
  return ({ store, replica, ids, disabledRules, like }: Platform, idOrAccountNumber: string, body: unknown): Reply => {
    const user = replica.find("rule", idOrAccountNumber);
    if (!user) return { ...refuse(404, "User not found."), form: like.notFoundForm };
    if (disabledRules.has(name)) return refuse(403, `The rule "${name}" is not enabled for this platform.`);
    if (!fits(body)) return refuse(422, undefined, [{ field, message: `${expected} is expected.` }]);
    if (
      !like.requestTypes &&
      Array.isArray(body) &&
      body.some((one) => isObject(one) && one.requestType !== undefined)
    ) {
      return refuse(422, undefined, [{ field: "requestType", message: "This platform has ranges only." }]);
    }
    const answer = { id: ids.sent(user.id), [name]: body };
    return { status: 200, body: answer, write: () => store.putRule(user.id, name, body) };
  };
}

type Run = (platform: Platform, parameter: string, body: unknown) => Reply;

export const operations: Readonly<Record<FakeOperation, Run>> = {
  createUser,
  updateUser,
  ...bySetRuleOperation<Run>(setRule),
  listUserProfiles: ({ profiles }) => ({ status: 200, body: [...profiles.values()] }),
  listCountries: ({ countries }) => ({
    status: 200,
    body: [...countries.values()].map(({ code, label }) => ({ code, label })),
  }),
  getCountry: ({ countries, like }, code) => {
    const country = countries.get(code);
    if (!country) return { ...refuse(404, "Country not found."), form: like.notFoundForm };
    const counties = country.counties.map(({ postCodeZips: _, ...county }) => county);
    return { status: 200, body: like.zipCodesListed ? country : { ...country, counties } };
  },
};
