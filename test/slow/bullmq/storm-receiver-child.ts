import "./storm-clock.ts";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { redisDeliveries } from "../../../src/redis/index.ts";
import { createUserWebhook, toNodeListener } from "../../../src/webhook/index.ts";
import { openParts, settingsOfChild, stateOf } from "./storm-parts.ts";

const { redis, queue, oplead } = openParts(settingsOfChild());
const logger = { debug() {}, info() {}, warn() {}, error() {} };
const handler = createUserWebhook<{ number: number; version: number }>(oplead.with({ logger }), {
  verify: "none",
  queue,
  deliveries: redisDeliveries(redis),
  map: ({ number, version }) => stateOf(number, version),
});
const server = createServer(toNodeListener(handler)).listen(0, "127.0.0.1", () => {
  console.log(`ready http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});
