import { readdirSync, readFileSync } from "node:fs";
import type { Outcome } from "oplead-sdk";
import type { CoverageFinding } from "oplead-sdk/coverage";
import type { Finding } from "oplead-sdk/sync";
import { expect, expectTypeOf, it } from "vitest";
import type { AuditLine } from "#parts";
import type { FactComparison, ProbeCondition, ProbeContent } from "#probe";
import { COMMANDS, successorOf } from "../../src/command/registry.ts";
import type { PlanDifference } from "../../src/command/run/approval.ts";
import type { TextCode } from "../../src/command/say.ts";
import type { FactGap } from "../../src/core/facts.ts";
import { type Text, type Texts, textWith } from "../../src/locales/coded.ts";
import { COMMAND, COMMAND_WORDS } from "../../src/locales/en/command.ts";
import type { DOCTOR_ANSWERS } from "../../src/locales/en/doctor.ts";
import { COMMAND_FR } from "../../src/locales/fr/command.ts";
import type { FieldKind } from "../../src/sync/plan/mapping.ts";
import { allTexts } from "../support/texts.ts";

const folder = new URL("../../src/command/", import.meta.url);
const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => readFileSync(new URL(file, folder), "utf8"))
  .join("\n");

// Codes that end with a value of data: `gap_${why}`.
const FAMILIES = ["compared", "difference", "field", "gap", "instead", "job", "sends", "sent"];

it("every text of the command is used somewhere in the command", async () => {
  for (const family of FAMILIES) expect(sources).toMatch(new RegExp(`\`${family}_[a-z_]*\\$`));
  const codes = (await allTexts())
    .filter(({ subject }) => /^(?:command|doctor)/.test(subject) && !subject.endsWith("COMMAND_WORDS"))
    .map(({ code }) => code);
  expect(codes.length).toBeGreaterThan(500);
  const summaries = new Set<string>(COMMANDS.map(({ summary }) => summary));
  const isSaid = (code: string) =>
    sources.includes(`"${code}"`) || FAMILIES.includes(code.split("_")[0] ?? "") || summaries.has(code);
  expect(codes.filter((code) => !isSaid(code))).toEqual([]);
  const gone = codes.filter((code) => code.startsWith("instead_of_"));
  expect(gone.map((code) => successorOf(code.slice("instead_of_".length)))).toEqual(gone);
});

it("no two texts of the command have the same code", async () => {
  const codes = (await allTexts()).filter(({ subject }) => /COMMAND|LEAD_LABELS/.test(subject)).map(({ code }) => code);
  expect(codes.length).toBe(Object.values(COMMAND).flatMap((texts) => Object.keys(texts)).length);
  expect(codes.filter((code, at) => codes.indexOf(code) !== at)).toEqual([]);
});

it("each French text of the command reads the same parameters as the English text", () => {
  const french: Readonly<Record<string, Texts>> = COMMAND_FR;
  const english: Readonly<Record<string, Texts>> = COMMAND;
  const wrong = Object.entries(english).flatMap(([theme, texts]) =>
    Object.entries(texts).filter(([code, text]) => {
      const other = french[theme]?.[code] ?? "";
      return String(namedBy(text)) !== String(namedBy(other));
    }),
  );
  expect(namedBy(COMMAND.said.move_conflict)).toEqual(["from", "to"]);
  expect(wrong.map(([code]) => code)).toEqual([]);
});

function namedBy(text: Text) {
  const names = new Set<string>();
  textWith(text, new Proxy({}, { get: (_, name) => [names.add(String(name)).size] }));
  return [...names].sort();
}

it("a command's text whose code ends with a value (status.paused) exists for each possible value", () => {
  type Family<Name extends string> = Extract<TextCode, `${Name}_${string}`>;
  expectTypeOf<Family<"compared">>().toEqualTypeOf<`compared_${FactComparison["outcome"]}`>();
  expectTypeOf<Family<"difference">>().toEqualTypeOf<`difference_${PlanDifference["difference"]}`>();
  expectTypeOf<Extract<keyof typeof DOCTOR_ANSWERS, `field_${string}`>>().toEqualTypeOf<`field_of_${FieldKind}`>();
  expectTypeOf<Family<"gap">>().toEqualTypeOf<`gap_${FactGap}`>();
  expectTypeOf<Family<"sends">>().toEqualTypeOf<`sends_${Exclude<ProbeContent, "nothing">}`>();
  expectTypeOf<Family<"sent">>().toEqualTypeOf<`sent_${Exclude<ProbeCondition, "always">}`>();
  expectTypeOf<keyof typeof COMMAND_WORDS>().toEqualTypeOf<
    | Outcome
    | Extract<AuditLine, { event: "run_ended" }>["status"]
    | Finding<"leaver">["state"]
    | CoverageFinding["kind"]
    | "not_counted"
    | "true"
    | "false"
    | Exclude<keyof Finding<"leaver">, "record" | "row" | "isNew" | "team">
    | "kind"
    | "finding"
    | "inhabitants"
    | "accountNumbers"
    | "zipCodes"
  >();
  expect(COMMAND_WORDS.created).toBe("created");
});
