import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { allFunctions, anything, type BothFunctions } from "../support/texts.ts";

// English and French use different forms, or write the number differently.
const AMOUNTS = [0, 1, 2, 1_234];

// Parameters that accept only a few words have no text for others.
const STATES = ["range", "full", "damaged", "due", "complete", "held", "begun", "left", "lost", "login"];

// To renew the list: `npx vitest run test/locales/words.behaviour.test.ts -u`. Read the difference aloud before you
// commit it.
beforeEach(() => {
  vi.stubEnv("TZ", "UTC");
});

it("every text is as reviewed in words.txt, in both languages, for the amounts 0, 1, 2 and 1,234", async () => {
  const lines = (await allFunctions()).flatMap(({ subject, code, english, french }) => [
    `${subject} ${code}`,
    ...wordsOf(english).map((line) => `  en ${line}`),
    ...wordsOf(french ?? (() => "")).map((line) => `  fr ${line}`),
  ]);
  expect(lines.length).toBeGreaterThan(3_000);
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("./words.txt");
});

afterEach(() => {
  vi.unstubAllEnvs();
});

// `0 1: 1 user`, `2 1234: 1,234 users`
function wordsOf(text: BothFunctions["english"]) {
  const stand = standIns(text);
  const forms: { amounts: number[]; form: string; said: string }[] = [];
  for (const amount of AMOUNTS) {
    const said = saidWith(text, amount, stand);
    const form = said.replaceAll(new RegExp(`(?<![\\d.,])(?:1[,\u202f]234|${amount})(?!\\d)`, "g"), "#");
    const same = forms.find((one) => one.form === form);
    if (same) Object.assign(same, { amounts: [...same.amounts, amount], said });
    else forms.push({ amounts: [amount], form, said });
  }
  return forms.map(({ amounts, said }) => {
    const line = JSON.stringify(said).slice(1, -1).replaceAll('\\"', '"');
    return forms.length === 1 ? line : `${amounts.join(" ")}: ${line}`;
  });
}

type StandIns = Readonly<Record<string, string | typeof anything>>;

// A text has words for them, not undefined or NaN.
function standIns(text: BothFunctions["english"]) {
  const names = new Set<string>();
  const isSaid = (stand: StandIns) => {
    try {
      const said = AMOUNTS.map((amount) => saidWith(text, amount, stand, names));
      // Not with 0: a share of 0 is NaN.
      return !said.slice(1).some((one) => /(?<!o[ru] )undefined|NaN|\[object/.test(one));
    } catch {
      return false;
    }
  };
  if (isSaid({})) return {};
  const of = (some: Iterable<string>, value: StandIns[string]) =>
    Object.fromEntries([...some].map((name) => [name, value]));
  // A text that throws has not yet read all of its parameters.
  for (let known = 0; known < names.size; ) {
    known = names.size;
    const all = of(names, anything);
    const found = [
      ...[...names].flatMap((name) => [anything, ...STATES].map((value) => of([name], value))),
      ...[...names].flatMap((one) => [...names].map((two) => of([one, two], anything))),
      all,
      ...[...names].flatMap((name) => STATES.map((value) => ({ ...all, [name]: value }))),
      ...STATES.map((value) => of(names, value)),
    ].find(isSaid);
    if (found) return found;
  }
  return of(names, anything);
}

function saidWith(text: BothFunctions["english"], amount: number, stand: StandIns, names = new Set<string>()) {
  const get = (_: object, name: string) => {
    names.add(name);
    const value = stand[name] ?? amount;
    return typeof value === "function" ? value(amount) : value;
  };
  // Some texts pass the rest of their parameters on, so the proxy must list names.
  const ownKeys = () => ["inhabitants", "isForSome"];
  const getOwnPropertyDescriptor = () => ({ enumerable: true, configurable: true });
  return String(text(new Proxy({}, { get, ownKeys, getOwnPropertyDescriptor })));
}
