import { isEmpty, type Mask } from "../network/cells.ts";
import type { ClassStatus, Network } from "../network/network.ts";
import type { CoverageResult } from "../types.ts";
import { count } from "../words.ts";

/** A figure at the top of the report. */
export interface Figure {
  readonly value: string;
  readonly label: string;
  readonly detail: string;
  readonly tone: "good" | "bad" | "warn" | "plain";
}

/** The figures a reader wants first. Postcodes count once, whatever the kinds of leads. */
export function figuresOf(network: Network, { findings }: CoverageResult): Figure[] {
  const all = network.cells.all();
  const isAll = (mask: Mask): boolean => mask.every((word, index) => word === all[index]);
  const covered = measure(network, ({ gap, uncertainGap }) => isEmpty(gap) && isEmpty(uncertainGap));
  const nothing = measure(network, ({ gap }) => isAll(gap));
  const partly = measure(network, ({ gap }) => !isEmpty(gap) && !isAll(gap));
  const open = measure(network, ({ gap, uncertainGap }) => isEmpty(gap) && !isEmpty(uncertainGap));
  const thin = measure(network, ({ gap, thin: one }) => isEmpty(gap) && !isEmpty(one));
  const total = network.spots.all.length;
  const concerned = (kind: string): number => findings.filter((finding) => finding.kind === kind).length;
  const dead = concerned("dead");
  const unreachable = concerned("unreachable");
  return [
    {
      value: percent(covered.spots, total),
      label: "of postcodes have a user for every kind of lead",
      detail: open.spots > 0 ? `${covered.text}; ${count(open.spots)} more are uncertain` : covered.text,
      tone: "good",
    },
    {
      value: count(nothing.spots),
      label: "postcodes without a user for any lead",
      detail: nothing.text,
      tone: nothing.spots > 0 ? "bad" : "good",
    },
    {
      value: count(partly.spots),
      label: "postcodes where some leads have no user",
      detail: partly.text,
      tone: partly.spots > 0 ? "bad" : "good",
    },
    {
      value: count(thin.spots),
      label: "postcodes where some leads depend on one user",
      detail: thin.text,
      tone: thin.spots > 0 ? "warn" : "good",
    },
    {
      value: count(dead),
      label: "rules that can never match",
      detail: "a code, a postcode or a radius",
      tone: dead > 0 ? "warn" : "good",
    },
    {
      value: count(unreachable),
      label: "users who can get no lead",
      detail: `of ${count(network.users.length)} users`,
      tone: unreachable > 0 ? "warn" : "good",
    },
  ];
}

function measure(network: Network, test: (status: ClassStatus) => boolean): { spots: number; text: string } {
  let [spots, inhabitants] = [0, 0];
  for (const [index, { spots: inClass }] of network.classes.entries()) {
    if (!test(network.status[index] as ClassStatus)) continue;
    spots += inClass.length;
    for (const spot of inClass) {
      const { zipCode, country } = network.spots.all[spot] ?? {};
      if (zipCode !== undefined && country !== undefined) {
        inhabitants += network.geography.place(zipCode, country)?.inhabitants ?? 0;
      }
    }
  }
  return { spots, text: people(inhabitants) };
}

function percent(part: number, whole: number): string {
  if (whole === 0) return "–";
  const exact = (100 * part) / whole;
  // Rounded, 100 % would say that nothing is missing.
  return `${part < whole ? Math.min(99, Math.round(exact)) : 100} %`;
}

/** `1.2 million inhabitants`. */
export function people(inhabitants: number): string {
  if (inhabitants >= 1_000_000) return `${(inhabitants / 1_000_000).toFixed(1)} million inhabitants`;
  return inhabitants >= 1000
    ? `${count(Math.round(inhabitants / 1000) * 1000)} inhabitants`
    : `${count(inhabitants)} inhabitants`;
}
