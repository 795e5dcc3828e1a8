import { arrow, box, label, picture } from "./svg.ts";

const upsertPicture = picture("The states of upsertUser", 760, 572, [
  arrow("M280 54V84"),
  arrow("M440 115H540"),
  arrow("M280 144V204"),
  arrow("M440 235H540"),
  arrow("M220 264V354"),
  arrow("M340 264V310H520V354"),
  arrow("M620 356V284H410V266", true),
  arrow("M140 414V440H95V478"),
  arrow("M240 414V440H285V478"),
  arrow("M520 414V440H475V478"),
  arrow("M620 414V440H665V478"),
  label(452, 108, "accepted"),
  label(288, 180, "404: Oplead does not know the user"),
  label(452, 228, "accepted"),
  label(212, 314, "400, 409 or 422", "end"),
  label(350, 328, "answer lost"),
  label(515, 278, "still not there after settleMs", "middle"),
  label(103, 466, "there"),
  label(293, 466, "not there"),
  label(483, 466, "there"),
  label(673, 466, "no time left"),
  box("outside", 190, 14, 180, ["upsertUser(user)"]),
  box("step", 120, 86, 320, ["PUT", "by id if it is known, then by account number"]),
  box("good", 542, 95, 170, ["updated"]),
  box("step", 120, 206, 320, ["POST", "while an earlier one is in doubt, asks first"]),
  box("good", 542, 215, 170, ["created"]),
  box("step", 85, 356, 210, ["PUT at once", "is the user there by now?"]),
  box("step", 465, 356, 210, ["PUT with growing pauses", "did the POST arrive?"]),
  box("good", 10, 480, 170, ["updated", "by another process"]),
  box("bad", 200, 480, 170, ["throws the refusal", "refused or conflict"]),
  box("good", 390, 480, 170, ["created", "recovered: true"]),
  box("bad", 580, 480, 170, ["throws", "ambiguous_creation"]),
  label(380, 562, "Any other failure, such as 401, is thrown as it is.", "middle"),
]);

// 2,000 users, 40 of which changed. Not to scale.
const STEPS: readonly (readonly [time: string, name: string, what: string, beside: readonly string[]])[] = [
  ["02:00:00", "Read the source", "2,000 records", ["A source that fails or is empty: nothing is sent."]],
  ["02:00:01", "Plan", "1,957 unchanged, 40 to send, 3 invalid", ["Compares with the ledger. Writes nothing."]],
  [
    "02:00:01",
    "Guard",
    "40 of 2,000 are 2 %",
    ["An accident, such as 30 % changed users:", "exit code 3, nothing is sent, a person decides."],
  ],
  [
    "02:00:01",
    "Apply",
    "52 requests, ten a second",
    [
      "Each step is in the ledger as soon as Oplead accepts it.",
      "Killed, or Oplead is down: the next run sends the rest.",
    ],
  ],
  [
    "02:00:07",
    "Report",
    "exit code 5",
    ["40 sent, 3 rows to correct. Alerts and the CSV file", "for the people who maintain the data go out."],
  ],
];
const TOP = 14;
const STEP = 96;

const nightPicture = picture("A night, from the source to the report", 780, TOP + STEP * 6 - 22, [
  ...STEPS.flatMap(([time, name, what, beside], index) => {
    const y = TOP + STEP * index;
    return [
      label(78, y + 34, time, "end"),
      box("step", 94, y, 280, [name, what]),
      arrow(`M234 ${y + 58}V${y + STEP - 2}`),
      ...beside.map((line, row) => label(394, y + (beside.length === 1 ? 34 : 25) + 18 * row, line)),
    ];
  }),
  label(78, TOP + STEP * 5 + 34, "08:30", "end"),
  box("outside", 94, TOP + STEP * 5, 280, ["A person corrects three rows", "the next night sends them by itself"]),
  label(394, TOP + STEP * 5 + 34, "Exit code 0: nothing to do."),
]);

export const DRAWINGS: Readonly<Record<string, string>> = {
  "reference/upsert.svg": upsertPicture,
  "run/night.svg": nightPicture,
};
