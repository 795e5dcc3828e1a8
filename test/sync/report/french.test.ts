import { expect, it } from "vitest";
import { frenchIssue } from "../../../src/sync/report/french.ts";

it.each([
  ['"PRF_X" is not a profile of this platform', "« PRF_X » n'est pas un profil de cette plateforme"],
  ["is in a cycle of parents: A → B → A", "fait partie d'un cycle de parents : A → B → A"],
  ["is also the login of ACC-2", "est aussi celui de ACC-2"],
  [
    "is not a zip code of FR: a leading zero was probably lost",
    "n'est pas un code postal de FR : un zéro initial a sans doute été perdu",
  ],
  ["map threw TypeError at map.ts:3:4", "map a échoué : TypeError at map.ts:3:4"],
])("the message %j is translated to %j", (english, french) => {
  expect(frenchIssue(english)).toBe(french);
});

it("a message that has no translation stays as it is", () => {
  expect(frenchIssue("must be a full-time employee")).toBe("must be a full-time employee");
});
