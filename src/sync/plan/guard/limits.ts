import type { GuardOptions } from "../../types/options.ts";
import type { GuardLimit } from "../../types/records.ts";
import { type GuardFigures, invalidShare } from "./guard.ts";
import type { SegmentFigures } from "./segments.ts";

const LIMITS = ["maxNew", "maxInvalid", "maxChanged", "maxMoved", "maxMissing"] as const;

/** At most this many segments of each limit: those that come closest to it, or break it. */
const SEGMENTS = 5;

/** The guard's counts beside their limits; limits that it does not judge are left out. */
export function guardLimits(options: GuardOptions | false, figures: GuardFigures): GuardLimit[] {
  const { population, segments } = figures;
  if (options === false || population === 0) return [];
  const { minUsers = 100, minSegmentUsers = 20 } = options;
  const all = limitsOf(options, figures, minUsers, true);
  const ofSegments = segments
    .filter(({ inSource }) => inSource > 0)
    .flatMap((one) => {
      const limits = limitsOf(options, one, minSegmentUsers, one.population >= minSegmentUsers);
      return limits.map((limit) => ({ ...limit, segment: one.segment }));
    })
    .filter(({ users }) => users > 0)
    .sort((a, b) => b.users / b.most - a.users / a.most);
  return [...all, ...LIMITS.flatMap((name) => ofSegments.filter(({ option }) => option === name).slice(0, SEGMENTS))];
}

function limitsOf(
  options: GuardOptions,
  figures: Omit<SegmentFigures, "segment">,
  minUsers: number,
  judgesNew: boolean,
): GuardLimit[] {
  const { maxChanged = 0.2, maxNew = maxChanged, maxInvalid, maxMoved = 0.05, maxMissing } = options;
  const { population, comparable, changed, missing, moved, invalid } = figures;
  const limits: GuardLimit[] = [];
  if (judgesNew) {
    const most = Math.max(minUsers, shareOf(maxNew, population));
    limits.push({ option: "maxNew", users: figures.new, most, among: population });
  }
  const invalidLimit = invalidShare(options, population, minUsers);
  // Most nights have none of them, and a bar that is always empty says nothing.
  if (invalidLimit !== undefined && (invalid > 0 || maxInvalid !== undefined)) {
    limits.push({ option: "maxInvalid", users: invalid, most: shareOf(invalidLimit, population), among: population });
  }
  if (comparable < minUsers) return limits;
  const add = (option: GuardLimit["option"], users: number, share: number): void => {
    limits.push({ option, users, most: shareOf(share, comparable), among: comparable });
  };
  add("maxChanged", changed + missing, maxChanged);
  add("maxMoved", moved, maxMoved);
  if (maxMissing !== undefined) add("maxMissing", missing, maxMissing);
  return limits;
}

/** Whole users. 0.29 of 100 are 29, though their product is a little less. */
function shareOf(share: number, users: number): number {
  return Math.floor(share * users + 1e-9);
}
