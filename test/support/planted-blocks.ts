/** The pieces that planted repositories are put together from: some hold a problem, the others only look as if. */

/** A kind of file. */
export type Kind = "javascript" | "python" | "shell" | "docker" | "yaml";

/** Gives names that follow from the seed. */
export interface Words {
  noun(): string;
  verb(): string;
  digits(): string;
}

/** A piece of a file. */
export interface Block {
  readonly kind: Kind;
  /** Which of its lines is the problem, from 0; none when it is fine. */
  readonly bug?: number;
  readonly make: (words: Words) => readonly string[];
}

const js = (make: Block["make"], bug?: number): Block => block("javascript", make, bug);
const py = (make: Block["make"], bug?: number): Block => block("python", make, bug);

function block(kind: Kind, make: Block["make"], bug?: number): Block {
  return bug === undefined ? { kind, make } : { kind, make, bug };
}

/** All pieces. */
export const blocks: readonly Block[] = [
  // problems
  js(({ verb, noun }) => [`export function ${verb()}(text) {`, `  const ${noun()} = eval(text);`, "}"], 1),
  js(({ verb }) => [`export function ${verb()}(rule) {`, '  return new Function("row", "return " + rule);', "}"], 1),
  js(
    ({ noun, digits }) => [`const ${noun()}Options = {`, '  user: "app",', `  password: "Not-Real-${digits()}",`, "};"],
    2,
  ),
  js(
    ({ verb, noun }) => [
      `export const ${verb()} = (id) =>`,
      `  store.query("SELECT * FROM ${noun()} WHERE id = " + id);`,
    ],
    1,
  ),
  js(
    ({ verb, noun }) => [
      `export function ${verb()}(name) {`,
      `  return store.query(\`DELETE FROM ${noun()} WHERE name = '\${name}'\`);`,
      "}",
    ],
    1,
  ),
  js(({ verb }) => [`export function ${verb()}(node, text) {`, "  node.innerHTML = text;", "}"], 1),
  js(({ noun }) => [`export const ${noun()}Agent = {`, "  keepAlive: true,", "  rejectUnauthorized: false,", "};"], 2),
  js(
    ({ verb }) => [
      `export function ${verb()}() {`,
      "  const token = Math.random().toString(36);",
      "  return { token };",
      "}",
    ],
    1,
  ),
  js(
    ({ verb }) => [
      `export async function ${verb()}(work) {`,
      "  try {",
      "    await work();",
      "  } catch (error) {",
      "  }",
      "}",
    ],
    3,
  ),
  js(({ verb }) => [`export function ${verb()}(a, b) {`, "  return a == b;", "}"], 1),
  js(({ verb }) => [`export function ${verb()}(list) {`, "  debugger;", "  return list.length;", "}"], 1),
  py(({ verb }) => [`def ${verb()}(text):`, "    return eval(text)"], 1),
  py(({ verb }) => ["import yaml", "", `def ${verb()}(file):`, "    return yaml.load(file)"], 3),
  py(
    ({ verb }) => ["import subprocess", "", `def ${verb()}(name):`, '    subprocess.call("rm -r " + name, shell=True)'],
    3,
  ),
  py(({ verb }) => ["import os", "", `def ${verb()}(name):`, '    os.system("tar xf " + name)'], 3),
  py(
    ({ verb }) => [`def ${verb()}(work):`, "    try:", "        work()", "    except:", '        log.info("gone")'],
    3,
  ),
  py(({ verb }) => [`def ${verb()}(work):`, "    try:", "        work()", "    except Exception:", "        pass"], 3),
  py(({ verb }) => [`def ${verb()}(item, seen=[]):`, "    seen.append(item)", "    return seen"], 0),
  py(({ verb }) => ["import requests", "", `def ${verb()}(url):`, "    return requests.get(url, verify=False)"], 3),
  py(
    ({ verb, noun }) => [
      `def ${verb()}(cursor, key):`,
      `    cursor.execute(f"SELECT * FROM ${noun()} WHERE key = '{key}'")`,
    ],
    1,
  ),
  py(({ digits }) => [`API_KEY = "fake-key-${digits()}-${digits()}"`], 0),
  block("shell", ({ noun }) => [`curl -fsSL https://${noun()}.example/install.sh | sh`], 0),
  block("shell", ({ noun }) => [`chmod -R 777 /srv/${noun()}`], 0),
  block("docker", () => ["FROM python:latest", "WORKDIR /app"], 0),
  block("yaml", ({ noun }) => [`${noun()}:`, `  image: registry.example/${noun()}:latest`], 1),
  // what is fine
  js(({ verb }) => [
    `export function ${verb()}(value) {`,
    "  if (value == null) return undefined;",
    "  return value === 0 ? 1 : value;",
    "}",
  ]),
  js(({ verb }) => [
    "// never use eval(text): it runs whatever it is given",
    `export const ${verb()} = (text) => JSON.parse(text);`,
  ]),
  js(({ verb }) => [
    `export function ${verb()}(node, text) {`,
    "  node.textContent = text;",
    '  node.innerHTML = "";',
    "}",
  ]),
  js(({ verb }) => [`export const ${verb()} = (id) => store.query("SELECT * FROM users WHERE id = $1", [id]);`]),
  js(({ verb }) => [
    `export async function ${verb()}(work) {`,
    "  try {",
    "    await work();",
    "  } catch (error) {",
    "    log(error);",
    "  }",
    "}",
  ]),
  js(({ verb }) => [`export const ${verb()} = (list) => list[Math.floor(Math.random() * list.length)];`]),
  js(({ verb }) => [
    `export function ${verb()}() {`,
    "  return { password: process.env.APP_PASSWORD, secure: true };",
    "}",
  ]),
  js(({ noun }) => [`export const ${noun()}Labels = { password: "Password", token: "access_token" };`]),
  js(({ verb }) => [`export const ${verb()} = (page) => page.$eval("main", (node) => node.textContent);`]),
  py(({ verb }) => ["import ast", "", `def ${verb()}(text):`, "    return ast.literal_eval(text)"]),
  py(({ verb }) => ["import yaml", "", `def ${verb()}(file):`, "    return yaml.load(file, Loader=yaml.SafeLoader)"]),
  py(({ verb }) => ["import subprocess", "", `def ${verb()}(name):`, '    subprocess.run(["ls", name], check=True)']),
  py(({ verb }) => [
    `def ${verb()}(work):`,
    "    try:",
    "        work()",
    "    except ValueError as error:",
    "        log.warning(error)",
  ]),
  py(({ verb }) => [
    `def ${verb()}(item, seen=None):`,
    "    seen = [] if seen is None else seen",
    "    return seen + [item]",
  ]),
  py(({ verb }) => ["import os", "", `def ${verb()}():`, '    token = os.environ["APP_TOKEN"]', "    return token"]),
  block("shell", ({ noun }) => [`curl -fsSL https://${noun()}.example/data.json -o data.json`, `chmod 640 data.json`]),
  block("docker", () => ["FROM node:24.1 AS build", "RUN npm ci", "FROM build", "COPY . ."]),
  block("yaml", ({ noun }) => [
    `${noun()}:`,
    `  image: registry.example/${noun()}:1.4.2`,
    `  password: \${APP_PASSWORD}`,
  ]),
];
