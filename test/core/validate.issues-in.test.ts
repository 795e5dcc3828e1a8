import { expect, it } from "vitest";
import { issuesIn } from "../../src/core/validate.ts";

it("issuesIn reads the issues of an error in every form, at most a hundred of them", () => {
  const read = (issues: unknown, isOurs = false) => issuesIn({ issues }, isOurs);
  const code = "invalid";
  for (const none of [undefined, [], "x", {}]) expect(read(none)).toBeUndefined();
  for (const error of [null, undefined, "x", 5]) expect(issuesIn(error, true)).toBeUndefined();
  expect(read([{ path: "user.email" }, { path: "a b" }, { path: 5 }, null, {}])).toMatchObject([
    { path: "user.email", code },
    { path: "[…]", code },
    ...[
      { path: "", code },
      { path: "", code },
      { path: "", code },
    ],
  ]);
  expect(read([{ path: [null, "rows", 3, { key: "email" }, { key: "x@y" }, "y".repeat(81)] }])).toMatchObject([
    { path: "null.rows.3.email.[…].[…]", code },
  ]);
  expect(read([{ path: "rules", message: "must be a list" }], true)).toEqual([
    { path: "rules", message: "must be a list" },
  ]);
  expect(read([null], true)).toMatchObject([{ path: "", code }]);
  expect(read(Array.from({ length: 150 }, () => ({ path: "x" })))).toHaveLength(100);
});
