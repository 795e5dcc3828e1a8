import type { Client, MaybeOptionalInit } from "openapi-fetch";
import { facts } from "../../generated/facts.ts";
import type { paths } from "../../generated/schema.d.ts";
import type { Country, CountryDetails, UserProfile } from "../rules/countries.ts";
import { RULES, type RuleBody, type RuleName, type RulePath, type RuleToSend } from "../rules/rules.ts";
import type { Answer } from "../transport/answer.ts";
import { type Call, fillPath } from "../transport/call.ts";
import type { AuthScheme } from "../transport/options.ts";
import type { Transport } from "../transport/transport.ts";
import type { UserFields } from "../user/user.ts";
import type {
  AnswerOf,
  At,
  BodyOf,
  CommonQueryOf,
  Documented,
  Id,
  ItemOf,
  OnTheWire,
  Read,
  Sent,
  Taken,
} from "./shapes.ts";

/*
 * The parts of Oplead's OpenAPI document that this package relies on. No other file imports generated/schema.d.ts.
 * Every type is found by its path in the document, never by the name of a component, so a renamed component changes
 * nothing. If a new document breaks the package, this file no longer compiles.
 */

type CreateUser = paths["/v1/users"]["post"];
type UpdateUser = paths["/v1/users/{userIdentification}"]["put"];
type ListUserProfiles = paths["/v1/settings/user-profiles"]["get"];
type ListCountries = paths["/v1/types/countries"]["get"];
type GetCountry = paths["/v1/types/country/{code}"]["get"];

/**
 * The operation that sets a rule, found by the path in the rule's descriptor. The type `never` if the document has no
 * such operation.
 */
type SetRule<Name extends RuleName> = RulePath<Name> extends keyof paths ? PutOf<paths[RulePath<Name>]> : never;
type AnySetRule = { [Name in RuleName]: SetRule<Name> }[RuleName];
type PutOf<Path> = Path extends { put: infer Operation } ? Operation : never;

/**
 * The query parameter that makes a write a test. This line compiles only if the document has the parameter for every
 * write, because test mode must cover all writes.
 */
export const TEST_PARAMETER = facts.testParameter satisfies CommonQueryOf<CreateUser | UpdateUser | AnySetRule>;

/** The defaults of the options whose values the OpenAPI document decides. */
export const DOCUMENTED: { readonly auth: AuthScheme; readonly idField: string } = facts;

/** The schema of the whole document, for the raw client. */
export type { paths } from "../../generated/schema.d.ts";

/**
 * A user, and the JSON text that was made when it was checked. The text is sent, because the caller may change the
 * object while the call waits.
 */
export interface UserToSend {
  readonly user: FlatUser;
  readonly accountNumber: string | undefined;
  readonly text: string;
}

/**
 * One function for each operation of Oplead's API. It returns the answer whatever the status; the caller decides what
 * the status means.
 */
export interface Contract {
  createUser(user: UserToSend, call: Call): Promise<Answer>;
  updateUser(userIdentification: string, user: UserToSend, call: Call): Promise<Answer>;
  /** `path`: the path of the rule on this platform, if it differs from the document's. */
  setRule(id: string, rule: RuleToSend, call: Call, path?: string): Promise<Answer>;
  listUserProfiles(call: Call): Promise<Answer>;
  listCountries(call: Call): Promise<Answer>;
  getCountry(code: string, call: Call): Promise<Answer>;
}

/**
 * Only the types of openapi-fetch are used. Its code would make a Request and a Response, which the transport does not
 * need.
 */
type Methods = Pick<Client<paths>, "GET" | "PUT" | "POST">;

/** The options of openapi-fetch's methods that are used here. */
interface Init {
  readonly params?: { readonly path?: Readonly<Record<string, unknown>> };
  readonly body?: unknown;
  readonly bodySerializer?: () => string;
}

export function openContract(transport: Transport): Contract {
  const { baseUrl } = transport.settings;
  const send = (operation: string, method: string, path: string, init: Init, call: Call, rule?: RuleName) => {
    const body = init.bodySerializer?.() ?? (init.body === undefined ? undefined : JSON.stringify(init.body));
    const url = baseUrl + fillPath(path, init.params?.path ?? {});
    return transport.send({ operation, method, url, path, body, rule }, call);
  };
  /** Methods with the types of openapi-fetch, so that the compiler checks every call against the document. */
  const through = (operation: string, call: Call): Methods => {
    const method = (name: string) => (template: string, init: Init) => send(operation, name, template, init, call);
    // These methods return the `Answer` itself, although their types promise a different result. `answerOf` corrects
    // the type.
    return { GET: method("GET"), PUT: method("PUT"), POST: method("POST") } as unknown as Methods;
  };
  return {
    createUser: ({ user, text }, call) =>
      answerOf(through("createUser", call).POST("/v1/users", { body: onTheWire(user), bodySerializer: () => text })),
    updateUser: (userIdentification, { user, text }, call) =>
      answerOf(
        through("updateUser", call).PUT("/v1/users/{userIdentification}", {
          params: { path: { userIdentification: asId(userIdentification) } },
          body: onTheWire(user),
          bodySerializer: () => text,
        }),
      ),
    setRule: (id, rule, call, path = RULES[rule.name].path) => {
      const body: RuleCalls[RuleName]["body"] = onTheWire(rule.body);
      return send("setRules", "PUT", path, { params: { path: { id } }, body }, call, rule.name);
    },
    listUserProfiles: (call) => answerOf(through("listUserProfiles", call).GET("/v1/settings/user-profiles", {})),
    listCountries: (call) => answerOf(through("listCountries", call).GET("/v1/types/countries", {})),
    getCountry: (code, call) =>
      answerOf(through("getCountry", call).GET("/v1/types/country/{code}", { params: { path: { code } } })),
  };
}

/** Every body that is sent. This type compiles only if the document names every field of each body. */
type Body =
  | Sent<FlatUser, Documented<BodyOf<CreateUser>, FlatUser>>
  | Sent<FlatUser, Documented<BodyOf<UpdateUser>, FlatUser>>
  | RuleBodies[RuleName];
type FlatUser = Omit<UserFields, "custom">;
type RuleBodies = Sent<
  { [Name in RuleName]: RuleBody<Name> },
  { [Name in RuleName]: Documented<BodyOf<SetRule<Name>>, RuleBody<Name>> }
>;

/**
 * The calls that set rules. This type compiles only if the document has an operation for every rule, and this operation
 * accepts the rule's body.
 */
type RuleCalls = Taken<
  { [Name in RuleName]: { params: { path: { id: Id } }; body: OnTheWire<RuleBodies[Name]> } },
  { [Name in RuleName]: InitOf<RulePath<Name>> }
>;
type InitOf<Path extends string> = Path extends keyof paths
  ? MaybeOptionalInit<paths[Path], "put">
  : `the document has no PUT ${Path}`;

/** Returns the body unchanged, with the type of its JSON: without undefined fields and without `readonly`. */
function onTheWire<T extends Body>(body: T): OnTheWire<T> {
  return body as OnTheWire<T>;
}

/**
 * Returns the identification unchanged, with the type that the document gives to identifications in a path. In a URL
 * every value is text anyway.
 */
function asId(text: string): Id {
  return text as Id;
}

/**
 * For each answer with a list or a country, the path in its JSON at which the OpenAPI document has the list or the
 * country.
 */
export const PLACES = facts.places;
type Places = typeof PLACES;

/** The types below are those of answers, in which the Oplead ID may be a text or a number. */
type OpleadId = string | number;
export type CreatedId = Read<OpleadId, Documented<At<AnswerOf<CreateUser>, typeof facts.idField>, OpleadId>>;
export type UpdatedId = Read<OpleadId, Documented<At<AnswerOf<UpdateUser>, typeof facts.idField>, OpleadId>>;
export type Profile = Read<
  UserProfile,
  Documented<ItemOf<At<AnswerOf<ListUserProfiles>, Places["profiles"]>>, UserProfile>
>;
export type ListedCountry = Read<
  Country,
  Documented<ItemOf<At<AnswerOf<ListCountries>, Places["countries"]>>, Country>
>;
export type OneCountry = Read<CountryDetails, Documented<At<AnswerOf<GetCountry>, Places["country"]>, CountryDetails>>;

/**
 * Returns the answer unchanged, with its true type: the methods return the transport's `Answer` and not openapi-fetch's
 * result, because the transport has already read and parsed the body.
 */
function answerOf(answer: Promise<unknown>): Promise<Answer> {
  return answer as Promise<Answer>;
}
