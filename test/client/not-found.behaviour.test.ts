import { expect, it, onTestFinished } from "vitest";
import { createFakeOplead, type FakeOplead } from "../../src/testing/index.ts";
import { failureOf } from "../support/failure.ts";
import { connect } from "../support/servers.ts";
import { user } from "../support/users.ts";

async function platform() {
  const fake = createFakeOplead({ uniqueAccountNumbers: false });
  const server = await fake.listen();
  onTestFinished(() => server.close());
  return { fake, oplead: connect(server.url) };
}

const count = (fake: FakeOplead, method: string) => fake.requests.filter((request) => request.method === method).length;

it.each(["html", "empty"] as const)(
  "after a gateway's %s 404 no user is created while the API does not answer",
  async (page) => {
    const { fake, oplead } = await platform();
    await oplead.createUser(user(1));
    fake.fail({ as: { gateway: 404, page }, times: 99 });
    const error = await failureOf(oplead.upsertUser(user(1)));
    expect(error).toMatchObject({ code: "unexpected_response", status: 404, retryable: true });
    expect(error.message).toContain("proxy");
    expect(fake.users).toHaveLength(1);
  },
);

it("a 404 with a JSON body is believed without another request", async () => {
  const { fake, oplead } = await platform();
  expect(await oplead.upsertUser(user(1))).toMatchObject({ outcome: "created", requests: 2 });
  expect(count(fake, "GET")).toBe(0);
});

it("a gateway's 404 on a rule is an error that can be retried", async () => {
  const { fake, oplead } = await platform();
  await oplead.createUser(user(1));
  fake.fail({ as: { gateway: 404 }, times: 99 });
  const error = await failureOf(oplead.setRules("ACC-1", { maxDistance: 30 }));
  expect(error).toMatchObject({ code: "unexpected_response", status: 404, retryable: true });
});

it("a 404 without JSON for a rule counts as Oplead's own if Oplead answers other requests", async () => {
  const { fake, oplead } = await platform();
  fake.fail({ on: "setRules", as: { gateway: 404, page: "empty" }, times: 99 });
  const error = await failureOf(oplead.setRules("ACC-1", { maxDistance: 30 }));
  expect(error).toMatchObject({ code: "not_found", status: 404, retryable: false });
});
