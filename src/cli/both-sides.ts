/** Where a replay parts from its journal, for people: what is recorded with `-`, what comes now with `+`. */
import { isJsonObject, type JsonValue, type WinkError } from "../base/index.ts";
import { lineDiff } from "./line-diff.ts";

/** In longer lines nobody would see where they part: then only what stands around that place is shown. */
const longestLine = 300;

/** Writes both sides of a `REPLAY_DIVERGED`. */
export function bothSides({ parts, details }: WinkError): string {
  const { recorded = null, now = null } = details;
  const [before, after] = [textOf(recorded), textOf(now)];
  const isReadable = `${before}\n${after}`.split("\n").every((line) => line.length <= longestLine);
  if (before !== after && isReadable) return lineDiff(before, after);
  if (parts.expected !== parts.received) return lineDiff(parts.expected ?? "", parts.received ?? "");
  return "Both sides read the same: the journal was edited, or what differs is a secret that is not shown.\n";
}

/** The text of a message, or of what stands there otherwise. */
function textOf(value: JsonValue): string {
  if (value === null) return "(nothing)";
  if (typeof value === "string") return value;
  const content = isJsonObject(value) && Array.isArray(value.content) ? value.content : undefined;
  const texts = content?.map((part) => (isJsonObject(part) && part.type === "text" ? part.text : undefined));
  return texts?.every((text) => typeof text === "string") ? texts.join("\n") : JSON.stringify(value, null, 2);
}
