import { expect, it } from "vitest";
import { levelFailure, notLoaded } from "../../src/ledger/file.ts";

it.each([
  ["ERR_MODULE_NOT_FOUND", "not installed here"],
  ["MODULE_NOT_FOUND", "not installed here"],
  ["ERR_DLOPEN_FAILED", "its binary cannot be loaded"],
])(
  "The error for a package that cannot be loaded because of %s says that it is %s, and is not retryable",
  (code, message) => {
    const error = notLoaded(Object.assign(new Error("no"), { code }));
    expect(error).toMatchObject({ code: "ledger_unavailable", retryable: false });
    expect(error.message).toContain(message);
    expect(error.cause).toBeDefined();
  },
);

it("The error of an open database names LevelDB's code, and only corruption is not retryable", () => {
  const inner = Object.assign(new Error("io"), { code: "LEVEL_IO_ERROR" });
  for (const error of [inner, new Error("outer", { cause: inner })]) {
    expect(levelFailure("/ledger", error)).toMatchObject({ code: "ledger_unavailable", retryable: true });
    expect(levelFailure("/ledger", error).message).toContain("(LEVEL_IO_ERROR)");
  }
  for (const error of [undefined, null, "text", Object.assign(new Error("number"), { code: 5, cause: null })]) {
    expect(levelFailure("/ledger", error).message).toContain("(no code)");
  }
  const corruption = Object.assign(new Error("bad"), { code: "LEVEL_CORRUPTION" });
  const final = levelFailure("/ledger", corruption);
  expect(final).toMatchObject({ code: "ledger_unavailable", retryable: false });
  expect(final.cause).toBeDefined();
});
