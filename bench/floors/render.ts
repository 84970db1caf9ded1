/** Floor of rendering: sections cut into static and variable parts beforehand, then nothing but concatenation. */
export interface FloorSection {
  readonly heading: string;
  readonly parts: readonly string[];
}

const filler =
  "Follow the rules of this section with care, and read every line before you act on the task that it describes. ".repeat(
    2,
  );

/** The text of section i in our placeholder syntax: about 300 characters and three placeholders. */
export const bodyOf = (i: number): string =>
  `You work on {{subject${i}}}. ${filler}Limit yourself to {{limit${i}}} items, and report to {{owner${i}}}.`;

export const compile = (count: number): FloorSection[] =>
  Array.from({ length: count }, (_, i) => ({
    heading: `## ${i + 1}. Section ${i + 1} (section-${i + 1})`,
    parts: bodyOf(i).split(/\{\{|\}\}/),
  }));

export function render(sections: readonly FloorSection[], params: Readonly<Record<string, string | number>>): string {
  const out: string[] = [];
  for (const { heading, parts } of sections) {
    let text = `${heading}\n\n`;
    for (let j = 0; j < parts.length; j++) text += j & 1 ? params[parts[j] as string] : parts[j];
    out.push(text);
  }
  return out.join("\n\n");
}

export const paramsOf = (count: number): Record<string, string | number> =>
  Object.fromEntries(
    Array.from(
      { length: count },
      (_, i) =>
        [
          [`subject${i}`, `topic-${i}`],
          [`limit${i}`, i % 17],
          [`owner${i}`, `team-${i % 5}`],
        ] as const,
    ).flat(),
  );
