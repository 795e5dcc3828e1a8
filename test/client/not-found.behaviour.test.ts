import { expect, it, onTestFinished } from "vitest";
import { createFakeOplead } from "../../src/testing/index.ts";
import { failureOf } from "../support/failure.ts";
import { connect } from "../support/servers.ts";
import { user } from "../support/users.ts";

async function platform() {
  const fake = createFakeOplead({ uniqueAccountNumbers: false });
  const server = await fake.listen();
  onTestFinished(() => server.close());
  return { fake, oplead: connect(server.url) };
}

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
