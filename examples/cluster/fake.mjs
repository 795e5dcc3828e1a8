/** A fake Oplead that other containers reach, because `oplead fake` listens at this machine only. Some of its calls fail. */
import { createServer } from "node:http";
import { createFakeOplead } from "oplead-sdk/testing";
import { toNodeListener } from "oplead-sdk/webhook";

const fake = createFakeOplead();
fake.fail({ as: { status: 503 }, share: 0.02, seed: 1 });
fake.fail({ as: "empty-500", when: "after", share: 0.02, seed: 2 });
const server = createServer(toNodeListener((request) => fake.fetch(request)));
server.listen(4010, "0.0.0.0", () => console.log("A fake Oplead listens at port 4010."));
setInterval(() => {
  console.log(`${fake.users.length} users, ${fake.requests.length} requests, ${fake.duplicates().length} duplicates`);
}, 5_000).unref();
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(0));
