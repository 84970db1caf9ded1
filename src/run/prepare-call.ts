/** The first checks of a tool call: may it still begin, is there such a tool, are its arguments JSON, do they fit. What is wrong is told to the model. */
import {
  didYouMean,
  type JsonObject,
  messageFrom,
  type Parsed,
  parse,
  parseJson,
  problemsText,
} from "../base/index.ts";
import type { ToolCallPart } from "../model/index.ts";
import { closedTool } from "../prompt/index.ts";
import type { Tool } from "../tool/index.ts";
import type { Frame } from "./frame.ts";
import type { Mishap } from "./run-log.ts";

/** What the model is offered, and what it might be. */
type Offer = Pick<Frame, "tools" | "prompt" | "rendered" | "wrapUp">;

/** A call whose handler may run. */
export interface PreparedCall {
  readonly tool: Tool;
  /** The arguments as they came. */
  readonly given: JsonObject;
  /** What the tool's schema made of them. */
  readonly params: unknown;
  /** The same made anew, for an `undo` whose handler may have changed the first. */
  readonly paramsAgain: () => unknown;
}

/** A call that may run, or a sentence for the model that says why not. */
export type Preparation =
  | { readonly ok: true; readonly call: PreparedCall }
  | {
      readonly ok: false;
      readonly text: string;
      /** `misfit` unless the run is what refuses it. */
      readonly mishap?: Mishap;
    };

/** Prepares a call. Texts of the model are cut where they are quoted, so that nothing of any size comes back. */
export function prepareCall({ tools, prompt, rendered, wrapUp }: Offer, part: ToolCallPart): Preparation {
  const tool = tools.get(part.name);
  const refusal = wrapUp.refusal(tool ?? { name: part.name, costly: false });
  if (refusal !== undefined) return { ok: false, text: refusal };
  if (tool === undefined) {
    const closed = closedTool(prompt, rendered.answers, part.name);
    return misfit(closed ?? unknownTool(part.name, [...tools.keys()]));
  }
  const read = readArguments(part.arguments);
  if (typeof read === "string") return misfit(`The arguments of ${tool.name} ${read}`);
  const checked = parseParams(tool, read);
  if (checked.ok) {
    const paramsAgain = (): unknown => {
      const again = readArguments(part.arguments);
      const parsed = typeof again === "string" ? undefined : parseParams(tool, again);
      return parsed?.ok ? parsed.value : checked.value;
    };
    return { ok: true, call: { tool, given: read, params: checked.value, paramsAgain } };
  }
  const problems = messageFrom(problemsText(checked.problems), 1_000);
  const received = messageFrom(part.arguments, 300);
  return misfit(
    `The arguments of ${tool.name} do not fit: ${problems}. Received ${received}. Correct them and call again.`,
  );
}

const misfit = (text: string): Preparation => ({ ok: false, text, mishap: { how: "misfit" } });

function unknownTool(name: string, names: readonly string[]): string {
  const known = names.length === 0 ? "There are no tools." : `The tools are: ${names.join(", ")}.`;
  return [`There is no tool ${JSON.stringify(messageFrom(name, 100))}.`, didYouMean(name, names), known]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

/** The arguments as an object, or what is wrong with them. */
function readArguments(text: string): JsonObject | string {
  const parsed = parseJson(text.trim() === "" ? "{}" : text);
  if (!parsed.ok) return `are not JSON: ${parsed.problem}. Send one JSON object.`;
  const { value } = parsed;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject; // as: a list was just excluded
  return `must be one JSON object. Received ${messageFrom(text, 200)}`;
}

/** A schema whose own functions throw refuses the call like any other: the run can go on. */
function parseParams({ name, params }: Tool, given: JsonObject): Parsed<unknown> {
  if (params === undefined) {
    const extra = Object.keys(given);
    if (extra.length === 0) return { ok: true, value: {} };
    const keys = extra.slice(0, 5).map((key) => messageFrom(key, 50));
    return { ok: false, problems: [{ path: "", message: `${name} takes no arguments, and got ${keys.join(", ")}` }] };
  }
  try {
    return parse(params, given);
  } catch (error) {
    return { ok: false, problems: [{ path: "", message: messageFrom(error) }] };
  }
}
