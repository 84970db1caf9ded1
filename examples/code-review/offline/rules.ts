/** The table of rules. A new rule is a new entry: a pattern to search for, and a look at the lines around each hit. */
import { codeAround, isCode, isNoComment, statementOf } from "./line.ts";
import type { Hit, Rule } from "./rule.ts";
import { isSecret, secretPattern } from "./secret.ts";

/** All rules, the worst first. */
export const rules: readonly Rule[] = [
  {
    name: "hard-coded-secret",
    severity: "high",
    languages: ["javascript", "python", "shell", "docker", "yaml", "config"],
    pattern: secretPattern,
    message: "A password or key stands in the source, so everyone who can read the repository has it.",
    fix: "Read it from the environment or a secret store, and replace the value: it is in the history.",
    confirm: (hit) => isNoComment(hit) && isSecret(hit),
  },
  {
    name: "code-from-text",
    severity: "high",
    languages: ["javascript", "python"],
    pattern: "\\b(eval|exec)\\s*\\(|\\bnew\\s+Function\\s*\\(",
    message: "Text is run as code: whoever can change the text can run anything.",
    fix: "Parse the text (JSON.parse, ast.literal_eval) or look the wanted action up in a table.",
    confirm(hit) {
      const isMethod = /[.$\w]$/.test(hit.line.slice(0, hit.start));
      const isDefinition = /\b(def|function|async)\s+$/.test(hit.line.slice(0, hit.start));
      const isShell = /^exec\b/.test(hit.line.slice(hit.start)) && !hit.path.endsWith(".py");
      return isCode(hit) && !isMethod && !isDefinition && !isShell;
    },
  },
  {
    name: "shell-from-text",
    severity: "high",
    languages: ["javascript", "python"],
    pattern:
      "shell\\s*=\\s*True|\\bos\\.(system|popen)\\s*\\(|\\bexec(Sync)?\\s*\\(\\s*(`[^`]*\\$\\{|[\"'][^\"']*[\"']\\s*\\+)",
    message: "A command line is put together as text: a value with a semicolon in it runs another command.",
    fix: "Pass program and arguments as a list, without a shell.",
    confirm: (hit) => isCode(hit) && !/\b(system|popen)\s*\(\s*(["'])[^"'{}%]*\2\s*\)/.test(hit.line),
  },
  {
    name: "query-from-text",
    severity: "high",
    languages: ["javascript", "python"],
    pattern:
      "(?i)\\b(select\\b.+\\bfrom|insert\\s+into|update\\b.+\\bset|delete\\s+from)\\b.*(\\$\\{|[\"'`]\\s*\\+|[\"']\\s*%\\s*[(\\w]|[\"']\\.format\\(|\\{\\w+[^}]*\\})",
    message: "A query is put together as text: a value with a quote in it changes the query.",
    fix: "Use placeholders and pass the values beside the query.",
    confirm(hit) {
      const { line, path } = hit;
      if (!isNoComment(hit)) return false;
      if (!sqlStart.test(line)) return false;
      // braces are values only in f-strings and templates
      if (path.endsWith(".py")) return /\b[fF]["']{1,3}.*\{|["']\s*%\s*[(\w]|\.format\(|["']\s*\+/.test(line);
      return /\$\{|["'`]\s*\+/.test(line) && !/\bsql`/i.test(line);
    },
  },
  {
    name: "unchecked-certificate",
    severity: "high",
    languages: ["javascript", "python", "shell", "docker", "yaml", "config"],
    pattern:
      "rejectUnauthorized[\"']?\\s*:\\s*false|NODE_TLS_REJECT_UNAUTHORIZED[\"'\\]]*\\s*[:=]\\s*[\"']?0|\\bverify\\s*=\\s*False|\\b_create_unverified_context\\b|\\bcurl\\b.*\\s(-k|--insecure)\\b",
    message: "The server's certificate is not checked, so anybody on the way can read and change what is sent.",
    fix: "Check certificates; give the certificate of a private authority instead.",
    confirm: (hit) => isNoComment(hit) && !/^\s*(async\s+)?def\s/.test(hit.line),
    rewrite: (line) => {
      const better = line
        .replace(/(rejectUnauthorized["']?\s*:\s*)false/, "$1true")
        .replace(/(\bverify\s*=\s*)False\b/, "$1True");
      return better === line ? undefined : better;
    },
  },
  {
    name: "unsafe-load",
    severity: "high",
    languages: ["python"],
    pattern: "\\byaml\\.load\\s*\\(|\\bpickle\\.loads?\\s*\\(",
    message: "Loading this kind of data can run code that the data names.",
    fix: "Use yaml.safe_load, or JSON instead of pickle.",
    confirm: isCode,
    confirmAround: (hit) => !/Safe_?Loader|CSafeLoader|BaseLoader/.test(statementOf(hit)),
    rewrite: (line) => {
      const better = line.replace(/\byaml\.load\(([^(),]+|[^(),]*\([^()]*\))\)/, "yaml.safe_load($1)");
      return better === line ? undefined : better;
    },
  },
  {
    name: "html-from-text",
    severity: "high",
    languages: ["javascript"],
    pattern: "\\.(innerHTML|outerHTML)\\s*\\+?=[^=]|\\bdocument\\.write(ln)?\\s*\\(|dangerouslySetInnerHTML",
    message: "Text becomes part of the page as HTML: a value with a tag in it runs script.",
    fix: "Set textContent, or clean the HTML first.",
    confirm: (hit) =>
      isCode(hit) && !/=\s*(["'`])[^"'`$]*\1\s*;?\s*$/.test(hit.line) && !/sanitize|purify|escapeHtml/i.test(hit.line),
  },
  {
    name: "guessable-random",
    severity: "medium",
    languages: ["javascript", "python"],
    pattern: "\\bMath\\.random\\s*\\(|\\brandom\\.(random|randint|choices?|randrange|getrandbits)\\s*\\(",
    message: "These random numbers can be guessed, and here they make something that must not be.",
    fix: "Use crypto.randomUUID or crypto.randomBytes; in Python the module secrets.",
    confirm: isCode,
    confirmAround: (hit) =>
      /token|secret|passw|session|nonce|csrf|otp|api_?key|salt|\bpin\b|invite/i.test(codeAround(hit, 2)),
  },
  {
    name: "pipe-to-shell",
    severity: "medium",
    languages: ["shell", "docker", "yaml"],
    pattern: "\\b(curl|wget)\\b[^|#]*\\|\\s*(sudo\\s+)?(-E\\s+)?(ba|z|da)?sh\\b",
    message: "A script from the network runs unseen: whoever holds the server holds this machine.",
    fix: "Download it, compare its checksum with a known one, then run it.",
    confirm: isNoComment,
  },
  {
    name: "world-writable",
    severity: "medium",
    languages: ["shell", "docker", "yaml", "python", "javascript"],
    pattern: "\\bchmod\\s+(-\\w+\\s+)*0?777\\b|\\bchmod(Sync)?\\s*\\([^)]*\\b0o?777\\b",
    message: "Every user of the machine may change these files.",
    fix: "Give rights to the one user that needs them: chmod 750, or 640 for files.",
    confirm: isNoComment,
  },
  {
    name: "swallowed-error",
    severity: "medium",
    languages: ["javascript", "python"],
    pattern: "\\bcatch\\s*(\\([^)]*\\))?\\s*\\{\\s*(\\}|$)|^\\s*except\\s*((Base)?Exception\\b[^:]*)?:\\s*(pass)?\\s*$",
    message: "Errors end here without a trace, also those that nobody thought of.",
    fix: "Catch what is expected, and log or rethrow the rest.",
    confirm: isCode,
    confirmAround({ path, line, start, after }) {
      const next = after.find((text) => text.trim() !== "")?.trim() ?? "";
      if (!path.endsWith(".py")) return /\{\s*\}/.test(line.slice(start)) || /^\}/.test(next);
      return /except\s*:/.test(line) || /:\s*pass\s*$/.test(line) || /^pass\s*$/.test(next);
    },
    rewrite: (line) => (/^\s*except\s*:/.test(line) ? line.replace(/except\s*:/, "except Exception:") : undefined),
  },
  {
    name: "shared-default",
    severity: "medium",
    languages: ["python"],
    pattern: "\\bdef\\s+\\w+\\s*\\(.*=\\s*(\\[\\]|\\{\\}|list\\(\\)|dict\\(\\)|set\\(\\))\\s*[,)]",
    message: "The default is made once and shared by all calls: what one call adds, the next one finds.",
    fix: "Use None as the default and make the list or dict inside.",
    confirm: isCode,
  },
  {
    name: "unpinned-image",
    severity: "low",
    languages: ["docker", "yaml"],
    pattern: "(?i)^\\s*FROM\\s+\\S+|^\\s*-?\\s*image:\\s*[\"']?\\S+:latest\\b",
    message: "The image is another one tomorrow: builds cannot be repeated.",
    fix: "Name a version, best with its digest.",
    confirm(hit) {
      const image = imageOf(hit);
      if (image === undefined) return isCode(hit);
      if (image === "scratch" || image.includes("@") || image.includes("$")) return false;
      return (
        /:latest$/.test(image) ||
        (!/:[^/]+$/.test(image) &&
          /[./]|^(alpine|busybox|debian|golang|mongo|mysql|nginx|node|postgres|python|redis|ruby|rust|ubuntu)$/.test(
            image,
          ))
      );
    },
    confirmAround(hit) {
      const image = imageOf(hit);
      const stage = new RegExp(`\\bAS\\s+${escaped(image ?? "")}\\s*$`, "i");
      return image === undefined || !hit.before.some((line) => stage.test(line));
    },
  },
  {
    name: "loose-equality",
    severity: "low",
    languages: ["javascript"],
    pattern: "[\\w)\\]\"'`]\\s*[!=]=\\s*[\\w(\"'`\\[{!+-]",
    message: "`==` converts before it compares: 0 equals the empty text.",
    fix: "Compare with === and !==, and convert before where that is wanted.",
    confirm: (hit) => isCode(hit) && /[\w)\]"'`]\s*[!=]=\s*[\w("'`[{!+-]/.test(withoutNull(hit.line)),
    rewrite: (line) =>
      /\btypeof\b/.test(line) ? line.replace(/(\btypeof\s+[\w.]+\s*[!=]=)(\s*["'])/, "$1=$2") : undefined,
  },
  {
    name: "left-over-debugging",
    severity: "low",
    languages: ["javascript", "python"],
    pattern: "^\\s*debugger\\s*;?\\s*$|\\bpdb\\.set_trace\\s*\\(|^\\s*breakpoint\\s*\\(\\)",
    message: "A breakpoint was left in: it stops the program when a debugger is attached, or for good.",
    fix: "Remove it.",
    confirm: isNoComment,
    inTests: true,
    rewrite: (line) => (/^\s*(debugger\s*;?|breakpoint\s*\(\))\s*$/.test(line) ? "" : undefined),
  },
];

/** A statement in capitals, or one that begins its text: `update the set` is English. */
const sqlStart =
  /\b(SELECT\b.+\bFROM|INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM)\b|["'`]\s*(select\b.+\bfrom|insert\s+into|update\s+\S+\s+set|delete\s+from)\b/;

/** `== null` means null or undefined, which is a known idiom and no mistake. */
const withoutNull = (line: string): string =>
  line.replace(/[!=]=\s*(null|undefined)\b|\b(null|undefined)\s*[!=]=/g, "");

/** The image that a Dockerfile's line begins from. */
const imageOf = ({ line }: Hit): string | undefined => /^\s*FROM\s+(?:--\S+\s+)?(\S+)/i.exec(line)?.[1];

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
