/** The real `rg` on files on disk: every line that matches, with its number and the place of its first match. */
import { spawn } from "node:child_process";
import { once } from "node:events";

/** No ignore rules, hidden files too, no settings of the machine; as many threads as it likes, files in any order. */
const flags = ["--no-config", "-uu", "--no-heading", "--line-number", "--column", "--color=never"];

/** How many lines of the files below a folder `rg` finds. */
export async function rg(folder: string, pattern: string): Promise<number> {
  const args = [...flags, "-e", pattern, folder];
  const program = spawn("rg", args, { stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(program, "close");
  let lines = 0;
  for await (const piece of program.stdout) {
    for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) lines += 1;
  }
  const [code] = await closed;
  if (code !== 0 && code !== 1) throw new Error(`rg ended with ${code}`);
  return lines;
}
