/**
 * Runs `npm audit` and fails on a known vulnerability of high severity or worse. Some registries answer no audits;
 * then it says so and passes, since nothing is known either way.
 */
import { spawnSync } from "node:child_process";

interface Report {
  readonly auditReportVersion?: number;
  readonly message?: string;
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string }>>;
}

const { stdout } = spawnSync("npm", ["audit", "--json", "--audit-level=high"], { encoding: "utf8", shell: false });
const report: Report = JSON.parse(stdout === "" ? "{}" : stdout);

if (report.auditReportVersion === undefined) {
  console.log(`audit: NOT DONE, the registry answers no audits (${report.message ?? "no answer"})`);
} else {
  const found = Object.entries(report.vulnerabilities ?? {});
  const grave = found.filter(([, { severity }]) => severity === "high" || severity === "critical");
  for (const [name, { severity }] of found) console.log(`audit: ${name} (${severity})`);
  console.log(`audit: ${found.length} vulnerable packages, ${grave.length} of them high or critical`);
  process.exitCode = grave.length > 0 ? 1 : 0;
}
