import type { Slice } from "../../base/time/time-slice.ts";
import { append } from "../get-or-make.ts";
import { bitsOf, type Mask } from "../network/masks.ts";
import type { Network } from "../network/network.ts";
import { AXES } from "../rules/rules.ts";
import type { Dimensions } from "../types.ts";
import { hasBit, kindsOf } from "./kinds.ts";
import type { LeadCount } from "./types.ts";

/** Leads that reach the same users. Users by their index. */
export interface Demand {
  /** Leads per month. */
  readonly leads: number;
  readonly range: string | undefined;
  readonly eligible: readonly number[];
  readonly uncertain: readonly number[];
  /** The spots where they are, by inhabitants; none for leads whose postcode is not known. */
  readonly spots: readonly number[];
  /** The cells that a user's rules have to admit. */
  readonly cells: readonly number[];
}

/** Leads as they are counted, or a rate per inhabitant and month. */
export interface DemandSource {
  readonly leads?: readonly LeadCount[] | undefined;
  readonly perInhabitant?: number | undefined;
}

/** Gives all leads, each kind of them in each place. Those that `further` masks tell apart are given apart. */
export function demandOf(
  network: Network,
  { leads, perInhabitant = 0 }: DemandSource,
  take: (demand: Demand) => void,
  slice: Slice,
  further: readonly Mask[] = [],
): Promise<void> {
  return leads
    ? demandOfLeads(network, leads, take, slice)
    : demandOfInhabitants(network, perInhabitant, take, slice, further);
}

/** Counted leads. Equal ones are asked about once. */
async function demandOfLeads(
  network: Network,
  given: readonly LeadCount[],
  take: (demand: Demand) => void,
  slice: Slice,
): Promise<void> {
  const indexOf = new Map(network.users.map(({ accountNumber, index }) => [accountNumber, index]));
  const indexes = (accountNumbers: readonly string[]) => accountNumbers.map((one) => indexOf.get(one) as number);
  const equal = new Map<string, LeadCount[]>();
  for (const lead of given) {
    if (slice.isOver) await slice.next();
    const { country, zipCode, coordinates, range, requestType, contactProfile, profileType } = lead;
    append(
      equal,
      JSON.stringify([country, zipCode, coordinates, range, requestType, contactProfile, profileType]),
      lead,
    );
  }
  for (const leads of equal.values()) {
    if (slice.isOver) await slice.next();
    // A list in a map has one lead at least.
    const { count: _count, ...lead } = leads[0] as LeadCount;
    const { eligible, uncertain } = network.eligible(lead);
    const spot = lead.zipCode === undefined ? undefined : network.spots.ofZip(lead.country, lead.zipCode);
    take({
      leads: leads.reduce((sum, { count = 1 }) => sum + count, 0),
      range: lead.range,
      eligible: indexes(eligible),
      uncertain: indexes(uncertain),
      spots: spot === undefined ? [] : [spot],
      cells: bitsOf(network.cells.of(dimensionsOf(lead))),
    });
  }
}

/** A rate per inhabitant, over every place and kind of lead. */
async function demandOfInhabitants(
  network: Network,
  perInhabitant: number,
  take: (demand: Demand) => void,
  slice: Slice,
  further: readonly Mask[],
): Promise<void> {
  const kinds = await kindsOf(
    network.cells,
    [...network.users.flatMap(({ masks }) => [masks.pass, masks.possible]), ...further],
    slice,
  );
  for (const spotClass of network.classes) {
    const inhabitants = spotClass.spots.reduce((sum, spot) => sum + (network.spots.at(spot).inhabitants ?? 0), 0);
    if (inhabitants === 0) continue;
    const [sure, perhaps] = [network.usersOf(spotClass, "pass"), network.usersOf(spotClass, "uncertain")];
    for (const { cell, cells, range } of kinds) {
      if (slice.isOver) await slice.next();
      const eligible: number[] = [];
      const uncertain: number[] = [];
      for (const { index, masks } of sure) {
        if (hasBit(masks.pass, cell)) eligible.push(index);
        else if (hasBit(masks.possible, cell)) uncertain.push(index);
      }
      for (const { index, masks } of perhaps) if (hasBit(masks.possible, cell)) uncertain.push(index);
      const leads = (inhabitants * perInhabitant * cells) / network.cells.size;
      take({ leads, range, eligible, uncertain, spots: spotClass.spots, cells: [cell] });
    }
  }
}

/** The codes of a lead, each as a list. What is not known is every code. */
function dimensionsOf(lead: LeadCount): Dimensions {
  const known = AXES.flatMap(({ codes, field }) => (lead[field] === undefined ? [] : [[codes, [lead[field]]]]));
  return Object.fromEntries(known) as Dimensions;
}
