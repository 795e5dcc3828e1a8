import { showIdentity } from "../../base/redact.ts";
import { isEmpty } from "../network/masks.ts";
import type { Member } from "../network/member.ts";
import type { Network, NetworkUser } from "../network/network.ts";
import type { CoverageFinding } from "../types.ts";
import { aboutUsers, placesOf } from "./finding.ts";

/** Whether no lead of the universe can reach a user. */
export function isUnreachable(user: NetworkUser): boolean {
  return reachesNoPlace(user) || isEmpty(user.masks.possible);
}

/** Whether no place is, or may be, in the area of a user. */
export function reachesNoPlace({ reach }: NetworkUser): boolean {
  return reach.pass.length + reach.uncertain.length === 0;
}

/** The users who can get no lead, each with the reason. */
export function unreachableFindings(network: Network): CoverageFinding[] {
  return network.users.filter(isUnreachable).map((user) => {
    const { accountNumber, member, reach } = user;
    const why = reachesNoPlace(user) ? ofPlaces(member) : ofKinds(member);
    const message = `${showIdentity(accountNumber)} can get no lead: ${why}`;
    return aboutUsers("unreachable", [accountNumber], message, placesOf(network, reach.pass));
  });
}

function ofPlaces({ geographical, maxDistance }: Member): string {
  if (geographical.kind === "empty") return "its area is empty";
  if (geographical.kind === "set" && maxDistance.kind === "set") return "nothing in its area is within its radius";
  return geographical.kind === "set" ? "no postcode is in its area" : "no postcode is within its radius";
}

function ofKinds({ competences, contactProfiles, profileTypes }: Member): string {
  if (competences.kind === "empty") return "its competences are empty";
  if (contactProfiles.kind === "empty") return "its contact profiles are empty";
  if (profileTypes.kind === "empty") return "its profile types are empty";
  return "none of the codes in its rules is in use";
}
