import { expect, it } from "vitest";
import { createFakeOplead } from "../../src/testing/index.ts";
import { connect } from "../support/servers.ts";
import { user } from "../support/users.ts";

it("the methods of a client work if they are called without the client as their `this`", async () => {
  const { fetch, users } = createFakeOplead();
  const { upsertUser, updateUser, setRules } = connect("http://oplead.test", { fetch });
  const { id } = await upsertUser(user(1));
  await updateUser(id, user(1));
  expect(await setRules(id, { maxDistance: 5 })).toMatchObject({ applied: ["maxDistance"] });
  expect(users.length).toBeLessThanOrEqual(1);
});
