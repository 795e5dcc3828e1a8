import createClient, { type Client } from "openapi-fetch";
import { facts } from "../../generated/facts.ts";
import type { paths } from "../../generated/schema.d.ts";
import type { AuthScheme } from "../options.ts";
import type { Country, CountryDetails, UserProfile } from "../reference-types.ts";
import type { PairCompetence, RuleToSend } from "../rules/index.ts";
import type { Answer } from "../transport/answer.ts";
import type { Call } from "../transport/call.ts";
import type { Transport } from "../transport/transport.ts";
import { fillPath } from "../transport/url.ts";
import type { UserInput } from "../user/user.ts";
import type { AnswerOf, At, BodyOf, CommonQueryOf, Id, ItemOf, OnTheWire, Read, Sent, Told } from "./shapes.ts";

/*
 * What this package relies on of Oplead's OpenAPI document: the only importer of generated/schema.d.ts. Everything is taken by
 * path, never by component name, so that a renamed component changes nothing, and everything that a new document breaks
 * breaks here, as a compile error.
 */

type CreateUser = paths["/v1/users"]["post"];
type UpdateUser = paths["/v1/users/{userIdentification}"]["put"];
type SetGeographical = paths["/v1/users/{id}/rule/geographical"]["put"];
type SetMaxDistance = paths["/v1/users/{id}/rule/max-distance"]["put"];
type SetCompetences = paths["/v1/users/{id}/rule/competences"]["put"];
type SetContactProfiles = paths["/v1/users/{id}/rule/contact-profiles"]["put"];
type SetProfileTypes = paths["/v1/users/{id}/rule/profile-types"]["put"];
type ListUserProfiles = paths["/v1/settings/user-profiles"]["get"];
type ListCountries = paths["/v1/types/countries"]["get"];
type GetCountry = paths["/v1/types/country/{code}"]["get"];

type SetRule = SetGeographical | SetMaxDistance | SetCompetences | SetContactProfiles | SetProfileTypes;

/** The query parameter that makes a write a test. Every write must have it, or test mode would not be total. */
export const TEST_PARAMETER = facts.testParameter satisfies CommonQueryOf<CreateUser | UpdateUser | SetRule>;

/** Defaults of options that the document decides. */
export const DOCUMENTED: { readonly auth: AuthScheme; readonly idField: string } = facts;

/** The schema of the whole document, for the raw client. */
export type { paths } from "../../generated/schema.d.ts";

/** A user, and its JSON as it was when it was checked: its owner may change it while the call waits. */
export interface UserToSend {
  readonly user: UserInput;
  readonly accountNumber: string | undefined;
  readonly text: string;
}

/** The operations, one function each. They give the answer whatever its status; what it means is the caller's affair. */
export interface Contract {
  createUser(user: UserToSend, call: Call): Promise<Answer>;
  updateUser(userIdentification: string, user: UserToSend, call: Call): Promise<Answer>;
  setRule(id: string, rule: RuleToSend, call: Call): Promise<Answer>;
  listUserProfiles(call: Call): Promise<Answer>;
  listCountries(call: Call): Promise<Answer>;
  getCountry(code: string, call: Call): Promise<Answer>;
}

export function openContract(transport: Transport): Contract {
  const client: Client<paths> = createClient({
    baseUrl: transport.settings.baseUrl,
    pathSerializer: fillPath,
    bodySerializer: (body) => JSON.stringify(body),
    Request: LightRequest as unknown as typeof Request, // openapi-fetch only makes it and hands it on
  });
  const through = (call: Call) => ({
    fetch: async (request: Request): Promise<Response> => {
      // openapi-fetch gives what it made with our constructor, and gives back what it gets here.
      const { method, url, body } = request as unknown as LightRequest;
      return new LightResponse(await transport.send({ method, url, body }, call)) as unknown as Response;
    },
  });
  return {
    createUser: ({ user, text }, call) =>
      answerOf(client.POST("/v1/users", { body: onTheWire(user), bodySerializer: () => text, ...through(call) })),
    updateUser: (userIdentification, { user, text }, call) =>
      answerOf(
        client.PUT("/v1/users/{userIdentification}", {
          params: { path: { userIdentification: asId(userIdentification) } },
          body: onTheWire(user),
          bodySerializer: () => text,
          ...through(call),
        }),
      ),
    setRule: (id, rule, call) => {
      const params = { path: { id: asId(id) } };
      switch (rule.name) {
        case "geographical":
          return answerOf(
            client.PUT("/v1/users/{id}/rule/geographical", { params, body: onTheWire(rule.body), ...through(call) }),
          );
        case "maxDistance":
          return answerOf(
            client.PUT("/v1/users/{id}/rule/max-distance", { params, body: onTheWire(rule.body), ...through(call) }),
          );
        case "competences":
          return answerOf(
            client.PUT("/v1/users/{id}/rule/competences", { params, body: onTheWire(rule.body), ...through(call) }),
          );
        case "contactProfiles":
          return answerOf(
            client.PUT("/v1/users/{id}/rule/contact-profiles", {
              params,
              body: onTheWire(rule.body),
              ...through(call),
            }),
          );
        case "profileTypes":
          return answerOf(
            client.PUT("/v1/users/{id}/rule/profile-types", { params, body: onTheWire(rule.body), ...through(call) }),
          );
      }
    },
    listUserProfiles: (call) => answerOf(client.GET("/v1/settings/user-profiles", through(call))),
    listCountries: (call) => answerOf(client.GET("/v1/types/countries", through(call))),
    getCountry: (code, call) =>
      answerOf(client.GET("/v1/types/country/{code}", { params: { path: { code } }, ...through(call) })),
  };
}

type RuleBody<Name> = Extract<RuleToSend, { name: Name }>["body"];

/** All that is sent. */
type Body =
  | Sent<UserInput, Told<BodyOf<CreateUser>, UserInput>>
  | Sent<UserInput, Told<BodyOf<UpdateUser>, UserInput>>
  | Sent<RuleBody<"geographical">, Told<BodyOf<SetGeographical>, RuleBody<"geographical">>>
  | Sent<RuleBody<"maxDistance">, Told<BodyOf<SetMaxDistance>, RuleBody<"maxDistance">>>
  | Sent<RuleBody<"contactProfiles">, Told<BodyOf<SetContactProfiles>, RuleBody<"contactProfiles">>>
  | Sent<RuleBody<"profileTypes">, Told<BodyOf<SetProfileTypes>, RuleBody<"profileTypes">>>
  // A pair has all the fields that a range alone has.
  | Sent<readonly PairCompetence[], Told<BodyOf<SetCompetences>, readonly PairCompetence[]>>
  | RuleBody<"competences">;

function onTheWire<T extends Body>(body: T): OnTheWire<T> {
  return body as OnTheWire<T>;
}

/** In a path all is text, whatever kind of value the document says. */
function asId(text: string): Id {
  return text as Id;
}

/** Where the document says that something is in an answer. */
export const PLACES = facts.places;
type Places = typeof PLACES;

/** All that is read. The Oplead ID may be text or a number. */
type OpleadId = string | number;
export type CreatedId = Read<OpleadId, Told<At<AnswerOf<CreateUser>, typeof facts.idField>, OpleadId>>;
export type UpdatedId = Read<OpleadId, Told<At<AnswerOf<UpdateUser>, typeof facts.idField>, OpleadId>>;
export type Profile = Read<UserProfile, Told<ItemOf<At<AnswerOf<ListUserProfiles>, Places["profiles"]>>, UserProfile>>;
export type ListedCountry = Read<Country, Told<ItemOf<At<AnswerOf<ListCountries>, Places["countries"]>>, Country>>;
export type OneCountry = Read<CountryDetails, Told<At<AnswerOf<GetCountry>, Places["country"]>, CountryDetails>>;

/** In place of `Request`, which costs more than the rest of a call and would be taken apart again at once. */
class LightRequest {
  readonly url: string;
  readonly method: string;
  readonly body: string | undefined;

  constructor(url: string, init: { method: string; body?: string }) {
    this.url = url;
    this.method = init.method;
    this.body = init.body;
  }
}

/** In place of `Response`: the transport has read and parsed the body already, and keeps it. */
class LightResponse {
  readonly answer: Answer;
  readonly status: number;
  readonly ok: boolean;
  readonly headers: { get(name: string): string | null };

  constructor(answer: Answer) {
    this.answer = answer;
    this.status = answer.status;
    this.ok = answer.status >= 200 && answer.status < 300;
    // Zero for a failure makes openapi-fetch leave its body alone, which would be parsed a second time. It believes in that
    // only where no Transfer-Encoding says otherwise, so there is none.
    this.headers = { get: (name) => (name === "Content-Length" ? (this.ok ? "1" : "0") : null) };
  }

  async json(): Promise<unknown> {
    return this.answer.data;
  }
}

async function answerOf(result: Promise<{ response: Response }>): Promise<Answer> {
  const { response } = await result;
  // What our own fetch gave, above.
  return (response as unknown as LightResponse).answer;
}
