/** The lists of SECURITY.md, as the code has them. */
import { homeNames, inHomeNames, passedNames } from "../../src/base/child-env.ts";
import { secretForms, wholeForms } from "../../src/base/secret-forms.ts";
import { keyWords } from "../../src/base/secret-names.ts";
import { oddNames, secretParts, secretPrefixes, secretWords } from "../../src/base/secret-variables.ts";

const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(", ");

/** Each list, by what it is called in the test that looks for it. */
export const securityLists: Readonly<Record<string, string>> = {
  FORMS: `${[...new Set([...Object.keys(secretForms), ...Object.keys(wholeForms)])]
    .toSorted((a, b) => a.localeCompare(b, "en"))
    .join("; ")}.`,
  HOMES: code(homeNames),
  PASSED: code(passedNames),
  INHOME: code(inHomeNames),
  TELLING: code(secretParts),
  WORDS: code(secretWords),
  ODD: `those that ${Object.keys(oddNames).join(", ")} |`,
  KEYS: `${keyWords.slice(0, -1).join(", ")} or ${keyWords.at(-1)}.`,
  PREFIXES: Object.entries(secretPrefixes)
    .map(([kind, names]) => `- ${kind}: ${code(names)}`)
    .join("\n"),
};
