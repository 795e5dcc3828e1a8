export { type PlanPageOptions, planPage } from "./plan-page.ts";
export { type ReportPageOptions, reportPage } from "./report-page.ts";
