import { argv } from "node:process";
import { createOplead, isOpleadError, OpleadError } from "oplead-sdk";
import { rawClient } from "oplead-sdk/raw";
import { createFakeOplead } from "oplead-sdk/testing";
import { tell } from "./tell.cjs";

console.log(
  JSON.stringify(
    await tell({ createOplead, isOpleadError, OpleadError, rawClient, createFakeOplead }, JSON.parse(argv[2])),
  ),
);
