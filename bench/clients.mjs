// The same upsert through each client: PUT, and on 404 POST, by the client's generic request method, with its own defaults.
// A client that throws on 404 pays for its exception here, as it does in a program.
// Everything is imported by the client that needs it, node:http too: cold.mjs measures that.

/**
 * @typedef {import("./sample-user.mjs").User} User
 * @typedef {(user: User) => Promise<"created" | "updated">} Upsert
 * @typedef {(baseUrl: string) => Promise<Upsert>} Client imports the library, creates its client
 */

const token = "benchmark-token";
const headers = { authorization: `Bearer ${token}` };
const jsonHeaders = { ...headers, "content-type": "application/json" };
const pathOf = (/** @type {User} */ user) => `/users/${encodeURIComponent(user.accountNumber)}`;

/**
 * @param {(user: User) => PromiseLike<unknown>} put
 * @param {(user: User) => PromiseLike<unknown>} post
 * @returns {Upsert}
 */
const throwing = (put, post) => async (user) => {
  try {
    await put(user);
    return "updated";
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
  await post(user);
  return "created";
};

/** @param {any} error where each peer keeps the status of its errors */
const statusOf = (error) => error.status ?? error.statusCode ?? error.response?.status;

/** @type {Client} */
const bareFetch = async (baseUrl) => async (user) => {
  const body = JSON.stringify(user);
  const put = await fetch(`${baseUrl}/v1${pathOf(user)}`, { method: "PUT", headers: jsonHeaders, body });
  const answer = await put.json();
  if (put.ok) return "updated";
  if (put.status !== 404) throw new Error(`PUT answered ${put.status}: ${JSON.stringify(answer)}`);
  const post = await fetch(`${baseUrl}/v1/users`, { method: "POST", headers: jsonHeaders, body });
  await post.json();
  if (!post.ok) throw new Error(`POST answered ${post.status}`);
  return "created";
};

/** @type {Client} */
const bareNodeHttp = async (baseUrl) => {
  const { send } = await import("./light.mjs");
  return async (user) => {
    const body = JSON.stringify(user);
    const put = await send(`${baseUrl}/v1${pathOf(user)}`, { method: "PUT", headers: jsonHeaders, body });
    JSON.parse(put.text);
    if (put.status === 200) return "updated";
    if (put.status !== 404) throw new Error(`PUT answered ${put.status}: ${put.text}`);
    const post = await send(`${baseUrl}/v1/users`, { method: "POST", headers: jsonHeaders, body });
    JSON.parse(post.text);
    if (post.status !== 201) throw new Error(`POST answered ${post.status}`);
    return "created";
  };
};

/** @type {Client} */
const undiciPool = async (baseUrl) => {
  const { Pool } = await import("undici");
  const pool = new Pool(baseUrl);
  const send = async (/** @type {"PUT" | "POST"} */ method, /** @type {string} */ path, /** @type {string} */ body) => {
    const { statusCode, body: answer } = await pool.request({ method, path, headers: jsonHeaders, body });
    await answer.json();
    return statusCode;
  };
  return async (user) => {
    const body = JSON.stringify(user);
    const status = await send("PUT", `/v1${pathOf(user)}`, body);
    if (status === 200) return "updated";
    if (status !== 404) throw new Error(`PUT answered ${status}`);
    const created = await send("POST", "/v1/users", body);
    if (created !== 201) throw new Error(`POST answered ${created}`);
    return "created";
  };
};

/** @type {Client} */
const openapiFetch = async (baseUrl) => {
  const { default: createClient } = await import("openapi-fetch");
  const client = createClient({ baseUrl: `${baseUrl}/v1`, headers });
  /** @type {any} the untyped client: paths cost nothing at run time */
  const untyped = client;
  return async (user) => {
    const params = { path: { userIdentification: user.accountNumber } };
    const put = await untyped.PUT("/users/{userIdentification}", { params, body: user });
    if (put.response.ok) return "updated";
    if (put.response.status !== 404) throw new Error(`PUT answered ${put.response.status}`);
    const post = await untyped.POST("/users", { body: user });
    if (!post.response.ok) throw new Error(`POST answered ${post.response.status}`);
    return "created";
  };
};

/**
 * @param {object} options beside the token, the address and no rate limit: defaults
 * @returns {Client}
 */
const oplead = (options) => async (baseUrl) => {
  const { createOplead } = await import(/** @type {string} */ (process.env.OPLEAD_BENCH_ENTRY));
  // The server of canned answers forgets at once what it was sent, so a 404 after a creation counts (settleMs).
  const client = createOplead({
    token,
    baseUrl,
    rateLimit: false,
    maxConcurrency: 16,
    platform: { settleMs: 0 },
    ...options,
  });
  return async (user) => (await client.upsertUser(user)).outcome;
};

/** @type {Record<string, Client>} */
export const clients = {
  "oplead-sdk": oplead({}),
  "oplead-sdk on fetch": oplead({
    fetch: (/** @type {Parameters<typeof fetch>} */ ...args) => globalThis.fetch(...args),
  }),

  fetch: bareFetch,
  "fetch (A/A)": bareFetch,
  "node:http": bareNodeHttp,
  "undici's pool": undiciPool,

  "openapi-fetch": openapiFetch,

  openai: async (baseUrl) => {
    const { default: OpenAI } = await import("openai");
    const client = new OpenAI({ apiKey: token, baseURL: `${baseUrl}/v1` });
    return throwing(
      (user) => client.put(pathOf(user), { body: user }),
      (user) => client.post("/users", { body: user }),
    );
  },

  anthropic: async (baseUrl) => {
    const { default: Anthropic } = await import("@anthropic-ai/sdk");
    const client = new Anthropic({ apiKey: token, baseURL: baseUrl });
    return throwing(
      (user) => client.put(`/v1${pathOf(user)}`, { body: user }),
      (user) => client.post("/v1/users", { body: user }),
    );
  },

  stripe: async (baseUrl) => {
    const { default: Stripe } = await import("stripe");
    const { hostname, port } = new URL(baseUrl);
    const client = new Stripe(token, { host: hostname, port, protocol: "http" });
    return throwing(
      (user) => client.rawRequest("POST", `/v2${pathOf(user)}`, user),
      (user) => client.rawRequest("POST", "/v2/users", user),
    );
  },

  workos: async (baseUrl) => {
    const { WorkOS } = await import("@workos-inc/node");
    const { hostname, port } = new URL(baseUrl);
    const client = new WorkOS(token, { apiHostname: hostname, port: Number(port), https: false });
    return throwing(
      (user) => client.put(`/v1${pathOf(user)}`, user),
      (user) => client.post("/v1/users", user),
    );
  },

  ky: async (baseUrl) => {
    const { default: ky } = await import("ky");
    const client = ky.create({ prefixUrl: `${baseUrl}/v1`, headers });
    return throwing(
      (user) => client.put(pathOf(user).slice(1), { json: user }).json(),
      (user) => client.post("users", { json: user }).json(),
    );
  },

  "@octokit/core": async (baseUrl) => {
    const { Octokit } = await import("@octokit/core");
    const client = new Octokit({ auth: token, baseUrl: `${baseUrl}/v1` });
    return throwing(
      (user) => client.request("PUT /users/{account}", { account: user.accountNumber, ...user }),
      (user) => client.request("POST /users", { ...user }),
    );
  },

  resend: async (baseUrl) => {
    const { Resend } = await import("resend");
    const client = new Resend(token, { baseUrl: `${baseUrl}/v1` });
    return async (user) => {
      const put = await client.put(pathOf(user), user);
      if (!put.error) return "updated";
      const post = await client.post("/users", user);
      if (post.error) throw new Error(`POST failed: ${post.error.message}`);
      return "created";
    };
  },
};

export const peers = Object.keys(clients).filter((name) => !name.startsWith("oplead-sdk"));
