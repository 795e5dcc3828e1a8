import { readFileSync } from "node:fs";

interface Measured {
  readonly cpuUs: number;
  readonly cpuRatio: number;
}

/** Megabytes. With `simulated` the figures of worker and Redis come from fewer users. */
interface MemoryRow {
  readonly users: number;
  readonly plannerMb: number;
  readonly workerMb: number;
  readonly backlogMb: number;
  readonly ledgerMb: number;
  readonly simulated: boolean;
}

/** The cost of a process above that of a bare Node; the peak of memory is its own. */
interface ProcessUsage {
  readonly wallMs: number;
  readonly peakMiB: number;
}

interface Results {
  readonly cpu: {
    readonly machine: { readonly cpu: string; readonly cores: number; readonly node: string; readonly date: string };
    readonly upsert: Readonly<Record<string, Readonly<Record<string, Measured>>>>;
  };
  readonly cold: {
    readonly importMs: Readonly<Record<string, number>>;
    readonly processMs: Readonly<Record<string, number>>;
  };
  /** `users`: producer and worker in one process. `apart`: each in its own. */
  readonly queue?: { readonly users: QueueRates; readonly apart?: QueueRates };
  readonly queueMemory?: { readonly measured: number; readonly rows: readonly MemoryRow[] };
  readonly command?: {
    readonly help: Readonly<Record<string, ProcessUsage>>;
    /** By the number of users. */
    readonly plan: Readonly<Record<string, ProcessUsage>>;
  };
  readonly bundle: { readonly brotliKb: Readonly<Record<string, { readonly browser: number | null }>> };
}

type QueueRates = Readonly<Record<string, { readonly perSecond: number; readonly ratio: number }>>;

/** The results of the last benchmark run, as charts. The numbers come from bench/results.json alone. */
export function performancePage(resultsPath: string): string {
  const { cpu, cold, bundle, queue, queueMemory, command } = JSON.parse(readFileSync(resultsPath, "utf8")) as Results;
  const { machine, upsert } = cpu;
  return [
    "# Performance",
    "",
    "This page lists what a call costs beside other HTTP clients and SDKs, and how that was measured.",
    "",
    `Measured on ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, on ${machine.date.slice(0, 10)}. ` +
      "`npm run bench` repeats it in a clone of the repository. Less is better in every chart.",
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
        chart(ratios, "×", 2),
      ];
    }),
    "",
    "## The start of a process",
    "",
    "Milliseconds from the start of Node to the end of one call.",
    "",
    chart(Object.entries(cold.processMs), "ms", 0),
    "",
    "Milliseconds that importing the package adds.",
    "",
    chart(
      Object.entries(cold.importMs).filter(([name]) => !name.startsWith("bare")),
      "ms",
      0,
    ),
    "",
    "## Size in a bundle",
    "",
    "Kilobytes after bundling for browsers and brotli.",
    "",
    chart(
      Object.entries(bundle.brotliKb).flatMap(([name, { browser }]) =>
        browser === null ? [] : [[name, browser] as const],
      ),
      "kB",
      1,
    ),
    "",
    ...(command ? commandTables(command) : []),
    ...(queue ? throughput(queue) : []),
    ...(queueMemory ? memory(queueMemory) : []),
    "Next: [how the client finds a rate limit](../reference/guarantees.md), which decides how long a run takes.",
    "",
  ].join("\n");
}

function commandTables({ help, plan }: NonNullable<Results["command"]>): string[] {
  const number = (value: number): string => Math.round(value).toLocaleString("en");
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

function throughput({ users, apart }: NonNullable<Results["queue"]>): string[] {
  const rows = (place: string, rates: QueueRates): string[] =>
    Object.entries(rates).map(
      ([name, { perSecond, ratio }]) =>
        `| ${name} | ${place} | ${perSecond.toLocaleString("en")} | ${ratio.toFixed(2)} |`,
    );
  return [
    "## Users through a queue",
    "",
    "Users per second through one worker, eight at once, against a server that answers at once, beside plain BullMQ jobs that make one `fetch`. The client's default is ten requests a second.",
    "",
    "| | producer | users per second | share of the plain job |",
    "| --- | --- | ---: | ---: |",
    ...rows("in the worker's process", users),
    ...(apart ? rows("in its own process", apart) : []),
    "",
  ];
}

function memory({ measured, rows }: NonNullable<Results["queueMemory"]>): string[] {
  const number = (value: number): string => value.toLocaleString("en");
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

/** The result in one sentence, from the same numbers as the charts. */
function summaryOf(upsert: Results["cpu"]["upsert"]): string {
  const ratio = (title: string): string => upsert[title]?.["oplead-sdk"]?.cpuRatio.toFixed(2) ?? "?";
  return (
    `In short: on Node, \`upsertUser\` of a known user costs ${ratio("known, 16 at once")} times the CPU time of a bare \`fetch\`, ` +
    `and of a new user ${ratio("new, 16 at once")} times that of the two requests that it needs.`
  );
}

/** A bar chart of plain HTML: it needs no script, and is a list to a screen reader. The page's style is in theme/style.css. */
function chart(values: readonly (readonly [name: string, value: number])[], unit: string, digits: number): string {
  // A second run of the reference only shows how much the measurement varies.
  const rows = values.filter(([name]) => !name.includes("A/A")).sort(([, a], [, b]) => a - b);
  const longest = Math.max(...rows.map(([, value]) => value));
  const bars = rows.map(([name, value]) => {
    const own = name.startsWith("oplead-sdk") ? ' class="own"' : "";
    const width = Math.max(0.5, (value / longest) * 100).toFixed(1);
    return `<li${own}><span class="name">${name}</span><span class="bar"><span style="width: ${width}%"></span></span><span class="value">${value.toFixed(digits)} ${unit}</span></li>`;
  });
  return `<ul class="chart">\n${bars.join("\n")}\n</ul>`;
}
