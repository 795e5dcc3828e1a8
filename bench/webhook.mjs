// node bench/webhook.mjs: deliveries per second, and what verification costs. Bundles the sources, so it needs no build.
import { createHmac } from "node:crypto";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { table } from "./lib/report.mjs";
import { median, spread } from "./lib/stats.mjs";

const source = (/** @type {string} */ path) => fileURLToPath(new URL(`../src/${path}`, import.meta.url));
const { outputFiles } = await build({
  stdin: {
    contents: `export * from ${JSON.stringify(source("index.ts"))}; export * from ${JSON.stringify(source("webhook/index.ts"))};`,
    resolveDir: source("."),
  },
  bundle: true,
  write: false,
  format: "esm",
  platform: "neutral",
  alias: { "#send": source("transport/send/send-fetch.ts"), "#sha256": source("base/hash/sha256-noble.ts") },
  mainFields: ["module", "main"],
});
const code = Buffer.from(outputFiles[0]?.contents ?? "").toString("base64");
const { createOplead, createUserWebhook, hmacSignature, memoryLedger, standardWebhooks, stripeStyle } = await import(
  `data:text/javascript;base64,${code}`
);

const key = Buffer.from("0123456789abcdef0123456789abcdef");
/** An Oplead that knows every user and answers at once. */
let calls = 0;
const answer = {
  status: 200,
  headers: new Headers({ "content-type": "application/json" }),
  text: async () => '{"id":"1"}',
};
const oplead = createOplead({
  token: "t",
  rateLimit: false,
  fetch: async () => {
    calls += 1;
    return answer;
  },
});

const map = (/** @type {any} */ { number, padding }) => ({
  user: {
    civility: "Mme",
    lastname: "Martin",
    login: `login-${number}`,
    email: `person-${number}@dealers.example`,
    accountNumber: `ACC-${number}`,
    address: { street: "1 rue de la Paix", zipCode: "01000", city: "Bourg-en-Bresse", country: { code: "FR" } },
    profile: { code: "PRF_NETWORK" },
    padding,
  },
});

const sign = (/** @type {string} */ text, /** @type {"hex" | "base64"} */ encoding) =>
  createHmac("sha256", key).update(text).digest(encoding);
/** @type {Record<string, (body: string, id: string) => Record<string, string>>} */
const signers = {
  none: (_body, id) => ({ "webhook-id": id }),
  standardWebhooks: (body, id) => {
    const time = String(Math.floor(Date.now() / 1000));
    const signature = `v1,${sign(`${id}.${time}.${body}`, "base64")}`;
    return { "webhook-id": id, "webhook-timestamp": time, "webhook-signature": signature };
  },
  hmacSignature: (body, id) => ({ "x-github-delivery": id, "x-hub-signature-256": `sha256=${sign(body, "hex")}` }),
  stripeStyle: (body) => {
    const time = Math.floor(Date.now() / 1000);
    return { "stripe-signature": `t=${time},v1=${sign(`${time}.${body}`, "hex")}` };
  },
  forged: (_body, id) => ({ "x-github-delivery": id, "x-hub-signature-256": `sha256=${"0".repeat(64)}` }),
};
const github = hmacSignature({ header: "x-hub-signature-256", prefix: "sha256=", encoding: "hex", secrets: [key] });
/** map passes it on, so bodies differ in length alone. */
const padding = "x".repeat(9_000);

/** @type {[string, string, object, object?][]} name, signer, options of the webhook, more of the event */
const cases = [
  ["no verification", "none", { verify: "none", deliveryId: "webhook-id" }],
  ["standardWebhooks", "standardWebhooks", { verify: standardWebhooks({ secrets: [key] }) }],
  ["hmacSignature (GitHub), id not signed", "hmacSignature", { verify: github }],
  ["stripeStyle, no id", "stripeStyle", { verify: stripeStyle({ secrets: [key] }) }],
  [
    "standardWebhooks, second of two secrets",
    "standardWebhooks",
    { verify: standardWebhooks({ secrets: [Buffer.from("old"), key] }) },
  ],
  ["standardWebhooks, 9 kB", "standardWebhooks", { verify: standardWebhooks({ secrets: [key] }) }, { padding }],
  ["no verification, 9 kB", "none", { verify: "none", deliveryId: "webhook-id" }, { padding }],
  [
    "standardWebhooks and ledger, unchanged",
    "standardWebhooks",
    { verify: standardWebhooks({ secrets: [key] }), ledger: memoryLedger() },
  ],
  ["forged (401)", "forged", { verify: github }],
];

const DELIVERIES = 2_000;
const AT_ONCE = 16;
const ROUNDS = 9;
let serial = 0;

/** @returns {Promise<{ us: number, calls: number }>} microseconds and calls to Oplead, each per delivery */
async function round(/** @type {Function} */ handler, /** @type {string} */ signer, /** @type {object} */ more) {
  const requests = Array.from({ length: DELIVERIES }, (_, number) => {
    serial += 1;
    const body = JSON.stringify({ number: number % 500, ...more });
    const headers = { "content-type": "application/json", ...signers[signer]?.(body, `msg_${serial}`) };
    return new Request("http://receiver.example/", { method: "POST", headers, body });
  });
  const expected = signer === "forged" ? 401 : 200;
  const callsBefore = calls;
  const startedAt = performance.now();
  const queue = requests.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const request of queue) {
        const { status } = await handler(request);
        if (status !== expected) throw new Error(`answered ${status}, not ${expected}`);
      }
    }),
  );
  return { us: ((performance.now() - startedAt) * 1000) / DELIVERIES, calls: (calls - callsBefore) / DELIVERIES };
}

const contestants = cases.map(([name, signer, options, more = {}]) => ({
  name,
  signer,
  more,
  handler: createUserWebhook(oplead, { map, ...options }),
  /** @type {number[]} */
  times: [],
  calls: 0,
}));
for (let n = 0; n <= ROUNDS; n += 1) {
  for (const contestant of contestants) {
    const result = await round(contestant.handler, contestant.signer, contestant.more);
    // The first round warms up, and fills the ledger.
    if (n > 0) contestant.times.push(result.us);
    contestant.calls = result.calls;
  }
}

const bare = median(contestants[0]?.times ?? []);
table(
  `Deliveries through the handler, an Oplead that answers at once, ${AT_ONCE} at a time, Node ${process.versions.node}`,
  ["", "per second", "µs each", "± %", "÷ unverified", "calls each"],
  contestants.map(({ name, times, calls }) => {
    const each = median(times);
    const ratio = (each / bare).toFixed(2);
    return [
      name,
      Math.round(1e6 / each).toLocaleString("en"),
      each.toFixed(0),
      (spread(times) * 100).toFixed(0),
      ratio,
      calls.toFixed(2),
    ];
  }),
);
