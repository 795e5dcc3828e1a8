import { createServer } from "node:http";
import { toNodeListener } from "../../../src/webhook/index.ts";
import worker from "./worker.mjs";

const environment = { OPLEAD_URL: process.env.OPLEAD_URL, SECRET: process.env.SECRET };
const handle = (request) => worker.fetch(request, environment);
const own = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: handle });
const node = createServer(toNodeListener(handle));
node.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ own: own.port, node: node.address().port })));
