import type { ReportLanguage } from "../report.ts";

/** A text in each language of the report. */
export type Wording = Readonly<Record<ReportLanguage, string>>;
