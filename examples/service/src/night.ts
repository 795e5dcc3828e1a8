import { failedReport, planSync, type SyncReport } from "oplead-sdk/sync";
import type { Pool } from "pg";
import QueryStream from "pg-query-stream";
import { z } from "zod";
import { employeeRow, userOfRow } from "./employee.js";
import type { Tenant } from "./tenant.js";

export interface NightOptions {
  /** When it is aborted, the run finishes the users it has begun and starts no others. */
  readonly drain?: AbortSignal;
  /** The hash of a plan that was refused, as the first night of a large network is: its ledger is empty. */
  readonly approve?: string | undefined;
}

const QUERY = `select number, title, first_name, last_name, email, zip, city, role, manager, radius_km, updated_at
  from employees where tenant = $1 order by number`;

const numbered = z.object({ number: z.string() });

/** The mark of the last night. It lies outside of Redis, so that a Redis that was restored from a backup is noticed. */
const marked = z.array(
  z.object({
    ledger_mark: z.object({
      runs: z.number(),
      lastRunId: z.string(),
      position: z
        .object({
          id: z.string(),
          offset: z.number(),
          previousId: z.string().optional(),
          previousOffset: z.number().optional(),
        })
        .optional(),
    }),
  }),
);

/** Compares all employees of a network with what Oplead has, and lets the workers send the difference. */
export async function runNight(tenant: Tenant, pool: Pool, options: NightOptions = {}): Promise<SyncReport> {
  const { name, oplead, ledger, queue } = tenant;
  const { drain, approve } = options;
  const { rows } = await pool.query(
    "select ledger_mark from nights where tenant = $1 and ledger_mark is not null order by ended_at desc limit 1",
    [name],
  );
  const [last] = marked.parse(rows);
  const connection = await pool.connect();
  try {
    const plan = await planSync(oplead, {
      // A cursor: the table is never in memory.
      source: () => connection.query(new QueryStream(QUERY, [name])),
      map: (row: unknown) => userOfRow(employeeRow.parse(row)),
      key: (row: unknown) => numbered.safeParse(row).data?.number,
      ledger,
      advanced: { ledgerMark: last?.ledger_mark },
      ignoreKnown: true,
    });
    const report = await plan.apply({ queue, drain, approve });
    await pool.query(
      "insert into nights (tenant, run_id, exit_code, status, problems, ledger_mark) values ($1, $2, $3, $4, $5, $6)",
      [
        name,
        report.runId,
        report.exitCode,
        report.status,
        await report.render("csv", { language: "fr" }),
        report.ledgerMark,
      ],
    );
    return report;
  } catch (error) {
    const report = failedReport(error);
    await pool.query("insert into nights (tenant, exit_code, status, problems) values ($1, $2, $3, $4)", [
      name,
      report.exitCode,
      report.status,
      await report.render("csv", { language: "fr" }),
    ]);
    throw error;
  } finally {
    connection.release();
  }
}
