/**
 * Posts a plan as one comment on a pull request, and later replaces that comment. It is found by a mark that no reader sees; each
 * target has a comment of its own.
 */
import { readFile } from "node:fs/promises";

const { GH_TOKEN, REPOSITORY, NUMBER, TARGET = "", GITHUB_API_URL = "https://api.github.com" } = process.env;
const [file = ""] = process.argv.slice(2);
/** GitHub refuses longer comments. */
const LIMIT = 65_000;

const mark = `<!-- oplead-plan ${TARGET.replace(/[^\w-]/g, "")} -->`;
const plan = await readFile(file, "utf8");
const body = `${mark}\n${plan.length > LIMIT ? `${plan.slice(0, LIMIT)}\n\n… cut off: see the summary of the job.` : plan}`;

const comments = `${GITHUB_API_URL}/repos/${REPOSITORY}/issues/${NUMBER}/comments`;
const mine = await findComment();
await call(mine?.url ?? comments, mine ? "PATCH" : "POST", { body });

async function findComment() {
  for (let page = 1; ; page += 1) {
    const list = await call(`${comments}?per_page=100&page=${page}`, "GET");
    const found = list.find((comment) => comment.user?.type === "Bot" && comment.body?.startsWith(mark));
    if (found || list.length < 100) return found;
  }
}

async function call(url, method, content) {
  const answer = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${GH_TOKEN}`, accept: "application/vnd.github+json" },
    ...(content && { body: JSON.stringify(content) }),
  });
  if (!answer.ok) throw new Error(`GitHub answered ${answer.status} to ${method} ${new URL(url).pathname}`);
  return answer.json();
}
