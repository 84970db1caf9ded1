/** What everything else stands on: time, ids, errors, JSON, schemas, redaction, the logger port. */
export { type ChildEnvironmentOptions, childEnvironment } from "./child-environment.ts";
export { type Clock, sleep, systemClock } from "./clock.ts";
export { type ErrorCode, type ErrorCodeFacts, errorCodes } from "./error-codes.ts";
export { type ErrorParts, messageFrom, problemFrom, WinkError } from "./errors.ts";
export { countedIds, type IdSource, type RandomSource, systemIds, systemRandom } from "./ids.ts";
export { invariant, present } from "./invariant.ts";
export { canonicalJson, type JsonLimits, type JsonParsed, parseJson, sha256, toJson } from "./json.ts";
export { isJsonObject, type JsonArray, type JsonObject, type JsonValue } from "./json-value.ts";
export { jsonLogger, type Logger, type LogLevel, silentLogger } from "./logger.ts";
export { pause } from "./pause.ts";
export type { Problem } from "./problem.ts";
export { redact } from "./redact.ts";
export { redactDeep } from "./redact-deep.ts";
export {
  type Checked,
  type FieldProblem,
  inputJsonSchema,
  type JsonSchemaOf,
  outputJsonSchema,
  type Parsed,
  parse,
  pathText,
  problemsText,
  type Schema,
  type SchemaIssue,
} from "./schema.ts";
export { didYouMean, type SuggestOptions, suggest } from "./suggest.ts";
