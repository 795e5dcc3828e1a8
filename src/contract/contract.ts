import type { Client, MaybeOptionalInit } from "openapi-fetch";
import { facts } from "../../generated/facts.ts";
import type { paths } from "../../generated/schema.d.ts";
import type { Country, CountryDetails, UserProfile } from "../rules/countries.ts";
import { RULES, type RuleBody, type RuleName, type RulePath, type RuleToSend } from "../rules/rules.ts";
import type { Answer } from "../transport/answer.ts";
import { type Call, fillPath } from "../transport/call.ts";
import type { AuthScheme } from "../transport/options.ts";
import type { Transport } from "../transport/transport.ts";
import type { UserInput } from "../user/user.ts";
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
 * The parts of Oplead's OpenAPI document that this package relies on. The only importer of generated/schema.d.ts. Everything is taken by
 * path, never by component name, so that a renamed component changes nothing, and everything that a new document breaks
 * breaks here, as a compile error.
 */

type CreateUser = paths["/v1/users"]["post"];
type UpdateUser = paths["/v1/users/{userIdentification}"]["put"];
type ListUserProfiles = paths["/v1/settings/user-profiles"]["get"];
type ListCountries = paths["/v1/types/countries"]["get"];
type GetCountry = paths["/v1/types/country/{code}"]["get"];

/** The operation that sets a rule, found by the path of its descriptor; never where the document has none. */
type SetRule<Name extends RuleName> = RulePath<Name> extends keyof paths ? PutOf<paths[RulePath<Name>]> : never;
type AnySetRule = { [Name in RuleName]: SetRule<Name> }[RuleName];
type PutOf<Path> = Path extends { put: infer Operation } ? Operation : never;

/** The query parameter that makes a write a test. Every write must have it, or test mode would not be total. */
export const TEST_PARAMETER = facts.testParameter satisfies CommonQueryOf<CreateUser | UpdateUser | AnySetRule>;

/** Defaults of options that the document decides. */
export const DOCUMENTED: { readonly auth: AuthScheme; readonly idField: string } = facts;

/** The schema of the whole document, for the raw client. */
export type { paths } from "../../generated/schema.d.ts";

/** A user, and its JSON as it was when it was checked: its owner may change it while the call waits. */
export interface UserToSend {
  readonly user: FlatUser;
  readonly accountNumber: string | undefined;
  readonly text: string;
}

/** The operations, one function each. They give the answer whatever its status; the caller decides what it means. */
export interface Contract {
  createUser(user: UserToSend, call: Call): Promise<Answer>;
  updateUser(userIdentification: string, user: UserToSend, call: Call): Promise<Answer>;
  /** `path`: where the platform has the rule, if not where the document says. */
  setRule(id: string, rule: RuleToSend, call: Call, path?: string): Promise<Answer>;
  listUserProfiles(call: Call): Promise<Answer>;
  listCountries(call: Call): Promise<Answer>;
  getCountry(code: string, call: Call): Promise<Answer>;
}

/** openapi-fetch's types without its code, which would make a Request and a Response only for them to be taken apart again. */
type Methods = Pick<Client<paths>, "GET" | "PUT" | "POST">;

/** The options of openapi-fetch's methods that matter here. */
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
  /** The methods with openapi-fetch's types, so that the compiler holds every call against the document. */
  const through = (operation: string, call: Call): Methods => {
    const method = (name: string) => (template: string, init: Init) => send(operation, name, template, init, call);
    // Their types are openapi-fetch's, but they give the answer itself: see answerOf.
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

/** All that is sent, of the rules by their names. Compiles if the document names every field. */
type Body =
  | Sent<FlatUser, Documented<BodyOf<CreateUser>, FlatUser>>
  | Sent<FlatUser, Documented<BodyOf<UpdateUser>, FlatUser>>
  | RuleBodies[RuleName];
type FlatUser = Omit<UserInput, "custom">;
type RuleBodies = Sent<
  { [Name in RuleName]: RuleBody<Name> },
  { [Name in RuleName]: Documented<BodyOf<SetRule<Name>>, RuleBody<Name>> }
>;

/** The calls that set rules. Compiles if the document has an operation for every rule that takes its body. */
type RuleCalls = Taken<
  { [Name in RuleName]: { params: { path: { id: Id } }; body: OnTheWire<RuleBodies[Name]> } },
  { [Name in RuleName]: InitOf<RulePath<Name>> }
>;
type InitOf<Path extends string> = Path extends keyof paths
  ? MaybeOptionalInit<paths[Path], "put">
  : `the document has no PUT ${Path}`;

/** The same value: as JSON it has no undefined fields, and what is sent cannot be changed through the type. */
function onTheWire<T extends Body>(body: T): OnTheWire<T> {
  return body as OnTheWire<T>;
}

/** An identification for a path, where every value is text, whatever type the document gives it. */
function asId(text: string): Id {
  return text as Id;
}

/** The places of content in answers, as the document says. */
export const PLACES = facts.places;
type Places = typeof PLACES;

/** All that is read. The Oplead ID may be text or a number. */
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

/** The transport has read and parsed the body already: its answer stands where openapi-fetch's types name theirs. */
function answerOf(answer: Promise<unknown>): Promise<Answer> {
  return answer as Promise<Answer>;
}
