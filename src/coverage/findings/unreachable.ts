import { showIdentity } from "../../redact.ts";
import { isEmpty, type MemberMasks } from "../network/cells.ts";
import type { Member } from "../network/member.ts";
import type { Network } from "../network/network.ts";
import type { Reach } from "../network/reach.ts";
import type { CoverageFinding } from "../types.ts";
import { aboutUsers, inhabitantsOf, zipCodesOf } from "./finding.ts";

/** Whether no lead of the universe can reach a user. */
export function isUnreachable({ reachOf, masks }: Network, user: number): boolean {
  const { pass, uncertain } = reachOf[user] as Reach;
  return (pass.length === 0 && uncertain.length === 0) || isEmpty((masks[user] as MemberMasks).possible);
}

/** The users who can get no lead, each with the reason. */
export function unreachableFindings(network: Network): CoverageFinding[] {
  return network.members.flatMap((member, user) => {
    if (!isUnreachable(network, user)) return [];
    const { pass, uncertain } = network.reachOf[user] as Reach;
    const why = pass.length === 0 && uncertain.length === 0 ? ofPlaces(member) : ofKinds(member);
    const message = `${showIdentity(member.accountNumber)} can get no lead: ${why}`;
    const places = { zipCodes: zipCodesOf(network, pass), inhabitants: inhabitantsOf(network, pass) };
    return [aboutUsers("unreachable", [member.accountNumber], message, places)];
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
