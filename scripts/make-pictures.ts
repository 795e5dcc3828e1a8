// npx tsx scripts/make-pictures.ts [--screens]. Screens need Chromium, the cast a build.
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { CASTS, castPicture } from "./pictures/cast.ts";
import { DRAWINGS } from "./pictures/drawings.ts";
import { photographs } from "./pictures/screens.ts";

const { values } = parseArgs({ options: { screens: { type: "boolean", default: false } } });
const docs = new URL("../docs/", import.meta.url);

for (const [file, svg] of Object.entries(DRAWINGS)) await writeFile(new URL(file, docs), svg);
for (const [file, cast] of Object.entries(CASTS)) await writeFile(new URL(file, docs), await castPicture(cast));
if (values.screens) for (const [file, png] of await photographs()) await writeFile(new URL(file, docs), png);
