import { Redis } from "ioredis";
import { userQueue } from "../../../src/bullmq/index.ts";
import { createOplead } from "../../../src/index.ts";
import { redisLedger } from "../../../src/redis/index.ts";

const [, , baseUrl = "", port = "", name = "", concurrency = ""] = process.argv;
const oplead = createOplead({ baseUrl, token: "fake-token", rateLimit: false });
const queue = userQueue(oplead, { redis: { url: `redis://127.0.0.1:${port}` }, name, encryptionKey: false });
const ledger = redisLedger(new Redis(Number(port)), { prefix: `${name}:` });
queue.startWorker({ ledger, concurrency: Number(concurrency) });
console.log("ready");
