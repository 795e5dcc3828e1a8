// Deliveries of a webhook, and the least that a handler of them can do.
import { createHmac, timingSafeEqual } from "node:crypto";
import { send } from "../light.mjs";

export const KEY = Buffer.from("0123456789abcdef0123456789abcdef");
const TOLERANCE_S = 300;
let serial = 0;

/** @param {object} user */
export function deliveryOf(user) {
  serial += 1;
  const [id, time] = [`msg_${serial}`, String(Math.floor(Date.now() / 1000))];
  const body = JSON.stringify({ ...user, lastname: `Le Goff ${serial}` });
  const signature = createHmac("sha256", KEY).update(`${id}.${time}.${body}`).digest("base64");
  const headers = {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": time,
    "webhook-signature": `v1,${signature}`,
  };
  return new Request("http://receiver.example/", { method: "POST", headers, body });
}

/**
 * @param {string} baseUrl
 * @param {string} token
 * @returns {(request: Request) => Promise<Response>}
 */
export function bareHandler(baseUrl, token) {
  const sent = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return async (request) => {
    const { headers } = request;
    const body = await request.text();
    const time = headers.get("webhook-timestamp");
    const expected = createHmac("sha256", KEY)
      .update(`${headers.get("webhook-id")}.${time}.${body}`)
      .digest();
    const given = Buffer.from((headers.get("webhook-signature") ?? "").slice("v1,".length), "base64");
    const isSigned = given.length === expected.length && timingSafeEqual(given, expected);
    if (!isSigned || !(Math.abs(Date.now() / 1000 - Number(time)) < TOLERANCE_S)) {
      return new Response("", { status: 401 });
    }
    const user = JSON.parse(body);
    if (!isUser(user)) return new Response("", { status: 400 });
    const url = `${baseUrl}/v1/users/${encodeURIComponent(user.accountNumber)}`;
    const { status, text } = await send(url, { method: "PUT", headers: sent, body: JSON.stringify(user) });
    const isDone = status === 200 && JSON.parse(text).id !== undefined;
    return Response.json({ results: [{ outcome: isDone ? "updated" : "failed" }] }, { status: isDone ? 200 : 503 });
  };
}

/** @param {any} user */
function isUser(user) {
  const { civility, lastname, login, email, accountNumber, address, profile } = user ?? {};
  const texts = [civility, lastname, login, email, accountNumber, address?.zipCode, address?.city];
  return [...texts, address?.country?.code, profile?.code].every((text) => typeof text === "string" && text !== "");
}
