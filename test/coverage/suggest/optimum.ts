/** The best that changes of radius and ranges can do, found by an integer program (HiGHS). Shares no code with `suggest`. */
import loadHighs from "highs";
import type { Assumptions } from "../../../src/coverage/index.ts";
import { admitted, type PlainUser, type World } from "../oracle.ts";

interface Limits {
  readonly ranges: readonly string[];
  readonly changes: number;
  readonly maxDistance: number;
  readonly rules: readonly string[];
}

/** How far the program may end from its own bound; the answer is that bound. */
const GAP = 0.005;

/** The inhabitants, each by the share of the kinds of leads, who get their first user by at most so many changes. */
export async function optimum(
  users: readonly PlainUser[],
  world: World,
  assumed: Assumptions,
  { ranges, changes, maxDistance, rules }: Limits,
): Promise<number> {
  // These users get leads of every profile type, so one stands for both.
  const kinds = ranges.map((range) => ({ range, profileType: "pro" }));
  const zips = Object.keys(world.places);
  const is = (user: PlainUser, zipCode: string, kind: object) =>
    admitted(user, { country: "FR", zipCode, ...kind }, world, assumed) === "yes";
  const wide = users.map((user) => ({
    ...user,
    rules: { ...user.rules, ...(rules.includes("maxDistance") && { maxDistance }) },
  }));
  const skilled = (user: PlainUser): PlainUser => ({
    ...user,
    rules: {
      ...user.rules,
      ...(rules.includes("competences") && { competences: ranges.map((code) => ({ range: { code } })) }),
    },
  });
  const [goal, rows]: [string[], string[]] = [[], []];
  const binary = new Set<string>();
  for (const [z, zip] of zips.entries()) {
    for (const [k, kind] of kinds.entries()) {
      if (users.some((user) => is(user, zip, kind))) continue;
      // A user reaches it by a larger radius, by one range more, or by both.
      const ways: string[] = [];
      for (const [u, user] of users.entries()) {
        const far = wide[u] as PlainUser;
        const [radius, range] = [`r${u}`, `s${u}_${ranges.indexOf(kind.range)}`];
        if (is(far, zip, kind)) ways.push(radius);
        else if (is(skilled(user), zip, kind)) ways.push(range);
        else if (is(skilled(far), zip, kind)) {
          const both = `b${u}_${z}_${k}`;
          rows.push(`${both} - ${radius} <= 0`, `${both} - ${range} <= 0`);
          ways.push(both);
          binary.add(radius).add(range);
          continue;
        } else continue;
        binary.add(ways.at(-1) as string);
      }
      if (ways.length === 0) continue;
      goal.push(`${world.places[zip]?.inhabitants ?? 0} y${z}_${k}`);
      rows.push(`y${z}_${k} - ${ways.join(" - ")} <= 0`, `y${z}_${k} <= 1`);
    }
  }
  if (goal.length === 0) return 0;
  const program = [
    ...["Maximize", ` obj: ${goal.join("\n + ")}`, "Subject To"],
    ...[...rows, `${[...binary].join("\n + ")} <= ${changes}`].map((row, at) => ` c${at}: ${row}`),
    ...["Binary", ...[...binary].map((name) => ` ${name}`), "End"],
  ];
  const highs = await loadHighs();
  const { Status, ObjectiveValue } = highs.solve(program.join("\n"), { time_limit: 120, mip_rel_gap: GAP });
  if (Status !== "Optimal") throw new Error(`The integer program ended as ${Status}.`);
  return (ObjectiveValue * (1 + GAP)) / kinds.length;
}
