import { expect, it } from "vitest";
import { belongsToAnother, written } from "../../src/client/result.ts";
import { OpleadError } from "../../src/core/errors.ts";
import { readAnswer } from "../../src/transport/answer.ts";

const CALL = { operation: "updateUser", testMode: false, requests: 1 } as never;

function read(
  body: unknown,
  sent: { accountNumber?: unknown; identification?: unknown; knownId?: string; status?: number },
) {
  const { status = 200, accountNumber, identification, knownId } = sent;
  const wire = { status, text: body === undefined ? "" : JSON.stringify(body), headers: new Headers() };
  return written(readAnswer(wire, 0), CALL, { idField: "id", knownId, accountNumber, identification } as never);
}

function errorOf(task: () => unknown) {
  try {
    task();
  } catch (error) {
    return error as OpleadError;
  }
  throw new Error("it did not fail");
}

const cases: [identification: string, accountNumber: string | undefined, answered: unknown, isAnother: boolean][] = [
  ["7", "ACC-1", "ACC-2", true],
  ["7", "ACC-1", "ACC-1", false],
  ["7", "ACC-1", "  acc-1 ", false],
  ["7", " ACC-1", "acc-1", false],
  ["7", undefined, "ACC-2", false],
  // An account number addresses its own user, unless it could be an id.
  ["ACC-1", "ACC-1", "ACC-2", false],
  ["1A", "1A", "ACC-2", false],
  ["A1", "A1", "ACC-2", false],
  ["123", "123", "ACC-2", true],
  // updateUser may change the account number, and the answer may still have the old one.
  ["ACC-1", "ACC-9", "ACC-1", false],
  ["ACC-1", "ACC-9", "ACC-2", true],
  // A number has lost its zeros: 12 may stand for "0012", the text "12" not.
  ["7", "0012", 12, false],
  ["7", "0012", "12", true],
  ["7", "1012", 112, true],
  ["7", "0", 0, false],
  ["7", "ACC-1", undefined, false],
  ["7", "ACC-1", null, false],
  ["7", "ACC-1", ["ACC-2"], false],
];

it.each(cases)("an update of %j with the account number %j, answered with %j, is about another user: %j", (...one) => {
  const [identification, accountNumber, answered, isAnother] = one;
  const task = () => read({ id: "7", accountNumber: answered }, { identification, accountNumber });
  if (!isAnother) return expect(task().id).toBe("7");
  const error = errorOf(task);
  expect(error).toMatchObject({ code: "unexpected_response", retryable: false });
  expect(belongsToAnother(error)).toBe(true);
  expect(error.message).toContain(`The identification ${identification} belongs to that user`);
});

it("a creation whose answer names an account number other than the one that was sent is a success", () => {
  expect(read({ id: "7", accountNumber: "ACC-2" }, { accountNumber: "ACC-1" }).id).toBe("7");
});

it("the error about an answer for another user does not show the identification of the update", () => {
  const identification = "jean@dealers.example";
  const error = errorOf(() => read({ id: "7", accountNumber: "ACC-2" }, { identification, accountNumber: "ACC-1" }));
  expect(error.message).toContain("The identification [not shown] belongs");
});

it("belongsToAnother is false for an error that is not about another user's id", () => {
  expect(belongsToAnother(new OpleadError("conflict", "no"))).toBe(false);
  expect(belongsToAnother(errorOf(() => read({}, {})))).toBe(false);
});

it("an answer without content is a success if the id is known", () => {
  for (const status of [204, 205]) {
    expect(read(undefined, { status, knownId: "7" })).toEqual({ id: "7", user: {} });
    expect(errorOf(() => read(undefined, { status })).code).toBe("unexpected_response");
  }
  expect(errorOf(() => read(undefined, { knownId: "7" })).message).toContain("without a user");
});

it("an answer with an id that cannot be used is an error that says why, even if the id is known", () => {
  for (const knownId of ["7", undefined]) {
    const { message } = errorOf(() => read({ id: ".." }, knownId === undefined ? {} : { knownId }));
    expect(message).toContain("its `id` in the answer must not be");
  }
  expect(errorOf(() => read({ name: "x" }, {})).message).toContain("has no `id` to keep");
});
