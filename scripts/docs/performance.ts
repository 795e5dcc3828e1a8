import { readFileSync } from "node:fs";

interface Measured {
  readonly cpuUs: number;
  readonly cpuRatio: number;
}

// `simulated`: worker and Redis are multiplied up from fewer users.
interface MemoryRow {
  readonly users: number;
  readonly plannerMb: number;
  readonly workerMb: number;
  readonly backlogMb: number;
  readonly ledgerMb: number;
  readonly simulated: boolean;
}

// Above a bare Node; the peak of memory is its own.
interface ProcessUsage {
  readonly wallMs: number;
  readonly peakMiB: number;
}

interface Results {
  readonly cpu: {
    readonly machine: { readonly cpu: string; readonly cores: number; readonly node: string };
    readonly upsert: Readonly<Record<string, Readonly<Record<string, Measured>>>>;
  };
  readonly cold: {
    readonly processMs: Readonly<Record<string, number>>;
  };
  // `users`: producer and worker in one process. `apart`: each in its own.
  readonly queue: { readonly users: QueueRates; readonly apart: QueueRates };
  readonly queueMemory: { readonly measured: number; readonly rows: readonly MemoryRow[] };
  readonly command: {
    readonly help: Readonly<Record<string, ProcessUsage>>;
    readonly plan: Readonly<Record<string, ProcessUsage>>;
  };
  readonly bundle: { readonly brotliKb: Readonly<Record<string, { readonly browser: number | null }>> };
}

type QueueRates = Readonly<Record<string, { readonly perSecond: number; readonly ratio: number }>>;

export function performancePage(resultsPath: string): string {
  const text = readFileSync(resultsPath, "utf8");
  const {
    cpu: { machine, upsert },
    cold,
    bundle,
    queue,
    queueMemory,
    command,
  } = JSON.parse(text) as Results;
  // Each part has the day of its own run.
  const days = text.match(/(?<="date": ")[\d-]{10}/g)?.sort() ?? [];
  return [
    "# Performance",
    "",
    "What a call costs beside other HTTP clients and SDKs, and what keeps a process from other work.",
    "",
    `Measured on ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, between ${days[0]} and ${days.at(-1)}. ` +
      "`npm run bench` repeats it in a clone of the repository. Less is better, except where users per second are counted.",
    "",
    summaryOf(upsert),
    "",
    "## One call of upsertUser",
    "",
    "CPU time, as a multiple of a bare `fetch` in the same run. The other clients send the same requests; the SDKs of other services do what they do for one call. " +
      "A known user needs one request, a new one two. " +
      "On Node the package sends with `node:http`, hence less than 1; *on fetch* is the same package where `fetch` is used.",
    ...Object.entries(upsert).flatMap(([title, clients]) => {
      const ratios = Object.entries(clients).map(([name, { cpuRatio }]) => [name, cpuRatio] as const);
      return [
        "",
        `### ${title.replace("known", "A known user").replace("new", "A new user")}`,
        "",
        tableOf(ratios, "×", 2),
      ];
    }),
    "",
    "## The start of a process",
    "",
    "Milliseconds from the start of Node to the end of one call.",
    "",
    tableOf(Object.entries(cold.processMs), "ms", 0),
    "",
    "## Size in a bundle",
    "",
    "Kilobytes after bundling for browsers and brotli.",
    "",
    tableOf(
      Object.entries(bundle.brotliKb).flatMap(([name, { browser }]) =>
        browser === null ? [] : [[name, browser] as const],
      ),
      "kB",
      1,
    ),
    "",
    ...commandTables(command),
    ...throughput(queue),
    ...memory(queueMemory),
    ...EVENT_LOOP,
    "Next: [how the client finds a rate limit](../reference/guarantees.md#the-rate), which decides how long a run takes.",
    "",
  ].join("\n");
}

const number = (value: number): string => Math.round(value).toLocaleString("en");

function commandTables({ help, plan }: Results["command"]): string[] {
  return [
    "## The command",
    "",
    "Whole processes, in milliseconds more than a bare Node. First `--help`, beside the commands of other packages:",
    "",
    "| | ms |",
    "| --- | ---: |",
    ...Object.entries(help).map(([name, { wallMs }]) => `| ${name} | ${number(wallMs)} |`),
    "",
    "Then `oplead plan` for a CSV file of unchanged users, with a file ledger:",
    "",
    "| users | ms | peak of memory, MiB |",
    "| ---: | ---: | ---: |",
    ...Object.entries(plan).map(
      ([users, { wallMs, peakMiB }]) => `| ${number(Number(users))} | ${number(wallMs)} | ${number(peakMiB)} |`,
    ),
    "",
  ];
}

function throughput({ users, apart }: Results["queue"]): string[] {
  const rows = (place: string, rates: QueueRates): string[] =>
    Object.entries(rates).map(
      ([name, { perSecond, ratio }]) => `| ${name} | ${place} | ${number(perSecond)} | ${ratio.toFixed(2)} |`,
    );
  return [
    "## Users through a queue",
    "",
    "Users per second through one worker, eight at once, against a server that answers at once, beside plain BullMQ jobs that make one `fetch`. The client's default is ten requests a second.",
    "",
    "| | producer | users per second | share of the plain job |",
    "| --- | --- | ---: | ---: |",
    ...rows("in the worker's process", users),
    ...rows("in its own process", apart),
    "",
  ];
}

function memory({ measured, rows }: Results["queueMemory"]): string[] {
  return [
    "## Memory with many users",
    "",
    "Megabytes: a planner and a worker at their peak, Redis with all users waiting in the queue, and with all of them in the ledger.",
    "",
    "| users | planner | worker | Redis, waiting | Redis, in the ledger |",
    "| ---: | ---: | ---: | ---: | ---: |",
    ...rows.map(({ users, plannerMb, workerMb, backlogMb, ledgerMb, simulated }) => {
      const cells = [workerMb, backlogMb, ledgerMb].map(
        (value) => `${number(value)}${simulated ? " (simulated)" : ""}`,
      );
      return `| ${number(users)} | ${number(plannerMb)} | ${cells.join(" | ")} |`;
    }),
    "",
    `*Simulated* was measured with ${number(measured)} users: Redis is multiplied up, and a worker holds only the users under way. The planner applied its plan through a stand-in for workers that answers at once.`,
    "",
  ];
}

function summaryOf(upsert: Results["cpu"]["upsert"]): string {
  const ratio = (title: string): string => upsert[title]?.["oplead-sdk"]?.cpuRatio.toFixed(2) ?? "?";
  return (
    `In short: on Node, \`upsertUser\` of a known user costs ${ratio("known, 16 at once")} times the CPU time of a bare \`fetch\`, ` +
    `and of a new user ${ratio("new, 16 at once")} times that of the two requests that it needs.`
  );
}

// Plain Markdown: the page is also read in the package and on GitHub.
function tableOf(values: readonly (readonly [name: string, value: number])[], unit: string, digits: number): string {
  // A second run of the reference only shows the noise.
  const rows = values.filter(([name]) => !name.includes("A/A")).sort(([, a], [, b]) => a - b);
  return [
    `| what | ${unit} |`,
    "| --- | ---: |",
    ...rows.map(([name, value]) => {
      const shown = name.startsWith("oplead-sdk") ? `**${name}**` : name;
      return `| ${shown} | ${value.toFixed(digits)} |`;
    }),
  ].join("\n");
}

// Measured by hand.
const EVENT_LOOP = [
  "## What blocks a process, and for how long",
  "",
  "Node runs one piece of JavaScript at a time. The webhook, the worker of a queue, `oplead serve` and a run that sends keep other work of their process waiting for less than 50 ms. " +
    "Planning, pages, coverage and policies take longer. For 20,000 users, in processor time of one core:",
  "",
  "| work | all of it | longest piece in which nothing else runs |",
  "| --- | ---: | ---: |",
  "| a plan in which 200 users change | 0.6 s | 45 ms |",
  "| a plan in which all users change | 3.2 s | 130 ms |",
  "| a plan of 20,000 new users | 1.4 s | 190 ms |",
  '| its page, `render("html")` | 0.2 s | 0.2 s |',
  "| that plan as JSON | 0.3 s | 0.3 s |",
  "| `coverage`, 20 ranges, all of France | 1.8 s | 0.8 s |",
  "| `explainLead` | 1.2 s | 0.4 s |",
  "| one policy, or `areaChanges`, 16,000 users move | 2.4 s | 1.6 s |",
  "",
  "So give the nightly batch a process of its own: the command, a job of your scheduler, or a [worker thread](https://nodejs.org/api/worker_threads.html). " +
    "The loops over all users let other work run every 5 ms, and end within that time when `signal` is aborted. " +
    "`fileLedger` reads a single entry in a few microseconds without a thread: keep its folder on a disk of the machine, because a slow network disk would keep other work waiting.",
  "",
];
