/** Tells of failures whether they came before a connection was made, so that the provider has seen nothing of the request. */

/** Codes of the system and of undici that there are only before a connection is made, or while one is. */
const codes = /^(?:ECONNREFUSED|ENOTFOUND|EAI_[A-Z]+|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;

/** How deep causes are looked at: clients wrap what they meet, and some errors cause themselves. */
const deepest = 10;

/** Why a connection was never made: the code and the words of the system. */
export interface Unreachable {
  readonly code: string;
  readonly said: string;
}

/** Finds in an error, its causes, and all of its parts, why no connection was made; undefined when one may have been. */
export function unreachable(thrown: unknown, depth = 0): Unreachable | undefined {
  if (typeof thrown !== "object" || thrown === null || depth > deepest) return undefined;
  const { code, syscall, message, errors, cause } = thrown as Readonly<Record<string, unknown>>; // as: fields are checked one by one
  if (Array.isArray(errors) && errors.length > 0) {
    const parts = errors.slice(0, 100).map((part) => unreachable(part, depth + 1)); // one for each address
    return parts.includes(undefined) ? undefined : parts[0];
  }
  if (typeof code === "string" && (codes.test(code) ? !isTransfer(syscall) : syscall === "connect"))
    return { code, said: typeof message === "string" && message !== "" ? message : code };
  return unreachable(cause, depth + 1);
}

/** A host may also be lost in the middle of an answer. */
const isTransfer = (syscall: unknown): boolean => syscall === "read" || syscall === "write";
