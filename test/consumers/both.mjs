/** If an application imports the package and one of its dependencies requires it, the process has two copies of it. */
import { createRequire } from "node:module";
import { argv } from "node:process";
import * as imported from "oplead-sdk";
import * as importedRaw from "oplead-sdk/raw";

const require = createRequire(import.meta.url);
const required = require("oplead-sdk");
const requiredRaw = require("oplead-sdk/raw");
const { url, token, user } = JSON.parse(argv[2]);

const options = { baseUrl: url, token, rateLimit: false };
const clients = { imported: imported.createOplead(options), required: required.createOplead(options) };
const bad = { ...user, email: "not an address" };
const errors = {
  imported: await clients.imported.upsertUser(bad).catch((error) => error),
  required: await clients.required.upsertUser(bad).catch((error) => error),
};
const rawStatus = async ({ rawClient }, oplead) =>
  (await rawClient(oplead).GET("/v1/settings/user-profiles")).response.status;

console.log(
  JSON.stringify({
    sameClass: imported.OpleadError === required.OpleadError,
    importedRecognisesRequired: imported.isOpleadError(errors.required),
    requiredRecognisesImported: required.isOpleadError(errors.imported),
    strangersRecognised: [new Error("x"), { code: "not_found" }, null].filter(imported.isOpleadError).length,
    rawOfImported: await rawStatus(requiredRaw, clients.imported),
    rawOfRequired: await rawStatus(importedRaw, clients.required),
  }),
);
