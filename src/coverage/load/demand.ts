import type { Slice } from "../../base/time-slice.ts";
import { append } from "../get-or-make.ts";
import type { Network } from "../network/network.ts";
import { hasBit, kindsOf } from "./kinds.ts";
import type { LeadCount } from "./types.ts";

/** Leads that reach the same users. Users by their index. */
export interface Demand {
  /** Leads per month. */
  readonly leads: number;
  readonly range: string | undefined;
  readonly eligible: readonly number[];
  readonly uncertain: readonly number[];
}

/** Counted leads. Equal ones are asked about once. */
export async function demandOfLeads(
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
    take({
      leads: leads.reduce((sum, { count = 1 }) => sum + count, 0),
      range: lead.range,
      eligible: indexes(eligible),
      uncertain: indexes(uncertain),
    });
  }
}

/** A rate per inhabitant, over every place and kind of lead. */
export async function demandOfInhabitants(
  network: Network,
  perInhabitant: number,
  take: (demand: Demand) => void,
  slice: Slice,
): Promise<void> {
  const kinds = await kindsOf(
    network.cells,
    network.users.flatMap(({ masks }) => [masks.pass, masks.possible]),
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
      take({ leads: (inhabitants * perInhabitant * cells) / network.cells.size, range, eligible, uncertain });
    }
  }
}
