import { checkRule, checkUser, type Problem } from "./checks.ts";
import type { Store } from "./store.ts";
import type { FakeCountry, FakeOperation, FakeProfile, FakeRuleName, FakeUser, FakeUserInput } from "./types.ts";

/** What the operations know of the platform. */
export interface Platform {
  readonly store: Store;
  readonly profiles: ReadonlyMap<string, FakeProfile>;
  readonly countries: ReadonlyMap<string, FakeCountry>;
  readonly disabledRules: ReadonlySet<FakeRuleName>;
  readonly uniqueAccountNumbers: boolean;
  readonly uniqueLogins: boolean;
  readonly numericIds: boolean;
}

/** What an operation answers, and the write that goes with it: left undone in test mode. */
export interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly write?: () => void;
}

interface Operation {
  readonly method: "GET" | "POST" | "PUT";
  /** Segments of the path; `*` is the one that varies. */
  readonly path: readonly string[];
  readonly rule?: FakeRuleName;
  readonly run: (platform: Platform, parameter: string, body: unknown) => Reply;
}

const messages: Readonly<Record<number, string>> = {
  400: "The request cannot be read.",
  401: "A valid token is required.",
  403: "This is not allowed.",
  404: "Not found.",
  405: "Method not allowed.",
  409: "The user conflicts with another one.",
  422: "The request is not valid.",
  429: "Too many requests.",
};

/** An error body. Its shape is assumed. */
export function errorBody(status: number, message = messages[status] ?? "The request failed.", errors?: Problem[]) {
  return { code: status, message, ...(errors && { errors }) };
}

const refuse = (status: number, message?: string, errors?: Problem[]): Reply => ({
  status,
  body: errorBody(status, message, errors),
});

function createUser(platform: Platform, _parameter: string, body: unknown): Reply {
  const refusal = refuseUser(platform, body, undefined);
  if (refusal) return refusal;
  return saved(platform, 201, { ...(body as FakeUserInput), id: platform.store.nextId() });
}

function updateUser(platform: Platform, idOrAccountNumber: string, body: unknown): Reply {
  const before = platform.store.find(idOrAccountNumber);
  if (!before) return refuse(404, "User not found.");
  const refusal = refuseUser(platform, body, before.id);
  if (refusal) return refusal;
  // The body replaces the user (assumed), but a body that does not repeat the accountNumber leaves it in place.
  return saved(platform, 200, { accountNumber: before.accountNumber, ...(body as FakeUserInput), id: before.id });
}

function saved(platform: Platform, status: number, user: FakeUser): Reply {
  const { accountNumber, parentUserIdentifier, ...rest } = user;
  const body = {
    ...rest,
    // Null is taken for "none" (assumed), but the document knows no null: an answer leaves the field out.
    accountNumber: accountNumber ?? undefined,
    parentUserIdentifier: parentUserIdentifier ?? undefined,
    id: wireId(platform, user),
  };
  return { status, body, write: () => platform.store.put(user) };
}

const wireId = ({ numericIds }: Platform, { id }: FakeUser) => (numericIds ? Number(id) : id);

/** The checks of POST and PUT alike: required fields, then profile and parent, then what must be unique. */
export function refuseUser(platform: Platform, body: unknown, id: string | undefined): Reply | undefined {
  const problems = checkUser(body);
  if (problems.length > 0) return refuse(422, undefined, problems);
  const user = body as FakeUserInput;

  const misplaced = checkHierarchy(platform, user, id);
  if (misplaced) return refuse(422, undefined, [misplaced]);

  for (const field of ["accountNumber", "login"] as const) {
    const isUnique = field === "login" ? platform.uniqueLogins : platform.uniqueAccountNumbers;
    const value = user[field];
    if (isUnique && typeof value === "string" && platform.store.holder(field, value, id) !== undefined) {
      return refuse(409, undefined, [{ field, message: "This value is already used." }]);
    }
  }
  return undefined;
}

function checkHierarchy({ store, profiles }: Platform, user: FakeUserInput, id: string | undefined) {
  const profile = profiles.get(user.profile.code);
  if (!profile) return { field: "profile.code", message: "This profile does not exist." };
  const field = "parentUserIdentifier";
  if (user.parentUserIdentifier === undefined || user.parentUserIdentifier === null) {
    return profile.parent && { field, message: `A user with the profile ${profile.code} needs a parent.` };
  }
  const parent = store.find(String(user.parentUserIdentifier));
  if (!parent) return { field, message: "This user does not exist." };
  if (parent.id === id) return { field, message: "A user cannot be its own parent." };
  if (profile.parent && parent.profile.code !== profile.parent.code) {
    return { field, message: `The parent must have the profile ${profile.parent.code}.` };
  }
  return undefined;
}

function rule(name: FakeRuleName, segment: string): Operation {
  return {
    method: "PUT",
    path: ["v1", "users", "*", "rule", segment],
    rule: name,
    run: (platform, idOrAccountNumber, body) => {
      const { store, disabledRules } = platform;
      const user = store.find(idOrAccountNumber);
      if (!user) return refuse(404, "User not found.");
      if (disabledRules.has(name)) return refuse(403, `The rule "${segment}" is not enabled for this platform.`);
      const problems = checkRule[name](body);
      if (problems.length > 0) return refuse(422, undefined, problems);
      const answer = { id: wireId(platform, user), [name]: body };
      return { status: 200, body: answer, write: () => store.putRule(user.id, name, body) };
    },
  };
}

/** Every call the fake knows. */
export const operations: Readonly<Record<FakeOperation, Operation>> = {
  createUser: { method: "POST", path: ["v1", "users"], run: createUser },
  updateUser: { method: "PUT", path: ["v1", "users", "*"], run: updateUser },
  setGeographicalRule: rule("geographical", "geographical"),
  setMaxDistanceRule: rule("maxDistance", "max-distance"),
  setCompetencesRule: rule("competences", "competences"),
  setContactProfilesRule: rule("contactProfiles", "contact-profiles"),
  setProfileTypesRule: rule("profileTypes", "profile-types"),
  listUserProfiles: {
    method: "GET",
    path: ["v1", "settings", "user-profiles"],
    run: ({ profiles }) => ({ status: 200, body: [...profiles.values()] }),
  },
  listCountries: {
    method: "GET",
    path: ["v1", "types", "countries"],
    run: ({ countries }) => ({
      status: 200,
      body: [...countries.values()].map(({ code, label }) => ({ code, label })),
    }),
  },
  getCountry: {
    method: "GET",
    path: ["v1", "types", "country", "*"],
    run: ({ countries }, code) => {
      const country = countries.get(code);
      return country ? { status: 200, body: country } : refuse(404, "Country not found.");
    },
  },
};

const entries = Object.entries(operations) as [FakeOperation, Operation][];

/** The operations as the OpenAPI document writes them, but for the names of parameters: `*` stands for one. */
export const operationTemplates = entries.map(([name, { method, path }]) => ({
  name,
  method,
  template: `/${path.join("/")}`,
}));

/** What to say of a request that is none of the operations. */
export function absent(method: string, path: string): string {
  const known = operationTemplates.map((operation) => `${operation.method} ${operation.template}`).join(", ");
  return `The fake has no ${method} ${path}. It answers: ${known}.`;
}

/** Where a request goes. */
export interface Route {
  /** Undefined when the path exists for other methods only. */
  readonly operation: FakeOperation | undefined;
  readonly parameter: string;
  /** The methods the path has, as an `Allow` header lists them. */
  readonly allow: string;
}

/** Undefined for a path that does not exist. */
export function route(method: string, path: string): Route | undefined {
  const segments = path.slice(1).split("/");
  const found = entries.filter(
    ([, { path }]) =>
      path.length === segments.length &&
      path.every((part, index) => (part === "*" ? segments[index] !== "" : part === segments[index])),
  );
  if (found.length === 0) return undefined;
  const variable = found[0]?.[1].path.indexOf("*") ?? -1;
  return {
    operation: found.find(([, operation]) => operation.method === method)?.[0],
    parameter: decode(segments[variable] ?? ""),
    allow: found.map(([, operation]) => operation.method).join(", "),
  };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
