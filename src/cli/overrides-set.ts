/** `wink overrides set`: puts one text into the file. */
import { WinkError } from "../base/index.ts";
import { type OverrideChange, setOverrides } from "../prompt/index.ts";
import { type Io, report } from "./io.ts";
import { type OverridesOptions, openOverrides } from "./overrides-store.ts";
import { readText } from "./read-text.ts";
import { shownPath } from "./shown-path.ts";

/** The options of the command; the command line lets no others stand together. */
export interface OverridesSetOptions extends OverridesOptions {
  readonly section?: string;
  readonly body?: string;
  /** The path of a file, or `-` for standard input. */
  readonly bodyFile?: string;
  readonly tool?: string;
  readonly description?: string;
  /** `NAME=TEXT` each. */
  readonly param?: readonly string[];
}

/** Runs the command. Throws `INPUT_INVALID` for an unknown name, `OVERRIDES_INVALID` for a text that would not apply. */
export async function overridesSet(address: string, options: OverridesSetOptions, io: Io): Promise<number> {
  const change = await changeOf(options, io);
  const { template, store } = await openOverrides(address, options, io);
  const { at } = await setOverrides({ compiled: template }, [change], { store, tag: options.tag }).catch((error) => {
    throw asUsage(error);
  });
  const what = "section" in change ? { section: change.section } : { tool: change.tool };
  const text = "section" in change ? `section "${change.section}"` : `tool "${change.tool}"`;
  const data = { prompt: template.name, tag: options.tag, file: at, ...what };
  report(io, options.json, data, `Set the override of ${text}: ${shownPath(at, io.cwd)}\n`);
  return 0;
}

/** The same error; a name that the prompt does not have is wrong usage here. */
function asUsage(thrown: unknown): unknown {
  if (!WinkError.is(thrown, "OVERRIDES_INVALID")) return thrown;
  const { parts, details } = thrown;
  if (details.kind !== "unknown" && details.kind !== "unknown-param") return thrown;
  // its example is a line of code
  return new WinkError("INPUT_INVALID", { ...parts, example: undefined, details, cause: thrown });
}

async function changeOf(options: OverridesSetOptions, io: Io): Promise<OverrideChange> {
  const { section, body, bodyFile, tool, description, param } = options;
  if (section !== undefined) {
    if (body !== undefined) return { section, body };
    if (bodyFile !== undefined) {
      const text = bodyFile === "-" ? await io.readInput() : readText(bodyFile, io.cwd, `--body-file ${bodyFile}`);
      return { section, body: text.replace(/\r?\n$/, "") }; // editors and `echo` end the last line as well
    }
    throw unsaid(
      "--section",
      "--body TEXT, or --body-file with a path or -",
      '--section style --body "Short functions."',
    );
  }
  if (tool !== undefined) {
    if (description !== undefined || param !== undefined) return { tool, description, params: paramsOf(param ?? []) };
    throw unsaid(
      "--tool",
      "--description TEXT or --param NAME=TEXT",
      '--tool search --description "Search all files."',
    );
  }
  throw unsaid("set", "--section PATH or --tool NAME", '--section style --body "Short functions."');
}

function unsaid(at: string, expected: string, example: string): WinkError {
  return new WinkError("INPUT_INVALID", {
    at,
    problem: "It is not said what to set",
    expected,
    received: "neither",
    example,
    fix: "",
  });
}

function paramsOf(given: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    given.map((text) => {
      const [, name, description] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
      if (name !== undefined && description !== undefined) return [name, description];
      throw new WinkError("INPUT_INVALID", {
        at: "--param",
        problem: "The option has no name",
        expected: "NAME=TEXT",
        received: JSON.stringify(text),
        example: '--param path="relative to the root"',
      });
    }),
  );
}
