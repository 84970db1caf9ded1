import { Buffer } from "node:buffer";
import { WinkError } from "../../base/index.ts";
import type { FilePart, ImagePart, TextPart } from "../index.ts";
import type { AnthropicBlock, AnthropicImageType } from "./client.ts";

const imageTypes: ReadonlySet<string> = new Set(["image/jpeg", "image/png", "image/gif", "image/webp"]);
const isImageType = (type: string): type is AnthropicImageType => imageTypes.has(type);
const textTypes = /^text\/|^application\/(?:json|xml|yaml|x-yaml|toml|javascript|x-sh|sql)$|\+(?:json|xml|yaml)$/;

/**
 * A part of a user message as the Messages API has it; none for an empty text, which it refuses. Throws `MODEL_REJECTED` for
 * images and files of kinds that the API does not take.
 */
export function userBlock(part: TextPart | ImagePart | FilePart): AnthropicBlock | undefined {
  if (part.type === "text") return part.text.trim() === "" ? undefined : { type: "text", text: part.text };
  const mediaType = part.mediaType.split(";")[0]?.trim().toLowerCase() ?? "";
  if (isImageType(mediaType)) {
    return { type: "image", source: { type: "base64", media_type: mediaType, data: part.data } };
  }
  if (part.type === "image") throw refused(part.mediaType, "an image", [...imageTypes].join(", "));
  const title = part.name === undefined ? {} : { title: part.name };
  if (mediaType === "application/pdf") {
    return { type: "document", source: { type: "base64", media_type: mediaType, data: part.data }, ...title };
  }
  if (!textTypes.test(mediaType)) throw refused(part.mediaType, "a file", "a PDF, an image or text");
  const data = textOfFile(part);
  if (data.trim() === "") return { type: "text", text: `(an empty file: ${part.name ?? part.mediaType})` };
  return { type: "document", source: { type: "text", media_type: "text/plain", data }, ...title };
}

function textOfFile({ data, mediaType }: FilePart): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(data, "base64"));
  } catch {
    throw refused(`${mediaType} that is not UTF-8`, "a file", "text in UTF-8");
  }
}

function refused(received: string, what: string, expected: string): WinkError {
  return new WinkError("MODEL_REJECTED", {
    at: "user message",
    problem: `The Messages API does not take ${what} of this kind`,
    expected,
    received,
    fix: "Send it in another form, or leave it out.",
  });
}
