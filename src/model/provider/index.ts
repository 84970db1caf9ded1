/** What the drivers of remote providers share: errors, checks of answers, addresses and waits. Not an entry of the package. */
export { argumentsObject, argumentsText } from "./arguments-text.ts";
export { cached } from "./cached.ts";
export { callId } from "./call-id.ts";
export { checkDriver } from "./check-driver.ts";
export { formName, formText, withWords } from "./form-text.ts";
export { type InvalidAnswer, invalidAnswer } from "./invalid-answer.ts";
export { mappedOnce } from "./mapped-once.ts";
export { isBrokenConnection, providerError, type Service, withoutKey } from "./provider-error.ts";
export { type Assembly, endedEarly, readPieces } from "./read-pieces.ts";
export { receive } from "./receive.ts";
export { addressOf, remoteCall } from "./remote-call.ts";
export { headerOf } from "./retry-after.ts";
export { aNumber, aStop, aToolChoice, aWhole, between } from "./setting-kinds.ts";
export { mostTokens, stopList } from "./settings.ts";
export { errorInBody, toldError } from "./told-error.ts";
export { toldNames } from "./told-names.ts";
export { type ToolChoice, toolChoiceNow } from "./tool-choice.ts";
export { putCount, type UsageCounts } from "./usage-counts.ts";
