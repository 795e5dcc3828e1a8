import type { Oplead } from "../../client/api.ts";
import { internalsOf } from "../../client/client-state.ts";
import { isOpleadError } from "../../core/errors.ts";
import { canonicalJson } from "../../core/hash.ts";
import { countryCodeProblem, issueAt, type OpleadIssue, valueAt, within } from "../../core/issues.ts";
import type { OpleadErrorCode } from "../../core/names.ts";
import { inTurns, type LongWork } from "../../core/time.ts";
import { append, isObject } from "../../core/values.ts";
import type { LedgerEntry } from "../../ledger/ledger.ts";
import { tellRecord, tellRuleFinding } from "../../locales/en/core.ts";
import { tellWarning } from "../../locales/en/sync.ts";
import type { Content, HashedRule } from "../../reconcile/content.ts";
import type { KeptOf } from "../../reconcile/presence.ts";
import { compareRules, type RuleReference } from "../../rules/check.ts";
import type { Country, CountryDetails, UserProfile } from "../../rules/countries.ts";
import type { UserInput } from "../../user/user.ts";
import { type Finding, NO_RECORD } from "../types/findings.ts";
import type { SyncWarning } from "../types/messages.ts";
import type { SuspectedRecord } from "../types/options.ts";
import { isoTime } from "../types/records.ts";
import type { LedgerSnapshot } from "./ledger-snapshot.ts";
import type { SourceRead } from "./read-source.ts";
import { oncePerValue, type SharedValues, type UsersToSend } from "./shared-values.ts";
import type { SourceRow, SourceRows } from "./source-users.ts";

interface Reference {
  readonly country: Country | CountryDetails;
  readonly zipCodes: ReadonlySet<string>;
  // Postcodes of the universe, for a country whose postcodes Oplead does not list.
  readonly ofUniverse: ReadonlySet<string>;
}

type References = ReadonlyMap<string, Reference>;

// The rules that name codes, counties or postcodes.
const COMPARED: ReadonlySet<string> = new Set(["geographical", "competences", "contactProfiles"]);

type RulesToSend = Iterable<readonly [accountNumber: string, rule: HashedRule]>;

interface ToCheck {
  readonly users: UsersToSend;
  readonly rules?: RulesToSend;
  readonly shared: SharedValues;
  readonly universe?: (RuleReference & { readonly countries: readonly CountryDetails[] }) | undefined;
}

export async function checkData(
  oplead: Oplead,
  { users, rules = [], shared, universe = { countries: [] } }: ToCheck,
  work: LongWork,
  warnings: SyncWarning[],
): Promise<Map<string, readonly OpleadIssue[]>> {
  const references = await readReferences(oplead, users, rules, work.signal, warnings, universe.countries);
  const sharing = shared.find(users);
  const found = new Map<string, readonly OpleadIssue[]>();
  for await (const [accountNumber, user] of inTurns(users, work)) {
    const issues = [...zipCodeIssues(user, references), ...(sharing.get(accountNumber) ?? []), ...spaceIssues(user)];
    addTo(found, accountNumber, oncePerValue(user, issues));
  }
  const issuesOf = ruleCheck(references, universe);
  for (const [accountNumber, rule] of rules) {
    if (COMPARED.has(rule.name)) addTo(found, accountNumber, issuesOf(rule));
  }
  return found;
}

function zipCodeIssues({ address }: UserInput, references: References): OpleadIssue[] {
  const code = address?.country?.code;
  const reference = references.get(code);
  const given = address?.zipCode;
  if (!reference || typeof given !== "string") return [];
  const zipCode = given.trim();
  const { zipCodes } = reference;
  if (zipCodes.size === 0) {
    // The universe has no CEDEX postcodes: only their form is checked.
    const isCedex = /\bcedex\b/i.test(String(address?.city));
    if (code !== "FR" || mayBeFrench(zipCode, isCedex ? NO_ZIP_CODES : reference.ofUniverse)) return [];
  } else if (zipCodes.has(zipCode)) return [];
  const lacksZero = code === "FR" ? /^\d{4}$/.test(zipCode) : zipCodes.has(`0${zipCode}`);
  return [
    issueAt("address.zipCode", tellRecord(lacksZero ? "zip_code_lacks_zero" : "unknown_zip_code", { country: code })),
  ];
}

const NO_ZIP_CODES: ReadonlySet<string> = new Set();

function mayBeFrench(zipCode: string, ofUniverse: ReadonlySet<string>): boolean {
  return /^\d{5}$/.test(zipCode) && (ofUniverse.size === 0 || ofUniverse.has(zipCode));
}

function ruleCheck(references: References, universe: RuleReference): (rule: HashedRule) => readonly OpleadIssue[] {
  const countries = [...references.values()].map(({ country }) => country);
  const france = references.get("FR");
  const found = new Map<string, readonly OpleadIssue[]>();
  return ({ name, hash, toSend: { body } }) => {
    const key = `${name} ${hash}`;
    let issues = found.get(key);
    if (!issues) {
      const compared = compareRules({ [name]: body }, { ...universe, countries });
      issues = [
        ...compared.flatMap(({ severity, rule: _, ...issue }) =>
          severity === "error" ? [within("rules", issue)] : [],
        ),
        ...(name === "geographical" && france?.zipCodes.size === 0 ? formIssues(body, france.ofUniverse) : []),
      ];
      found.set(key, issues);
    }
    return issues;
  };
}

function formIssues(body: unknown, ofUniverse: ReadonlySet<string>): OpleadIssue[] {
  return listAt(body, "handledCountries").flatMap((entry, i) => {
    if (valueAt(entry, "handledCountry.code") !== "FR") return [];
    return listAt(entry, "handledCounties").flatMap((county, j) =>
      listAt(county, "handledPostCodeZips").flatMap((zipCode, k) => {
        if (mayBeFrench(String(zipCode), ofUniverse)) return [];
        const path = `rules.geographical.handledCountries[${i}].handledCounties[${j}].handledPostCodeZips[${k}]`;
        // Personal data may be in the list by mistake: only a short code is shown.
        const value = /^[\w -]{1,20}$/.test(String(zipCode)) ? String(zipCode) : undefined;
        return [issueAt(path, tellRuleFinding("no_such_zip_code", { value, country: "FR" }))];
      }),
    );
  });
}

function listAt(value: unknown, path: string): readonly unknown[] {
  const list = valueAt(value, path);
  return Array.isArray(list) ? list : [];
}

// Spaces around a value are usually left by an export. Oplead would store them.
function spaceIssues(user: object, path = ""): OpleadIssue[] {
  return Object.entries(user).flatMap(([name, value]) => {
    if (isObject(value)) return spaceIssues(value, `${path}${name}.`);
    const isPadded = typeof value === "string" && value !== value.trim();
    return isPadded ? [issueAt(`${path}${name}`, tellRecord("white_space"))] : [];
  });
}

export function suspectedBySource(
  { source, mapping }: Pick<SourceRead, "source" | "mapping">,
  rows: SourceRows,
): Map<string, readonly OpleadIssue[]> {
  const { suspected } = (typeof source === "function" ? source : {}) as {
    suspected?: () => readonly SuspectedRecord[];
  };
  const found = new Map<string, readonly OpleadIssue[]>();
  const byRecord = new Map<number, OpleadIssue[]>();
  for (const { record, issue } of suspected?.() ?? []) {
    if (!mapping?.answers(issue)) append(byRecord, record, issue);
  }
  if (byRecord.size === 0) return found;
  for (const { accountNumber, record } of rows) {
    addTo(found, accountNumber, byRecord.get(record) ?? []);
  }
  return found;
}

// Reference data and source may both report a postcode that lost a zero: it is told once.
export function together(issues: readonly OpleadIssue[] = [], bySource: readonly OpleadIssue[] = []): OpleadIssue[] {
  const hasNoZero = issues.some(({ code }) => code === "zip_code_lacks_zero");
  return [...issues, ...bySource.filter(({ code }) => !hasNoZero || code !== "zip_codes_lost_zero")];
}

export function addTo(
  found: Map<string, readonly OpleadIssue[]>,
  accountNumber: string,
  issues: readonly OpleadIssue[],
): void {
  if (issues.length > 0) found.set(accountNumber, [...(found.get(accountNumber) ?? []), ...issues]);
}

// Users without anything to send are not checked. The entry keeps the issues of what was sent, to list them each night.

type KnownSuspicious = NonNullable<LedgerEntry["suspicious"]>;

interface KnownInput {
  readonly rows: SourceRows;
  readonly ledger: LedgerSnapshot;
  readonly shared: SharedValues;
  readonly isFull: boolean;
  readonly bySource: ReadonlyMap<string, readonly OpleadIssue[]>;
}

export function findKnown({ rows, ledger, shared, isFull, bySource }: KnownInput): Map<string, Finding<"suspicious">> {
  const found = new Map<string, Finding<"suspicious">>();
  const unchanged = ledger.suspicious.filter((accountNumber) => {
    const row = rows.get(accountNumber);
    return row ? isUnsent(row, ledger.get(accountNumber)) : !isFull;
  });
  const sharing = shared.findAmong(unchanged.filter((one) => rows.has(one)));
  const accountNumbers = new Set(unchanged);
  for (const accountNumber of bySource.keys()) {
    if (rows.get(accountNumber)?.state === "unchanged") accountNumbers.add(accountNumber);
  }
  for (const accountNumber of accountNumbers) {
    const entry = ledger.get(accountNumber);
    const row = rows.get(accountNumber);
    const kept = entry?.suspicious?.of === (entry && stateOf(entry)) ? entry?.suspicious : undefined;
    const others = kept?.issues.filter(({ code }) => code !== "shared_value" || !row) ?? [];
    const shares = kept && others.length < kept.issues.length ? (sharing.get(accountNumber) ?? []) : [];
    const issues = together([...others, ...shares], bySource.get(accountNumber));
    if (issues.length === 0) continue;
    const { record, row: name } = row ?? NO_RECORD;
    const since = isoTime(kept?.since ?? entry?.at ?? 0);
    found.set(accountNumber, { kind: "suspicious", record, row: name, accountNumber, issues, since });
  }
  return found;
}

export function isUnsent({ state }: SourceRow, entry: LedgerEntry | undefined): boolean {
  if (typeof state !== "object") return state === "unchanged";
  const { content, open } = state;
  return !open.user && open.rules.length === 0 && content.userHash === entry?.user;
}

// Known issues of a user's parts that are not sent now. The other parts are checked again.
export function knownInPart({ rows, ledger, shared }: Omit<KnownInput, "isFull" | "bySource">) {
  const partly = ledger.suspicious.flatMap((accountNumber) => {
    const [state, entry] = [rows.get(accountNumber)?.state, ledger.get(accountNumber)];
    const isPart = typeof state === "object" && (state.open.user || state.open.rules.length > 0);
    return isPart && entry?.suspicious && entry.suspicious.of === stateOf(entry)
      ? [{ accountNumber, state, entry }]
      : [];
  });
  const sharing = shared.findAmong(partly.map(({ accountNumber }) => accountNumber));
  return new Map(
    partly.map(({ accountNumber, state: { open, content }, entry }) => {
      const isUserTheSame = !open.user && content.userHash === entry.user;
      const isTheSame = (rule: string) =>
        content.rules.every(({ name, hash }) => name !== rule || hash === entry.rules[name]) &&
        !open.rules.some(({ name }) => name === rule);
      const issues = entry.suspicious?.issues.filter(({ path, code }) => {
        const [, rule] = /^rules\.(\w+)/.exec(path) ?? [];
        if (rule !== undefined) return isTheSame(rule);
        return isUserTheSame && (code !== "shared_value" || sharing.has(accountNumber));
      });
      return [accountNumber, issues ?? []] as const;
    }),
  );
}

// Writes the issues into the entry once Oplead has this content. Undefined: nothing to keep or to remove.
export function keepSuspicious(
  content: Content,
  issues: readonly OpleadIssue[] = [],
  before: LedgerEntry | undefined,
  now: number,
): KeptOf | undefined {
  if (issues.length === 0 && !before?.suspicious) return undefined;
  return (entry) => {
    if (entry.user !== content.userHash) return undefined;
    if (issues.length === 0) return entry.suspicious && { suspicious: undefined };
    const suspicious: KnownSuspicious = { of: stateOf(entry), since: entry.suspicious?.since ?? now, issues };
    return canonicalJson(suspicious) === canonicalJson(entry.suspicious) ? undefined : { suspicious };
  };
}

export function forgetSuspicious(
  before: LedgerEntry | undefined,
  known: Finding<"suspicious"> | undefined,
): KeptOf | undefined {
  if (!before?.suspicious || known) return undefined;
  return (entry) => entry.suspicious && { suspicious: undefined };
}

function stateOf({ user = "", rules }: LedgerEntry): string {
  return [user, rules.geographical, rules.competences, rules.contactProfiles].join(" ").trimEnd();
}

// Errors after which every other request would fail too.
const ENDS_PLANNING: ReadonlySet<OpleadErrorCode> = new Set(["token_unavailable", "unauthorized", "aborted"]);

// If the profiles cannot be read, only warns: Oplead refuses the mistakes anyway.
export async function readProfiles(
  oplead: Oplead,
  signal: AbortSignal | undefined,
  warnings: SyncWarning[],
): Promise<ReadonlyMap<string, UserProfile> | undefined> {
  try {
    const profiles = await oplead.listUserProfiles({ signal });
    if (profiles.length > 0) return new Map(profiles.map((profile) => [profile.code, profile]));
    warnings.push(tellWarning("no_profiles"));
  } catch (error) {
    if (!isOpleadError(error) || ENDS_PLANNING.has(error.code)) throw error;
    // A page in the place of the first answer: the address is wrong.
    const isPage = error.code === "unexpected_response" && error.status !== undefined && error.status < 300;
    if (isPage && !internalsOf(oplead).transport.platform.hasAnswered) throw error;
    warnings.push(tellWarning("profiles_not_checked", { code: error.code }));
  }
  return undefined;
}

async function readReferences(
  oplead: Oplead,
  users: UsersToSend,
  rules: RulesToSend,
  signal: AbortSignal | undefined,
  warnings: SyncWarning[],
  countries: readonly CountryDetails[],
): Promise<References> {
  const references = new Map<string, Reference>();
  for (const code of countriesOf(users, rules)) {
    if (countryCodeProblem(code) !== undefined || references.has(code as string)) continue;
    const ofUniverse = zipCodesIn(countries.find((country) => country.code === code));
    references.set(code as string, { ...(await readReference(oplead, code as string, signal, warnings)), ofUniverse });
  }
  return references;
}

function* countriesOf(users: UsersToSend, rules: RulesToSend): Generator<unknown> {
  for (const [, { address }] of users) yield address?.country?.code;
  for (const [, { toSend }] of rules) {
    for (const entry of listAt(toSend.body, "handledCountries")) yield valueAt(entry, "handledCountry.code");
  }
}

async function readReference(
  oplead: Oplead,
  code: string,
  signal: AbortSignal | undefined,
  warnings: SyncWarning[],
): Promise<Omit<Reference, "ofUniverse">> {
  try {
    const country = await oplead.getCountry(code, { signal });
    return { country, zipCodes: zipCodesIn(country) };
  } catch (error) {
    if (!isOpleadError(error) || ENDS_PLANNING.has(error.code)) throw error;
    warnings.push(tellWarning("zip_codes_not_checked", { country: code, code: error.code }));
    return { country: { code, label: code }, zipCodes: new Set() };
  }
}

function zipCodesIn(country: CountryDetails | undefined): ReadonlySet<string> {
  return new Set(country?.counties.flatMap(({ postCodeZips }) => postCodeZips ?? []));
}
