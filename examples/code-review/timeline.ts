/** The timeline: one line for each step of a run, as it happens. */
import type { CallFinishedEvent, RunEvent } from "weakincentives/adapter";

/** Writes the line of a step; undefined for steps that need none. Keeps what calls were made with until they end. */
export function createTimeline(): (event: RunEvent) => string | undefined {
  const given = new Map<string, string>();
  return (event) => {
    switch (event.type) {
      case "run/started":
        return `run ${event.runId}: ${event.prompt} on ${event.model}`;
      case "prompt/rendered":
        return `prompt: sections ${event.sections.join(", ")}; tools ${event.tools.join(", ")}`;
      case "model/responded": {
        const what = event.calls.length === 0 ? "the answer" : count(event.calls.length, "call");
        const said = event.calls.length === 0 ? "" : shown(event.text, 70);
        return `turn ${event.turn}: ${said === "" ? "" : `${said} `}(${what}, ${time(event.milliseconds)})`;
      }
      case "tool/started":
        given.set(event.call, argumentText(event.arguments));
        return undefined;
      case "tool/finished":
        return callLine(event, given.get(event.call) ?? "");
      case "repair/requested":
        return `the answer does not fit and is asked for once more: ${shown(event.problems, 100)}`;
      case "run/finished":
        return `run ${event.status} after ${count(event.turns, "turn")}, ${time(event.milliseconds)}`;
      default:
        return undefined;
    }
  };
}

const outcomes = { committed: "committed", failed: "rolled back", unknown: "unknown", refused: "refused" } as const;

function callLine(event: CallFinishedEvent, given: string): string {
  const { name, effects = "no tool", status, milliseconds } = event;
  const call = shown(`${name} ${given}`, 52).padEnd(52);
  return `  ${call} ${effects.padEnd(9)} ${time(milliseconds).padStart(7)}  ${outcomes[status].padEnd(11)} ${noteOf(event)}`;
}

/** What a call came to: how much it gave, what it changed, or why it failed and what was taken back. */
function noteOf({ status, text, events, changes }: CallFinishedEvent): string {
  const changed = Object.values(changes).flatMap((list) => list.map(({ kind, path }) => `${kind} ${path}`));
  const done = [...changed, ...events.map((type) => `event ${type}`)].join(", ");
  if (status === "committed") return shown(done === "" ? (text.split("\n")[0] ?? "") : done, 100);
  return `${shown(text, 120)}${done === "" ? "" : ` (taken back: ${shown(done, 100)})`}`;
}

function argumentText(value: unknown): string {
  if (typeof value !== "object" || value === null) return "";
  return Object.values(value)
    .map((one) => (typeof one === "string" ? one : JSON.stringify(one)))
    .join(" ");
}

/** A number with its thing: "1 file", "2 files". */
export const count = (many: number, thing: string): string => `${many} ${thing}${many === 1 ? "" : "s"}`;

const time = (milliseconds: number): string =>
  milliseconds < 1000
    ? `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`
    : `${(milliseconds / 1000).toFixed(1)} s`;

/** One line of a text, without what could do harm on a terminal. */
export function shown(text: string, most: number): string {
  const line = text
    .replace(/\p{C}+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
