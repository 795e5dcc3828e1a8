import type { PostcodeClass } from "oplead-sdk/coverage";
import type { Leaver } from "oplead-sdk/sync";
import { say } from "../texts/say.ts";

/** Losses in the areas of leavers, by account number: postcodes that only leavers reach. */
export function leaverAreas(leavers: readonly Leaver[], classes: readonly PostcodeClass[]): Map<string, string> {
  const left = new Set(leavers.map(({ accountNumber }) => accountNumber));
  const lost = new Map<string, { postcodes: number; inhabitants: number }>();
  for (const { zipCodes, inhabitants = 0, eligible, uncertain } of classes) {
    if (![...eligible, ...uncertain].every((user) => left.has(user))) continue;
    for (const user of eligible) {
      const before = lost.get(user) ?? { postcodes: 0, inhabitants: 0 };
      lost.set(user, {
        postcodes: before.postcodes + zipCodes.length,
        inhabitants: before.inhabitants + inhabitants,
      });
    }
  }
  const notes = [...lost].filter(([, { postcodes }]) => postcodes > 0);
  return new Map(
    notes.map(([user, { postcodes, inhabitants }]) => {
      const note =
        inhabitants === 0
          ? say("no_other_user", { postcodes })
          : say("no_other_user_inhabitants", { postcodes, inhabitants });
      return [user, note];
    }),
  );
}
