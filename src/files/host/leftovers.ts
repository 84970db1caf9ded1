/** The names of files that are being written, and what is left of them when a process was killed. */
import { readdirSync, unlinkSync } from "node:fs";
import { systemCode } from "../../base/index.ts";
import { ownPrefix } from "./host-open.ts";
import { type Places, parentOf } from "./places.ts";

/** The name under which a process writes a file before it stands at its place; `number` is one that it uses once. */
export const draftName = (number: number, process: number): string => `${ownPrefix}${number}-${process}`;

const processIn = (name: string): number | undefined => {
  const [, process] = name.startsWith(ownPrefix) ? (/^\d+-(\d+)$/.exec(name.slice(ownPrefix.length)) ?? []) : [];
  return process === undefined ? undefined : Number(process);
};

/**
 * Removes what killed processes have left beside these paths. Nothing may be written through us meanwhile. What cannot be
 * removed stays: it is not part of the files.
 */
export function removeLeftovers(places: Places, paths: Iterable<string>): void {
  for (const directory of new Set(Array.from(paths, parentOf))) {
    try {
      using opened = places.open(directory);
      if (opened === undefined) continue;
      for (const name of readdirSync(opened.at(""))) {
        const writer = processIn(name);
        if (writer !== undefined && !isOther(writer)) unlinkSync(opened.at(name));
      }
    } catch {
      // as said above
    }
  }
}

/** Whether another process of this number is alive. */
function isOther(number: number): boolean {
  if (number === process.pid) return false;
  try {
    process.kill(number, 0); // asks only
    return true;
  } catch (error) {
    return systemCode(error) === "EPERM";
  }
}
