import { expect, it } from "vitest";
import { issueAt } from "../../../src/core/issues.ts";
import { tellValue } from "../../../src/locales/en/core.ts";
import { inFrench } from "../../../src/locales/fr/issues.ts";
import { findUserIssues } from "../../../src/user/user.ts";
import { user } from "../../support/users.ts";

it("inFrench gives the French message of a user's issue", () => {
  const wrong = { ...user(1, { email: "x" }), lastname: undefined, lastName: "Martin" };
  expect(findUserIssues(wrong, {}).map(inFrench)).toEqual([
    "n’est pas une adresse e-mail",
    "n’est pas un champ connu d’Oplead\u202f; «\u202flastname\u202f» en est un. Corrigez-le, ou ajoutez-le à platform.customFields",
  ]);
});

it("inFrench makes the message from the issue's parameters", () => {
  expect(inFrench(issueAt("share", tellValue("not_number", { min: 0, max: 1 })))).toBe("doit être un nombre de 0 à 1");
});

it.each(["from_the_future", "toString"])(
  "inFrench does not change the message of an issue whose code is %s",
  (code) => {
    expect(inFrench({ ...issueAt("", tellValue("invalid")), code } as never)).toBe("is not valid");
  },
);
