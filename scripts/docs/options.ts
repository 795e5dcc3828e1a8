import { compilerOptions } from "../../tsconfig.json" with { type: "json" };
import { type Property, Types } from "./interfaces.ts";

const { paths } = compilerOptions;

export function readTypes(): Types {
  return new Types([...new Set(OPTION_TABLES.map(({ file }) => file))]);
}

export function optionsPage(types: Types): string {
  return page(
    types,
    "# Options",
    "Every option of every entry point, with its unit and default, made from the types.",
    OPTION_TABLES.filter(({ entry }) => entry !== "oplead-sdk/config"),
    "Next: [API](./index.md) leads to the types themselves, [Config](./config.md) to the fields of a config file.",
  );
}

export function configPage(types: Types): string {
  return page(
    types,
    "# Config",
    "Every field of `oplead.config.ts`, made from the types. " +
      "`npx oplead-sdk init` writes a commented example; see [the quick start](../start/command.md).",
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

export interface OptionTable {
  readonly entry: string;
  readonly title: string;
  readonly file: string;
  readonly name: string;
  // Its properties are left out.
  readonly without: string | undefined;
}

// Title and interface. A test compares the list with what the entry points export.
const TABLES: Readonly<Record<string, Readonly<Record<string, string | readonly [name: string, without: string]>>>> = {
  "oplead-sdk": {
    createOplead: "OpleadOptions",
    platform: "Platform",
    rateLimit: "RateLimitOptions",
    retry: "RetryOptions",
    "Every call": "CallOptions",
    upsertUser: ["UpsertOptions", "CallOptions"],
  },
  "oplead-sdk/sync": {
    "planSync, syncUsers": ["SyncOptions", "ApplyOptions"],
    "plan.apply, and also planSync": "ApplyOptions",
    pauseRuns: "PauseOptions",
    guard: "GuardOptions",
    "plan.diff": "DiffOptions",
    leavers: "LeaverOptions",
    incremental: "IncrementalOptions",
    advanced: "AdvancedOptions",
    "plan.render, report.render": ["RenderOptions", "LanguageOptions"],
    "plan.explain, report.explain": ["ExplainOptions", "LanguageOptions"],
    "plan.diff(user).toString": "LanguageOptions",
    audit: "AuditPlace",
    reconcileUser: ["ReconcileOptions", "CallOptions"],
    "memoryLedger, fileLedger, createLedger": "LedgerKeyOptions",
  },
  "oplead-sdk/webhook": {
    createUserWebhook: "WebhookOptions",
    standardWebhooks: "StandardWebhooksOptions",
    hmacSignature: "HmacSignatureOptions",
    stripeStyle: "StripeStyleOptions",
  },
  "oplead-sdk/redis": {
    redisLedger: "RedisLedgerOptions",
    redisDeliveries: "RedisDeliveriesOptions",
    redisRate: "RedisRateOptions",
  },
  "oplead-sdk/bullmq": {
    userQueue: "UserQueueOptions",
    "queue.enqueue": "EnqueueOptions",
    "queue.startWorker": "UserWorkerOptions",
  },
  "oplead-sdk/coverage": {
    coverage: "CoverageOptions",
    requireCoverage: "RequireCoverageOptions",
    exclusive: "ExclusiveOptions",
    maxLost: "MaxLostOptions",
    explainLead: "ExplainLeadOptions",
    "explainLead().render": ["LeadRenderOptions", "LanguageOptions"],
    "coverage().render": ["CoverageRenderOptions", "LanguageOptions"],
    assumptions: "Assumptions",
  },
  "oplead-sdk/config": {
    probe: "ProbeSettings",
    defineConfig: "OpleadConfig",
    csvSource: "CsvOptions",
    excelSource: "ExcelOptions",
    "Newest of several files": "NewestFile",
    jsonSource: "JsonOptions",
    restSource: "RestOptions",
    clientCredentials: "ClientCredentials",
    joinSources: "JoinOptions",
    coverage: "CoverageSettings",
    fake: "FakeSettings",
    trigger: "TriggerSettings",
    notify: "NotifySettings",
    notifiers: "NotifyOptions",
    "notify: email": "AlertEmail",
  },
  "oplead-sdk/testing": {
    createFakeOplead: "FakeOpleadOptions",
  },
};

export const OPTION_TABLES: readonly OptionTable[] = Object.entries(TABLES).flatMap(([entry, tables]) => {
  const file = (paths as Readonly<Record<string, readonly string[]>>)[entry]?.[0]?.replace("./", "") ?? "";
  return Object.entries(tables).map(([title, options]) => {
    const [name = "", without] = [options].flat();
    return { entry, title, file, name, without };
  });
});

export function propertiesOf(types: Types, { file, name, without }: OptionTable): Property[] {
  const other = OPTION_TABLES.find((table) => table.name === without);
  const known = new Set(other ? types.propertiesOf(other.file, other.name).map((property) => property.name) : []);
  return types.propertiesOf(file, name).filter((property) => !known.has(property.name));
}

function optionTable(types: Types, options: OptionTable): string {
  return table(
    ["option", "meaning"],
    propertiesOf(types, options).map((property) => [
      [property.name, shortType(property)]
        .filter((text) => text !== "")
        .map(code)
        .join(" "),
      property.optional ? property.text : `Required. ${property.text}`,
    ]),
  );
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
  return `\`${text}\``;
}

// VitePress reads `{{` and `<` in prose as Vue and HTML; a bar ends the cell.
function escapeCell(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith("`") ? part : escapeText(part)))
    .join("")
    .replaceAll("|", "\\|");
}

export function escapeText(text: string): string {
  return text.replaceAll("<", "&lt;").replaceAll("{{", "&#123;&#123;");
}
