// A platform by the guide and by other choices than this package's. Shares no code with the package or its fake.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Json = Readonly<Record<string, unknown>>;

export interface ForeignOptions {
  // The unusual kinds that a probe must notice before anything is written.
  // `accepts everything` and `ignores test=true` have no test mode.
  readonly kind?: "ignores test=true" | "answers without ids" | "accepts everything" | undefined;
  readonly now?: () => number;
  // Not documented by the platform. Default: 40 requests in 2 s.
  readonly limit?: { readonly requests: number; readonly perMs: number };
}

const REQUIRED = ["civility", "last_name", "login", "email", "address", "profile"];
const OPTIONAL = ["first_name", "phone", "mobile_phone", "company_name", "account_number", "parent_user_identifier"];
const PROFILES = [
  { ref: "HEAD", name: "Head office" },
  { ref: "DEALER", name: "Dealer", parent: "HEAD" },
];
const COUNTIES = [
  { number: "01", name: "Ain", zips: ["01000", "01100"] },
  { number: "75", name: "Paris", zips: ["75001"] },
];
const AN_HOUR = 3_600_000;

const RULES: Readonly<Record<string, (body: unknown) => boolean>> = {
  geographical: (body) => lists(body, "countries", (one) => typeof one.country === "string"),
  max_distance: (body) => typeof (body as Json | null)?.max_distance === "number",
  competences: (body) => Array.isArray(body) && body.every((one: Json) => typeof one.range === "string"),
  contact_profiles: (body) => Array.isArray(body) && body.every((one) => typeof one === "string"),
  profile_types: (body) => Array.isArray(body) && body.every((one) => typeof one === "string"),
};

function lists(body: unknown, name: string, fits: (one: Json) => boolean): boolean {
  const list = (body as Json | null)?.[name];
  return Array.isArray(list) && list.every((one) => fits(one as Json));
}

const UNREADABLE = Symbol("unreadable");

function readJson(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return UNREADABLE;
  }
}

// What a person writes into `platform` once they know it.
export const FOREIGN = {
  fields: {
    lastname: "last_name",
    firstname: "first_name",
    mobile: "mobile_phone",
    company: "company_name",
    accountNumber: "account_number",
    parentUserIdentifier: "parent_user_identifier",
    "address.zipCode": "address.postal_code",
    "address.country.code": "address.country",
    "profile.code": "profile",
    "geographical.handledCountries[].handledCountry.code": "countries[].country",
    "maxDistance.maxDistance": "max_distance",
    "competences[].range.code": "[].range",
    "competences[].requestType.code": "[].request_type",
    "contactProfiles[].code": "[]",
    "profiles[].code": "[].ref",
    "profiles[].label": "[].name",
    "profiles[].parent.code": "[].parent",
    "countries[].code": "[].iso",
    "countries[].label": "[].name",
    "country.code": "iso",
    "country.label": "name",
    "country.counties[].label": "counties[].name",
    "country.counties[].postCodeZips[]": "counties[].zips[]",
  },
  rulePaths: {
    geographical: "/v1/users/{id}/rules/geographical",
    maxDistance: "/v1/users/{id}/rules/max_distance",
    competences: "/v1/users/{id}/rules/competences",
    contactProfiles: "/v1/users/{id}/rules/contact_profiles",
    profileTypes: "/v1/users/{id}/rules/profile_types",
  },
  envelope: { item: "data", list: "items" },
} as const;

export async function foreignPlatform({ kind, now = Date.now, limit }: ForeignOptions = {}) {
  const { requests: most, perMs } = limit ?? { requests: 40, perMs: 2_000 };
  const users = new Map<string, Json>();
  const rules = new Map<string, Record<string, unknown>>();
  const tokens = new Map<string, number>();
  const requests: { method: string; path: string; status: number; isTest: boolean; body: unknown }[] = [];
  let starts: number[] = [];

  const issue = (): string => {
    const token = `ft_${crypto.randomUUID().replaceAll("-", "")}`;
    tokens.set(token, now() + AN_HOUR);
    return token;
  };
  const find = (name: string) => users.get(name) ?? [...users.values()].find((user) => user.account_number === name);

  function refusals(body: Json, own?: Json): Json[] {
    const wrong = (pointer: string, detail: string) => ({ pointer: `#/${pointer}`, detail });
    const address = (body.address ?? {}) as Json;
    const parent = body.parent_user_identifier;
    const taken = find(String(body.account_number));
    return [
      ...REQUIRED.filter((name) => body[name] === undefined).map((name) => wrong(name, "is required")),
      ...(body.address === undefined ? [] : ["postal_code", "city", "country"])
        .filter((name) => typeof address[name] !== "string")
        .map((name) => wrong(`address/${name}`, "is required, as text")),
      ...Object.keys(body)
        .filter((name) => ![...REQUIRED, ...OPTIONAL].includes(name))
        .map((name) => wrong(name, "is not a property")),
      ...(body.profile !== undefined && !PROFILES.some(({ ref }) => ref === body.profile)
        ? [wrong("profile", "must be one of HEAD, DEALER")]
        : []),
      ...(parent !== undefined && !find(String(parent)) ? [wrong("parent_user_identifier", "is unknown")] : []),
      ...(taken && taken !== own ? [wrong("account_number", "is taken")] : []),
    ];
  }

  const problem = (status: number, title: string, more: Json = {}) => ({
    status,
    type: "application/problem+json",
    body: JSON.stringify({ type: "about:blank", title, status, ...more }),
  });
  const json = (status: number, value: unknown) => ({ status, type: "application/json", body: JSON.stringify(value) });
  const page = { status: 404, type: "text/html", body: "<html><title>404 Not Found</title><hr>nginx</html>" };
  const shown = (user: Json) => {
    const all = Object.fromEntries([...REQUIRED, ...OPTIONAL].map((name) => [name, user[name] ?? null]));
    return json(200, { data: kind === "answers without ids" ? all : { id: user.id, ...all } });
  };

  function answer(method: string, path: string, isTest: boolean, body: unknown) {
    const writes = !isTest || kind === "ignores test=true";
    if (method === "GET" && path === "/v1/settings/user-profiles") return json(200, { items: PROFILES });
    if (method === "GET" && path === "/v1/types/countries")
      return json(200, { items: [{ iso: "FR", name: "France" }] });
    if (method === "GET" && path === "/v1/types/country/FR")
      return json(200, { data: { iso: "FR", name: "France", counties: COUNTIES } });
    const [, name = "", rule] = /^\/v1\/users(?:\/([^/]+))?(?:\/rules\/(\w+))?$/.exec(path) ?? [];
    const isUsers = path === "/v1/users" || name !== "";
    const own = name === "" ? undefined : find(decodeURIComponent(name));
    if (kind === "accepts everything" && isUsers && method !== "GET") return json(200, { data: { id: name || "1" } });
    if (!isUsers || (name !== "" && !own)) return page;
    if (method === "GET" && own) return shown(own);
    if (rule !== undefined) {
      const fits = RULES[rule];
      if (!fits) return page;
      const errors = rule === "max_distance" ? [{ pointer: "#/max_distance", detail: "is required" }] : [];
      if (!fits(body)) return problem(422, "The rule is not valid", { errors });
      if (writes) rules.set(String(own?.id), { ...rules.get(String(own?.id)), [rule]: body });
      return { status: 204, type: "", body: "" };
    }
    const errors = refusals(body as Json, own);
    if (errors.length > 0) return problem(422, "The user is not valid", { errors });
    const user = { ...(body as Json), id: own?.id ?? crypto.randomUUID() };
    if (writes) users.set(user.id as string, user);
    return { ...shown(user), status: own ? 200 : 201 };
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const chunk of request) text += chunk;
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://x");
    const isTest = searchParams.get("test") === "true";
    const { method = "GET" } = request;
    const date = new Date(now()).toUTCString();
    const hasTests = kind !== "ignores test=true" && kind !== "accepts everything";
    const body = readJson(text);
    const reply = (status: number, type: string, content: string, headers: Record<string, string> = {}) => {
      requests.push({ method, path: pathname, status, isTest, body });
      response.writeHead(status, {
        ...(type && { "content-type": type }),
        date,
        ...headers,
      });
      response.end(content);
    };
    starts = [...starts.filter((at) => at > now() - perMs), now()];
    if (starts.length > most) {
      const later = { "retry-after": new Date(now() + perMs).toUTCString() };
      const { status, type, body: content } = problem(429, "Too many requests");
      return reply(status, type, content, later);
    }
    const refuse = (detail: string) => {
      const { status, type, body: content } = problem(400, "The request is not valid", { errors: [{ detail }] });
      return reply(status, type, content);
    };
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
    const isValid = (tokens.get(token) ?? 0) > now();
    const test = searchParams.get("test") ?? "false";
    if (isValid && hasTests && !/^(?:true|false)$/.test(test)) return refuse("test must be true or false");
    if (isValid && body === UNREADABLE) return refuse("The body is no JSON");
    const {
      status,
      type,
      body: content,
    } = isValid ? answer(method, pathname, isTest, body) : problem(401, "The token is wrong or has ended");
    reply(status, type, content);
  }

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    issue,
    get users() {
      return [...users.values()];
    },
    rulesOf: (accountNumber: string) => rules.get(String(find(accountNumber)?.id)),
    requests,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
