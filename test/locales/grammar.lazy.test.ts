import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { checkRules, createOplead, geographical, maxDistance } from "../../src/index.ts";
import { recordIssueInFrench } from "../../src/locales/fr/record-issues.ts";
import { memoryLedger, planSync } from "../../src/sync/index.ts";
import { createUserWebhook, standardWebhooks } from "../../src/webhook/index.ts";
import { failureOf } from "../support/failure.ts";
import { france } from "../support/france.ts";
import { messagesOf } from "../support/messages.ts";
import { openWorld, user } from "../support/sync-users.ts";

const SECRET = "whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0";

const used: string[] = [];
beforeEach(() => {
  used.length = 0;
  const { select } = Intl.PluralRules.prototype;
  const lists = Intl.ListFormat.prototype;
  const { format } = lists;
  // `format` is a getter, although its type says that it is a method.
  const numbers: { readonly format: unknown } = Intl.NumberFormat.prototype;
  const getFormat = Object.getOwnPropertyDescriptor(numbers, "format")?.get;
  vi.spyOn(Intl.PluralRules.prototype, "select").mockImplementation(function (this: Intl.PluralRules, amount) {
    used.push("PluralRules");
    return select.call(this, amount);
  });
  vi.spyOn(lists, "format").mockImplementation(function (this: Intl.ListFormat, items) {
    used.push("ListFormat");
    return format.call(this, items);
  });
  const { of } = Intl.DisplayNames.prototype;
  vi.spyOn(Intl.DisplayNames.prototype, "of").mockImplementation(function (this: Intl.DisplayNames, code) {
    used.push("DisplayNames");
    return of.call(this, code);
  });
  vi.spyOn(numbers, "format", "get").mockImplementation(function (this: unknown) {
    used.push("NumberFormat");
    return getFormat?.call(this);
  });
});
afterEach(() => vi.restoreAllMocks());

it("Intl's formatters, slow to make, are made only for a text, not to check options and users", async () => {
  const world = await openWorld();
  try {
    const oplead = world.connect();
    await oplead.upsertUser(user(0), { rules: { maxDistance: maxDistance(50) } });
    const ledger = memoryLedger();
    const map = (given: ReturnType<typeof user>) => ({ user: given });
    createUserWebhook(oplead, { verify: standardWebhooks({ secrets: [SECRET] }), map: () => null, ledger });
    await planSync(oplead, { source: [user(0)], map, ledger, guard: { maxChanged: 0.5 } });
    expect(used).toEqual([]);

    const error = await failureOf(async () => createOplead({ token: "t", baseUrl: "https://a.test", timeoutMs: -1 }));
    expect(messagesOf(error.issues ?? [])).toEqual(["must be a number from 1 to 2,147,483,647"]);
    expect(used).toEqual(["NumberFormat", "NumberFormat"]);

    used.length = 0;
    const reference = checkRules({ geographical: geographical().county("FR", "999") }, { countries: [france] });
    expect(messagesOf(reference)).toEqual(['"999" is not a county of FR']);
    expect(used).not.toContain("DisplayNames");
    expect(recordIssueInFrench(reference[0] as (typeof reference)[0])).toContain(
      "n’est pas un département de ce pays (France)",
    );
    expect(used).toContain("DisplayNames");
  } finally {
    await world.close();
  }
});
