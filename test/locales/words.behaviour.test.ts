import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { allFunctions, anything, type BothFunctions } from "../support/texts.ts";

// English and French use different forms, or write the number differently.
const AMOUNTS = [0, 1, 2, 1_234];

// Parameters that accept only a few words have no text for others.
const STATES = ["range", "full", "damaged", "due", "complete", "held", "begun", "left", "lost", "login"];

const EFFECTS = ["left", "new", "leads_ended", "leads_began", "returned", "moved"].map((kind) => ({ kind }));
const POLICY = {
  ...{
    policy: "maxLost",
    isState: false,
    zipCodes: ["29000"],
    places: 1,
    inhabitants: 63_000,
    counties: ["Finistère"],
  },
  ...{ kinds: ["pro"], users: ["U1"], causes: [], assumptions: [], withoutPlace: [] },
};
const radius = { kind: "radius", from: 9, to: 12 };
const FAILED = [403, 404, 422, 500, undefined].map((status) => ({ step: "maxDistance", code: "refused", status }));

// Parameters of texts that choose among whole sentences.
const EXAMPLES: Readonly<Record<string, readonly object[]>> = {
  policy: [
    {
      ...{ ...POLICY, problem: "uncovered", limit: 1 },
      causes: [
        { accountNumber: "U1", postcodes: 1, effects: [...EFFECTS, radius, { kind: "rule", rule: "maxDistance" }] },
      ],
    },
    { ...POLICY, problem: "uncovered", isState: true, limit: 2, zipCodes: [], counties: [], inhabitants: undefined },
    { ...POLICY, problem: "shared", groups: ["A", "B"] },
    { ...POLICY, problem: "shared", groups: ["A", "B"], isState: true, kinds: [] },
    { ...POLICY, problem: "lost", most: { inhabitants: 50_000 } },
    { ...POLICY, problem: "other", text: "Quimper has nobody", policy: "own" },
  ],
  arrived_in_part: [true, false].map((isNew) => ({
    ...{ id: "7", isNew, applied: ["user"], unverifiable: [], notSent: [] },
    failed: isNew ? FAILED : [{ step: "user", code: "refused" }],
  })),
};

// To renew the list: `npx vitest run test/locales/words.behaviour.test.ts -u`. Read the difference aloud before you
// commit it.
beforeEach(() => {
  vi.stubEnv("TZ", "UTC");
});

it("every text is as reviewed in words.txt, in both languages, for the amounts 0, 1, 2 and 1,234", async () => {
  const lines = (await allFunctions()).flatMap(({ subject, code, english, french }) => [
    `${subject} ${code}`,
    ...wordsOf(english, code).map((line) => `  en ${line}`),
    ...wordsOf(french ?? (() => ""), code).map((line) => `  fr ${line}`),
  ]);
  expect(lines.length).toBeGreaterThan(3_000);
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("./words.txt");
});

afterEach(() => {
  vi.unstubAllEnvs();
});

// `0 1: 1 user`, `2 1234: 1,234 users`
function wordsOf(text: BothFunctions["english"], code: string) {
  const names = new Set<string>();
  const stand = standIns(text, names);
  const forms: { amounts: number[]; form: string; said: string }[] = [];
  for (const amount of AMOUNTS) {
    const said = saidWith(text, amount, stand);
    const form = said.replaceAll(new RegExp(`(?<![\\d.,])(?:1[,\u202f]234|${amount})(?!\\d)`, "g"), "#");
    const same = forms.find((one) => one.form === form);
    if (same) Object.assign(same, { amounts: [...same.amounts, amount], said });
    else forms.push({ amounts: [amount], form, said });
  }
  const lineOf = (said: string) => JSON.stringify(said).slice(1, -1).replaceAll('\\"', '"');
  return [
    ...forms.map(({ amounts, said }) => `${forms.length === 1 ? "" : `${amounts.join(" ")}: `}${lineOf(said)}`),
    ...[...names].flatMap((name) => {
      const shorter = attempt(text, { ...stand, [name]: undefined });
      const isNew = shorter !== undefined && !forms.some(({ said }) => said === shorter);
      return isNew ? `without ${name}: ${lineOf(shorter)}` : [];
    }),
    ...(EXAMPLES[code] ?? []).map((parameters) => `for example: ${lineOf(text(parameters))}`),
  ];
}

function attempt(text: BothFunctions["english"], stand: StandIns) {
  try {
    const said = saidWith(text, 1_234, stand);
    return JUNK.test(said) ? undefined : said;
  } catch {
    return undefined;
  }
}

type StandIns = Readonly<Record<string, string | typeof anything | undefined | never[]>>;

const JUNK = /(?<!o[ru] )undefined|NaN|\[object/;

// A text has words for them, not undefined or NaN.
function standIns(text: BothFunctions["english"], names: Set<string>) {
  const isSaid = (stand: StandIns) => {
    try {
      const said = AMOUNTS.map((amount) => saidWith(text, amount, stand, names));
      // Not with 0: a share of 0 is NaN.
      return !said.slice(1).some((one) => JUNK.test(one));
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
    const value = Object.hasOwn(stand, name) ? stand[name] : amount;
    return typeof value === "function" ? value(amount) : value;
  };
  // Some texts pass the rest of their parameters on, so the proxy must list names.
  const ownKeys = () => ["inhabitants", "isForSome"];
  const getOwnPropertyDescriptor = () => ({ enumerable: true, configurable: true });
  return String(text(new Proxy({}, { get, ownKeys, getOwnPropertyDescriptor })));
}
