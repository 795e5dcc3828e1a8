import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Oplead, OpleadError, type OpleadOptions, type UserInput } from "../../src/index.ts";
import { rawClient } from "../../src/raw.ts";
import { createFakeOplead, type FakeListener } from "../../src/testing/index.ts";
import { failureOf } from "../support/failure.ts";
import { connect as connectTo } from "../support/servers.ts";

const TOKEN = "tok-3f9c1b7e5a2d";

// All details are unusual, so that they are found in any printed text.
const person = {
  civility: "Madame-Unmistakable",
  firstname: "Clotilde-Unmistakable",
  lastname: "Vauquelin-Unmistakable",
  login: "cvauquelin-unmistakable",
  email: "clotilde.unmistakable@secret.example",
  phone: "+33612345678",
  mobile: "+33687654321",
  company: "Unmistakable SARL",
  address: { street: "77 rue Unmistakable", zipCode: "01630", city: "Unmistakable-Ville", country: { code: "FR" } },
  profile: { code: "PRF_NETWORK" },
  accountNumber: "ACC-77",
} satisfies UserInput;

const SECRETS = [
  TOKEN,
  ...["Madame-Unm", "Clotilde", "clotilde", "Vauquelin", "vauquelin", "secret.example", "12345678", "87654321"],
  ...["Unmistakable", "unmistakable", "01630", "77 rue"],
];

const fake = createFakeOplead({ token: TOKEN });
let server: FakeListener;
beforeAll(async () => {
  server = await fake.listen();
});
afterAll(() => server.close());

const printed: string[] = [];
const line = (message: string): void => {
  printed.push(message);
};
const observing: OpleadOptions = {
  logger: { debug: line, info: line, warn: line, error: line },
  hooks: {
    async around(event, next) {
      line(look(event));
      line(look(await next()));
    },
  },
};

const connect = (options: OpleadOptions = {}): Oplead =>
  connectTo(server.url, {
    token: TOKEN,
    retry: { attempts: 2, baseMs: 1 },
    ...observing,
    ...options,
  });

function look(value: unknown): string {
  return [
    String(value),
    inspect(value, { depth: null, showHidden: true }),
    JSON.stringify(value),
    value instanceof Error ? (value.stack ?? "") : "",
    value instanceof OpleadError ? value.supportReport() : "",
  ].join("\n");
}

function expectNoSecret(text: string): void {
  for (const secret of SECRETS) expect(text).not.toContain(secret);
}

// Contain the request or parts of it.
const TELLTALE: [string, unknown][] = [
  ["the whole user", { message: `User ${person.email} exists`, user: person }],
  ["a list of violations", { violations: [{ propertyPath: "email", message: `${person.email} is taken` }] }],
  ["errors by field", { errors: { email: [`${person.email} is taken`], address: { zipCode: ["01630?"] } } }],
  ["people as names of fields", { errors: { [person.email]: ["taken"], [person.lastname]: "unknown" } }],
  ["codes that are people", { code: person.email, type: person.lastname, status: 12345678, class: "77 rue" }],
  ["text", `SQLSTATE: duplicate key (${person.email}) for ${TOKEN}`],
  ["HTML", `<html><body>${person.lastname} ${TOKEN}</body></html>`],
];

describe.each([200, 302, 400, 401, 403, 404, 409, 422, 429, 500, 503])(
  "the error of an answer with status %i",
  (status) => {
    it.each(TELLTALE)(
      "an answer whose body is or has %s leaks nothing through errors, hooks and logs",
      async (_name, body) => {
        printed.length = 0;
        fake.reset();
        const headers = typeof body === "string" ? { "content-type": "text/html" } : {};
        fake.fail({ as: { status, body, headers, retryAfter: 0 }, times: 99 });
        const error = await failureOf(connect().upsertUser(person));
        expect(error.status).toBe(status);
        expectNoSecret(look(error));
        expectNoSecret(printed.join("\n"));
        expect(printed.length).toBeGreaterThan(0);
        const asked = typeof error.body === "string" ? error.body : JSON.stringify(error.body);
        expect(asked).toContain(typeof body === "string" ? TOKEN : Object.keys(body as object)[0]);
      },
    );
  },
);

it.each([
  ["quotes the URL", () => new TypeError(`Failed to parse URL from https://x/v1/users/${person.email}`)],
  ["quotes the body", () => new Error(`unexpected ${person.lastname} in ${JSON.stringify(person)}`)],
  ["has it in its name", () => Object.assign(new Error("x"), { name: `Error of ${person.lastname}` })],
  ["has it in its code", () => Object.assign(new Error("x"), { code: `E_${TOKEN}`, syscall: person.email })],
  [
    "has it in its stack",
    () => Object.assign(new Error("x"), { stack: `Error: ${person.email}\n${person.lastname}\n    at f` }),
  ],
  [
    "has it in an error below",
    () => new TypeError("fetch failed", { cause: new Error(`Bearer ${TOKEN}: ${person.lastname}`) }),
  ],
])("a thrown error that %s leaks nothing", async (_what, make) => {
  const error = await failureOf(connect({ fetch: () => Promise.reject(make()) }).upsertUser(person));
  expect(error.requests).toBeGreaterThan(0);
  expectNoSecret(look(error));
});

it("a token function that fails with the old token in its message leaks nothing", async () => {
  fake.reset();
  let asked = 0;
  const token = () => {
    asked += 1;
    if (asked > 1) throw new Error(`vault refused ${TOKEN} and another-token-99`);
    return TOKEN;
  };
  fake.fail({ as: { status: 401, body: { message: "expired" } }, times: 99 });
  const error = await failureOf(connect({ token }).upsertUser(person));
  expect(error.thrown).toMatchObject({ message: expect.stringContaining(TOKEN) });
  expectNoSecret(look(error));
  expect(look(error)).not.toContain("another-token");
});

it("an error about refused input names the fields and holds no values", async () => {
  const wrong = { ...person, email: "unmistakable secret.example", profile: person.email, phone: 12345678 };
  const error = await failureOf(connect().upsertUser(wrong as unknown as UserInput));
  expect(error.issues?.map(({ path }) => path)).toEqual(["email", "profile", "phone"]);
  expectNoSecret(look(error));
});

it.each([
  "clotilde@secret.example",
  "clotilde%40secret.example",
  "clotilde＠secret.example",
  "a\u001b[31mb",
  "a\u0085b",
  "x".repeat(81),
])("an error does not show the identification %j", async (id) => {
  fake.reset();
  fake.fail({ as: { status: 500 }, times: 99 });
  const error = await failureOf(connect().setRules(id, { maxDistance: 30 }));
  expect(error.message).toContain("[not shown]");
  expect(look(error)).not.toContain(id);
  expect(look(error)).not.toContain(encodeURIComponent(id));
});

it("printing a result does not show its user, and result.user gives the user", async () => {
  printed.length = 0;
  fake.reset();
  const result = await connect().upsertUser(person);
  expectNoSecret(look(result));
  expectNoSecret(look({ nested: [result] }));
  expectNoSecret(printed.join("\n"));
  expect(JSON.stringify(result)).toContain(result.id);
  expect({ ...result }.user.email).toBe(person.email);
});

it("a client prints without its token", () => {
  const oplead = connect();
  expectNoSecret(look(oplead));
  expectNoSecret(look({ ...oplead }));
  expect(look(connect({ token: () => TOKEN }))).not.toContain(TOKEN);
});

it("the raw client and its errors print without the token", async () => {
  fake.reset();
  const raw = rawClient(connect());
  // A document may list the values of a field.
  const body = person as never;
  expectNoSecret(look(raw));
  fake.fail({ as: { status: 500, body: "" }, times: 99 });
  expectNoSecret(look(await raw.POST("/v1/users", { body })));
  fake.reset();
  fake.fail({ as: { status: 200, body: "<html></html>" }, times: 99 });
  expectNoSecret(look(await failureOf(raw.POST("/v1/users", { body }))));
});

it("the support report names time, request and contacts, and of the answer only its structure", async () => {
  fake.reset();
  fake.fail({
    as: {
      status: 500,
      body: {
        status: 500,
        class: "Doctrine\\DBAL\\Exception",
        detail: `No ${person.lastname}`,
        trace: [person.email],
      },
      headers: { "x-request-id": "req-42" },
    },
    times: 99,
  });
  const report = (await failureOf(connect().updateUser("ACC-77", person))).supportReport();
  expect(report).toMatch(/Oplead Care .*platform administrator/);
  expect(report).toMatch(/time: {7}20\d\d-\d\d-\d\dT/);
  expect(report).toContain("operation:  updateUser");
  expect(report).toContain("request:    PUT /v1/users/ACC-77");
  expect(report).toContain(`host:       ${new URL(server.url).host}`);
  expect(report).toContain("status:     500");
  expect(report).toContain("request id: req-42");
  expect(report).toContain("requests:   2");
  expect(report).toContain('"class":"Doctrine\\\\DBAL\\\\Exception"');
  expect(report).toContain('"detail":"[text, 25 characters]"');
  expectNoSecret(report);
});
