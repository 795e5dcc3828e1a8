import { expect, it } from "vitest";
import { configWith, dealersCsv, oplead } from "../../support/command.ts";
import { folderWith } from "../../support/folder.ts";

it("coverage uses the codes and the places of the config, as policies do", async () => {
  const settings = `coverage: {
    locate: (zip, country) => (country === "LU" ? { coordinates: [49.6, 6.1], uncertaintyKm: 2, counties: ["L"] } : undefined),
    universe: {
      countries: [{ code: "LU", label: "Luxembourg", counties: [{ number: "L", label: "L", postCodeZips: ["1111"] }] }],
      ranges: ["RNG_NEW"], requestTypes: [], contactProfiles: [],
    },
  },`;
  const folder = await folderWith({ "oplead.config.mjs": configWith(settings), "dealers.csv": dealersCsv(1) });
  const { stdout } = await oplead(folder, "coverage --json");
  const { findings } = JSON.parse(stdout);
  const [gap] = findings.filter(({ kind }: { kind: string }) => kind === "gap");
  expect(gap).toMatchObject({ zipCodes: ["1111"] });
});
