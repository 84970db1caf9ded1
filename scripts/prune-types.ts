import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const reference = /\b(import|export)(?: type)? \{([^}]*)\} from "(\.[^"]+)";/g;
const everything = /(?:export \*(?: as \w+)?|import \* as \w+) from "(\.[^"]+)"|import\("(\.[^"]+)"\)/g;

/**
 * Removes the declarations of a folder to which no name leads from its entries: what is only inside needs none. An entry gives
 * all that it exports; any other file gives what is asked of it, and passes nothing else on.
 */
export function pruneTypes(folder: string, entries: readonly string[]): void {
  /** What is asked of each file; `*` is all of it. */
  const asked = new Map<string, Set<string>>();
  const ask = (file: string, names: readonly string[]): void => {
    const known = asked.get(file) ?? new Set();
    const isMore = !asked.has(file) || names.some((name) => !known.has(name));
    for (const name of names) known.add(name);
    asked.set(file, known);
    if (isMore) askFurther(file, known);
  };
  const askFurther = (file: string, names: ReadonlySet<string>): void => {
    const text = readFileSync(file, "utf8");
    for (const [, kind, list = "", from = ""] of text.matchAll(reference)) {
      const wanted = namesIn(list).filter(({ to }) => kind === "import" || names.has("*") || names.has(to));
      if (wanted.length > 0)
        askIfThere(
          file,
          from,
          wanted.map(({ name }) => name),
        );
    }
    for (const [, all, inline] of text.matchAll(everything)) askIfThere(file, all ?? inline ?? "", ["*"]);
  };
  const askIfThere = (file: string, from: string, names: readonly string[]): void => {
    const declared = join(dirname(file), from.replace(/\.[jt]s$/, ".d.ts"));
    if (existsSync(declared)) ask(declared, names);
  };
  for (const entry of entries) ask(entry, ["*"]);
  for (const name of globSync("**/*.d.ts", { cwd: folder })) {
    const file = join(folder, name);
    const names = asked.get(file);
    if (names === undefined) rmSync(file);
    else if (!names.has("*")) writeFileSync(file, passingOnly(readFileSync(file, "utf8"), names));
  }
}

/** A file that passes on only what is asked of it. */
function passingOnly(text: string, names: ReadonlySet<string>): string {
  return text.replace(reference, (statement, kind: string, list: string) => {
    if (kind === "import") return statement;
    const wanted = namesIn(list).filter(({ to }) => names.has(to));
    return wanted.length === 0 ? "" : statement.replace(list, ` ${wanted.map(({ text }) => text).join(", ")} `);
  });
}

/** The names of a list like `a, type B, c as d`: what each is in the other file, here, and as it is written. */
function namesIn(list: string): readonly { readonly name: string; readonly to: string; readonly text: string }[] {
  return list
    .split(",")
    .map((text) => text.trim())
    .filter((text) => text !== "")
    .map((text) => {
      const [name = "", to = name] = text.replace(/^type /, "").split(/\s+as\s+/);
      return { name, to, text };
    });
}
