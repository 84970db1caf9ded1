/**
 * Changes the files of a host folder as fast as it can until it is killed; without arguments it only ends. Before each round it
 * takes a snapshot, writes down what the folder holds, and tells the number of the round on its standard output. Arguments: the
 * folder, the state, the folder of the notes, the first round. With WINK_FAULT=change-first it breaks the promise that it is
 * there to test: what is changed is kept in the history only after it was changed.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { WinkError } from "../../src/base/index.ts";
import { type HostFilesystem, hostFiles } from "../../src/files/host/host-files.ts";
import { Keeper } from "../../src/files/host/keeper.ts";
import { randomFrom, tell } from "./crash.ts";
import { shownFolder } from "./shown-folder.ts";

/** What a round has found at its beginning. */
export interface RoundNote {
  readonly snapshot: string;
  readonly content: readonly string[];
}

const [root = "", state = "", notes = "", first = "0"] = process.argv.slice(2);
if (root === "") process.exit();
if (process.env.WINK_FAULT === "change-first") keepLate();

const fs = await hostFiles({ root, state });
const random = randomFrom(Number(first));
const names = ["a", "b", "c", "d"];
const anyOf = (of: readonly string[]): string => of[Math.floor(random() * of.length)] ?? "";
const anyPath = (): string =>
  [anyOf(names), anyOf(names), anyOf(names)].slice(0, 1 + Math.floor(random() * 3)).join("/");
const text = (): string => `${random()}`.repeat(random() < 0.2 ? 20_000 : 3);

const changes: readonly ((path: string) => Promise<void>)[] = [
  (path) => fs.writeText(path, text()),
  (path) => fs.writeText(path, text(), { mode: "append" }),
  (path) => fs.writeStream(path, [Buffer.from(text()), Buffer.from(text())]),
  (path) => fs.move(path, anyPath()),
  (path) => fs.remove(path, { recursive: true }),
  (path) => fs.makeDirectory(path),
];

for (let round = Number(first); ; round++) {
  const snapshot = await fs.snapshot();
  writeFileSync(join(notes, `${round}`), JSON.stringify({ snapshot: snapshot.id, content: shownFolder(root) }));
  tell(round);
  if (round % 8 === 7) await changeByOthers(fs);
  for (let change = 0; change < 12; change++) {
    await changes[Math.floor(random() * changes.length)]?.(anyPath()).catch(ignoreRefusal);
  }
  if (round % 3 === 2) await fs.restore(snapshot);
}

async function changeByOthers(files: HostFilesystem): Promise<void> {
  await files.changedOutside();
  for (const name of names) {
    try {
      writeFileSync(join(root, name), text());
    } catch {
      // a directory is in the way
    }
  }
}

/** Something is in the way of a random change. */
function ignoreRefusal(error: unknown): void {
  if (!WinkError.is(error) || error.code === "FILE_FAILED") throw error;
}

function keepLate(): void {
  const { add } = Keeper.prototype;
  let late: (() => void)[] = [];
  const flush = (): void => {
    const now = late;
    late = [];
    for (const each of now) each();
  };
  Keeper.prototype.add = function (entry) {
    if (entry.type !== "touched") {
      flush();
      add.call(this, entry);
      return;
    }
    late.push(() => add.call(this, entry));
    setImmediate(flush);
  };
}
