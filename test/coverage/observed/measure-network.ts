/** What calibration finds in a random network, beside what is true of it. */
import { type AssumptionFit, type Assumptions, calibrate } from "../../../src/coverage/index.ts";
import { toCoverageUser } from "../worlds.ts";
import { gridWorld, randomFrom, randomNetwork, randomTruth, simulate } from "./simulation.ts";

export interface MeasuredNetwork {
  readonly truth: Assumptions;
  readonly fits: readonly AssumptionFit[];
  readonly refuted: readonly AssumptionFit[];
  /** The true set of assumptions is among those that fit; it is the first of them. */
  readonly kept: boolean;
  readonly first: boolean;
  /** Users whose radius was edited in Oplead: the source has it smaller. */
  readonly edited: readonly string[];
  /** Those of them that got at least three leads outside the radius of the source. */
  readonly visible: readonly string[];
  /** Users that drift names, and those of them that were edited. */
  readonly named: readonly string[];
  readonly right: readonly string[];
}

export async function measureNetwork(
  seed: number,
  amount: { readonly leads: number; readonly noise: number },
): Promise<MeasuredNetwork> {
  const random = randomFrom(seed);
  const world = gridWorld(random);
  const users = randomNetwork(random, world, 30);
  const truth = randomTruth(random);
  const large = users.filter(({ rules }) => rules.maxDistance === 45);
  const edited = large.slice(0, 2).map(({ accountNumber }) => accountNumber);
  const inSource = users.map((user) =>
    edited.includes(user.accountNumber) ? { ...user, rules: { ...user.rules, maxDistance: 10 } } : user,
  );
  const { observed } = simulate(random, world, truth, users, amount);
  const { fits, refuted, drift } = await calibrate(observed, inSource.map(toCoverageUser), {
    universe: { countries: world.countries },
    locate: (zip) => world.places[zip],
  });
  const outside = (user: string) =>
    observed.filter(({ accountNumber }, index) => accountNumber === user && trueFit?.against.includes(index)).length;
  const trueFit = [...fits, ...refuted].find(({ assumptions }) => isTrue(assumptions, truth));
  const named = drift.map(({ accountNumber }) => accountNumber);
  return {
    truth,
    fits,
    refuted,
    kept: fits.some(({ assumptions }) => isTrue(assumptions, truth)),
    first: fits[0] !== undefined && isTrue(fits[0].assumptions, truth),
    edited,
    visible: edited.filter((user) => outside(user) >= 3),
    named,
    right: named.filter((user) => edited.includes(user)),
  };
}

/** Whether a fit says the same as the truth, in what it varies. */
function isTrue(varied: Partial<Assumptions>, truth: Assumptions): boolean {
  return Object.entries(varied).every(([name, value]) => {
    return JSON.stringify(value) === JSON.stringify(truth[name as keyof Assumptions]);
  });
}
