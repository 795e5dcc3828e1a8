import { issueAt } from "../../core/issues.ts";
import { requireNoIssues } from "../../core/validate.ts";
import { tellConfig } from "../../locales/en/config.ts";
import type { SyncSource } from "../../sync/types/options.ts";
import { isSource, openPart, Places, type RecordOf, titleOfPart } from "./join.ts";
import { type RecordSource, recordSource, settingsOf } from "./source.ts";

/**
 * The records of several sources, one after the other. Messages keep the place of a record: `"rh.csv row 12"`. The plan
 * lists two records with one account number as a duplicate, with both places.
 *
 * If one source fails, the reading fails. If all records are asked for and a source has none, a warning says so: its
 * users would look like leavers.
 *
 * @param sources Each as {@link SyncOptions.source}: `csvSource`, `restSource`, an iterable, a function.
 * @throws {@link OpleadError} `invalid_options` if an argument is no source.
 */
export function concatSources<Sources extends readonly [SyncSource<unknown>, ...SyncSource<unknown>[]]>(
  ...sources: Sources
): RecordSource<RecordOf<Sources[number]>> {
  checkSources(sources);
  const places = new Places();
  const nameOf = (at: number): string => `source ${at + 1}`;
  return recordSource<RecordOf<Sources[number]>>({
    title: sources.map((source, at) => titleOfPart(source, nameOf(at))).join(" + "),
    settings: sources.flatMap((source) => settingsOf(source)),
    rowOf: (record) => places.of(record),
    async *read({ warn, suspect }, request) {
      let before = 0;
      for (const [at, source] of sources.entries()) {
        const part = await openPart(source as SyncSource<RecordOf<Sources[number]>>, request, nameOf(at));
        let count = 0;
        for await (const record of part.records) {
          places.note(record, part.place(record, count));
          count += 1;
          yield record;
        }
        part.tell({ warn, suspect: (record, found) => suspect(before + record, found) });
        if (count === 0 && request.since === undefined)
          warn(issueAt("", tellConfig("part_empty", { title: part.title })));
        before += count;
      }
    },
  });
}

function checkSources(sources: readonly unknown[]): void {
  const wrongOnes = sources.flatMap((source, at) =>
    isSource(source) ? [] : [issueAt(`sources[${at}]`, tellConfig("not_one_source"))],
  );
  requireNoIssues(
    "concatSources",
    sources.length === 0 ? [issueAt("sources", tellConfig("not_one_source"))] : wrongOnes,
  );
}
