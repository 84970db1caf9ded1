import { systemCode } from "../base/index.ts";

/** The system's name for an error, such as `EACCES`, for a sentence. */
export const codeOf = (error: unknown): string => systemCode(error) ?? "nothing more";
