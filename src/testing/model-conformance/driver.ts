/** What {@link modelConformance} is given of a driver: what it claims, and models over a server that plays a script. */
import type { Model } from "../../model/index.ts";
import type { LoopbackAnswer, LoopbackStatus } from "../loopback/index.ts";

/** What a driver may claim to do, beside what every driver must. */
export interface ModelCapabilities {
  readonly tools: boolean;
  /** Several calls in one answer. */
  readonly parallelCalls: boolean;
  /** Calls can be demanded. */
  readonly toolChoice: boolean;
  /** The form of the final answer is told to the provider in a field of its own. */
  readonly nativeOutput: boolean;
  /** The final answer is the input of a tool. */
  readonly outputByTool: boolean;
  /** The form of the final answer stands in the system text. */
  readonly outputInWords: boolean;
  readonly streaming: boolean;
  /** What the model thought goes back to it with its message. */
  readonly reasoningEcho: boolean;
  readonly images: boolean;
  readonly files: boolean;
  /** A refusal is told from an answer. */
  readonly refusals: boolean;
  /** So is an answer that the provider's filter has stopped. */
  readonly filters: boolean;
  /** The client's key stays out of errors also when it has no form by which keys are known. */
  readonly anyKey: boolean;
  readonly cachedTokens: boolean;
  readonly cacheWrites: boolean;
  readonly reasoningTokens: boolean;
  /** What the provider says that an answer cost. */
  readonly cost: boolean;
}

/** The name of a capability. */
export type ModelCapability = keyof ModelCapabilities;

/** Settings that a case needs. A driver has them under names of its own. */
export interface ModelCaseSettings {
  readonly maxOutputTokens?: number | undefined;
  /** Calls are demanded. */
  readonly toolChoice?: "required" | undefined;
  /** How the form of the final answer is asked for; as the driver does by itself unless told. */
  readonly output?: "nativeOutput" | "outputByTool" | "outputInWords" | undefined;
}

/** What a model of one case is made of. */
export interface ModelScript {
  readonly answers: readonly LoopbackAnswer[];
  /** The client's key, and the only one that the server takes. */
  readonly apiKey: string;
  readonly settings: ModelCaseSettings;
}

/** A model over a server that plays a script: `Object.assign(await loopbackOpenAI(script), { model })`. The suite disposes it. */
export interface ModelHarness extends AsyncDisposable {
  readonly model: Model;
  // any: bodies are of the driver's protocol
  readonly requests: readonly { readonly body: any }[];
  /** What was wrong with requests. */
  readonly violations: readonly string[];
  readonly openConnections: number;
  /** Resolves when the request with that number, from 0, has come. */
  arrived(index: number): Promise<unknown>;
}

/** A driver, as the suite tests it. */
export interface ModelDriver {
  readonly capabilities: ModelCapabilities;
  /** What the provider says when the key's money is used up. */
  readonly quota: LoopbackStatus;
  /** The body of an answer that the provider's filter has stopped, for drivers that claim `filters`. */
  readonly filtered?: object | undefined;
  /** The name of the tool whose input is the answer, for drivers that claim `outputByTool`. */
  readonly answerTool?: string | undefined;
  /** Makes a model whose client does not try again by itself. */
  open(script: ModelScript): Promise<ModelHarness>;
}
