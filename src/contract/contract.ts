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

// Only this file imports generated/schema.d.ts, so a document that breaks the package breaks its compilation. Types are
// found by path, so a renamed component changes nothing.

type CreateUser = paths["/v1/users"]["post"];
type UpdateUser = paths["/v1/users/{userIdentification}"]["put"];
type ListUserProfiles = paths["/v1/settings/user-profiles"]["get"];
type ListCountries = paths["/v1/types/countries"]["get"];
type GetCountry = paths["/v1/types/country/{code}"]["get"];

type SetRule<Name extends RuleName> = RulePath<Name> extends keyof paths ? PutOf<paths[RulePath<Name>]> : never;
type AnySetRule = { [Name in RuleName]: SetRule<Name> }[RuleName];
type PutOf<Path> = Path extends { put: infer Operation } ? Operation : never;

// This line compiles only if every write has the parameter: test mode must cover all writes.
export const TEST_PARAMETER = facts.testParameter satisfies CommonQueryOf<CreateUser | UpdateUser | AnySetRule>;

export const DOCUMENTED: { readonly auth: AuthScheme; readonly idField: string } = facts;

export type { paths } from "../../generated/schema.d.ts";

// A user to send. `text` is the JSON that is sent, because the caller may change the object while the call waits.
export interface UserToSend {
  readonly user: FlatUser;
  readonly accountNumber: string | undefined;
  readonly text: string;
}

export interface Contract {
  createUser(user: UserToSend, call: Call): Promise<Answer>;
  updateUser(userIdentification: string, user: UserToSend, call: Call): Promise<Answer>;
  // `path` is given only where this platform differs from the document.
  setRule(id: string, rule: RuleToSend, call: Call, path?: string): Promise<Answer>;
  listUserProfiles(call: Call): Promise<Answer>;
  listCountries(call: Call): Promise<Answer>;
  getCountry(code: string, call: Call): Promise<Answer>;
}

// Only the types of openapi-fetch are used: its code would make a Request and a Response, which nobody needs.
type Methods = Pick<Client<paths>, "GET" | "PUT" | "POST">;

interface Init {
  readonly params?: { readonly path?: Readonly<Record<string, unknown>> };
  readonly body?: unknown;
  readonly bodySerializer?: () => string;
}

export function openContract(transport: Transport): Contract {
  const { baseUrl, wire } = transport.settings;
  const send = (operation: string, method: string, path: string, init: Init, call: Call, rule?: RuleName) => {
    const text = init.bodySerializer?.() ?? (init.body === undefined ? undefined : JSON.stringify(init.body));
    const url = baseUrl + fillPath(path, init.params?.path ?? {});
    const form = rule ?? READS[operation] ?? "user";
    const body = wire && text !== undefined ? wire.write(form, text) : text;
    const answer = transport.send({ operation, method, url, path, body, rule }, call);
    return wire ? answer.then((read) => wire.read(form, read)) : answer;
  };
  const through = (operation: string, call: Call): Methods => {
    const method = (name: string) => (template: string, init: Init) => send(operation, name, template, init, call);
    // `answerOf` corrects the type: these methods return the `Answer` itself.
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

const READS: Readonly<Record<string, string>> = {
  listUserProfiles: "profiles",
  listCountries: "countries",
  getCountry: "country",
};

// This type compiles only if the document names every field of each body.
type Body =
  | Sent<FlatUser, Documented<BodyOf<CreateUser>, FlatUser>>
  | Sent<FlatUser, Documented<BodyOf<UpdateUser>, FlatUser>>
  | RuleBodies[RuleName];
type FlatUser = Omit<UserFields, "custom">;
type RuleBodies = Sent<
  { [Name in RuleName]: RuleBody<Name> },
  { [Name in RuleName]: Documented<BodyOf<SetRule<Name>>, RuleBody<Name>> }
>;

// This type compiles only if the document accepts the body of every rule.
type RuleCalls = Taken<
  { [Name in RuleName]: { params: { path: { id: Id } }; body: OnTheWire<RuleBodies[Name]> } },
  { [Name in RuleName]: InitOf<RulePath<Name>> }
>;
type InitOf<Path extends string> = Path extends keyof paths
  ? MaybeOptionalInit<paths[Path], "put">
  : `the document has no PUT ${Path}`;

function onTheWire<T extends Body>(body: T): OnTheWire<T> {
  return body as OnTheWire<T>;
}

// The cast is harmless: in a URL every value is text.
function asId(text: string): Id {
  return text as Id;
}

// Places in an answer where the document has the list or the country.
export const PLACES = facts.places;
type Places = typeof PLACES;

// In an answer the Oplead ID may be text or a number.
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

// The transport has parsed the body, so the methods return its `Answer`.
function answerOf(answer: Promise<unknown>): Promise<Answer> {
  return answer as Promise<Answer>;
}
