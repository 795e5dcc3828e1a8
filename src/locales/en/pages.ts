import { counted, duration, number } from "./words.ts";

export const PAGE = {
  plan_title: ({ hash }: { readonly hash: string }) => `Plan ${hash}: changes to approve`,
  read: ({ count, platform }: { readonly count: number; readonly platform: string }) =>
    `${counted(count, "record")} read, for ${platform}.`,
  of_limit: ({ users, most, among }: { readonly users: number; readonly most: number; readonly among: number }) =>
    `${number(users)} of ${number(among)}; the limit is ${number(most)}`,
  sends_part: ({ sent, all }: { readonly sent: number; readonly all: number }) =>
    `It sends ${number(sent)} of ${counted(all, "user")}; ${number(all - sent)} ${all - sent === 1 ? "is" : "are"} left out.`,
  more: ({ count }: Amount) => `${number(count)} more`,
  requests: ({ count, ms }: Amount & { readonly ms: number | undefined }) =>
    `request${count === 1 ? "" : "s"}${ms === undefined ? "" : `, about ${duration(ms).replaceAll(" ", "\u00a0")}`}`,
  area_lost: ({ certain }: Certainty) => (certain ? "loses its users" : "may lose its users"),
  area_gained: ({ certain }: Certainty) => (certain ? "gains a user" : "may gain a user"),
  concerns: ({ count }: Amount) => counted(count, "postcode"),
  causes: ({ count }: Amount) => `Caused by ${counted(count, "change")}`,
  on_map_lost: () => "loses its users for some leads",
  on_map_gained: () => "gains a user for some leads",
  on_map_perhaps: () => "uncertain",
  on_map_policy: () => "named by a policy",
  not_on_map: ({ count }: Amount) => `${counted(count, "postcode is", "postcodes are")} outside this map.`,
  users: ({ count }: Amount) => (count === 1 ? "user" : "users"),
  records: ({ count }: Amount) => (count === 1 ? "record" : "records"),
  since: ({ day }: { readonly day: string }) => `since ${day}`,
  move_unknown: () => "The ledger has no Oplead ID of the old account number: not moved.",
  move_occupied: () => "The ledger has another user under the new account number: not moved.",
  report_title: ({ id }: { readonly id: string }) => `Report of run ${id}`,
  began: ({ at, ms }: { readonly at: string; readonly ms: number | undefined }) =>
    `Began ${at} (UTC)${ms === undefined ? "" : `, took ${duration(ms)}`}.`,
  /** `left`: how many users `only` or `limit` left out. */
  complete: ({ left }: { readonly left: number }) =>
    left === 0
      ? "Oplead has every user as the source has it."
      : `Oplead has every user of this run as the source has it. ${counted(left, "user was", "users were")} left out of it.`,
  partial: () => "The run ended; not every user arrived.",
  stopped: () => "The run was stopped before its end.",
  aborted: () => "The run was interrupted.",
  paused: () => "The run ended early, because runs are paused.",
  run_refused: () => "The run was refused. Nothing was sent.",
  run_failed: () => "The run could not be carried out. Nothing was sent.",
  next_retry: ({ count }: Amount) => `tries ${counted(count, "user")} again. Nobody has to do anything for it.`,
  next_held: ({ count }: Amount) =>
    `leaves ${counted(count, "user")} alone that Oplead refused, until the source has them corrected.`,
  next_invalid: ({ count }: Amount) =>
    `reads ${counted(count, "record")} again that cannot be sent, and sends those that are correct by then.`,
  next_leavers: ({ count }: Amount) =>
    `lists ${counted(count, "leaver")} again, until an administrator has dealt with ${count === 1 ? "it" : "them"} in Oplead.`,
};

/** Fields and rules, as people call them. */
export const FIELDS = {
  civility: () => "form of address",
  lastname: () => "last name",
  firstname: () => "first name",
  login: () => "login",
  email: () => "e-mail",
  phone: () => "phone",
  mobile: () => "mobile phone",
  company: () => "company",
  address: () => "address",
  profile: () => "profile",
  parentUserIdentifier: () => "parent",
  geographical: () => "area",
  maxDistance: () => "radius",
  competences: () => "competences",
  contactProfiles: () => "contact profiles",
  profileTypes: () => "profile types",
};

interface Amount {
  readonly count: number;
}

interface Certainty {
  readonly certain: boolean;
}
