// A platform, written apart from the fake, that differs from the package's assumptions as a personality says.
import { Socket } from "node:net";
import type { RuleName } from "../../src/index.ts";
import { type Seen, serve, TOKEN } from "./servers.ts";

type Form = "json" | "html" | "empty";
type Json = Record<string, unknown>;

export interface Personality {
  readonly tokenHeader?: string;
  readonly notFound?: Form;
  readonly wrongPath?: Form;
  // `false`: a second user with the same account number is created.
  readonly duplicates?: number | false;
  readonly ids?: "digits" | "number" | "uuid" | "text";
  readonly idField?: string;
  readonly envelope?: string;
  readonly put?: "whole" | "part" | "anything";
  readonly disabled?: readonly RuleName[];
  readonly rulePaths?: Partial<Record<RuleName, string>>;
  readonly rangesOnly?: boolean;
  readonly withoutZips?: boolean;
  // A proxy takes `?test=true` off.
  readonly dropsTest?: boolean;
  readonly echoesTest?: boolean;
  // Also of requests that were no test.
  readonly claimsTest?: boolean;
  readonly readable?: boolean;
  readonly lagMs?: number;
  readonly readLagMs?: number;
  readonly slashes?: "without" | "with";
  readonly keepsAccountNumber?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly checksFirst?: boolean;
  readonly errors?: "list" | "map";
  // Case and surrounding spaces in account numbers do not count.
  readonly looseIdentifiers?: boolean;
  // Then every connection breaks before the answer.
  readonly dropsAfter?: number;
}

interface Reply {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly text: string;
}

interface Stored {
  readonly id: string;
  user: Json;
  rules: Json;
  readonly shownRules: { readonly from: number; readonly rules: Json }[];
  readonly visibleAt: number;
}

// Answers instead of the platform while it is on.
interface Gateway {
  isOn: boolean;
  form: Form;
  answers: (method: string, path: string) => boolean;
}

export const PATHS: Record<RuleName, string> = {
  geographical: "geographical",
  maxDistance: "max-distance",
  competences: "competences",
  contactProfiles: "contact-profiles",
  profileTypes: "profile-types",
};

const REQUIRED = ["civility", "lastname", "login", "email", "address", "profile"];
const PAGE = "<html><head><title>404 Not Found</title></head><body>nginx</body></html>";

const PROFILES = [
  { code: "PRF_NETWORK", label: "Network" },
  { code: "PRF_DEALER", label: "Dealer", parent: { code: "PRF_NETWORK" } },
];

export async function standIn(like: Personality = {}) {
  const users: Stored[] = [];
  const counted = { created: 0, changed: 0 };
  const gateway: Gateway = {
    isOn: false,
    form: "html",
    answers: (method, path) => method === "PUT" && path.startsWith("/v1/users/"),
  };
  const { ids = "digits", idField = "id", lagMs = 0, put = "whole" } = like;
  const paths = { ...PATHS, ...like.rulePaths };

  const idOf = (number: number): string =>
    ids === "uuid"
      ? `3f2b8c1e-0d4a-4f6b-9a77-${String(number).padStart(12, "0")}`
      : ids === "text"
        ? `usr_${number}x`
        : String(5000 + number);

  const plain = (text: unknown): string => (like.looseIdentifiers ? String(text).trim().toLowerCase() : String(text));

  const find = (identification: string): Stored | undefined => {
    const now = Date.now();
    return users.find(
      ({ id, user, visibleAt }) =>
        visibleAt <= now && (id === identification || plain(user.accountNumber) === plain(identification)),
    );
  };

  function add(user: Json, visibleAt = Date.now() + lagMs): Stored {
    const stored = { id: idOf(users.length + 1), user: structuredClone(user), rules: {}, shownRules: [], visibleAt };
    users.push(stored);
    return stored;
  }

  function shown(id: string, { ...user }: Json): Json {
    if (like.keepsAccountNumber) delete user.accountNumber;
    const answer = { ...user, [idField]: ids === "number" ? Number(id) : id };
    return like.envelope === undefined ? answer : { status: "ok", [like.envelope]: answer };
  }

  function answer(status: number, body: unknown, more: Record<string, string> = {}): Reply {
    const headers = { "content-type": "application/json", ...like.headers, ...more };
    return { status, headers, text: JSON.stringify(body) };
  }

  function page(form: Form): Reply {
    if (form === "json") return answer(404, { code: 404, message: "Not found." });
    return form === "html"
      ? { status: 404, headers: { "content-type": "text/html" }, text: PAGE }
      : { status: 404, headers: {}, text: "" };
  }

  function refuse(status: number, ...fields: string[]): Reply {
    const errors =
      like.errors === "map"
        ? Object.fromEntries(fields.map((field) => [field, ["wrong"]]))
        : fields.map((field) => ({ field, message: "wrong" }));
    return answer(status, { code: status, message: "Refused.", errors });
  }

  function wrongFields(user: Json): string[] {
    const missing = REQUIRED.filter((name) => user[name] === undefined || user[name] === "");
    const email = String(user.email ?? "a@b.c");
    return email.includes("@") ? missing : [...missing, "email"];
  }

  function isTaken(user: Json, except?: Stored): boolean {
    return users.some((one) => one !== except && one.user.accountNumber === user.accountNumber);
  }

  function write(isTest: boolean, status: number, body: Json, act: () => void): Reply {
    if (!isTest) act();
    const more =
      like.echoesTest || like.claimsTest ? { "x-test-mode": String(isTest || like.claimsTest === true) } : undefined;
    return answer(status, body, more);
  }

  function create(isTest: boolean, user: Json): Reply {
    const { duplicates = 409 } = like;
    const wrong = wrongFields(user);
    if (wrong.length > 0) return refuse(422, ...wrong);
    if (duplicates !== false && isTaken(user)) return refuse(duplicates, "accountNumber");
    return write(isTest, 201, shown(idOf(users.length + 1), user), () => {
      counted.created += 1;
      add(user);
    });
  }

  function update(isTest: boolean, identification: string, body: Json): Reply {
    const stored = find(identification);
    const check = (user: Json): Reply | undefined => {
      const wrong = put === "anything" ? [] : wrongFields(user);
      return wrong.length === 0 ? undefined : refuse(422, ...wrong);
    };
    const early = like.checksFirst ? check(body) : undefined;
    if (early) return early;
    if (!stored) return page(like.notFound ?? "json");
    const next = put === "part" ? { ...stored.user, ...body } : body;
    const refusal = check(next);
    if (refusal) return refusal;
    if (like.duplicates !== false && isTaken(next, stored)) return refuse(like.duplicates ?? 409, "accountNumber");
    return write(isTest, 200, shown(stored.id, next), () => {
      if (JSON.stringify(stored.user) !== JSON.stringify(next)) counted.changed += 1;
      stored.user = next;
    });
  }

  function setRule(isTest: boolean, identification: string, end: string, body: unknown): Reply {
    const [name] = (Object.entries(paths) as [RuleName, string][]).find(([, path]) => path === end) ?? [];
    if (name === undefined) return page(like.wrongPath ?? "json");
    const stored = find(identification);
    if (!stored) return page(like.notFound ?? "json");
    if (like.disabled?.includes(name)) return refuse(403);
    const pairs = name === "competences" && Array.isArray(body) && body.some((one) => one.requestType);
    if (like.rangesOnly && pairs) return refuse(422, "requestType");
    return write(isTest, 200, { [name]: body }, () => {
      if (JSON.stringify(stored.rules[name]) !== JSON.stringify(body)) counted.changed += 1;
      const { shownRules, rules } = stored;
      if (shownRules.length === 0) shownRules.push({ from: 0, rules });
      stored.rules = { ...rules, [name]: body };
      shownRules.push({ from: Date.now() + (like.readLagMs ?? 0), rules: stored.rules });
    });
  }

  function country(): Json {
    const postCodeZips = like.withoutZips ? undefined : ["01000", "01100"];
    return { code: "FR", label: "France", counties: [{ number: "01", label: "Ain", postCodeZips }] };
  }

  function respond({ method, url, headers, body }: Omit<Seen, "socket">): Reply {
    const { pathname, searchParams } = new URL(url, "http://stand.in");
    const wrap = (value: unknown): unknown => (like.envelope === undefined ? value : { [like.envelope]: value });
    const token = like.tokenHeader === undefined ? headers.authorization : headers[like.tokenHeader.toLowerCase()];
    if (gateway.isOn && gateway.answers(method, pathname)) return page(gateway.form);
    if (token !== (like.tokenHeader === undefined ? `Bearer ${TOKEN}` : TOKEN)) return refuse(401);
    if (like.slashes === "without" && pathname.endsWith("/")) return page(like.wrongPath ?? "json");
    const isTest = !like.dropsTest && searchParams.get("test") === "true";
    const parts = pathname.split("/").filter((part) => part !== "");
    const [, area = "", first = "", second = "", third = ""] = parts.map(decodeURIComponent);
    const content = body.length === 0 ? undefined : JSON.parse(body.toString());
    const route = `${method} ${area}`;
    if (route === "GET settings" && first === "user-profiles") return answer(200, wrap(PROFILES));
    if (route === "GET types" && first === "countries") return answer(200, wrap([{ code: "FR", label: "France" }]));
    if (route === "GET types" && first === "country" && second === "FR") return answer(200, wrap(country()));
    if (route === "GET types" && first === "country") return page(like.notFound ?? "json");
    if (route === "POST users" && parts.length === 2) return create(isTest, content);
    if (route === "PUT users" && parts.length === 3) return update(isTest, first, content);
    if (route === "PUT users" && parts.length === 5 && second === "rule") {
      return setRule(isTest, first, third, content);
    }
    const found = like.readable && route === "GET users" && parts.length === 3 ? find(first) : undefined;
    if (found) {
      const { rules } = found.shownRules.findLast(({ from }) => from <= Date.now()) ?? found;
      return answer(200, { ...shown(found.id, found.user), rules });
    }
    return page(like.wrongPath ?? "json");
  }

  const server = await serve((response, request) => {
    if (server.seen.length > (like.dropsAfter ?? Number.POSITIVE_INFINITY)) return response.destroy();
    const { status, headers, text } = respond(request);
    response.writeHead(status, headers).end(text);
  });
  return {
    url: server.url,
    seen: server.seen,
    // Without a network, for virtual time.
    fetch: async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
      const { pathname, search } = new URL(String(input instanceof Request ? input.url : input));
      const headers = Object.fromEntries(new Headers(init.headers));
      const body = Buffer.from(String(init.body ?? ""));
      const request = { method: init.method ?? "GET", url: pathname + search, headers, body, at: performance.now() };
      server.seen.push({ ...request, socket: new Socket() });
      const reply = respond(request);
      return new Response(reply.text, { status: reply.status, headers: reply.headers });
    },
    users,
    counted,
    gateway,
    has(user: object, rules: object = {}, visibleAt = 0): Stored {
      const stored = add(user as Json, visibleAt);
      stored.rules = structuredClone(rules as Json);
      return stored;
    },
    duplicates(): number {
      return users.length - new Set(users.map(({ user }) => user.accountNumber)).size;
    },
  };
}

export type StandIn = Awaited<ReturnType<typeof standIn>>;
