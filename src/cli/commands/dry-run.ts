import { Option } from "commander";
import type { Forecast } from "../../runs/forecast.ts";
import type { Streams } from "../streams.ts";

export const dryRunOption = () =>
  new Option("--dry-run", "tell steps, FLOPs, memory, disk and expected time, and train nothing");

/** Prints what runs will take: one JSON object a line, or a table and a sum. */
export async function tellForecasts(
  forecasts: readonly Forecast[],
  { streams: { stdout }, json }: { streams: Streams; json: boolean },
): Promise<void> {
  if (json) for (const forecast of forecasts) stdout.write(`${JSON.stringify({ type: "forecast", ...forecast })}\n`);
  else stdout.write((await import("../narration/forecast-table.ts")).forecastTable(forecasts));
}
