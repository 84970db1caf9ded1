/** What everything else stands on: time, ids, errors, JSON, schemas, redaction, the logger port. */
export type { Awaitable } from "./awaitable.ts";
export {
  aClock,
  aFlag,
  aFunction,
  aList,
  aName,
  anObject,
  anything,
  aText,
  checkKind,
  checkOptions,
  from0,
  from1,
  having,
  kind,
  namesOnly,
  type OptionKind,
  type OptionKinds,
  oneOf,
} from "./check-options.ts";
export { type ChildEnvOptions, childEnv } from "./child-env.ts";
export { type Clock, sleep, systemClock } from "./clock.ts";
export { type ContractValues, ensures, requires, switchContracts } from "./contracts.ts";
export { deepFreeze } from "./deep-freeze.ts";
export { dump } from "./dump.ts";
export { syncFolder, systemCode, writeAll } from "./durable-files.ts";
export { type ErrorCode, type ErrorCodeFacts, errorCodes } from "./error-codes.ts";
export { bareProblem, type ErrorParts, messageFrom, problemFrom, stackFrom, WinkError } from "./errors.ts";
export { extraKeys } from "./extra-keys.ts";
export {
  type FieldPath,
  type FieldProblem,
  pathText,
  problemsText,
  type SchemaIssue,
  shownField,
  shownValue,
} from "./field-problem.ts";
export { FileLock, longestWait } from "./file-lock.ts";
export { withoutHidden } from "./hidden-values.ts";
export { hideSecretsOf } from "./hide-secrets.ts";
export { countedIds, type IdSource, type RandomSource, systemIds, systemRandom } from "./ids.ts";
export { invariant, present } from "./invariant.ts";
export { canonicalJson, type JsonLimits, type JsonParsed, parseJson, sha256, toJson } from "./json.ts";
export { jsonProblem } from "./json-problem.ts";
export { isJsonObject, type JsonArray, type JsonObject, type JsonValue } from "./json-value.ts";
export { jsonLogger, type Logger, type LogLevel, silentLogger } from "./logger.ts";
export { makeFolder } from "./make-folder.ts";
export { once } from "./once.ts";
export { type Parsed, type ParseOptions, parse, parseAsync } from "./parse.ts";
export { pause } from "./pause.ts";
export { isPlainObject, NotPlain, plainCopy } from "./plain-data.ts";
export type { Problem } from "./problem.ts";
export { redact } from "./redact.ts";
export { redactDeep } from "./redact-deep.ts";
export { requirePlain } from "./require-plain.ts";
export {
  type Checked,
  inputJsonSchema,
  type JsonSchemaOf,
  outputJsonSchema,
  type Schema,
} from "./schema.ts";
export { startChild } from "./start-child.ts";
export { didYouMean, type SuggestOptions, suggest } from "./suggest.ts";
export type { Span, SpanAttributes, SpanFailure, SpanStart, Telemetry } from "./telemetry.ts";
