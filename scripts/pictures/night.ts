import { arrow, box, label, picture } from "./svg.ts";

/** When what happens in a night with 2,000 users, of whom 40 changed. Not to scale. */
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

/** The timeline of a night. */
export const nightPicture = picture("A night, from the source to the report", 780, TOP + STEP * 6 - 22, [
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
  box("outside", 94, TOP + STEP * 5, 280, ["Somebody corrects three rows", "the next night sends them by itself"]),
  label(394, TOP + STEP * 5 + 34, "Exit code 0: nobody has to look."),
]);
