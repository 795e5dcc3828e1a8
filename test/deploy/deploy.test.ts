import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { validateAction, validateWorkflow } from "@action-validator/core";
import { validate } from "dockerfile-utils";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { fakeGitHub } from "../support/fake-github.ts";
import { folderWith } from "../support/folder.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), "utf8");

describe("the Dockerfile", () => {
  const text = read("deploy/Dockerfile");

  it("the Dockerfile passes the linter", () => {
    expect(validate(text).map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([]);
    expect(validate("FROM node\nRUNN x\n")).toHaveLength(1);
  });

  it("the Dockerfile runs node as process 1 without root rights, with a volume and a health check", () => {
    // The last one of a kind counts; a backslash continues the line.
    const lines = text.replace(/\\\n/g, "").split("\n");
    const last = (name: string) => lines.findLast((line) => line.startsWith(`${name} `))?.slice(name.length + 1);
    expect(last("USER")).toBe("node");
    expect(last("VOLUME")).toBe("/data");
    expect(last("HEALTHCHECK")).toContain("/healthz");
    // As a list: a shell in between would swallow SIGTERM.
    expect(JSON.parse(last("ENTRYPOINT") ?? "")).toEqual(["node", "/app/node_modules/oplead-sdk/dist/cli/main.js"]);
    const manifest = JSON.parse(read("package.json"));
    expect(last("ENTRYPOINT")).toContain(manifest.bin.oplead.replace("./", ""));
  });
});

describe("the GitHub Action and the workflows", () => {
  it("the GitHub Action and the workflows match GitHub's schemas", () => {
    expect(validateAction(read("action/action.yml")).errors).toEqual([]);
    expect(validateAction("name: x\nruns:\n  using: composite\n").errors).not.toEqual([]);
    for (const file of readdirSync(join(root, ".github/workflows"))) {
      expect({ file, errors: validateWorkflow(read(`.github/workflows/${file}`)).errors }).toEqual({
        file,
        errors: [],
      });
    }
  });

  it("the workflows pin every action by its commit, with the version beside it", () => {
    for (const file of readdirSync(join(root, ".github/workflows"))) {
      const used = [...read(`.github/workflows/${file}`).matchAll(/uses: (.+)/g)].map(([, action]) => action);
      for (const action of used)
        expect({ file, action }).toEqual({ file, action: expect.stringMatching(/@[0-9a-f]{40} # v/) });
    }
  });

  it("the action writes no expression into a script, where an input could run as a command", () => {
    const { runs } = parse(read("action/action.yml")) as { runs: { steps: { run: string }[] } };
    for (const { run } of runs.steps) expect(run).not.toContain("${" + "{");
  });
});

describe("the comment on a pull request", () => {
  it("the comment on a pull request is posted once for each target, and replaced afterwards", async () => {
    const github = await fakeGitHub();
    const folder = await folderWith({ "plan.md": "### Oplead plan `abc`" });
    const post = (target: string) =>
      promisify(execFile)(process.execPath, [join(root, "action/comment.mjs"), join(folder, "plan.md")], {
        env: { GH_TOKEN: "t", REPOSITORY: "o/r", NUMBER: "7", TARGET: target, GITHUB_API_URL: github.url },
      });
    await post("staging");
    await post("staging");
    await post("");
    expect(github.calls).toEqual(["GET", "POST", "GET", "PATCH", "GET", "POST"]);
    expect(github.comments.map(({ body }) => body)).toEqual([
      "<!-- oplead-plan staging -->\n### Oplead plan `abc`",
      "<!-- oplead-plan  -->\n### Oplead plan `abc`",
    ]);
  });
});
