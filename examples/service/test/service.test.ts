import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { employeeOf, openWorld, until, type World } from "./support/world.js";

const NAMES = ["acme", "borea", "corsa", "delta", "estran"];

let world: World;
beforeAll(async () => {
  world = await openWorld({ names: NAMES });
});
afterAll(() => world.close());
afterEach(() => {
  for (const name of NAMES) world.network(name).fake.assertConforms();
});

test("A delivery for each of five tenants reaches the platform of this tenant, and no other.", async () => {
  for (const name of NAMES) expect((await world.network(name).deliver(employeeOf(`W-${name}`))).status).toBe(202);
  for (const name of NAMES) {
    const { fake } = world.network(name);
    await until(`the user of ${name}`, () => fake.user(`W-${name}`));
    expect(fake.users.map(({ accountNumber }) => accountNumber)).toEqual([`W-${name}`]);
  }
});

test("A delivery that another tenant has signed is refused.", async () => {
  const { webhookSecret } = world.network("borea").settings;
  const response = await world.network("acme").deliver(employeeOf("W-1"), webhookSecret);
  expect([response.status, await response.json()]).toMatchObject([401, { error: "invalid_signature" }]);
});

test("A delivery that does not fit the schema is answered with the path of each problem.", async () => {
  const response = await world.network("acme").deliver({ ...employeeOf("W-2"), zip: 29000, email: undefined });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    error: "invalid_event",
    issues: [{ path: "employee.email" }, { path: "employee.zip" }],
  });
});

test("A night sends the table through the queue, and the next night asks for nothing.", async () => {
  const { fake, tenant, employ } = world.network("delta");
  await employ(
    { number: "N-1", email: "n1@dealers.example" },
    { number: "N-2", email: "n2@dealers.example", role: "PRF_REGION", manager: "N-1", radius_km: null },
  );
  const first = await world.service.night(tenant);
  expect([first.status, first.exitCode, first.counts.created]).toEqual(["complete", 0, 2]);
  expect(fake.rules("N-1")).toEqual({ maxDistance: { maxDistance: 30 } });
  expect(fake.user("N-2")?.parentUserIdentifier).toBe("N-1");

  const before = fake.requests.filter(({ method }) => method !== "GET").length;
  const second = await world.service.night(tenant);
  expect([second.status, second.counts.unchanged]).toEqual(["complete", 2]);
  expect(fake.requests.filter(({ method }) => method !== "GET")).toHaveLength(before);
  expect(await world.query("select exit_code from nights where tenant = $1", ["delta"])).toEqual([
    { exit_code: 0 },
    { exit_code: 0 },
  ]);
});

test("Support sees in test mode what would be sent, and its lines have the id of the request.", async () => {
  const { fake, employ } = world.network("estran");
  await employ({ number: "S-1", email: "s1@dealers.example" });
  fake.fail({ on: "updateUser", as: { status: 503 } });
  const answer = await fetch(`${world.url}/tenants/estran/users/S-1?test=true`, { method: "PUT" });
  expect(await answer.json()).toMatchObject({ outcome: "created", testMode: true });
  expect(fake.user("S-1")).toBeUndefined();
  const retried = world.lines.find(({ event, reqId }) => event === "request_retried" && reqId !== undefined);
  expect(retried).toMatchObject({ code: "server_error", status: 503, testMode: true, user: "S-1" });
});

test("What support cannot send is answered with the code and the paths.", async () => {
  await world.network("estran").employ({ number: "S-2", email: "s2 at dealers.example" });
  const answer = await fetch(`${world.url}/tenants/estran/users/S-2`, { method: "PUT" });
  expect([answer.status, await answer.json()]).toMatchObject([
    422,
    { code: "invalid_input", issues: [{ path: "email" }] },
  ]);
});

test("A user of a delivery has one trace: the worker's user, its call and its requests, with the tenant.", async () => {
  const { fake, deliver } = world.network("corsa");
  await deliver(employeeOf("T-1"));
  await until("the user", () => fake.user("T-1"));
  const user = await until("its span", () =>
    world.spans.find(({ name, attributes }) => name === "oplead user" && attributes["oplead.user"] === "T-1"),
  );
  const { traceId } = user.spanContext();
  const trace = world.spans.filter((span) => span.spanContext().traceId === traceId);
  expect(trace.map(({ name }) => name)).toEqual([
    "PUT /v1/users/{userIdentification}",
    "POST /v1/users",
    "oplead upsertUser",
    "oplead user",
  ]);
  for (const { attributes } of trace) expect(attributes).toMatchObject({ tenant: "corsa" });
});

test("The service says that it is ready, and counts the requests of each tenant.", async () => {
  expect((await fetch(`${world.url}/health/live`)).status).toBe(200);
  const ready = await fetch(`${world.url}/health/ready`);
  expect([ready.status, await ready.json()]).toEqual([200, { failed: [] }]);
  const metrics = await world.metrics();
  expect(metrics).toMatch(/oplead_requests_total\{tenant="acme",operation="createUser",result="201".*\} 1/);
  expect(metrics).toMatch(/oplead_queue_jobs\{tenant="acme",state="failed".*\} 0/);
});

test("Neither tokens nor personal data are in the log.", () => {
  const text = JSON.stringify(world.lines);
  for (const secret of ["token-of-", "Kermarrec", "@dealers.example"]) expect(text).not.toContain(secret);
});
