import manifest from "../../package.json" with { type: "json" };
import type { House } from "./architecture.ts";

/** The source files behind the package's entries, from its exports map: the one list of them. */
export const entries: ReadonlyMap<string, string> = new Map(
  Object.entries(manifest.exports).flatMap(([name, target]) =>
    typeof target === "string" ? [] : [[name, target.source.replace("./", "")] as const],
  ),
);

/** The order of the folders and the rules that go with it. A change here is a change of architecture. */
export const house: House = {
  order:
    "base < telemetry < limits < session < resources < files < tool < policy < prompt < model < journal < run < adapter" +
    " < workspace, mailbox < loop < evals < optimize < debug < cli",
  above: "testing",
  entries: [...entries.values()],
  packages: {
    // Types name only our own Schema; whoever brings schemas of its own may write them with Zod.
    zod: { within: ["src/workspace/", "src/testing/"], loaded: "statically" },
    // Children get no environment but that of `childEnv`, so one file starts them.
    "node:child_process": { within: ["src/base/start-child.ts"], loaded: "statically" },
    "node:cluster": { within: [], loaded: "statically" },
    // Loaded on the first grep: nobody pays for it at import.
    re2js: { within: ["src/files/"], loaded: "lazily" },
    // Only the command reads a command line, and loads the files that its user names.
    commander: { within: ["src/cli/"], loaded: "statically" },
    "(computed)": { within: ["src/cli/load-export.ts"], loaded: "lazily" },
    // The user's own dependency, imported only by who asks for it by name.
    openai: { within: ["src/adapter/auto.ts"], loaded: "lazily" },
    "@anthropic-ai/sdk": { within: ["src/adapter/auto.ts"], loaded: "lazily" },
  },
  sourceLines: 400,
  testLines: 1_000,
  longFiles: {},
};
