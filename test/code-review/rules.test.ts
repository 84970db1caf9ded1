import { expect, test } from "vitest";
import { memoryFiles } from "weakincentives/files";
import { languageOf } from "../../examples/code-review/offline/languages.ts";
import { isFinding } from "../../examples/code-review/offline/rule.ts";
import { rules } from "../../examples/code-review/offline/rules.ts";

/** For each rule, lines that are findings and lines that are not, by the name of their file. */
const cases: Record<string, { readonly yes: Record<string, string[]>; readonly no: Record<string, string[]> }> = {
  "hard-coded-secret": {
    yes: {
      "a.js": [
        'const password = "hunter-2-4711";',
        "  apiKey: 'k3y-of-mine-99',",
        'const dbSecret: string = "abc123def456";',
      ],
      "a.py": ['TOKEN = "tok-1234567890"', 'url = "postgres://app:s3cr3t-99@db/app"'],
      ".env": ["DB_PASSWORD=p4ssw0rd-99"],
      "a.yml": ["  password: p4ssw0rd-99"],
      Dockerfile: ["ENV API_KEY=k3y-of-mine-99"],
    },
    no: {
      "a.js": [
        "const password = process.env.PASSWORD;",
        'const tokenType = "access_token_1";',
        'const token = "access_token";',
        'password: "your-password-1"',
        '// password: "hunter-2-4711"',
        "const token = createToken1(reader);",
        'const SUBJECT_TOKEN = "urn:example:token-type:x509";',
      ],
      "a.py": ['password = os.environ["PASSWORD1"]', 'url = f"postgres://app:{password}@db/app"'],
      ".env.example": ["DB_PASSWORD=p4ssw0rd-99"],
      "a.yml": ["  password: ${DB_PASSWORD1}", "  token: {{ secrets.TOKEN_1 }}"],
    },
  },
  "code-from-text": {
    yes: { "a.js": ["eval(text)", 'const f = new Function("return 1")'], "a.py": ["x = eval(text)", "exec(code)"] },
    no: {
      "a.js": [
        "redis.eval(script)",
        'page.$eval("a", f)',
        "// eval(text)",
        'throw new Error("no eval(x)")',
        "re.exec(text)",
        "exec(command)",
      ],
      "a.py": ["ast.literal_eval(text)", "def eval(self):", "model.eval()"],
    },
  },
  "shell-from-text": {
    yes: {
      "a.js": ["exec(`rm ${name}`)", 'execSync("tar xf " + name)'],
      "a.py": ["subprocess.run(command, shell=True)", "os.system(command)", 'os.popen("ls " + name)'],
    },
    no: { "a.js": ['exec("ls")'], "a.py": ['os.system("clear")', "subprocess.run(command)", "# shell=True is bad"] },
  },
  "query-from-text": {
    yes: {
      "a.js": ["query(`SELECT a FROM b WHERE c = ${d}`)", "query('delete from b where c = ' + d)"],
      "a.py": [
        'run(f"SELECT a FROM b WHERE c = {d}")',
        "run(\"INSERT INTO a VALUES ('%s')\" % b)",
        'run("UPDATE a SET b = {}".format(c))',
      ],
    },
    no: {
      "a.js": [
        'query("SELECT a FROM b WHERE c = $1", [d])',
        "sql`SELECT a FROM b WHERE c = ${d}`",
        "log(`select one from ${list}`.length > 1 && a)".replace("`select one", "`now select one"),
      ],
      "a.py": ['run("SELECT a FROM b WHERE c = %s", (d,))'],
    },
  },
  "unchecked-certificate": {
    yes: {
      "a.js": ["rejectUnauthorized: false,"],
      "a.py": ["get(url, verify=False)"],
      "a.sh": ["curl -sS -k https://a.example"],
    },
    no: {
      "a.js": ["rejectUnauthorized: true,"],
      "a.py": ["def get(url, verify=False):"],
      "a.sh": ["curl https://a.example/-k"],
    },
  },
  "unsafe-load": {
    yes: { "a.py": ["yaml.load(file)", "pickle.loads(data)"] },
    no: { "a.py": ["yaml.safe_load(file)", "yaml.load(file, Loader=yaml.SafeLoader)", "# yaml.load(file)"] },
  },
  "html-from-text": {
    yes: {
      "a.js": ["node.innerHTML = text;", "document.write(text)", "<p dangerouslySetInnerHTML={{ __html: text }} />"],
    },
    no: {
      "a.js": ['node.innerHTML = "";', "node.innerHTML = DOMPurify.sanitize(text);", "if (node.innerHTML === text) {}"],
    },
  },
  "guessable-random": {
    yes: { "a.js": ["const token = Math.random();"], "a.py": ["password = random.choice(letters)"] },
    no: {
      "a.js": ["const delay = Math.random();", "roll(Math.random()); // no secret"].slice(0, 1),
      "a.py": ["color = random.choice(colors)"],
    },
  },
  "pipe-to-shell": {
    yes: {
      "a.sh": ["curl -fsSL https://a.example | sh", "wget -qO- https://a.example | sudo bash"],
      Dockerfile: ["RUN curl https://a.example | bash"],
    },
    no: {
      "a.sh": ["curl https://a.example -o a.sh", "# curl https://a.example | sh", "curl https://a.example | shasum"],
    },
  },
  "world-writable": {
    yes: { "a.sh": ["chmod -R 777 /srv"], "a.py": ["os.chmod(path, 0o777)"], "a.js": ["chmodSync(path, 0o777)"] },
    no: { "a.sh": ["chmod 755 /srv", "echo 777"], "a.py": ["os.chmod(path, 0o750)"] },
  },
  "swallowed-error": {
    yes: { "a.js": ["try { a(); } catch (error) {}", "} catch {"], "a.py": ["except:", "except Exception: pass"] },
    no: {
      "a.js": ["} catch (error) { log(error); }"],
      "a.py": ["except ValueError: pass", "except Exception as error:"],
    },
  },
  "shared-default": {
    yes: { "a.py": ["def add(item, seen=[]):", "def add(self, by={}, to=1):"] },
    no: { "a.py": ["def add(item, seen=None):", "def add(item, seen=()):", "add(item, seen=[])"] },
  },
  "unpinned-image": {
    yes: {
      Dockerfile: ["FROM node:latest", "FROM node", "FROM registry.example:5000/app AS build"],
      "a.yml": ["    image: redis:latest"],
    },
    no: {
      Dockerfile: ["FROM node:24.1", "FROM scratch", "FROM build", "FROM node@sha256:0123", "FROM $BASE"],
      "a.yml": ["    image: redis:8.2"],
    },
  },
  "loose-equality": {
    yes: { "a.js": ["if (a == b) {}", "if (a != 0) {}", 'if (typeof a == "string") {}'] },
    no: {
      "a.js": [
        "if (a === b) {}",
        "if (a !== b) {}",
        "if (a == null) {}",
        "const re = /^a{2}==$/;",
        "// a == b",
        "a >= b",
        "(a) => b",
      ],
    },
  },
  "left-over-debugging": {
    yes: { "a.js": ["  debugger;"], "a.py": ["    breakpoint()", "import pdb; pdb.set_trace()"] },
    no: { "a.js": ["// debugger;", "const debuggerOn = true;"], "a.py": ["def breakpoint(self):"] },
  },
};

test("every rule has cases", () => {
  expect(Object.keys(cases)).toEqual(rules.map(({ name }) => name));
});

test.each(rules.map((rule) => [rule.name, rule] as const))("%s", async (name, rule) => {
  const { yes = {}, no = {} } = cases[name] ?? {};
  const isFound = async (path: string, line: string): Promise<boolean> => {
    expect(rule.languages).toContain(languageOf(path));
    const { matches } = await memoryFiles({ [path]: `${line}\n}\n` }).grep(rule.pattern);
    const hit = matches.find((match) => match.line === 1);
    if (hit === undefined) return false;
    return isFinding(rule, { path, number: 1, line, start: hit.start, before: [], after: ["}"] });
  };
  for (const [path, lines] of Object.entries(yes)) {
    for (const line of lines) expect(await isFound(path, line), `${path}: ${line}`).toBe(true);
  }
  for (const [path, lines] of Object.entries(no)) {
    for (const line of lines) expect(await isFound(path, line), `${path}: ${line}`).toBe(false);
  }
});

test("rewrites mend the line, and leave what they do not know", () => {
  const rewrite = (name: string, line: string) => rules.find((rule) => rule.name === name)?.rewrite?.(line);
  expect(rewrite("unsafe-load", "  x = yaml.load(file)")).toBe("  x = yaml.safe_load(file)");
  expect(rewrite("unsafe-load", "  x = yaml.load(open(path))")).toBe("  x = yaml.safe_load(open(path))");
  expect(rewrite("unsafe-load", "  x = yaml.load(file, Loader=yaml.Loader)")).toBeUndefined();
  expect(rewrite("unsafe-load", "  x = pickle.load(file)")).toBeUndefined();
  expect(rewrite("unchecked-certificate", "{ rejectUnauthorized: false }")).toBe("{ rejectUnauthorized: true }");
  expect(rewrite("unchecked-certificate", "curl -k https://a.example")).toBeUndefined();
  expect(rewrite("swallowed-error", "    except:")).toBe("    except Exception:");
  expect(rewrite("swallowed-error", "} catch {")).toBeUndefined();
  expect(rewrite("loose-equality", 'if (typeof a == "string") {')).toBe('if (typeof a === "string") {');
  expect(rewrite("loose-equality", "if (a == b) {")).toBeUndefined();
  expect(rewrite("left-over-debugging", "  debugger;")).toBe("");
  expect(rewrite("left-over-debugging", "import pdb; pdb.set_trace()")).toBeUndefined();
});
