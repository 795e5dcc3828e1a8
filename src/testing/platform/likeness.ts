import type { FakeRuleName } from "../rules.ts";
import type { FakeFacts, FakeOpleadOptions } from "../types/fake-oplead.ts";

/** The kind of a body, as facts name it. */
export type Form = "json" | "html" | "empty" | "text";

/** Where a platform with facts differs from the fake's own assumptions, beside what options say. */
export interface Likeness {
  readonly notFoundForm: Form;
  readonly wrongPathForm: Form;
  readonly duplicateStatus: number;
  readonly partialUpdate: boolean;
  readonly echoesAccountNumber: boolean;
  readonly idField: string;
  readonly rulePaths: Readonly<Partial<Record<FakeRuleName, string>>>;
  readonly requestTypes: boolean;
  readonly zipCodesListed: boolean;
  readonly testModeArrives: boolean;
  readonly requestIdHeader: string;
  readonly readLagMs: number;
}

const USUAL: Likeness = {
  notFoundForm: "json",
  wrongPathForm: "json",
  duplicateStatus: 409,
  partialUpdate: false,
  echoesAccountNumber: true,
  idField: "id",
  rulePaths: {},
  requestTypes: true,
  zipCodesListed: true,
  testModeArrives: true,
  requestIdHeader: "x-request-id",
  readLagMs: 0,
};

function known(facts: FakeFacts | undefined): Record<string, unknown> {
  const decided = Object.entries(facts?.facts ?? {}).filter(
    ([, { verdict, value }]) => verdict !== "undecided" && value !== null,
  );
  return Object.fromEntries(decided.map(([name, { value }]) => [name, value]));
}

/** The usual likeness, with what facts say otherwise. */
export function likenessOf(facts: FakeFacts | undefined): Likeness {
  const values = known(facts);
  const names = Object.keys(USUAL).filter((name) => name in values);
  return { ...USUAL, ...Object.fromEntries(names.map((name) => [name, values[name]])) };
}

export function optionsOf(facts: FakeFacts | undefined): FakeOpleadOptions {
  const { auth, idType, refusesDuplicates, ...values } = known(facts);
  const ids = { number: "numbers", digits: "digits", uuid: "uuid", text: (count: number) => `usr_${count}` } as const;
  const disabled = Object.keys(values).filter((name) => /^rules\./.test(name) && values[name] === "disabled");
  return {
    auth: auth as FakeOpleadOptions["auth"],
    ids: ids[idType as keyof typeof ids],
    // The names of facts end with those of rules.
    disabledRules: disabled.map((name) => name.slice("rules.".length) as FakeRuleName),
    uniqueAccountNumbers: refusesDuplicates as boolean | undefined,
  };
}
