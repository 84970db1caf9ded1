import { errorCodes } from "../../src/base/error-codes.ts";

const head = `# Errors

<!-- Written by \`npm run docs:errors\` from src/base/error-codes.ts. Change it there. -->

What the library throws is a \`WinkError\`. Tell errors apart by \`code\`, never by the message:
\`WinkError.is(error, "SESSION_BUSY")\`. The message says what was wrong, where, what was expected, what came and what to do;
\`parts\` has the same one by one. \`details\` holds the facts as data. Texts and details of an error are redacted when it is made.

"May be tried again" means that the same call can succeed later without a change.
`;

/** The text of docs/errors.md: what the table of codes says, a heading a code, so that each can be linked to. */
export function errorsDocument(): string {
  const codes = Object.entries(errorCodes).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const parts = codes.map(([code, { when, fix, retryable }]) => {
    const again = retryable ? "\n\nMay be tried again." : "";
    return `\n## ${code}\n\n${when}\n\nWhat to do: ${fix}${again}\n`;
  });
  return head + parts.join("");
}
