// The smallest server that can stand in for Oplead: canned JSON, counted requests, nothing that would hide what the client costs.
import { createServer } from "node:http";
import { answer } from "./lib/process.mjs";
import { sampleUser } from "./sample-user.mjs";

const user = Buffer.from(
  JSON.stringify({
    id: 4711,
    ...sampleUser("ACCOUNT-0001"),
    createdAt: "2025-01-15T08:30:00+00:00",
    updatedAt: "2025-06-02T17:05:12+00:00",
    enabled: true,
    locale: "fr_FR",
    company: "Garage de la République",
    parent: { id: 17, accountNumber: "REGION-OUEST", label: "Région Ouest" },
  }),
);
const notFound = Buffer.from(
  JSON.stringify({ code: "not_found", message: "User not found.", error: { message: "User not found." } }),
);

const received = { requests: 0, bytes: 0 };

const server = createServer((request, response) => {
  received.requests++;
  request.on("data", (chunk) => {
    received.bytes += chunk.length;
  });
  request.on("end", () => {
    const account = request.url?.split("/users/")[1];
    const status = account === undefined ? 201 : account.startsWith("NEW") ? 404 : 200;
    const body = status === 404 ? notFound : user;
    response.writeHead(status, { "content-type": "application/json", "content-length": body.length });
    response.end(body);
  });
});
server.keepAliveTimeout = 600_000;

answer(async ({ kind }) => {
  if (kind === "listen") {
    await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
    const address = /** @type {import("node:net").AddressInfo} */ (server.address());
    return { baseUrl: `http://127.0.0.1:${address.port}` };
  }
  const counted = { ...received };
  received.requests = 0;
  received.bytes = 0;
  return counted;
});
