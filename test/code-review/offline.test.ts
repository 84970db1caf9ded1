import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { mostReads } from "../../examples/code-review/offline/reads.ts";
import { type PlantedRepository, plantedRepository, writeRepository } from "../support/planted-repository.ts";
import { journalOf, makeFolder, resultOf, review, reviewIn, shippedRepository } from "./harness.ts";

async function reviewPlanted(planted: PlantedRepository) {
  using folder = makeFolder();
  using out = makeFolder();
  writeRepository(folder.path, planted);
  const ran = await review(out.path, { args: [folder.path, "--json"] });
  expect(ran.exit).toBe(0);
  return reviewIn(ran);
}

describe("a generated repository with twelve planted problems", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "seed %i: at least ten are found at the right place, and every quote stands",
    async (seed) => {
      const planted = plantedRepository(seed);
      expect(planted.findings).toHaveLength(12);
      const { issues } = await reviewPlanted(planted);
      const told = new Set(issues.map(({ file, line }) => `${file}:${line}`));
      const found = planted.findings.filter(({ file, line }) => told.has(`${file}:${line}`));
      expect(found.length).toBeGreaterThanOrEqual(10);
      const places = new Set(planted.findings.map(({ file, line }) => `${file}:${line}`));
      expect(issues.filter(({ file, line }) => !places.has(`${file}:${line}`)).length).toBeLessThanOrEqual(2);
      for (const { file, line, quote } of issues) expect(planted.files[file]?.split("\n")[line - 1]).toBe(quote);
    },
  );

  test("another repository has other findings", async () => {
    const [one, other] = await Promise.all([reviewPlanted(plantedRepository(1)), reviewPlanted(plantedRepository(2))]);
    const placesOf = ({ issues }: typeof one) => new Set(issues.map(({ file, line }) => `${file}:${line}`));
    const shared = [...placesOf(one)].filter((place) => placesOf(other).has(place));
    expect(shared.length).toBeLessThanOrEqual(1);
  });
});

describe("the shipped repository", () => {
  test("every planted problem is found, and nothing else", async () => {
    using out = makeFolder();
    const ran = await review(out.path, { args: ["--json"] });
    expect(reviewIn(ran).issues.map(({ file, line, rule }) => `${file}:${line} ${rule}`)).toMatchInlineSnapshot(`
      [
        "src/database.js:6 hard-coded-secret",
        "src/pricing.js:13 code-from-text",
        "scripts/import_books.py:15 shell-from-text",
        "src/books.js:5 query-from-text",
        "src/covers.js:14 unchecked-certificate",
        "scripts/import_books.py:11 unsafe-load",
        "public/list.js:9 html-from-text",
        "src/auth.js:7 guessable-random",
        "scripts/deploy.sh:5 pipe-to-shell",
        "scripts/import_books.py:21 swallowed-error",
        "src/covers.js:7 swallowed-error",
        "Dockerfile:1 unpinned-image",
        "src/auth.js:6 loose-equality",
        "public/list.js:12 left-over-debugging",
      ]
    `);
  });

  test("the timeline tells what happens; the first line says what the model is", async () => {
    using out = makeFolder();
    const { said } = await review(out.path);
    expect(said.split("\n")[0]).toMatch(/offline.*not a language model.*--model NAME.*OPENAI_API_KEY/);
    expect(said).toMatch(/grep .* none .* ms {2}committed .*match/);
    expect(said).toMatch(/edit_file .* workspace .* committed +modified src\/auth\.js/);
    expect(said).toContain(`Written to ${out.path}: review.md, changes.patch, the journal`);
    expect(said).not.toContain("not-a-real-one-4711");
  });

  test("the results: a review for people, a patch, a whole journal; the repository stays as it was", async () => {
    using folder = makeFolder();
    using out = makeFolder();
    cpSync(shippedRepository, folder.path, { recursive: true });
    const ran = await review(out.path, { args: [folder.path] });
    expect(resultOf(ran, "review.md")).toMatch(/### 1\. hard-coded-secret \(high\)\n\n`src\/database\.js:6`/);
    expect(resultOf(ran, "changes.patch")).toContain(
      "-        return yaml.load(file)\n+        return yaml.safe_load(file)\n",
    );
    const types = journalOf(out.path).map(({ type }) => type);
    expect(types[0]).toBe("journal/opened");
    expect(types.at(-1)).toBe("run/finished");
    expect(readTree(folder.path)).toEqual(readTree(shippedRepository));
  });

  test("--fault: a tool breaks, its file and event are gone, the run goes on", async () => {
    using out = makeFolder();
    const { exit, said } = await review(out.path, { args: ["--fault"] });
    expect(exit).toBe(0);
    expect(said).toMatch(
      /save_draft .*workspace.*rolled back.*the planted fault.*taken back: added REVIEW-DRAFT\.md, event review\/draft-saved/,
    );
    expect(said).toContain("now the file is not there and the session holds 0 drafts");
    expect(said).toMatch(/run completed/);
  });

  test("--json prints the review and nothing else", async () => {
    using out = makeFolder();
    const ran = await review(out.path, { args: ["--json"] });
    expect(Object.keys(reviewIn(ran))).toEqual(["summary", "issues", "nextSteps"]);
  });
});

describe("more hits than can be read", () => {
  const caught = (body: string) => `try {\n  work()\n} catch (e) {\n${body}}\n`;
  const writeHarmless = (folder: string, many: number): void => {
    for (let index = 1; index <= many; index++) {
      writeFileSync(join(folder, `a${String(index).padStart(3, "0")}.js`), caught("  return 1\n"));
    }
  };

  test("a finding behind forty harmless hits is found", async () => {
    using folder = makeFolder();
    using out = makeFolder();
    writeHarmless(folder.path, 40);
    writeFileSync(join(folder.path, "z.js"), caught(""));
    const found = reviewIn(await review(out.path, { args: [folder.path, "--json"] }));
    expect(found.issues).toMatchObject([{ file: "z.js", line: 3, rule: "swallowed-error" }]);
    expect(found.summary).not.toContain("not looked at");
  });

  test("reads go to the rules in turn; hits that were not looked at are counted; the turns suffice", async () => {
    using folder = makeFolder();
    using out = makeFolder();
    writeHarmless(folder.path, mostReads + 20);
    writeFileSync(join(folder.path, "z.js"), "// a token\nconst token = Math.random();\nrun(eval(text));\n");
    const ran = await review(out.path, { args: [folder.path, "--json"] });
    expect(ran.exit).toBe(0);
    const { issues, summary, nextSteps } = reviewIn(ran);
    expect(issues.map(({ rule }) => rule)).toEqual(["code-from-text", "guessable-random"]);
    expect(summary).toMatch(/ 2\d hits were not looked at: 2\d of swallowed-error\./);
    expect(nextSteps.join()).toContain("more hits than could be looked at");
  });

  test("a search with more hits than it can give is named", async () => {
    using folder = makeFolder();
    using out = makeFolder();
    writeFileSync(join(folder.path, "a.js"), "if (a == b) run();\n".repeat(1200));
    const { summary } = reviewIn(await review(out.path, { args: [folder.path, "--json"] }));
    expect(summary).toContain("There are more hits than a search gives of loose-equality.");
  });

  test("many edits of one file, none of which finds its one place: the turns suffice", async () => {
    using folder = makeFolder();
    using out = makeFolder();
    const part = (n: number) =>
      `def f${n}():\n    x = yaml.load(a${n})\n    y = get(b${n}, verify=False)\n    go()\n\n`;
    const parts = [1, 2, 3, 4, 5, 6, 7, 8].map(part).join("");
    writeFileSync(join(folder.path, "twice.py"), parts + parts);
    const ran = await review(out.path, { args: [folder.path, "--json", "--fault"] });
    expect(ran.exit).toBe(0);
    expect(reviewIn(ran).issues).toHaveLength(16);
  });
});

describe("odd input", () => {
  test("many files with the same reason share a line; a full limit is said plainly; sizes are readable", async () => {
    using folder = makeFolder();
    using out = makeFolder();
    for (let index = 0; index < 7; index++) writeFileSync(join(folder.path, `p${index}.png`), Uint8Array.of(0, 1));
    writeFileSync(join(folder.path, "a.js"), "x();\n");
    writeFileSync(join(folder.path, "b.js"), "y".repeat(1000));
    const { said } = await review(out.path, { args: [folder.path, "--max-bytes", "100"] });
    expect(said).toContain("left out: 7 entries: a binary file (it has a NUL byte): p0.png, p1.png, p2.png and 4 more");
    expect(said).toMatch(/limit for all files together was hit: 1 file did not fit .*--max-bytes/);
    await expect(review(out.path, { args: [folder.path, "--include", "*.png"] })).rejects.toThrow(
      /nothing to review.*7 entries: a binary file.*and 4 more/,
    );
  });

  test("the printed commands can be copied, whatever the path", async () => {
    using folder = makeFolder();
    const root = join(folder.path, "it's $HOME\n`x`");
    const out = join(folder.path, "out ; 1");
    mkdirSync(root);
    writeFileSync(join(root, "load.py"), "import yaml\nx = yaml.load(file)\n");
    const { said } = await review(out, { args: [root] });
    const commands = said.split("\n").filter((line) => line.startsWith("  cd "));
    expect(commands).toHaveLength(2);
    for (const command of commands) execFileSync("bash", ["-ec", command]);
    expect(readFileSync(join(root, "load.py"), "utf8")).toContain("yaml.safe_load");
  });

  test("what cannot be read is named with its reason, and the run goes on", async () => {
    using folder = makeFolder();
    using out = makeFolder();
    const put = (name: string, content: string | Uint8Array): void => writeFileSync(join(folder.path, name), content);
    put("good.js", "export const run = (text) => eval(text);\n");
    put("huge.js", "");
    truncateSync(join(folder.path, "huge.js"), 50 * 1024 * 1024);
    put("picture.png", Uint8Array.of(0x89, 0x50, 0, 1));
    put("latin.txt", Uint8Array.of(0x63, 0x61, 0x66, 0xe9));
    symlinkSync("/etc/passwd", join(folder.path, "outside"));
    const ran = await review(out.path, { args: [folder.path] });
    expect(ran.exit).toBe(0);
    expect(ran.said).toMatch(/left out: huge\.js \(50 MiB\): larger than the limit of 1 MiB for one file/);
    expect(ran.said).toMatch(/left out: picture\.png: a binary file/);
    expect(ran.said).toMatch(/left out: latin\.txt: not UTF-8/);
    expect(ran.said).toMatch(/left out: outside: symbolic links/);
    expect(ran.said).toMatch(/good\.js:1 .*code-from-text/);
    expect(resultOf(ran, "review.md")).toContain("- `huge.js`: larger than");
  });

  test.each([
    ["a missing folder", "no-such-folder", /It cannot be opened\. .* Received nothing there\./],
    ["an empty folder", "empty", /nothing to review/],
    ["a file", "file.txt", /It cannot be opened\. .* Received something that is no folder\./],
  ])("%s", async (_name, path, message) => {
    using folder = makeFolder();
    using out = makeFolder();
    mkdirSync(join(folder.path, "empty"));
    writeFileSync(join(folder.path, "file.txt"), "text");
    await expect(review(out.path, { args: [join(folder.path, path)] })).rejects.toThrow(message);
  });

  test("a repository without anything that the rules know", async () => {
    using folder = makeFolder();
    using out = makeFolder();
    writeFileSync(join(folder.path, "notes.txt"), "milk\n");
    const ran = await review(out.path, { args: [folder.path, "--json"] });
    expect(reviewIn(ran)).toMatchObject({
      summary: expect.stringMatching(/nothing here that the rules know/),
      issues: [],
    });
  });

  test("Windows line ends", async () => {
    using folder = makeFolder();
    using out = makeFolder();
    const text = "import yaml\r\n\r\ndef load(file):\r\n    return yaml.load(file)\r\n";
    writeFileSync(join(folder.path, "load.py"), text);
    const ran = await review(out.path, { args: [folder.path, "--json"] });
    expect(reviewIn(ran).issues).toMatchObject([{ line: 4, quote: "    return yaml.load(file)" }]);
    expect(resultOf(ran, "changes.patch")).toContain("+    return yaml.safe_load(file)\r\n");
  });

  test("the same line many times: it is edited where it stands, or not at all", async () => {
    using folder = makeFolder();
    using out = makeFolder();
    const part = (name: string) => `def ${name}():\n    try:\n        work()\n    except:\n        log()\n\n`;
    writeFileSync(join(folder.path, "many.py"), ["a", "b", "c"].map(part).join(""));
    const ran = await review(out.path, { args: [folder.path, "--json"] });
    expect(reviewIn(ran).issues).toHaveLength(3);
    expect(resultOf(ran, "changes.patch").match(/^\+ {4}except Exception:$/gm)).toHaveLength(3);
  });

  test("include, exclude and limits", async () => {
    using out = makeFolder();
    const files = async (...args: string[]) => (await review(out.path, { args })).said.match(/: (\d+) files?, /)?.[1];
    expect(await files("--include", "*.js")).toBe("8");
    expect(await files("--include", "*.js", "--include", "*.py", "--exclude", "src")).toBe("3");
    expect(await files("--max-file-bytes", "200")).toBe("4");
  });
});

/** All files of a folder with their content. */
function readTree(root: string): Record<string, string> {
  const names = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = names.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(paths.map((path) => [path.slice(root.length), readFileSync(path, "utf8")]));
}
