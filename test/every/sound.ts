import { type Exploration, explore } from "./explore.ts";

export async function expectSound(exploration: Exploration): Promise<void> {
  const { EVERY = "" } = process.env;
  const [title, path] = EVERY.split(": ");
  if (path !== undefined && title !== exploration.title) return;
  const more = EVERY === "more" ? exploration.more : {};
  const { executions, states, found } = await explore({ ...exploration, ...more }, { repeat: path });
  if (EVERY !== "") console.info(`${exploration.title}: ${executions} executions, ${states} states`);
  if (!found) return;
  const again = `EVERY='${exploration.title}: ${found.path}' npm run test:world -- every`;
  throw new Error(`Execution ${found.execution} is not sound. The shortest:\n${found.story.join("\n")}\n${again}`);
}
