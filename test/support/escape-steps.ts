/** Random calls of the methods of a filesystem with paths that try to get out, and what they give, as text. */
import fc from "fast-check";
import type { Filesystem } from "../../src/files/index.ts";
import { historyNames } from "./escape-world.ts";

/** One call. `VAULT` in its paths stands for the path of the vault. */
export interface EscapeStep {
  readonly method: keyof typeof methods;
  readonly path: string;
  readonly other: string;
}

/** Runs a call, and gives all that it tells. */
export async function runStep(
  fs: Partial<Filesystem>,
  { method, path, other }: EscapeStep,
  vault: string,
): Promise<string> {
  const [at, to] = [path.replace("VAULT", vault), other.replace("VAULT", vault)];
  const told = await methods[method](fs, at, to);
  return told instanceof Uint8Array ? Buffer.from(told).toString("latin1") : (JSON.stringify(told) ?? "");
}

type Method = (fs: Partial<Filesystem>, path: string, other: string) => Promise<unknown>;

const bytes = Buffer.from("written");

const reading = {
  readText: async (fs, path) => await fs.readText?.(path),
  readBytes: async (fs, path) => await fs.readBytes?.(path),
  stat: async (fs, path) => await fs.stat?.(path),
  list: async (fs, path) => await fs.list?.(path),
  glob: async (fs, path) => await fs.glob?.("**", { path }),
  "glob for a path": async (fs, path) => await fs.glob?.(path),
  grep: async (fs, path) => await fs.grep?.(".", { path, context: 1 }),
  async readStream(fs, path) {
    const pieces: Uint8Array[] = [];
    for await (const piece of fs.readStream?.(path) ?? []) pieces.push(piece);
    return Buffer.concat(pieces);
  },
} satisfies Record<string, Method>;

const writing = {
  writeText: async (fs, path) => await fs.writeText?.(path, "written"),
  append: async (fs, path) => await fs.writeText?.(path, "more", { mode: "append" }),
  create: async (fs, path) => await fs.writeText?.(path, "new", { mode: "create" }),
  writeBytes: async (fs, path) => await fs.writeBytes?.(path, bytes),
  writeStream: async (fs, path) => await fs.writeStream?.(path, [bytes, bytes]),
  async editText(fs, path) {
    let seen = "";
    await fs.editText?.(path, (text) => {
      seen = text;
      return `${text} edited`;
    });
    return seen;
  },
  makeDirectory: async (fs, path) => await fs.makeDirectory?.(path),
  move: async (fs, path, other) => await fs.move?.(path, other),
  remove: async (fs, path) => await fs.remove?.(path),
  "remove all": async (fs, path) => await fs.remove?.(path, { recursive: true }),
  async "take back"(fs, path, other) {
    const before = await fs.snapshot?.();
    if (before === undefined) return undefined;
    const tries = [() => fs.writeText?.(path, "1"), () => fs.remove?.(other, { recursive: true })];
    for (const attempt of tries) await attempt()?.catch(() => undefined);
    const changes = await fs.changes?.(before);
    await fs.restore?.(before);
    return changes;
  },
} satisfies Record<string, Method>;

const capturing = {
  async capture(fs, path) {
    const before = await fs.snapshot?.();
    await fs.changedOutside?.();
    await fs.writeText?.(path, "1").catch(() => undefined);
    if (before !== undefined) await fs.restore?.(before);
    return before === undefined ? undefined : await fs.changes?.(before);
  },
} satisfies Record<string, Method>;

const methods = { ...reading, ...writing, ...capturing };

const namesOf = <Key extends string>(of: Record<Key, unknown>): Key[] => Object.keys(of) as Key[]; // as: own keys of a literal

const usual = ["a", "b", "d", "e", "a", "b", "d", "e", "key", "new", "deep", "vault"];
const hostile = [
  ...[
    "..",
    ".",
    "",
    "...",
    "\u2025",
    "\uFF0E\uFF0E",
    "..%2f..%2fvault",
    "%2e%2e",
    "%00",
    "..\\vault\\key",
    "\\",
    "C:",
    "~",
  ],
  ...[
    "a\0",
    "key\n",
    "\uD800",
    " a",
    "a ",
    "a.",
    "A",
    "\u202Ea",
    "*",
    "$HOME",
    "x".repeat(81),
    "ﬁ",
    "e\u0301",
    ".wink-1-1",
  ],
  ...historyNames.flatMap((name) => [name, `${name}/config`]),
  ...["/".repeat(300), "../".repeat(40), "d/".repeat(20), "VAULT", "VAULT/key", "../vault/key"],
];
const path = fc
  .tuple(
    fc.constantFrom("", "", "", "/", "./", "../", "//"),
    fc.array(
      fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(...usual) },
        { weight: 1, arbitrary: fc.constantFrom(...hostile) },
        { weight: 1, arbitrary: fc.string({ maxLength: 4, unit: "binary" }) },
      ),
      { maxLength: 3 },
    ),
  )
  .map(([before, parts]) => before + parts.join("/"));

const stepOf = (of: readonly EscapeStep["method"][]): fc.Arbitrary<EscapeStep> =>
  fc.record({ method: fc.constantFrom(...of), path, other: path });

/** Random calls that only read. */
export const readingSteps: fc.Arbitrary<EscapeStep[]> = fc.array(stepOf(namesOf(reading)), {
  minLength: 1,
  maxLength: 4,
});

/** Random calls of all methods; captures are rare, because each one starts a program. */
export const allSteps: fc.Arbitrary<EscapeStep[]> = fc.array(
  fc.oneof(
    { weight: 200, arbitrary: stepOf(namesOf({ ...reading, ...writing })) },
    { weight: 1, arbitrary: stepOf(namesOf(capturing)) },
  ),
  { minLength: 1, maxLength: 4 },
);
