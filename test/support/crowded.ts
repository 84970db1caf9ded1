/**
 * Has a host folder captured while this process may open no more files than those that reading needs, and again when it may.
 * Prints what came of each. Started with a low limit of open files, and with the folder.
 */
import { closeSync, openSync } from "node:fs";
import { hostFiles } from "../../src/files/host/host-files.ts";

const [root = ""] = process.argv.slice(2);
await using fs = await hostFiles({ root });
await fs.snapshot();
const open: number[] = [];
try {
  for (;;) open.push(openSync(root, "r"));
} catch {
  for (const file of open.splice(0, 4)) closeSync(file); // a program needs more for its pipes
}
console.log(
  await fs.changedOutside().then(
    () => "captured",
    (error: unknown) => String(error),
  ),
);
for (const file of open) closeSync(file);
await fs.changedOutside();
console.log("captured");
