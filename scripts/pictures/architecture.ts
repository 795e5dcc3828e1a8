// Every room imports most of what lies below, so an arrow is left out if other arrows lead to the same room.
import { Graph, layout } from "@dagrejs/dagre";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import { type Generated, writeOrCompare } from "../generated-file.ts";
import { arrow, box, label, picture } from "./svg.ts";

const PICTURE = new URL("../../docs/explain/architecture.svg", import.meta.url);
const BOX = { width: 112, height: 40 };
const MARGIN = 28;
const LEGEND = 46;

interface Import {
  readonly from: string;
  readonly to: string;
  readonly count: number;
}

export async function generateArchitecture({ check = false } = {}): Promise<Generated> {
  return writeOrCompare(PICTURE, drawRooms(await importsBetweenRooms()), check);
}

async function importsBetweenRooms(): Promise<Import[]> {
  const { output } = await cruise(["src"], {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    includeOnly: "^src/",
  });
  const counts = new Map<string, number>();
  for (const { source, dependencies } of (output as ICruiseResult).modules) {
    for (const { resolved } of dependencies) {
      const [from, to] = [roomOf(source), roomOf(resolved)];
      if (from === undefined || to === undefined || from === to) continue;
      counts.set(`${from} ${to}`, (counts.get(`${from} ${to}`) ?? 0) + 1);
    }
  }
  return [...counts].map(([pair, count]) => {
    const [from = "", to = ""] = pair.split(" ");
    return { from, to, count };
  });
}

// Files directly in src/ belong to no room.
function roomOf(file: string): string | undefined {
  return /^src\/([^/]+)\//.exec(file)?.[1];
}

export function drawRooms(imports: readonly Import[]): string {
  const { down, up } = byDirection(imports);
  const graph = new Graph({ directed: true });
  graph.setGraph({ ranksep: 44, nodesep: 30, edgesep: 18, marginx: MARGIN, marginy: MARGIN });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const room of [...new Set(imports.flatMap(({ from, to }) => [from, to]))].sort())
    graph.setNode(room, { ...BOX });
  for (const { from, to } of direct(down)) graph.setEdge(from, to);
  layout(graph);

  const { width = 0, height = 0 } = graph.graph();
  const places = new Map(graph.nodes().map((room) => [room, graph.node(room) as Point]));
  const upward = up.flatMap(({ from, to }) => {
    const [start, end] = [places.get(from), places.get(to)];
    return start && end ? [arrow(beside(start, end), true)] : [];
  });
  const legend = [
    "An arrow: the upper room imports the lower one, and may import what follows below it.",
    ...(upward.length > 0 ? ["A dashed arrow: the lower room uses names or types of the upper one."] : []),
  ];
  return picture("The rooms of src/ and what they import", Math.round(width), Math.round(height) + LEGEND, [
    ...graph.edges().map((edge) => arrow(curve(graph.edge(edge).points as readonly Point[]))),
    ...upward,
    ...[...places].map(([room, { x, y }]) =>
      box("step", Math.round(x - BOX.width / 2), Math.round(y - BOX.height / 2), BOX.width, [room]),
    ),
    ...legend.map((line, index) => label(MARGIN, Math.round(height) + 12 + 20 * index, line)),
  ]);
}

// The more frequent imports say what is down: a lower room uses a name of an upper one in few places.
function byDirection(imports: readonly Import[]): { down: Import[]; up: Import[] } {
  const down: Import[] = [];
  const up: Import[] = [];
  const sorted = imports.toSorted(
    (a, b) => b.count - a.count || `${a.from} ${a.to}`.localeCompare(`${b.from} ${b.to}`),
  );
  for (const each of sorted) (leads(down, each.to, each.from) ? up : down).push(each);
  return { down, up };
}

function direct(imports: readonly Import[]): Import[] {
  return imports.filter((each) => {
    const others = imports.filter((other) => other !== each);
    return !leads(others, each.from, each.to);
  });
}

function leads(imports: readonly Import[], from: string, to: string, seen = new Set<string>()): boolean {
  if (from === to) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  return imports.some((each) => each.from === from && leads(imports, each.to, to, seen));
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function curve(points: readonly Point[]): string {
  const at = ({ x, y }: Point): string => `${Math.round(x)} ${Math.round(y)}`;
  const between = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  const [first = { x: 0, y: 0 }, ...rest] = points;
  const corners = rest
    .slice(0, -1)
    .map((point, index) => `Q${at(point)} ${at(between(point, rest[index + 1] ?? point))}`);
  return `M${at(first)}${corners.join("")}L${at(rest.at(-1) ?? first)}`;
}

function beside(start: Point, end: Point): string {
  const [x1, x2] = [start.x + BOX.width / 2, end.x + BOX.width / 2];
  const bow = Math.max(x1, x2) + 40;
  const round = Math.round;
  return `M${round(x1)} ${round(start.y)}C${round(bow)} ${round(start.y)} ${round(bow)} ${round(end.y)} ${round(x2)} ${round(end.y)}`;
}
