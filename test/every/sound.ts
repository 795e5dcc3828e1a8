import { type Exploration, explore } from "./explore.ts";

// Of processor time, for one exploration.
const MOST_MS = process.env.EVERY === "more" ? 600_000 : 60_000;

export async function expectSound(exploration: Exploration): Promise<void> {
  const { EVERY = "" } = process.env;
  const [title, path] = EVERY.split(": ");
  if (path !== undefined && title !== exploration.title) return;
  const more = EVERY === "more" ? exploration.more : {};
  const began = process.cpuUsage();
  const { executions, states, isComplete, found } = await explore({ ...exploration, ...more }, MOST_MS, {
    repeat: path,
  });
  const seconds = (process.cpuUsage(began).user / 1_000_000).toFixed(1);
  const extent = `${executions} executions, ${states} states, ${seconds} s, ${isComplete ? "complete" : "not complete"}`;
  if (EVERY !== "") console.info(`${exploration.title}: ${extent}`);
  if (found) {
    const again = `EVERY='${exploration.title}: ${found.path}' npm run test:world -- every`;
    throw new Error(`Execution ${found.execution} is not sound. The shortest:\n${found.story.join("\n")}\n${again}`);
  }
  if (!isComplete) throw new Error(`The time is over: ${extent}`);
}
