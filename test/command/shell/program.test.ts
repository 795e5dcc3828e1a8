import { expect, it } from "vitest";
import { numberIn, Program } from "../../../src/command/shell/program.ts";

async function refusal(...words: readonly string[]) {
  const program = new Program("oplead").exitOverride();
  const ignore = () => {};
  program.command("plan").action(ignore);
  program.command("explain").action(ignore);
  program
    .command("sync")
    .argument("[file]")
    .option("--report <file>")
    .option("--resend")
    .option("--limit <number>", "", numberIn(1, 9))
    .addOption(program.createOption("--format <format>").choices(["text", "json"]))
    .action(ignore);
  program.command("why").argument("<account>").action(ignore);
  return program.parseAsync(words, { from: "user" }).then(
    () => "",
    (error: Error & { code: string }) => `${error.code}: ${error.message}`,
  );
}

it.each([
  [["plna"], "unknown command 'plna'\n(Did you mean plan?)"],
  [["pla"], "unknown command 'pla'\n(Did you mean plan?)"],
  [["wy"], "unknown command 'wy'\n(Did you mean why?)"],
  [["whan"], "unknown command 'whan'\n(Did you mean one of plan, why?)"],
  [["undo-it-all"], "unknown command 'undo-it-all'"],
  [["sync", "--reprot"], "unknown option '--reprot'\n(Did you mean --report?)"],
  [["sync", "--reset"], "unknown option '--reset'\n(Did you mean --resend?)"],
  [["sync", "-x"], "unknown option '-x'"],
  [["why"], "missing required argument 'account'"],
  [["sync", "--report"], "option '--report <file>' argument missing"],
  [["plan", "x"], "too many arguments for 'plan'. Expected 0 arguments but got 1."],
  [["sync", "x", "y"], "too many arguments for 'sync'. Expected 1 argument but got 2."],
  [
    ["sync", "--limit", "x"],
    "option '--limit <number>' argument 'x' is invalid. It must be a whole number from 1 to 9.",
  ],
  [
    ["sync", "--format", "pdf"],
    "option '--format <format>' argument 'pdf' is invalid. Allowed choices are text, json.",
  ],
])(
  "for the wrong arguments %j the command gives the error code `usage` and says what is wrong",
  async (words, message) => {
    expect(await refusal(...words)).toBe(`usage: ${message}`);
  },
);

it("the message about a token given as an option does not repeat it, and says where tokens belong", async () => {
  const message = await refusal("sync", "--token=secret-1");
  expect(message).toContain("unknown option '--token'");
  expect(message).toContain("OPLEAD_TOKEN");
  expect(message).not.toContain("secret-1");
});

it("a correct command line causes no error", async () => {
  expect(await refusal("sync", "x", "--limit", "3", "--format", "json", "--resend")).toBe("");
});
