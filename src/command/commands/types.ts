import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import { printable } from "../../../scripts/printable.ts";
import { errorCode } from "../../core/errors.ts";
import type { Action } from "../command.ts";
import { CommandError, EXIT, withFile } from "../exit.ts";
import { say, told } from "../say.ts";
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
  const made = await platformTypes(source, process.env.OPLEAD_SCHEMA_AUTH).catch((error: Error) => {
    const isAbsent = errorCode(error) === "ENOENT";
    throw new CommandError("document", isAbsent ? told("file_unreadable", { file: source }) : printable(error.message));
  });
  withFile("write", told("file_not_written", { file: out }), () => writeFileSync(out, made.text));
  const { customFields, how } = made;
  const fields =
    customFields.length === 0 ? say("types_nothing_new") : say("types_fields", { fields: customFields.length });
  output.result(printable(`${say("quoted", { how })}\n${say("written", { file: out })}\n${fields}`), {
    written: out,
    how,
    customFields,
  });
  return EXIT.success;
};
