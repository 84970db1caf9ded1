/** One line for each step of a run that goes on, as it happens. */
import type { RunEvent } from "../run/index.ts";
import { clipped } from "./clipped.ts";
import { countText, durationText } from "./times.ts";

/** Makes what writes the lines; undefined for steps that need none. What the journal held before is told in one line. */
export function createProgress(): (event: RunEvent) => string | undefined {
  let resumed = Number.NEGATIVE_INFINITY;
  const begun = new Map<string, string>();
  return (event) => {
    if (event.type === "run/resumed") resumed = event.at;
    return event.at < resumed ? undefined : progressLine(event, begun);
  };
}

function progressLine(event: RunEvent, begun: Map<string, string>): string | undefined {
  switch (event.type) {
    case "run/resumed":
      return `goes on after ${countText(event.turns, "turn")} and ${countText(event.calls, "call")} of the journal`;
    case "tools/joined":
      return `turn ${event.turn}: tools joined: ${event.tools.join(", ")}`;
    case "model/requested":
      return `turn ${event.turn}: asks the model`;
    case "model/retried":
      return `turn ${event.turn}: no answer, asks again in ${durationText(event.waitMs)}: ${clipped(event.problem, 100)}`;
    case "model/progress":
      return `turn ${event.turn}: ${countText(event.characters, "character")} have come`;
    case "model/replaced":
      return `turn ${event.turn}: ${event.by} stands in for ${event.model}: ${clipped(event.problem, 100)}`;
    case "model/responded": {
      const what = event.calls.length === 0 ? "the answer" : `calls ${event.calls.join(", ")}`;
      return `turn ${event.turn}: ${clipped(event.text, 80)} (${what}, ${durationText(event.milliseconds)})`;
    }
    case "tool/started":
      begun.set(event.call, JSON.stringify(event.arguments));
      return undefined;
    case "tool/finished": {
      const given = clipped(begun.get(event.call) ?? "", 60);
      return `  ${event.name} ${given} ${event.status}, ${durationText(event.milliseconds)}: ${clipped(event.text, 80)}`;
    }
    case "tool/suspended":
      return `  ${event.name} asks (${event.question.question})`;
    case "repair/requested":
      return `the answer does not fit and is asked for once more: ${clipped(event.problems, 100)}`;
    case "wrap-up/begun":
      return `a limit comes near: ${clipped(event.text, 100)}`;
    case "wrap-up/lifted":
      return "there is more room again";
    case "context/dropped":
      return `the context window fills: results of ${event.calls.length} calls are left out`;
    case "context/summary-failed": {
      const then =
        event.waitMs === undefined ? "a list of calls stands in" : `asks again in ${durationText(event.waitMs)}`;
      return `no summary of earlier turns, ${then}: ${clipped(event.problem, 100)}`;
    }
    case "context/summarised":
      return "the context window fills: earlier turns are summed up";
    default:
      return undefined;
  }
}
