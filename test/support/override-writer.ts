/**
 * Counts in one file of overrides, at sections of its own, and writes how many times it did so to its standard output.
 * Arguments: the root, the prefix of its sections, and how many times (for ever, until it is killed, when that is 0).
 * WINK_FAULT breaks what it is there to test: `no-lock` reads and writes without the store, `in-place` does not replace the
 * file but writes into it.
 */
import { mkdirSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { localOverrides } from "../../src/prompt/overrides/local-overrides.ts"; // and not the index: it starts sooner
import { formatOverrideFile } from "../../src/prompt/overrides/override-file.ts";
import { counted, countedId } from "./counted-override.ts";

const [root = "", prefix = "", times = "0"] = process.argv.slice(2);
const fault = process.env.WINK_FAULT ?? "";
const store = localOverrides({ root });

async function writeOnce(path: string): Promise<void> {
  if (fault === "") {
    await store.update(countedId, (file) => counted(file, path));
    return;
  }
  const text = formatOverrideFile(counted(await store.load(countedId), path));
  const target = join(root, ".weakincentives/prompts/overrides/deep/counted/latest.json");
  mkdirSync(dirname(target), { recursive: true });
  await sleep(1);
  if (fault === "in-place") {
    const half = text.slice(0, text.length / 2);
    writeFileSync(target, half);
    await sleep(1);
    writeFileSync(target, text.slice(half.length), { flag: "a" });
  } else {
    const temporary = join(root, `${prefix}.tmp`);
    writeFileSync(temporary, text);
    renameSync(temporary, target);
  }
}

/** A pipe that is full says so instead of waiting. */
function tell(count: number): void {
  for (;;) {
    try {
      writeSync(1, `${count}\n`);
      return;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
    }
  }
}

for (let count = 1; times === "0" || count <= Number(times); count++) {
  await writeOnce(`${prefix}-${count % 5}`);
  tell(count);
}
