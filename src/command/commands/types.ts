import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import { printable } from "../../../scripts/printable.ts";
import { errorCode } from "../../core/errors.ts";
import type { Action } from "../command.ts";
import { CommandError, EXIT, withFile } from "../exit.ts";
import { say, told } from "../say.ts";
import { packaged } from "../shell/packaged.ts";
import { helpNote, type OutputFlags, outputFlags } from "../shell/program.ts";

interface TypesFlags extends OutputFlags {
  readonly out: string;
}

export function define(command: Command): Action {
  command.argument("<source>", say("types_document"));
  outputFlags(command).option("-o, --out <file>", say("types_out"), "oplead-platform.ts");
  helpNote(command, say("types_notes"));
  return types;
}

const types: Action<TypesFlags> = async ({ output }, [source = ""], { out }) => {
  if (!/(?<!\.d)\.[cm]?ts$/.test(out)) throw new CommandError("usage", told("types_not_a_module", { file: out }));
  const { isMadeHere, platformTypes } = await import("../../../scripts/schema/platform-types.ts").catch((error) => {
    if (errorCode(error) !== "ERR_MODULE_NOT_FOUND") throw error;
    const install = "npm install --save-dev openapi-typescript@7 typescript@5";
    throw new CommandError("missing_package", told("types_need_packages", { install }));
  });
  if (existsSync(out) && !isMadeHere(readFileSync(out, "utf8"))) {
    throw new CommandError("exists", told("types_file_of_others", { file: out }));
  }
  const schema = packaged("schema/oplead.openapi.yaml") ?? "";
  const made = await platformTypes(source, process.env.OPLEAD_SCHEMA_AUTH, readFileSync(schema, "utf8")).catch(
    (error: Error) => {
      const isAbsent = errorCode(error) === "ENOENT";
      throw new CommandError(
        "document",
        isAbsent ? told("file_unreadable", { file: source }) : printable(error.message),
      );
    },
  );
  withFile("write", told("file_not_written", { file: out }), () => writeFileSync(out, made.text));
  const { platform, missing, how } = made;
  const lines = linesOf(platform);
  if (missing.length > 0) lines.push(say("types_missing", { missing }));
  output.result(printable([say("quoted", { how }), say("written", { file: out }), ...lines].join("\n")), {
    written: out,
    how,
    platform,
    missing,
  });
  return EXIT.success;
};

function linesOf(part: object, path = "platform"): string[] {
  return Object.entries(part).flatMap(([name, value]) => {
    const here = `${path}.${name}`;
    return typeof value === "object" && !Array.isArray(value)
      ? linesOf(value, here)
      : `+ ${here}: ${JSON.stringify(value)}`;
  });
}
