/** A tree of made-up program texts, the same in every run. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const words =
  "const return function value index length string number import export default class private readonly await async options result error message path file line text match search pattern name type interface extends implements undefined null true false this new throw if else for while switch case break continue session event slice reducer prompt section tool handler model request response journal entry turn budget ledger token".split(
    " ",
  );
const endings = ["ts", "ts", "ts", "js", "md", "json"];
const folders = ["src", "test", "lib"];

/** A line that stands once in every so many files. */
const rare: readonly (readonly [every: number, line: string])[] = [
  [50, "here the needle stands, and compileGlob(pattern) is called; return value + 1;"],
  [60, "call 555-1234 now"],
  [70, "foobar(1)"],
  [80, "MAXIMUM"],
  [90, "one two three four five six seven eight status=503"],
  [100, ""],
];

/** Texts by path: so many files of about so many characters. */
export function sourceTree(files: number, characters: number): Record<string, string> {
  let seed = 1;
  const upTo = (end: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % end;
  };
  const pick = (list: readonly string[]): string => list[upTo(list.length)] ?? "";
  const wordWithSigns = (): string => {
    const word = pick(words);
    const shape = upTo(12);
    if (shape < 6) return `${word} `;
    return (
      [`${word}(${upTo(100)}) `, `${word}: `, `${word} = `, `"${word}", `, `${word}.`, `${word}; `][shape - 6] ?? ""
    );
  };
  const tree: Record<string, string> = {};
  for (let file = 0; file < files; file++) {
    const lines: string[] = [];
    for (let length = 0; length < characters; ) {
      const found = rare.find(([every], place) => file % every === 0 && lines.length === 20 + place);
      const line = found?.[1] ?? "  ".repeat(upTo(4)) + Array.from({ length: 3 + upTo(7) }, wordWithSigns).join("");
      lines.push(line);
      length += line.length + 1;
    }
    const top = upTo(8) === 0 ? "src" : `package${upTo(20)}/${pick(folders)}`;
    const name = file % 12 === 0 ? `a${file}b${upTo(100)}c` : `file${file}`;
    tree[`${top}/part${upTo(30)}/${name}.${pick(endings)}`] = `${lines.join("\n")}\n`;
  }
  return tree;
}

/** Writes texts below a folder. */
export function writeTree(root: string, tree: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
