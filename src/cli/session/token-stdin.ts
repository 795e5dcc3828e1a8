import { CommandError } from "../shell/command-error.ts";

/** The API token from standard input: one line. Never asked for, so a terminal is refused. */
export async function readToken(): Promise<string> {
  if (process.stdin.isTTY) {
    throw new CommandError("usage", "--token-stdin reads a pipe: vault read … | oplead plan --token-stdin");
  }
  let text = "";
  process.stdin.setEncoding("utf8");
  for await (const chunk of process.stdin) text += chunk;
  const token = text.trim();
  if (token === "") throw new CommandError("usage", "--token-stdin was given, and standard input is empty.");
  return token;
}
