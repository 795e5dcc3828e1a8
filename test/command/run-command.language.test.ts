import { expect, it } from "vitest";
import { chooseLanguage } from "../../src/command/run-command.ts";

it.each([
  ["nothing is set", {}, "en"],
  ["the locale is C.UTF-8", { LANG: "C.UTF-8" }, "en"],
  ["the locale is French", { LANG: "fr_FR.UTF-8" }, "fr"],
  ["the locale is the French of Canada", { LANG: "fr_CA" }, "fr"],
  ["the locale is German", { LANG: "de_DE.UTF-8" }, "en"],
  ["LC_MESSAGES differs from LANG", { LC_MESSAGES: "fr_FR.UTF-8", LANG: "en_GB.UTF-8" }, "fr"],
  ["LC_ALL differs from both", { LC_ALL: "C", LC_MESSAGES: "fr_FR.UTF-8", LANG: "fr_FR.UTF-8" }, "en"],
  ["LC_ALL is empty, which counts as not set", { LC_ALL: "", LANG: "fr_FR.UTF-8" }, "fr"],
  ["OPLEAD_LANGUAGE differs from the locale", { OPLEAD_LANGUAGE: "en", LC_ALL: "fr_FR.UTF-8" }, "en"],
  ["OPLEAD_LANGUAGE is in capitals", { OPLEAD_LANGUAGE: "FR" }, "fr"],
  ["OPLEAD_LANGUAGE is empty", { OPLEAD_LANGUAGE: "", LC_ALL: "fr_FR.UTF-8" }, "fr"],
  ["a locale only begins like French", { LANG: "frp_FR" }, "en"],
])("if %s, the language is chosen by POSIX's order", (_when, environment, language) => {
  expect(chooseLanguage(["plan"], environment)).toMatchObject({ language, argv: ["plan"] });
});

it.each([
  [
    ["plan", "--language", "fr", "--json"],
    ["plan", "--json"],
  ],
  [["--language=fr", "plan"], ["plan"]],
  [
    ["plan", "--only", "A", "--language", "fr"],
    ["plan", "--only", "A"],
  ],
  [["plan", "--language", "en", "--language", "fr"], ["plan"]],
])("the flag --language counts more than the environment, and is removed from the arguments: %j", (argv, rest) => {
  expect(chooseLanguage(argv, { OPLEAD_LANGUAGE: "en" })).toEqual({ language: "fr", argv: rest, isFirm: true });
});

it("the word --language after -- is not read as a flag", () => {
  const argv = ["diff", "--", "--language", "fr"];
  expect(chooseLanguage(argv, {})).toEqual({ language: "en", argv, isFirm: false });
});

it.each([
  [["plan", "--language", "de"], {}],
  [["plan"], { OPLEAD_LANGUAGE: "French" }],
])("an unknown language is refused: %j", (argv, environment) => {
  expect(() => chooseLanguage(argv, environment)).toThrow(/^There is no language .*: en, fr\.$/);
});
