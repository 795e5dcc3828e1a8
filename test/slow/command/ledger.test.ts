import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type Ended, onPlatform, openPlatform, oplead } from "../../support/command.ts";
import { unusedPort } from "../../support/servers.ts";
import { project } from "./project.ts";

const json = ({ stdout }: Ended) => JSON.parse(stdout);

it("a ledger of another platform is refused, and ledger adopt binds it to the new address", async () => {
  const [staging, production] = [await openPlatform(), await openPlatform()];
  const folder = await project();
  expect(await oplead(folder, "sync", { env: staging.env })).toMatchObject({ code: 0 });
  const { env } = production;
  const refused = await oplead(folder, "sync --json", { env });
  expect(refused.code).toBe(1);
  expect(json(refused).error).toMatchObject({
    code: "ledger_mismatch",
    message: expect.stringContaining("oplead-sdk ledger adopt"),
  });
  const doctor = await oplead(folder, "doctor", { env });
  expect(doctor.code).toBe(1);
  expect(doctor.stdout).toMatch(
    /✗ Ledger: belongs to .*, and this client to another platform\n.*oplead-sdk ledger adopt/,
  );
  expect(production.fake.users).toEqual([]);
  const nowhere = { ...env, OPLEAD_BASE_URL: `http://127.0.0.1:${await unusedPort()}` };
  const lost = await oplead(folder, "ledger adopt --json", { env: nowhere });
  expect([lost.code, json(lost).error.code]).toEqual([1, "connection"]);
  expect(await oplead(folder, "plan", { env: staging.env })).toMatchObject({ code: 0 });
  const adopted = await oplead(folder, "ledger adopt", { env });
  expect(adopted.code).toBe(0);
  expect(adopted.stdout).toContain(`The ledger belongs to ${env.OPLEAD_BASE_URL}, no longer to`);
  expect(await oplead(folder, "plan", { env })).toMatchObject({ code: 0 });
});

it("oplead ledger lists, gets, forgets, exports and imports entries", async () => {
  const { env, fake, folder, run } = await onPlatform(project());
  await run("sync");
  const ids = fake.users.map(({ id, accountNumber }) => `${accountNumber},${id}`).sort();
  const noToken = { OPLEAD_BASE_URL: env.OPLEAD_BASE_URL };
  const exported = await run("ledger export", { env: noToken });
  expect(exported.stdout.trim().split("\n").sort()).toEqual([...ids, "accountNumber,id"].sort());
  const key = readFileSync(join(folder, "oplead-ledger.key"), "utf8").trim();
  for (const words of [["export"], ["export", "--json"], ["list", "--json"], ["get", "DLR-1", "--json"]]) {
    const { code, stdout, stderr } = await oplead(folder, ["ledger", ...words]);
    expect({ words, code, hasKey: (stdout + stderr).includes(key) }).toEqual({ words, code: 0, hasKey: false });
  }
  expect((await oplead(folder, "ledger list")).stdout).toContain("DLR-1  ");
  expect((await oplead(folder, "ledger get DLR-1")).stdout).toContain("rules: radius");
  expect(await oplead(folder, "ledger get DLR-9")).toMatchObject({ code: 1 });
  const forgotten = await oplead(folder, "ledger forget DLR-1 DLR-9 --json");
  expect(json(forgotten)).toEqual({ forgotten: ["DLR-1"], unknown: ["DLR-9"], auditLines: 1 });
  expect(readFileSync(join(folder, "oplead-audit.jsonl"), "utf8")).not.toContain("DLR-1");
  expect(await oplead(folder, "ledger get DLR-1")).toMatchObject({ code: 1 });

  writeFileSync(join(folder, "ids.csv"), `\ufeff"accountNumber";"id"\r\n"DLR-1";"${fake.user("DLR-1")?.id}"\r\n`);
  expect(json(await oplead(folder, "ledger import ids.csv --json"))).toMatchObject({
    imported: 1,
    kept: 0,
  });
  const stdin = await oplead(folder, "ledger import /dev/stdin", {
    shell: "printf 'accountNumber,id\\nDLR-5,77\\n' | $OPLEAD",
  });
  expect(stdin.stdout).toContain("1 imported");
  const wrong = await oplead(folder, "ledger import dealers.csv");
  expect(wrong.code).toBe(1);
  const { counts } = json(await run("sync --json"));
  expect(counts).toMatchObject({ created: 0, updated: 1, unchanged: 2 });
  expect(fake.duplicates()).toEqual([]);
});
