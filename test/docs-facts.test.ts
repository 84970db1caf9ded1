/** What documents say about the code, compared with the code. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { errorsDocument } from "./support/errors-document.ts";
import { entries, house } from "./support/house.ts";
import { linksIn, tableRows } from "./support/markdown.ts";
import { apiFile } from "./support/public-api.ts";
import { securityLists } from "./support/security-lists.ts";
import { resolveImport, root } from "./support/source-tree.ts";

const read = (path: string): string => readFileSync(join(root, path), "utf8");

test("docs/errors.md is what `npm run docs:errors` writes", () => {
  expect(read("docs/errors.md")).toBe(errorsDocument());
});

test.each(Object.entries(securityLists))("SECURITY.md has the list of %s that the code has", (_name, list) => {
  expect(read("SECURITY.md")).toContain(list);
});

describe("docs/dependencies.md", () => {
  const text = read("docs/dependencies.md");
  const told = (heading: string): Record<string, string> =>
    Object.fromEntries(tableRows(text, heading).map(([name = "", range = ""]) => [unquoted(name), unquoted(range)]));
  const unquoted = (cell: string): string => cell.replaceAll("`", "");

  test("lists what package.json lists, with the same bounds, and a reason for each", () => {
    expect(told("Installed with the package")).toEqual(manifest.dependencies);
    expect(told("Peer")).toEqual(manifest.peerDependencies);
    expect(told("For working on it")).toEqual(manifest.devDependencies);
    const rows = ["Installed with the package", "Peer", "For working on it"].flatMap((name) => tableRows(text, name));
    expect(rows.filter(([, , reason = ""]) => reason.length < 10)).toEqual([]);
  });

  test("is right that every range has an upper bound", () => {
    const { dependencies, peerDependencies, devDependencies } = manifest;
    const ranges = Object.entries({ ...dependencies, ...devDependencies }).concat(Object.entries(peerDependencies));
    expect(ranges.filter(([, range]) => !/^(npm:[\w-]+@)?[\^~]\d|<\d/.test(range))).toEqual([]);
  });
});

describe("docs/architecture.md", () => {
  const path = "docs/architecture.md";
  const text = read(path);
  const folders = readdirSync(join(root, "src"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

  test("gives the order of the folders that there are", () => {
    const order = house.order.split(" < ").flatMap((step) => {
      const built = step.split(", ").filter((folder) => folders.includes(folder));
      return built.length === 0 ? [] : [built.join(", ")];
    });
    expect(text).toContain(`\n${order.join(" < ")}\n`);
  });

  test("says of each folder what it holds", () => {
    const names = tableRows(text, "The folders").map(([cell = ""]) => /^\[([a-z]+)\]/.exec(cell)?.[1]);
    expect(names.sort()).toEqual(folders.sort());
  });

  const way = waysIn(text);

  test.each(way.map((step) => [step.verb, step] as const))("the way: %s", (verb, { file, caller }) => {
    expect(read(resolveImport(path, file))).toMatch(
      new RegExp(`export (async )?function ${verb}\\b|^  ${verb}\\(`, "m"),
    );
    if (caller !== undefined) expect(read(resolveImport(path, caller))).toMatch(new RegExp(`\\b${verb}\\(`));
  });

  test("the way is whole", () => {
    expect(way.map(({ verb }) => verb)).toEqual(expect.arrayContaining(["modelAdapter", "runTurns", "callTool"]));
  });
});

interface WayStep {
  readonly file: string;
  readonly verb: string;
  /** The file one level up, which calls this one. */
  readonly caller: string | undefined;
}

/** Reads the nested list of links: `1. [name](file) \`verb\` …`, three blanks a level. */
function waysIn(text: string): readonly WayStep[] {
  const above: string[] = [];
  return [...text.matchAll(/^( *)\d+\. \[[^\]]+\]\((\S+\.ts)\) `(\w+)`/gm)].map(
    ([, indent = "", file = "", verb = ""]) => {
      const level = indent.length / 3;
      above[level] = file;
      return { file, verb, caller: above[level - 1] };
    },
  );
}

test("the README names every entry of the package", () => {
  const targets = linksIn({ path: "README.md", text: read("README.md") }).map(({ target }) => target);
  expect([...entries.values()].filter((source) => !targets.includes(source))).toEqual([]);
});

test("the README links the list of names of every entry", () => {
  const targets = linksIn({ path: "README.md", text: read("README.md") }).map(({ target }) => target);
  expect([...entries.keys()].map(apiFile).filter((file) => !targets.includes(file))).toEqual([]);
});

test("the README says what a project needs, and the name of the file to install", () => {
  const text = read("README.md");
  const { engines, peerDependencies, name, version } = manifest;
  expect(text).toContain(`Node ${engines.node.replace(">=", ">= ")} `);
  expect(text).toContain(`zod ${peerDependencies.zod.replace(">=", ">= ").replace("<", "< ")}.`);
  expect(text).toContain(`/${name}-${version}.tgz zod `);
});

describe("docs/runs.md", () => {
  const text = read("docs/runs.md");
  const [outcomes, run] = [read("src/run/outcome.ts"), read("src/run/run-options.ts")];
  const namesIn = (cell = ""): string[] => [...cell.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name);
  const fieldsOf = (body = ""): string[] =>
    [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name = ""]) => name);
  const interfaceIn = (source: string, name: string): string[] =>
    fieldsOf(new RegExp(`^export interface ${name} \\{\n([\\s\\S]*?)^\\}`, "m").exec(source)?.[1]);

  test("names every outcome with what it carries, and what all carry", () => {
    const declared = [...outcomes.matchAll(/extends OutcomeBase \{\n {2}readonly status: "(\w+)";\n([\s\S]*?)^\}/gm)];
    const told = tableRows(text, "How a run ends").map(([status = "", fields]) => [
      namesIn(status)[0],
      namesIn(fields),
    ]);
    expect(declared).toHaveLength(6);
    expect(Object.fromEntries(told)).toEqual(
      Object.fromEntries(declared.map(([, status = "", body]) => [status, fieldsOf(body)])),
    );
    const common = /^Every outcome has .*$/m.exec(text)?.[0];
    expect(namesIn(common).sort()).toEqual([...interfaceIn(outcomes, "OutcomeBase"), "status"].sort());
  });

  test("names every reason of a partial outcome", () => {
    const reasons = /readonly reason: ("max-turns".*);/.exec(outcomes)?.[1]?.split(" | ") ?? [];
    expect(reasons.length).toBeGreaterThan(0);
    expect(reasons.filter((reason) => !text.includes(`\`${reason.replaceAll('"', "")}\``))).toEqual([]);
  });

  test("names every option of a run, and how many turns it has unless told", () => {
    const rows = tableRows(text, "What a run takes");
    expect(rows.map(([option]) => namesIn(option)[0])).toEqual(interfaceIn(run, "RunOptions"));
    const turns = rows.find(([option]) => option === "`maxTurns`")?.[1];
    expect(turns).toBe(`${/options\.maxTurns \?\? (\d+)/.exec(read("src/run/execute.ts"))?.[1]} model calls`);
  });
});

test("docs/glossary.md names only what is exported, and no word twice", () => {
  const text = read("docs/glossary.md");
  const rows = ["Prompts", "Tools", "State", "Resources and files", "Runs"].flatMap((name) => tableRows(text, name));
  const words = rows.map(([word]) => word);
  expect(words).toEqual([...new Set(words)]);
  const files = [...entries.keys()].map((entry) => join(root, apiFile(entry))).filter((file) => existsSync(file));
  const exported = new Set(files.flatMap((file) => readFileSync(file, "utf8").match(/\w+$/gm) ?? []));
  const named = rows.flatMap(([, , names = ""]) => [...names.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name));
  expect(named.length).toBeGreaterThan(50);
  expect(named.filter((name) => !exported.has(name))).toEqual([]);
});

test("every decision has a number of its own, a title, and is short", () => {
  const names = readdirSync(join(root, "docs/decisions")).sort();
  const numbers = names.map((name) => /^(\d{4})-[a-z0-9-]+\.md$/.exec(name)?.[1]);
  expect(numbers).toEqual([...new Set(numbers)]);
  expect(numbers).not.toContain(undefined);
  for (const name of names) {
    const text = read(`docs/decisions/${name}`);
    expect(text, name).toMatch(/^# \S/);
    const prose = text.replace(/^```[\s\S]*?^```$/gm, "").split("\n");
    expect(prose.length, name).toBeLessThanOrEqual(30);
  }
});
