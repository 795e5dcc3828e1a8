import { createOplead } from "oplead-sdk";
import { memoryLedger, planSync, type SyncOptions } from "oplead-sdk/sync";
import { createFakeOplead } from "oplead-sdk/testing";
import { readDealers } from "../../examples/dealers.ts";

/** The page of a second night: some dealers get a wider radius, some another telephone, four are new, two rows are wrong. */
export async function samplePlanPage(): Promise<string> {
  const oplead = createOplead({ token: "fake-token", fetch: createFakeOplead().fetch, rateLimit: false });
  const dealers = readDealers();
  const options: SyncOptions<(typeof dealers)[number]> = {
    source: dealers.slice(0, -4),
    ledger: memoryLedger(),
    map: (user) => ({ user, rules: { maxDistance: 30 } }),
  };
  await (await planSync(oplead, { ...options, guard: false })).apply();
  const plan = await planSync(oplead, {
    ...options,
    source: [...dealers.entries()],
    map: ([index, user]) => ({
      user: {
        ...user,
        ...(index % 40 === 7 && { phone: "+33298000042" }),
        ...(index === 250 && { email: "nobody" }),
        ...(index === 251 && { lastname: "" }),
      },
      rules: { maxDistance: index % 25 === 9 ? 80 : 30 },
    }),
  } as SyncOptions<[number, (typeof dealers)[number]]>);
  return plan.toHtml();
}
