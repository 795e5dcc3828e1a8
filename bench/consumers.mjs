// The programs that types.mjs type-checks: one call of each method, as a consumer would write it.

/**
 * @typedef {object} Consumer
 * @property {string} code
 * @property {string[]} types what `types` in its tsconfig has to name; [] = nothing ambient
 */

const USER = `{
  civility: "mrs", firstname: "Hélène", lastname: "Le Goff", login: "hlegoff", email: "h.legoff@example.com",
  accountNumber: "ACCOUNT-0001", parentUserIdentifier: "REGION-OUEST", profile: { code: "DEALER" },
  address: { street: "12 rue de la République", zipCode: "01000", city: "Bourg-en-Bresse", country: { code: "FR" } },
}`;

const METHODS = {
  upsertUser:
    "const upserted = await oplead.upsertUser(user);\nconsole.log(upserted.outcome, upserted.id, upserted.user);",
  createUser: "const created = await oplead.createUser(user);\nconsole.log(created);",
  updateUser: 'const updated = await oplead.updateUser("ACCOUNT-0001", user);\nconsole.log(updated);',
  setRules:
    'const set = await oplead.setRules("ACCOUNT-0001", { maxDistance: 30, profileTypes: ["pro"] });\nconsole.log(set.applied);',
  listUserProfiles: "const profiles = await oplead.listUserProfiles();\nconsole.log(profiles[0]?.code);",
  listCountries: "const countries = await oplead.listCountries();\nconsole.log(countries[0]?.code);",
  getCountry: 'const country = await oplead.getCountry("FR");\nconsole.log(country.code);',
};

/**
 * @param {string} entry URL of our package
 * @returns {Promise<Consumer & { missing: string[] }>}
 */
export async function ourConsumer(entry) {
  const { createOplead } = await import(entry);
  const built = createOplead({ token: "t", baseUrl: "http://127.0.0.1:9" });
  const entries = Object.entries(METHODS);
  const has = (/** @type {string} */ name) => typeof built[name] === "function";
  const code = `import { createOplead } from "oplead-sdk";
const oplead = createOplead({ token: "t", baseUrl: "https://example.com", rateLimit: false, maxConcurrency: 4 });
const user = ${USER};
${entries.flatMap(([name, lines]) => (has(name) ? [lines] : [])).join("\n")}
`;
  return { code, types: [], missing: entries.map(([name]) => name).filter((name) => !has(name)) };
}

/** @type {Consumer} the shape of a peer's program */
export const ourCall = {
  types: [],
  code: `import { createOplead } from "oplead-sdk";
const oplead = createOplead({ token: "t" });
const upserted = await oplead.upsertUser(${USER});
console.log(upserted.id);
`,
};

/** @type {Record<string, Consumer>} */
export const peerConsumers = {
  ky: {
    types: [],
    code: `import ky from "ky";
const client = ky.create({ prefixUrl: "https://example.com" });
const user = await client.put("users/1", { json: { email: "a@example.com" } }).json<{ id: number }>();
console.log(user.id);
`,
  },
  openai: {
    types: ["node"],
    code: `import OpenAI from "openai";
const client = new OpenAI({ apiKey: "k" });
const answer = await client.chat.completions.create({ model: "m", messages: [{ role: "user", content: "Hello" }] });
console.log(answer.choices[0]?.message.content);
`,
  },
  stripe: {
    types: ["node"],
    code: `import Stripe from "stripe";
const client = new Stripe("k");
const customer = await client.customers.create({ email: "a@example.com" });
console.log(customer.id);
`,
  },
  "@octokit/core": {
    types: ["node"],
    code: `import { Octokit } from "@octokit/core";
const client = new Octokit({ auth: "t" });
const answer = await client.request("PUT /repos/{owner}/{repo}/topics", { owner: "o", repo: "r", names: ["t"] });
console.log(answer.data.names);
`,
  },
  "@octokit/rest": {
    types: ["node"],
    code: `import { Octokit } from "@octokit/rest";
const client = new Octokit({ auth: "t" });
const answer = await client.rest.repos.replaceAllTopics({ owner: "o", repo: "r", names: ["t"] });
console.log(answer.data.names);
`,
  },
  "openapi-fetch": {
    types: [],
    code: `import createClient from "openapi-fetch";
import type { paths } from "./schema.js";
const client = createClient<paths>({ baseUrl: "https://example.com" });
const body = ${USER};
const put = await client.PUT("/v1/users/{userIdentification}", { params: { path: { userIdentification: "1" } }, body });
console.log(put.data);
`,
  },
  "openapi-fetch, all operations": {
    types: [],
    code: `import createClient from "openapi-fetch";
import type { paths } from "./schema.js";
const client = createClient<paths>({ baseUrl: "https://example.com" });
const body = ${USER};
const put = await client.PUT("/v1/users/{userIdentification}", { params: { path: { userIdentification: "1" } }, body });
const post = await client.POST("/v1/users", { body });
const profiles = await client.GET("/v1/settings/user-profiles");
const countries = await client.GET("/v1/types/countries");
const country = await client.GET("/v1/types/country/{code}", { params: { path: { code: "FR" } } });
console.log(put.data, post.data, profiles.data, countries.data, country.data);
`,
  },
};
