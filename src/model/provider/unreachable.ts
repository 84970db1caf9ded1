/** Tells of failures whether they came before a connection was made, so that the provider has seen nothing of the request. */

/** Codes of the system and of undici that there are only before a connection is made, or while one is. */
const codes = /^(?:ECONNREFUSED|ENOTFOUND|EAI_[A-Z]+|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;

/** How many errors are looked at: clients wrap what they meet, and there is one for each address. */
const most = 1_000;

/** Why a connection was never made: the code and the words of the system. */
export interface Unreachable {
  readonly code: string;
  readonly said: string;
}

/**
 * Finds in an error, its causes, and all of its parts, why no connection was made; undefined when one may have been. Each error
 * is looked at once, for some hold themselves; the first part that tells of no such failure decides.
 */
export function unreachable(thrown: unknown): Unreachable | undefined {
  const seen = new Set<unknown>();
  const left: unknown[] = [thrown];
  let first: Unreachable | undefined;
  while (left.length > 0) {
    const part = left.pop();
    if (seen.has(part)) continue;
    if (typeof part !== "object" || part === null || seen.size === most) return undefined;
    seen.add(part);
    const { code, syscall, message, errors, cause } = part as Readonly<Record<string, unknown>>; // as: fields are checked one by one
    if (Array.isArray(errors) && errors.length > 0) left.push(...errors.slice(0, 100).reverse());
    else if (typeof code === "string" && (codes.test(code) ? !isTransfer(syscall) : syscall === "connect"))
      first ??= { code, said: typeof message === "string" && message !== "" ? message : code };
    else left.push(cause);
  }
  return first;
}

/** A host may also be lost in the middle of an answer. */
const isTransfer = (syscall: unknown): boolean => syscall === "read" || syscall === "write";
