import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { BatchSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { pino } from "pino";
import { z } from "zod";
import { startService } from "./service.js";
import { readSettings } from "./settings.js";

/** `main.js web`, `main.js worker`, or `main.js night acme [--approve HASH]` from cron. */
const [role, name, , approve] = z
  .union([
    z.tuple([z.enum(["web", "worker"])]),
    z.tuple([z.literal("night"), z.string()]),
    z.tuple([z.literal("night"), z.string(), z.literal("--approve"), z.string()]),
  ])
  .parse(process.argv.slice(2));

const settings = await readSettings(process.env);
const log = pino({ level: settings.logLevel });
const spans = new BatchSpanProcessor(new OTLPTraceExporter());
const service = startService({ settings, log, spans, role: role === "night" ? "web" : role });
const stopping = new AbortController();
const stop = (): void => {
  stopping.abort();
};
process.once("SIGTERM", stop).once("SIGINT", stop);

if (role === "night") {
  const tenant = service.tenants.get(name);
  if (!tenant) throw new Error(`There is no tenant ${name}.`);
  try {
    const options = { drain: stopping.signal, approve };
    process.exitCode = (await service.night(tenant, options)).exitCode;
  } finally {
    await service.close();
  }
} else {
  stopping.signal.addEventListener("abort", () => {
    log.info("shutting down");
    void service.close();
  });
  await service.app.listen({ host: settings.host, port: settings.port });
}
