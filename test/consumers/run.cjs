/** The same as run.mjs, from CommonJS. */
const { argv } = require("node:process");
const sdk = require("oplead-sdk");

import("./journey.mjs")
  .then(({ journey }) => journey(sdk, JSON.parse(argv[2])))
  .then((told) => console.log(JSON.stringify(told)));
