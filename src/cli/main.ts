#!/usr/bin/env node
/** The program `wink`. It imports the rest only where Node is new enough: an older one refuses what that imports. */
import { readFileSync } from "node:fs";
import { nodeProblem } from "./node-version.ts";

const problem = nodeProblem(process.versions.node);
if (problem === undefined) {
  const { runProgram } = await import("./program.ts");
  const manifest: { readonly version: string } = JSON.parse(
    readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
  );
  runProgram(manifest.version);
} else {
  process.stderr.write(`wink: ${problem}\n`);
  process.exitCode = 1;
}
