/**
 * What every model driver promises, as checks that any test runner can run: each throws when the promise does not hold.
 * A case plays over a server that checks what it is sent. After it, no violation, no open connection and no timer is left,
 * in the whole process: cases run one after another.
 */
import { conversationCases } from "./conversation.ts";
import type { ModelCapability, ModelDriver } from "./driver.ts";
import { echoCases } from "./echoes.ts";
import { failureCases } from "./failures.ts";
import { type AnswerWay, type ModelCase, playCase } from "./stage.ts";
import { toolCases } from "./tools.ts";

/** One promise of a driver and its proof. */
export interface ModelConformanceCase {
  /** Unique together with `way`. */
  readonly claim: string;
  /** Whether the answers come in one piece or as a stream. */
  readonly way: "whole" | "streamed";
  /** What it proves beside what every driver must do. */
  readonly capability: ModelCapability | undefined;
  /** Whether the driver claims what the case needs; a case that is not claimed is not to be run. */
  readonly claimed: boolean;
  /** Throws when the driver does not keep the promise. */
  check(): Promise<void>;
}

/** All cases for a driver. */
export function modelConformance(driver: ModelDriver): readonly ModelConformanceCase[] {
  const cases = [...conversationCases, ...toolCases, ...echoCases, ...failureCases];
  return cases.flatMap((each) =>
    waysOf(each).map((way) => ({
      claim: each.claim,
      way,
      capability: each.needs,
      claimed: isClaimed(each, way, driver),
      check: () => playCase(each, driver, way),
    })),
  );
}

const waysOf = ({ only }: ModelCase): readonly AnswerWay[] => (only === undefined ? ["whole", "streamed"] : [only]);

const isClaimed = ({ needs }: ModelCase, way: AnswerWay, { capabilities }: ModelDriver): boolean =>
  (needs === undefined || capabilities[needs]) && (way === "whole" || capabilities.streaming);
