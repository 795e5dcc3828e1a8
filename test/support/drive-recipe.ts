/**
 * Runs one recipe of docs/webhook.md, copied beside this file, and sends it a genuine delivery, a forged one, and the
 * genuine one again. Prints the status and the outcome of each. Arguments: the name of the recipe.
 */
import { signDelivery } from "oplead-sdk/testing";

const { WEBHOOK_SECRET = "", OPLEAD_TOKEN, OPLEAD_BASE_URL, PORT } = process.env;
const recipe = process.argv[2] ?? "";
// The recipes exist only where this file is copied to.
const module = await import(`./${recipe}.ts`);

type Send = (request: Request) => Promise<Response>;

const overHttp: Send = async (request) => {
  const { method, headers } = request;
  const body = await request.text();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await fetch(`http://127.0.0.1:${PORT}/webhooks/employees`, { method, headers, body });
    } catch (error) {
      if (attempt === 50) throw error; // The server does not listen yet.
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
};

const asLambda: Send = async (request) => {
  const event = {
    rawPath: "/webhooks/employees",
    headers: Object.fromEntries(request.headers),
    requestContext: { http: { method: request.method } },
    body: Buffer.from(await request.arrayBuffer()).toString("base64"),
    isBase64Encoded: true,
  };
  const { statusCode, headers, body } = await module.handler(event);
  return new Response(body, { status: statusCode, headers });
};

const send: Send =
  recipe === "next"
    ? module.POST
    : recipe === "cloudflare"
      ? (request) =>
          module.default.fetch(request, { WEBHOOK_SECRET, OPLEAD_TOKEN, OPLEAD_BASE_URL }, { waitUntil() {} })
      : recipe === "lambda"
        ? asLambda
        : overHttp;

const employee = {
  ...{ number: "E-17", title: "Mme", name: "Petit", email: "eve@dealers.example" },
  ...{ zip: "01000", city: "Bourg-en-Bresse", role: "PRF_NETWORK" },
};
const event = { type: "employee.updated", updatedAt: "2026-01-02T08:00:00Z", employee };

async function deliver(secret: string): Promise<void> {
  const request = await signDelivery(event, { scheme: "standardWebhooks", secrets: [secret], id: "msg_1" });
  const response = await send(request);
  const { results, error } = (await response.json()) as { results?: { outcome: string }[]; error?: string };
  console.log(response.status, results?.map(({ outcome }) => outcome).join() ?? error);
}

await deliver(WEBHOOK_SECRET);
await deliver("whsec_Z3Vlc3NlZCBzZWNyZXQ=");
await deliver(WEBHOOK_SECRET);
process.exit(0);
