import { overridesInvalid, shown } from "./overrides-error.ts";

/** Names one file of overrides: of which prompt, and which of its variants. */
export interface OverrideId {
  readonly ns: string;
  readonly key: string;
  /** `latest` for the one that runs use unless told, `stable`, or the name of an experiment. */
  readonly tag: string;
}

/** The id in words. */
export const idText = ({ ns, key, tag }: OverrideId): string => `overrides "${tag}" of prompt "${ns}:${key}"`;

/** The order of ids in lists. */
export function compareIds(a: OverrideId, b: OverrideId): number {
  const [left, right] = [a, b].map(({ ns, key, tag }) => `${ns}\n${key}\n${tag}`);
  return (left ?? "") < (right ?? "") ? -1 : 1;
}

/** Tells whether a text can be a key, a tag or a part of a namespace: the rule of `definePrompt`, and no name of a file. */
export const isSegment = (text: unknown): boolean =>
  typeof text === "string" && /^[a-z0-9][a-z0-9._-]{0,63}$/.test(text) && !text.endsWith(".json");

/** Throws `OVERRIDES_INVALID` unless the parts of an id can stand in the path of a file. */
export function checkId(id: OverrideId): void {
  for (const part of ["ns", "key", "tag"] as const) {
    const value: unknown = id[part];
    const segments = part === "ns" && typeof value === "string" ? value.split("/") : [value];
    if (segments.every(isSegment)) continue;
    const example = { ns: "webapp/agents", key: "code-review", tag: "latest" }[part];
    throw overridesInvalid("overrides", [], {
      problem: `\`${part}\` is not well formed`,
      expected: `1 to 64 of a-z, 0-9, ".", "_" and "-", beginning with a letter or digit${part === "ns" ? '; several such parts are joined by "/"' : ""}`,
      received: shown(value),
      fix: "Write the name as the prompt's definition does.",
      example: `${part}: ${JSON.stringify(example)}`,
      details: { part },
    });
  }
}
