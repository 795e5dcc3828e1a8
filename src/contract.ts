import createClient, { type Client } from "openapi-fetch";
import type { paths } from "../generated/schema.d.ts";
import type { Country, CountryDetails, UserProfile } from "./reference/types.ts";
import type { RuleToSend } from "./rules/index.ts";
import type { Answer } from "./transport/answer.ts";
import type { Call, Transport } from "./transport/transport.ts";
import { fillPath } from "./transport/url.ts";
import type { UserInput } from "./user/user.ts";

/*
 * What this package relies on of Oplead's OpenAPI document: the only importer of generated/. Everything is taken by
 * path, never by component name, so that a renamed component changes nothing, and everything that a new document breaks
 * breaks here, as a compile error.
 */

/** The query parameter of a write that makes it a test. */
export const TEST_PARAMETER = "test" satisfies keyof NonNullable<
  paths["/v1/users"]["post"]["parameters"]["query"] &
    paths["/v1/users/{userIdentification}"]["put"]["parameters"]["query"] &
    paths["/v1/users/{id}/rule/geographical"]["put"]["parameters"]["query"]
>;

/** The schema of the whole document, for the raw client. */
export type { paths } from "../generated/schema.d.ts";

/** The operations, one function each. They give the answer whatever its status; what it means is the caller's affair. */
export interface Contract {
  createUser(user: UserInput, call: Call): Promise<Answer>;
  updateUser(userIdentification: string, user: UserInput, call: Call): Promise<Answer>;
  setRule(id: string, rule: RuleToSend, call: Call): Promise<Answer>;
  listUserProfiles(call: Call): Promise<Answer>;
  listCountries(call: Call): Promise<Answer>;
  getCountry(code: string, call: Call): Promise<Answer>;
}

export function openContract(transport: Transport): Contract {
  const client: Client<paths> = createClient({
    baseUrl: transport.settings.baseUrl,
    pathSerializer: fillPath,
    Request: LightRequest as unknown as typeof Request, // openapi-fetch only makes it and hands it on
  });
  const through = (call: Call) => ({
    fetch: async (request: Request): Promise<Response> => {
      const { method, url, body } = request as unknown as LightRequest;
      return new LightResponse(await transport.send({ method, url, body }, call)) as unknown as Response;
    },
  });
  return {
    createUser: (user, call) => answerOf(client.POST("/v1/users", { body: onTheWire(user), ...through(call) })),
    updateUser: (userIdentification, user, call) =>
      answerOf(
        client.PUT("/v1/users/{userIdentification}", {
          params: { path: { userIdentification } },
          body: onTheWire(user),
          ...through(call),
        }),
      ),
    setRule: (id, rule, call) => {
      const params = { path: { id } };
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

/** What an operation answers on success, by path. */
type Answered<
  Path extends keyof paths,
  Method extends keyof paths[Path],
  Status extends PropertyKey,
> = paths[Path][Method] extends { responses: { [S in Status]: { content: { "application/json": infer Body } } } }
  ? Body
  : never;

type CreatedUser = Answered<"/v1/users", "post", 201>;
type UpdatedUser = Answered<"/v1/users/{userIdentification}", "put", 200>;
type Profiles = Answered<"/v1/settings/user-profiles", "get", 200>;
type Countries = Answered<"/v1/types/countries", "get", 200>;
type OneCountry = Answered<"/v1/types/country/{code}", "get", 200>;

/** The Oplead ID in an answer to a user write, as text; undefined when there is none. */
export function idOf(answer: Answer): string | undefined {
  const id: CreatedUser["id"] | UpdatedUser["id"] | undefined = isObject<CreatedUser>(answer.data)
    ? answer.data.id
    : undefined;
  if (typeof id === "number") return Number.isFinite(id) ? String(id) : undefined;
  return typeof id === "string" && id !== "" ? id : undefined;
}

/** The profiles in an answer; undefined when it holds something else. */
export function profilesOf(answer: Answer): readonly UserProfile[] | undefined {
  return isListOf<Profiles[number]>(answer.data, "code") ? answer.data : undefined;
}

/** The countries in an answer; undefined when it holds something else. */
export function countriesOf(answer: Answer): readonly Country[] | undefined {
  return isListOf<Countries[number]>(answer.data, "code") ? answer.data : undefined;
}

/** The country in an answer; undefined when it holds something else. */
export function countryOf(answer: Answer): CountryDetails | undefined {
  const { data } = answer;
  return isObject<OneCountry>(data) && typeof data.code === "string" && isListOf(data.counties, "number")
    ? data
    : undefined;
}

function isObject<T extends object>(value: unknown): value is T {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isListOf<T extends object>(value: unknown, key: keyof T & string): value is T[] {
  return Array.isArray(value) && value.every((item) => isObject<T>(item) && typeof item[key] === "string");
}

/** A body as JSON carries it: what is undefined is left out, and what is sent cannot be changed. */
type OnTheWire<T> = T extends readonly (infer Item)[]
  ? OnTheWire<Item>[]
  : T extends object
    ? { -readonly [Name in keyof T]: OnTheWire<Exclude<T[Name], undefined>> }
    : T;

function onTheWire<T>(body: T): OnTheWire<T> {
  return body as OnTheWire<T>;
}

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
    // Zero for a failure makes openapi-fetch leave its body alone, which would be parsed a second time.
    this.headers = { get: (name) => (name === "Content-Length" ? (this.ok ? "1" : "0") : answer.headers.get(name)) };
  }

  async json(): Promise<unknown> {
    return this.answer.data;
  }
}

async function answerOf(result: Promise<{ response: Response }>): Promise<Answer> {
  const { response } = await result;
  return (response as unknown as LightResponse).answer;
}
