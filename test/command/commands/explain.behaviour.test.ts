import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { onPlatform, projectWith } from "../../support/command.ts";

const HEADER = "ref;name;email;zip;radius";
const dealer = (at: number, { email = `p${at}@dealers.example`, zip = "29000", radius = "80" } = {}) =>
  `D-${at};Petit ${at};${email};${zip};${radius}`;
const file = (...rows: readonly string[]) => `${[HEADER, ...rows].join("\r\n")}\r\n`;
// Rows 2 to 10 of the file.
const stay = [
  dealer(0),
  dealer(1),
  dealer(2, { radius: "10" }),
  dealer(3, { email: "no address" }),
  dealer(4, { zip: "4112" }),
  dealer(5, { radius: "" }),
  dealer(6),
  dealer(7),
  dealer(8),
];

const named = ({ accountNumber }: { accountNumber: string }) => accountNumber;

it("explain and coverage name each user that does not count, with its row, and leavers still in Oplead", async () => {
  const project = projectWith(
    "rowOf: csvSource('dealers.csv').rowOf, guard: false,",
    file(...stay, dealer(9), dealer(10, { zip: "01000" })),
  );
  const { fake, folder, run } = await onPlatform(project);
  fake.fail({
    on: ({ operation, body }) => operation === "createUser" && JSON.stringify(body).includes("D-6"),
    as: { status: 422 },
  });
  expect((await run("sync")).code).toBe(4);
  writeFileSync(join(folder, "dealers.csv"), file(...stay));
  expect((await run("sync")).code).toBe(5);

  const { users, notCounted, leftOut } = JSON.parse((await run("explain --zip 29200 --json")).stdout);
  const eligible = users.filter(({ verdict }: { verdict: string }) => verdict === "eligible");
  expect(eligible.map(named)).toEqual(["D-0", "D-1", "D-7", "D-8"]);
  expect(users.slice(4).map(named)).toEqual(["D-2", "D-4", "D-5"]);
  expect(leftOut).toMatchObject([{ row: 5, accountNumber: "D-3", issues: [{ path: "email" }] }]);
  const told = (both: readonly { code: string; accountNumbers: readonly string[]; parameters: { rows: unknown } }[]) =>
    both.map(({ code, accountNumbers, parameters }) => [code, accountNumbers.join(), parameters.rows]);
  const others = [
    ["users_without_rules", "D-5", [7]],
    ["users_without_place", "D-4", [6]],
  ];
  const notSent = [
    ["users_invalid", "D-3", [5]],
    ["users_refused", "D-6", [8]],
  ];
  expect(told(notCounted)).toEqual([...notSent, ["users_left", "D-9", [null]], ...others]);
  const covered = JSON.parse((await run("coverage --json --html map.html")).stdout);
  expect(told(covered.notCounted)).toEqual([...notSent, ["users_left", "D-10,D-9", [null, null]], ...others]);

  const english = [
    "1 user with an invalid record is not counted: D-3 (row 5).",
    "1 user that Oplead refused is not counted: D-6 (row 8).",
    "1 user that left the source is not counted: D-9; Oplead still has it, and it may still get leads.",
    "1 user without rules is not counted: D-5 (row 7); if it gets every lead, say `receives`.",
    "1 user without a known place covers nothing by distance: D-4 (row 6).",
  ];
  expect((await run("explain --zip 29200")).stdout).toContain(`\n${english.join("\n")}\n`);
  expect(readFileSync(join(folder, "map.html"), "utf8")).toContain(english[1]);
  const french = await run("explain --zip 29200 --language fr");
  expect(french.stdout).toMatch(/1 utilisateur refusé par Oplead n’est pas compté\s: D-6 \(ligne 8\)\./);

  expect((await run("leavers done D-9")).code).toBe(0);
  expect((await run("explain --zip 29200")).stdout).not.toContain("left the source");
});
