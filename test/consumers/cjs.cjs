const { argv } = require("node:process");
const { createOplead, isOpleadError, OpleadError } = require("oplead-sdk");
const { rawClient } = require("oplead-sdk/raw");
const { createFakeOplead } = require("oplead-sdk/testing");
const { tell } = require("./tell.cjs");

tell({ createOplead, isOpleadError, OpleadError, rawClient, createFakeOplead }, JSON.parse(argv[2])).then((told) =>
  console.log(JSON.stringify(told)),
);
