import { expect, it } from "vitest";
import { policyFinding } from "../../../src/coverage/index.ts";
import { tellGuard } from "../../../src/locales/en/sync.ts";
import { refusalIn } from "../../../src/sync/overview/refusal.ts";
import { fullPlan } from "../../support/full-plan.ts";

const massChange = (changed: number, segment?: string) =>
  tellGuard("mass_change", { changed, missing: 0, comparable: 100, limit: 0.2, segment });
const lost = policyFinding({ policy: "cover", problem: "lost", zipCodes: ["29200"], most: { postcodes: 0 } });

it("findings about one limit in many segments are one sentence, which names those that exceed it most", () => {
  const segments = ["Nord", "Sud", "Est", "Ouest"].map((name, index) => massChange(40 + index, name));
  const gone = [5, 6].map((users) => tellGuard("segment_gone", { segment: `S${users}`, users }));
  const texts = refusalIn(undefined, [massChange(41), ...segments, ...gone, lost], "en").reasons.map(
    ({ text }) => text,
  );
  expect(texts).toEqual([
    expect.stringMatching(/^This plan takes the last user from 1 postcode; .* \(policy cover\)\.$/),
    expect.stringMatching(/^41% of 100 users .* Also in Ouest 43%, Est 42%, Sud 41% and 1 more\.$/),
    expect.stringMatching(/^The source no longer names the segment S5, .* Also in S6\.$/),
  ]);
  const [worst] = refusalIn(undefined, segments.slice(0, 2), "fr").reasons;
  expect(worst?.text).toMatch(/^Segment Sud\s: .* De même pour Nord 40\s%\.$/);
});

it("a refusal says first what the plan would do, and which areas lose their users", () => {
  const area = { country: "FR", county: "29", name: "Finistère", zipCodes: ["29200"], places: 1, kinds: [] };
  const areas = [
    { ...area, kind: "lost" as const, inhabitants: 1_234_567 },
    { ...area, kind: "lost" as const, inhabitants: 2_000_000, places: 3 },
    { ...area, kind: "gained" as const, inhabitants: 9_000_000 },
  ];
  const { consequences } = refusalIn({ ...fullPlan, areas }, [], "en");
  expect(consequences.slice(0, 2)).toEqual([
    "1 to create, 1 to change, 1 to send again, 1 to move, 2 gone · 3.23 million inhabitants of 4 postcodes lose their last user",
    "Fields that change: phone for 2 and e-mail for 1",
  ]);
  const french = refusalIn({ ...fullPlan, areas: areas.slice(2) }, [], "fr");
  expect(french.consequences[0]).toBe("1 création, 1 mise à jour, 1 à renvoyer, 1 changement de numéro, 2 départs");
});
