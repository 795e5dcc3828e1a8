import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { compile } from "../../../scripts/compiler.ts";
import { createOplead } from "../../../src/index.ts";
import { createFakeOplead } from "../../../src/testing/index.ts";
import { ALTERED, published } from "../../schema/documents.ts";
import { oplead } from "../../support/command.ts";
import { folderWith } from "../../support/folder.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

function ofAcme() {
  const document = published();
  const { UserFields } = document.components.schemas;
  UserFields.properties.region = { type: "string", enum: ["NORTH", "SOUTH"] };
  UserFields.properties.costCentre = { type: "object", properties: { code: { type: "integer" } } };
  UserFields.required = [...(UserFields.required ?? []), "region"];
  document.components.schemas.Address.properties.floor = { type: "integer" };
  document.paths["/v1/leads"] = {
    get: {
      parameters: [{ name: "since", in: "query", required: true, schema: { type: "string" } }],
      responses: {
        200: {
          description: "Leads.",
          content: {
            "application/json": {
              schema: { type: "array", items: { type: "object", properties: { id: { type: "integer" } } } },
            },
          },
        },
      },
    },
  };
  return JSON.stringify(document);
}

const PROGRAM = `
import { createOplead, type UserInput } from "oplead-sdk";
import { rawClient } from "oplead-sdk/raw";
import { type Codes, type paths, platform } from "./oplead-platform.ts";

const oplead = createOplead({ platform });
export const listed: readonly ["costCentre", "region", "address.floor"] = platform.customFields;
const region: Codes["region"] = "NORTH";
const user: UserInput = {
  civility: "Mme",
  lastname: "Kermarrec",
  login: "kermarrec",
  email: "kermarrec@dealers.example",
  accountNumber: "HR-1",
  profile: { code: "PRF_DEALER" },
  address: { zipCode: "29000", city: "Quimper", country: { code: "FR" }, floor: 2 },
  custom: { region, costCentre: { code: 7 } },
};
await oplead.upsertUser(user);
const { data } = await rawClient<paths>(oplead).GET("/v1/leads", { params: { query: { since: "2026-01-01" } } });
const first: number | undefined = data?.[0]?.id;
console.log(first);
`;

const WRONG = `
import { createOplead, type UserInput } from "oplead-sdk";
import { rawClient } from "oplead-sdk/raw";
import type { paths } from "./oplead-platform.ts";

const raw = rawClient<paths>(createOplead());
await raw.GET("/v1/leads");
export const one: UserInput["custom"] = { region: "WEST" };
export const two: UserInput["custom"] = { region: "NORTH", regoin: "NORTH" };
declare const known: Omit<UserInput, "custom">;
export const three: UserInput = { ...known, custom: {} };
`;

function errorsIn(folder: string, ...files: string[]) {
  const complaints = compile(folder, {
    extends: `${root}tsconfig.json`,
    compilerOptions: { erasableSyntaxOnly: true, noEmit: true, typeRoots: [`${root}node_modules/@types`] },
    files: [...files, "oplead-platform.ts"],
    include: [`${root}src/**/*.d.ts`],
  });
  // Unlike the package's declarations.
  const own = complaints.filter(({ file }) => !file.startsWith(".."));
  return own.map(({ file, code, text }) => `${file} ${code} ${text}`);
}

it("oplead types writes types with which a small project compiles: custom fields, codes and operations", async () => {
  const folder = await folderWith({ "acme.json": ofAcme(), "main.ts": PROGRAM, "wrong.ts": WRONG });
  const ended = await oplead(folder, "types acme.json --json");
  expect(ended).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(ended.stdout)).toMatchObject({
    written: "oplead-platform.ts",
    platform: { customFields: ["costCentre", "region", "address.floor"] },
  });
  expect(errorsIn(folder, "main.ts", "wrong.ts")).toEqual([
    expect.stringMatching(/^wrong\.ts 2554 /),
    expect.stringMatching(/^wrong\.ts 2322 .*"WEST"/),
    expect.stringMatching(/^wrong\.ts 2561 .*regoin/),
    expect.stringMatching(/^wrong\.ts 2741 .*"region"' is missing/),
  ]);
});

const PERSON = {
  ...{ civility: "mrs", lastname: "Kermarrec", firstname: "Noémie", login: "nk", email: "nk@dealers.example" },
  ...{ accountNumber: "HR-1", phone: "0200000000", mobile: "0600000000", company: "Kermarrec SARL" },
  address: { street: "1 rue Kéréon", zipCode: "29000", city: "Quimper", country: { code: "FR" } },
  profile: { code: "PRF_NETWORK" },
};

const CONSUMER = `
import { createOplead, type UserInput } from "oplead-sdk";
import { rawClient } from "oplead-sdk/raw";
import { type Codes, type components, type paths, platform } from "./oplead-platform.ts";

export type Sent = components["schemas"]["UserFields"];
const known: UserInput = ${JSON.stringify(PERSON)};
const oplead = createOplead({ platform });
const raw = rawClient<paths>(oplead);
const type: Codes["profileTypes"] = "pro";
await oplead.upsertUser(known, { rules: { profileTypes: [type] } });
console.log(raw);
`;

it.each(ALTERED)("oplead types writes types and settings of a document where $what", async (altered) => {
  const document = published();
  altered.alter(document);
  const main = CONSUMER + altered.program;
  const folder = await folderWith({ "acme.json": JSON.stringify(document), "main.ts": main });
  const { stdout } = await oplead(folder, "types acme.json --json");
  const { platform, missing } = JSON.parse(stdout);
  expect([platform, missing]).toEqual([altered.platform, []]);
  expect(errorsIn(folder, "main.ts")).toEqual([]);

  const fake = createFakeOplead({ platform: altered.platform });
  const client = createOplead({ token: "fake-token", fetch: fake.fetch, platform });
  const { id } = await client.upsertUser(PERSON, { rules: { maxDistance: 30, profileTypes: ["pro"] } });
  expect(fake.user(id)).toMatchObject(PERSON);
  expect(fake.rules(id)).toEqual({ maxDistance: { maxDistance: 30 }, profileTypes: ["pro"] });
  expect(await client.listUserProfiles()).toContainEqual(expect.objectContaining(PERSON.profile));
});

it("oplead types does not replace a file that it has not made, and says what is wrong with a document", async () => {
  const folder = await folderWith({ "acme.json": ofAcme(), "mine.ts": "export {};\n", "broken.json": "{" });
  const refused = await oplead(folder, "types acme.json --out mine.ts");
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("was not made by this command") });
  expect(readFileSync(join(folder, "mine.ts"), "utf8")).toBe("export {};\n");
  for (const out of ["mine.d.ts", "mine.d.mts", "mine.js"]) {
    const typesOnly = await oplead(folder, ["types", "acme.json", "--out", out]);
    expect(typesOnly).toMatchObject({ code: 1, stderr: expect.stringContaining("instead of mine.") });
  }
  const broken = await oplead(folder, "types broken.json");
  expect(broken).toMatchObject({ code: 1, stderr: expect.stringContaining("broken JSON") });
  expect((await oplead(folder, "types none.json")).code).toBe(1);
  const { "/v1/users": _, ...paths } = published().paths;
  writeFileSync(join(folder, "others.json"), JSON.stringify({ ...published(), paths }));
  const others = await oplead(folder, "types others.json");
  expect(others).toMatchObject({ code: 1, stderr: expect.stringContaining("has no POST /v1/users") });
  expect(existsSync(join(folder, "oplead-platform.ts"))).toBe(false);
});
