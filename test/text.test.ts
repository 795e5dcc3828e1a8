import { expect, it } from "vitest";
import { checkRules, createOplead, OpleadError, ruleSchemas, userSchema } from "../src/index.ts";
import { createFakeOplead } from "../src/testing/index.ts";
import { textOf } from "../src/text.ts";
import { failureOf } from "./support/failure.ts";
import { user } from "./support/users.ts";

const fr = { language: "fr" } as const;
const connected = () => {
  const fake = createFakeOplead();
  return { fake, oplead: createOplead({ token: "fake-token", fetch: fake.fetch, retry: false }) };
};

it("an error about input has one line for each issue, in both languages", async () => {
  const error = await failureOf(connected().oplead.upsertUser({ ...user(1), email: "x", login: "" }));
  expect(textOf(error, { language: "en" })).toBe(error.message);
  expect(textOf(error, fr)).toBe(
    "L’enregistrement n’est pas valide.\n  - login ne doit pas être vide\n  - email n’est pas une adresse e-mail",
  );
});

it("an issue of a schema and a finding about a rule have a French text by their code", async () => {
  const [issue] = userSchema["~standard"].validate({ ...user(1), email: "x" }).issues ?? [];
  expect(issue && textOf(issue, fr)).toBe("n’est pas une adresse e-mail");
  expect(issue && textOf(issue, { language: "en" })).toBe("is not an e-mail address");
  const [ofRule] = ruleSchemas.maxDistance["~standard"].validate(-1).issues ?? [];
  expect(ofRule && textOf(ofRule, fr)).toContain("supérieur à 0");
  const [finding] = checkRules({ maxDistance: 30_000 }, {});
  expect(finding && textOf(finding, fr)).toContain("dépasse toute distance");
});

it("a code that this version does not know keeps its message", async () => {
  expect(textOf({ code: "of_tomorrow", message: "Tomorrow." }, fr)).toBe("Tomorrow.");
  expect(textOf(new OpleadError("timeout", "Too slow."), { language: "en" })).toBe("Too slow.");
  expect(textOf(new OpleadError("timeout", "Too slow."), fr)).toBe("Oplead n’a pas répondu à temps.");
});
