import { type Logger, shownValue } from "../../base/index.ts";

/** Logs what a model warns of (a setting that it does not know, a schema that is not sent), each warning once. */
export function warningLog(
  logger: Logger,
  { provider, modelId: model }: { readonly provider: string; readonly modelId: string },
): (warnings: unknown) => void {
  const known = new Set<string>();
  return (warnings) => {
    if (!Array.isArray(warnings)) return;
    for (const given of warnings) {
      const warning = shownValue(given);
      if (known.has(warning) || known.size === most) continue;
      known.add(warning);
      logger.log("warn", "model_warning", { provider, model, warning });
    }
  };
}

/** As many warnings as are logged of one model. */
const most = 100;
