import { expect, it } from "vitest";
import { dealersCsv, oplead, projectWith } from "../../support/command.ts";

it("coverage uses the codes and the places of the config, as policies do", async () => {
  const settings = `coverage: {
    locate: (zip, country) => (country === "LU" ? { coordinates: [49.6, 6.1], uncertaintyKm: 2, counties: ["L"] } : undefined),
    universe: {
      countries: [{ code: "LU", label: "Luxembourg", counties: [{ number: "L", label: "L", postCodeZips: ["1111"] }] }],
      ranges: ["RNG_NEW"], requestTypes: [], contactProfiles: [],
    },
  },`;
  const folder = await projectWith(settings, dealersCsv(1));
  const { stdout } = await oplead(folder, "coverage --json");
  const { findings } = JSON.parse(stdout);
  const [gap] = findings.filter(({ kind }: { kind: string }) => kind === "gap");
  expect(gap).toMatchObject({ zipCodes: ["1111"] });
});

it("coverage leaves out overseas territories without any user and says so, unless it is asked for all", async () => {
  const project = async (csv: string) => {
    const folder = await projectWith("", csv);
    return async (flags: string) => {
      const { stdout } = await oplead(folder, `coverage ${flags}`.trim());
      return stdout;
    };
  };
  const zipCodesOf = (json: string): string[] => {
    const { findings } = JSON.parse(json) as { findings: { zipCodes: string[] }[] };
    return findings.flatMap(({ zipCodes }) => zipCodes);
  };
  const metropolitan = await project(dealersCsv(2));
  expect(await metropolitan("")).toMatch(/Left out, because no user is there \(--all-territories\): .*La Réunion/);
  expect(zipCodesOf(await metropolitan("--json"))).not.toContain("97400");
  expect(await metropolitan("--all-territories")).not.toContain("Left out, because");
  const all = zipCodesOf(await metropolitan("--all-territories --json"));
  expect(all).toContain("97400");
  expect(all).not.toContain("98799");
  const overseas = await project(dealersCsv(2).replace(/(?<=[,;])\d{5}(?=[,;])/, "97410"));
  expect(zipCodesOf(await overseas("--json"))).toContain("97400");
});
