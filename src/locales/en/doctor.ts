import type { OpleadErrorCode } from "../../core/names.ts";
import { DOCUMENTED_ADDRESS } from "../../core/names.ts";
import {
  type AnyCoded,
  type Lists,
  type Numbers,
  type ParametersOf,
  type Strings,
  type Teller,
  type ToldBy,
  tellerOf,
} from "../coded.ts";
import { localTime } from "../grammar.ts";
import { COMMAND_RUN } from "./command-run.ts";
import type { ALERT_FAILURES } from "./failures.ts";
import { counted, number, plural } from "./words.ts";

interface Paused {
  readonly by: string;
  readonly since: string;
  readonly until: string;
}

// `code` and `details` are those of the failure's issue, if it has one. `reason` is its message in English.
interface Failure extends Strings<"code" | "reason"> {
  readonly details?: unknown;
  // The file, address or option in question.
  readonly place?: string | undefined;
  readonly status?: number | undefined;
}

// The column of a field, with an example before and after the mapping.
type FieldAt = Strings<"column" | "from" | "to">;

const inColumn = ({ column }: FieldAt): string => `column ${JSON.stringify(column)}`;

const exampleOf = ({ from, to }: FieldAt): string =>
  to === "" ? "" : `: ${JSON.stringify(from)} → ${JSON.stringify(to)}`;

interface OfRecord {
  readonly row?: number | string | undefined;
  readonly path?: string | undefined;
  readonly issue?: AnyCoded | undefined;
}

export const DOCTOR_ANSWERS = {
  node_fits: ({ version }: Strings<"version">) => version,
  node_too_old: ({ version }: Strings<"version">) => `${version} is too old`,

  config_loaded: ({ file }: Strings<"file">) => file,
  config_unusable: ({ reason }: Failure) => reason,
  config_part_missing: "is missing",
  option_wrong: ({ reason }: Failure) => reason,
  token_missing: ({ reason }: Failure) => reason,
  key_missing: "is missing",

  package_installed: "is installed",
  package_missing: ({ user }: Strings<"name" | "version" | "user">) => `cannot be loaded, and ${user} needs it`,

  queue_in_clear: "stores users in Redis in clear",
  queue_answers: "answers, and evicts no users",
  queue_fails: ({ reason }: Failure) => reason,

  source_reads: ({ title, records }: Numbers<"records"> & { readonly title?: string | undefined }) =>
    `${title === undefined ? "" : `${title}: `}the first ${counted(records, "record")} can be read and sent`,
  source_empty: ({ title }: { readonly title?: string | undefined }) =>
    `${title === undefined ? "" : `${title}: `}there is no record`,
  source_fails: ({ reason }: Failure) => reason,
  source_throws: ({ error }: Strings<"error">) => `reading it failed with ${error}`,
  source_warns: ({ reason }: Failure) => reason,
  field_of_column: (at: FieldAt) => `${inColumn(at)}, as it is${exampleOf(at)}`,
  field_of_function: (at: FieldAt) => `a function of the config${exampleOf(at)}`,
  field_of_always: (at: FieldAt) => `the same for every row${exampleOf(at)}`,
  field_of_prefix: (at: FieldAt) => `${inColumn(at)}, with a prefix${exampleOf(at)}`,
  field_of_values: (at: FieldAt) => `${inColumn(at)}, by a list of values${exampleOf(at)}`,
  field_of_postcode: (at: FieldAt) =>
    `${inColumn(at)}; in France a lost zero is put back, and spaces and signs are left out${exampleOf(at)}`,
  field_of_phone: (at: FieldAt) => `${inColumn(at)}; in France a lost zero is put back${exampleOf(at)}`,
  field_of_e164: (at: FieldAt) => `${inColumn(at)}; in the form +33612345678${exampleOf(at)}`,
  field_of_country: (at: FieldAt) => `${inColumn(at)}; names and small letters become codes${exampleOf(at)}`,
  field_of_kilometres: (at: FieldAt) => `${inColumn(at)}; a unit and a comma are understood${exampleOf(at)}`,
  field_of_date: (at: FieldAt) => `${inColumn(at)}; days become 2026-01-31${exampleOf(at)}`,
  field_of_counties: (at: FieldAt) =>
    `${inColumn(at)}, numbers of departments; a lost zero is put back${exampleOf(at)}`,
  field_of_codes: (at: FieldAt) => `${inColumn(at)}, one or several codes${exampleOf(at)}`,
  field_of_notPerson: (at: FieldAt) => `rows that are no people, by ${inColumn(at)}${exampleOf(at)}`,
  columns_unused: ({ columns }: Lists<"columns">) =>
    `no field takes ${columns.map((column) => JSON.stringify(column)).join(", ")}`,
  // The fields of the record's issue are for other languages, because `reason` is English.
  records_invalid: (found: Numbers<"invalid" | "records"> & Strings<"reason"> & OfRecord) =>
    `${number(found.invalid)} of the first ${counted(found.records, "record")} cannot be sent: ${found.reason}`,

  env_file_open: ({ file, mode }: Strings<"file" | "mode">) =>
    `${file} can be read by other users of this machine (${mode})`,

  notify_missing: "the config has no target",
  sample_sent: "a sample was sent",
  sample_not_sent: ({ reason }: { readonly reason: ToldBy<typeof ALERT_FAILURES> }) => reason.message,

  facts_fresh: ({ days }: Numbers<"days">) => `were found ${days === 0 ? "today" : `${counted(days, "day")} ago`}`,
  facts_undated: "have no date, or one in the future",
  facts_old: ({ days }: Numbers<"days">) => `were found ${counted(days, "day")} ago`,

  ledger_new: ({ path }: Strings<"path">) => `${path} is not there yet: the first run makes it`,
  ledger_lost: ({ runs }: Numbers<"runs">) =>
    `has no run, and its mark has ${number(runs)}: it is probably lost, or another one`,
  ledger_opened: ({ path, platform }: { readonly path?: string | undefined; readonly platform?: string | undefined }) =>
    `${path ?? "is reachable"}${platform === undefined ? "" : ` of ${platform}`}`,
  ledger_of_other_platform: ({ platform }: Strings<"platform">) =>
    `belongs to ${platform}, and this client to another platform`,
  ledger_in_use: ({ holder }: Strings<"holder">) => holder,
  ledger_not_shared: "is not one that processes share, as the queue needs",
  ledger_unreadable: ({ reason }: Failure) => reason,
  ledger_key_in_store: "keeps its key in its own store: who reads the store reads both",
  ledger_key_unusable: ({ problem }: { readonly problem: "unreadable" | "damaged" | "not_made" }) =>
    `the file of its key, beside its folder, ${
      { unreadable: "cannot be read", damaged: "is damaged", not_made: "cannot be written" }[problem]
    }`,

  runs_paused: ({ by, since, until }: Paused) =>
    `runs are paused until ${localTime(until, false)}, by ${by} since ${localTime(since, false)}`,
  pause_unreadable: ({ reason }: Failure) => reason,

  address_here: ({ origin }: Strings<"origin">) => `${origin}, on this machine`,
  address_fits: ({ origin }: Strings<"origin">) => origin,
  address_plain_http: ({ origin }: Strings<"origin">) => `${origin} is plain http: the token can be read on the way`,
  address_of_lead_import: ({ host }: Strings<"host">) =>
    `${host} is where leads are imported: another API with another token`,
  address_not_documented: ({ host }: Strings<"host">) => `${host} is not the documented host`,
  address_not_oplead: ({ host }: Strings<"host">) => `${host} is not a host of Oplead`,

  proxy_used: ({ variable }: Strings<"variable">) => `${variable} is used`,
  proxy_ignored: ({ variable }: Strings<"variable">) => `${variable} is set, and Node does not use it by itself`,

  profiles_unknown: ({ profiles }: Lists<"profiles">) =>
    `this platform has no profile ${profiles.join(", ")}, so the rows with ${plural(profiles.length, "it", "them")} are invalid`,
  oplead_answers: ({ profiles }: Lists<"profiles">) => `takes the token and has the profiles ${profiles.join(", ")}`,
  oplead_without_profiles: "answers, and lists no profiles",
  oplead_fails: ({ reason }: Failure) => reason,
  oplead_is_fake: "the target is a fake",

  clock_agrees: "agrees with the server's",
  clock_differs: ({ seconds }: Numbers<"seconds">) =>
    `is ${Math.abs(seconds)} s ${seconds > 0 ? "ahead of" : "behind"} the server's`,
  clock_unknown: "there is no answer to compare it with",
};

export const tellDoctorAnswer: Teller<typeof DOCTOR_ANSWERS> = /* @__PURE__ */ tellerOf(DOCTOR_ANSWERS);

const OTHER_SERVER = "Something else answers at this address: check baseUrl and any proxy.";
const NETWORK = "Check the network, the firewall and the proxy of this machine.";

const ERROR_FIXES: Readonly<Partial<Record<string, string>>> = {
  unauthorized: "The token is wrong or has ended: ask your Oplead platform administrator for another.",
  forbidden: "The token may not read the profiles: ask your Oplead platform administrator what it may do.",
  not_found: OTHER_SERVER,
  unexpected_response: OTHER_SERVER,
  timeout: NETWORK,
  connection: NETWORK,
} satisfies Partial<Record<OpleadErrorCode, string>>;

export const DOCTOR_FIXES = {
  runs_paused: COMMAND_RUN.pause_end_sooner,
  node_too_old: "Install Node 20.19 or newer.",
  config_part_missing: "Add it to the config.",
  token_missing: "Put OPLEAD_TOKEN into the environment or into .env. Your Oplead platform administrator issues it.",
  ledger_not_shared: "Take redisLedger(redis) of oplead-sdk/redis.",
  queue_in_clear: "Set queue.encryptionKey (openssl rand -base64 32), or queue.storeUsers: false and load.",
  source_empty: "Check the path or the address, and the option items.",
  records_invalid:
    "All of them: npx oplead-sdk plan. If map throws, what it said: npx oplead-sdk plan --only ACCOUNT --all --reveal",
  env_file_open: ({ file }) => `chmod 600 ${file}`,
  key_missing: "Add key: (row) => its account number, so that a row whose map throws still has one.",
  package_missing: ({ name, version }) => `npm install ${name}@${version}`,
  ledger_of_other_platform:
    "Use another ledger for this platform; if the platform has moved: npx oplead-sdk ledger adopt",
  ledger_lost: "Find it before the next run. If it is lost, import its IDs: npx oplead-sdk ledger import ids.csv",
  ledger_key_in_store:
    'Give the ledger a key: ledgerKey: env("OPLEAD_LEDGER_KEY"), a secret of openssl rand -base64 32. Nothing is sent again.',
  ledger_key_unusable: "Put the file back, or delete it: the next run then makes a key. Nothing is sent again.",
  address_plain_http: "Write https://.",
  address_of_lead_import: `Use ${DOCUMENTED_ADDRESS}.`,
  address_not_documented: `The documented one is ${DOCUMENTED_ADDRESS}.`,
  address_not_oplead: `If it is not a proxy of yours, use ${DOCUMENTED_ADDRESS}.`,
  proxy_ignored:
    "Set NODE_USE_ENV_PROXY=1 (Node 22.21, or 24 and newer), or give client.fetch one that uses the proxy.",
  profiles_unknown: "Put profiles of the platform into the config: the check of Oplead lists them.",
  oplead_without_profiles: "Ask your Oplead platform administrator.",
  oplead_fails: ({ code }) =>
    ERROR_FIXES[code] ?? "Try again later; if it stays, ask your Oplead platform administrator.",
  clock_differs: "Set it by NTP.",
  facts_undated: "Set the clock, and ask again: npx oplead-sdk probe",
  facts_old: "See what changed since: npx oplead-sdk probe --compare",
} satisfies {
  readonly [Code in keyof typeof DOCTOR_ANSWERS]?:
    | string
    | ((parameters: ParametersOf<typeof DOCTOR_ANSWERS, Code>) => string);
};
