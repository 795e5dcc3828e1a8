/** The pages Options and Config: which interfaces hold options, and how a table is made from one. */
import { type Property, Types } from "./interfaces.ts";

export function readTypes(): Types {
  return new Types([...new Set(OPTION_TABLES.map(({ file }) => file))]);
}

/** Every option of every entry point. */
export function optionsPage(types: Types): string {
  return page(
    types,
    "# Options",
    "This page lists every option of every entry point, with its unit and its default. The tables are made from the types.",
    OPTION_TABLES.filter(({ entry }) => entry !== "oplead-sdk/config"),
    "Next: [API](./index.md) leads to the types themselves, [Config](./config.md) to the fields of a config file.",
  );
}

/** The entries of a config file. */
export function configPage(types: Types): string {
  return page(
    types,
    "# Config",
    "This page lists every field of `oplead.config.ts`. The tables are made from the types. " +
      "`npx oplead init` writes a commented example; see [the quick start](../start/command.md).",
    OPTION_TABLES.filter(({ entry }) => entry === "oplead-sdk/config"),
    "Next: [Command](./command.md) lists all commands; [Options](./options.md) has the options of `client`, `webhook` and `queue`.",
  );
}

function page(types: Types, title: string, intro: string, tables: readonly OptionTable[], next: string): string {
  const lines = [title, "", intro];
  let entry = "";
  for (const options of tables) {
    if (options.entry !== entry) lines.push("", `## ${options.entry}`);
    entry = options.entry;
    lines.push("", `### ${options.title}`, "", optionTable(types, options));
  }
  return [...lines, "", next, ""].join("\n");
}

/** A table of options: where it appears, and which interface it is made from. */
export interface OptionTable {
  readonly entry: string;
  readonly title: string;
  readonly file: string;
  readonly name: string;
  /** Properties that another table has. */
  readonly without?: string;
}

const of =
  (entry: string, file: string) =>
  (title: string, name: string, without?: string): OptionTable => ({
    entry,
    title,
    file,
    name,
    ...(without === undefined ? {} : { without }),
  });

const core = of("oplead-sdk", "src/index.ts");
const sync = of("oplead-sdk/sync", "src/sync/index.ts");
const webhook = of("oplead-sdk/webhook", "src/webhook/index.ts");
const queue = of("oplead-sdk/bullmq", "src/bullmq/index.ts");
const redis = of("oplead-sdk/redis", "src/redis/index.ts");
const coverage = of("oplead-sdk/coverage", "src/coverage/index.ts");
const config = of("oplead-sdk/config", "src/config/index.ts");
const testing = of("oplead-sdk/testing", "src/testing/index.ts");
const msw = of("oplead-sdk/msw", "src/testing/msw.ts");

/** Every options object of every entry point. A test compares the list with what the entry points export. */
export const OPTION_TABLES: readonly OptionTable[] = [
  core("createOplead", "OpleadOptions"),
  core("rateLimit", "RateLimitOptions"),
  core("retry", "RetryOptions"),
  core("Every call", "CallOptions"),
  core("oplead.with", "WithOptions", "CallOptions"),
  core("upsertUser", "UpsertOptions", "CallOptions"),
  core("listUserProfiles, listCountries, getCountry", "ReferenceOptions", "CallOptions"),
  sync("planSync, syncUsers", "SyncOptions", "ApplyOptions"),
  sync("plan.apply, and also planSync", "ApplyOptions"),
  sync("pauseRuns", "PauseOptions"),
  sync("guard", "GuardOptions"),
  sync("stop", "StopOptions"),
  sync("plan.verify", "VerifyOptions"),
  sync("approvalCommand", "ApprovalCommandOptions"),
  sync("plan.diff", "DiffOptions"),
  sync("checkSourceUser", "CheckSourceUserOptions"),
  sync("RecordError", "RecordErrorOptions"),
  sync("leavers", "LeaverOptions"),
  sync("incremental", "IncrementalOptions"),
  sync("Every text of a plan or a report", "LanguageOptions"),
  sync("plan.toString, plan.toMarkdown", "RenderPlanOptions", "LanguageOptions"),
  sync("plan.toHtml", "PlanPageOptions", "LanguageOptions"),
  sync("auditFile", "AuditFileOptions"),
  sync("audit", "AuditPlace"),
  sync("auditStatus", "AuditStatusOptions"),
  sync("userTimeline", "TimelineOptions"),
  sync("report.problemCsv", "ProblemCsvOptions", "LanguageOptions"),
  sync("reconcileUser", "ReconcileOptions", "CallOptions"),
  sync("memoryLedger, fileLedger", "LedgerKeyOptions"),
  sync("keyvLedger", "KeyvLedgerOptions"),
  webhook("createUserWebhook", "WebhookOptions"),
  webhook("standardWebhooks", "StandardWebhooksOptions"),
  webhook("hmacSignature", "HmacSignatureOptions"),
  webhook("stripeStyle", "StripeStyleOptions"),
  webhook("memoryDeliveries", "MemoryDeliveriesOptions"),
  webhook("keyvDeliveries", "KeyvDeliveriesOptions"),
  redis("redisLedger", "RedisLedgerOptions"),
  redis("redisDeliveries", "RedisDeliveriesOptions"),
  redis("redisRate", "RedisRateOptions"),
  queue("userQueue", "UserQueueOptions"),
  queue("redis", "QueueConnection"),
  queue("queue.enqueue", "EnqueueOptions"),
  queue("queue.startWorker", "UserWorkerOptions"),
  coverage("coverage", "CoverageOptions"),
  coverage("requireCoverage", "RequireCoverageOptions", "PolicyOptions"),
  coverage("exclusive", "ExclusiveOptions", "PolicyOptions"),
  coverage("maxLost", "MaxLostOptions", "PolicyOptions"),
  coverage("explainLead", "ExplainOptions"),
  coverage("explanationText", "ExplanationTextOptions"),
  coverage("coverageReport", "CoverageReportOptions"),
  coverage("assumptions", "Assumptions"),
  config("probe", "ProbeSettings"),
  config("defineConfig", "OpleadConfig"),
  config("csvSource", "CsvOptions"),
  config("excelSource", "ExcelOptions"),
  config("Newest of several files", "NewestFile"),
  config("jsonSource", "JsonOptions"),
  config("restSource", "RestOptions"),
  config("clientCredentials", "ClientCredentials"),
  config("joinSources", "JoinOptions"),
  config("coverage", "CoverageSettings"),
  config("fake", "FakeSettings"),
  config("trigger", "TriggerSettings"),
  config("notify", "NotifySettings"),
  config("notifiers", "NotifyOptions"),
  config("notify: email", "AlertEmail"),
  config("loadConfig", "LoadOptions"),
  testing("createFakeOplead", "FakeOpleadOptions"),
  msw("opleadHandlers", "OpleadHandlersOptions"),
];

/** The properties of a table, those that another table has left out. */
export function propertiesOf(types: Types, { file, name, without }: OptionTable): Property[] {
  const other = OPTION_TABLES.find((table) => table.name === without);
  const known = new Set(other ? types.propertiesOf(other.file, other.name).map((property) => property.name) : []);
  return types.propertiesOf(file, name).filter((property) => !known.has(property.name));
}

/** The table as markdown, one row an option. */
function optionTable(types: Types, options: OptionTable): string {
  return table(
    ["option", "default", "meaning"],
    propertiesOf(types, options).map((property) => [
      `\`${property.name}\``,
      property.optional ? (property.defaultValue ?? "") : "required",
      [withoutDefault(property), code(shortType(property))].filter((text) => text !== "").join(" Type: "),
    ]),
  );
}

/** The docstring without the sentence that the column of defaults has. */
function withoutDefault({ text, defaultValue }: Property): string {
  if (defaultValue === undefined) return text;
  return [": ", " "]
    .reduce((rest, colon) => rest.replace(`Default${colon}${defaultValue}.`, ""), text)
    .replace(/ {2,}/g, " ")
    .trim();
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function shortType({ type }: Property): string {
  const short = type.replace(/\s*\|\s*undefined\b/g, "").replace(/\s+/g, " ");
  return short.includes("=>") ? "function" : short;
}

function code(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}

/** VitePress reads `{{` and `<` in prose as Vue and HTML; a bar ends the cell. */
function escapeCell(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith("`") ? part : escapeText(part)))
    .join("")
    .replaceAll("|", "\\|");
}

/** Text that VitePress shows as it is. */
export function escapeText(text: string): string {
  return text.replaceAll("<", "&lt;").replaceAll("{{", "&#123;&#123;");
}
