import { inspect } from "node:util";
import { expect, it } from "vitest";
import type { UserInput } from "../../src/index.ts";
import { diffLines } from "../../src/parts.ts";
import type { LedgerEntry } from "../../src/sync/index.ts";
import { setEntry } from "../support/entries.ts";
import { eachTestItsWorld, head, user, users } from "../support/sync-world.ts";

const on = eachTestItsWorld();

it("a printed or saved diff hides account numbers that are e-mail addresses, unless values are revealed", async () => {
  const accountNumber = "eve@dealers.example";
  const plan = await on.plan([user(1, { ...head, accountNumber, login: accountNumber, email: accountNumber })]);
  const diff = plan.diff(accountNumber);
  expect(`${diff} ${inspect(diff)} ${JSON.stringify(diff)}`).not.toContain("@");
  expect(diff?.accountNumber).toBe(accountNumber);
  expect(JSON.stringify(plan.diff(accountNumber, { reveal: true }))).toContain(accountNumber);
});

it("a diff names the changed paths of a user, also inside its address, and shows values only on request", async () => {
  await on.sync(users(2), { map: (one) => ({ user: one, rules: { maxDistance: 30 } }) });
  const moved = user(1, { address: { ...user(1).address, city: "Oyonnax" }, company: "New", phone: undefined });
  const plan = await on.plan([user(0), moved], {
    map: (one) => ({
      user: one,
      rules: one.company ? { maxDistance: 40, profileTypes: ["pro"] } : { maxDistance: 30 },
    }),
  });
  const diff = plan.diff("ACC-1");
  expect(diff).toMatchObject({ accountNumber: "ACC-1", kind: "changed", id: expect.any(String) });
  expect(diff?.lines).toEqual([
    { path: "address.city", change: "changed" },
    { path: "company", change: "added" },
    { path: "phone", change: "removed" },
    { path: "rules.maxDistance", change: "changed", value: { maxDistance: 40 }, was: { maxDistance: 30 } },
    { path: "rules.profileTypes", change: "added", value: ["pro"] },
  ]);
  expect(String(diff)).toBe(
    "ACC-1 (changed)\n  ~ address.city\n  + company\n  - phone\n  ~ rules.maxDistance: " +
      '{"maxDistance":30} → {"maxDistance":40}\n  + rules.profileTypes: ["pro"]',
  );
  expect(inspect(diff, { depth: 9 })).not.toContain("Oyonnax");
  const revealed = plan.diff("ACC-1", { reveal: true });
  expect(String(revealed)).toContain('~ address.city: "Oyonnax"');
  expect(revealed && diffLines(revealed, "fr")).toEqual([
    expect.stringContaining("ACC-1"),
    expect.stringMatching(/^ {2}~ ville\s: Oyonnax$/),
    expect.stringMatching(/^ {2}\+ société\s: New$/),
    "  - téléphone",
    expect.stringContaining("30 → 40 km"),
    expect.stringContaining("types de profil"),
  ]);
  expect(await plan.render("html", { reveal: true })).toContain("Oyonnax");
  expect(revealed?.lines.at(-2)).toEqual({
    ...{ path: "rules.maxDistance", change: "changed" },
    ...{ value: { maxDistance: 40 }, was: { maxDistance: 30 } },
  });
  expect(plan.diff("ACC-0")).toBeUndefined();
  expect(() => plan.diff("ACC-1", { revael: true } as never)).toThrow(
    expect.objectContaining({ code: "invalid_options" }),
  );
});

it("a plan shows the old and new value of a rule, and says if the old one is not known", async () => {
  const withRadius = (maxDistance: number) => ({
    map: (one: UserInput) => ({ user: one, rules: { maxDistance, profileTypes: ["pro" as const] } }),
  });
  const source = [user(1, head), user(2, head)];
  await on.sync(source, { map: (one) => ({ user: one, rules: { maxDistance: 90 } }) });
  const second = await on.ledger.get("ACC-2");
  await setEntry(on.ledger, "ACC-2", { ...second, accepted: undefined } as LedgerEntry);
  const plan = await on.plan(source, withRadius(12));
  expect(plan.warnings).toEqual([]);
  expect(plan.changes.map(({ ruleChanges }) => ruleChanges)).toEqual([
    [
      { rule: "maxDistance", was: { maxDistance: 90 }, now: { maxDistance: 12 } },
      { rule: "profileTypes", was: null, now: ["pro"] },
    ],
    [
      { rule: "maxDistance", now: { maxDistance: 12 } },
      { rule: "profileTypes", was: null, now: ["pro"] },
    ],
  ]);
  expect(await plan.render("text")).toContain(
    "  ~ ACC-1  radius 90 → 12 km and profile types professionals (before: none)",
  );
  expect(await plan.render("text")).toContain(
    "  ~ ACC-2  radius 12 km (before: not known) and profile types professionals (before: none)",
  );
  expect(await plan.render("text", { language: "fr" })).toMatch(
    /rayon 90 → 12\skm et types de profil professionnels \(avant\s: rien\)/,
  );
  expect(JSON.parse(JSON.stringify(plan)).changes[0].ruleChanges[0].was).toEqual({ maxDistance: 90 });
  expect(await plan.render("html")).toContain("radius 90 → 12 km");
});

it("if the ledger cannot tell which field changed, the change says so, and its diff shows all new values", async () => {
  const before = user(1, head);
  await on.sync([before]);
  // As if written while the ledger had no key.
  await setEntry(on.ledger, "ACC-1", {
    ...(await on.ledger.get("ACC-1")),
    key: undefined,
    fields: undefined,
  } as LedgerEntry);
  const phone = "+33600000009";
  const plan = await on.plan([{ ...before, phone }]);
  expect(plan.changes).toMatchObject([{ accountNumber: "ACC-1", fields: [], fieldsUnknown: true }]);
  expect(await plan.render("text")).toContain("1  changed: unknown field 1");
  expect(await plan.render("text")).toContain(
    "  ~ ACC-1  changed: a field that the ledger cannot name, or platform.fields",
  );
  expect(await plan.render("markdown")).toContain(
    "| ACC-1 | changed: a field that the ledger cannot name, or platform.fields |",
  );
  expect(plan.toJSON().changes).toMatchObject([{ fieldsUnknown: true }]);
  const diff = plan.diff("ACC-1");
  expect(diff).toMatchObject({ fieldsUnknown: true, lines: [] });
  expect(String(diff)).toBe("ACC-1 (changed)\n  changed: a field that the ledger cannot name, or platform.fields");
  const inFrench = diff?.toString({ language: "fr" });
  expect(inFrench).toBe(
    "ACC-1 (changed)\n  à mettre à jour\u202f: un champ que le registre ne peut pas nommer, ou platform.fields",
  );
  const revealed = plan.diff("ACC-1", { reveal: true });
  expect(revealed?.lines).toContainEqual({ path: "phone", change: "unknown", value: phone });
  expect(revealed?.lines).toContainEqual({ path: "address.city", change: "unknown", value: before.address.city });
  expect(String(revealed)).toContain(`  ? phone: "${phone}"`);
});
