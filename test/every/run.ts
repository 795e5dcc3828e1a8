import { INTENTS, MOVES, PLANS, RECONCILIATIONS, UPSERTS } from "./explorations.ts";
import { explore } from "./explore.ts";

// For mutants: ends with the first exploration that is not sound. Prints each as JSON.
for (const exploration of [...MOVES, ...INTENTS, ...RECONCILIATIONS, ...PLANS, ...UPSERTS]) {
  const began = process.cpuUsage();
  const { found, ...extent } = await explore(exploration, { isFirst: true });
  const seconds = process.cpuUsage(began).user / 1_000_000;
  console.log(
    JSON.stringify({ title: exploration.title, ...extent, seconds, found: found?.execution, story: found?.story }),
  );
  if (found) process.exit();
}
