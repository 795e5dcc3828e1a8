import { expect, it } from "vitest";
import {
  boolean,
  coded,
  type Form,
  identity,
  list,
  number,
  object,
  optional,
  place,
  text,
  whole,
  word,
} from "../../src/core/form.ts";
import { issueFinder } from "../../src/core/validate.ts";

interface Person {
  readonly name: string;
  readonly of?: string | undefined;
  readonly row: number | string | undefined;
  readonly kind: "a" | "b";
  readonly notes: readonly { readonly note: string; readonly sure: boolean }[];
  readonly told: readonly { readonly code: string }[];
  readonly counts: object;
  readonly size: number;
}

const form: Form<Person> = object<Person>({
  name: text(),
  of: optional(identity()),
  row: place(),
  kind: word("a", "b"),
  notes: list(object({ note: text(), sure: boolean() })),
  told: list(coded()),
  counts: whole(),
  size: number(),
});

const person = {
  ...{ name: "x", of: "zoe@dealers.example", row: 3, kind: "a", size: 2, counts: { any: { thing: 1 } } },
  notes: [{ note: "n", sure: true }],
  told: [{ code: "c", parameters: { at: 1 }, message: "m" }],
};

it("a form leaves out all fields that are not listed, and hides an account number that is an e-mail", () => {
  const more = {
    ...{ ...person, secret: "Martin", notes: [{ note: "n", sure: true, secret: "Martin" }] },
    told: [{ ...person.told[0], secret: "Martin" }],
  };
  expect(form.print(more)).toEqual({ ...person, of: "[not shown]" });
});

it("a form does not print a value of another type than it says, which may be personal", () => {
  const hidden = { secret: "Martin" };
  const wrong = {
    name: hidden,
    of: hidden,
    row: [hidden],
    kind: hidden,
    notes: hidden,
    told: [[hidden]],
    size: hidden,
  };
  expect(JSON.stringify(form.print(wrong))).not.toContain("Martin");
  expect(form.print([hidden])).toBeUndefined();
});

it("a form finds the problems of a value from a file, and ignores fields of a later version", () => {
  const issuesOf = issueFinder(form.schema);
  expect(issuesOf({ ...person, later: 1 })).toEqual([]);
  expect(issuesOf({ ...person, of: undefined, row: null })).toEqual([]);
  const { name: _, ...nameless } = person;
  expect(issuesOf({ ...nameless, kind: "c", notes: [{ note: 7, sure: true }] }).map(({ path }) => path)).toEqual([
    "name",
    "kind",
    "notes[0].note",
  ]);
});
