import { isUtf8 } from "node:buffer";
import { fileError } from "./file-error.ts";

/**
 * What a file holds. A text that is valid Unicode and its UTF-8 bytes stand for each other, so one of the two is kept as the
 * truth and never changed. Text made from bytes is kept beside them, because whoever searches asks for it again.
 */
export interface FileContent {
  /** Bytes. */
  readonly size: number;
  readonly source: string | Uint8Array;
  /** The text of bytes once asked for; null when they are none. */
  decoded?: string | null;
}

/** Content from a text. Throws `FILE_NOT_TEXT` for one that cannot be written as UTF-8. */
export function textContent(text: string, path: string): FileContent {
  const source = checkedText(text, path);
  return { size: Buffer.byteLength(source), source };
}

/** Content from bytes; they must not be changed afterwards. */
export function byteContent(bytes: Uint8Array): FileContent {
  return { size: bytes.byteLength, source: bytes };
}

/** Gives a text that can be written as UTF-8; throws `FILE_NOT_TEXT` for any other. */
export function checkedText(text: string, path: string): string {
  if (text.isWellFormed()) return text;
  throw fileError("FILE_NOT_TEXT", path, "The text cannot be written as UTF-8", {
    expected: "well-formed Unicode",
    received: "a lone surrogate",
    fix: "Write whole characters, or use `writeBytes`.",
  });
}

/** The text, exactly; undefined when the bytes are not UTF-8. */
export function textOf(content: FileContent): string | undefined {
  const { source } = content;
  if (typeof source === "string") return source;
  if (content.decoded === undefined) content.decoded = decodeText(source) ?? null;
  return content.decoded ?? undefined;
}

/** The bytes as a copy that the caller may change. */
export function bytesOf({ source }: FileContent): Uint8Array {
  return typeof source === "string" ? new TextEncoder().encode(source) : source.slice();
}

/** Decodes UTF-8 exactly (a byte order mark is a character); undefined when it is not UTF-8. */
export function decodeText(bytes: Uint8Array): string | undefined {
  if (!isUtf8(bytes)) return undefined;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}

/** Whether two contents are the same bytes. */
export function sameContent(a: FileContent, b: FileContent): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  if (typeof a.source === "string" && typeof b.source === "string") return a.source === b.source;
  return Buffer.compare(bytesOf(a), bytesOf(b)) === 0;
}

/** Content followed by more. */
export function appended(content: FileContent, more: FileContent): FileContent {
  if (typeof content.source === "string" && typeof more.source === "string") {
    return { size: content.size + more.size, source: content.source + more.source };
  }
  return byteContent(Buffer.concat([bytesOf(content), bytesOf(more)]));
}
