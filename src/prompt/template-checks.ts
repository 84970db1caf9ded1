/** What must hold between the sections of a template. */
import { canonicalJson, inputJsonSchema, isJsonObject, type JsonValue, WinkError } from "../base/index.ts";
import type { Slice } from "../session/index.ts";
import type { SectionNode } from "./compiled-template.ts";
import { disclosureNames, readDroppedName } from "./disclosure.ts";

/** Refuses two tools of one name, and names that the library's own tools have where it offers them. */
export function checkTools(nodes: readonly SectionNode[], summaries: boolean, at: string): void {
  const seen = new Map<string, string>();
  for (const { section, path } of nodes) {
    for (const { name } of section.tools) {
      const isTaken = name === readDroppedName || (summaries && disclosureNames.includes(name));
      if (isTaken) {
        throw new WinkError("PROMPT_INVALID", {
          at: `${at}, section "${path}"`,
          problem: `A tool is called "${name}", which is what the library calls a tool of its own`,
          expected: "another name",
          received: JSON.stringify(name),
          fix: "Rename the tool.",
          example: `tool({ name: ${JSON.stringify(`my_${name}`)}, … })`,
          details: { tool: name, section: path },
        });
      }
      const known = seen.get(name);
      if (known !== undefined) {
        throw new WinkError("PROMPT_INVALID", {
          at,
          problem: `Two tools are called "${name}", in sections "${known}" and "${path}"`,
          expected: "one tool a name",
          received: `${JSON.stringify(name)} twice`,
          fix: "Rename one of the two, or bring the tool in one section only.",
          example: `tool({ name: ${JSON.stringify(`${name}_2`.slice(-64))}, … })`,
          details: { tool: name, sections: [known, path] },
        });
      }
      seen.set(name, path);
    }
  }
}

/** Refuses two slice objects of one name. */
export function checkSlices(nodes: readonly SectionNode[], at: string): void {
  const seen = new Map<string, { readonly slice: Slice; readonly path: string }>();
  for (const { section, path } of nodes) {
    for (const slice of section.slices) {
      const known = seen.get(slice.name);
      if (known !== undefined && known.slice !== slice) {
        throw new WinkError("SLICE_CONFLICT", {
          at,
          problem: `Sections "${known.path}" and "${path}" bring different slices called "${slice.name}"`,
          expected: "one slice object a name",
          received: `two objects called ${JSON.stringify(slice.name)}`,
          fix: "Share one slice object, or rename one of the two.",
          example: `export const shared = slice({ name: ${JSON.stringify(slice.name)}, … }), imported by both`,
          details: { slice: slice.name, sections: [known.path, path] },
        });
      }
      seen.set(slice.name, { slice, path });
    }
  }
}

/** Refuses one param with two schemas. */
export function checkParams(nodes: readonly SectionNode[], at: string): void {
  const seen = new Map<string, { readonly schema: string; readonly path: string }>();
  for (const { section, path } of nodes) {
    if (section.params === undefined) continue;
    const { properties, $defs } = inputJsonSchema(section.params);
    if (!isJsonObject(properties)) continue;
    for (const [name, property] of Object.entries(properties)) {
      const schema = comparable(property, $defs);
      const known = seen.get(name);
      if (known !== undefined && known.schema !== schema) {
        throw new WinkError("PROMPT_INVALID", {
          at,
          problem: `The param "${name}" has different schemas in sections "${known.path}" and "${path}"`,
          expected: known.schema,
          received: schema,
          fix: "Share one schema, or use two names.",
          example: `const ${/^[A-Za-z_]\w*$/.test(name) ? name : "shared"} = z.string(), used by both sections`,
          details: { param: name, sections: [known.path, path] },
        });
      }
      seen.set(name, { schema, path });
    }
  }
}

/** What a property accepts, as text: notes for readers and defaults may differ, since `bind` gives each section its own. */
function comparable(property: JsonValue, definitions: JsonValue | undefined): string {
  if (!isJsonObject(property)) return canonicalJson(property);
  const { title: _title, description: _description, examples: _examples, default: _default, ...accepts } = property;
  const text = canonicalJson(accepts);
  return definitions !== undefined && text.includes('"$ref"') ? `${text} with ${canonicalJson(definitions)}` : text;
}
