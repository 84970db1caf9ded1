/** The timeline: one line for each step of a run, as it happens. */
import type { CallFinishedEvent, RunEvent } from "weakincentives/adapter";

/** A call that was begun. */
interface OpenCall {
  readonly given: string;
  /** Whether it ran beside others: its time is then theirs too, and says only what it took at most. */
  shared: boolean;
}

/** Writes the line of a step; undefined for steps that need none. Keeps what calls were made with until they end. */
export function createTimeline(signal: AbortSignal): (event: RunEvent) => string | undefined {
  const open = new Map<string, OpenCall>();
  let resumed = Number.NEGATIVE_INFINITY;
  return (event) => {
    if (event.type === "run/resumed") resumed = event.at;
    if (event.at < resumed) return undefined; // a step of the journal, that another process has told
    switch (event.type) {
      case "run/started":
        return `run ${event.runId}: ${event.prompt} on ${event.model}`;
      case "run/resumed":
        return `the journal has ${count(event.turns, "turn")} and ${count(event.calls, "finished call")}`;
      case "prompt/rendered":
        return `prompt: sections ${event.sections.join(", ")}; tools ${event.tools.join(", ")}`;
      case "model/responded": {
        const what = event.calls.length === 0 ? "the answer" : count(event.calls.length, "call");
        const said = event.calls.length === 0 ? "" : shown(event.text, 70);
        return `turn ${event.turn}: ${said === "" ? "" : `${said} `}(${what}, ${time(event.milliseconds)})`;
      }
      case "model/retried":
        return `turn ${event.turn}: no answer, asked again in ${time(event.waitMs)}: ${shown(event.problem, 100)}`;
      case "tool/started":
        for (const other of open.values()) other.shared = true;
        open.set(event.call, { given: argumentText(event.arguments), shared: open.size > 0 });
        return undefined;
      case "tool/finished": {
        const call = open.get(event.call);
        open.delete(event.call);
        return callLine(event, call, signal);
      }
      case "repair/requested":
        return `the answer does not fit and is asked for once more: ${shown(event.problems, 100)}`;
      case "wrap-up/begun":
        return `a limit comes near: ${shown(event.text, 100)}`;
      case "run/finished":
        return `run ${event.status} after ${count(event.turns, "turn")}, ${time(event.milliseconds)}`;
      default:
        return undefined;
    }
  };
}

const outcomes = { committed: "committed", failed: "rolled back", unknown: "unknown", refused: "refused" } as const;

function callLine(event: CallFinishedEvent, open: OpenCall | undefined, signal: AbortSignal): string {
  const { name, effects = "no tool", milliseconds } = event;
  const call = shown(`${name} ${open?.given ?? ""}`, 52).padEnd(52);
  const took = `${open?.shared === true ? "≤ " : ""}${time(milliseconds)}`;
  const end = outcomeOf(event, open !== undefined, signal);
  const note = end === "stopped" || end === "not begun" ? "" : ` ${noteOf(event)}`;
  return `  ${call} ${effects.padEnd(9)} ${took.padStart(9)}  ${end.padEnd(11)}${note}`.trimEnd();
}

/** How a call ended, in words; of one that only reads there is nothing to roll back. */
function outcomeOf(
  { status, effects, text }: CallFinishedEvent,
  begun: boolean,
  { aborted, reason }: AbortSignal,
): string {
  const isStop = aborted && reason instanceof Error && text.includes(reason.message);
  if (status === "refused") return !begun && aborted ? "not begun" : outcomes.refused;
  if (status !== "failed" || effects !== "none") return outcomes[status];
  return isStop ? "stopped" : "failed";
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

/** A number of bytes in a unit that people read. */
export function sizeOf(bytes: number): string {
  const mebibyte = 1024 * 1024;
  return bytes < mebibyte ? `${Math.ceil(bytes / 1024)} KiB` : `${Number((bytes / mebibyte).toFixed(1))} MiB`;
}

/** One line of a text, without what could do harm on a terminal. */
export function shown(text: string, most: number): string {
  const line = text
    .replace(/\p{C}+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
