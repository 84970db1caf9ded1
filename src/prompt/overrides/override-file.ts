/** The file of overrides: its data and its text. */
import { didYouMean, isJsonObject, type JsonObject, type JsonValue, parseJson } from "../../base/index.ts";
import { asciiJson } from "./ascii-json.ts";
import { objectIn } from "./override-entry.ts";
import type { OverrideId } from "./override-id.ts";
import { overridesInvalid, shown } from "./overrides-error.ts";

/**
 * The overrides of one prompt under one tag. Entries are kept as they stand in the file and looked at when they are held
 * against a template: one whose section is gone is nobody's mistake, whatever its form.
 */
export interface OverrideFile extends OverrideId {
  /** `{ expected_hash, body }` by the section's path, keys joined by dots. */
  readonly sections: JsonObject;
  /** `{ expected_contract_hash, description, param_descriptions }` by the tool's name. */
  readonly tools: JsonObject;
  /** Where it was read from, for errors. */
  readonly at: string;
}

/** The version that this release reads and writes. Version 1 is that of the Python library. */
const version = 2;
/** In UTF-16 units, and in bytes on disk. */
export const largestFile: number = 4 * 1024 * 1024;
const deepest = 16;
const fields = ["version", "ns", "prompt_key", "tag", "sections", "tools"];

/** Reads the text of a file. Throws `OVERRIDES_INVALID`, naming the place, unless it is one for this id. */
export function parseOverrideFile(text: string, id: OverrideId, at: string): OverrideFile {
  const parsed = parseJson(text, { maxLength: largestFile, maxDepth: deepest });
  if (!parsed.ok || !isJsonObject(parsed.value)) {
    throw overridesInvalid(at, [], {
      problem: parsed.ok ? "The file is not a file of overrides" : `The file is not JSON: ${parsed.problem}`,
      expected: "one JSON object",
      received: text === "" ? "an empty file" : shown(parsed.ok ? parsed.value : text),
      example: JSON.stringify({ version, ns: id.ns, prompt_key: id.key, tag: id.tag, sections: {}, tools: {} }),
    });
  }
  const file = parsed.value;
  checkVersion(file.version, at);
  for (const [name, expected] of [
    ["ns", id.ns],
    ["prompt_key", id.key],
    ["tag", id.tag],
  ] as const) {
    if (file[name] === expected) continue;
    throw overridesInvalid(at, [name], {
      problem: "The file is for another prompt or tag",
      expected: JSON.stringify(expected),
      received: shown(file[name]),
      fix: "Move the file to where it belongs, or correct its header.",
      example: `${JSON.stringify(name)}: ${JSON.stringify(expected)}`,
    });
  }
  for (const name of Object.keys(file)) {
    if (fields.includes(name)) continue;
    throw overridesInvalid(at, [name], {
      problem: "The file has a field that nobody reads",
      expected: fields.join(", "),
      received: shown(name),
      fix: didYouMean(name, fields) || "Take it away.",
      example: '"sections": {}',
    });
  }
  const { ns, key, tag } = id;
  return { ns, key, tag, sections: sectionsIn(file.sections, at), tools: entriesIn(file.tools, "tools", at), at };
}

/** Writes a file as text: sorted keys, two spaces, ASCII only, so that a change is a small difference to read. */
export function formatOverrideFile({ ns, key, tag, sections, tools }: OverrideFile): string {
  const paths = Object.entries(sections).map(([path, entry]): [string, JsonValue] => [
    path.replaceAll(".", "/"),
    entry,
  ]);
  return `${asciiJson({ version, ns, prompt_key: key, tag, sections: Object.fromEntries(paths), tools }, 2)}\n`;
}

function checkVersion(found: JsonValue | undefined, at: string): void {
  if (found === version) return;
  const later = typeof found === "number" && found > version;
  throw overridesInvalid(at, ["version"], {
    problem:
      found === 1
        ? "The file was written by the Python library, whose placeholders and hashes are others"
        : later
          ? "The file was written by a newer release"
          : "The version is none",
    expected: String(version),
    received: shown(found),
    fix: found === 1 ? "Seed anew, and bring the texts over." : later ? "Update the package." : undefined,
    example: `"version": ${version}`,
  });
}

function sectionsIn(value: JsonValue | undefined, at: string): JsonObject {
  const entries = Object.entries(entriesIn(value, "sections", at));
  for (const [path] of entries) {
    if (!path.includes(".")) continue;
    const right = path.replaceAll(".", "/");
    throw overridesInvalid(at, ["sections", path], {
      problem: "The path is not well formed",
      expected: 'the keys of sections, joined by "/"',
      received: shown(path),
      fix: `Write ${shown(right)}.`,
      example: `${shown(right)}: { … }`,
    });
  }
  return Object.fromEntries(entries.map(([path, entry]) => [path.replaceAll("/", "."), entry]));
}

/** Missing entries are none. */
const entriesIn = (value: JsonValue | undefined, name: string, at: string): JsonObject =>
  objectIn({ value: value ?? {}, file: at, place: [name] });
