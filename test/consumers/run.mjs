/** Runs the story in Node, Bun and Deno, which all have argv and console. */
import { argv } from "node:process";
import * as sdk from "oplead-sdk";
import { journey } from "./journey.mjs";

console.log(JSON.stringify(await journey(sdk, JSON.parse(argv[2]))));
