/** The script of the report. Built into generated/report-assets.ts. */

import { byId } from "../../../base/page/client/page.ts";
import type { ReportData } from "../data/data.ts";
import { showNetwork } from "./network-view.ts";
import { makeSortable } from "./sorting.ts";

document.documentElement.classList.add("scripted");
for (const table of document.querySelectorAll<HTMLTableElement>("table.sortable")) makeSortable(table);
const data = byId("data")?.textContent;
// Written by encodeReport.
if (data) await showNetwork(JSON.parse(data) as ReportData);
