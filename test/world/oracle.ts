import { bounded, inOrder } from "./oracle-requests.ts";
import { audited, leaversTold, reported } from "./oracle-told.ts";
import { contentOf, type Person } from "./people.ts";
import type { PlatformUser, Sent } from "./platform.ts";
import { GUARD, type Run, type World } from "./world.ts";

const DAY = 24 * 3_600_000;

export interface Violation {
  readonly property: string;
  readonly people: readonly string[] | undefined;
  readonly text: string;
}

// By what people did and the platform saw. Shares no code with the package.
export function judge(world: World): Violation[] {
  return [
    ...once(world),
    ...overwritten(world),
    ...allowed(world),
    ...reported(world),
    ...audited(world),
    ...leaversTold(world),
    ...bounded(world),
    ...inOrder(world),
    ...guarded(world),
    ...world.rests.flatMap(({ violations }) => violations),
  ];
}

// The table of docs/explain/protocol.md
function allowed(world: World): Violation[] {
  return world.store.forbidden.map(({ accountNumber, text }) => {
    const person = world.nameOf(accountNumber);
    return violation("the protocol's table", person === undefined ? undefined : [person], text);
  });
}

// Nights in which nothing went wrong, when they are over.
export function judgeRest(world: World, nights: readonly Run[]): Violation[] {
  return [...rests(world, nights), ...newest(world)];
}

function once({ people, platform }: Pick<World, "people" | "platform">): Violation[] {
  return people.all.flatMap(({ name }) => {
    const users = platform.users.filter(({ user }) => user.lastname === name);
    const ids = users.map(({ id, user }) => `${id} ${user.accountNumber}`).join(", ");
    return users.length < 2 ? [] : [violation("each person once", [name], `${name} is ${users.length} users: ${ids}`)];
  });
}

function overwritten({ platform }: World): Violation[] {
  return platform.commits.flatMap(({ over, accountNumber, process }) => {
    const text = `${process} wrote another person over ${over}, as ${accountNumber}`;
    return over === undefined ? [] : [violation("no person is written over another", [String(over)], text)];
  });
}

function newest(world: Pick<World, "people" | "platform"> & Partial<Pick<World, "edited">>): Violation[] {
  const { people, platform, edited } = world;
  const refused = refusedFor(world);
  return people.present.flatMap((person) => {
    if (refused.has(person.name) || edited?.has(person.name)) return [];
    const user = platform.users.find(({ user }) => user.lastname === person.name);
    if (!user) return [violation("the newest state at the end", [person.name], `${person.name} is not there`)];
    const wrong = differences(person, user, (name) => people.numberOf(name));
    return wrong.length === 0
      ? []
      : [violation("the newest state at the end", [person.name], `${person.name}: ${wrong.join(", ")}`)];
  });
}

function differences(person: Person, { user, rules }: PlatformUser, numberOf: (name: string) => string): string[] {
  const expected: Record<string, unknown> = {
    login: person.login,
    accountNumber: person.accountNumber,
    phone: `+33600000${person.phone}`,
    parentUserIdentifier: person.parent === undefined ? undefined : numberOf(person.parent),
    "max-distance": person.rules.maxDistance && { maxDistance: person.rules.maxDistance },
    "profile-types": person.rules.profileTypes,
    "contact-profiles": person.rules.contactProfiles?.map((code) => ({ code })),
  };
  const isRule = (name: string): boolean => name.includes("-");
  return Object.entries(expected).flatMap(([name, value]) => {
    const found = isRule(name) ? rules.get(name) : user[name];
    // A rule that the source does not give may have any value.
    if (isRule(name) && value === undefined) return [];
    const [is, must] = [JSON.stringify(found), JSON.stringify(value)];
    return is === must ? [] : [`${name} is ${is} and must be ${must}`];
  });
}

// Their login belongs to a leaver, or to another user refused for this: an administrator must change it.
function refusedFor({ people, platform }: Pick<World, "people" | "platform">): ReadonlySet<string> {
  const refused = new Set<string>();
  if (!platform.traits.hasUniqueLogins) return refused;
  const nameOf = (login: string): string | undefined => {
    const name = platform.users.find(({ user }) => user.login === login)?.user.lastname;
    return typeof name === "string" ? name : undefined;
  };
  for (let before = -1; before < refused.size; ) {
    before = refused.size;
    for (const { name, login } of people.present) {
      const holder = people.all.find((each) => each.name === nameOf(login));
      if (holder && holder.name !== name && (!holder.isPresent || refused.has(holder.name))) refused.add(name);
    }
  }
  return refused;
}

// Not the first run: if the night before was killed without leases, users in doubt are sent once more.
function rests(world: World, nights: readonly Run[]): Violation[] {
  const { people, platform } = world;
  const absent = new Set(people.all.filter(({ isPresent }) => !isPresent).map(({ name }) => name));
  // Without leavers: they get their rule when due, even at rest.
  const sentBy = (run: Run | undefined): Sent[] => {
    // Sent again unchanged, on their day.
    const refreshed = new Set(
      run?.outcomes.flatMap(({ accountNumber, outcome }) =>
        outcome === "refreshed" ? [world.nameOf(accountNumber)] : [],
      ),
    );
    return platform.sent.filter(({ process, person }) => {
      return process.name === run?.process && !absent.has(person ?? "") && !refreshed.has(person);
    });
  };
  const refused = refusedFor(world);
  if (refused.size > 0) {
    // Held steps are tried again after a week.
    const isTriedAgain = ({ person, at }: Sent): boolean =>
      refused.has(person ?? "") &&
      !platform.sent.some((other) => other.person === person && other.at < at && other.at > at - 6 * DAY);
    const { length } = sentBy(nights.at(-1)).filter((sent) => !isTriedAgain(sent));
    // A refusal without a field contradicts the 404 before it, so it is asked again each night.
    return length === 0 || !platform.traits.namesFields
      ? []
      : [violation("comes to rest", undefined, `sends ${length} requests each night`)];
  }
  const all = nights
    .map(({ end, report, requests }) => `${report?.status ?? end} with ${requests} requests`)
    .join(", ");
  const text = `the quiet nights: ${all}`;
  if (nights.at(-1)?.report?.status !== "complete") return [violation("comes to rest", undefined, text)];
  const complete = nights.findIndex(({ report }, at) => at > 0 && report?.status === "complete");
  const approved = nights.slice(complete + 1).find(({ isApproved }) => isApproved);
  if (approved) return [violation("comes to rest", undefined, `the guard refuses ${approved.process}`)];
  const sent = nights.slice(complete + 1).flatMap(sentBy);
  const names = sent.flatMap(({ person }) => person ?? []);
  return sent.length === 0 ? [] : [violation("comes to rest", names, text)];
}

function guarded({ runs, platform }: World): Violation[] {
  return runs.flatMap(({ process, isApproved, population }) => {
    // A killed night starts again with "b" after its name; its approval still holds.
    const isCarriedOn = runs.some((each) => each.isApproved && `${each.process}b` === process);
    if (isApproved || isCarriedOn || population < GUARD.minUsers) return [];
    const changed = platform.commits.filter(
      (commit) =>
        commit.process === process && commit.isNews && !commit.isNew && !isTriedBefore(platform, commit.request),
    );
    const users = new Set(changed.map(({ id }) => id));
    // A share counts from five users on.
    return users.size <= Math.max(4, Math.ceil(GUARD.maxChanged * population)) + 1
      ? []
      : [
          violation(
            "no mass change without a person",
            undefined,
            `${process} changed ${users.size} of ${population} users`,
          ),
        ];
  });
}

// A state refused before, because its parent was not there yet, is no change of the run that sends it again.
function isTriedBefore({ sent }: World["platform"], request: number): boolean {
  const own = sent.find((each) => each.request === request);
  return sent.some(
    ({ request: before, process, person, step, content }) =>
      own !== undefined &&
      before < request &&
      process.name !== own.process.name &&
      person === own.person &&
      step === own.step &&
      contentOf(step, content) === contentOf(step, own.content),
  );
}

function violation(property: string, people: readonly string[] | undefined, text: string): Violation {
  return { property, people, text };
}
