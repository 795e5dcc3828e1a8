import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import { printable } from "../../../../scripts/printable.ts";
import { errorCode } from "../../../base/error-code.ts";
import type { Action } from "../../command.ts";
import { CommandError, EXIT, withFile } from "../../exit.ts";
import { helpNote, type OutputFlags, outputFlags } from "../../shell/flags.ts";
import { counted, say, told } from "../../texts/say.ts";

interface TypesFlags extends OutputFlags {
  readonly out: string;
}

export function define(command: Command): Action {
  command.argument("<source>", say("the OpenAPI document, or the Swagger page that shows it: an address or a file"));
  outputFlags(command).option("-o, --out <file>", say("the file that is written"), "oplead.d.ts");
  helpNote(command, say("For a page behind a login, set OPLEAD_SCHEMA_AUTH to a header line: Authorization: Basic …"));
  return types;
}

const types: Action<TypesFlags> = async ({ output }, [source = ""], { out }) => {
  const { isMadeHere, platformTypes } = await import("../../../../scripts/schema/platform-types.ts").catch((error) => {
    if (errorCode(error) !== "ERR_MODULE_NOT_FOUND") throw error;
    const install = "npm install --save-dev openapi-typescript@7 typescript@5";
    const text = "The types are made by two packages that are not installed: {install}";
    throw new CommandError("missing_package", told(text, { install }));
  });
  if (existsSync(out) && !isMadeHere(readFileSync(out, "utf8"))) {
    throw new CommandError("exists", told("{file} was not made by this command; nothing was written.", { file: out }));
  }
  const made = await platformTypes(source, process.env.OPLEAD_SCHEMA_AUTH).catch((error: Error) => {
    const isAbsent = errorCode(error) === "ENOENT";
    throw new CommandError(
      "document",
      isAbsent ? told("{file} cannot be read", { file: source }) : printable(error.message),
    );
  });
  withFile("write", told("{file} could not be written", { file: out }), () => writeFileSync(out, made.text));
  const { customFields, how } = made;
  const list = customFields.map((name) => JSON.stringify(name)).join(", ");
  const fields =
    customFields.length === 0
      ? say("The document has no user fields that the package does not know.")
      : say("{fields}. To refuse any other: {code}", {
          fields: counted(customFields.length, "custom field"),
          code: `createOplead({ customFields: [${list}] })`,
        });
  output.result(printable(`${say("{how}", { how })}\n${say("Written: {file}", { file: out })}\n${fields}`), {
    written: out,
    how,
    customFields,
  });
  return EXIT.success;
};
