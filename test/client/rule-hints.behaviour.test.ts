import { expect, it } from "vitest";
import { competences, contactProfiles } from "../../src/index.ts";
import { createFakeOplead, type FakeFaultAnswer } from "../../src/testing/index.ts";
import { failureOf } from "../support/failure.ts";
import { connect } from "../support/servers.ts";
import { user } from "../support/users.ts";

const RULES = { maxDistance: 3, competences: competences.ranges("RNG_A"), contactProfiles: contactProfiles("CPR_A") };

async function refusedWith(...answers: FakeFaultAnswer[]) {
  const fake = createFakeOplead();
  const oplead = connect("http://oplead.test", { fetch: fake.fetch, retry: { attempts: 1 } });
  await oplead.upsertUser(user(1));
  await oplead.updateUser("ACC-1", user(1));
  for (const as of answers) fake.fail({ on: "setRules", as });
  return failureOf(oplead.setRules("ACC-1", RULES));
}

const json = (status: number) => ({ status, body: { error: "no" } });

it.each([
  [403, "maxDistance: forbidden (403). Probably this rule is not enabled"],
  [405, "maxDistance: refused (405). Probably this rule is not enabled"],
  [404, "maxDistance: not_found (404). Oplead does not know the user, or this rule is not enabled"],
  [400, "maxDistance: refused (400). Oplead refuses the content, or this rule is not enabled"],
  [422, "maxDistance: refused (422). Oplead refuses the content, or this rule is not enabled"],
  [409, "maxDistance: conflict (409)"],
  [503, "maxDistance: server_error (503)"],
])(
  "the error of a rule refused with status %d gives the status, and a likely cause if one is known",
  async (status, says) => {
    expect((await refusedWith(json(status))).message).toContain(says);
  },
);

it("the error of a rule without an answer has no status, and lists the rules that were not sent", async () => {
  const { message, result } = await refusedWith("reset");
  expect(message).toContain("maxDistance: connection\n");
  expect(message).toContain("not sent: competences, contactProfiles");
  expect(result).toMatchObject({ notSent: ["competences", "contactProfiles"] });
});
