export { type LeadFiles, type LeadFilesOptions, leadFiles, type ReadLeads, readLeadFiles } from "./lead-files.ts";
export { createLeadWebhook, type LeadWebhookOptions } from "./lead-webhook.ts";
export type { StoredLead } from "./stored-lead.ts";
